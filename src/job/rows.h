/*
 * Rows on their way from a worker to us: the reader of a format writes frames, we read and check them.
 * A frame is a letter, the length of what follows (four bytes, low byte first), and that many bytes;
 * numbers in it are written the same way, texts with their length before them. An end frame or a
 * refusal comes last: without one, the worker did not get to its end.
 */
#ifndef JOB_ROWS_H
#define JOB_ROWS_H

#include "text/csv.h"
#include "text/source.h"

enum {
	ROWS_FIELD_MAX = CSV_FIELD_MAX,
	ROWS_ROW_MAX = CSV_ROW_MAX,
	ROWS_COLUMNS_MAX = CSV_COLUMNS_MAX,
	ROWS_SHEETS_MAX = 1000,
	ROWS_TOTAL_MAX = 256 << 20, /* bytes of all fields of one file */
	ROWS_TEXT_MAX = 1000,       /* bytes of a name, a property or a reason */
};

/* What may be wrong with a row or a sheet. The first ones are those of CSV. */
enum row_problem_kind {
	ROW_CSV_PROBLEM = 0,                /* and on: enum csv_problem_kind */
	ROW_BAD_BYTES = CSV_PROBLEM_COUNT_, /* row kept: bytes that its charset does not have */
	ROW_ERROR_CELL,                     /* row kept: a cell holds an error, such as #REF! */
	ROW_BAD_CELL,                       /* row kept: a cell without sense was left empty */
	ROW_BAD_ELEMENT,                    /* row refused: not a JSON object, or not valid */
	ROW_ELEMENT_TOO_BIG, /* row refused: JSON over 1 MB, 64 levels or 10,000 values */
	ROW_SHEET_HIDDEN,    /* sheet left out */
	ROW_SHEET_MISSING,   /* sheet left out: its part is not in the file */
	ROW_PROBLEM_COUNT_
};

struct row_problem {
	enum row_problem_kind kind;
	uint32_t sheet;  /* index, from 0 */
	uint64_t number; /* of the row as a person counts it, from 1; 0: the whole sheet */
	uint64_t line;   /* CSV and JSON: in the file, from 1; else 0 */
	uint32_t column; /* from 1; 0: the whole row */
	bool row_refused;
};

/* A clause that stands after the place, as in "sheet 1, row 17: ...". */
const char *row_problem_text(enum row_problem_kind kind);

enum row_property { ROW_TITLE, ROW_CREATED /* YYYY-MM-DD */, ROW_PROPERTY_COUNT_ };

/* --- Writing, in the worker */

struct rows_out {
	void (*write)(void *ctx, str frames); /* NULL: nowhere; for tests of readers */
	void *ctx;
	buf block;
	uint32_t sheets;
	uint64_t total; /* bytes of fields */
};

void rows_out_init(struct rows_out *o, arena *a, void (*write)(void *ctx, str frames), void *ctx);
void rows_put_property(struct rows_out *o, enum row_property property, str value);
/* Sheets are numbered from 0 in the order in which they are put; all before the first row. */
void rows_put_sheet(struct rows_out *o, str name);
void rows_put_problem(struct rows_out *o, const struct row_problem *p);
/* Empty fields at the end are left out, and rows without any other. A row over a limit becomes a
 * problem. E_TOOBIG: over ROWS_TOTAL_MAX; nothing more is written. */
MUST enum err rows_put_row(struct rows_out *o, uint32_t sheet, uint64_t number, const str *fields,
			   size_t n);
void rows_refuse(struct rows_out *o, str reason); /* the last frame */
void rows_end(struct rows_out *o);                /* the last frame */

/* --- Reading, on our side: every frame is checked */

struct rows_frame {
	enum {
		ROWS_PROPERTY,
		ROWS_SHEET,
		ROWS_ROW,
		ROWS_PROBLEM,
		ROWS_REFUSED,
		ROWS_END,
	} kind;
	enum row_property property;
	str text; /* a property's value, a sheet's name, a reason */
	struct row_problem problem;
	uint32_t sheet;
	uint64_t number;
	const str *fields; /* until the next call */
	size_t n;
};

struct rows_in;

struct rows_in *rows_in_new(arena *a, const struct source *from);

/* E_INVALID: the writer broke the rules, nothing more is to be read. E_NOTFOUND: it stopped without an
 * end. Otherwise what the source answers. */
MUST enum err rows_in_next(struct rows_in *in, struct rows_frame *ret);

#endif
