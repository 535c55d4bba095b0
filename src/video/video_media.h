/* The files of a video: made from what somebody handed in, kept in DATA/media under the digest of their bytes. */
#ifndef VIDEO_VIDEO_MEDIA_H
#define VIDEO_VIDEO_MEDIA_H

#include "video/video.h"

enum { VIDEO_MEDIA_MAX = 8 };

struct video_media {
	struct video_medium media[VIDEO_MEDIA_MAX];
	size_t n;
	int64_t duration; /* milliseconds */
	bool audio;       /* sound alone */
};

struct video_making {
	str data; /* the data directory */
	int fd;   /* what was handed in, under NAME */
	str name;
	bool ladder;                                                 /* 240p and 720p besides */
	void (*progress)(void *ctx, const char *form, int permille); /* may be NULL */
	bool (*cancelled)(void *ctx);
	void *ctx;
};

/* Probes and makes in the sandbox. The files are on the disk, and nobody refers to them yet: after an error here or
 * later, *RET holds those that video_media_forget deletes. E_INVALID, E_NOTFOUND, E_DENIED: WHY has a sentence. */
MUST enum err video_media_make(arena *a, const struct video_making *m, struct video_media *ret,
			       buf *why);

/* Keeps files that are as the program makes them, such as talk.video.mp4. They are not looked at.
 * Of FILES those that belong to NAME are taken. *RET is as after video_media_make. */
MUST enum err video_media_put(arena *a, str data, str name, const struct video_file *files,
			      size_t n, struct video_media *ret);

/* Deletes those of the files that no video uses. To be called when all is stored. */
MUST enum err video_media_forget(struct core *core, arena *a, str data,
				 const video_digests *digests);

#endif
