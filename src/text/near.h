/*
 * How far one spelling is from another: to suggest the nearest known name for one that is not known.
 */
#ifndef TEXT_NEAR_H
#define TEXT_NEAR_H

#include "base/base.h"

/* Insertions, deletions, substitutions and swaps of neighbours that turn A into B, counted in bytes
 * (give folded text); LIMIT + 1 as soon as it is more than LIMIT. Texts over 128 bytes are cut. */
size_t near_distance(str a, str b, size_t limit);

/* A search for the nearest of many: near_begin, near_offer for each candidate, then the result. */
struct near {
	str wanted;
	str best; /* p == NULL: none is near enough to be worth suggesting */
	size_t distance;
};
struct near near_begin(str wanted); /* folded */
void near_offer(struct near *n, str folded, str shown);

/* One way to spell what is shown; several may show the same. */
struct near_name {
	str folded, shown;
};

/* Up to MAX of the N that are near enough, the nearest first, each shown once. */
size_t near_several(str wanted, const struct near_name *names, size_t n, str *ret, size_t max);

#endif
