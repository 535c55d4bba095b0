/*
 * By rank: the best 64 are right to the last digit. The bounds of all units (score.h) are gone through
 * once with a threshold that rises as better ones are found; what is left, some hundred units, is
 * scored exactly. Behind the 64th place the order is that of the bounds, then of dates.
 *
 * 120,000 units, one frequent word: bounds 10 us, choice 5 us, exact scores 10 us (AVX2).
 */
#include "index/rank.h"

#include "index/score.h"

enum {
	BEST = 64,
	CANDIDATES_FULL = 512, /* when the threshold is first raised */
	CANDIDATES_MAX = 4096, /* scored exactly at most; more are there only when nearly all tie */
};

struct candidate {
	uint32_t unit;
	uint16_t bound;
	double score;
};

struct choice {
	struct candidate *p;
	uint32_t n, full; /* tightened when FULL are there */
	uint32_t least;   /* a lower bound cannot be among the best */
	uint32_t slack;
};

/* The bound of the best candidate but BEST - 1, by counting the high byte, then the low one. */
static uint32_t nth_bound(const struct choice *c)
{
	uint32_t counts[256] = { 0 }, above = 0, high = 256, low = 256;

	for (uint32_t i = 0; i < c->n; i++)
		counts[c->p[i].bound >> 8]++;
	while (above + counts[--high] < BEST)
		above += counts[high];
	memset(counts, 0, sizeof counts);
	for (uint32_t i = 0; i < c->n; i++)
		if (c->p[i].bound >> 8 == (int)high)
			counts[c->p[i].bound & 255]++;
	while (above + counts[--low] < BEST)
		above += counts[low];
	return high << 8 | low;
}

/* Drops what is below LEAST, and what ties with it but for the first TIES. */
static void choice_keep(struct choice *c, uint32_t least, uint32_t ties)
{
	uint32_t kept = 0;

	c->least = MAX(c->least, least);
	for (uint32_t i = 0; i < c->n; i++)
		if (c->p[i].bound > c->least || (c->p[i].bound == c->least && ties-- > 0))
			c->p[kept++] = c->p[i];
	c->n = kept;
}

/* Drops candidates that cannot be among the best, and waits for more before it does so again. When
 * nearly all tie, so that few would go, the ties that came first stay: they are newer. */
static void choice_tighten(struct choice *c)
{
	uint32_t nth;

	if (c->n <= BEST)
		return;
	nth = nth_bound(c);
	choice_keep(c, nth > c->slack ? nth - c->slack : 0, UINT32_MAX);
	if (c->n > CANDIDATES_MAX * 3 / 4) {
		choice_keep(c, nth, CANDIDATES_MAX / 2);
		if (c->n > CANDIDATES_MAX / 2)
			c->least = nth + 1;
	}
	c->full = MIN(MAX(2 * c->n, (uint32_t)CANDIDATES_FULL), (uint32_t)CANDIDATES_MAX);
}

/* Goes through the units of SET. RISES: the threshold may rise beyond LEAST. */
static void choice_fill(struct choice *c, const struct matching *m, const uint64_t *set)
{
	const struct index *ix = m->ix;
	const uint16_t *scores = m->s->scores;

	c->n = 0;
	c->full = CANDIDATES_FULL;
	for (size_t w = 0; w < ix->words; w++) {
		uint64_t left = set[w];

		if (left && c->least)
			left &= c->least > UINT16_MAX
					? 0
					: ix->k->at_least(scores + w * 64, (uint16_t)c->least);
		for (; left; left &= left - 1) {
			uint32_t u = (uint32_t)(w * 64) + bits_lowest(left);

			if (c->n == c->full)
				choice_tighten(c);
			c->p[c->n++] = (struct candidate){ .unit = u, .bound = scores[u] };
		}
	}
	choice_tighten(c);
}

static int better_first(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;

	if (x->score != y->score)
		return x->score > y->score ? -1 : 1;
	return x->unit < y->unit ? -1 : x->unit > y->unit;
}

static void choice_score(struct choice *c, const struct scoring *x)
{
	for (uint32_t i = 0; i < c->n; i++)
		c->p[i].score = score_exact(x, c->p[i].unit);
	qsort(c->p, c->n, sizeof *c->p, better_first);
}

/* The best of SET into RET, in order; at most BEST, or all when they are few. */
static uint32_t best_of(struct scoring *x, const uint64_t *set, uint32_t n_set, uint32_t *ret)
{
	struct matching *m = x->m;
	struct choice c = { .p = NEW_N(m->a, struct candidate,
				       MIN(n_set, (uint32_t)CANDIDATES_MAX)),
			    .slack = x->slack };
	uint32_t least, n;

	if (n_set > BEST)
		score_bounds(x, set, n_set);
	choice_fill(&c, m, set);
	choice_score(&c, x);
	n = MIN(c.n, (uint32_t)BEST);
	least = n == BEST ? score_least_bound(x, c.p[BEST - 1].score) : 0;
	if (least < c.least && n_set > BEST) { /* a prefix was bounded loosely: look again, lower */
		c.least = least;
		c.slack = UINT16_MAX;
		choice_fill(&c, m, set);
		choice_score(&c, x);
	}
	for (uint32_t i = 0; i < n; i++)
		ret[i] = c.p[i].unit;
	return n;
}

