/* The files of DATA/media beside a backup, and back. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "video/video_ledger.h"
#include "video/video_making_import.h"

struct copying {
	arena *a;
	int from, to; /* folders like DATA/media */
	struct video_copied *ret;
};

static int open_or_make(const char *path)
{
	if (mkdir(path, 0700) != 0 && errno != EEXIST)
		return -1;
	return open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static enum err copy_bytes(struct copying *c, int in, int out)
{
	char *piece = arena_alloc_raw(c->a, VIDEO_PIECE);
	ssize_t n;

	while ((n = read(in, piece, VIDEO_PIECE)) > 0) {
		TRY(file_write(out, (str){ piece, (size_t)n }));
		c->ret->bytes += n;
	}
	return n < 0 ? E_IO : fsync(out) == 0 ? OK : file_error(errno);
}

/* Under another name until it is whole. */
static enum err copy_one(struct copying *c, const char *path)
{
	char folder[3] = { path[0], path[1], 0 };
	const char *name = path + sizeof folder;
	int in = openat(c->from, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW), out = -1, at = -1;
	enum err e = in < 0 ? E_NOTFOUND : OK;

	if (e == OK && mkdirat(c->to, folder, 0700) != 0 && errno != EEXIST)
		e = file_error(errno);
	if (e == OK && (at = openat(c->to, folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) < 0)
		e = E_IO;
	if (e == OK &&
	    (out = openat(at, ".partial", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600)) < 0)
		e = file_error(errno);
	if (e == OK)
		e = copy_bytes(c, in, out);
	if (e == OK && renameat(at, ".partial", at, name) != 0)
		e = file_error(errno);
	if (e != OK && out >= 0)
		unlinkat(at, ".partial", 0);
	for (int i = 0; i < 3; i++)
		if ((int[]){ in, out, at }[i] >= 0)
			close((int[]){ in, out, at }[i]);
	return e;
}

/* One that is there in the size it should have is that one: its name is its digest. */
static enum err see(void *ctx, str path, int64_t bytes, int64_t size)
{
	struct copying *c = ctx;
	const char *name = arena_cstr(c->a, path);
	struct stat from, to;
	enum err e;

	(void)bytes;
	(void)size;
	if (fstatat(c->from, name, &from, AT_SYMLINK_NOFOLLOW) != 0) {
		if (fstatat(c->to, name, &to, AT_SYMLINK_NOFOLLOW) == 0)
			c->ret->there++;
		else
			c->ret->missing++;
		return OK;
	}
	if (fstatat(c->to, name, &to, AT_SYMLINK_NOFOLLOW) == 0 && to.st_size == from.st_size) {
		c->ret->there++;
		return OK;
	}
	e = copy_one(c, name);
	c->ret->copied += e == OK;
	return e;
}

enum err video_media_copy(struct core *core, arena *a, str data, str folder, bool back,
			  struct video_copied *ret)
{
	const char *mine = video_path(a, data, "media"), *theirs = arena_cstr(a, folder);
	struct copying c = { .a = a, .ret = ret };
	enum err e;

	*ret = (struct video_copied){ 0 };
	c.from = back ? open(theirs, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : open_or_make(mine);
	c.to = back ? open_or_make(mine) : open_or_make(theirs);
	e = c.from < 0 || c.to < 0 ? (errno == ENOENT ? E_NOTFOUND : file_error(errno))
				   : video_media_each(core, a, data, see, &c);
	if (e == OK && !back)
		e = video_media_strays(core, a, c.to, true, &ret->dropped);
	if (c.from >= 0)
		close(c.from);
	if (c.to >= 0)
		close(c.to);
	return e;
}
