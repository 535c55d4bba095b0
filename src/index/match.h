/*
 * From the words of a query to sets of units. Words are looked up in the dictionary; what is found is
 * kept as terms too, for ranking.
 */
#ifndef INDEX_MATCH_H
#define INDEX_MATCH_H

#include "index/scratch.h"

/* A word of a pattern, looked up: the words of the dictionary that it stands for. */
struct matcher {
	enum query_how how;
	uint32_t from, to; /* EXACT, PREFIX: words [from, to) */
	uint32_t *stems;   /* STEM */
	uint32_t n_stems;
};

static inline bool matcher_takes(const struct index *ix, const struct matcher *m, uint32_t word)
{
	uint32_t stem;

	if (m->how != QUERY_STEM)
		return word >= m->from && word < m->to;
	stem = ix->word_stem[word];
	for (uint32_t i = 0; i < m->n_stems; i++)
		if (m->stems[i] == stem)
			return true;
	return false;
}

/* What BM25 counts: the places where WORDS stand one after the other. POSTINGS together are its
 * units; more than one where a prefix stands for many words. */
struct term {
	const struct matcher *words;
	uint32_t n_words;
	const struct posting **postings;
	uint32_t n_postings, df;
};

/* A search being matched. */
struct matching {
	const struct index *ix;
	struct index_scratch *s;
	arena *a;
	uint32_t langs;                  /* to stem in: those of the texts and of the page */
	VEC(struct term) terms;          /* of leaves that are not negated; no term twice */
	const struct index_known *known; /* or NULL */
};

/* Words of a pattern of which some are compounds of the texts ("OPCAT"), taken apart ("op cat"). Returns
 * how many there are now; the same number: none was. */
uint32_t take_apart(struct matching *m, const struct query_pattern *p, struct query_word **ret);

/* A typed word that no text has, nor any form of it. */
bool word_unknown(struct matching *m, const struct query_word *w);

/* The results of a query in three readings, as sets of units: as asked; with tags of concepts left
 * aside; with their words left aside. When no leaf has tags of a concept the three are one. */
struct matched {
	uint64_t *both, *text, *subject;
};
struct matched match_query(struct matching *m, const struct query *q);

/* Adds the units of a pattern to SET; RANKS: and its terms to those that count. */
void match_pattern(struct matching *m, const struct query_pattern *p, uint64_t *set, bool ranks);

/* Adds the units with that value to SET. Unknown columns and values have none. */
void match_tag(const struct index *ix, struct index_tag tag, uint64_t *set);

/* How often the words stand one after the other in an item. */
uint32_t phrase_count(const struct index *ix, const struct matcher *words, uint32_t n,
		      uint32_t item);

/* The units where they do; NULL where there are none. N >= 2. Lives in the arena. */
const struct posting *phrase_find(struct matching *m, const struct matcher *words, uint32_t n);

/* SET |= P; SET &= B; and so on: whole sets. */
void set_or_posting(const struct index *ix, uint64_t *set, const struct posting *p);
void set_and(const struct index *ix, uint64_t *set, const uint64_t *b);
void set_or(const struct index *ix, uint64_t *set, const uint64_t *b);
void set_and_not(const struct index *ix, uint64_t *set, const uint64_t *b);
void set_copy(const struct index *ix, uint64_t *set, const uint64_t *b);
void set_fill(const struct index *ix, uint64_t *set); /* every unit */

bool matchers_same(const struct matcher *a, const struct matcher *b);
struct matcher matcher_of(struct matching *m, const struct query_word *w);

/* The word of the dictionary that was most likely meant; n == 0: none is near. */
str spell_nearest(const struct index *ix, str folded);

/* Words of the query that are in no text, each with that; lives in the arena. Of a concept the vocabulary
 * knows more words. */
size_t unknown_words(struct matching *m, const struct query *q, struct index_unknown **ret);

#endif
