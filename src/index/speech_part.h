/*
 * What a speech index is made of; only speech_*.c include this.
 *
 * Words are numbered by the dictionary that the other index has: in WORDS only what concerns words is
 * filled in. There is one posting a stem. For each video where it stands the posting has a head, and its
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

struct speech {
	struct index words;
	uint32_t n_videos, n_documents, n_cues;
	/* By place: videos in the order of their numbers. Starts have one more. */
	const uint32_t *video, *video_document, *video_length; /* length: in words */
	const struct speech_document *documents;
	const uint32_t *document_cue;
	/* The position of a cue's first word; between documents one position is nobody's. One more. */
	const uint32_t *cue_position;
	const uint32_t *cue_start, *cue_end;
	const struct speech_posting *postings; /* by stem */
	const uint32_t *variant;               /* by word: its place among the words of its stem */
	const uint8_t *bytes;
	size_t n_bytes;
};

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
