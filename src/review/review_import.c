/* Cycles, sessions and reviews of data/reference, or of an editor's file in the same columns. */
#include "job/reference.h"
#include "review/review.h"
#include "review_sql.h"

static enum err put_cycle(struct core *core, struct reference *r)
{
	int64_t number = reference_number(r, S("number"));

	TRY(r->err);
	return review_put_cycle(core, number, reference_cell_null(r, S("start")),
				reference_cell_null(r, S("end")), reference_cell(r, S("source")));
}

static enum err put_session(struct core *core, struct reference *r)
{
	int64_t number = reference_number(r, S("number")), cycle = reference_number(r, S("cycle"));

	TRY(r->err);
	return review_put_session(core, number, cycle, reference_cell_null(r, S("start")),
				  reference_cell_null(r, S("end")), reference_cell(r, S("source")));
}

/* A cycle that is not there yet begins with its first session. */
static enum err put_new_session(struct core *core, struct reference *r)
{
	int64_t cycle = reference_number(r, S("cycle"));

	TRY(r->err);
	TRY(review_ensure_cycle(core, cycle, reference_cell(r, S("source"))));
	return put_session(core, r);
}

static enum err put_review(struct core *core, struct reference *r)
{
	int64_t session = reference_number(r, S("session")),
		cycle = reference_number(r, S("cycle"));

	TRY(r->err);
	return review_put(core, reference_cell(r, S("iso3")), cycle, session,
			  reference_cell(r, S("status")), reference_cell_null(r, S("note")),
			  reference_cell(r, S("source")));
}

enum err calendar_refresh(struct core *core, arena *a, str (*file)(str name))
{
	TRY(reference_each(core, a, file(S("cycles.csv")), put_cycle));
	TRY(reference_each(core, a, file(S("sessions.csv")), put_session));
	return reference_each(core, a, file(S("reviews.csv")), put_review);
}

enum err calendar_add_sessions(struct core *core, arena *a, str csv)
{
	return reference_each(core, a, csv, put_new_session);
}
