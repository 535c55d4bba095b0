/*
 * What a process may still do once it reads files of strangers: read and write what it has open, and
 * use a bounded amount of memory and time. It can open no path, make no connection, start nothing,
 * signal nobody. Three walls, each of which would nearly do alone: resource limits, Landlock (from its
 * first version; Linux 5.13), and seccomp with a list of allowed system calls.
 *
 * It holds for the whole process and cannot be undone: only workers enter it (worker.h).
 *
 * A sandbox with a program is wider by what that program needs to start and to compute: the one file may
 * be executed, the system's libraries may be read, threads may be made. It still can start no process,
 * execute no other file, make no connection and open nothing else.
 */
#ifndef JOB_SANDBOX_H
#define JOB_SANDBOX_H

#include "base/base.h"

struct sandbox {
	uint64_t
		memory; /* bytes of address space beyond what is mapped at the start; of a program: all */
	uint64_t file_size; /* bytes of one file in the scratch folder; 0 without one */
	uint32_t cpu;       /* seconds */
	uint32_t files;     /* open descriptors */
	int reopen; /* a descriptor whose file may be opened again for reading; -1: no path at all */
	int scratch; /* a descriptor of a folder where files may be made and read; -1: none */
	const char *program; /* an executable that replaces the process after; NULL: none */
	bool unsafe;         /* go on where the kernel has no Landlock: the caller's own risk */
};

/* The version of Landlock that the kernel has; 0: none. */
int sandbox_landlock_version(void);

/* E_DENIED: the kernel has no Landlock, and SANDBOX is not unsafe. E_IO: the kernel refused a wall;
 * the process must end. */
MUST enum err sandbox_enter(const struct sandbox *sandbox);

#endif
