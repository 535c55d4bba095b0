#include "index/score.h"

#include <math.h>

/* Weights in proportion to idf, so that no sum of bounds passes 16 bits. */
static void weigh(struct scoring *x)
{
	const struct index *ix = x->m->ix;
	double sum = 0, points;

	for (uint32_t t = 0; t < x->n; t++) {
		x->idf[t] = bm25_idf(ix, x->m->terms.p[t].df);
		sum += x->idf[t];
	}
	points = (UINT16_MAX - x->n) / sum;
	x->slack = 2 + 2 * x->n;
	for (uint32_t t = 0; t < x->n; t++) {
		x->weight[t] = (uint16_t)ceil(x->idf[t] * points);
		x->slack += x->weight[t] / 256u + 1;
	}
	x->per_point = (BM25_K1 + 1) * 256 / (255 * points);
}

static void mark_word(struct scoring *x, uint32_t word, uint32_t term, uint32_t *n_masks)
{
	uint16_t *mark = &x->m->s->marks[word];

	if (*mark == 0 && *n_masks < UINT16_MAX)
		*mark = (uint16_t)++ * n_masks;
	if (*mark)
		x->masks[*mark - 1] |= (uint64_t)1 << term;
}

/* Calls BODY with each word of the dictionary that the one-word term T takes. */
#define EACH_WORD(ix, t, w, body)                                                         \
	do {                                                                              \
		const struct matcher *m_ = (t)->words;                                    \
		bool stem_ = m_->how == QUERY_STEM;                                       \
		uint32_t from_ = stem_ ? (ix)->stem_words_start[m_->stems[0]] : m_->from; \
		uint32_t to_ = stem_ ? (ix)->stem_words_start[m_->stems[0] + 1] : m_->to; \
                                                                                          \
		for (; from_ < to_; from_++) {                                            \
			uint32_t w = stem_ ? (ix)->stem_words[from_] : from_;             \
			body;                                                             \
		}                                                                         \
	} while (0)

void scoring_init(struct scoring *x, struct matching *m)
{
	const struct index *ix = m->ix;
	uint32_t n_masks = 0, room = 0;

	*x = (struct scoring){ .m = m, .n = (uint32_t)MIN(m->terms.n, (size_t)SCORE_TERMS_MAX) };
	if (x->n == 0)
		return;
	weigh(x);
	for (uint32_t t = 0; t < x->n; t++)
		if (m->terms.p[t].n_words > 1)
			x->phrases |= (uint64_t)1 << t;
		else
			EACH_WORD(ix, &m->terms.p[t], w, room += w < UINT32_MAX);
	x->masks = NEW_N(m->a, uint64_t, room);
	for (uint32_t t = 0; t < x->n; t++)
		if (m->terms.p[t].n_words == 1)
			EACH_WORD(ix, &m->terms.p[t], w, mark_word(x, w, t, &n_masks));
}

void scoring_release(struct scoring *x)
{
	for (uint32_t t = 0; t < x->n; t++)
		if (x->m->terms.p[t].n_words == 1)
			EACH_WORD(x->m->ix, &x->m->terms.p[t], w, x->m->s->marks[w] = 0);
}

static void add_score(struct scoring *x, uint32_t unit, uint8_t impact, uint16_t weight)
{
	uint16_t *score = &x->m->s->scores[unit];

	*score = (uint16_t)(*score + (impact * (uint32_t)weight >> 8));
}

/* A term known by its counts: only the units of SET are worth the way from count to impact. */
static void add_counts(struct scoring *x, const uint8_t *counts, uint16_t weight,
		       const uint64_t *set)
{
	const struct index *ix = x->m->ix;

	bits_each(u, set, ix->words) if (counts[u])
		add_score(x, u, bm25_impact(ix, counts[u], ix->length[u]), weight);
}

/* A term of one posting. Where SET is small, or the posting a list, units are taken one by one. */
static void add_posting(struct scoring *x, const struct posting *p, uint16_t weight,
			const uint64_t *set, bool small)
{
	const struct index *ix = x->m->ix;

	if (p->by_unit && !small)
		ix->k->add_scores(x->m->s->scores, p->by_unit, weight, ix->words * 64);
	else if (p->by_unit)
		bits_each(u, set, ix->words) add_score(x, u, p->by_unit[u], weight);
	else if (p->counts_by_unit)
		add_counts(x, p->counts_by_unit, weight, set);
	else
		for (uint32_t i = 0; i < p->df; i++)
			add_score(x, p->units[i], p->impacts[i], weight);
}

/* A term of many words: their occurrences are added up. */
static void add_postings(struct scoring *x, const struct term *t, uint16_t weight,
			 const uint64_t *set)
{
	const struct index *ix = x->m->ix;
	uint8_t *sums = memset(x->m->s->counts, 0, ix->words * 64);

	for (uint32_t i = 0; i < t->n_postings; i++) {
		const struct posting *p = t->postings[i];

		if (p->counts_by_unit)
			ix->k->add_bytes(sums, p->counts_by_unit, ix->words * 64);
		else
			for (uint32_t k = 0; k < p->df; k++) {
				uint32_t u = p->units[k];
				uint32_t sum = sums[u] +
					       bm25_count(ix, p->impacts[k], ix->length[u]);

				sums[u] = (uint8_t)MIN(sum, (uint32_t)UINT8_MAX);
			}
	}
	add_counts(x, sums, weight, set);
}

void score_bounds(struct scoring *x, const uint64_t *set, uint32_t n_set)
{
	bool small = n_set < x->m->ix->n_units / 16;

	memset(x->m->s->scores, 0, x->m->ix->words * 64 * sizeof(uint16_t));
	for (uint32_t i = 0; i < x->n; i++) {
		const struct term *t = &x->m->terms.p[i];

		if (t->n_postings == 1)
			add_posting(x, t->postings[0], x->weight[i], set, small);
		else
			add_postings(x, t, x->weight[i], set);
	}
}

double score_exact(const struct scoring *x, uint32_t unit)
{
	const struct index *ix = x->m->ix;
	const struct term *terms = x->m->terms.p;
	uint32_t item = ix->unit_item[unit], tf[SCORE_TERMS_MAX];
	double score = 0;

	for (uint32_t t = 0; t < x->n; t++)
		tf[t] = x->phrases >> t & 1
				? phrase_count(ix, terms[t].words, terms[t].n_words, item)
				: 0;
	for (uint32_t i = ix->item_token[item]; i < ix->item_token[item + 1]; i++) {
		uint16_t mark = x->m->s->marks[ix->tokens[i]];

		for (uint64_t left = mark ? x->masks[mark - 1] : 0; left; left &= left - 1)
			tf[bits_lowest(left)]++;
	}
	for (uint32_t t = 0; t < x->n; t++)
		if (tf[t])
			score += x->idf[t] * bm25_part(ix, tf[t], ix->length[unit]);
	return score;
}

uint16_t score_least_bound(const struct scoring *x, double exact)
{
	double points = floor(exact / x->per_point) - x->n - 1;

	return points > 0 ? (uint16_t)MIN(points, (double)UINT16_MAX) : 0;
}
