#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "http/encoding.h"
#include "http/gate.h"
#include "http/range.h"
#include "http/reply.h"
#include "http/server.h"

enum {
	CONNECTIONS = 12000,
	FILES_KEPT = 256, /* open files that are not connections */
	TIMEOUT = 20,
	STREAMS = 64,
	BACKLOG = 1024,
	/* What libmicrohttpd may use for a connection: an announced request, the response's headers and
	 * one piece of a stream. It is zeroed between two requests, so small is also fast. */
	POOL = HTTP_HEAD_MAX + 1536,
};

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
	struct gzip *z;
};

static void worker_free(void *arg)
{
	struct worker *w = arg;

	arena_free(w->a);
	gzip_free(w->z);
	mem_free(w);
}

static struct worker *worker_of(struct http_server *s)
{
	struct worker *w = pthread_getspecific(s->worker);

	if (!w) {
		w = mem_alloc(sizeof *w);
		w->a = arena_new();
		w->z = gzip_new(GZIP_PAGE);
		(void)pthread_setspecific(s->worker, w);
	}
	return w;
}

/* One request on its way to its reply. */
struct exchange {
	struct http_server *s;
	struct MHD_Connection *connection;
	const struct gate_head *head;
	struct worker *worker;
	struct http_req req;
	struct http_res res;
};

static enum MHD_Result queue(struct exchange *x, int status, struct MHD_Response *r)
{
	enum MHD_Result done = MHD_NO;

	if (r) {
		done = MHD_queue_response(x->connection, (unsigned)status, r);
		MHD_destroy_response(r);
	}
	return done;
}

/* --- Refusals: short, plain, and the connection ends -------------------------------------------- */

static str refusal_text(int status)
{
	switch (status) {
	case 413: return S("This address takes no content.\n");
	case 414: return S("The address is too long.\n");
	case 417: return S("This expectation cannot be met.\n");
	case 421: return S("This server does not answer for that host name.\n");
	case 429: return S("Too many requests at once on one connection.\n");
	case 431: return S("The request's headers are too large.\n");
	case 500: return S("The answer could not be made.\n");
	case 501: return S("This method is not known here.\n");
	case 503: return S("Too busy. Please try again in a minute.\n");
	case 505: return S("Only versions 1.0 and 1.1 of HTTP are spoken here.\n");
	default: return S("The request is not valid HTTP.\n");
	}
}

static enum MHD_Result refuse(struct exchange *x, int status)
{
	const struct http_config *config = &x->s->config;
	arena *a = x->worker->a;
	struct http_res res;

	atomic_fetch_add_explicit(&x->s->refused, 1, memory_order_relaxed);
	http_res_init(&res, a);
	for (size_t i = 0; i < config->refusal_headers_n; i++)
		http_res_header(&res, arena_cstr(a, config->refusal_headers[i].name),
				config->refusal_headers[i].value);
	http_res_header(&res, "Content-Type", S("text/plain; charset=utf-8"));
	http_res_header(&res, "Cache-Control", S("no-store"));
	if (status == 503)
		http_res_header(&res, "Retry-After", S("60"));
	res.close = true;
	return queue(
		x, status,
		response_of(&res, a, (struct reply_body){ refusal_text(status), false, true }));
}

/* --- Streams ------------------------------------------------------------------------------------- */

struct stream {
	struct http_server *s;
	struct http_stream source;
	arena *a; /* the request's, this struct's, the piece's */
	buf piece;
	size_t taken;
	bool more;
};

static ssize_t stream_read(void *arg, uint64_t position, char *to, size_t room)
{
	struct stream *st = arg;
	size_t n;

	(void)position;
	while (st->taken == st->piece.n) {
		if (!st->more)
			return MHD_CONTENT_READER_END_OF_STREAM;
		buf_clear(&st->piece);
		st->taken = 0;
		if (st->source.pull(st->source.state, &st->piece, &st->more) != OK ||
		    st->piece.err != OK)
			return MHD_CONTENT_READER_END_WITH_ERROR;
	}
	n = MIN(room, st->piece.n - st->taken);
	memcpy(to, st->piece.p + st->taken, n);
	st->taken += n;
	return (ssize_t)n;
}

