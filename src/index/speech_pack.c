/*
 * Packing: places are gathered by term and written behind one another. Gathering takes a pass over all
 * words for each some millions of hits, so that little memory is needed beside the words themselves.
 */
#include "index/speech_build.h"

enum { BATCH_HITS = 4 << 20 };

struct spoken_hit {
	uint32_t video, cue,
		place; /* cue: of the video; place: in the cue, times variants, and which */
	uint32_t last; /* the cue of its last word */
};

/* A term is a stem, or behind all stems a pair. */
struct packing {
	const struct speech_builder *b;
	struct speech *sp;
	uint32_t n_stems;
	uint32_t *hits_of;       /* by term */
	struct spoken_hit *hits; /* of the terms [from, to), one term after the other */
	size_t *next;            /* by term: where its next hit goes */
	uint32_t from, to;
	struct speech_posting *postings;
	LIST(uint8_t) bytes;
	LIST(uint8_t) heads;
	LIST(uint8_t) cues;
	LIST(uint8_t) places;
	LIST(struct span) spans; /* of one video */
};

enum { VARINT_MAX = 5 };

static inline uint8_t *put_varint(uint8_t *p, uint32_t value)
{
	for (; value > 0x7F; value >>= 7)
		*p++ = (uint8_t)(value | 0x80);
	*p++ = (uint8_t)value;
	return p;
}

static void count_hits(struct packing *p)
{
	const uint32_t *stem = p->sp->words.word_stem, *tokens = p->sp->words.tokens;

	EACH_WORD(p->b, cue, c, t, last) p->hits_of[stem[tokens[MIN(t, last)]]]++;
}

static inline void gather(struct packing *p, uint32_t term, struct spoken_hit hit)
{
	if (term >= p->from && term < p->to)
		p->hits[p->next[term]++] = hit;
}

/* The cues from C's to that of the word behind T. */
static uint32_t cues_to_next(const struct spoken_cue *c, uint32_t t)
{
	uint32_t n = 0;

	while (c[n + 1].token <= t + 1)
		n++;
	return n;
}

static void gather_hits(struct packing *p)
{
	const uint32_t *stem = p->sp->words.word_stem, *tokens = p->sp->words.tokens;
	uint32_t video = 0, first = 0;

	EACH_WORD(p->b, cue, c, t, last)
	{
		uint32_t s = stem[tokens[t]], at, place = t - c->token;

		while (cue >= video_cue(p->sp, video + 1))
			first = video_cue(p->sp, ++video);
		at = cue - first;
		if (p->from < p->n_stems)
			gather(p, s,
			       (struct spoken_hit){ video, at,
						    place * speech_variants(p->sp, s) +
							    p->sp->variant[tokens[t]],
						    at });
		if (p->to > p->n_stems) {
			uint32_t pair = speech_pair_at(p->b, p->sp, t, last);

			if (pair != UINT32_MAX)
				gather(p, p->n_stems + pair,
				       (struct spoken_hit){ video, at, place,
							    at + cues_to_next(c, t) });
		}
	}
}

static uint32_t count_moments(struct packing *p, uint32_t video)
{
	uint32_t n = speech_alone(p->spans.p, (uint32_t)p->spans.n);

	if (video_tracks(p->sp, video) == 1)
		return n;
	return speech_merge(p->sp, video, p->spans.p, n, NULL);
}

/* How a term stands in one video. */
struct packed {
	uint32_t gap; /* to the video before */
	uint32_t hits, moments, cues, places;
};

static void pack_head(struct packing *p, struct packed x)
{
	uint8_t *from = list_room(&p->heads, 5 * VARINT_MAX), *to = from;

	if (x.moments == x.hits && x.places == x.hits && x.cues - x.hits < HEAD_LONG) {
		to = put_varint(to, x.gap * HEAD_FORMS + (x.cues - x.hits));
		to = put_varint(to, x.hits);
	} else {
		to = put_varint(to, x.gap * HEAD_FORMS + HEAD_LONG);
		to = put_varint(to, x.hits);
		to = put_varint(to, x.moments);
		to = put_varint(to, x.cues);
		to = put_varint(to, x.places);
	}
	p->heads.n += (size_t)(to - from);
}

