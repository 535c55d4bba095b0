#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/log.h"
#include "cli/control.h"

enum {
	MOST_FILES = 200, /* a message carries at most 253 descriptors */
	MOST_BYTES = 1 << 20,
	PATIENCE_S = 5, /* for a client to send its request */
	/* No exit codes: those are bytes. */
	CODE_OTHER_VERSION = 0x100,
	CODE_BEGUN = 0x101, /* the command is no longer waiting for others */
	SOON_MS = 300,
	A_WHILE_MS = 1000,
};

/* The request: this head, then the words, each ended by a NUL. The descriptors travel with the head. */
struct head {
	char version[32], lang[8];
	uint32_t words, bytes, files;
};

static char *path_in(arena *a, str data, str name)
{
	buf b = buf_new(a, 4096);

	buf_put(&b, data);
	buf_byte(&b, '/');
	buf_put(&b, name);
	return arena_cstr(a, buf_str(&b));
}

enum err control_lock(str data, int *ret_fd)
{
	arena *a = arena_new();
	int fd = open(path_in(a, data, S("lock")), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	enum err e = OK;

	if (fd < 0)
		e = E_IO;
	else if (flock(fd, LOCK_EX | LOCK_NB) != 0)
		e = errno == EWOULDBLOCK ? E_BUSY : E_IO;
	if (e == OK) {
		/* The lock is ours, so a socket that lies there was left by a server that was killed. */
		unlink(path_in(a, data, S("control.sock")));
		*ret_fd = fd;
	} else if (fd >= 0) {
		close(fd);
	}
	arena_free(a);
	return e;
}

/* A path that is too long for a socket address is reached through its opened folder. */
static enum err address_of(arena *a, str data, int *folder, struct sockaddr_un *ret)
{
	char *path = path_in(a, data, S("control.sock"));

	*folder = -1;
	*ret = (struct sockaddr_un){ .sun_family = AF_UNIX };
	if (strlen(path) >= sizeof ret->sun_path) {
		*folder = open(arena_cstr(a, data), O_PATH | O_DIRECTORY | O_CLOEXEC);
		if (*folder < 0)
			return E_IO;
		snprintf(ret->sun_path, sizeof ret->sun_path, "/proc/self/fd/%d/control.sock",
			 *folder);
	} else {
		memcpy(ret->sun_path, path, strlen(path) + 1);
	}
	return OK;
}

/* --- The side of the command. */

static enum err connect_to(str data, int *ret_fd)
{
	arena *a = arena_new();
	struct sockaddr_un to;
	int folder, fd;
	enum err e = address_of(a, data, &folder, &to);

	if (e == OK) {
		fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
		if (fd < 0)
			e = E_IO;
		else if (connect(fd, (struct sockaddr *)&to, sizeof to) != 0)
			close(fd), e = E_NOTFOUND;
		else
			*ret_fd = fd;
	}
	if (folder >= 0)
		close(folder);
	arena_free(a);
	return e;
}

static bool send_all(int fd, const char *p, size_t n)
{
	while (n) {
		ssize_t sent = send(fd, p, n, MSG_NOSIGNAL);

		if (sent < 0 && errno == EINTR)
			continue;
		if (sent <= 0)
			return false;
		p += sent;
		n -= (size_t)sent;
	}
	return true;
}

static bool send_head(int fd, const struct head *head, const int *fds, size_t n_fds)
{
	union {
		struct cmsghdr align;
		char room[CMSG_SPACE(sizeof(int) * (MOST_FILES + 3))];
	} control;
	struct iovec io = { (void *)(uintptr_t)head, sizeof *head };
	struct msghdr m = { .msg_iov = &io,
			    .msg_iovlen = 1,
			    .msg_control = &control,
			    .msg_controllen = CMSG_SPACE(sizeof(int) * n_fds) };
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(int) * n_fds);
	memcpy(CMSG_DATA(c), fds, sizeof(int) * n_fds);
	return sendmsg(fd, &m, MSG_NOSIGNAL) == (ssize_t)sizeof *head;
}

static enum err send_request(struct cli *cli, int fd, int argc, char **argv)
{
	struct head head = { .version = TRIBUNE_VERSION,
			     .words = (uint32_t)argc,
			     .files = (uint32_t)cli->n_files };
	int fds[MOST_FILES + 3] = { STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO };
	buf words = buf_new(cli->a, MOST_BYTES);

