/*
 * Compound files (MS-CFB), the container of XLS and other old office documents: only what is needed
 * to name what a file is and to read its title and date (MS-OLEPS). Bounded by the file's size; to be
 * used in a worker.
 */
#ifndef JOB_OLE_H
#define JOB_OLE_H

#include "job/rows.h"

struct ole;

/* BYTES must live as long as A. E_INVALID: not a compound file, or a damaged one. */
MUST enum err ole_open(arena *a, str bytes, struct ole **ret);

/* Is there a stream of this name (ASCII)? */
bool ole_has(const struct ole *o, str name);

/* Writes the title and the day of creation, where the file tells them. */
void ole_put_properties(arena *a, const struct ole *o, struct rows_out *out);

#endif
