/* tribune video add, list, check, hold, publish, withdraw. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "cli/output.h"
#include "publish/publish.h"
#include "subtitle/subtitle.h"
#include "text/date.h"
#include "text/json.h"
#include "text/toml.h"
#include "video/video.h"
#include "video/video_job_cli.h"
#include "video/video_ledger.h"
#include "video/video_media.h"
#include "video/video_words.h"
#include "video_sql.h"

enum { TRACKS_MAX = 100, DAY = 24 * 60 * 60 };

static str hidden_words(struct cli *cli, const char *code)
{
	enum lang lang = LANG_EN;

	lang_from_code(cli->lang, &lang);
	return code ? video_hidden_words(lang, code) : S("");
}

/* --- add */

struct add_args {
	str meta;
	str_list tracks;
	bool hold, machine, volunteer;
	struct video_wishes wishes;
	str reviewer;
};

static const struct option add_rows[] = {
	OPTION_TEXT(struct add_args, meta, "meta", "FILE",
		    "what the video is and what its people agreed to, as TOML or JSON"),
	OPTION_LIST(struct add_args, tracks, "track", "TRACK",
		    "LANGUAGE:KIND:FILE, such as fr:captions:talk.fr.srt; repeat it"),
	OPTION_FLAG(struct add_args, machine, "machine", "the tracks were made by a machine"),
	OPTION_FLAG(struct add_args, volunteer, "volunteer", "the tracks were made by volunteers"),
	OPTION_TEXT(struct add_args, reviewer, "reviewer", "NAME",
		    "who has read the tracks against the speech; never public"),
	OPTION_FLAG(struct add_args, wishes.ladder, "ladder",
		    "make a small film (240p), a medium (480p) and a large one (720p) besides"),
	OPTION_FLAG(struct add_args, wishes.storyboard, "storyboard",
		    "make small pictures of the whole film, which lead to their second"),
	OPTION_FLAG(struct add_args, hold, "hold", "store it and keep it from readers"),
	{ 0 },
};

/* LANGUAGE:KIND:FILE */
static bool split_track(str given, struct video_track *ret, str *ret_file)
{
	ret->lang = str_cut(&given, ':');
	ret->kind = str_cut(&given, ':');
	*ret_file = given;
	return video_track_kind(ret->kind) && video_lang_is_code(ret->lang) && given.n;
}

static size_t track_files(struct cli *cli, str **ret)
{
	const struct add_args *args = cli->options;
	struct video_track t;

	*ret = NEW_N(cli->a, str, args->tracks.n + 1);
	for (size_t i = 0; i < args->tracks.n; i++)
		split_track(args->tracks.p[i], &t, &(*ret)[i]);
	return args->tracks.n;
}

static int add_check(struct cli *cli)
{
	const struct add_args *args = cli->options;
	struct video_track t;
	str file;

	if (!args->meta.n)
		return cli_misuse(cli, "video add needs --meta FILE; tribune video add --help "
				       "shows what is in it");
	if (args->tracks.n > TRACKS_MAX)
		return cli_misuse(cli, "a video has at most %d tracks", TRACKS_MAX);
	for (size_t i = 0; i < args->tracks.n; i++)
		if (!split_track(args->tracks.p[i], &t, &file))
			return cli_misuse(
				cli,
				"--track wants LANGUAGE:KIND:FILE, such as fr:captions:talk.vtt, "
				"with "
				"captions, subtitles, descriptions or chapters; not \"%" STR_F "\"",
				STR_A(args->tracks.p[i]));
	return 0;
}

static int read_meta(struct cli *cli, const struct cli_file *file, struct video_meta *ret)
{
	buf why = buf_new(cli->a, 64 << 10);
	struct video_known known;
	str text = { 0 };
	enum err e = cli_read_file(cli->a, file->fd, TOML_MAX, &text);

	if (e == OK)
		e = video_known_load(cli->core, cli->a, &known);
	if (e == OK)
		e = video_meta_text(cli->a, text, &known, ret, &why);
	if (e != OK && !why.n)
		buf_put(&why, S("it cannot be read, or is over 1 MB"));
	return e == OK ? 0 : cli_refuse(cli, file->name, buf_str(&why));
}

