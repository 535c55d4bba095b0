/*
 * Sets of units as bits. A set has one bit a unit, and at least one more, in 64-bit words; the number
 * of words is rounded up to a multiple of 8 (a cache line), so that no kernel has a tail to care for.
 * Bits beyond the last unit are always 0.
 */
#ifndef INDEX_BITS_H
#define INDEX_BITS_H

#include "base/base.h"

static inline size_t bits_words(size_t n_bits)
{
	return (n_bits / 512 + 1) * 8;
}

static inline bool bits_has(const uint64_t *set, uint32_t i)
{
	return set[i >> 6] >> (i & 63) & 1;
}

static inline void bits_add(uint64_t *set, uint32_t i)
{
	set[i >> 6] |= (uint64_t)1 << (i & 63);
}

static inline void bits_remove(uint64_t *set, uint32_t i)
{
	set[i >> 6] &= ~((uint64_t)1 << (i & 63));
}

/* The lowest N bits, 0 <= N <= 63. */
static inline uint64_t bits_below(uint32_t n)
{
	return ((uint64_t)1 << n) - 1;
}

/* Adds all of [from, to). */
static inline void bits_add_range(uint64_t *set, uint32_t from, uint32_t to)
{
	size_t w = from >> 6, last = to >> 6;

	if (from >= to)
		return;
	if (w == last) {
		set[w] |= bits_below(to & 63) & ~bits_below(from & 63);
		return;
	}
	set[w++] |= ~bits_below(from & 63);
	while (w < last)
		set[w++] = ~(uint64_t)0;
	if (to & 63)
		set[w] |= bits_below(to & 63);
}

/* The lowest set bit of a word that is not 0. */
static inline uint32_t bits_lowest(uint64_t word)
{
	return (uint32_t)__builtin_ctzll(word);
}

/* For each unit I of SET, ascending; the set must not change meanwhile. Do not break out of it. */
#define bits_each(i, set, words)                                                              \
	for (size_t bits_w_ = 0; bits_w_ < (words); bits_w_++)                                \
		for (uint64_t bits_left_ = (set)[bits_w_]; bits_left_;                        \
		     bits_left_ &= bits_left_ - 1)                                            \
			for (uint32_t i = (uint32_t)(bits_w_ * 64) + bits_lowest(bits_left_), \
				      bits_once_ = 1;                                         \
			     bits_once_; bits_once_ = 0)

#endif