/* Places FIRST to FIRST + COUNT - 1 of SET by bound, then date. Bounds are counted, so that each unit can
 * be put where it belongs without sorting. */
static size_t by_bound(const struct matching *m, const uint64_t *set, size_t first, size_t count,
		       uint32_t *ret)
{
	const struct index *ix = m->ix;
	const uint16_t *scores = m->s->scores;
	uint32_t *place = memset(m->s->by_score, 0, SCRATCH_SCORES * sizeof *place);
	uint32_t before = 0;

	bits_each(u, set, ix->words) place[scores[u]]++;
	for (uint32_t score = SCRATCH_SCORES; score-- > 0;) {
		uint32_t n = place[score];

		place[score] = before;
		before += n;
	}
	bits_each(u, set, ix->words)
	{
		size_t at = place[scores[u]]++;

		if (at >= first && at - first < count)
			ret[at - first] = u;
	}
	return first < before ? MIN(count, before - first) : 0;
}

size_t rank_by_score(struct matching *m, const uint64_t *set, size_t first, size_t count,
		     uint32_t *ret)
{
	const struct index *ix = m->ix;
	uint32_t n_set = ix->k->count(set, ix->words), best[BEST], n_best;
	size_t n = 0, mark = m->s->used;
	struct scoring x;

	if (m->terms.n == 0)
		return rank_by_date(ix, set, first, count, ret);
	if (first >= n_set)
		return 0;
	scoring_init(&x, m);
	n_best = best_of(&x, set, n_set, best);
	for (; n < count && first + n < n_best; n++)
		ret[n] = best[first + n];
	if (n < count && first + n < n_set) {
		uint64_t *rest = scratch_set(m->s);

		set_copy(ix, rest, set);
		for (uint32_t i = 0; i < n_best; i++)
			bits_remove(rest, best[i]);
		n += by_bound(m, rest, first + n - n_best, count - n, ret + n);
	}
	scoring_release(&x);
	m->s->used = mark;
	return n;
}

size_t rank_by_date(const struct index *ix, const uint64_t *set, size_t first, size_t count,
		    uint32_t *ret)
{
	size_t n = 0;

	for (size_t w = 0; w < ix->words && n < count; w++) {
		uint64_t left = set[w];
		size_t here = first ? (size_t)__builtin_popcountll(left) : 0;

		if (first && here <= first) {
			first -= here;
			continue;
		}
		for (; left && n < count; left &= left - 1) {
			if (first)
				first--;
			else
				ret[n++] = (uint32_t)(w * 64) + bits_lowest(left);
		}
	}
	return n;
}

/* Groups in the order of their ranks; groups without a value last. */
static uint32_t *order_groups(const struct index *ix, arena *a, const struct column *c,
			      const uint16_t *ranks)
{
	uint32_t *place = NEW_N(a, uint32_t, UINT16_MAX + 2),
		 *order = NEW_N(a, uint32_t, ix->n_groups);
	uint16_t *rank = NEW_N(a, uint16_t, ix->n_groups);

	for (uint32_t g = 0; g < ix->n_groups; g++) {
		struct values v = table_values(&c->table, g);

		rank[g] = v.n ? ranks[v.p[0]] : UINT16_MAX;
		place[rank[g] + 1]++;
	}
	for (uint32_t i = 0; i <= UINT16_MAX; i++)
		place[i + 1] += place[i];
	for (uint32_t g = 0; g < ix->n_groups; g++)
		order[place[rank[g]]++] = g;
	return order;
}

size_t rank_by_column(const struct index *ix, struct index_scratch *s, arena *a,
		      const uint64_t *set, uint32_t column, const uint16_t *ranks, size_t first,
		      size_t count, uint32_t *ret)
{
	uint32_t *groups = s->groups, *order;
	size_t n = 0;

	if (column >= ix->n_columns || ix->columns[column].kind != INDEX_BY_GROUP)
		return rank_by_date(ix, set, first, count, ret);
	order = order_groups(ix, a, &ix->columns[column], ranks);
	ix->k->running(set, ix->words, s->running);
	ix->k->ranges(set, s->running, ix->group_unit, ix->n_groups, groups);
	for (uint32_t i = 0; i < ix->n_groups && n < count; i++) {
		uint32_t g = order[i];

		if (groups[g] <= first) {
			first -= groups[g];
			continue;
		}
		for (uint32_t u = ix->group_unit[g]; u < ix->group_unit[g + 1] && n < count; u++) {
			if (!bits_has(set, u))
				continue;
			if (first)
				first--;
			else
				ret[n++] = u;
		}
	}
	return n;
}
