/*
 * The HTTP server: libmicrohttpd's epoll threads, one a core, behind the gate (gate.h). Loopback by
 * default; on the open internet a proxy stands in front (docs/deploy.md). It logs no address and no
 * query, and never will: who read what is nobody's business.
 */
#ifndef HTTP_SERVER_H
#define HTTP_SERVER_H

#include "http/assets.h"
#include "http/cache.h"
#include "http/http.h"

struct http_server;

struct http_config {
	str address;          /* numeric; empty: 127.0.0.1 */
	uint16_t port;        /* 0: any that is free */
	unsigned threads;     /* 0: one for each core this process may use */
	unsigned connections; /* 0: 12,000, or what the limit on open files leaves */
	unsigned timeout;     /* seconds for a whole head, and between two requests; 0: 20 */
	unsigned streams;     /* under way at once; 0: 64 */
	/* Names that Host may have, without port; none: any. A page of another site that a browser
	 * was tricked into resolving to this machine then gets 421. */
	const str *hosts;
	size_t hosts_n;
	/* Answers one request, on one of the threads. */
	void (*handle)(void *ctx, const struct http_req *req, struct http_res *res);
	void *ctx;
	struct http_cache *cache;   /* may be NULL; the caller's, freed after the stop */
	struct http_assets *assets; /* likewise */
	const struct http_header
		*refusal_headers; /* on 400 and its like, made before any handler */
	size_t refusal_headers_n;
};

/* Copies nothing: what CONFIG points to outlives the server. The caller ignores SIGPIPE.
 * E_BUSY: the port is in use. E_DENIED: it is one that only root may take. E_INVALID: not an address of
 * this machine. E_IO: anything else, in log_errno's words in errno. */
MUST enum err http_server_start(const struct http_config *config, struct http_server **ret);

uint16_t http_server_port(const struct http_server *s);

/* Takes no more connections, waits until the replies under way are sent but at most WAIT_MS, then
 * closes what is left and frees. */
void http_server_stop(struct http_server *s, unsigned wait_ms);

struct http_stats {
	uint64_t requests, refused,
		unmatched; /* unmatched: without a head from the gate; stays 0 */
	unsigned running, streams;
};
struct http_stats http_server_stats(const struct http_server *s);

#endif
