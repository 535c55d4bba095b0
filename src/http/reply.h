/*
 * Replies that are made once and sent often: what the cache keeps, assets, refusals. This header is
 * for this room alone, since it knows libmicrohttpd.
 */
#ifndef HTTP_REPLY_H
#define HTTP_REPLY_H

#include <microhttpd.h>
#include <stdatomic.h>

#include "http/encoding.h"
#include "http/http.h"

struct http_reply {
	/* Its place in the cache, which alone touches these. */
	struct http_reply *older, *newer; /* in the ring of its shard */
	size_t cost;                      /* bytes of memory, about */
	struct http_reply *next;          /* in its bucket */
	uint64_t hash;
	struct MHD_Response *whole;
	struct MHD_Response *unchanged; /* the 304 of it; NULL without an etag */
	atomic_int refs;
	int status;
	uint32_t key_n, etag_n;
	bool gzip; /* the key's encoding: for clients that take gzip */
	bool used; /* since the hand of the cache came by */
	/* The key, then the etag: all that a look-up reads lies together, since of a thousand replies the
	 * next one is never in the processor's cache. */
	char text[];
};

static inline str reply_key(const struct http_reply *reply)
{
	return (str){ reply->text, reply->key_n };
}

static inline str reply_etag(const struct http_reply *reply)
{
	return (str){ reply->text + reply->key_n, reply->etag_n };
}

/* What a body turned into bytes goes out as. */
struct reply_body {
	str bytes;
	enum packing packing;
	bool lasting; /* they live as long as the program: not copied */
};

/* A response with the headers of RES for BODY. NULL when libmicrohttpd has no memory. */
struct MHD_Response *response_of(const struct http_res *res, arena *a, struct reply_body body);

/* Its 304: the headers that RFC 9110 15.4.5 wants, nothing else. */
struct MHD_Response *response_unchanged(const struct http_res *res, arena *a, enum packing packing);

/* Puts the headers of RES onto a response of any kind. */
void response_headers(struct MHD_Response *r, const struct http_res *res, arena *a,
		      enum packing packing);

/* Made with one reference, the caller's. Its key is that of RES, for clients that take gzip or not.
 * NULL as above. */
struct http_reply *reply_new(const struct http_res *res, arena *a, struct reply_body body,
			     bool gzip);
void reply_ref(struct http_reply *reply);
void reply_unref(struct http_reply *reply);

#endif
