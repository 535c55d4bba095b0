/* Counting the units and items of a set, in total and by the values of columns. */
#ifndef INDEX_COUNT_H
#define INDEX_COUNT_H

#include "index/match.h"

/* Removes from SET all but the first unit of each item; returns how many went. SURPLUS, when not NULL,
 * gets by slot how many units beyond the first of an item have that value. */
uint32_t surplus_take(const struct index *ix, struct index_scratch *s, uint64_t *set,
		      uint32_t *surplus);

/* Both counts for each value of the columns in MASK (1 << column), into ret[column][value]; returns both
 * for all of SET. */
struct index_count count_columns(const struct index *ix, struct index_scratch *s,
				 const uint64_t *set, uint32_t mask, struct index_count **ret);

/* Both counts of all of SET alone. FIRST, when not NULL, gets one unit an item. */
struct index_count count_set(const struct index *ix, struct index_scratch *s, const uint64_t *set,
			     uint64_t *first);

#endif
