/* Whether a file is as long as it says: ffmpeg reads a cut file to where it ends, and calls that fine. */
#include <errno.h>
#include <unistd.h>

#include "media/part.h"

size_t media_read_at(int fd, uint64_t place, void *to, size_t n)
{
	size_t got = 0;

	while (got < n) {
		ssize_t m = pread(fd, (char *)to + got, n - got, (off_t)(place + got));

		if (m < 0 && errno == EINTR)
			continue;
		if (m <= 0)
			break;
		got += (size_t)m;
	}
	return got;
}

enum err media_box_next(int fd, uint64_t *at, uint64_t end, struct media_box *ret)
{
	unsigned char head[16];
	uint64_t size, room;

	if (*at >= end)
		return E_NOTFOUND;
	room = end - *at;
	if (room < 8 || media_read_at(fd, *at, head, 8) != 8)
		return E_INVALID;
	size = media_be(head, 4);
	*ret = (struct media_box){ .at = *at, .body = *at + 8 };
	memcpy(ret->type, head + 4, 4);
	if (size == 1) {
		if (room < 16 || media_read_at(fd, *at + 8, head + 8, 8) != 8)
			return E_INVALID;
		size = media_be(head + 8, 8);
		ret->body += 8;
	} else if (size == 0) {
		size = room; /* to the end */
	}
	if (size < ret->body - *at || size > room)
		return E_INVALID;
	*at += size;
	ret->end = *at;
	return OK;
}

static bool mp4_whole(int fd, uint64_t size, bool *ret_faststart)
{
	bool index = false, data = false;
	struct media_box box;
	uint64_t at = 0;
	enum err e;

	*ret_faststart = false;
	while ((e = media_box_next(fd, &at, size, &box)) == OK) {
		if (str_eq(str_of(box.type), S("moov"))) {
			*ret_faststart = !data;
			index = true;
		}
		data |= str_eq(str_of(box.type), S("mdat"));
		if (box.type[0] == 0)
			return index; /* padding that some cameras leave behind the last box */
	}
	return e == E_NOTFOUND && index;
}

/* A number of EBML: its length stands in the zero bits that it begins with. KEEP: the mark too, as in ids. */
static size_t ebml_number(const unsigned char *p, size_t n, bool keep, uint64_t *ret,
			  bool *ret_unknown)
{
	size_t len = 1;
	uint64_t all;

	if (n == 0 || p[0] == 0)
		return 0;
	while (!(p[0] & (0x80 >> (len - 1))))
		len++;
	if (len > n)
		return 0;
	*ret = media_be(p, len);
	all = ((uint64_t)1 << (7 * len)) - 1;
	*ret_unknown = (*ret & all) == all;
	if (!keep)
		*ret &= all;
	return len;
}

/* The head and the segment, whose length is that of the rest, or not known while it was recorded. */
static bool webm_whole(int fd, uint64_t size)
{
	enum { SEGMENT = 0x18538067 };
	uint64_t at = 0;

	while (at < size) {
		unsigned char head[16];
		size_t n = media_read_at(fd, at, head, sizeof head), id_n, size_n;
		uint64_t id, length;
		bool unknown, ignored;

		id_n = ebml_number(head, n, true, &id, &ignored);
		size_n = id_n ? ebml_number(head + id_n, n - id_n, false, &length, &unknown) : 0;
		if (size_n == 0)
			return false;
		if (id == SEGMENT && unknown)
			return true;
		at += id_n + size_n;
		if (unknown || length > size - at)
			return false;
		at += length;
		if (id == SEGMENT)
			return true;
	}
	return false;
}

/* Pages to the last byte: the last one that begins in the last 128 kB must end with the file. */
static bool ogg_whole(arena *a, int fd, uint64_t size)
{
	enum { TAIL = 131072, HEAD = 27 };
	unsigned char *tail = arena_alloc_raw(a, TAIL);
	uint64_t from = size > TAIL ? size - TAIL : 0;
	size_t n = media_read_at(fd, from, tail, TAIL);

	for (size_t i = n; i-- > 0;) {
		size_t end = i + HEAD;

		if (n - i < HEAD || memcmp(tail + i, "OggS", 4) != 0)
			continue;
		if (n - i < (size_t)HEAD + tail[i + 26])
			return false;
		end += tail[i + 26];
		for (size_t k = 0; k < tail[i + 26]; k++)
			end += tail[i + HEAD + k];
		return end == n;
	}
	return false;
}

static bool wav_whole(int fd, uint64_t size)
{
	unsigned char head[12];
	uint64_t says;

	if (media_read_at(fd, 0, head, sizeof head) != sizeof head)
		return false;
	says = (uint64_t)head[4] | (uint64_t)head[5] << 8 | (uint64_t)head[6] << 16 |
	       (uint64_t)head[7] << 24;
	return memcmp(head, "RIFF", 4) != 0 || says == 0 || says == UINT32_MAX || says + 8 <= size;
}

bool media_whole(int fd, enum media_container container, uint64_t size, bool *ret_faststart)
{
	arena *a;
	bool whole;

	switch (container) {
	case MEDIA_MP4: return mp4_whole(fd, size, ret_faststart);
	case MEDIA_WEBM: return webm_whole(fd, size);
	case MEDIA_WAV: return wav_whole(fd, size);
	case MEDIA_OGG: break;
	default: return true; /* frames one after the other, without a length of all */
	}
	a = arena_new();
	whole = ogg_whole(a, fd, size);
	arena_free(a);
	return whole;
}
