#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/file.h"
#include "db/db_impl.h"

static enum err sync_path(const char *path, int flags)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | flags), rc;

	if (fd < 0)
		return file_error(errno);
	rc = fsync(fd);
	close(fd);
	return rc == 0 ? OK : file_error(errno);
}

enum err db_sync_folder(const char *path)
{
	const char *slash = strrchr(path, '/');
	size_t n = slash ? (size_t)(slash - path) + 1 : 0;
	char *folder = mem_alloc(n + 2);
	enum err e;

	memcpy(folder, n ? path : ".", n ? n : 1);
	e = sync_path(folder, O_DIRECTORY);
	mem_free(folder);
	return e;
}

/* A reader's query_only holds for the new file too, and ATTACH, which VACUUM INTO uses, is off. */
static enum err vacuum(struct db *db, const char *to)
{
	sqlite3_stmt *st = NULL;
	enum db_may before = db->may;
	int rc;

	if (db->reader)
		TRY(db_exec(db, "PRAGMA query_only = OFF"));
	db->may = DB_MAY_ALL;
	sqlite3_limit(db->h, SQLITE_LIMIT_ATTACHED, 1);
	rc = sqlite3_prepare_v2(db->h, "VACUUM INTO ?1", -1, &st, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_bind_text(st, 1, to, -1, SQLITE_STATIC);
	if (rc == SQLITE_OK)
		rc = sqlite3_step(st);
	if (rc == SQLITE_DONE)
		rc = SQLITE_OK;
	sqlite3_finalize(st);
	sqlite3_limit(db->h, SQLITE_LIMIT_ATTACHED, 0);
	db->may = before;
	enum err e = db_result(db, rc);
	if (db->reader) {
		enum err again = db_exec(db, "PRAGMA query_only = ON");

		e = e == OK ? again : e;
	}
	return e;
}

static enum err copy_to(struct db *db, const char *partial, const char *path)
{
	int fd;

	unlink(partial); /* what an interrupted copy left */
	fd = open(partial, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return errno == ENOENT || errno == ENOTDIR ? E_NOTFOUND : file_error(errno);
	close(fd);
	TRY(vacuum(db, partial));
	TRY(sync_path(partial, 0));
	if (rename(partial, path) != 0)
		return file_error(errno);
	return db_sync_folder(path);
}

enum err db_copy(struct db *db, str path, bool replace)
{
	arena *a = arena_new();
	buf partial = buf_new(a, path.n + 16);
	const char *to = arena_cstr(a, path);
	enum err e = E_CONFLICT;

	buf_printf(&partial, "%" STR_F ".partial%c", STR_A(path), 0);
	if (replace || access(to, F_OK) != 0) {
		e = copy_to(db, partial.p, to);
		if (e != OK)
			unlink(partial.p);
	} else
		db_say(db, "the file exists");
	arena_free(a);
	return e;
}

enum err db_vacuum_into(struct db *db, str path)
{
	return db_copy(db, path, false);
}

struct findings {
	arena *a;
	VEC(str) list;
};

/* integrity_check answers text of one or more lines, foreign_key_check a table and a row id. */
static void add_findings(struct findings *f, sqlite3_stmt *st)
{
	str rest = str_of((const char *)sqlite3_column_text(st, 0));

	while (rest.p) {
		str what = str_cut(&rest, '\n');
		buf line = buf_new(f->a, 4096);

		if (!what.n || str_eq(what, S("ok")) || str_starts(what, S("***")))
			continue;
		buf_put(&line, what);
		if (sqlite3_column_count(st) > 1)
			buf_printf(&line, ": row %lld has no parent", sqlite3_column_int64(st, 1));
		*vec_add(f->a, &f->list) = buf_str(&line);
	}
}

/* Adds what CHECK answers. A page that cannot be read at all is a finding too. */
static enum err find(struct db *db, struct findings *f, const char *check)
{
	sqlite3_stmt *st = NULL;
	enum db_may before = db->may;
	enum err e;
	int rc;

	db->may = DB_MAY_ALL;
	rc = sqlite3_prepare_v2(db->h, check, -1, &st, NULL);
	db->may = before;
	while (rc == SQLITE_OK && (rc = sqlite3_step(st)) == SQLITE_ROW) {
		add_findings(f, st);
		rc = sqlite3_errcode(db->h) == SQLITE_NOMEM ? SQLITE_NOMEM : SQLITE_OK;
	}
	e = db_result(db, rc);
	sqlite3_finalize(st);
	if (e == E_DB) {
		*vec_add(f->a, &f->list) = arena_str(f->a, str_of(db->message));
		e = OK;
	}
	return e;
}

enum err db_integrity(struct db *db, arena *a, str **ret_messages, size_t *ret_n)
{
	struct findings f = { .a = a };

	TRY(find(db, &f, "PRAGMA integrity_check"));
	TRY(find(db, &f, "PRAGMA foreign_key_check"));
	*ret_messages = f.list.p;
	*ret_n = f.list.n;
	return OK;
}

enum err db_checkpoint_truncate(struct db *db)
{
	if (db->reader)
		return E_DENIED;
	return db_result(
		db, sqlite3_wal_checkpoint_v2(db->h, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL));
}

enum err db_size(struct db *db, int64_t *ret)
{
	int64_t pages, size;

	TRY(db_exec_int(db, "PRAGMA page_count", &pages));
	TRY(db_exec_int(db, "PRAGMA page_size", &size));
	*ret = pages * size;
	return OK;
}
