/*
 * The read side of the record: the segment of the snapshot that holds every public recommendation with
 * its search index, and the questions that pages, the API and the command line ask of it.
 */
#ifndef RECOMMENDATION_RECOMMENDATION_INDEX_H
#define RECOMMENDATION_RECOMMENDATION_INDEX_H

#include "base/base.h"
#include "base/map.h"
#include "db/db.h"
#include "i18n/i18n.h"
#include "index/index.h"
#include "index/snapshot.h"
#include "review/review.h"
#include "state/state.h"
#include "vocabulary/vocabulary.h"

/* The facets, and the names of their parameters. */
enum rec_column {
	REC_SUR,
	REC_RS,
	REC_SUR_GROUP,
	REC_RS_GROUP,
	REC_SUR_ORG,
	REC_RS_ORG,
	REC_SESSION,
	REC_CYCLE,
	REC_RESPONSE,
	REC_ACTION,
	REC_ISSUE,
	REC_SDG,
	REC_KIND,
	REC_COLUMNS
};

extern const char *const rec_column_names[REC_COLUMNS]; /* "sur", "rs", "sur_group", ... */

/* Kinds are one column: samples are kinds of their own, so that numbers never mix. */
enum rec_kind_value {
	REC_KIND_RECOMMENDATION,
	REC_KIND_PLEDGE,
	REC_KIND_SAMPLE,
	REC_KIND_SAMPLE_PLEDGE,
	REC_KINDS
};

/* What the values of a column are called in addresses: "FRA", "15", "rights-of-the-child". */
struct rec_codes {
	str *p;
	size_t n;
	struct map places;
};

/* Which value of which column means what: follows from vocabularies, States and calendar alone. */
struct rec_layout {
	struct rec_codes codes[REC_COLUMNS];
};

struct rec_source {
	str publisher, dated, part, format;
	bool sample;
	bool recommendations, pledges; /* which kinds it holds */
};

/* What a list shows of an item, besides its text and its units. */
struct rec_item {
	char code[11];         /* with its NUL */
	uint8_t kind;          /* enum rec_kind_value */
	uint16_t sur, session; /* values */
};

/* The segment. Immutable once built. */
struct records {
	arena *a;
	struct index *index;
	struct rec_layout layout;
	struct rec_item *items; /* by key */
	size_t n_items;
	bool has_records;                   /* samples alone: they are what the pages show */
	uint16_t *state_ranks[LANG_COUNT_]; /* the place of each State in the order of names */
	uint16_t *state_order[LANG_COUNT_]; /* and the States in that order */
};

/* Built when rows of the record, or the codes they use, have changed. */
struct segment_kind;
extern const struct segment_kind records_segment;

/* What a query may name, under every name in every language; built anew when a name has changed. */
struct rec_named {
	enum rec_column column; /* REC_ISSUE, REC_SUR; REC_COLUMNS: a treaty or a plain subject */
	uint16_t value;
	const struct concept *concept; /* NULL for a State */
};

struct rec_lexicon {
	arena *a;
	struct lexicon *lexicon;
	VEC(struct rec_named) concepts; /* by the lexicon's number */
};

/* The lexicon's names looked up in the records: struct index_known. For servers; a search of one command
 * is as quick without. */
extern const struct segment_kind sources_segment, lexicon_segment, known_segment;

/* All that one request reads: from one snapshot, so that no page mixes two versions. */
struct rec_view {
	const struct records *records;
	const struct vocabularies *vocabularies;
	/* Of columns whose values are concepts, at the same places; otherwise NULL. */
	const struct vocabulary *concepts[REC_COLUMNS];
	const struct states *states;
	const struct calendar *calendar;
	const struct rec_lexicon *lexicon;
	const struct index_known *known; /* or NULL */
	const struct rec_source *sources;
	size_t n_sources;
};
struct rec_view rec_view_of(const struct snapshot *snapshot);

/* --- Values. */

int rec_value_find(const struct rec_view *v, enum rec_column column, str code); /* -1: unknown */
int rec_value_find_nocase(const struct rec_view *v, enum rec_column column, str code);
str rec_value_code(const struct rec_view *v, enum rec_column column, uint16_t value);

/* The value's name in the language of the page: "France", "Session 15 (2013)", "Rights of the Child". */
str rec_value_label(const struct rec_view *v, arena *a, enum lang lang, enum rec_column column,
		    uint16_t value);

/* Up to MAX codes of values that are spelt nearly like TEXT, or named so. */
size_t rec_value_near(const struct rec_view *v, enum rec_column column, str text, str *ret,
		      size_t max);

/* --- Searching. */

struct rec_filter {
	uint16_t *values;
	size_t n;
};

enum rec_sort { REC_SORT_RANK, REC_SORT_DATE, REC_SORT_STATE };

struct rec_search {
	str q;
	enum lang lang; /* of the page */
	struct rec_filter filters[REC_COLUMNS];
	enum rec_sort sort;
	size_t first, count;
	bool no_facets;
};

struct rec_found {
	const struct query *query;
	struct index_marker *marker; /* for snippets; belongs to the thread that searched */
	struct index_result result;
	struct index_filter *filters; /* as asked of the index: the kind is always among them */
	size_t n_filters;
	bool kind_chosen; /* the visitor asked for a kind; otherwise it is the usual one */
	uint16_t kind;    /* the one that counts, when it is one */
};

/* Kinds are those of records, or of samples where there are only samples. */
void rec_search(const struct rec_view *v, arena *a, const struct rec_search *s,
		struct rec_found *ret);

/* All matching units, for exports. */
struct index_list rec_search_all(const struct rec_view *v, arena *a, const struct rec_search *s);

/* A snippet of an item's text with the matches. */
struct index_snippet rec_snippet(const struct rec_view *v, const struct rec_found *f, uint32_t item,
				 size_t max);

/* --- Items. */

const struct rec_item *rec_item_of(const struct rec_view *v, uint32_t item);

/* One value of a single column of a unit, or -1. */
int rec_unit_value(const struct rec_view *v, uint32_t unit, enum rec_column column);

/* The newest export that what is counted comes from: KIND is that of a search. NULL: none. */
const struct rec_source *rec_newest_source(const struct rec_view *v, uint16_t kind);

/* Recommendations, or their samples when there is nothing else. */
uint16_t rec_usual_kind(const struct rec_view *v);

/* --- For programs. */

/* {"count":{...},"as_of":{...},"facets":{...},"hits":[...]}: what the API and `tribune search --json` give. */
MUST enum err rec_json(const struct rec_view *v, arena *a, const struct rec_search *s, bool pretty,
		       buf *o);

/* CSV with Tribune's own columns: a head, then a row a unit. SITE stands in front of the permanent
 * addresses; it may be empty. */
void rec_csv_head(buf *o);
void rec_csv_unit(const struct rec_view *v, arena *a, uint32_t unit, str site, buf *o);

#endif
