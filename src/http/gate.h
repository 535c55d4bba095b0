/*
 * The gate stands between the sockets and libmicrohttpd, and lets through nothing but requests that
 * head.h has read whole and found right.
 *
 * Why: Debian's libmicrohttpd 0.9.75 takes bare LF as a line end, folded header lines, two Host or
 * Content-Length headers, Content-Length beside a chunked body, and cuts an address at %00; by the
 * time its API shows a request most of that can no longer be seen. Two programs that read one
 * request in two ways, a proxy in front and this server, is how requests are smuggled.
 *
 * How: libmicrohttpd.so calls recv() through the dynamic symbol table, where a definition in the
 * executable comes first. Ours (gate.c) reads the socket itself, keeps a head that has not ended yet,
 * and for every whole head hands libmicrohttpd a request of our own making that says nothing but
 * "GET or HEAD, HTTP/1.0 or 1.1, close afterwards or not". The handler then takes the real head from
 * the gate, in order. So there is one parser of what strangers send, libmicrohttpd never sees a byte of
 * it, a slow head gets no new time for each byte (libmicrohttpd counts from the last request it saw),
 * and an idle connection holds no buffer.
 *
 * A head that is refused is handed on as a request too, with its status, so that its answer comes after
 * those of the requests before it; after that the connection is deaf. If recv() were ever called
 * some other way, requests would arrive without a head from the gate, and the server drops those:
 * it fails closed.
 *
 * A connection is used by one thread at a time, that of its worker in libmicrohttpd.
 */
#ifndef HTTP_GATE_H
#define HTTP_GATE_H

#include <stdatomic.h>

#include "http/head.h"

struct gate;

/* One request that has arrived. Views in HEAD live until gate_drop. */
struct gate_head {
	struct gate_head *next;
	int status; /* HEAD_WHOLE, or what to refuse it with; then the rest is empty */
	enum http_method method;
	str target, host;
	int minor;
	bool close;
	struct http_header *fields;
	size_t fields_n;
};

enum {
	GATE_FD_MAX = 65536,   /* sockets above are refused */
	GATE_WAITING_MAX = 16, /* requests sent ahead of their answers on one connection */
};

/* Takes charge of a connected socket; what recv() says of FD comes from the gate until gate_close.
 * While *CLOSING is true every request is marked to close its connection. NULL when FD is too large. */
struct gate *gate_open(int fd, const atomic_bool *closing);
void gate_close(struct gate *g); /* before FD is closed; NULL is fine */

/* The next request in order, the caller's now; NULL when there is none. */
struct gate_head *gate_take(struct gate *g);
void gate_drop(struct gate_head *head);

#endif
