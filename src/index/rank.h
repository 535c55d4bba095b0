/* The order of results. */
#ifndef INDEX_RANK_H
#define INDEX_RANK_H

#include "index/match.h"

/* Fills RET with the units of SET whose places in the order are FIRST to FIRST + COUNT - 1; returns how
 * many there are. In SET is one unit an item. */

/* Best first, then newest. The terms are those of the matching. */
size_t rank_by_score(struct matching *m, const uint64_t *set, size_t first, size_t count,
		     uint32_t *ret);

/* Newest first: as the units stand. */
size_t rank_by_date(const struct index *ix, const uint64_t *set, size_t first, size_t count,
		    uint32_t *ret);

/* By the rank of the group's value in a BY_GROUP column, then newest. */
size_t rank_by_column(const struct index *ix, struct index_scratch *s, arena *a,
		      const uint64_t *set, uint32_t column, const uint16_t *ranks, size_t first,
		      size_t count, uint32_t *ret);

#endif
