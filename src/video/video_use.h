/* What the people in a voice agreed to, as it is stored: "site download embed", a blank between. */
#ifndef VIDEO_VIDEO_USE_H
#define VIDEO_VIDEO_USE_H

#include "base/base.h"

static inline bool video_has_use(str uses, str use)
{
	while (uses.n)
		if (str_eq(str_cut(&uses, ' '), use))
			return true;
	return false;
}

#endif
