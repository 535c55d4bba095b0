/* Migrations: in order, each whole or not at all, with a copy before; newer and foreign files refused. */
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tap.h"

#include "db/db_impl.h"
#include "db/migrate.h"

static char folder[] = "/tmp/tribune-test-XXXXXX";

/* clang-format off */
static const struct migration all[] = {
	{ 1, S_INIT("state"), S_INIT("CREATE TABLE state (code TEXT NOT NULL PRIMARY KEY) STRICT;\n"
				     "INSERT INTO state VALUES ('FRA'), ('SWZ');") },
	{ 2, S_INIT("rec"), S_INIT("CREATE TABLE rec (id INTEGER PRIMARY KEY,"
				   " sur TEXT NOT NULL REFERENCES state (code)) STRICT;\n"
				   "INSERT INTO rec VALUES (1, 'FRA');") },
	/* A column with a CHECK, and a table built anew under its children. */
	{ 3, S_INIT("name"), S_INIT("ALTER TABLE rec ADD COLUMN cycle INTEGER NOT NULL DEFAULT 1 CHECK (cycle > 0);\n"
				    "CREATE TABLE state_new (code TEXT NOT NULL PRIMARY KEY, name TEXT) STRICT;\n"
				    "INSERT INTO state_new (code) SELECT code FROM state;\n"
				    "DROP TABLE state;\n"
				    "ALTER TABLE state_new RENAME TO state;") },
};
/* clang-format on */

static str file(arena *a, const char *name)
{
	buf path = buf_new(a, 200);

	buf_printf(&path, "%s/%s", folder, name);
	return buf_str(&path);
}

static int64_t number(struct db *db, const char *sql)
{
	int64_t v = -1;

	return db_exec_int(db, sql, &v) == OK ? v : -1;
}

static bool exists(arena *a, const char *name)
{
	return access(arena_cstr(a, file(a, name)), F_OK) == 0;
}

static void test_in_order(arena *a)
{
	struct core core = { 0 };
	struct db_version v = { 7, 7 };
	struct stat st;
	str path = file(a, "core.db");

	is_ok(core_open(path, &core), "a new file");
	is_ok(db_version_get(core.db, all, 3, &v), "its version");
	ok(v.file == 0 && v.program == 3, "is none");
	is_ok(db_migrate(core.db, all, 1, path), "the first migration");
	ok(!exists(a, "core.db.before-1.backup"), "an empty file needs no copy");
	eq_int(number(core.db, "SELECT count(*) FROM state"), 2, "both of its statements ran");
	is_ok(db_migrate(core.db, all, 1, path), "again");
	is_ok(db_migrate(core.db, all, 3, path), "two more");
	is_ok(db_version_get(core.db, all, 3, &v), "the version");
	ok(v.file == 3 && v.program == 3, "is the last");
	eq_int(number(core.db, "SELECT count(*) FROM rec JOIN state ON code = sur WHERE cycle = 1"),
	       1, "a table built anew keeps its children");
	eq_int(number(core.db, "PRAGMA foreign_keys"), 1, "foreign keys hold again");
	ok(exists(a, "core.db.before-2.backup"), "a copy from before");
	ok(stat(arena_cstr(a, file(a, "core.db.before-2.backup")), &st) == 0 &&
		   (st.st_mode & 0777) == 0600,
	   "readable by nobody else");
	ok(!exists(a, "core.db.before-3.backup"), "one copy a run");
	eq_int(db_migrate(core.db, all, 2, path), E_CONFLICT, "an older program is refused");
	is_ok(db_version_get(core.db, all, 2, &v), "which asks");
	ok(v.file == 3 && v.program == 2, "and can say by how much");
	core_close(&core);

	is_ok(core_open(file(a, "core.db.before-2.backup"), &core), "the copy opens");
	eq_int(number(core.db, "PRAGMA user_version"), 1, "at the version before");
	eq_int(number(core.db, "SELECT count(*) FROM state"), 2, "with its rows");
	core_close(&core);
}

