#define _GNU_SOURCE
#include "video/video_media.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "media/media.h"
#include "text/digest.h"
#include "video/video_ledger.h"
#include "video_sql.h"

/* Where files are made before they have a name of their own. */
static const char *const making = "making";

struct run {
	arena *a;
	const struct video_making *m;
	int folder, scratch; /* DATA/media, DATA/media/making */
	struct media_info info;
	const char *form; /* under way */
	buf *why;
};

static void on_progress(void *ctx, int permille)
{
	struct run *r = ctx;

	if (r->m->progress)
		r->m->progress(r->m->ctx, r->form, permille);
}

static bool is_cancelled(void *ctx)
{
	struct run *r = ctx;

	return r->m->cancelled && r->m->cancelled(r->m->ctx);
}

/* One process writes, so what is here is what a crash has left. */
static void sweep(int scratch)
{
	DIR *d = fdopendir(dup(scratch));

	for (struct dirent *e; d && (e = readdir(d));)
		if (e->d_name[0] != '.')
			unlinkat(scratch, e->d_name, 0);
	if (d)
		closedir(d);
}

static int open_folder(int at, const char *name)
{
	if (mkdirat(at, name, 0700) != 0 && errno != EEXIST)
		return -1;
	return openat(at, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static enum err open_folders(struct run *r)
{
	int data = open(arena_cstr(r->a, r->m->data), O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	r->folder = data < 0 ? -1 : open_folder(data, "media");
	r->scratch = r->folder < 0 ? -1 : open_folder(r->folder, making);
	if (data >= 0)
		close(data);
	if (r->scratch < 0)
		return errno == ENOSPC ? E_FULL : E_IO;
	sweep(r->scratch);
	return OK;
}

static enum err digest_file(struct run *r, const char *name, str *ret)
{
	enum { PIECE = 256 << 10 };
	char *piece = arena_alloc_raw(r->a, PIECE);
	struct digest_state d;
	int fd = openat(r->scratch, name, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : 1;

	digest_init(&d);
	while (n > 0 && (n = read(fd, piece, PIECE)) > 0)
		digest_put(&d, (str){ piece, (size_t)n });
	if (fd >= 0)
		close(fd);
	*ret = digest_hex(r->a, digest_end(&d));
	return n < 0 ? E_IO : OK;
}

/* media/ab/abcd...: on the disk before anybody refers to it. */
static enum err keep(struct run *r, const char *name, str digest)
{
	int at = open_folder(r->folder, arena_cstr(r->a, str_to(digest, 2)));
	bool good = at >= 0 && renameat(r->scratch, name, at, arena_cstr(r->a, digest)) == 0 &&
		    fsync(at) == 0 && fsync(r->folder) == 0;

	if (at >= 0)
		close(at);
	return good ? OK : errno == ENOSPC ? E_FULL : E_IO;
}

static void say_why(struct run *r, enum err e, enum media_refusal why)
{
	if (e == E_INVALID || e == E_NOTFOUND || e == E_DENIED)
		buf_put(r->why, str_of(media_refusal_text(why)));
}

static enum err make_one(struct run *r, enum media_form form, const char *as,
			 struct video_media *ret)
{
	const struct media_job job = { .input = r->m->fd,
				       .info = &r->info,
				       .recipe = { .form = form,
						   .start_ms = MIN(r->info.duration_ms / 4, 3000) },
				       .scratch = r->scratch,
				       .progress = on_progress,
				       .cancelled = is_cancelled,
				       .ctx = r };
	enum media_refusal why = MEDIA_TAKEN;
	struct media_made made;
	str digest = { 0 };
	enum err e;

	r->form = as;
	e = media_make(r->a, &job, &made, &why);
	if (e != OK) {
		say_why(r, e, why);
		return e;
	}
	TRY(digest_file(r, made.name, &digest));
	TRY(keep(r, made.name, digest));
	ret->media[ret->n++] =
		(struct video_medium){ .form = str_of(as),
				       .digest = digest,
				       .type = str_of(made.type),
				       .bytes = made.bytes,
				       .width = form == MEDIA_FORM_COPY ? r->info.width : 0,
				       .height = form == MEDIA_FORM_COPY ? r->info.height : 0 };
	return OK;
}

/* H.264 is copied as it is; anything else is coded anew at 480p. */
static enum err make_all(struct run *r, struct video_media *ret)
{
	bool copied = media_form_fits(MEDIA_FORM_COPY, &r->info);

	if (r->info.has_video) {
		TRY(make_one(r, copied ? MEDIA_FORM_COPY : MEDIA_FORM_480P,
			     copied ? "video" : "480p", ret));
		TRY(make_one(r, MEDIA_FORM_POSTER, "poster", ret));
	}
	if (r->info.has_video && r->m->ladder) {
		TRY(make_one(r, MEDIA_FORM_240P, "240p", ret));
		if (copied)
			TRY(make_one(r, MEDIA_FORM_480P, "480p", ret));
	}
	if (r->info.has_audio) {
		TRY(make_one(r, MEDIA_FORM_AUDIO_AAC, "aac", ret));
		TRY(make_one(r, MEDIA_FORM_AUDIO_OPUS, "opus", ret));
	}
	return OK;
}

enum err video_media_make(arena *a, const struct video_making *m, struct video_media *ret, buf *why)
{
	struct run r = { .a = a, .m = m, .folder = -1, .scratch = -1, .why = why };
	enum media_refusal refusal = MEDIA_TAKEN;
	enum err e = media_probe(a, m->fd, m->name, &r.info, &refusal);

	*ret = (struct video_media){ .duration = r.info.duration_ms, .audio = !r.info.has_video };
	if (e != OK)
		say_why(&r, e, refusal);
	if (e == OK)
		e = open_folders(&r);
	if (e == OK)
		e = make_all(&r, ret);
	if (r.scratch >= 0)
		close(r.scratch);
	if (r.folder >= 0)
		close(r.folder);
	return e;
}

/* --- Files that came with the program */

static enum err write_file(struct run *r, const char *name, str bytes)
{
	int fd = openat(r->scratch, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	enum err e = fd < 0 ? E_IO : OK;

	while (e == OK && bytes.n) {
		ssize_t n = write(fd, bytes.p, bytes.n);

		if (n > 0)
			bytes = str_from(bytes, (size_t)n);
		else if (n == 0 || errno != EINTR)
			e = errno == ENOSPC ? E_FULL : E_IO;
	}
	if (e == OK && fsync(fd) != 0)
		e = E_IO;
	if (fd >= 0)
		close(fd);
	return e;
}

static enum err put_one(struct run *r, str form, str type, str bytes, struct video_media *ret)
{
	const char *name = arena_cstr(r->a, form);
	str digest = digest_hex(r->a, digest_of(bytes));

	TRY(write_file(r, name, bytes));
	TRY(keep(r, name, digest));
	ret->media[ret->n++] = (struct video_medium){
		.form = form, .digest = digest, .type = type, .bytes = (int64_t)bytes.n
	};
	return OK;
}

static enum err put_all(struct run *r, str name, const struct video_file *files, size_t n,
			struct video_media *ret)
{
	static const struct {
		str ending, form, type;
	} all[] = {
		{ S_INIT(".video.mp4"), S_INIT("video"), S_INIT("video/mp4") },
		{ S_INIT(".poster.jpg"), S_INIT("poster"), S_INIT("image/jpeg") },
		{ S_INIT(".aac.m4a"), S_INIT("aac"), S_INIT("audio/mp4") },
		{ S_INIT(".opus.opus"), S_INIT("opus"), S_INIT("audio/ogg") },
	};
	str stem = video_stem(name);

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < COUNT_OF(all); k++)
			if (str_starts(files[i].name, stem) &&
			    str_eq(str_from(files[i].name, stem.n), all[k].ending))
				TRY(put_one(r, all[k].form, all[k].type, files[i].bytes, ret));
	return OK;
}

enum err video_media_put(arena *a, str data, str name, const struct video_file *files, size_t n,
			 struct video_media *ret)
{
	const struct video_making m = { .data = data };
	struct run r = { .a = a, .m = &m, .folder = -1, .scratch = -1 };
	enum err e = open_folders(&r);

	*ret = (struct video_media){ 0 };
	if (e == OK)
		e = put_all(&r, name, files, n, ret);
	if (r.scratch >= 0)
		close(r.scratch);
	if (r.folder >= 0)
		close(r.folder);
	return e;
}

enum err video_media_forget(struct core *core, arena *a, str data, const video_digests *digests)
{
	vec_each (str, digest, digests) {
		struct medium_users users;
		buf name = buf_new(a, 256);

		TRY(medium_users(core, a, *digest, &users));
		buf_printf(&name, "media/%" STR_F "/%" STR_F, STR_A(str_to(*digest, 2)),
			   STR_A(*digest));
		if (users.n == 0)
			unlink(video_path(a, data, arena_cstr(a, buf_str(&name))));
	}
	return OK;
}
