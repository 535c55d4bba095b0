#include <math.h>

#include "job/cell.h"
#include "text/date.h"

enum {
	DAY_SECONDS = 24 * 60 * 60,
	LAST_DAY = 2958465,  /* 9999-12-31 */
	FROM_1900 = 25569,   /* 1970-01-01 in days since 1899-12-30 */
	FROM_1904 = 24107,   /* ... since 1904-01-01 */
	FALSE_LEAP_DAY = 60, /* spreadsheets have 1900-02-29, so earlier days are one off */
};

void cell_put_number(buf *o, double value)
{
	if (value == 0 || !isfinite(value))
		buf_put(o, S("0"));
	else if (fabs(value) < 1e15 && value == floor(value))
		buf_i64(o, (int64_t)value);
	else
		buf_printf(o, "%.15g", value);
}

static void put_time(buf *o, int seconds)
{
	buf_printf(o, "%02d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

void cell_put_date(buf *o, double value, enum cell_kind kind, bool from_1904)
{
	int64_t days;
	int seconds;

	if (!(value >= 0 && value < LAST_DAY + 1)) {
		cell_put_number(o, value);
		return;
	}
	days = (int64_t)value;
	seconds = (int)lround((value - (double)days) * DAY_SECONDS);
	if (seconds == DAY_SECONDS) {
		seconds = 0;
		days++;
	}
	if (kind == CELL_TIME) {
		put_time(o, seconds);
		return;
	}
	if (from_1904)
		days -= FROM_1904;
	else
		days -= days < FALSE_LEAP_DAY ? FROM_1900 - 1 : FROM_1900;
	date_put(o, date_from_days((int32_t)days));
	if (kind == CELL_DATETIME && seconds) {
		buf_byte(o, ' ');
		put_time(o, seconds);
	}
}

enum cell_kind cell_format_builtin(uint32_t id)
{
	if ((id >= 14 && id <= 17) || (id >= 27 && id <= 31) || (id >= 50 && id <= 58) || id == 36)
		return CELL_DATE;
	if (id == 22)
		return CELL_DATETIME;
	if ((id >= 18 && id <= 21) || (id >= 32 && id <= 35) || id == 45 || id == 47)
		return CELL_TIME;
	return CELL_NUMBER;
}

/* Passes over what stands for itself: "text", \c, _c, *c and [colour or condition]. Answers how many
 * bytes, 0 when CODE starts with a letter of the format. [h] and the like count hours beyond a day:
 * a number. */
static size_t literal(str code)
{
	size_t end;

	switch (code.p[0]) {
	case '"':
		end = str_find_byte(str_from(code, 1), '"');
		return end == STR_NONE ? code.n : end + 2;
	case '[': end = str_find_byte(code, ']'); return end == STR_NONE ? code.n : end + 1;
	case '\\':
	case '_':
	case '*': return 2;
	case 'A':
	case 'a':
		if (str_eq_nocase(str_to(code, 5), S("AM/PM")))
			return 5;
		return str_eq_nocase(str_to(code, 3), S("A/P")) ? 3 : 0;
	}
	return 0;
}

enum cell_kind cell_format_kind(str code)
{
	bool date = false, time = false, month = false;

	code = str_cut(&code, ';'); /* what holds for numbers above zero */
	while (code.n) {
		size_t n = literal(code);

		if (n) {
			code = str_from(code, n);
			continue;
		}
		switch (code.p[0] | 0x20) {
		case 'y':
		case 'd': date = true; break;
		case 'h':
		case 's': time = true; break;
		case 'm': month = true; break;
		}
		if (str_eq_nocase(str_to(code, 7), S("General")))
			return CELL_NUMBER;
		code = str_from(code, 1);
	}
	if (month && !time)
		date = true;
	return date && time ? CELL_DATETIME : date ? CELL_DATE : time ? CELL_TIME : CELL_NUMBER;
}
