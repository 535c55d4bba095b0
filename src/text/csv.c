/*
 * The window holds the input from the start of the row that is being read to what was read last, so
 * that a row can be given up and reading go on at one of its later lines:
 *
 *     | row starts ... | fed to libcsv ... | read, not fed yet | room |
 *     row              (lines)             at                  end    cap
 *
 * libcsv is fed a line at a time: that is how the line numbers are known.
 */
#include <csv.h>

#include "text/csv.h"

enum {
	/* Going back costs time: this much is free, and then as much as was read three times over. */
	BACK_FREE = 16 << 20,
	BACK_TIMES = 3,
};

struct cell {
	size_t at, n;
};

struct csv {
	arena *a;
	struct source input;
	struct csv_options options;
	struct csv_parser libcsv;

	char *window;
	size_t row, at, end, cap;
	size_t next_cr, next_lf; /* cached positions in the window, right when >= at */
	bool at_eof;
	uint64_t read_total, back_total;

	uint64_t line;   /* of the byte at `at`, from 1 */
	uint64_t number; /* of the row being read */

	/* The row being read. */
	uint64_t row_line;
	bool open, done, stray, has_nul, too_wide, too_big;
	uint32_t bad_column;
	buf text;
	VEC(struct cell) cells;
	VEC(str) fields;

	/* The field being read: the line where it began, the end in the window of the piece where it
	 * began, and what was fed since. */
	uint64_t field_line;
	size_t field_piece_end, field_fed;
	bool field_ended; /* in the piece just fed */
};

const char *csv_problem_text(enum csv_problem_kind kind)
{
	static const char *const text[CSV_PROBLEM_COUNT_] = {
		[CSV_QUOTE_OPEN] =
			"the quotation mark that opens here is not closed well: row left out, "
			"reading went on at the next line",
		[CSV_QUOTE_STRAY] =
			"a quotation mark inside a field is not doubled: row kept as it reads",
		[CSV_FIELD_TOO_BIG] = "a field is over 1 MB: row left out",
		[CSV_ROW_TOO_BIG] = "the row is over 8 MB: row left out",
		[CSV_TOO_MANY_COLUMNS] = "more than 10,000 columns: row left out",
		[CSV_NUL] = "a zero byte, which no text has: row left out",
		[CSV_HOPELESS] =
			"too many quotation marks are not closed: this does not look like CSV, "
			"or its delimiter is another",
	};

	return (unsigned)kind < CSV_PROBLEM_COUNT_ ? text[kind] : "not readable";
}

static int no_blanks(unsigned char c)
{
	(void)c; /* libcsv would cut them; we keep what the file says */
	return 0;
}

static void release(void *arg)
{
	struct csv *c = arg;

	csv_free(&c->libcsv);
	mem_free(c->window);
}

struct csv *csv_new(arena *a, const struct source *input, const struct csv_options *options)
{
	struct csv *c = NEW(a, struct csv);

	c->a = a;
	c->input = *input;
	c->options = *options;
	c->line = 1;
	c->text = buf_new(a, CSV_ROW_MAX + SOURCE_BLOCK);
	csv_init(&c->libcsv, CSV_STRICT); /* it cannot fail: its memory comes later */
	csv_set_realloc_func(&c->libcsv, mem_grow);
	csv_set_free_func(&c->libcsv, mem_free);
	csv_set_blk_size(&c->libcsv, SOURCE_BLOCK);
	csv_set_space_func(&c->libcsv, no_blanks);
	csv_set_delim(&c->libcsv, (unsigned char)options->delimiter);
	arena_defer(a, release, c);
	return c;
}

char csv_delimiter(const struct csv *c)
{
	return c->options.delimiter;
}

static void report(const struct csv *c, enum csv_problem_kind kind, uint64_t line, uint32_t column,
		   bool row_refused)
{
	struct csv_problem p = { kind, line, c->number, column, row_refused };

	if (c->options.problem)
		c->options.problem(c->options.ctx, &p);
}

/* --- The window */

/* Reads on behind `end`; what stands before the row goes. */
static enum err fill(struct csv *c)
{
	size_t n;

