/* What compiled templates write: tests/tools/tmplc/ok against its golden files, and against hostile
 * values. The refusals of the compiler are tested by tests/tools/tmplc/run. */
#include <jansson.h>

#include "branches_html.h"
#include "drawing_html.h"
#include "layout_html.h"
#include "places_html.h"
#include "space_html.h"
#include "tap.h"

static arena *a;

static str golden(const char *name)
{
	buf path = buf_new(a, 1000), text = buf_new(a, 1 << 20);
	FILE *f;

	buf_printf(&path, "tests/tools/tmplc/ok/%s.golden", name);
	f = fopen(arena_cstr(a, buf_str(&path)), "rb");
	if (!f)
		return S("(no such file)");
	buf_wrote(&text, fread(buf_room(&text, 1 << 16), 1, 1 << 16, f));
	fclose(f);
	return buf_str(&text);
}

static struct sample plain_sample(void)
{
	static const char *const items[] = { "Chad", "Fiji & <b>", "Peru" };

	return (struct sample){
		.text = S("R&D \"x\" <b>"),
		.markup = { S("<b>bold</b>") },
		.link = url_checked(a, S("/en/x?a=1&b=2")),
		.path = svg_data(S("M0 0L5 5z")),
		.n = 43830,
		.yes = true,
		.day = { 2018, 7, 25 },
		.items = items,
		.items_n = 3,
	};
}

static void test_golden(void)
{
	struct sample v = plain_sample(), none = { .n = 1 };
	buf o = buf_new(a, 1 << 20);

	sample_places(&o, LANG_EN, &v);
	sample_json(&o, &v);
	eq_str(buf_str(&o), golden("places"), "every place");
	buf_clear(&o);
	sample_page(&o, LANG_FR, &v);
	eq_str(buf_str(&o), golden("layout"), "a page of three blocks");
	buf_clear(&o);
	sample_branches(&o, LANG_FR, &v);
	v.n = 5;
	sample_branches(&o, LANG_ES, &v);
	sample_branches(&o, LANG_EN, &none);
	eq_str(buf_str(&o), golden("branches"), "each branch");
	buf_clear(&o);
	sample_space(&o, &v);
	sample_inline(&o, &v);
	eq_str(buf_str(&o), golden("space"), "white space");
	buf_clear(&o);
	sample_drawing(&o, &v);
	eq_str(buf_str(&o), golden("drawing"), "a drawing");
}

/* --- Hostile values ----------------------------------------------------------------------------- */

struct counts {
	size_t less, greater, quotes, apostrophes, nul;
};

static struct counts count(str s)
{
	struct counts c = { 0 };

	for (size_t i = 0; i < s.n; i++) {
		c.less += s.p[i] == '<';
		c.greater += s.p[i] == '>';
		c.quotes += s.p[i] == '"';
		c.apostrophes += s.p[i] == '\'';
		c.nul += s.p[i] == '\0';
	}
	return c;
}

/* What a browser makes of the address: of this site, or of an allowed scheme. */
static bool address_is_safe(str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] <= ' ' || s.p[i] == '\\' || s.p[i] == 0x7F)
			return false;
	return url_allowed(s);
}

/* Every href, src, action, cite and formaction in the page. */
static bool addresses_are_safe(str page)
{
	static const str names[] = { S_INIT(" href=\""), S_INIT(" src=\""), S_INIT(" action=\""),
				     S_INIT(" cite=\""), S_INIT(" formaction=\"") };

	for (size_t i = 0; i < COUNT_OF(names); i++) {
		str rest = page;

		for (size_t at; (at = str_find(rest, names[i])) != STR_NONE;) {
			rest = str_from(rest, at + names[i].n);
			if (!address_is_safe(html_decode(a, str_cut(&rest, '"'))))
				return false;
		}
	}
	return true;
}

