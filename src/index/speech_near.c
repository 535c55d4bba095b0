/*
 * Words near one another where each is told by one posting: most searches. What is found is what
 * speech_look.c would find, which test_speech_naive.c judges.
 *
 * The rarest word leads. Its cues are gone through, the others are sets of bits, so that what stands around a
 * cue is one look at 64 cues. A moment ends in the first cue by which all have been said nearby; of the leading
 * word the last cue counts, so that a moment is looked for from each up to the next.
 *
 * A document says how many cues apart is surely near and from how many on is surely far, so that the times
 * of cues, which lie all over the memory, are hardly ever read.
 */
#include "index/speech_match.h"

enum { NEVER = INT32_MAX, NONE = -1 };

/* The cues of all words but the rarest. */
struct sets {
	uint64_t *bits;
	size_t words; /* of each: one more before its first, and one behind its last */
	uint32_t n;
};

static inline uint64_t *set_of(const struct sets *s, uint32_t i)
{
	return s->bits + s->words * i + 1;
}

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

/* Cues as they are read: into a set, or behind those of a list. */
struct unpacked {
	uint64_t *set; /* NULL: into the list */
	int32_t *last; /* of the list; the first comes behind it */
};

static inline void take(struct unpacked *to, uint32_t cue, bool new)
{
	if (to->set) {
		bits_add(to->set, cue);
	} else {
		to->last += new;
		*to->last = (int32_t)cue;
	}
}

static inline void unpack(const struct asking *q, const struct lone *l, struct unpacked *to)
{
	const uint8_t *p = bytes_of(q, l);
	uint32_t left = l->head->hits - 1, cue, gap;

	p = varint(p, &cue);
	take(to, cue, true);
	while (left) {
		if (left >= 8 && eight_short(p)) {
			for (uint32_t i = 0; i < 8; i++) {
				cue += p[i];
				take(to, cue, p[i]);
			}
			p += 8;
			left -= 8;
			continue;
		}
		p = varint(p, &gap);
		cue += gap;
		take(to, cue, gap);
		left--;
	}
}

/* Each cue once, then NEVER. Room: hits + 2, of which the first is nobody's. */
static int32_t *list_cues(const struct asking *q, const struct lone *l, int32_t *room)
{
	struct unpacked to = { .last = room };

	unpack(q, l, &to);
	to.last[1] = NEVER;
	return room + 1;
}

static void mark_cues(const struct asking *q, const struct lone *l, uint64_t *set)
{
	struct unpacked to = { .set = set };

	unpack(q, l, &to);
}

/* --- Looking around ------------------------------------------------------------------------------- */

/* Cues [at - 63, at]: the last one is the highest bit. */
static inline uint64_t behind(const uint64_t *set, int32_t at)
{
	const uint64_t *w = set + (at >> 6);

	return w[0] << (63 - (at & 63)) | w[-1] >> 1 >> (at & 63);
}

/* Cues [at, at + 63]: the first one is the lowest bit. */
static inline uint64_t ahead(const uint64_t *set, int32_t at)
{
	const uint64_t *w = set + (at >> 6);

	return w[0] >> (at & 63) | w[1] << 1 << (63 - (at & 63));
}

/* The last cue in [low, at]; NONE. */
static inline int32_t latest(const uint64_t *set, int32_t at, int32_t low)
{
	for (; at >= low; at -= 64) {
		uint64_t x = behind(set, at);

		if (x) {
			at -= __builtin_clzll(x);
			return at >= low ? at : NONE;
		}
	}
	return NONE;
}

/* The first cue in [at, end); NONE. */
static inline int32_t next(const uint64_t *set, int32_t at, int32_t end)
{
	for (; at < end; at += 64) {
		uint64_t x = ahead(set, at);

		if (x) {
			at += (int32_t)bits_lowest(x);
			return at < end ? at : NONE;
		}
	}
	return NONE;
}

/* --- Sweeping ------------------------------------------------------------------------------------- */

/* The cues of one document among those of its video, and how times are told. */
struct stretch {
	const uint32_t *start; /* of the video's cues */
	int32_t from, end;     /* its cues; those before FROM are taken */
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

/* -1 where two cues so far from each other are near, otherwise 0. */
static inline int32_t near_mask(const struct stretch *x, int32_t first, int32_t last)
{
	int32_t apart = last - first;

	/* As one comparison, which is true hardly ever. */
	if (__builtin_expect((uint32_t)(apart - x->near - 1) < (uint32_t)(x->far - x->near - 1), 0))
		return -(x->start[last] - x->start[first] <= SPEECH_NEAR_MS);
	return -(apart <= x->near);
}

/* Two words, and 30 seconds are never more than 64 cues. Where the other word is is as good as random, so that
 * branches would be guessed wrong: there are none, but for what is neither surely near nor surely far. */
static struct span *sweep_two(struct stretch *x, const int32_t *lead, const uint64_t *set,
			      struct span *to)
{
	int32_t from = x->from;