	if (c->row > 0) {
		memmove(c->window, c->window + c->row, c->end - c->row);
		c->at -= c->row;
		c->end -= c->row;
		c->field_piece_end -= MIN(c->field_piece_end, c->row);
		c->next_cr = c->next_lf = 0;
		c->row = 0;
	}
	if (c->cap - c->end < SOURCE_BLOCK) {
		size_t cap = MAX(c->cap * 2, (size_t)2 * SOURCE_BLOCK);

		c->window = mem_grow(c->window, cap);
		c->cap = cap;
	}
	TRY(source_read(&c->input, c->window + c->end, SOURCE_BLOCK, &n));
	c->at_eof = n == 0;
	c->end += n;
	c->read_total += n;
	return OK;
}

static size_t find(const struct csv *c, size_t from, char byte)
{
	const char *hit = from < c->end ? memchr(c->window + from, byte, c->end - from) : NULL;

	return hit ? (size_t)(hit - c->window) : c->end;
}

/* Where the line that FROM stands in ends, behind its line end; `end` when that is not in sight. */
static size_t line_end(struct csv *c, size_t from)
{
	size_t at;

	if (c->next_cr < from || c->next_cr > c->end)
		c->next_cr = find(c, from, '\r');
	if (c->next_lf < from || c->next_lf > c->end)
		c->next_lf = find(c, from, '\n');
	at = MIN(c->next_cr, c->next_lf);
	if (at == c->end)
		return at;
	return at + (c->window[at] == '\r' && at + 1 < c->end && c->window[at + 1] == '\n' ? 2 : 1);
}

static bool ends_line(const struct csv *c, size_t at)
{
	return at > 0 && (c->window[at - 1] == '\n' || c->window[at - 1] == '\r');
}

/* The next piece to feed: a whole line, or what there is of one. *RET_END == at: the end of the
 * input. A CR at the end of the window waits for the LF that may follow. */
static enum err piece(struct csv *c, size_t *ret_end)
{
	size_t to = line_end(c, c->at);

	while (!c->at_eof && (to == c->at || (to == c->end && c->window[to - 1] == '\r'))) {
		TRY(fill(c));
		c->next_cr = c->next_lf = 0;
		to = line_end(c, c->at);
	}
	*ret_end = to;
	return OK;
}

/* --- A row */

static void begin_row(struct csv *c)
{
	c->row = c->at;
	c->row_line = c->field_line = c->line;
	c->open = c->done = c->stray = c->has_nul = c->too_wide = c->too_big = false;
	c->bad_column = 0;
	c->field_fed = 0;
	c->field_piece_end = c->at;
	buf_clear(&c->text);
	c->cells.n = 0;
	csv_set_opts(&c->libcsv, CSV_STRICT);
}

static void on_field(void *p, size_t n, void *ctx)
{
	struct csv *c = ctx;

	c->field_ended = true;
	if (c->cells.n >= CSV_COLUMNS_MAX) {
		c->too_wide = true;
		return;
	}
	if (n > CSV_FIELD_MAX && !c->too_big) {
		c->too_big = true;
		c->bad_column = (uint32_t)c->cells.n + 1;
	}
	*vec_add(c->a, &c->cells) = (struct cell){ c->text.n, n };
	buf_put(&c->text, (str){ p, n });
}

static void on_row(int end, void *ctx)
{
	struct csv *c = ctx;

	(void)end;
	c->done = true;
}

/* Forgets the row in libcsv: its state has no other way back. Called only inside a row. */
static void libcsv_forget(struct csv *c)
{
	csv_set_opts(&c->libcsv, 0);
	csv_fini(&c->libcsv, NULL, NULL, NULL);
}

/* Passes over what is left of a line of any length. */
static enum err skip_line(struct csv *c)
{
	for (;;) {
		size_t to;

		TRY(piece(c, &to));
		if (to == c->at)
			return OK;
		c->at = c->row = to;
		if (ends_line(c, to)) {
			c->line++;
			return OK;
		}
	}
}

