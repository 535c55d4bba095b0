#include "index/lexicon.h"

#include "base/map.h"
#include "index/token.h"

enum { NAME_WORDS_MAX = 32 };

struct entry {
	VEC(uint32_t) concepts;
	unsigned langs; /* of its names */
	bool any_lang;
};

struct lexicon {
	arena *a;
	VEC(struct lexicon_concept) concepts;
	struct map by_key; /* -> place in entries */
	VEC(struct entry) entries;
	size_t longest;
};

struct lexicon *lexicon_new(arena *a)
{
	struct lexicon *x = NEW(a, struct lexicon);

	x->a = a;
	return x;
}

uint32_t lexicon_add(struct lexicon *x, enum lexicon_action action, const struct index_tag *tags,
		     size_t n_tags)
{
	struct lexicon_concept *c = vec_add(x->a, &x->concepts);
	struct index_tag *copy = NEW_N(x->a, struct index_tag, n_tags);

	if (n_tags)
		memcpy(copy, tags, n_tags * sizeof *tags);
	*c = (struct lexicon_concept){ .action = action, .tags = copy, .n_tags = n_tags };
	return (uint32_t)(x->concepts.n - 1);
}

/* --- Names ------------------------------------------------------------------------------------------- */

static void key_add(struct lexicon *x, uint32_t concept, enum text_lang lang, str key)
{
	bool fresh;
	int64_t *place = map_get(&x->by_key, key);
	struct entry *e;

	if (!place) {
		place = map_put(x->a, &x->by_key, arena_str(x->a, key), &fresh);
		*place = (int64_t)x->entries.n;
		vec_add(x->a, &x->entries);
	}
	e = &x->entries.p[*place];
	e->langs |= TEXT_LANG_BIT(lang);
	e->any_lang |= lang == TEXT_OTHER;
	vec_each (uint32_t, old, &e->concepts)
		if (*old == concept)
			return;
	*vec_add(x->a, &e->concepts) = concept;
}

static bool same_words(const struct query_pattern *p, const struct query_word *words, size_t n)
{
	if (p->n != n)
		return false;
	for (size_t i = 0; i < n; i++)
		if (!str_eq(p->words[i].folded, words[i].folded))
			return false;
	return true;
}

/* Adds a pattern to a concept. A name that several languages write alike is one pattern for all of them:
 * English and French "torture". */
static void pattern_add(struct lexicon *x, uint32_t concept, const struct query_word *words,
			size_t n)
{
	struct lexicon_concept *c = &x->concepts.p[concept];
	struct query_word *copy;

	vec_each (struct lexicon_name, old, &c->names) {
		if (!same_words(&old->pattern, words, n))
			continue;
		for (size_t i = 0; i < n; i++)
			old->words[i].langs = old->words[i].langs && words[i].langs
						      ? old->words[i].langs | words[i].langs
						      : 0;
		return;
	}
	copy = arena_alloc_raw(x->a, n * sizeof *copy);
	memcpy(copy, words, n * sizeof *copy);
	*vec_add(x->a, &c->names) = (struct lexicon_name){ { copy, n }, copy };
}

/* Puts the words of a name one after the other; GLUED: those with a hyphen between them as one. Returns
 * how many there are. */
static size_t name_words(struct lexicon *x, enum text_lang lang, str name, bool glued,
			 struct query_word *ret)
{
	struct tokens reader;
	struct token t;
	size_t n = 0;

	tokens_init(&reader, name);
	while (n < NAME_WORDS_MAX && tokens_next(&reader, &t)) {
		struct query_word *w = &ret[n];

		if (glued && t.glue == TOKEN_HYPHEN && n > 0) {
			buf joined = buf_new(x->a, 4 * TOKEN_LONGEST);

			w--;
			buf_put(&joined, w->folded);
			buf_put(&joined, t.folded);
			w->folded = w->lower = buf_str(&joined);
			continue;
		}
		*w = (struct query_word){ .folded = arena_str(x->a, t.folded),
					  .lower = arena_str(x->a, t.lower),
					  .how = QUERY_STEM,
					  .langs = lang == TEXT_OTHER ? 0 : TEXT_LANG_BIT(lang) };
		n++;
	}
	return n;
}

void lexicon_name(struct lexicon *x, uint32_t concept, enum text_lang lang, str name)
{
	for (int glued = 0; glued < 2; glued++) {
		struct query_word words[NAME_WORDS_MAX];
		size_t n = name_words(x, lang, name, glued, words);
		buf key = buf_new(x->a, 1 << 14);

		for (size_t i = 0; i < n; i++) {
			if (i)
				buf_byte(&key, ' ');
			buf_put(&key, words[i].folded);
		}
		if (n == 0)
			return;
		key_add(x, concept, lang, buf_str(&key));
		pattern_add(x, concept, words, n);
		x->longest = MAX(x->longest, n);
	}
}

/* --- Asking ------------------------------------------------------------------------------------------ */

uint32_t lexicon_size(const struct lexicon *x)
{
	return (uint32_t)x->concepts.n;
}

const struct lexicon_concept *lexicon_concept(const struct lexicon *x, uint32_t concept)
{
	return &x->concepts.p[concept];
}

size_t lexicon_find(const struct lexicon *x, str key, const uint32_t **ret)
{
	const int64_t *place = map_get(&x->by_key, key);

	if (!place)
		return 0;
	*ret = x->entries.p[*place].concepts.p;
	return x->entries.p[*place].concepts.n;
}

unsigned lexicon_langs(const struct lexicon *x, str key)
{
	const int64_t *place = map_get(&x->by_key, key);
	const struct entry *e = place ? &x->entries.p[*place] : NULL;

	return e && !e->any_lang ? e->langs : 0;
}

size_t lexicon_longest(const struct lexicon *x)
{
	return x->longest;
}
