#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "job/format.h"
#include "job/json_rows.h"
#include "job/table.h"
#include "job/worker.h"

enum { REASON_MAX = 2000 };

struct table {
	arena *a;
	struct table_options options;
	enum table_format format;
	buf why;
	VEC(struct table_sheet *) sheets;
	str properties[ROW_PROPERTY_COUNT_];
	const struct table_sheet *sheet; /* of the row before */

	/* CSV and JSON */
	struct source_file file;
	struct charset charset;
	struct csv *csv;
	struct json_rows *json;
	bool header_lost; /* the row that should be the header was refused */

	/* XLS and XLSX */
	struct worker worker;
	struct rows_in *rows;
	struct rows_frame ahead; /* read by table_open, while it looked for the sheets */
	bool has_ahead;
};

struct table *table_new(arena *a, const struct table_options *options)
{
	struct table *t = NEW(a, struct table);

	t->a = a;
	t->options = *options;
	t->why = buf_new(a, REASON_MAX);
	if (t->options.rows_key.n == 0)
		t->options.rows_key = S("rows");
	return t;
}

static enum err refuse(struct table *t, enum err e, const char *reason)
{
	buf_clear(&t->why);
	buf_put(&t->why, str_of(reason));
	return e;
}

str table_reason(const struct table *t)
{
	return t->why.n ? buf_str(&t->why) : S("it cannot be read");
}

enum table_format table_format(const struct table *t)
{
	return t->format;
}

str table_property(const struct table *t, enum row_property property)
{
	return t->properties[property];
}

size_t table_sheets(const struct table *t)
{
	return t->sheets.n;
}

const struct table_sheet *table_sheet(const struct table *t, size_t i)
{
	return t->sheets.p[i];
}

void table_describe(buf *o, const struct table *t)
{
	static const char *const names[] = {
		[TABLE_NONE] = "unknown", [TABLE_CSV] = "CSV",   [TABLE_XLS] = "XLS",
		[TABLE_XLSX] = "XLSX",    [TABLE_JSON] = "JSON",
	};

	buf_put(o, str_of(names[t->format]));
	if (t->csv && csv_delimiter(t->csv)) {
		char delimiter = csv_delimiter(t->csv);

		buf_put(o, S(" with "));
		buf_put(o, delimiter == '\t' ? S("tab") : (str){ &delimiter, 1 });
	}
	if (t->csv || t->json) {
		buf_put(o, S(" in "));
		charset_describe(o, &t->charset);
	}
}

static struct table_sheet *add_sheet(struct table *t, str name)
{
	struct table_sheet *s = NEW(t->a, struct table_sheet);

	s->name = arena_str(t->a, name);
	s->index = (uint32_t)t->sheets.n;
	*vec_add(t->a, &t->sheets) = s;
	return s;
}

/* --- CSV and JSON */

static void pass_on(struct table *t, const struct row_problem *p)
{
	if (t->options.problem)
		t->options.problem(t->options.ctx, p);
}

static void csv_problem(void *ctx, const struct csv_problem *c)
{
	struct table *t = ctx;
	struct row_problem p = {
		.kind = (enum row_problem_kind)c->kind,
		.number = c->number,
		.line = c->line,
		.column = c->column,
		.row_refused = c->row_refused,
	};

	if (c->kind == CSV_HOPELESS || (c->row_refused && !t->sheets.p[0]->header)) {
		t->header_lost = true;
		buf_clear(&t->why);
		buf_printf(&t->why, "line %llu: %s", (unsigned long long)c->line,
			   csv_problem_text(c->kind));
	}
	pass_on(t, &p);
}

static void json_problem(void *ctx, const struct row_problem *p)
{
	pass_on(ctx, p);
}

static enum err open_text(struct table *t, int fd)
{
	struct charset_options how = { t->options.charset, t->options.names, t->options.n_names };
	struct source bytes = source_of_file(&t->file), text;
	enum err e;

