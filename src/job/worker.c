#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "job/sandbox.h"
#include "job/worker.h"

enum {
	FIRST_FREE = 10, /* our ends of the pipes stand above the worker's own descriptors */
	EXIT_UNPROTECTED = 77,
	EXIT_NO_PROGRAM = 78,
	FILES_MAX = 64,
	SCRATCH_FILE_MAX = 1 << 30,
	NICENESS = 10, /* of programs: readers come first */
};

const char *worker_end_text(enum worker_end end)
{
	static const char *const text[] = {
		[WORKER_RUNS] = "it still runs",
		[WORKER_DONE] = "it is done",
		[WORKER_FAILED] = "it failed",
		[WORKER_CRASHED] = "it crashed, or used more memory or time than it may",
		[WORKER_SLOW] = "it took longer than it may",
		[WORKER_LOUD] = "it holds more than may be read from one file",
		[WORKER_UNPROTECTED] =
			"it could not be read in a sandbox: this system has no Landlock",
	};

	return text[end];
}

/* --- Our side */

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* A pipe whose ends both stand above the descriptors that a worker gets. */
static enum err pipe_high(int ends[2])
{
	int low[2];

	if (pipe2(low, O_CLOEXEC) != 0)
		return E_IO;
	for (int i = 0; i < 2; i++) {
		ends[i] = fcntl(low[i], F_DUPFD_CLOEXEC, FIRST_FREE);
		close(low[i]);
	}
	if (ends[0] >= 0 && ends[1] >= 0)
		return OK;
	close_fd(&ends[0]);
	close_fd(&ends[1]);
	return E_IO;
}

/* FD above the worker's own descriptors, to be closed after; -1 stays -1. */
static int high(int fd)
{
	return fd < 0 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, FIRST_FREE);
}

struct handed {
	int in, out, input, scratch;
};

/* Fills the worker's descriptors and closes all others, also those of libraries that forgot
 * O_CLOEXEC. */
static int describe_files(posix_spawn_file_actions_t *f, const struct handed *h, bool keep_stderr)
{
	int e = posix_spawn_file_actions_adddup2(f, h->in, STDIN_FILENO);
	int next = WORKER_INPUT;

	e |= posix_spawn_file_actions_adddup2(f, h->out, STDOUT_FILENO);
	if (!keep_stderr)
		e |= posix_spawn_file_actions_addopen(f, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	if (h->input >= 0) {
		e |= posix_spawn_file_actions_adddup2(f, h->input, WORKER_INPUT);
		next = WORKER_INPUT + 1;
	}
	if (h->scratch >= 0) {
		if (h->input < 0)
			e |= posix_spawn_file_actions_addopen(f, WORKER_INPUT, "/dev/null",
							      O_RDONLY, 0);
		e |= posix_spawn_file_actions_adddup2(f, h->scratch, WORKER_SCRATCH);
		next = WORKER_SCRATCH + 1;
	}
	return e | posix_spawn_file_actions_addclosefrom_np(f, next);
}

/* Signals as a new program expects them, and a session of its own: Ctrl-C is for us. */
static int describe_process(posix_spawnattr_t *attr)
{
	sigset_t none, all;

	sigemptyset(&none);
	sigfillset(&all);
	return posix_spawnattr_setsigmask(attr, &none) | posix_spawnattr_setsigdefault(attr, &all) |
	       posix_spawnattr_setflags(attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF |
						      POSIX_SPAWN_SETSID);
}

/* posix_spawn takes words that it will not change without const. */
static enum err put_words(char **to, const char *const *words)
{
	union {
		const char *from;
		char *to;
	} u;

	for (size_t i = 0; words && words[i]; i++) {
		if (i == WORKER_WORDS_MAX)
			return E_TOOBIG;
		u.from = words[i];
		to[i] = u.to;
	}
	return OK;
}

static enum err spawn(struct worker *w, const struct handed *h,
		      const struct worker_options *options)
{
	char self[] = "tribune", flag[] = "--worker", unsafe[] = "--unsafe", name[32];
	char *argv[WORKER_WORDS_MAX + 4] = { self, flag, name }, *envp[] = { NULL };
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	int e;

	snprintf(name, sizeof name, "%s", w->kind->name);
	if (w->kind->program)
		TRY(put_words(argv + 3, options->words));
	else
		argv[3] = options->unsafe ? unsafe : NULL;
	if (posix_spawn_file_actions_init(&files) != 0)
		return E_NOMEM;
	if (posix_spawnattr_init(&attr) != 0) {
		posix_spawn_file_actions_destroy(&files);
		return E_NOMEM;
	}
	e = describe_files(&files, h, options->keep_stderr) | describe_process(&attr);
	if (e == 0)
		e = posix_spawn(&w->pid, "/proc/self/exe", &files, &attr, argv, envp);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&files);
	return e == 0 ? OK : E_IO;
}

