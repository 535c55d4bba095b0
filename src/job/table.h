/*
 * Rows of a file, whatever its format: CSV, XLS, XLSX or JSON, recognised by its content and not by
 * its name. XLS and XLSX are read in a worker; CSV and JSON here, in constant memory.
 *
 *     struct table *t = table_new(a, &options);
 *     e = table_open(t, fd);
 *     while (e == OK && (e = table_next(t, &row)) == OK) ...
 *     if (e != E_NOTFOUND) say(table_reason(t));
 *
 * What is wrong with one row or sheet goes to options.problem and reading goes on; what is wrong with
 * the file ends it, with a reason.
 */
#ifndef JOB_TABLE_H
#define JOB_TABLE_H

#include "job/rows.h"
#include "text/charset.h"

enum table_format { TABLE_NONE, TABLE_CSV, TABLE_XLS, TABLE_XLSX, TABLE_JSON };

struct table_sheet {
	str name; /* empty for CSV and JSON */
	uint32_t index;
	const str *header; /* its first row that is not empty; NULL before that, and for JSON */
	size_t n_header;
	uint64_t header_number;
};

struct table_row {
	const struct table_sheet *sheet; /* as long as the table */
	uint64_t number;                 /* of the row as a person counts it, from 1 */
	uint64_t line;                   /* of the file, from 1; 0 for XLS and XLSX */
	const str *names;  /* JSON: N names beside the fields (json_rows.h); otherwise NULL */
	const str *fields; /* until the next table_next */
	size_t n;          /* may be less or more than the header has */
};

struct table_options {
	str charset;    /* of CSV, by name; empty: detect */
	char delimiter; /* of CSV; 0: detect */
	str rows_key;   /* of JSON: where the array is; empty: "rows" */
	uint64_t
		header_row; /* number of the row that is the header; 0: the first that is not empty */
	const str *names;   /* help to find the charset: names of States */
	size_t n_names;
	bool unsafe; /* read XLS and XLSX also where there is no sandbox */
	void (*problem)(void *ctx, const struct row_problem *p); /* may be NULL */
	void *ctx;
};

struct table;

/* Lives in A: when A goes, a worker goes too. The texts of OPTIONS must live as long. */
struct table *table_new(arena *a, const struct table_options *options);

/* FD is a regular file, which stays the caller's and open until the end; its position does not move.
 * E_INVALID, E_TOOBIG: not a file that can be read, table_reason says why. E_DENIED: no sandbox here
 * for this format. E_IO. */
MUST enum err table_open(struct table *t, int fd);

/* The next row behind the header. E_NOTFOUND: the end. Otherwise as table_open; then stop. */
MUST enum err table_next(struct table *t, struct table_row *ret);

/* Why it failed, a plain English clause: "it is a web page (HTML), not a table". */
str table_reason(const struct table *t);

/* Known after table_open. */
enum table_format table_format(const struct table *t);
str table_property(const struct table *t, enum row_property property); /* p == NULL: none */
size_t table_sheets(const struct table *t);
const struct table_sheet *table_sheet(const struct table *t, size_t i);

/* For the report: "CSV with ; in windows-1252 (by letters and names; scores ...)", "XLSX". */
void table_describe(buf *o, const struct table *t);

#endif
