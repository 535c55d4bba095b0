#include "web/reader.h"

/* What a thread keeps from request to request. */
struct reader {
	const struct web_readers *of;
	struct public *pub;
	uint64_t generation;
};

/* What one request holds. */
struct held {
	const struct web_readers *of;
	struct public *pub;
	bool own;   /* to be closed with the request */
	bool given; /* back already */
};

static void reader_free(void *arg)
{
	struct reader *r = arg;

	if (r->pub)
		r->of->close(r->of->ctx, r->pub);
	mem_free(r);
}

enum err readers_init(struct web_app *app)
{
	app->has_key = pthread_key_create(&app->reader, reader_free) == 0;
	return app->has_key ? OK : E_IO;
}

void readers_release(struct web_app *app)
{
	struct reader *r = app->has_key ? pthread_getspecific(app->reader) : NULL;

	if (r)
		reader_free(r);
	if (app->has_key)
		pthread_key_delete(app->reader);
}

/* The thread's connection, opened anew when public.db is another file than it was. */
MUST static enum err thread_reader(struct web_app *app, struct public **ret)
{
	const struct web_readers *of = &app->config.readers;
	struct reader *r = pthread_getspecific(app->reader);
	uint64_t now = of->generation(of->ctx);

	if (!r) {
		r = mem_alloc(sizeof *r);
		r->of = of;
		if (pthread_setspecific(app->reader, r) != 0) {
			mem_free(r);
			return E_NOMEM;
		}
	}
	if (r->pub && r->generation != now) {
		of->close(of->ctx, r->pub);
		r->pub = NULL;
	}
	if (!r->pub)
		TRY(of->open(of->ctx, &r->pub));
	r->generation = now;
	*ret = r->pub;
	return OK;
}

static void give_back(void *arg)
{
	struct held *held = arg;

	if (held->given)
		return;
	held->given = true;
	held->of->end(held->of->ctx, held->pub);
	if (held->own)
		held->of->close(held->of->ctx, held->pub);
}

void reader_give_back(struct web *w)
{
	if (w->held)
		give_back(w->held);
	w->held = NULL;
	w->pub = NULL;
}

enum err reader_take(struct web *w)
{
	const struct web_readers *of = &w->app->config.readers;
	struct held *held = NEW(w->arena, struct held);
	enum err e;

	held->of = of;
	held->own = (w->route->flags & WEB_STREAM) != 0;
	if (held->own)
		TRY(of->open(of->ctx, &held->pub));
	else
		TRY(thread_reader(w->app, &held->pub));
	e = of->begin(of->ctx, held->pub, web_budget(w->app, w->route) > 0);
	if (e != OK) {
		if (held->own)
			of->close(of->ctx, held->pub);
		return e;
	}
	arena_defer(w->arena, give_back, held);
	w->held = held;
	w->pub = held->pub;
	w->version = of->version(of->ctx, held->pub);
	return OK;
}
