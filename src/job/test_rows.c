#include <math.h>

#include "tap.h"

#include "job/cell.h"
#include "job/rows.h"

static void keep(void *ctx, str frames)
{
	buf_put(ctx, frames);
}

static void test_round_trip(arena *a)
{
	buf wire = buf_new(a, 64 << 20);
	struct rows_out out;
	struct rows_in *in;
	struct rows_frame f;
	struct source from;
	str fields[] = { S("France"), S(""), S("é中"), S("") }, rest;
	struct row_problem p = { .kind = ROW_ERROR_CELL, .sheet = 1, .number = 7, .column = 3 };

	rows_out_init(&out, a, keep, &wire);
	rows_put_property(&out, ROW_TITLE, S("A title"));
	rows_put_sheet(&out, S("One"));
	rows_put_sheet(&out, S("Two"));
	is_ok(rows_put_row(&out, 0, 5, fields, 4), "a row");
	is_ok(rows_put_row(&out, 0, 6, fields + 3, 1), "an empty row");
	rows_put_problem(&out, &p);
	is_ok(rows_put_row(&out, 1, 1, fields, 1), "a row of the second sheet");
	rows_end(&out);

	rest = buf_str(&wire);
	from = source_of_str(&rest);
	in = rows_in_new(a, &from);
	ok(rows_in_next(in, &f) == OK && f.kind == ROWS_PROPERTY && str_eq(f.text, S("A title")),
	   "title");
	ok(rows_in_next(in, &f) == OK && f.kind == ROWS_SHEET && str_eq(f.text, S("One")), "sheet");
	ok(rows_in_next(in, &f) == OK && f.kind == ROWS_SHEET, "another");
	ok(rows_in_next(in, &f) == OK && f.kind == ROWS_ROW && f.number == 5 && f.n == 3 &&
		   str_eq(f.fields[2], S("é中")) && f.fields[1].n == 0,
	   "the row, without the empty field at its end");
	ok(rows_in_next(in, &f) == OK && f.kind == ROWS_PROBLEM && f.problem.number == 7 &&
		   f.problem.column == 3 && f.problem.kind == ROW_ERROR_CELL &&
		   !f.problem.row_refused,
	   "the problem");
	ok(rows_in_next(in, &f) == OK && f.kind == ROWS_ROW && f.sheet == 1, "the other row");
	ok(rows_in_next(in, &f) == OK && f.kind == ROWS_END, "the end");
	eq_int(rows_in_next(in, &f), E_NOTFOUND, "and nothing behind it");
}

/* Over the limits a row becomes a problem, before it is sent. */
static void test_limits(arena *a)
{
	buf wire = buf_new(a, 64 << 20);
	struct rows_out out;
	str *many = NEW_N(a, str, ROWS_COLUMNS_MAX + 1), rest, big;
	struct source from;
	struct rows_in *in;
	struct rows_frame f;
	enum err e = OK;

	big = (str){ memset(arena_alloc_raw(a, ROWS_FIELD_MAX + 1), 'x', ROWS_FIELD_MAX + 1),
		     ROWS_FIELD_MAX + 1 };
	for (size_t i = 0; i <= ROWS_COLUMNS_MAX; i++)
		many[i] = S("x");
	rows_out_init(&out, a, keep, &wire);
	rows_put_sheet(&out, S(""));
	is_ok(rows_put_row(&out, 0, 1, many, ROWS_COLUMNS_MAX + 1), "one column too many");
	is_ok(rows_put_row(&out, 0, 2, &big, 1), "a field too big");
	for (size_t i = 0; i < 10; i++)
		many[i] = str_to(big, ROWS_FIELD_MAX);
	is_ok(rows_put_row(&out, 0, 3, many, 10), "a row too big");
	rows_end(&out);
	rest = buf_str(&wire);
	from = source_of_str(&rest);
	in = rows_in_new(a, &from);
	ok(rows_in_next(in, &f) == OK && f.kind == ROWS_SHEET, "sheet");
	ok(rows_in_next(in, &f) == OK && f.problem.kind == (int)CSV_TOO_MANY_COLUMNS &&
		   f.problem.row_refused,
	   "columns");
	ok(rows_in_next(in, &f) == OK && f.problem.kind == (int)CSV_FIELD_TOO_BIG &&
		   f.problem.number == 2,
	   "field");
	ok(rows_in_next(in, &f) == OK && f.problem.kind == (int)CSV_ROW_TOO_BIG, "row");
	rows_out_init(&out, a, NULL, NULL);
	rows_put_sheet(&out, S(""));
	for (uint64_t i = 1; e == OK && i < 300; i++)
		e = rows_put_row(&out, 0, i, many, 1);
	eq_int(e, E_TOOBIG, "a file with too much text in all");
}

