#include "index/known.h"

#include "base/map.h"

/* Patterns are told apart by where the lexicon keeps their words. */
struct known_key {
	uint64_t words;
	uint64_t langs;
};

struct index_known {
	struct map places; /* key -> place in terms */
	VEC(struct known_terms) terms;
};

static str key_bytes(const struct known_key *key)
{
	return (str){ (const char *)key, sizeof *key };
}

static void *copied(arena *a, const void *p, size_t n)
{
	return n ? memcpy(arena_alloc_raw(a, n), p, n) : NULL;
}

/* Those of phrases are the search's own; the others are the index's and stay there. */
static const struct posting *copied_posting(arena *a, const struct posting *p, bool phrase)
{
	struct posting *copy;

	if (!phrase || p->bits)
		return p;
	copy = NEW(a, struct posting);
	*copy = (struct posting){ .df = p->df };
	copy->units = copied(a, p->units, p->df * sizeof *p->units);
	copy->impacts = copied(a, p->impacts, p->df);
	return copy;
}

static struct term copied_term(arena *a, const struct term *t)
{
	struct matcher *words = copied(a, t->words, t->n_words * sizeof *words);
	const struct posting **postings = NEW_N(a, const struct posting *, t->n_postings);

	for (uint32_t i = 0; i < t->n_words; i++)
		words[i].stems = copied(a, words[i].stems, words[i].n_stems * sizeof(uint32_t));
	for (uint32_t i = 0; i < t->n_postings; i++)
		postings[i] = copied_posting(a, t->postings[i], t->n_words > 1);
	return (struct term){ words, t->n_words, postings, t->n_postings, t->df };
}

/* A search leaves much behind in its arena, so only what it found is kept. */
static void add_pattern(struct index_known *k, arena *a, struct matching m,
			const struct query_pattern *p)
{
	struct known_key key = { (uintptr_t)p->words, m.langs };
	struct known_terms *known = vec_add(a, &k->terms);
	struct term *terms;

	*map_put(a, &k->places, arena_str(a, key_bytes(&key)), NULL) = (int64_t)k->terms.n - 1;
	arena_reset(m.a);
	m.s->used = 0;
	match_pattern(&m, p, scratch_set_empty(m.s), true);
	terms = NEW_N(a, struct term, m.terms.n);
	for (size_t i = 0; i < m.terms.n; i++)
		terms[i] = copied_term(a, &m.terms.p[i]);
	*known = (struct known_terms){ terms, m.terms.n };
}

static void add_names(struct index_known *k, arena *a, struct matching m, const struct lexicon *x)
{
	for (uint32_t i = 0; i < lexicon_size(x); i++)
		vec_each (struct lexicon_name, name, &lexicon_concept(x, i)->names)
			add_pattern(k, a, m, &name->pattern);
}

struct index_known *index_known_new(arena *a, const struct index *ix, const struct lexicon *x,
				    uint32_t langs)
{
	struct index_known *k = NEW(a, struct index_known);
	struct index_scratch *s = index_scratch_new();
	arena *tmp = arena_new();
	bool done = false; /* those that texts have are read the same as one another */

	scratch_prepare(s, ix);
	for (uint32_t lang = 0; lang < TEXT_LANG_COUNT_; lang++) {
		struct matching m = { .ix = ix, .s = s, .a = tmp };

		m.langs = ix->langs | TEXT_LANG_BIT(lang);
		if (!(langs & TEXT_LANG_BIT(lang)) || (done && m.langs == ix->langs))
			continue;
		done = done || m.langs == ix->langs;
		add_names(k, a, m, x);
	}
	index_scratch_free(s);
	arena_free(tmp);
	return k;
}

const struct known_terms *known_find(const struct index_known *k, const struct query_word *words,
				     uint32_t langs)
{
	struct known_key key = { (uintptr_t)words, langs };
	const int64_t *place = map_get(&k->places, key_bytes(&key));

	return place ? &k->terms.p[*place] : NULL;
}
