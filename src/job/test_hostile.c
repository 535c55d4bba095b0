/* Files made to hurt a reader (tests/hostile.py): each is answered within a second and 256 MB, with the
 * reason that its maker expects. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tap.h"

#include "base/clock.h"
#include "job/table.h"
#include "job/worker.h"

/* A sanitizer makes everything slower and keeps what was freed. */
#if defined(__SANITIZE_ADDRESS__)
#define SLOWER 8
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SLOWER 8
#endif
#endif
#ifndef SLOWER
#define SLOWER 1
#endif

enum { TIME_MAX = 1000 * SLOWER, MEMORY_MAX = 256 * 1024 /* kB */ };

/* Runs a program to its end; true when it was content. */
static bool run(const char *program, const char *word, const char *folder)
{
	char words[3][200];
	char *argv[] = { words[0], words[1], words[2], NULL };
	pid_t pid;
	int status = -1;

	snprintf(words[0], sizeof words[0], "%s", program);
	snprintf(words[1], sizeof words[1], "%s", word);
	snprintf(words[2], sizeof words[2], "%s", folder);
	if (posix_spawnp(&pid, program, NULL, NULL, argv, environ) == 0)
		waitpid(pid, &status, 0);
	return status == 0;
}

static str read_list(arena *a, int folder)
{
	int fd = openat(folder, "LIST", O_RDONLY | O_CLOEXEC);
	struct stat st;
	char *p;

	if (fd < 0 || fstat(fd, &st) != 0)
		return S("");
	p = arena_alloc_raw(a, (size_t)st.st_size);
	if (read(fd, p, (size_t)st.st_size) != st.st_size)
		abort();
	close(fd);
	return (str){ p, (size_t)st.st_size };
}

struct heard {
	buf text;
	uint64_t left_out; /* all of them; only the first are in the text */
};

static void note(void *ctx, const struct row_problem *p)
{
	struct heard *h = ctx;

	if (h->left_out++ < 20)
		buf_printf(&h->text, "%s; ", row_problem_text(p->kind));
}

/* Reads the file to its end; *RET_ENDED: without a refusal. */
static void read_file(arena *a, int fd, struct heard *h, bool *ret_ended)
{
	struct table_options options = { .problem = note, .ctx = h };
	struct table *t = table_new(a, &options);
	struct table_row row;
	enum err e = table_open(t, fd);

	while (e == OK)
		e = table_next(t, &row);
	*ret_ended = e == E_NOTFOUND;
	if (e != E_NOTFOUND)
		buf_put(&h->text, table_reason(t));
}

static void test_file(int folder, str name, str words)
{
	arena *a = arena_new();
	struct heard h = { .text = buf_new(a, 1 << 20) };
	char *path = arena_cstr(a, name);
	int fd = openat(folder, path, O_RDONLY | O_CLOEXEC);
	int64_t t = clock_steady_ms();
	bool ended = false;

	read_file(a, fd, &h, &ended);
	t = clock_steady_ms() - t;
	ok(str_find(buf_str(&h.text), words) != STR_NONE && t < TIME_MAX, "%s: %d ms, %s%" STR_F,
	   path, (int)t, ended ? "read; " : "", STR_A(str_to(buf_str(&h.text), 150)));
	/* What comes back is the file's own fault, never that of its reader. */
	ok(str_find(buf_str(&h.text), S("crashed")) == STR_NONE &&
		   str_find(buf_str(&h.text), S("rules")) == STR_NONE,
	   "%s: in good order", path);
	close(fd);
	unlinkat(folder, path, 0);
	arena_free(a);
}

static long peak_kb(int who)
{
	struct rusage u;

	getrusage(who, &u);
	return u.ru_maxrss;
}

static int read_all(const char *path)
{
	arena *a = arena_new();
	int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	size_t n = 0;

	for (str rest = read_list(a, folder); rest.n; n++) {
		str words = str_cut(&rest, '\n'), name = str_cut(&words, '\t');

		test_file(folder, name, words);
	}
	ok(n >= 60, "%zu hostile files", n);
	ok(SLOWER > 1 || peak_kb(RUSAGE_SELF) < MEMORY_MAX, "our memory: %ld kB",
	   peak_kb(RUSAGE_SELF));
	ok(SLOWER > 1 || peak_kb(RUSAGE_CHILDREN) < MEMORY_MAX, "the workers' memory: %ld kB",
	   peak_kb(RUSAGE_CHILDREN));
	unlinkat(folder, "LIST", 0);
	close(folder);
	ok(rmdir(path) == 0, "nothing is left");
	arena_free(a);
	return tap_done();
}

/* The reading is a process of its own, so that the maker's memory does not count. */
int main(int argc, char **argv)
{
	char path[] = "/tmp/tribune-hostile-XXXXXX";

	if (argc >= 2 && str_eq(str_of(argv[1]), S("--worker")))
		return worker_main(argc, argv);
	if (argc >= 3 && str_eq(str_of(argv[1]), S("--read")))
		return read_all(argv[2]);
	if (!mkdtemp(path) || !run("python3", "tests/hostile.py", path))
		abort();
	return !run("/proc/self/exe", "--read", path);
}
