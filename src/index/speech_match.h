/* A query made ready for one speech index, and what it finds in a video. */
#ifndef INDEX_SPEECH_MATCH_H
#define INDEX_SPEECH_MATCH_H

#include "index/build.h"
#include "index/match.h"
#include "index/speech_part.h"

/* A stem of which the words with places [from, to) among its words are asked for; whole: all are. Or a
 * pair, numbered behind the stems. */
struct source {
	uint32_t stem, from, to;
	bool whole;
};

/* The head of a posting for one video, unpacked. */
struct head {
	uint32_t video, source, hits, moments;
	uint32_t cues, places; /* where its bytes are in their streams */
};

/* A word of the query, or two that are a pair: the postings that it stands for, with their heads by
 * video. */
struct slot {
	struct matcher matcher; /* of the first word */
	uint32_t pair;          /* UINT32_MAX: it is a word */
	VEC(struct source) sources;
	size_t head, n_heads; /* among the scratch's */
	size_t at;            /* of these: near the video asked for last */
	uint64_t *set;        /* videos that may have it */
};

/* Words one after the other; a pattern in all its readings ("OPCAT", "op cat"). Its parts, words and pairs,
 * cover all of it, and may share words. */
struct part {
	uint32_t slot, place; /* place: of its first word */
};
struct sequence {
	const struct part *parts;
	uint32_t n, words;
	uint64_t *set;
	struct phrase_part *room; /* for N, of the video at hand */
};

/* A part of a phrase in one video. */
struct phrase_part {
	const struct slot *slot;
	const struct head *heads;
	size_t n; /* heads */
	uint32_t hits, place;
};
struct reading {
	VEC(struct sequence) any;
	uint64_t *set;
};

struct speech_leaf {
	const struct query_leaf *is;
	struct reading any;
	VEC(struct reading) all;
};

struct speech_clause {
	VEC(struct speech_leaf) leaves;
	uint64_t *set;
	double idf;
	struct slot *lone; /* it is this and nothing more, and that is one posting; or NULL */
	/* Of the video at hand. */
	size_t from, n; /* its spans among the scratch's, by their last cue */
	size_t apart,
		n_apart; /* words of a concept that are there, but not near: the first of each */
	bool free;       /* it holds whatever is said where: "-word" */
};

/* Part of the spans, being read. */
struct lane {
	size_t at, end, stop; /* end: of the document's, stop: of the video's */
	uint32_t latest;      /* the latest first cue of a span of it */
	bool has;
};

/* Where a word is said in a video. */
struct spot {
	uint32_t at, cue; /* at: its position */
};

struct speech_scratch {
	struct index_scratch *words;
	arena *a; /* of one search */
	LIST(struct head) heads;
	LIST(struct span) spans, apart;
	LIST(uint32_t) numbers;
	LIST(uint64_t) bits;
	LIST(struct spot) places, others; /* of the words of a phrase */
	LIST(struct lane) lanes;
	LIST(int32_t) cues;
};

/* A word that one posting tells all about, in one video. */
struct lone {
	const struct slot *slot;
	const struct head *head;
};

enum { NEAR_WORDS_MAX = 8 };

struct asking {
	const struct speech *sp;
	struct speech_scratch *s;
	const struct speech_request *rq;
	struct matching m; /* looks words up */
	size_t words;      /* of a set of videos */
	VEC(struct slot) slots;
	VEC(struct speech_clause) clauses;
	uint64_t *set;           /* videos that may match */
	const uint8_t *together; /* of a query of two words: what is known of them; or NULL */
	struct lone lone[NEAR_WORDS_MAX]; /* of the video at hand */
};

/* What is in a video. Its moments are spans [from, from + n) of the scratch. */
struct looked {
	bool matches, complete;
	uint32_t moments; /* after those of several documents were put together */
	double score;
	size_t from, n;
};

/* What a clause adds to the rank of a video where it has so many moments, as bm25_part says it. */
static inline double speech_score(const struct asking *q, const struct speech_clause *c,
				  uint32_t moments, uint32_t video)
{
	return c->idf * ((moments * (BM25_K1 + 1.0)) / (moments + q->sp->video_norm[video]));
}

/* Puts the moments of N words, 2 to NEAR_WORDS_MAX, into the scratch's spans. False when the words are
 * nowhere near one another: the first place of each. Puts the words in another order. Only for an index
 * whose cues are in order. */
bool near_find(struct asking *q, uint32_t video, struct lone *words, uint32_t n);

/* How many moments are N spans of the scratch from FROM on. */
uint32_t speech_count(const struct asking *q, uint32_t video, size_t from, size_t n);

/* SPANS: its spans are wanted; otherwise they are found only where counting needs them. */
struct looked speech_look(struct asking *q, uint32_t video, bool spans);

/* Fills the heads of a slot, and its set. */
void slot_fill(struct asking *q, struct slot *slot);

/* Adds the spans where the words stand in a video, ascending. */
void sequence_find(struct asking *q, const struct sequence *x, uint32_t video);

/* The heads of a slot in a video; returns how many. */
size_t slot_heads(struct asking *q, struct slot *slot, uint32_t video, const struct head **ret);

#endif
