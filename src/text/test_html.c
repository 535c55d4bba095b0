#include "text/html.h"
#include "tap.h"

static str text_of(arena *a, str s)
{
	buf b = buf_new(a, 100000);

	html_text(&b, s);
	return buf_str(&b);
}

static void test_text(arena *a)
{
	eq_str(text_of(a, S("<a href=\"x\">R&D's</a>")),
	       S("&lt;a href=&quot;x&quot;&gt;R&amp;D&#39;s&lt;/a&gt;"), "all five");
	eq_str(text_of(a, S("a\0b")), S("a\uFFFDb"), "NUL");
	eq_str(text_of(a, S("")), S(""), "nothing");
	eq_str(text_of(a, (str){ 0 }), S(""), "no value");
	eq_str(text_of(a, S("Côte d\u2019Ivoire 中文")), S("Côte d\u2019Ivoire 中文"), "UTF-8");
}

/* Each special character at each place of a text of each length around the step of the scan. */
static void test_every_place(arena *a)
{
	static const char special[] = "&<>\"'";
	bool good = true;

	for (size_t n = 1; n < 50; n++)
		for (size_t at = 0; at < n; at++)
			for (const char *c = special; *c; c++) {
				char *p = arena_alloc_raw(a, n);
				str out;

				memset(p, 'x', n);
				p[at] = *c;
				out = text_of(a, (str){ p, n });
				good &= out.n > n && out.p[at] == '&' &&
					str_find_byte(str_from(out, at), ';') != STR_NONE &&
					str_eq(str_to(out, at), str_to((str){ p, n }, at));
			}
	ok(good, "a special character is found wherever it stands");
}

static void test_places(arena *a)
{
	buf b = buf_new(a, 1000);

	OUT_TEXT(&b, (html){ S("<b>") });
	OUT_TEXT(&b, S("<"));
	OUT_TEXT(&b, "&");
	OUT_TEXT(&b, (int64_t)-5);
	OUT_TEXT(&b, (uint32_t)7);
	OUT_TEXT(&b, (size_t)8);
	OUT_TEXT(&b, (unsigned char)9);
	eq_str(buf_str(&b), S("<b>&lt;&amp;-5789"), "text by type");
	buf_clear(&b);
	OUT_URL(&b, (url){ S("/a?b&c") });
	OUT_URL(&b, "javascript:x");
	OUT_USEG(&b, 5);
	OUT_UPART(&b, S("a b"));
	OUT_UTAIL(&b, S("a b"));
	eq_str(buf_str(&b), S("/a?b&amp;c#blocked5a+ba%20b"), "addresses by type");
	buf_clear(&b);
	OUT_JSON(&b, S("\"</script>\u2028"));
	OUT_JVALUE(&b, S("a"));
	OUT_JVALUE(&b, (str){ 0 });
	OUT_JVALUE(&b, (bool)true);
	eq_str(buf_str(&b), S("\\\"\\u003c/script\\u003e\\u2028\"a\"nulltrue"), "JSON by type");
	buf_clear(&b);
	OUT_SVG(&b, 5);
	OUT_SVG(&b, svg_data(S("M0 0h5.5z")));
	OUT_SVG(&b, svg_data(S("M0 0\"onload=")));
	eq_str(buf_str(&b), S("5M0 0h5.5z"), "drawings by type");
	ok(OUT_HAS(S("")) && !OUT_HAS((str){ 0 }) && !OUT_HAS((url){ { 0 } }), "values or none");
}

static void test_decode(arena *a)
{
	static const str pairs[][2] = {
		{ S_INIT("&#40;Unknown&#41;"), S_INIT("(Unknown)") },
		{ S_INIT("a &amp; b &lt;&gt;&quot;&apos;"), S_INIT("a & b <>\"'") },
		{ S_INIT("&eacute;&Eacute;&nbsp;&ndash;&rsquo;&yuml;&AElig;&zwnj;"),
		  S_INIT("éÉ\u00A0–’ÿÆ\u200C") },
		{ S_INIT("&#x20AC;&#X20ac;&#8364;"), S_INIT("€€€") },
		{ S_INIT("&#146;&#150;"), S_INIT("’–") },
		{ S_INIT("&#x1F600;"), S_INIT("\U0001F600") },
		{ S_INIT("&#0;&#xD800;&#x110000;&#99999999999;&#1;&#129;&#;&#x;&#xG;"),
		  S_INIT("&#0;&#xD800;&#x110000;&#99999999999;&#1;&#129;&#;&#x;&#xG;") },
		{ S_INIT("&unknown; &amp &; & R&D;"), S_INIT("&unknown; &amp &; & R&D;") },
		{ S_INIT("&amp;#40;"), S_INIT("&#40;") },
		{ S_INIT("&ne;&ne;"), S_INIT("≠≠") },
		{ S_INIT("&"), S_INIT("&") },
		{ S_INIT(""), S_INIT("") },
	};
	str plain = S("nothing to do");

	for (size_t i = 0; i < COUNT_OF(pairs); i++)
		eq_str(html_decode(a, pairs[i][0]), pairs[i][1], "decoded");
	ok(html_decode(a, plain).p == plain.p, "text without entities is not copied");
}

static void test_strip(arena *a)
{
	static const str pairs[][2] = {
		{ S_INIT("<p>One <b>two</b></p><p>three &amp; four</p>"),
		  S_INIT("One two\nthree & four") },
		{ S_INIT("a<br>b<BR/>c"), S_INIT("a\nb\nc") },
		{ S_INIT("1 < 2 and 3 > 2"), S_INIT("1 < 2 and 3 > 2") },
		{ S_INIT("a<!-- <b> no -->b<script>if (1<2) x</SCRIPT>c<style>p{}</style>d"),
		  S_INIT("abcd") },
		{ S_INIT("a<b"), S_INIT("a") },
		{ S_INIT("a<"), S_INIT("a<") },
		{ S_INIT("&lt;b&gt;"), S_INIT("<b>") },
		{ S_INIT("<\0>"), S_INIT("<\0>") },
	};

	for (size_t i = 0; i < COUNT_OF(pairs); i++)
		eq_str(html_strip(a, pairs[i][0]), pairs[i][1], "stripped");
}

int main(void)
{
	arena *a = arena_new();

	test_text(a);
	test_every_place(a);
	test_places(a);
	test_decode(a);
	test_strip(a);
	arena_free(a);
	return tap_done();
}
