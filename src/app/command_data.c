/* tribune init, rebuild, backup, restore. */
#define _GNU_SOURCE /* memfd_create */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "cli/output.h"
#include "embed_gen.h"
#include "review/review.h"
#include "series/series.h"
#include "app/app.h"
#include "text/digest.h"
#include "text/json.h"
#include "video/video.h"
#include "video/video_media.h"

/* --- init */

struct init_args {
	bool demo;
	str calendar;
};

static const struct option init_rows[] = {
	OPTION_FLAG(struct init_args, demo, "demo",
		    "add the sample library when there are no records"),
	OPTION_TEXT(struct init_args, calendar, "calendar", "FILE",
		    "add sessions from a file like data/reference/sessions.csv"),
	{ 0 },
};

/* The samples travel in the program. They go through the same importer as any file. */
static int add_demo(struct cli *cli)
{
	const struct embed_file *demo = embed_find(S("demo/recommendations.csv"));
	const struct import_options options = {
		.as = S("table"), .source = S("Tribune"), .date = S("2026"), .sample = true
	};
	const struct importing how = { .core = cli->core,
				       .importers = cli->app->importers,
				       .nouns = cli->app->nouns,
				       .options = &options };
	struct import_file file = { S("demo.csv"), -1 };
	struct import_report *reports;
	struct import_trouble trouble;
	int64_t samples_out, n = 0;
	enum err e = import_count_all(cli->core, cli->a, &n);

	if (e == OK && n)
		return 0;
	if (!demo || (file.fd = memfd_create("demo", MFD_CLOEXEC)) < 0 ||
	    write(file.fd, demo->bytes.p, demo->bytes.n) != (ssize_t)demo->bytes.n)
		e = E_IO;
	if (e == OK)
		e = import_files(&how, cli->a, &file, 1, &reports, &samples_out, &trouble);
	if (file.fd >= 0)
		close(file.fd);
	if (e != OK)
		return app_fail(cli, e, "the samples cannot be added");
	cli_say(cli, "%lld samples added; the first real import takes them out",
		(long long)reports[0].added);
	return 0;
}

/* Of the sample films: demo/make draws them so. */
enum { DEMO_WIDTH = 640, DEMO_HEIGHT = 360 };

static enum err put_demo_voice(struct cli *cli, const struct video_known *known,
			       const struct video_file *file, const struct video_file *files,
			       size_t n)
{
	buf why = buf_new(cli->a, 4096);
	struct video_medium media[VIDEO_FORMS_MAX];
	struct video_files made = { .media = media };
	struct video_meta meta;
	int64_t id;
	str code;
	enum err e;

	TRY(video_meta_text(cli->a, file->bytes, known, &meta, &why));
	e = video_media_put(cli->a, cli->data, file->name, files, n, media, &made.n);
	for (size_t i = 0; i < made.n; i++)
		if (str_eq(media[i].form, S("video"))) {
			media[i].width = DEMO_WIDTH;
			media[i].height = DEMO_HEIGHT;
		}
	if (e == OK)
		e = video_group_put(cli->core, cli->a, cli->data, file->name, &meta, files, n,
				    &made, &id, &code, &why);
	if (e != OK && video_media_settle(cli->core, cli->a, cli->data) != OK)
		cli_say(cli, "some files of the samples are left in media/making");
	return e;
}

/* The sample voices, which go through the same door as a folder of them. Their films are made already, so that
 * neither ffmpeg nor its sandbox is needed. */
static enum err put_demo_voices(struct cli *cli, const struct video_file *files, size_t n,
				size_t *ret)
{
	struct video_known known;

	TRY(video_known_load(cli->core, cli->a, &known));
	for (size_t i = 0; i < n; i++) {
		if (!str_ends(files[i].name, S(".toml")) ||
		    str_ends(files[i].name, S(".series.toml")))
			continue;
		TRY(put_demo_voice(cli, &known, &files[i], files, n));
		++*ret;
	}
	return OK;
}

