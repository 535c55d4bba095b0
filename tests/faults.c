/*
 * What cannot be had: the n-th allocation, the n-th write, room on the disk. For each n a process of its own
 * imports, takes back or lets out, or adds, replaces or withdraws a voice, in a copy of one data directory, and
 * meets the fault. It must end well, or
 * with an error, or with exit code 70 and one line; and core.db must then be as it was before or as it is
 * after the whole command, and public.db must be what a rebuild makes of it.
 *
 *     faults record|voices
 *     TRIBUNE_FAULTS=N    how many places of each kind are tried (12; all: 1000000)
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/wait.h>

#include "db/fault.h"
#include "series/series.h"
#include "store.h"
#include "video/video.h"
#include "video/video_ledger.h"
#include "video_sql.h"

enum { NOT_MET = 99, OTHER_ERROR = 100 };

static const char first[] =
	"State under review,Recommending State,Session,Kind,Text,Response,Issues\n"
	"FRA,URY,15,recommendation,Ban corporal punishment,Supported,justice\n"
	"FRA,\"FIN;POL\",15,recommendation,Ratify the protocol,Noted,labour\n"
	"KEN,SVN,21,recommendation,Abolish the death penalty,Supported,death-penalty\n";
static const char held[] = "State under review,Recommending State,Session,Kind,Text,Response\n"
			   "NPL,FRA,23,recommendation,Not yet for everybody,Supported\n";
static const char second[] =
	"State under review,Recommending State,Session,Kind,Text,Response,Issues\n"
	"FRA,URY,15,recommendation,Ban corporal punishment,Noted,justice\n"
	"Atlantis,URY,15,recommendation,Come up again,Noted,\n"
	"MLI,DEU,15,recommendation,Count the lighthouses,Supported,environment\n";

/* Samples, since their addresses are no chance. Two know each other by their speaker; the third is not there yet. */
#define AGREED \
	"[consent]\nuses = [\"site\"]\nname = \"full\"\nface = \"as-is\"\nvoice = \"as-is\"\n"
#define SAID(word)                                                                           \
	"[[speaker]]\nkey = \"p\"\nname = \"A name\"\nfunction = { en = \"" word "\" }\n"    \
	"organisation = \"o\"\n[[moment]]\nkey = \"m\"\nstart = 0\nend = 1\ntitle = { en = " \
	"\"" word "\", fr = \"" word " fr\" }\nquote = \"" word "\"\nissues = [\"justice\"]\n"
#define VOICE(key, word)                                                              \
	"key = \"" key "\"\nsample = true\nlanguage = \"en\"\ntitle = { en = \"" word \
	"\" }\n" AGREED                                                               \
	SAID(word)
static const char voice_one[] = VOICE("one", "lantern"), voice_two[] = VOICE("two", "harbour"),
		  voice_one_again[] = VOICE("one", "orchard"), voice_new[] = VOICE("new", "quarry"),
		  series_text[] =
			  "key = \"s\"\nsample = true\ntitle = \"S\"\nvideos = [\"one\", \"two\"]\n"
			  "[[section]]\ntitle = \"Q\"\nquotes = [\"one/m\", \"two/m\"]\n",
		  series_again[] =
			  "key = \"s\"\nsample = true\ntitle = \"T\"\nvideos = [\"two\"]\n";

static char base[80], copy[80];

/* --- The commands, on the data directory COPY. */

static const struct publish_kind *const all_kinds[] = {
	&concept_kind, &concept_name_kind,   &state_kind, &state_name_kind, &review_kind,
	&source_kind,  &recommendation_kind, &video_kind, &withdrawal_kind, &series_kind,
	NULL
};

static enum err open_stores(struct store *s, const char *folder)
{
	arena *a = arena_new();
	enum err e = core_open(data_path(a, str_of(folder), S("core.db")), &s->core);

	s->kinds = all_kinds;
	if (e == OK)
		e = publish_open(data_path(a, str_of(folder), S("public.db")), &s->publish);
	arena_free(a);
	return e;
}