	t->file = (struct source_file){ fd, 0 };
	e = charset_detect(&bytes, &how, &t->charset);
	if (e == E_INVALID)
		return refuse(t, e, "there is no charset of the name that was given");
	if (e != OK)
		return refuse(t, e, "it could not be read");
	t->file.position = 0;
	text = charset_source(t->a, &t->charset, &bytes);
	add_sheet(t, S(""));
	if (t->format == TABLE_CSV) {
		struct csv_options options = { t->options.delimiter, csv_problem, t };

		t->csv = csv_new(t->a, &text, &options);
	} else {
		t->json = json_rows_new(t->a, &text, t->options.rows_key, json_problem, t);
	}
	return OK;
}

/* --- XLS and XLSX */

static void end_worker(void *arg)
{
	worker_kill(arg);
}

static enum err from_worker(void *ctx, char *to, size_t cap, size_t *ret_n)
{
	return worker_read(ctx, to, cap, ret_n);
}

/* The next frame; what ends the reading becomes a reason. */
static enum err next_frame(struct table *t, struct rows_frame *ret)
{
	enum err e;

	if (t->has_ahead) {
		t->has_ahead = false;
		*ret = t->ahead;
		return OK;
	}
	e = rows_in_next(t->rows, ret);
	if (e == OK && ret->kind != ROWS_REFUSED && ret->kind != ROWS_END)
		return OK;
	if (e == OK && ret->kind == ROWS_REFUSED) {
		buf_clear(&t->why);
		buf_put(&t->why, ret->text);
		worker_finish(&t->worker);
		return E_INVALID;
	}
	if (e == E_INVALID) {
		worker_kill(&t->worker);
		return refuse(t, E_INVALID,
			      "its reader did not keep to the rules: perhaps an attack");
	}
	switch (worker_finish(&t->worker)) {
	case WORKER_DONE:
		return e == OK ? E_NOTFOUND : refuse(t, E_INVALID, "its reader stopped early");
	case WORKER_UNPROTECTED: return refuse(t, E_DENIED, worker_end_text(WORKER_UNPROTECTED));
	default: return refuse(t, E_INVALID, worker_end_text(t->worker.end));
	}
}

/* Reads up to the first row or problem: then the sheets and properties are known. */
static enum err read_head(struct table *t)
{
	for (;;) {
		TRY(next_frame(t, &t->ahead));
		if (t->ahead.kind == ROWS_PROPERTY) {
			t->properties[t->ahead.property] = arena_str(t->a, t->ahead.text);
		} else if (t->ahead.kind == ROWS_SHEET) {
			add_sheet(t, t->ahead.text);
		} else {
			t->has_ahead = true;
			return OK;
		}
	}
}

static enum err open_workbook(struct table *t, int fd)
{
	str kind = t->format == TABLE_XLS ? S("xls") : S("xlsx");
	struct worker_options options = { fd, -1, t->options.unsafe, false };
	struct source from = { from_worker, &t->worker };
	enum err e = worker_start(&t->worker, worker_kind_find(kind), &options);

	if (e == E_DENIED)
		return refuse(t, e, worker_end_text(WORKER_UNPROTECTED));
	if (e != OK)
		return refuse(t, e, "its reader could not be started");
	arena_defer(t->a, end_worker, &t->worker);
	t->rows = rows_in_new(t->a, &from);
	e = read_head(t);
	return e == E_NOTFOUND ? OK : e; /* no rows: table_next says so again */
}

enum err table_open(struct table *t, int fd)
{
	char head[FORMAT_HEAD];
	const char *reason = NULL;
	struct stat st;
	ssize_t n;

	if (fstat(fd, &st) != 0)
		return refuse(t, E_IO, "it could not be read");
	if (!S_ISREG(st.st_mode))
		return refuse(t, E_INVALID,
			      S_ISDIR(st.st_mode) ? "it is a folder, not a file"
						  : "it is not a regular file");
	do
		n = pread(fd, head, sizeof head, 0);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return refuse(t, E_IO, "it could not be read");
	t->format = format_of((str){ head, (size_t)n }, &reason);
	switch (t->format) {
	case TABLE_CSV:
	case TABLE_JSON: return open_text(t, fd);
	case TABLE_XLS:
	case TABLE_XLSX: return open_workbook(t, fd);
	case TABLE_NONE: break;
	}
	return refuse(t, E_INVALID, reason);
}

