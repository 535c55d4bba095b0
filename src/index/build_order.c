/*
 * The order of everything: groups newest first, items by group and key, units by item. So the bits of a
 * set are in the order of dates, the units of a group and of an item are ranges, and what follows from
 * the group is counted by range.
 */
#include "index/build.h"

struct sortable {
	uint64_t key;
	uint32_t place;
};

static int sortable_cmp(const void *a, const void *b)
{
	const struct sortable *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return x->place < y->place ? -1 : x->place > y->place;
}

/* Places of the caller's groups in the index. */
static uint32_t *order_groups(struct index_builder *b, struct index *ix)
{
	uint32_t n = b->schema.n_groups;
	struct sortable *s = NEW_N(b->tmp, struct sortable, n);
	uint32_t *place = NEW_N(b->tmp, uint32_t, n), *id = NEW_N(b->a, uint32_t, n);

	for (uint32_t i = 0; i < n; i++)
		s[i] = (struct sortable){ .key = UINT32_MAX - b->schema.group_dates[i],
					  .place = i };
	qsort(s, n, sizeof *s, sortable_cmp);
	for (uint32_t i = 0; i < n; i++) {
		id[i] = s[i].place;
		place[s[i].place] = i;
	}
	ix->n_groups = n;
	ix->group_id = id;
	return place;
}

/* The items that have units, in order: their places in the builder. */
static uint32_t *order_items(struct index_builder *b, struct index *ix, const uint32_t *group_place)
{
	struct sortable *s = NEW_N(b->tmp, struct sortable, b->items.n);
	uint32_t *from = NEW_N(b->tmp, uint32_t, b->items.n), n = 0;

	for (uint32_t i = 0; i < b->items.n; i++) {
		const struct built_item *item = &b->items.p[i];

		if (item->n_units)
			s[n++] = (struct sortable){
				(uint64_t)group_place[item->group] << 32 | item->key, i
			};
	}
	qsort(s, n, sizeof *s, sortable_cmp);
	for (uint32_t i = 0; i < n; i++) {
		from[i] = s[i].place;
		b->items.p[s[i].place].place = i;
	}
	ix->n_items = n;
	return from;
}

/* What belongs to items, copied into the index in order. */
static void fill_items(struct index_builder *b, struct index *ix, const uint32_t *from)
{
	uint32_t n = ix->n_items;
	uint32_t *key = NEW_N(b->a, uint32_t, n), *units = NEW_N(b->a, uint32_t, n + 1);
	uint32_t *texts = NEW_N(b->a, uint32_t, n + 1), *starts = NEW_N(b->a, uint32_t, n + 1);
	uint8_t *lang = NEW_N(b->a, uint8_t, n);

	for (uint32_t i = 0; i < n; i++) {
		const struct built_item *item = &b->items.p[from[i]];

		key[i] = item->key;
		lang[i] = item->lang;
		units[i + 1] = units[i] + item->n_units;
		texts[i + 1] = texts[i] + item->n_text;
		starts[i + 1] = starts[i] + item->n_tokens;
	}
	ix->item_key = key;
	ix->item_lang = lang;
	ix->item_unit = units;
	ix->item_text = texts;
	ix->item_token = starts;
	ix->n_units = units[n];
	ix->words = bits_words(units[n]);
}

/* The texts and their words, which are still the builder's. */
static void fill_texts(struct index_builder *b, struct index *ix, const uint32_t *from)
{
	char *text = arena_alloc_raw(b->a, ix->item_text[ix->n_items]);
	uint32_t *tokens = arena_alloc_raw(b->a, ix->item_token[ix->n_items] * sizeof(uint32_t));

	for (uint32_t i = 0; i < ix->n_items; i++) {
		const struct built_item *item = &b->items.p[from[i]];

		if (item->n_text)
			memcpy(text + ix->item_text[i], b->text.p + item->text, item->n_text);
		if (item->n_tokens)
			memcpy(tokens + ix->item_token[i], b->tokens.p + item->token,
			       item->n_tokens * sizeof *tokens);
	}
	ix->text = text;
	ix->tokens = tokens;
}

static void fill_units(struct index_builder *b, struct index *ix, const uint32_t *from,
		       const uint32_t *group_place)
{
	uint32_t *item = NEW_N(b->a, uint32_t, ix->n_units);
	uint32_t *group = NEW_N(b->a, uint32_t, ix->n_units);
	uint32_t *starts = NEW_N(b->a, uint32_t, ix->n_groups + 1);
	uint32_t *item_group = NEW_N(b->a, uint32_t, ix->n_items);
	uint32_t *multi = NEW_N(b->a, uint32_t, ix->n_items), g = 0;

	for (uint32_t i = 0; i < ix->n_items; i++) {
		item_group[i] = group_place[b->items.p[from[i]].group];
		for (uint32_t u = ix->item_unit[i]; u < ix->item_unit[i + 1]; u++) {
			item[u] = i;
			group[u] = item_group[i];
		}
		if (ix->item_unit[i + 1] - ix->item_unit[i] > 1)
			multi[ix->n_multi++] = i;
		while (g <= item_group[i] && g < ix->n_groups)
			starts[g++] = ix->item_unit[i];
	}
	while (g <= ix->n_groups)
		starts[g++] = ix->n_units;
	ix->item_group = item_group;
	ix->unit_item = item;
	ix->unit_group = group;
	ix->group_unit = starts;
	ix->multi = multi;
}

/* Where the units of the builder have gone. */
static uint32_t *place_units(struct index_builder *b, const struct index *ix)
{
	uint32_t *place = NEW_N(b->tmp, uint32_t, b->unit_item.n);
	uint32_t *next = NEW_N(b->tmp, uint32_t, ix->n_items);

	for (uint32_t u = 0; u < b->unit_item.n; u++) {
		uint32_t item = b->items.p[b->unit_item.p[u]].place;

		place[u] = ix->item_unit[item] + next[item]++;
	}
	return place;
}

void build_order(struct index_builder *b, struct index *ix, uint32_t **ret_new_unit)
{
	uint32_t *group_place = order_groups(b, ix);
	uint32_t *from = order_items(b, ix, group_place);

	fill_items(b, ix, from);
	fill_texts(b, ix, from);
	fill_units(b, ix, from, group_place);
	*ret_new_unit = place_units(b, ix);
}
