/* The sandbox is tried from the inside: this program, started as a worker of a hostile kind, attempts
 * what a taken-over parser would, and says of each attempt whether it got through. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <netinet/in.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <spawn.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tap.h"

#include "base/clock.h"
#include "job/sandbox.h"
#include "job/worker.h"

/* --- Inside: each answers true when it got what it must not get. */

static bool opens(const char *path, int flags)
{
	return open(path, flags, 0600) >= 0;
}

static bool read_passwd(void)
{
	return opens("/etc/passwd", O_RDONLY);
}

static bool read_environ(void)
{
	return opens("/proc/self/environ", O_RDONLY);
}

static bool read_parent_memory(void)
{
	char path[64];

	snprintf(path, sizeof path, "/proc/%d/mem", getppid());
	return opens(path, O_RDONLY);
}

static bool list_folder(void)
{
	return opens("/", O_RDONLY | O_DIRECTORY);
}

static bool write_tmp(void)
{
	return opens("/tmp/tribune-hostile", O_WRONLY | O_CREAT);
}

static bool write_unnamed(void)
{
	return opens("/tmp", O_WRONLY | O_TMPFILE);
}

static bool open_again_to_write(void)
{
	return opens("/proc/self/fd/3", O_WRONLY) || opens("/proc/self/fd/3", O_RDWR | O_APPEND);
}

static bool write_input(void)
{
	return write(WORKER_INPUT, "x", 1) == 1;
}

static bool open_device(void)
{
	return opens("/dev/mem", O_RDONLY) || opens("/dev/sda", O_RDONLY) ||
	       opens("/dev/null", O_RDONLY);
}

static bool openat2_passwd(void)
{
	uint64_t how[3] = { O_RDONLY, 0, 0 };

	return syscall(SYS_openat2, AT_FDCWD, "/etc/passwd", how, sizeof how) >= 0;
}

static bool rename_file(void)
{
	return rename("/etc/hostname", "/etc/hostname2") == 0;
}

static bool remove_file(void)
{
	return unlink("/tmp/tribune-hostile") == 0 || errno == ENOENT;
}

static bool make_folder(void)
{
	return mkdir("/tmp/tribune-hostile-folder", 0700) == 0;
}

static bool make_link(void)
{
	return symlink("/etc/passwd", "/tmp/tribune-hostile-link") == 0;
}

static bool change_mode(void)
{
	return chmod("/tmp", 0) == 0 || fchmod(WORKER_INPUT, 0777) == 0;
}

static bool change_folder(void)
{
	return chdir("/") == 0;
}

static bool make_socket(void)
{
	return socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0) >= 0;
}

static bool make_local_socket(void)
{
	int pair[2];

	return socket(AF_UNIX, SOCK_STREAM, 0) >= 0 ||
	       socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0;
}

static bool connect_anything(void)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(80) };

	for (int fd = 0; fd < 4; fd++)
		if (connect(fd, (struct sockaddr *)&to, sizeof to) == 0 || errno != EPERM)
			return true;
	return false;
}

static bool run_shell(void)
{
	char *argv[] = { NULL };

	execve("/bin/sh", argv, argv);
	return errno != EPERM && errno != EACCES;
}

static bool run_self(void)
{
	char *argv[] = { NULL };

	execve("/proc/self/exe", argv, argv);
	return errno != EPERM && errno != EACCES;
}

static bool run_by_descriptor(void)
{
	char *argv[] = { NULL };

	return syscall(SYS_execveat, WORKER_INPUT, "", argv, argv, AT_EMPTY_PATH) == 0 ||
	       errno != EPERM;
}

static bool fork_once(void)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	return pid > 0;
}

static bool make_thread(void)
{
	return syscall(SYS_clone3, NULL, 0) >= 0 || (errno != EPERM && errno != ENOSYS);
}

static bool ptrace_parent(void)
{
	return ptrace(PTRACE_ATTACH, getppid(), 0, 0) == 0 || errno != EPERM;
}

static bool read_parent_by_call(void)
{
	char here[8], *there = here;
	struct iovec to = { here, 8 }, from = { there, 8 };

	return process_vm_readv(getppid(), &to, 1, &from, 1, 0) >= 0;
}

