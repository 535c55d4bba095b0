/*
 * The search engine. An index holds one kind of thing (recommendations; later transcripts, documents),
 * is built once, never changes, and is asked by any number of threads without locks. It answers, for a
 * query and filters: which units match, in order, and how many, in total and for each value of each
 * column, exactly and in well under a millisecond. README.md tells how.
 *
 * A *unit* is what filters hold on: a recommendation as made by one recommending State (an
 * attribution). An *item* is what a page lists: a recommendation with all its units. Units of one item
 * share its text. A *group* is what many items have in common: the review (a session and a State under
 * review). *Columns* are facets; a value is a number from 0 on that the caller gives a meaning.
 *
 *     struct index_builder *b = index_builder_new(&schema);
 *     uint32_t item = index_add_item(b, key, group, TEXT_EN, text);
 *     index_add_unit(b, item, tags, n);
 *     struct index *ix = index_build(b);
 *
 *     struct index_request rq = { .query = query_parse(a, &context, text), .count = 20 };
 *     struct index_result r;
 *     index_search(ix, scratch, a, &rq, &r);
 */
#ifndef INDEX_INDEX_H
#define INDEX_INDEX_H

#include "base/base.h"
#include "index/lexicon.h"
#include "index/query.h"
#include "text/stem.h"

enum {
	INDEX_NONE = 0xFFFF,      /* no value */
	INDEX_NO_COLUMN = 0xFFFF, /* no column */
	INDEX_COLUMNS_MAX = 32,
	INDEX_VALUES_MAX = 4096,  /* of one column */
	INDEX_SLOTS_MAX = 0xFF00, /* of all columns together; a column that does not fit is empty */
};

/* --- Building: one thread. ---------------------------------------------------------------------- */

enum index_kind {
	INDEX_SINGLE,   /* a unit has one value or none */
	INDEX_MULTI,    /* a unit has any number of values */
	INDEX_BY_GROUP, /* the values follow from the unit's group, through a table */
	INDEX_BY_COLUMN, /* the values follow from the unit's value in a SINGLE column, through a table */
};

/* For key K (a group, or a value of the other column) the values values[starts[k]] up to, not
 * including, values[starts[k + 1]]; no value twice. */
struct index_table {
	const uint32_t *starts; /* keys + 1 of them */
	const uint16_t *values;
};

struct index_column {
	enum index_kind kind;
	uint32_t n_values; /* at most INDEX_VALUES_MAX */
	uint32_t of;       /* INDEX_BY_COLUMN: the other column */
	struct index_table table;
};

struct index_schema {
	const struct index_column *columns;
	uint32_t n_columns;
	uint32_t n_groups;
	/* For each group a number that grows with time (the session): later groups are listed first. */
	const uint32_t *group_dates;
	/* The SINGLE column whose value makes a unit an attribution (the recommending State);
	 * INDEX_NO_COLUMN: every unit is one. */
	uint32_t attribution;
	/* How dense a term must be to be kept as bits, and to have its impacts in an array: one unit in so
	 * many. 0: 64 and 16, which were measured. Tests choose others to reach every path. */
	uint32_t bits_share, array_share;
};

struct index;
struct index_builder;

/* What the schema points to is copied. */
struct index_builder *index_builder_new(const struct index_schema *schema);
void index_builder_free(struct index_builder *b); /* gives up; NULL is fine */

/* An item. KEY is the caller's name for it and breaks ties: lower keys first. TEXT is copied. Returns
 * the item to add units to; the items of one builder are counted from 0. */
uint32_t index_add_item(struct index_builder *b, uint32_t key, uint32_t group, enum text_lang lang,
			str text);

/* A unit of the item, with its values in SINGLE and MULTI columns. In a SINGLE column the last value
 * counts, in a MULTI column the same value counts once. Units of one item may be added at any time. */
void index_add_unit(struct index_builder *b, uint32_t item, const struct index_tag *values,
		    size_t n);

/* Frees the builder. Items without units are left out. */
struct index *index_build(struct index_builder *b);
void index_free(struct index *ix); /* NULL is fine */

/* --- What is in it. ------------------------------------------------------------------------------ */

uint32_t index_units(const struct index *ix);
uint32_t index_items(const struct index *ix);
uint32_t index_langs(const struct index *ix); /* of its texts: a set of TEXT_LANG_BIT */
size_t index_memory(const struct index *ix);  /* bytes */

/* Units and items are numbered within the index, newest group first; the numbers mean nothing outside
 * of it. The units of an item are those from index_item_unit(i) up to index_item_unit(i + 1). */
uint32_t index_item_of(const struct index *ix, uint32_t unit);
uint32_t index_item_unit(const struct index *ix, uint32_t item);
uint32_t index_item_key(const struct index *ix, uint32_t item);
uint32_t index_item_group(const struct index *ix, uint32_t item);
enum text_lang index_item_lang(const struct index *ix, uint32_t item);
str index_item_text(const struct index *ix, uint32_t item); /* lives as long as the index */

