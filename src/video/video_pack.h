/*
 * Screening packs: a ZIP of videos to carry where there is no network. Films or sound at a chosen size, subtitles
 * that players find by their names, transcripts, a discussion sheet each, and an index.html that needs no server.
 *
 * A pack is made of public.db alone, so that nothing hidden can get in, and of videos whose people agreed to the use
 * "download". The same public version, order and program give the same bytes.
 *
 *     TRY(video_pack_make(pub, a, &order, &pack));
 *     w->res->stream = (struct http_stream){ video_pack_pull, video_pack_done, pack, video_pack_size(pack) };
 */
#ifndef VIDEO_VIDEO_PACK_H
#define VIDEO_VIDEO_PACK_H

#include "base/base.h"
#include "db/db.h"
#include "i18n/i18n.h"

struct video_pack_order {
	enum lang
		lang; /* of its pages; subtitles and transcripts come in all languages there are */
	str size; /* of video_pack_sizes; where a video lacks it: the next larger, else the largest */
	str site;  /* what addresses begin with, "https://upr.example.org"; may be empty */
	str media; /* the folder of media files; empty: no films */
	str title; /* empty: that of the only video, else "Screening pack" in LANG */
	const int64_t *videos; /* ids in public.db, in their order */
	size_t n;              /* at most VIDEO_PACK_MAX */
};

enum { VIDEO_PACK_MAX = 99 };

extern const char *const video_pack_sizes[]; /* "video", "720p", "480p", "240p", "audio", NULL */
bool video_pack_is_size(str size);

/* Why a video cannot be in a pack; NULL: it can. Stable codes: "unknown" (or hidden: readers cannot tell), "withdrawn",
 * "no-download". *RET_ID is set where it can. */
MUST enum err video_pack_find(struct public *pub, arena *a, str code, int64_t *ret_id,
			      const char **ret_why);

/*
 * Writes all texts of the pack and looks for its films; PUB is in a transaction and has a snapshot with states,
 * vocabularies and records. What is made lives in A, and PUB is not needed afterwards: on the web, web_let_go.
 * Takes about 14 ms an hour of speech in three languages, in one go: on the web, packs of more than three hours hold
 * their thread for more than the 50 ms that a handler may.
 * E_NOTFOUND: one of the videos is not public, or may not be downloaded. E_TOOBIG: more than VIDEO_PACK_MAX, or
 * more text than a pack may hold.
 */
struct video_pack;
MUST enum err video_pack_make(struct public *pub, arena *a, const struct video_pack_order *order,
			      struct video_pack **ret);

/* The bytes of the whole ZIP; 0: not known before it is written, which is so over 4 GB. */
uint64_t video_pack_size(const struct video_pack *pack);

/* What was taken where SIZE was not there, for messages: a line a video, "CODE 480p"; may be empty. */
str video_pack_notes(const struct video_pack *pack);

/* The next piece, as struct http_stream wants it: some 64 kB, and never more than one file open. E_NOTFOUND: a film
 * has gone meanwhile, because its consent was taken back. */
MUST enum err video_pack_pull(void *pack, buf *o, bool *ret_more);
void video_pack_done(void *pack);

#endif