static bool signal_parent(void)
{
	return kill(getppid(), 0) == 0;
}

static bool signal_everybody(void)
{
	return kill(-1, 0) == 0;
}

static bool signal_parent_thread(void)
{
	return syscall(SYS_tgkill, getppid(), getppid(), 0) == 0;
}

static bool mount_something(void)
{
	return mount("none", "/mnt", "tmpfs", 0, NULL) == 0;
}

static bool become_root(void)
{
	return setuid(0) == 0 || setgid(0) == 0 || setresuid(0, 0, 0) == 0;
}

static bool change_root(void)
{
	return chroot("/") == 0;
}

static bool new_namespace(void)
{
	return unshare(CLONE_NEWUSER) == 0 || unshare(CLONE_NEWNET) == 0;
}

static bool raise_limit(void)
{
	struct rlimit more = { RLIM_INFINITY, RLIM_INFINITY };

	return setrlimit(RLIMIT_CPU, &more) == 0 || setrlimit(RLIMIT_AS, &more) == 0;
}

static bool map_executable(void)
{
	return mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1,
		    0) != MAP_FAILED;
}

static bool make_executable(void)
{
	void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return p == MAP_FAILED || mprotect(p, 4096, PROT_READ | PROT_EXEC) == 0;
}

static bool push_keys(void)
{
	char c = 'x';

	return ioctl(0, TIOCSTI, &c) == 0 || errno != EPERM;
}

static bool watch_kernel(void)
{
	return syscall(SYS_bpf, 0, NULL, 0) >= 0 ||
	       syscall(SYS_perf_event_open, NULL, 0, -1, -1, 0) >= 0;
}

static bool load_module(void)
{
	return syscall(SYS_init_module, NULL, 0, "") == 0 || errno != EPERM;
}

static bool set_clock(void)
{
	struct timeval t = { 0, 0 };

	return settimeofday(&t, NULL) == 0;
}

static bool io_uring(void)
{
	return syscall(SYS_io_uring_setup, 1, NULL) >= 0 || errno != EPERM;
}

static bool memory_file(void)
{
	return memfd_create("x", 0) >= 0;
}

static bool shared_memory(void)
{
	return shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0600) >= 0;
}

static int first_foreign = WORKER_INPUT + 1;

static bool foreign_descriptor(void)
{
	/* The test opens several without O_CLOEXEC before it starts us. */
	for (int fd = first_foreign; fd < 64; fd++)
		if (fcntl(fd, F_GETFD) >= 0)
			return true;
	return false;
}

static bool no_new_privileges_off(void)
{
	return prctl(PR_SET_NO_NEW_PRIVS, 0, 0, 0, 0) == 0;
}

static bool keep_environment(void)
{
	return environ && environ[0];
}

static const struct attempt {
	const char *name;
	bool (*gets_through)(void);
	bool works_outside; /* harmless enough to show that the attempt itself is right */
} attempts[] = {
	{ "read /etc/passwd", read_passwd, true },
	{ "read its environment's file", read_environ, true },
	{ "read its parent's memory by file", read_parent_memory, false },
	{ "list a folder", list_folder, true },
	{ "write a file", write_tmp, true },
	{ "write a file without a name", write_unnamed, false },
	{ "open its input again to write", open_again_to_write, false },
	{ "write to its input", write_input, false },
	{ "open a device", open_device, true },
	{ "open by openat2", openat2_passwd, true },
	{ "rename a file", rename_file, false },
	{ "remove a file", remove_file, true },
	{ "make a folder", make_folder, false },
	{ "make a link", make_link, false },
	{ "change a mode", change_mode, false },
	{ "change its folder", change_folder, false },
	{ "make a socket", make_socket, true },
	{ "make a local socket", make_local_socket, true },
	{ "connect", connect_anything, false },
	{ "run a shell", run_shell, false },
	{ "run itself again", run_self, false },
	{ "run a descriptor", run_by_descriptor, true },
	{ "fork", fork_once, false },
	{ "make a thread", make_thread, false },
	{ "trace its parent", ptrace_parent, false },
	{ "read its parent's memory", read_parent_by_call, false },
	{ "signal its parent", signal_parent, false },
	{ "signal everybody", signal_everybody, true },
	{ "signal its parent's thread", signal_parent_thread, false },
	{ "mount", mount_something, false },
	{ "become root", become_root, false },
	{ "change its root", change_root, false },
	{ "make a namespace", new_namespace, false },
	{ "raise its limits", raise_limit, false },
	{ "map executable memory", map_executable, true },
	{ "make memory executable", make_executable, true },
	{ "push keys into the terminal", push_keys, false },
	{ "load a program into the kernel", watch_kernel, false },
	{ "load a kernel module", load_module, false },
	{ "set the clock", set_clock, false },
	{ "use io_uring", io_uring, false },
	{ "make a file in memory", memory_file, true },
	{ "share memory", shared_memory, false },
	{ "use a descriptor that it was not given", foreign_descriptor, false },
	{ "drop no_new_privs", no_new_privileges_off, false },
	{ "see an environment", keep_environment, true },
};

