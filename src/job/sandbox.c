#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "job/sandbox.h"

/* --- Resource limits */

/* Pages of address space in use now: the program, its libraries, a sanitizer's shadow. */
static enum err mapped_now(uint64_t *ret_bytes)
{
	char text[64];
	int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof text);
	str all = { text, n > 0 ? (size_t)n : 0 };
	int64_t pages;

	if (fd >= 0)
		close(fd);
	if (!str_to_i64(str_cut(&all, ' '), &pages))
		return E_IO;
	*ret_bytes = (uint64_t)pages * (uint64_t)sysconf(_SC_PAGESIZE);
	return OK;
}

/* What is mapped now goes when another program takes our place. A sanitizer's shadow, larger than any
 * limit, could not even get there. */
static enum err memory_max(const struct sandbox *s, uint64_t *ret_bytes)
{
#ifdef __SANITIZE_ADDRESS__
	bool replaced = false;
#else
	bool replaced = s->program != NULL;
#endif
	*ret_bytes = 0;
	if (!replaced)
		TRY(mapped_now(ret_bytes));
	*ret_bytes += s->memory;
	return OK;
}

static bool limit(__rlimit_resource_t what, uint64_t value)
{
	struct rlimit l = { value, value };

	return setrlimit(what, &l) == 0;
}

enum { THREADS_MAX = 1024 };

static enum err limit_all(const struct sandbox *s)
{
	uint64_t memory;

	TRY(memory_max(s, &memory));
	/* Threads count as processes of the user, whose others must not keep them from starting. */
	if (!limit(RLIMIT_AS, memory) || !limit(RLIMIT_CPU, s->cpu) ||
	    !limit(RLIMIT_NOFILE, s->files) || !limit(RLIMIT_FSIZE, s->file_size) ||
	    !limit(RLIMIT_CORE, 0) || !limit(RLIMIT_NPROC, s->program ? THREADS_MAX : 0) ||
	    !limit(RLIMIT_MEMLOCK, 0) || !limit(RLIMIT_MSGQUEUE, 0))
		return E_IO;
	return OK;
}

/* --- Landlock. Our own structures: the kernel's header may be older than the kernel, which takes a
 * larger structure when what it does not know is zero. */

struct ruleset {
	uint64_t fs, net, scoped;
};

struct beneath {
	uint64_t allowed;
	int32_t fd;
} __attribute__((packed));

enum {
	FS_EXECUTE = 1 << 0,
	FS_WRITE_FILE = 1 << 1,
	FS_READ_FILE = 1 << 2,
	FS_READ_DIR = 1 << 3,
	FS_REMOVE_FILE = 1 << 5,
	FS_MAKE_REG = 1 << 8,
	FS_VERSION_1 = (1 << 13) - 1,
	FS_REFER = 1 << 13,     /* version 2 */
	FS_TRUNCATE = 1 << 14,  /* version 3 */
	FS_IOCTL_DEV = 1 << 15, /* version 5 */
	NET_TCP = 3,            /* version 4: bind and connect */
	SCOPED_ALL = 3,         /* version 6: abstract sockets and signals */
	RULE_PATH_BENEATH = 1,
	CREATE_VERSION = 1,
};

int sandbox_landlock_version(void)
{
	long version = syscall(SYS_landlock_create_ruleset, NULL, 0, CREATE_VERSION);

	return version > 0 ? (int)version : 0;
}

static bool allow(int ruleset, int fd, uint64_t rights)
{
	struct beneath rule = { rights, fd };

	/* EBADFD: a file without a path, which Landlock does not restrict. */
	return syscall(SYS_landlock_add_rule, ruleset, RULE_PATH_BENEATH, &rule, 0) == 0 ||
	       errno == EBADFD;
}

/* ALLOW for a path; one that is not there needs none. */
static bool allow_path(int ruleset, const char *path, uint64_t rights)
{
	int fd = open(path, O_PATH | O_CLOEXEC);
	bool good = fd < 0 || allow(ruleset, fd, rights);

	if (fd >= 0)
		close(fd);
	return good;
}

