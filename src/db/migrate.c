#include "db/db_impl.h"
#include "db/migrate.h"

enum err db_version_get(struct db *db, const struct migration *all, size_t n,
			struct db_version *ret)
{
	int64_t version;

	TRY(db_exec_int(db, "PRAGMA user_version", &version));
	*ret = (struct db_version){ .file = (int)version, .program = n ? all[n - 1].number : 0 };
	return OK;
}

static enum err run_statements(struct db *db, str sql)
{
	enum db_may before = db->may;
	char *text = mem_alloc(sql.n + 1);
	int rc;

	memcpy(text, sql.p, sql.n);
	db->may = DB_MAY_SCHEMA;
	rc = sqlite3_exec(db->h, text, NULL, NULL, NULL);
	db->may = before;
	mem_free(text);
	return db_result(db, rc);
}

static enum err check_parents(struct db *db)
{
	int64_t orphans;

	TRY(db_exec_int(db, "SELECT count(*) FROM pragma_foreign_key_check", &orphans));
	if (!orphans)
		return OK;
	db_say(db, "it leaves %lld rows without their parent", (long long)orphans);
	return E_DB;
}

static enum err run_one(struct db *db, const struct migration *m)
{
	char mark[64];

	TRY(run_statements(db, m->sql));
	TRY(check_parents(db));
	snprintf(mark, sizeof mark, "PRAGMA user_version = %d", m->number);
	return db_exec(db, mark);
}

static enum err in_transaction(struct db *db, const struct migration *m)
{
	enum err e;

	TRY(db_begin(db));
	e = run_one(db, m);
	if (e != OK) {
		arena *a = arena_new();

		db_say(db, "migration %d %" STR_F ": %" STR_F, m->number, STR_A(m->name),
		       STR_A(arena_str(a, str_of(db->message))));
		arena_free(a);
	}
	return db_finish(db, e);
}

static enum err foreign_keys(struct db *db, int on)
{
	return db_result(db, sqlite3_db_config(db->h, SQLITE_DBCONFIG_ENABLE_FKEY, on, NULL));
}

static enum err back_up(struct db *db, str path, int first)
{
	arena *a = arena_new();
	buf name = buf_new(a, path.n + 64);
	enum err e;

	buf_printf(&name, "%" STR_F ".before-%d.backup", STR_A(path), first);
	e = db_copy(db, buf_str(&name), true);
	arena_free(a);
	return e;
}

enum err db_migrate(struct db *db, const struct migration *all, size_t n, str path)
{
	struct db_version v;
	enum err e = OK, keys;

	TRY(db_version_get(db, all, n, &v));
	if (v.file > v.program) {
		db_say(db, "the file has version %d, the program %d", v.file, v.program);
		return E_CONFLICT;
	}
	while (n && all[0].number <= v.file)
		all++, n--;
	if (n && v.file > 0)
		TRY(back_up(db, path, all[0].number));
	TRY(foreign_keys(db, 0));
	for (size_t i = 0; i < n && e == OK; i++)
		e = in_transaction(db, &all[i]);
	keys = foreign_keys(db, 1);
	return e == OK ? keys : e;
}
