/*
 * Counting by value.
 *
 * Three numbers a value: the units of the set that have it; those of them that are no attribution; and
 * the surplus (surplus.c). attributions = the first less the second, items = the first less the third.
 *
 * Units are counted in the way that is cheapest for the size of the set. 120,000 units, AVX2:
 * - few (a 24th): each unit's row of values is read, about 6 ns;
 * - nearly all: those left out are read, and taken from the totals;
 * - otherwise columns that follow from the group by counting the set over the ranges of groups (4 us for
 *   all of them together); single values by walking the set with a table of counts (0.6 ns a unit) or by
 *   one count of set-and-value a value (0.45 us), whichever is less; multiple values by the latter;
 *   columns that follow from another column from its counts.
 */
#include "index/count.h"

enum { FEW_SHARE = 24 };
static const float walk_cost = 0.6F; /* ns a unit */

#define HAS(mask, column) (((mask) >> (column)&1) != 0)

static void add_values(struct values v, uint32_t n, uint32_t *counts)
{
	for (uint32_t i = 0; i < v.n; i++)
		counts[v.p[i]] += n;
}

/* From the counts of the other column. */
static void add_by_column(const struct index *ix, const struct column *c, const uint32_t *slots,
			  uint32_t *counts)
{
	const struct column *of = &ix->columns[c->of];

	for (uint32_t v = 0; v < of->n_values; v++)
		if (slots[of->slot + v])
			add_values(table_values(&c->table, v), slots[of->slot + v], counts);
}

/* Reads the rows of the units of SET. Units of a group stand together, so its values are added once. */
static void read_rows(const struct index *ix, const uint64_t *set, uint32_t *slots)
{
	uint32_t group = 0, run = 0;

	bits_each(u, set, ix->words)
	{
		if (ix->unit_group[u] != group) {
			add_values(table_values(&ix->group_rows, group), run, slots);
			group = ix->unit_group[u];
			run = 0;
		}
		run++;
		add_values(table_values(&ix->rows, u), 1, slots);
	}
	if (run)
		add_values(table_values(&ix->group_rows, group), run, slots);
}

/* One count of set-and-value for each value. */
static void count_values(const struct index *ix, const struct column *c, const uint64_t *set,
			 uint32_t *counts)
{
	for (uint32_t v = 0; v < c->n_values; v++) {
		const struct posting *p = &c->values[v];
		uint32_t n = 0;

		if (p->bits)
			n = ix->k->count_and(set, p->bits, ix->words);
		else
			for (uint32_t i = 0; i < p->df; i++)
				n += bits_has(set, p->units[i]);
		counts[v] += n;
	}
}

/* A table of counts. Four of them in turn, so that equal neighbours do not wait for each other. */
static void walk_single(const struct index *ix, struct index_scratch *s, const struct column *c,
			const uint64_t *set, uint32_t *counts)
{
	uint32_t n = c->n_values, *tables = s->tables;

	memset(tables, 0, 4 * (n + 1) * sizeof *tables);
	for (size_t w = 0; w < ix->words; w++) {
		const uint16_t *values = c->single + w * 64;
		uint32_t *turn = tables;

		for (uint64_t left = set[w]; left; left &= left - 1) {
			uint16_t v = values[bits_lowest(left)];

			turn[MIN(v, n)]++;
			turn = turn == tables + 3 * (n + 1) ? tables : turn + n + 1;
		}
	}
	for (uint32_t v = 0; v < n; v++)
		for (uint32_t t = 0; t < 4; t++)
			counts[v] += tables[t * (n + 1) + v];
}

static void count_wide(const struct index *ix, struct index_scratch *s, const uint64_t *set,
		       uint32_t n_set, uint32_t mask, uint32_t *slots)
{
	bool by_group = false;

	for (uint32_t i = 0; i < ix->n_columns; i++) {
		const struct column *c = &ix->columns[i];

		if (!HAS(mask, i))
			continue;
		if (c->kind == INDEX_BY_GROUP)
			by_group = true;
		else if (c->kind == INDEX_SINGLE && walk_cost * (float)n_set < c->wide_cost)
			walk_single(ix, s, c, set, slots + c->slot);
		else if (c->kind != INDEX_BY_COLUMN)
			count_values(ix, c, set, slots + c->slot);
	}
	if (!by_group)
		return;
	ix->k->running(set, ix->words, s->running);
	ix->k->ranges(set, s->running, ix->group_unit, ix->n_groups, s->groups);
	for (uint32_t g = 0; g < ix->n_groups; g++)
		if (s->groups[g])
			add_values(table_values(&ix->group_rows, g), s->groups[g], slots);
}

