/* public.db in, a segment of the snapshot out: the calendar. */
#include "publish/segment.h"
#include "review/review.h"

static enum err calendar_build(struct public *pub, void *const *so_far, arena *a, void **ret)
{
	(void)so_far;
	*ret = NEW(a, struct calendar);
	return calendar_load(pub->db, a, *ret);
}

static const char *const kinds[] = { "review", NULL };

const struct segment_kind calendar_segment = { SEGMENT_CALENDAR, kinds, calendar_build, NULL };

const struct calendar *calendar_of(const struct snapshot *s)
{
	return snapshot_segment(s, SEGMENT_CALENDAR);
}
