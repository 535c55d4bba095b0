/*
 * Reading postings. Where one list is all there is, its cues are read as they come. Otherwise, for words
 * of several stems and for phrases, hits are set as bits, of the cues or the positions of one video: some
 * hundred bytes, which a phrase shifts against one another.
 */
#include "index/speech_match.h"

static const uint8_t *cues_of(const struct speech *sp, const struct source *x)
{
	const struct speech_posting *p = &sp->postings[x->stem];

	return sp->bytes + p->at + p->n_heads;
}

static const uint8_t *places_of(const struct speech *sp, const struct source *x)
{
	return cues_of(sp, x) + sp->postings[x->stem].n_cues;
}

/* --- Heads ---------------------------------------------------------------------------------------- */

static void read_heads(struct asking *q, const struct slot *slot, uint32_t source)
{
	const struct source *x = &slot->sources.p[source];
	const struct speech_posting *posting = &q->sp->postings[x->stem];
	const uint8_t *p = q->sp->bytes + posting->at;
	struct head *h = list_room(&q->s->heads, posting->df);
	uint32_t video = 0, cues = 0, places = 0;

	for (uint32_t i = 0; i < posting->df; i++, h++) {
		uint32_t gap, n_cues, n_places;

		p = varint(p, &gap);
		p = varint(p, &h->hits);
		video += gap / HEAD_FORMS;
		h->moments = n_places = h->hits;
		n_cues = h->hits + gap % HEAD_FORMS;
		if (gap % HEAD_FORMS == HEAD_LONG) {
			p = varint(p, &h->moments);
			p = varint(p, &n_cues);
			p = varint(p, &n_places);
		}
		h->video = video;
		h->source = source;
		h->cues = cues;
		h->places = places;
		cues += n_cues;
		places += n_places;
		bits_add(slot->set, video);
	}
	q->s->heads.n += posting->df;
}

/* Puts the heads of several postings in the order of videos: a counting sort. */
static void sort_heads(struct asking *q, const struct slot *slot)
{
	size_t n = slot->n_heads, videos = q->sp->n_videos;
	uint32_t *next = NEW_N(q->s->a, uint32_t, videos + 1);
	struct head *copy = arena_alloc_raw(q->s->a, n * sizeof *copy);
	struct head *h = q->s->heads.p + slot->head;

	memcpy(copy, h, n * sizeof *copy);
	for (size_t i = 0; i < n; i++)
		next[copy[i].video + 1]++;
	for (size_t v = 0; v < videos; v++)
		next[v + 1] += next[v];
	for (size_t i = 0; i < n; i++)
		h[next[copy[i].video]++] = copy[i];
}

void slot_fill(struct asking *q, struct slot *slot)
{
	slot->set = NEW_N(q->s->a, uint64_t, q->words);
	slot->head = q->s->heads.n;
	for (uint32_t i = 0; i < slot->sources.n; i++)
		read_heads(q, slot, i);
	slot->n_heads = q->s->heads.n - slot->head;
	if (slot->sources.n > 1 && slot->n_heads)
		sort_heads(q, slot);
}

size_t slot_heads(struct asking *q, struct slot *slot, uint32_t video, const struct head **ret)
{
	const struct head *h = q->s->heads.p + slot->head;
	size_t at = slot->at, step = 1, n = 0;

	/* Videos are mostly asked for in their order. */
	if (at >= slot->n_heads || h[at].video > video || (at && h[at - 1].video >= video))
		at = 0;
	while (at + step < slot->n_heads && h[at + step].video < video) {
		at += step;
		step *= 2;
	}
	while (at < slot->n_heads && h[at].video < video) {
		for (step = MAX(step / 2, 1u);
		     at + step < slot->n_heads && h[at + step].video < video;)
			at += step;
		if (step == 1)
			at++;
	}
	slot->at = at;
	*ret = h + at;
	while (at + n < slot->n_heads && h[at + n].video == video)
		n++;
	return n;
}

/* --- Hits ----------------------------------------------------------------------------------------- */

static uint32_t variants_of(const struct speech *sp, uint32_t stem)
{
	return sp->words.stem_words_start[stem + 1] - sp->words.stem_words_start[stem];
}

/* Adds the cues of one posting as spans. */
static void spans_of_head(struct asking *q, const struct slot *slot, const struct head *h)
{
	const struct source *x = &slot->sources.p[h->source];
	const uint8_t *cues = cues_of(q->sp, x) + h->cues;
	const uint8_t *places = places_of(q->sp, x) + h->places;
	uint32_t variants = variants_of(q->sp, x->stem), cue = 0, before = UINT32_MAX;
	struct span *to = list_room(&q->s->spans, h->hits), *from = to;

	for (uint32_t i = 0; i < h->hits; i++) {
		uint32_t gap, place;

		cues = varint(cues, &gap);
		cue += gap;
		if (!x->whole) {
			places = varint(places, &place);
			if (place % variants - x->from >= x->to - x->from)
				continue;
		}
		*to = (struct span){ cue, cue };
		to += cue != before;
		before = cue;
	}
	q->s->spans.n += (size_t)(to - from);
}

