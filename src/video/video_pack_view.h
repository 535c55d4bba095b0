/* A screening pack, made ready for its own pages: index.html and a discussion sheet a video. Private to this slice. */
#ifndef VIDEO_VIDEO_PACK_VIEW_H
#define VIDEO_VIDEO_PACK_VIEW_H

#include "video/video_view.h"

/* What was said, in one language. */
struct pack_words {
	str lang, lang_name, origin;
	url srt, txt;
};

/* Addresses are those of files beside the page. */
struct pack_film {
	struct voice_view v; /* films, sounds and player lead into the pack */
	str number, id;      /* "1", "f1" */
	url sheet, back;     /* from the index; from the sheet */
	struct pack_words *words;
	size_t n_words;
	str address; /* in the library, as text: a click would tell the network who watches what */
};

struct pack_view {
	str title, site;
	struct pack_film *films;
	size_t n;
	int64_t minutes;
	bool sample, media; /* media: something plays */
	url css;
};

#endif
