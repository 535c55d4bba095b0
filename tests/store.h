/*
 * A store for tests, in memory: core.db with the reference data, public.db, and what main.c hands to
 * the commands. Making one is cheap: it starts as a copy of a file that the first one makes.
 *
 * Who includes this defines _GNU_SOURCE first.
 */
#ifndef TESTS_STORE_H
#define TESTS_STORE_H

#include <ftw.h>
#include <sys/mman.h>
#include <unistd.h>

#include "db/migrate.h"
#include "dump.h"
#include "embed_gen.h"
#include "job/import.h"
#include "publish/publish.h"
#include "app/app.h"
#include "tap.h"

extern const struct publish_kind concept_kind, concept_name_kind, state_kind, state_name_kind,
	review_kind, source_kind, recommendation_kind, video_kind, withdrawal_kind, series_kind;
extern const struct importer uprinfo_importer, uwazi_importer, mapped_importer;
extern const struct import_noun recommendation_noun;

static const struct publish_kind *const store_all_kinds[] = {
	&concept_kind, &concept_name_kind, &state_kind,          &state_name_kind,
	&review_kind,  &source_kind,       &recommendation_kind, NULL,
};
/* Without the reference data, which no import moves: quick. */
static const struct publish_kind *const store_record_kinds[] = { &source_kind, &recommendation_kind,
								 NULL };
/* The voices alone. */
__attribute__((unused)) static const struct publish_kind *const store_voice_kinds[] = {
	&video_kind, &withdrawal_kind, &series_kind, NULL
};
static const struct importer *const store_importers[] = { &uprinfo_importer, &uwazi_importer,
							  &mapped_importer, NULL };
static const struct import_noun *const store_nouns[] = { &recommendation_noun, NULL };

struct store {
	struct core core;
	struct publish publish;
	const struct publish_kind *const *kinds;
	bool moved; /* by the latest store_publish */
};

static char store_folder[64]; /* where the template stands; empty before the first store */

static int store_remove_one(const char *path, const struct stat *st, int flag, struct FTW *at)
{
	(void)st, (void)flag, (void)at;
	return remove(path);
}

