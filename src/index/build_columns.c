/*
 * Columns: the values of each unit, and for each value its units, as bits where they are many. What
 * follows from the group is kept by group alone; see count.c.
 */
#include "index/build.h"

/* Counting a value by bits reads words/8 cache lines, by list one bit a unit: they cost the same at
 * about one unit in 256. */
enum { VALUE_BITS_SHARE = 256 };
static const float word_cost = 0.25F, unit_cost = 0.7F; /* ns */

static void fill_single(struct index_builder *b, struct index *ix, uint32_t c,
			const uint32_t *new_unit, struct column *ret)
{
	uint16_t *single = arena_alloc_raw(b->a, ix->n_units * sizeof *single);

	memset(single, 0xFF, ix->n_units * sizeof *single);
	for (size_t i = 0; i < b->values[c].n; i++)
		single[new_unit[b->values[c].p[i].unit]] = b->values[c].p[i].value;
	ret->single = single;
}

/* Sorts the N values of a unit and drops what is there twice; returns how many are left. */
static uint32_t tidy(uint16_t *v, uint32_t n)
{
	uint32_t kept = 0;

	for (uint32_t i = 1; i < n; i++)
		for (uint32_t k = i; k > 0 && v[k] < v[k - 1]; k--) {
			uint16_t swap = v[k];
			v[k] = v[k - 1];
			v[k - 1] = swap;
		}
	for (uint32_t i = 0; i < n; i++)
		if (i == 0 || v[i] != v[i - 1])
			v[kept++] = v[i];
	return kept;
}

static void fill_multi(struct index_builder *b, struct index *ix, uint32_t c,
		       const uint32_t *new_unit, struct column *ret)
{
	const struct built_value *from = b->values[c].p;
	size_t n = b->values[c].n;
	uint32_t *next = NEW_N(b->tmp, uint32_t, ix->n_units + 1);
	uint32_t *starts = NEW_N(b->a, uint32_t, ix->n_units + 1), kept = 0;
	uint16_t *values = arena_alloc_raw(b->a, n * sizeof *values);

	for (size_t i = 0; i < n; i++)
		next[new_unit[from[i].unit] + 1]++;
	for (uint32_t u = 0; u < ix->n_units; u++)
		next[u + 1] += next[u];
	for (size_t i = 0; i < n; i++)
		values[next[new_unit[from[i].unit]]++] = from[i].value;
	/* next[u] is now where the values of u end. */
	for (uint32_t u = 0, at = 0; u < ix->n_units; u++) {
		uint32_t left = tidy(values + at, next[u] - at);

		memmove(values + kept, values + at, left * sizeof *values);
		at = next[u];
		kept += left;
		starts[u + 1] = kept;
	}
	ret->multi = (struct index_table){ starts, values };
}

/* The table of a BY_GROUP column, its keys in the index's order. */
static void order_table(struct index_builder *b, const struct index *ix, struct index_table from,
			struct column *ret)
{
	uint32_t *starts = NEW_N(b->a, uint32_t, ix->n_groups + 1);
	uint16_t *values = arena_alloc_raw(b->a, from.starts[ix->n_groups] * sizeof *values);

	for (uint32_t g = 0; g < ix->n_groups; g++) {
		uint32_t old = ix->group_id[g], n = from.starts[old + 1] - from.starts[old];

		if (n)
			memcpy(values + starts[g], from.values + from.starts[old],
			       n * sizeof *values);
		starts[g + 1] = starts[g] + n;
	}
	ret->table = (struct index_table){ starts, values };
}

/* The units of each value. */
static void fill_values(struct index *ix, struct column *col, uint32_t *all_units)
{
	struct posting *postings = NEW_N(ix->a, struct posting, col->n_values);
	uint32_t least = MAX(ix->n_units / VALUE_BITS_SHARE, 8u);
	uint32_t **lists = NEW_N(ix->a, uint32_t *, col->n_values);
	uint64_t **sets = NEW_N(ix->a, uint64_t *, col->n_values);

	for (uint32_t u = 0; u < ix->n_units; u++)
		for (struct values v = column_values(ix, col, u); v.n > 0; v.n--, v.p++)
			postings[*v.p].df++;
	for (uint32_t v = 0; v < col->n_values; v++) {
		uint32_t df = postings[v].df;

		all_units[v] = df;
		if (df >= least)
			postings[v].bits = sets[v] = index_aligned(ix, ix->words * 8);
		else
			postings[v].units = lists[v] = NEW_N(ix->a, uint32_t, df);
		col->wide_cost += df >= least ? word_cost * (float)ix->words
					      : unit_cost * (float)df;
	}
	for (uint32_t u = 0; u < ix->n_units; u++)
		for (struct values v = column_values(ix, col, u); v.n > 0; v.n--, v.p++)
			if (sets[*v.p])
				bits_add(sets[*v.p], u);
			else
				*lists[*v.p]++ = u;
	col->values = postings;
}

static void count_groups(const struct index *ix, const struct column *col, uint32_t *all_units)
{
	for (uint32_t g = 0; g < ix->n_groups; g++)
		for (uint32_t i = col->table.starts[g]; i < col->table.starts[g + 1]; i++)
			all_units[col->table.values[i]] += ix->group_unit[g + 1] -
							   ix->group_unit[g];
}

static const uint64_t *units_without(struct index *ix, const struct column *c)
{
	uint64_t *none = index_aligned(ix, ix->words * 8);
	bool any = false;

	for (uint32_t u = 0; u < ix->n_units; u++)
		if (column_values(ix, c, u).n == 0) {
			bits_add(none, u);
			any = true;
		}
	return any ? none : NULL;
}

void build_columns(struct index_builder *b, struct index *ix, const uint32_t *new_unit)
{
	uint32_t n = b->schema.n_columns, *all_units;
	struct column *columns = NEW_N(b->a, struct column, n);

	for (uint32_t c = 0; c < n; c++) {
		const struct index_column *from = &b->schema.columns[c];

		columns[c] = (struct column){ from->kind, from->n_values, from->of, ix->n_slots,
					      from->table };
		ix->n_slots += from->n_values;
		if (from->kind == INDEX_SINGLE)
			fill_single(b, ix, c, new_unit, &columns[c]);
		else if (from->kind == INDEX_MULTI)
			fill_multi(b, ix, c, new_unit, &columns[c]);
		else if (from->kind == INDEX_BY_GROUP)
			order_table(b, ix, from->table, &columns[c]);
	}
	ix->columns = columns;
	ix->n_columns = n;
	ix->all_units = all_units = NEW_N(b->a, uint32_t, ix->n_slots);
	for (uint32_t c = 0; c < n; c++) {
		if (columns[c].kind == INDEX_BY_GROUP)
			count_groups(ix, &columns[c], all_units + columns[c].slot);
		else
			fill_values(ix, &columns[c], all_units + columns[c].slot);
		columns[c].none = units_without(ix, &columns[c]);
	}
	if (ix->attribution < n)
		ix->no_attribution = columns[ix->attribution].none;
	build_rows(b, ix);
}
