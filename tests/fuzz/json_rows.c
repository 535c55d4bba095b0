/*
 * Any bytes through the reader of JSON rows: names and fields are UTF-8, and the same however the input
 * is cut. The first byte says how.
 */
#include <assert.h>

#include "base/utf8.h"
#include "job/json_rows.h"

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

static void note(void *ctx, const struct row_problem *p)
{
	assert(p->row_refused && p->number > 0 && p->line > 0);
	buf_printf(ctx, "!%d %llu\n", p->kind, (unsigned long long)p->number);
}

static str told(arena *a, str bytes, size_t step)
{
	buf out = buf_new(a, 64 << 20);
	struct drip d = { bytes, step };
	struct source from = { drip_read, &d };
	struct json_rows *j = json_rows_new(a, &from, S("rows"), note, &out);
	struct json_row row;
	enum err e;

	while ((e = json_rows_next(j, &row)) == OK) {
		assert(row.n <= ROWS_COLUMNS_MAX);
		for (size_t i = 0; i < row.n; i++) {
			assert(utf8_valid(row.names[i]) && utf8_valid(row.fields[i]));
			buf_put(&out, row.names[i]);
			buf_byte(&out, '=');
			buf_put(&out, row.fields[i]);
		}
		buf_printf(&out, " %llu\n", (unsigned long long)row.number);
	}
	if (e != E_NOTFOUND)
		buf_put(&out, str_of(json_rows_reason(j)));
	return buf_str(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	arena *a = arena_new();
	str bytes = { (const char *)data + 1, size - 1 };

	if (size >= 1)
		assert(str_eq(told(a, bytes, SOURCE_BLOCK), told(a, bytes, 1 + data[0] % 32)));
	arena_free(a);
	return 0;
}
