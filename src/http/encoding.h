/* Content encodings: what the client takes, gzip by libdeflate for pages, brotli for assets. */
#ifndef HTTP_ENCODING_H
#define HTTP_ENCODING_H

#include "base/base.h"

enum {
	/* Smaller bodies fit one packet anyway. */
	GZIP_MIN = 512,
	/* Level 1 costs an eighth of zlib's 6 for 8 % more bytes; 12 is for what is packed once. */
	GZIP_PAGE = 1,
	/* A body of so many bytes is rare, and a long read on a slow link: 3 ms more take a tenth off it. */
	GZIP_LONG_MIN = 128 << 10,
	GZIP_LONG = 6,
	GZIP_ASSET = 12,
};

enum packing { PACKING_NONE, PACKING_GZIP, PACKING_BROTLI };

/* Whether this value of Accept-Encoding takes gzip (RFC 9110, 12.5.3): named or "*", and not with
 * q=0. No header: no. */
bool encoding_takes_gzip(str accept_encoding);

/* Whether it names brotli, "br". Browsers do over https and on loopback. */
bool encoding_takes_brotli(str accept_encoding);

struct gzip;
struct gzip *gzip_new(int level);
void gzip_free(struct gzip *z); /* NULL is fine */

/* BYTES as a gzip file; a view into Z that lives until its next use. */
str gzip_pack(struct gzip *z, str bytes);

/* BYTES as brotli of the highest quality: for what is packed once. Empty when it cannot be done. */
str brotli_pack(arena *a, str bytes);

#endif
