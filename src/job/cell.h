/* What a spreadsheet keeps as a number, as a person sees it. */
#ifndef JOB_CELL_H
#define JOB_CELL_H

#include "base/base.h"

enum cell_kind { CELL_NUMBER, CELL_DATE, CELL_DATETIME, CELL_TIME };

/* 15 significant digits as spreadsheets show them, integers without a point. */
void cell_put_number(buf *o, double value);

/* Days since 1900 (or 1904) as YYYY-MM-DD, YYYY-MM-DD hh:mm:ss or hh:mm:ss; a plain number when it is
 * no date of that calendar. A date and time at midnight is a date. */
void cell_put_date(buf *o, double value, enum cell_kind kind, bool from_1904);

/* What a number format of ECMA-376 (18.8.30, 18.8.31) makes of a number: a built-in one by its id. */
enum cell_kind cell_format_builtin(uint32_t id);
enum cell_kind cell_format_kind(str code);

#endif