enum err worker_start(struct worker *w, const struct worker_kind *kind,
		      const struct worker_options *options)
{
	struct worker started = { .kind = kind, .in = -1, .out = -1, .pidfd = -1 };
	struct handed h = { -1, -1, high(options->input), high(options->scratch) };
	int to[2] = { -1, -1 }, from[2] = { -1, -1 };
	enum err e = E_DENIED;

	if ((!options->unsafe || kind->program) && sandbox_landlock_version() == 0)
		goto out;
	e = (options->input < 0) == (h.input < 0) && (options->scratch < 0) == (h.scratch < 0)
		    ? OK
		    : E_IO;
	if (e == OK)
		e = pipe_high(to);
	if (e == OK)
		e = pipe_high(from);
	if (e != OK)
		goto out;
	h.in = to[0];
	h.out = from[1];
	started.deadline = clock_steady_ms() + (int64_t)kind->wall * 1000;
	started.output_left = kind->output;
	e = spawn(&started, &h, options);
	if (e != OK)
		goto out;
	started.pidfd = pidfd_open(started.pid, 0);
	started.in = to[1];
	started.out = from[0];
	to[1] = from[0] = -1;
	*w = started;
out:
	for (int i = 0; i < 2; i++) {
		close_fd(&to[i]);
		close_fd(&from[i]);
	}
	close_fd(&h.input);
	close_fd(&h.scratch);
	return e;
}

/* Waits until FD is ready; false when the worker's time is over. */
static bool wait_for(const struct worker *w, int fd, short event)
{
	for (;;) {
		struct pollfd p = { fd, event, 0 };
		int64_t left = w->deadline - clock_steady_ms();
		int n = left > 0 ? poll(&p, 1, (int)MIN(left, (int64_t)60000)) : 0;

		if (n > 0)
			return true;
		if (left <= 0 || (n < 0 && errno != EINTR))
			return false;
	}
}

/* Ends it and remembers WHY, unless it has ended before. */
static void stop(struct worker *w, enum worker_end why)
{
	int status;

	if (w->pid <= 0)
		return;
	close_fd(&w->in);
	close_fd(&w->out);
	kill(w->pid, SIGKILL);
	while (waitpid(w->pid, &status, 0) < 0 && errno == EINTR)
		;
	close_fd(&w->pidfd);
	w->pid = 0;
	w->end = why;
}

/* write without the signal that a closed pipe sends to the whole process. */
static ssize_t write_quietly(int fd, str s)
{
	const struct timespec at_once = { 0, 0 };
	sigset_t broken, before;
	ssize_t n;
	int e;

	sigemptyset(&broken);
	sigaddset(&broken, SIGPIPE);
	pthread_sigmask(SIG_BLOCK, &broken, &before);
	n = write(fd, s.p, s.n);
	e = errno;
	if (n < 0 && e == EPIPE && !sigismember(&before, SIGPIPE))
		sigtimedwait(&broken, NULL, &at_once);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	errno = e;
	return n;
}

enum err worker_write(struct worker *w, str s)
{
	while (s.n) {
		ssize_t n;

		if (!wait_for(w, w->in, POLLOUT)) {
			stop(w, WORKER_SLOW);
			return E_TOOBIG;
		}
		/* A pipe that is ready takes this much without blocking. */
		n = write_quietly(w->in, str_to(s, PIPE_BUF));
		if (n < 0 && errno != EINTR)
			return E_IO;
		s = str_from(s, n > 0 ? (size_t)n : 0);
	}
	return OK;
}

