/* Gathering: items are read into words as they come, units keep their values. */
#include "index/build.h"

#include "index/token.h"

enum {
	COMPOUND_PARTS_MAX = 4,
	ITEM_TOKENS_MAX = UINT16_MAX, /* the words of an item that are read */
};

void *list_room_(void *p, size_t n, size_t *cap, size_t more, size_t size)
{
	if (n + more <= *cap)
		return p;
	*cap = MAX(n + more, *cap * 2 + 64);
	return mem_grow(p, mem_mul(*cap, size));
}

static void *copied(arena *a, const void *p, size_t n)
{
	return n ? memcpy(arena_alloc_raw(a, n), p, n) : arena_alloc_raw(a, 0);
}

/* A table without values that the column does not have. */
static struct index_table tidy_table(arena *a, struct index_table from, uint32_t keys,
				     uint32_t n_values)
{
	uint32_t *starts = NEW_N(a, uint32_t, (size_t)keys + 1);
	uint16_t *values = NEW_N(a, uint16_t, from.starts[keys]);

	for (uint32_t k = 0; k < keys; k++) {
		starts[k + 1] = starts[k];
		for (uint32_t i = from.starts[k]; i < from.starts[k + 1]; i++)
			if (from.values[i] < n_values)
				values[starts[k + 1]++] = from.values[i];
	}
	return (struct index_table){ starts, values };
}

static uint32_t keys_of(const struct index_schema *s, const struct index_column *c)
{
	return c->kind == INDEX_BY_GROUP ? s->n_groups : s->columns[c->of].n_values;
}

static const struct index_column *copied_columns(arena *a, const struct index_schema *schema)
{
	struct index_column *columns = copied(a, schema->columns,
					      schema->n_columns * sizeof *columns);
	uint32_t slots = 0;

	for (uint32_t i = 0; i < schema->n_columns; i++) {
		struct index_column *c = &columns[i];

		c->n_values = MIN(c->n_values, (uint32_t)INDEX_VALUES_MAX);
		if (slots + c->n_values > INDEX_SLOTS_MAX)
			c->n_values = 0;
		slots += c->n_values;
		if (c->kind == INDEX_BY_GROUP || c->kind == INDEX_BY_COLUMN)
			c->table = tidy_table(a, c->table, keys_of(schema, c), c->n_values);
	}
	return columns;
}

struct index_builder *index_builder_new(const struct index_schema *schema)
{
	struct index_builder *b = mem_alloc(sizeof *b);

	b->a = arena_new();
	b->tmp = arena_new();
	b->schema = *schema;
	b->schema.columns = copied_columns(b->a, schema);
	b->schema.n_groups = MAX(schema->n_groups, 1u); /* without groups all is one */
	b->schema.group_dates = schema->n_groups ? copied(b->tmp, schema->group_dates,
							  schema->n_groups * sizeof(uint32_t))
						 : NEW(b->tmp, uint32_t);
	b->stemmer = stemmer_new(b->tmp);
	return b;
}

void build_drop(struct index_builder *b)
{
	mem_free(b->items.p);
	mem_free(b->unit_item.p);
	mem_free(b->text.p);
	mem_free(b->tokens.p);
	for (size_t i = 0; i < INDEX_COLUMNS_MAX; i++)
		mem_free(b->values[i].p);
	arena_free(b->tmp);
	mem_free(b);
}

void index_builder_free(struct index_builder *b)
{
	if (!b)
		return;
	arena_free(b->a);
	build_drop(b);
}

/* The place in words of a word as written; the same spelling is stemmed once. */
static uint32_t word_place(struct index_builder *b, enum text_lang lang, const struct token *t)
{
	char key[1 + TOKEN_LONGEST];
	str spelling = { key, t->lower.n + 1 };
	struct built_word *w;
	int64_t *place;
	bool fresh;

	key[0] = (char)lang;
	memcpy(key + 1, t->lower.p, t->lower.n);
	place = map_get(&b->by_spelling, spelling);
	if (place) {
		b->words.p[*place].count++;
		return (uint32_t)*place;
	}
	spelling = arena_str(b->tmp, spelling);
	place = map_put(b->tmp, &b->by_spelling, spelling, &fresh);
	*place = (int64_t)b->words.n;
	w = vec_add(b->tmp, &b->words);
	w->folded = arena_str(b->tmp, t->folded);
	w->lower = str_from(spelling, 1);
	w->stem = arena_str(b->tmp, stem_word(b->stemmer, lang, t->lower, t->folded));
	w->count = 1;
	return (uint32_t)*place;
}

