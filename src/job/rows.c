#include "base/utf8.h"
#include "job/rows.h"

enum {
	HEAD = 5, /* a letter and a length */
	BLOCK = 64 * 1024,
	FRAME_MAX = ROWS_ROW_MAX + 4 * ROWS_COLUMNS_MAX + 64,
};

const char *row_problem_text(enum row_problem_kind kind)
{
	static const char *const text[ROW_PROBLEM_COUNT_] = {
		[ROW_BAD_BYTES] = "some bytes have no meaning in the file's charset: row kept with "
				  "replacement characters",
		[ROW_ERROR_CELL] = "a cell holds an error of the spreadsheet: row kept",
		[ROW_BAD_CELL] = "a cell makes no sense and was left empty: row kept",
		[ROW_BAD_ELEMENT] = "not a valid JSON object: left out",
		[ROW_ELEMENT_TOO_BIG] = "over 1 MB, 64 levels or 10,000 values: left out",
		[ROW_SHEET_HIDDEN] = "the sheet is hidden: left out",
		[ROW_SHEET_MISSING] = "the sheet is not in the file: left out",
	};

	if (kind < (enum row_problem_kind)CSV_PROBLEM_COUNT_)
		return csv_problem_text((enum csv_problem_kind)kind);
	return kind < ROW_PROBLEM_COUNT_ ? text[kind] : "not readable";
}

/* --- Writing */

void rows_out_init(struct rows_out *o, arena *a, void (*write)(void *ctx, str frames), void *ctx)
{
	*o = (struct rows_out){ .write = write,
				.ctx = ctx,
				.block = buf_new(a, FRAME_MAX + BLOCK) };
}

static void flush(struct rows_out *o)
{
	if (o->write && o->block.n)
		o->write(o->ctx, buf_str(&o->block));
	buf_clear(&o->block);
}

static void put_number(buf *b, uint64_t v)
{
	char bytes[4] = { (char)v, (char)(v >> 8), (char)(v >> 16), (char)(v >> 24) };

	buf_put(b, (str){ bytes, 4 });
}

static void put_text(buf *b, str s)
{
	put_number(b, s.n);
	buf_put(b, s);
}

static void begin(struct rows_out *o, char kind, size_t length)
{
	if (o->block.n > BLOCK)
		flush(o);
	buf_byte(&o->block, kind);
	put_number(&o->block, length);
}

/* No reason or name is so long that its end matters. */
static str shortened(str s)
{
	return utf8_to(s, ROWS_TEXT_MAX);
}

void rows_put_property(struct rows_out *o, enum row_property property, str value)
{
	value = shortened(value);
	begin(o, 'T', 8 + value.n);
	put_number(&o->block, property);
	put_text(&o->block, value);
}

void rows_put_sheet(struct rows_out *o, str name)
{
	name = shortened(name);
	begin(o, 'S', 4 + name.n);
	put_text(&o->block, name);
	o->sheets++;
}

void rows_put_problem(struct rows_out *o, const struct row_problem *p)
{
	begin(o, 'P', 20);
	put_number(&o->block, p->kind);
	put_number(&o->block, p->sheet);
	put_number(&o->block, p->number);
	put_number(&o->block, p->column);
	put_number(&o->block, p->row_refused);
}

/* The limit that a row breaks; ROW_PROBLEM_COUNT_: none. */
static enum row_problem_kind broken_limit(const str *fields, size_t n, struct row_problem *p,
					  size_t *ret_size)
{
	size_t size = 12;

	if (n > ROWS_COLUMNS_MAX)
		return (enum row_problem_kind)CSV_TOO_MANY_COLUMNS;
	for (size_t i = 0; i < n; i++) {
		if (fields[i].n > ROWS_FIELD_MAX) {
			p->column = (uint32_t)i + 1;
			return (enum row_problem_kind)CSV_FIELD_TOO_BIG;
		}
		size += 4 + fields[i].n;
	}
	*ret_size = size;
	return size > ROWS_ROW_MAX ? (enum row_problem_kind)CSV_ROW_TOO_BIG : ROW_PROBLEM_COUNT_;
}

enum err rows_put_row(struct rows_out *o, uint32_t sheet, uint64_t number, const str *fields,
		      size_t n)
{
	struct row_problem p = { .sheet = sheet, .number = number, .row_refused = true };
	size_t size = 0;

	while (n > 0 && fields[n - 1].n == 0)
		n--;
	if (n == 0)
		return OK;
	p.kind = broken_limit(fields, n, &p, &size);
	if (p.kind != ROW_PROBLEM_COUNT_) {
		rows_put_problem(o, &p);
		return OK;
	}
	o->total += size;
	if (o->total > ROWS_TOTAL_MAX)
		return E_TOOBIG;
	begin(o, 'R', size);
	put_number(&o->block, sheet);
	put_number(&o->block, number);
	put_number(&o->block, n);
	for (size_t i = 0; i < n; i++)
		put_text(&o->block, fields[i]);
	return OK;
}

void rows_refuse(struct rows_out *o, str reason)
{
	reason = shortened(reason);
	begin(o, 'X', 4 + reason.n);
	put_text(&o->block, reason);
	flush(o);
}

void rows_end(struct rows_out *o)
{
	begin(o, 'E', 0);
	flush(o);
}

