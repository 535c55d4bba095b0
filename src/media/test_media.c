/* Films of every kind, made here by ffmpeg itself: what is taken, what is refused and why, and that what is
 * made of them holds nothing of what was planted. Without ffmpeg there is little to try. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <ftw.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tap.h"

#include "base/clock.h"
#include "job/worker.h"
#include "media/media.h"

static char folder[] = "/tmp/tribune-media-XXXXXX";
static int dir, made_dir;

/* ffmpeg with these words, outside the sandbox: the files are our own. */
static bool ffmpeg(const char *words)
{
	arena *a = arena_new();
	VEC(char *) argv = { 0 };
	posix_spawn_file_actions_t files;
	int status = -1;
	pid_t pid;

	*vec_add(a, &argv) = arena_cstr(a, S("ffmpeg"));
	for (str rest = str_of("-nostdin -loglevel error -y"); rest.p;)
		*vec_add(a, &argv) = arena_cstr(a, str_cut(&rest, ' '));
	for (str rest = str_of(words); rest.p;)
		*vec_add(a, &argv) = arena_cstr(a, str_cut(&rest, ' '));
	*vec_add(a, &argv) = NULL;
	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_addchdir_np(&files, folder);
	if (posix_spawnp(&pid, "ffmpeg", &files, NULL, argv.p, environ) == 0)
		waitpid(pid, &status, 0);
	posix_spawn_file_actions_destroy(&files);
	arena_free(a);
	return status == 0;
}

