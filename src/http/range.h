/* The Range header (RFC 9110, 14) for files. */
#ifndef HTTP_RANGE_H
#define HTTP_RANGE_H

#include "base/base.h"

enum range {
	RANGE_WHOLE,         /* none, not understood, or too scattered: send all with 200 */
	RANGE_PART,          /* send *ret_from, *ret_n bytes, with 206 */
	RANGE_UNSATISFIABLE, /* nothing of it lies in the file: 416 */
};

enum { RANGES_MAX = 8 };

/*
 * VALUE is the header, SIZE the file's. Ranges that touch or overlap are merged. What is left in more
 * than one piece would need a multipart answer, which no player asks for; it and more than
 * RANGES_MAX ranges get the whole file, as RFC 9110 14.2 allows.
 */
enum range range_parse(str value, uint64_t size, uint64_t *ret_from, uint64_t *ret_n);

#endif
