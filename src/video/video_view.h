/* The voices, made ready for their pages. Private to this slice. */
#ifndef VIDEO_VIDEO_VIEW_H
#define VIDEO_VIDEO_VIEW_H

#include "http/http.h"
#include "index/index.h"
#include "recommendation/recommendation_web.h"
#include "subtitle/subtitle.h"
#include "web/list.h"
#include "web/web.h"

/* A text in the reader's language, or in another one: then LANG says which. */
struct said {
	str text, lang; /* lang: p == NULL where it is the page's */
	str dir;        /* p == NULL where it runs as the page does */
};

struct voice_link {
	str label;
	url link;
	str time; /* of a chapter */
};

struct speaker_view {
	str name; /* may be empty: only the function may be shown */
	struct said function, organisation;
	str state;
	url page;    /* of the person; s.p == NULL: no name may be shown */
	url of_page; /* of the organisation; s.p == NULL: none */
};

struct track_view {
	str kind, lang, lang_name, origin; /* origin in words */
	url vtt, srt, txt;
	int64_t kilobytes;
};

/* A line of the transcript: one paragraph in one language, or the same minutes in two. */
struct line_view {
	str id, time; /* "t62", "01:02" */
	url link;
	html left, right;
	str left_voice, right_voice;
	str colon; /* behind LEFT_VOICE, as its language writes it */
	bool current;
};

struct moment_view {
	str code, time, iso;
	int64_t starts;  /* seconds */
	int64_t seconds; /* its length */
	struct said title, synopsis, quote, original;
	url link, play;
	struct speaker_view *speakers;
	size_t n_speakers;
	str video_title;
	url video;
};

/* A recommendation that is spoken of, and what was answered. */
struct spoken_view {
	str code, text, lang, session; /* lang: p == NULL where it is the page's */
	str rs, sur;                   /* who asked whom; rs empty: nobody is named */
	struct response_mark response; /* label: empty where nobody has answered */
};

/* Small pictures of the whole film in one. */
struct board_cell {
	str coords, time; /* of HTML's area, "0,0,160,90" */
	url link;
};
struct board_view {
	url picture;
	int64_t width, height, kilobytes;
	struct board_cell *cells;
	size_t n;
};

/* A film or a sound to play: the largest first. */
struct medium_view {
	str label, type;
	url link; /* with the second that is pointed at */
	int64_t kilobytes;
};

/* A track that players know: <track>. */
struct player_track {
	str kind, lang, label;
	url src;
	bool is_default;
};

struct voice_view {
	struct medium_view *films, *sounds;
	struct player_track *player;
	url poster;               /* s.p == NULL: none */
	struct board_view *board; /* NULL: none */
	int64_t width, height;
	size_t n_films, n_sounds, n_player;
	bool take; /* files may be offered to take away */
	struct spoken_view *spoken;
	size_t n_spoken;
	str code, lang_name, recorded, place, length, licence;
	struct said title, description;
	bool sample, audio, named, altered;
	struct speaker_view *speakers;
	struct moment_view *moments;
	struct voice_link *states, *issues, *chapters, *languages, *parts;
	struct track_view *tracks;
	size_t n_speakers, n_moments, n_states, n_issues, n_chapters, n_languages, n_tracks,
		n_parts;
	struct line_view *lines;
	size_t n_lines;
	str left, right, left_name, right_name; /* languages of the transcript; right empty: one */
	str left_dir, right_dir;
	url whole; /* all of the transcript; s.p == NULL: it is on the page */
	str cite;
	url pack;               /* the screening pack; s.p == NULL: nobody agreed to downloads */
	int64_t pack_kilobytes; /* of its film; 0: words alone */
	html series;            /* what it belongs to */
	/* For search engines: whole addresses, the day and the length as ISO 8601 has them. */
	str address, content, thumbnail, recorded_iso, lang;
	int64_t seconds;
	str embed; /* the address for a frame; p == NULL: none */
	str who;   /* in one line; for the page in a frame */
};

struct library_entry {
	struct said title, description;
	url link;
	str who, about; /* speakers; language, length, day */
	bool sample;
};

/* A place where the words are said: the lines around it, and the same in the language spoken. */
struct found_moment {
	str time, lang, spoken, spoken_lang; /* spoken: empty where the text is it */
	url link;
	struct index_snippet text;
};

struct found_video {
	struct said title;
	url link;
	bool sample, complete;
	struct found_moment *moments;
	size_t n, n_all;
};

struct found_view {
	struct found_video *p;
	size_t n;
	int64_t videos, moments; /* of all pages */
};

/* A facet: the values chosen and the most frequent, and where all of them are. */
struct library_facet {
	str title;
	struct facet_value *values;
	size_t n;
	uint32_t n_all; /* 0: these are all */
	url all;
	bool open;
};

/* Where else the words of a search stand. */
struct other_view {
	str label;
	int64_t n;
	url link;
};

/* What a list of voices is narrowed to, and what of it was not understood. */
struct voices_choice {
	VEC(struct chip) chips;
	url clear;
	VEC(struct field_view) fields; /* the filters, for a form */
	VEC(struct tag_link) about;    /* pages of the people and series chosen */
	VEC(str) notices;              /* values that nobody has */
	list_unknowns unknown;
};

struct library_view {
	str q;
	struct voices_choice choice;
	struct found_view found;       /* when something was searched for */
	struct library_entry *entries; /* of this page */
	size_t n;
	int64_t all; /* that fit */
	VEC(struct library_facet) facets;
	VEC(struct drop_view) drops;
	VEC(struct tag_link) spellings;
	VEC(struct other_view) others;
	struct page_links pages;
	html series; /* the series there are */
};

/* All values of a facet. */
struct library_values_view {
	str title;
	struct facet_value *values; /* of this page */
	size_t n;
	size_t all;
	url back; /* to the videos */
	str q;
	int64_t videos; /* that fit */
	struct voices_choice choice;
	struct page_links pages;
};

/* A function in which somebody speaks, and when. */
struct post_view {
	struct said function, organisation;
	url of_page; /* of the organisation */
	str state, years;
};

/* The page of a person, or of an organisation. */
struct people_view {
	struct said name;
	struct post_view *posts;
	struct voice_link *people;
	struct library_entry *entries;
	struct moment_view *moments;
	size_t n_posts, n_people, n, n_moments;
};

struct moment_page_view {
	struct spoken_view *spoken;
	size_t n_spoken;
	struct moment_view moment;
	struct voice_view stage; /* its span of the film: what plays, and nothing else of it */
	struct voice_link *states, *issues;
	size_t n_states, n_issues;
	struct line_view *lines;
	size_t n_lines;
	str left, right, left_dir, right_dir, cite;
	str embed; /* as in voice_view */
	url clip;  /* a film of it to take away; s.p == NULL: none */
	int64_t clip_kilobytes;
	struct track_view *cuts; /* its subtitles, which begin with it */
	size_t n_cuts;
	bool sample;
};

#endif
