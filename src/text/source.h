/*
 * Where bytes come from: a file, a converter, a piece of memory. Readers pull, so that a file of any
 * size is read in constant memory.
 */
#ifndef TEXT_SOURCE_H
#define TEXT_SOURCE_H

#include "base/base.h"

struct source {
	/* Puts up to CAP bytes at TO. *RET_N is 0 only at the end; errors: E_IO, E_CANCEL. */
	enum err (*read)(void *ctx, char *to, size_t cap, size_t *ret_n);
	void *ctx;
};

/* The usual size of one read. */
enum { SOURCE_BLOCK = 64 * 1024 };

MUST static inline enum err source_read(const struct source *s, char *to, size_t cap, size_t *ret_n)
{
	return s->read(s->ctx, to, cap, ret_n);
}

/* Reads a piece of memory: *REST shrinks as it is read. */
struct source source_of_str(str *rest);

/* Reads a file from POSITION on with pread, so that the descriptor's own position stays. The two
 * numbers live with the caller. */
struct source_file {
	int fd;
	int64_t position;
};
struct source source_of_file(struct source_file *f);

#endif
