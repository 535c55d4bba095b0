/*
 * Postings: for each term the units where it stands, each with its impact. Two passes over the words in
 * the order of units: the first counts units, so that the second can put each where it belongs.
 *
 * A stem of one word alone shares its posting with the word.
 */
#include <math.h>

#include "index/build.h"

enum { BITS_SHARE = 64, ARRAY_SHARE = 16, LEAST_DENSE = 8 };

struct density density_of(const struct index_builder *b, const struct index *ix)
{
	uint32_t bits = b->schema.bits_share ? b->schema.bits_share : BITS_SHARE;
	uint32_t array = b->schema.array_share ? b->schema.array_share : ARRAY_SHARE;

	return (struct density){ MAX(ix->n_units / bits, (uint32_t)LEAST_DENSE),
				 MAX(ix->n_units / array, (uint32_t)LEAST_DENSE) };
}

double bm25_idf(const struct index *ix, uint32_t df)
{
	double idf = log((ix->n_units - df + 0.5) / (df + 0.5));

	return idf > 0 ? idf : 1e-6;
}

static uint8_t impact(const struct index *ix, uint32_t tf, uint32_t length)
{
	return (uint8_t)ceil(bm25_part(ix, tf, length) / (BM25_K1 + 1) * UINT8_MAX);
}

uint8_t bm25_impact(const struct index *ix, uint32_t tf, uint32_t length)
{
	if (tf < IMPACT_TFS && length < IMPACT_LENGTHS)
		return ix->impact_of[tf * IMPACT_LENGTHS + length];
	return impact(ix, tf, length);
}

static void fill_impacts(struct index *ix)
{
	uint8_t *impacts = NEW_N(ix->a, uint8_t, IMPACT_TFS * IMPACT_LENGTHS);
	uint8_t *counts = NEW_N(ix->a, uint8_t, (UINT8_MAX + 1) * IMPACT_LENGTHS);

	for (uint32_t tf = 1; tf <= UINT8_MAX; tf++)
		for (uint32_t length = 0; length < IMPACT_LENGTHS; length++) {
			uint8_t i = impact(ix, tf, length);

			counts[i * IMPACT_LENGTHS + length] = (uint8_t)tf;
			if (tf < IMPACT_TFS)
				impacts[tf * IMPACT_LENGTHS + length] = i;
		}
	ix->impact_of = impacts;
	ix->count_of = counts;
}

static void fill_lengths(struct index *ix)
{
	uint16_t *length = NEW_N(ix->a, uint16_t, ix->n_units);
	uint64_t sum = 0;

	for (uint32_t u = 0; u < ix->n_units; u++) {
		uint32_t item = ix->unit_item[u];

		length[u] = (uint16_t)(ix->item_token[item + 1] - ix->item_token[item]);
		sum += length[u];
	}
	ix->length = length;
	ix->mean_length = sum ? (double)sum / ix->n_units : 1;
}

/* Calls BODY with unit u and term t for each word of each unit, in order. */
#define EACH_TERM(ix, tokens, ids, u, t, body)                                                 \
	for (uint32_t u = 0; u < (ix)->n_units; u++) {                                         \
		uint32_t item_ = (ix)->unit_item[u], end_ = (ix)->item_token[item_ + 1];       \
                                                                                               \
		for (uint32_t i_ = (ix)->item_token[item_]; i_ < end_; i_++) {                 \
			uint32_t t = (ids) && (tokens)[i_] != UINT32_MAX ? (ids)[(tokens)[i_]] \
									 : (tokens)[i_];       \
                                                                                               \
			if (t != UINT32_MAX)                                                   \
				body                                                           \
		}                                                                              \
	}

/* A posting while it is filled. SEEN is the last unit that had the term, plus one. */
struct filling {
	uint32_t seen, n;
	uint32_t *units;
	uint8_t *tfs; /* later the impacts */
	uint64_t *bits;
	uint8_t *by_unit;
};

/* Gives each term its place, now that it is known how many units it has. */
static void make_room(struct index *ix, struct density dense, uint32_t n_terms, struct filling *f,
		      struct posting *ret)
{
	size_t listed = 0;
	uint32_t *units;
	uint8_t *tfs;