/* --- Reading */

struct rows_in {
	arena *a;
	struct source from;
	char *window;
	size_t at, end, cap;
	VEC(str) fields;
	uint32_t sheets, sheet;
	uint64_t number, total;
};

static void rows_in_release(void *arg)
{
	mem_free(((struct rows_in *)arg)->window);
}

struct rows_in *rows_in_new(arena *a, const struct source *from)
{
	struct rows_in *in = NEW(a, struct rows_in);

	in->a = a;
	in->from = *from;
	arena_defer(a, rows_in_release, in);
	return in;
}

/* Makes N bytes stand at window[at]. E_NOTFOUND: the source ended before. */
static enum err need(struct rows_in *in, size_t n)
{
	if (in->end - in->at >= n)
		return OK;
	if (in->at > 0)
		memmove(in->window, in->window + in->at, in->end - in->at);
	in->end -= in->at;
	in->at = 0;
	if (in->cap < n + BLOCK) {
		in->cap = MAX(n + BLOCK, MIN(in->cap * 2, (size_t)FRAME_MAX + BLOCK));
		in->window = mem_grow(in->window, in->cap);
	}
	while (in->end < n) {
		size_t got;

		TRY(source_read(&in->from, in->window + in->end, in->cap - in->end, &got));
		if (got == 0)
			return E_NOTFOUND;
		in->end += got;
	}
	return OK;
}

/* Takes a number off the start of *S. */
static bool take_number(str *s, uint32_t *ret)
{
	const unsigned char *p = (const unsigned char *)s->p;

	if (s->n < 4)
		return false;
	*ret = p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
	*s = str_from(*s, 4);
	return true;
}

static bool take_text(str *s, size_t max, str *ret)
{
	uint32_t n;

	if (!take_number(s, &n) || n > max || n > s->n)
		return false;
	*ret = str_to(*s, n);
	*s = str_from(*s, n);
	return utf8_valid(*ret) && str_find_byte(*ret, '\0') == STR_NONE;
}

/* Rows come in the order of the sheets and of their numbers. */
static bool take_row(struct rows_in *in, str s, struct rows_frame *f)
{
	uint32_t number, n;

	if (!take_number(&s, &f->sheet) || !take_number(&s, &number) || !take_number(&s, &n) ||
	    f->sheet >= in->sheets || f->sheet < in->sheet || n == 0 || n > ROWS_COLUMNS_MAX ||
	    number <= (f->sheet == in->sheet ? in->number : 0))
		return false;
	in->sheet = f->sheet;
	in->number = f->number = number;
	in->total += s.n;
	in->fields.n = 0;
	for (uint32_t i = 0; i < n; i++)
		if (!take_text(&s, ROWS_FIELD_MAX, vec_add(in->a, &in->fields)))
			return false;
	f->fields = in->fields.p;
	f->n = n;
	return s.n == 0 && in->total <= ROWS_TOTAL_MAX;
}

static bool take_problem(const struct rows_in *in, str s, struct row_problem *p)
{
	uint32_t kind, sheet, number, column, refused;

	if (!take_number(&s, &kind) || !take_number(&s, &sheet) || !take_number(&s, &number) ||
	    !take_number(&s, &column) || !take_number(&s, &refused))
		return false;
	*p = (struct row_problem){ .kind = (enum row_problem_kind)kind,
				   .sheet = sheet,
				   .number = number,
				   .column = column,
				   .row_refused = refused != 0 };
	return s.n == 0 && kind < ROW_PROBLEM_COUNT_ && sheet < in->sheets && refused <= 1;
}

static bool take(struct rows_in *in, char letter, str s, struct rows_frame *f)
{
	uint32_t property;

	switch (letter) {
	case 'T':
		f->kind = ROWS_PROPERTY;
		if (!take_number(&s, &property) || property >= ROW_PROPERTY_COUNT_)
			return false;
		f->property = (enum row_property)property;
		return take_text(&s, ROWS_TEXT_MAX, &f->text) && s.n == 0;
	case 'S':
		f->kind = ROWS_SHEET;
		return take_text(&s, ROWS_TEXT_MAX, &f->text) && s.n == 0 &&
		       ++in->sheets <= ROWS_SHEETS_MAX && in->number == 0;
	case 'R': f->kind = ROWS_ROW; return take_row(in, s, f);
	case 'P': f->kind = ROWS_PROBLEM; return take_problem(in, s, &f->problem);
	case 'X': f->kind = ROWS_REFUSED; return take_text(&s, ROWS_TEXT_MAX, &f->text) && s.n == 0;
	case 'E': f->kind = ROWS_END; return s.n == 0;
	}
	return false;
}

enum err rows_in_next(struct rows_in *in, struct rows_frame *ret)
{
	struct rows_frame f = { .kind = ROWS_END };
	uint32_t length;
	str head;

	TRY(need(in, HEAD));
	head = (str){ in->window + in->at + 1, 4 };
	if (!take_number(&head, &length) || length > FRAME_MAX)
		return E_INVALID;
	TRY(need(in, HEAD + length));
	if (!take(in, in->window[in->at], (str){ in->window + in->at + HEAD, length }, &f))
		return E_INVALID;
	in->at += HEAD + length;
	*ret = f;
	return OK;
}
