/* The response headers that protect readers: one set for each class of page, no page without. */
#ifndef WEB_HEADERS_H
#define WEB_HEADERS_H

#include "http/http.h"

enum header_class {
	HEADERS_HTML,
	HEADERS_EMBED, /* a page that any site may frame: no script, no form */
	HEADERS_JSON,
	HEADERS_CSV,
	HEADERS_TEXT,
	HEADERS_ASSET,
	HEADERS_COUNT_
};

/* The rows of CLASS, without Content-Type and Cache-Control; *RET_N of them, at most HEADERS_MAX. */
enum { HEADERS_MAX = 12 };
const struct http_header *headers_of(enum header_class which, bool https, size_t *ret_n);

void headers_put(struct http_res *res, enum header_class which, bool https);

#endif
