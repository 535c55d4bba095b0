/*
 * What a speech index is made of; only speech_*.c include this.
 *
 * Words are numbered by the dictionary that the other index has: in WORDS only what concerns words is
 * filled in. There is one posting a stem, and one a pair of frequent words, whose places are those of its
 * first word. For each video where it stands the posting has a head, and its
 * hits in two streams of varints: the cue of each, as the distance from the hit before; and the place in
 * the cue together with which of the stem's words it is. Most searches read the first stream alone, a
 * byte a hit.
 *
 *   head: gap of the video * 4 + form; hits; in form HEAD_LONG also moments, bytes of cues, of places
 */
#ifndef INDEX_SPEECH_PART_H
#define INDEX_SPEECH_PART_H

#include "index/part.h"
#include "index/speech.h"

enum head_form {
	HEAD_SHORT,   /* as many moments, bytes of cues and bytes of places as hits */
	HEAD_SHORT_1, /* the same, with one more byte of cues */
	HEAD_LONG,
	HEAD_FORMS = 4,
};

struct speech_posting {
	size_t at;                /* in bytes: heads, then cues, then places */
	uint32_t n_heads, n_cues; /* bytes */
	uint32_t df;              /* videos */
};

/* How far in a document SPEECH_NEAR_MS is, in cues: this near is surely near, this far surely far. */
struct speech_reach {
	uint32_t near, far;
};

/* Pairs of words, numbered: open addressing, the words beside each other as keys. */
#define SPEECH_NO_PAIR UINT64_MAX
struct speech_pairs {
	uint64_t *keys; /* first << 32 | second; SPEECH_NO_PAIR: free */
	uint32_t *numbers;
	uint32_t mask, n;
};

struct speech {
	struct index words;
	uint32_t n_videos, n_documents, n_cues;
	/* By place: videos in the order of their numbers. Starts have one more. */
	const uint32_t *video, *video_document, *video_length; /* length: in words */
	const double *video_norm;                              /* what BM25 makes of its length */
	const struct speech_document *documents;
	const uint32_t *document_cue;
	/* The position of a cue's first word; between documents one position is nobody's. One more. */
	const uint32_t *cue_position;
	const uint32_t *cue_start, *cue_end;
	const struct speech_reach *reach;      /* by document */
	bool ordered;                          /* all cues are in the order of their starts */
	const struct speech_posting *postings; /* by stem; then by pair */
	struct speech_pairs pairs;
	struct speech_pairs together;    /* of stems, the lower first */
	const uint8_t *together_moments; /* by these, by video; UINT8_MAX: that many or more */
	const uint32_t *variant;         /* by word: its place among the words of its stem */
	const uint8_t *bytes;
	size_t n_bytes;
};

/* The number of a pair; UINT32_MAX: it is none. Of words each is the first of its name. */
uint32_t speech_pairs_find(const struct speech_pairs *p, uint32_t first, uint32_t second);

/* The moments that two stems have together, by video; 0 and UINT8_MAX: it is not known. NULL: of these two none
 * is. */
const uint8_t *speech_together(const struct speech *sp, uint32_t a, uint32_t b);

/* How many forms a stem has, or a pair. */
static inline uint32_t speech_variants(const struct speech *sp, uint32_t term)
{
	const uint32_t *starts = sp->words.stem_words_start;

	return term < sp->words.stem_names.n ? starts[term + 1] - starts[term] : 1;
}

/* Cues of a video, counted from its first. */
struct span {
	uint32_t first, last;
};

static inline uint32_t video_cue(const struct speech *sp, uint32_t video)
{
	return sp->document_cue[sp->video_document[video]];
}

static inline uint32_t video_tracks(const struct speech *sp, uint32_t video)
{
	return sp->video_document[video + 1] - sp->video_document[video];
}

/* The moments of one word or phrase: each of its spans, N ascending ones, that does not begin in a cue of
 * the one before. In place; returns how many. */
uint32_t speech_alone(struct span *s, uint32_t n);

/*
 * Puts together what is said at the same time in several documents of a video. S: ascending. In the order
 * of time each span joins the moment begun last if it overlaps the span that began it and the moment has
 * none of its document yet; otherwise it begins one. Returns how many moments there are; RET (may be
 * NULL) says for each span which it belongs to. Does not depend on the language preferred.
 */
uint32_t speech_merge(const struct speech *sp, uint32_t video, const struct span *s, uint32_t n,
		      uint32_t *ret);

static inline const uint8_t *varint(const uint8_t *p, uint32_t *ret)
{
	uint32_t v = *p & 0x7F;

	for (uint32_t shift = 7; *p++ & 0x80; shift += 7)
		v |= (uint32_t)(*p & 0x7F) << shift;
	*ret = v;
	return p;
}

#endif