static void test_failure(arena *a)
{
	static const struct {
		const char *what;
		struct migration m;
	} bad[] = {
		{ "a statement that fails in the middle",
		  { 2, S_INIT("bad"),
		    S_INIT("CREATE TABLE u (x TEXT) STRICT; INSERT INTO state VALUES ('FRA')") } },
		{ "a row left without its parent",
		  { 2, S_INIT("bad"),
		    S_INIT("CREATE TABLE u (s TEXT REFERENCES state (code)) STRICT;"
			   "INSERT INTO u VALUES ('XXX')") } },
		{ "a COMMIT of its own",
		  { 2, S_INIT("bad"), S_INIT("CREATE TABLE u (x TEXT) STRICT; COMMIT;") } },
		{ "another file",
		  { 2, S_INIT("bad"), S_INIT("CREATE TABLE u (x TEXT) STRICT; ATTACH 'x' AS x") } },
		{ "a setting",
		  { 2, S_INIT("bad"),
		    S_INIT("CREATE TABLE u (x TEXT) STRICT; PRAGMA user_version = 9") } },
	};
	struct core core = { 0 };
	str path = file(a, "fails.db");

	is_ok(core_open(path, &core), "a new file");
	is_ok(db_migrate(core.db, all, 1, path), "the first migration");
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		struct migration two[] = { all[0], bad[i].m };

		ok(db_migrate(core.db, two, 2, path) != OK, "%s: %s", bad[i].what,
		   db_message(core.db));
		ok(str_starts(str_of(db_message(core.db)), S("migration 2 bad: ")),
		   "the message names it");
		ok(!db_in_transaction(core.db) && number(core.db, "PRAGMA user_version") == 1 &&
			   number(core.db, "SELECT count(*) FROM state") == 2 &&
			   number(core.db, "SELECT count(*) FROM sqlite_schema WHERE name = 'u'") ==
				   0,
		   "everything is as before");
	}
	is_ok(db_migrate(core.db, all, 3, path), "the good ones run after the bad");
	core_close(&core);
}

/* Stops the process dead when it is asked for the Nth time. */
static bool die_at(void *arg)
{
	if (--*(int *)arg == 0)
		raise(SIGKILL);
	return false;
}

/* A migration long enough to be killed in many places. */
static const struct migration slow[] = {
	{ 1, S_INIT("first"),
	  S_INIT("CREATE TABLE t (id INTEGER PRIMARY KEY, x TEXT NOT NULL) STRICT") },
	{ 2, S_INIT("second"),
	  S_INIT("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)"
		 " INSERT INTO t SELECT i, hex(zeroblob(100)) FROM n;"
		 "CREATE TABLE u (x TEXT) STRICT") },
};

static bool run_and_die(str path, int n)
{
	int status = 0;
	pid_t child = fork();

	if (child == 0) {
		struct core core = { 0 };

		if (core_open(path, &core) != OK)
			_exit(1);
		db_on_progress(core.db, die_at, &n);
		_exit(db_migrate(core.db, slow, 2, path) == OK ? 0 : 2);
	}
	if (waitpid(child, &status, 0) != child)
		return false;
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
}

static void test_kill(arena *a)
{
	str path = file(a, "killed.db");
	struct core core = { 0 };
	int killed = 0, whole = 0;
	bool died = true;

	is_ok(core_open(path, &core), "a new file");
	is_ok(db_migrate(core.db, slow, 1, path), "the first migration");
	core_close(&core);
	for (int n = 1; died && n < 1000; n += 7) {
		str *messages;
		size_t found;

		died = run_and_die(path, n);
		if (core_open(path, &core) != OK)
			break;
		killed += died;
		whole += db_integrity(core.db, a, &messages, &found) == OK && found == 0 &&
			 number(core.db, "PRAGMA user_version") == (died ? 1 : 2) &&
			 number(core.db, "SELECT count(*) FROM t") == (died ? 0 : 20000) &&
			 number(core.db, "SELECT count(*) FROM sqlite_schema") == (died ? 1 : 2);
		core_close(&core);
	}
	printf("# killed %d times\n", killed);
	ok(killed > 5, "killed in many places");
	eq_int(whole, killed + 1,
	       "each time the file is whole, at the version before; then at the next");
	ok(exists(a, "killed.db.before-2.backup"), "the copy is there");
	ok(!exists(a, "killed.db.before-2.backup.partial"), "and no half one");
}

static void remove_folder(arena *a)
{
	static const char *const names[] = { "core.db",   "core.db.before-2.backup",
					     "fails.db",  "fails.db.before-2.backup",
					     "killed.db", "killed.db.before-2.backup" };

	for (size_t i = 0; i < COUNT_OF(names); i++)
		unlink(arena_cstr(a, file(a, names[i])));
	ok(rmdir(folder) == 0, "no other file was left behind");
}

int main(void)
{
	arena *a = arena_new();

	if (!mkdtemp(folder))
		return 1;
	test_in_order(a);
	test_failure(a);
	test_kill(a);
	remove_folder(a);
	arena_free(a);
	return tap_done();
}
