/*
 * States: the 193 members of the United Nations and the observers that recommend, under every name
 * that files and visitors use for them, with their regional group and organisations.
 */
#ifndef STATE_STATE_H
#define STATE_STATE_H

#include "base/base.h"
#include "base/map.h"
#include "db/db.h"
#include "i18n/i18n.h"

struct state_name {
	str lang; /* "en"; empty where one spelling serves several languages */
	str kind; /* name, formal, former, alternative */
	str text;
};

/* Membership in an organisation, as the library that we import lists it. */
struct state_member {
	str organisation; /* a code of the vocabulary "organisation" */
	str from, to;     /* ISO dates; p == NULL where no source is known */
	str source;
};

struct state {
	str iso3, iso2;
	bool observer;
	str group;             /* a code of the vocabulary "group"; p == NULL for observers */
	str name[LANG_COUNT_]; /* never empty */
	VEC(struct state_name) names;
	VEC(struct state_member) memberships;
};

struct states {
	struct state *p; /* by ISO 3166-1 alpha-3 */
	size_t n;
	struct map by_iso3; /* -> place */
	struct map by_name; /* folded name in any language -> place */
};

/* Place of a State by its code or by any of its names, in any language; -1 when there is none. */
int state_find(const struct states *all, str iso3);
int state_by_name(const struct states *all, str name);
str state_nearest(const struct states *all, str name); /* an English name, or p == NULL */

/* The name in LANG; the code itself when there is no such State. */
str state_name(const struct states *all, enum lang lang, str iso3);

/* From either side: both hold the same rows. Lives as long as A. */
MUST enum err states_load(struct db *db, arena *a, struct states *ret);

/* Puts the States of data/reference into the core; FILE gives the bytes of one of those files. */
MUST enum err states_refresh(struct core *core, arena *a, str (*file)(str name));

/* Used by the loader: States by code first, then their names and memberships. */
void states_add(arena *a, struct states *all, size_t room, struct state state);
void states_add_name(arena *a, struct states *all, str iso3, struct state_name name);
void states_add_membership(arena *a, struct states *all, str iso3, struct state_member member);
void states_finish(struct states *all);

/* The segment of a snapshot. */
const struct states *states_of(const struct snapshot *s);

struct segment_kind;
extern const struct segment_kind states_segment;

#endif
