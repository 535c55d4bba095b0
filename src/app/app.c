#include "app/app.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "cli/output.h"
#include "db/migrate.h"
#include "embed_gen.h"
#include "review/review.h"
#include "state/state.h"
#include "text/digest.h"
#include "text/source.h"
#include "video/video.h"
#include "video/video_media.h"
#include "vocabulary/vocabulary.h"

str data_path(arena *a, str data, str name)
{
	buf b = buf_new(a, 8192);

	buf_put(&b, data);
	buf_byte(&b, '/');
	buf_put(&b, name);
	buf_byte(&b, '\0');
	return (str){ b.p, b.n - 1 };
}

int app_fail(struct cli *cli, enum err e, const char *what)
{
	const char *next = "";

	if (e == E_FULL)
		next = ". Make room on the disk and try again";
	else if (e == E_BUSY)
		next = ". Another tribune is writing here; wait for it";
	else if (e == E_DB)
		next = ". tribune doctor says more";
	return cli_fail(cli, err_exit_code(e), "%s: %s%s", what, err_text(e), next);
}

const char *app_build(void)
{
	static char hex[17];
	struct source_file file = { open("/proc/self/exe", O_RDONLY | O_CLOEXEC), 0 };
	struct source source = source_of_file(&file);
	arena *a = arena_new();
	char *block = arena_alloc_raw(a, SOURCE_BLOCK);
	struct digest_state d;
	size_t n = 0;

	digest_init(&d);
	while (file.fd >= 0 && source_read(&source, block, SOURCE_BLOCK, &n) == OK && n)
		digest_put(&d, (str){ block, n });
	memcpy(hex, digest_hex(a, digest_end(&d)).p, 16);
	if (file.fd >= 0)
		close(file.fd);
	arena_free(a);
	return hex;
}

/* --- The schema. */

/* db/migrations/0001_first.sql and on, as they stand in the program. */
static struct migration *migrations(arena *a, size_t *ret_n)
{
	VEC(struct migration) all = { 0 };

	for (size_t i = 0; i < embed_count; i++) {
		str name = embed_files[i].path;
		int64_t number;

		if (!str_starts(name, S("db/migrations/")))
			continue;
		name = str_from(name, strlen("db/migrations/"));
		if (str_to_i64(str_to(name, 4), &number))
			*vec_add(a, &all) = (struct migration){ (int)number, name,
								embed_files[i].bytes };
	}
	*ret_n = all.n; /* tools/sources lists them in the order of their names */
	return all.p;
}

/* --- Reference data. */

static str reference_file(str name)
{
	char path[128];
	const struct embed_file *f;

	snprintf(path, sizeof path, "data/reference/%" STR_F, STR_A(name));
	f = embed_find(str_of(path));
	return f ? f->bytes : S("");
}

static str reference_fingerprint(arena *a)
{
	struct digest_state d;

	digest_init(&d);
	for (size_t i = 0; i < embed_count; i++)
		if (str_starts(embed_files[i].path, S("data/reference/")))
			digest_put(&d, embed_files[i].hash);
	return digest_hex(a, digest_end(&d));
}

static enum err log_changes(struct core *core)
{
	static const char *const kinds[] = { "concept", "concept-name", "state", "state-name",
					     "review" };

	for (size_t i = 0; i < COUNT_OF(kinds); i++)
		TRY(change_add(core, str_of(kinds[i]), 0));
	return OK;
}

static enum err refresh_reference(struct core *core, arena *a, str fingerprint)
{
	str epoch;

	TRY(vocabularies_refresh(core, a, reference_file));
	TRY(states_refresh(core, a, reference_file));
	TRY(calendar_refresh(core, a, reference_file));
	if (core_setting(core, a, S("epoch"), &epoch) == E_NOTFOUND)
		TRY(core_set(core, S("epoch"), digest_random_code(a, 8)));
	TRY(core_set(core, S("reference"), fingerprint));
	return log_changes(core);
}

static size_t rows_of(str name)
{
	size_t lines = 0;

	for (str rest = reference_file(name); rest.n; lines++)
		str_cut(&rest, '\n');
	return lines ? lines - 1 : 0;
}

/* Sessions may be more than ours: a calendar adds them. */
enum err app_reference_is_whole(struct core *core, arena *a, bool *ret)
{
	str stored = { 0 };
	struct states states;
	struct calendar calendar;
	struct vocabularies vocabularies;
	enum err e = core_setting(core, a, S("reference"), &stored);

