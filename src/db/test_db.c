/* Opening, what each kind of connection may do, errors, transactions, the cache, stopping, upkeep. */
#include <fcntl.h>
#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tap.h"

#include "db/db_impl.h"

static char folder[] = "/tmp/tribune-test-XXXXXX";

/* A path in the test's own folder. */
static str file(arena *a, const char *name)
{
	buf path = buf_new(a, 200);

	buf_printf(&path, "%s/%s", folder, name);
	return buf_str(&path);
}

/* Runs one statement as a query of its own. */
static enum err run(struct db *db, const char *sql)
{
	return query_run(query_start(db, NULL, sql));
}

static int64_t number(struct db *db, const char *sql)
{
	int64_t v = -1;

	return db_exec_int(db, sql, &v) == OK ? v : -1;
}

/* Writes a file with the SQLite library alone, as another program would. */
static void make_foreign(str path, const char *sql)
{
	arena *a = arena_new();
	sqlite3 *h;

	if (sqlite3_open(arena_cstr(a, path), &h) != SQLITE_OK ||
	    sqlite3_exec(h, sql, NULL, NULL, NULL) != SQLITE_OK)
		printf("Bail out! %s\n", sqlite3_errmsg(h));
	sqlite3_close(h);
	arena_free(a);
}

static void make_bytes(arena *a, str path, str bytes)
{
	FILE *f = fopen(arena_cstr(a, path), "wb");

	if (f) {
		fwrite(bytes.p, 1, bytes.n, f);
		fclose(f);
	}
}

static void test_open(arena *a)
{
	struct core core = { 0 }, reader = { 0 };
	struct public public = { 0 };
	struct publish publish = { 0 };
	struct stat st;

	eq_int(core_open_readonly(file(a, "none.db"), &reader), E_NOTFOUND, "no file to read");
	eq_int(core_open(file(a, "none/core.db"), &core), E_NOTFOUND, "no folder to write in");
	is_ok(core_open(file(a, "core.db"), &core), "the core is created");
	ok(stat(arena_cstr(a, file(a, "core.db")), &st) == 0 && (st.st_mode & 0777) == 0600,
	   "readable by nobody else");
	eq_int(number(core.db, "PRAGMA application_id"), 0x54524263, "marked as ours");
	eq_int(number(core.db, "PRAGMA synchronous"), 2, "FULL");
	eq_int(number(core.db, "PRAGMA secure_delete"), 1, "what is deleted is overwritten");
	eq_int(number(core.db, "PRAGMA foreign_keys"), 1, "foreign keys hold");
	eq_int(number(core.db, "PRAGMA trusted_schema"), 0, "the schema is not trusted");
	eq_int(number(core.db, "PRAGMA cell_size_check"), 1, "pages are checked");
	eq_int(number(core.db, "PRAGMA temp_store"), 2, "nothing temporary goes to the disk");
	ok(access(arena_cstr(a, file(a, "core.db-wal")), F_OK) == 0, "with a WAL");
	is_ok(core_open_readonly(file(a, "core.db"), &reader), "read beside the writer");
	eq_int(number(reader.db, "PRAGMA wal_autocheckpoint"), 0, "a reader never checkpoints");
	eq_int(number(reader.db, "PRAGMA query_only"), 1, "a reader never writes");
	eq_int(public_open(file(a, "core.db"), &public), E_CONFLICT, "the core is not for readers");
	eq_int(publish_open(file(a, "core.db"), &publish), E_CONFLICT, "nor for the publisher");
	ok(!public.db && !publish.db, "and the results are left alone");
	core_close(&reader);
	core_close(&core);
	ok(!core.db && access(arena_cstr(a, file(a, "core.db-wal")), F_OK) != 0,
	   "the last writer leaves no WAL");
	core_close(&core);

	make_foreign(file(a, "other.db"), "CREATE TABLE t (x)");
	eq_int(core_open(file(a, "other.db"), &core), E_CONFLICT, "somebody else's tables");
	make_foreign(file(a, "marked.db"),
		     "PRAGMA application_id = 7; CREATE TABLE t (x); DROP TABLE t");
	eq_int(core_open(file(a, "marked.db"), &core), E_CONFLICT, "somebody else's mark");
	make_foreign(file(a, "bare.db"), "CREATE TABLE t (x); DROP TABLE t");
	eq_int(core_open_readonly(file(a, "bare.db"), &core), E_CONFLICT, "no mark, to read");
	is_ok(core_open(file(a, "bare.db"), &core), "no mark and empty, to write");
	core_close(&core);
	make_bytes(a, file(a, "text.db"),
		   S("This is not a database, and longer than its header would "
		     "be: a hundred bytes, to be sure of it, and some more.\n"));
	eq_int(core_open(file(a, "text.db"), &core), E_DB, "not a database");
	eq_int(public_open(file(a, "text.db"), &public), E_DB, "not a database, to read");
	eq_int(public_open(str_of(folder), &public), E_IO, "a folder");
	make_bytes(a, file(a, "file:x?mode=memory"), S(""));
	is_ok(core_open(file(a, "file:x?mode=memory"), &core), "a name that looks like a URI");
	core_close(&core);
	ok(stat(arena_cstr(a, file(a, "file:x?mode=memory")), &st) == 0 && st.st_size > 0,
	   "is a name of a file");
	is_ok(core_open(DB_MEMORY, &core), "no file at all");
	core_close(&core);
	eq_int(public_open(DB_MEMORY, &public), E_NOTFOUND, "which no reader can find");
}

