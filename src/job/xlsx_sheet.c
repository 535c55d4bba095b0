#include <math.h>

#include "job/xlsx_book.h"

enum cell_type { TYPE_NUMBER, TYPE_SHARED, TYPE_TEXT, TYPE_BOOLEAN, TYPE_ERROR };

/* A field of the row: a shared text, or a piece of the row's own text, which may still move. */
struct field {
	const char *shared;
	size_t at, n;
};

struct sheet {
	struct xlsx *x;
	uint32_t index;
	uint32_t row;         /* of the row being read, from 1 */
	uint32_t column, end; /* of the cell, from 0; behind the last field of the row */
	struct field *fields; /* ROWS_COLUMNS_MAX */
	str *views;           /* the same as texts */
	buf text, plain;
	size_t from; /* where the cell's text starts */
	enum cell_type type;
	enum cell_kind kind;
	unsigned phonetic;
	bool in_cell, in_text, in_data, too_wide;
};

static void report(const struct sheet *s, enum row_problem_kind kind, uint32_t column, bool refused)
{
	struct row_problem p = {
		.kind = kind,
		.sheet = s->index,
		.number = s->row,
		.column = column,
		.row_refused = refused,
	};

	rows_put_problem(s->x->out, &p);
}

static enum err refuse(const struct sheet *s, enum err e, const char *reason)
{
	buf_put(&s->x->why, str_of(reason));
	return e;
}

static enum err row_start(struct sheet *s, const char *const *attrs)
{
	str r = xml_attr(attrs, S("r"));
	int64_t number = (int64_t)s->row + 1;

	if (r.p && !str_to_i64(r, &number))
		number = 0;
	if (number <= s->row || number > XLSX_ROWS_MAX)
		return refuse(s, E_INVALID, "its rows are not in order, or more than 1,048,576");
	memset(s->fields, 0, s->end * sizeof *s->fields);
	s->row = (uint32_t)number;
	s->column = s->end = 0;
	s->too_wide = false;
	buf_clear(&s->text);
	return OK;
}

static enum err row_end(struct sheet *s)
{
	if (s->text.err != OK) {
		report(s, (enum row_problem_kind)CSV_ROW_TOO_BIG, 0, true);
	} else if (s->too_wide) {
		report(s, (enum row_problem_kind)CSV_TOO_MANY_COLUMNS, 0, true);
	} else {
		for (uint32_t i = 0; i < s->end; i++) {
			const struct field *f = &s->fields[i];

			s->views[i] = (str){ f->shared ? f->shared : s->text.p + f->at, f->n };
		}
		if (rows_put_row(s->x->out, s->index, s->row, s->views, s->end) != OK)
			return refuse(s, E_TOOBIG, "its rows hold more than 256 MB of text");
	}
	memset(s->fields, 0, s->end * sizeof *s->fields);
	s->end = 0;
	return OK;
}

/* "AB12": column 27, counted from 0. Without a reference the cell stands behind the one before. */
static uint32_t column_of(const struct sheet *s, str reference)
{
	uint32_t v = 0;
	size_t i = 0;

	for (; i < reference.n && i < 4; i++) {
		char c = (char)(reference.p[i] & ~0x20);

		if (c < 'A' || c > 'Z')
			break;
		v = v * 26 + (uint32_t)(c - 'A') + 1;
	}
	return i ? v - 1 : s->column;
}

static void cell_start(struct sheet *s, const char *const *attrs)
{
	static const struct {
		str name;
		enum cell_type type;
	} types[] = {
		{ S_INIT("s"), TYPE_SHARED },       { S_INIT("str"), TYPE_TEXT },
		{ S_INIT("inlineStr"), TYPE_TEXT }, { S_INIT("b"), TYPE_BOOLEAN },
		{ S_INIT("e"), TYPE_ERROR },        { S_INIT("d"), TYPE_TEXT },
	};
	str type = xml_attr(attrs, S("t")), style = xml_attr(attrs, S("s"));
	int64_t number;

	s->in_cell = true;
	s->column = column_of(s, xml_attr(attrs, S("r")));
	s->from = s->text.n;
	s->type = TYPE_NUMBER;
	for (size_t i = 0; i < COUNT_OF(types); i++)
		if (str_eq(type, types[i].name))
			s->type = types[i].type;
	s->kind = CELL_NUMBER;
	if (str_to_i64(style, &number) && number >= 0 && (uint64_t)number < s->x->styles.n)
		s->kind = (enum cell_kind)s->x->styles.p[number];
}

