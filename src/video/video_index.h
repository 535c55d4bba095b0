/* The voices in the snapshot: search in speech. */
#ifndef VIDEO_VIDEO_INDEX_H
#define VIDEO_VIDEO_INDEX_H

#include "i18n/i18n.h"
#include "index/index.h"
#include "index/snapshot.h"
#include "index/speech.h"
#include "video/video_library_index.h"

/* Whether a track holds what is said: captions and their translations. */
static inline bool voices_are_words(str kind)
{
	return str_eq(kind, S("captions")) || str_eq(kind, S("subtitles"));
}

/* A transcript that the index was built from: where its words are read again. */
struct voices_document {
	int64_t video; /* its id in public.db */
	str kind, lang;
};

struct voices_found {
	const struct query *query;
	struct speech_result result; /* hits[].video is a place among all videos, not an id */
	struct index_marker *marker;
};

/* Videos FIRST to FIRST + COUNT in which Q is said, of those that FILTER lets through, with all their moments;
 * where a moment is there in several languages, in LANG. RET_AMONG (may be NULL): bits of the videos in which Q is
 * said, for counting: also those that one column of the filter alone keeps out. Everything lives in A. */
void voices_search(const struct snapshot *s, arena *a, enum lang lang, str q,
		   const struct voices_filter *filter, size_t first, size_t count,
		   uint64_t **ret_among, struct voices_found *ret);

/* The words of Q that nobody says, each with the nearest that somebody does; returns how many. */
size_t voices_unknown(const struct snapshot *s, arena *a, enum lang lang, str q,
		      struct index_unknown **ret);

const struct voices_document *voices_document(const struct snapshot *s, uint32_t document);

/* The document that was spoken among those of HIT, or -1. */
int64_t voices_spoken(const struct snapshot *s, const struct speech_hit *hit);

/* What is written about the voices, each searched alone: titles with descriptions, names with functions and
 * organisations, quotes with their titles. */
enum voices_names { NAMES_VIDEOS, NAMES_PEOPLE, NAMES_QUOTES, NAMES_KINDS };

struct names_found {
	int64_t *ids; /* in public.db, the best first */
	size_t n;
	int64_t all; /* that match */
};

/* Those from FIRST to FIRST + COUNT in which Q is written and of which a video passes FILTER. Everything lives in A. */
void voices_search_names(const struct snapshot *s, arena *a, enum lang lang,
			 enum voices_names which, str q, const struct voices_filter *filter,
			 size_t first, size_t count, struct names_found *ret);

struct segment_kind;
extern const struct segment_kind voices_segment, names_segment;

#endif
