/* What the store means, for the core and for pages. */
#ifndef VIDEO_VIDEO_USE_H
#define VIDEO_VIDEO_USE_H

#include "base/base.h"

/* What the people in a voice agreed to, as it is stored: "site download embed", a blank between. */
static inline bool video_has_use(str uses, str use)
{
	while (uses.n)
		if (str_eq(str_cut(&uses, ' '), use))
			return true;
	return false;
}

/* The film of a moment is the form "clip-CODE". */
#define VIDEO_CLIP "clip-"

static inline str video_clip_form(arena *a, str moment)
{
	buf form = buf_new(a, 128);

	buf_printf(&form, VIDEO_CLIP "%" STR_F, STR_A(moment));
	return buf_str(&form);
}

/* A storyboard has a picture every ten seconds, and at most 60: full rows of five. */
enum { VIDEO_BOARD_COLUMNS = 5, VIDEO_BOARD_ROWS_MAX = 12 };

static inline int video_board_pictures(int64_t duration_ms)
{
	int64_t rows = (duration_ms / 10000 + VIDEO_BOARD_COLUMNS - 1) / VIDEO_BOARD_COLUMNS;

	return (int)MAX(1, MIN(rows, VIDEO_BOARD_ROWS_MAX)) * VIDEO_BOARD_COLUMNS;
}

#endif