static void close_stores(struct store *s)
{
	if (s->publish.db)
		publish_close(&s->publish);
	if (s->core.db)
		core_close(&s->core);
}

static enum err import_text(struct store *s, arena *a, const char *name, const char *text,
			    const char *date, bool hold)
{
	const struct import_options options = {
		.as = S("table"), .source = S("Test"), .date = str_of(date), .hold = hold
	};
	const struct import_file file = { str_of(name), store_file(str_of(text)) };
	struct store_import done = store_import(s, a, &options, &file, 1);

	close(file.fd);
	return done.err;
}

static enum err run_import(struct store *s, arena *a)
{
	return import_text(s, a, "second.csv", second, "2021", false);
}

static enum err run_undo(struct store *s, arena *a)
{
	return store_undo(s, a, 1);
}

static enum err run_release(struct store *s, arena *a)
{
	static const struct import_options options;
	int64_t samples_out;

	return store_release(s, a, &options, 2, &samples_out);
}

/* --- The voices. */

static enum err put_voice(struct store *s, arena *a, const char *text, const char *word)
{
	buf why = buf_new(a, 1 << 14), vtt = buf_new(a, 1 << 14);
	struct video_files files = { 0 };
	struct video_known known;
	struct video_meta meta;
	int64_t id;
	str code;

	buf_printf(&vtt, "WEBVTT\n\n00:00.000 --> 00:02.000\nSpoken of: the %s\n", word);
	TRY(video_known_load(&s->core, a, &known));
	TRY(video_meta_text(a, str_of(text), &known, &meta, &why));
	const struct video_track tracks[] = {
		{ .kind = S("captions"),
		  .lang = S("en"),
		  .origin = S("human"),
		  .reviewer = S(""),
		  .vtt = buf_str(&vtt) },
		{ .kind = S("subtitles"),
		  .lang = S("fr"),
		  .origin = S("machine"),
		  .reviewer = S(""),
		  .vtt = buf_str(&vtt) },
	};

	return video_put(&s->core, a, str_of(copy), &meta, tracks, COUNT_OF(tracks), &files, &id,
			 &code);
}

static enum err put_series(struct store *s, arena *a, const char *text)
{
	buf why = buf_new(a, 1 << 14);
	struct series_meta meta;

	TRY(series_meta_read(&s->core, a, str_of(text), &meta, &why));
	return series_put(&s->core, a, &meta);
}

static enum err published(struct store *s, enum err e)
{
	return e == OK ? store_publish(s) : e;
}

static enum err run_video_add(struct store *s, arena *a)
{
	return published(s, put_voice(s, a, voice_new, "quarry"));
}

static enum err run_video_replace(struct store *s, arena *a)
{
	return published(s, put_voice(s, a, voice_one_again, "orchard"));
}

/* As the command does it: the ledger first. */
static enum err run_video_withdraw(struct store *s, arena *a)
{
	struct video_by_key row;
	bool known = false;

	TRY(video_by_key(&s->core, a, S("one"), &row));
	TRY(video_ledger_add(str_of(copy), a, row.code, S("2026-01-01"), S("asked")));
	TRY(video_erase(&s->core, a, str_of(copy), row.code, S("2026-01-01"), S("asked"), &known));
	return published(s, known ? OK : E_NOTFOUND);
}

static enum err run_series_add(struct store *s, arena *a)
{
	return published(s, put_series(s, a, series_again));
}

static const struct op {
	const char *of, *name;
	enum err (*run)(struct store *s, arena *a);
} ops[] = {
	{ "record", "import", run_import },
	{ "record", "undo", run_undo },
	{ "record", "publish", run_release },
	{ "voices", "video add", run_video_add },
	{ "voices", "video add, again", run_video_replace },
	{ "voices", "video withdraw", run_video_withdraw },
	{ "voices", "series add", run_series_add },
};

/* --- Data directories. */

