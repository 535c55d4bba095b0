#include "tap.h"
#include "text/wrap.h"

static void lines_are(arena *a, const char *what, str s, int64_t width, size_t most, str want)
{
	struct wrapped w = wrap_text(a, s, S("en"), width, most);
	buf o = buf_new(a, 4096);

	for (size_t i = 0; i < w.n; i++)
		buf_printf(&o, "%s%" STR_F, i ? "|" : "", STR_A(w.lines[i]));
	ok(str_eq(o.n ? buf_str(&o) : S(""), want), "%s: %.*s", what,
	   STR_A(o.n ? buf_str(&o) : S("")));
}

static void test_lines(arena *a)
{
	lines_are(a, "words", S("one two three"), 4600, 9, S("one two|three"));
	lines_are(a, "blanks are one", S("  one \n\t two  "), 9000, 9, S("one two"));
	lines_are(a, "nothing", S(" \n "), 9000, 9, S(""));
	lines_are(a, "a word that is too long", S("aaaaaaaaaa"), 2100, 9, S("aaa|aaa|aaa|a"));
	lines_are(a, "behind words", S("b aaaaaaaaaa"), 2100, 9, S("b|aaa|aaa|aaa|a"));
	lines_are(a, "less than a letter", S("aé"), 1, 9, S("a|é"));
	lines_are(a, "marks stay with their letter",
		  S("e\xCC\x81"
		    "e\xCC\x81"),
		  700, 9, S("e\xCC\x81|e\xCC\x81"));
	lines_are(a, "a blank that holds words together", S("un mot\xC2\xA0: oui"), 4700, 9,
		  S("un|mot\xC2\xA0:|oui"));
	lines_are(a, "scripts without blanks", S("保障人权的决议"), 3000, 9, S("保障人|权的决|议"));
	lines_are(a, "what stands apart does so on each line", S("a \u2068b aaaaaa\u2069, a"), 5600,
		  9, S("a \u2068b\u2069|\u2068aaaaaa\u2069, a"));
	lines_are(a, "no break before a stop", S("保障人。权"), 3000, 9, S("保障|人。权"));
}

static void test_most(arena *a)
{
	lines_are(a, "dots where there is more", S("one two three four five six"), 5000, 2,
		  S("one two|three…"));
	lines_are(a, "all fits exactly", S("one two three"), 4600, 2, S("one two|three"));
	lines_are(a, "dots in a long word", S("aaaaaaaaaaaaaa"), 3500, 1, S("aaa…"));
	ok(wrap_text(a, S("one two three four"), S("en"), 3000, 1).cut, "and it says so");
}

static void test_widths(arena *a)
{
	static const char *const texts[] = {
		"Pendant vingt ans, on nous a répondu que ce n’était pas le moment.",
		"كتبنا إلى الوزارة ثلاث مرات، ثم سألت ثلاث دول السؤال نفسه أمام الجميع.",
		"Мы писали в министерство три раза, и никто нам не ответил ни разу.",
		"보건부에 세 번 편지를 썼지만 아무도 답하지 않았습니다. 그 뒤에 법이 생겼습니다.",
	};

	for (size_t i = 0; i < COUNT_OF(texts); i++)
		for (int64_t width = 2000; width < 40000; width += 1777) {
			struct wrapped w = wrap_text(a, str_of(texts[i]), S(""), width, 100),
				       even = wrap_even(a, str_of(texts[i]), S(""), width, 100);
			int64_t widest = 0;

			for (size_t k = 0; k < w.n; k++)
				widest = MAX(widest, wrap_width(w.lines[k]));
			if (widest > width || even.n != w.n || w.cut)
				ok(false, "%zu at %lld", i, (long long)width);
		}
	ok(wrap_even(a, S("one two three four"), S("en"), 7500, 3).n == 2, "two lines stay two");
	eq_str(wrap_even(a, S("one two three four"), S("en"), 8500, 3).lines[0], S("one two"),
	       "of about the same length");
	ok(wrap_width(S("iii")) < wrap_width(S("mmm")) && wrap_width(S("\xE2\x81\xA8")) == 0,
	   "letters differ, and marks for direction take no room");
}

int main(void)
{
	arena *a = arena_new();

	test_lines(a);
	test_most(a);
	test_widths(a);
	arena_free(a);
	return tap_done();
}
