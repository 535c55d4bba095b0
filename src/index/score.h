/*
 * How well the terms of a query fit a unit: BM25, exactly for one unit, and as a bound in 16 bits for
 * all units at once.
 *
 * The bound is built from impacts that are rounded up, so it is never too low; it is too high by less
 * than slack, except for words of a prefix that stand very often in a text.
 */
#ifndef INDEX_SCORE_H
#define INDEX_SCORE_H

#include "index/match.h"

enum { SCORE_TERMS_MAX = 64 }; /* further terms do not count for the rank */

struct scoring {
	struct matching *m;
	uint32_t n; /* terms that count */
	double idf[SCORE_TERMS_MAX];
	uint16_t weight[SCORE_TERMS_MAX];
	double per_point; /* one point of a bound, as a score */
	uint32_t slack;
	uint64_t *masks;  /* by mark less one: which terms of one word a word belongs to */
	uint64_t phrases; /* terms of several words */
};

void scoring_init(struct scoring *x, struct matching *m);
void scoring_release(struct scoring *x); /* cleans the marks in the scratch */

/* Puts bounds of the units of SET into the scratch's scores; other units get any value. */
void score_bounds(struct scoring *x, const uint64_t *set, uint32_t n_set);

double score_exact(const struct scoring *x, uint32_t unit);

/* The lowest bound that a unit with that exact score can have. */
uint16_t score_least_bound(const struct scoring *x, double exact);

#endif
