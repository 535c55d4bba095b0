/*
 * What commands print: tables for people, JSON for programs, and a progress line on a terminal.
 */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include "cli/command.h"

/* A table of text: the widths follow from the cells. Numbers at the end side. */
struct table_column {
	const char *title;
	bool is_number;
};
struct table_out;
struct table_out *table_out_new(arena *a, const struct table_column *columns, size_t n);
void table_out_cell(struct table_out *t, str text); /* row after row */
void table_out_number(struct table_out *t, int64_t number);
void table_out_print(struct table_out *t, FILE *out);

/* 43830 -> "43,830". */
str number_text(arena *a, int64_t n);

/* A line that is drawn again and again while something long runs: only on a terminal, never in a
 * file. progress_end wipes it. */
struct progress {
	FILE *out; /* NULL: not on a terminal */
	int64_t drawn_at;
	int shown; /* characters on the line */
};
void progress_begin(struct progress *p, struct cli *cli);
void progress_show(struct progress *p, const char *what, int64_t done, int64_t total);
void progress_end(struct progress *p);

#endif