static void stream_done(struct http_server *s, struct http_stream *source)
{
	if (source->done)
		source->done(source->state);
	atomic_fetch_sub(&s->streams, 1);
}

static void stream_free(void *arg)
{
	struct stream *st = arg;

	stream_done(st->s, &st->source);
	arena_free(st->a);
}

static enum MHD_Result send_stream(struct exchange *x)
{
	unsigned limit = x->s->config.streams ? x->s->config.streams : STREAMS;
	arena *a = x->worker->a;
	struct MHD_Response *r;
	struct stream *st;

	if (atomic_fetch_add(&x->s->streams, 1) >= limit) {
		stream_done(x->s, &x->res.stream);
		return refuse(x, 503);
	}
	st = NEW(a, struct stream);
	*st = (struct stream){ .s = x->s, .source = x->res.stream, .a = a, .more = true };
	st->piece = buf_new(a, HTTP_STREAM_PIECE_MAX);
	r = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, HTTP_HEAD_MAX, stream_read, st,
					      stream_free);
	if (!r) {
		stream_done(x->s, &x->res.stream);
		return MHD_NO;
	}
	response_headers(r, &x->res, a, false);
	x->worker->a = arena_new(); /* the other one is the stream's from here on */
	return queue(x, x->res.status, r);
}

/* --- Files --------------------------------------------------------------------------------------- */

/* RFC 9110, 13.1.5: a range is of use only while the file is the one the client has a part of. */
static bool range_is_current(const struct exchange *x)
{
	str condition = http_req_header(&x->req, S("if-range"));

	return condition.p == NULL ||
	       (condition.n == x->res.etag.n + 2 && condition.p[0] == '"' &&
		str_eq(str_to(str_from(condition, 1), x->res.etag.n), x->res.etag));
}

static enum MHD_Result send_file(struct exchange *x)
{
	uint64_t from = 0, n = x->res.file.size, size = n;
	int status = x->res.status;
	arena *a = x->worker->a;
	struct MHD_Response *r;
	buf range = buf_new(a, 128);

	http_res_header(&x->res, "Accept-Ranges", S("bytes"));
	if (x->req.method == HTTP_GET && status == 200 && range_is_current(x))
		switch (range_parse(http_req_header(&x->req, S("range")), size, &from, &n)) {
		case RANGE_WHOLE: break;
		case RANGE_PART:
			status = 206;
			buf_printf(&range, "bytes %llu-%llu/%llu", (unsigned long long)from,
				   (unsigned long long)(from + n - 1), (unsigned long long)size);
			break;
		case RANGE_UNSATISFIABLE:
			status = 416;
			n = 0;
			buf_printf(&range, "bytes */%llu", (unsigned long long)size);
			break;
		}
	if (range.n)
		http_res_header(&x->res, "Content-Range", buf_str(&range));
	if (n == 0) {
		close(x->res.file.fd);
		r = response_of(&x->res, a, (struct reply_body){ S(""), false, true });
	} else {
		r = MHD_create_response_from_fd_at_offset64(n, x->res.file.fd, from);
		if (r)
			response_headers(r, &x->res, a, false);
		else
			close(x->res.file.fd);
	}
	return queue(x, status, r);
}

/* --- Pages and replies made before --------------------------------------------------------------- */

static enum MHD_Result send_reply(struct exchange *x, struct http_reply *reply)
{
	str etag = { reply->etag, reply->etag_n };
	bool unchanged = reply->unchanged && http_etag_matches(&x->req, etag);

	return MHD_queue_response(x->connection, unchanged ? 304 : (unsigned)reply->status,
				  unchanged ? reply->unchanged : reply->whole);
}

