/* The States of data/reference into the core. */
#include "job/reference.h"
#include "state/state.h"
#include "state_sql.h"

static const char *const languages[] = { "ar", "en", "es", "fr", "ru", "zh" };

static enum err put_state(struct core *core, struct reference *r)
{
	str iso3 = reference_cell(r, S("iso3"));
	char column[] = "name_xx";

	TRY(state_put(core, iso3, reference_cell(r, S("iso2")), reference_cell(r, S("m49")),
		      reference_cell(r, S("status")), reference_cell_null(r, S("group"))));
	TRY(state_clear_names(core, iso3));
	TRY(state_clear_memberships(core, iso3));
	for (size_t i = 0; i < COUNT_OF(languages); i++) {
		memcpy(column + 5, languages[i], 2);
		TRY(state_put_name(core, iso3, str_of(languages[i]), S("name"),
				   reference_cell(r, str_of(column)), (str){ 0 }, (str){ 0 },
				   S("UNTERM")));
	}
	return OK;
}

static enum err put_name(struct core *core, struct reference *r)
{
	return state_put_name(core, reference_cell(r, S("iso3")), reference_cell(r, S("lang")),
			      reference_cell(r, S("kind")), reference_cell(r, S("name")),
			      reference_cell_null(r, S("from")), reference_cell_null(r, S("to")),
			      reference_cell(r, S("source")));
}

static enum err put_membership(struct core *core, struct reference *r)
{
	return state_put_membership(core, reference_cell(r, S("organisation")),
				    reference_cell(r, S("iso3")), reference_cell_null(r, S("from")),
				    reference_cell_null(r, S("to")),
				    reference_cell(r, S("source")));
}

enum err states_refresh(struct core *core, arena *a, str (*file)(str name))
{
	TRY(reference_each(core, a, file(S("states.csv")), put_state));
	TRY(reference_each(core, a, file(S("state_names.csv")), put_name));
	return reference_each(core, a, file(S("memberships.csv")), put_membership);
}