/* After the videos that they name. */
static enum err put_demo_series(struct cli *cli, const struct video_file *files, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		buf why = buf_new(cli->a, 4096);
		struct series_meta meta;

		if (!str_ends(files[i].name, S(".series.toml")))
			continue;
		TRY(series_meta_read(cli->core, cli->a, files[i].bytes, &meta, &why));
		TRY(series_put(cli->core, cli->a, &meta));
	}
	return OK;
}

static int add_demo_voices(struct cli *cli)
{
	const str folder = S("demo/voices/");
	VEC(struct video_file) files = { 0 };
	bool any = false;
	size_t added = 0;
	enum err e = video_any(cli->core, cli->a, &any);

	if (any)
		return 0;
	for (size_t i = 0; i < embed_count; i++)
		if (str_starts(embed_files[i].path, folder))
			*vec_add(cli->a, &files) = (struct video_file){
				str_from(embed_files[i].path, folder.n), embed_files[i].bytes
			};
	if (e == OK)
		e = put_demo_voices(cli, files.p, files.n, &added);
	if (e == OK)
		e = put_demo_series(cli, files.p, files.n);
	if (e != OK)
		return app_fail(cli, e, "the sample voices cannot be added");
	cli_say(cli, "%zu sample interviews added; the first real one takes them out", added);
	return 0;
}

/* A session that was announced after this program was made. */
static int add_calendar(struct cli *cli)
{
	enum { CALENDAR_MAX = 1 << 20 };
	str text;
	enum err e = cli_read_file(cli->a, cli->files[0].fd, CALENDAR_MAX - 1, &text);

	if (e == OK)
		e = db_begin(cli->core->db);

	if (e == OK) {
		e = calendar_add_sessions(cli->core, cli->a, text);
		if (e == OK)
			e = change_add(cli->core, S("review"), 0);
		e = db_finish(cli->core->db, e);
	}
	if (e != OK)
		return cli_fail(cli, 1,
				"%" STR_F
				": not a table of sessions (number,cycle,start,end,note,source)",
				STR_A(cli->files[0].name));
	return 0;
}

static int init_run(struct cli *cli)
{
	const struct init_args *args = cli->options;
	int code = args->calendar.n ? add_calendar(cli) : 0;
	enum err e;

	if (code == 0 && args->demo)
		code = add_demo(cli);
	if (code == 0 && args->demo)
		code = add_demo_voices(cli);
	if (code)
		return code;
	e = app_publish(cli);
	if (e != OK)
		return app_fail(cli, e, "the data directory was made, but not its public side");
	if (cli->json)
		fprintf(cli->out, "{\"ready\":true}\n");
	else
		cli_say(cli, "%" STR_F " is ready", STR_A(cli->data));
	return 0;
}

const struct command init_command = {
	.name = "init",
	.arguments = "",
	.summary = "make a data directory with States, sessions and vocabularies",
	.details = "Run again after an upgrade it brings newer reference data in; nothing else "
		   "changes.\n",
	.examples = "  tribune init\n  tribune init --data /var/lib/tribune --demo\n",
	.options = init_rows,
	.options_size = sizeof(struct init_args),
	.opens_files = true,
	.extra_file = offsetof(struct init_args, calendar) + 1,
	.needs = NEEDS_WRITER,
	.run = init_run,
};

/* --- rebuild */

static int rebuild_run(struct cli *cli)
{
	enum err e;
	int code;

	if (cli->publish)
		publish_close(cli->publish);
	cli->publish = NULL;
	e = app_drop_public(cli->a, cli->data);
	if (e != OK)
		return app_fail(cli, e, "public.db cannot be removed");
	code = app_open_publish(cli);
	if (code)
		return code;
	e = app_publish(cli);
	if (e != OK)
		return app_fail(cli, e, "public.db could not be made");
	if (cli->json)
		fprintf(cli->out, "{\"rebuilt\":true}\n");
	else
		cli_say(cli, "public.db has been made anew");
	return 0;
}

const struct command rebuild_command = {
	.name = "rebuild",
	.arguments = "",
	.summary = "make public.db anew from core.db",
	.details = "public.db holds nothing that core.db does not: this is the repair for a "
		   "damaged one.\n"
		   "Works beside a running server, whose readers move to the new file.\n",
	.examples = "  tribune rebuild\n",
	.needs = NEEDS_WRITER,
	.mends_public = true,
	.check = app_check_data,
	.run = rebuild_run,
};