/* Executing a file takes the right for it and for the loader that it names. */
static bool allow_program(int ruleset, const char *program)
{
	static const char *const libraries[] = {
		"/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/etc/ld.so.cache"
	};
	static const char *const loaders[] = { "/lib64/ld-linux-x86-64.so.2",
					       "/lib/ld-linux-aarch64.so.1" };
	bool good = allow_path(ruleset, program, FS_EXECUTE | FS_READ_FILE);

	for (size_t i = 0; i < COUNT_OF(libraries); i++)
		good &= allow_path(ruleset, libraries[i], FS_READ_FILE);
	for (size_t i = 0; i < COUNT_OF(loaders); i++)
		good &= allow_path(ruleset, loaders[i], FS_EXECUTE | FS_READ_FILE);
	return good;
}

static enum err landlock(const struct sandbox *s, int version)
{
	struct ruleset all = { .fs = FS_VERSION_1 };
	uint64_t scratch = FS_READ_FILE | FS_WRITE_FILE | FS_READ_DIR | FS_REMOVE_FILE |
			   FS_MAKE_REG;
	bool good;
	int fd;

	all.fs |= (version >= 2 ? FS_REFER : 0u) | (version >= 3 ? FS_TRUNCATE : 0u) |
		  (version >= 5 ? FS_IOCTL_DEV : 0u);
	all.net = version >= 4 ? NET_TCP : 0;
	all.scoped = version >= 6 ? SCOPED_ALL : 0;
	fd = (int)syscall(SYS_landlock_create_ruleset, &all, sizeof all, 0);
	if (fd < 0)
		return E_IO;
	good = (s->reopen < 0 || allow(fd, s->reopen, FS_READ_FILE)) &&
	       (s->scratch < 0 || allow(fd, s->scratch, scratch | (all.fs & FS_TRUNCATE))) &&
	       (!s->program || allow_program(fd, s->program)) &&
	       syscall(SYS_landlock_restrict_self, fd, 0) == 0;
	close(fd);
	return good ? OK : E_IO;
}

/* --- seccomp. What is not listed answers EPERM, so that a library that asks for something harmless
 * goes on without it. */

static const int calls[] = {
	SCMP_SYS(read),
	SCMP_SYS(pread64),
	SCMP_SYS(readv),
	SCMP_SYS(write),
	SCMP_SYS(writev),
	SCMP_SYS(close),
	SCMP_SYS(lseek),
	SCMP_SYS(fstat),
	/* memory, without making any of it executable: see below */
	SCMP_SYS(munmap),
	SCMP_SYS(mremap),
	SCMP_SYS(brk),
	SCMP_SYS(madvise),
	/* one's own signals, locks and end */
	SCMP_SYS(rt_sigreturn),
	SCMP_SYS(rt_sigaction),
	SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(sigaltstack),
	SCMP_SYS(futex),
	SCMP_SYS(sched_yield),
	SCMP_SYS(restart_syscall),
	SCMP_SYS(exit),
	SCMP_SYS(exit_group),
	/* what time it is, who I am, and chance */
	SCMP_SYS(clock_gettime),
	SCMP_SYS(gettimeofday),
	SCMP_SYS(getpid),
	SCMP_SYS(gettid),
	SCMP_SYS(getrandom),
};

/* What a program besides needs to be loaded, to ask about the machine, and to run threads. */
static const int program_calls[] = {
	SCMP_SYS(execve), /* Landlock says of which file */
	SCMP_SYS(arch_prctl),
	SCMP_SYS(set_tid_address),
	SCMP_SYS(set_robust_list),
	SCMP_SYS(rseq),
	SCMP_SYS(uname),
	SCMP_SYS(sysinfo),
	SCMP_SYS(getuid),
	SCMP_SYS(geteuid),
	SCMP_SYS(getgid),
	SCMP_SYS(getegid),
	SCMP_SYS(getcwd),
	SCMP_SYS(getrusage),
	SCMP_SYS(sched_getaffinity),
	SCMP_SYS(membarrier),
	SCMP_SYS(nanosleep),
	SCMP_SYS(clock_nanosleep),
	SCMP_SYS(clock_getres),
	SCMP_SYS(poll),
	SCMP_SYS(select),
	SCMP_SYS(pselect6),
	SCMP_SYS(access),
	SCMP_SYS(stat),
	SCMP_SYS(lstat),
	SCMP_SYS(newfstatat),
	SCMP_SYS(dup),
	SCMP_SYS(pwrite64),
};

