/* What the files of this room share; for it alone. */
#ifndef MEDIA_PART_H
#define MEDIA_PART_H

#include "media/media.h"

/* Up to N bytes at a place; fewer only at the end of the file or when it cannot be read. */
size_t media_read_at(int fd, uint64_t place, void *to, size_t n);

static inline uint64_t media_be(const unsigned char *p, size_t n)
{
	uint64_t v = 0;

	for (size_t i = 0; i < n; i++)
		v = v << 8 | p[i];
	return v;
}

/* A box of MP4. */
struct media_box {
	char type[5];
	uint64_t at, body, end; /* places in the file: its head, behind its head, behind it */
};

/* The box at *AT, which ends by END at the latest; moves *AT behind it. E_NOTFOUND: none is left;
 * E_INVALID: its length makes no sense, or it is cut. */
MUST enum err media_box_next(int fd, uint64_t *at, uint64_t end, struct media_box *ret);

/* ffmpeg's name for the reader of a container. */
const char *media_demuxer(enum media_container container);

/* Whether a name's ending is one of the container's; a name without an ending fits all. */
bool media_name_fits(enum media_container container, str name);

/* Whether the file is as long as its own lengths say. *RET_FASTSTART for an MP4. */
bool media_whole(int fd, enum media_container container, uint64_t size, bool *ret_faststart);

/* Words for ffmpeg, gathered in an arena. */
struct media_words {
	arena *a;
	VEC(const char *) list;
};

void media_word(struct media_words *w, const char *word);
void media_words(struct media_words *w, const char *words); /* separated by spaces */

/* The input's options: a fixed reader, no other file, no other protocol, no unlisted decoder. */
void media_input(struct media_words *w, enum media_container container);

struct media_run {
	const char *kind; /* "ffprobe", "ffmpeg" */
	int input, scratch;
	int64_t wait_ms;
	enum err (*said)(void *ctx, str bytes); /* what it writes to its standard output */
	bool (*cancelled)(void *ctx);
	void *ctx;
};

/* E_INVALID with *RET_WHY when it did not end well; E_CANCEL; E_NOTFOUND, E_DENIED as media_probe. */
MUST enum err media_run(const struct media_run *run, struct media_words *words,
			enum media_refusal *ret_why);

#endif
