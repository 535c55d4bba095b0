/* Voices on other people's pages. Private to this slice. */
#ifndef VIDEO_VIDEO_EMBED_WEB_H
#define VIDEO_VIDEO_EMBED_WEB_H

#include "video/video_view.h"

extern const struct params voice_oembed_params;
MUST enum err voice_oembed(struct web *w);

/* The address of the page for a frame, of a voice or of a moment of it, as it works elsewhere; p == NULL: the people did
 * not agree to it. USES: of the voice. */
str voice_embed_address(struct web *w, str code, str uses);
str voice_embed_moment(struct web *w, str code, str uses);

/* Where content systems ask how to show WHAT ("v", "m") of CODE. */
url voice_oembed_link(struct web *w, const char *what, str code);

#endif
