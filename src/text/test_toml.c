#include "tests/tap.h"
#include "text/toml.h"

static json_t *read_toml(arena *a, str text, str *ret_why)
{
	buf why = buf_new(a, 1024);
	json_t *json = NULL;

	if (toml_read(text, &json, &why) != OK)
		*ret_why = buf_str(&why);
	return json;
}

/* The compact JSON of what TEXT says. */
static void reads(arena *a, str text, const char *want)
{
	str why = { 0 };
	json_t *json = read_toml(a, text, &why);
	char *got = json ? json_dumps(json, JSON_COMPACT | JSON_SORT_KEYS) : NULL;

	eq_str(got ? str_of(got) : why, str_of(want), want);
	free(got);
	json_decref(json);
}

static void refuses(arena *a, str text, const char *why_wanted)
{
	str why = { 0 };
	json_t *json = read_toml(a, text, &why);

	ok(!json, "refused: %s", why_wanted);
	eq_str(why, str_of(why_wanted), "and why");
	json_decref(json);
}

static void test_values(arena *a)
{
	reads(a, S(""), "{}");
	reads(a, S("# a comment\na = 1 # behind it\r\nb=-2_000\n"), "{\"a\":1,\"b\":-2000}");
	reads(a, S("a = 1.5\nb = true\nc = false\nd = 1e2"),
	      "{\"a\":1.5,\"b\":true,\"c\":false,\"d\":100.0}");
	reads(a, S("a = \"x\\ty \\u00e9\\\"\"\nb = 'no \\escape'"),
	      "{\"a\":\"x\\ty \u00e9\\\"\",\"b\":\"no \\\\escape\"}");
	reads(a, S("a = \"\"\"\nfirst\nsecond \\\n   third\"\"\"\nb = '''\nit's'''"),
	      "{\"a\":\"first\\nsecond third\",\"b\":\"it's\"}");
	reads(a, S("a = 2026-03-12\nb = 2027-01-31T12:00:00Z\nc = 12:30\nd = 2026-03-12 10:00:00"),
	      "{\"a\":\"2026-03-12\",\"b\":\"2027-01-31T12:00:00Z\",\"c\":\"12:30\",\"d\":\"2026-"
	      "03-12 10:00:00\"}");
	reads(a, S("a = [1, \"two\", # three\n [3],\n]\nb = []"),
	      "{\"a\":[1,\"two\",[3]],\"b\":[]}");
	reads(a, S("a = { en = \"x\", \"pt-BR\" = 'y' }\nb = {}"),
	      "{\"a\":{\"en\":\"x\",\"pt-BR\":\"y\"},\"b\":{}}");
}

static void test_tables(arena *a)
{
	reads(a, S("x = 1\n[a]\nb = 2\n[a.c]\nd.e = 3\n"),
	      "{\"a\":{\"b\":2,\"c\":{\"d\":{\"e\":3}}},\"x\":1}");
	reads(a, S("[[m]]\na = 1\n[m.t]\nfr = 'x'\n[[m]]\na = 2\n"),
	      "{\"m\":[{\"a\":1,\"t\":{\"fr\":\"x\"}},{\"a\":2}]}");
	reads(a, S("\xEF\xBB\xBF[ a . \"b c\" ]\nd = 1"), "{\"a\":{\"b c\":{\"d\":1}}}");
}

static void test_refused(arena *a)
{
	buf deep = buf_new(a, 1 << 20);

	refuses(a, S("a = \"x\nb = 1"), "line 1: a text has no closing quote");
	refuses(a, S("\n\na = yes"), "line 3: a text stands in quotes");
	refuses(a, S("a = 1\na = 2"), "line 2: a key stands twice");
	refuses(a, S("a = 1 2"), "line 1: something stands behind the value");
	refuses(a, S("a"), "line 1: a key wants = and a value");
	refuses(a, S("= 1"), "line 1: a key is missing");
	refuses(a, S("a = [1 2]"), "line 1: a list wants a comma or ]");
	refuses(a, S("a = [1"), "line 1: a list wants a comma or ]");
	refuses(a, S("[a\nb = 1"), "line 1: the name of a table wants its ]");
	refuses(a, S("a = 1\n[a]"), "line 2: a name stands for a value and for a table");
	refuses(a, S("a = \"\\q\""), "line 1: there is no such escape");
	refuses(a, S("a = \"\\ud800\""), "line 1: an escape names no character");
	refuses(a, S("a = '\xFF'"), "it is not text in UTF-8");
	buf_put(&deep, S("a = "));
	for (int i = 0; i < 100000; i++)
		buf_byte(&deep, '[');
	refuses(a, buf_str(&deep), "line 1: values stand too deep in each other");
}

int main(void)
{
	static void (*const tests[])(arena *) = { test_values, test_tables, test_refused };

	for (size_t i = 0; i < COUNT_OF(tests); i++) {
		arena *a = arena_new();

		tests[i](a);
		arena_free(a);
	}
	return tap_done();
}
