/*
 * Two frequent words ("human rights", "women rights") are often asked for together, and counting their moments
 * means reading hundreds of thousands of places. So the moments of each two of the most frequent stems are
 * counted beforehand in each video, a byte each. Words that no search is about are left out.
 */
#include "index/speech_build.h"
#include "index/speech_match.h"

enum { STEMS_MAX = 32 }; /* of which each two are counted */

struct frequent {
	uint32_t stem, hits;
};

static int by_hits(const void *a, const void *b)
{
	const struct frequent *x = a, *y = b;

	if (x->hits != y->hits)
		return x->hits > y->hits ? -1 : 1;
	return x->stem < y->stem ? -1 : x->stem > y->stem;
}

static bool has_stop(const struct speech *sp, uint32_t stem)
{
	const struct index *ix = &sp->words;

	for (uint32_t i = ix->stem_words_start[stem]; i < ix->stem_words_start[stem + 1]; i++)
		if (speech_is_stop(sp, ix->stem_words[i]))
			return true;
	return false;
}

/* The most frequent stems; returns how many. */
static uint32_t list_frequent(const struct speech_builder *b, const struct speech *sp,
			      const uint32_t *hits, struct frequent *ret)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < sp->words.stem_names.n; i++)
		if (hits[i] >= b->together_least && !has_stop(sp, i))
			ret[n++] = (struct frequent){ i, hits[i] };
	if (n)
		qsort(ret, n, sizeof *ret, by_hits);
	return MIN(n, (uint32_t)STEMS_MAX);
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

static void count_two(const struct speech *sp, struct speech_scratch *s, const uint32_t *stems,
		      uint8_t *ret)
{
	struct asking q = { .sp = sp, .s = s, .words = bits_words(sp->n_videos) };
	struct slot *slots[2];

	arena_reset(s->a);
	s->heads.n = 0;
	slots[0] = stem_slot(&q, stems[0]);
	slots[1] = stem_slot(&q, stems[1]);
	bits_each(video, slots[0]->set, q.words)
	{
		struct lone words[2] = { { .slot = slots[0] }, { .slot = slots[1] } };
		uint32_t n;

		if (!bits_has(slots[1]->set, video))
			continue;
		slot_heads(&q, slots[0], video, &words[0].head);
		slot_heads(&q, slots[1], video, &words[1].head);
		if (!near_find(&q, video, words, 2))
			continue;
		n = speech_count(&q, video, 0, s->spans.n);
		ret[video] = (uint8_t)MIN(n, UINT8_MAX);
	}
}

void speech_count_together(struct speech_builder *b, struct speech *sp, const uint32_t *hits)
{
	struct frequent *list = NEW_N(b->words->tmp, struct frequent, sp->words.stem_names.n + 1);
	uint32_t n = sp->ordered ? list_frequent(b, sp, hits, list) : 0, counted = 0;
	uint8_t *counts = NEW_N(sp->words.a, uint8_t, (size_t)n * (n - 1) / 2 * sp->n_videos);
	struct speech_scratch *s = speech_scratch_new();

	sp->together = speech_pairs_new(sp->words.a, STEMS_MAX * STEMS_MAX);
	sp->together_moments = counts;
	for (uint32_t i = 0; i < n; i++)
		for (uint32_t k = 0; k < i; k++) {
			uint32_t stems[] = { MIN(list[i].stem, list[k].stem),
					     MAX(list[i].stem, list[k].stem) };

			count_two(sp, s, stems, counts + (size_t)counted * sp->n_videos);
			*speech_pairs_put(sp->words.a, &sp->together,
					  (uint64_t)stems[0] << 32 | stems[1]) = counted++;
		}
	speech_scratch_free(s);
}

const uint8_t *speech_together(const struct speech *sp, uint32_t a, uint32_t b)
{
	uint32_t at = speech_pairs_find(&sp->together, MIN(a, b), MAX(a, b));

	return at == UINT32_MAX ? NULL : sp->together_moments + (size_t)at * sp->n_videos;
}
