#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "db/db_impl.h"

/* In the header of each file, so that file(1) and we know them apart: "TRBc" and "TRBp". */
enum { CORE_ID = 0x54524263, PUBLIC_ID = 0x54524270 };

enum {
	READER_WAITS_MS = 2000,
	WRITER_WAITS_MS = 10000,
	WRITER_CACHE_KIB = 16 * 1024, /* with the usual 2 MB, 120,000 rows took a tenth longer */
	PROGRESS_STEPS = 4000,        /* of SQLite's virtual machine: well under a millisecond */
};

/* The longest value, statement and so on that any of our queries needs, with room to spare. */
static const struct {
	int what, value;
} limits[] = {
	{ SQLITE_LIMIT_LENGTH, 64 << 20 },    { SQLITE_LIMIT_SQL_LENGTH, 256 << 10 },
	{ SQLITE_LIMIT_COLUMN, 200 },         { SQLITE_LIMIT_EXPR_DEPTH, 100 },
	{ SQLITE_LIMIT_COMPOUND_SELECT, 20 }, { SQLITE_LIMIT_FUNCTION_ARG, 32 },
	{ SQLITE_LIMIT_ATTACHED, 0 },         { SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1000 },
	{ SQLITE_LIMIT_VARIABLE_NUMBER, 99 }, { SQLITE_LIMIT_TRIGGER_DEPTH, 10 },
	{ SQLITE_LIMIT_WORKER_THREADS, 0 },
};

static const struct {
	int what, value;
} config[] = {
	{ SQLITE_DBCONFIG_DEFENSIVE, 1 },   { SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0 },
	{ SQLITE_DBCONFIG_ENABLE_FKEY, 1 }, { SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0 },
	{ SQLITE_DBCONFIG_DQS_DDL, 0 },     { SQLITE_DBCONFIG_DQS_DML, 0 },
};

static const char begin_write[] = "BEGIN IMMEDIATE";
static const char begin_read[] = "BEGIN";
static const char commit[] = "COMMIT";
static const char rollback[] = "ROLLBACK";

void db_say(struct db *db, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(db->message, sizeof db->message, format, args);
	va_end(args);
}

const char *db_message(const struct db *db)
{
	return db->message;
}

/* Of a full disk SQLite tells only in some places; in the others the system's own number does. */
static enum err io_error(struct db *db, int rc)
{
	int number = sqlite3_system_errno(db->h);

	if (rc == SQLITE_IOERR_NOMEM)
		return E_NOMEM;
	return file_error(number);
}

enum err db_result(struct db *db, int rc)
{
	switch (rc & 0xff) {
	case SQLITE_OK:
	case SQLITE_ROW:
	case SQLITE_DONE: return OK;
	default: break;
	}
	db_say(db, "%s", sqlite3_errcode(db->h) == rc ? sqlite3_errmsg(db->h) : sqlite3_errstr(rc));
	switch (rc & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED: return E_BUSY;
	case SQLITE_FULL: return E_FULL;
	case SQLITE_NOMEM: return E_NOMEM;
	case SQLITE_IOERR:
	case SQLITE_CANTOPEN: return io_error(db, rc);
	case SQLITE_READONLY:
	case SQLITE_PERM: return E_IO;
	case SQLITE_CONSTRAINT: return E_CONFLICT;
	case SQLITE_INTERRUPT: return E_CANCEL;
	case SQLITE_TOOBIG: return E_TOOBIG;
	case SQLITE_AUTH: return E_DENIED;
	default: return E_DB;
	}
}

/* --- What may be prepared. */

static bool may_prepare(enum db_may may, int action, const char *what, const char *detail)
{
	switch (action) {
	case SQLITE_SELECT:
	case SQLITE_READ:
	case SQLITE_RECURSIVE: return true;
	case SQLITE_FUNCTION: return detail && strcmp(detail, "load_extension") != 0;
	case SQLITE_TRANSACTION: return may != DB_MAY_SCHEMA;
	/* SQLite asks so when a query uses json_each; a real UPDATE of it is refused in any case. */
	case SQLITE_UPDATE: return may >= DB_MAY_WRITE || !strcmp(what, "sqlite_master");
	case SQLITE_INSERT:
	case SQLITE_DELETE: return may >= DB_MAY_WRITE;
	case SQLITE_ATTACH:
	case SQLITE_DETACH: return false;
	/* ALTER TABLE ADD COLUMN asks it whether the rows fit. */
	case SQLITE_PRAGMA: return may == DB_MAY_SCHEMA && what && !strcmp(what, "quick_check");
	default: return may >= DB_MAY_SCHEMA;
	}
}