static void try_all(const struct attempt *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		printf("%s %s\n", list[i].gets_through() ? "through" : "refused", list[i].name);
}

static int hostile(void)
{
	try_all(attempts, COUNT_OF(attempts));
	return fflush(stdout) != 0;
}

/* What a program's walls let through besides, and what they must not. */
static bool run_another(void)
{
	static const char *const paths[] = { "/usr/bin/env", "/bin/cat", "/usr/bin/python3" };
	char *argv[] = { NULL };

	for (size_t i = 0; i < COUNT_OF(paths); i++) {
		execve(paths[i], argv, argv);
		if (errno != EACCES && errno != ENOENT)
			return true;
	}
	return false;
}

/* A file that one may make in the scratch folder, even so. */
static bool run_own_file(void)
{
	int from = open("/usr/lib/os-release", O_RDONLY), fd;
	char *argv[] = { NULL }, block[512];
	ssize_t n = read(from, block, sizeof block);

	fd = openat(WORKER_SCRATCH, "program", O_WRONLY | O_CREAT, 0700);
	if (from < 0 || fd < 0 || write(fd, block, (size_t)n) != n)
		return true; /* this much it may: otherwise the attempt says nothing */
	close(fd);
	execve("program", argv, argv);
	return errno != EACCES;
}

static bool fork_in_any_way(void)
{
	pid_t pid = (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);

	if (pid == 0)
		_exit(0);
	return pid > 0 || (pid = (pid_t)syscall(SYS_fork)) > 0 ||
	       syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0) > 0;
}

static bool write_beside_scratch(void)
{
	return openat(WORKER_SCRATCH, "../outside", O_WRONLY | O_CREAT, 0600) >= 0 ||
	       opens("/usr/lib/tribune-hostile", O_WRONLY | O_CREAT) ||
	       opens("/usr/lib/os-release", O_WRONLY);
}

static bool read_beside(void)
{
	return opens("/etc/group", O_RDONLY) || opens("/proc/self/maps", O_RDONLY) ||
	       opens("/root", O_RDONLY | O_DIRECTORY) || opens("../beside", O_RDONLY);
}

static bool write_too_much(void)
{
	int fd = openat(WORKER_SCRATCH, "long", O_WRONLY | O_CREAT, 0600);

	return fd < 0 || pwrite(fd, "x", 1, 2 << 20) == 1 || ftruncate(fd, 2 << 20) == 0;
}

static const struct attempt wide_attempts[] = {
	{ "run another program", run_another, false },
	{ "run a file that it made", run_own_file, false },
	{ "fork, by the bare call", fork_in_any_way, false },
	{ "write beside the scratch folder", write_beside_scratch, false },
	{ "read beside the scratch folder", read_beside, false },
	{ "write more than it may", write_too_much, false },
};

static void *thread(void *arg)
{
	return arg;
}

