/* Any bytes as a compound file: its names and properties are read within its bounds, and what is
 * written of them passes the check of the receiving side. */
#include <assert.h>

#include "job/ole.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void keep(void *ctx, str frames)
{
	buf_put(ctx, frames);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	arena *a = arena_new();
	buf wire = buf_new(a, 1 << 20);
	struct rows_out out;
	struct rows_frame f;
	struct ole *o;

	rows_out_init(&out, a, keep, &wire);
	if (ole_open(a, (str){ (const char *)data, size }, &o) == OK) {
		str rest;
		struct source from = source_of_str(&rest);
		struct rows_in *in = rows_in_new(a, &from);

		ole_has(o, S("Workbook"));
		ole_put_properties(a, o, &out);
		rows_end(&out);
		rest = buf_str(&wire);
		do
			assert(rows_in_next(in, &f) == OK);
		while (f.kind != ROWS_END);
	}
	arena_free(a);
	return 0;
}
