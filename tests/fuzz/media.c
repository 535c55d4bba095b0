/* Files of films and sound, read by our own readers of boxes, pages and segments: whatever the bytes, an answer comes,
 * with its reason, and what passes as clean has nothing that is not listed. The first byte says what it shall be. */
#define _GNU_SOURCE
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz/fuzz.h"
#include "media/part.h"

/* A file in memory, kept open: making one costs more than reading it. */
static int file_of(const uint8_t *data, size_t n)
{
	static int fd = -1;

	if (fd < 0)
		fd = memfd_create("media", MFD_CLOEXEC);
	MUST_HOLD(fd >= 0 && ftruncate(fd, 0) == 0 && pwrite(fd, data, n, 0) == (ssize_t)n);
	return fd;
}

static bool is_clean(arena *a, int fd, enum media_container container)
{
	const char *what = NULL;
	enum err e = media_clean(a, fd, container, &what);

	MUST_HOLD(e == OK || (e == E_INVALID && what && *what));
	MUST_HOLD((e == OK) == (what == NULL));
	return e == OK;
}

/* What is put behind, or in place of the kind of a box, does not pass. */
static void check_clean(arena *a, int fd, enum media_container container, size_t n)
{
	static const char box[] = "\0\0\0\x0cuuidnote";
	struct media_box last = { 0 };
	uint64_t at = 0;

	MUST_HOLD(n > 0);
	while (container == MEDIA_MP4 && at < n)
		MUST_HOLD(media_box_next(fd, &at, n, &last) == OK);
	if (container == MEDIA_MP4) {
		unsigned char head[4];

		if (media_read_at(fd, last.at, head, 4) == 4 && media_be(head, 4) == 0)
			return; /* it goes to the end of the file, wherever that is */
	}
	MUST_HOLD(pwrite(fd, box, 12, (off_t)n) == 12);
	MUST_HOLD(!is_clean(a, fd, container));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const enum media_container cleaned[] = { MEDIA_MP4, MEDIA_OGG, MEDIA_JPEG };
	enum media_container container =
		size ? (enum media_container)(data[0] % (MEDIA_PLAYLIST + 1)) : MEDIA_NONE;
	size_t n = size ? size - 1 : 0;
	arena *a = arena_new();
	bool faststart = false;
	int fd = file_of(size ? data + 1 : data, n);

	media_sniff((str){ (const char *)data, MIN(size, (size_t)MEDIA_HEAD) });
	media_whole(fd, container, n, &faststart);
	for (size_t i = 0; i < COUNT_OF(cleaned); i++)
		if (container == cleaned[i] && is_clean(a, fd, container))
			check_clean(a, fd, container, n);
	MUST_HOLD(lseek(fd, 0, SEEK_CUR) == 0);
	arena_free(a);
	return 0;
}