static bool is_harmless(str text)
{
	static struct counts wanted;
	struct sample v = plain_sample();
	buf o = buf_new(a, 1 << 22);
	struct counts c;

	v.text = text;
	sample_places(&o, LANG_EN, &v);
	c = count(buf_str(&o));
	if (!wanted.less)
		wanted = c;
	return o.err == OK && memcmp(&c, &wanted, sizeof c) == 0 && c.nul == 0 &&
	       addresses_are_safe(buf_str(&o));
}

/* The island parses, and gives the text back. */
static bool json_is_whole(str text)
{
	struct sample v = { .text = text };
	buf o = buf_new(a, 1 << 22), wanted = buf_new(a, 1 << 22);
	str in, whole;
	json_t *root;
	bool good;

	sample_json(&o, &v);
	in = str_from(buf_str(&o), str_find(buf_str(&o), S(">")) + 1);
	in = str_to(in, str_find(in, S("<")));
	root = json_loadb(in.p, in.n, JSON_ALLOW_NUL, NULL);
	buf_printf(&wanted, "a%" STR_F "b", STR_A(text));
	whole = (str){ json_string_value(json_object_get(root, "whole")),
		       json_string_length(json_object_get(root, "whole")) };
	good = root && str_eq(whole, text);
	json_decref(root);
	return good;
}

static void test_hostile(void)
{
	static const str texts[] = {
		S_INIT("plain"),
		S_INIT(""),
		S_INIT("."),
		S_INIT(".."),
		S_INIT("/"),
		S_INIT("//example.org"),
		S_INIT("/\\example.org"),
		S_INIT("\\"),
		S_INIT("</script><script>alert(1)</script>"),
		S_INIT("</textarea></title></pre></svg><b>"),
		S_INIT("\"><img src=x onerror=alert(1)>"),
		S_INIT("' onmouseover='alert(1)"),
		S_INIT("javascript:alert(1)"),
		S_INIT(" javascript:alert(1)"),
		S_INIT("java\nscript:alert(1)"),
		S_INIT("data:text/html,<script>"),
		S_INIT("https://example.org/?a=\"&b='<>"),
		S_INIT("mailto:a@b?cc=c"),
		S_INIT("a\0b<\0"),
		S_INIT("&lt;&amp;&#34;"),
		S_INIT("%00%0a%22%3c"),
		S_INIT("\u2028\u2029\uFEFF\u202E"),
		S_INIT("<!--"),
		S_INIT("]]>"),
		S_INIT("{{ x }}"),
		S_INIT("\\\"\\u003c\\"),
	};

	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		ok(is_harmless(texts[i]), "hostile text %zu in every place", i);
		ok(json_is_whole(texts[i]), "hostile text %zu in JSON", i);
	}
}

/* Texts made of the pieces that attacks are made of. */
static void test_random(void)
{
	static const char *const pieces[] = {
		"<",          ">",      "\"",        "'",        "&",  "&#39;", "&quot;", "/",
		"//",         "\\",     "..",        ".",        "?",  "#",     "%",      "%2e",
		"javascript", ":",      "http",      "https://", "\n", "\t",    " ",      "é",
		"\x7F",       "script", "</script>", "onload=x", "=",  "]]>",
	};
	uint64_t seed = 42;
	bool good = true, json = true;

	for (int i = 0; i < 3000; i++) {
		buf b = buf_new(a, 1000);

		do {
			seed = seed * 6364136223846793005u + 1442695040888963407u;
			buf_put(&b, str_of(pieces[(seed >> 33) % COUNT_OF(pieces)]));
		} while ((seed >> 60) > 2);
		good &= is_harmless(buf_str(&b));
		json &= json_is_whole(buf_str(&b));
	}
	ok(good, "3,000 random texts in every place");
	ok(json, "3,000 random texts in JSON");
}

int main(void)
{
	a = arena_new();
	is_ok(i18n_init(), "languages");
	test_golden();
	test_hostile();
	test_random();
	arena_free(a);
	return tap_done();
}
