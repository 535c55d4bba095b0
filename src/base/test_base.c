#include "tap.h"

#include "base/clock.h"
#include "base/map.h"
#include "base/utf8.h"

static void test_str(arena *a)
{
	int64_t n = 7;
	str rest = S("a,b,,c");

	eq_str(str_trim(S(" \t France\r\n")), S("France"), "trim");
	eq_str(str_cut(&rest, ','), S("a"), "cut: first");
	eq_str(str_cut(&rest, ','), S("b"), "cut: second");
	eq_str(str_cut(&rest, ','), S(""), "cut: an empty one");
	eq_str(str_cut(&rest, ','), S("c"), "cut: the last");
	ok(rest.p == NULL, "cut: nothing left");
	ok(str_to_i64(S("-9223372036854775808"), &n) && n == INT64_MIN, "the smallest number");
	ok(str_to_i64(S("9223372036854775807"), &n) && n == INT64_MAX, "the largest number");
	n = 7;
	ok(!str_to_i64(S("9223372036854775808"), &n) && n == 7,
	   "one more is refused, and leaves the result alone");
	ok(!str_to_i64(S(""), &n) && !str_to_i64(S("-"), &n) && !str_to_i64(S("1 "), &n) &&
		   !str_to_i64(S("+1"), &n),
	   "not numbers");
	ok(str_cmp(S("ab"), S("abc")) < 0 && str_cmp(S("b"), S("abc")) > 0 &&
		   str_cmp(S("x"), S("x")) == 0,
	   "order");
	eq_int(str_find(S("corporal punishment"), S("punish")), 9, "find");
	eq_int(str_find(S("abc"), S("abcd")), STR_NONE, "find: longer than the text");
	eq_int(str_find_byte_last(S("a.b.c"), '.'), 3, "the last byte");
	ok(str_eq_nocase(S("Content-Length"), S("content-length")), "without case");
	ok(str_starts(S("France"), S("Fra")) && !str_starts(S("Fr"), S("Fra")), "starts");
	ok(str_ends(S("a.csv"), S(".csv")) && !str_ends(S("csv"), S(".csv")), "ends");
	eq_str(arena_str(a, S("kept")), S("kept"), "copied into an arena");
	ok(str_from(S("abc"), 9).n == 0, "from past the end is empty");
}

static int noted[2], noted_n;

static void note(void *arg)
{
	noted[noted_n++] = *(int *)arg;
}

static void test_arena(void)
{
	arena *a = arena_new();
	char *p = arena_alloc(a, 10), *q;

	ok(p[0] == 0 && p[9] == 0, "zeroed");
	memset(p, 'x', 10);
	q = arena_grow(a, p, 10, 100);
	ok(p == q, "the latest block grows in place");
	arena_alloc(a, 1);
	q = arena_grow(a, p, 100, 100000);
	ok(q != p && q[9] == 'x', "otherwise it moves and keeps its bytes");
	ok((uintptr_t)arena_alloc(a, 3) % _Alignof(max_align_t) == 0, "aligned");
	arena_reset(a);
	eq_int(arena_used(a), 0, "reset");
	arena_defer(a, note, &(int){ 1 });
	arena_defer(a, note, &(int){ 2 });
	arena_free(a);
	ok(noted_n == 2 && noted[0] == 2 && noted[1] == 1, "deferred calls run last first");
}

static void test_buf(arena *a)
{
	buf b = buf_new(a, 10);

	buf_put(&b, S("12345"));
	buf_i64(&b, -42);
	eq_str(buf_str(&b), S("12345-42"), "numbers");
	buf_put(&b, S("abc"));
	eq_int(b.err, E_TOOBIG, "over its maximum");
	buf_put(&b, S("a"));
	eq_str(buf_str(&b), S("12345-42"),
	       "what does not fit is left out whole, and so is all that follows");
	buf_clear(&b);
	buf_printf(&b, "%s-%d", "x", 5);
	eq_str(buf_str(&b), S("x-5"), "printf");
	b = buf_new(a, 100);
	buf_i64(&b, INT64_MIN);
	eq_str(buf_str(&b), S("-9223372036854775808"), "the smallest number");
}

