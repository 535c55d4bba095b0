#include "job/import.h"

#include <sys/stat.h>

#include "base/clock.h"
#include "import_sql.h"
#include "job/import_guess.h"
#include "text/date.h"
#include "text/digest.h"
#include "text/json.h"

enum { FILE_MAX = 512 << 20, JSON_MAX = 16 << 20 };

/* --- Notes. */

static struct import_note copied(arena *a, const struct import_note *n)
{
	return (struct import_note){
		.level = n->level,
		.sheet = arena_str(a, n->sheet),
		.row = n->row,
		.column = arena_str(a, n->column),
		.value = arena_str(a, n->value),
		.was = arena_str(a, n->was),
		.reason = arena_str(a, n->reason),
		.suggestion = arena_str(a, n->suggestion),
	};
}

void import_note(struct import *im, enum note_level level, const struct import_place *place,
		 str column, str value, str was, str reason, str suggestion)
{
	const struct import_note note = { level,
					  place ? place->sheet : S(""),
					  place ? place->row : 0,
					  column,
					  value,
					  was,
					  reason,
					  suggestion };

	*vec_add(im->a, &im->report->notes) = copied(im->a, &note);
}

enum err import_refuse(struct import *im, str reason, str value, str suggestion)
{
	const struct import_note note = {
		.level = NOTE_REJECTED, .value = value, .reason = reason, .suggestion = suggestion
	};

	im->trouble->file = im->report->file;
	im->trouble->note = copied(im->a, &note);
	return E_INVALID;
}

static int compare_notes(const void *a, const void *b)
{
	const struct import_note *x = a, *y = b;
	int sheet = str_cmp(x->sheet, y->sheet);

	if (sheet)
		return sheet;
	return x->row < y->row ? -1 : x->row > y->row;
}

str note_level_code(enum note_level level)
{
	return level == NOTE_REJECTED  ? S("rejected")
	       : level == NOTE_WARNING ? S("warning")
				       : S("changed");
}

static enum err store_notes(struct import *im)
{
	struct import_report *r = im->report;

	if (r->notes.n)
		qsort(r->notes.p, r->notes.n, sizeof *r->notes.p, compare_notes);
	for (size_t i = 0; i < r->notes.n; i++) {
		const struct import_note *n = &r->notes.p[i];

		TRY(import_note_insert(im->core, im->id, (int64_t)i, note_level_code(n->level),
				       n->sheet, n->row, n->column, n->value, n->was, n->reason,
				       n->suggestion));
	}
	return OK;
}

/* --- Columns and cells. */

int import_column(const struct import_head *head, str name)
{
	for (size_t i = 0; i < head->n; i++)
		if (str_eq_nocase(str_trim(head->names[i]), name))
			return (int)i;
	return -1;
}

bool import_has(const struct import_head *head, const import_spellings spellings)
{
	for (int i = 0; i < IMPORT_SPELLINGS && spellings[i]; i++)
		if (import_column(head, str_of(spellings[i])) >= 0)
			return true;
	return false;
}

/* In JSON, the values of every element of that name. */
static struct import_cell json_cell(arena *a, const struct import_row *row, str name)
{
	buf joined = buf_new(a, JSON_MAX);
	struct import_cell cell = { .name = name };

	for (size_t i = 0; i < row->n; i++) {
		if (!str_eq(row->names[i], name))
			continue;
		if (cell.value.p) {
			buf_byte(&joined, '|');
			buf_put(&joined, row->fields[i]);
		} else {
			buf_put(&joined, row->fields[i]);
		}
		cell.value = joined.n ? buf_str(&joined) : S("");
	}
	return cell;
}

struct import_cell import_cell_of(arena *a, const struct import_row *row,
				  const import_spellings spellings)
{
	for (int i = 0; i < IMPORT_SPELLINGS && spellings[i]; i++) {
		str name = str_of(spellings[i]);
		int at;

		if (row->names) {
			struct import_cell cell = json_cell(a, row, name);

			if (cell.value.p)
				return cell;
			continue;
		}
		at = import_column(row->head, name);
		if (at >= 0)
			return (struct import_cell){ row->head->names[at], (size_t)at < row->n
										   ? row->fields[at]
										   : S("") };
	}
	return (struct import_cell){ .name = str_of(spellings[0]) };
}

static str json_list(arena *a, const str *names, const str *values, size_t n)
{
	buf out = buf_new(a, JSON_MAX);
	struct json j = json_begin(&out, false);

	json_array_begin(&j);
	for (size_t i = 0; i < n; i++) {
		if (names) {
			json_array_begin(&j);
			json_str(&j, names[i]);
		}
		json_str(&j, values[i]);
		if (names)
			json_array_end(&j);
	}
	json_array_end(&j);
	return json_end(&j) == OK ? buf_str(&out) : S("[]");
}