static int authorise(void *arg, int action, const char *what, const char *detail,
		     const char *database, const char *trigger)
{
	const struct db *db = arg;

	(void)database;
	(void)trigger;
	if (db->may == DB_MAY_ALL || may_prepare(db->may, action, what, detail))
		return SQLITE_OK;
	return SQLITE_DENY;
}

enum err db_exec(struct db *db, const char *sql)
{
	enum db_may before = db->may;
	int rc;

	db->may = DB_MAY_ALL;
	rc = sqlite3_exec(db->h, sql, NULL, NULL, NULL);
	db->may = before;
	return db_result(db, rc);
}

enum err db_exec_int(struct db *db, const char *sql, int64_t *ret)
{
	enum db_may before = db->may;
	sqlite3_stmt *st = NULL;
	int64_t v = 0;
	int rc;

	db->may = DB_MAY_ALL;
	rc = sqlite3_prepare_v2(db->h, sql, -1, &st, NULL);
	if (rc == SQLITE_OK && sqlite3_step(st) == SQLITE_ROW)
		v = sqlite3_column_int64(st, 0);
	if (rc == SQLITE_OK)
		rc = sqlite3_finalize(st);
	db->may = before;
	TRY(db_result(db, rc));
	*ret = v;
	return OK;
}

/* --- Opening. */

/* SQLite would make the file readable by all. A new name only: closing a second descriptor of a file
 * that a connection of this process holds open would drop that connection's locks. */
static enum err create_private(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd >= 0) {
		close(fd);
		return db_sync_folder(path);
	}
	switch (errno) {
	case EEXIST: return OK;
	case ENOENT:
	case ENOTDIR: return E_NOTFOUND;
	case ENOSPC:
	case EDQUOT: return E_FULL;
	default: return E_IO;
	}
}

static enum err set_up(struct db *db)
{
	sqlite3_busy_timeout(db->h, db->reader ? READER_WAITS_MS : WRITER_WAITS_MS);
	for (size_t i = 0; i < COUNT_OF(limits); i++)
		sqlite3_limit(db->h, limits[i].what, limits[i].value);
	for (size_t i = 0; i < COUNT_OF(config); i++)
		TRY(db_result(db, sqlite3_db_config(db->h, config[i].what, config[i].value, NULL)));
	if (db->reader)
		TRY(db_result(db,
			      sqlite3_db_config(db->h, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL)));
	return db_result(db, sqlite3_set_authorizer(db->h, authorise, db));
}

/* Nothing is written before the file has shown that it is ours, or empty. */
static enum err check_identity(struct db *db, int our_id)
{
	int64_t id, version, tables;
	char mark[64];

	TRY(db_exec_int(db, "PRAGMA application_id", &id));
	if (id == our_id)
		return OK;
	TRY(db_exec_int(db, "PRAGMA user_version", &version));
	TRY(db_exec_int(db, "SELECT count(*) FROM sqlite_schema", &tables));
	if (db->reader || id || version || tables) {
		db_say(db, "application_id is %lld", (long long)id);
		return E_CONFLICT;
	}
	snprintf(mark, sizeof mark, "PRAGMA application_id = %d", our_id);
	return db_exec(db, mark);
}

/* secure_delete overwrites what is deleted; temp_store keeps sorters off the disk: both so that what
 * is erased is nowhere. synchronous=FULL: NORMAL can lose an acknowledged commit when power fails. */
static enum err set_pragmas(struct db *db)
{
	char cache[64];
	sqlite3_stmt *st = NULL;
	bool wal;

	TRY(db_exec(
		db,
		"PRAGMA mmap_size = 0; PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY;"));
	if (db->reader)
		return db_exec(db, "PRAGMA wal_autocheckpoint = 0; PRAGMA query_only = ON;");
	TRY(db_result(db, sqlite3_prepare_v2(db->h, "PRAGMA journal_mode = WAL", -1, &st, NULL)));
	wal = sqlite3_step(st) == SQLITE_ROW && sqlite3_column_bytes(st, 0) == 3;
	TRY(db_result(db, sqlite3_finalize(st)));
	if (!wal && !db->in_memory)
		return E_IO;
	snprintf(cache, sizeof cache, "PRAGMA cache_size = -%d", WRITER_CACHE_KIB);
	TRY(db_exec(db, cache));
	return db_exec(db,
		       "PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;"
		       "PRAGMA wal_autocheckpoint = 1000; PRAGMA journal_size_limit = 16777216;");
}

