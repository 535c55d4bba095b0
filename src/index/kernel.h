/*
 * The inner loops, in builds for several processors; one is chosen at start. The logic above them is
 * the same for all, and the tests run every build that the processor can.
 *
 * Measured on 120,000 units (bench/search.c prints it anew), one set with another counted:
 * portable 2.5 us, AVX2 0.45 us, AVX-512 0.3 us; a search makes about a hundred such counts.
 */
#ifndef INDEX_KERNEL_H
#define INDEX_KERNEL_H

#include "base/base.h"

/* WORDS is a multiple of 8, N (units) a multiple of 512. Pointers need no alignment beyond their
 * type's. */
struct kernels {
	const char *name;
	/* Bits in A; bits in A and B. */
	uint32_t (*count)(const uint64_t *a, size_t words);
	uint32_t (*count_and)(const uint64_t *a, const uint64_t *b, size_t words);
	/* RET[i]: bits in words 0 to i-1; WORDS + 1 of them. */
	void (*running)(const uint64_t *a, size_t words, uint32_t *ret);
	/* RET[i]: bits in [starts[i], starts[i+1]), with the running count of the same set. */
	void (*ranges)(const uint64_t *a, const uint32_t *running, const uint32_t *starts, size_t n,
		       uint32_t *ret);
	/* scores[i] += impacts[i] * weight / 256, for N units. The caller sees to it that no sum
	 * passes 65,535. */
	void (*add_scores)(uint16_t *scores, const uint8_t *impacts, uint16_t weight, size_t n);
	/* to[i] = min(255, to[i] + from[i]), for N units. */
	void (*add_bytes)(uint8_t *to, const uint8_t *from, size_t n);
	/* Which of 64 scores are at least LEAST, as bits. */
	uint64_t (*at_least)(const uint16_t *scores, uint16_t least);
};

/* NULL-terminated, best first; those that this processor can run. Holds for ever. */
const struct kernels *const *kernels_usable(void);

extern const struct kernels kernels_portable;
#if defined(__x86_64__)
extern const struct kernels kernels_avx2, kernels_avx512;
#endif

#endif
