/* tribune doctor: each check has a sentence for when all is well, one for when it is not, and what to do. */
#define _GNU_SOURCE /* usleep */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "app/app.h"
#include "cli/output.h"
#include "db/migrate.h"
#include "job/sandbox.h"
#include "media/media.h"
#include "text/json.h"
#include "video/video_media.h"

enum { ROOM_LEAST = 200 << 20, WAIT_TENTHS = 30 };

struct finding {
	bool good;
	str what, advice;
};

struct visit {
	struct cli *cli;
	VEC(struct finding) all;
	struct core core;
	bool locked;  /* somebody writes here */
	bool current; /* core.db has the layout of this program */
};

static void good(struct visit *v, const char *what)
{
	*vec_add(v->cli->a, &v->all) = (struct finding){ true, str_of(what), S("") };
}

static void bad(struct visit *v, str what, const char *advice)
{
	*vec_add(v->cli->a, &v->all) = (struct finding){ false, what, str_of(advice) };
}

static void found(struct visit *v, bool is_good, const char *well, const char *ill,
		  const char *advice)
{
	if (is_good)
		good(v, well);
	else
		bad(v, str_of(ill), advice);
}

static const char *path_of(struct visit *v, const char *name)
{
	return data_path(v->cli->a, v->cli->data, str_of(name)).p;
}

static str with_name(struct visit *v, const char *before, str name, const char *behind)
{
	buf b = buf_new(v->cli->a, 4096);

	buf_printf(&b, "%s%" STR_F "%s", before, STR_A(name), behind);
	return buf_str(&b);
}

/* --- The folder and its files. */

/* Names that a command leaves only when it was ended in the middle. */
static bool is_leftover(str name)
{
	return str_ends(name, S(".partial")) || str_eq(name, S("core.db.restored"));
}

static void check_files(struct visit *v)
{
	str open_one = { 0 }, foreign = { 0 }, leftover = { 0 };
	DIR *d = opendir(arena_cstr(v->cli->a, v->cli->data));

	for (struct dirent *e; d && (e = readdir(d)) != NULL;) {
		str name = arena_str(v->cli->a, str_of(e->d_name));
		struct stat st;

		if (e->d_name[0] == '.' || lstat(path_of(v, e->d_name), &st) != 0)
			continue;
		if (st.st_mode & 077 && S_ISREG(st.st_mode))
			open_one = name;
		if (st.st_uid != geteuid())
			foreign = name;
		if (is_leftover(name))
			leftover = name;
	}
	if (d)
		closedir(d);
	if (open_one.n)
		bad(v, with_name(v, "others may read ", open_one, ""),
		    "take their rights away: chmod 600 on the files, 700 on the data directory");
	if (foreign.n)
		bad(v, with_name(v, "", foreign, " belongs to another user"),
		    "run tribune as the owner of the data directory, or give the files to this "
		    "user");
	if (leftover.n && !v->locked)
		bad(v,
		    with_name(v, "", leftover,
			      " was left by a command that was ended in the middle"),
		    "it is half a copy: delete it");
}

static void check_room(struct visit *v)
{
	struct statvfs fs;
	struct stat core = { 0 };
	uint64_t need;

	if (statvfs(path_of(v, "."), &fs) != 0)
		return;
	/* A migration and a rebuild want room for a second copy. */
	stat(path_of(v, "core.db"), &core);
	need = MAX((uint64_t)core.st_size * 2, (uint64_t)ROOM_LEAST);
	found(v, (uint64_t)fs.f_bavail * fs.f_frsize > need, "there is room on the disk",
	      "the disk is nearly full", "make room before the next import");
}

/* False: there is no folder, and nothing more to look at. */
static bool check_folder(struct visit *v)
{
	struct stat st;

	if (stat(path_of(v, "."), &st) != 0) {
		bad(v, S("the data directory is not there"),
		    "tribune init makes it; --data names another one");
		return false;
	}
	found(v, access(path_of(v, "."), W_OK | X_OK) == 0, "the data directory can be written",
	      "the data directory cannot be written", "run tribune as its owner");
	found(v, (st.st_mode & 077) == 0, "nobody else can look into it",
	      "other users can look into the data directory", "chmod 700 the data directory");
	check_files(v);
	check_room(v);
	return true;
}

