#include <time.h>

#include "base/log.h"
#include "base/map.h"
#include "web/error.h"
#include "web/reader.h"
#include "web/web.h"

enum {
	SLOW_US = 50 * 1000,
	LOCATION_MAX = 1000, /* a longer one is not worth a redirect: headers have little room */
};

/* --- The app ------------------------------------------------------------------------------------- */

static int panel_order(const void *a, const void *b)
{
	const struct panel *x = *(const struct panel *const *)a,
			   *y = *(const struct panel *const *)b;
	int order = strcmp(x->page, y->page);

	if (order == 0)
		order = strcmp(x->slot, y->slot);
	return order ? order : (x->order > y->order) - (x->order < y->order);
}

static void add_table(struct web_app *app, const struct route_table *table)
{
	for (size_t i = 0; i < table->n; i++) {
		struct pattern p;

		if (pattern_parse(&table->rows[i], &p))
			*vec_add(app->a, &app->patterns) = p;
	}
}

enum err web_app_new(const struct web_config *config, struct web_app **ret)
{
	struct web_app *app;
	arena *a = arena_new();
	buf mistakes = buf_new(a, 1 << 20);

	if (!web_check(config, &mistakes)) {
		log_error("the tables of pages are wrong:\n%.*s", STR_A(buf_str(&mistakes)));
		arena_free(a);
		return E_INVALID;
	}
	app = mem_alloc(sizeof *app);
	app->config = *config;
	app->a = a;
	add_table(app, &routes_builtin);
	for (size_t t = 0; t < config->routes_n; t++)
		add_table(app, &config->routes[t]);
	for (size_t t = 0; t < config->panels_n; t++)
		for (size_t i = 0; i < config->panels[t].n; i++)
			*vec_add(a, &app->panels) = &config->panels[t].rows[i];
	if (app->panels.n)
		qsort(app->panels.p, app->panels.n, sizeof *app->panels.p, panel_order);
	if (readers_init(app) != OK) {
		web_app_free(app);
		return E_IO;
	}
	*ret = app;
	return OK;
}

void web_app_free(struct web_app *app)
{
	if (!app)
		return;
	readers_release(app);
	arena_free(app->a);
	mem_free(app);
}

size_t web_route_count(const struct web_app *app)
{
	return app->patterns.n;
}

const struct route *web_route_at(const struct web_app *app, size_t i)
{
	return app->patterns.p[i].route;
}

int web_budget(const struct web_app *app, const struct route *route)
{
	int sum = route->queries;

	vec_each (const struct panel *, p, &app->panels)
		if (strcmp((*p)->page, route->path) == 0)
			sum += (*p)->queries;
	return sum;
}

struct web_stats web_stats(const struct web_app *app)
{
	return (struct web_stats){
		.requests = atomic_load(&app->requests),
		.errors = atomic_load(&app->errors),
		.slow = atomic_load(&app->slow),
	};
}

/* --- For handlers -------------------------------------------------------------------------------- */

enum err web_redirect(struct web *w, int status, url to)
{
	w->res->status = status;
	http_res_header(w->res, "Location", to.s);
	return OK;
}

enum err web_gone(struct web *w)
{
	w->gone = true;
	return E_NOTFOUND;
}

void web_let_go(struct web *w)
{
	w->lets_go = true;
}

enum err web_panels(struct web *w, const char *slot, const void *subject, buf *o)
{
	vec_each (const struct panel *, p, &w->app->panels)
		if (strcmp((*p)->page, w->route->path) == 0 && strcmp((*p)->slot, slot) == 0)
			TRY((*p)->show(w, subject, o));
	return OK;
}

/* The way in: to the language that the browser asks for. */
static enum err home(struct web *w)
{
	buf to = buf_new(w->arena, 16);

	buf_byte(&to, '/');
	buf_put(&to, lang_code(w->lang));
	return web_redirect(w, 303, (url){ buf_str(&to) });
}

static const struct route builtin[] = {
	{ HTTP_GET, "/", home, WEB_PUBLIC, WEB_HTML | WEB_STORELESS, &params_none, "/", 0 },
};

const struct route_table routes_builtin = { builtin, COUNT_OF(builtin) };

/* --- One request --------------------------------------------------------------------------------- */

static bool is_api(const struct web *w)
{
	const struct url_target *target = &w->req->url;

	if (w->route)
		return (w->route->flags & WEB_API) != 0;
	return target->segments_n && str_eq(target->segments[0], S("api"));
}

/* Where the row has no language: that of the address, else of the browser. Programs get one answer, with
 * English labels, whatever they send: it is kept by its address alone. */
static void guess_lang(struct web *w)
{
	const struct url_target *target = &w->req->url;
	bool exact;

	w->lang = LANG_EN;
	if (is_api(w))
		return;

	if (target->segments_n && lang_find(target->segments[0], &w->lang, &exact))
		return;
	w->lang = lang_negotiate(http_req_header(w->req, S("accept-language")));
	w->lang_negotiated = true;
}

static bool complaint_is_error(const struct web *w, const struct complaint *c)
{
	if (w->route->flags & WEB_API)
		return true;
	return c->why == WHY_UNKNOWN_CODE || c->why == WHY_TOO_MANY;
}

static bool has_errors(const struct web *w)
{
	vec_each (struct complaint, c, &w->complaints)
		if (complaint_is_error(w, c))
			return true;
	return false;
}