	*ret = false;
	if (e != OK || !str_eq(stored, reference_fingerprint(a)))
		return e == E_NOTFOUND ? OK : e;
	TRY(states_load(core->db, a, &states));
	TRY(calendar_load(core->db, a, &calendar));
	TRY(vocabularies_load(core->db, a, &vocabularies));
	*ret = states.n >= rows_of(S("states.csv")) &&
	       calendar.n_sessions >= rows_of(S("sessions.csv")) &&
	       calendar.n_reviews >= rows_of(S("reviews.csv")) &&
	       vocabulary_of(&vocabularies, S("issue"))->n >= rows_of(S("issues.csv"));
	return OK;
}

/* A newer program brings newer reference data; the same program has nothing to do here. */
static enum err ensure_reference(struct core *core, arena *a)
{
	bool whole;

	TRY(app_reference_is_whole(core, a, &whole));
	if (whole)
		return OK;
	TRY(db_begin(core->db));
	return db_finish(core->db, refresh_reference(core, a, reference_fingerprint(a)));
}

/* --- Opening. */

enum err app_core_version(struct core *core, arena *a, struct db_version *ret)
{
	size_t n;
	struct migration *all = migrations(a, &n);

	return db_version_get(core->db, all, n, ret);
}

static int fail_version(struct cli *cli, const struct migration *all, size_t n)
{
	struct db_version v = { 0 };

	if (db_version_get(cli->core->db, all, n, &v) == OK && v.file > v.program)
		return cli_fail(
			cli, 1,
			"%" STR_F
			" was written by a newer tribune (layout %d, this program knows %d). "
			"Install that version, or restore a backup",
			STR_A(cli->data), v.file, v.program);
	return cli_fail(cli, 1, "%" STR_F "/core.db is not a database of tribune",
			STR_A(cli->data));
}

static int open_core_at(struct cli *cli, str path)
{
	size_t n;
	struct migration *all = migrations(cli->a, &n);
	enum err e;

	cli->core = NEW(cli->a, struct core);
	e = core_open(path, cli->core);
	if (e == OK)
		e = db_migrate(cli->core->db, all, n, path);
	if (e == E_CONFLICT && cli->core->db)
		return fail_version(cli, all, n);
	if (e == OK)
		e = ensure_reference(cli->core, cli->a);
	return e == OK ? 0 : app_fail(cli, e, "the data directory cannot be opened to write");
}

int app_open_core(struct cli *cli)
{
	int code = open_core_at(cli, data_path(cli->a, cli->data, S("core.db")));
	enum err e = code == 0 ? video_jobs_resume(cli->core, cli->a, cli->data) : OK;
	size_t withdrawn = 0;

	if (code == 0 && e == OK)
		e = video_ledger_apply(cli->core, cli->a, cli->data, &withdrawn);
	if (withdrawn)
		cli->app->erased = true;

	return e == OK ? code : app_fail(cli, e, "what a process left behind cannot be mended");
}

int app_open_core_in_memory(struct cli *cli)
{
	return open_core_at(cli, DB_MEMORY);
}

static int fail_reading(struct cli *cli, enum err e)
{
	struct stat st;

	if (stat(arena_cstr(cli->a, cli->data), &st) == 0 && !S_ISDIR(st.st_mode))
		return cli_fail(cli, 1, "%" STR_F " is not a folder", STR_A(cli->data));
	if (e == E_NOTFOUND)
		return cli_fail(cli, 1, "there is no data in %" STR_F ". Try: tribune init",
				STR_A(cli->data));
	return app_fail(cli, e, "the data directory cannot be read");
}

int app_check_data(struct cli *cli)
{
	struct stat st;

	return stat(data_path(cli->a, cli->data, S("core.db")).p, &st) == 0
		       ? 0
		       : fail_reading(cli, errno == ENOENT || errno == ENOTDIR ? E_NOTFOUND : E_IO);
}

static int fail_old(struct cli *cli)
{
	return cli_fail(cli, 1,
			"%" STR_F
			" was written by an older tribune. Bring it up to date: tribune init",
			STR_A(cli->data));
}

int app_open_core_readonly(struct cli *cli)
{
	size_t n;
	struct migration *all = migrations(cli->a, &n);
	struct db_version v = { 0 };
	enum err e;

	cli->core = NEW(cli->a, struct core);
	e = core_open_readonly(data_path(cli->a, cli->data, S("core.db")), cli->core);
	if (e == OK)
		e = app_core_version(cli->core, cli->a, &v);
	if (e != OK)
		return fail_reading(cli, e);
	if (v.file > v.program)
		return fail_version(cli, all, n);
	return v.file < v.program ? fail_old(cli) : 0;
}

static struct migration public_schema(void)
{
	const struct embed_file *file = embed_find(S("db/public.sql"));

	return (struct migration){ 1, S("public.sql"), file ? file->bytes : S("") };
}

str app_public_layout(arena *a)
{
	return digest_hex(a, digest_of(public_schema().sql));
}

