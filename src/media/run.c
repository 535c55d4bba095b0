#define _GNU_SOURCE
#include <fcntl.h>
#include <unistd.h>

#include "base/clock.h"
#include "job/worker.h"
#include "media/part.h"

enum { LOOK_MS = 200, BLOCK = 65536 };

void media_word(struct media_words *w, const char *word)
{
	*vec_add(w->a, &w->list) = word;
}

void media_words(struct media_words *w, const char *words)
{
	for (str rest = str_of(words); rest.p;)
		media_word(w, arena_cstr(w->a, str_cut(&rest, ' ')));
}

void media_input(struct media_words *w, enum media_container container)
{
	media_words(w, "-protocol_whitelist file,pipe -format_whitelist");
	media_word(w, "mov,matroska,ogg,mp3,wav,mpegts");
	media_words(w, "-codec_whitelist");
	media_word(w,
		   "h264,hevc,vp8,vp9,libvpx,libvpx-vp9,av1,libdav1d,mpeg4,mpeg2video,theora,aac,"
		   "aac_fixed,opus,libopus,mp3,mp3float,vorbis,flac,ac3,eac3,alac,pcm_s16le,"
		   "pcm_s16be,pcm_s24le,pcm_s24be,pcm_s32le,pcm_f32le,pcm_u8,"
		   /* not used, but ffprobe opens what it sees: covers and subtitles */
		   "mjpeg,png,subrip,srt,ass,ssa,movtext,mov_text,webvtt,pgssub,dvbsub,dvdsub");
	media_words(w, "-f");
	media_word(w, media_demuxer(container));
	media_words(w, "-i file:/proc/self/fd/3");
}

bool media_ready(void)
{
	return access(worker_kind_find(S("ffmpeg"))->program, X_OK) == 0 &&
	       access(worker_kind_find(S("ffprobe"))->program, X_OK) == 0;
}

/* Hears the worker to its end. */
static enum err hear(struct worker *w, const struct media_run *run)
{
	char block[BLOCK];
	size_t n = 1;

	while (n > 0) {
		while (!worker_ready(w, LOOK_MS) && clock_steady_ms() < w->deadline)
			if (run->cancelled && run->cancelled(run->ctx))
				return E_CANCEL;
		TRY(worker_read(w, block, sizeof block, &n));
		if (n && run->said)
			TRY(run->said(run->ctx, (str){ block, n }));
		if (run->cancelled && run->cancelled(run->ctx))
			return E_CANCEL;
	}
	return OK;
}

/* The input once more, to read only: the caller's descriptor may be able to write. */
static int reopened(int fd)
{
	char path[32];

	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	return open(path, O_RDONLY | O_CLOEXEC);
}

static enum err start(struct worker *w, const struct media_run *run, struct media_words *words,
		      enum media_refusal *ret_why)
{
	struct worker_options options = { .scratch = run->scratch, .words = words->list.p };
	enum err e;

	options.input = reopened(run->input);
	if (options.input < 0)
		return E_IO;
	e = worker_start(w, worker_kind_find(str_of(run->kind)), &options);
	close(options.input);
	if (e == E_DENIED)
		*ret_why = MEDIA_NO_SANDBOX;
	return e;
}

enum err media_run(const struct media_run *run, struct media_words *words,
		   enum media_refusal *ret_why)
{
	struct worker w = { 0 };
	enum worker_end end;
	enum err e;

	if (!media_ready()) {
		*ret_why = MEDIA_NO_FFMPEG;
		return E_NOTFOUND;
	}
	media_word(words, NULL);
	TRY(start(&w, run, words, ret_why));
	w.deadline = MIN(w.deadline, clock_steady_ms() + run->wait_ms);
	worker_close_input(&w);
	e = hear(&w, run);
	if (e == E_CANCEL || e == E_FULL) {
		worker_kill(&w);
		return e;
	}
	end = worker_finish(&w);
	if (e == OK && end == WORKER_DONE)
		return OK;
	*ret_why = end == WORKER_UNPROTECTED ? MEDIA_NO_SANDBOX : MEDIA_FAILED;
	return end == WORKER_UNPROTECTED ? E_DENIED : E_INVALID;
}