/* Sets the cues of a slot, or its positions in the video, as bits. */
static void set_bits(struct asking *q, const struct slot *slot, const struct head *h, size_t n,
		     bool positions, uint64_t *bits)
{
	const struct speech *sp = q->sp;

	for (; n > 0; n--, h++) {
		const struct source *x = &slot->sources.p[h->source];
		const uint8_t *cues = cues_of(sp, x) + h->cues;
		const uint8_t *places = places_of(sp, x) + h->places;
		uint32_t variants = variants_of(sp, x->stem), first = video_cue(sp, h->video),
			 cue = 0;
		const uint32_t *position = sp->cue_position + first;

		for (uint32_t i = 0; i < h->hits; i++) {
			uint32_t gap, place, variant = 0;

			cues = varint(cues, &gap);
			cue += gap;
			places = varint(places, &place);
			if (variants > 1) {
				variant = place % variants;
				place /= variants;
			}
			if (variant - x->from < x->to - x->from)
				bits_add(bits,
					 positions ? position[cue] - position[0] + place : cue);
		}
	}
}

static uint64_t *bits_room(struct asking *q, size_t words)
{
	q->s->bits.n = 0;
	return list_room(&q->s->bits, words);
}

static void find_word(struct asking *q, struct slot *slot, uint32_t video)
{
	const struct head *h;
	size_t n = slot_heads(q, slot, video, &h), words;
	uint64_t *bits;

	if (n == 1) {
		spans_of_head(q, slot, h);
		return;
	}
	words = bits_words(video_cue(q->sp, video + 1) - video_cue(q->sp, video));
	bits = memset(bits_room(q, words), 0, words * sizeof *bits);
	set_bits(q, slot, h, n, false, bits);
	bits_each(cue, bits, words) * list_add(&q->s->spans) = (struct span){ cue, cue };
}

/* TO &= FROM, moved down by SHIFT, for sets with room for that. */
static bool and_shifted(uint64_t *to, const uint64_t *from, size_t words, uint32_t shift)
{
	uint32_t bit = shift & 63;
	uint64_t any = 0;

	from += shift / 64;
	for (size_t i = 0; i < words; i++) {
		uint64_t moved = bit ? from[i] >> bit | from[i + 1] << (64 - bit) : from[i];

		any |= to[i] &= moved;
	}
	return any != 0;
}

/* The cue of the video with a position. CUE: one that does not come after it. */
static uint32_t cue_at(const uint32_t *position, uint32_t cues, uint32_t cue, uint32_t at)
{
	uint32_t low = cue, high = cues, step = 1;

	while (low + step < cues && position[low + step] - position[0] <= at) {
		low += step;
		step *= 2;
	}
	high = MIN(cues, low + step);
	while (high - low > 1) {
		uint32_t middle = low + (high - low) / 2;

		if (position[middle] - position[0] <= at)
			low = middle;
		else
			high = middle;
	}
	return low;
}

static void spans_of_bits(struct asking *q, uint32_t video, const uint64_t *bits, size_t words,
			  uint32_t n)
{
	uint32_t first = video_cue(q->sp, video), cues = video_cue(q->sp, video + 1) - first,
		 cue = 0;
	const uint32_t *position = q->sp->cue_position + first;

	bits_each(at, bits, words)
	{
		cue = cue_at(position, cues, cue, at);
		*list_add(&q->s->spans) = (struct span){ cue,
							 cue_at(position, cues, cue, at + n - 1) };
	}
}

static void find_phrase(struct asking *q, const struct sequence *x, uint32_t video)
{
	const struct speech *sp = q->sp;
	uint32_t positions = sp->cue_position[video_cue(sp, video + 1)] -
			     sp->cue_position[video_cue(sp, video)];
	size_t words = bits_words(positions), room = words + x->n / 64 + 2;
	uint64_t *all = bits_room(q, words + room), *one = all + words;

	for (uint32_t i = 0; i < x->n; i++) {
		struct slot *slot = &q->slots.p[x->slots[i]];
		const struct head *h;
		size_t n = slot_heads(q, slot, video, &h);

		if (i == 0)
			memset(all, 0, words * sizeof *all);
		else
			memset(one, 0, room * sizeof *one);
		set_bits(q, slot, h, n, true, i ? one : all);
		if (i && !and_shifted(all, one, words, i))
			return;
	}
	spans_of_bits(q, video, all, words, x->n);
}

void sequence_find(struct asking *q, const struct sequence *x, uint32_t video)
{
	if (x->n == 1)
		find_word(q, &q->slots.p[x->slots[0]], video);
	else
		find_phrase(q, x, video);
}
