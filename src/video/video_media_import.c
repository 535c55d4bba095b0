#define _GNU_SOURCE
#include "video/video_media.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "media/media.h"
#include "publish/publish.h"
#include "text/digest.h"
#include "video/video_ledger.h"
#include "video/video_use.h"
#include "video_sql.h"

/* DATA/media and DATA/media/making. */
struct folders {
	int media, making;
};

static int open_folder(int at, const char *name)
{
	if (mkdirat(at, name, 0700) != 0 && errno != EEXIST)
		return -1;
	return openat(at, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static enum err open_folders(arena *a, str data, struct folders *ret)
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
	return errno == ENOSPC ? E_FULL : E_IO;
}

static void close_folders(struct folders *f)
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

static enum err io_error(void)
{
	return errno == ENOSPC || errno == EDQUOT ? E_FULL : E_IO;
}

/* --- Into making/. */

enum { PIECE = 256 << 10 };

static enum err write_all(int fd, str bytes)
{
	while (bytes.n) {
		ssize_t n = write(fd, bytes.p, bytes.n);

		if (n > 0)
			bytes = str_from(bytes, (size_t)n);
		else if (n == 0 || errno != EINTR)
			return io_error();
	}
	return OK;
}

static enum err copy_bytes(arena *a, int from, int to, struct digest_state *d)
{
	char *piece = arena_alloc_raw(a, PIECE);
	off_t at = 0;
	ssize_t n;

	while ((n = pread(from, piece, PIECE, at)) > 0) {
		digest_put(d, (str){ piece, (size_t)n });
		TRY(write_all(to, (str){ piece, (size_t)n }));
		at += n;
	}
	return n < 0 ? E_IO : fsync(to) == 0 ? OK : io_error();
}

/* A copy, since who handed it in may change it while it is read. */
static enum err take_in(arena *a, const struct folders *f, int fd, str *ret_digest)
{
	static const char name[] = "taken";
	int to = openat(f->making, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	struct digest_state d;
	enum err e = to < 0 ? io_error() : OK;

	digest_init(&d);
	if (e == OK)
		e = copy_bytes(a, fd, to, &d);
	if (to >= 0)
		close(to);
	*ret_digest = digest_hex(a, digest_end(&d));
	if (e == OK && renameat(f->making, name, f->making, arena_cstr(a, *ret_digest)) != 0)
		e = io_error();
	if (e != OK)
		unlinkat(f->making, name, 0);
	return e;
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
	struct folders f;
	enum err e = media_probe(a, fd, name, &info, &refusal);

	*ret = (struct video_source){ .duration = info.duration_ms, .audio = !info.has_video };
	if (e == E_INVALID || e == E_NOTFOUND || e == E_DENIED)
		buf_put(why, str_of(media_refusal_text(refusal)));
	if (e == OK)
		e = open_folders(a, data, &f);
	if (e != OK)
		return e;
	choose_forms(&info, wishes, ret);
	e = take_in(a, &f, fd, &ret->digest);
	close_folders(&f);
	return e;
}

/* --- Files that came with the program */

static enum err put_one(arena *a, const struct folders *f, str form, str type, str bytes,
			struct video_medium *ret)
{
	str digest = digest_hex(a, digest_of(bytes));
	int fd = openat(f->making, arena_cstr(a, digest), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
			0600);
	enum err e = fd < 0 ? io_error() : write_all(fd, bytes);

	if (e == OK && fsync(fd) != 0)
		e = io_error();
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
	struct folders f;
	enum err e = open_folders(a, data, &f);

	*ret_n = 0;
	if (e != OK)
		return e;
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < COUNT_OF(all) && e == OK; k++)
			if (str_starts(files[i].name, stem) &&
			    str_eq(str_from(files[i].name, stem.n), all[k].ending))
				e = put_one(a, &f, all[k].form, all[k].type, files[i].bytes,
					    &ret[(*ret_n)++]);
	close_folders(&f);
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

static int open_place(arena *a, const struct folders *f, str digest)
{
	return open_folder(f->media, arena_cstr(a, str_to(digest, 2)));
}

static enum err aside(arena *a, const struct folders *f, str digest)
{
	const char *name = arena_cstr(a, digest);
	int at = open_place(a, f, digest);
	bool good = at >= 0 && (renameat(at, name, f->making, name) == 0 || errno == ENOENT);

	if (at >= 0)
		close(at);
	return good ? OK : io_error();
}

enum err video_media_aside(struct core *core, arena *a, str data, const video_digests *digests)
{
	struct folders f;
	enum err e = OK;

	if (!digests->n)
		return OK;
	TRY(open_folders(a, data, &f));
	vec_each (str, digest, digests) {
		bool used = true;

		if (e == OK)
			e = is_used(core, a, *digest, &used);
		if (e == OK && !used)
			e = aside(a, &f, *digest);
	}
	close_folders(&f);
	return e;
}

/* On the disk before anybody is told of it. */
static enum err in_place(arena *a, const struct folders *f, const char *name)
{
	int at = open_place(a, f, str_of(name));
	bool good = at >= 0 && renameat(f->making, name, at, name) == 0 && fsync(at) == 0 &&
		    fsync(f->media) == 0;

	if (at >= 0)
		close(at);
	return good ? OK : io_error();
}

static enum err settle_one(struct core *core, arena *a, const struct folders *f, const char *name)
{
	bool used;

	TRY(is_used(core, a, str_of(name), &used));
	if (used)
		return in_place(a, f, name);
	return unlinkat(f->making, name, 0) == 0 ? OK : io_error();
}

/* ALL: also what has no digest for a name, the work of a process that has ended. */
static enum err settle(struct core *core, arena *a, const struct folders *f, bool all)
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

static enum err settle_all(struct core *core, arena *a, str data, bool all)
{
	struct folders f;
	enum err e;

	/* Where no film was ever handed in there is no folder to make. */
	if (access(video_path(a, data, "media"), F_OK) != 0)
		return OK;
	TRY(open_folders(a, data, &f));
	e = settle(core, a, &f, all);
	close_folders(&f);
	return e;
}

enum err video_media_settle(struct core *core, arena *a, str data)
{
	return settle_all(core, a, data, false);
}

static char *path_of(arena *a, str data, str digest)
{
	buf name = buf_new(a, 256);

	buf_printf(&name, "media/%" STR_F "/%" STR_F, STR_A(str_to(digest, 2)), STR_A(digest));
	return video_path(a, data, arena_cstr(a, buf_str(&name)));
}

static enum err see(arena *a, str data, str digest, int64_t bytes,
		    enum err (*seen)(void *ctx, str path, int64_t bytes, int64_t size), void *ctx)
{
	const char *path = path_of(a, data, digest);
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
			e = io_error();
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

/* --- Jobs */

enum { ATTEMPTS_MAX = 3 };

static const char made_name[] = "made";

static enum err give_up(struct core *core, const struct jobs_in *row)
{
	if (row->attempts < ATTEMPTS_MAX)
		return job_set(core, row->id, S("waiting"), 0, row->attempts, S(""));
	return job_set(core, row->id, S("failed"), row->permille, row->attempts,
		       S("The program ended three times while this was made."));
}

enum err video_jobs_resume(struct core *core, arena *a, str data)
{
	struct jobs_in *rows;
	size_t n;
	enum err e = OK;

	TRY(jobs_in(core, a, S("running"), &rows, &n));
	if (n)
		TRY(db_begin(core->db));
	for (size_t i = 0; i < n && e == OK; i++)
		e = give_up(core, &rows[i]);
	if (n)
		TRY(db_finish(core->db, e));
	return settle_all(core, a, data, true);
}

/* What a clip is cut from: the best of the films that readers have. */
static enum err find_film(struct core *core, arena *a, struct video_job *job)
{
	static const char *const films[] = { "video", "720p", "480p", "aac" };
	enum err e = E_NOTFOUND;

	for (size_t i = 0; i < COUNT_OF(films) && e == E_NOTFOUND; i++) {
		struct medium_of row;

		e = medium_of(core, a, job->video_id, str_of(films[i]), &row);
		if (e == OK)
			job->source = row.digest;
	}
	return e;
}

static enum err fill_job(struct core *core, arena *a, struct video_job *job)
{
	const str clip = S("clip-");
	struct video_head head;
	struct moment_span span;

	TRY(video_head(core, a, job->video_id, &head));
	job->code = head.code;
	if (!str_starts(job->form, clip))
		return OK;
	TRY(moment_span(core, a, str_from(job->form, clip.n), &span));
	job->starts = span.starts;
	job->ends = span.ends;
	return find_film(core, a, job);
}

enum err video_job_take(struct core *core, arena *a, struct video_job *ret)
{
	struct job_next row;
	enum err e;

	for (;;) {
		TRY(job_next(core, a, &row));
		*ret = (struct video_job){ .id = row.id,
					   .video_id = row.video_id,
					   .form = row.form,
					   .source = row.source,
					   .attempts = row.attempts };
		e = fill_job(core, a, ret);
		if (e == OK)
			return job_set(core, row.id, S("running"), 0, ++ret->attempts, S(""));
		if (e != E_NOTFOUND)
			return e;
		TRY(job_set(core, row.id, S("failed"), 0, row.attempts,
			    S("There is no film that it could be cut from.")));
	}
}

struct making {
	arena *a;
	const struct video_job *job;
	const struct video_job_watch *watch;
	struct folders folders;
	struct media_info info;
};

static void on_progress(void *ctx, int permille)
{
	struct making *m = ctx;

	if (m->watch->progress)
		m->watch->progress(m->watch->ctx, permille);
}

static bool is_cancelled(void *ctx)
{
	struct making *m = ctx;

	return m->watch->cancelled && m->watch->cancelled(m->watch->ctx);
}

static bool form_of(str name, enum media_form *ret)
{
	if (str_starts(name, S("clip-"))) {
		*ret = MEDIA_FORM_CLIP;
		return true;
	}
	for (*ret = 0; *ret < MEDIA_FORMS; ++*ret)
		if (str_eq(name,
			   *ret == MEDIA_FORM_COPY ? S("video") : str_of(media_form_name(*ret))))
			return true;
	return false;
}

static enum err digest_file(arena *a, int at, const char *name, str *ret)
{
	char *piece = arena_alloc_raw(a, PIECE);
	struct digest_state d;
	int fd = openat(at, name, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : 1;

	digest_init(&d);
	while (n > 0 && (n = read(fd, piece, PIECE)) > 0)
		digest_put(&d, (str){ piece, (size_t)n });
	if (fd >= 0)
		close(fd);
	*ret = digest_hex(a, digest_end(&d));
	return n < 0 ? E_IO : OK;
}

static struct media_recipe recipe_of(const struct making *m, enum media_form form)
{
	if (form == MEDIA_FORM_CLIP)
		return (struct media_recipe){ form, m->job->starts,
					      MIN(m->job->ends, m->info.duration_ms) };
	if (form == MEDIA_FORM_STORYBOARD)
		return (struct media_recipe){ .form = form,
					      .columns = VIDEO_BOARD_COLUMNS,
					      .rows = video_board_pictures(m->info.duration_ms) /
						      VIDEO_BOARD_COLUMNS };
	if (form == MEDIA_FORM_POSTER || form == MEDIA_FORM_STILL)
		return (struct media_recipe){ form, MIN(m->info.duration_ms / 4, 3000), 0 };
	return (struct media_recipe){ .form = form };
}

/* The shape of the picture, of the film as it is alone: the others have it too, only smaller. */
static enum err make(struct making *m, int input, struct video_medium *ret,
		     enum media_refusal *ret_why)
{
	enum media_form form;
	struct media_job job = { .input = input,
				 .info = &m->info,
				 .scratch = m->folders.making,
				 .progress = on_progress,
				 .cancelled = is_cancelled,
				 .ctx = m };
	struct media_made made;
	str digest;

	if (!form_of(m->job->form, &form))
		return E_INVALID;
	TRY(media_probe(m->a, input, S(""), &m->info, ret_why));
	job.recipe = recipe_of(m, form);
	TRY(media_make(m->a, &job, &made, ret_why));
	if (renameat(m->folders.making, made.name, m->folders.making, made_name) != 0)
		return io_error();
	TRY(digest_file(m->a, m->folders.making, made_name, &digest));
	*ret = (struct video_medium){ .form = m->job->form,
				      .digest = digest,
				      .type = str_of(made.type),
				      .bytes = made.bytes,
				      .width = form == MEDIA_FORM_COPY ? m->info.width : made.width,
				      .height = form == MEDIA_FORM_COPY ? m->info.height
									: made.height };
	return OK;
}

void video_job_make(arena *a, str data, const struct video_job *job,
		    const struct video_job_watch *watch, struct video_job_made *ret)
{
	struct making m = { .a = a, .job = job, .watch = watch };
	enum media_refusal why = MEDIA_FAILED;
	int input = open(path_of(a, data, job->source), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

	*ret = (struct video_job_made){ .e = open_folders(a, data, &m.folders) };
	if (ret->e == OK) {
		ret->e = input < 0 ? E_IO : make(&m, input, &ret->medium, &why);
		if (ret->e != OK)
			unlinkat(m.folders.making, made_name, 0);
		close_folders(&m.folders);
	}
	if (input >= 0)
		close(input);
	if (ret->e == E_INVALID || ret->e == E_NOTFOUND || ret->e == E_DENIED)
		ret->why = str_of(media_refusal_text(why));
	else if (ret->e != OK)
		ret->why = str_of(err_text(ret->e));
}

static enum err end(struct core *core, arena *a, const struct video_job *job,
		    const struct video_job_made *made, video_digests *freed)
{
	const struct video_medium *m = &made->medium;
	bool lives;

	TRY(video_job_lives(core, a, job, &lives));
	if (!lives)
		return OK;
	if (made->e == E_CANCEL)
		return job_set(core, job->id, S("waiting"), 0, job->attempts - 1, S(""));
	if (made->e != OK)
		return job_set(core, job->id, S("failed"), 0, job->attempts, made->why);
	TRY(job_drop(core, job->id));
	*vec_add(a, freed) = job->source;
	TRY(medium_put(core, job->video_id, m->form, m->digest, m->type, m->bytes, m->width,
		       m->height));
	return change_add(core, S("video"), job->video_id);
}

/* From now on the file has the name under which it is settled. */
static enum err name_made(arena *a, str data, str digest)
{
	struct folders f;
	enum err e = open_folders(a, data, &f);

	if (e != OK)
		return e;
	if (renameat(f.making, made_name, f.making, arena_cstr(a, digest)) != 0 ||
	    fsync(f.making) != 0)
		e = io_error();
	close_folders(&f);
	return e;
}

enum err video_job_end(struct core *core, arena *a, str data, const struct video_job *job,
		       const struct video_job_made *made)
{
	video_digests freed = { 0 };
	enum err e = OK, settled;

	if (made->e == OK)
		TRY(name_made(a, data, made->medium.digest));
	TRY(db_begin(core->db));
	e = end(core, a, job, made, &freed);
	if (e == OK)
		e = video_media_aside(core, a, data, &freed);
	e = db_finish(core->db, e);
	settled = video_media_settle(core, a, data);
	return e != OK ? e : settled;
}

enum err video_job_lives(struct core *core, arena *a, const struct video_job *job, bool *ret)
{
	struct job_of row;
	enum err e = job_of(core, a, job->id, &row);

	*ret = e == OK && row.video_id == job->video_id && str_eq(row.form, job->form) &&
	       str_eq(row.state, S("running"));
	return e == E_NOTFOUND ? OK : e;
}

enum err video_job_tell(struct core *core, const struct video_job *job, int permille)
{
	return job_progress(core, job->id, permille);
}

enum err video_jobs_retry(struct core *core, arena *a, size_t *ret)
{
	struct jobs_in *rows;
	enum err e = OK;

	TRY(jobs_in(core, a, S("failed"), &rows, ret));
	TRY(db_begin(core->db));
	for (size_t i = 0; i < *ret && e == OK; i++)
		e = job_set(core, rows[i].id, S("waiting"), 0, 0, S(""));
	return db_finish(core->db, e);
}

enum err video_jobs_failed(struct core *core, arena *a, size_t *ret)
{
	struct jobs_in *rows;

	return jobs_in(core, a, S("failed"), &rows, ret);
}

static enum err drop(struct core *core, arena *a, str data, const struct jobs_in *rows, size_t n)
{
	video_digests freed = { 0 };

	for (size_t i = 0; i < n; i++) {
		TRY(job_drop(core, rows[i].id));
		if (rows[i].source.n)
			*vec_add(a, &freed) = rows[i].source;
	}
	return video_media_aside(core, a, data, &freed);
}

enum err video_jobs_drop(struct core *core, arena *a, str data, size_t *ret)
{
	struct jobs_in *rows;
	enum err e;

	TRY(jobs_in(core, a, S("failed"), &rows, ret));
	TRY(db_begin(core->db));
	e = db_finish(core->db, drop(core, a, data, rows, *ret));
	return e == OK ? video_media_settle(core, a, data) : e;
}
