#include "state/state.h"

#include "state_shared_sql.h"
#include "text/fold.h"
#include "text/near.h"

int state_find(const struct states *all, str iso3)
{
	const int64_t *place = map_get(&all->by_iso3, iso3);

	return place ? (int)*place : -1;
}

int state_by_name(const struct states *all, str name)
{
	arena *scratch = arena_new();
	const int64_t *place = map_get(&all->by_name, fold_key(scratch, name));

	arena_free(scratch);
	return place ? (int)*place : -1;
}

str state_nearest(const struct states *all, str name)
{
	arena *scratch = arena_new();
	struct near n = near_begin(fold_key(scratch, name));

	for (size_t i = 0; i < all->by_name.cap; i++) {
		const struct map_slot *slot = &all->by_name.slots[i];

		if (slot->used)
			near_offer(&n, slot->key, all->p[slot->value].name[LANG_EN]);
	}
	arena_free(scratch);
	return n.best;
}

str state_name(const struct states *all, enum lang lang, str iso3)
{
	int place = state_find(all, iso3);

	return place < 0 ? iso3 : all->p[place].name[lang];
}

void states_add(arena *a, struct states *all, size_t room, struct state state)
{
	if (!all->p)
		all->p = NEW_N(a, struct state, room);
	*map_put(a, &all->by_iso3, state.iso3, NULL) = (int64_t)all->n;
	all->p[all->n++] = state;
}

void states_add_name(arena *a, struct states *all, str iso3, struct state_name name)
{
	int place = state_find(all, iso3);
	enum lang lang;
	bool fresh;
	int64_t *by_name;

	if (place < 0)
		return;
	*vec_add(a, &all->p[place].names) = name;
	if (str_eq(name.kind, S("name")) && lang_from_code(name.lang, &lang))
		all->p[place].name[lang] = name.text;
	by_name = map_put(a, &all->by_name, fold_key(a, name.text), &fresh);
	if (fresh)
		*by_name = place;
}

void states_add_membership(arena *a, struct states *all, str iso3, struct state_member member)
{
	int place = state_find(all, iso3);

	if (place >= 0)
		*vec_add(a, &all->p[place].memberships) = member;
}

void states_finish(struct states *all)
{
	for (size_t i = 0; i < all->n; i++) {
		struct state *s = &all->p[i];

		for (int lang = 0; lang < LANG_COUNT_; lang++)
			if (!s->name[lang].n)
				s->name[lang] = s->name[LANG_EN].n ? s->name[LANG_EN] : s->iso3;
	}
}

enum err states_load(struct db *db, arena *a, struct states *ret)
{
	struct state_rows *rows;
	struct state_name_rows *names;
	struct state_membership_rows *members;
	struct states all = { 0 };
	size_t n, count;

	TRY(state_rows(db, a, &rows, &count));
	for (size_t i = 0; i < count; i++)
		states_add(a, &all, count,
			   (struct state){ .iso3 = rows[i].iso3,
					   .iso2 = rows[i].iso2,
					   .observer = str_eq(rows[i].status, S("observer")),
					   .group = rows[i].regional_group });
	TRY(state_name_rows(db, a, &names, &n));
	for (size_t i = 0; i < n; i++)
		states_add_name(a, &all, names[i].iso3,
				(struct state_name){ names[i].lang, names[i].kind, names[i].name });
	TRY(state_membership_rows(db, a, &members, &n));
	for (size_t i = 0; i < n; i++)
		states_add_membership(
			a, &all, members[i].iso3,
			(struct state_member){ members[i].organisation, members[i].valid_from,
					       members[i].valid_to, members[i].source });
	states_finish(&all);
	*ret = all;
	return OK;
}
