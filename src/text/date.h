/*
 * Calendar dates of the proleptic Gregorian calendar, known to the day, the month or the year: a
 * review may be "in 2008" to its source. The text form is ISO 8601: 2018-07-25, 2018-07, 2018.
 */
#ifndef TEXT_DATE_H
#define TEXT_DATE_H

#include "base/base.h"

struct date {
	int16_t year; /* 1 to 9999; 0: no date */
	int8_t month; /* 1 to 12; 0: only the year is known */
	int8_t day;   /* 1 to 31; 0: only the month is known */
};

/* E_INVALID for anything but the three forms above and for days that do not exist. */
MUST enum err date_parse(str s, struct date *ret);

void date_put(buf *o, struct date d); /* the ISO form; nothing when there is no date */

/* By the first day of what is known; of two that start together the less precise comes first. */
int date_cmp(struct date a, struct date b);

/* Days since 1970-01-01, of the first day of what is known. D must have a year. */
int32_t date_to_days(struct date d);
struct date date_from_days(int32_t days); /* -719162 (0001-01-01) to 2932896 (9999-12-31) */

/* The last day of what is known, for ranges that include their end. */
struct date date_last_day(struct date d);

#endif