	for (; *lead < x->end; lead++) {
		int32_t at = *lead, limit = MIN(lead[1], x->end);
		uint64_t b = behind(set, at), a = ahead(set, at + 1);
		/* Where there is none, it is far. */
		int32_t before = at - __builtin_clzll(b | 1) - (b == 0);
		int32_t after = at + 1 + (int32_t)bits_lowest(a | (uint64_t)1 << 63) + (a == 0);
		int32_t is_before = near_mask(x, before, at) & -(before >= from);
		int32_t is_after = near_mask(x, at, after) & -(after < limit);
		int32_t hit = is_before | is_after, end = either(is_before, at, after);

		*to = (struct span){ (uint32_t)either(is_before, before, at), (uint32_t)end };
		to -= hit;
		from = either(hit, end + 1, from);
	}
	return to;
}

/* More of them. The end is put off to the next of a word that was not said nearby, until all were. */
static struct span *sweep_many(struct stretch *x, const int32_t *lead, const struct sets *sets,
			       struct span *to)
{
	for (; *lead < x->end; lead++) {
		int32_t at = *lead, first = at, end = at;
		int32_t limit = MIN(MIN(lead[1], x->end), at + x->far);

		for (uint32_t i = 0; i < sets->n;) {
			const uint64_t *set = set_of(sets, i);
			int32_t is = latest(set, end, MAX(x->from, end - x->far + 1));

			if (is != NONE && is_near(x, is, end)) {
				first = MIN(first, is);
				i++;
				continue;
			}
			end = next(set, end + 1, limit);
			if (end == NONE || !is_near(x, at, end)) {
				end = NONE;
				break;
			}
			first = at;
			i = 0;
		}
		if (end == NONE)
			continue;
		*to++ = (struct span){ (uint32_t)first, (uint32_t)end };
		x->from = end + 1;
	}
	return to;
}

static struct span *sweep_video(const struct asking *q, uint32_t video, const int32_t *lead,
				const struct sets *sets, struct span *to)
{
	const struct speech *sp = q->sp;
	uint32_t first = video_cue(sp, video);

	for (uint32_t d = sp->video_document[video]; d < sp->video_document[video + 1]; d++) {
		struct stretch x = { sp->cue_start + first, (int32_t)(sp->document_cue[d] - first),
				     (int32_t)(sp->document_cue[d + 1] - first),
				     (int32_t)sp->reach[d].near, (int32_t)sp->reach[d].far };

		x.far = MAX(x.far, x.near + 1); /* less where all of it is near */

		if (sets->n == 1 && x.far <= 64)
			to = sweep_two(&x, lead, set_of(sets, 0), to);
		else
			to = sweep_many(&x, lead, sets, to);
		while (*lead < x.end)
			lead++;
	}
	return to;
}

/* --- All together --------------------------------------------------------------------------------- */

/* Takes cues out of a list that are surely not near any of a set. */
static void keep_near(const struct asking *q, uint32_t video, int32_t *lead, const uint64_t *set)
{
	const struct speech *sp = q->sp;
	uint32_t far = 0;
	int32_t *to = lead;

	for (uint32_t d = sp->video_document[video]; d < sp->video_document[video + 1]; d++)
		far = MAX(far, sp->reach[d].far);
	if (far > 64)
		return;
	for (; *lead != NEVER; lead++) {
		uint64_t near = behind(set, *lead) >> (64 - far) | ahead(set, *lead) << (64 - far);

		*to = *lead;
		to += near != 0;
	}
	*to = NEVER;
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

/* The rarest word first. */
static void by_rarity(struct lone *words, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		struct lone word = words[i];
		uint32_t at = i;

		for (; at > 0 && words[at - 1].head->hits > word.head->hits; at--)
			words[at] = words[at - 1];
		words[at] = word;
	}
}

/* The cues of the rarest word, as far as each of the others is perhaps near, and the others as sets. */
static const int32_t *ready_cues(struct asking *q, uint32_t video, const struct lone *words,
				 uint32_t n, struct sets *sets)
{
	struct speech_scratch *s = q->s;
	uint32_t cues = video_cue(q->sp, video + 1) - video_cue(q->sp, video);
	int32_t *lead;

	s->cues.n = s->bits.n = 0;
	lead = list_cues(q, &words[0], list_room(&s->cues, (size_t)words[0].head->hits + 2));
	*sets = (struct sets){ .words = cues / 64 + 3 };
	sets->bits = list_room(&s->bits, sets->words * (n - 1));
	for (uint32_t i = 1; i < n && *lead != NEVER; i++) {
		uint64_t *set = set_of(sets, sets->n++);

		memset(set - 1, 0, sets->words * sizeof *set);
		mark_cues(q, &words[i], set);
		if (n > 2) /* most videos of three words end here, after the two rarest */
			keep_near(q, video, lead, set);
	}
	return lead;
}

bool near_find(struct asking *q, uint32_t video, struct lone *words, uint32_t n)
{
	struct speech_scratch *s = q->s;
	const int32_t *lead;
	struct sets sets;

	by_rarity(words, n);
	lead = ready_cues(q, video, words, n, &sets);
	s->spans.n = 0;
	if (*lead != NEVER) {
		struct span *from = list_room(&s->spans, (size_t)words[0].head->hits + 1);

		s->spans.n = (size_t)(sweep_video(q, video, lead, &sets, from) - from);
	}
	if (s->spans.n)
		return true;
	first_places(q, words, n);
	return false;
}
