/* The room that a search works in. */
#ifndef INDEX_SCRATCH_H
#define INDEX_SCRATCH_H

#include "index/part.h"

enum { SCRATCH_SETS_MAX = 64, SCRATCH_SCORES = UINT16_MAX + 1 };

struct index_scratch {
	arena *a; /* of the stemmer */
	struct stemmer *stemmer;
	/* Sized for the largest index so far. */
	size_t words, n_groups, n_slots, n_words;
	uint64_t *sets[SCRATCH_SETS_MAX]; /* made when first wanted */
	size_t used;                      /* of them */
	uint16_t *scores;                 /* by unit */
	uint32_t *running;                /* by word of a set, and one more */
	uint32_t *groups;                 /* counts by group */
	uint32_t *slots[4];               /* counts by value of all columns */
	uint8_t *counts;                  /* by unit */
	uint32_t *by_score;               /* counts by score */
	uint32_t *tables;                 /* 4 counts by value of one column */
	uint16_t *marks;                  /* by word of the dictionary; 0 between searches */
};

/* Makes room for IX and takes all sets back. */
void scratch_prepare(struct index_scratch *s, const struct index *ix);

/* A set of units, its content undefined; and all those taken since MARK = s->used given back by
 * s->used = mark. */
uint64_t *scratch_set(struct index_scratch *s);
uint64_t *scratch_set_empty(struct index_scratch *s);

#endif