	if (cli->n_files > MOST_FILES)
		return E_TOOBIG;
	for (int i = 0; i < argc; i++) {
		buf_put(&words, str_of(argv[i]));
		buf_byte(&words, '\0');
	}
	TRY(words.err);
	snprintf(head.lang, sizeof head.lang, "%" STR_F, STR_A(cli->lang));
	head.bytes = (uint32_t)words.n;
	for (size_t i = 0; i < cli->n_files; i++)
		fds[3 + i] = cli->files[i].fd;
	if (!send_head(fd, &head, fds, 3 + cli->n_files) || !send_all(fd, words.p, words.n))
		return E_IO;
	return OK;
}

/* The next code from the server; false when there is none: it has ended, or Ctrl-C was pressed. */
static bool receive_code(struct cli *cli, int fd, uint32_t *ret)
{
	ssize_t got;

	do
		got = recv(fd, ret, sizeof *ret, MSG_WAITALL);
	while (got < 0 && errno == EINTR && !cli->cancelled(cli));
	return got == (ssize_t)sizeof *ret;
}

/* Until the server turns to this command. */
static enum err await_turn(struct cli *cli, int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	bool waits = command_waits(cli);

	if (poll(&p, 1, waits ? A_WHILE_MS : SOON_MS) != 0)
		return OK;
	if (!waits)
		return E_BUSY;
	cli_say(cli, "the server runs another command; this one is next");
	return OK;
}

enum err control_forward(struct cli *cli, int argc, char **argv, int *ret_code)
{
	uint32_t code;
	bool got;
	int fd;
	enum err e;

	TRY(connect_to(cli->data, &fd));
	fflush(cli->out);
	fflush(cli->err);
	e = send_request(cli, fd, argc, argv);
	if (e == OK)
		e = await_turn(cli, fd);
	if (e == OK) {
		got = receive_code(cli, fd, &code);
		if (got && code == CODE_BEGUN)
			got = receive_code(cli, fd, &code);
		if (got && code == CODE_OTHER_VERSION)
			e = E_CONFLICT;
		else
			*ret_code = got ? (int)code : cli->cancelled(cli) ? 130 : 70;
	}
	close(fd);
	return e;
}

/* --- The side of the server. */

struct control {
	pthread_t thread;
	int listener, wake[2]; /* a byte in the pipe ends the thread */
	atomic_bool stopping;
	const struct command *const *table;
	int (*run)(struct cli *cli, void *arg);
	int (*tend)(void *arg);
	void *arg;
	char *path;
};

/* One handed-over command. */
struct visit {
	struct control *control;
	int fd;
	int fds[MOST_FILES + 3];
	size_t n_fds;
};

static bool visit_cancelled(struct cli *cli)
{
	struct visit *v = cli->cancel_arg;
	struct pollfd p = { .fd = v->fd, .events = POLLRDHUP };

	return atomic_load(&v->control->stopping) || (poll(&p, 1, 0) > 0 && p.revents);
}

static bool receive_head(struct visit *v, struct head *ret)
{
	union {
		struct cmsghdr align;
		char room[CMSG_SPACE(sizeof(int) * (MOST_FILES + 3))];
	} control;
	struct iovec io = { ret, sizeof *ret };
	struct msghdr m = { .msg_iov = &io,
			    .msg_iovlen = 1,
			    .msg_control = &control,
			    .msg_controllen = sizeof control };
	ssize_t got = recvmsg(v->fd, &m, MSG_CMSG_CLOEXEC | MSG_WAITALL);

	for (struct cmsghdr *c = CMSG_FIRSTHDR(&m); got > 0 && c; c = CMSG_NXTHDR(&m, c))
		if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS) {
			v->n_fds = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
			memcpy(v->fds, CMSG_DATA(c), v->n_fds * sizeof(int));
		}
	return got == (ssize_t)sizeof *ret && !(m.msg_flags & MSG_CTRUNC) &&
	       ret->bytes <= MOST_BYTES && ret->words >= 1 && ret->words <= ret->bytes &&
	       !ret->lang[sizeof ret->lang - 1] && v->n_fds == ret->files + 3u;
}

static char **receive_words(arena *a, struct visit *v, const struct head *head)
{
	char *bytes = arena_alloc(a, head->bytes + 1u), **argv = NEW_N(a, char *, head->words + 1u);
	str rest = { bytes, head->bytes };

	if (recv(v->fd, bytes, head->bytes, MSG_WAITALL) != (ssize_t)head->bytes)
		return NULL;
	for (uint32_t i = 0; i < head->words; i++) {
		argv[i] = bytes + (rest.p - bytes);
		if (!rest.p || str_find_byte(rest, '\0') == STR_NONE)
			return NULL;
		str_cut(&rest, '\0');
	}
	return argv;
}

