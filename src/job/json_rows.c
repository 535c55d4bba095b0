#include <jansson.h>

#include "job/json_rows.h"

enum { KEY_MAX = 256, NAME_MAX_BYTES = 1000 };

struct json_rows {
	arena *a;
	struct source from;
	str key;
	void (*problem)(void *ctx, const struct row_problem *p);
	void *ctx;

	char *window;
	size_t at, end;
	uint64_t line, number;
	bool started;
	const char *reason;

	buf element; /* its bytes; over JSON_ELEMENT_MAX its error is set and the rest is passed over */
	unsigned deepest;
	arena *row; /* what the present row needs */
	VEC(str) names;
	VEC(str) fields;
};

static void release(void *arg)
{
	struct json_rows *j = arg;

	arena_free(j->row);
	mem_free(j->window);
}

struct json_rows *json_rows_new(arena *a, const struct source *from, str key,
				void (*problem)(void *ctx, const struct row_problem *p), void *ctx)
{
	struct json_rows *j = NEW(a, struct json_rows);

	j->a = a;
	j->from = *from;
	j->key = key;
	j->problem = problem;
	j->ctx = ctx;
	j->line = 1;
	j->window = mem_alloc(SOURCE_BLOCK);
	j->element = buf_new(a, JSON_ELEMENT_MAX);
	j->row = arena_new();
	arena_defer(a, release, j);
	return j;
}

const char *json_rows_reason(const struct json_rows *j)
{
	return j->reason ? j->reason : "it cannot be read";
}

static enum err refuse(struct json_rows *j, const char *reason)
{
	j->reason = reason;
	return E_INVALID;
}

/* --- Bytes */

static enum err peek(struct json_rows *j, char *ret)
{
	if (j->at == j->end) {
		j->at = j->end = 0;
		TRY(source_read(&j->from, j->window, SOURCE_BLOCK, &j->end));
		if (j->end == 0)
			return refuse(j, "it ends in the middle: the file is cut off");
	}
	*ret = j->window[j->at];
	return OK;
}

static void pass(struct json_rows *j)
{
	j->line += j->window[j->at] == '\n';
	j->at++;
}

/* The next byte that is no white space, without passing it. */
static enum err peek_token(struct json_rows *j, char *ret)
{
	for (;;) {
		TRY(peek(j, ret));
		if (*ret != ' ' && *ret != '\t' && *ret != '\r' && *ret != '\n')
			return OK;
		pass(j);
	}
}

/* Passes C, or answers E_INVALID when something else stands there. */
static enum err expect(struct json_rows *j, char c)
{
	char got;

	TRY(peek_token(j, &got));
	if (got != c)
		return refuse(j, "its JSON is damaged");
	pass(j);
	return OK;
}

/* --- Values, without looking into them */

/* A string with its quotes; KEEP may be NULL. */
static enum err pass_string(struct json_rows *j, buf *keep)
{
	bool escaped = false, first = true;
	char c;

	for (;;) {
		TRY(peek(j, &c));
		if (keep)
			buf_byte(keep, c);
		pass(j);
		if (!first && !escaped && c == '"')
			return OK;
		escaped = !first && !escaped && c == '\\';
		first = false;
	}
}

