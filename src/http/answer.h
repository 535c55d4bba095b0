/* From a request to its reply: what the server's files share. For this room alone. */
#ifndef HTTP_ANSWER_H
#define HTTP_ANSWER_H

#include <pthread.h>

#include "http/encoding.h"
#include "http/gate.h"
#include "http/reply.h"
#include "http/server.h"

struct http_server {
	struct http_config config;
	struct MHD_Daemon *daemon;
	int listener;
	uint16_t port;
	pthread_key_t worker;
	atomic_bool closing;
	atomic_uint running, streams;
	_Atomic uint64_t requests, refused, unmatched;
};

/* What each thread keeps for itself. */
struct worker {
	arena *a;
	struct gzip *z, *z_long; /* z_long: NULL until it is needed */
};

/* One request on its way to its reply. */
struct exchange {
	struct http_server *s;
	struct MHD_Connection *connection;
	const struct gate_head *head;
	struct worker *worker;
	struct http_req req;
	struct http_res *res; /* once a handler has to be asked */
};

/* Answers x->head: finds or makes the reply and queues it. */
enum MHD_Result answer(struct exchange *x);

/* The response for a file body, and its status: whole, parts, 304 or 416. The file is its own from here on,
 * also when it is NULL: no memory. */
struct MHD_Response *file_response(struct exchange *x, int *ret_status);

#endif