/* A track becomes our own WebVTT. What a reader would stumble over is said and stored as a score. */
static int read_track(struct cli *cli, const struct cli_file *file, int64_t duration,
		      struct video_track *t)
{
	enum lang lang = LANG_EN;
	buf why = buf_new(cli->a, 1024);
	struct sub_quality quality;
	struct sub_file *f;
	str bytes;
	enum err e = cli_read_file(cli->a, file->fd, SUB_FILE_MAX, &bytes);

	if (e == OK)
		e = video_track_text(cli->a, bytes, duration, t, &f, &quality, &why);
	if (e != OK)
		return cli_fail(
			cli, 1, "%" STR_F ": %" STR_F, STR_A(file->name),
			STR_A(why.n ? buf_str(&why) : S("it cannot be read, or is over 16 MB")));
	lang_from_code(cli->lang, &lang);
	cli_say(cli, "%" STR_F ": %zu cues, %zu mended, score %d of 100", STR_A(file->name),
		f->cues.n, f->repairs.n, (int)t->score);
	vec_each (struct sub_note, n, &quality.notes)
		if (str_eq(str_of(n->code), S("language")) ||
		    str_eq(str_of(n->code), S("beyond-end"))) {
			cli_say(cli, "%" STR_F ": %" STR_F, STR_A(file->name),
				STR_A(sub_note_words(cli->a, lang, n)));
			break;
		}
	return 0;
}

static int read_tracks(struct cli *cli, const struct cli_file *files, const struct video_meta *m,
		       struct video_track *tracks)
{
	const struct add_args *args = cli->options;
	int code = 0;

	for (size_t i = 0; i < args->tracks.n && code == 0; i++) {
		str name;

		split_track(args->tracks.p[i], &tracks[i], &name);
		tracks[i].origin = args->machine     ? S("machine")
				   : args->volunteer ? S("volunteer")
						     : S("human");
		tracks[i].reviewer = args->reviewer.n ? args->reviewer : S("");
		tracks[i].reviewed = args->reviewer.n > 0;
		video_track_origin(m, &tracks[i]);
		for (size_t k = 0; k < i; k++)
			if (str_eq(tracks[k].lang, tracks[i].lang) &&
			    str_eq(tracks[k].kind, tracks[i].kind))
				return cli_misuse(cli, "two tracks are %" STR_F ":%" STR_F,
						  STR_A(tracks[i].lang), STR_A(tracks[i].kind));
		code = read_track(cli, &files[i], m->duration, &tracks[i]);
	}
	return code;
}

/* What is handed in is looked at and kept; what readers get is made of it once all is stored. */
static int take_media(struct cli *cli, str name, int fd, const struct video_wishes *wishes,
		      struct video_files *ret)
{
	struct video_source *source = NEW(cli->a, struct video_source);
	buf why = buf_new(cli->a, 1024);
	enum err e = video_media_take(cli->a, cli->data, fd, name, wishes, source, &why);

	if (e != OK)
		return cli_fail(cli, err_exit_code(e), "%" STR_F ": %" STR_F, STR_A(name),
				STR_A(why.n ? buf_str(&why) : str_of(err_text(e))));
	ret->source = source->digest;
	ret->forms = source->forms;
	ret->n_forms = source->n;
	ret->duration = source->duration;
	ret->audio = source->audio;
	return 0;
}

/* What was handed in for a video which was then not stored. */
static void forget_media(struct cli *cli)
{
	if (video_media_settle(cli->core, cli->a, cli->data) != OK)
		cli_say(cli, "a copy of the file is left in media/making");
}

