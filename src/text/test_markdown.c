/* Markdown: what it may become, and what it may not. */
#include "tests/tap.h"
#include "text/markdown.h"

static void gives(const char *what, const char *in, const char *out)
{
	arena *a = arena_new();
	html got = markdown_html(a, str_of(in), 3);

	eq_str(got.s, str_of(out), what);
	arena_free(a);
}

static void test_blocks(void)
{
	gives("paragraphs", "One\ntwo\n\nThree", "<p>One\ntwo</p>\n<p>Three</p>\n");
	gives("headings begin where they are told to", "# A\n## B", "<h3>A</h3>\n<h4>B</h4>\n");
	gives("no heading is lower than six", "###### A", "<h6>A</h6>\n");
	gives("lists", "- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n");
	gives("numbered lists", "3. a", "<ol start=\"3\">\n<li>a</li>\n</ol>\n");
	gives("loose lists", "- a\n\n- b",
	      "<ul>\n<li><p>a</p>\n</li>\n<li><p>b</p>\n</li>\n</ul>\n");
	gives("quotations", "> a", "<blockquote><p>a</p>\n</blockquote>\n");
	gives("code", "    <b>", "<pre><code>&lt;b&gt;\n</code></pre>\n");
	gives("nothing", "", "");
}

static void test_inlines(void)
{
	gives("emphasis", "*a* **b** `c<`",
	      "<p><em>a</em> <strong>b</strong> <code>c&lt;</code></p>\n");
	gives("a link to the web", "[a](https://example.org/?x=1&y=2)",
	      "<p><a href=\"https://example.org/?x=1&amp;y=2\">a</a></p>\n");
	gives("a link into the site", "[a](/en/voices)", "<p><a href=\"/en/voices\">a</a></p>\n");
	gives("an address in angle brackets", "<mailto:a@example.org>",
	      "<p><a href=\"mailto:a@example.org\">mailto:a@example.org</a></p>\n");
	gives("a hard break", "a  \nb", "<p>a<br>\nb</p>\n");
}

static void test_refused(void)
{
	gives("a script address is no link", "[a](javascript:alert(1))", "<p>a</p>\n");
	gives("nor one with a tab in it", "[a](java\tscript:alert(1))",
	      "<p>[a](java\tscript:alert(1))</p>\n");
	gives("nor data", "[a](data:text/html,x)", "<p>a</p>\n");
	gives("nor another host without a scheme", "[a](//example.org)", "<p>a</p>\n");
	gives("nor with a backslash", "[a](/\\example.org)", "<p>a</p>\n");
	gives("a picture is its description", "![a *b*](https://example.org/x.png)",
	      "<p>a <em>b</em></p>\n");
	gives("markup is dropped", "a <img src=x onerror=alert(1)> b", "<p>a  b</p>\n");
	gives("a block of it too", "<script>alert(1)</script>", "");
	gives("quotes in an address", "[a](</\"onclick=\"x>)",
	      "<p><a href=\"/%22onclick=%22x\">a</a></p>\n");
	gives("entities are characters", "&lt;b&gt;", "<p>&lt;b&gt;</p>\n");
}

static void test_plain(void)
{
	arena *a = arena_new();

	ok(str_eq(markdown_plain(a, S("# A\n\nb *c*\nd")), S("A\nb c d")), "the words alone");
	ok(markdown_html(a, (str){ 0 }, 2).s.n == 0, "no text at all");
	arena_free(a);
}

/* Deep nesting must not end in a stack that is used up, or take long. */
static void test_depth(void)
{
	arena *a = arena_new();
	buf deep = buf_new(a, MARKDOWN_MAX * 2);

	while (deep.n < MARKDOWN_MAX)
		buf_put(&deep, S("> "));
	buf_put(&deep, S("x"));
	ok(markdown_html(a, buf_str(&deep), 2).s.p != NULL, "a deep quotation");
	deep.n = 0;
	while (deep.n < MARKDOWN_MAX)
		buf_put(&deep, S("*[a]("));
	ok(markdown_html(a, buf_str(&deep), 2).s.n > 0, "open brackets");
	arena_free(a);
}

int main(void)
{
	test_blocks();
	test_inlines();
	test_refused();
	test_plain();
	test_depth();
	return tap_done();
}
