/* Whole sets of units. The loops are over cache lines, which compilers turn into vector code. */
#include "index/match.h"

typedef uint64_t line __attribute__((vector_size(64), aligned(8), may_alias));

#define EACH_LINE(ix, set, b, op)                                           \
	do {                                                                \
		for (size_t i_ = 0; i_ < (ix)->words; i_ += 8)              \
			*(line *)((set) + i_) op *(const line *)((b) + i_); \
	} while (0)

void set_and(const struct index *ix, uint64_t *set, const uint64_t *b)
{
	EACH_LINE(ix, set, b, &=);
}

void set_or(const struct index *ix, uint64_t *set, const uint64_t *b)
{
	EACH_LINE(ix, set, b, |=);
}

void set_and_not(const struct index *ix, uint64_t *set, const uint64_t *b)
{
	EACH_LINE(ix, set, b, &= ~);
}

void set_copy(const struct index *ix, uint64_t *set, const uint64_t *b)
{
	memcpy(set, b, ix->words * sizeof *set);
}

void set_fill(const struct index *ix, uint64_t *set)
{
	memset(set, 0, ix->words * sizeof *set);
	bits_add_range(set, 0, ix->n_units);
}

void set_or_posting(const struct index *ix, uint64_t *set, const struct posting *p)
{
	if (p->bits) {
		set_or(ix, set, p->bits);
		return;
	}
	for (uint32_t i = 0; i < p->df; i++)
		bits_add(set, p->units[i]);
}