static void say_added(struct cli *cli, const struct video_meta *meta, int64_t id, str code)
{
	const char *hidden = NULL;

	if (video_hidden(cli->core, cli->a, id, clock_now(), &hidden) != OK)
		hidden = "unreadable";
	if (cli->json)
		fprintf(cli->out, "{\"code\":\"%" STR_F "\",\"public\":%s}\n", STR_A(code),
			hidden ? "false" : "true");
	else
		cli_say(cli, "\"%" STR_F "\" is /v/%" STR_F "%s%" STR_F, STR_A(video_title(meta)),
			STR_A(code), hidden ? ", not public: " : "",
			STR_A(hidden_words(cli, hidden)));
}

static int add_run(struct cli *cli)
{
	const struct add_args *args = cli->options;
	struct video_track *tracks = NEW_N(cli->a, struct video_track, args->tracks.n + 1);
	struct video_files files = { .held = args->hold };
	struct video_meta meta;
	int64_t id = 0;
	str code = { 0 };
	enum err e = E_INVALID;
	int exit_code = read_meta(cli, &cli->files[cli->n_args], &meta);

	if (exit_code == 0)
		exit_code = read_tracks(cli, cli->files + cli->n_args + 1, &meta, tracks);
	if (exit_code == 0 && cli->n_args)
		exit_code = take_media(cli, cli->args[0], cli->files[0].fd, &args->wishes, &files);
	if (exit_code == 0)
		e = video_put(cli->core, cli->a, cli->data, &meta, tracks, args->tracks.n, &files,
			      &id, &code);
	if (e != OK)
		forget_media(cli);
	if (exit_code == 0 && e != OK)
		return cli_fail(cli, err_exit_code(e), "the video was not stored");
	if (exit_code == 0)
		exit_code = cli_publish(cli);
	if (exit_code == 0)
		say_added(cli, &meta, id, code);
	return exit_code ? exit_code : video_jobs_make(cli);
}

const struct command video_add_command = {
	.name = "video add",
	.arguments = "[FILE]",
	.most = 1,
	.summary = "add a video or a recording, or replace what is known of it",
	.details =
		"The file of --meta begins like this; docs/video.md has all of it:\n"
		"\n"
		"  key = \"our-name-for-it\"\n"
		"  language = \"fr\"\n"
		"  title = { fr = \"Une loi\", en = \"One law\" }\n"
		"  [consent]\n"
		"  uses = [\"site\", \"download\", \"embed\", \"translation\", \"archive\"]\n"
		"  name = \"full\"\n"
		"  face = \"as-is\"\n"
		"  voice = \"as-is\"\n"
		"\n"
		"Without consent, or without captions in the language spoken, it stays private.\n",
	.examples =
		"  tribune video add talk.mp4 --meta talk.toml --track fr:captions:talk.fr.srt\n"
		"  tribune video add --meta talk.toml --track en:subtitles:talk.en.vtt\n",
	.options = add_rows,
	.options_size = sizeof(struct add_args),
	.opens_files = true,
	.extra_file = offsetof(struct add_args, meta) + 1,
	.more_files = track_files,
	.needs = NEEDS_WRITER,
	.check = add_check,
	.run = add_run,
};

/* --- import: a folder. */

struct import_args {
	bool hold;
	struct video_wishes wishes;
};

static const struct option import_rows[] = {
	OPTION_FLAG(struct import_args, wishes.ladder, "ladder",
		    "make a small film (240p), a medium (480p) and a large one (720p) besides"),
	OPTION_FLAG(struct import_args, wishes.storyboard, "storyboard",
		    "make small pictures of the whole film, which lead to their second"),
	OPTION_FLAG(struct import_args, hold, "hold", "store all of it and keep it from readers"),
	{ 0 },
};

static int by_name(const void *x, const void *y)
{
	return str_cmp(((const struct video_file *)x)->name, ((const struct video_file *)y)->name);
}

