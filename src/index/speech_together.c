/*
 * Words that belong together ("human rights") are often asked for together, and where both are frequent
 * counting their moments means reading hundreds of thousands of places. So the moments of such words in
 * each video are counted beforehand, a byte each.
 */
#include "index/speech_build.h"
#include "index/speech_match.h"

enum { COUNTED_MAX = 64 }; /* pairs of stems */

struct candidate {
	uint32_t a, b, hits;
};

static int by_hits(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;

	if (x->hits != y->hits)
		return x->hits > y->hits ? -1 : 1;
	return x->a != y->a ? (x->a < y->a ? -1 : 1) : (x->b < y->b ? -1 : x->b > y->b);
}

/* Whether two stems, of which words follow one another TOGETHER times, are worth it. */
static bool is_candidate(const struct speech_builder *b, const uint32_t *hits, uint32_t x,
			 uint32_t y, uint32_t together)
{
	double chance = (double)hits[x] * hits[y] / (double)MAX(b->words->tokens.n, 1);

	return x != y && hits[x] + hits[y] >= b->together_least &&
	       together >= b->together_times * chance;
}

/* The candidates, most hits first, each once. */
static uint32_t list_candidates(const struct speech_builder *b, const struct speech *sp,
				const uint32_t *hits, struct candidate *ret)
{
	const uint32_t *stem = sp->words.word_stem;
	uint32_t n = 0, kept = 0;

	for (uint32_t i = 0; sp->pairs.n && i <= sp->pairs.mask; i++) {
		uint64_t key = sp->pairs.keys[i];
		uint32_t x, y;

		if (key == SPEECH_NO_PAIR)
			continue;
		x = stem[key >> 32];
		y = stem[(uint32_t)key];
		if (is_candidate(b, hits, x, y,
				 hits[sp->words.stem_names.n + sp->pairs.numbers[i]]))
			ret[n++] = (struct candidate){ MIN(x, y), MAX(x, y), hits[x] + hits[y] };
	}
	if (n)
		qsort(ret, n, sizeof *ret, by_hits);
	for (uint32_t i = 0; i < n; i++)
		if (kept == 0 || by_hits(&ret[kept - 1], &ret[i]) != 0)
			ret[kept++] = ret[i];
	return MIN(kept, COUNTED_MAX);
}

/* A slot of one stem. */
static struct slot *stem_slot(struct asking *q, uint32_t stem)
{
	struct slot *slot = NEW(q->s->a, struct slot);

	slot->pair = UINT32_MAX;
	*vec_add(q->s->a, &slot->sources) = (struct source){ stem, 0, speech_variants(q->sp, stem),
							     true };
	slot_fill(q, slot);
	return slot;
}

static void count_pair(struct asking *q, const struct candidate *c, uint8_t *ret)
{
	struct slot *slots[] = { stem_slot(q, c->a), stem_slot(q, c->b) };

	bits_each(video, slots[0]->set, q->words)
	{
		struct lone words[2] = { { .slot = slots[0] }, { .slot = slots[1] } };
		uint32_t n;

		if (!bits_has(slots[1]->set, video))
			continue;
		slot_heads(q, slots[0], video, &words[0].head);
		slot_heads(q, slots[1], video, &words[1].head);
		if (!near_find(q, video, words, 2))
			continue;
		n = speech_count(q, video, 0, q->s->spans.n);
		ret[video] = (uint8_t)MIN(n, UINT8_MAX);
	}
}

void speech_count_together(struct speech_builder *b, struct speech *sp, const uint32_t *hits)
{
	struct candidate *list = NEW_N(b->words->tmp, struct candidate, sp->pairs.n + 1);
	uint32_t n = sp->ordered ? list_candidates(b, sp, hits, list) : 0;
	uint8_t *counts = NEW_N(sp->words.a, uint8_t, (size_t)n * sp->n_videos);
	struct speech_scratch *s = speech_scratch_new();

	sp->together = speech_pairs_new(sp->words.a, COUNTED_MAX * 2);
	sp->together_moments = counts;
	for (uint32_t i = 0; i < n; i++) {
		struct asking q = { .sp = sp, .s = s, .words = bits_words(sp->n_videos) };

		arena_reset(s->a);
		s->heads.n = 0;
		count_pair(&q, &list[i], counts + (size_t)i * sp->n_videos);
		*speech_pairs_put(sp->words.a, &sp->together,
				  (uint64_t)list[i].a << 32 | list[i].b) = i;
	}
	speech_scratch_free(s);
}

const uint8_t *speech_together(const struct speech *sp, uint32_t a, uint32_t b)
{
	uint32_t at = speech_pairs_find(&sp->together, MIN(a, b), MAX(a, b));

	return at == UINT32_MAX ? NULL : sp->together_moments + (size_t)at * sp->n_videos;
}
