#include "job/import.h"

#include "base/clock.h"
#include "import_sql.h"
#include "text/date.h"
#include "text/digest.h"

/* --- Notes. */

void import_note(struct import *im, enum note_level level, const struct table_record *record, str column, str value,
		 str was, str reason, str suggestion)
{
	arena *a = im->a;

	*vec_add(a, &im->report->notes) = (struct import_note){
		.level = level,
		.sheet = record ? arena_str(a, record->sheet) : S(""),
		.row = record ? record->row : 0,
		.column = arena_str(a, column),
		.value = arena_str(a, value),
		.was = arena_str(a, was),
		.reason = arena_str(a, reason),
		.suggestion = arena_str(a, suggestion),
	};
}

enum err import_refuse(struct import *im, str reason, str value, str suggestion)
{
	im->trouble->file = im->report->file;
	im->trouble->note = (struct import_note){ .level = NOTE_REJECTED,
						  .value = arena_str(im->a, value),
						  .reason = arena_str(im->a, reason),
						  .suggestion = arena_str(im->a, suggestion) };
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

static str level_code(enum note_level level)
{
	return level == NOTE_REJECTED ? S("rejected") : level == NOTE_WARNING ? S("warning") : S("changed");
}

static enum err store_notes(struct import *im)
{
	struct import_report *r = im->report;

	if (r->notes.n)
		qsort(r->notes.p, r->notes.n, sizeof *r->notes.p, compare_notes);
	for (size_t i = 0; i < r->notes.n; i++) {
		const struct import_note *n = &r->notes.p[i];

		TRY(import_note_insert(im->core, im->id, (int64_t)i, level_code(n->level), n->sheet, n->row, n->column,
				       n->value, n->was, n->reason, n->suggestion));
	}
	return OK;
}
