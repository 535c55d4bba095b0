/*
 * Frequent words that follow one another are terms of their own, so that no phrase is slow: a phrase
 * with a rare word has few places to look at, and a phrase of frequent words is found by its pairs.
 * Without them "human rights" (31,000 of 120,000 units) takes 800 us, with them 60.
 */
#include "index/build.h"

enum { FREQUENT_MAX = 1024 }; /* the table of pairs is that squared */

/* Numbers the terms that stand in LEAST units or more; doubles LEAST until they are few enough. */
static uint16_t *choose_frequent(struct index_builder *b, uint32_t n_terms,
				 const struct posting *terms, uint32_t least, uint32_t *ret_n)
{
	uint16_t *place = arena_alloc_raw(b->a, n_terms * sizeof *place);
	uint32_t n;

	do {
		n = 0;
		for (uint32_t t = 0; t < n_terms; t++)
			n += terms[t].df >= least;
		least *= n > FREQUENT_MAX ? 2 : 1;
	} while (n > FREQUENT_MAX);
	*ret_n = n;
	n = 0;
	for (uint32_t t = 0; t < n_terms; t++)
		place[t] = (uint16_t)(terms[t].df >= least ? n++ : INDEX_NONE);
	return place;
}

/* The pair that begins at token I, as first's place * n + second's; UINT32_MAX when it is none. */
static uint32_t pair_at(const struct index *ix, const uint32_t *stem_of, const struct pairs *p,
			uint32_t i)
{
	uint32_t first = ix->tokens[i], second = ix->tokens[i + 1];
	uint16_t a = p->place[stem_of ? stem_of[first] : first];
	uint16_t b = p->place[stem_of ? stem_of[second] : second];

	return a == INDEX_NONE || b == INDEX_NONE ? UINT32_MAX : a * p->n + b;
}

/* The pairs as terms, numbered as they come. RET_TOKENS: for each token the pair it begins. */
static uint32_t *number_pairs(struct index_builder *b, struct index *ix, const uint32_t *stem_of,
			      struct pairs *p, uint32_t *ret_tokens)
{
	size_t n = mem_mul(p->n, p->n);
	uint32_t *posting_of = arena_alloc_raw(b->a, n * sizeof *posting_of);

	memset(posting_of, 0xFF, n * sizeof *posting_of);
	for (uint32_t item = 0; item < ix->n_items; item++) {
		uint32_t from = ix->item_token[item], to = ix->item_token[item + 1];

		for (uint32_t i = from; i < to; i++) {
			uint32_t pair = i + 1 < to ? pair_at(ix, stem_of, p, i) : UINT32_MAX;

			if (pair != UINT32_MAX && posting_of[pair] == UINT32_MAX)
				posting_of[pair] = p->n_postings++;
			ret_tokens[i] = pair == UINT32_MAX ? UINT32_MAX : posting_of[pair];
		}
	}
	return posting_of;
}

void pairs_fill(struct index_builder *b, struct index *ix, const uint32_t *stem_of,
		uint32_t n_terms, const struct posting *terms, struct pairs *ret)
{
	uint32_t *tokens = mem_alloc(mem_mul(ix->item_token[ix->n_items], sizeof *tokens));
	struct posting *postings;

	ret->place = choose_frequent(b, n_terms, terms, density_of(b, ix).bits, &ret->n);
	ret->posting_of = number_pairs(b, ix, stem_of, ret, tokens);
	postings = NEW_N(b->a, struct posting, ret->n_postings);
	postings_fill(b, ix, tokens, NULL, ret->n_postings, false, postings);
	ret->postings = postings;
	mem_free(tokens);
}
