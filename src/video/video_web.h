/* What the pages of higher slices see of the voices, and what the server tells their pages. */
#ifndef VIDEO_VIDEO_WEB_H
#define VIDEO_VIDEO_WEB_H

#include "video/video_pack.h"
#include "video/video_library_web.h"

/* The folder of media files; lives as long as the program. Before it is set there are none to serve. */
void voices_set_media(str folder);

/* Answers with the screening pack of these voices, NAME.zip (NAME: letters, digits and - of ASCII), as a stream; w->pub
 * is gone after the handler. The route has WEB_TEXT | WEB_STREAM. TITLE and SIZE as in struct video_pack_order; SIZE
 * may be empty. E_NOTFOUND: no voice, no such size, or one that may not be in a pack; otherwise as video_pack_make. */
MUST enum err voice_pack_send(struct web *w, str name, str title, const int64_t *ids, size_t n,
			      str size);

/* Of these voices those that may be in a pack, as many as fit: their ids, and the size of their media. */
MUST enum err voice_pack_of(struct web *w, const struct voice_row *voices, size_t n,
			    int64_t **ret_ids, size_t *ret_n, int64_t *ret_kilobytes);

#endif