str import_raw(arena *a, const struct import_row *row)
{
	return json_list(a, row->names, row->fields, row->n);
}

/* --- Reading one file. */

/* A file while it is read. */
struct reading {
	const struct importing *how;
	struct import *im;
	const struct importer *importer;
	struct table *table;
	int64_t size;
	const struct table_sheet *sheet; /* the one whose columns are known */
	struct import_head head;
	bool left_out; /* that sheet is not understood */
	str columns;
};

/* Reasons of rows that the reader of the format refuses, in the order of enum row_problem_kind. */
static const char *const row_reasons[ROW_PROBLEM_COUNT_] = {
	[CSV_QUOTE_OPEN] = "quote-open",
	[CSV_QUOTE_STRAY] = "quote-stray",
	[CSV_FIELD_TOO_BIG] = "field-too-big",
	[CSV_ROW_TOO_BIG] = "row-too-big",
	[CSV_TOO_MANY_COLUMNS] = "too-many-columns",
	[CSV_NUL] = "nul-byte",
	[CSV_HOPELESS] = "quotes-hopeless",
	[ROW_BAD_BYTES] = "bad-bytes",
	[ROW_ERROR_CELL] = "error-cell",
	[ROW_BAD_CELL] = "bad-cell",
	[ROW_BAD_ELEMENT] = "bad-element",
	[ROW_ELEMENT_TOO_BIG] = "element-too-big",
	[ROW_SHEET_HIDDEN] = "sheet-hidden",
	[ROW_SHEET_MISSING] = "sheet-missing",
};

static void on_row_problem(void *ctx, const struct row_problem *p)
{
	struct reading *r = ctx;
	const struct table_sheet *sheet = r->table && p->sheet < table_sheets(r->table)
						  ? table_sheet(r->table, p->sheet)
						  : NULL;
	const struct import_place place = { sheet ? sheet->name : S(""), (int64_t)p->number };
	str column = p->column && p->column <= r->head.n ? r->head.names[p->column - 1] : S("");

	import_note(r->im, p->row_refused ? NOTE_REJECTED : NOTE_WARNING, &place, column, S(""),
		    S(""), str_of(row_reasons[p->kind]), S(""));
	if (p->row_refused) {
		r->im->report->read++;
		r->im->report->rejected++;
	}
}

/* The importer that is surest; with --as, the one asked for. */
static enum err choose_importer(struct reading *r)
{
	const struct import_options *options = r->im->options;
	int best = 0;

	for (const struct importer *const *i = r->how->importers; *i; i++) {
		int sure = (*i)->probe(&r->head, options);

		if (options->as.n && !str_eq(options->as, str_of((*i)->format)))
			continue;
		if (options->as.n)
			sure = 100;
		if (sure > best) {
			best = sure;
			r->importer = *i;
		}
	}
	if (r->importer)
		return OK;
	if (options->as.n)
		return import_refuse(r->im, S("unknown-format"), options->as, S(""));
	return import_refuse(r->im, S("columns-unknown"),
			     json_list(r->im->a, NULL, r->head.names, r->head.n), S(""));
}

static enum err load_known(struct reading *r)
{
	const struct import_noun *noun = r->importer->noun;
	void *known;

	if (r->im->known_of == noun)
		return OK;
	TRY(noun->load(r->im->core, r->im->a, &known));
	r->im->known = known;
	r->im->known_of = noun;
	return OK;
}

/* A sheet whose columns we have not seen: its head, and for the first one the importer. */
static enum err enter_sheet(struct reading *r, const struct table_sheet *sheet,
			    const struct table_row *row)
{
	bool first = r->sheet == NULL;
	enum err e;

	r->sheet = sheet;
	r->head = sheet->header ? (struct import_head){ sheet->header, sheet->n_header }
				: (struct import_head){ row->names, row->n };
	if (first) {
		TRY(choose_importer(r));
		TRY(load_known(r));
		TRY(r->importer->begin(r->im));
		r->columns = sheet->header ? json_list(r->im->a, NULL, r->head.names, r->head.n)
					   : S("[]");
	}
	e = r->importer->head(r->im, &r->head);
	r->left_out = e == E_INVALID && !first;
	if (r->left_out) {
		const struct import_place place = { sheet->name, 0 };

		import_note(r->im, NOTE_WARNING, &place, S(""), S(""), S(""), S("sheet-left-out"),
			    S(""));
		return OK;
	}
	return e;
}

static enum err read_row(struct reading *r, const struct table_row *row)
{
	struct import_row in = { .place = { row->sheet->name, (int64_t)row->number },
				 .head = &r->head,
				 .names = row->names,
				 .fields = row->fields,
				 .n = row->n };

	if (row->sheet != r->sheet)
		TRY(enter_sheet(r, row->sheet, row));
	if (r->left_out)
		return OK;
	r->im->report->read++;
	return r->importer->row(r->im, &in);
}