/* The walls of a program, tried without becoming it. */
static int hostile_wide(void)
{
	pthread_t t;

	first_foreign = WORKER_SCRATCH + 1;
	try_all(attempts, COUNT_OF(attempts));
	try_all(wide_attempts, COUNT_OF(wide_attempts));
	printf("%s\n", pthread_create(&t, NULL, thread, NULL) == 0 && pthread_join(t, NULL) == 0
			       ? "threads"
			       : "no threads");
	return fflush(stdout) != 0;
}

/* Each touches what it gets, so that it is really there. */
static int eats_memory(void)
{
	enum { STEP = 16 << 20 };

	for (int i = 0; i < 192; i++) { /* 3 GiB */
		char *p = mmap(NULL, STEP, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
			       0);

		if (p == MAP_FAILED) {
			printf("%d\n", i * 16);
			fflush(stdout);
			return 0;
		}
		memset(p, 1, STEP);
	}
	return 1;
}

static int eats_time(void)
{
	for (volatile uint64_t i = 0;; i++)
		;
	return 0;
}

static int sleeps(void)
{
	char c;

	while (read(STDIN_FILENO, &c, 1) > 0)
		;
	return 0;
}

static int writes_without_end(void)
{
	static char block[65536];

	for (;;)
		if (write(STDOUT_FILENO, block, sizeof block) < 0)
			return 1;
}

static int crashes(void)
{
	abort();
}

static int fails(void)
{
	return 3;
}

/* What a reader does: its input by descriptor, and its standard input back. */
static int echoes(void)
{
	char text[64];
	ssize_t n = pread(WORKER_INPUT, text, sizeof text, 0);

	if (n <= 0 || write(STDOUT_FILENO, text, (size_t)n) != n)
		return 1;
	while ((n = read(STDIN_FILENO, text, sizeof text)) > 0)
		if (write(STDOUT_FILENO, text, (size_t)n) != n)
			return 1;
	return 0;
}

/* What freexl does: its input by name, and no other file so. */
static int reopens(void)
{
	char text[64];
	int fd = open("/proc/self/fd/3", O_RDONLY);
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof text);

	if (n <= 0 || write(STDOUT_FILENO, text, (size_t)n) != n)
		return 1;
	return read_passwd() || list_folder() || write_tmp() || open_again_to_write() ? 2 : 0;
}

static int uses_scratch(void)
{
	int fd = openat(WORKER_SCRATCH, "made", O_RDWR | O_CREAT, 0600), again;
	char text[8];

	if (fd < 0 || write(fd, "ok", 2) != 2)
		return 1;
	again = openat(WORKER_SCRATCH, "made", O_RDONLY);
	if (again < 0 || read(again, text, 2) != 2)
		return 2;
	if (unlinkat(WORKER_SCRATCH, "made", 0) != 0)
		return 3;
	if (read_passwd() || write_tmp() || list_folder())
		return 4;
	return openat(WORKER_SCRATCH, "../outside", O_WRONLY | O_CREAT, 0600) >= 0 ? 5 : 0;
}

