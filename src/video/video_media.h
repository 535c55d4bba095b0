/*
 * The files of a video, in DATA/media under the digest of their bytes: what somebody handed in, until all is made of
 * it, and what readers get.
 *
 * A file comes and goes together with the row that names it, through DATA/media/making: what is new waits there until
 * its row is committed, what is given up is moved there before. So whenever the program ends, one rule mends all: a
 * file in making/ that a row names goes to its place, any other one is deleted.
 */
#ifndef VIDEO_VIDEO_MEDIA_H
#define VIDEO_VIDEO_MEDIA_H

#include "video/video.h"

enum { VIDEO_FORMS_MAX = 12 };

/* A film or a sound that was handed in, looked at and waiting in making/. */
struct video_source {
	str digest;
	int64_t duration;           /* milliseconds */
	bool audio;                 /* sound alone */
	str forms[VIDEO_FORMS_MAX]; /* to make of it, in this order */
	size_t n;
};

struct video_wishes {
	bool ladder;     /* smaller films besides, and a large one of a larger film */
	bool storyboard; /* small pictures of the whole */
};

/* Probes FD, given under NAME, in the sandbox and copies it into making/. E_INVALID, E_NOTFOUND, E_DENIED: WHY has a sentence. E_FULL: the disk is. */
MUST enum err video_media_take(arena *a, str data, int fd, str name,
			       const struct video_wishes *wishes, struct video_source *ret,
			       buf *why);

/* Keeps, in making/, files that are as the program makes them, such as talk.video.mp4. They are not looked at. Of
 * FILES those that belong to NAME are taken, at most VIDEO_FORMS_MAX. */
MUST enum err video_media_put(arena *a, str data, str name, const struct video_file *files,
			      size_t n, struct video_medium *ret, size_t *ret_n);

/* Ends the transaction under way, as db_finish does. FREED are given up: those that no row names any more go from the
 * disk with the commit, and what rows name that is new comes to its place. */
MUST enum err video_media_finish(struct core *core, arena *a, str data, enum err e,
				 const video_digests *freed);

/* The rule above, for all in making/ whose name is a digest; for where nothing was stored. */
MUST enum err video_media_settle(struct core *core, arena *a, str data);

/* --- Files that are to be made: jobs. One process writes, so one of them is under way at a time. */

struct video_job {
	int64_t id, video_id;
	str form, source, code; /* source: digest; code: of the video */
	int64_t starts, ends;   /* of a clip, milliseconds */
	int64_t attempts;
};

struct video_job_watch {
	void (*progress)(void *ctx, int permille); /* may be NULL */
	bool (*cancelled)(void *ctx);
	void *ctx;
};

/* What came of a job. */
struct video_job_made {
	enum err e; /* OK; E_CANCEL: it is to be made later; otherwise WHY has a sentence */
	struct video_medium medium;
	str why;
};

/* When a process begins to write: what was under way when the one before it ended is to be made again, after
 * three attempts no more; making/ is swept. */
MUST enum err video_jobs_resume(struct core *core, arena *a, str data);

/* The next one, which is under way from now on. E_NOTFOUND: there is none. */
MUST enum err video_job_take(struct core *core, arena *a, struct video_job *ret);

/* Makes it, on any thread: touches no database. Takes minutes. The file waits in making/ under "made". */
void video_job_make(arena *a, str data, const struct video_job *job,
		    const struct video_job_watch *watch, struct video_job_made *ret);

/* Stores what came of it, in a transaction of its own. A job that is gone, since its video is, leaves nothing. */
MUST enum err video_job_end(struct core *core, arena *a, str data, const struct video_job *job,
			    const struct video_job_made *made);

/* Whether it is still to be made; how far it is, for those who ask. */
MUST enum err video_job_lives(struct core *core, arena *a, const struct video_job *job, bool *ret);
MUST enum err video_job_tell(struct core *core, const struct video_job *job, int permille);

/* Those that failed: once more, or never. *RET: how many. */
MUST enum err video_jobs_retry(struct core *core, arena *a, size_t *ret);
MUST enum err video_jobs_drop(struct core *core, arena *a, str data, size_t *ret);

/* --- For doctor and backup. */

/* Calls SEEN with each file that rows name, its path below DATA/media and its size on the disk; -1: it is not there.
 * BYTES: what the row says; 0: not known. */
MUST enum err video_media_each(struct core *core, arena *a, str data,
			       enum err (*seen)(void *ctx, str path, int64_t bytes, int64_t size),
			       void *ctx);

/* Of the files in FOLDER, which is laid out as DATA/media, those that no row names: counted, and deleted when DROP
 * says so. What is not named as we name files is left alone. */
MUST enum err video_media_strays(struct core *core, arena *a, int folder, bool drop, size_t *ret);

/* The same of DATA/media: a restore leaves some. */
MUST enum err video_media_tidy(struct core *core, arena *a, str data, bool drop, size_t *ret);

struct video_copied {
	size_t copied, there, missing, dropped;
	int64_t bytes; /* copied */
};

/* Copies what rows name and FOLDER, which is made, lacks; what no row names any more is deleted there. BACK: from
 * FOLDER to DATA/media, deleting nothing. MISSING ones are in neither. */
MUST enum err video_media_copy(struct core *core, arena *a, str data, str folder, bool back,
			       struct video_copied *ret);

/* How many files could not be made. */
MUST enum err video_jobs_failed(struct core *core, arena *a, size_t *ret);

#endif
