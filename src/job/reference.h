/*
 * Reading the reference tables that travel inside the program: CSV with a header line, cells asked
 * for by the name of their column.
 */
#ifndef JOB_REFERENCE_H
#define JOB_REFERENCE_H

#include "base/base.h"

struct reference {
	arena *a;
	struct csv *csv;
	str rest; /* of the bytes */
	str *columns;
	size_t n_columns;
	const str *cells; /* of the current row */
	size_t n_cells;
	int64_t row; /* from 0 */
	enum err err;
};

/* BYTES must outlive the reading. */
MUST enum err reference_open(arena *a, str bytes, struct reference *ret);

/* Moves to the next row; false at the end, and when r->err is set. */
bool reference_next(struct reference *r);

/* The cell of the current row, empty when there is none. Lives until the next row. */
str reference_cell(const struct reference *r, str column);

/* The same with p == NULL for an empty cell: for columns that may be NULL. */
str reference_cell_null(const struct reference *r, str column);

/* Calls PUT for each row of a table; stops at the first error. */
struct core;
MUST enum err reference_each(struct core *core, arena *a, str bytes,
			     enum err (*put)(struct core *core, struct reference *r));

/* A whole number; an error that ends the reading when the cell is none. */
int64_t reference_number(struct reference *r, str column);

#endif
