/* The values of units and groups as slots, and what items of several units need; see count.c. */
#include "index/build.h"

/* Values of one key being put together. */
struct rows_maker {
	uint32_t *starts;
	uint16_t *values;
	uint32_t key;
};

static struct rows_maker rows_begin(struct index *ix, uint32_t keys, size_t values)
{
	return (struct rows_maker){ NEW_N(ix->a, uint32_t, keys + 1),
				    arena_alloc_raw(ix->a, values * sizeof(uint16_t)), 0 };
}

static void rows_put(struct rows_maker *m, uint32_t slot)
{
	m->values[m->starts[m->key + 1]++] = (uint16_t)slot;
}

/* The next key begins where this one ends; LAST: there is none. */
static void rows_next(struct rows_maker *m, bool last)
{
	m->key++;
	if (!last)
		m->starts[m->key + 1] = m->starts[m->key];
}

static void put_unit(const struct index *ix, struct rows_maker *m, uint32_t unit)
{
	for (uint32_t i = 0; i < ix->n_columns; i++) {
		const struct column *c = &ix->columns[i];

		if (c->kind == INDEX_SINGLE || c->kind == INDEX_MULTI)
			for (struct values v = column_values(ix, c, unit); v.n > 0; v.n--, v.p++)
				rows_put(m, c->slot + *v.p);
	}
}

static struct index_table make_rows(struct index *ix)
{
	size_t n = 0;
	struct rows_maker m;

	for (uint32_t i = 0; i < ix->n_columns; i++) {
		const struct column *c = &ix->columns[i];

		for (uint32_t v = 0; c->values && c->kind != INDEX_BY_COLUMN && v < c->n_values;
		     v++)
			n += c->values[v].df;
	}
	m = rows_begin(ix, ix->n_units, n);
	for (uint32_t u = 0; u < ix->n_units; u++) {
		put_unit(ix, &m, u);
		rows_next(&m, u + 1 == ix->n_units);
	}
	return (struct index_table){ m.starts, m.values };
}

static struct index_table make_group_rows(struct index *ix)
{
	size_t n = 0;
	struct rows_maker m;

	for (uint32_t i = 0; i < ix->n_columns; i++)
		if (ix->columns[i].kind == INDEX_BY_GROUP)
			n += ix->columns[i].table.starts[ix->n_groups];
	m = rows_begin(ix, ix->n_groups, n);
	for (uint32_t g = 0; g < ix->n_groups; g++) {
		for (uint32_t i = 0; i < ix->n_columns; i++) {
			const struct column *c = &ix->columns[i];

			if (c->kind == INDEX_BY_GROUP)
				for (struct values v = table_values(&c->table, g); v.n > 0;
				     v.n--, v.p++)
					rows_put(&m, c->slot + *v.p);
		}
		rows_next(&m, g + 1 == ix->n_groups);
	}
	return (struct index_table){ m.starts, m.values };
}

/* Calls BODY with the slot S of each value, of whatever column, of a unit. */
#define EACH_SLOT(ix, unit, s, body)                                                               \
	for (uint32_t c_ = 0; c_ < (ix)->n_columns; c_++)                                          \
		for (struct values v_ = column_values((ix), &(ix)->columns[c_], (unit)); v_.n > 0; \
		     v_.n--, v_.p++) {                                                             \
			uint32_t s = (ix)->columns[c_].slot + *v_.p;                               \
			body                                                                       \
		}

/* For each item of several units the slots that two of them share, once for each beyond the first. */
static struct index_table make_full(struct index_builder *b, struct index *ix)
{
	uint32_t *stamps = NEW_N(b->tmp, uint32_t, ix->n_slots), *all;
	size_t n = 0;
	struct rows_maker m;

	for (uint32_t i = 0; i < ix->n_multi; i++)
		for (uint32_t u = ix->item_unit[ix->multi[i]] + 1;
		     u < ix->item_unit[ix->multi[i] + 1]; u++)
			EACH_SLOT(ix, u, s, { n += s < ix->n_slots; })
	ix->all_surplus = all = NEW_N(ix->a, uint32_t, ix->n_slots);
	m = rows_begin(ix, ix->n_multi, n);
	for (uint32_t i = 0; i < ix->n_multi; i++) {
		for (uint32_t u = ix->item_unit[ix->multi[i]]; u < ix->item_unit[ix->multi[i] + 1];
		     u++)
			EACH_SLOT(ix, u, s, {
				if (stamps[s] == i + 1) {
					rows_put(&m, s);
					all[s]++;
				}
				stamps[s] = i + 1;
			})
		rows_next(&m, i + 1 == ix->n_multi);
	}
	return (struct index_table){ m.starts, m.values };
}

void build_rows(struct index_builder *b, struct index *ix)
{
	uint64_t *shared = index_aligned(ix, ix->words * 8);
	uint64_t *later = index_aligned(ix, ix->words * 8);

	ix->rows = make_rows(ix);
	ix->group_rows = make_group_rows(ix);
	ix->full = make_full(b, ix);
	for (uint32_t i = 0; i < ix->n_multi; i++) {
		uint32_t from = ix->item_unit[ix->multi[i]], to = ix->item_unit[ix->multi[i] + 1];

		bits_add_range(shared, from, to);
		bits_add_range(later, from + 1, to);
		ix->n_later += to - from - 1;
	}
	ix->shared = shared;
	ix->later = later;
}