static enum err fill(struct core *core)
{
	return db_exec(core->db, "CREATE TABLE t (id INTEGER PRIMARY KEY, x TEXT NOT NULL UNIQUE,"
				 "  parent INTEGER REFERENCES t (id)) STRICT;"
				 "INSERT INTO t VALUES (1, 'a', NULL), (2, 'b', 1), (3, 'c', 1);");
}

static void test_authoriser(struct core *core, struct core *reader)
{
	static const char *const never[] = {
		"ATTACH 'x.db' AS x",
		"DETACH main",
		"PRAGMA user_version",
		"PRAGMA query_only = OFF",
		"PRAGMA writable_schema = ON",
		"SELECT * FROM pragma_table_info('t')",
		"SELECT load_extension('x')",
		"VACUUM",
		"VACUUM INTO 'x.db'",
		"CREATE TABLE u (x INTEGER) STRICT",
		"CREATE TEMP TABLE u (x INTEGER) STRICT",
		"CREATE VIRTUAL TABLE u USING fts5 (x)",
		"CREATE TRIGGER u AFTER INSERT ON t BEGIN SELECT 1; END",
		"DROP TABLE t",
		"ALTER TABLE t ADD COLUMN y TEXT",
		"REINDEX",
		"ANALYZE",
		"UPDATE sqlite_schema SET sql = ''",
		"SELECT \"text in double quotes\"",
	};
	static const char *const writes[] = {
		"INSERT INTO t (x) VALUES ('new')",
		"UPDATE t SET x = 'new'",
		"DELETE FROM t",
		"INSERT INTO t (x) SELECT 'd' RETURNING id",
		"SAVEPOINT s",
	};
	enum err e;

	for (size_t i = 0; i < COUNT_OF(never); i++) {
		e = run(core->db, never[i]);
		ok(e == E_DENIED || e == E_DB, "a writer may not: %s (%s)", never[i],
		   db_message(core->db));
		e = run(reader->db, never[i]);
		ok(e == E_DENIED || e == E_DB, "a reader may not: %s", never[i]);
	}
	for (size_t i = 0; i < COUNT_OF(writes); i++)
		eq_int(run(reader->db, writes[i]), E_DENIED, writes[i]);
	/* Behind the authoriser stand query_only and the file's own mode. */
	reader->db->may = DB_MAY_ALL;
	ok(run(reader->db, "DELETE FROM t WHERE id = 3") != OK, "a reader without the authoriser");
	reader->db->may = DB_MAY_READ;
	is_ok(run(reader->db, "SELECT count(*) FROM t"), "a reader may read");
	eq_int(number(core->db, "SELECT count(*) FROM t"), 3, "nothing was written");
}