/* Parses the words again, here, and runs the command with the visitor's streams. */
static int run_visit(arena *a, struct visit *v, const struct head *head, char **argv)
{
	struct cli cli = {
		.a = a, .in_server = true, .cancelled = visit_cancelled, .cancel_arg = v
	};
	int code;

	cli.lang = str_of(head->lang);
	cli.out_is_tty = isatty(v->fds[1]);
	cli.err_is_tty = isatty(v->fds[2]);
	cli.out = fdopen(dup(v->fds[1]), "w");
	cli.err = fdopen(dup(v->fds[2]), "w");
	if (!cli.out || !cli.err)
		return 71;
	code = command_parse(&cli, v->control->table, (int)head->words, argv);
	if (code < 0) {
		str *names;
		size_t n = command_file_names(&cli, &names);

		cli.files = NEW_N(a, struct cli_file, head->files);
		for (uint32_t i = 0; i < head->files; i++)
			cli.files[cli.n_files++] = (struct cli_file){ i < n ? names[i] : S(""),
								      v->fds[3 + i] };
		code = v->control->run(&cli, v->control->arg);
	}
	fclose(cli.out);
	fclose(cli.err);
	return code;
}

static void serve_visit(struct control *c, int fd)
{
	struct visit v = { .control = c, .fd = fd };
	struct timeval patience = { .tv_sec = PATIENCE_S };
	arena *a = arena_new();
	struct head head;
	uint32_t code = CODE_OTHER_VERSION, begun = CODE_BEGUN;
	char **argv;

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
	if (receive_head(&v, &head)) {
		bool same = strncmp(head.version, TRIBUNE_VERSION, sizeof head.version) == 0;

		argv = receive_words(a, &v, &head);
		if (argv && same && send_all(fd, (char *)&begun, sizeof begun))
			code = (uint32_t)run_visit(a, &v, &head, argv);
		if (argv)
			send_all(fd, (char *)&code, sizeof code);
	}
	for (size_t i = 0; i < v.n_fds; i++)
		close(v.fds[i]);
	close(fd);
	arena_free(a);
	mem_trim();
}

static void *control_loop(void *arg)
{
	struct control *c = arg;
	struct pollfd p[2] = { { .fd = c->listener, .events = POLLIN },
			       { .fd = c->wake[0], .events = POLLIN } };

	while (!atomic_load(&c->stopping)) {
		int fd, n = poll(p, 2, c->tend(c->arg));

		if (n < 0 && errno != EINTR)
			break;
		if (n <= 0 || !(p[0].revents & POLLIN))
			continue;
		fd = accept4(c->listener, NULL, NULL, SOCK_CLOEXEC);
		if (fd >= 0)
			serve_visit(c, fd);
	}
	return NULL;
}

static enum err listen_at(struct control *c, str data)
{
	arena *a = arena_new();
	struct sockaddr_un at;
	int folder;
	enum err e = address_of(a, data, &folder, &at);
	mode_t mask = umask(0177);

	if (e == OK) {
		c->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
		if (c->listener < 0 || bind(c->listener, (struct sockaddr *)&at, sizeof at) != 0 ||
		    listen(c->listener, 64) != 0)
			e = E_IO;
	}
	umask(mask);
	if (folder >= 0)
		close(folder);
	arena_free(a);
	return e;
}

static void control_free(struct control *c)
{
	if (c->listener >= 0)
		close(c->listener);
	for (int i = 0; i < 2; i++)
		if (c->wake[i] >= 0)
			close(c->wake[i]);
	mem_free(c->path);
	mem_free(c);
}

enum err control_start(str data, const struct command *const *table,
		       int (*run)(struct cli *cli, void *arg), int (*tend)(void *arg), void *arg,
		       struct control **ret)
{
	struct control *c = mem_alloc(sizeof *c);
	arena *a = arena_new();
	char *path = path_in(a, data, S("control.sock"));
	enum err e;

	*c = (struct control){ .listener = -1,
			       .wake = { -1, -1 },
			       .table = table,
			       .run = run,
			       .tend = tend,
			       .arg = arg };
	c->path = memcpy(mem_alloc(strlen(path) + 1), path, strlen(path) + 1);
	arena_free(a);
	e = pipe2(c->wake, O_CLOEXEC) == 0 ? listen_at(c, data) : E_IO;
	if (e == OK && pthread_create(&c->thread, NULL, control_loop, c) != 0)
		e = E_IO;
	if (e != OK) {
		control_free(c);
		return e;
	}
	*ret = c;
	return OK;
}

void control_stop(struct control *c)
{
	char byte = 0;
	ssize_t ignored;

	atomic_store(&c->stopping, true);
	ignored = write(c->wake[1], &byte, 1);
	(void)ignored;
	pthread_join(c->thread, NULL);
	unlink(c->path);
	control_free(c);
}