/* Pages take no notice of parameters that they do not know: people share links with foreign ones. */
static void forget_unknown_names(struct web *w)
{
	size_t n = 0;

	if (w->route->flags & WEB_API)
		return;
	for (size_t i = 0; i < w->complaints.n; i++)
		if (w->complaints.p[i].why != WHY_UNKNOWN_NAME)
			w->complaints.p[n++] = w->complaints.p[i];
	w->complaints.n = n;
}

static int64_t microseconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static enum err handle(struct web *w)
{
	const struct web_readers *readers = &w->app->config.readers;
	int64_t queries = w->pub ? readers->queries(readers->ctx, w->pub) : 0;
	int64_t start = microseconds();
	enum err e = w->route->handle(w);

	w->microseconds = microseconds() - start;
	if (w->pub)
		w->queries = readers->queries(readers->ctx, w->pub) - queries;
	if (w->lets_go)
		reader_give_back(w);
	if (w->microseconds > SLOW_US)
		atomic_fetch_add_explicit(&w->app->slow, 1, memory_order_relaxed);
	if (e == OK && w->res->kind == HTTP_BODY_BUF)
		e = w->out->err;
	return e;
}

static str content_type(unsigned flags)
{
	return flags & WEB_JSON   ? S("application/json")
	       : flags & WEB_CSV  ? S("text/csv; charset=utf-8")
	       : flags & WEB_TEXT ? S("text/plain; charset=utf-8")
	       : flags & WEB_XML  ? S("application/xml; charset=utf-8")
				  : S("text/html; charset=utf-8");
}

static void put_headers(struct web *w)
{
	unsigned flags = w->route->flags;

	headers_put(w->res, class_of(flags), w->app->config.https);
	http_res_header(w->res, "Content-Type", content_type(flags));
	/* Asked again each time: what is withdrawn must not live on in a browser. */
	http_res_header(w->res, "Cache-Control", S("no-cache"));
	if (flags & WEB_NOINDEX)
		http_res_header(w->res, "X-Robots-Tag", S("noindex"));
	if ((flags & WEB_HTML) && w->lang_negotiated)
		http_res_header(w->res, "Vary", S("Accept-Language"));
	w->res->compress = !(flags & WEB_STREAM);
}

/* Address, public version and build of the program make the tag: nothing private moves any of them. */
static str etag_make(const struct web *w)
{
	buf tag = buf_new(w->arena, 64);

	buf_printf(&tag, "%llx-%016llx", (unsigned long long)w->version,
		   (unsigned long long)(hash_bytes(w->address.whole) * 31 +
					hash_bytes(w->app->config.build)));
	return buf_str(&tag);
}

/* True when the client or the cache has the page already. */
static bool answered_by_cache(struct web *w)
{
	struct http_res *res = w->res;

	if (!(w->route->flags & WEB_CACHE) || w->complaints.n)
		return false;
	res->etag = etag_make(w);
	if (http_etag_matches(w->req, res->etag)) {
		res->status = 304;
		return true;
	}
	if (http_res_from_cache(w->req, w->address.whole, res))
		return true;
	res->cache_key = w->address.whole;
	res->cache_version = w->version;
	return false;
}

/* The guards in their order, then the handler. Returns the status of an error page, 0 when the response
 * is complete. */
static int run(struct web *w, const struct match *m)
{
	enum err e;

	if (m->method_missing) {
		http_res_header(w->res, "Allow", m->allow);
		return 405;
	}
	if (!m->route)
		return 404;
	if (m->route->who != WEB_PUBLIC)
		return 404;
	w->path_values = m->values;
	if (!(m->route->flags & WEB_STORELESS)) {
		e = reader_take(w);
		if (e != OK)
			return web_status(e);
	}
	if (!params_read(w))
		return 404;
	forget_unknown_names(w);
	address_make(w);
	put_headers(w);
	if ((m->route->flags & WEB_API) && has_errors(w))
		return 400;
	/* Other letters, not another percent-encoding: a proxy may change that, and the redirect
	 * would never end. */
	if ((m->moved || w->moved) && w->address.whole.n <= LOCATION_MAX) {
		e = web_redirect(w, 301, link_self(w));
		return e == OK ? 0 : web_status(e);
	}
	if (answered_by_cache(w))
		return 0;
	e = handle(w);
	if (e != OK && !w->gone && web_status(e) >= 500)
		log_error("%s: %s", m->route->path, err_text(e));
	if (e != OK)
		return w->gone ? 410 : web_status(e);
	if (w->res->status == 200 && has_errors(w))
		w->res->status = 400;
	return 0;
}

const struct web *web_dispatch(struct web_app *app, const struct http_req *req,
			       struct http_res *res)
{
	struct web *w = NEW(req->arena, struct web);
	struct http_req *kept = NEW(req->arena, struct http_req);
	struct match m;
	int status;

	*kept = *req; /* a stream outlives the caller's */
	*w = (struct web){
		.app = app, .req = kept, .res = res, .arena = req->arena, .out = &res->body
	};
	m = route_match(app, w->arena, req->method, req->url.segments, req->url.segments_n);
	w->route = m.route;
	w->lang = m.lang;
	if (!m.has_lang)
		guess_lang(w);
	atomic_fetch_add_explicit(&app->requests, 1, memory_order_relaxed);
	status = run(w, &m);
	if (status) {
		if (status >= 500)
			atomic_fetch_add_explicit(&app->errors, 1, memory_order_relaxed);
		error_answer(w, status, is_api(w));
	}
	if (res->kind == HTTP_BODY_STREAM)
		w->res = NULL;
	return w;
}

void web_handle(void *app, const struct http_req *req, struct http_res *res)
{
	(void)web_dispatch(app, req, res);
}
