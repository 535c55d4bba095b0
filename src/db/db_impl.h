/* What the files of this room share. */
#ifndef DB_DB_IMPL_H
#define DB_DB_IMPL_H

#include <sqlite3.h>

#include "db/query.h"

/* What the authoriser lets through when a statement is prepared. */
enum db_may {
	DB_MAY_READ,   /* SELECT, BEGIN, COMMIT, ROLLBACK */
	DB_MAY_WRITE,  /* and INSERT, UPDATE, DELETE */
	DB_MAY_SCHEMA, /* a migration: everything but transactions, ATTACH, PRAGMA and extensions */
	DB_MAY_ALL,    /* this room's own statements */
};

enum { DB_BUCKETS = 64 };

struct query {
	struct query *next; /* in its bucket */
	struct db *db;
	arena *a; /* what is read is copied into it; NULL: views */
	const char *sql;
	sqlite3_stmt *st; /* NULL: not prepared, or could not be */
	enum { QUERY_IDLE, QUERY_RUNNING, QUERY_DONE, QUERY_ENDED } state;
	enum err err;
	int rows;
};

struct db {
	sqlite3 *h;
	enum db_may may;
	bool reader, in_memory;
	bool (*stop)(void *);
	void *stop_arg;
	int64_t query_count;
	struct query *buckets[DB_BUCKETS];
	char message[256];
};

/* Maps a result of SQLite to enum err. When it is a failure, also keeps its message. */
MUST enum err db_result(struct db *db, int rc);

/* Keeps a message of our own for db_message. */
void db_say(struct db *db, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Runs SQL of this room that answers nothing, with the authoriser out of the way. */
MUST enum err db_exec(struct db *db, const char *sql);

/* The one number that SQL answers. */
MUST enum err db_exec_int(struct db *db, const char *sql, int64_t *ret);

/* Ends every running cursor: its transaction ends. */
void query_end_all(struct db *db);
void query_free_all(struct db *db);

/* Flushes the folder that PATH stands in, so that a new name in it survives a power cut. */
MUST enum err db_sync_folder(const char *path);

/* db_vacuum_into; REPLACE takes the place of a file that is there. */
MUST enum err db_copy(struct db *db, str path, bool replace);

#endif
