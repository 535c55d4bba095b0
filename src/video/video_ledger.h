/*
 * The ledger of withdrawals, DATA/withdrawn: a line a video, code, day and reason with tabs between. It
 * stands beside the databases because a restore replaces these: what was withdrawn after the backup was
 * made is withdrawn again.
 */
#ifndef VIDEO_VIDEO_LEDGER_H
#define VIDEO_VIDEO_LEDGER_H

#include "base/base.h"
#include "db/db.h"

/* A file of the data directory. */
char *video_path(arena *a, str data, const char *name);

/* What stands behind /v/: letters and digits of base32. */
bool video_code_is_one(str code);

/* On the disk when it returns OK. A code that is in it already is not written twice. */
MUST enum err video_ledger_add(str data, arena *a, str code, str dated, str reason);

/* Erases CODE from the core and its files from DATA/media, in a transaction of its own. *RET_KNOWN: there
 * was such a video. */
MUST enum err video_erase(struct core *core, arena *a, str data, str code, str dated, str reason,
			  bool *ret_known);

#endif