void worker_close_input(struct worker *w)
{
	close_fd(&w->in);
}

enum err worker_read(struct worker *w, char *to, size_t cap, size_t *ret_n)
{
	ssize_t n;

	do {
		if (w->out < 0)
			return E_IO;
		if (!wait_for(w, w->out, POLLIN)) {
			stop(w, WORKER_SLOW);
			return E_TOOBIG;
		}
		n = read(w->out, to, cap);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return E_IO;
	if ((uint64_t)n > w->output_left) {
		stop(w, WORKER_LOUD);
		return E_TOOBIG;
	}
	w->output_left -= (uint64_t)n;
	*ret_n = (size_t)n;
	return OK;
}

bool worker_ready(const struct worker *w, int ms)
{
	struct pollfd p = { w->out, POLLIN, 0 };

	return w->out < 0 || poll(&p, 1, ms) != 0;
}

enum worker_end worker_finish(struct worker *w)
{
	siginfo_t info = { 0 };

	if (w->pid <= 0)
		return w->end;
	close_fd(&w->in);
	close_fd(&w->out);
	if (w->pidfd >= 0 && !wait_for(w, w->pidfd, POLLIN)) {
		stop(w, WORKER_SLOW);
		return w->end;
	}
	while (waitid(P_PID, (id_t)w->pid, &info, WEXITED) != 0 && errno == EINTR)
		;
	close_fd(&w->pidfd);
	w->pid = 0;
	w->end = info.si_code != CLD_EXITED           ? WORKER_CRASHED
		 : info.si_status == EXIT_UNPROTECTED ? WORKER_UNPROTECTED
		 : info.si_status != 0                ? WORKER_FAILED
						      : WORKER_DONE;
	return w->end;
}

void worker_kill(struct worker *w)
{
	stop(w, WORKER_FAILED);
}

/* --- The worker's side */

static enum err enter(const struct worker_kind *kind, bool unsafe)
{
	struct sandbox s = {
		.memory = kind->memory,
		.file_size = !kind->uses_scratch ? 0
			     : kind->file_size   ? kind->file_size
						 : SCRATCH_FILE_MAX,
		.cpu = kind->cpu,
		.files = FILES_MAX,
		.reopen = kind->reopens_input ? WORKER_INPUT : -1,
		.scratch = kind->uses_scratch ? WORKER_SCRATCH : -1,
		.program = kind->program,
		.unsafe = unsafe && !kind->program,
	};

	return sandbox_enter(&s);
}

/* Becomes the kind's program, with WORDS behind its name and no environment. Comes back only without. */
static void become(const struct worker_kind *kind, char **words)
{
	char name[32], *none[] = { NULL }, *argv[WORKER_WORDS_MAX + 2] = { name };

	snprintf(name, sizeof name, "%s", kind->name);
	for (size_t i = 0; words[i] && i < WORKER_WORDS_MAX; i++)
		argv[1 + i] = words[i];
	execve(kind->program, argv, none);
}

int worker_main_of(const struct worker_kind *kinds, size_t n, int argc, char **argv)
{
	const struct worker_kind *kind = NULL;

	for (size_t i = 0; argc >= 3 && i < n; i++)
		if (str_eq(str_of(kinds[i].name), str_of(argv[2])))
			kind = &kinds[i];
	if (!kind)
		return 64;
	alarm(kind->wall + 1); /* should nobody be left to kill us */
	if (kind->prepare)
		kind->prepare();
	if (kind->program &&
	    (nice(NICENESS) == -1 || (kind->uses_scratch && fchdir(WORKER_SCRATCH) != 0)))
		_exit(EXIT_UNPROTECTED);
	if (enter(kind, argc >= 4 && str_eq(str_of(argv[3]), S("--unsafe"))) != OK)
		_exit(EXIT_UNPROTECTED);
	if (kind->program && !kind->run)
		become(kind, argv + 3);
	if (!kind->run)
		_exit(EXIT_NO_PROGRAM);
	/* Not exit: what libraries registered for the end of a program is none of the input's. */
	_exit(kind->run());
}
