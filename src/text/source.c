#include <errno.h>
#include <unistd.h>

#include "text/source.h"

static enum err str_read(void *ctx, char *to, size_t cap, size_t *ret_n)
{
	str *rest = ctx;
	size_t n = MIN(cap, rest->n);

	if (n)
		memcpy(to, rest->p, n);
	*rest = str_from(*rest, n);
	*ret_n = n;
	return OK;
}

struct source source_of_str(str *rest)
{
	return (struct source){ str_read, rest };
}

static enum err file_read(void *ctx, char *to, size_t cap, size_t *ret_n)
{
	struct source_file *f = ctx;
	ssize_t n;

	do
		n = pread(f->fd, to, cap, f->position);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return E_IO;
	f->position += n;
	*ret_n = (size_t)n;
	return OK;
}

struct source source_of_file(struct source_file *f)
{
	return (struct source){ file_read, f };
}