/* --- backup and restore */

struct backup_args {
	str media;
};

static const struct option backup_rows[] = {
	OPTION_TEXT(
		struct backup_args, media, "media", "FOLDER",
		"copy the files of the videos there too, only those it lacks; what no video has "
		"any more goes"),
	{ 0 },
};

static int copy_media(struct cli *cli, str folder, bool back)
{
	struct video_copied done = { 0 };
	enum err e = folder.n ? video_media_copy(cli->core, cli->a, cli->data, folder, back, &done)
			      : OK;

	if (e != OK)
		return app_fail(cli, e, "the files of the videos were not all copied");
	if (folder.n)
		cli_say(cli,
			"files of videos: %zu copied (%" STR_F
			" bytes), %zu there already, %zu deleted",
			done.copied, STR_A(number_text(cli->a, done.bytes)), done.there,
			done.dropped);
	return done.missing ? cli_fail(cli, 1, "%zu files of videos are nowhere to be found",
				       done.missing)
			    : 0;
}

static int backup_run(struct cli *cli)
{
	const struct backup_args *args = cli->options;
	str path = cli->args[0];
	enum err e = db_vacuum_into(cli->core->db, path);
	int64_t bytes = 0;
	struct stat st;

	if (e == E_CONFLICT)
		return cli_fail(cli, 1,
				"%" STR_F
				" exists already; a backup never takes the place of another file",
				STR_A(path));
	if (e == E_NOTFOUND)
		return cli_fail(cli, 1, "%" STR_F ": no such folder", STR_A(path));
	if (e != OK)
		return app_fail(cli, e, "the backup was not made");
	if (stat(arena_cstr(cli->a, path), &st) == 0)
		bytes = st.st_size;
	if (cli->json)
		fprintf(cli->out, "{\"bytes\":%lld}\n", (long long)bytes);
	else
		cli_say(cli,
			"%" STR_F ": %" STR_F " bytes. Try it: tribune restore %" STR_F " --verify",
			STR_A(path), STR_A(number_text(cli->a, bytes)), STR_A(path));
	return copy_media(cli, args->media, false);
}

const struct command backup_command = {
	.name = "backup",
	.arguments = "FILE",
	.summary = "copy the database into one file, and the films to a folder, at any time",
	.details = "Films and sound do not lie in the database: --media copies them. They never "
		   "change, "
		   "so that the\n"
		   "same folder serves every backup and only new ones are copied.\n",
	.examples = "  tribune backup tribune-2026-11-23.backup --media /backup/media\n",
	.options = backup_rows,
	.options_size = sizeof(struct backup_args),
	.least = 1,
	.most = 1,
	.needs = NEEDS_CORE,
	.run = backup_run,
};

struct restore_args {
	bool verify;
	str media;
};

static const struct option restore_rows[] = {
	OPTION_TEXT(struct restore_args, media, "media", "FOLDER",
		    "where backup --media put the files of the videos: copy back those that are "
		    "missing"),
	OPTION_FLAG(struct restore_args, verify, "verify",
		    "only check that the backup is whole and can be read"),
	{ 0 },
};

/* Opens a copy of the backup in memory, so that checking leaves no file behind. */
static int verify_backup(struct cli *cli, str path, int64_t *ret_imports)
{
	struct core copy = { 0 };
	enum err e = core_open_copy(path, &copy);
	str *messages;
	size_t n = 0;

	if (e == E_NOTFOUND)
		return cli_fail(cli, 1, "%" STR_F ": no such file", STR_A(path));
	if (e == OK)
		e = db_integrity(copy.db, cli->a, &messages, &n);
	if (e == OK && n == 0)
		e = import_count_all(&copy, cli->a, ret_imports);
	core_close(&copy);
	if (e == OK && n == 0)
		return 0;
	return cli_fail(cli, 1, "%" STR_F " is not a whole backup of tribune%s%" STR_F, STR_A(path),
			n ? ": " : "", STR_A(n ? messages[0] : S("")));
}