/* Columns that others follow from are counted too. */
static uint32_t with_sources(const struct index *ix, uint32_t mask)
{
	for (uint32_t c = 0; c < ix->n_columns; c++)
		if (HAS(mask, c) && ix->columns[c].kind == INDEX_BY_COLUMN)
			mask |= 1u << ix->columns[c].of;
	return mask;
}

/* The N_SET units of SET by value of the columns in MASK, into SLOTS; other slots get any value. */
static void count_units(const struct index *ix, struct index_scratch *s, const uint64_t *set,
			uint32_t n_set, uint32_t mask, uint32_t *slots)
{
	uint32_t few = ix->n_units / FEW_SHARE;

	memset(slots, 0, ix->n_slots * sizeof *slots);
	if (n_set <= few) {
		read_rows(ix, set, slots);
	} else if (ix->n_units - n_set <= few) {
		uint64_t *rest = scratch_set(s);

		set_fill(ix, rest);
		set_and_not(ix, rest, set);
		read_rows(ix, rest, slots);
		for (uint32_t i = 0; i < ix->n_slots; i++)
			slots[i] = ix->all_units[i] - slots[i];
		s->used--;
	} else {
		count_wide(ix, s, set, n_set, with_sources(ix, mask), slots);
	}
	for (uint32_t i = 0; i < ix->n_columns; i++) {
		const struct column *c = &ix->columns[i];

		if (!HAS(mask, i) || c->kind != INDEX_BY_COLUMN)
			continue;
		memset(slots + c->slot, 0, c->n_values * sizeof *slots);
		add_by_column(ix, c, slots, slots + c->slot);
	}
}

/* The units of SET that are no attribution, into NONE; returns how many. */
static uint32_t without_attribution(const struct index *ix, const uint64_t *set, uint64_t *none)
{
	if (!ix->no_attribution)
		return 0;
	set_copy(ix, none, set);
	set_and(ix, none, ix->no_attribution);
	return ix->k->count(none, ix->words);
}

struct index_count count_set(const struct index *ix, struct index_scratch *s, const uint64_t *set,
			     uint64_t *first)
{
	size_t mark = s->used;
	uint32_t units = ix->k->count(set, ix->words), none = 0, surplus;

	if (!first)
		first = scratch_set(s);
	set_copy(ix, first, set);
	surplus = surplus_take(ix, s, first, NULL);
	if (ix->no_attribution)
		none = ix->k->count_and(set, ix->no_attribution, ix->words);
	s->used = mark;
	return (struct index_count){ units - none, units - surplus };
}

struct index_count count_columns(const struct index *ix, struct index_scratch *s,
				 const uint64_t *set, uint32_t mask, struct index_count **ret)
{
	size_t mark = s->used;
	uint32_t *units = s->slots[0], *none = s->slots[1], *surplus = s->slots[2];
	uint64_t *other = scratch_set(s);
	uint32_t n = ix->k->count(set, ix->words), n_none, n_surplus;

	count_units(ix, s, set, n, mask, units);
	n_none = without_attribution(ix, set, other);
	if (n_none)
		count_units(ix, s, other, n_none, mask, none);
	else
		memset(none, 0, ix->n_slots * sizeof *none);
	set_copy(ix, other, set);
	n_surplus = surplus_take(ix, s, other, surplus);
	s->used = mark;
	for (uint32_t i = 0; i < ix->n_columns; i++)
		for (uint32_t v = 0; HAS(mask, i) && v < ix->columns[i].n_values; v++) {
			uint32_t at = ix->columns[i].slot + v;

			ret[i][v] = (struct index_count){ units[at] - none[at],
							  units[at] - surplus[at] };
		}
	return (struct index_count){ n - n_none, n - n_surplus };
}
