#define _GNU_SOURCE
#include <errno.h>
#include <sys/socket.h>

#include "http/gate.h"

enum {
	PIECE = 4096,          /* one read of a socket; most requests are a quarter of that */
	DISCARD_MAX = 1 << 20, /* of a refused request, so that its answer is not lost to a reset */
};

/* Without it the compiler clears these kilobytes for each request, before they are written anyway. */
#define WRITTEN_FIRST __attribute__((uninitialized))

struct gate {
	int fd;
	const atomic_bool *closing;
	struct head_search search;
	char *in; /* the start of a head that has not ended yet */
	size_t in_n, in_cap;
	struct gate_head *first, *last; /* whole heads that were not taken */
	struct gate_head *announce; /* the first of them that libmicrohttpd has not seen whole */
	size_t announced;           /* bytes of its announcement that were handed over */
	size_t waiting;
	bool deaf;   /* a request was refused: nothing that follows it means anything */
	bool ended;  /* the client sends no more */
	bool reused; /* a request of it was taken before */
};

/* The one table that recv() can find a connection by: it is given nothing but the number. A number is
 * its connection's from gate_open to gate_close, and the kernel gives it out again only after that. */
static _Atomic(struct gate *) gates[GATE_FD_MAX];

struct gate *gate_open(int fd, const atomic_bool *closing)
{
	struct gate *g;

	if (fd < 0 || fd >= GATE_FD_MAX)
		return NULL;
	g = mem_alloc(sizeof *g);
	g->fd = fd;
	g->closing = closing;
	atomic_store_explicit(&gates[fd], g, memory_order_release);
	return g;
}

void gate_close(struct gate *g)
{
	struct gate_head *head;

	if (!g)
		return;
	atomic_store_explicit(&gates[g->fd], NULL, memory_order_release);
	while ((head = gate_take(g)))
		gate_drop(head);
	mem_free(g->in);
	mem_free(g);
}

struct gate_head *gate_take(struct gate *g)
{
	struct gate_head *head = g->first;

	if (!head)
		return NULL;
	g->first = head->next;
	if (!g->first)
		g->last = NULL;
	if (g->announce == head)
		g->announce = NULL;
	g->waiting--;
	g->reused = true;
	return head;
}

void gate_drop(struct gate_head *head)
{
	mem_free(head);
}

static void enqueue(struct gate *g, struct gate_head *head)
{
	if (g->last)
		g->last->next = head;
	else
		g->first = head;
	g->last = head;
	if (!g->announce) {
		g->announce = head;
		g->announced = 0;
	}
	g->waiting++;
}

static void refuse(struct gate *g, int status)
{
	struct gate_head *head = mem_alloc(sizeof *head);

	head->status = status;
	head->method = HTTP_GET;
	head->minor = 1;
	head->close = true;
	g->deaf = true;
	mem_free(g->in);
	g->in = NULL;
	g->in_n = g->in_cap = 0;
	enqueue(g, head);
}

static str moved(str s, const char *from, const char *to)
{
	return s.p ? (str){ to + (s.p - from), s.n } : s;
}

/* One block: the head, its list of fields, the bytes that all of them point into. */
static struct gate_head *head_keep(const struct head *h, str bytes)
{
	size_t fields = h->fields_n * sizeof *h->fields;
	struct gate_head *kept = mem_alloc(sizeof *kept + fields + bytes.n);
	char *copy = (char *)kept + sizeof *kept + fields;

	memcpy(copy, bytes.p, bytes.n);
	*kept = (struct gate_head){
		.status = HEAD_WHOLE,
		.method = h->method,
		.target = moved(h->target, bytes.p, copy),
		.host = moved(h->host, bytes.p, copy),
		.minor = h->minor,
		.close = h->close,
		.fields = (struct http_header *)(void *)(kept + 1),
		.fields_n = h->fields_n,
	};
	for (size_t i = 0; i < h->fields_n; i++) {
		kept->fields[i].name = moved(h->fields[i].name, bytes.p, copy);
		kept->fields[i].value = moved(h->fields[i].value, bytes.p, copy);
	}
	return kept;
}

/* Cuts whole heads off the start of BYTES; returns how many bytes are used up. */
static size_t cut_heads(struct gate *g, str bytes)
{
	size_t used = 0, n = 0;
	WRITTEN_FIRST struct head head;
	int status;

	while (used < bytes.n) {
		str rest = str_from(bytes, used);

		status = head_find(&g->search, rest, &n);
		if (status == 0)
			return used;
		g->search = (struct head_search){ 0 };
		if (status == HEAD_WHOLE)
			status = g->waiting < GATE_WAITING_MAX ? head_parse(str_to(rest, n), &head)
							       : 429;
		if (status != HEAD_WHOLE) {
			refuse(g, status);
			return bytes.n;
		}
		enqueue(g, head_keep(&head, str_to(rest, n)));
		used += n;
	}
	return used;
}

