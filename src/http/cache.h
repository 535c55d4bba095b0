/*
 * The reply cache: whole replies, compressed or not, by canonical address. A reply is kept from the
 * second request of its address on, so that a robot that walks every combination of filters once
 * throws nothing out. All replies belong to one public version; when that moves, all go.
 *
 * Any thread may call anything here. Look-ups take one of SHARDS locks for a few dozen instructions.
 */
#ifndef HTTP_CACHE_H
#define HTTP_CACHE_H

#include "base/base.h"

struct http_cache;
struct http_reply;

enum { HTTP_CACHE_BYTES = 32 << 20 };

struct http_cache *http_cache_new(size_t bytes, uint64_t version);
void http_cache_free(struct http_cache *c); /* after the server has stopped; NULL is fine */

/* The public version has moved: drops every reply, and refuses those of other versions from now on. */
void http_cache_set_version(struct http_cache *c, uint64_t version);

/* The reply for KEY and encoding, with a reference for the caller; NULL when there is none. */
struct http_reply *http_cache_get(struct http_cache *c, str key, bool gzip);

/* Whether this address was asked for before, so that its reply is worth keeping. Notes that it was. */
bool http_cache_wants(struct http_cache *c, str key, bool gzip);

/* Keeps a reference to REPLY of its own under the key it was made with, unless VERSION is not the present
 * one, it is too big, or the key has a reply. A reply is put once. */
void http_cache_put(struct http_cache *c, uint64_t version, struct http_reply *reply);

struct http_cache_stats {
	uint64_t hits, misses, evicted;
	size_t replies, bytes;
};
struct http_cache_stats http_cache_stats(struct http_cache *c);

#endif
