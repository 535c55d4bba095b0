/* What a file is by its first bytes. */
#ifndef JOB_FORMAT_H
#define JOB_FORMAT_H

#include "job/table.h"

enum { FORMAT_HEAD = 4096 }; /* bytes worth looking at */

/* The format of a file that starts with HEAD; for TABLE_NONE a reason that names what it looks like. */
enum table_format format_of(str head, const char **ret_reason);

#endif
