/* A series, made ready for its pages. Private to this slice. */
#ifndef SERIES_SERIES_VIEW_H
#define SERIES_SERIES_VIEW_H

#include "video/video_web.h"

struct section_view {
	str id; /* "q1" */
	struct said title;
	html text;
	str text_lang; /* p == NULL where it is the page's */
	struct moment_view *quotes;
	size_t n_quotes;
};

struct series_entry { /* a video of it */
	struct said title;
	str who, length, recorded;
	url link;
};

struct series_view {
	int64_t id;
	str key;
	struct said title;
	html introduction;
	str introduction_lang;
	int64_t minutes; /* all of its videos, rounded up */
	struct section_view *sections;
	size_t n_sections, n_quotes; /* of all sections */
	struct series_entry *videos;
	size_t n_videos;
	str cite;
	url pack; /* s.p == NULL: none of its videos may be in one */
	int64_t pack_kilobytes;
	bool sample;
};

/* In a list of series. */
struct series_line {
	str key;
	struct said title;
	str introduction;
	str introduction_lang;
	int64_t videos, minutes;
};

/* On the page of a video. */
struct part_view {
	str key;
	struct said title;
	size_t number, n;
	struct said next_title;
	url next; /* s.p == NULL: it is the last */
};

#endif
