/* Every kernel that this processor runs, against loops that are plainly right. */
#include "index/bits.h"
#include "index/kernel.h"
#include "tap.h"

enum { UNITS = 64 * 200, WORDS = 208, SCORES = WORDS * 64, RANGES = 37 };

struct data {
	uint64_t a[WORDS], b[WORDS], all[WORDS];
	uint8_t impacts[SCORES], counts[SCORES], more[SCORES];
	uint16_t scores[SCORES], want[SCORES];
	uint32_t running[WORDS + 1], starts[RANGES + 1], ranges[RANGES];
	uint64_t dice;
};

static uint32_t roll(struct data *d, uint32_t sides)
{
	d->dice = d->dice * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)((d->dice >> 33) % sides);
}

static void fill(struct data *d)
{
	for (uint32_t i = 0; i < UNITS; i++) {
		if (roll(d, 3) == 0)
			bits_add(d->a, i);
		if (roll(d, 2) == 0)
			bits_add(d->b, i);
		bits_add(d->all, i);
	}
	for (size_t i = 0; i < SCORES; i++) {
		d->impacts[i] = (uint8_t)roll(d, 256);
		d->counts[i] = (uint8_t)roll(d, 256);
		d->more[i] = (uint8_t)roll(d, 256);
		d->scores[i] = (uint16_t)roll(d, 30000);
	}
	for (size_t i = 1; i <= RANGES; i++)
		d->starts[i] = MIN(d->starts[i - 1] + roll(d, 700), (uint32_t)UNITS);
	d->starts[RANGES] = UNITS;
}

static uint32_t plain_count(const uint64_t *a, const uint64_t *b, uint32_t from, uint32_t to)
{
	uint32_t n = 0;

	for (uint32_t i = from; i < to; i++)
		n += bits_has(a, i) && bits_has(b, i);
	return n;
}

static void test_counts(const struct kernels *k, struct data *d)
{
	bool right = true;

	eq_int(k->count(d->a, WORDS), plain_count(d->a, d->a, 0, SCORES), k->name);
	eq_int(k->count_and(d->a, d->b, WORDS), plain_count(d->a, d->b, 0, SCORES), k->name);
	eq_int(k->count(d->all, WORDS), UNITS, k->name);
	k->running(d->a, WORDS, d->running);
	for (uint32_t w = 0; w <= WORDS; w++)
		right &= d->running[w] == plain_count(d->a, d->a, 0, w * 64);
	ok(right, "%s: running counts", k->name);
	k->ranges(d->a, d->running, d->starts, RANGES, d->ranges);
	for (uint32_t i = 0; i < RANGES; i++)
		right &= d->ranges[i] == plain_count(d->a, d->a, d->starts[i], d->starts[i + 1]);
	ok(right, "%s: counts of ranges", k->name);
}

static void test_scores(const struct kernels *k, struct data *d)
{
	static const uint16_t weights[] = { 0, 1, 255, 256, 257, 12345, 35000 };
	static const uint16_t leasts[] = { 0, 1, 20000, 32767, 32768, 50000, 65535 };
	bool right = true, found = true;

	for (size_t w = 0; w < COUNT_OF(weights); w++) {
		for (size_t i = 0; i < SCORES; i++) {
			d->scores[i] = (uint16_t)(i * 7 % 30000);
			d->want[i] = (uint16_t)(d->scores[i] + (d->impacts[i] * weights[w] >> 8));
		}
		k->add_scores(d->scores, d->impacts, weights[w], SCORES);
		right &= !memcmp(d->scores, d->want, sizeof d->want);
		for (size_t l = 0; l < COUNT_OF(leasts); l++) {
			uint64_t got = k->at_least(d->scores + 64, leasts[l]);

			for (size_t i = 0; i < 64; i++)
				found &= (got >> i & 1) == (d->scores[64 + i] >= leasts[l]);
		}
	}
	ok(right, "%s: scores are added", k->name);
	ok(found, "%s: scores that are high enough", k->name);
}

static void test_bytes(const struct kernels *k, struct data *d)
{
	uint8_t before[SCORES];
	bool right = true;

	memcpy(before, d->counts, sizeof before);
	k->add_bytes(d->counts, d->more, SCORES);
	for (size_t i = 0; i < SCORES; i++)
		right &= d->counts[i] == MIN(before[i] + d->more[i], 255);
	ok(right, "%s: bytes are added up to 255", k->name);
}

static void test_bits(void)
{
	uint64_t set[16] = { 0 };
	bool right = true;

	eq_int(bits_words(0), 8, "even an empty set has a line");
	eq_int(bits_words(511), 8, "511 and one more");
	eq_int(bits_words(512), 16, "512 and one more");
	for (uint32_t from = 0; from < 300; from += 13)
		for (uint32_t to = 0; to < 300; to += 7) {
			memset(set, 0, sizeof set);
			bits_add_range(set, from, to);
			for (uint32_t i = 0; i < 512; i++)
				right &= bits_has(set, i) == (i >= from && i < to);
		}
	ok(right, "ranges");
	bits_remove(set, 200);
	right = true;
	memset(set, 0, sizeof set);
	bits_add(set, 0);
	bits_add(set, 63);
	bits_add(set, 64);
	bits_add(set, 999);
	uint32_t sum = 0, n = 0;
	bits_each(i, set, 16)
	{
		sum += i;
		n++;
	}
	ok(n == 4 && sum == 1126, "each unit once");
}

int main(void)
{
	struct data *d = mem_alloc(sizeof *d);

	d->dice = 5;
	fill(d);
	test_bits();
	for (const struct kernels *const *k = kernels_usable(); *k; k++) {
		test_counts(*k, d);
		test_scores(*k, d);
		test_bytes(*k, d);
	}
	mem_free(d);
	return tap_done();
}
