/*
 * Any bytes through the CSV reader, in pieces of any size: the rows are the same however the input is
 * cut, their lines and numbers rise, and what csv_put writes of them reads as the same rows again.
 * The first byte says how the input is cut, the second which delimiter is used.
 */
#include <assert.h>

#include "text/csv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct drip {
	str rest;
	size_t step;
};

static enum err drip_read(void *ctx, char *to, size_t cap, size_t *ret_n)
{
	struct drip *d = ctx;
	size_t n = MIN(MIN(cap, d->step), d->rest.n);

	if (n)
		memcpy(to, d->rest.p, n);
	d->rest = str_from(d->rest, n);
	*ret_n = n;
	return OK;
}

static void note(void *ctx, const struct csv_problem *p)
{
	assert(p->kind < CSV_PROBLEM_COUNT_ && p->line > 0 && p->number > 0);
	assert(csv_problem_text(p->kind)[0]);
	buf_printf(ctx, "!%d %llu %llu\n", p->kind, (unsigned long long)p->line,
		   (unsigned long long)p->number);
}

/* All rows and problems as text, and written as CSV to AGAIN (may be NULL). */
static str told(arena *a, str bytes, size_t step, char delimiter, struct csv_out *again)
{
	buf out = buf_new(a, 256 << 20);
	struct drip d = { bytes, step };
	struct source from = { drip_read, &d };
	struct csv_options options = { delimiter, note, &out };
	struct csv *c = csv_new(a, &from, &options);
	uint64_t line = 0, number = 0;
	struct csv_row row;
	enum err e;

	while ((e = csv_next(c, &row)) == OK) {
		assert(row.line > line && row.number > number && row.n > 0);
		assert(row.n <= CSV_COLUMNS_MAX);
		line = row.line;
		number = row.number;
		buf_printf(&out, "%llu %llu", (unsigned long long)line, (unsigned long long)number);
		for (size_t i = 0; i < row.n; i++) {
			assert(row.fields[i].n <= CSV_FIELD_MAX);
			buf_byte(&out, '\x1F');
			buf_put(&out, row.fields[i]);
			if (again)
				csv_put(again, row.fields[i]);
		}
		buf_byte(&out, '\n');
		if (again)
			csv_end(again);
	}
	assert(e == E_NOTFOUND || e == E_INVALID);
	return buf_str(&out);
}

static void compare_fields(const struct csv_row *one, const struct csv_row *two)
{
	assert(one->n == two->n);
	for (size_t i = 0; i < one->n; i++) {
		str was = one->fields[i], is = two->fields[i];

		if (csv_is_formula(was)) {
			assert(str_starts(is, S("'")));
			is = str_from(is, 1);
		}
		assert(str_eq(was, is));
		assert(!csv_is_formula(two->fields[i]));
	}
}

static bool is_blank(const struct csv_row *row)
{
	return row->n == 1 && row->fields[0].n == 0;
}

/* The rows of BYTES against those of what was written of them. */
static void compare_again(arena *a, str bytes, char delimiter, str again)
{
	struct source from = source_of_str(&bytes), from_again = source_of_str(&again);
	struct csv_options options = { .delimiter = delimiter }, comma = { .delimiter = ',' };
	struct csv *c = csv_new(a, &from, &options), *c_again = csv_new(a, &from_again, &comma);
	struct csv_row row, row_again;

	while (csv_next(c, &row) == OK) {
		if (is_blank(&row))
			continue; /* written as an empty line, which is no row */
		assert(csv_next(c_again, &row_again) == OK);
		compare_fields(&row, &row_again);
	}
	assert(csv_next(c_again, &row_again) == E_NOTFOUND);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char delimiters[] = { 0, ',', ';', '\t' };
	arena *a = arena_new();
	buf written = buf_new(a, 256 << 20);
	struct csv_out again = { .to = &written };
	str bytes = { (const char *)data + 2, size - 2 };

	if (size >= 2) {
		char delimiter = delimiters[data[1] % 4];
		str whole = told(a, bytes, SOURCE_BLOCK, delimiter, &again);

		assert(str_eq(whole, told(a, bytes, 1 + data[0] % 64, delimiter, NULL)));
		if (written.err == OK && !memchr(bytes.p, '\0', bytes.n))
			compare_again(a, bytes, delimiter, buf_str(&written));
	}
	arena_free(a);
	return 0;
}