static enum MHD_Result send_buf(struct exchange *x)
{
	struct http_res *res = &x->res;
	struct http_cache *cache = x->s->config.cache;
	struct reply_body body = { buf_str(&res->body), false, false };
	arena *a = x->worker->a;
	bool unchanged = res->status == 200 && http_etag_matches(&x->req, res->etag);
	bool keep = cache && res->status == 200 && res->cache_key.n &&
		    http_cache_wants(cache, res->cache_key, x->req.gzip);

	if (res->status == 304 || (unchanged && !keep))
		return queue(x, 304, response_unchanged(res, a, x->req.gzip && res->compress));
	if (res->compress && x->req.gzip && body.bytes.n >= GZIP_MIN) {
		body.bytes = gzip_pack(x->worker->z, body.bytes);
		body.packed = true;
	}
	if (keep) {
		struct http_reply *reply = reply_new(res, a, body);
		enum MHD_Result done = MHD_NO;

		if (reply) {
			http_cache_put(cache, res->cache_key, x->req.gzip, res->cache_version,
				       reply);
			done = send_reply(x, reply);
			reply_unref(reply);
		}
		return done;
	}
	return queue(x, res->status, response_of(res, a, body));
}

bool http_res_from_cache(const struct http_req *req, str key, struct http_res *res)
{
	if (!req->cache)
		return false;
	res->reply = http_cache_get(req->cache, key, req->gzip);
	if (!res->reply)
		return false;
	res->kind = HTTP_BODY_REPLY;
	return true;
}

/* --- One request --------------------------------------------------------------------------------- */

static bool host_is_ours(const struct http_config *config, str host)
{
	size_t colon = str_find_byte_last(host, ':');
	str name = colon != STR_NONE && !str_ends(host, S("]")) ? str_to(host, colon) : host;

	if (config->hosts_n == 0 || host.n == 0)
		return true;
	for (size_t i = 0; i < config->hosts_n; i++)
		if (str_eq_nocase(config->hosts[i], name))
			return true;
	return false;
}

/* Assets, and cached pages whose address came in its canonical form, need no look at the routes. */
static bool answer_at_once(struct exchange *x, enum MHD_Result *ret)
{
	const struct http_config *config = &x->s->config;
	struct http_reply *reply = NULL;
	bool cached = false;

	if (x->head->method != HTTP_GET && x->head->method != HTTP_HEAD)
		return false;
	if (config->assets)
		reply = http_assets_find(config->assets, x->head->target, x->req.gzip);
	if (!reply && config->cache) {
		reply = http_cache_get(config->cache, x->head->target, x->req.gzip);
		cached = reply != NULL;
	}
	if (!reply)
		return false;
	*ret = send_reply(x, reply);
	if (cached)
		reply_unref(reply);
	return true;
}

/* What does not fit libmicrohttpd's memory for a connection would end it without a word. */
static bool head_fits(const struct http_res *res)
{
	size_t n = 0;

	for (size_t i = 0; i < res->headers_n; i++)
		n += res->headers[i].name.n + res->headers[i].value.n + 4;
	return n + res->etag.n <= HTTP_HEAD_MAX;
}

static enum MHD_Result send_res(struct exchange *x)
{
	enum MHD_Result done;

	if (!head_fits(&x->res) || (x->res.kind == HTTP_BODY_BUF && x->res.body.err != OK)) {
		http_res_drop(&x->res);
		return refuse(x, 500);
	}
	switch (x->res.kind) {
	case HTTP_BODY_FILE: return send_file(x);
	case HTTP_BODY_STREAM: return send_stream(x);
	case HTTP_BODY_REPLY:
		done = send_reply(x, x->res.reply);
		reply_unref(x->res.reply);
		return done;
	case HTTP_BODY_BUF: break;
	}
	return send_buf(x);
}

static enum MHD_Result answer(struct exchange *x)
{
	const struct http_config *config = &x->s->config;
	const struct gate_head *head = x->head;
	enum MHD_Result done;
	enum err e;