__attribute__((unused)) static void store_remove_folder(const char *path)
{
	nftw(path, store_remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void store_remove_template(void)
{
	store_remove_folder(store_folder);
}

static void store_must(bool good, const char *what)
{
	if (good)
		return;
	printf("Bail out! %s\n", what);
	exit(1);
}

/* As `tribune init` makes it. */
static void store_make_template(void)
{
	struct cli cli = { .a = arena_new(), .err = stderr, .out = stdout };

	snprintf(store_folder, sizeof store_folder, "%s/tribune-test-XXXXXX",
		 access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	store_must(mkdtemp(store_folder) != NULL, "no folder for the template can be made");
	atexit(store_remove_template);
	cli.data = str_of(store_folder);
	store_must(app_open_core(&cli) == 0, "the template cannot be made");
	core_close(cli.core);
	arena_free(cli.a);
}

/* An empty store. KINDS: what it publishes. */
__attribute__((unused)) static struct store *store_new(const struct publish_kind *const *kinds)
{
	struct store *s = mem_alloc(sizeof *s);
	arena *a = arena_new();
	const struct embed_file *file = embed_find(S("db/public.sql"));
	const struct migration schema = { 1, S("public.sql"), file->bytes };

	if (!store_folder[0])
		store_make_template();
	s->kinds = kinds;
	store_must(core_open_copy(data_path(a, str_of(store_folder), S("core.db")), &s->core) == OK,
		   "the template cannot be copied");
	store_must(publish_open(DB_MEMORY, &s->publish) == OK, "no public.db in memory");
	store_must(db_migrate(s->publish.db, &schema, 1, DB_MEMORY) == OK,
		   "public.db cannot be made");
	arena_free(a);
	return s;
}

__attribute__((unused)) static void store_free(struct store *s)
{
	core_close(&s->core);
	publish_close(&s->publish);
	mem_free(s);
}

/* As the commands do after they have written. */
static enum err store_publish(struct store *s)
{
	struct publish_run run = {
		.core = &s->core, .out = &s->publish, .a = arena_new(), .scratch = arena_new()
	};
	enum err e = publish_changes(&run, s->kinds);

	s->moved = run.moved;
	arena_free(run.scratch);
	arena_free(run.a);
	return e;
}

/* public.db anew, as `tribune rebuild` does. */
__attribute__((unused)) static enum err store_rebuild(struct store *s)
{
	const struct embed_file *file = embed_find(S("db/public.sql"));
	const struct migration schema = { 1, S("public.sql"), file->bytes };

	publish_close(&s->publish);
	TRY(publish_open(DB_MEMORY, &s->publish));
	TRY(db_migrate(s->publish.db, &schema, 1, DB_MEMORY));
	return store_publish(s);
}

static struct importing store_importing(struct store *s, const struct import_options *options)
{
	return (struct importing){ .core = &s->core,
				   .importers = store_importers,
				   .nouns = store_nouns,
				   .options = options };
}

/* A file of this content, not in any folder. */
__attribute__((unused)) static int store_file(str content)
{
	int fd = memfd_create("test", MFD_CLOEXEC);

	store_must(fd >= 0, "no file in memory can be made");
	for (str rest = content; rest.n;) {
		ssize_t n = write(fd, rest.p, rest.n);

		store_must(n > 0, "a file in memory cannot be written");
		rest = str_from(rest, (size_t)n);
	}
	return fd;
}

/* What an import of several files came to. */
struct store_import {
	enum err err;
	struct import_report *reports; /* when err is OK */
	struct import_trouble trouble;
	int64_t samples_out;
};

/* Imports and publishes, as the command does. */
__attribute__((unused)) static struct store_import store_import(
	struct store *s, arena *a, const struct import_options *options,
	const struct import_file *files, size_t n)
{
	struct importing how = store_importing(s, options);
	struct store_import done = { 0 };

	done.err = import_files(&how, a, files, n, &done.reports, &done.samples_out, &done.trouble);
	if (done.err == OK)
		done.err = store_publish(s);
	return done;
}

__attribute__((unused)) static enum err store_undo(struct store *s, arena *a, int64_t id)
{
	static const struct import_options options;
	struct importing how = store_importing(s, &options);

	TRY(import_undo(&how, a, id));
	return store_publish(s);
}

__attribute__((unused)) static enum err store_release(struct store *s, arena *a,
						      const struct import_options *options,
						      int64_t id, int64_t *ret_samples_out)
{
	struct importing how = store_importing(s, options);

	TRY(import_release(&how, a, id, ret_samples_out));
	return store_publish(s);
}

static void store_trim_one(struct store *s)
{
	static const char *const sql[] = {
		"DELETE FROM membership",
		"DELETE FROM review",
		"DELETE FROM state_name WHERE lang <> 'en'",
		"DELETE FROM state_name WHERE iso3 NOT IN ('FRA','MLI','URY','FIN','POL')",
		"DELETE FROM state WHERE iso3 NOT IN ('FRA','MLI','URY','FIN','POL')",
		("DELETE FROM concept_label WHERE lang <> 'en' OR scheme NOT IN"
		 " ('issue','response','kind','sdg')"),
		"DELETE FROM concept WHERE scheme NOT IN ('issue','response','kind','sdg')",
	};
	enum db_may before = s->core.db->may;

	s->core.db->may = DB_MAY_ALL;
	for (size_t i = 0; i < COUNT_OF(sql); i++)
		store_must(sqlite3_exec(s->core.db->h, sql[i], NULL, NULL, NULL) == SQLITE_OK,
			   sql[i]);
	s->core.db->may = before;
}

/* Trims the template that all stores start from, for tests that make one for each step: most States and words,
 * which their files do not name, go. */
__attribute__((unused)) static void store_trim(void)
{
	struct store *s = store_new(store_record_kinds);
	arena *a = arena_new();
	str path = data_path(a, str_of(store_folder), S("core.db"));

	store_trim_one(s);
	store_must(remove(path.p) == 0 && db_vacuum_into(s->core.db, path) == OK,
		   "the template cannot be trimmed");
	arena_free(a);
	store_free(s);
}

__attribute__((unused)) static str store_dump(struct store *s, arena *a,
					      const struct dump_rule *rules)
{
	buf out = buf_new(a, 512 << 20);

	dump_db(rules == dump_public || rules == dump_public_exact ? s->publish.db : s->core.db,
		rules, &out);
	return buf_str(&out);
}

#endif