static void write_file(const char *name, str bytes)
{
	int fd = openat(dir, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	if (fd < 0 || write(fd, bytes.p, bytes.n) != (ssize_t)bytes.n)
		abort();
	close(fd);
}

static str read_file(arena *a, int in, const char *name)
{
	int fd = openat(in, name, O_RDONLY | O_CLOEXEC);
	struct stat st;
	char *p;

	if (fd < 0 || fstat(fd, &st) != 0)
		return (str){ NULL, 0 };
	p = arena_alloc_raw(a, (size_t)st.st_size + 1);
	if (read(fd, p, (size_t)st.st_size) != st.st_size)
		abort();
	close(fd);
	return (str){ p, (size_t)st.st_size };
}

/* --- By the first bytes alone */

static void test_sniff(void)
{
	static const struct {
		str head;
		enum media_container want;
	} cases[] = {
		{ S_INIT("\0\0\0\x18"
			 "ftypmp42"),
		  MEDIA_MP4 },
		{ S_INIT("\0\0\0\x08"
			 "wide\0\0\0\0mdat"),
		  MEDIA_MP4 },
		{ S_INIT("\x1a\x45\xdf\xa3\x01"), MEDIA_WEBM },
		{ S_INIT("OggS\0\x02"), MEDIA_OGG },
		{ S_INIT("RIFF\x24\0\0\0WAVEfmt "), MEDIA_WAV },
		{ S_INIT("RIFF\x24\0\0\0AVI LIST"), MEDIA_NONE },
		{ S_INIT("ID3\x04\0"), MEDIA_MP3 },
		{ S_INIT("\xff\xfb\x90\x64"), MEDIA_MP3 },
		{ S_INIT("\xff\xff\xff\xff"), MEDIA_NONE },
		{ S_INIT("\xff\xd8\xff\xe0"), MEDIA_JPEG },
		{ S_INIT("#EXTM3U\n#EXT-X-VERSION:3"), MEDIA_PLAYLIST },
		{ S_INIT("\xef\xbb\xbf#EXTM3U"), MEDIA_PLAYLIST },
		{ S_INIT("ffconcat version 1.0\nfile x"), MEDIA_PLAYLIST },
		{ S_INIT("file 'a.mp4'\n"), MEDIA_PLAYLIST },
		{ S_INIT("<?xml version=\"1.0\"?><MPD>"), MEDIA_PLAYLIST },
		{ S_INIT("v=0\r\no=- 0 0 IN IP4 127.0.0.1"), MEDIA_PLAYLIST },
		{ S_INIT("hello"), MEDIA_NONE },
		{ S_INIT(""), MEDIA_NONE },
		{ S_INIT("f"), MEDIA_NONE },
		{ S_INIT("GIF89a"), MEDIA_NONE },
		{ S_INIT("%PDF-1.7"), MEDIA_NONE },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++)
		eq_int(media_sniff(cases[i].head), cases[i].want,
		       media_container_name(cases[i].want));
	for (int i = 0; i < MEDIA_REFUSALS; i++)
		ok(media_refusal_code(i) && media_refusal_text(i), "refusal %d has its words", i);
}

/* --- Refused */

static enum err probe(arena *a, const char *name, const char *as, struct media_info *ret,
		      enum media_refusal *ret_why)
{
	int fd = openat(dir, name, O_RDONLY | O_CLOEXEC);
	enum err e = media_probe(a, fd, str_of(as), ret, ret_why);

	close(fd);
	return e;
}

static void refused(const char *name, const char *as, enum media_refusal want, const char *what)
{
	arena *a = arena_new();
	struct media_info info;
	enum media_refusal why = MEDIA_TAKEN;
	enum err e = probe(a, name, as, &info, &why);

	ok(e == E_INVALID && why == want, "%s: %s", what, media_refusal_code(why));
	arena_free(a);
}

static void test_disguises(void)
{
	static const struct {
		const char *name;
		str text;
		enum media_refusal want;
	} cases[] = {
		{ "empty.mp4", S_INIT(""), MEDIA_EMPTY },
		{ "text.mp4", S_INIT("This is no film.\n"), MEDIA_NOT_MEDIA },
		{ "local.mp4", S_INIT("#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n"),
		  MEDIA_NAMES_FILES },
		{ "relative.mp4", S_INIT("#EXTM3U\n#EXTINF:1,\nsmall.mp4\n#EXT-X-ENDLIST\n"),
		  MEDIA_NAMES_FILES },
		{ "http.mp4", S_INIT("#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:9/x.ts\n"),
		  MEDIA_NAMES_FILES },
		{ "concat.mp4", S_INIT("ffconcat version 1.0\nfile small.mp4\n"),
		  MEDIA_NAMES_FILES },
		{ "dash.mp4",
		  S_INIT("<?xml version=\"1.0\"?>\n<MPD><BaseURL>http://x/</BaseURL></MPD>"),
		  MEDIA_NAMES_FILES },
		{ "session.mp4",
		  S_INIT("v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\nm=audio 9 RTP/AVP 0\r\n"),
		  MEDIA_NAMES_FILES },
		{ "picture.mp4", S_INIT("\xff\xd8\xff\xe0\0\x10JFIF"), MEDIA_NOT_MEDIA },
		{ "hidden.mp4",
		  S_INIT("\0\0\0\x10"
			 "ftypmp42\0\0\0\0#EXTM3U\nfile:///etc/passwd\n"),
		  MEDIA_TRUNCATED },
		{ "noise.mp3", S_INIT("ID3\x04\0\0\0\0\0\0#EXTM3U\nfile:///etc/passwd\n"),
		  MEDIA_DAMAGED },
		{ "nothing.mp4",
		  S_INIT("\0\0\0\x10"
			 "ftypmp42\0\0\0\0\0\0\0\x08moov"),
		  MEDIA_NO_STREAMS },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		write_file(cases[i].name, cases[i].text);
		refused(cases[i].name, cases[i].name, cases[i].want, cases[i].name);
	}
}

#define PICTURE "-f lavfi -i testsrc=size=320x180:rate=25:duration=2 "
#define SOUND   "-f lavfi -i sine=frequency=440:duration=2 "
#define CODED   "-c:v libx264 -preset ultrafast -pix_fmt yuv420p -c:a aac "

static void many_tracks(void)
{
	arena *a = arena_new();
	buf b = buf_new(a, 1 << 16);

	buf_put(&b, S("-f lavfi -i anullsrc=duration=0.2"));
	for (int i = 0; i < 500; i++)
		buf_put(&b, S(" -map 0:a"));
	buf_put(&b, S(" -c:a pcm_s16le -ar 8000 -ac 1 tracks.mkv"));
	buf_byte(&b, 0);
	ok(ffmpeg(b.p), "500 tracks are made");
	refused("tracks.mkv", "", MEDIA_MANY_STREAMS, "500 tracks");
	arena_free(a);
}

static void test_refused(arena *a)
{
	str small;

	ok(ffmpeg(PICTURE SOUND CODED "small.mp4"), "a film is made");
	small = read_file(a, dir, "small.mp4");
	refused("small.mp4", "film.webm", MEDIA_WRONG_NAME, "an MP4 named .webm");
	refused("small.mp4", "film.exe", MEDIA_WRONG_NAME, "an MP4 named .exe");
	write_file("cut.mp4", str_to(small, small.n / 2));
	refused("cut.mp4", "cut.mp4", MEDIA_TRUNCATED, "an MP4 cut in the middle");
	write_file("cut1.mp4", str_to(small, small.n - 1));
	refused("cut1.mp4", "cut1.mp4", MEDIA_TRUNCATED, "without its last byte");
	ok(ffmpeg(PICTURE "-c:v libvpx -b:v 100k -an small.webm"), "a WebM is made");
	small = read_file(a, dir, "small.webm");
	write_file("cut.webm", str_to(small, small.n * 2 / 3));
	refused("cut.webm", "cut.webm", MEDIA_TRUNCATED, "a WebM cut");
	ok(ffmpeg(SOUND "-c:a libopus small.ogg"), "an Ogg is made");
	small = read_file(a, dir, "small.ogg");
	write_file("cut.ogg", str_to(small, small.n - 7));
	refused("cut.ogg", "cut.ogg", MEDIA_TRUNCATED, "an Ogg cut");
	ok(ffmpeg(SOUND "small.wav"), "a WAV is made");
	small = read_file(a, dir, "small.wav");
	write_file("cut.wav", str_to(small, small.n - 1000));
	refused("cut.wav", "cut.wav", MEDIA_TRUNCATED, "a WAV cut");
	ok(ffmpeg("-f lavfi -i color=size=7680x4320:rate=1:duration=1 -c:v mpeg4 -q:v 31 -f mp4 "
		  "8k.mp4"),
	   "8K is made");
	refused("8k.mp4", "8k.mp4", MEDIA_TOO_LARGE, "8K");
	ok(ffmpeg("-f lavfi -i testsrc=size=64x64:rate=120:duration=1 -c:v libx264 fast.mp4"),
	   "120");
	refused("fast.mp4", "fast.mp4", MEDIA_TOO_FAST, "120 pictures a second");
	ok(ffmpeg("-f lavfi -i color=size=16x16:rate=0.01:duration=14500 -c:v libx264 long.mp4"),
	   "a long film is made");
	refused("long.mp4", "long.mp4", MEDIA_TOO_LONG, "over four hours");
	ok(ffmpeg("-f lavfi -i testsrc=size=64x64:duration=1 -c:v ffv1 odd.mkv"), "FFV1 is made");
	refused("odd.mkv", "odd.mkv", MEDIA_DAMAGED, "an unlisted codec");
	write_file("words.srt", S("1\n00:00:00,000 --> 00:00:01,000\nwords\n"));
	ok(ffmpeg("-i words.srt words.mkv"), "subtitles alone are made");
	refused("words.mkv", "words.mkv", MEDIA_NO_STREAMS, "neither picture nor sound");
	many_tracks();
}

/* --- Taken */

static void taken(arena *a, const char *name, struct media_info *ret)
{
	enum media_refusal why = MEDIA_TAKEN;
	enum err e = probe(a, name, name, ret, &why);

	ok(e == OK, "%s is taken (%s)", name, media_refusal_code(why));
	if (e != OK)
		*ret = (struct media_info){ 0 };
}

static void test_taken(arena *a)
{
	struct media_info i;

	taken(a, "small.mp4", &i);
	ok(i.container == MEDIA_MP4 && i.has_video && i.has_audio && i.width == 320 &&
		   i.height == 180 && i.fps == 25 && !i.variable_rate && !i.faststart &&
		   i.streams == 2,
	   "an MP4 whose index stands at the end");
	ok(i.duration_ms >= 1990 && i.duration_ms <= 2100, "of two seconds");
	eq_str(str_of(i.video_codec), S("h264"), "H.264");
	eq_str(str_of(i.audio_codec), S("aac"), "AAC");
	ok(ffmpeg("-i small.mp4 -c copy -movflags +faststart fast_start.mp4"), "faststart");
	taken(a, "fast_start.mp4", &i);
	ok(i.faststart, "an index at the start is seen");
	ok(ffmpeg("-i small.mp4 -c copy -metadata:s:v rotate=90 turned.mp4"),
	   "a film of a telephone");
	taken(a, "turned.mp4", &i);
	ok(i.rotation % 180 == 90 && i.width == 180 && i.height == 320, "is upright (%d)",
	   i.rotation);
	ok(ffmpeg("-f lavfi -i testsrc=size=160x90:rate=25:duration=3 -vf "
		  "select='not(mod(n\\,7))+lt(n\\,20)' "
		  "-vsync vfr -c:v libx264 variable.mp4"),
	   "a variable rate");
	taken(a, "variable.mp4", &i);
	ok(i.variable_rate, "is seen (%f)", i.fps);
	taken(a, "small.webm", &i);
	ok(i.container == MEDIA_WEBM && i.has_video && !i.has_audio, "a WebM without sound");
	taken(a, "small.ogg", &i);
	ok(i.container == MEDIA_OGG && !i.has_video && i.has_audio, "an Ogg without picture");
	taken(a, "small.wav", &i);
	ok(ffmpeg("-i small.wav small.mp3") && ffmpeg("-i small.mp4 -c copy small.ts"), "others");
	taken(a, "small.mp3", &i);
	ok(i.container == MEDIA_MP3 && i.duration_ms > 1900, "an MP3");
	taken(a, "small.ts", &i);
	ok(i.container == MEDIA_MPEGTS && i.has_video, "a transport stream");
	ok(ffmpeg(PICTURE SOUND "-c:v libvpx -b:v 100k -c:a libopus -f webm -live 1 live.webm"),
	   "live");
	taken(a, "live.webm", &i);
	ok(i.duration_ms > 1800 && i.duration_ms < 2200, "a recording without its length: %d ms",
	   (int)i.duration_ms);
}

/* --- Made, and clean */

static const str planted[] = { S_INIT("CanaryTitle"),   S_INIT("+46.2044"),
			       S_INIT("CanaryComment"), S_INIT("CanaryHandler"),
			       S_INIT("CanaryArtist"),  S_INIT("x264"),
			       S_INIT("Lavc"),          S_INIT("CanaryChapter") };

#define PLANTED                                                                              \
	"-metadata title=CanaryTitle -metadata comment=CanaryComment -metadata "             \
	"artist=CanaryArtist "                                                               \
	"-metadata location=+46.2044+006.1432/ -metadata creation_time=2020-01-02T03:04:05 " \
	"-metadata:s:v handler_name=CanaryHandler -metadata:s:a handler_name=CanaryHandler "

static int last_progress;
static bool stop_now;

static void note_progress(void *ctx, int permille)
{
	(void)ctx;
	last_progress = permille;
}

static bool note_cancel(void *ctx)
{
	(void)ctx;
	return stop_now;
}

static enum err make(arena *a, const char *name, struct media_recipe recipe, struct media_made *ret,
		     enum media_refusal *ret_why)
{
	int fd = openat(dir, name, O_RDONLY | O_CLOEXEC);
	struct media_info info;
	struct media_job job = { .input = fd,
				 .info = &info,
				 .recipe = recipe,
				 .scratch = made_dir,
				 .progress = note_progress,
				 .cancelled = note_cancel };
	enum err e = media_probe(a, fd, S(""), &info, ret_why);

	last_progress = -1;
	if (e == OK && !media_form_fits(recipe.form, &info))
		e = E_NOTFOUND;
	if (e == OK)
		e = media_make(a, &job, ret, ret_why);
	close(fd);
	return e;
}

static size_t found_in(str bytes)
{
	size_t n = 0;

	for (size_t i = 0; i < COUNT_OF(planted); i++)
		if (memmem(bytes.p, bytes.n, planted[i].p, planted[i].n)) {
			printf("# there is %s\n", planted[i].p);
			n++;
		}
	return n;
}

static void one_form(const char *name, enum media_form form)
{
	arena *a = arena_new();
	struct media_recipe recipe = { form, form == MEDIA_FORM_CLIP ? 500 : 0,
				       form == MEDIA_FORM_CLIP ? 1500 : 0, 2, 2 };
	struct media_made made = { .name = "" };
	enum media_refusal why = MEDIA_TAKEN;
	int64_t t = clock_steady_ms();
	enum err e = make(a, name, recipe, &made, &why);
	const char *what = NULL;
	str bytes;
	int fd;

	if (e == E_NOTFOUND) {
		arena_free(a);
		return;
	}
	ok(e == OK, "%s as %s: %s, %d bytes, %d ms", name, media_form_name(form),
	   media_refusal_code(why), (int)made.bytes, (int)(clock_steady_ms() - t));
	if (e == OK) {
		bytes = read_file(a, made_dir, made.name);
		ok(found_in(bytes) == 0 && (int64_t)bytes.n == made.bytes,
		   "%s as %s: nothing planted is in it", name, media_form_name(form));
		eq_int(last_progress, 1000, "its progress reached the end");
		fd = openat(made_dir, made.name, O_RDONLY | O_CLOEXEC);
		is_ok(media_clean(a, fd, media_sniff(str_to(bytes, MEDIA_HEAD)), &what), "clean");
		close(fd);
	}
	unlinkat(made_dir, made.name, 0);
	arena_free(a);
}

/* What exiftool says of a file, all groups. */
static str exiftool(arena *a, char *path)
{
	char name[] = "exiftool", all[] = "-a", groups[] = "-G1",
	     *argv[] = { name, all, groups, path, NULL };
	posix_spawn_file_actions_t files;
	buf said = buf_new(a, 1 << 20);
	int out[2], status = -1;
	ssize_t n;
	pid_t pid;

	if (pipe(out) != 0)
		abort();
	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_adddup2(&files, out[1], 1);
	posix_spawn_file_actions_addclosefrom_np(&files, 3);
	if (posix_spawnp(&pid, name, &files, NULL, argv, environ) != 0)
		abort();
	posix_spawn_file_actions_destroy(&files);
	close(out[1]);
	while ((n = read(out[0], buf_room(&said, 4096), 4096)) > 0)
		buf_wrote(&said, (size_t)n);
	close(out[0]);
	waitpid(pid, &status, 0);
	return status == 0 ? buf_str(&said) : (str){ NULL, 0 };
}

/* exiftool's words about a file that we made: none of them a date, a place, a name or a program. */
static void second_opinion(arena *a)
{
	static const char *const forms[] = { "480p.mp4", "opus.ogg", "poster.jpg" };
	static const enum media_form which[] = { MEDIA_FORM_480P, MEDIA_FORM_AUDIO_OPUS,
						 MEDIA_FORM_POSTER };
	struct media_made made;
	enum media_refusal why;

	if (access("/usr/bin/exiftool", X_OK) != 0) {
		skip(1, "exiftool is not installed");
		return;
	}
	for (size_t i = 0; i < COUNT_OF(forms); i++) {
		buf path = buf_new(a, 256);
		str said;

		if (make(a, "planted.mp4", (struct media_recipe){ .form = which[i] }, &made,
			 &why) != OK)
			abort();
		buf_printf(&path, "%s/made/%s", folder, forms[i]);
		said = exiftool(a, arena_cstr(a, buf_str(&path)));
		ok(said.n > 0 && found_in(said) == 0 && str_find(said, S("GPS")) == STR_NONE &&
			   str_find(said, S("2020")) == STR_NONE &&
			   str_find(said, S("Comment")) == STR_NONE &&
			   str_find(said, S("Encoder")) == STR_NONE,
		   "exiftool finds nothing in %s", forms[i]);
		unlinkat(made_dir, forms[i], 0);
	}
}

static void test_made(arena *a)
{
	static const char *const inputs[] = { "planted.mp4", "planted.webm", "small.wav",
					      "turned.mp4",  "silent.mp4",   "variable.mp4",
					      "mute.mp4" };

	write_file("chapters", S(";FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=1000\n"
				 "title=CanaryChapter\n"));
	ok(ffmpeg(PICTURE SOUND "-i chapters -map 0 -map 1 -map_chapters 2 " CODED PLANTED
				"-movflags use_metadata_tags planted.mp4") &&
		   ffmpeg(PICTURE SOUND "-c:v libvpx -b:v 100k -c:a libopus " PLANTED
					"planted.webm") &&
		   ffmpeg(PICTURE "-f lavfi -i anullsrc=duration=2 " CODED "silent.mp4") &&
		   ffmpeg(PICTURE "-an -c:v libx264 mute.mp4"),
	   "films with things planted are made");
	ok(found_in(read_file(a, dir, "planted.mp4")) >= 6, "they are in the input");
	second_opinion(a);
	for (size_t i = 0; i < COUNT_OF(inputs); i++)
		for (int form = 0; form < MEDIA_FORMS; form++)
			one_form(inputs[i], form);
}

/* Files that our readers must refuse. */
static void test_dirty(arena *a)
{
	static const struct {
		const char *name;
		enum media_container container;
	} files[] = { { "planted.mp4", MEDIA_MP4 }, { "small.ogg", MEDIA_OGG },
		      { "noted.jpg", MEDIA_JPEG },  { "handler.mp4", MEDIA_MP4 },
		      { "dated.mp4", MEDIA_MP4 },   { "notes.mp4", MEDIA_MP4 },
		      { "empty.mp4", MEDIA_MP4 },   { "small.wav", MEDIA_WAV } };
	const char *what;

	ok(ffmpeg("-i small.mp4 -frames:v 1 noted.jpg") &&
		   ffmpeg("-i small.mp4 -c copy -fflags +bitexact -map_metadata -1 -bsf:v "
			  "filter_units=pass_types=1-5|7-8 -metadata:s:v "
			  "handler_name=CanaryHandler "
			  "handler.mp4") &&
		   ffmpeg("-i small.mp4 -c copy -fflags +bitexact -map_metadata -1 -bsf:v "
			  "filter_units=pass_types=1-5|7-8 -metadata "
			  "creation_time=2020-01-02T03:04:05 "
			  "dated.mp4") &&
		   ffmpeg("-i small.mp4 -c copy -fflags +bitexact -map_metadata -1 notes.mp4"),
	   "dirty files are made");
	for (size_t i = 0; i < COUNT_OF(files); i++) {
		int fd = openat(dir, files[i].name, O_RDONLY | O_CLOEXEC);

		eq_int(media_clean(a, fd, files[i].container, &what), E_INVALID, files[i].name);
		printf("# %s\n", what ? what : "nothing found");
		close(fd);
	}
}

static bool folder_empty(int fd)
{
	return unlinkat(dir, "made", AT_REMOVEDIR) == 0 && mkdirat(dir, "made", 0700) == 0 &&
	       fd >= 0;
}

static void test_clip_and_cancel(arena *a)
{
	struct media_made made;
	enum media_refusal why;

	ok(ffmpeg(PICTURE SOUND CODED "-g 25 -keyint_min 25 -sc_threshold 0 keys.mp4"),
	   "key pictures");
	is_ok(make(a, "keys.mp4", (struct media_recipe){ MEDIA_FORM_CLIP, 1000, 1800 }, &made,
		   &why),
	      "a clip from a key picture on");
	ok(made.copied, "is copied");
	is_ok(make(a, "keys.mp4", (struct media_recipe){ MEDIA_FORM_CLIP, 500, 1800 }, &made, &why),
	      "a clip from another");
	ok(!made.copied, "is coded anew");
	eq_int(make(a, "keys.mp4", (struct media_recipe){ MEDIA_FORM_CLIP, 500, 500 }, &made, &why),
	       E_INVALID, "a clip of nothing");
	unlinkat(made_dir, "clip.mp4", 0);
	stop_now = true;
	eq_int(make(a, "keys.mp4", (struct media_recipe){ MEDIA_FORM_720P, 0, 0 }, &made, &why),
	       E_CANCEL, "cancelled");
	stop_now = false;
	close(made_dir);
	ok(folder_empty(0), "and nothing is left of it");
	made_dir = openat(dir, "made", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/* Real films, where there are some beside the project. */
static void test_samples(arena *a)
{
	static const char *const names[] = { "rabbit320.mp4", "rabbit320.webm", "short-video.mp4",
					     "sintel.mp4", "video.mp4" };
	int before = dir,
	    samples = open("../shared/data/video", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct media_info info;

	if (samples < 0) {
		skip(1, "the sample films are not here");
		return;
	}
	dir = samples;
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		taken(a, names[i], &info);
		printf("# %s: %d ms, %dx%d, %s %s\n", names[i], (int)info.duration_ms, info.width,
		       info.height, info.video_codec, info.audio_codec);
		one_form(names[i], MEDIA_FORM_COPY);
		one_form(names[i], MEDIA_FORM_240P);
		one_form(names[i], MEDIA_FORM_AUDIO_OPUS);
		one_form(names[i], MEDIA_FORM_STILL);
	}
	dir = before;
	close(samples);
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)st, (void)kind, (void)at;
	return remove(path);
}

/* Every container that we take, with every kind of words in it that ffmpeg can write there. */
static const struct {
	const char *ending, *coded;
} containers[] = {
	{ "mp4", PICTURE SOUND CODED },
	{ "mov", PICTURE SOUND CODED },
	{ "3gp",
	  PICTURE SOUND "-c:v libx264 -preset ultrafast -pix_fmt yuv420p -c:a aac -ar 48000 " },
	{ "mkv", PICTURE SOUND CODED },
	{ "webm", PICTURE SOUND "-c:v libvpx -b:v 100k -c:a libopus " },
	{ "ts", PICTURE SOUND CODED },
	{ "m4a", SOUND "-c:a aac " },
	{ "mp3", SOUND "-c:a libmp3lame " },
	{ "ogg", SOUND "-c:a libvorbis " },
	{ "opus", SOUND "-c:a libopus " },
	{ "wav", SOUND "" },
};

static const struct {
	const char *what, *words;
} kinds_of_words[] = {
	{ "what it is called", "-metadata title=CanaryTitle -metadata album=CanaryTitle -metadata "
			       "description=CanaryComment -metadata comment=CanaryComment" },
	{ "who made it", "-metadata artist=CanaryArtist -metadata author=CanaryArtist -metadata "
			 "composer=CanaryArtist -metadata copyright=CanaryArtist" },
	{ "where",
	  "-metadata location=+46.2044+006.1432/ -metadata location-eng=+46.2044+006.1432/ "
	  "-metadata com.apple.quicktime.location.ISO6709=+46.2044+006.1432/ -movflags "
	  "use_metadata_tags" },
	{ "when", "-metadata creation_time=2020-01-02T03:04:05 -metadata date=2020-01-02 -metadata "
		  "year=2020" },
	{ "with what", "-metadata make=CanaryComment -metadata model=CanaryComment -metadata "
		       "encoded_by=CanaryArtist -metadata software=CanaryComment -movflags "
		       "use_metadata_tags" },
	{ "words of a stream", "-metadata:s title=CanaryTitle -metadata:s "
			       "handler_name=CanaryHandler -metadata:s comment=CanaryComment" },
};

/* As one of the forms that readers get; it stays in the folder, for exiftool. */
static void clean_up(arena *a, const char *name, const char *what, enum media_form form)
{
	struct media_made made = { .name = "" };
	enum media_refusal why = MEDIA_TAKEN;
	enum err e = make(a, name, (struct media_recipe){ .form = form }, &made, &why);
	const char *left = NULL;
	buf kept = buf_new(a, 200);
	str bytes;
	int fd;

	if (e == E_NOTFOUND) /* a poster of a sound */
		return;
	bytes = e == OK ? read_file(a, made_dir, made.name) : (str){ 0 };
	fd = openat(made_dir, made.name, O_RDONLY | O_CLOEXEC);
	ok(e == OK && bytes.n && found_in(bytes) == 0 &&
		   media_clean(a, fd, media_sniff(str_to(bytes, MEDIA_HEAD)), &left) == OK,
	   "%s, %s: nothing of it is in %s", name, what, made.name);
	if (fd >= 0)
		close(fd);
	buf_printf(&kept, "%s-%s", name, made.name);
	renameat(made_dir, made.name, made_dir, arena_cstr(a, buf_str(&kept)));
}

static void test_corpus(void)
{
	arena *a = arena_new();
	buf made = buf_new(a, 256);
	size_t files = 0;
	str said;

	for (size_t i = 0; i < COUNT_OF(containers); i++)
		for (size_t k = 0; k < COUNT_OF(kinds_of_words); k++) {
			buf words = buf_new(a, 4096), name = buf_new(a, 64);

			buf_printf(&name, "dirty%zu.%s", k, containers[i].ending);
			buf_printf(&words, "%s%s %" STR_F, containers[i].coded,
				   kinds_of_words[k].words, STR_A(buf_str(&name)));
			if (!ffmpeg(arena_cstr(a, buf_str(&words))))
				continue;
			files++;
			clean_up(a, arena_cstr(a, buf_str(&name)), kinds_of_words[k].what,
				 i < 6 ? MEDIA_FORM_POSTER : MEDIA_FORM_AUDIO_AAC);
			clean_up(a, arena_cstr(a, buf_str(&name)), kinds_of_words[k].what,
				 i < 6 ? MEDIA_FORM_240P : MEDIA_FORM_AUDIO_OPUS);
		}
	ok(files >= 60, "%zu dirty files", files);
	if (access("/usr/bin/exiftool", X_OK) == 0) {
		buf_printf(&made, "%s/made", folder);
		said = exiftool(a, arena_cstr(a, buf_str(&made)));
		ok(said.n > 0 && found_in(said) == 0 && str_find(said, S("GPS")) == STR_NONE &&
			   str_find(said, S("Comment")) == STR_NONE &&
			   str_find(said, S("2020:01:02")) == STR_NONE,
		   "nor does exiftool find anything in what was made of them");
	} else {
		skip(1, "exiftool is not installed");
	}
	nftw(arena_cstr(a, buf_str(&made)), remove_one, 16, FTW_DEPTH | FTW_PHYS);
	mkdirat(dir, "made", 0700);
	close(made_dir);
	made_dir = openat(dir, "made", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	arena_free(a);
}

int main(int argc, char **argv)
{
	arena *a;

	if (argc >= 2 && str_eq(str_of(argv[1]), S("--worker")))
		return worker_main(argc, argv);
	a = arena_new();
	if (!mkdtemp(folder))
		abort();
	dir = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	mkdirat(dir, "made", 0700);
	made_dir = openat(dir, "made", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	test_sniff();
	if (!media_ready()) {
		skip(1, "ffmpeg is not installed");
	} else {
		test_disguises();
		test_refused(a);
		test_taken(a);
		test_made(a);
		test_dirty(a);
		test_clip_and_cancel(a);
		test_samples(a);
		test_corpus();
	}
	close(dir), close(made_dir);
	nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	arena_free(a);
	return tap_done();
}