	if (head->status != HEAD_WHOLE)
		return refuse(x, head->status);
	if (!host_is_ours(config, head->host))
		return refuse(x, 421);
	x->req = (struct http_req){
		.method = head->method,
		.target = head->target,
		.host = head->host,
		.headers = head->fields,
		.headers_n = head->fields_n,
		.arena = x->worker->a,
		.cache = config->cache,
	};
	x->req.gzip = encoding_takes_gzip(http_req_header(&x->req, S("accept-encoding")));
	if (answer_at_once(x, &done))
		return done;
	e = url_parse(x->worker->a, head->target, &x->req.url);
	if (e != OK)
		return refuse(x, e == E_TOOBIG ? 414 : 400);
	http_res_init(&x->res, x->worker->a);
	config->handle(config->ctx, &x->req, &x->res);
	return send_res(x);
}

/* libmicrohttpd calls twice: a reply at the first call would cost the connection. */
static enum MHD_Result on_request(void *cls, struct MHD_Connection *connection, const char *target,
				  const char *method, const char *version, const char *upload,
				  size_t *upload_n, void **request)
{
	struct http_server *s = cls;
	struct exchange x;
	enum MHD_Result done;

	(void)target, (void)method, (void)version, (void)upload, (void)upload_n;
	if (!*request) {
		const union MHD_ConnectionInfo *info = MHD_get_connection_info(
			connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

		*request = info && info->socket_context ? gate_take(info->socket_context) : NULL;
		if (!*request) {
			atomic_fetch_add(&s->unmatched, 1);
			return MHD_NO;
		}
		atomic_fetch_add_explicit(&s->running, 1, memory_order_relaxed);
		return MHD_YES;
	}
	atomic_fetch_add_explicit(&s->requests, 1, memory_order_relaxed);
	x = (struct exchange){ .s = s, .connection = connection, .head = *request };
	x.worker = worker_of(s);
	done = answer(&x);
	arena_reset(x.worker->a);
	return done;
}

static void on_completed(void *cls, struct MHD_Connection *connection, void **request,
			 enum MHD_RequestTerminationCode why)
{
	struct http_server *s = cls;

	(void)connection, (void)why;
	if (!*request)
		return;
	gate_drop(*request);
	*request = NULL;
	atomic_fetch_sub_explicit(&s->running, 1, memory_order_relaxed);
}

static void on_connection(void *cls, struct MHD_Connection *connection, void **context,
			  enum MHD_ConnectionNotificationCode what)
{
	struct http_server *s = cls;

	if (what == MHD_CONNECTION_NOTIFY_STARTED) {
		const union MHD_ConnectionInfo *info = MHD_get_connection_info(
			connection, MHD_CONNECTION_INFO_CONNECTION_FD);

		*context = info ? gate_open(info->connect_fd, &s->closing) : NULL;
	} else {
		gate_close(*context);
		*context = NULL;
	}
}

/* --- Start and stop ------------------------------------------------------------------------------ */

static enum err listen_failed(int fd)
{
	int number = errno;

	if (fd >= 0)
		close(fd);
	errno = number;
	switch (number) {
	case EADDRINUSE: return E_BUSY;
	case EACCES: return E_DENIED;
	case EADDRNOTAVAIL: return E_INVALID;
	default: return E_IO;
	}
}

MUST static enum err listener_open(struct http_server *s)
{
	struct sockaddr_storage at = { 0 };
	struct sockaddr_in *v4 = (struct sockaddr_in *)&at;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&at;
	socklen_t n = sizeof *v4;
	char text[INET6_ADDRSTRLEN];
	str address = s->config.address.n ? s->config.address : S("127.0.0.1");
	int on = 1;

	if (address.n >= sizeof text)
		return E_INVALID;
	memcpy(text, address.p, address.n);
	text[address.n] = '\0';
	if (inet_pton(AF_INET, text, &v4->sin_addr) == 1) {
		v4->sin_family = AF_INET;
		v4->sin_port = htons(s->config.port);
	} else if (inet_pton(AF_INET6, text, &v6->sin6_addr) == 1) {
		v6->sin6_family = AF_INET6;
		v6->sin6_port = htons(s->config.port);
		n = sizeof *v6;
	} else {
		return E_INVALID;
	}
	s->listener = socket(at.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (s->listener < 0 ||
	    setsockopt(s->listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
	    bind(s->listener, (struct sockaddr *)&at, n) != 0 ||
	    listen(s->listener, BACKLOG) != 0 ||
	    getsockname(s->listener, (struct sockaddr *)&at, &n) != 0)
		return listen_failed(s->listener);
	s->port = ntohs(at.ss_family == AF_INET ? v4->sin_port : v6->sin6_port);
	return OK;
}

static unsigned threads_of(const struct http_config *config)
{
	cpu_set_t cores;

	if (config->threads)
		return config->threads;
	if (sched_getaffinity(0, sizeof cores, &cores) != 0)
		return 1;
	return (unsigned)MAX(CPU_COUNT(&cores), 1);
}

static unsigned connections_of(const struct http_config *config, unsigned threads)
{
	unsigned n = config->connections ? config->connections : CONNECTIONS;
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur != RLIM_INFINITY &&
	    files.rlim_cur < (rlim_t)n + FILES_KEPT)
		n = files.rlim_cur > 2 * FILES_KEPT ? (unsigned)files.rlim_cur - FILES_KEPT
						    : (unsigned)(files.rlim_cur / 2);
	return MAX(n, threads);
}

static void say_nothing(void *cls, const char *format, va_list args)
{
	(void)cls, (void)format, (void)args;
}

static struct MHD_Daemon *daemon_start(struct http_server *s)
{
	unsigned threads = threads_of(&s->config);
	unsigned timeout = s->config.timeout ? s->config.timeout : TIMEOUT;

	return MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ITC, s->port, NULL, NULL,
				on_request, s, MHD_OPTION_EXTERNAL_LOGGER, say_nothing, NULL,
				MHD_OPTION_LISTEN_SOCKET, s->listener, MHD_OPTION_THREAD_POOL_SIZE,
				threads > 1 ? threads : 0u, MHD_OPTION_CONNECTION_LIMIT,
				connections_of(&s->config, threads), MHD_OPTION_CONNECTION_TIMEOUT,
				timeout, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)POOL,
				MHD_OPTION_NOTIFY_CONNECTION, on_connection, s,
				MHD_OPTION_NOTIFY_COMPLETED, on_completed, s, MHD_OPTION_END);
}

