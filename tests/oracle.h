/*
 * SQLite as the judge of the search engine: a corpus in tables and in FTS5, with our own words, and
 * queries of ours as SQL. FTS5 gets two columns, stems and words, as our tokeniser and stemmer make
 * them; what a word of a query stands for is worked out here anew.
 *
 * Tables: unit(id, item, grp, rs), value(unit, col, v, item, rs), f (FTS5), hits(id). A unit's id is its
 * number in the index; items are those of the corpus.
 */
#ifndef TESTS_ORACLE_H
#define TESTS_ORACLE_H

#include <sqlite3.h>

#include "base/map.h"
#include "corpus.h"
#include "index/part.h"

/* Which stems a folded word has in the texts. */
struct oracle_known {
	str stems[8];
	uint32_t n;
};

struct oracle {
	arena *a; /* for the query at hand; the caller may put another here */
	arena *own;
	const struct corpus *c;
	struct index *ix;
	struct stemmer *stemmer;
	sqlite3 *db;
	bool placed;       /* the index has all units and items, in the order promised */
	uint32_t *unit_of; /* index unit -> corpus unit */
	struct map known;  /* folded -> place in stems */
	VEC(struct oracle_known) stems;
	struct map compounds; /* joined -> place in parts */
	VEC(str) parts;       /* "op cat" */
};

void oracle_open(struct oracle *w, const struct corpus *c, struct index *ix);
void oracle_close(struct oracle *w);

void oracle_sql(struct oracle *w, str text);
sqlite3_stmt *oracle_prepare(struct oracle *w, str text);

/* The three readings of a query: see match.h. */
enum oracle_reading { ORACLE_BOTH, ORACLE_TEXT, ORACLE_SUBJECT };

/* Puts what matches into hits; the filters on column BUT do not hold. */
void oracle_hits(struct oracle *w, const struct index_request *rq, enum oracle_reading reading,
		 uint32_t but);

/* Of the hits. MASK: 1 << column. */
struct index_count oracle_count(struct oracle *w);
bool oracle_same_facets(struct oracle *w, uint32_t mask, struct index_count **got);
bool same_count(struct index_count a, struct index_count b);

/* Words and phrases with nothing but AND, or nothing but OR, between them as one expression of FTS5, which
 * then ranks as we do. False when the query is more than that, or has a term twice. */
bool oracle_flat(struct oracle *w, buf *o, const struct query *q);

#endif