static bool ends_scalar(char c)
{
	return c == ',' || c == ']' || c == '}' || c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Any value, its brackets balanced: whether they match is jansson's to see. */
static enum err pass_value(struct json_rows *j, buf *keep)
{
	unsigned depth = 0;
	char c;

	TRY(peek_token(j, &c));
	j->deepest = 0;
	do {
		TRY(peek(j, &c));
		if (c == '"') {
			TRY(pass_string(j, keep));
			continue;
		}
		if (depth == 0 && c != '{' && c != '[')
			break;
		depth += (c == '{' || c == '[');
		depth -= (c == '}' || c == ']');
		j->deepest = MAX(j->deepest, depth);
		if (keep)
			buf_byte(keep, c);
		pass(j);
	} while (depth > 0);
	while (depth == 0 && c != '"' && c != '}' && c != ']') { /* a number or a word */
		TRY(peek(j, &c));
		if (ends_scalar(c))
			break;
		if (keep)
			buf_byte(keep, c);
		pass(j);
	}
	return OK;
}

/* Moves to the array under the key of the object that the file is. */
static enum err find_key(struct json_rows *j)
{
	buf name = buf_new(j->a, KEY_MAX);
	char c;

	TRY(peek_token(j, &c));
	while (c == '"') {
		buf_clear(&name);
		TRY(pass_string(j, &name));
		TRY(expect(j, ':'));
		TRY(peek_token(j, &c));
		if (c == '[' && name.err == OK && name.n >= 2 &&
		    str_eq((str){ name.p + 1, name.n - 2 }, j->key))
			return expect(j, '[');
		TRY(pass_value(j, NULL));
		TRY(peek_token(j, &c));
		if (c == ',') {
			pass(j);
			TRY(peek_token(j, &c));
		}
	}
	return refuse(j, "it has no array of records where one is expected");
}

static enum err start(struct json_rows *j)
{
	char c;

	j->started = true;
	TRY(peek_token(j, &c));
	if (c != '[' && c != '{')
		return refuse(j, "its JSON is neither an array nor an object");
	pass(j);
	return c == '[' ? OK : find_key(j);
}

/* --- An element as names and texts */

struct flat {
	struct json_rows *j;
	buf name;
	bool too_many;
};

static void put_field(struct flat *f, str value)
{
	struct json_rows *j = f->j;

	if (j->names.n >= ROWS_COLUMNS_MAX || f->name.err != OK) {
		f->too_many = true;
		return;
	}
	*vec_add(j->a, &j->names) = arena_str(j->row, buf_str(&f->name));
	*vec_add(j->a, &j->fields) = value;
}

static str number_text(arena *a, const json_t *v)
{
	buf b = buf_new(a, 64);

	if (json_is_integer(v))
		buf_i64(&b, json_integer_value(v));
	else
		buf_printf(&b, "%.15g", json_real_value(v));
	return buf_str(&b);
}

static void flatten(struct flat *f, json_t *v)
{
	size_t i, length = f->name.n;
	const char *key;
	json_t *inner;

	switch (json_typeof(v)) {
	case JSON_OBJECT:
		json_object_foreach(v, key, inner)
		{
			if (length)
				buf_byte(&f->name, '.');
			buf_put(&f->name, str_of(key));
			flatten(f, inner);
			f->name.n = length;
		}
		break;
	case JSON_ARRAY: json_array_foreach(v, i, inner) flatten(f, inner); break;
	case JSON_STRING: put_field(f, (str){ json_string_value(v), json_string_length(v) }); break;
	case JSON_INTEGER:
	case JSON_REAL: put_field(f, number_text(f->j->row, v)); break;
	case JSON_TRUE: put_field(f, S("true")); break;
	case JSON_FALSE: put_field(f, S("false")); break;
	case JSON_NULL: break;
	}
}

static void free_element(void *arg)
{
	json_decref(arg);
}

static void report(const struct json_rows *j, enum row_problem_kind kind, uint64_t line)
{
	struct row_problem p = {
		.kind = kind,
		.number = j->number,
		.line = line,
		.row_refused = true,
	};

	if (j->problem)
		j->problem(j->ctx, &p);
}

/* The element as a row; false when it is refused. */
static bool take(struct json_rows *j, uint64_t line, struct json_row *ret)
{
	struct flat f = { .j = j, .name = buf_new(j->row, NAME_MAX_BYTES) };
	json_error_t error;
	json_t *v;

	if (j->element.err != OK || j->deepest > JSON_DEPTH_MAX) {
		report(j, ROW_ELEMENT_TOO_BIG, line);
		return false;
	}
	v = json_loadb(j->element.p, j->element.n, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES,
		       &error);
	if (!v || !json_is_object(v)) {
		json_decref(v);
		report(j, ROW_BAD_ELEMENT, line);
		return false;
	}
	arena_defer(j->row, free_element, v);
	j->names.n = j->fields.n = 0;
	flatten(&f, v);
	if (f.too_many) {
		report(j, ROW_ELEMENT_TOO_BIG, line);
		return false;
	}
	*ret = (struct json_row){ j->names.p, j->fields.p, j->names.n, j->number, line };
	return true;
}

enum err json_rows_next(struct json_rows *j, struct json_row *ret)
{
	char c;

	if (!j->started)
		TRY(start(j));
	for (;;) {
		uint64_t line;

		TRY(peek_token(j, &c));
		if (c == ']')
			return E_NOTFOUND;
		if (j->number > 0)
			TRY(expect(j, ','));
		TRY(peek_token(j, &c));
		line = j->line;
		arena_reset(j->row);
		buf_clear(&j->element);
		j->number++;
		TRY(pass_value(j, &j->element));
		if (j->element.n == 0)
			return refuse(j, "its JSON is damaged");
		if (take(j, line, ret))
			return OK;
	}
}