static enum err read_rows(struct reading *r)
{
	struct table_row row;
	int64_t n = 0, bytes = 0;
	enum err e;

	while ((e = table_next(r->table, &row)) == OK) {
		TRY(read_row(r, &row));
		for (size_t i = 0; i < row.n; i++)
			bytes += (int64_t)row.fields[i].n + 1;
		if (n++ % 256 != 0)
			continue;
		if (r->how->cancelled && r->how->cancelled(r->how->arg))
			return E_CANCEL;
		if (r->how->progress)
			r->how->progress(r->how->arg, r->im->report->file, MIN(bytes, r->size),
					 r->size);
	}
	if (e == E_NOTFOUND && !r->importer && table_sheets(r->table) &&
	    table_sheet(r->table, 0)->header) {
		r->head = (struct import_head){ table_sheet(r->table, 0)->header,
						table_sheet(r->table, 0)->n_header };
		return choose_importer(r) == OK ? import_refuse(r->im, S("no-rows"), S(""), S(""))
						: E_INVALID;
	}
	return e;
}

/* What the reader of the file says when it gives up. */
static enum err refused_by_table(struct reading *r, enum err e)
{
	if (e != E_INVALID && e != E_TOOBIG && e != E_DENIED)
		return e;
	if (r->im->trouble->note.reason.n)
		return E_INVALID; /* said already */
	return import_refuse(r->im, e == E_DENIED ? S("no-sandbox") : S("not-a-table"),
			     table_reason(r->table), S(""));
}

static enum err read_table(struct reading *r, int fd)
{
	const struct import_options *o = r->im->options;
	const struct table_options options = {
		.charset = o->charset, .unsafe = o->unsafe, .problem = on_row_problem, .ctx = r
	};
	buf described = buf_new(r->im->a, 1024);
	enum err e;

	r->table = table_new(r->im->a, &options);
	e = table_open(r->table, fd);
	if (e == OK) {
		table_describe(&described, r->table);
		r->im->report->reading = buf_str(&described);
		e = read_rows(r);
	}
	if (e == E_NOTFOUND && !r->importer)
		return import_refuse(r->im, S("no-rows"), S(""), S(""));
	return e == E_NOTFOUND ? OK : refused_by_table(r, e);
}

/* --- The journal. */

static enum err digest_file(arena *a, int fd, str *ret)
{
	struct source_file file = { fd, 0 };
	struct source source = source_of_file(&file);
	char *block = arena_alloc_raw(a, SOURCE_BLOCK);
	struct digest_state state;
	size_t n;

	digest_init(&state);
	do {
		TRY(source_read(&source, block, SOURCE_BLOCK, &n));
		digest_put(&state, (str){ block, n });
	} while (n);
	*ret = digest_hex(a, digest_end(&state));
	return OK;
}

/* Who published it and when: said, or guessed, and the report says how. */
static enum err settle_origin(struct reading *r)
{
	struct import_report *report = r->im->report;
	const struct import_options *o = r->im->options;
	struct date date;
	str from_content = { 0 };

	report->format = str_of(r->importer->format);
	report->publisher = o->source.n ? o->source : str_of(r->importer->publisher);
	if (!report->publisher.n)
		return import_refuse(r->im, S("no-source"), S(""), S(""));
	if (o->date.n && date_parse(o->date, &date) != OK)
		return import_refuse(r->im, S("bad-date"), o->date, S("2018-07-25"));
	r->importer->guess(r->im, &from_content, &report->part);
	import_guess_date(o->date, report->file, table_property(r->table, ROW_CREATED),
			  from_content, &report->dated, &report->dated_from);
	report->dated = arena_str(r->im->a, report->dated);
	return OK;
}

static enum err write_journal(struct reading *r, str digest)
{
	struct import_report *report = r->im->report;
	const struct import_options *o = r->im->options;

	return import_insert(r->im->core, r->im->id, report->format, report->publisher,
			     report->dated, r->importer->authority, o->sample, o->hold,
			     report->part, r->columns, report->file, digest, r->size,
			     report->reading, clock_now());
}

static enum err import_file_into(const struct importing *how, struct import *im,
				 const struct import_file *file)
{
	struct import_report *report = im->report;
	struct reading r = { .how = how, .im = im };
	struct import_same_file same;
	struct import_last_id last;
	struct stat st;
	str digest;

	if (fstat(file->fd, &st) != 0)
		return E_IO;
	if (!S_ISREG(st.st_mode))
		return import_refuse(im, S("not-a-file"), S(""), S(""));
	if (st.st_size > FILE_MAX)
		return import_refuse(im, S("file-too-big"), S(""), S(""));
	r.size = st.st_size;
	TRY(digest_file(im->a, file->fd, &digest));
	TRY(import_same_file(im->core, im->a, digest, im->options->sample, &same));
	if (!same.id.null) {
		report->same_as = same.id.v;
		return OK;
	}
	TRY(read_table(&r, file->fd));
	TRY(settle_origin(&r));
	TRY(import_last_id(im->core, im->a, &last));
	report->import_id = im->id = last.id + 1;
	TRY(write_journal(&r, digest));
	TRY(r.importer->apply(im));
	TRY(store_notes(im));
	return import_count(im->core, im->id, report->read, report->added, report->changed,
			    report->unchanged, report->duplicate, report->rejected);
}