/* --- Rows */

static bool is_empty(const struct table_row *row)
{
	for (size_t i = 0; i < row->n; i++)
		if (row->fields[i].n)
			return false;
	return true;
}

static enum err next_csv(struct table *t, struct table_row *ret)
{
	struct csv_row row;
	enum err e = csv_next(t->csv, &row);

	if (t->header_lost)
		return E_INVALID;
	if (e == E_IO)
		return refuse(t, e, "it could not be read to its end");
	TRY(e);
	*ret = (struct table_row){ .sheet = t->sheets.p[0],
				   .number = row.number,
				   .line = row.line,
				   .fields = row.fields,
				   .n = row.n };
	return OK;
}

static enum err next_json(struct table *t, struct table_row *ret)
{
	struct json_row row;
	enum err e = json_rows_next(t->json, &row);

	if (e != OK && e != E_NOTFOUND)
		return refuse(t, e, json_rows_reason(t->json));
	TRY(e);
	*ret = (struct table_row){ t->sheets.p[0], row.number, row.line,
				   row.names,      row.fields, row.n };
	return OK;
}

static enum err next_workbook(struct table *t, struct table_row *ret)
{
	struct rows_frame f;

	for (;;) {
		if (t->worker.end != WORKER_RUNS && !t->has_ahead)
			return E_NOTFOUND;
		TRY(next_frame(t, &f));
		if (f.kind == ROWS_PROBLEM) {
			pass_on(t, &f.problem);
		} else if (f.kind == ROWS_ROW) {
			*ret = (struct table_row){ .sheet = t->sheets.p[f.sheet],
						   .number = f.number,
						   .fields = f.fields,
						   .n = f.n };
			return OK;
		} else {
			return refuse(t, E_INVALID, "its reader did not keep to the rules");
		}
	}
}

/* Takes ROW for its sheet's header when it is that; true when it is no row of data. */
static bool takes_header(struct table *t, const struct table_row *row)
{
	struct table_sheet *s = t->sheets.p[row->sheet->index];
	str *header;

	if (s->header || t->json)
		return false;
	if (row->number < t->options.header_row)
		return true;
	header = NEW_N(t->a, str, row->n);
	s->header = header;
	if (t->options.header_row && row->number > t->options.header_row)
		return false; /* nothing stands where the header should: it has no columns */
	for (size_t i = 0; i < row->n; i++)
		header[i] = arena_str(t->a, row->fields[i]);
	s->n_header = row->n;
	s->header_number = row->number;
	return true;
}

/* Whether some of the file's bytes may have become U+FFFD. */
static bool may_be_damaged(const struct charset *c)
{
	return c->bad > 0 || (c->why != CHARSET_ASCII && c->why != CHARSET_VALID_UTF8);
}

static void look_for_damage(struct table *t, const struct table_row *row)
{
	for (size_t i = 0; i < row->n; i++)
		if (str_find(row->fields[i], S("\xEF\xBF\xBD")) != STR_NONE) {
			struct row_problem p = { .kind = ROW_BAD_BYTES,
						 .number = row->number,
						 .line = row->line,
						 .column = (uint32_t)i + 1 };

			pass_on(t, &p);
			return;
		}
}

enum err table_next(struct table *t, struct table_row *ret)
{
	struct table_row row;

	do {
		enum err e = t->csv    ? next_csv(t, &row)
			     : t->json ? next_json(t, &row)
				       : next_workbook(t, &row);

		TRY(e);
		if ((t->csv || t->json) && may_be_damaged(&t->charset))
			look_for_damage(t, &row);
	} while (is_empty(&row) || takes_header(t, &row));
	*ret = row;
	return OK;
}
