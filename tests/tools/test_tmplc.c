/* What compiled templates write: tests/tools/tmplc/ok against its golden files, and against hostile
 * values. The refusals of the compiler are tested by tests/tools/tmplc/run. */
#include "sample_branches_html.h"
#include "sample_drawing_html.h"
#include "sample_layout_html.h"
#include "sample_space_html.h"
#include "tools/tmplc/harmless.h"
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
	eq_str(buf_str(&o), golden("sample_places"), "every place");
	buf_clear(&o);
	sample_page(&o, LANG_FR, &v);
	eq_str(buf_str(&o), golden("sample_layout"), "a page of three blocks");
	buf_clear(&o);
	sample_branches(&o, LANG_FR, &v);
	v.n = 5;
	sample_branches(&o, LANG_ES, &v);
	sample_branches(&o, LANG_EN, &none);
	eq_str(buf_str(&o), golden("sample_branches"), "each branch");
	buf_clear(&o);
	sample_space(&o, &v);
	sample_inline(&o, &v);
	eq_str(buf_str(&o), golden("sample_space"), "white space");
	buf_clear(&o);
	sample_drawing(&o, &v);
	eq_str(buf_str(&o), golden("sample_drawing"), "a drawing");
}

/* --- Hostile values ----------------------------------------------------------------------------- */

/* The judge itself. */
static void test_judge(void)
{
	ok(addresses_are_safe(a, S("<a class=\"x\" href=\"/a\"><b>href=\"x:\"</b>")), "safe");
	ok(!addresses_are_safe(a, S("<p>x</p><a class=\"x\" href=\"x:y\">")), "a scheme");
	ok(!addresses_are_safe(a, S("<img alt=\"\" src=\"//host/\">")), "another host");
	ok(!addresses_are_safe(a, S("<a href=\"/&#92;host\">")), "a backslash, as an entity");
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
		ok(is_harmless(a, texts[i]), "hostile text %zu in every place", i);
		ok(json_is_whole(a, texts[i]), "hostile text %zu in JSON", i);
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
		good &= is_harmless(a, buf_str(&b));
		json &= json_is_whole(a, buf_str(&b));
	}
	ok(good, "3,000 random texts in every place");
	ok(json, "3,000 random texts in JSON");
}

int main(void)
{
	a = arena_new();
	is_ok(i18n_init(), "languages");
	test_golden();
	test_judge();
	test_hostile();
	test_random();
	arena_free(a);
	return tap_done();
}
