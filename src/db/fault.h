/*
 * For the fault tests: makes SQLite's n-th allocation, or its n-th write to a file, fail. A test runs
 * the same work with n = 1, 2, 3 ... until nothing was left to fail, and looks each time: either the
 * call said OK and the rows are whole, or it said what went wrong and the rows are as before.
 *
 *     for (long n = 1, hit = 1; hit; n++) {
 *             db_fault_memory_at(n);
 *             e = work();
 *             hit = db_fault_memory_at(0);
 *             ...
 *     }
 *
 * Off until installed. What is counted is of the whole process: one thread, please.
 */
#ifndef DB_FAULT_H
#define DB_FAULT_H

#include "base/base.h"

/* Before the first connection is opened; otherwise E_DB. */
MUST enum err db_fault_memory_install(void);

/* The Nth allocation from now fails (1 is the next), once; 0 switches it off. Answers how many have
 * failed since the last call. */
long db_fault_memory_at(long n);

/* Bytes that SQLite holds: equal before and after, or something leaks. */
int64_t db_fault_memory_used(void);

enum db_fault {
	DB_FAULT_FULL, /* no space left: half of a write is done first */
	DB_FAULT_IO,   /* the disk does not answer */
};

/* Every connection opened from now on writes through the faulty file system. */
MUST enum err db_fault_file_install(void);

/* The Nth write, sync, truncation or opening of a file from now fails, and with STAYS all after it
 * too; 0 switches it off. Answers how many have failed since the last call. */
long db_fault_file_at(long n, enum db_fault what, bool stays);

#endif