	for (uint32_t t = 0; t < n_terms; t++)
		listed += ret[t].df < dense.array ? ret[t].df : 0;
	units = arena_alloc_raw(ix->a, listed * sizeof *units);
	tfs = arena_alloc_raw(ix->a, listed);
	for (uint32_t t = 0; t < n_terms; t++) {
		f[t] = (struct filling){ .units = units, .tfs = tfs };
		if (ret[t].df >= MIN(dense.bits, dense.array))
			ret[t].bits = f[t].bits = index_aligned(ix, ix->words * 8);
		if (ret[t].df >= dense.array) {
			f[t].by_unit = index_aligned(ix, ix->words * 64);
		} else {
			ret[t].units = units;
			ret[t].impacts = tfs;
			units += ret[t].df;
			tfs += ret[t].df;
		}
	}
}

static void filling_add(struct filling *f, uint32_t unit)
{
	uint8_t *tf;

	if (f->seen != unit + 1) {
		f->seen = unit + 1;
		if (f->bits)
			bits_add(f->bits, unit);
		if (!f->by_unit) {
			f->units[f->n] = unit;
			f->tfs[f->n++] = 0;
		}
	}
	tf = f->by_unit ? &f->by_unit[unit] : &f->tfs[f->n - 1];
	*tf = (uint8_t)(*tf + (*tf < UINT8_MAX));
}

/* Turns counts into impacts; for words those by unit stay counts. */
static void filling_finish(const struct index *ix, struct filling *f, bool words, struct posting *p)
{
	for (uint32_t i = 0; i < f->n; i++)
		f->tfs[i] = bm25_impact(ix, f->tfs[i], ix->length[f->units[i]]);
	if (f->by_unit && words)
		p->counts_by_unit = f->by_unit;
	else if (f->by_unit)
		bits_each(u, f->bits, ix->words)
			f->by_unit[u] = bm25_impact(ix, f->by_unit[u], ix->length[u]);
	p->by_unit = words ? NULL : f->by_unit;
}

void postings_fill(struct index_builder *b, struct index *ix, const uint32_t *tokens,
		   const uint32_t *ids, uint32_t n_terms, bool words, struct posting *ret)
{
	struct filling *f = mem_alloc(mem_mul(n_terms, sizeof *f));

	EACH_TERM(ix, tokens, ids, u, t, {
		ret[t].df += f[t].seen != u + 1;
		f[t].seen = u + 1;
	})
	make_room(ix, density_of(b, ix), n_terms, f, ret);
	EACH_TERM(ix, tokens, ids, u, t, { filling_add(&f[t], u); })
	for (uint32_t t = 0; t < n_terms; t++)
		filling_finish(ix, &f[t], words, &ret[t]);
	mem_free(f);
}

/* The counts of a word that shares the posting of its stem. */
static const uint8_t *counts_of(struct index *ix, const struct posting *p)
{
	uint8_t *counts = index_aligned(ix, ix->words * 64);

	bits_each(u, p->bits, ix->words) counts[u] = bm25_count(ix, p->by_unit[u], ix->length[u]);
	return counts;
}

/* Words that share their stem with others have postings of their own. */
static void fill_word_postings(struct index_builder *b, struct index *ix)
{
	uint32_t n = ix->word_names.n, n_own = 0;
	uint32_t *own = NEW_N(b->tmp, uint32_t, n);
	struct posting *by_word = NEW_N(b->a, struct posting, n), *postings;

	for (uint32_t w = 0; w < n; w++) {
		uint32_t s = ix->word_stem[w];
		bool shares = ix->stem_words_start[s + 1] - ix->stem_words_start[s] > 1;

		own[w] = shares ? n_own++ : UINT32_MAX;
	}
	postings = NEW_N(b->tmp, struct posting, n_own);
	postings_fill(b, ix, ix->tokens, own, n_own, true, postings);
	for (uint32_t w = 0; w < n; w++) {
		if (own[w] != UINT32_MAX) {
			by_word[w] = postings[own[w]];
			continue;
		}
		by_word[w] = ix->stem_postings[ix->word_stem[w]];
		if (by_word[w].by_unit)
			by_word[w].counts_by_unit = counts_of(ix, &by_word[w]);
	}
	ix->word_postings = by_word;
}

void build_postings(struct index_builder *b, struct index *ix)
{
	uint32_t n = ix->stem_names.n;
	struct posting *stems = NEW_N(b->a, struct posting, n);

	fill_lengths(ix);
	fill_impacts(ix);
	postings_fill(b, ix, ix->tokens, ix->word_stem, n, false, stems);
	ix->stem_postings = stems;
	fill_word_postings(b, ix);
	pairs_fill(b, ix, NULL, ix->word_names.n, ix->word_postings, &ix->word_pairs);
	pairs_fill(b, ix, ix->word_stem, n, ix->stem_postings, &ix->stem_pairs);
}
