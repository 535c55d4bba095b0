/* Blocks of the record on the pages of States and sessions. Private to this slice. */
#ifndef RECOMMENDATION_RECOMMENDATION_PANELS_H
#define RECOMMENDATION_RECOMMENDATION_PANELS_H

#include "recommendation/recommendation_list_view.h"

/* A line of a table of counts: a session, a State, an issue. */
struct count_row {
	str label, code;
	str note;                                /* of a session: its year and cycle; else empty */
	url link;                                /* to the list; s.p == NULL: none */
	uint32_t items, attributions, supported; /* supported: items */
	int percent; /* of items that are supported, -1 where nothing was answered */
};

/* One side of a State: what it was asked, or what it asked. */
struct side_view {
	uint32_t items, attributions, supported;
	uint32_t n_all_others;      /* how many States asked it, or it asked */
	struct count_row *sessions; /* newest first */
	size_t n_sessions;
	struct count_row *cycles; /* newest first */
	size_t n_cycles;
	struct count_row *issues; /* the most frequent */
	size_t n_issues;
	struct count_row *others; /* States that asked it most, or that it asked most */
	size_t n_others;
	struct item_view *latest;
	size_t n_latest;
	url all;
};

struct state_view {
	str name;
	struct side_view received, made;
	struct as_of as_of;
};

/* One session: who was reviewed, and how they answered. */
struct session_view {
	str number;
	uint32_t items, attributions, supported;
	struct count_row *states; /* by name */
	size_t n_states;
	struct count_row *issues;
	size_t n_issues;
	url all;
	struct as_of as_of;
};

/* The panel rows are in recommendation_panels_web.c, the table of them in main.c. */

#endif
