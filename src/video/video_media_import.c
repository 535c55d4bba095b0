#define _GNU_SOURCE
#include "video/video_media.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "media/media.h"
#include "text/digest.h"
#include "video/video_ledger.h"
#include "video/video_making_import.h"
#include "video_sql.h"

static int open_folder(int at, const char *name)
{
	if (mkdirat(at, name, 0700) != 0 && errno != EEXIST)
		return -1;
	return openat(at, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

enum err video_folders_open(arena *a, str data, struct video_folders *ret)
{
	int root = open(arena_cstr(a, data), O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	ret->media = root < 0 ? -1 : open_folder(root, "media");
	ret->making = ret->media < 0 ? -1 : open_folder(ret->media, "making");
	if (root >= 0)
		close(root);
	if (ret->making >= 0)
		return OK;
	if (ret->media >= 0)
		close(ret->media);
	return file_error(errno);
}

void video_folders_close(struct video_folders *f)
{
	close(f->making);
	close(f->media);
}

static bool is_digest(str name)
{
	for (size_t i = 0; i < name.n; i++)
		if (!((name.p[i] >= '0' && name.p[i] <= '9') ||
		      (name.p[i] >= 'a' && name.p[i] <= 'f')))
			return false;
	return name.n == DIGEST_HEX;
}

/* --- Into making/. */

static enum err copy_bytes(arena *a, int from, int to, struct digest_state *d)
{
	char *piece = arena_alloc_raw(a, VIDEO_PIECE);
	off_t at = 0;
	ssize_t n;

	while ((n = pread(from, piece, VIDEO_PIECE, at)) > 0) {
		digest_put(d, (str){ piece, (size_t)n });
		TRY(file_write(to, (str){ piece, (size_t)n }));
		at += n;
	}
	return n < 0 ? E_IO : fsync(to) == 0 ? OK : file_error(errno);
}

/* A copy, since who handed it in may change it while it is read. */
static enum err take_in(arena *a, const struct video_folders *f, int fd, str *ret_digest)
{
	static const char name[] = "taken";
	int to = openat(f->making, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	struct digest_state d;
	enum err e = to < 0 ? file_error(errno) : OK;

	digest_init(&d);
	if (e == OK)
		e = copy_bytes(a, fd, to, &d);
	if (to >= 0)
		close(to);
	*ret_digest = digest_hex(a, digest_end(&d));
	if (e == OK && renameat(f->making, name, f->making, arena_cstr(a, *ret_digest)) != 0)
		e = file_error(errno);
	if (e != OK)
		unlinkat(f->making, name, 0);
	return e;
}

const char *video_form_name(enum media_form form)
{
	return form == MEDIA_FORM_COPY ? "video" : media_form_name(form);
}

static void want(struct video_source *s, bool wanted, enum media_form form)
{
	if (wanted)
		s->forms[s->n++] = str_of(form == MEDIA_FORM_COPY ? "video"
								  : media_form_name(form));
}

/* H.264 is copied as it is; anything else is coded anew at 480p. What is soon made comes first. */
static void choose_forms(const struct media_info *info, const struct video_wishes *wishes,
			 struct video_source *ret)
{
	bool film = info->has_video, copied = media_form_fits(MEDIA_FORM_COPY, info);
	bool ladder = wishes->ladder;
	int side = MIN(info->width, info->height);

	want(ret, film, MEDIA_FORM_POSTER);
	want(ret, film, MEDIA_FORM_STILL);
	want(ret, copied, MEDIA_FORM_COPY);
	want(ret, film && !copied, MEDIA_FORM_480P);
	want(ret, info->has_audio, MEDIA_FORM_AUDIO_AAC);
	want(ret, info->has_audio, MEDIA_FORM_AUDIO_OPUS);
	want(ret, film && ladder, MEDIA_FORM_240P);
	want(ret, film && ladder && copied, MEDIA_FORM_480P);
	want(ret, film && ladder && side > 720, MEDIA_FORM_720P);
	want(ret, film && wishes->storyboard, MEDIA_FORM_STORYBOARD);
}

enum err video_media_take(arena *a, str data, int fd, str name, const struct video_wishes *wishes,
			  struct video_source *ret, buf *why)
{
	enum media_refusal refusal = MEDIA_TAKEN;
	struct media_info info = { 0 };
	struct video_folders f;
	enum err e = media_probe(a, fd, name, &info, &refusal);

	*ret = (struct video_source){ .duration = info.duration_ms, .audio = !info.has_video };
	if (e == E_INVALID || e == E_NOTFOUND || e == E_DENIED)
		buf_put(why, str_of(media_refusal_text(refusal)));
	if (e == OK)
		e = video_folders_open(a, data, &f);
	if (e != OK)
		return e;
	choose_forms(&info, wishes, ret);
	e = take_in(a, &f, fd, &ret->digest);
	video_folders_close(&f);
	return e;
}

/* --- Files that came with the program */

static enum err put_one(arena *a, const struct video_folders *f, str form, str type, str bytes,
			struct video_medium *ret)
{
	str digest = digest_hex(a, digest_of(bytes));
	int fd = openat(f->making, arena_cstr(a, digest), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
			0600);
	enum err e = fd < 0 ? file_error(errno) : file_write(fd, bytes);

	if (e == OK && fsync(fd) != 0)
		e = file_error(errno);
	if (fd >= 0)
		close(fd);
	*ret = (struct video_medium){
		.form = form, .digest = digest, .type = type, .bytes = (int64_t)bytes.n
	};
	return e;
}

enum err video_media_put(arena *a, str data, str name, const struct video_file *files, size_t n,
			 struct video_medium *ret, size_t *ret_n)
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
	struct video_folders f;
	enum err e = video_folders_open(a, data, &f);

	*ret_n = 0;
	if (e != OK)
		return e;
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < COUNT_OF(all) && e == OK; k++)
			if (str_starts(files[i].name, stem) &&
			    str_eq(str_from(files[i].name, stem.n), all[k].ending))
				e = put_one(a, &f, all[k].form, all[k].type, files[i].bytes,
					    &ret[(*ret_n)++]);
	video_folders_close(&f);
	return e;
}

/* --- Between making/ and their places, media/ab/abcd... */

static enum err is_used(struct core *core, arena *a, str digest, bool *ret)
{
	struct medium_users users;

	TRY(medium_users(core, a, digest, &users));
	*ret = users.n > 0;
	return OK;
}

static int open_place(arena *a, const struct video_folders *f, str digest)
{
	return open_folder(f->media, arena_cstr(a, str_to(digest, 2)));
}

static enum err aside(arena *a, const struct video_folders *f, str digest)
{
	const char *name = arena_cstr(a, digest);
	int at = open_place(a, f, digest);
	bool good = at >= 0 && (renameat(at, name, f->making, name) == 0 || errno == ENOENT);

	if (at >= 0)
		close(at);
	return good ? OK : file_error(errno);
}

static enum err put_aside(struct core *core, arena *a, str data, const video_digests *digests)
{
	struct video_folders f;
	enum err e = OK;

	if (!digests->n)
		return OK;
	TRY(video_folders_open(a, data, &f));
	vec_each (str, digest, digests) {
		bool used = true;

		if (e == OK)
			e = is_used(core, a, *digest, &used);
		if (e == OK && !used)
			e = aside(a, &f, *digest);
	}
	video_folders_close(&f);
	return e;
}

/* On the disk before anybody is told of it. */
static enum err in_place(arena *a, const struct video_folders *f, const char *name)
{
	int at = open_place(a, f, str_of(name));
	bool good = at >= 0 && renameat(f->making, name, at, name) == 0 && fsync(at) == 0 &&
		    fsync(f->media) == 0;

	if (at >= 0)
		close(at);
	return good ? OK : file_error(errno);
}

static enum err settle_one(struct core *core, arena *a, const struct video_folders *f,
			   const char *name)
{
	bool used;

	TRY(is_used(core, a, str_of(name), &used));
	if (used)
		return in_place(a, f, name);
	return unlinkat(f->making, name, 0) == 0 ? OK : file_error(errno);
}

static enum err settle(struct core *core, arena *a, const struct video_folders *f, bool all)
{
	DIR *d = fdopendir(openat(f->making, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	enum err e = d ? OK : E_IO;

	for (struct dirent *entry; d && e == OK && (entry = readdir(d));) {
		if (is_digest(str_of(entry->d_name)))
			e = settle_one(core, a, f, entry->d_name);
		else if (all && entry->d_name[0] != '.')
			unlinkat(f->making, entry->d_name, 0);
	}
	if (d)
		closedir(d);
	return e;
}

enum err video_media_settle_all(struct core *core, arena *a, str data, bool all)
{
	struct video_folders f;
	enum err e;

	/* Where no film was ever handed in there is no folder to make. */
	if (access(video_path(a, data, "media"), F_OK) != 0)
		return OK;
	TRY(video_folders_open(a, data, &f));
	e = settle(core, a, &f, all);
	video_folders_close(&f);
	return e;
}

enum err video_media_settle(struct core *core, arena *a, str data)
{
	return video_media_settle_all(core, a, data, false);
}

enum err video_media_finish(struct core *core, arena *a, str data, enum err e,
			    const video_digests *freed)
{
	enum err settled;

	if (e == OK)
		e = put_aside(core, a, data, freed);
	e = db_finish(core->db, e);
	settled = video_media_settle(core, a, data);
	return e != OK ? e : settled;
}

char *video_media_path(arena *a, str data, str digest)
{
	buf name = buf_new(a, 256);

	buf_printf(&name, "media/%" STR_F "/%" STR_F, STR_A(str_to(digest, 2)), STR_A(digest));
	return video_path(a, data, arena_cstr(a, buf_str(&name)));
}

static enum err see(arena *a, str data, str digest, int64_t bytes,
		    enum err (*seen)(void *ctx, str path, int64_t bytes, int64_t size), void *ctx)
{
	const char *path = video_media_path(a, data, digest);
	struct stat st;
	bool there = stat(path, &st) == 0 && S_ISREG(st.st_mode);

	return seen(ctx, str_from(str_of(path), data.n + S("/media/").n), bytes,
		    there ? st.st_size : -1);
}

enum err video_media_each(struct core *core, arena *a, str data,
			  enum err (*seen)(void *ctx, str path, int64_t bytes, int64_t size),
			  void *ctx)
{
	struct media_used *rows;
	struct job_sources *sources;
	size_t n, n_sources;

	TRY(media_used(core, a, &rows, &n));
	TRY(job_sources(core, a, &sources, &n_sources));
	for (size_t i = 0; i < n; i++)
		TRY(see(a, data, rows[i].digest, rows[i].bytes, seen, ctx));
	for (size_t i = 0; i < n_sources; i++)
		TRY(see(a, data, sources[i].source, 0, seen, ctx));
	return OK;
}

static enum err strays_in(struct core *core, arena *a, int at, bool drop, size_t *ret)
{
	DIR *d = fdopendir(dup(at));
	enum err e = d ? OK : E_IO;

	for (struct dirent *entry; d && e == OK && (entry = readdir(d));) {
		bool used = true;

		if (is_digest(str_of(entry->d_name)))
			e = is_used(core, a, str_of(entry->d_name), &used);
		if (used)
			continue;
		++*ret;
		if (drop && unlinkat(at, entry->d_name, 0) != 0)
			e = file_error(errno);
	}
	if (d)
		closedir(d);
	return e;
}

enum err video_media_strays(struct core *core, arena *a, int folder, bool drop, size_t *ret)
{
	enum err e = OK;

	*ret = 0;
	for (int i = 0; i < 256 && e == OK; i++) {
		char name[16];
		int at;

		snprintf(name, sizeof name, "%02x", i);
		at = openat(folder, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (at < 0)
			continue;
		e = strays_in(core, a, at, drop, ret);
		close(at);
	}
	return e;
}

enum err video_media_tidy(struct core *core, arena *a, str data, bool drop, size_t *ret)
{
	int folder = open(video_path(a, data, "media"), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	enum err e;

	*ret = 0;
	if (folder < 0)
		return errno == ENOENT ? OK : E_IO;
	e = video_media_strays(core, a, folder, drop, ret);
	close(folder);
	return e;
}