static enum err copy_file(const char *from, const char *to)
{
	int in = open(from, O_RDONLY | O_CLOEXEC),
	    out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	enum err e = in < 0 ? E_NOTFOUND : out < 0 ? E_IO : OK;
	char block[64 * 1024];
	ssize_t n = 0;

	while (e == OK && (n = read(in, block, sizeof block)) > 0)
		e = file_write(out, (str){ block, (size_t)n });
	if (e == OK && (n < 0 || fsync(out) != 0))
		e = E_IO;
	if (in >= 0)
		close(in);
	if (out >= 0)
		close(out);
	return e;
}

/* The old core.db steps aside, it is not deleted: a person may have picked the wrong backup. */
static int put_in_place(struct cli *cli, str path)
{
	char *to = arena_cstr(cli->a, data_path(cli->a, cli->data, S("core.db")));
	char *aside = arena_cstr(cli->a, data_path(cli->a, cli->data, S("core.db.before-restore")));
	char *fresh = arena_cstr(cli->a, data_path(cli->a, cli->data, S("core.db.restored")));
	enum err e;

	unlink(fresh);
	e = copy_file(arena_cstr(cli->a, path), fresh);
	if (e != OK)
		return app_fail(cli, e, "the backup cannot be copied");
	core_close(cli->core);
	publish_close(cli->publish);
	cli->core = NULL;
	cli->publish = NULL;
	unlink(data_path(cli->a, cli->data, S("core.db-wal")).p);
	unlink(data_path(cli->a, cli->data, S("core.db-shm")).p);
	if (rename(to, aside) != 0 || rename(fresh, to) != 0 ||
	    app_drop_public(cli->a, cli->data) != OK)
		return cli_fail(cli, 74, "the backup cannot be put in place: %s", log_errno(errno));
	return 0;
}

static int restore_run(struct cli *cli)
{
	const struct restore_args *args = cli->options;
	str path = cli->args[0];
	int64_t imports = 0;
	int code = verify_backup(cli, path, &imports);
	enum err e;

	if (code || args->verify) {
		if (!code && cli->json)
			fprintf(cli->out, "{\"whole\":true,\"imports\":%lld}\n",
				(long long)imports);
		else if (!code)
			cli_say(cli, "%" STR_F " is whole: %lld imports", STR_A(path),
				(long long)imports);
		return code;
	}
	code = put_in_place(cli, path);
	/* Opening also withdraws again what was withdrawn since the backup was made, before anybody sees it. */
	if (code == 0)
		code = app_open_core(cli);
	if (code == 0)
		code = app_open_publish(cli);
	if (code)
		return code;
	/* A new word in every ETag: what readers kept of the other store must not pass for this one. */
	e = db_begin(cli->core->db);
	if (e == OK)
		e = db_finish(cli->core->db,
			      core_set(cli->core, S("epoch"), digest_random_code(cli->a, 8)));
	if (e == OK)
		e = app_publish(cli);
	if (e != OK)
		return app_fail(cli, e, "the backup is in place, but not yet public");
	if (cli->json)
		fprintf(cli->out, "{\"restored\":true,\"imports\":%lld}\n", (long long)imports);
	else
		cli_say(cli, "restored; what was there before is core.db.before-restore");
	return copy_media(cli, args->media, true);
}

static enum command_needs restore_needs(const void *options)
{
	const struct restore_args *args = options;

	return args->verify ? NEEDS_NOTHING : NEEDS_LOCK;
}

const struct command restore_command = {
	.name = "restore",
	.arguments = "FILE",
	.summary = "put a backup in the place of what is there, or try one",
	.details = "The server must be stopped first; --verify works at any time.\n",
	.examples =
		"  tribune restore tribune.backup --verify    check a backup and change nothing\n"
		"  tribune restore tribune.backup             put it in place\n",
	.options = restore_rows,
	.options_size = sizeof(struct restore_args),
	.least = 1,
	.most = 1,
	.needs = NEEDS_LOCK,
	.needs_with = restore_needs,
	.run = restore_run,
};