int app_open_public(struct cli *cli)
{
	str layout = { 0 }, digest = app_public_layout(cli->a);
	enum err e;

	cli->pub = NEW(cli->a, struct public);
	e = public_open(data_path(cli->a, cli->data, S("public.db")), cli->pub);
	if (e != OK)
		return fail_reading(cli, e);
	e = public_layout(cli->pub, cli->a, &layout);
	if (e == OK && !str_eq(layout, digest))
		return cli_fail(cli, 1,
				"%" STR_F
				"/public.db was made by another version of tribune. Make it "
				"anew: tribune rebuild",
				STR_A(cli->data));
	return e == OK ? 0 : fail_reading(cli, e);
}

/* True when public.db has the layout of this program. */
static enum err has_layout(struct publish *out, arena *a, str digest, bool *ret)
{
	str stored = { 0 };
	enum err e = publish_layout(out, a, &stored);

	*ret = e == OK && str_eq(stored, digest);
	return e == E_NOTFOUND ? OK : e;
}

enum err app_drop_public(arena *a, str data)
{
	static const char *const names[] = { "public.db", "public.db-wal", "public.db-shm" };

	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (unlink(data_path(a, data, str_of(names[i])).p) != 0 && errno != ENOENT)
			return E_IO;
	return OK;
}

static enum err make_public(struct cli *cli, str path, const struct migration *schema, str digest)
{
	TRY(publish_open(path, cli->publish));
	TRY(db_migrate(cli->publish->db, schema, 1, path));
	return publish_set_layout(cli->publish, digest);
}

int app_open_publish(struct cli *cli)
{
	str path = data_path(cli->a, cli->data, S("public.db"));
	const struct migration schema = public_schema();
	str digest = app_public_layout(cli->a);
	bool same = false;
	enum err e;

	cli->publish = NEW(cli->a, struct publish);
	e = publish_open(path, cli->publish);
	if (e == OK)
		e = has_layout(cli->publish, cli->a, digest, &same);
	if (e == E_DB || e == E_CONFLICT)
		return cli_fail(cli, err_exit_code(E_DB),
				"%" STR_F "/public.db is damaged. Run: tribune rebuild",
				STR_A(cli->data));
	if (e == OK && !same) {
		publish_close(cli->publish);
		*cli->publish = (struct publish){ 0 };
		e = app_drop_public(cli->a, cli->data);
		if (e == OK)
			e = make_public(cli, path, &schema, digest);
	}
	return e == OK ? 0 : app_fail(cli, e, "public.db cannot be opened to write");
}

/* --- Publishing. */

struct publishing {
	struct cli *cli;
	struct progress progress;
};

static bool is_cancelled(void *arg)
{
	struct publishing *p = arg;

	return p->cli->cancelled && p->cli->cancelled(p->cli);
}

static void show_progress(void *arg, int64_t done, int64_t total)
{
	struct publishing *p = arg;

	progress_show(&p->progress, "publishing", done, total);
}

static enum err on_ready(void *arg, struct public *seen)
{
	struct publishing *p = arg;

	return p->cli->app->prepare ? p->cli->app->prepare(p->cli->app, seen) : OK;
}

/* What the clock has changed since the last time is published with the rest. */
static enum err wake(struct cli *cli, arena *a)
{
	int64_t now = clock_now();
	size_t n;

	TRY(cli->app->due(cli->core, a, now, &n));
	if (!n)
		return OK;
	TRY(db_begin(cli->core->db));
	return db_finish(cli->core->db, cli->app->wake(cli->core, a, now, &n));
}

static enum err forget_erased(struct cli *cli)
{
	TRY(db_checkpoint_truncate(cli->core->db));
	TRY(db_checkpoint_truncate(cli->publish->db));
	cli->app->erased = false;
	return OK;
}

enum err app_publish(struct cli *cli)
{
	struct publishing p = { .cli = cli };
	struct publish_run run = { .core = cli->core,
				   .out = cli->publish,
				   .a = arena_new(),
				   .scratch = arena_new(),
				   .cancelled = is_cancelled,
				   .cancel_arg = &p,
				   .progress = show_progress,
				   .progress_arg = &p,
				   .ready = on_ready,
				   .ready_arg = &p };
	enum err e;

	progress_begin(&p.progress, cli);
	e = wake(cli, run.a);
	if (e == OK)
		e = publish_changes(&run, cli->app->kinds);
	progress_end(&p.progress);
	arena_free(run.scratch);
	arena_free(run.a);
	if (e == OK && run.moved && cli->app->swap)
		cli->app->swap(cli->app);
	if (e == OK && cli->app->erased)
		e = forget_erased(cli);
	return e;
}
