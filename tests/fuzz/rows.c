/* Any bytes as what a worker says: whatever is taken for a row keeps to the rules. */
#include <assert.h>

#include "base/utf8.h"
#include "job/rows.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	arena *a = arena_new();
	str rest = { (const char *)data, size };
	struct source from = source_of_str(&rest);
	struct rows_in *in = rows_in_new(a, &from);
	uint32_t sheets = 0;
	struct rows_frame f;

	while (rows_in_next(in, &f) == OK) {
		sheets += f.kind == ROWS_SHEET;
		assert(sheets <= ROWS_SHEETS_MAX && utf8_valid(f.text));
		if (f.kind == ROWS_PROBLEM)
			assert(f.problem.sheet < sheets && row_problem_text(f.problem.kind)[0]);
		if (f.kind != ROWS_ROW)
			continue;
		assert(f.sheet < sheets && f.number > 0 && f.n > 0 && f.n <= ROWS_COLUMNS_MAX);
		for (size_t i = 0; i < f.n; i++)
			assert(utf8_valid(f.fields[i]) && f.fields[i].n <= ROWS_FIELD_MAX);
	}
	arena_free(a);
	return 0;
}