static void copy_one(const char *from, const char *to, const char *name)
{
	char source[128], target[128];
	static char block[1 << 16];
	ssize_t n;
	int in, out;

	snprintf(source, sizeof source, "%s/%s", from, name);
	snprintf(target, sizeof target, "%s/%s", to, name);
	unlink(target);
	in = open(source, O_RDONLY | O_CLOEXEC);
	if (in < 0)
		return;
	out = open(target, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	while ((n = read(in, block, sizeof block)) > 0)
		store_must(write(out, block, (size_t)n) == n, "a copy cannot be written");
	close(in);
	close(out);
}

static void copy_base(void)
{
	static const char *const names[] = { "core.db",   "core.db-wal",   "core.db-shm",
					     "public.db", "public.db-wal", "public.db-shm" };

	for (size_t i = 0; i < COUNT_OF(names); i++)
		copy_one(base, copy, names[i]);
}

/* A library with one import that is public and one that is held, two voices and their series. */
static void make_base(void)
{
	struct store s = { 0 };
	arena *a = arena_new();
	const struct embed_file *file = embed_find(S("db/public.sql"));
	const struct migration schema = { 1, S("public.sql"), file->bytes };

	store_make_template();
	snprintf(base, sizeof base, "%s/base", store_folder);
	snprintf(copy, sizeof copy, "%s/copy", store_folder);
	store_must(mkdir(base, 0700) == 0 && mkdir(copy, 0700) == 0, "no folder");
	copy_one(store_folder, base, "core.db");
	store_must(open_stores(&s, base) == OK, "the library cannot be opened");
	store_must(db_migrate(s.publish.db, &schema, 1, DB_MEMORY) == OK, "no public.db");
	store_must(import_text(&s, a, "first.csv", first, "2020", false) == OK, "first.csv");
	store_must(import_text(&s, a, "held.csv", held, "2020", true) == OK, "held.csv");
	store_must(put_voice(&s, a, voice_one, "lantern") == OK &&
			   put_voice(&s, a, voice_two, "harbour") == OK,
		   "voices");
	store_must(put_series(&s, a, series_text) == OK && store_publish(&s) == OK, "a series");
	close_stores(&s);
	arena_free(a);
}

/* --- One run. */

enum kind { MEMORY, SQLITE_MEMORY, DISK_FULL, DISK_ERROR, KINDS };

static const char *const kinds[] = { "allocation", "allocation of SQLite", "write, disk full",
				     "write, input/output error" };

/* Answers how many have failed since; a failed allocation of ours does not come back. */
static long arm(enum kind kind, long n)
{
	switch (kind) {
	case MEMORY: mem_fail_at(n); return 0;
	case SQLITE_MEMORY: return db_fault_memory_at(n);
	case DISK_FULL: return db_fault_file_at(n, DB_FAULT_FULL, true);
	case DISK_ERROR: return db_fault_file_at(n, DB_FAULT_IO, false);
	case KINDS: break;
	}
	return 0;
}

/* Its exit code: 0 when it went well although the fault was met, NOT_MET when there was none. */
static _Noreturn void child(const struct op *op, enum kind kind, long n, int said)
{
	struct store s = { 0 };
	arena *a = arena_new();
	enum err e;
	long met;

	dup2(said, STDERR_FILENO);
	e = open_stores(&s, copy);
	arm(kind, n);
	if (e == OK)
		e = op->run(&s, a);
	met = arm(kind, 0);
	close_stores(&s);
	arena_free(a);
	_exit(e != OK ? OTHER_ERROR + (int)e : met ? 0 : NOT_MET);
}

struct outcome {
	int code;
	char said[400];
};

static struct outcome run_once(const struct op *op, enum kind kind, long n)
{
	struct outcome o = { 0 };
	int status, pipes[2];
	ssize_t got;
	pid_t pid;

	store_must(pipe2(pipes, O_CLOEXEC) == 0, "no pipe");
	copy_base();
	fflush(stdout);
	pid = fork();
	if (pid == 0)
		child(op, kind, n, pipes[1]);
	close(pipes[1]);
	got = read(pipes[0], o.said, sizeof o.said - 1);
	o.said[MAX(got, (ssize_t)0)] = 0;
	close(pipes[0]);
	store_must(waitpid(pid, &status, 0) == pid, "no child");
	o.code = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
	return o;
}

/* --- What is left. */

static str dump_of(arena *a, const char *folder)
{
	struct store s = { 0 };
	str dump;

	store_must(open_stores(&s, folder) == OK, "the library cannot be opened again");
	dump = store_dump(&s, a, dump_core_exact);
	close_stores(&s);
	return dump;
}

/* What the next command does first: publishes what is left; then a rebuild must say the same. */
static bool catches_up(arena *a)
{
	struct store s = { 0 };
	bool good = open_stores(&s, copy) == OK && store_publish(&s) == OK;
	str now, anew;

	if (good) {
		now = store_dump(&s, a, dump_public);
		good = store_rebuild(&s) == OK;
		anew = store_dump(&s, a, dump_public);
		good = good && str_eq(now, anew);
	}
	close_stores(&s);
	return good;
}

static bool ended_well(const struct outcome *o)
{
	if (o->code == 70)
		return strcmp(o->said, "tribune: out of memory\n") == 0;
	return o->code == 0 || o->code == NOT_MET ||
	       (o->code > OTHER_ERROR && o->code < OTHER_ERROR + E_COUNT_ && o->said[0] == 0);
}

struct tally {
	long tried, bad_end, bad_core, bad_public, failures;
};

static void judge(struct tally *t, const struct outcome *o, str before, str after)
{
	arena *a = arena_new();
	str now = dump_of(a, copy);

	t->tried++;
	t->failures += o->code != 0 && o->code != NOT_MET;
	if (!ended_well(o) && t->bad_end++ == 0)
		printf("#   ended with %d: %s\n", o->code, o->said);
	/* An error that was told may still come after the commit: then all of it is there. */
	t->bad_core += !str_eq(now, before) && !str_eq(now, after);
	t->bad_core += (o->code == 0 || o->code == NOT_MET) && !str_eq(now, after);
	t->bad_public += !catches_up(a);
	arena_free(a);
}

/* How many there are: the fault is met up to there and not behind. */
static long places(const struct op *op, enum kind kind)
{
	long met = 0, not_met = 1;

	while (run_once(op, kind, not_met).code != NOT_MET)
		not_met *= 2;
	while (met + 1 < not_met) {
		long middle = met + (not_met - met) / 2;

		if (run_once(op, kind, middle).code == NOT_MET)
			not_met = middle;
		else
			met = middle;
	}
	return met;
}

static void test_op(const struct op *op, enum kind kind, long most)
{
	long all = places(op, kind), step = MAX(all / most, 1L);
	struct tally t = { 0 };
	arena *a = arena_new();
	str before = dump_of(a, base), after;

	run_once(op, kind, 0);
	after = dump_of(a, copy);
	for (long n = 1; n <= all; n += n < 10 ? 1 : step) {
		struct outcome o = run_once(op, kind, n);

		judge(&t, &o, before, after);
	}
	ok(!str_eq(before, after), "%s changes the core", op->name);
	ok(t.tried > 0 && t.failures > 0 && !t.bad_end,
	   "%s: %ld of %ld places for a failed %s, %ld ends badly", op->name, t.tried, all,
	   kinds[kind], t.bad_end);
	ok(!t.bad_core, "%s: all of it or nothing is stored; %ld times not", op->name, t.bad_core);
	ok(!t.bad_public, "%s: readers' side catches up; %ld times not", op->name, t.bad_public);
	arena_free(a);
}

int main(int argc, char **argv)
{
	const char *given = getenv("TRIBUNE_FAULTS");
	int64_t most = 12;

	if (given && !str_to_i64(str_of(given), &most))
		most = 12;
	if (db_fault_memory_install() != OK || db_fault_file_install() != OK) {
		printf("Bail out! the faulty SQLite cannot be set up\n");
		return 1;
	}
	make_base();
	for (size_t i = 0; i < COUNT_OF(ops); i++)
		for (int kind = 0; argc == 2 && strcmp(argv[1], ops[i].of) == 0 && kind < KINDS;
		     kind++)
			test_op(&ops[i], (enum kind)kind, (long)most);
	return tap_done();
}