/* Refuses the row and goes on at the line after the one where the field being read began. */
static enum err give_up_row(struct csv *c, enum csv_problem_kind kind)
{
	report(c, kind, kind == CSV_QUOTE_OPEN ? c->field_line : c->row_line,
	       kind == CSV_ROW_TOO_BIG ? 0 : (uint32_t)c->cells.n + 1, true);
	libcsv_forget(c);
	c->open = false;
	c->back_total += c->at - c->field_piece_end;
	if (c->back_total > BACK_FREE + BACK_TIMES * c->read_total) {
		report(c, CSV_HOPELESS, c->field_line, 0, false);
		return E_INVALID;
	}
	c->line = c->field_line;
	c->at = c->row = c->field_piece_end;
	c->next_cr = c->next_lf = 0;
	if (!ends_line(c, c->at))
		return skip_line(c);
	c->line++;
	return OK;
}

/* Feeds window[at..to), which is a line or a part of one. *RET_BROKEN: a field that began on an
 * earlier line met a stray quote: the row is to be given up. */
static void feed(struct csv *c, size_t to, bool *ret_broken)
{
	size_t n = to - c->at, fed;
	const char *p = c->window + c->at;

	c->field_ended = false;
	if (memchr(p, '\0', n))
		c->has_nul = true;
	fed = csv_parse(&c->libcsv, p, n, on_field, on_row, c);
	if (fed < n) { /* strict: a stray quote; the rest again without being strict */
		if (!c->field_ended && c->field_line < c->line) {
			*ret_broken = true;
			return;
		}
		c->stray = true;
		csv_set_opts(&c->libcsv, 0);
		csv_parse(&c->libcsv, p + fed, n - fed, on_field, on_row, c);
	}
	c->at = to;
	if (c->field_ended) {
		c->field_line = c->line;
		c->field_piece_end = to;
		c->field_fed = 0;
	} else {
		if (c->field_piece_end == c->row)
			c->field_piece_end = to;
		c->field_fed += n;
	}
	if (ends_line(c, to))
		c->line++;
}

/* The end of the input inside a row. */
static enum err last_row(struct csv *c)
{
	if (csv_set_opts(&c->libcsv, CSV_STRICT | CSV_STRICT_FINI) == 0 &&
	    csv_fini(&c->libcsv, on_field, on_row, c) == 0) {
		c->done = true;
		return OK;
	}
	return give_up_row(c, CSV_QUOTE_OPEN);
}

/* Feeds until a row is whole (done), or given up, or the input ends (not open). */
static enum err read_row(struct csv *c)
{
	while (!c->done) {
		bool broken = false;
		size_t to;

		TRY(piece(c, &to));
		if (to == c->at)
			return c->open ? last_row(c) : OK;
		if (!c->open)
			begin_row(c);
		c->open = true;
		feed(c, to, &broken);
		if (c->done)
			break;
		if (broken)
			return give_up_row(c, CSV_QUOTE_OPEN);
		if (c->field_fed > CSV_FIELD_MAX)
			return give_up_row(c, c->field_line < c->line ? CSV_QUOTE_OPEN
								      : CSV_FIELD_TOO_BIG);
		if (c->at - c->row > CSV_ROW_MAX)
			return give_up_row(c, CSV_ROW_TOO_BIG);
	}
	return OK;
}

/* An empty line between rows: counted, not given. */
static bool is_blank_line(const struct csv *c, size_t to)
{
	char first = c->window[c->at];

	return to > c->at && (first == '\r' || first == '\n');
}

/* Says what is wrong with the row that was read; false when it is refused. */
static bool judge(const struct csv *c)
{
	enum csv_problem_kind kind = c->too_wide         ? CSV_TOO_MANY_COLUMNS
				     : c->too_big        ? CSV_FIELD_TOO_BIG
				     : c->text.err != OK ? CSV_ROW_TOO_BIG
				     : c->has_nul        ? CSV_NUL
				     : c->stray          ? CSV_QUOTE_STRAY
							 : CSV_PROBLEM_COUNT_;
	bool refused = kind < CSV_PROBLEM_COUNT_ && kind != CSV_QUOTE_STRAY;

	if (kind < CSV_PROBLEM_COUNT_)
		report(c, kind, c->row_line, kind == CSV_FIELD_TOO_BIG ? c->bad_column : 0,
		       refused);
	return !refused;
}

