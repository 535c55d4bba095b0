/*
 * A worker is this program started anew (tribune --worker KIND) to read one file of a stranger inside
 * the sandbox. It never is a fork of the server, which has threads. It gets
 *     0  a pipe from us     1  a pipe to us     2  nothing     3  the file, read only
 * an empty environment and nothing else, and enters the sandbox before it reads a byte.
 *
 * What it writes is not to be trusted: whoever reads it checks it.
 *
 * A kind with a program becomes that program in the sandbox, which then is the wider one of sandbox.h.
 */
#ifndef JOB_WORKER_H
#define JOB_WORKER_H

#include <sys/types.h>

#include "base/base.h"

enum {
	WORKER_INPUT = 3, /* the file's descriptor in the worker */
	/* The scratch folder's, when it was given one. It is the folder that a program starts in. */
	WORKER_SCRATCH = 4,
	WORKER_WORDS_MAX = 120,
};

/* A kind of worker: a row of the table in worker_kinds.c. */
struct worker_kind {
	const char *name;
	int (*run)(void);      /* in the sandbox; answers the exit status, 0: all is well */
	void (*prepare)(void); /* before it, not touching the input: opens what a library would want
				* to open later; may be NULL */
	uint64_t memory;       /* bytes */
	uint64_t output;       /* bytes that it may write to us */
	uint64_t file_size;    /* of one file in the scratch folder; 0: 1 GB */
	const char
		*program; /* an executable's path, instead of RUN (with RUN: tests of its walls) */
	uint32_t cpu, wall; /* seconds */
	bool reopens_input; /* its library opens files by name: /proc/self/fd/3 */
	bool uses_scratch;
};

/* The table's row, or NULL. */
const struct worker_kind *worker_kind_find(str name);

enum worker_end {
	WORKER_RUNS,
	WORKER_DONE,
	WORKER_FAILED,      /* its exit status was not 0 */
	WORKER_CRASHED,     /* a signal ended it: a fault, or its limit of time or memory */
	WORKER_SLOW,        /* its wall-clock time was over */
	WORKER_LOUD,        /* it wrote more than it may */
	WORKER_UNPROTECTED, /* the kernel has no Landlock, or refused a wall */
};

struct worker {
	const struct worker_kind *kind;
	pid_t pid; /* 0: none */
	int in, out, pidfd;
	int64_t deadline; /* of the steady clock, milliseconds */
	uint64_t output_left;
	enum worker_end end;
};

struct worker_options {
	int input;                /* a descriptor to read, -1: none; it stays the caller's */
	int scratch;              /* a folder's descriptor for a kind that uses one, else -1 */
	bool unsafe;              /* start it also where the kernel has no Landlock */
	bool keep_stderr;         /* for tests: what the worker says to stderr is seen */
	const char *const *words; /* a program's arguments, to a NULL; NULL: none */
};

/* E_DENIED: no Landlock here and not unsafe; a program is never started without it. E_IO: no process or
 * pipe to be had. E_TOOBIG: more words than WORKER_WORDS_MAX. */
MUST enum err worker_start(struct worker *w, const struct worker_kind *kind,
			   const struct worker_options *options);

/* To its standard input; E_IO when it does not listen, E_TOOBIG when its time is over. */
MUST enum err worker_write(struct worker *w, str s);
void worker_close_input(struct worker *w);

/* From its standard output; *RET_N is 0 at the end. E_TOOBIG: too slow or too loud; it was killed. */
MUST enum err worker_read(struct worker *w, char *to, size_t cap, size_t *ret_n);

/* Whether worker_read would find something, or the end, within MS. */
bool worker_ready(const struct worker *w, int ms);

/* Waits for it until its deadline, kills it then, and says how it ended. Nothing of it is left. */
enum worker_end worker_finish(struct worker *w);

/* Kills it at once. To call twice, or after worker_finish, does nothing. */
void worker_kill(struct worker *w);

/* How it ended as a clause for a person: "it took longer than it may". */
const char *worker_end_text(enum worker_end end);

/* What main does for `--worker KIND`: argv as main has it. Never returns to anything but exit. */
int worker_main(int argc, char **argv);

/* The same with a table of one's own: for tests. */
int worker_main_of(const struct worker_kind *kinds, size_t n, int argc, char **argv);

#endif
