#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "http/answer.h"

enum {
	CONNECTIONS = 12000,
	FILES_KEPT = 256, /* open files that are not connections */
	TIMEOUT = 20,
	BACKLOG = 1024,
	/* What libmicrohttpd may use for a connection: an announced request, the response's headers and
	 * one piece of a stream. It is zeroed between two requests, so small is also fast, and thousands
	 * of idle connections take less than 4 kB each. */
	POOL = HTTP_HEAD_MAX + 1024,
};

static void worker_free(void *arg)
{
	struct worker *w = arg;

	arena_free(w->a);
	gzip_free(w->z);
	gzip_free(w->z_long);
	mem_free(w);
}

static struct worker *worker_of(struct http_server *s)
{
	struct worker *w = pthread_getspecific(s->worker);

	if (!w) {
		w = mem_alloc(sizeof *w);
		w->a = arena_new();
		w->z = gzip_new(GZIP_PAGE);
		w->z_long = NULL;
		(void)pthread_setspecific(s->worker, w);
	}
	return w;
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
