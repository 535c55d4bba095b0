/*
 * One line to stderr, for the person who runs the program. Libraries do not log: they return an
 * enum err and the caller that knows what was wanted says it. Never an address, a query, a name or
 * a text of a record: see docs/deploy.md on what a log may hold.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/base.h"

void log_info(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_quiet(bool quiet); /* log_info says nothing: for tests and --quiet */

/* What errno says, thread-safe; lives until the thread asks again. */
const char *log_errno(int number);

#endif