/* The metadata and subtitles of a folder, by name. What is hidden or too long to be either is left out. */
static enum err read_folder(struct cli *cli, int folder, struct video_file **ret, size_t *ret_n)
{
	VEC(struct video_file) files = { 0 };
	DIR *d = fdopendir(dup(folder));
	enum err e = d ? OK : E_INVALID;

	for (struct dirent *entry; d && e == OK && (entry = readdir(d));) {
		str name = str_of(entry->d_name), bytes;
		bool wanted = !str_starts(name, S(".")) &&
			      (str_ends(name, S(".toml")) || str_ends(name, S(".json")) ||
			       sub_format_of_name(name));
		int fd = wanted ? openat(folder, entry->d_name,
					 O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
				: -1;

		if (fd < 0)
			continue;
		if (cli_read_file(cli->a, fd, SUB_FILE_MAX, &bytes) == OK)
			*vec_add(cli->a, &files) = (struct video_file){ arena_str(cli->a, name),
									bytes };
		else
			cli_say(cli, "%" STR_F ": left out: it cannot be read, or is over 16 MB",
				STR_A(name));
		close(fd);
	}
	if (d)
		closedir(d);
	if (files.n)
		qsort(files.p, files.n, sizeof *files.p, by_name);
	*ret = files.p;
	*ret_n = files.n;
	return e;
}

/* The film or sound that belongs to a file of metadata by its name; -1: there is none. */
static int open_media(struct cli *cli, int folder, str stem, str *ret_name)
{
	static const char *const endings[] = { "mp4", "m4v", "mov", "webm", "mkv",
					       "m4a", "mp3", "ogg", "opus", "wav" };

	for (size_t i = 0; i < COUNT_OF(endings); i++) {
		buf name = buf_new(cli->a, 1024);
		int fd;

		buf_printf(&name, "%" STR_F ".%s", STR_A(stem), endings[i]);
		fd = openat(folder, arena_cstr(cli->a, buf_str(&name)),
			    O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
		*ret_name = buf_str(&name);
		if (fd >= 0)
			return fd;
	}
	return -1;
}

/* FILES and one more: the chapters that YouTube knows, unless there are some in that language. */
static const struct video_file *with_chapters(arena *a, str name, str lang, str chapters,
					      const struct video_file *files, size_t *n)
{
	struct video_file *more = NEW_N(a, struct video_file, *n + 1);
	buf own = buf_new(a, 1024);

	buf_printf(&own, "%" STR_F ".%" STR_F ".chapters.vtt", STR_A(video_stem(name)),
		   STR_A(lang));
	for (size_t i = 0; i < *n; i++) {
		more[i] = files[i];
		if (str_eq(files[i].name, buf_str(&own)))
			return files;
	}
	more[(*n)++] = (struct video_file){ buf_str(&own), chapters };
	return more;
}

/* One video of the folder. The metadata are looked at before anything is made of its film. */
static bool import_one(struct cli *cli, const struct video_known *known,
		       const struct video_file *meta_file, const struct video_file *texts, size_t n)
{
	const struct import_args *args = cli->options;
	struct video_files files = { .held = args->hold };
	struct video_meta meta;
	buf why = buf_new(cli->a, 64 << 10);
	int64_t id;
	str code, name;
	int fd, exit_code = 0;
	str chapters;
	enum err e = video_group_meta(cli->a, meta_file, texts, n, known, &meta, &chapters, &why);

	if (e == OK && chapters.n)
		texts = with_chapters(cli->a, meta_file->name, meta.lang, chapters, texts, &n);

	fd = e == OK ? open_media(cli, cli->files[0].fd, video_stem(meta_file->name), &name) : -1;
	if (fd >= 0) {
		exit_code = take_media(cli, name, fd, &args->wishes, &files);
		close(fd);
	}
	if (e == OK && exit_code == 0)
		e = video_group_put(cli->core, cli->a, cli->data, meta_file->name, &meta, texts, n,
				    &files, &id, &code, &why);
	if (e != OK || exit_code)
		forget_media(cli);
	if (exit_code)
		return false;
	if (e == OK)
		cli_say(cli, "%" STR_F ": \"%" STR_F "\" is /v/%" STR_F, STR_A(meta_file->name),
			STR_A(video_title(&meta)), STR_A(code));
	else
		cli_refuse(cli, meta_file->name, why.n ? buf_str(&why) : str_of(err_text(e)));
	return e == OK;
}

static int import_run(struct cli *cli)
{
	struct video_known known;
	struct video_file *files;
	size_t n, taken = 0, refused = 0;
	int exit_code;
	enum err e = read_folder(cli, cli->files[0].fd, &files, &n);

	if (e == OK)
		e = video_known_load(cli->core, cli->a, &known);
	if (e != OK)
		return cli_fail(cli, err_exit_code(e), "%" STR_F ": not a folder that can be read",
				STR_A(cli->args[0]));
	for (size_t i = 0; i < n && !cli->cancelled(cli); i++) {
		bool good;

		if (str_ends(files[i].name, S(".series.toml"))) {
			cli_say(cli, "%" STR_F ": a series; tribune series add takes it",
				STR_A(files[i].name));
			continue;
		}
		if (!str_ends(files[i].name, S(".toml")) && !str_ends(files[i].name, S(".json")))
			continue;
		if (video_group_is_aside(&files[i], files, n))
			continue;
		good = import_one(cli, &known, &files[i], files, n);
		taken += good;
		refused += !good;
	}
	if (!taken && !refused)
		return cli_fail(cli, 1,
				"%" STR_F
				": there is no .toml or .json in it that says what a video is",
				STR_A(cli->args[0]));
	if (cli_publish(cli))
		return 1;
	if (cli->json)
		fprintf(cli->out, "{\"taken\":%zu,\"refused\":%zu}\n", taken, refused);
	else
		cli_say(cli, "%zu taken, %zu refused; tribune video check tells which readers see",
			taken, refused);
	exit_code = video_jobs_make(cli);
	return refused ? 1 : exit_code;
}

const struct command video_import_command = {
	.name = "video import",
	.arguments = "FOLDER",
	.summary = "add all videos of a folder: talk.toml, talk.mp4, talk.fr.vtt, ...",
	.details = "A file of metadata begins a video. Its film, talk.mp4, and its subtitles "
		   "belong to it by "
		   "their\n"
		   "names: talk.fr.vtt holds the captions of talk when it is spoken in French, "
		   "otherwise a\n"
		   "translation, talk.fr.chapters.vtt its chapters. One that is wrong is told and "
		   "left out; the\n"
		   "others are taken.\n",
	.examples = "  tribune video import interviews/ --hold\n",
	.options = import_rows,
	.options_size = sizeof(struct import_args),
	.least = 1,
	.most = 1,
	.opens_files = true,
	.opens_folders = true,
	.needs = NEEDS_WRITER,
	.run = import_run,
};

/* --- check: all videos, their state and what is due. */

static str day_words(arena *a, int64_t seconds)
{
	buf o = buf_new(a, 16);

	date_put(&o, date_from_days((int32_t)(seconds / DAY)));
	return buf_str(&o);
}

struct check_args {
	bool tidy;
};

static const struct option check_rows[] = {
	OPTION_FLAG(struct check_args, tidy, "tidy",
		    "delete the files in media/ that no video has; a restore leaves such"),
	{ 0 },
};

static enum command_needs check_needs(const void *options)
{
	const struct check_args *args = options;

	return args->tidy ? NEEDS_WRITER : NEEDS_CORE;
}

static int tidy(struct cli *cli)
{
	size_t n;
	enum err e = video_media_tidy(cli->core, cli->a, cli->data, true, &n);

	if (e != OK)
		return cli_fail(cli, err_exit_code(e), "media/ cannot be tidied: %s", err_text(e));
	cli_say(cli, "%zu file%s deleted", n, n == 1 ? "" : "s");
	return 0;
}

static int check_run(struct cli *cli)
{
	const struct check_args *args = cli->options;
	static const struct table_column columns[] = {
		{ "code", false },           { "key", false },
		{ "language", false },       { "tracks", true },
		{ "readers see it", false }, { "consent to look at", false }
	};
	struct table_out *table = table_out_new(cli->a, columns, COUNT_OF(columns));
	buf o = buf_new(cli->a, 64 << 20);
	struct json j = json_begin(&o, true);
	struct video_rows *rows;
	size_t n;

	if (args->tidy)
		return tidy(cli);
	if (video_rows(cli->core, cli->a, &rows, &n) != OK)
		return cli_fail(cli, 70, "the list of videos cannot be read");
	json_array_begin(&j);
	for (size_t i = 0; i < n; i++) {
		const struct video_rows *v = &rows[i];
		const char *hidden;
		int64_t due = v->review.null ? 0 : v->review.v;

		if (video_hidden(cli->core, cli->a, v->id, clock_now(), &hidden) != OK)
			hidden = "unreadable";
		table_out_cell(table, v->code);
		table_out_cell(table, v->key);
		table_out_cell(table, v->lang);
		table_out_number(table, v->tracks);
		table_out_cell(table, hidden ? hidden_words(cli, hidden) : S("yes"));
		table_out_cell(table, due ? day_words(cli->a, due) : S(""));
		json_object_begin(&j);
		json_key_str(&j, S("code"), v->code);
		json_key_str(&j, S("key"), v->key);
		json_key_str(&j, S("language"), v->lang);
		json_key_i64(&j, S("tracks"), v->tracks);
		json_key_bool(&j, S("public"), hidden == NULL);
		json_key_str(&j, S("why"), str_of(hidden));
		json_key_bool(&j, S("consent_due"), due && due <= clock_now());
		json_object_end(&j);
	}
	json_array_end(&j);
	if (cli->json && json_end(&j) == OK)
		fprintf(cli->out, "%" STR_F "\n", STR_A(buf_str(&o)));
	else if (n)
		table_out_print(table, cli->out);
	else
		cli_say(cli, "there is no video yet; tribune video add --help says how");
	return 0;
}

const struct command video_check_command = {
	.name = "video check",
	.arguments = "",
	.summary = "list the videos: which are public, why others are not, whose consent is due",
	.examples = "  tribune video check\n  tribune video check --json\n",
	.options = check_rows,
	.options_size = sizeof(struct check_args),
	.needs = NEEDS_CORE,
	.needs_with = check_needs,
	.run = check_run,
};

/* --- hold, publish */

static int set_held(struct cli *cli, bool held)
{
	struct video_by_code row = { 0 };
	enum err e = video_by_code(cli->core, cli->a, cli->args[0], &row);

	if (e == E_NOTFOUND)
		return cli_fail(cli, 1,
				"there is no video %" STR_F "; tribune video check lists them",
				STR_A(cli->args[0]));
	if (e == OK)
		e = db_begin(cli->core->db);
	if (e == OK) {
		e = video_hold(cli->core, row.id, held);
		if (e == OK)
			e = change_add(cli->core, S("video"), row.id);
		e = db_finish(cli->core->db, e);
	}
	if (e != OK)
		return cli_fail(cli, err_exit_code(e), "nothing was changed");
	return cli_publish(cli);
}

static int hold_run(struct cli *cli)
{
	return set_held(cli, true);
}

static int release_run(struct cli *cli)
{
	return set_held(cli, false);
}

const struct command video_hold_command = {
	.name = "video hold",
	.arguments = "CODE",
	.summary = "take a video from readers; nothing is erased",
	.examples = "  tribune video hold 7k2mqxh4wd\n",
	.least = 1,
	.most = 1,
	.needs = NEEDS_WRITER,
	.run = hold_run,
};

const struct command video_release_command = {
	.name = "video release",
	.arguments = "CODE",
	.summary = "give a video that was held back to readers, where its people agreed to that",
	.examples = "  tribune video release 7k2mqxh4wd\n",
	.least = 1,
	.most = 1,
	.needs = NEEDS_WRITER,
	.run = release_run,
};

/* --- withdraw */

struct withdraw_args {
	str reason;
};

static const struct option withdraw_rows[] = {
	OPTION_TEXT(struct withdraw_args, reason, "reason", "TEXT",
		    "kept with the code, without names; such as \"consent withdrawn\""),
	{ 0 },
};

static int withdraw_check(struct cli *cli)
{
	for (size_t i = 0; i < cli->n_args; i++)
		if (!video_code_is_one(cli->args[i]))
			return cli_misuse(
				cli,
				"\"%" STR_F
				"\" is not the code of a video; it is what stands behind /v/",
				STR_A(cli->args[i]));
	return 0;
}

/* The ledger first: once it is on the disk, every restore applies it, whatever happens below. */
static int withdraw_run(struct cli *cli)
{
	const struct withdraw_args *args = cli->options;
	const str reason = args->reason.n ? args->reason : S("withdrawn");
	const str today = day_words(cli->a, clock_now());
	size_t strays;
	int exit_code = 0;

	for (size_t i = 0; i < cli->n_args && exit_code == 0; i++) {
		bool known = false;
		enum err e = video_ledger_add(cli->data, cli->a, cli->args[i], today, reason);

		if (e == OK)
			e = video_erase(cli->core, cli->a, cli->data, cli->args[i], today, reason,
					&known);
		if (e != OK)
			return cli_fail(cli, err_exit_code(e), "%" STR_F " is not withdrawn",
					STR_A(cli->args[i]));
		exit_code = cli_publish(cli);
		if (exit_code == 0 && !known)
			cli_say(cli,
				"there is no video %" STR_F
				" here; its code is in the ledger all the same",
				STR_A(cli->args[i]));
		else if (exit_code == 0)
			cli_say(cli, "%" STR_F " is erased; its address says that it was withdrawn",
				STR_A(cli->args[i]));
	}
	/* The store that a restore put aside may hold it still, and the files that only that store names. */
	if (exit_code == 0)
		unlink(video_path(cli->a, cli->data, "core.db.before-restore"));
	if (exit_code == 0 && video_media_tidy(cli->core, cli->a, cli->data, true, &strays) != OK)
		return cli_fail(cli, 74, "erased, but media/ cannot be looked through");
	if (exit_code == 0 && (db_checkpoint_truncate(cli->core->db) != OK ||
			       db_checkpoint_truncate(cli->publish->db) != OK))
		return cli_fail(cli, 75,
				"erased, but a reader still holds an old page of the database; "
				"run the same command again");
	return exit_code;
}

const struct command video_withdraw_command = {
	.name = "video withdraw",
	.arguments = "CODE...",
	.summary = "erase a video whose people take their consent back, for good",
	.details = "Texts, names, tracks and files go from the database, its log, what readers see "
		   "and the media\n"
		   "folder. The code, the day and the reason stay, so that the address can say "
		   "what happened, and\n"
		   "so that a backup that is put back loses the video again. Copies that others "
		   "made are theirs.\n",
	.examples = "  tribune video withdraw 7k2mqxh4wd --reason \"consent withdrawn\"\n",
	.options = withdraw_rows,
	.options_size = sizeof(struct withdraw_args),
	.least = 1,
	.most = -1,
	.needs = NEEDS_WRITER,
	.check = withdraw_check,
	.run = withdraw_run,
};
