/*
 * Words near one another where each is told by one posting: most searches. Their cues are unpacked as
 * plain numbers, and swept without the general machinery of speech_look.c; what is found is the same,
 * which test_speech_naive.c judges.
 *
 * A document says how many cues apart is surely near and from how many on is surely far, so that the times
 * of cues, which lie all over the memory, are hardly ever read.
 */
#include "index/speech_match.h"

enum { NEVER = INT32_MAX, LONG_AGO = INT32_MIN / 2 };

/* --- Unpacking ------------------------------------------------------------------------------------ */

/* Are the next eight numbers a byte each? */
static inline bool eight_short(const uint8_t *p)
{
	uint64_t eight;

	memcpy(&eight, p, sizeof eight);
	return (eight & 0x8080808080808080) == 0;
}

static const uint8_t *bytes_of(const struct asking *q, const struct lone *l)
{
	const struct speech_posting *posting =
		&q->sp->postings[l->slot->sources.p[l->head->source].stem];

	return q->sp->bytes + posting->at + posting->n_heads + l->head->cues;
}

/* All cues of a posting in a video, then NEVER; returns the end. Room: hits + 1. */
static int32_t *unpack(const struct asking *q, const struct lone *l, int32_t *to)
{
	const uint8_t *p = bytes_of(q, l);
	uint32_t hits = l->head->hits, i = 1, cue, gap;

	p = varint(p, &cue);
	*to = (int32_t)cue;
	while (i < hits) {
		if (i + 8 <= hits && eight_short(p)) {
			for (uint32_t k = 0; k < 8; k++) {
				cue += p[k];
				to += p[k] != 0;
				*to = (int32_t)cue;
			}
			p += 8;
			i += 8;
			continue;
		}
		p = varint(p, &gap);
		cue += gap;
		to += gap != 0;
		*to = (int32_t)cue;
		i++;
	}
	*++to = NEVER;
	return to + 1;
}

/* --- Sweeping ------------------------------------------------------------------------------------- */

/* The cues of one document among those of its video, and how times are told. */
struct stretch {
	const uint32_t *start; /* of the video's cues */
	int32_t end;           /* its cues come before this one */
	int32_t near, far;
};

static inline bool is_near(const struct stretch *x, int32_t first, int32_t last)
{
	if (last - first <= x->near)
		return true;
	if (last - first >= x->far)
		return false;
	return x->start[last] - x->start[first] <= SPEECH_NEAR_MS;
}

/* YES where MASK is -1, NO where it is 0; gcc makes branches of anything it can read. */
static inline int32_t either(int32_t mask, int32_t yes, int32_t no)
{
	__asm__("" : "+r"(mask));
	return (yes & mask) | (no & ~mask);
}

/* Two words: both lists are gone through as one. Which of them is next and whether it is near are as good as
 * random, so that branches would be guessed wrong: there are none, but for what is neither surely near nor
 * surely far. */
static struct span *sweep_two(const struct stretch *x, const int32_t **lanes, struct span *to)
{
	const int32_t *a = lanes[0], *b = lanes[1];
	int32_t last_a = LONG_AGO, last_b = LONG_AGO;

	for (;;) {
		int32_t is_a = *a, is_b = *b, at = MIN(is_a, is_b), first, apart, hit;

		if (at >= x->end)
			break;
		a += is_a <= is_b;
		b += is_b <= is_a;
		last_a = either(-(is_a <= is_b), at, last_a);
		last_b = either(-(is_b <= is_a), at, last_b);
		first = MIN(last_a, last_b);
		apart = at - first;
		hit = -(apart <= x->near);
		if (__builtin_expect(apart > x->near && apart < x->far, 0))
			hit = -(x->start[at] - x->start[first] <= SPEECH_NEAR_MS);
		*to = (struct span){ (uint32_t)first, (uint32_t)at };
		to -= hit;
		last_a = either(hit, LONG_AGO, last_a);
		last_b = either(hit, LONG_AGO, last_b);
	}
	lanes[0] = a;
	lanes[1] = b;
	return to;
}

/* More of them. As soon as every word has been said the place is looked at: it is one if the word that is
 * farthest back is near, otherwise that word is waited for. */
