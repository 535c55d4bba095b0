#include "text/date.h"

static bool is_leap(int year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int days_in_month(int year, int month)
{
	static const int8_t days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

	return days[month - 1] + (month == 2 && is_leap(year));
}

/* N digits, no more and no less. */
static bool number(str s, size_t n, int *ret)
{
	int64_t v;

	if (s.n != n || s.p[0] == '-' || !str_to_i64(s, &v))
		return false;
	*ret = (int)v;
	return true;
}

enum err date_parse(str s, struct date *ret)
{
	int year = 0, month = 0, day = 0;
	str rest = s;

	if (!number(str_cut(&rest, '-'), 4, &year) || year < 1)
		return E_INVALID;
	if (rest.p && (!number(str_cut(&rest, '-'), 2, &month) || month < 1 || month > 12))
		return E_INVALID;
	if (rest.p && (!number(rest, 2, &day) || day < 1 || day > days_in_month(year, month)))
		return E_INVALID;
	*ret = (struct date){ (int16_t)year, (int8_t)month, (int8_t)day };
	return OK;
}

void date_put(buf *o, struct date d)
{
	if (d.year)
		buf_printf(o, "%04d", d.year);
	if (d.year && d.month)
		buf_printf(o, "-%02d", d.month);
	if (d.year && d.month && d.day)
		buf_printf(o, "-%02d", d.day);
}

int date_cmp(struct date a, struct date b)
{
	int order = a.year - b.year;

	/* The unknown parts are 0: they count as the first, and come before it. */
	if (order == 0)
		order = MAX(a.month, 1) - MAX(b.month, 1);
	if (order == 0)
		order = MAX(a.day, 1) - MAX(b.day, 1);
	if (order == 0)
		order = a.month - b.month;
	if (order == 0)
		order = a.day - b.day;
	return (order > 0) - (order < 0);
}

/* Days before the first of January of YEAR, counted from the year 1. */
static int32_t days_before_year(int32_t year)
{
	int32_t y = year - 1;

	return y * 365 + y / 4 - y / 100 + y / 400;
}

enum { DAYS_TO_1970 = 719162 };

int32_t date_to_days(struct date d)
{
	int32_t days = days_before_year(d.year) - DAYS_TO_1970;

	for (int month = 1; month < d.month; month++)
		days += days_in_month(d.year, month);
	return days + MAX(d.day, 1) - 1;
}

struct date date_from_days(int32_t days)
{
	int32_t day = days + DAYS_TO_1970, year = day / 366 + 1;
	int month = 1;

	while (days_before_year(year + 1) <= day)
		year++;
	day -= days_before_year(year);
	for (; day >= days_in_month(year, month); month++)
		day -= days_in_month(year, month);
	return (struct date){ (int16_t)year, (int8_t)month, (int8_t)(day + 1) };
}

struct date date_last_day(struct date d)
{
	if (!d.month)
		d.month = 12;
	if (!d.day)
		d.day = (int8_t)days_in_month(d.year, d.month);
	return d;
}
