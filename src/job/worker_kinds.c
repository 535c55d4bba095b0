#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "job/worker.h"
#include "job/xls.h"
#include "job/xlsx.h"

enum {
	MB = 1 << 20,
	FILE_MAX = 64 * MB, /* of a workbook */
};

/* The input in memory. E_TOOBIG: over FILE_MAX. */
static enum err map_input(str *ret)
{
	struct stat st;
	void *p;

	if (fstat(WORKER_INPUT, &st) != 0 || st.st_size <= 0)
		return E_IO;
	if (st.st_size > FILE_MAX)
		return E_TOOBIG;
	p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, WORKER_INPUT, 0);
	if (p == MAP_FAILED)
		return E_IO;
	*ret = (str){ p, (size_t)st.st_size };
	return OK;
}

static void write_out(void *ctx, str frames)
{
	(void)ctx;
	while (frames.n) {
		ssize_t n = write(STDOUT_FILENO, frames.p, frames.n);

		if (n <= 0)
			_exit(1); /* nobody listens any more */
		frames = str_from(frames, (size_t)n);
	}
}

static void read_xls(arena *a, str bytes, struct rows_out *out)
{
	xls_read(a, "/proc/self/fd/3", bytes, out);
}

static int run_workbook(void (*reader)(arena *a, str bytes, struct rows_out *out))
{
	arena *a = arena_new();
	struct rows_out out;
	str bytes;
	enum err e = map_input(&bytes);

	rows_out_init(&out, a, write_out, NULL);
	if (e == OK)
		reader(a, bytes, &out);
	else
		rows_refuse(&out, e == E_TOOBIG ? S("it is over 64 MB") : S("it is not a file"));
	return 0;
}

static int run_xls(void)
{
	return run_workbook(read_xls);
}

static int run_xlsx(void)
{
	return run_workbook(xlsx_read);
}

static const struct worker_kind kinds[] = {
	{ .name = "xls",
	  .run = run_xls,
	  .prepare = xls_prepare,
	  .memory = 512 * MB,
	  .output = 300 * MB,
	  .cpu = 30,
	  .wall = 60,
	  .reopens_input = true },
	{ .name = "xlsx",
	  .run = run_xlsx,
	  .memory = 512 * MB,
	  .output = 300 * MB,
	  .cpu = 30,
	  .wall = 60 },
	{ .name = "ffprobe",
	  .program = "/usr/bin/ffprobe",
	  .memory = 2048ULL * MB,
	  .output = 32 * MB,
	  .cpu = 120,
	  .wall = 180,
	  .reopens_input = true },
	/* Four hours of film on a slow machine. Whoever starts it knows the film and waits less long. */
	{ .name = "ffmpeg",
	  .program = "/usr/bin/ffmpeg",
	  .memory = 2048ULL * MB,
	  .output = 64 * MB,
	  .file_size = 8192ULL * MB,
	  .cpu = 48 * 3600,
	  .wall = 24 * 3600,
	  .reopens_input = true,
	  .uses_scratch = true },
};

const struct worker_kind *worker_kind_find(str name)
{
	for (size_t i = 0; i < COUNT_OF(kinds); i++)
		if (str_eq(str_of(kinds[i].name), name))
			return &kinds[i];
	return NULL;
}

int worker_main(int argc, char **argv)
{
	return worker_main_of(kinds, COUNT_OF(kinds), argc, argv);
}
