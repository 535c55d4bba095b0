#include <jansson.h>

#include "text/json.h"
#include "tap.h"

static void write_sample(struct json *j)
{
	json_object_begin(j);
	json_key_str(j, S("label"), S("Côte d'Ivoire \"x\" \\ \n\t\x01"));
	json_key_i64(j, S("low"), INT64_MIN);
	json_key(j, S("high"));
	json_u64(j, UINT64_MAX);
	json_key_bool(j, S("yes"), true);
	json_key_str(j, S("none"), (str){ 0 });
	json_key(j, S("list"));
	json_array_begin(j);
	json_i64(j, 1);
	json_array_begin(j);
	json_array_end(j);
	json_object_begin(j);
	json_object_end(j);
	json_array_end(j);
	json_object_end(j);
}

static void test_shape(arena *a)
{
	buf b = buf_new(a, 10000);
	struct json j = json_begin(&b, false);

	write_sample(&j);
	is_ok(json_end(&j), "a whole document");
	eq_str(buf_str(&b),
	       S("{\"label\":\"Côte d'Ivoire \\\"x\\\" \\\\ \\n\\t\\u0001\","
		 "\"low\":-9223372036854775808,\"high\":18446744073709551615,\"yes\":true,"
		 "\"none\":null,\"list\":[1,[],{}]}"),
	       "one line");
	buf_clear(&b);
	j = json_begin(&b, true);
	json_object_begin(&j);
	json_key_i64(&j, S("a"), 1);
	json_key(&j, S("b"));
	json_array_begin(&j);
	json_bool(&j, false);
	json_none(&j);
	json_array_end(&j);
	json_key(&j, S("c"));
	json_array_begin(&j);
	json_array_end(&j);
	json_object_end(&j);
	is_ok(json_end(&j), "pretty");
	eq_str(buf_str(&b),
	       S("{\n  \"a\": 1,\n  \"b\": [\n    false,\n    null\n  ],\n  \"c\": []\n}"),
	       "an item a line");
}

static void test_strings(arena *a)
{
	buf b = buf_new(a, 10000);

	json_escape(&b, S("</script>&\u2028\u2029\u2013\xE2"));
	eq_str(buf_str(&b), S("\\u003c/script\\u003e\\u0026\\u2028\\u2029\u2013\uFFFD"), "escaped");
	buf_clear(&b);
	json_escape(&b, S("a\xFF\xC3(\0"));
	eq_str(buf_str(&b), S("a\uFFFD\uFFFD(\\u0000"), "bytes that are not UTF-8");
}

/* Calls that do not fit leave the error and write nothing more. */
static void test_misuse(arena *a)
{
	buf b = buf_new(a, 10000);
	struct json j = json_begin(&b, false);

	eq_int(json_end(&j), E_INVALID, "nothing written");
	json_i64(&j, 1);
	is_ok(json_end(&j), "a number alone is a document");
	json_i64(&j, 2);
	eq_int(json_end(&j), E_INVALID, "two documents are none");
	eq_str(buf_str(&b), S("1"), "the second is not written");

	j = json_begin(&b, false);
	json_object_begin(&j);
	json_i64(&j, 1);
	eq_int(json_end(&j), E_INVALID, "a value without a key");
	j = json_begin(&b, false);
	json_array_begin(&j);
	json_key(&j, S("a"));
	eq_int(json_end(&j), E_INVALID, "a key in an array");
	j = json_begin(&b, false);
	json_array_begin(&j);
	json_object_end(&j);
	eq_int(json_end(&j), E_INVALID, "the wrong end");
	j = json_begin(&b, false);
	json_object_begin(&j);
	json_key(&j, S("a"));
	json_object_end(&j);
	eq_int(json_end(&j), E_INVALID, "a key without a value");
	j = json_begin(&b, false);
	json_array_begin(&j);
	eq_int(json_end(&j), E_INVALID, "not closed");
	for (int i = 1; i <= JSON_DEPTH; i++)
		json_array_begin(&j);
	eq_int(json_end(&j), E_TOOBIG, "too deep");

	b = buf_new(a, 3);
	j = json_begin(&b, false);
	json_str(&j, S("abc"));
	eq_int(json_end(&j), E_TOOBIG, "over the maximum of the buffer");
}

static void test_jansson_agrees(arena *a)
{
	buf b = buf_new(a, 10000);
	struct json j = json_begin(&b, true);
	json_t *root;

	json_object_begin(&j);
	json_key_str(&j, S("<&>"), S("Tab\tand \u2028 and \x1F"));
	json_key_i64(&j, S("n"), -7);
	json_object_end(&j);
	is_ok(json_end(&j), "written");
	root = json_loadb(b.p, b.n, JSON_REJECT_DUPLICATES, NULL);
	ok(root, "another reader takes it");
	eq_str(str_of(json_string_value(json_object_get(root, "<&>"))),
	       S("Tab\tand \u2028 and \x1F"), "the text comes back");
	eq_int(json_integer_value(json_object_get(root, "n")), -7, "the number comes back");
	json_decref(root);
}

/* The state is kept apart from the buffer: sent piece by piece, the pieces make the whole. */
static void test_streaming(arena *a)
{
	buf b = buf_new(a, 10000), whole = buf_new(a, 10000);
	struct json j = json_begin(&b, false);

	json_array_begin(&j);
	for (int i = 0; i < 3; i++) {
		json_i64(&j, i);
		buf_put(&whole, buf_str(&b));
		buf_clear(&b);
	}
	json_array_end(&j);
	buf_put(&whole, buf_str(&b));
	is_ok(json_end(&j), "streamed");
	eq_str(buf_str(&whole), S("[0,1,2]"), "the commas are right across pieces");
}

int main(void)
{
	arena *a = arena_new();

	test_shape(a);
	test_strings(a);
	test_misuse(a);
	test_jansson_agrees(a);
	test_streaming(a);
	arena_free(a);
	return tap_done();
}