static void test_errors(struct core *core, struct core *other, arena *a)
{
	struct db *db = core->db;
	struct core full = { 0 };

	eq_int(run(db, "INSERT INTO t (x) VALUES ('a')"), E_CONFLICT, "a taken value");
	ok(strstr(db_message(db), "t.x"), "the message names the column: %s", db_message(db));
	eq_int(run(db, "INSERT INTO t (x, parent) VALUES ('d', 99)"), E_CONFLICT, "no such parent");
	eq_int(run(db, "INSERT INTO t (x) VALUES (NULL)"), E_CONFLICT, "NULL where none may be");
	eq_int(run(db, "SELECT nothing FROM t"), E_DB, "no such column");
	eq_int(run(db, "SELECT x'' || zeroblob(100000000)"), E_TOOBIG, "longer than the limit");
	eq_int(run(db, "INSERT INTO t (x) VALUES (zeroblob(10) || x'ff')"), OK, "(one more row)");
	is_ok(run(db, "DELETE FROM t WHERE id > 3"), "(and away)");
	is_ok(core_open(file(a, "full.db"), &full), "a small database");
	is_ok(db_exec(full.db, "CREATE TABLE t (x TEXT); PRAGMA max_page_count = 4"), "kept small");
	eq_int(run(full.db, "INSERT INTO t VALUES (hex(zeroblob(100000)))"), E_FULL,
	       "no space left");
	is_ok(run(full.db, "INSERT INTO t VALUES ('little')"), "a little goes in");
	core_close(&full);

	is_ok(core_open(file(a, "core.db"), other), "a second writer, which only a test opens");
	sqlite3_busy_timeout(other->db->h, 50);
	is_ok(db_begin(db), "one writes");
	eq_int(db_begin(other->db), E_BUSY, "the other is busy");
	db_rollback(db);
	is_ok(db_begin(other->db), "now it can");
	db_rollback(other->db);
	core_close(other);
	eq_int(db_result(db, SQLITE_CORRUPT_INDEX), E_DB, "damaged");
	eq_int(db_result(db, SQLITE_NOTADB), E_DB, "not a database");
	eq_int(db_result(db, SQLITE_READONLY_DIRECTORY), E_IO, "read-only");
	eq_int(db_result(db, SQLITE_IOERR_NOMEM), E_NOMEM, "no memory for input and output");
	eq_int(db_result(db, SQLITE_IOERR_READ), E_IO, "input");
	eq_int(db_result(db, SQLITE_LOCKED), E_BUSY, "locked");
}

static void test_transactions(struct core *core, struct core *reader)
{
	struct db *db = core->db;

	ok(!db_in_transaction(db), "none at first");
	db_rollback(db);
	is_ok(db_begin(db), "begin");
	ok(db_in_transaction(db), "in it");
	eq_int(db_begin(db), E_DB, "they do not nest");
	is_ok(run(db, "INSERT INTO t (x) VALUES ('d')"), "a row");
	is_ok(db_begin(reader->db), "a reader begins");
	eq_int(number(reader->db, "SELECT count(*) FROM t"), 3, "and does not see it");
	is_ok(db_finish(db, OK), "committed");
	eq_int(number(reader->db, "SELECT count(*) FROM t"), 3, "the reader stays where it was");
	is_ok(db_commit(reader->db), "until it ends");
	eq_int(number(reader->db, "SELECT count(*) FROM t"), 4, "then it sees the row");
	is_ok(db_begin(db), "begin");
	is_ok(run(db, "DELETE FROM t WHERE id > 3"), "deleted");
	eq_int(db_finish(db, E_INVALID), E_INVALID, "a failure is handed on");
	eq_int(number(db, "SELECT count(*) FROM t"), 4, "and nothing is deleted");
	is_ok(db_begin(db), "begin");
	is_ok(run(db, "PRAGMA defer_foreign_keys = ON") == E_DENIED ? OK : E_DB, "no PRAGMA in it");
	is_ok(run(db, "DELETE FROM t WHERE id > 3"), "deleted");
	is_ok(db_commit(db), "committed");
	eq_int(number(db, "SELECT count(*) FROM t"), 3, "gone");
	eq_int(db_commit(db), E_DB, "nothing to commit");
	is_ok(db_exec(db, "CREATE TABLE late (t INTEGER REFERENCES t (id) DEFERRABLE INITIALLY "
			  "DEFERRED)"),
	      "a key checked late");
	is_ok(db_begin(db), "begin");
	is_ok(run(db, "INSERT INTO late VALUES (99)"), "without its parent");
	eq_int(db_commit(db), E_CONFLICT, "the commit says so");
	ok(!db_in_transaction(db), "and has rolled back");
}

