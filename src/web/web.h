/*
 * The router. A slice describes its pages as rows; from the rows come the guards, which run in one
 * fixed order before the handler, 404 and 405, HEAD, redirects to canonical addresses, caching, error
 * pages, the security headers, and a smoke test of every page.
 *
 *     static const struct route state_routes[] = {
 *             { HTTP_GET, "/{lang}/states/{iso3}", state_page, WEB_PUBLIC, WEB_HTML | WEB_CACHE,
 *               &state_params, "/en/states/FRA", 6 },
 *     };
 */
#ifndef WEB_WEB_H
#define WEB_WEB_H

#include "http/http.h"
#include "i18n/i18n.h"
#include "web/link.h"
#include "web/param.h"

struct public;
struct web_app;

/* --- Rows ---------------------------------------------------------------------------------------- */

/* Who may see a page. What a reader may not see does not exist for them: 404, never 403. */
enum web_who { WEB_PUBLIC = 1 };

enum web_flags {
	/* What the page is: exactly one. It decides the headers. */
	WEB_HTML = 1 << 0,
	WEB_JSON = 1 << 1,
	WEB_CSV = 1 << 2,
	WEB_TEXT = 1 << 3,
	WEB_XML = 1 << 9,    /* feeds: the handler says which */
	WEB_EMBED = 1 << 10, /* a page that other sites may show in a frame; with WEB_HTML */
	/* How it behaves. */
	WEB_API = 1 << 4,       /* unknown and wrong parameters are 400, as problem+json */
	WEB_CACHE = 1 << 5,     /* depends on address and public version alone: ETag, reply cache */
	WEB_STREAM = 1 << 6,    /* the handler sets w->res->stream; it has a reader of its own */
	WEB_NOINDEX = 1 << 7,   /* search engines stay away */
	WEB_STORELESS = 1 << 8, /* needs no public.db: w->pub is NULL */
};

struct route {
	enum http_method method; /* a HTTP_GET row answers HEAD too */
	/* Segments are literal, "{lang}" (the first, a language of the pages), "{name}" (one segment, a
	 * row of params) or "{name+}" (one or more segments). */
	const char *path;
	enum err (*handle)(struct web *w);
	enum web_who who;
	unsigned flags;
	const struct params *params; /* &params_none */
	const char *sample;          /* an address that answers 200 with the test data */
	int queries;                 /* the most that the sample may ask the database */
};

struct route_table {
	const struct route *rows;
	size_t n;
};

/* A block that a higher slice adds to a page of a lower one. */
struct panel {
	const char *page; /* the path of the route it belongs to */
	const char *slot;
	int order; /* within the slot */
	enum err (*show)(struct web *w, const void *subject, buf *o);
	int queries; /* added to the page's budget */
};

struct panel_table {
	const struct panel *rows;
	size_t n;
};

/* --- What a handler gets ------------------------------------------------------------------------- */

struct web {
	struct web_app *app;
	const struct http_req *req;
	struct http_res *res; /* NULL once a stream has begun */
	arena *arena;         /* the request's */
	enum lang lang;
	bool lang_negotiated;      /* from Accept-Language, not from the address */
	const struct route *route; /* NULL on an error page without one */
	struct public *pub;
	uint64_t version; /* public version that pub sees */
	const void *args; /* the route's struct, filled */
	str *path_values; /* what the placeholders matched, in order of the path, decoded */
	struct address address;
	VEC(struct complaint) complaints;
	buf *out;   /* the body */
	bool moved; /* a value in the path has another canonical form */
	bool gone;
	bool lets_go;                  /* see web_let_go */
	struct held *held;             /* web/reader.c's */
	url feed;                      /* of what a panel shows: the page's head names it */
	int64_t queries, microseconds; /* of the handler, once it has run */
};

/* Leaves the page for another address; STATUS is 301, 302, 303 or 307. */
MUST enum err web_redirect(struct web *w, int status, url to);

/* Was here and is withdrawn: 410, with a page that names nothing. */
MUST enum err web_gone(struct web *w);

/* A stream that has all it needs gives its reader back once the handler has returned: w->pub is NULL then. What a
 * slow client takes an hour for must not keep the database from letting go of what was withdrawn meanwhile. */
void web_let_go(struct web *w);

/* Runs the panels of SLOT of the page under way, in their order. */
MUST enum err web_panels(struct web *w, const char *slot, const void *subject, buf *o);

/* --- What main sets up --------------------------------------------------------------------------- */

/*
 * How a thread comes by its reader: a connection of its own, kept from request to request, and a
 * snapshot for the time of one.
 */
struct web_readers {
	void *ctx;
	enum err (*open)(void *ctx, struct public **ret); /* for the calling thread */
	void (*close)(void *ctx, struct public *pub);
	/* One request sees one state; ROWS: the page asks the database, not the snapshot alone. */
	enum err (*begin)(void *ctx, struct public *pub, bool rows);
	void (*end)(void *ctx, struct public *pub);
	uint64_t (*generation)(
		void *ctx); /* has moved: close and open anew (public.db was replaced) */
	uint64_t (*version)(void *ctx, struct public *pub); /* between begin and end */
	int64_t (*queries)(void *ctx, struct public *pub);  /* since it was opened */
};

struct web_config {
	const struct route_table *routes;
	size_t routes_n;
	const struct panel_table *panels;
	size_t panels_n;
	struct web_readers readers;
	/* Writes the page for an error (400, 404, 405, 410, 500, 503) into w->out: it helps the reader on,
	 * without the database. NULL: a line of plain text. */
	void (*error_page)(struct web *w, int status);
	/* Names this build of the program and this store: another one must not say 304 to old pages. */
	str build;
	bool https; /* readers come by https: says so to their browsers */
	str site; /* what addresses begin with that leave the site: "https://upr.example.org"; may be empty */
};

/* Writes a line for each mistake in the tables; true when there is none. */
MUST bool web_check(const struct web_config *config, buf *o);

/* E_INVALID when web_check finds a mistake, which it logs. Copies nothing: what CONFIG points to
 * outlives the app. */
MUST enum err web_app_new(const struct web_config *config, struct web_app **ret);
void web_app_free(struct web_app *app); /* after the server's stop; NULL is fine */

/* Answers one request; for struct http_config. */
void web_handle(void *app, const struct http_req *req, struct http_res *res);

/* The same, and how it went, for tests; lives in the request's arena. */
const struct web *web_dispatch(struct web_app *app, const struct http_req *req,
			       struct http_res *res);

/* All routes, the built-in ones too, in the order of the tables. */
size_t web_route_count(const struct web_app *app);
const struct route *web_route_at(const struct web_app *app, size_t i);

/* The most queries that a page may ask, its panels included. */
int web_budget(const struct web_app *app, const struct route *route);

struct web_stats {
	uint64_t requests, errors, slow; /* errors: 500 and 503; slow: a handler over 50 ms */
};
struct web_stats web_stats(const struct web_app *app);

/* The status that answers an error of a handler. */
int web_status(enum err e);

#endif
