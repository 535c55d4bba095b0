/*
 * ZIP archives, written piece by piece to whoever takes them; libarchive knows the format. Nothing is packed,
 * because films do not shrink, and everything is dated 1 January 1980, so that the same contents are the same
 * bytes anywhere. What is over 4 GB gets the fields of ZIP64.
 *
 *     struct zip *z = zip_new(a);
 *     TRY(zip_begin(z, S("talk/talk.fr.srt"), text.n, &o));
 *     TRY(zip_put(z, text, &o));
 *     TRY(zip_end(z, &o));
 */
#ifndef TEXT_ZIP_H
#define TEXT_ZIP_H

#include "base/base.h"

struct zip;
struct zip *zip_new(arena *a); /* goes with A */

/* Begins the entry NAME of BYTES bytes, which zip_put then brings in any number of pieces. NAME is ASCII, with
 * slashes. All three append to O what there is to write so far. E_INVALID: the entry before was not brought
 * whole. E_NOMEM: libarchive has no memory. O's own error is the caller's to look at. */
MUST enum err zip_begin(struct zip *z, str name, uint64_t bytes, buf *o);
MUST enum err zip_put(struct zip *z, str bytes, buf *o); /* E_INVALID: more than was announced */
MUST enum err zip_end(struct zip *z, buf *o); /* the directory, once, behind all entries */

#endif