static void test_cache(struct core *core)
{
	static const char first[] = "SELECT id FROM t ORDER BY id",
			  second[] = "SELECT id FROM t ORDER BY id";
	struct db *db = core->db;
	struct query *one = query_start(db, NULL, first), *two, *three;
	int64_t before = db_query_count(db);

	ok(query_next(one) && query_int(one, 0) == 1, "a query");
	two = query_start(db, NULL, first);
	ok(two != one, "the same within itself is another statement");
	ok(query_next(two) && query_int(two, 0) == 1, "at its own place");
	three = query_start(db, NULL, second);
	ok(three != one && three != two, "the same text at another address is another query");
	eq_int(db_cursor_count(db), 3, "three run");
	is_ok(query_end(three), "ended before it ran");
	is_ok(query_end(one), "ended in the middle");
	ok(query_start(db, NULL, first) == one, "and used again");
	ok(query_next(one) && query_int(one, 0) == 1, "from the start");
	while (query_next(two))
		;
	ok(!query_next(two), "after the end there is no more");
	is_ok(query_end(two), "ended");
	is_ok(query_end(one), "ended");
	eq_int(db_cursor_count(db), 0, "none runs");
	eq_int(db_query_count(db) - before, 3, "each start is counted");
}

static bool after_some(void *arg)
{
	return ++*(int *)arg >= 3;
}

static const char endless[] = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
			      "SELECT count(*) FROM n";

static void *interrupt_soon(void *arg)
{
	usleep(50000);
	db_interrupt(arg);
	return NULL;
}

static void test_stopping(struct core *core)
{
	struct db *db = core->db;
	pthread_t thread;
	int asked = 0;

	db_on_progress(db, after_some, &asked);
	eq_int(run(db, endless), E_CANCEL, "stopped by the one who was asked");
	eq_int(asked, 3, "at the third time");
	asked = 0;
	is_ok(db_begin(db), "begin");
	is_ok(run(db, "INSERT INTO t (x) VALUES ('d')"), "a row");
	eq_int(run(db, endless), E_CANCEL, "stopped in a transaction");
	db_rollback(db);
	ok(!db_in_transaction(db), "which is rolled back all the same");
	db_on_progress(db, NULL, NULL);
	eq_int(number(db, "SELECT count(*) FROM t"), 3, "without its row");
	if (pthread_create(&thread, NULL, interrupt_soon, db) == 0) {
		eq_int(run(db, endless), E_CANCEL, "stopped from another thread");
		pthread_join(thread, NULL);
	}
	is_ok(run(db, "SELECT 1"), "the next query runs");
}

static bool holds(arena *a, str path, str needle)
{
	FILE *f = fopen(arena_cstr(a, path), "rb");
	char *p = arena_alloc(a, 1 << 20);
	size_t n = f ? fread(p, 1, 1 << 20, f) : 0;

	if (f)
		fclose(f);
	return str_find((str){ p, n }, needle) != STR_NONE;
}

