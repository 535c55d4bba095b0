/*
 * Search in speech: a second kind of index, for transcripts. What is found is a *moment*: a place in a
 * video where the words are said. Built once, never changes, asked by any number of threads.
 *
 * A *document* is what one video has in one language: cues in their order. The words of a document are
 * read as one text, so a phrase may begin in one cue and end in the next.
 *
 *   - Several words make a moment where they stand within 30 seconds of each other (by the starts of
 *     their cues) in one document. Moments of one document share no cue.
 *   - A video that has all the words, but nowhere so near, comes after all that have such a moment, with
 *     the first place of each word.
 *   - What is said at the same time in two documents of a video is one moment.
 *   - "-word" leaves out videos in which the word is said at all, in any of their documents.
 *
 * Videos with moments come first; then those whose words have more moments and are rarer (BM25); then in
 * the order of their numbers. Texts of cues are not kept: the caller has them, under document and cue.
 *
 *     struct speech_builder *b = speech_builder_new();
 *     speech_add_document(b, video, TEXT_FR, S("fr"), false);
 *     speech_add_cue(b, 12000, 14500, text);
 *     struct speech *sp = speech_build(b);
 *
 *     struct speech_request rq = { .query = query_parse(a, &context, text), .count = 20 };
 *     struct speech_result r;
 *     speech_search(sp, scratch, a, &rq, &r);
 */
#ifndef INDEX_SPEECH_H
#define INDEX_SPEECH_H

#include "base/base.h"
#include "index/index.h"
#include "index/query.h"
#include "text/stem.h"

enum {
	SPEECH_NEAR_MS = 30000, /* words no farther apart make a moment together */
	SPEECH_TRACKS_MAX = 64, /* documents of a video; further ones are left out */
};

struct speech;

/* --- Building: one thread. ----------------------------------------------------------------------- */

struct speech_builder;
struct speech_builder *speech_builder_new(void);
void speech_builder_free(struct speech_builder *b); /* gives up; NULL is fine */

/* VIDEO is the caller's number: lower numbers come first where all else is equal, so the newest should
 * have the lowest. Documents may come in any order; those of one video keep theirs. SPOKEN: it is what
 * was said, not a translation. CODE is copied. */
void speech_add_document(struct speech_builder *b, uint32_t video, enum text_lang lang, str code,
			 bool spoken);

/* The next cue of the document added last, in the order of their starts. Milliseconds from 0 to 49 days;
 * TEXT is plain and is not kept. */
void speech_add_cue(struct speech_builder *b, int64_t start_ms, int64_t end_ms, str text);

/* Frees the builder. */
struct speech *speech_build(struct speech_builder *b);
void speech_free(struct speech *sp); /* NULL is fine */

/* --- What is in it. ------------------------------------------------------------------------------ */

uint32_t speech_videos(const struct speech *sp);
uint32_t speech_documents(const struct speech *sp);
uint32_t speech_cues(const struct speech *sp);
uint32_t speech_langs(const struct speech *sp); /* of its documents: a set of TEXT_LANG_BIT */
size_t speech_memory(const struct speech *sp);  /* bytes */

/* Documents are numbered from 0, those of one video one after the other. */
struct speech_document {
	uint32_t video;
	enum text_lang lang;
	str code;
	bool spoken;
	uint32_t n_cues;
};
struct speech_document speech_document(const struct speech *sp, uint32_t document);

struct speech_cue {
	int64_t start, end; /* milliseconds */
};
struct speech_cue speech_cue(const struct speech *sp, uint32_t document, uint32_t cue);

/* --- Searching: any thread, each with a scratch of its own. ----------------------------------------- */

struct speech_scratch;
struct speech_scratch *speech_scratch_new(void);
void speech_scratch_free(struct speech_scratch *s); /* NULL is fine */

struct speech_request {
	const struct query *query; /* NULL: every video, without moments */
	/* The language that moments are shown in where they have several: "fr"; may be empty. Otherwise the
	 * document added first is shown. */
	str preferred;
	/* The videos that count; NULL: all. Asked at most once a video. */
	bool (*admits)(const void *ctx, uint32_t video);
	/* Whether a video has a value that the query asks for by name ("session:15"). NULL: none has. The
	 * subjects that a concept stands for are not asked: they say nothing of a moment. */
	bool (*has_tag)(const void *ctx, uint32_t video, struct index_tag tag);
	const void *ctx;
	/* Takes the videos that count and match, by the caller's numbers: a bit each (bits.h), all 0 before; and which of
	 * them are results, the others being nothing but a bit. Both may be NULL. */
	uint64_t *matching;
	bool (*lists)(const void *ctx, uint32_t video);
	size_t first, count; /* videos wanted: of the page */
};

struct speech_moment {
	uint32_t document;  /* the one to show */
	uint32_t cue, last; /* of it: the first and the last that belong to the moment, from 0 */
	int64_t start, end; /* of these */
	uint64_t tracks;    /* where it was found: bit I is the document first_document + I */
	bool complete;      /* false: the place of one word only */
};

struct speech_hit {
	uint32_t video, first_document, n_documents;
	bool complete;                 /* its moments are */
	struct speech_moment *moments; /* in the order of time */
	size_t n;
};

/* Everything lives in the arena given. */
struct speech_result {
	uint32_t videos;   /* that match */
	uint32_t complete; /* of them: those with moments that have all words */
	uint64_t moments;  /* of all of them */
	struct speech_hit *hits;
	size_t n_hits;
};

void speech_search(const struct speech *sp, struct speech_scratch *s, arena *a,
		   const struct speech_request *rq, struct speech_result *ret);

/* The words of Q that nobody says, each with the nearest that somebody does. Lives in A; returns how many. */
size_t speech_unknown(const struct speech *sp, struct speech_scratch *s, arena *a,
		      const struct query *q, struct index_unknown **ret);

/* Makes the query ready to be marked in texts of cues by index_snippet. A phrase that crosses from one
 * cue into the next is marked where both are given as one text. */
struct index_marker *speech_marker(const struct speech *sp, struct speech_scratch *s, arena *a,
				   const struct query *q);

#endif