/* Opening for reading only: none of the flags that write or make a file. */
enum { WRITING = O_WRONLY | O_RDWR | O_CREAT | O_TRUNC | O_APPEND | (O_TMPFILE & ~O_DIRECTORY) };

/* clang-format off */
#define RULE(call, ...) (seccomp_rule_add(c, SCMP_ACT_ALLOW, SCMP_SYS(call), __VA_ARGS__) == 0)
#define MASK_IS(n, mask, value) SCMP_CMP(n, SCMP_CMP_MASKED_EQ, (mask), (value))
#define IS(n, value) SCMP_CMP(n, SCMP_CMP_EQ, (value))
/* clang-format on */

static bool add_program_rules(scmp_filter_ctx c)
{
	bool good = true;

	for (size_t i = 0; i < COUNT_OF(program_calls); i++)
		good &= seccomp_rule_add(c, SCMP_ACT_ALLOW, program_calls[i], 0) == 0;
	/* Libraries are mapped executable, but never writable too. */
	good &= RULE(mmap, 1, MASK_IS(2, PROT_WRITE | PROT_EXEC, PROT_EXEC));
	good &= RULE(prlimit64, 1, IS(2, 0)); /* to ask */
	good &= RULE(prctl, 1, IS(0, PR_SET_NAME));
	good &= RULE(fcntl, 2, IS(1, F_SETFD), IS(2, FD_CLOEXEC));
	/* A thread, not a process. What clone3 is asked for stands in memory, where a filter cannot
	 * look: libc takes clone when there is none. */
	good &= RULE(clone, 1, MASK_IS(0, CLONE_THREAD, CLONE_THREAD));
	good &= seccomp_rule_add(c, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0) == 0;
	return good;
}

static bool add_rules(scmp_filter_ctx c, const struct sandbox *s)
{
	bool good = true;

	for (size_t i = 0; i < COUNT_OF(calls); i++)
		good &= seccomp_rule_add(c, SCMP_ACT_ALLOW, calls[i], 0) == 0;
	good &= RULE(mmap, 1, MASK_IS(2, PROT_EXEC, 0));
	good &= RULE(mprotect, 1, MASK_IS(2, PROT_EXEC, 0));
	if (!s->program)
		good &= RULE(newfstatat, 1, IS(3, AT_EMPTY_PATH)); /* fstat in glibc */
	good &= RULE(fcntl, 1, IS(1, F_GETFL));
	good &= RULE(fcntl, 1, IS(1, F_GETFD));
	good &= RULE(tgkill, 1, IS(0, (uint64_t)getpid())); /* abort */
	if (s->scratch >= 0) {
		good &= RULE(openat, 0);
		good &= RULE(unlinkat, 0);
		good &= RULE(ftruncate, 0);
	} else if (s->reopen >= 0 || s->program) {
		good &= RULE(openat, 1, MASK_IS(2, WRITING, 0));
	}
	if (s->program)
		good &= add_program_rules(c);
	return good;
}

static enum err seccomp(const struct sandbox *s)
{
	scmp_filter_ctx c = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	bool good = c && add_rules(c, s) && seccomp_load(c) == 0;

	if (c)
		seccomp_release(c);
	return good ? OK : E_IO;
}

enum err sandbox_enter(const struct sandbox *s)
{
	int version = sandbox_landlock_version();

	if (version == 0 && !s->unsafe)
		return E_DENIED;
	TRY(limit_all(s));
	signal(SIGXFSZ, SIG_IGN); /* writing too much is an error, not an end */
	/* It ends with the thread that waits for it: killed, that one must not leave a program that goes on writing. */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0)
		return E_IO;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return E_IO;
	if (version > 0)
		TRY(landlock(s, version));
	return seccomp(s);
}
