/*
 * ZIP files of strangers (XLSX, DOCX), through libzip with the limits that make a bomb an ordinary
 * refusal: entries, size in all, ratio, names that leave the archive, names twice, archives inside,
 * encryption, links. What a file says of its sizes is checked first, and again while it is read.
 *
 * To be used in a worker.
 */
#ifndef JOB_ARCHIVE_H
#define JOB_ARCHIVE_H

#include "text/source.h"

enum {
	ARCHIVE_ENTRIES_MAX = 2000,
	ARCHIVE_TOTAL_MAX = 200 << 20, /* bytes, unpacked, in all */
	ARCHIVE_RATIO_FROM = 1 << 20,  /* from this size on ... */
	ARCHIVE_RATIO_MAX = 100, /* ... an entry may not be larger than this many times packed */
};

struct archive;

/* Opens the archive in BYTES, which must live as long as A. On failure a plain sentence stands in
 * WHY. E_INVALID: not an archive, or not an allowed one; E_TOOBIG: over a limit. */
MUST enum err archive_open(arena *a, str bytes, buf *why, struct archive **ret);

/* Is there an entry of this name? Names of parts are compared without case, as OPC wants. */
bool archive_has(const struct archive *z, str name);
/* Is there an entry whose name starts so? */
bool archive_has_folder(const struct archive *z, str prefix);

/* Unpacks one entry. The source answers E_INVALID for damaged data and E_TOOBIG over a limit. It
 * lives in A. E_NOTFOUND: no such entry. */
MUST enum err archive_part(arena *a, struct archive *z, str name, struct source *ret);

#endif
