/* public.db in, a segment of the snapshot out: the calendar. */
#include "publish/segment.h"
#include "review/review.h"
#include "review_public_sql.h"

enum err calendar_load_public(struct public *pub, arena *a, struct calendar *ret)
{
	struct review_public_cycles *cycles;
	struct review_public_sessions *sessions;
	struct review_public_rows *reviews;
	struct calendar c = { 0 };

	TRY(review_public_cycles(pub, a, &cycles, &c.n_cycles));
	c.cycles = NEW_N(a, struct cycle, c.n_cycles);
	for (size_t i = 0; i < c.n_cycles; i++)
		c.cycles[i] = (struct cycle){ cycles[i].number, cycles[i].starts, cycles[i].ends };
	TRY(review_public_sessions(pub, a, &sessions, &c.n_sessions));
	c.sessions = NEW_N(a, struct session, c.n_sessions);
	for (size_t i = 0; i < c.n_sessions; i++)
		c.sessions[i] = (struct session){ sessions[i].number, sessions[i].cycle,
						  sessions[i].starts, sessions[i].ends,
						  sessions[i].source };
	TRY(review_public_rows(pub, a, &reviews, &c.n_reviews));
	c.reviews = NEW_N(a, struct review, c.n_reviews);
	for (size_t i = 0; i < c.n_reviews; i++)
		c.reviews[i] = (struct review){ reviews[i].iso3,    reviews[i].cycle,
						reviews[i].session, reviews[i].status,
						reviews[i].note,    reviews[i].source };
	*ret = c;
	return OK;
}

static enum err calendar_build(struct public *pub, void *const *so_far, arena *a, void **ret)
{
	(void)so_far;
	*ret = NEW(a, struct calendar);
	return calendar_load_public(pub, a, *ret);
}

static const char *const kinds[] = { "review", NULL };

const struct segment_kind calendar_segment = { SEGMENT_CALENDAR, kinds, calendar_build, NULL };

const struct calendar *calendar_of(const struct snapshot *s)
{
	return snapshot_segment(s, SEGMENT_CALENDAR);
}