static void test_upkeep(struct core *core, struct core *reader, arena *a)
{
	struct db *db = core->db;
	struct core copy = { 0 };
	str *messages = NULL;
	int64_t size = 0, before;
	size_t n = 7;

	is_ok(db_integrity(db, a, &messages, &n), "looked over");
	eq_int(n, 0, "nothing is wrong");
	is_ok(db_exec(db, "PRAGMA foreign_keys = OFF; INSERT INTO t VALUES (9, 'z', 99);"
			  "PRAGMA foreign_keys = ON"),
	      "a row without its parent");
	is_ok(db_integrity(db, a, &messages, &n), "looked over");
	ok(n == 1 && str_eq(messages[0], S("t: row 9 has no parent")), "it is found");
	is_ok(run(db, "DELETE FROM t WHERE id = 9"), "and away");

	before = db_query_count(reader->db);
	is_ok(db_vacuum_into(db, file(a, "copy.db")), "copied by the writer");
	eq_int(db_vacuum_into(db, file(a, "copy.db")), E_CONFLICT, "never over a file");
	eq_int(db_vacuum_into(db, file(a, "none/copy.db")), E_NOTFOUND, "no such folder");
	is_ok(db_vacuum_into(reader->db, file(a, "copy2.db")), "copied by a reader");
	eq_int(db_query_count(reader->db), before, "upkeep is not counted as a query");
	eq_int(run(reader->db, "DELETE FROM t"), E_DENIED, "which is a reader still");
	eq_int(number(reader->db, "PRAGMA query_only"), 1, "in both ways");
	eq_int(run(db, "ATTACH ':memory:' AS x"), E_DENIED, "and the writer attaches nothing");
	ok(access(arena_cstr(a, file(a, "copy.db.partial")), F_OK) != 0, "nothing half is left");
	is_ok(core_open_readonly(file(a, "copy2.db"), &copy), "the copy is a core");
	eq_int(number(copy.db, "SELECT count(*) FROM t"), 3, "with its rows");
	core_close(&copy);

	is_ok(run(db, "INSERT INTO t (x) VALUES ('a secret name')"), "a secret");
	is_ok(db_checkpoint_truncate(db), "in the file");
	ok(holds(a, file(a, "core.db"), S("a secret name")), "can be found there");
	is_ok(run(db, "DELETE FROM t WHERE x = 'a secret name'"), "deleted");
	is_ok(db_begin(reader->db), "while somebody reads");
	eq_int(number(reader->db, "SELECT count(*) FROM t"), 3, "(reads)");
	is_ok(db_begin(db), "and");
	is_ok(run(db, "UPDATE t SET x = 'aa' WHERE id = 1"), "another writes");
	is_ok(db_commit(db), "the WAL is needed");
	sqlite3_busy_timeout(db->h, 50);
	eq_int(db_checkpoint_truncate(db), E_BUSY, "so it stays");
	is_ok(db_commit(reader->db), "the reader has done");
	is_ok(db_checkpoint_truncate(db), "now it goes");
	ok(!holds(a, file(a, "core.db"), S("a secret name")) &&
		   !holds(a, file(a, "core.db-wal"), S("a secret name")),
	   "the secret is nowhere");
	eq_int(db_checkpoint_truncate(reader->db), E_DENIED, "a reader does not checkpoint");
	is_ok(db_size(db, &size), "the size");
	ok(size > 4096 && size % 4096 == 0, "is whole pages");
}

static void test_damage(arena *a)
{
	struct core core = { 0 };
	str *messages, junk = { arena_alloc(a, 4096), 4096 };
	size_t n = 0;
	int fd;

	is_ok(core_open(file(a, "bad.db"), &core), "a database");
	is_ok(db_exec(core.db,
		      "CREATE TABLE t (x TEXT); CREATE INDEX i ON t (x);"
		      "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 500)"
		      "INSERT INTO t SELECT printf('text %d', i) FROM n"),
	      "with rows");
	core_close(&core);
	fd = open(arena_cstr(a, file(a, "bad.db")), O_WRONLY);
	ok(pwrite(fd, junk.p, junk.n, 4096) == 4096, "a page is lost");
	close(fd);
	is_ok(core_open_readonly(file(a, "bad.db"), &core), "it opens");
	is_ok(db_integrity(core.db, a, &messages, &n), "looked over");
	ok(n > 0, "and found: %" STR_F, STR_A(n ? messages[0] : S("")));
	ok(n && !memchr(messages[0].p, '\n', messages[0].n), "one finding a message");
	eq_int(run(core.db, "SELECT sum(length(x)) FROM t NOT INDEXED"), E_DB,
	       "reading it fails in words");
	core_close(&core);
}

static void remove_folder(arena *a)
{
	static const char *const names[] = {
		"core.db",    "other.db",  "marked.db", "bare.db", "text.db",
		"copy.db",    "copy2.db",  "bad.db",    "full.db", "file:x?mode=memory",
		"bad.db-wal", "bad.db-shm"
	};

	for (size_t i = 0; i < COUNT_OF(names); i++)
		unlink(arena_cstr(a, file(a, names[i])));
	ok(rmdir(folder) == 0, "no other file was left behind");
}

int main(void)
{
	arena *a = arena_new();
	struct core core = { 0 }, reader = { 0 }, other = { 0 };

	if (!mkdtemp(folder))
		return 1;
	test_open(a);
	is_ok(core_open(file(a, "core.db"), &core), "opened again");
	is_ok(fill(&core), "with rows");
	is_ok(core_open_readonly(file(a, "core.db"), &reader), "and a reader");
	test_authoriser(&core, &reader);
	test_errors(&core, &other, a);
	test_transactions(&core, &reader);
	test_cache(&core);
	test_stopping(&core);
	test_upkeep(&core, &reader, a);
	core_close(&reader);
	core_close(&core);
	test_damage(a);
	remove_folder(a);
	arena_free(a);
	return tap_done();
}
