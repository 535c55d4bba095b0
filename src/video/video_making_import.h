/* What the files of this slice that handle media share. Private to them. */
#ifndef VIDEO_VIDEO_MAKING_IMPORT_H
#define VIDEO_VIDEO_MAKING_IMPORT_H

#include "media/media.h"
#include "video/video_media.h"

/* DATA/media and DATA/media/making, which are made where they are not there. */
struct video_folders {
	int media, making;
};
MUST enum err video_folders_open(arena *a, str data, struct video_folders *ret);
void video_folders_close(struct video_folders *f);

enum { VIDEO_PIECE = 256 << 10 }; /* bytes that are read at once */

/* DATA/media/ab/abcd... */
char *video_media_path(arena *a, str data, str digest);

/* What the store calls a form: "video" where the picture is copied. */
const char *video_form_name(enum media_form form);

/* As video_media_settle; ALL: also what has no digest for a name, the work of a process that has ended. */
MUST enum err video_media_settle_all(struct core *core, arena *a, str data, bool all);

#endif
