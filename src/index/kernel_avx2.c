/* The kernels for x86-64 with AVX2: 256 bits at once. See kernel_portable.c for what they do. */
#include "index/kernel.h"

#if defined(__x86_64__)
#include <immintrin.h>

#include "index/bits.h"

#define AVX2 __attribute__((target("avx2,popcnt,bmi,bmi2")))

static AVX2 __m256i load(const void *p)
{
	return _mm256_loadu_si256((const __m256i_u *)p);
}

/* Bits of each 64-bit lane: a table of sixteen half bytes, looked up 64 at once (Mula's way). */
static AVX2 __m256i ones(__m256i v)
{
	const __m256i table = _mm256_setr_epi8(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4, 0, 1,
					       1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4);
	const __m256i low = _mm256_set1_epi8(15);
	__m256i a = _mm256_shuffle_epi8(table, _mm256_and_si256(v, low));
	__m256i b = _mm256_shuffle_epi8(table, _mm256_and_si256(_mm256_srli_epi16(v, 4), low));

	return _mm256_sad_epu8(_mm256_add_epi8(a, b), _mm256_setzero_si256());
}

static AVX2 uint32_t avx2_count_and(const uint64_t *a, const uint64_t *b, size_t words)
{
	__m256i even = _mm256_setzero_si256(), odd = even;
	uint64_t sums[4];

	for (size_t i = 0; i < words; i += 8) {
		even = _mm256_add_epi64(even, ones(_mm256_and_si256(load(a + i), load(b + i))));
		odd = _mm256_add_epi64(odd,
				       ones(_mm256_and_si256(load(a + i + 4), load(b + i + 4))));
	}
	_mm256_storeu_si256((__m256i_u *)sums, _mm256_add_epi64(even, odd));
	return (uint32_t)(sums[0] + sums[1] + sums[2] + sums[3]);
}

static AVX2 uint32_t avx2_count(const uint64_t *a, size_t words)
{
	return avx2_count_and(a, a, words);
}

static AVX2 void avx2_running(const uint64_t *a, size_t words, uint32_t *ret)
{
	uint32_t sum = 0;

	for (size_t i = 0; i < words; i++) {
		ret[i] = sum;
		sum += (uint32_t)_mm_popcnt_u64(a[i]);
	}
	ret[words] = sum;
}

static AVX2 uint32_t before(const uint64_t *a, const uint32_t *running, uint32_t unit)
{
	return running[unit >> 6] + (uint32_t)_mm_popcnt_u64(_bzhi_u64(a[unit >> 6], unit & 63));
}

static AVX2 void avx2_ranges(const uint64_t *a, const uint32_t *running, const uint32_t *starts,
			     size_t n, uint32_t *ret)
{
	uint32_t from = before(a, running, starts[0]);

	for (size_t i = 0; i < n; i++) {
		uint32_t to = before(a, running, starts[i + 1]);

		ret[i] = to - from;
		from = to;
	}
}

static AVX2 void avx2_add_scores(uint16_t *scores, const uint8_t *impacts, uint16_t weight,
				 size_t n)
{
	const __m256i w = _mm256_set1_epi16((short)weight);

	for (size_t i = 0; i < n; i += 16) {
		__m256i v = _mm256_cvtepu8_epi16(_mm_loadu_si128((const __m128i_u *)(impacts + i)));

		/* (impact << 8) * weight >> 16 */
		v = _mm256_mulhi_epu16(_mm256_slli_epi16(v, 8), w);
		_mm256_storeu_si256((__m256i_u *)(scores + i),
				    _mm256_add_epi16(load(scores + i), v));
	}
}

static AVX2 void avx2_add_bytes(uint8_t *to, const uint8_t *from, size_t n)
{
	for (size_t i = 0; i < n; i += 32)
		_mm256_storeu_si256((__m256i_u *)(to + i),
				    _mm256_adds_epu8(load(to + i), load(from + i)));
}

static AVX2 uint64_t avx2_at_least(const uint16_t *scores, uint16_t least)
{
	const __m256i least_16 = _mm256_set1_epi16((short)least);
	uint64_t found = 0;

	for (int i = 0; i < 2; i++) {
		__m256i a = load(scores + 32 * i), b = load(scores + 32 * i + 16), both;

		/* a >= least where max(a, least) is a; two vectors of words packed to one of bytes, whose
		 * quarters the instruction leaves in the order 0 2 1 3. */
		a = _mm256_cmpeq_epi16(_mm256_max_epu16(a, least_16), a);
		b = _mm256_cmpeq_epi16(_mm256_max_epu16(b, least_16), b);
		both = _mm256_permute4x64_epi64(_mm256_packs_epi16(a, b), 0xD8);
		found |= (uint64_t)(uint32_t)_mm256_movemask_epi8(both) << 32 * i;
	}
	return found;
}

const struct kernels kernels_avx2 = {
	.name = "AVX2",
	.count = avx2_count,
	.count_and = avx2_count_and,
	.running = avx2_running,
	.ranges = avx2_ranges,
	.add_scores = avx2_add_scores,
	.add_bytes = avx2_add_bytes,
	.at_least = avx2_at_least,
};

#endif
