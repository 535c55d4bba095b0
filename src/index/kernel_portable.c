/* The kernels in plain C: for any processor, and the yardstick for the others. */
#include "index/kernel.h"

#include "index/bits.h"

/* Bits of one word. The builtin would be a call where the build's processor has no instruction. */
static uint32_t ones(uint64_t v)
{
	v -= v >> 1 & 0x5555555555555555u;
	v = (v & 0x3333333333333333u) + (v >> 2 & 0x3333333333333333u);
	v = (v + (v >> 4)) & 0x0F0F0F0F0F0F0F0Fu;
	return (uint32_t)(v * 0x0101010101010101u >> 56);
}

/* Adds column by column: the bits of *SUM, A and B become a sum and the carry that is returned. */
static inline uint64_t carry_add(uint64_t *sum, uint64_t a, uint64_t b)
{
	uint64_t half = *sum ^ a, carry = (*sum & a) | (half & b);

	*sum = half ^ b;
	return carry;
}

/* Harley and Seal's way: sixty-four columns are added in binary, so that only one word of eight needs
 * all of ones(). Two and a half times as fast as word by word. */
static uint32_t portable_count_and(const uint64_t *a, const uint64_t *b, size_t words)
{
	uint64_t one = 0, two = 0, four = 0;
	uint32_t eights = 0;

	for (size_t i = 0; i < words; i += 8) {
		uint64_t two_a = carry_add(&one, a[i] & b[i], a[i + 1] & b[i + 1]);
		uint64_t two_b = carry_add(&one, a[i + 2] & b[i + 2], a[i + 3] & b[i + 3]);
		uint64_t four_a = carry_add(&two, two_a, two_b), four_b;

		two_a = carry_add(&one, a[i + 4] & b[i + 4], a[i + 5] & b[i + 5]);
		two_b = carry_add(&one, a[i + 6] & b[i + 6], a[i + 7] & b[i + 7]);
		four_b = carry_add(&two, two_a, two_b);
		eights += ones(carry_add(&four, four_a, four_b));
	}
	return 8 * eights + 4 * ones(four) + 2 * ones(two) + ones(one);
}

static uint32_t portable_count(const uint64_t *a, size_t words)
{
	return portable_count_and(a, a, words);
}

static void portable_running(const uint64_t *a, size_t words, uint32_t *ret)
{
	uint32_t sum = 0;

	for (size_t i = 0; i < words; i++) {
		ret[i] = sum;
		sum += ones(a[i]);
	}
	ret[words] = sum;
}

static uint32_t before(const uint64_t *a, const uint32_t *running, uint32_t unit)
{
	uint64_t below = bits_below(unit & 63);

	return running[unit >> 6] + (below ? ones(a[unit >> 6] & below) : 0);
}

static void portable_ranges(const uint64_t *a, const uint32_t *running, const uint32_t *starts,
			    size_t n, uint32_t *ret)
{
	uint32_t from = before(a, running, starts[0]);

	for (size_t i = 0; i < n; i++) {
		uint32_t to = before(a, running, starts[i + 1]);

		ret[i] = to - from;
		from = to;
	}
}

/* Vectors as the compilers know them on every processor. */
typedef uint8_t bytes __attribute__((vector_size(16), aligned(1), may_alias));
typedef uint16_t pairs __attribute__((vector_size(32), aligned(2), may_alias));

/* impact * weight / 256 in 16 bits: the weight's high byte and low byte apart. */
static void portable_add_scores(uint16_t *scores, const uint8_t *impacts, uint16_t weight, size_t n)
{
	const uint16_t high = weight >> 8, low = weight & 255;

	for (size_t i = 0; i < n; i += 16) {
		pairs v = __builtin_convertvector(*(const bytes *)(impacts + i), pairs);

		*(pairs *)(scores + i) += v * high + (v * low >> 8);
	}
}

static void portable_add_bytes(uint8_t *to, const uint8_t *from, size_t n)
{
	for (size_t i = 0; i < n; i += 16) {
		bytes b = *(const bytes *)(from + i), sum = *(bytes *)(to + i) + b;

		*(bytes *)(to + i) = sum | (bytes)(sum < b); /* it passed 255 */
	}
}

static uint64_t portable_at_least(const uint16_t *scores, uint16_t least)
{
	uint64_t found = 0;

	for (size_t i = 0; i < 64; i++)
		found |= (uint64_t)(scores[i] >= least) << i;
	return found;
}

const struct kernels kernels_portable = {
	.name = "portable",
	.count = portable_count,
	.count_and = portable_count_and,
	.running = portable_running,
	.ranges = portable_ranges,
	.add_scores = portable_add_scores,
	.add_bytes = portable_add_bytes,
	.at_least = portable_at_least,
};
