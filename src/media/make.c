#define _GNU_SOURCE
#include <fcntl.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "media/part.h"

/* Nothing but picture and sound: the recipe; media_clean sees whether it did. */
static const char bare[] =
	"-map_metadata -1 -map_metadata:s -1 -map_chapters -1 -sn -dn -fflags +bitexact "
	"-flags:v +bitexact -flags:a +bitexact";
static const char coded_name[] = "coded";
static const char only_picture[] = "-bsf:v filter_units=pass_types=1-5|7-8";

static const struct form {
	const char *name, *ending, *type;
	enum media_container container;
	int side, fps; /* of the shorter side of a film, of the width of a picture; 0: as it is */
	const char *video; /* words for the coding */
	const char *audio;
} forms[] = {
	[MEDIA_FORM_COPY] = { "copy", "mp4", "video/mp4", MEDIA_MP4, .video = "",
			      .audio = "-ac 2 -b:a 128k" },
	[MEDIA_FORM_240P] = { "240p", "mp4", "video/mp4", MEDIA_MP4, 240, 15,
			      "-crf 30 -maxrate 180k -bufsize 360k", "-ac 1 -b:a 32k" },
	[MEDIA_FORM_480P] = { "480p", "mp4", "video/mp4", MEDIA_MP4, 480, 30,
			      "-crf 26 -maxrate 900k -bufsize 1800k", "-ac 2 -b:a 96k" },
	[MEDIA_FORM_720P] = { "720p", "mp4", "video/mp4", MEDIA_MP4, 720, 60,
			      "-crf 24 -maxrate 2200k -bufsize 4400k", "-ac 2 -b:a 128k" },
	[MEDIA_FORM_AUDIO_OPUS] = { "opus", "ogg", "audio/ogg", MEDIA_OGG,
				    .audio = "-c:a libopus -ac 1 -b:a 24k -application voip" },
	[MEDIA_FORM_AUDIO_AAC] = { "aac", "m4a", "audio/mp4", MEDIA_MP4,
				   .audio = "-c:a aac -ac 1 -b:a 32k" },
	[MEDIA_FORM_POSTER] = { "poster", "jpg", "image/jpeg", MEDIA_JPEG, .side = 1280 },
	[MEDIA_FORM_STILL] = { "still", "jpg", "image/jpeg", MEDIA_JPEG, .side = 320 },
	[MEDIA_FORM_STORYBOARD] = { "storyboard", "jpg", "image/jpeg", MEDIA_JPEG, .side = 160 },
	[MEDIA_FORM_CLIP] = { "clip", "mp4", "video/mp4", MEDIA_MP4, 720, 60,
			      "-crf 23 -maxrate 2500k -bufsize 5000k", "-ac 2 -b:a 128k" },
};

const char *media_form_name(enum media_form form)
{
	return forms[form].name;
}

static bool picture_fits(const struct media_info *info)
{
	return info->has_video && str_eq(str_of(info->video_codec), S("h264"));
}

bool media_form_fits(enum media_form form, const struct media_info *info)
{
	switch (form) {
	case MEDIA_FORM_COPY: return picture_fits(info);
	case MEDIA_FORM_AUDIO_OPUS:
	case MEDIA_FORM_AUDIO_AAC: return info->has_audio;
	case MEDIA_FORM_CLIP: return true;
	default: return info->has_video;
	}
}

/* --- Words */

