/*
 * The schema of a database, forward only. Migration N is a file db/migrations/NNNN_name.sql, embedded
 * in the program, and user_version in the file's header is the number of the last one that ran.
 */
#ifndef DB_MIGRATE_H
#define DB_MIGRATE_H

#include "db/db.h"

struct migration {
	int number; /* from 1, without gaps */
	str name;
	str sql;
};

struct db_version {
	int file;    /* the last migration that the file has had; 0: none */
	int program; /* the last one that the program knows */
};

/* What a command that only reads asks before it reads: the two must be equal. */
MUST enum err db_version_get(struct db *db, const struct migration *all, size_t n,
			     struct db_version *ret);

/*
 * Runs the pending ones of ALL (in order of number), each in one transaction together with its number,
 * so that a kill leaves the state before or after it. Foreign keys are off while one runs and checked
 * before it is committed, as rebuilding a table needs (https://sqlite.org/lang_altertable.html).
 *
 * A file that holds something is first copied to PATH.before-N.backup, N being the first pending
 * migration and PATH the file of DB. It takes the place of one that an earlier attempt left.
 *
 * E_CONFLICT when the file is newer than the program: db_version_get says by how much. E_DB when a
 * migration fails: db_message names it.
 */
MUST enum err db_migrate(struct db *db, const struct migration *all, size_t n, str path);

#endif
