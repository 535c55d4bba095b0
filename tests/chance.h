/* Chance for tests that draw what they try: the same seed draws the same. */
#ifndef TESTS_CHANCE_H
#define TESTS_CHANCE_H

#include <stdlib.h>

#include "base/base.h"

static uint64_t chance_state;

static inline void chance_seed(uint64_t seed)
{
	chance_state = seed * 0x9E3779B97F4A7C15u + 1;
}

static inline unsigned below(unsigned n)
{
	chance_state ^= chance_state << 13;
	chance_state ^= chance_state >> 7;
	chance_state ^= chance_state << 17;
	return (unsigned)((chance_state >> 16) % n);
}

static inline bool percent(unsigned n)
{
	return below(100) < n;
}

#define PICK(list) (list)[below(COUNT_OF(list))]

/* A number that the environment gives; OTHERWISE where it does not. */
static inline uint64_t number_of(const char *name, uint64_t otherwise)
{
	const char *value = getenv(name);
	int64_t n;

	return value && str_to_i64(str_of(value), &n) && n > 0 ? (uint64_t)n : otherwise;
}

#endif