enum { MB = 1 << 20 };
static const struct worker_kind kinds[] = {
	{ .name = "wide",
	  .run = hostile_wide,
	  .program = "/usr/bin/true",
	  .memory = 256 * MB,
	  .output = MB,
	  .file_size = MB,
	  .cpu = 10,
	  .wall = 20,
	  .reopens_input = true,
	  .uses_scratch = true },
	{ .name = "cat",
	  .program = "/bin/cat",
	  .memory = 256 * MB,
	  .output = MB,
	  .cpu = 10,
	  .wall = 20,
	  .reopens_input = true },
	{ .name = "absent",
	  .program = "/usr/bin/tribune-no-such-program",
	  .memory = 64 * MB,
	  .output = MB,
	  .cpu = 10,
	  .wall = 20 },
	{ .name = "hostile",
	  .run = hostile,
	  .memory = 256 * MB,
	  .output = MB,
	  .cpu = 10,
	  .wall = 20 },
	{ .name = "memory",
	  .run = eats_memory,
	  .memory = 256 * MB,
	  .output = MB,
	  .cpu = 10,
	  .wall = 20 },
	{ .name = "time", .run = eats_time, .memory = 64 * MB, .output = MB, .cpu = 1, .wall = 20 },
	{ .name = "sleeps", .run = sleeps, .memory = 64 * MB, .output = MB, .cpu = 1, .wall = 1 },
	{ .name = "loud",
	  .run = writes_without_end,
	  .memory = 64 * MB,
	  .output = 10 * MB,
	  .cpu = 10,
	  .wall = 20 },
	{ .name = "crashes",
	  .run = crashes,
	  .memory = 64 * MB,
	  .output = MB,
	  .cpu = 10,
	  .wall = 20 },
	{ .name = "fails", .run = fails, .memory = 64 * MB, .output = MB, .cpu = 10, .wall = 20 },
	{ .name = "echoes", .run = echoes, .memory = 64 * MB, .output = MB, .cpu = 10, .wall = 20 },
	{ .name = "reopens",
	  .run = reopens,
	  .memory = 64 * MB,
	  .output = MB,
	  .cpu = 10,
	  .wall = 20,
	  .reopens_input = true },
	{ .name = "scratch",
	  .run = uses_scratch,
	  .memory = 64 * MB,
	  .output = MB,
	  .cpu = 10,
	  .wall = 20,
	  .uses_scratch = true },
};

/* --- Outside */

static const struct worker_kind *kind(const char *name)
{
	for (size_t i = 0; i < COUNT_OF(kinds); i++)
		if (str_eq(str_of(kinds[i].name), str_of(name)))
			return &kinds[i];
	abort();
}

/* A file with TEXT and no name. */
static int file_of(str text)
{
	int fd = open("/tmp", O_RDWR | O_TMPFILE | O_CLOEXEC, 0600);

	if (write(fd, text.p, text.n) != (ssize_t)text.n)
		abort();
	return fd;
}

/* Everything that the worker says; *RET_E is what reading ended with. */
static str all_of(arena *a, struct worker *w, enum err *ret_e)
{
	buf b = buf_new(a, 64 << 20);
	size_t n = 0;

	do {
		char *room = buf_room(&b, 65536);

		*ret_e = worker_read(w, room, 65536, &n);
		if (*ret_e != OK)
			break;
		buf_wrote(&b, n);
	} while (n);
	return buf_str(&b);
}

static enum worker_end run(arena *a, const char *name, int input, str *ret_said)
{
	struct worker_options options = { .input = input, .scratch = -1 };
	struct worker w;
	enum err e;

	if (worker_start(&w, kind(name), &options) != OK)
		return WORKER_RUNS;
	*ret_said = all_of(a, &w, &e);
	return worker_finish(&w);
}

static size_t check_refused(const struct attempt *list, size_t n, str *said)
{
	size_t refused = 0;

	for (size_t i = 0; i < n; i++) {
		str line = str_cut(said, '\n'), word = str_cut(&line, ' ');

		ok(str_eq(word, S("refused")) && str_eq(line, str_of(list[i].name)), "refused: %s",
		   list[i].name);
		refused += str_eq(word, S("refused"));
	}
	return refused;
}

static void test_attempts(arena *a)
{
	int input = file_of(S("input")), leaked = dup(input), other = dup(input);
	str said = S("");
	size_t refused;

	eq_int(run(a, "hostile", input, &said), WORKER_DONE, "the hostile worker runs to its end");
	refused = check_refused(attempts, COUNT_OF(attempts), &said);
	ok(refused >= 40, "%zu of %zu attempts refused", refused, COUNT_OF(attempts));
	close(input), close(leaked), close(other);
}

