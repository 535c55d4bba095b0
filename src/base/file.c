#include "base/file.h"

#include <errno.h>
#include <unistd.h>

enum err file_error(int number)
{
	return number == ENOSPC || number == EDQUOT ? E_FULL : E_IO;
}

enum err file_write(int fd, str bytes)
{
	while (bytes.n) {
		ssize_t n = write(fd, bytes.p, bytes.n);

		if (n > 0)
			bytes = str_from(bytes, (size_t)n);
		else if (n == 0 || errno != EINTR)
			return file_error(errno);
	}
	return OK;
}