static void test_vec_and_map(arena *a)
{
	VEC(int) v = { 0 };
	struct map m = { 0 };
	bool fresh, all = true;
	char key[16];

	vec_each (int, it, &v)
		all = false;
	ok(all, "an empty list has nothing to visit");
	for (int i = 0; i < 1000; i++)
		*vec_add(a, &v) = i;
	ok(v.n == 1000 && v.p[999] == 999, "a list of a thousand");
	for (int i = 0; i < 1000; i++) {
		snprintf(key, sizeof key, "key%d", i);
		*map_put(a, &m, arena_str(a, str_of(key)), &fresh) = i;
		all = all && fresh;
	}
	ok(all && m.n == 1000, "a thousand keys");
	for (int i = 0; i < 1000; i++) {
		snprintf(key, sizeof key, "key%d", i);
		all = all && map_get(&m, str_of(key)) && *map_get(&m, str_of(key)) == i;
	}
	ok(all, "each with its value");
	ok(!map_get(&m, S("key1000")), "and no other");
	map_put(a, &m, S("key7"), &fresh);
	ok(!fresh && m.n == 1000, "put again finds the old one");
}

static void test_utf8(arena *a)
{
	static const struct {
		str bytes;
		bool valid;
	} cases[] = {
		{ S_INIT("plain"), true },
		{ S_INIT("Côte d’Ivoire, 中文, 😀"), true },
		{ S_INIT("\xC0\xAF"), false },
		{ S_INIT("\xED\xA0\x80"), false },
		{ S_INIT("\xF4\x90\x80\x80"), false },
		{ S_INIT("eight ok\x80"), false },
		{ S_INIT("cut \xE2\x82"), false },
		{ S_INIT("\xEF\xBF\xBF"), true },
		{ S_INIT(""), true },
	};
	buf b = buf_new(a, 100);
	str s = S("é\xFFz");

	for (size_t i = 0; i < COUNT_OF(cases); i++)
		eq_int(utf8_valid(cases[i].bytes), cases[i].valid, "valid or not");
	eq_int(utf8_next(&s), 0xE9, "next");
	eq_int(utf8_next(&s), UTF8_REPLACEMENT, "next: a bad byte");
	eq_int(utf8_next(&s), 'z', "next: goes on");
	utf8_put(&b, 'a'), utf8_put(&b, 0xE9), utf8_put(&b, 0x4E2D), utf8_put(&b, 0x1F600);
	eq_str(buf_str(&b), S("aé中😀"), "put");
	eq_int(utf8_count(buf_str(&b)), 4, "count");
	eq_str(utf8_to(S("aé"), 2), S("a"), "never cuts a code point");
	eq_int(utf8_ascii_run(S("twelve bytes")), 12, "all ASCII");
	eq_int(utf8_ascii_run(S("ten bytes é")), 10, "ASCII up to a letter");
	ok(utf8_is_cut(S("\xC3")) && utf8_is_cut(S("\xE0")) && utf8_is_cut(S("\xE2\x82")) &&
		   utf8_is_cut(S("\xF4")) && utf8_is_cut(S("\xF0\x9F\x98")) &&
		   utf8_is_cut(S("\xED")),
	   "starts of a sequence");
	ok(!utf8_is_cut(S("")) && !utf8_is_cut(S("a")) && !utf8_is_cut(S("\x80")) &&
		   !utf8_is_cut(S("\xC0")) && !utf8_is_cut(S("é")) && !utf8_is_cut(S("\xE0\x80")) &&
		   !utf8_is_cut(S("\xED\xA0")) && !utf8_is_cut(S("\xF5")) &&
		   !utf8_is_cut(S("\xF0\x9F\x98\x80")),
	   "no starts of a sequence");
}

static void test_err_and_clock(void)
{
	bool words = true;

	for (int e = OK; e < E_COUNT_; e++)
		words = words && err_text(e)[0] != '\0';
	ok(words, "every error has words");
	eq_int(err_exit_code(OK), 0, "OK is 0");
	eq_int(err_exit_code(E_INVALID), 1, "bad input is 1");
	clock_set(1374710400);
	eq_int(clock_now(), 1374710400, "the clock of the tests");
	clock_set(-1);
	ok(clock_now() > 1700000000, "the real clock");
}

int main(void)
{
	arena *a = arena_new();

	test_str(a);
	test_arena();
	test_buf(a);
	test_vec_and_map(a);
	test_utf8(a);
	test_err_and_clock();
	arena_free(a);
	return tap_done();
}
