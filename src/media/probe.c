#include <jansson.h>
#include <sys/stat.h>

#include "media/part.h"

enum { JSON_MAX = 4 << 20, PROBE_MS = 60000, LINE_MAX_BYTES = 64 };

/* --- What ffprobe says */

static const char *text_of(const json_t *object, const char *key)
{
	const char *s = json_string_value(json_object_get(object, key));

	return s ? s : "";
}

/* "12.345" in thousandths; -1 where there is none or it makes no sense. */
static int64_t ms_of(const char *s)
{
	double v;
	char *end;

	if (*s < '0' || *s > '9')
		return -1;
	v = strtod(s, &end);
	return *end == 0 && v < 1e9 ? (int64_t)(v * 1000 + 0.5) : -1;
}

/* "30000/1001"; 0 where there is none. */
static double rate_of(const char *s)
{
	str under = str_of(s), over = str_cut(&under, '/');
	int64_t n, d;

	if (!str_to_i64(over, &n) || !under.p || !str_to_i64(under, &d) || n <= 0 || d <= 0)
		return 0;
	return (double)n / (double)d;
}

static int rotation_of(const json_t *stream)
{
	json_t *list = json_object_get(stream, "side_data_list"), *one;
	size_t i;
	int turn = 0;

	json_array_foreach(list, i, one)
	{
		json_t *v = json_object_get(one, "rotation");

		if (json_is_integer(v))
			turn = (int)(json_integer_value(v) % 360);
	}
	/* ffmpeg counts against the clock. */
	return (720 - turn) % 360 / 90 * 90;
}

static bool listed(const char *const *list, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(str_of(list[i]), str_of(name)))
			return true;
	return false;
}

static bool codec_taken(const char *name)
{
	static const char *const codecs[] = { "h264",      "hevc",      "vp8",        "vp9",
					      "av1",       "mpeg4",     "mpeg2video", "theora",
					      "aac",       "opus",      "mp3",        "vorbis",
					      "flac",      "ac3",       "eac3",       "alac",
					      "pcm_s16le", "pcm_s16be", "pcm_s24le",  "pcm_s24be",
					      "pcm_s32le", "pcm_f32le", "pcm_u8" };

	return listed(codecs, COUNT_OF(codecs), name);
}

static enum media_refusal take_video(const json_t *stream, struct media_info *info)
{
	double average = rate_of(text_of(stream, "avg_frame_rate")),
	       base = rate_of(text_of(stream, "r_frame_rate"));
	json_int_t w = json_integer_value(json_object_get(stream, "width")),
		   h = json_integer_value(json_object_get(stream, "height"));
	bool turned;

	if (w <= 0 || h <= 0)
		return MEDIA_DAMAGED;
	if (w > MEDIA_SIDE_MAX || h > MEDIA_SIDE_MAX)
		return MEDIA_TOO_LARGE;
	if (!codec_taken(text_of(stream, "codec_name")))
		return MEDIA_CODEC;
	info->has_video = true;
	info->fps = average > 0 ? average : base;
	info->variable_rate = average > 0 && (base > average * 1.01 || base < average * 0.99);
	if (info->fps > MEDIA_FPS_MAX + 0.5)
		return MEDIA_TOO_FAST;
	info->rotation = rotation_of(stream);
	turned = info->rotation % 180 != 0;
	info->width = (int)(turned ? h : w);
	info->height = (int)(turned ? w : h);
	snprintf(info->video_codec, sizeof info->video_codec, "%s", text_of(stream, "codec_name"));
	return MEDIA_TAKEN;
}

static enum media_refusal take_audio(const json_t *stream, struct media_info *info)
{
	if (!codec_taken(text_of(stream, "codec_name")))
		return MEDIA_CODEC;
	info->has_audio = true;
	snprintf(info->audio_codec, sizeof info->audio_codec, "%s", text_of(stream, "codec_name"));
	return MEDIA_TAKEN;
}

/* The first picture and the first sound are the film's; a cover of a song is no picture. */
static enum media_refusal take_stream(const json_t *stream, struct media_info *info)
{
	const char *type = text_of(stream, "codec_type");
	json_t *cover = json_object_get(json_object_get(stream, "disposition"), "attached_pic");

	if (str_eq(str_of(type), S("video")) && !info->has_video && !json_integer_value(cover))
		return take_video(stream, info);
	if (str_eq(str_of(type), S("audio")) && !info->has_audio)
		return take_audio(stream, info);
	return MEDIA_TAKEN;
}

static enum media_refusal take_all(const json_t *root, struct media_info *info)
{
	json_t *streams = json_object_get(root, "streams"), *stream;
	enum media_refusal why;
	size_t i;

	if (json_array_size(streams) > MEDIA_STREAMS_MAX)
		return MEDIA_MANY_STREAMS;
	info->streams = (int)json_array_size(streams);
	json_array_foreach(streams, i, stream)
	{
		why = take_stream(stream, info);
		if (why != MEDIA_TAKEN)
			return why;
	}
	if (!info->has_video && !info->has_audio)
		return MEDIA_NO_STREAMS;
	info->duration_ms = ms_of(text_of(json_object_get(root, "format"), "duration"));
	return info->duration_ms > (int64_t)MEDIA_HOURS_MAX * 3600000 ? MEDIA_TOO_LONG
								      : MEDIA_TAKEN;
}

