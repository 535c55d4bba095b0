/* Core in, public.db out: the States. As with the vocabularies, what decides the index and what only
 * names things are two kinds. */
#include "publish/publish.h"
#include "state/state.h"
#include "state_publish_sql.h"
#include "state_shared_sql.h"

enum { CONTENT_MAX = 16 << 20 };

static enum err publish_states(struct publish_run *run, const struct publish_kind *self,
			       const int64_t *things, size_t n)
{
	struct state_rows *states;
	struct state_membership_rows *members;
	size_t n_states, n_members;
	buf content = buf_new(run->a, CONTENT_MAX);
	bool same;

	(void)things, (void)n;
	TRY(state_rows(run->core->db, run->a, &states, &n_states));
	TRY(state_membership_rows(run->core->db, run->a, &members, &n_members));
	for (size_t i = 0; i < n_states; i++)
		publish_line(&content,
			     (str[]){ states[i].iso3, states[i].iso2, states[i].status,
				      states[i].regional_group },
			     4);
	for (size_t i = 0; i < n_members; i++)
		publish_line(&content,
			     (str[]){ members[i].organisation, members[i].iso3,
				      members[i].valid_from, members[i].valid_to,
				      members[i].source },
			     5);
	TRY(content.err);
	TRY(publish_same(run, self, buf_str(&content), &same));
	if (same)
		return OK;
	TRY(state_public_clear(run->out));
	TRY(state_public_clear_memberships(run->out));
	for (size_t i = 0; i < n_states; i++)
		TRY(state_public_put(run->out, states[i].iso3, states[i].iso2, states[i].status,
				     states[i].regional_group));
	for (size_t i = 0; i < n_members; i++)
		TRY(state_public_put_membership(run->out, members[i].organisation, members[i].iso3,
						members[i].valid_from, members[i].valid_to,
						members[i].source));
	return OK;
}

static enum err publish_names(struct publish_run *run, const struct publish_kind *self,
			      const int64_t *things, size_t n)
{
	struct state_name_rows *names;
	size_t n_names;
	buf content = buf_new(run->a, CONTENT_MAX);
	bool same;

	(void)things, (void)n;
	TRY(state_name_rows(run->core->db, run->a, &names, &n_names));
	for (size_t i = 0; i < n_names; i++)
		publish_line(&content,
			     (str[]){ names[i].iso3, names[i].lang, names[i].kind, names[i].name },
			     4);
	TRY(content.err);
	TRY(publish_same(run, self, buf_str(&content), &same));
	if (same)
		return OK;
	TRY(state_public_clear_names(run->out));
	for (size_t i = 0; i < n_names; i++)
		TRY(state_public_put_name(run->out, names[i].iso3, names[i].lang, names[i].kind,
					  names[i].name));
	return OK;
}

const struct publish_kind state_kind = { "state", publish_states, publish_one_thing };
const struct publish_kind state_name_kind = { "state-name", publish_names, publish_one_thing };