enum err http_server_start(const struct http_config *config, struct http_server **ret)
{
	struct http_server *s = mem_alloc(sizeof *s);
	enum err e;

	s->config = *config;
	s->listener = -1;
	e = listener_open(s);
	if (e != OK) {
		mem_free(s);
		return e;
	}
	if (pthread_key_create(&s->worker, worker_free) == 0) {
		s->daemon = daemon_start(s);
		if (s->daemon) {
			*ret = s;
			return OK;
		}
		pthread_key_delete(s->worker);
	}
	close(s->listener);
	mem_free(s);
	return E_IO;
}

uint16_t http_server_port(const struct http_server *s)
{
	return s->port;
}

void http_server_stop(struct http_server *s, unsigned wait_ms)
{
	struct timespec pause = { .tv_nsec = 2000000 };
	int64_t end = clock_steady_ms() + wait_ms;

	atomic_store(&s->closing, true);
	(void)MHD_quiesce_daemon(s->daemon);
	close(s->listener);
	while (atomic_load(&s->running) > 0 && clock_steady_ms() < end)
		nanosleep(&pause, NULL);
	MHD_stop_daemon(s->daemon);
	pthread_key_delete(s->worker);
	mem_free(s);
}

struct http_stats http_server_stats(const struct http_server *s)
{
	return (struct http_stats){
		.requests = atomic_load(&s->requests),
		.refused = atomic_load(&s->refused),
		.unmatched = atomic_load(&s->unmatched),
		.running = atomic_load(&s->running),
		.streams = atomic_load(&s->streams),
	};
}