/* --- Asking */

static enum err gather(void *ctx, str bytes)
{
	buf *b = ctx;

	buf_put(b, bytes);
	return b->err;
}

static struct media_words probe_words(arena *a, enum media_container container)
{
	struct media_words w = { .a = a };

	media_words(&w, "-hide_banner -loglevel quiet");
	media_input(&w, container);
	return w;
}

static enum err ask(arena *a, int fd, struct media_info *info, enum media_refusal *ret_why)
{
	struct media_words words = probe_words(a, info->container);
	buf said = buf_new(a, JSON_MAX);
	struct media_run run = { .kind = "ffprobe",
				 .input = fd,
				 .scratch = -1,
				 .wait_ms = PROBE_MS,
				 .said = gather,
				 .ctx = &said };
	json_t *root;
	enum err e;

	media_words(&words, "-of json=c=1 -show_entries");
	media_word(&words,
		   "format=duration:stream=codec_type,codec_name,width,height,r_frame_rate,"
		   "avg_frame_rate:stream_disposition=attached_pic:stream_side_data=rotation");
	e = media_run(&run, &words, ret_why);
	if (e == E_INVALID)
		*ret_why = MEDIA_DAMAGED;
	TRY(e);
	root = json_loadb(said.p, said.n, JSON_REJECT_DUPLICATES, NULL);
	*ret_why = root ? take_all(root, info) : MEDIA_DAMAGED;
	json_decref(root);
	return *ret_why == MEDIA_TAKEN ? OK : E_INVALID;
}

/* --- The length of what does not say it: a browser's recording. All packets are read, none is decoded. */

struct last {
	char line[LINE_MAX_BYTES];
	size_t n;
	int64_t ms;
};

static enum err hear_times(void *ctx, str bytes)
{
	struct last *last = ctx;

	for (size_t i = 0; i < bytes.n; i++) {
		if (bytes.p[i] == '\n') {
			last->line[last->n] = 0;
			last->ms = MAX(last->ms, ms_of(last->line));
			last->n = 0;
		} else if (last->n < sizeof last->line - 1) {
			last->line[last->n++] = bytes.p[i];
		}
	}
	return OK;
}

static enum err measure(arena *a, int fd, struct media_info *info, enum media_refusal *ret_why)
{
	struct media_words words = probe_words(a, info->container);
	struct last last = { .ms = -1 };
	struct media_run run = { .kind = "ffprobe",
				 .input = fd,
				 .scratch = -1,
				 .wait_ms = PROBE_MS,
				 .said = hear_times,
				 .ctx = &last };

	media_words(&words, "-of csv=p=0 -show_entries packet=pts_time -select_streams");
	media_word(&words, info->has_audio ? "a:0" : "v:0");
	TRY(media_run(&run, &words, ret_why));
	info->duration_ms = last.ms;
	*ret_why = last.ms < 0                                    ? MEDIA_DAMAGED
		   : last.ms > (int64_t)MEDIA_HOURS_MAX * 3600000 ? MEDIA_TOO_LONG
								  : MEDIA_TAKEN;
	return *ret_why == MEDIA_TAKEN ? OK : E_INVALID;
}

/* What can be seen without ffprobe. */
static enum media_refusal look(int fd, str name, struct media_info *info)
{
	char head[MEDIA_HEAD];
	size_t n = media_read_at(fd, 0, head, sizeof head);

	if (info->bytes == 0 || n == 0)
		return MEDIA_EMPTY;
	info->container = media_sniff((str){ head, n });
	if (info->container == MEDIA_PLAYLIST)
		return MEDIA_NAMES_FILES;
	if (!media_demuxer(info->container))
		return MEDIA_NOT_MEDIA;
	if (!media_name_fits(info->container, name))
		return MEDIA_WRONG_NAME;
	if (!media_whole(fd, info->container, (uint64_t)info->bytes, &info->faststart))
		return MEDIA_TRUNCATED;
	return MEDIA_TAKEN;
}

enum err media_probe(arena *a, int fd, str name, struct media_info *ret,
		     enum media_refusal *ret_why)
{
	struct media_info info = { 0 };
	struct stat st;

	*ret_why = MEDIA_NOT_MEDIA;
	if (fstat(fd, &st) != 0)
		return E_IO;
	if (!S_ISREG(st.st_mode))
		return E_INVALID;
	info.bytes = st.st_size;
	*ret_why = look(fd, name, &info);
	if (*ret_why != MEDIA_TAKEN)
		return E_INVALID;
	TRY(ask(a, fd, &info, ret_why));
	if (info.duration_ms < 0)
		TRY(measure(a, fd, &info, ret_why));
	*ret = info;
	return OK;
}
