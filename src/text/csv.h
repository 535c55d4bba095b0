/*
 * CSV: reading on libcsv, and writing (RFC 4180).
 *
 * The reader pulls its input and gives one row after the other in constant memory. Input is UTF-8
 * without a byte order mark, as charset_reader gives it. Line ends are CRLF, LF or a bare CR, also
 * mixed; inside quotes they are kept as they are, and so are blanks around a field.
 *
 * libcsv holds an open quote for ever. Here a field has a maximum; when it is passed, or the file
 * ends inside quotes, or a quoted field that has run over a line end meets a quote that neither
 * closes it nor is doubled, the row is refused, named by the line where the quote opened, and
 * reading goes on at the line after that one. So a lost quote costs one row and not the file.
 */
#ifndef TEXT_CSV_H
#define TEXT_CSV_H

#include "text/source.h"

enum {
	CSV_FIELD_MAX = 1 << 20, /* bytes of one field */
	CSV_ROW_MAX = 8 << 20,   /* bytes of one row as it stands in the file */
	CSV_COLUMNS_MAX = 10000,
};

enum csv_problem_kind {
	CSV_QUOTE_OPEN,       /* row refused: the quote that opens at this line never closes well */
	CSV_QUOTE_STRAY,      /* row kept: a quote stands inside a field without being doubled */
	CSV_FIELD_TOO_BIG,    /* row refused: a field over CSV_FIELD_MAX */
	CSV_ROW_TOO_BIG,      /* row refused: over CSV_ROW_MAX */
	CSV_TOO_MANY_COLUMNS, /* row refused: more than CSV_COLUMNS_MAX fields */
	CSV_NUL,              /* row refused: a zero byte, which no text has */
	CSV_HOPELESS,         /* the file is given up: its quotes make no sense; nothing follows */
	CSV_PROBLEM_COUNT_
};

struct csv_problem {
	enum csv_problem_kind kind;
	uint64_t line;    /* where the row starts, or for CSV_QUOTE_OPEN the quote, from 1 */
	uint64_t number;  /* of the row, from 1 */
	uint32_t column;  /* from 1; 0: the whole row */
	bool row_refused; /* the row is not given */
};

struct csv_row {
	const str *fields; /* until the next csv_next */
	size_t n;
	uint64_t line; /* the line of the file where the row starts, from 1 */
	uint64_t
		number; /* as a spreadsheet counts it, from 1: empty lines count, and are not given */
};

struct csv_options {
	char delimiter; /* 0: detect it from the header line: ; , or tab */
	void (*problem)(void *ctx, const struct csv_problem *p); /* may be NULL */
	void *ctx;
};

struct csv;

/* Lives in A. INPUT is copied; what it reads from must live as long as the reader. */
struct csv *csv_new(arena *a, const struct source *input, const struct csv_options *options);

/* The next row. E_NOTFOUND: the end. E_INVALID: given up, the last problem says why. Otherwise what
 * the source answered. */
MUST enum err csv_next(struct csv *c, struct csv_row *ret_row);

/* The delimiter in use; 0 before the first csv_next when it is to be detected. */
char csv_delimiter(const struct csv *c);

/* In plain English, with the limits as numbers: a clause after the place, as in "line 17: ...". */
const char *csv_problem_text(enum csv_problem_kind kind);

/*
 * Writing. One struct a file; the values of a row one after the other, then csv_end.
 * A text that a spreadsheet would run as a formula (it starts with = + - @ or a tab, CR or LF) gets
 * an apostrophe in front, unless it is a plain number.
 */
struct csv_out {
	buf *to;
	bool inside; /* the row has a value already */
};

void csv_put_bom(
	struct csv_out *o); /* for spreadsheets that take anything else for an old charset */
void csv_put(struct csv_out *o, str value);
void csv_put_i64(struct csv_out *o, int64_t value);
void csv_end(struct csv_out *o); /* CRLF */

/* True when a spreadsheet would take VALUE for a formula. */
bool csv_is_formula(str value);

#endif
