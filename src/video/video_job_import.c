/* Files that are to be made of what was handed in, one at a time. */
#define _GNU_SOURCE
#include "video/video_media.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/file.h"
#include "media/media.h"
#include "publish/publish.h"
#include "text/digest.h"
#include "video/video_making_import.h"
#include "video/video_use.h"
#include "video_sql.h"

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
	return video_media_settle_all(core, a, data, true);
}

/* What a clip is cut from: the best of the films that readers have. */
static enum err find_film(struct core *core, arena *a, struct video_job *job)
{
	static const char *const films[] = { "video", "720p", "480p" };
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
	const str clip = S(VIDEO_CLIP);
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
	struct video_folders folders;
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
	if (str_starts(name, S(VIDEO_CLIP))) {
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
	char *piece = arena_alloc_raw(a, VIDEO_PIECE);
	struct digest_state d;
	int fd = openat(at, name, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : 1;

	digest_init(&d);
	while (n > 0 && (n = read(fd, piece, VIDEO_PIECE)) > 0)
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
		return file_error(errno);
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
	int input = open(video_media_path(a, data, job->source), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

	*ret = (struct video_job_made){ .e = video_folders_open(a, data, &m.folders) };
	if (ret->e == OK) {
		ret->e = input < 0 ? E_IO : make(&m, input, &ret->medium, &why);
		if (ret->e != OK)
			unlinkat(m.folders.making, made_name, 0);
		video_folders_close(&m.folders);
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
	struct video_folders f;
	enum err e = video_folders_open(a, data, &f);

	if (e != OK)
		return e;
	if (renameat(f.making, made_name, f.making, arena_cstr(a, digest)) != 0 ||
	    fsync(f.making) != 0)
		e = file_error(errno);
	video_folders_close(&f);
	return e;
}

enum err video_job_end(struct core *core, arena *a, str data, const struct video_job *job,
		       const struct video_job_made *made)
{
	video_digests freed = { 0 };

	if (made->e == OK)
		TRY(name_made(a, data, made->medium.digest));
	TRY(db_begin(core->db));
	return video_media_finish(core, a, data, end(core, a, job, made, &freed), &freed);
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

static enum err drop(struct core *core, arena *a, const struct jobs_in *rows, size_t n,
		     video_digests *freed)
{
	for (size_t i = 0; i < n; i++) {
		TRY(job_drop(core, rows[i].id));
		if (rows[i].source.n)
			*vec_add(a, freed) = rows[i].source;
	}
	return OK;
}

enum err video_jobs_drop(struct core *core, arena *a, str data, size_t *ret)
{
	struct jobs_in *rows;
	video_digests freed = { 0 };

	TRY(jobs_in(core, a, S("failed"), &rows, ret));
	TRY(db_begin(core->db));
	return video_media_finish(core, a, data, drop(core, a, rows, *ret, &freed), &freed);
}
