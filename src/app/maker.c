#include "app/maker.h"

#include <pthread.h>
#include <stdatomic.h>

#include "base/clock.h"
#include "base/log.h"
#include "db/db.h"
#include "video/video_media.h"

enum { BUSY_MS = 200, IDLE_MS = 2000, TELL_MS = 1000 };

struct maker {
	str data;
	arena *a; /* of the job under way; NULL: there is none */
	pthread_t thread;
	struct video_job job;
	struct video_job_made made;
	atomic_bool done, cancelled;
	atomic_int permille;
	int told;
	int64_t told_at;
};

struct maker *maker_new(str data)
{
	struct maker *m = mem_alloc(sizeof *m);
	char *copy = mem_alloc(data.n + 1);

	memcpy(copy, data.p, data.n);
	*m = (struct maker){ .data = { copy, data.n } };
	return m;
}

static void on_progress(void *ctx, int permille)
{
	struct maker *m = ctx;

	atomic_store(&m->permille, permille);
}

static bool is_cancelled(void *ctx)
{
	struct maker *m = ctx;

	return atomic_load(&m->cancelled);
}

static void *make(void *arg)
{
	struct maker *m = arg;
	const struct video_job_watch watch = { on_progress, is_cancelled, m };

	video_job_make(m->a, m->data, &m->job, &watch, &m->made);
	atomic_store(&m->done, true);
	return NULL;
}

static void say_failed(const struct maker *m, enum err e)
{
	if (e != OK)
		log_error("/v/%" STR_F ": %" STR_F " was not stored: %s", STR_A(m->job.code),
			  STR_A(m->job.form), err_text(e));
	else if (m->made.e != OK && m->made.e != E_CANCEL)
		log_error("/v/%" STR_F ": %" STR_F " was not made: %" STR_F, STR_A(m->job.code),
			  STR_A(m->job.form), STR_A(m->made.why));
}

/* Waits for the thread. Answers whether a file has come. */
static bool finish(struct maker *m, struct core *core)
{
	enum err e;
	bool moved;

	pthread_join(m->thread, NULL);
	e = video_job_end(core, m->a, m->data, &m->job, &m->made);
	say_failed(m, e);
	moved = e == OK && m->made.e == OK;
	arena_free(m->a);
	m->a = NULL;
	return moved;
}

static void begin(struct maker *m, struct core *core)
{
	enum err e;

	m->a = arena_new();
	e = video_job_take(core, m->a, &m->job);
	if (e == OK) {
		atomic_store(&m->done, false);
		atomic_store(&m->cancelled, false);
		atomic_store(&m->permille, 0);
		m->told = 0;
		m->told_at = clock_steady_ms();
		if (pthread_create(&m->thread, NULL, make, m) == 0)
			return;
		e = E_NOMEM;
	}
	if (e != E_NOTFOUND)
		log_error("files that videos wait for cannot be made: %s", err_text(e));
	arena_free(m->a);
	m->a = NULL;
}

static void tell(struct maker *m, struct core *core)
{
	int permille = atomic_load(&m->permille);

	if (permille == m->told || clock_steady_ms() < m->told_at + TELL_MS)
		return;
	m->told = permille;
	m->told_at = clock_steady_ms();
	if (video_job_tell(core, &m->job, permille) != OK)
		log_error("how far a file is cannot be written down");
}

int maker_tend(struct maker *m, struct core *core, bool *ret_moved)
{
	*ret_moved = false;
	if (m->a && atomic_load(&m->done))
		*ret_moved = finish(m, core);
	if (m->a)
		tell(m, core);
	else
		begin(m, core);
	return m->a ? BUSY_MS : IDLE_MS;
}

void maker_settle(struct maker *m, struct core *core)
{
	bool lives = true;

	if (!m->a || (video_job_lives(core, m->a, &m->job, &lives) == OK && lives))
		return;
	atomic_store(&m->cancelled, true);
	finish(m, core);
}

void maker_stop(struct maker *m, struct core *core)
{
	if (!m)
		return;
	atomic_store(&m->cancelled, true);
	if (m->a)
		finish(m, core);
	mem_free((char *)(uintptr_t)m->data.p);
	mem_free(m);
}
