/*
 * In the server: makes the files that videos wait for, one at a time, on a thread of its own. That thread touches no
 * database; what these calls do with the store is done on the caller's, which is the one that writes.
 */
#ifndef APP_MAKER_H
#define APP_MAKER_H

#include "base/base.h"

struct core;
struct maker;

struct maker *maker_new(str data);

/* To be called now and then: stores what was made, tells how far the next one is, begins another. *RET_MOVED: readers
 * are to be told. Answers after how many milliseconds it wants to be called again at the latest. */
int maker_tend(struct maker *m, struct core *core, bool *ret_moved);

/* After a command: what is being made for a video that is gone is ended and deleted before this returns. */
void maker_settle(struct maker *m, struct core *core);

/* Ends what is under way; it is made when a server starts again. NULL is nothing. */
void maker_stop(struct maker *m, struct core *core);

#endif
