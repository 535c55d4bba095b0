#include <time.h>

#include "text/date.h"
#include "tap.h"

static struct date date_of(str s)
{
	struct date d = { 0 };

	if (date_parse(s, &d) != OK)
		ok(false, "%.*s parses", STR_A(s));
	return d;
}

static void test_forms(arena *a)
{
	static const str good[] = {
		S_INIT("2018-07-25"), S_INIT("2018-07"),    S_INIT("2018"),
		S_INIT("2016-02-29"), S_INIT("0001-01-01"), S_INIT("9999-12-31")
	};
	static const str bad[] = {
		S_INIT(""),
		S_INIT("18"),
		S_INIT("0000"),
		S_INIT("2018-"),
		S_INIT("2018-13"),
		S_INIT("2018-00"),
		S_INIT("2018-7"),
		S_INIT("2018-07-"),
		S_INIT("2018-07-32"),
		S_INIT("2018-07-00"),
		S_INIT("2018-07-5"),
		S_INIT("2017-02-29"),
		S_INIT("1900-02-29"),
		S_INIT("2018-04-31"),
		S_INIT("2018-07-25T"),
		S_INIT("-018"),
		S_INIT("2018-+7"),
		S_INIT(" 2018"),
		S_INIT("2018-07-25-01"),
	};
	struct date kept = { .year = 5 };

	for (size_t i = 0; i < COUNT_OF(good); i++) {
		buf b = buf_new(a, 20);

		date_put(&b, date_of(good[i]));
		eq_str(buf_str(&b), good[i], "there and back");
	}
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		eq_int(date_parse(bad[i], &kept), E_INVALID, "refused");
	eq_int(kept.year, 5, "the result is left alone");
}

static void test_order(void)
{
	ok(date_cmp(date_of(S("2018-07-25")), date_of(S("2018-07-26"))) < 0, "days");
	ok(date_cmp(date_of(S("2018-08")), date_of(S("2018-07-26"))) > 0, "a month and a day");
	ok(date_cmp(date_of(S("2018")), date_of(S("2018-01-01"))) < 0, "the less precise first");
	ok(date_cmp(date_of(S("2018")), date_of(S("2018-02"))) < 0, "a year and a month");
	ok(date_cmp(date_of(S("2018-07")), date_of(S("2018-07"))) == 0, "the same");
	ok(date_cmp((struct date){ 0 }, date_of(S("0001"))) < 0, "no date before all");
}

/* Every day of the supported years against itself, and one a month against the C library. */
static void test_days(void)
{
	bool round = true, library = true;
	struct date last = { 0 };

	for (int32_t n = -719162; n <= 2932896; n++) {
		struct date d = date_from_days(n);

		round &= date_to_days(d) == n && date_cmp(last, d) < 0;
		last = d;
		if (d.day == 17) {
			struct tm tm = { .tm_year = d.year - 1900,
					 .tm_mon = d.month - 1,
					 .tm_mday = d.day };
			library &= timegm(&tm) / 86400 == n;
		}
	}
	ok(round, "every day there and back, in order");
	ok(library, "as the C library counts");
	eq_int(date_to_days(date_of(S("1970-01-01"))), 0, "the first day");
	eq_int(date_to_days(date_of(S("2018"))), date_to_days(date_of(S("2018-01-01"))), "a year");
}

static void test_last_day(arena *a)
{
	static const str pairs[][2] = { { S_INIT("2016-02"), S_INIT("2016-02-29") },
					{ S_INIT("2018"), S_INIT("2018-12-31") },
					{ S_INIT("2018-07-25"), S_INIT("2018-07-25") } };

	for (size_t i = 0; i < COUNT_OF(pairs); i++) {
		buf b = buf_new(a, 20);

		date_put(&b, date_last_day(date_of(pairs[i][0])));
		eq_str(buf_str(&b), pairs[i][1], "last day");
	}
}

int main(void)
{
	arena *a = arena_new();

	test_forms(a);
	test_order();
	test_days();
	test_last_day(a);
	arena_free(a);
	return tap_done();
}
