/*
 * What the code that tools/sqlc makes of the .sql files calls. Nothing else calls it but this room:
 * SQL stands in .sql files, where it is checked while the program is built (docs/queries.md).
 *
 * The error of a query is sticky: starting, binding and reading return nothing, query_next answers
 * false after a failure, and query_end says how it went.
 */
#ifndef DB_QUERY_H
#define DB_QUERY_H

#include "db/db.h"

struct query; /* a prepared statement in use */

struct db_int {
	bool null;
	int64_t v;
};

struct db_real {
	bool null;
	double v;
};

/* SQL is a static text: its address is the key under which the prepared statement is kept and used
 * again. A query that is still running gets a second statement. Text that the query reads is copied
 * into A; with A == NULL it is a view that lives until the next call on the query. Never NULL. */
struct query *query_start(struct db *db, arena *a, const char *sql);

/* Parameter I counts from 1. Text and bytes are not copied: they must live until query_end. */
void query_bind_int(struct query *q, int i, int64_t v);
void query_bind_int_null(struct query *q, int i, struct db_int v);
void query_bind_real(struct query *q, int i, double v);
void query_bind_real_null(struct query *q, int i, struct db_real v);
void query_bind_text(struct query *q, int i, str v);
void query_bind_text_null(struct query *q, int i, str v); /* p == NULL is NULL */
void query_bind_blob(struct query *q, int i, str v);
void query_bind_blob_null(struct query *q, int i, str v);

/* True when there is a row (more). */
bool query_next(struct query *q);

/* Whether something has failed so far, as reading the row just now may have. */
bool query_failed(const struct query *q);

/* Column I counts from 0. A NULL where none may be fails the query with E_DB. */
int64_t query_int(struct query *q, int i);
struct db_int query_int_null(struct query *q, int i);
double query_real(struct query *q, int i);
struct db_real query_real_null(struct query *q, int i);
str query_text(struct query *q, int i); /* p is never NULL */
str query_text_null(struct query *q, int i);
str query_blob(struct query *q, int i);
str query_blob_null(struct query *q, int i);

/* Ends the query and gives it back to the cache. E_CONFLICT: a constraint of the schema forbids it. */
MUST enum err query_end(struct query *q);

/* The same for a query of at most one row: E_NOTFOUND when there was none, E_DB when there are more. */
MUST enum err query_end_one(struct query *q);

/* Runs a query that answers no rows, and ends it. RET: rows inserted, updated or deleted. */
MUST enum err query_run(struct query *q);
MUST enum err query_run_changes(struct query *q, int64_t *ret);

#endif
