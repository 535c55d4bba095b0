/*
 * Imports: a file becomes rows, rows become facts, facts change the store in one transaction, and a
 * report says what happened to every row.
 *
 * The framework reads the file, chooses the importer that knows its columns, keeps the journal
 * (tables import and import_note) and takes imports back. What a row means is the importer's: one
 * file a format in the slice that it feeds, one row in the table that main.c hands over.
 */
#ifndef JOB_IMPORT_H
#define JOB_IMPORT_H

#include "base/base.h"
#include "db/db.h"
#include "job/table.h"

enum note_level {
	NOTE_REJECTED, /* the row was not taken */
	NOTE_WARNING,  /* it was, and a person should look */
	NOTE_CHANGED,  /* it changed what was there */
};

/* One line of a report. Views live as long as the report. */
struct import_note {
	enum note_level level;
	str sheet;
	int64_t row; /* as a person counts: the header is row 1; 0: the whole file */
	str column, value;
	str was;    /* of a change: what stood before */
	str reason; /* a code such as unknown-state: stable for programs, put into words by po/ */
	str suggestion; /* may be empty */
};

struct import_report {
	str file;          /* its name without folders */
	int64_t import_id; /* 0 when nothing was recorded */
	int64_t same_as;   /* the import that took this very file before, or 0 */
	str format, publisher, dated, part;
	bool sample, held;
	str dated_from; /* how the date was found: option, file-name, properties, content, unknown */
	str reading;    /* how the file was read: "CSV with ; in windows-1252 (...)" */
	int64_t read, added, changed, unchanged, duplicate, rejected;
	VEC(struct import_note) notes; /* all of them, not the first */
};

/* Why a file as a whole was refused, beside E_INVALID or E_TOOBIG; nothing was stored. */
struct import_trouble {
	str file;
	struct import_note note; /* reason, and what it is about */
};

struct import_options {
	str as;           /* a format, or empty: recognised from the content */
	str source, date; /* publisher and ISO date, or empty: guessed */
	str charset;      /* or empty: detected */
	str mapping;      /* the text of a mapping file, or empty */
	bool hold, sample, keep_samples, unsafe;
};

/* How a noun that imports feed is loaded, taken back and shown. One row a slice. */
struct import_noun {
	const char *name;
	/* What its importers need to understand rows; loaded once a command. */
	enum err (*load)(struct core *core, arena *a, void **ret);
	/* Removes the source rows of an import; what nothing supports any more goes. */
	enum err (*forget)(struct core *core, arena *a, int64_t import_id);
	/* Lets the publisher look again at all that an import speaks of. */
	enum err (*touch)(struct core *core, arena *a, int64_t import_id);
};

/* Where a row stands, for notes and for the journal. */
struct import_place {
	str sheet;
	int64_t row;
};

/* The names of a table's columns. JSON has no header: these are the names of its first element. */
struct import_head {
	const str *names;
	size_t n;
};
int import_column(const struct import_head *head, str name); /* the first one of that name, or -1 */

/* One row of a file. */
struct import_row {
	struct import_place place;
	const struct import_head *head;
	const str *names; /* JSON: the names beside the fields; otherwise NULL */
	const str *fields;
	size_t n;
};

/* A column that an importer reads, under the spellings that files use for it, the usual one first. */
struct import_cell {
	str name;  /* as the file at hand spells it, for notes */
	str value; /* p == NULL: this file has no such column */
};
enum { IMPORT_SPELLINGS = 8 };
typedef const char *import_spellings[IMPORT_SPELLINGS]; /* ended by NULL */

/* The cell under any of SPELLINGS. In JSON a name may come several times: joined with |, in A. */
struct import_cell import_cell_of(arena *a, const struct import_row *row,
				  const import_spellings spellings);
bool import_has(const struct import_head *head, const import_spellings spellings);

/* All cells as read, as a JSON list (of pairs of name and value when the file was JSON). */
str import_raw(arena *a, const struct import_row *row);

/* An import while it runs. */
struct import {
	arena *a; /* lives until the report is done with */
	struct core *core;
	const struct import_options *options;
	const void *known; /* what the noun's load gave, once a command */
	const struct import_noun *known_of;
	struct import_report *report;
	int64_t id;
	void *batch;                    /* the slice's: the facts read so far */
	void *own;                      /* the importer's: what it wants to remember */
	struct import_trouble *trouble; /* import_refuse fills it */
};

struct importer {
	const char *format;    /* for --as and for the journal: "upr-info" */
	const char *title;     /* for people: "UPR Info's export" */
	const char *publisher; /* whose it is when nobody says; NULL: --source is needed */
	int64_t authority;     /* 1 an export, 2 an official document */
	const struct import_noun *noun;
	/* How sure, 0 to 100, that a table with this head is of this format. */
	int (*probe)(const struct import_head *head, const struct import_options *options);
	enum err (*begin)(struct import *im);
	/* A new sheet: finds its columns. E_INVALID: not a sheet of this format; it is left out. */
	enum err (*head)(struct import *im, const struct import_head *head);
	/* One row: a fact into the batch, or notes that say why not. */
	enum err (*row)(struct import *im, const struct import_row *row);
	/* The latest date that the rows themselves prove, and which part of an export this is. */
	void (*guess)(struct import *im, str *ret_date, str *ret_part);
	/* Compares the batch with the store, counts, and writes. */
	enum err (*apply)(struct import *im);
};

/* What a command that imports brings along. */
struct importing {
	struct core *core;
	const struct importer *const *importers; /* ended by NULL */
	const struct import_noun *const *nouns;
	const struct import_options *options;
	bool (*cancelled)(void *arg);
	void (*progress)(void *arg, str file, int64_t done, int64_t total); /* bytes; may be NULL */
	void *arg;
};

struct import_file {
	str name;
	int fd;
};

/* Reads all FILES in one transaction: all of them, or nothing. The reports come in the order of the
 * files. When samples were taken out because records came in, *RET_SAMPLES_OUT says how many imports. */
MUST enum err import_files(const struct importing *how, arena *a, const struct import_file *files,
			   size_t n, struct import_report **ret_reports, int64_t *ret_samples_out,
			   struct import_trouble *ret_trouble);

/* Takes an import back. E_NOTFOUND: there is none, or it was undone before. */
MUST enum err import_undo(const struct importing *how, arena *a, int64_t id);

/* Makes a held import public; samples make room as above. E_CONFLICT: it was not held. */
MUST enum err import_release(const struct importing *how, arena *a, int64_t id,
			     int64_t *ret_samples_out);

/* How many imports are in force. */
MUST enum err import_count_all(struct core *core, arena *a, int64_t *ret);

str note_level_code(enum note_level level); /* "rejected", "warning", "changed" */

/* For importers: the file as a whole makes no sense. Answers E_INVALID. */
MUST enum err import_refuse(struct import *im, str reason, str value, str suggestion);

/* For importers: a line of the report. PLACE may be NULL. Views are copied. */
void import_note(struct import *im, enum note_level level, const struct import_place *place,
		 str column, str value, str was, str reason, str suggestion);

#endif