/* A worker that was taken over may write anything. */
static void test_lies(arena *a)
{
	static const struct {
		const char *what;
		str bytes;
		enum err want;
	} lies[] = {
		{ "nothing", S_INIT(""), E_NOTFOUND },
		{ "half a head", S_INIT("R\0\0"), E_NOTFOUND },
		{ "a length of 4 GB", S_INIT("R\xFF\xFF\xFF\xFF"), E_INVALID },
		{ "less than the length", S_INIT("R\x10\0\0\0abc"), E_NOTFOUND },
		{ "an unknown letter", S_INIT("Q\0\0\0\0"), E_INVALID },
		{ "an end with something", S_INIT("E\1\0\0\0x"), E_INVALID },
		{ "a row before any sheet", S_INIT("R\x11\0\0\0\0\0\0\0\1\0\0\0\1\0\0\0\1\0\0\0x"),
		  E_INVALID },
		{ "a property that is none", S_INIT("T\x08\0\0\0\7\0\0\0\0\0\0\0"), E_INVALID },
		{ "a text longer than its frame", S_INIT("S\4\0\0\0\5\0\0\0"), E_INVALID },
		{ "bytes behind a text", S_INIT("S\5\0\0\0\0\0\0\0x"), E_INVALID },
		{ "a name that is not UTF-8", S_INIT("S\5\0\0\0\1\0\0\0\xFF"), E_INVALID },
		{ "a name with a zero byte", S_INIT("S\5\0\0\0\1\0\0\0\0"), E_INVALID },
		{ "a reason of 2,000 bytes", S_INIT("X\4\0\0\0\xD0\7\0\0"), E_INVALID },
		{ "a problem of no sheet",
		  S_INIT("P\x14\0\0\0\0\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0\0\0\0\0"), E_INVALID },
	};
	static const struct {
		const char *what;
		str bytes;
	} after_sheet[] = {
		{ "row 0", S_INIT("R\x11\0\0\0\0\0\0\0\0\0\0\0\1\0\0\0\1\0\0\0x") },
		{ "a row of the next sheet",
		  S_INIT("R\x11\0\0\0\1\0\0\0\1\0\0\0\1\0\0\0\1\0\0\0x") },
		{ "no field", S_INIT("R\x0C\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0") },
		{ "100,000 fields", S_INIT("R\x0C\0\0\0\0\0\0\0\1\0\0\0\xA0\x86\1\0") },
		{ "fewer fields than it says",
		  S_INIT("R\x11\0\0\0\0\0\0\0\1\0\0\0\2\0\0\0\1\0\0\0x") },
		{ "more bytes than its fields",
		  S_INIT("R\x12\0\0\0\0\0\0\0\1\0\0\0\1\0\0\0\1\0\0\0xy") },
		{ "a problem of a kind that is none",
		  S_INIT("P\x14\0\0\0\xFF\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0\0\0\0\0") },
	};
	struct rows_frame f = { .number = 4711 };

	for (size_t i = 0; i < COUNT_OF(lies); i++) {
		str rest = lies[i].bytes;
		struct source from = source_of_str(&rest);

		eq_int(rows_in_next(rows_in_new(a, &from), &f), lies[i].want, lies[i].what);
	}
	eq_int(f.number, 4711, "the answer is untouched on failure");
	for (size_t i = 0; i < COUNT_OF(after_sheet); i++) {
		buf b = buf_new(a, 100);
		str rest;
		struct source from = source_of_str(&rest);
		struct rows_in *in = rows_in_new(a, &from);

		buf_put(&b, S("S\4\0\0\0\0\0\0\0"));
		buf_put(&b, after_sheet[i].bytes);
		rest = buf_str(&b);
		ok(rows_in_next(in, &f) == OK && rows_in_next(in, &f) == E_INVALID, "%s",
		   after_sheet[i].what);
	}
}

