/*
 * The library in the snapshot: what each voice is about, who speaks, in which language and when; and how many
 * voices there are of each. Made of public rows alone, so that no count tells of what is held.
 *
 * Videos are numbered as in search in speech: the newest is 0.
 */
#ifndef VIDEO_VIDEO_LIBRARY_INDEX_H
#define VIDEO_VIDEO_LIBRARY_INDEX_H

#include "base/base.h"
#include "db/db.h"
#include "i18n/i18n.h"
#include "index/snapshot.h"

/* The facets. */
enum voice_column {
	VOICE_ISSUE,
	VOICE_STATE,
	VOICE_PERSON,
	VOICE_LANG,
	VOICE_SUBTITLES, /* in which its words can be read, the language spoken too */
	VOICE_SERIES,
	VOICE_YEAR, /* of recording */
	VOICE_COLUMNS
};

extern const str voice_column_names[VOICE_COLUMNS]; /* "issue", "state", "person", ... */

struct library;
const struct library *library_of(const struct snapshot *s);

/* --- Values: numbered in the order of their codes. */

enum { VOICE_NO_VALUE = UINT32_MAX }; /* that no voice has */

uint32_t library_values(const struct library *l, enum voice_column column);
uint32_t library_value(const struct library *l, enum voice_column column, str code);
str library_code(const struct library *l, enum voice_column column, uint32_t value);

/* What a person or a series is called: in LANG, else in English, else in any; RET_LANG as in struct said.
 * Of other columns nothing: p == NULL. */
str library_name(const struct library *l, enum lang lang, enum voice_column column, uint32_t value,
		 str *ret_lang);

/* --- Asking. */

/* Which videos count. Values of one column are alternatives, columns narrow each other; a column without values
 * holds for all. */
struct voices_filter {
	struct voice_values {
		uint32_t *p;
		size_t n;
	} of[VOICE_COLUMNS];
};

bool voices_filter_is_empty(const struct voices_filter *f);

struct library_request {
	const struct voices_filter *filter;
	const uint64_t *among; /* bits by number: no others; NULL: all */
	size_t first, count;   /* the videos wanted, newest first */
};

struct library_found {
	uint32_t total;
	/* How many of each value; a column's own filter does not hold for its own counts. */
	uint32_t *counts[VOICE_COLUMNS];
	uint32_t without[VOICE_COLUMNS]; /* the total if that column's filter were not there */
	int64_t *ids;                    /* in public.db */
	size_t n;
};

/* One pass over all videos, some nanoseconds each. Everything lives in A. */
void library_ask(const struct library *l, arena *a, const struct library_request *rq,
		 struct library_found *ret);

/* How many columns keep video NUMBER out; 2 stands for more. For search in speech; the gate is made once a search. */
struct library_gate;
struct library_gate *library_gate_new(const struct library *l, arena *a,
				      const struct voices_filter *filter);
int library_misses(const struct library_gate *gate, uint32_t number);

size_t library_videos(const struct library *l);
enum { LIBRARY_NO_VIDEO = UINT32_MAX };
uint32_t library_number(const struct library *l, int64_t id); /* by its id in public.db */

struct segment_kind;
extern const struct segment_kind library_segment;

#endif
