/* Each write, sync, truncation and opening of a file fails in turn, and every allocation of SQLite's:
 * opening, a migration with its copy, a transaction, a checkpoint. Each time either OK was said and the
 * rows are there, or an error was said and they are as before; and the file is sound. */
#include <unistd.h>

#include "tap.h"

#include "db/db_impl.h"
#include "db/fault.h"
#include "db/migrate.h"

static char folder[] = "/tmp/tribune-test-XXXXXX";

/* clang-format off */
static const struct migration all[] = {
	{ 1, S_INIT("first"), S_INIT("CREATE TABLE t (id INTEGER PRIMARY KEY, x TEXT NOT NULL) STRICT;"
				     "INSERT INTO t VALUES (1, 'one');") },
	{ 2, S_INIT("second"), S_INIT("CREATE INDEX t_x ON t (x); INSERT INTO t VALUES (2, 'two');") },
};
/* clang-format on */

static const char put_many[] =
	"WITH RECURSIVE n (i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < 300)"
	"INSERT INTO t SELECT i, hex(zeroblob(200)) || i FROM n";

static str file(arena *a, const char *name)
{
	buf path = buf_new(a, 200);

	buf_printf(&path, "%s/%s", folder, name);
	return buf_str(&path);
}

static void remove_all(arena *a)
{
	static const char *const ends[] = {
		"",      "-wal",         "-shm", ".before-2.backup", ".before-2.backup.partial",
		".copy", ".copy.partial"
	};

	for (size_t i = 0; i < COUNT_OF(ends); i++) {
		buf name = buf_new(a, 200);

		buf_printf(&name, "%" STR_F "%s", STR_A(file(a, "core.db")), ends[i]);
		unlink(arena_cstr(a, buf_str(&name)));
	}
}

static int64_t number(struct db *db, const char *sql)
{
	int64_t v = -1;

	return db_exec_int(db, sql, &v) == OK ? v : -1;
}

/* Every place takes a minute; TRIBUNE_TEST_ALL=1 in the environment takes it. */
static long step(long usual)
{
	return getenv("TRIBUNE_TEST_ALL") ? 1 : usual;
}

/* A database at version 1, closed. */
static bool prepare(arena *a)
{
	struct core core = { 0 };
	enum err e;

	remove_all(a);
	if (core_open(file(a, "core.db"), &core) != OK)
		return false;
	e = db_migrate(core.db, all, 1, file(a, "core.db"));
	core_close(&core);
	return e == OK;
}

static enum err put_rows(struct db *db)
{
	TRY(db_begin(db));
	return db_finish(db, query_run(query_start(db, NULL, put_many)));
}

/* What was said of each step; E_COUNT_: not come to. */
struct said {
	enum err open, migrate, put, copy, checkpoint;
	bool stuck, cursors;
};

static struct said work(arena *a)
{
	struct said s = { E_COUNT_, E_COUNT_, E_COUNT_, E_COUNT_, E_COUNT_, false, false };
	struct core core = { 0 };

	s.open = core_open(file(a, "core.db"), &core);
	if (s.open != OK)
		return s;
	s.migrate = db_migrate(core.db, all, 2, file(a, "core.db"));
	if (s.migrate == OK) {
		s.put = put_rows(core.db);
		s.copy = db_vacuum_into(core.db, file(a, "core.db.copy"));
		s.checkpoint = db_checkpoint_truncate(core.db);
	}
	s.stuck = db_in_transaction(core.db);
	s.cursors = db_cursor_count(core.db) > 0;
	core_close(&core);
	return s;
}

static bool copy_is_whole(arena *a, const char *name, int64_t version)
{
	struct core core = { 0 };
	str *messages;
	size_t n = 1;
	bool whole;

	if (core_open_readonly(file(a, name), &core) != OK)
		return false;
	whole = db_integrity(core.db, a, &messages, &n) == OK && n == 0 &&
		number(core.db, "PRAGMA user_version") == version;
	core_close(&core);
	return whole;
}