static void test_numbers(arena *a)
{
	static const struct {
		double value;
		str want;
	} numbers[] = {
		{ 0, S_INIT("0") },
		{ -0.0, S_INIT("0") },
		{ 5, S_INIT("5") },
		{ -17, S_INIT("-17") },
		{ 43834, S_INIT("43834") },
		{ 0.1, S_INIT("0.1") },
		{ 0.1 + 0.2, S_INIT("0.3") },
		{ 1e14, S_INIT("100000000000000") },
		{ 1.5e20, S_INIT("1.5e+20") },
		{ -2.25, S_INIT("-2.25") },
	};

	for (size_t i = 0; i < COUNT_OF(numbers); i++) {
		buf b = buf_new(a, 100);

		cell_put_number(&b, numbers[i].value);
		eq_str(buf_str(&b), numbers[i].want, "a number as a person sees it");
	}
}

static void test_dates(arena *a)
{
	static const struct {
		double value;
		enum cell_kind kind;
		bool from_1904;
		str want;
	} dates[] = {
		{ 1, CELL_DATE, false, S_INIT("1900-01-01") },
		{ 59, CELL_DATE, false, S_INIT("1900-02-28") },
		{ 61, CELL_DATE, false, S_INIT("1900-03-01") },
		{ 25569, CELL_DATE, false, S_INIT("1970-01-01") },
		{ 36585, CELL_DATE, false, S_INIT("2000-02-29") },
		{ 43306, CELL_DATE, false, S_INIT("2018-07-25") },
		{ 43306.5, CELL_DATETIME, false, S_INIT("2018-07-25 12:00:00") },
		{ 43306, CELL_DATETIME, false, S_INIT("2018-07-25") },
		{ 43306.999999, CELL_DATETIME, false, S_INIT("2018-07-26") },
		{ 0.75, CELL_TIME, false, S_INIT("18:00:00") },
		{ 2958465, CELL_DATE, false, S_INIT("9999-12-31") },
		{ 2958466, CELL_DATE, false, S_INIT("2958466") },
		{ -1, CELL_DATE, false, S_INIT("-1") },
		{ 0, CELL_DATE, true, S_INIT("1904-01-01") },
		{ 41844, CELL_DATE, true, S_INIT("2018-07-25") },
		{ (double)NAN, CELL_DATE, false, S_INIT("0") },
	};

	for (size_t i = 0; i < COUNT_OF(dates); i++) {
		buf b = buf_new(a, 100);

		cell_put_date(&b, dates[i].value, dates[i].kind, dates[i].from_1904);
		eq_str(buf_str(&b), dates[i].want, "a date as a person sees it");
	}
}

static void test_formats(void)
{
	static const struct {
		str code;
		enum cell_kind want;
	} formats[] = {
		{ S_INIT("General"), CELL_NUMBER },
		{ S_INIT(""), CELL_NUMBER },
		{ S_INIT("0.00"), CELL_NUMBER },
		{ S_INIT("#,##0 \"days\""), CELL_NUMBER },
		{ S_INIT("[Red]0.00E+00"), CELL_NUMBER },
		{ S_INIT("0;[Red]-0;\"d\""), CELL_NUMBER },
		{ S_INIT("_-* #,##0_d"), CELL_NUMBER },
		{ S_INIT("[h]:00"), CELL_NUMBER },
		{ S_INIT("yyyy-mm-dd"), CELL_DATE },
		{ S_INIT("[$-409]d\\ mmm\\ yyyy;@"), CELL_DATE },
		{ S_INIT("mmm"), CELL_DATE },
		{ S_INIT("dd/mm/yyyy hh:mm"), CELL_DATETIME },
		{ S_INIT("h:mm AM/PM"), CELL_TIME },
		{ S_INIT("mm:ss"), CELL_TIME },
		{ S_INIT("\"open"), CELL_NUMBER },
		{ S_INIT("[open"), CELL_NUMBER },
		{ S_INIT("\\"), CELL_NUMBER },
	};

	for (size_t i = 0; i < COUNT_OF(formats); i++)
		eq_int(cell_format_kind(formats[i].code), formats[i].want, formats[i].code.p);
	ok(cell_format_builtin(14) == CELL_DATE && cell_format_builtin(22) == CELL_DATETIME &&
		   cell_format_builtin(20) == CELL_TIME && cell_format_builtin(2) == CELL_NUMBER &&
		   cell_format_builtin(49) == CELL_NUMBER,
	   "built-in formats");
}

int main(void)
{
	arena *a = arena_new();

	test_round_trip(a);
	test_limits(a);
	test_lies(a);
	test_numbers(a);
	test_dates(a);
	test_formats();
	arena_free(a);
	return tap_done();
}
