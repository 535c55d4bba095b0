/* The kernels for x86-64 with AVX-512 and its instruction that counts bits. What gains nothing from
 * 512 bits is taken from AVX2. */
#include "index/kernel.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define AVX512 \
	__attribute__((target("avx512f,avx512bw,avx512vl,avx512vpopcntdq,avx2,popcnt,bmi,bmi2")))

static AVX512 uint32_t avx512_count_and(const uint64_t *a, const uint64_t *b, size_t words)
{
	__m512i sum = _mm512_setzero_si512();

	for (size_t i = 0; i < words; i += 8) {
		__m512i both = _mm512_and_si512(_mm512_loadu_si512(a + i),
						_mm512_loadu_si512(b + i));

		sum = _mm512_add_epi64(sum, _mm512_popcnt_epi64(both));
	}
	return (uint32_t)_mm512_reduce_add_epi64(sum);
}

static AVX512 uint32_t avx512_count(const uint64_t *a, size_t words)
{
	return avx512_count_and(a, a, words);
}

static AVX512 void avx512_add_scores(uint16_t *scores, const uint8_t *impacts, uint16_t weight,
				     size_t n)
{
	const __m512i w = _mm512_set1_epi16((short)weight);

	for (size_t i = 0; i < n; i += 32) {
		__m512i v = _mm512_cvtepu8_epi16(
			_mm256_loadu_si256((const __m256i_u *)(impacts + i)));

		v = _mm512_mulhi_epu16(_mm512_slli_epi16(v, 8), w);
		_mm512_storeu_si512(scores + i,
				    _mm512_add_epi16(_mm512_loadu_si512(scores + i), v));
	}
}

static AVX512 void avx512_add_bytes(uint8_t *to, const uint8_t *from, size_t n)
{
	for (size_t i = 0; i < n; i += 64)
		_mm512_storeu_si512(to + i, _mm512_adds_epu8(_mm512_loadu_si512(to + i),
							     _mm512_loadu_si512(from + i)));
}

static AVX512 uint64_t avx512_at_least(const uint16_t *scores, uint16_t least)
{
	const __m512i w = _mm512_set1_epi16((short)least);
	uint64_t low = _mm512_cmpge_epu16_mask(_mm512_loadu_si512(scores), w);
	uint64_t high = _mm512_cmpge_epu16_mask(_mm512_loadu_si512(scores + 32), w);

	return low | high << 32;
}

static AVX512 void avx512_running(const uint64_t *a, size_t words, uint32_t *ret)
{
	kernels_avx2.running(a, words, ret);
}

static AVX512 void avx512_ranges(const uint64_t *a, const uint32_t *running, const uint32_t *starts,
				 size_t n, uint32_t *ret)
{
	kernels_avx2.ranges(a, running, starts, n, ret);
}

const struct kernels kernels_avx512 = {
	.name = "AVX-512",
	.count = avx512_count,
	.count_and = avx512_count_and,
	.running = avx512_running,
	.ranges = avx512_ranges,
	.add_scores = avx512_add_scores,
	.add_bytes = avx512_add_bytes,
	.at_least = avx512_at_least,
};

#endif