/* The values of a unit in a column, of whatever kind: at most MAX into RET; returns how many. */
size_t index_unit_values(const struct index *ix, uint32_t unit, uint32_t column, uint16_t *ret,
			 size_t max);

/* --- Searching: any thread, each with a scratch of its own. ---------------------------------------- */

/* Room to work in, for one thread at a time; grows to what the largest index asked needs (about 2 MB
 * for 120,000 units). */
struct index_scratch;
struct index_scratch *index_scratch_new(void);
void index_scratch_free(struct index_scratch *s);

/*
 * The names of a vocabulary, looked up in an index beforehand. A query that names concepts asks for all
 * their names, dozens of phrases; finding these is the same work for every visitor. With them
 * "torture OR detention OR police" takes a third of the time.
 *
 * Made of one index and one lexicon when either has changed; serves as long as both live. LANGS: the
 * languages that queries will come in, a set of TEXT_LANG_BIT; for others it knows nothing. Lives in A.
 */
struct lexicon;
struct index_known;
struct index_known *index_known_new(arena *a, const struct index *ix, const struct lexicon *x,
				    uint32_t langs);

/* One of VALUES must hold (OR); filters on different columns must all hold (AND). INDEX_NONE among the
 * values: no value at all. Values that the column does not have match nothing. */
struct index_filter {
	uint32_t column;
	const uint16_t *values;
	size_t n;
};

enum index_order {
	INDEX_BY_RANK, /* what the text matches best, then newest; subject matches after all others */
	INDEX_BY_DATE,        /* newest group first */
	INDEX_BY_COLUMN_RANK, /* by a column of groups in an order given (States by name), then newest */
};

struct index_request {
	const struct query *query;       /* NULL: everything */
	const struct index_known *known; /* of this index and the query's lexicon; NULL: slower */
	const struct index_filter *filters;
	size_t n_filters;
	enum index_order order;
	uint32_t rank_column;  /* INDEX_BY_COLUMN_RANK: an INDEX_BY_GROUP column */
	const uint16_t *ranks; /* and the place of each of its values, 0 first */
	size_t first, count;   /* the items wanted: of the page */
	bool no_facets;        /* facets, dropped and words are not asked for */
};

struct index_count {
	uint32_t attributions; /* matching units that have a value in the attribution column */
	uint32_t items;        /* different items among the matching units */
};

struct index_hit {
	uint32_t item;
	uint32_t unit;   /* its first matching unit */
	bool by_subject; /* only a tag matches, not the text */
};

/* A word of the query that is in no text. */
struct index_unknown {
	str word; /* as typed, folded */
	str near; /* the nearest word of the texts, or n == 0 */
};

/* Everything lives in the arena given. */
struct index_result {
	struct index_count total;
	/* When the query names concepts with tags: items that it matches with its tags left aside; with the
	 * concepts' words left aside; and by a tag alone. Otherwise all items are text. */
	uint32_t text, subject, subject_only;
	/* facets[column][value]. A column's own filter does not hold for its own counts. */
	struct index_count **facets;
	/* dropped[i]: the total if the filters on the column of filter I were not there. */
	struct index_count *dropped;
	struct index_hit *hits;
	size_t n_hits;
	struct index_unknown *unknown;
	size_t n_unknown;
};

void index_search(const struct index *ix, struct index_scratch *s, arena *a,
		  const struct index_request *rq, struct index_result *ret);

/* Every matching unit in the order asked for, the units of an item together; first and count do not
 * matter. For exports: the list is 4 bytes a unit, lives in A, and needs the scratch no longer. */
struct index_list {
	uint32_t *units;
	size_t n;
};
struct index_list index_list(const struct index *ix, struct index_scratch *s, arena *a,
			     const struct index_request *rq);

/* --- Showing what matched. ------------------------------------------------------------------------- */

/* A query made ready to be found in texts: once a page. Lives in A, uses S. */
struct index_marker;
struct index_marker *index_marker_new(const struct index *ix, struct index_scratch *s, arena *a,
				      const struct query *q);

struct index_span {
	uint32_t start, end; /* bytes */
};

struct index_snippet {
	str text;                   /* a view of the text given */
	bool cut_before, cut_after; /* put an ellipsis there */
	struct index_span *spans;   /* within TEXT, ascending, not touching one another */
	size_t n;
};

/* Where the query matches in TEXT, in its own sense: a phrase is one span, and only where it stands as a
 * phrase; words of a concept only where all of them are. A text of more than MAX bytes is cut to the
 * part of at most that size that has most of the query. */
struct index_snippet index_snippet(struct index_marker *k, enum text_lang lang, str text,
				   size_t max);

#endif
