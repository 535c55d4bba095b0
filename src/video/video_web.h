/* What the pages of higher slices see of the voices, and what the server tells their pages. */
#ifndef VIDEO_VIDEO_WEB_H
#define VIDEO_VIDEO_WEB_H

#include "video/video_pack.h"
#include "video/video_library_web.h"

/* The folder of media files; lives as long as the program. Before it is set there are none to serve. */
void voices_set_media(str folder);

/* Answers with the screening pack of ORDER, NAME.zip (NAME: letters, digits and - of ASCII), as a stream; w->pub is gone
 * after the handler. The route has WEB_TEXT | WEB_STREAM. Errors as video_pack_make. A series gives the ids of its
 * videos that may be downloaded (video_pack_find), its title, and for the rest:
 *
 *     { .lang = w->lang, .size = S("video"), .site = link_absolute(w, (url){ S("") }).s, .media = voices_media() }
 */
MUST enum err voice_pack_send(struct web *w, str name, const struct video_pack_order *order);

#endif
