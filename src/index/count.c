/*
 * Counting by value.
 *
 * Three numbers a value: the units of the set that have it; those of them that are no attribution; and
 * the surplus, the units beyond the first of their item. attributions = the first less the second,
 * items = the first less the third. No-attributions are few, and so are items of several units: both are
 * walked.
 *
 * Units are counted in the way that is cheapest for the size of the set (120,000 units, AVX2):
 * - few units (a 24th): each is looked at, about 12 ns;
 * - nearly all: those left out are looked at, and taken from the totals;
 * - otherwise columns that follow from the group by counting the set over the ranges of groups (5 us for
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

/* From the counts of groups. */
static void add_by_group(const struct index *ix, const struct column *c, const uint32_t *groups,
			 uint32_t *counts)
{
	for (uint32_t g = 0; g < ix->n_groups; g++)
		if (groups[g])
			add_values(table_values(&c->table, g), groups[g], counts);
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

/* Columns that others follow from are counted too. */
static uint32_t with_sources(const struct index *ix, uint32_t mask)
{
	for (uint32_t c = 0; c < ix->n_columns; c++)
		if (HAS(mask, c) && ix->columns[c].kind == INDEX_BY_COLUMN)
			mask |= 1u << ix->columns[c].of;
	return mask;
}

/* Looks at each unit of SET; adds to SLOTS. */
static void walk(const struct index *ix, struct index_scratch *s, const uint64_t *set,
		 uint32_t mask, uint32_t *slots)
{
	uint32_t *groups = memset(s->groups[0], 0, ix->n_groups * sizeof *groups);

	bits_each(u, set, ix->words) groups[ix->unit_group[u]]++;
	for (uint32_t i = 0; i < ix->n_columns; i++) {
		const struct column *c = &ix->columns[i];
		uint32_t *counts = slots + c->slot;

		if (!HAS(mask, i))
			continue;
		if (c->kind == INDEX_BY_GROUP)
			add_by_group(ix, c, groups, counts);
		if (c->kind == INDEX_MULTI)
			bits_each(u, set, ix->words)
				add_values(table_values(&c->multi, u), 1, counts);
		if (c->kind == INDEX_SINGLE)
			bits_each(u, set, ix->words) if (c->single[u] != INDEX_NONE)
				counts[c->single[u]]++;
	}
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
	ix->k->running(set, ix->words, s->running);
	ix->k->ranges(set, s->running, ix->group_unit, ix->n_groups, s->groups[0]);
	for (uint32_t i = 0; i < ix->n_columns; i++) {
		const struct column *c = &ix->columns[i];

		if (!HAS(mask, i))
			continue;
		if (c->kind == INDEX_BY_GROUP)
			add_by_group(ix, c, s->groups[0], slots + c->slot);
		else if (c->kind == INDEX_SINGLE && walk_cost * (float)n_set < c->wide_cost)
			walk_single(ix, s, c, set, slots + c->slot);
		else if (c->kind != INDEX_BY_COLUMN)
			count_values(ix, c, set, slots + c->slot);
	}
}

/* The units of SET by value, into SLOTS. */
static void count_units(const struct index *ix, struct index_scratch *s, const uint64_t *set,
			uint32_t mask, uint32_t *slots)
{
	uint32_t n = ix->k->count(set, ix->words), few = ix->n_units / FEW_SHARE;
	uint32_t all = with_sources(ix, mask);

	memset(slots, 0, ix->n_slots * sizeof *slots);
	if (n <= few) {
		walk(ix, s, set, all, slots);
	} else if (ix->n_units - n <= few) {
		uint64_t *rest = scratch_set(s);

		set_fill(ix, rest);
		set_and_not(ix, rest, set);
		walk(ix, s, rest, all, slots);
		for (uint32_t i = 0; i < ix->n_slots; i++)
			slots[i] = ix->all_units[i] - slots[i];
		s->used--;
	} else {
		count_wide(ix, s, set, n, all, slots);
	}
	for (uint32_t i = 0; i < ix->n_columns; i++) {
		const struct column *c = &ix->columns[i];

		if (!HAS(mask, i) || c->kind != INDEX_BY_COLUMN)
			continue;
		memset(slots + c->slot, 0, c->n_values * sizeof *slots);
		add_by_column(ix, c, slots, slots + c->slot);
	}
}

/* --- Surplus ---------------------------------------------------------------------------------------- */

/* The bits of SET from unit FROM up to TO, which are not more than 64. */
static uint64_t bits_of_item(const uint64_t *set, uint32_t from, uint32_t to)
{
	uint64_t v = set[from >> 6] >> (from & 63);

	if ((from & 63) + (to - from) > 64)
		v |= set[(from >> 6) + 1] << (64 - (from & 63));
	return to - from < 64 ? v & bits_below(to - from) : v;
}

/* Units of SET among those of an item, which may be any number. */
static uint32_t units_of_item(const uint64_t *set, uint32_t from, uint32_t to)
{
	uint32_t n = 0;

	for (; from < to; from += MIN(to - from, 64u))
		n += (uint32_t)__builtin_popcountll(bits_of_item(set, from, MIN(to, from + 64)));
	return n;
}

uint32_t count_surplus(const struct index *ix, uint64_t *set)
{
	uint32_t gone = 0;

	for (uint32_t i = 0; i < ix->n_multi; i++) {
		uint32_t u = ix->item_unit[ix->multi[i]], to = ix->item_unit[ix->multi[i] + 1];
		bool seen = false;

		for (; u < to; u++) {
			if (!bits_has(set, u))
				continue;
			if (seen) {
				bits_remove(set, u);
				gone++;
			}
			seen = true;
		}
	}
	return gone;
}

/* Counts in SLOTS the units of one item beyond the first with the same value. STAMPS says which values
 * the item NUMBER (from 1) has shown. */
static void surplus_by_unit(const struct index *ix, const struct column *c, uint32_t unit,
			    uint32_t number, uint32_t *stamps, uint32_t *slots)
{
	struct values v = column_values(ix, c, unit);

	for (uint32_t i = 0; i < v.n; i++) {
		uint32_t at = c->slot + v.p[i];

		slots[at] += stamps[at] == number;
		stamps[at] = number;
	}
}

/* The columns that all units of an item agree in: N - 1 for each of its values. */
static void surplus_by_item(const struct index *ix, uint32_t unit, uint32_t n, uint32_t mask,
			    uint32_t *groups, uint32_t *slots)
{
	groups[ix->unit_group[unit]] += n - 1;
	for (uint32_t i = 0; i < ix->n_columns; i++) {
		const struct column *c = &ix->columns[i];

		if (HAS(mask, i) && c->item_wide && c->kind != INDEX_BY_GROUP)
			add_values(column_values(ix, c, unit), n - 1, slots + c->slot);
	}
}

static void count_surplus_by_value(const struct index *ix, struct index_scratch *s,
				   const uint64_t *set, uint32_t mask, uint32_t *slots)
{
	uint32_t *groups = memset(s->groups[1], 0, ix->n_groups * sizeof *groups);
	uint32_t *stamps = memset(s->slots[3], 0, ix->n_slots * sizeof *stamps), varied = 0;

	memset(slots, 0, ix->n_slots * sizeof *slots);
	for (uint32_t i = 0; i < ix->n_columns; i++)
		varied |= HAS(mask, i) && !ix->columns[i].item_wide ? 1u << i : 0;
	for (uint32_t i = 0; i < ix->n_multi; i++) {
		uint32_t from = ix->item_unit[ix->multi[i]], to = ix->item_unit[ix->multi[i] + 1];
		uint32_t n = units_of_item(set, from, to);

		if (n < 2)
			continue;
		surplus_by_item(ix, from, n, mask, groups, slots);
		for (uint32_t u = from; u < to && varied; u++)
			for (uint32_t left = bits_has(set, u) ? varied : 0; left; left &= left - 1)
				surplus_by_unit(ix, &ix->columns[bits_lowest(left)], u, i + 1,
						stamps, slots);
	}
	for (uint32_t i = 0; i < ix->n_columns; i++)
		if (HAS(mask, i) && ix->columns[i].kind == INDEX_BY_GROUP)
			add_by_group(ix, &ix->columns[i], groups, slots + ix->columns[i].slot);
}

/* --- Both counts ------------------------------------------------------------------------------------- */

struct index_count count_total(const struct index *ix, const uint64_t *set, uint32_t surplus)
{
	uint32_t units = ix->k->count(set, ix->words), none = 0;

	if (ix->no_attribution)
		none = ix->k->count_and(set, ix->no_attribution, ix->words);
	return (struct index_count){ units - none, units - surplus };
}

void count_columns(const struct index *ix, struct index_scratch *s, const uint64_t *set,
		   uint32_t mask, struct index_count **ret)
{
	uint32_t *units = s->slots[0], *none = s->slots[1], *surplus = s->slots[2];
	uint64_t *without = scratch_set_empty(s);

	count_units(ix, s, set, mask, units);
	if (ix->no_attribution) {
		set_copy(ix, without, set);
		set_and(ix, without, ix->no_attribution);
	}
	count_units(ix, s, without, mask, none);
	count_surplus_by_value(ix, s, set, mask, surplus);
	s->used--;
	for (uint32_t i = 0; i < ix->n_columns; i++)
		for (uint32_t v = 0; HAS(mask, i) && v < ix->columns[i].n_values; v++) {
			uint32_t at = ix->columns[i].slot + v;

			ret[i][v] = (struct index_count){ units[at] - none[at],
							  units[at] - surplus[at] };
		}
}
