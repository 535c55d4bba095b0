/* What the server tells the pages of the voices. */
#ifndef VIDEO_VIDEO_WEB_H
#define VIDEO_VIDEO_WEB_H

#include "base/base.h"

/* The folder of media files; lives as long as the program. Before it is set there are none to serve. */
void voices_set_media(str folder);

#endif
