/* A pack as a list of entries, and the ZIP of them a piece at a time. What is in it: video_pack_web.c. */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/utf8.h"
#include "text/fold.h"
#include "text/zip.h"
#include "video/video_pack_part.h"

enum { PIECE = 64 * 1024, STEM_MAX = 40 };

const char *const video_pack_sizes[] = { "video", "720p", "480p", "240p", "audio", NULL };

bool video_pack_is_size(str size)
{
	for (size_t i = 0; video_pack_sizes[i]; i++)
		if (str_eq(size, str_of(video_pack_sizes[i])))
			return true;
	return false;
}

struct pack_entry {
	str name;
	str bytes, digest; /* a text, or the digest of a file */
	uint64_t size;
};

struct video_pack {
	arena *a;
	str media, notes;
	VEC(struct pack_entry) entries;
	uint64_t size;
	struct zip *zip;
	size_t at;     /* of the entry under way */
	uint64_t left; /* of it */
	int fd;        /* of its file; -1: none */
	bool begun;
};

struct video_pack *pack_new(arena *a, str media)
{
	struct video_pack *p = NEW(a, struct video_pack);

	*p = (struct video_pack){ .a = a, .media = media, .notes = S(""), .fd = -1 };
	p->zip = zip_new(a);
	return p;
}

arena *pack_arena(const struct video_pack *p)
{
	return p->a;
}

void pack_text(struct video_pack *p, str name, str bytes)
{
	*vec_add(p->a, &p->entries) =
		(struct pack_entry){ .name = name, .bytes = bytes, .size = bytes.n };
}

void pack_file(struct video_pack *p, str name, str digest, int64_t bytes)
{
	*vec_add(p->a, &p->entries) =
		(struct pack_entry){ .name = name, .digest = digest, .size = (uint64_t)bytes };
}

void pack_note(struct video_pack *p, str code, str form)
{
	buf o = buf_new(p->a, 64 << 10);

	buf_printf(&o, "%" STR_F "%" STR_F " %" STR_F "\n", STR_A(p->notes), STR_A(code),
		   STR_A(form));
	p->notes = buf_str(&o);
}

str video_pack_notes(const struct video_pack *pack)
{
	return pack->notes;
}

static int open_file(const struct video_pack *p, str digest, uint64_t bytes)
{
	buf path = buf_new(p->a, 8192);
	struct stat st;
	int fd;

	buf_printf(&path, "%" STR_F "/%" STR_F "/%" STR_F, STR_A(p->media),
		   STR_A(str_to(digest, 2)), STR_A(digest));
	fd = p->media.n ? open(arena_cstr(p->a, buf_str(&path)), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
			: -1;
	if (fd >= 0 &&
	    (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || (uint64_t)st.st_size != bytes)) {
		close(fd);
		fd = -1;
	}
	return fd;
}

bool pack_has_file(const struct video_pack *p, str digest, int64_t bytes)
{
	int fd = open_file(p, digest, (uint64_t)bytes);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

/* --- The size: what the format adds does not depend on the contents, so that one byte stands for each. */

enum err pack_seal(struct video_pack *p)
{
	struct zip *z = zip_new(p->a);
	buf o = buf_new(p->a, 1 << 20);
	uint64_t size = 0;

	for (size_t i = 0; i < p->entries.n; i++) {
		TRY(zip_begin(z, p->entries.p[i].name, 1, &o));
		TRY(zip_put(z, S("x"), &o));
		size += p->entries.p[i].size - 1;
	}
	TRY(zip_end(z, &o));
	TRY(o.err);
	size += o.n;
	p->size = size < UINT32_MAX ? size : 0; /* beyond, entries have fields of ZIP64 or not */
	return OK;
}

uint64_t video_pack_size(const struct video_pack *pack)
{
	return pack->size;
}

/* --- A piece at a time. */

static enum err begin_entry(struct video_pack *p, buf *o)
{
	const struct pack_entry *e = &p->entries.p[p->at];

	if (e->digest.p) {
		p->fd = open_file(p, e->digest, e->size);
		if (p->fd < 0)
			return E_NOTFOUND;
	}
	p->left = e->size;
	p->begun = true;
	return zip_begin(p->zip, e->name, e->size, o);
}

static void end_entry(struct video_pack *p)
{
	if (p->fd >= 0)
		close(p->fd);
	p->fd = -1;
	p->begun = false;
	p->at++;
}

/* A film that lies open is not read on once it was erased: what its people took back ends here too. */
static enum err put_file(struct video_pack *p, buf *o)
{
	char block[PIECE];
	struct stat st;
	ssize_t n;

	if (fstat(p->fd, &st) != 0 || st.st_nlink == 0)
		return E_NOTFOUND;
	n = read(p->fd, block, (size_t)MIN((uint64_t)PIECE, p->left));
	if (n <= 0)
		return E_IO;
	p->left -= (uint64_t)n;
	return zip_put(p->zip, (str){ block, (size_t)n }, o);
}

static enum err put_text(struct video_pack *p, buf *o)
{
	str rest = str_from(p->entries.p[p->at].bytes, p->entries.p[p->at].size - p->left);
	str piece = str_to(rest, PIECE);

	p->left -= piece.n;
	return zip_put(p->zip, piece, o);
}

enum err video_pack_pull(void *pack, buf *o, bool *ret_more)
{
	struct video_pack *p = pack;

	*ret_more = true;
	while (o->n < PIECE) {
		if (p->at == p->entries.n) {
			*ret_more = false;
			TRY(zip_end(p->zip, o));
			return o->err;
		}
		if (!p->begun)
			TRY(begin_entry(p, o));
		TRY(p->fd >= 0 ? put_file(p, o) : put_text(p, o));
		if (p->left == 0)
			end_entry(p);
	}
	return o->err;
}

void video_pack_done(void *pack)
{
	struct video_pack *p = pack;

	if (p->fd >= 0)
		close(p->fd);
	p->fd = -1;
}

/* --- Names. */

str pack_stem(arena *a, size_t number, str title, str code)
{
	buf o = buf_new(a, 256);
	size_t head;

	buf_printf(&o, "%02zu-", number);
	head = o.n;
	while (title.n && o.n < STEM_MAX) {
		uint32_t c = utf8_next(&title), folded[FOLD_MAX];
		size_t n = fold_char(c, folded);

		if (fold_class(c) == FOLD_SPACE && o.n > head && o.p[o.n - 1] != '-')
			buf_byte(&o, '-');
		for (size_t i = 0; i < n; i++)
			if ((folded[i] >= 'a' && folded[i] <= 'z') ||
			    (folded[i] >= '0' && folded[i] <= '9'))
				buf_byte(&o, (char)folded[i]);
	}
	while (o.n > head && o.p[o.n - 1] == '-')
		o.n--;
	if (o.n == head)
		buf_put(&o, code);
	return buf_str(&o);
}