static void word_f(struct media_words *w, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void word_f(struct media_words *w, const char *format, ...)
{
	char text[160];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	media_word(w, arena_cstr(w->a, str_of(text)));
}

static int even(double v)
{
	return MAX(2, (int)(v / 2 + 0.5) * 2);
}

/* Never larger than it was. Both sides even, as H.264 wants. */
static void scale_words(struct media_words *w, const struct form *form,
			const struct media_info *info)
{
	int measured = form->container == MEDIA_JPEG ? info->width : MIN(info->width, info->height);
	double by = measured > form->side ? (double)form->side / measured : 1;
	int fps = form->fps && info->fps > form->fps ? form->fps : 0;
	char rate[32] = "";

	if (fps)
		snprintf(rate, sizeof rate, "fps=%d,", fps);
	media_words(w, "-vf");
	word_f(w, "%sscale=%d:%d", rate, even(info->width * by), even(info->height * by));
}

static void code_video(struct media_words *w, const struct form *form,
		       const struct media_info *info)
{
	double fps = info->fps > 0 ? info->fps : 25;

	if (form->fps && fps > form->fps)
		fps = form->fps;
	scale_words(w, form, info);
	media_words(w,
		    "-c:v libx264 -preset veryfast -pix_fmt yuv420p -threads 2 -profile:v main -g");
	word_f(w, "%d", MAX(2, (int)(fps * 2))); /* a key picture every two seconds, for jumps */
	media_words(w, form->video);
	media_words(w, only_picture);
}

static void code_audio(struct media_words *w, const struct form *form)
{
	media_words(w, "-af loudnorm=I=-18:TP=-1.5:LRA=11 -ar 48000");
	if (form->container == MEDIA_MP4 && form->video)
		media_words(w, "-c:a aac");
	media_words(w, form->audio);
}

/* How much of a film is coded anew. */
enum coding { CODE_ALL, COPY_PICTURE, COPY_ALL };

static void film_words(struct media_words *w, const struct form *form,
		       const struct media_info *info, enum coding coding)
{
	bool picture = info->has_video && form->video;

	if (picture)
		media_words(w, "-map 0:V:0");
	if (info->has_audio)
		media_words(w, "-map 0:a:0");
	if (picture && coding == CODE_ALL)
		code_video(w, form, info);
	else if (picture) {
		media_words(w, "-c:v copy");
		media_words(w, only_picture);
	}
	if (info->has_audio && coding == COPY_ALL)
		media_words(w, "-c:a copy");
	else if (info->has_audio)
		code_audio(w, form);
	if (form->container == MEDIA_MP4)
		media_words(w, coding == COPY_ALL ? "-movflags +faststart -f mp4" : "-f mp4");
	else
		media_words(w, "-f ogg");
}

/* The height of a storyboard's pictures, which are all of one width. */
static int board_height(const struct media_info *info)
{
	return even((double)info->height * forms[MEDIA_FORM_STORYBOARD].side / MAX(info->width, 1));
}

static void board_words(struct media_words *w, const struct media_job *job)
{
	const struct media_recipe *r = &job->recipe;

	media_words(w, "-vf");
	word_f(w, "fps=%d/%lld:round=up,scale=%d:%d,tile=%dx%d", r->columns * r->rows * 1000,
	       (long long)MAX(job->info->duration_ms, 1), forms[r->form].side,
	       board_height(job->info), r->columns, r->rows);
}

static void picture_words(struct media_words *w, const struct form *form,
			  const struct media_job *job)
{
	media_words(w, "-map 0:V:0 -frames:v 1");
	if (job->recipe.form == MEDIA_FORM_STORYBOARD)
		board_words(w, job);
	else
		scale_words(w, form, job->info);
	media_words(w, "-c:v mjpeg -pix_fmt yuvj420p -q:v 4 -threads 1 -f mjpeg");
}

/* The words for coding, or for copying what needs none. */
static struct media_words make_words(arena *a, const struct media_job *job, const char *name,
				     enum coding coding)
{
	const struct form *form = &forms[job->recipe.form];
	struct media_words w = { .a = a };

	media_words(&w, "-nostdin -hide_banner -loglevel quiet -y -progress pipe:1");
	if (job->recipe.start_ms > 0) {
		media_words(&w, "-ss");
		word_f(&w, "%.3f", (double)job->recipe.start_ms / 1000);
	}
	media_input(&w, job->info->container);
	if (job->recipe.form == MEDIA_FORM_CLIP) {
		media_words(&w, "-t");
		word_f(&w, "%.3f", (double)(job->recipe.end_ms - job->recipe.start_ms) / 1000);
	}
	if (form->container == MEDIA_JPEG)
		picture_words(&w, form, job);
	else
		film_words(&w, form, job->info, coding);
	media_words(&w, bare);
	word_f(&w, "file:%s", name);
	return w;
}

/* --- Where a clip may be cut without coding: a key picture within a fiftieth of a second */

struct key {
	char line[32];
	size_t n;
	int64_t ms;
	bool found;
};

static enum err hear_key(void *ctx, str bytes)
{
	struct key *k = ctx;

	for (size_t i = 0; i < bytes.n && !k->found; i++) {
		if (bytes.p[i] != '\n' && bytes.p[i] != ',') {
			if (k->n < sizeof k->line - 1)
				k->line[k->n++] = bytes.p[i];
			continue;
		}
		k->line[k->n] = 0;
		k->ms = (int64_t)(strtod(k->line, NULL) * 1000 + 0.5);
		k->found = true;
	}
	return OK;
}

static bool key_at(arena *a, const struct media_job *job, int64_t ms)
{
	struct media_words words = { .a = a };
	struct key key = { .n = 0 };
	struct media_run run = { .kind = "ffprobe",
				 .input = job->input,
				 .scratch = -1,
				 .wait_ms = 60000,
				 .said = hear_key,
				 .ctx = &key };
	enum media_refusal why;

	media_words(&words, "-hide_banner -loglevel quiet");
	media_input(&words, job->info->container);
	media_words(
		&words,
		"-select_streams v:0 -of csv=p=0 -show_entries packet=pts_time -read_intervals");
	word_f(&words, "%.3f%%+#1", (double)ms / 1000);
	return media_run(&run, &words, &why) == OK && key.found && key.ms >= ms - 20 &&
	       key.ms <= ms + 20;
}

static enum coding coding_of(arena *a, const struct media_job *job)
{
	enum media_form form = job->recipe.form;
	bool copy = form == MEDIA_FORM_COPY ||
		    (form == MEDIA_FORM_CLIP && picture_fits(job->info) &&
		     (job->recipe.start_ms == 0 || key_at(a, job, job->recipe.start_ms)));

	return copy ? COPY_PICTURE : CODE_ALL;
}

/* --- Progress: "out_time_us=1234567" */

struct heard {
	const struct media_job *job;
	int64_t length_ms;
	char line[64];
	size_t n;
};

static void hear_line(struct heard *h, str line)
{
	int64_t us;

	if (!str_starts(line, S("out_time_us=")) || !str_to_i64(str_from(line, 12), &us) || us < 0)
		return;
	if (h->job->progress && h->length_ms > 0)
		h->job->progress(h->job->ctx, (int)MIN(us / h->length_ms, 999));
}

static enum err hear_progress(void *ctx, str bytes)
{
	struct heard *h = ctx;

	for (size_t i = 0; i < bytes.n; i++) {
		if (bytes.p[i] == '\n') {
			hear_line(h, (str){ h->line, h->n });
			h->n = 0;
		} else if (h->n < sizeof h->line) {
			h->line[h->n++] = bytes.p[i];
		}
	}
	return OK;
}

static bool ask_cancelled(void *ctx)
{
	const struct heard *h = ctx;

	return h->job->cancelled && h->job->cancelled(h->job->ctx);
}

/* --- Making */

static bool disk_full(int folder)
{
	struct statvfs v;

	return fstatvfs(folder, &v) == 0 && (uint64_t)v.f_bavail * v.f_frsize < 1 << 20;
}

/* The file that ffmpeg left, if it is one that readers may have. */
static enum err take_made(arena *a, const struct media_job *job, struct media_made *made,
			  enum media_refusal *ret_why)
{
	int fd = openat(job->scratch, made->name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	const char *what;
	struct stat st;
	enum err e = E_IO;

	*ret_why = MEDIA_FAILED;
	if (fd < 0)
		return E_INVALID;
	if (fstat(fd, &st) == 0) {
		made->bytes = st.st_size;
		e = !S_ISREG(st.st_mode) || st.st_size == 0 ? E_INVALID : OK;
	}
	if (e == OK) {
		e = media_clean(a, fd, forms[job->recipe.form].container, &what);
		*ret_why = e == E_INVALID ? MEDIA_NOT_CLEAN : MEDIA_FAILED;
	}
	if (e == OK && fsync(fd) != 0)
		e = E_IO;
	close(fd);
	return e;
}

static enum err run(const struct media_job *job, struct media_words *words,
		    enum media_refusal *ret_why)
{
	struct heard h = { .job = job,
			   .length_ms = job->recipe.form == MEDIA_FORM_CLIP
						? job->recipe.end_ms - job->recipe.start_ms
						: job->info->duration_ms };
	struct media_run ffmpeg = {
		.kind = "ffmpeg",
		.input = job->input,
		.scratch = job->scratch,
		.wait_ms = 120000 + 10 * job->info->duration_ms,
		.said = hear_progress,
		.cancelled = ask_cancelled,
		.ctx = &h,
	};

	return media_run(&ffmpeg, words, ret_why);
}

/* Sound is never copied from a stranger's file: AAC has room for words, and encoders sign there.
 * ffmpeg signs what it codes, whatever it is told, but not what it copies: so what was coded is copied
 * once more. That also moves the index of an MP4 to its start. */
static enum err copy_coded(arena *a, const struct media_job *job, const char *name,
			   enum media_refusal *ret_why)
{
	const struct form *form = &forms[job->recipe.form];
	struct media_info info = *job->info;
	struct media_job again = *job;
	struct media_words words;
	enum err e;

	again.input = openat(job->scratch, coded_name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (again.input < 0)
		return E_INVALID;
	info.container = form->container;
	info.has_video &= form->video != NULL;
	again.info = &info;
	again.progress = NULL;
	again.recipe.start_ms = 0;
	again.recipe.end_ms = job->info->duration_ms + 1000;
	words = make_words(a, &again, name, COPY_ALL);
	e = run(&again, &words, ret_why);
	close(again.input);
	return e;
}

static enum err make(arena *a, const struct media_job *job, struct media_made *made,
		     enum media_refusal *ret_why)
{
	enum coding coding = coding_of(a, job);
	bool once = forms[job->recipe.form].container == MEDIA_JPEG;
	struct media_words words = make_words(a, job, once ? made->name : coded_name, coding);
	enum err e = run(job, &words, ret_why);

	made->copied = coding == COPY_PICTURE;
	if (e == OK && !once)
		e = copy_coded(a, job, made->name, ret_why);
	if (e == OK)
		e = take_made(a, job, made, ret_why);
	if (!once)
		unlinkat(job->scratch, coded_name, 0);
	return e == E_INVALID && disk_full(job->scratch) ? E_FULL : e;
}

enum err media_make(arena *a, const struct media_job *job, struct media_made *ret,
		    enum media_refusal *ret_why)
{
	const struct form *form = &forms[job->recipe.form];
	struct media_made made = { .type = form->type };
	buf name = buf_new(a, 32);
	enum err e;

	*ret_why = MEDIA_FAILED;
	if (!media_form_fits(job->recipe.form, job->info) || job->recipe.start_ms < 0 ||
	    (job->recipe.form == MEDIA_FORM_CLIP && job->recipe.end_ms <= job->recipe.start_ms) ||
	    (job->recipe.form == MEDIA_FORM_STORYBOARD &&
	     (job->recipe.columns < 1 || job->recipe.rows < 1)))
		return E_INVALID;
	buf_printf(&name, "%s.%s", form->name, form->ending);
	made.name = arena_cstr(a, buf_str(&name));
	made.width = form->side * job->recipe.columns;
	made.height = board_height(job->info) * job->recipe.rows;
	e = make(a, job, &made, ret_why);
	/* Behind the last picture of a film that has hardly any, the first one will do. */
	if (e == E_INVALID && form->container == MEDIA_JPEG && job->recipe.start_ms > 0) {
		struct media_job first = *job;

		first.recipe.start_ms = 0;
		e = make(a, &first, &made, ret_why);
	}
	if (e != OK) {
		unlinkat(job->scratch, made.name, 0);
		return e;
	}
	*ret_why = MEDIA_TAKEN;
	if (job->progress)
		job->progress(job->ctx, 1000);
	*ret = made;
	return OK;
}
