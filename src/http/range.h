/* The Range header (RFC 9110, 14) for files. */
#ifndef HTTP_RANGE_H
#define HTTP_RANGE_H

#include "base/base.h"

enum range {
	RANGE_WHOLE,         /* none, not understood, or too scattered: send all with 200 */
	RANGE_PARTS,         /* send the parts, with 206 */
	RANGE_UNSATISFIABLE, /* nothing of it lies in the file: 416 */
};

enum {
	RANGES_MAX = 8,        /* parts that one answer sends */
	RANGES_ASKED_MAX = 64, /* before those that touch are merged */
};

struct range_parts {
	struct range_part {
		uint64_t from, n;
	} list[RANGES_MAX];
	size_t n;
};

/*
 * VALUE is the header, SIZE the file's. Ranges that touch or overlap are merged, and parts come in the
 * order of the file: no request makes the answer longer than the file and a few heads. More parts than
 * RANGES_MAX get the whole file, as RFC 9110 14.2 allows.
 */
enum range range_parse(str value, uint64_t size, struct range_parts *ret);

#endif
