/*
 * The head of an HTTP/1 request, read strictly by RFC 9112 and RFC 9110: one way to read it or none.
 * A head that two programs could read in two ways is how requests are smuggled past a proxy, so what
 * the RFCs let a server forgive (bare LF, white space around names, folded lines, repeated lengths)
 * is refused here.
 *
 * Two steps, so that bytes may come in pieces: head_find looks for the end, head_parse reads the whole.
 * Both answer 0 for "more bytes wanted", HEAD_WHOLE, or the status to refuse the request with; after a
 * refusal the connection has to close, since nobody knows where the next request would start.
 */
#ifndef HTTP_HEAD_H
#define HTTP_HEAD_H

#include "http/http.h"

enum {
	HEAD_WHOLE = 200,
	HEAD_TARGET_MAX = 8 * 1024,
	HEAD_FIELDS_MAX = 16 * 1024, /* bytes of all header lines with their line ends */
	HEAD_FIELDS_COUNT = 100,
	HEAD_LINE_MAX = HEAD_TARGET_MAX + 64, /* request line: method, target, version */
	HEAD_MAX = HEAD_LINE_MAX + HEAD_FIELDS_MAX,
};

/* How far the search has come; starts as zeroes. */
struct head_search {
	size_t at;     /* bytes looked at */
	size_t line;   /* where the line under way starts */
	size_t fields; /* where the header lines start; 0 within the request line */
};

/* Everything in here is a view into the bytes that were parsed. */
struct head {
	enum http_method method;
	str target; /* origin form: starts with '/', visible ASCII */
	str host;   /* name and port as sent; empty only with HTTP/1.0 */
	int minor;  /* HTTP/1.minor */
	bool close; /* the client wants the connection closed afterwards */
	struct http_header fields[HEAD_FIELDS_COUNT];
	size_t fields_n;
};

/* BYTES are all that came since the head began, the ones already looked at included. *RET_N is the
 * length of the head. A request line that is wrong is refused as soon as it is there. */
MUST int head_find(struct head_search *search, str bytes, size_t *ret_n);

/* BYTES are one head as head_find measured it. On a refusal *RET is undefined. */
MUST int head_parse(str bytes, struct head *ret);

#endif
