/* public.db in, a segment of the snapshot out: the States. */
#include "publish/segment.h"
#include "state/state.h"

static enum err states_build(struct public *pub, void *const *so_far, arena *a, void **ret)
{
	(void)so_far;
	*ret = NEW(a, struct states);
	return states_load(pub->db, a, *ret);
}

static const char *const kinds[] = { "state", "state-name", NULL };

const struct segment_kind states_segment = { SEGMENT_STATES, kinds, states_build, NULL };

const struct states *states_of(const struct snapshot *s)
{
	return snapshot_segment(s, SEGMENT_STATES);
}
