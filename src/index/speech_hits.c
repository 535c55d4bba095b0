/*
 * Reading postings: the cues of a word as they come, those of several as bits, which puts them in order and
 * each once; and for phrases the positions of their words, beginning with the rarest.
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
	uint32_t video = 0, cues = 0, places = 0, word = 0;
	uint64_t bits = 0; /* of the set's word */

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
		if (video >> 6 != word) {
			slot->set[word] |= bits;
			word = video >> 6;
			bits = 0;
		}
		bits |= (uint64_t)1 << (video & 63);
	}
	slot->set[word] |= bits;
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
	if (at >= slot->n_heads || (at && h[at - 1].video >= video))
		at = 0;
	while (at < slot->n_heads && h[at].video < video) {
		if (at + step < slot->n_heads && h[at + step].video < video) {
			at += step;
			step *= 2;
		} else if (step > 1) {
			step /= 2;
		} else {
			at++;
		}
	}
	slot->at = at;
	*ret = h + at;
	while (at + n < slot->n_heads && h[at + n].video == video)
		n++;
	return n;
}

/* --- Hits ----------------------------------------------------------------------------------------- */

/* Adds the cues of one posting as spans. */
static void spans_of_head(struct asking *q, const struct slot *slot, const struct head *h)
{
	const struct source *x = &slot->sources.p[h->source];
	const uint8_t *cues = cues_of(q->sp, x) + h->cues;
	const uint8_t *places = places_of(q->sp, x) + h->places;
	uint32_t variants = speech_variants(q->sp, x->stem), cue = 0, before = UINT32_MAX;
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

/* Writes the positions, in the video, of one posting; returns how many. */
static uint32_t positions_of_head(const struct asking *q, const struct slot *slot,
				  const struct head *h, struct spot *ret)
{
	const struct source *x = &slot->sources.p[h->source];
	const uint8_t *cues = cues_of(q->sp, x) + h->cues;
	const uint8_t *places = places_of(q->sp, x) + h->places;
	uint32_t variants = speech_variants(q->sp, x->stem), cue = 0, n = 0;
	const uint32_t *position = q->sp->cue_position + video_cue(q->sp, h->video);

	for (uint32_t i = 0; i < h->hits; i++) {
		uint32_t gap, place, variant = 0;

		cues = varint(cues, &gap);
		cue += gap;
		places = varint(places, &place);
		if (variants > 1) {
			variant = place % variants;
			place /= variants;
		}
		ret[n] = (struct spot){ position[cue] - position[0] + place, cue };
		n += variant - x->from < x->to - x->from;
	}
	return n;
}

static int by_position(const void *a, const void *b)
{
	const struct spot *x = a, *y = b;

	return x->at < y->at ? -1 : x->at > y->at;
}

/* The positions of a slot in a video, ascending. */
static uint32_t positions_of(const struct asking *q, const struct slot *slot, const struct head *h,
			     size_t n, struct spot *ret)
{
	uint32_t found = 0;

	for (size_t i = 0; i < n; i++)
		found += positions_of_head(q, slot, &h[i], ret + found);
	if (n > 1)
		qsort(ret, found, sizeof *ret, by_position);
	return found;
}

/* Cues of several postings. */
static void spans_of_heads(struct asking *q, const struct slot *slot, const struct head *h,
			   size_t n)
{
	size_t words = bits_words(video_cue(q->sp, h->video + 1) - video_cue(q->sp, h->video));
	size_t from = q->s->spans.n;
	uint64_t *bits;

	q->s->bits.n = 0;
	bits = list_room(&q->s->bits, words);
	memset(bits, 0, words * sizeof *bits);
	for (size_t i = 0; i < n; i++) {
		spans_of_head(q, slot, &h[i]);
		for (size_t k = from; k < q->s->spans.n; k++)
			bits_add(bits, q->s->spans.p[k].first);
		q->s->spans.n = from;
	}
	bits_each(cue, bits, words) * list_add(&q->s->spans) = (struct span){ cue, cue };
}

static void find_word(struct asking *q, struct slot *slot, uint32_t video)
{
	const struct head *h;
	size_t n = slot_heads(q, slot, video, &h);

	if (n == 1)
		spans_of_head(q, slot, h);
	else if (n > 1)
		spans_of_heads(q, slot, h, n);
}

/* Keeps of the N starts those that the word follows at its place; returns how many. */
static uint32_t keep_followed(struct asking *q, const struct phrase_part *w, struct spot *starts,
			      uint32_t n)
{
	uint32_t found, kept = 0, k = 0;
	struct spot *p;

	q->s->others.n = 0;
	p = list_room(&q->s->others, w->hits);
	found = positions_of(q, w->slot, w->heads, w->n, p);
	/* Without a branch that nobody can guess: three times as fast. */
	for (uint32_t i = 0; i < n && k < found;) {
		uint32_t wanted = starts[i].at + w->place, is = p[k].at;

		starts[kept] = starts[i];
		kept += is == wanted;
		i += is >= wanted;
		k += is <= wanted;
	}
	return kept;
}

/* Where the rarest of the words stands, as starts of the phrase with the cues of that word; returns how many. */
static uint32_t starts_of(struct asking *q, const struct phrase_part *w, struct spot *ret)
{
	uint32_t n = positions_of(q, w->slot, w->heads, w->n, ret), kept = 0;

	for (uint32_t i = 0; i < n; i++)
		if (ret[i].at >= w->place)
			ret[kept++] = (struct spot){ ret[i].at - w->place, ret[i].cue };
	return kept;
}

/* The parts of a phrase in a video, the rarest first. */
static void parts_in(struct asking *q, const struct sequence *x, uint32_t video)
{
	for (uint32_t i = 0; i < x->n; i++) {
		struct slot *slot = &q->slots.p[x->parts[i].slot];
		struct phrase_part part = { .slot = slot, .place = x->parts[i].place };
		uint32_t at = i;

		part.n = slot_heads(q, slot, video, &part.heads);
		for (size_t k = 0; k < part.n; k++)
			part.hits += part.heads[k].hits;
		for (; at > 0 && x->room[at - 1].hits > part.hits; at--)
			x->room[at] = x->room[at - 1];
		x->room[at] = part;
	}
}

/* The cues from a position in the video to the one WORDS - 1 behind it. One of them is NEAR. */
static struct span cues_of_words(const uint32_t *position, uint32_t cues, uint32_t near,
				 uint32_t at, uint32_t words)
{
	struct span r = { near, near };

	at += position[0];
	while (position[r.first] > at)
		r.first--;
	while (r.last + 1 < cues && position[r.last + 1] <= at + words - 1)
		r.last++;
	return r;
}

static void find_phrase(struct asking *q, const struct sequence *x, uint32_t video)
{
	uint32_t first = video_cue(q->sp, video), cues = video_cue(q->sp, video + 1) - first, n;
	const uint32_t *position = q->sp->cue_position + first;
	struct spot *starts;

	parts_in(q, x, video);
	q->s->places.n = 0;
	starts = list_room(&q->s->places, x->room[0].hits);
	n = starts_of(q, &x->room[0], starts);
	for (uint32_t i = 1; i < x->n && n; i++)
		n = keep_followed(q, &x->room[i], starts, n);
	for (uint32_t i = 0; i < n; i++)
		*list_add(&q->s->spans) = cues_of_words(position, cues, starts[i].cue, starts[i].at,
							x->words);
}

void sequence_find(struct asking *q, const struct sequence *x, uint32_t video)
{
	if (x->words == 1)
		find_word(q, &q->slots.p[x->parts[0].slot], video);
	else
		find_phrase(q, x, video);
}
