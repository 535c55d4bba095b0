/*
 * Runs a fuzz target over the files that are named, and over all files below the folders that are:
 * what was once found stays found. Linked with one target instead of libFuzzer.
 */
#include <fcntl.h>
#include <fts.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/base.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A copy of the exact size, so that a sanitizer sees every byte read beyond it. */
static bool run_file(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	uint8_t *data;
	bool good;

	if (fd < 0 || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		fprintf(stderr, "%s: cannot be read\n", path);
		return false;
	}
	data = mem_alloc((size_t)st.st_size);
	good = read(fd, data, (size_t)st.st_size) == st.st_size;
	close(fd);
	if (good)
		LLVMFuzzerTestOneInput(data, (size_t)st.st_size);
	mem_free(data);
	return good;
}

int main(int argc, char **argv)
{
	FTS *tree;
	size_t n = 0;
	bool good = true;

	if (argc < 2) {
		fprintf(stderr, "usage: %s FILE_OR_FOLDER...\n", argv[0]);
		return 64;
	}
	tree = fts_open(argv + 1, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	for (FTSENT *e; tree && (e = fts_read(tree));)
		if (e->fts_info == FTS_F) {
			good &= run_file(e->fts_accpath);
			n++;
		}
	if (tree)
		fts_close(tree);
	printf("%zu inputs\n", n);
	return good && n > 0 ? 0 : 1;
}