static struct field *field_of(struct sheet *s)
{
	if (s->column >= ROWS_COLUMNS_MAX) {
		s->too_wide = true;
		return NULL;
	}
	s->end = MAX(s->end, s->column + 1);
	return &s->fields[s->column];
}

/* The number in TEXT; false when it is something else. */
static bool to_double(str text, double *ret)
{
	char z[64], *end;

	text = str_trim(text);
	if (text.n == 0 || text.n >= sizeof z)
		return false;
	memcpy(z, text.p, text.n);
	z[text.n] = '\0';
	*ret = strtod(z, &end);
	return *end == '\0' && isfinite(*ret);
}

/* Replaces what the cell says by what a person sees. Texts that are no numbers stay as they are. */
static void put_value(struct sheet *s, str raw)
{
	double value;

	if (s->type == TYPE_NUMBER && to_double(raw, &value)) {
		s->text.n = s->from;
		if (s->kind == CELL_NUMBER)
			cell_put_number(&s->text, value);
		else
			cell_put_date(&s->text, value, s->kind, s->x->from_1904);
	} else if (s->type == TYPE_BOOLEAN) {
		s->text.n = s->from;
		buf_put(&s->text, str_eq(raw, S("1")) ? S("TRUE") : S("FALSE"));
	} else if (str_find(raw, S("_x")) != STR_NONE) {
		buf_clear(&s->plain);
		xlsx_put_text(&s->plain, raw);
		s->text.n = s->from;
		buf_put(&s->text, buf_str(&s->plain));
	}
}

static void cell_end(struct sheet *s)
{
	str raw = str_from(buf_str(&s->text), s->from);
	struct field *f;
	int64_t index;

	s->in_cell = false;
	if (raw.n && s->text.err == OK && (f = field_of(s))) {
		if (s->type == TYPE_ERROR)
			report(s, ROW_ERROR_CELL, s->column + 1, false);
		if (s->type != TYPE_SHARED) {
			put_value(s, raw);
			*f = (struct field){ NULL, s->from, s->text.n - s->from };
		} else if (str_to_i64(raw, &index) && index >= 0 &&
			   (uint64_t)index < s->x->strings.n) {
			str shared = s->x->strings.p[index];

			*f = (struct field){ shared.p ? shared.p : "", 0, shared.n };
			s->text.n = s->from;
		} else {
			report(s, ROW_BAD_CELL, s->column + 1, false);
			s->text.n = s->from;
		}
	}
	s->column++;
}

static enum err on_start(void *ctx, str name, const char *const *attrs)
{
	struct sheet *s = ctx;

	if (str_eq(name, S("sheetData")))
		s->in_data = true;
	if (!s->in_data)
		return OK;
	if (str_eq(name, S("row")))
		return row_start(s, attrs);
	if (str_eq(name, S("c")))
		cell_start(s, attrs);
	else if (str_eq(name, S("rPh")))
		s->phonetic++;
	else if (str_eq(name, S("v")) || str_eq(name, S("t")))
		s->in_text = s->in_cell && !s->phonetic;
	return OK;
}

static enum err on_end(void *ctx, str name)
{
	struct sheet *s = ctx;

	if (!s->in_data)
		return OK;
	if (str_eq(name, S("v")) || str_eq(name, S("t")))
		s->in_text = false;
	else if (str_eq(name, S("rPh")))
		s->phonetic--;
	else if (str_eq(name, S("c")))
		cell_end(s);
	else if (str_eq(name, S("row")))
		return row_end(s);
	else if (str_eq(name, S("sheetData")))
		s->in_data = false;
	return OK;
}

static enum err on_text(void *ctx, str text)
{
	struct sheet *s = ctx;

	if (s->in_text)
		buf_put(&s->text, text);
	return OK;
}

enum err xlsx_sheet_read(struct xlsx *x, const struct xlsx_sheet *sheet, uint32_t index)
{
	arena *a = arena_new();
	struct sheet s = {
		.x = x,
		.index = index,
		.fields = NEW_N(a, struct field, ROWS_COLUMNS_MAX),
		.views = NEW_N(a, str, ROWS_COLUMNS_MAX),
		.text = buf_new(a, ROWS_ROW_MAX),
		.plain = buf_new(a, ROWS_ROW_MAX),
	};
	struct xml xml = { on_start, on_end, on_text, &s };
	enum err e = xlsx_part(x, sheet->part, &xml);

	arena_free(a);
	return e;
}