/* Whether somebody writes here; a socket without a server is what a killed one leaves. */
static void check_lock(struct visit *v)
{
	int fd = open(path_of(v, "lock"), O_RDONLY | O_CLOEXEC);

	v->locked = fd >= 0 && flock(fd, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
	if (fd >= 0)
		close(fd);
	if (v->locked)
		good(v, "a server or another command is at work here");
	else if (access(path_of(v, "control.sock"), F_OK) == 0)
		bad(v, S("control.sock was left by a server that was killed"),
		    "harmless: the next command that writes takes it away, such as tribune init");
}

/* --- core.db */

static void check_reference(struct visit *v)
{
	bool whole = false;
	enum err e = app_reference_is_whole(&v->core, v->cli->a, &whole);

	found(v, e == OK && whole, "States, sessions and vocabularies are those of this program",
	      "States, sessions or vocabularies are missing, or older than this program",
	      v->locked ? "stop the server, then: tribune init" : "tribune init puts them in");
}

static void check_layout(struct visit *v)
{
	struct db_version version = { 0 };

	if (app_core_version(&v->core, v->cli->a, &version) != OK)
		bad(v, S("core.db is not a database of tribune"),
		    "restore a backup: tribune restore FILE");
	else if (version.file > version.program)
		bad(v, S("core.db was written by a newer tribune"),
		    "install that version, or restore an older backup");
	else if (version.file < version.program)
		bad(v, S("core.db was written by an older tribune"),
		    "tribune init brings it up to date; it makes a backup first");
	else {
		v->current = true;
		check_reference(v);
	}
}

/* False: it cannot be read, so public.db cannot be compared with it. */
static bool check_core(struct visit *v)
{
	enum err e = core_open_readonly(data_path(v->cli->a, v->cli->data, S("core.db")), &v->core);
	str *messages;
	size_t n = 0;

	if (e == E_NOTFOUND) {
		bad(v, S("there is no core.db"),
		    "tribune init makes it, tribune restore brings it back");
		return false;
	}
	if (e == OK)
		e = db_integrity(v->core.db, v->cli->a, &messages, &n);
	found(v, e == OK && n == 0, "core.db is sound", "core.db is damaged",
	      "restore a backup: tribune restore FILE");
	if (e != OK || n)
		return false;
	check_layout(v);
	return true;
}

/* --- The files of videos. */

struct media_seen {
	size_t missing, broken;
};

static enum err see_medium(void *ctx, str path, int64_t bytes, int64_t size)
{
	struct media_seen *seen = ctx;

	(void)path;
	seen->missing += size < 0;
	seen->broken += size >= 0 && bytes > 0 && size != bytes;
	return OK;
}

static str counted(struct visit *v, size_t n, const char *what)
{
	buf b = buf_new(v->cli->a, 200);

	buf_printf(&b, "%zu %s", n, what);
	return buf_str(&b);
}

static void check_media(struct visit *v)
{
	arena *a = v->cli->a;
	struct media_seen seen = { 0 };
	size_t strays = 0, failed = 0;
	enum err e = video_media_each(&v->core, a, v->cli->data, see_medium, &seen);

	if (e == OK)
		e = video_media_tidy(&v->core, a, v->cli->data, false, &strays);
	if (e == OK)
		e = video_jobs_failed(&v->core, a, &failed);
	if (e != OK) {
		bad(v, S("media/ cannot be looked through"), "see to the rights of the folder");
		return;
	}
	if (seen.missing)
		bad(v, counted(v, seen.missing, "files of videos are not in media/"),
		    "copy them back: tribune restore FILE --media FOLDER, or add the videos again");
	if (seen.broken)
		bad(v,
		    counted(v, seen.broken, "files of videos have another size than was written"),
		    "delete them in media/ and copy them back from a backup");
	if (strays)
		bad(v, counted(v, strays, "files in media/ belong to no video"),
		    "a restore leaves such; delete them: tribune video check --tidy");
	if (failed)
		bad(v, counted(v, failed, "files of videos could not be made"),
		    "tribune video jobs tells why; --retry tries again, --drop gives up");
	if (!seen.missing && !seen.broken && !strays && !failed)
		good(v, "the files of videos are all there");
}

/* --- public.db */

/* A command that is at work publishes a moment after it has written. */
static enum err waits(struct visit *v, bool *ret)
{
	for (int tenths = 0;; tenths++) {
		TRY(change_waits(&v->core, v->cli->a, ret));
		if (!*ret || !v->locked || tenths == WAIT_TENTHS)
			return OK;
		usleep(100 * 1000);
	}
}

static void check_behind(struct visit *v, struct public *pub)
{
	str epoch = { 0 }, text = { 0 };
	int64_t version = 0;
	bool belongs = false, behind = false;
	enum err e = core_setting(&v->core, v->cli->a, S("epoch"), &epoch);

	if (e == OK && core_setting(&v->core, v->cli->a, S("public-version"), &text) == OK)
		str_to_i64(text, &version);
	if (e == OK)
		e = public_belongs(pub, v->cli->a, epoch, version, &belongs);
	if (e == OK && belongs)
		e = waits(v, &behind);
	if (e != OK || !belongs)
		bad(v, S("public.db is not what core.db was last published as"),
		    "make it anew: tribune rebuild");
	else
		found(v, !behind, "readers see all that is to be seen",
		      "public.db is behind core.db: readers do not see the latest changes",
		      "tribune init publishes what waits");
}

static void check_public(struct visit *v, bool core_is_good)
{
	struct public pub = { 0 };
	enum err e = public_open(data_path(v->cli->a, v->cli->data, S("public.db")), &pub);
	str *messages, layout = { 0 };
	size_t n = 0;

	if (e == OK)
		e = db_integrity(pub.db, v->cli->a, &messages, &n);
	found(v, e == OK && n == 0, "public.db is sound",
	      e == E_NOTFOUND ? "there is no public.db" : "public.db is damaged",
	      "make it anew: tribune rebuild");
	if (e == OK && n == 0 && core_is_good) {
		e = public_layout(&pub, v->cli->a, &layout);
		if (e != OK || !str_eq(layout, app_public_layout(v->cli->a)))
			bad(v, S("public.db was made by another version of tribune"),
			    "make it anew: tribune rebuild");
		else
			check_behind(v, &pub);
	}
	public_close(&pub);
}

/* --- Saying it. */

static int print_findings(struct visit *v)
{
	struct cli *cli = v->cli;
	buf out = buf_new(cli->a, 1 << 20);
	struct json j = json_begin(&out, false);
	int ill = 0;

	json_array_begin(&j);
	vec_each (struct finding, f, &v->all) {
		ill += !f->good;
		if (!cli->json)
			fprintf(cli->out, "%s %" STR_F "%s%" STR_F "\n", f->good ? "ok  " : "BAD ",
				STR_A(f->what), f->advice.n ? ": " : "", STR_A(f->advice));
		json_object_begin(&j);
		json_key_bool(&j, S("ok"), f->good);
		json_key_str(&j, S("check"), f->what);
		json_key_str(&j, S("advice"), f->advice);
		json_object_end(&j);
	}
	json_array_end(&j);
	if (cli->json && json_end(&j) == OK)
		fprintf(cli->out, "%" STR_F "\n", STR_A(buf_str(&out)));
	return ill ? 1 : 0;
}

static int doctor_run(struct cli *cli)
{
	struct visit v = { .cli = cli };
	bool core_is_good;

	check_lock(&v);
	if (check_folder(&v)) {
		core_is_good = check_core(&v);
		check_public(&v, core_is_good);
		if (core_is_good && v.current)
			check_media(&v);
		core_close(&v.core);
	}
	found(&v, sandbox_landlock_version() > 0, "hostile files can be confined (Landlock)",
	      "the kernel has no Landlock",
	      "XLS and XLSX are refused here without --unsafe; a kernel from 5.13 on has it");
	found(&v, media_ready(), "films and sound can be read (ffmpeg)", "there is no ffmpeg",
	      "apt install ffmpeg; without it films and sound are refused, all else works");
	return print_findings(&v);
}

const struct command doctor_command = {
	.name = "doctor",
	.arguments = "",
	.summary = "look for what is wrong with the data directory, and say what to do",
	.details = "Exit code 1 when something is wrong. Reads everything: minutes on a very large "
		   "library.\n",
	.examples = "  tribune doctor\n",
	.needs = NEEDS_NOTHING,
	.run = doctor_run,
};