/* Prepared now, because a rollback may be needed when there is no memory left. */
static enum err prepare_transactions(struct db *db)
{
	TRY(query_end(query_start(db, NULL, db->reader ? begin_read : begin_write)));
	TRY(query_end(query_start(db, NULL, commit)));
	return query_end(query_start(db, NULL, rollback));
}

static void db_close(struct db *db)
{
	if (!db)
		return;
	query_free_all(db);
	sqlite3_close(db->h);
	mem_free(db);
}

static enum err open_path(struct db *db, const char *path, int our_id)
{
	int flags = db->reader ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE, rc;

	if (!db->reader && !db->in_memory)
		TRY(create_private(path));
	rc = sqlite3_open_v2(path, &db->h, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
			     NULL);
	if (!db->h)
		return E_NOMEM;
	if ((rc & 0xff) == SQLITE_CANTOPEN && sqlite3_system_errno(db->h) == ENOENT)
		return E_NOTFOUND;
	TRY(db_result(db, rc));
	db->may = DB_MAY_ALL;
	TRY(set_up(db));
	TRY(check_identity(db, our_id));
	TRY(set_pragmas(db));
	TRY(prepare_transactions(db));
	db->may = db->reader ? DB_MAY_READ : DB_MAY_WRITE;
	db->query_count = 0;
	return OK;
}

/* The ./ keeps a relative path from being read as a URI. */
static enum err db_open(str path, int our_id, bool reader, struct db **ret)
{
	struct db *db = mem_alloc(sizeof *db);
	char *name = mem_alloc(path.n + 3);
	enum err e;

	db->reader = reader;
	db->in_memory = !reader && str_eq(path, DB_MEMORY);
	snprintf(name, path.n + 3, "%s%" STR_F,
		 db->in_memory || str_starts(path, S("/")) ? "" : "./", STR_A(path));
	e = open_path(db, name, our_id);
	mem_free(name);
	if (e == OK)
		*ret = db;
	else
		db_close(db);
	return e;
}

enum err core_open(str path, struct core *ret)
{
	return db_open(path, CORE_ID, false, &ret->db);
}

enum err core_open_readonly(str path, struct core *ret)
{
	return db_open(path, CORE_ID, true, &ret->db);
}

enum err publish_open(str path, struct publish *ret)
{
	return db_open(path, PUBLIC_ID, false, &ret->db);
}

enum err public_open(str path, struct public *ret)
{
	return db_open(path, PUBLIC_ID, true, &ret->db);
}

void core_close(struct core *core)
{
	db_close(core->db);
	core->db = NULL;
}

void publish_close(struct publish *publish)
{
	db_close(publish->db);
	publish->db = NULL;
}

void public_close(struct public *public)
{
	db_close(public->db);
	public->db = NULL;
}

/* --- Transactions. */

static int progress(void *arg)
{
	const struct db *db = arg;

	return db->stop(db->stop_arg);
}

static void watch_progress(struct db *db, bool on)
{
	sqlite3_progress_handler(db->h, PROGRESS_STEPS, on && db->stop ? progress : NULL, db);
}

enum err db_begin(struct db *db)
{
	return query_run(query_start(db, NULL, db->reader ? begin_read : begin_write));
}

enum err db_commit(struct db *db)
{
	enum err e;

	query_end_all(db);
	watch_progress(db, false); /* a stop just behind the commit would call it cancelled */
	e = query_run(query_start(db, NULL, commit));
	watch_progress(db, true);
	if (e != OK)
		db_rollback(db);
	return e;
}

/* Prepared when the connection was opened, the statement fails only when SQLite has to prepare it
 * again, as after a migration, and finds no memory: then this ends like any malloc of ours, and the
 * file is as it was. An interrupt may come at any time, and is not meant for this. */
void db_rollback(struct db *db)
{
	query_end_all(db);
	watch_progress(db, false);
	while (db_in_transaction(db)) {
		enum err e = query_run(query_start(db, NULL, rollback));

		if (e != OK && e != E_CANCEL) {
			log_error("cannot roll back: %s", db->message);
			_exit(70);
		}
	}
	watch_progress(db, true);
}

enum err db_finish(struct db *db, enum err e)
{
	if (e == OK)
		return db_commit(db);
	db_rollback(db);
	return e;
}

bool db_in_transaction(const struct db *db)
{
	return !sqlite3_get_autocommit(db->h);
}

/* --- Stopping. */

void db_interrupt(struct db *db)
{
	sqlite3_interrupt(db->h);
}

void db_on_progress(struct db *db, bool (*stop)(void *), void *arg)
{
	db->stop = stop;
	db->stop_arg = arg;
	watch_progress(db, true);
}

int64_t db_query_count(const struct db *db)
{
	return db->query_count;
}
