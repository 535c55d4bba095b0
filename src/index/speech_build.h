/* Between the files that build a speech index: what was added, and the steps. */
#ifndef INDEX_SPEECH_BUILD_H
#define INDEX_SPEECH_BUILD_H

#include "index/build.h"
#include "index/speech_part.h"

struct spoken_document {
	struct speech_document is;
	uint32_t cue; /* its first, as they were added */
};

struct spoken_cue {
	uint32_t start, end;
	uint32_t token; /* its first */
};

struct speech_builder {
	struct index_builder *words;
	LIST(struct spoken_document) documents;
	LIST(struct spoken_cue) cues;
	/* Where searches are made quick; tests have few words. */
	uint32_t pair_least; /* words that follow one another so often are a term of their own */
	uint32_t together_least; /* stems with so many places are counted together */
	uint32_t *pair_word;     /* by word, for speech_pairs.c alone */
	uint64_t *stops;
};

/* For each word of the documents kept, in order: CUE is the number of its cue, C the cue as it was added,
 * T its place in the tokens, LAST the end of the document's. */
#define EACH_WORD(b, cue, c, t, last)                                                     \
	for (uint32_t d_ = 0, cue = 0; d_ < (b)->documents.n; d_++)                       \
		for (const struct spoken_cue *c = (b)->cues.p + (b)->documents.p[d_].cue, \
					     *end_ = c + (b)->documents.p[d_].is.n_cues;  \
		     c < end_; c++, cue++)                                                \
			for (uint32_t t = c->token, last = end_->token; t < c[1].token; t++)

/* Chooses the pairs of words that become terms of their own. RET_HITS: how often each stands there. */
void speech_choose_pairs(struct speech_builder *b, struct speech *sp, uint32_t **ret_hits);

/* The number of the pair that begins with token T of a document that ends at LAST; UINT32_MAX: none. */
uint32_t speech_pair_at(const struct speech_builder *b, const struct speech *sp, uint32_t t,
			uint32_t last);

/* An empty table; ROOM: a power of two. */
struct speech_pairs speech_pairs_new(arena *a, uint32_t room);

/* The number under a pair, 0 when it is new; the next call may move it. */
uint32_t *speech_pairs_put(arena *a, struct speech_pairs *p, uint64_t key);

/* Is it a word that no search is about, in a language of the index? */
bool speech_is_stop(const struct speech *sp, uint32_t word);

/* Counts the moments of each two of the most frequent stems. HITS: by term. */
void speech_count_together(struct speech_builder *b, struct speech *sp, const uint32_t *hits);

/* Packs the places of all stems and pairs. */
void speech_pack(struct speech_builder *b, struct speech *sp);

#endif
