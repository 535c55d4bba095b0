#include <stdatomic.h>
#include <time.h>

#include "base/clock.h"

static atomic_int_least64_t fixed = -1;

int64_t clock_now(void)
{
	int64_t set = atomic_load(&fixed);

	return set >= 0 ? set : (int64_t)time(NULL);
}

int64_t clock_steady_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void clock_set(int64_t seconds)
{
	atomic_store(&fixed, seconds);
}
