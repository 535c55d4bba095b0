#include "index/kernel.h"

#if defined(__x86_64__)

const struct kernels *const *kernels_usable(void)
{
	static const struct kernels *const all[] = { &kernels_avx512, &kernels_avx2,
						     &kernels_portable, NULL };

	__builtin_cpu_init();
	if (__builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vpopcntdq"))
		return all;
	if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("popcnt"))
		return all + 1;
	return all + 2;
}

#else

const struct kernels *const *kernels_usable(void)
{
	static const struct kernels *const all[] = { &kernels_portable, NULL };

	return all;
}

#endif