/* Whether the files are what S said. The faults are off. */
static bool is_true(arena *a, struct said s)
{
	struct core core = { 0 };
	str *messages;
	size_t n = 1;
	int64_t version, rows, more;
	bool good;

	if (s.stuck || s.cursors || core_open(file(a, "core.db"), &core) != OK)
		return false;
	good = db_integrity(core.db, a, &messages, &n) == OK && n == 0;
	version = number(core.db, "PRAGMA user_version");
	rows = number(core.db, "SELECT count(*) FROM t WHERE id < 10");
	more = number(core.db, "SELECT count(*) FROM t WHERE id >= 10");
	good = good && rows == version && (version == 2 || more == 0) && (more == 0 || more == 291);
	good = good && (s.migrate != OK || version == 2) && (s.put != OK || more == 291);
	if (access(arena_cstr(a, file(a, "core.db.before-2.backup")), F_OK) == 0)
		good = good && copy_is_whole(a, "core.db.before-2.backup", 1);
	if (s.copy == OK)
		good = good && copy_is_whole(a, "core.db.copy", 2);
	good = good && db_migrate(core.db, all, 2, file(a, "core.db")) == OK;
	good = good && (more == 291 || put_rows(core.db) == OK);
	core_close(&core);
	return good;
}

static bool expected(enum err e, enum err fault)
{
	return e == OK || e == E_COUNT_ || e == fault || e == E_IO;
}

static void test_files(enum db_fault what, enum err fault, bool stays, const char *name)
{
	long points = 0, hit = 1;
	int wrong = 0, odd = 0, failed = 0;

	for (long n = 1; hit; n += step(3)) {
		arena *a = arena_new();
		struct said s;

		if (!prepare(a))
			wrong++;
		db_fault_file_at(n, what, stays);
		s = work(a);
		hit = db_fault_file_at(0, what, false);
		points += hit > 0;
		failed += s.open != OK || s.migrate != OK || s.put != OK || s.copy != OK ||
			  s.checkpoint != OK;
		odd += !expected(s.open, fault) || !expected(s.migrate, fault) ||
		       !expected(s.put, fault) || !expected(s.copy, fault) ||
		       !expected(s.checkpoint, fault);
		wrong += !is_true(a, s);
		arena_free(a);
	}
	printf("# %s: %ld points, %d said so\n", name, points, failed);
	ok(points > 50, "%s: many points", name);
	ok(failed > points / 2, "%s: most are noticed at once", name);
	eq_int(odd, 0, "the error fits the fault");
	eq_int(wrong, 0, "what was said is true, and the next try works");
}

static void test_memory(void)
{
	long points = 0, hit = 1;
	int wrong = 0, odd = 0, leaks = 0;
	int64_t before = db_fault_memory_used();

	for (long n = 1; hit; n += step(11)) {
		arena *a = arena_new();
		struct said s;

		if (!prepare(a))
			wrong++;
		db_fault_memory_at(n);
		s = work(a);
		hit = db_fault_memory_at(0);
		points += hit > 0;
		odd += !expected(s.open, E_NOMEM) || !expected(s.migrate, E_NOMEM) ||
		       !expected(s.put, E_NOMEM) || !expected(s.copy, E_NOMEM) ||
		       !expected(s.checkpoint, E_NOMEM);
		leaks += db_fault_memory_used() != before;
		wrong += !is_true(a, s);
		arena_free(a);
	}
	printf("# memory: %ld points\n", points);
	ok(points > 100, "many allocations failed");
	eq_int(odd, 0, "each as E_NOMEM");
	eq_int(wrong, 0, "what was said is true, and the next try works");
	eq_int(leaks, 0, "no memory was lost");
}

int main(void)
{
	arena *a = arena_new();

	if (!mkdtemp(folder))
		return 1;
	is_ok(db_fault_memory_install(), "allocations can be made to fail");
	is_ok(db_fault_file_install(), "so can files");
	eq_int(db_fault_memory_install(), E_DB, "too late for allocations");
	test_files(DB_FAULT_FULL, E_FULL, false, "full once");
	test_files(DB_FAULT_FULL, E_FULL, true, "full from then on");
	test_files(DB_FAULT_IO, E_IO, false, "broken once");
	test_files(DB_FAULT_IO, E_IO, true, "broken from then on");
	test_memory();
	remove_all(a);
	ok(rmdir(folder) == 0, "no other file was left behind");
	arena_free(a);
	return tap_done();
}