/* A folder with a file beside the scratch folder, as the data directory is. */
static void test_program_walls(arena *a)
{
	char folder[] = "/tmp/tribune-test-XXXXXX";
	int input = file_of(S("input")), leaked = dup(input), above;
	struct worker_options options = { 0 };
	struct worker w;
	enum err e;
	str said;

	if (!mkdtemp(folder))
		abort();
	above = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	mkdirat(above, "scratch", 0700);
	close(openat(above, "beside", O_WRONLY | O_CREAT, 0600));
	options.input = open("/etc/hostname", O_RDONLY | O_CLOEXEC);
	options.scratch = openat(above, "scratch", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	is_ok(worker_start(&w, kind("wide"), &options), "a program's walls");
	said = all_of(a, &w, &e);
	eq_int(worker_finish(&w), WORKER_DONE, "are tried to the end");
	check_refused(attempts, COUNT_OF(attempts), &said);
	check_refused(wide_attempts, COUNT_OF(wide_attempts), &said);
	eq_str(str_trim(said), S("threads"), "a program may have threads");
	unlinkat(options.scratch, "program", 0);
	unlinkat(options.scratch, "long", 0);
	unlinkat(above, "scratch", AT_REMOVEDIR);
	unlinkat(above, "beside", 0);
	eq_int(rmdir(folder), 0, "nothing else was made");
	close(options.input), close(options.scratch), close(above), close(input), close(leaked);
}

static enum worker_end run_words(arena *a, const char *name, int input, const char *const *words,
				 str *ret_said)
{
	struct worker_options options = { .input = input, .scratch = -1, .words = words };
	struct worker w;
	enum err e;

	if (worker_start(&w, kind(name), &options) != OK)
		return WORKER_RUNS;
	*ret_said = all_of(a, &w, &e);
	return worker_finish(&w);
}

static void test_program(arena *a)
{
	static const char *const own[] = { "/proc/self/fd/3", NULL },
				 *const other[] = { "/etc/passwd", NULL },
				 *const environment[] = { "/proc/self/environ", NULL };
	int input = file_of(S("a file"));
	str said = S("");

	eq_int(run_words(a, "cat", input, own, &said), WORKER_DONE, "a program reads its input");
	eq_str(said, S("a file"), "all of it");
	eq_int(run_words(a, "cat", input, other, &said), WORKER_FAILED, "and no other file");
	eq_int(said.n, 0, "not a byte");
	eq_int(run_words(a, "cat", input, environment, &said), WORKER_FAILED, "nor this");
	eq_int(run_words(a, "absent", -1, NULL, &said), WORKER_FAILED, "one that is not there");
	close(input);
}

/* The same attempts without a sandbox: they get through, so that the test above says something. */
static void test_attempts_outside(void)
{
	unlink("/tmp/tribune-hostile");
	for (size_t i = 0; i < COUNT_OF(attempts); i++)
		if (attempts[i].works_outside) {
			ok(attempts[i].gets_through(), "outside it gets through: %s",
			   attempts[i].name);
		}
	unlink("/tmp/tribune-hostile");
}

static void test_limits(arena *a)
{
	str said = S("");
	int64_t got = 0, t = clock_steady_ms();
	struct worker_options options = { .input = -1, .scratch = -1 };
	struct worker w;
	enum err e;

	eq_int(run(a, "memory", -1, &said), WORKER_DONE, "the greedy worker meets its limit");
	ok(str_to_i64(str_trim(said), &got), "it says how far it came");
	ok(got > 100 && got <= 256, "of 3 GiB it got %lld MB", (long long)got);
	eq_int(run(a, "time", -1, &said), WORKER_CRASHED, "endless work ends with its CPU time");
	ok(clock_steady_ms() - t < 5000, "in time");

	t = clock_steady_ms();
	is_ok(worker_start(&w, kind("sleeps"), &options), "a worker that waits for ever");
	all_of(a, &w, &e);
	eq_int(e, E_TOOBIG, "is not waited for");
	eq_int(worker_finish(&w), WORKER_SLOW, "its deadline ended it");
	t = clock_steady_ms() - t;
	ok(t >= 900 && t < 2500, "after its second (%lld ms)", (long long)t);
	is_ok(worker_start(&w, kind("sleeps"), &options), "another");
	worker_close_input(&w);
	eq_int(worker_finish(&w), WORKER_DONE, "which stops when nobody talks to it");

	is_ok(worker_start(&w, kind("loud"), &options), "a worker that writes without end");
	ok(all_of(a, &w, &e).n <= 10 * MB && e == E_TOOBIG, "is cut at its limit");
	eq_int(worker_finish(&w), WORKER_LOUD, "and ended");
	worker_kill(&w);
	eq_int(w.end, WORKER_LOUD, "to end it twice does nothing");
}

static void test_ends(arena *a)
{
	int input = file_of(S("a file"));
	struct worker_options options = { .input = input, .scratch = -1 };
	struct worker w = { 0 };
	str said = S("");
	enum err e;

	worker_kill(&w);
	ok(fcntl(0, F_GETFD) >= 0, "to end what never started harms nothing");
	eq_int(run(a, "crashes", -1, &said), WORKER_CRASHED, "a crash");
	eq_int(run(a, "fails", -1, &said), WORKER_FAILED, "a failure");
	eq_int(run(a, "reopens", input, &said), WORKER_DONE, "its input by name, and nothing else");
	eq_str(said, S("a file"), "read");
	eq_int(run(a, "echoes", -1, &said), WORKER_FAILED, "without an input");
	is_ok(worker_start(&w, kind("echoes"), &options), "with both");
	is_ok(worker_write(&w, S(" and more")), "written to");
	worker_close_input(&w);
	eq_str(all_of(a, &w, &e), S("a file and more"), "heard back");
	eq_int(worker_finish(&w), WORKER_DONE, "done");
	is_ok(worker_start(&w, kind("fails"), &options), "one that does not listen");
	while ((e = worker_write(&w, S("x"))) == OK)
		;
	eq_int(e, E_IO, "is noticed without a signal");
	worker_kill(&w);
	is_ok(worker_start(&w, kind("sleeps"), &options), "one that runs");
	worker_kill(&w);
	ok(w.pid == 0 && waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD,
	   "is ended, none is left");
	close(input);
}

static void test_scratch(void)
{
	char folder[] = "/tmp/tribune-test-XXXXXX";
	struct worker_options options = { .input = -1 };
	struct worker w;

	if (!mkdtemp(folder))
		abort();
	options.scratch = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	is_ok(worker_start(&w, kind("scratch"), &options), "a worker with a scratch folder");
	eq_int(worker_finish(&w), WORKER_DONE, "makes files there and nowhere else");
	close(options.scratch);
	eq_int(rmdir(folder), 0, "and left it empty");
}

/* The kernel as if it had no Landlock: a filter of our own answers for it, in a process of its own. */
static int without_landlock(void)
{
	scmp_filter_ctx c = seccomp_init(SCMP_ACT_ALLOW);
	struct worker_options options = { .input = -1, .scratch = -1 };
	struct worker w = { 0 };

	if (!c ||
	    seccomp_rule_add(c, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(landlock_create_ruleset), 0) ||
	    seccomp_load(c))
		return 1;
	seccomp_release(c);
	if (sandbox_landlock_version() != 0)
		return 2;
	if (worker_start(&w, kind("fails"), &options) != E_DENIED || w.pid)
		return 3;
	options.unsafe = true;
	if (worker_start(&w, kind("fails"), &options) != OK || worker_finish(&w) != WORKER_FAILED)
		return 4;
	return 0;
}

static void test_without_landlock(const char *self)
{
	char flag[] = "--without-landlock", name[] = "test_worker";
	char *argv[] = { name, flag, NULL };
	pid_t pid;
	int status = -1;

	if (posix_spawn(&pid, self, NULL, NULL, argv, environ) == 0)
		waitpid(pid, &status, 0);
	eq_int(status, 0, "without Landlock: refused, unless unsafe");
}

int main(int argc, char **argv)
{
	arena *a;

	if (argc >= 2 && str_eq(str_of(argv[1]), S("--worker")))
		return worker_main_of(kinds, COUNT_OF(kinds), argc, argv);
	if (argc >= 2 && str_eq(str_of(argv[1]), S("--without-landlock")))
		return without_landlock();
	a = arena_new();
	printf("# Landlock version %d\n", sandbox_landlock_version());
	test_attempts(a);
	test_attempts_outside();
	test_limits(a);
	test_ends(a);
	test_scratch();
	test_program_walls(a);
	test_program(a);
	test_without_landlock("/proc/self/exe");
	arena_free(a);
	return tap_done();
}
