/* What the pages of higher slices see of the voices, and what the server tells their pages. */
#ifndef VIDEO_VIDEO_WEB_H
#define VIDEO_VIDEO_WEB_H

#include "video/video_made_web.h"

/* The folder of media files; lives as long as the program. Before it is set there are none to serve. */
void voices_set_media(str folder);

#endif
