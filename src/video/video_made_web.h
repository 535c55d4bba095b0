/* What several pages of the voices, and of what stands on them, are made of. */
#ifndef VIDEO_VIDEO_MADE_WEB_H
#define VIDEO_VIDEO_MADE_WEB_H

#include "video/video_view.h"

/* /{lang}/v/CODE?t=62#t62; SECOND < 0: without. WHAT: "v" or "m". */
url voice_link_to(struct web *w, const char *what, str code, int64_t second);
/* /v/CODE/480p.mp4#t=62,80; T or END < 0: without. Seconds. */
url voice_medium_link(struct web *w, str code, str form, str type, int64_t t, int64_t end);
const char *voice_medium_ending(str type); /* "mp4", of the type as in Content-Type */
url voice_track_link(struct web *w, str code, str lang, str kind,
		     const char *ending); /* /v/CODE/fr.captions.vtt */
str voice_clock(arena *a, int64_t ms);    /* "01:02", "1:01:02" */
str voice_day(struct web *w, str iso);    /* "12 March 2026", as far as ISO says */

/* What is said about a thing in FIELD: in the page's language, else in ORIGINAL, else in English, else in any. */
MUST enum err voice_said(struct web *w, str kind, int64_t thing, str field, str original,
			 struct said *ret);

/* The video that a moment is of: its title, its people, its address. */
MUST enum err voice_moment_video(struct web *w, int64_t video, str code, str original,
				 struct moment_view *m);

MUST enum err voice_speakers_make(struct web *w, int64_t video, str original,
				  struct speaker_view **ret, size_t *ret_n);
url voice_people_link(struct web *w, const char *what,
		      str code); /* what: "people", "organisations", "series" */
str voice_who(struct web *w, const struct speaker_view *speakers, size_t n); /* in one line */
MUST enum err voice_title(struct web *w, int64_t video, str original, struct said *ret_title,
			  struct said *ret_description, str *ret_place);
MUST enum err voice_subjects_make(struct web *w, str kind, int64_t thing,
				  struct voice_link **ret_states, size_t *ret_n_states,
				  struct voice_link **ret_issues, size_t *ret_n_issues);
MUST enum err voice_moment_make(struct web *w, int64_t id, str code, int64_t starts, int64_t ends,
				str video_code, str original, struct moment_view *ret);

/* The transcript in LEFT, and RIGHT beside it where that is not empty, as far as its lines begin from FROM to
 * before TO (milliseconds). T: the second that is pointed at, -1: none. CODE: of the video
 * that times lead to; empty: they lead to this very page. */
MUST enum err voice_transcript(struct web *w, int64_t video, str code, str left, str right,
			       int64_t t, int64_t from, int64_t to, struct line_view **ret,
			       size_t *ret_n);

/* Videos FIRST to FIRST + COUNT in which Q is said, of those that FILTER lets through; RET_AMONG as in voices_search. */
struct voices_filter;
MUST enum err voices_search_make(struct web *w, str q, const struct voices_filter *filter,
				 size_t first, size_t count, uint64_t **ret_among,
				 struct found_view *ret);

/* A video in a list, newest first; what it is of is known by its row. */
MUST enum err voice_entry_make(struct web *w, int64_t id, str code, str lang, str recorded,
			       int64_t duration, bool sample, struct library_entry *ret);

/* By their ids in public.db, for lists of what was found. SAMPLE: it is one. */
MUST enum err voice_entry_of(struct web *w, int64_t id, struct library_entry *ret);
MUST enum err voice_moment_of(struct web *w, int64_t id, struct moment_view *ret, bool *ret_sample);
MUST enum err voice_person_of(
	struct web *w, int64_t id, str *ret_name, struct post_view *ret_as,
	url *ret_link); /* in the latest function; without a name, to the voice */

/* The page of what was withdrawn, where CODE was; else E_NOTFOUND. */
MUST enum err voice_gone_or_none(struct web *w, str code);

/* The same where no public voice, or moment of one, has CODE. */
struct voice_by_code;
MUST enum err voice_find(struct web *w, str code, struct voice_by_code *ret);
struct voice_moment;
MUST enum err voice_moment_find(struct web *w, str code, struct voice_moment *ret);

/* What a page of a video says beside its words: facts, moments and what they speak of, chapters with links to its
 * page, how it is cited at ADDRESS (T: the second, -1: none). */
struct voice_tracks;
void voice_head_make(struct web *w, const struct voice_by_code *row, struct voice_view *v);
MUST enum err voice_moments_make(struct web *w, const struct voice_by_code *row,
				 struct voice_view *v);
MUST enum err voice_chapters_make(struct web *w, const struct voice_by_code *row,
				  const struct voice_tracks *tracks, size_t n,
				  struct voice_view *v);
str voice_cite(struct web *w, const struct voice_view *v, int64_t t, str address);

/* The languages of a transcript, asked for as "es,fr"; otherwise the reader's, and beside it the one spoken. */
void voice_choose_languages(struct web *w, const struct voice_by_code *v, str asked,
			    const struct voice_tracks *tracks, size_t n, str *ret_left,
			    str *ret_right);
str voice_origin(struct web *w, const struct voice_tracks *t); /* who made it, in words */
enum tr_key voice_form_words(str form);                        /* "480p": "Video, medium" */
str voices_media(void); /* the folder of media files; empty: there are none to serve */

/* The recommendations that a video or a moment speaks of, added to those in RET. */
struct spoken_list {
	VEC(struct spoken_view) all;
};
MUST enum err voice_spoken_make(struct web *w, str kind, int64_t thing, struct spoken_list *ret);

/* A feed of ROWS, of which it takes the newest; N may be 0. WHAT it is of, in words; PAGE: where people read the same. */
enum { VOICES_FEED_MOST = 50 };
struct voice_row {
	int64_t id, duration; /* milliseconds */
	str code, lang, recorded, uses;
};
MUST enum err voices_atom_put(struct web *w, str what, url page, struct voice_row *rows, size_t n);

/* Feeds; rows of the route table in video_web.c. */
extern const struct params voices_feed_params;
MUST enum err voices_atom(struct web *w);
MUST enum err voices_rss(struct web *w);
MUST enum err voices_sitemap(struct web *w);

/* The quote of a moment as a picture; a row of the route table in video_web.c. */
struct moment_query {
	str code;
};
MUST enum err voice_card(struct web *w);

/* The chapters of a track as podcasts want them. */
MUST enum err voice_chapters_json(struct web *w, str vtt);

#endif
