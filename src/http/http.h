/*
 * A request and its response. A handler reads struct http_req and fills struct http_res; nothing is
 * sent before it returns, so that any failure can still become an error page. Streams and files are
 * sent after it returned, by callbacks that the response carries.
 *
 * No type of libmicrohttpd is seen outside this room.
 */
#ifndef HTTP_HTTP_H
#define HTTP_HTTP_H

#include "base/base.h"
#include "text/url.h"

enum http_method {
	HTTP_OTHER,
	HTTP_GET,
	HTTP_HEAD,
	HTTP_POST,
	HTTP_PUT,
	HTTP_PATCH,
	HTTP_DELETE,
	HTTP_OPTIONS,
};

str http_method_name(enum http_method method);

struct http_header {
	str name, value;
};

struct http_cache;
struct http_reply;

struct http_req {
	enum http_method method; /* HTTP_OTHER never reaches a handler */
	str target;              /* as sent: path and query, still encoded */
	str host;                /* name and port as sent; empty only with HTTP/1.0 */
	struct url_target url;   /* the target decoded */
	const struct http_header *headers;
	size_t headers_n;
	arena *arena; /* lives until the reply is on its way; a stream keeps it to its end */
	bool gzip;    /* the client takes gzip */
	struct http_cache *cache; /* NULL: replies are not kept */
};

/* The value of the first header of that name, in any case; empty when there is none. Headers whose
 * value is not valid UTF-8 are as if not sent. */
str http_req_header(const struct http_req *req, str name);

enum {
	HTTP_HEADERS_MAX = 24,
	HTTP_BODY_MAX = 4 * 1024 * 1024, /* a page; what is longer streams */
	HTTP_HEAD_MAX = 2 * 1024,        /* all headers of a handler together; more becomes 500 */
	HTTP_STREAM_PIECE_MAX = 256 * 1024, /* what one pull may write */
};

enum http_body {
	HTTP_BODY_BUF,    /* res->body */
	HTTP_BODY_FILE,   /* res->file; Range is honoured */
	HTTP_BODY_STREAM, /* res->stream */
	HTTP_BODY_REPLY,  /* a reply made before: from the cache, an asset */
};

/*
 * An open regular file, whose parts may be asked for. The response owns FD and closes it. The handler sets
 * Content-Type, and an etag that changes with every byte: a client joins parts by it. It is never packed.
 */
struct http_file {
	int fd;
	uint64_t size;
	int64_t modified; /* seconds since 1970, sent as Last-Modified; 0: not known */
};

/*
 * A reply of any length. PULL appends the next piece to O (up to HTTP_STREAM_PIECE_MAX, some 64 kB are
 * good; it shares its thread, so it stops after a few milliseconds) and says in *RET_MORE whether
 * another follows; it is called only when the client has taken the piece before. An error cuts the
 * connection, so that the client sees that something is missing. DONE is called exactly once, whole
 * or not: the client may have gone. It may be NULL. STATE lives in the request's arena, which is
 * freed after DONE; the request itself is gone by then.
 */
struct http_stream {
	enum err (*pull)(void *state, buf *o, bool *ret_more);
	void (*done)(void *state);
	void *state;
	uint64_t size; /* bytes in all, told to the client beforehand; 0: not known */
};

struct http_res {
	int status; /* 200 at birth */
	enum http_body kind;
	buf body;
	struct http_file file;
	struct http_stream stream;
	struct http_reply *reply;
	struct http_header headers[HTTP_HEADERS_MAX];
	size_t headers_n;
	bool compress; /* the body may go as gzip */
	bool close;    /* close the connection afterwards */
	str etag;      /* without quotes; empty: none. The gzip form gets "-gz" at its end. */
	/* Kept in the cache under this address, when there is one, from its second request on, as long
	 * as the public version is this one. */
	str cache_key;
	uint64_t cache_version;
};

void http_res_init(struct http_res *res, arena *a);

/* Closes or ends what the body was going to be: before another answer, or none. */
void http_res_drop(struct http_res *res);

/* NAME is a literal; VALUE lives as long as the arena. Sets it anew when it is there. Line ends and
 * other control bytes in VALUE, which would forge a header, end the process: they are a mistake in
 * the program, never input. */
void http_res_header(struct http_res *res, const char *name, str value);

/* Answers from the cache what is kept under KEY for this client. False, and *RES untouched, when
 * there is nothing. */
bool http_res_from_cache(const struct http_req *req, str key, struct http_res *res);

/* Whether the client's If-None-Match names ETAG (without quotes), in either encoding: answer 304.
 * "*" does not count, since it asks for an answer that only the handler knows. */
bool http_etag_matches(const struct http_req *req, str etag);

#endif
