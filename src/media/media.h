/*
 * Media files: what they are, whether we take them, and the forms that readers get.
 *
 * Every byte of a stranger's film is read by ffprobe or ffmpeg in a sandbox (job/worker.h); what they say
 * and write is checked here by readers of our own. Without ffmpeg on the machine the rest of the program
 * runs as before, and these calls answer E_NOTFOUND.
 */
#ifndef MEDIA_MEDIA_H
#define MEDIA_MEDIA_H

#include "base/base.h"

enum media_container {
	MEDIA_NONE,
	MEDIA_MP4,  /* and MOV, M4A, 3GP */
	MEDIA_WEBM, /* and Matroska */
	MEDIA_OGG,
	MEDIA_MP3,
	MEDIA_WAV,
	MEDIA_MPEGTS,
	MEDIA_JPEG,     /* made by us; never taken */
	MEDIA_PLAYLIST, /* HLS, ffconcat, DASH, SDP: text that names other files; never taken */
};

enum {
	MEDIA_HEAD = 1024, /* bytes that media_sniff wants to see */
	MEDIA_STREAMS_MAX = 32,
	MEDIA_SIDE_MAX = 4096, /* pixels */
	MEDIA_FPS_MAX = 60,
	MEDIA_HOURS_MAX = 4,
};

/* By the bytes at the start alone, never by a name. */
enum media_container media_sniff(str head);

/* "MP4" and the like, for people. */
const char *media_container_name(enum media_container container);

/* Why a file is not taken. The code is stable, the text a sentence in English. */
enum media_refusal {
	MEDIA_TAKEN,
	MEDIA_EMPTY,
	MEDIA_NOT_MEDIA,
	MEDIA_NAMES_FILES, /* a playlist */
	MEDIA_WRONG_NAME,  /* its name says another container */
	MEDIA_TRUNCATED,
	MEDIA_DAMAGED,    /* or of a coding that ffprobe may not even open */
	MEDIA_NO_STREAMS, /* neither picture nor sound */
	MEDIA_MANY_STREAMS,
	MEDIA_TOO_LONG,
	MEDIA_TOO_LARGE, /* pixels a side */
	MEDIA_TOO_FAST,  /* pictures a second */
	MEDIA_CODEC,     /* coded in a way that is not in our list */
	MEDIA_NOT_CLEAN, /* what we made still has something in it that it must not have */
	MEDIA_NO_FFMPEG,
	MEDIA_NO_SANDBOX,
	MEDIA_FAILED, /* ffmpeg failed, crashed or took too long */
	MEDIA_REFUSALS,
};

const char *media_refusal_code(enum media_refusal why); /* "truncated" */
const char *media_refusal_text(enum media_refusal why); /* "The file ends before its film does." */

struct media_info {
	enum media_container container;
	int64_t bytes, duration_ms;
	bool has_video, has_audio;
	int width, height; /* as they are shown: turned where the file says so */
	int rotation; /* degrees that the file says its picture is to be turned: 0, 90, 180, 270 */
	double fps;
	bool variable_rate;
	char video_codec[16], audio_codec[16]; /* ffmpeg's names; empty: none */
	bool faststart;                        /* an MP4 whose index stands before its pictures */
	int streams;
};

/*
 * Whether FD, a regular file that was given under NAME (empty: not known), is a film or a sound that we
 * take, and what it is. E_INVALID: *RET_WHY says why not. E_NOTFOUND: no ffmpeg. E_DENIED: no sandbox.
 * FD's offset is left where it is.
 */
MUST enum err media_probe(arena *a, int fd, str name, struct media_info *ret,
			  enum media_refusal *ret_why);

enum media_form {
	MEDIA_FORM_COPY, /* H.264 alone: the same picture, sound coded anew, in an MP4 that starts at once */
	MEDIA_FORM_240P, /* H.264 and AAC, 15 pictures a second at most */
	MEDIA_FORM_480P,
	MEDIA_FORM_720P,
	MEDIA_FORM_AUDIO_OPUS, /* Ogg, 24 kbit/s, mono */
	MEDIA_FORM_AUDIO_AAC,  /* M4A, 32 kbit/s, mono */
	MEDIA_FORM_POSTER,     /* JPEG, at most 1280 wide, at start_ms */
	MEDIA_FORM_STILL,      /* JPEG, at most 320 wide, at start_ms */
	MEDIA_FORM_STORYBOARD, /* JPEG: small pictures of the whole film at even distances */
	MEDIA_FORM_CLIP, /* start_ms to end_ms: copied where a key picture stands there, else coded anew */
	MEDIA_FORMS,
};

/* "480p"; also the name of what is made, before its ending. */
const char *media_form_name(enum media_form form);

/* Whether this form can be made of such a file: a poster of a sound cannot. */
bool media_form_fits(enum media_form form, const struct media_info *info);

struct media_recipe {
	enum media_form form;
	int64_t start_ms, end_ms; /* of a clip; a picture's moment; otherwise 0 */
	int columns, rows;        /* of a storyboard; otherwise 0 */
};

struct media_job {
	int input; /* the file that media_probe saw */
	const struct media_info *info;
	struct media_recipe recipe;
	int scratch; /* a folder of the caller's, in which the file is made and stays */
	void (*progress)(void *ctx, int permille); /* may be NULL */
	bool (*cancelled)(void *ctx);              /* asked several times a second; may be NULL */
	void *ctx;
};

struct media_made {
	const char *name; /* of the file in the scratch folder: "480p.mp4" */
	const char *type; /* "video/mp4" */
	int64_t bytes;
	bool copied;       /* its picture was not coded anew */
	int width, height; /* of a storyboard, pixels; otherwise 0 */
};

/*
 * Makes one form. What it answers as made has passed media_clean and is on the disk; after an error
 * nothing of it is left. E_INVALID as above; E_CANCEL: cancelled; E_FULL: the disk is.
 */
MUST enum err media_make(arena *a, const struct media_job *job, struct media_made *ret,
			 enum media_refusal *ret_why);

/*
 * Whether a file holds nothing but what we list: boxes of MP4 with zero dates and our handler names, H.264
 * without SEI; Ogg with an empty comment header; JPEG without application segments but JFIF. *RET_WHAT
 * names the first thing that is not allowed. E_INVALID: not clean, or not such a file at all.
 */
MUST enum err media_clean(arena *a, int fd, enum media_container container, const char **ret_what);

/* Whether ffmpeg is on this machine, for doctor. */
bool media_ready(void);

#endif
