/*
 * The two databases of a data directory, and the only room that includes <sqlite3.h>.
 *
 * core.db holds everything, drafts and people too; public.db holds published rows alone. A connection
 * is handed out as one of three types that do not convert into each other, and every query takes
 * exactly one of them: a page that could show a draft does not compile.
 *
 *     struct core     core.db: commands, editors' pages, the publisher's reading side
 *     struct publish  public.db, to write: the publisher alone
 *     struct public   public.db, to read: what readers' pages get
 *
 * A connection belongs to one thread at a time; only db_interrupt may come from another. Exactly one
 * connection in all processes writes a file, and only it checkpoints: SQLite before 3.51.3 can
 * damage a WAL that two connections write and checkpoint at once (https://sqlite.org/wal.html).
 */
#ifndef DB_DB_H
#define DB_DB_H

#include "base/base.h"

struct db; /* one connection with its cache of prepared statements */
struct snapshot;

struct core {
	struct db *db;
};

struct publish {
	struct db *db;
};

struct public
{
	struct db *db;
	const struct snapshot *snapshot; /* the index that belongs to these rows; not set here */
};

/*
 * Opening. The two that write create the file (mode 0600) when it is absent and mark it as ours; the
 * two that read can do nothing but SELECT, and the authoriser refuses the rest when it is prepared.
 *
 * E_NOTFOUND: no such file, or for a writer no such folder. E_IO: it cannot be opened. E_DB: it is not
 * a database, or damaged. E_CONFLICT: it is the database of something else, or the other one of
 * ours; nothing was written to it. E_BUSY: somebody holds it.
 */
MUST enum err core_open(str path, struct core *ret);
MUST enum err core_open_readonly(str path, struct core *ret);
MUST enum err publish_open(str path, struct publish *ret);
MUST enum err public_open(str path, struct public *ret);
/* A copy of core.db in memory, to try things on: nothing of it ever reaches the file. */
MUST enum err core_open_copy(str path, struct core *ret);
void core_close(struct core *core); /* a zeroed struct is fine */
void publish_close(struct publish *publish);
void public_close(struct public *public);

/* For tests: a database without a file, to the two functions that write. */
#define DB_MEMORY S(":memory:")

/*
 * Transactions. A writer's begins with the write lock (BEGIN IMMEDIATE), a reader's with its first
 * read, and then sees one state of the file until it ends. They do not nest. A cursor does not
 * outlive its transaction: it is ended, and its _close answers E_DB.
 *
 *     TRY(db_begin(db));
 *     return db_finish(db, work(core));
 */
MUST enum err db_begin(struct db *db);
MUST enum err db_commit(struct db *db); /* a failure has rolled back: nothing is left open */
void db_rollback(struct db *db);        /* outside a transaction it does nothing */
/* Commits when E is OK; otherwise rolls back and answers E. */
MUST enum err db_finish(struct db *db, enum err e);
bool db_in_transaction(const struct db *db);

/* The latest error of this connection in English, for a log: names of tables and columns, never a
 * value. "" when there was none. Lives until the next error. */
const char *db_message(const struct db *db);

/* Stops what runs on DB now, from any thread: it answers E_CANCEL. DB must not be closed meanwhile. */
void db_interrupt(struct db *db);

/* STOP is asked every few thousand steps of a statement, on the thread that runs it; when it answers
 * true the statement answers E_CANCEL. NULL takes it away. */
void db_on_progress(struct db *db, bool (*stop)(void *), void *arg);

/* Queries begun since the connection was opened: a page's budget is a difference of two of these. */
int64_t db_query_count(const struct db *db);

/* Cursors opened and not yet closed. 0 after every request, or a page has forgotten one. */
size_t db_cursor_count(const struct db *db);

/*
 * Upkeep. None of it within a transaction.
 */

/* A whole, compact copy of the database, safe beside a running writer, from either kind of connection.
 * Written beside PATH as PATH.partial (mode 0600) and renamed once it is on the disk, so that PATH is
 * never half a copy. E_CONFLICT when PATH exists. */
MUST enum err db_vacuum_into(struct db *db, str path);

/* What SQLite finds wrong: damaged pages, indexes that disagree, rows whose parent is missing. OK with
 * none when the database is sound; reads all of it. */
MUST enum err db_integrity(struct db *db, arena *a, str **ret_messages, size_t *ret_n);

/* Moves the WAL into the file and empties it: nothing erased is left in either. For the writing
 * connection (E_DENIED for a reader). E_BUSY when a reader still needs the WAL. */
MUST enum err db_checkpoint_truncate(struct db *db);

/* Bytes of the database without its WAL. */
MUST enum err db_size(struct db *db, int64_t *ret);

#endif