static void hand_out(struct csv *c, struct csv_row *ret_row)
{
	c->fields.n = 0;
	for (size_t i = 0; i < c->cells.n; i++)
		*vec_add(c->a, &c->fields) = (str){ c->text.p ? c->text.p + c->cells.p[i].at : "",
						    c->cells.p[i].n };
	*ret_row = (struct csv_row){ c->fields.p, c->fields.n, c->row_line, c->number };
}

/* The most frequent of ; , and tab outside quotes in the first line. */
static char detect_delimiter(str head)
{
	static const char candidates[] = ";,\t";
	size_t count[3] = { 0 }, best = 0;
	bool quoted = false;

	for (size_t i = 0; i < head.n; i++) {
		const char *hit;

		if (head.p[i] == '"')
			quoted = !quoted;
		else if (!quoted && (head.p[i] == '\r' || head.p[i] == '\n'))
			break;
		else if (!quoted && head.p[i] && (hit = strchr(candidates, head.p[i])))
			count[hit - candidates]++;
	}
	for (size_t i = 1; i < 3; i++)
		if (count[i] > count[best])
			best = i;
	return count[best] ? candidates[best] : ',';
}

static enum err start(struct csv *c)
{
	size_t from = 0;

	while (!c->at_eof && c->end < SOURCE_BLOCK)
		TRY(fill(c));
	while (from < c->end && (c->window[from] == '\r' || c->window[from] == '\n'))
		from++;
	c->options.delimiter = detect_delimiter((str){ c->window + from, c->end - from });
	csv_set_delim(&c->libcsv, (unsigned char)c->options.delimiter);
	return OK;
}

enum err csv_next(struct csv *c, struct csv_row *ret_row)
{
	if (c->options.delimiter == 0)
		TRY(start(c));
	for (;;) {
		size_t to;

		c->open = c->done = false;
		c->row = c->at;
		TRY(piece(c, &to));
		if (to == c->at)
			return E_NOTFOUND;
		c->number++;
		if (is_blank_line(c, to)) {
			c->at = to;
			c->line++;
			continue;
		}
		TRY(read_row(c));
		if (c->done && judge(c)) {
			hand_out(c, ret_row);
			return OK;
		}
	}
}

/* --- Writing */

/* A sign, digits, and at most one decimal point or comma: what is safe to leave as it is. */
static bool is_plain_number(str s)
{
	size_t digits = 0, points = 0;

	s = str_from(s, s.n && (s.p[0] == '-' || s.p[0] == '+'));
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] >= '0' && s.p[i] <= '9')
			digits++;
		else if (s.p[i] == '.' || s.p[i] == ',')
			points++;
		else
			return false;
	}
	return digits > 0 && points <= 1;
}

bool csv_is_formula(str value)
{
	return value.n && value.p[0] && strchr("=+-@\t\r\n", value.p[0]) && !is_plain_number(value);
}

static bool needs_quotes(str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] == '"' || s.p[i] == ',' || s.p[i] == '\n' || s.p[i] == '\r' ||
		    s.p[i] == ';' || s.p[i] == '\t')
			return true;
	return false;
}

static void put_separator(struct csv_out *o)
{
	if (o->inside)
		buf_byte(o->to, ',');
	o->inside = true;
}

void csv_put_bom(struct csv_out *o)
{
	buf_put(o->to, S("\xEF\xBB\xBF"));
}

void csv_put(struct csv_out *o, str value)
{
	bool quotes = needs_quotes(value);

	put_separator(o);
	if (quotes)
		buf_byte(o->to, '"');
	if (csv_is_formula(value))
		buf_byte(o->to, '\'');
	for (size_t at; quotes && (at = str_find_byte(value, '"')) != STR_NONE;) {
		buf_put(o->to, str_to(value, at + 1));
		buf_byte(o->to, '"');
		value = str_from(value, at + 1);
	}
	buf_put(o->to, value);
	if (quotes)
		buf_byte(o->to, '"');
}

void csv_put_i64(struct csv_out *o, int64_t value)
{
	put_separator(o);
	buf_i64(o->to, value);
}

void csv_end(struct csv_out *o)
{
	buf_put(o->to, S("\r\n"));
	o->inside = false;
}
