/*
 * Cycles, sessions and reviews. They are data, never constants: reviews are postponed, sessions are
 * moved, and the fifth cycle has no calendar yet.
 */
#ifndef REVIEW_REVIEW_H
#define REVIEW_REVIEW_H

#include "base/base.h"
#include "db/db.h"

struct cycle {
	int64_t number;
	str starts, ends; /* ISO dates as precise as known; p == NULL when not */
};

struct session {
	int64_t number, cycle;
	str starts, ends;
	str source;
};

/* One State's review in one cycle. */
struct review {
	str iso3;
	int64_t cycle, session;
	str status; /* held, scheduled, postponed, not-held, rescheduled */
	str note, source;
};

struct calendar {
	struct cycle *cycles; /* by number */
	size_t n_cycles;
	struct session *sessions; /* by number */
	size_t n_sessions;
	struct review *reviews; /* by State, then session */
	size_t n_reviews;
};

const struct session *session_find(const struct calendar *c, int64_t number); /* or NULL */
const struct cycle *cycle_find(const struct calendar *c, int64_t number);     /* or NULL */

/* "2013": the year a session began in, empty when not known. */
str session_year(const struct session *s);

/* From either side: both hold the same rows. Lives as long as A. */
MUST enum err calendar_load(struct db *db, arena *a, struct calendar *ret);

/* Puts the calendar of data/reference into the core; FILE gives the bytes of one of those files. */
MUST enum err calendar_refresh(struct core *core, arena *a, str (*file)(str name));

/* Adds or replaces sessions from a CSV with the columns of data/reference/sessions.csv: for those that
 * were announced after this program was made. */
MUST enum err calendar_add_sessions(struct core *core, arena *a, str csv);

/* The segment of a snapshot. */
const struct calendar *calendar_of(const struct snapshot *s);

struct segment_kind;
extern const struct segment_kind calendar_segment;

#endif
