/* What measurements share: the thread's own clock, and the order of times. */
#ifndef BENCH_MEASURE_H
#define BENCH_MEASURE_H

#include <time.h>

__attribute__((unused)) static double now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec * 1e-3;
}

__attribute__((unused)) static int by_time(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

#endif
