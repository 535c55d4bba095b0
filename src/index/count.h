/* Counting the units and items of a set, in total and by the values of columns. */
#ifndef INDEX_COUNT_H
#define INDEX_COUNT_H

#include "index/match.h"

/* A set of columns is a mask, 1 << column. */

/* Removes from SET all but the first unit of each item; returns how many went. */
uint32_t count_surplus(const struct index *ix, uint64_t *set);

/* Attributions and items of SET. FIRST: the set without its surplus, or NULL to have it counted. */
struct index_count count_total(const struct index *ix, const uint64_t *set, uint32_t surplus);

/* The same for each value of the columns in MASK, into ret[column][value]. */
void count_columns(const struct index *ix, struct index_scratch *s, const uint64_t *set,
		   uint32_t mask, struct index_count **ret);

#endif