/* Room for the rest of a head: it never passes HEAD_MAX by more than one piece. */
static void keep(struct gate *g, str bytes)
{
	if (g->in_cap - g->in_n < bytes.n) {
		g->in_cap = MAX(g->in_cap * 2, g->in_n + bytes.n);
		g->in = mem_grow(g->in, g->in_cap);
	}
	memcpy(g->in + g->in_n, bytes.p, bytes.n);
	g->in_n += bytes.n;
}

static void arrived(struct gate *g, str bytes)
{
	size_t used;

	if (g->in_n == 0) {
		used = cut_heads(g, bytes);
		if (used < bytes.n)
			keep(g, str_from(bytes, used));
		return;
	}
	keep(g, bytes);
	used = cut_heads(g, (str){ g->in, g->in_n });
	if (g->deaf)
		return;
	g->in_n -= used;
	memmove(g->in, g->in + used, g->in_n);
	if (g->in_n == 0) {
		mem_free(g->in);
		g->in = NULL;
		g->in_cap = 0;
	}
}

/* A read that did not fill its buffer has emptied the socket; only the end of what the client sends may
 * stand behind it. That is worth another call where it is likely: with a head that is not whole, and
 * with the first request, since a client that ends its side sends one and no more. */
static bool must_look_again(const struct gate *g, size_t n)
{
	return n == PIECE || g->deaf || g->in_n || !g->reused;
}

/* Reads until the socket has nothing left: libmicrohttpd's epoll tells of each arrival only once. Returns
 * the errno that ended it. */
static int drain(struct gate *g, int flags)
{
	size_t discarded = 0;
	WRITTEN_FIRST char piece[PIECE];
	ssize_t n;

	while (!g->ended && discarded < DISCARD_MAX) {
		n = recvfrom(g->fd, piece, sizeof piece, flags, NULL, NULL);
		if (n < 0)
			return errno;
		if (n == 0)
			g->ended = true;
		else if (g->deaf)
			discarded += (size_t)n;
		else
			arrived(g, (str){ piece, (size_t)n });
		if (!g->ended && !must_look_again(g, (size_t)n))
			break;
	}
	/* Nobody asks again once the last answer is sent, so it has to close the connection itself. */
	if (g->ended && g->last)
		g->last->close = true;
	return EAGAIN;
}

/* Its version says whether a stream may be chunked; 1.1 without a Host would be refused. */
static str announcement(const struct gate_head *head)
{
	if (head->minor == 0)
		return head->method == HTTP_HEAD ? S("HEAD / HTTP/1.0\r\n\r\n")
						 : S("GET / HTTP/1.0\r\n\r\n");
	if (head->method == HTTP_HEAD)
		return head->close ? S("HEAD / HTTP/1.1\r\nHost:t\r\nConnection:close\r\n\r\n")
				   : S("HEAD / HTTP/1.1\r\nHost:t\r\n\r\n");
	return head->close ? S("GET / HTTP/1.1\r\nHost:t\r\nConnection:close\r\n\r\n")
			   : S("GET / HTTP/1.1\r\nHost:t\r\n\r\n");
}

static size_t announce(struct gate *g, char *to, size_t room)
{
	size_t n = 0;

	while (g->announce && n < room) {
		struct gate_head *head = g->announce;

		if (g->announced == 0 && atomic_load_explicit(g->closing, memory_order_relaxed))
			head->close = true;
		str text = str_from(announcement(head), g->announced);
		size_t part = MIN(text.n, room - n);
		memcpy(to + n, text.p, part);
		n += part;
		g->announced += part;
		if (part == text.n) {
			g->announce = head->next;
			g->announced = 0;
		}
	}
	return n;
}

static ssize_t gate_recv(struct gate *g, char *to, size_t room, int flags)
{
	int error = g->announce ? 0 : drain(g, flags);

	if (g->announce)
		return (ssize_t)announce(g, to, room);
	if (g->ended)
		return 0;
	errno = error;
	return -1;
}

/* The C library's recv() for every other socket, and the gate for those in its charge. */
__attribute__((visibility("default"))) ssize_t recv(int fd, void *to, size_t n, int flags)
{
	struct gate *g = NULL;

	if (fd >= 0 && fd < GATE_FD_MAX)
		g = atomic_load_explicit(&gates[fd], memory_order_acquire);
	return g ? gate_recv(g, to, n, flags) : recvfrom(fd, to, n, flags, NULL, NULL);
}