/* --- Commands. */

static enum err forget(const struct importing *how, arena *a, int64_t id, bool was_public)
{
	for (const struct import_noun *const *n = how->nouns; *n; n++) {
		if (was_public)
			TRY((*n)->touch(how->core, a, id));
		TRY((*n)->forget(how->core, a, id));
	}
	TRY(import_forget_notes(how->core, id));
	return import_set_undone(how->core, id, clock_now());
}

/* Samples make room for records: numbers never mix the two. */
static enum err take_samples_out(const struct importing *how, arena *a, int64_t *ret)
{
	struct import_samples *samples;
	size_t n;

	TRY(import_samples(how->core, a, &samples, &n));
	for (size_t i = 0; i < n; i++)
		TRY(forget(how, a, samples[i].id, true));
	*ret = (int64_t)n;
	return OK;
}

static bool brings_records(const struct importing *how, const struct import_report *reports,
			   size_t n)
{
	int64_t accepted = 0;

	for (size_t i = 0; i < n; i++)
		accepted += reports[i].read - reports[i].rejected;
	return accepted > 0 && !how->options->sample && !how->options->hold &&
	       !how->options->keep_samples;
}

static enum err import_all(const struct importing *how, arena *a, const struct import_file *files,
			   size_t n, struct import_report *reports, int64_t *ret_samples_out,
			   struct import_trouble *trouble)
{
	struct import im = { 0 };

	for (size_t i = 0; i < n; i++) {
		size_t slash = str_find_byte_last(files[i].name, '/');

		reports[i].file = slash == STR_NONE ? files[i].name
						    : str_from(files[i].name, slash + 1);
		reports[i].sample = how->options->sample;
		reports[i].held = how->options->hold;
		trouble->file = reports[i].file;
		im = (struct import){ .a = a,
				      .core = how->core,
				      .options = how->options,
				      .known = im.known,
				      .known_of = im.known_of,
				      .report = &reports[i],
				      .trouble = trouble };
		TRY(import_file_into(how, &im, &files[i]));
	}
	return brings_records(how, reports, n) ? take_samples_out(how, a, ret_samples_out) : OK;
}

enum err import_files(const struct importing *how, arena *a, const struct import_file *files,
		      size_t n, struct import_report **ret_reports, int64_t *ret_samples_out,
		      struct import_trouble *ret_trouble)
{
	struct import_report *reports = NEW_N(a, struct import_report, n);

	*ret_samples_out = 0;
	*ret_trouble = (struct import_trouble){ 0 };
	TRY(db_begin(how->core->db));
	TRY(db_finish(how->core->db,
		      import_all(how, a, files, n, reports, ret_samples_out, ret_trouble)));
	*ret_reports = reports;
	return OK;
}

static enum err undo(const struct importing *how, arena *a, int64_t id)
{
	struct import_get row;

	TRY(import_get(how->core, a, id, &row));
	if (!row.undone.null)
		return E_NOTFOUND;
	return forget(how, a, id, !row.held);
}

enum err import_undo(const struct importing *how, arena *a, int64_t id)
{
	TRY(db_begin(how->core->db));
	return db_finish(how->core->db, undo(how, a, id));
}

static enum err release(const struct importing *how, arena *a, int64_t id, int64_t *ret_samples_out)
{
	struct import_get row;

	TRY(import_get(how->core, a, id, &row));
	if (!row.undone.null)
		return E_NOTFOUND;
	if (!row.held)
		return E_CONFLICT;
	TRY(import_set_held(how->core, id, 0));
	for (const struct import_noun *const *n = how->nouns; *n; n++)
		TRY((*n)->touch(how->core, a, id));
	return row.sample || how->options->keep_samples ? OK
							: take_samples_out(how, a, ret_samples_out);
}

enum err import_release(const struct importing *how, arena *a, int64_t id, int64_t *ret_samples_out)
{
	*ret_samples_out = 0;
	TRY(db_begin(how->core->db));
	return db_finish(how->core->db, release(how, a, id, ret_samples_out));
}

enum err import_count_all(struct core *core, arena *a, int64_t *ret)
{
	struct import_in_force row;

	TRY(import_in_force(core, a, &row));
	*ret = row.n;
	return OK;
}
