/* What the pages of sessions show. Private to this slice. */
#ifndef REVIEW_REVIEW_VIEW_H
#define REVIEW_REVIEW_VIEW_H

#include "review/review.h"
#include "state/state.h"
#include "web/layout.h"

struct session_entry {
	str number, dates;
	size_t reviews; /* known to have been held, or to come */
};

struct cycle_entry {
	str number, dates;
	struct session_entry *sessions; /* newest first */
	size_t n;
};

struct sessions_view {
	struct cycle_entry *cycles; /* newest first */
	size_t n;
};

struct review_entry {
	str iso3, name, key;
	enum tr_key status;
	bool held;
	str note, source;
};

struct session_page_view {
	str number, cycle, dates;
	str source; /* of the dates */
	struct review_entry *reviews;
	size_t n;
	str previous, next; /* numbers; empty: none */
	html record;
};

#endif
