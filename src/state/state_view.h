/* What the pages of States show. Private to this slice. */
#ifndef STATE_STATE_VIEW_H
#define STATE_STATE_VIEW_H

#include "state/state.h"
#include "vocabulary/vocabulary.h"
#include "web/layout.h"

struct state_page_view {
	str name, group, organisations;
	html record; /* what the panels gave */
};

struct state_entry {
	str iso3, name, key;
};

struct state_group {
	str title;
	struct state_entry *entries;
	size_t n;
};

struct states_view {
	struct state_group *groups;
	size_t n;
};

#endif
