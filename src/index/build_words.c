/* The dictionary: words and stems in byte order, so that a prefix is a range of numbers. */
#include "index/build.h"

static int by_text(const void *a, const void *b)
{
	const struct built_word *x = *(const struct built_word *const *)a;
	const struct built_word *y = *(const struct built_word *const *)b;
	int order = str_cmp(x->folded, y->folded);

	return order ? order : str_cmp(x->stem, y->stem);
}

static int by_stem(const void *a, const void *b)
{
	const struct built_word *x = *(const struct built_word *const *)a;
	const struct built_word *y = *(const struct built_word *const *)b;

	return str_cmp(x->stem, y->stem);
}

/* Texts being put one after the other. */
struct names_maker {
	char *bytes;
	uint32_t *starts, n;
};

static struct names_maker names_begin(arena *a, size_t n, size_t bytes)
{
	return (struct names_maker){ arena_alloc_raw(a, bytes), NEW_N(a, uint32_t, n + 1), 0 };
}

static void names_put(struct names_maker *m, str text)
{
	uint32_t at = m->starts[m->n];

	if (text.n)
		memcpy(m->bytes + at, text.p, text.n);
	m->starts[++m->n] = at + (uint32_t)text.n;
}

static struct names names_done(const struct names_maker *m)
{
	return (struct names){ m->bytes, m->starts, m->n };
}

/* Numbers the words; spellings of one word in several languages become one where the stem is one. */
static void number_words(struct index_builder *b, struct index *ix, struct built_word **sorted)
{
	size_t n = b->words.n, bytes = 0, lower = 0;
	uint32_t *count = NEW_N(b->a, uint32_t, n);
	struct names_maker words, shown;

	for (size_t i = 0; i < n; i++) {
		bytes += sorted[i]->folded.n;
		lower += sorted[i]->lower.n;
	}
	words = names_begin(b->a, n, bytes);
	shown = names_begin(b->a, n, lower);
	for (size_t i = 0; i < n; i++) {
		if (i == 0 || by_text(&sorted[i - 1], &sorted[i]) != 0) {
			names_put(&words, sorted[i]->folded);
			names_put(&shown, sorted[i]->lower);
		}
		sorted[i]->id = words.n - 1;
		count[words.n - 1] += sorted[i]->count;
	}
	ix->word_names = names_done(&words);
	ix->shown = names_done(&shown);
	ix->word_count = count;
}

static void number_stems(struct index_builder *b, struct index *ix, struct built_word **sorted)
{
	size_t n = b->words.n, bytes = 0;
	uint32_t *stem_of = NEW_N(b->a, uint32_t, n);
	struct names_maker stems;

	for (size_t i = 0; i < n; i++)
		bytes += sorted[i]->stem.n;
	stems = names_begin(b->a, n, bytes);
	for (size_t i = 0; i < n; i++) {
		if (i == 0 || !str_eq(sorted[i - 1]->stem, sorted[i]->stem))
			names_put(&stems, sorted[i]->stem);
		stem_of[sorted[i]->id] = stems.n - 1;
	}
	ix->stem_names = names_done(&stems);
	ix->word_stem = stem_of;
}

/* The words of each stem. */
static void group_by_stem(struct index_builder *b, struct index *ix)
{
	uint32_t n = ix->word_names.n, n_stems = ix->stem_names.n;
	uint32_t *starts = NEW_N(b->a, uint32_t, n_stems + 1), *words = NEW_N(b->a, uint32_t, n);
	uint32_t *next = NEW_N(b->tmp, uint32_t, n_stems + 1);

	for (uint32_t w = 0; w < n; w++)
		starts[ix->word_stem[w] + 1]++;
	for (uint32_t s = 0; s < n_stems; s++)
		next[s + 1] = starts[s + 1] += starts[s];
	for (uint32_t w = 0; w < n; w++)
		words[next[ix->word_stem[w]]++] = w;
	ix->stem_words_start = starts;
	ix->stem_words = words;
}

void build_words(struct index_builder *b, struct index *ix)
{
	size_t n = b->words.n, n_tokens = ix->item_token[ix->n_items];
	struct built_word **sorted = NEW_N(b->tmp, struct built_word *, n);

	for (size_t i = 0; i < n; i++)
		sorted[i] = &b->words.p[i];
	qsort(sorted, n, sizeof *sorted, by_text);
	number_words(b, ix, sorted);
	qsort(sorted, n, sizeof *sorted, by_stem);
	number_stems(b, ix, sorted);
	group_by_stem(b, ix);
	for (size_t i = 0; i < n_tokens; i++)
		ix->tokens[i] = b->words.p[ix->tokens[i]].id;
}
