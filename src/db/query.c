#include "db/db_impl.h"

static struct query **bucket_of(struct db *db, const char *sql)
{
	return &db->buckets[((uintptr_t)sql >> 4) % DB_BUCKETS];
}

struct query *query_start(struct db *db, arena *a, const char *sql)
{
	struct query **bucket = bucket_of(db, sql), *q = *bucket;

	while (q && (q->sql != sql || q->state != QUERY_IDLE))
		q = q->next;
	if (!q) {
		q = mem_alloc(sizeof *q);
		*q = (struct query){ .next = *bucket, .db = db, .sql = sql };
		*bucket = q;
	}
	q->state = QUERY_RUNNING;
	q->a = a;
	q->err = OK;
	q->rows = 0;
	db->query_count++;
	if (!q->st)
		q->err = db_result(db, sqlite3_prepare_v3(db->h, sql, -1, SQLITE_PREPARE_PERSISTENT,
							  &q->st, NULL));
	return q;
}

static void bound(struct query *q, int rc)
{
	if (q->err == OK)
		q->err = db_result(q->db, rc);
}

void query_bind_int(struct query *q, int i, int64_t v)
{
	if (q->err == OK)
		bound(q, sqlite3_bind_int64(q->st, i, v));
}

void query_bind_real(struct query *q, int i, double v)
{
	if (q->err == OK)
		bound(q, sqlite3_bind_double(q->st, i, v));
}

/* A parameter that nothing was bound to is NULL. */
void query_bind_int_null(struct query *q, int i, struct db_int v)
{
	if (!v.null)
		query_bind_int(q, i, v.v);
}

void query_bind_real_null(struct query *q, int i, struct db_real v)
{
	if (!v.null)
		query_bind_real(q, i, v.v);
}

void query_bind_text(struct query *q, int i, str v)
{
	if (q->err == OK)
		bound(q, sqlite3_bind_text64(q->st, i, v.p ? v.p : "", v.n, SQLITE_STATIC,
					     SQLITE_UTF8));
}

void query_bind_blob(struct query *q, int i, str v)
{
	if (q->err == OK)
		bound(q, sqlite3_bind_blob64(q->st, i, v.p ? v.p : "", v.n, SQLITE_STATIC));
}

void query_bind_text_null(struct query *q, int i, str v)
{
	if (v.p)
		query_bind_text(q, i, v);
}

void query_bind_blob_null(struct query *q, int i, str v)
{
	if (v.p)
		query_bind_blob(q, i, v);
}

/* SQLite would begin again after the last row: hence QUERY_DONE. */
bool query_next(struct query *q)
{
	int rc;

	if (q->err != OK || q->state != QUERY_RUNNING)
		return false;
	rc = sqlite3_step(q->st);
	if (rc == SQLITE_ROW) {
		q->rows++;
		return true;
	}
	q->state = QUERY_DONE;
	q->err = db_result(q->db, rc);
	return false;
}

bool query_failed(const struct query *q)
{
	return q->err != OK;
}

/* False when there is nothing to read. */
static bool present(struct query *q, int i, bool may_be_null)
{
	if (q->err != OK)
		return false;
	if (sqlite3_column_type(q->st, i) != SQLITE_NULL)
		return true;
	if (!may_be_null) {
		db_say(q->db, "column %s is NULL in: %.150s", sqlite3_column_name(q->st, i),
		       q->sql);
		q->err = E_DB;
	}
	return false;
}

int64_t query_int(struct query *q, int i)
{
	return present(q, i, false) ? sqlite3_column_int64(q->st, i) : 0;
}

struct db_int query_int_null(struct query *q, int i)
{
	if (!present(q, i, true))
		return (struct db_int){ .null = true };
	return (struct db_int){ .v = sqlite3_column_int64(q->st, i) };
}

double query_real(struct query *q, int i)
{
	return present(q, i, false) ? sqlite3_column_double(q->st, i) : 0;
}

struct db_real query_real_null(struct query *q, int i)
{
	if (!present(q, i, true))
		return (struct db_real){ .null = true };
	return (struct db_real){ .v = sqlite3_column_double(q->st, i) };
}

/* NULL from sqlite3_column_text or _blob of a value that is not NULL means that there was no memory;
 * only an empty blob is NULL by itself. */
static str taken(struct query *q, int i, const void *p)
{
	str view = { p, (size_t)sqlite3_column_bytes(q->st, i) };

	if (!p && sqlite3_errcode(q->db->h) == SQLITE_NOMEM)
		q->err = db_result(q->db, SQLITE_NOMEM);
	if (!p)
		return S("");
	return q->a ? arena_str(q->a, view) : view;
}

str query_text(struct query *q, int i)
{
	return present(q, i, false) ? taken(q, i, sqlite3_column_text(q->st, i)) : S("");
}

str query_text_null(struct query *q, int i)
{
	return present(q, i, true) ? taken(q, i, sqlite3_column_text(q->st, i)) : (str){ 0 };
}

str query_blob(struct query *q, int i)
{
	return present(q, i, false) ? taken(q, i, sqlite3_column_blob(q->st, i)) : S("");
}

str query_blob_null(struct query *q, int i)
{
	return present(q, i, true) ? taken(q, i, sqlite3_column_blob(q->st, i)) : (str){ 0 };
}

/* A statement that wrote and was left in the middle commits when it is reset, which may fail. */
enum err query_end(struct query *q)
{
	q->state = QUERY_IDLE;
	if (q->st) {
		int rc = sqlite3_reset(q->st);

		if (q->err == OK)
			q->err = db_result(q->db, rc);
		sqlite3_clear_bindings(q->st);
	}
	return q->err;
}

enum err query_end_one(struct query *q)
{
	if (q->rows == 1 && query_next(q)) {
		db_say(q->db, "more than one row from: %.200s", q->sql);
		q->err = E_DB;
	}
	TRY(query_end(q));
	return q->rows ? OK : E_NOTFOUND;
}

enum err query_run(struct query *q)
{
	query_next(q);
	return query_end(q);
}

enum err query_run_changes(struct query *q, int64_t *ret)
{
	TRY(query_run(q));
	*ret = sqlite3_changes64(q->db->h);
	return OK;
}

void query_end_all(struct db *db)
{
	for (int i = 0; i < DB_BUCKETS; i++)
		for (struct query *q = db->buckets[i]; q; q = q->next)
			if (q->state == QUERY_RUNNING) {
				sqlite3_reset(q->st);
				q->state = QUERY_ENDED;
				q->err = E_DB;
			}
}

size_t db_cursor_count(const struct db *db)
{
	size_t n = 0;

	for (int i = 0; i < DB_BUCKETS; i++)
		for (const struct query *q = db->buckets[i]; q; q = q->next)
			n += q->state != QUERY_IDLE;
	return n;
}

void query_free_all(struct db *db)
{
	for (int i = 0; i < DB_BUCKETS; i++)
		while (db->buckets[i]) {
			struct query *q = db->buckets[i];

			db->buckets[i] = q->next;
			sqlite3_finalize(q->st);
			mem_free(q);
		}
}
