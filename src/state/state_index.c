/* public.db in, a segment of the snapshot out: the States. */
#include "publish/segment.h"
#include "state/state.h"
#include "state_public_sql.h"

enum err states_load_public(struct public *pub, arena *a, struct states *ret)
{
	struct state_public_rows *rows;
	struct state_public_names *names;
	struct state_public_memberships *members;
	struct states all = { 0 };
	size_t n, count;

	TRY(state_public_rows(pub, a, &rows, &count));
	for (size_t i = 0; i < count; i++)
		states_add(a, &all, count,
			   (struct state){ .iso3 = rows[i].iso3,
					   .iso2 = rows[i].iso2,
					   .observer = str_eq(rows[i].status, S("observer")),
					   .group = rows[i].regional_group });
	TRY(state_public_names(pub, a, &names, &n));
	for (size_t i = 0; i < n; i++)
		states_add_name(a, &all, names[i].iso3,
				(struct state_name){ names[i].lang, names[i].kind, names[i].name });
	TRY(state_public_memberships(pub, a, &members, &n));
	for (size_t i = 0; i < n; i++)
		states_add_membership(
			a, &all, members[i].iso3,
			(struct state_member){ members[i].organisation, members[i].valid_from,
					       members[i].valid_to, members[i].source });
	states_finish(&all);
	*ret = all;
	return OK;
}

static enum err states_build(struct public *pub, void *const *so_far, arena *a, void **ret)
{
	(void)so_far;
	*ret = NEW(a, struct states);
	return states_load_public(pub, a, *ret);
}

static const char *const kinds[] = { "state", "state-name", NULL };

const struct segment_kind states_segment = { SEGMENT_STATES, kinds, states_build, NULL };

const struct states *states_of(const struct snapshot *s)
{
	return snapshot_segment(s, SEGMENT_STATES);
}