/* The hits of a term in one video. */
static struct packed pack_hits(struct packing *p, const struct spoken_hit *h, uint32_t n,
			       uint32_t video)
{
	uint32_t before = UINT32_MAX;
	uint8_t *cues_from = list_room(&p->cues, (size_t)n * VARINT_MAX), *cues = cues_from;
	uint8_t *places_from = list_room(&p->places, (size_t)n * VARINT_MAX), *places = places_from;
	struct span *spans;

	p->spans.n = 0;
	spans = list_room(&p->spans, n);
	for (uint32_t i = 0; i < n; i++) {
		uint32_t cue = h[i].cue;

		cues = put_varint(cues, i ? cue - before : cue);
		places = put_varint(places, h[i].place);
		if (cue != before || h[i].last != cue)
			spans[p->spans.n++] = (struct span){ cue, h[i].last };
		before = cue;
	}
	p->cues.n += (size_t)(cues - cues_from);
	p->places.n += (size_t)(places - places_from);
	return (struct packed){ 0, n, count_moments(p, video), (uint32_t)(cues - cues_from),
				(uint32_t)(places - places_from) };
}

static void append(struct packing *p, const uint8_t *from, size_t n)
{
	if (n)
		memcpy(list_room(&p->bytes, n), from, n);
	p->bytes.n += n;
}

static void pack_term(struct packing *p, uint32_t term, const struct spoken_hit *h, uint32_t n)
{
	struct speech_posting *to = &p->postings[term];
	uint32_t before = 0;

	p->heads.n = p->cues.n = p->places.n = 0;
	for (uint32_t i = 0, end; i < n; i = end) {
		uint32_t video = h[i].video;
		struct packed x;

		for (end = i; end < n && h[end].video == video;)
			end++;
		x = pack_hits(p, h + i, end - i, video);
		x.gap = video - before;
		pack_head(p, x);
		before = video;
		to->df++;
	}
	to->at = p->bytes.n;
	to->n_heads = (uint32_t)p->heads.n;
	to->n_cues = (uint32_t)p->cues.n;
	append(p, p->heads.p, p->heads.n);
	append(p, p->cues.p, p->cues.n);
	append(p, p->places.p, p->places.n);
}

/* Packs as many terms as fit into a batch. */
static void pack_batch(struct packing *p)
{
	uint32_t n_terms = p->n_stems + p->sp->pairs.n;
	size_t room = 0;

	p->from = p->to;
	while (p->to < n_terms && (p->to == p->from || room + p->hits_of[p->to] <= BATCH_HITS)) {
		p->next[p->to] = room;
		room += p->hits_of[p->to++];
	}
	p->hits = mem_alloc(mem_mul(room, sizeof *p->hits));
	gather_hits(p);
	for (uint32_t s = p->from; s < p->to; s++)
		pack_term(p, s, p->hits + p->next[s] - p->hits_of[s], p->hits_of[s]);
	mem_free(p->hits);
}

void speech_pack(struct speech_builder *b, struct speech *sp)
{
	uint32_t n_stems = sp->words.stem_names.n, n_terms, *pair_hits;
	struct packing p = { .b = b, .sp = sp, .n_stems = n_stems };

	speech_choose_pairs(b, sp, &pair_hits);
	n_terms = n_stems + sp->pairs.n;
	p.postings = NEW_N(sp->words.a, struct speech_posting, n_terms);
	p.hits_of = NEW_N(b->words->tmp, uint32_t, n_terms);
	p.next = NEW_N(b->words->tmp, size_t, n_terms);
	count_hits(&p);
	memcpy(p.hits_of + n_stems, pair_hits, sp->pairs.n * sizeof *pair_hits);
	while (p.to < n_terms)
		pack_batch(&p);
	sp->postings = p.postings;
	sp->bytes = mem_grow(p.bytes.p, p.bytes.n + 1);
	sp->n_bytes = p.bytes.n;
	speech_count_together(b, sp, p.hits_of);
	mem_free(p.heads.p);
	mem_free(p.cues.p);
	mem_free(p.places.p);
	mem_free(p.spans.p);
}