/* Notes that the last N words of TOKENS are also written together: "OP-CAT", "OPCAT". */
static void compound_add(struct index_builder *b, size_t n)
{
	const uint32_t *places;
	char joined[TOKEN_LONGEST];
	str all = { joined, 0 };
	int64_t *place;
	bool fresh;

	if (n < 2 || n > COMPOUND_PARTS_MAX)
		return;
	places = b->tokens.p + b->tokens.n - n;
	for (size_t i = 0; i < n; i++) {
		str part = b->words.p[places[i]].folded;

		if (all.n + part.n > sizeof joined)
			return;
		memcpy(joined + all.n, part.p, part.n);
		all.n += part.n;
	}
	if (map_get(&b->compounds, all))
		return;
	place = map_put(b->a, &b->compounds, arena_str(b->a, all), &fresh);
	*place = (int64_t)b->compound_words.n;
	for (size_t i = 0; i < n; i++)
		*vec_add(b->a, &b->compound_words) = arena_str(b->a, b->words.p[places[i]].folded);
	*vec_add(b->a, &b->compound_words) = S("");
}

void build_read(struct index_builder *b, enum text_lang lang, str text)
{
	struct tokens reader;
	struct token t;
	size_t glued = 0, n = 0;

	tokens_init(&reader, text);
	for (; n < ITEM_TOKENS_MAX && tokens_next(&reader, &t); n++) {
		if (t.glue != TOKEN_HYPHEN) {
			compound_add(b, glued);
			glued = 0;
		}
		*list_add(&b->tokens) = word_place(b, lang, &t);
		glued++;
	}
	compound_add(b, glued);
}

uint32_t index_add_item(struct index_builder *b, uint32_t key, uint32_t group, enum text_lang lang,
			str text)
{
	struct built_item item = { .key = key,
				   .group = group < b->schema.n_groups ? group : 0,
				   .text = b->text.n,
				   .token = b->tokens.n,
				   .lang = (uint8_t)lang };

	text = str_to(text, UINT32_MAX);
	item.n_text = (uint32_t)text.n;
	if (text.n)
		memcpy(list_room(&b->text, text.n), text.p, text.n);
	b->text.n += text.n;
	build_read(b, lang, text);
	item.n_tokens = (uint32_t)(b->tokens.n - item.token);
	b->langs |= TEXT_LANG_BIT(lang);
	*list_add(&b->items) = item;
	return (uint32_t)(b->items.n - 1);
}

void index_add_unit(struct index_builder *b, uint32_t item, const struct index_tag *values,
		    size_t n)
{
	uint32_t unit = (uint32_t)b->unit_item.n;

	*list_add(&b->unit_item) = item;
	b->items.p[item].n_units++;
	for (size_t i = 0; i < n; i++) {
		const struct index_tag *v = &values[i];

		if (v->column < b->schema.n_columns &&
		    v->value < b->schema.columns[v->column].n_values)
			*list_add(&b->values[v->column]) = (struct built_value){ unit, v->value };
	}
}

struct index *index_build(struct index_builder *b)
{
	struct index *ix = NEW(b->a, struct index);
	uint32_t *new_unit;

	ix->a = b->a;
	ix->k = kernels_usable()[0];
	ix->langs = b->langs;
	ix->attribution = b->schema.attribution;
	ix->compounds = b->compounds;
	ix->compound_words = b->compound_words.p;
	build_order(b, ix, &new_unit);
	build_words(b, ix);
	build_postings(b, ix);
	build_columns(b, ix, new_unit);
	build_drop(b);
	return ix;
}

void index_free(struct index *ix)
{
	if (ix)
		arena_free(ix->a);
}

size_t index_memory(const struct index *ix)
{
	return arena_used(ix->a);
}

void *index_aligned(struct index *ix, size_t n)
{
	char *p = arena_alloc(ix->a, n + 63);

	return p + (-(uintptr_t)p & 63);
}
