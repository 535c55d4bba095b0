#include "vocabulary/vocabulary.h"

#include "text/fold.h"
#include "text/near.h"
#include "vocabulary_shared_sql.h"

const struct vocabulary *vocabulary_of(const struct vocabularies *all, str scheme)
{
	static const struct vocabulary none;

	for (size_t i = 0; i < all->n; i++)
		if (str_eq(all->p[i].scheme, scheme))
			return &all->p[i];
	return &none;
}

int concept_find(const struct vocabulary *v, str code)
{
	const int64_t *place = map_get(&v->by_code, code);

	return place ? (int)*place : -1;
}

int concept_by_name(const struct vocabulary *v, str name)
{
	arena *scratch = arena_new();
	const int64_t *place = map_get(&v->by_name, fold_key(scratch, name));

	arena_free(scratch);
	return place ? (int)*place : -1;
}

str concept_nearest(const struct vocabulary *v, str name)
{
	arena *scratch = arena_new();
	struct near n = near_begin(fold_key(scratch, name));

	for (size_t i = 0; i < v->by_name.cap; i++) {
		const struct map_slot *slot = &v->by_name.slots[i];

		if (slot->used)
			near_offer(&n, slot->key, v->concepts[slot->value].label[LANG_EN]);
	}
	arena_free(scratch);
	return n.best;
}

str concept_label(const struct vocabulary *v, enum lang lang, str code)
{
	int place = concept_find(v, code);

	return place < 0 ? code : v->concepts[place].label[lang];
}

str concept_brief(const struct vocabulary *v, enum lang lang, str code)
{
	int place = concept_find(v, code);

	return place < 0 ? code : v->concepts[place].brief[lang];
}

/* --- Building. */

struct vocabulary_builder {
	arena *a;
	VEC(struct growing {
		struct vocabulary v;
		VEC(struct concept) concepts;
	}) all;
};

struct vocabulary_builder *vocabulary_builder_new(arena *a)
{
	struct vocabulary_builder *b = NEW(a, struct vocabulary_builder);

	b->a = a;
	return b;
}

static struct growing *growing_of(struct vocabulary_builder *b, str scheme)
{
	vec_each (struct growing, g, &b->all)
		if (str_eq(g->v.scheme, scheme))
			return g;
	return NULL;
}

void vocabulary_add_scheme(struct vocabulary_builder *b, str code, str version, str source,
			   str licence)
{
	struct growing *g = vec_add(b->a, &b->all);

	g->v = (struct vocabulary){ .scheme = arena_str(b->a, code),
				    .version = arena_str(b->a, version),
				    .source = arena_str(b->a, source),
				    .licence = arena_str(b->a, licence) };
}

void vocabulary_add_title(struct vocabulary_builder *b, str scheme, str lang, str title)
{
	struct growing *g = growing_of(b, scheme);
	enum lang which;

	if (g && lang_from_code(lang, &which))
		g->v.title[which] = arena_str(b->a, title);
}

void vocabulary_add_concept(struct vocabulary_builder *b, str scheme, str code, str class,
			    bool query)
{
	struct growing *g = growing_of(b, scheme);
	struct concept *c;

	if (!g)
		return;
	c = vec_add(b->a, &g->concepts);
	c->code = arena_str(b->a, code);
	c->class = arena_str(b->a, class);
	c->query = query;
	*map_put(b->a, &g->v.by_code, c->code, NULL) = (int64_t)g->concepts.n - 1;
}

static void set_text(struct concept *c, enum lang lang, struct concept_name name, bool ours)
{
	if (str_eq(name.kind, S("label"))) {
		c->label[lang] = name.text;
		c->ours[lang] = ours;
	} else if (str_eq(name.kind, S("short"))) {
		c->brief[lang] = name.text;
	} else if (str_eq(name.kind, S("note"))) {
		c->note[lang] = name.text;
	}
}

void vocabulary_add_name(struct vocabulary_builder *b, str scheme, str code,
			 struct concept_name name, bool ours)
{
	struct growing *g = growing_of(b, scheme);
	int place = g ? concept_find(&g->v, code) : -1;
	enum lang lang;
	bool fresh;
	int64_t *by_name;

	if (place < 0)
		return;
	name = (struct concept_name){ arena_str(b->a, name.lang), arena_str(b->a, name.kind),
				      arena_str(b->a, name.text) };
	*vec_add(b->a, &g->concepts.p[place].names) = name;
	if (lang_from_code(name.lang, &lang))
		set_text(&g->concepts.p[place], lang, name, ours);
	if (str_eq(name.kind, S("note")))
		return;
	by_name = map_put(b->a, &g->v.by_name, fold_key(b->a, name.text), &fresh);
	if (fresh)
		*by_name = place;
}

static void fall_back(struct concept *c)
{
	for (int lang = 0; lang < LANG_COUNT_; lang++) {
		if (!c->label[lang].n)
			c->label[lang] = c->label[LANG_EN].n ? c->label[LANG_EN] : c->code;
		if (!c->brief[lang].n)
			c->brief[lang] = c->label[lang];
	}
}

void vocabulary_build(struct vocabulary_builder *b, struct vocabularies *ret)
{
	*ret = (struct vocabularies){ .p = NEW_N(b->a, struct vocabulary, b->all.n),
				      .n = b->all.n };
	for (size_t i = 0; i < b->all.n; i++) {
		struct growing *g = &b->all.p[i];

		g->v.concepts = g->concepts.p;
		g->v.n = g->concepts.n;
		for (size_t c = 0; c < g->v.n; c++)
			fall_back(&g->v.concepts[c]);
		for (int lang = 0; lang < LANG_COUNT_; lang++)
			if (!g->v.title[lang].n)
				g->v.title[lang] = g->v.title[LANG_EN];
		ret->p[i] = g->v;
	}
}

enum err vocabularies_load(struct db *db, arena *a, struct vocabularies *ret)
{
	struct vocabulary_builder *b = vocabulary_builder_new(a);
	struct vocabulary_schemes *schemes;
	struct vocabulary_titles *titles;
	struct vocabulary_concepts *concepts;
	struct vocabulary_names *names;
	size_t n;

	TRY(vocabulary_schemes(db, a, &schemes, &n));
	for (size_t i = 0; i < n; i++)
		vocabulary_add_scheme(b, schemes[i].code, schemes[i].version, schemes[i].source,
				      schemes[i].licence);
	TRY(vocabulary_titles(db, a, &titles, &n));
	for (size_t i = 0; i < n; i++)
		vocabulary_add_title(b, titles[i].scheme, titles[i].lang, titles[i].title);
	TRY(vocabulary_concepts(db, a, &concepts, &n));
	for (size_t i = 0; i < n; i++)
		vocabulary_add_concept(b, concepts[i].scheme, concepts[i].code, concepts[i].class,
				       concepts[i].query != 0);
	TRY(vocabulary_names(db, a, &names, &n));
	for (size_t i = 0; i < n; i++)
		vocabulary_add_name(
			b, names[i].scheme, names[i].code,
			(struct concept_name){ names[i].lang, names[i].kind, names[i].label },
			str_eq(names[i].origin, S("ours")));
	vocabulary_build(b, ret);
	return OK;
}