static struct span *sweep_many(const struct stretch *x, const int32_t **lanes, uint32_t n,
			       struct span *to)
{
	for (;;) {
		int32_t end = *lanes[0], first;
		uint32_t far = 0;

		for (uint32_t i = 1; i < n; i++)
			end = MAX(end, *lanes[i]);
		if (end >= x->end)
			return to;
		for (uint32_t i = 0; i < n; i++) {
			while (lanes[i][1] <= end)
				lanes[i]++;
			far = *lanes[i] < *lanes[far] ? i : far;
		}
		first = *lanes[far];
		if (!is_near(x, first, end)) {
			lanes[far]++;
			continue;
		}
		*to++ = (struct span){ (uint32_t)first, (uint32_t)end };
		for (uint32_t i = 0; i < n; i++)
			lanes[i]++;
	}
}

static struct span *sweep_video(const struct asking *q, uint32_t video, const int32_t **lanes,
				uint32_t n, struct span *to)
{
	const struct speech *sp = q->sp;
	uint32_t first = video_cue(sp, video);

	for (uint32_t d = sp->video_document[video]; d < sp->video_document[video + 1]; d++) {
		struct stretch x = { sp->cue_start + first,
				     (int32_t)(sp->document_cue[d + 1] - first),
				     (int32_t)sp->reach[d].near, (int32_t)sp->reach[d].far };

		to = n == 2 ? sweep_two(&x, lanes, to) : sweep_many(&x, lanes, n, to);
		for (uint32_t i = 0; i < n; i++)
			while (*lanes[i] < x.end)
				lanes[i]++;
	}
	return to;
}

/* --- All together --------------------------------------------------------------------------------- */

/* May two words be near one another anywhere in a video? False: surely not. */
static bool may_be_near(const struct asking *q, uint32_t video, const int32_t *a, const int32_t *b)
{
	const struct speech *sp = q->sp;
	int32_t far = 0;

	for (uint32_t d = sp->video_document[video]; d < sp->video_document[video + 1]; d++)
		far = MAX(far, (int32_t)sp->reach[d].far);
	while (*a != NEVER && *b != NEVER) {
		if (*a < *b ? *b - *a < far : *a - *b < far)
			return true;
		if (*a < *b)
			a++;
		else
			b++;
	}
	return false;
}

/* The first place of each word, ascending, each once. */
static void first_places(struct asking *q, const struct lone *words, uint32_t n)
{
	struct span *from = list_room(&q->s->spans, n), *to = from;

	for (uint32_t i = 0; i < n; i++) {
		struct span *at = to;
		uint32_t cue;

		varint(bytes_of(q, &words[i]), &cue);
		while (at > from && at[-1].first > cue)
			at--;
		if (at > from && at[-1].first == cue)
			continue;
		memmove(at + 1, at, (size_t)(to - at) * sizeof *at);
		*at = (struct span){ cue, cue };
		to++;
	}
	q->s->spans.n = (size_t)(to - from);
}

/* The rarest word first; returns how many hits there are. */
static size_t by_rarity(struct lone *words, uint32_t n)
{
	size_t hits = 0;

	for (uint32_t i = 0; i < n; i++) {
		struct lone word = words[i];
		uint32_t at = i;

		hits += word.head->hits;
		for (; at > 0 && words[at - 1].head->hits > word.head->hits; at--)
			words[at] = words[at - 1];
		words[at] = word;
	}
	return hits;
}

bool near_find(struct asking *q, uint32_t video, struct lone *words, uint32_t n)
{
	struct speech_scratch *s = q->s;
	const int32_t *lanes[NEAR_WORDS_MAX];
	size_t hits = by_rarity(words, n);
	bool may = true;
	int32_t *to;

	s->cues.n = s->spans.n = 0;
	to = list_room(&s->cues, hits + n);
	for (uint32_t i = 0; i < n && may; i++) {
		lanes[i] = to;
		to = unpack(q, &words[i], to);
		/* Most videos of three words end here, after the two rarest. */
		may = n == 2 || i != 1 || may_be_near(q, video, lanes[0], lanes[1]);
	}
	if (may) {
		struct span *from = list_room(&s->spans, hits + 1);

		s->spans.n = (size_t)(sweep_video(q, video, lanes, n, from) - from);
	}
	if (s->spans.n)
		return true;
	first_places(q, words, n);
	return false;
}
