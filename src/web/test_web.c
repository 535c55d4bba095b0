/* The router with pages like those of a slice, and a store that only counts. */
#include <time.h>

#include "tests/web.h"

/* --- A store -------------------------------------------------------------------------------------- */

struct public
{
	int64_t queries;
	bool begun;
};

static struct store {
	int open, opened, begun;
	uint64_t generation, version;
	bool refuses;
} store = { .version = 7 };

static enum err store_open(void *ctx, struct public **ret)
{
	(void)ctx;
	if (store.refuses)
		return E_BUSY;
	*ret = mem_alloc(sizeof **ret);
	store.open++;
	store.opened++;
	return OK;
}

static void store_close(void *ctx, struct public *pub)
{
	(void)ctx;
	store.open--;
	mem_free(pub);
}

static enum err store_begin(void *ctx, struct public *pub, bool rows)
{
	(void)ctx, (void)rows;
	pub->begun = true;
	store.begun++;
	return OK;
}

static void store_end(void *ctx, struct public *pub)
{
	(void)ctx;
	pub->begun = false;
	store.begun--;
}

static uint64_t store_generation(void *ctx)
{
	(void)ctx;
	return store.generation;
}

static uint64_t store_version(void *ctx, struct public *pub)
{
	(void)ctx, (void)pub;
	return store.version;
}

static int64_t store_queries(void *ctx, struct public *pub)
{
	(void)ctx;
	return pub->queries;
}

/* --- Pages ---------------------------------------------------------------------------------------- */

static const str states[] = { S_INIT("DEU"), S_INIT("FIN"), S_INIT("FRA"), S_INIT("POL"),
			      S_INIT("URY") };
static const str sorts[] = { S_INIT("rank"), S_INIT("date"), S_INIT("state") };
static const struct code_set state_codes = CODES(states), sort_codes = CODES(sorts);

struct list_query {
	str q, sort;
	struct code_list sur, rs;
	int64_t page;
};

enum { LIST_Q, LIST_SUR, LIST_RS, LIST_SORT, LIST_PAGE };

static const struct param list_rows[] = {
	[LIST_Q] = P_TEXT(struct list_query, q, "q", 20),
	[LIST_SUR] = P_LIST(struct list_query, sur, "sur", &state_codes),
	[LIST_RS] = P_LIST(struct list_query, rs, "rs", &state_codes),
	[LIST_SORT] = P_CODE(struct list_query, sort, "sort", &sort_codes, "rank"),
	[LIST_PAGE] = P_PAGE(struct list_query, page, "page", 1000),
};
static const struct params list_params = PARAMS(struct list_query, list_rows);

static void put_list_query(buf *o, const struct list_query *q)
{
	buf_printf(o, "q=[%.*s] sort=[%.*s] page=%d sur=", STR_A(q->q), STR_A(q->sort),
		   (int)q->page);
	for (size_t i = 0; i < q->sur.n; i++)
		buf_printf(o, "%.*s;", STR_A(q->sur.p[i]));
}

static enum err list_page(struct web *w)
{
	w->pub->queries += 2;
	put_list_query(w->out, w->args);
	buf_printf(w->out, " lang=%.*s complaints=%zu", STR_A(lang_code(w->lang)), w->complaints.n);
	return web_panels(w, "below", w->args, w->out);
}

static enum err list_json(struct web *w)
{
	buf_put(w->out, S("{}"));
	return OK;
}

struct rows {
	struct public *pub;
	int n, fail_at;
	bool let_go;
};

static enum err rows_pull(void *state, buf *o, bool *ret_more)
{
	struct rows *rows = state;

	if (rows->n == rows->fail_at)
		return E_IO;
	if (rows->let_go ? store.begun > 0 : !rows->pub->begun)
		return E_DB;
	buf_printf(o, "row %d\r\n", rows->n);
	*ret_more = ++rows->n < 3;
	return OK;
}

static int rows_done_n;

static void rows_done(void *state)
{
	(void)state;
	rows_done_n++;
}

static enum err list_csv(struct web *w)
{
	const struct list_query *q = w->args;
	struct rows *rows = NEW(w->arena, struct rows);

	*rows = (struct rows){ w->pub, 0, str_eq(q->q, S("fail")) ? 1 : -1,
			       str_eq(q->q, S("alone")) };
	if (rows->let_go)
		web_let_go(w);
	w->res->kind = HTTP_BODY_STREAM;
	w->res->stream = (struct http_stream){ rows_pull, rows_done, rows };
	return str_eq(q->q, S("none")) ? E_NOTFOUND : OK;
}

struct state_query {
	str iso3;
};
static const struct param state_rows[] = { PATH_CODE(struct state_query, iso3, "iso3",
						     &state_codes) };
static const struct params state_params = PARAMS(struct state_query, state_rows);

static enum err state_page(struct web *w)
{
	const struct state_query *q = w->args;

	w->pub->queries += 5;
	buf_put(w->out, q->iso3);
	return OK;
}

struct rec_query {
	str symbol, paragraph;
};
static const struct param rec_rows[] = {
	PATH_TEXT(struct rec_query, symbol, "symbol", 40),
	PATH_TEXT(struct rec_query, paragraph, "paragraph", 20),
};
static const struct params rec_params = PARAMS(struct rec_query, rec_rows);

static enum err rec_page(struct web *w)
{
	const struct rec_query *q = w->args;

	buf_printf(w->out, "%.*s at %.*s", STR_A(q->symbol), STR_A(q->paragraph));
	return OK;
}

struct session_query {
	int64_t n;
};
static const struct param session_rows[] = { PATH_INT(struct session_query, n, "n", 1, 99) };
static const struct params session_params = PARAMS(struct session_query, session_rows);

static enum err session_page(struct web *w)
{
	const struct session_query *q = w->args;

	buf_i64(w->out, q->n);
	return OK;
}

static enum err front_page(struct web *w)
{
	buf_put(w->out, S("home"));
	return OK;
}

struct fail_query {
	int64_t e;
};
static const struct param fail_rows[] = { P_INT(struct fail_query, e, "e", 0, 99, 0) };
static const struct params fail_params = PARAMS(struct fail_query, fail_rows);

static enum err fail_page(struct web *w)
{
	const struct fail_query *q = w->args;

	buf_put(w->out, S("half a page"));
	http_res_header(w->res, "X-Secret", S("of the half page"));
	return q->e == 99 ? web_gone(w) : (enum err)q->e;
}

static enum err fat_page(struct web *w)
{
	while (w->out->err == OK)
		buf_put(w->out,
			S("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"));
	return OK;
}

static enum err health(struct web *w)
{
	buf_put(w->out, w->pub ? S("store\n") : S("ok\n"));
	return OK;
}

static const struct route rows_a[] = {
	{ HTTP_GET, "/{lang}/recommendations", list_page, WEB_PUBLIC, WEB_HTML | WEB_CACHE,
	  &list_params, "/en/recommendations?q=torture&sur=FRA", 2 },
	{ HTTP_GET, "/{lang}/recommendations.csv", list_csv, WEB_PUBLIC,
	  WEB_CSV | WEB_STREAM | WEB_API, &list_params, "/en/recommendations.csv", 0 },
	{ HTTP_GET, "/api/v1/recommendations", list_json, WEB_PUBLIC,
	  WEB_JSON | WEB_CACHE | WEB_API, &list_params, "/api/v1/recommendations", 0 },
	{ HTTP_GET, "/{lang}/states/{iso3}", state_page, WEB_PUBLIC, WEB_HTML | WEB_CACHE,
	  &state_params, "/en/states/FRA", 5 },
};
static const struct route rows_b[] = {
	{ HTTP_GET, "/rec/{symbol+}/{paragraph}", rec_page, WEB_PUBLIC, WEB_HTML, &rec_params,
	  "/rec/A/HRC/38/4/133.25", 0 },
	{ HTTP_GET, "/{lang}/sessions/{n}", session_page, WEB_PUBLIC, WEB_HTML | WEB_NOINDEX,
	  &session_params, "/fr/sessions/15", 0 },
	{ HTTP_GET, "/fail", fail_page, WEB_PUBLIC, WEB_HTML, &fail_params, "/fail", 0 },
	{ HTTP_GET, "/fat", fat_page, WEB_PUBLIC, WEB_HTML, &params_none, "/fat", 0 },
	{ HTTP_GET, "/{lang}", front_page, WEB_PUBLIC, WEB_HTML, &params_none, "/en", 0 },
	{ HTTP_GET, "/healthz", health, WEB_PUBLIC, WEB_TEXT | WEB_STORELESS, &params_none,
	  "/healthz", 0 },
};

static enum err panel_one(struct web *w, const void *subject, buf *o)
{
	const struct list_query *q = subject;

	(void)w;
	buf_printf(o, " one:%zu", q->sur.n);
	return OK;
}

static enum err panel_two(struct web *w, const void *subject, buf *o)
{
	(void)subject;
	w->pub->queries++;
	buf_put(o, S(" two"));
	return OK;
}

static const struct panel panels[] = {
	{ "/{lang}/recommendations", "below", 20, panel_two, 1 },
	{ "/{lang}/recommendations", "below", 10, panel_one, 0 },
	{ "/{lang}/recommendations", "aside", 10, panel_two, 0 },
	{ "/{lang}/states/{iso3}", "below", 10, panel_two, 0 },
};

static void error_page(struct web *w, int status)
{
	if (status == 409)
		return; /* nothing: the router's own line has to do */
	buf_printf(w->out, "<h1>%d in %.*s</h1>", status, STR_A(lang_code(w->lang)));
}

static const struct route_table tables[] = {
	{ rows_a, COUNT_OF(rows_a) },
	{ rows_b, COUNT_OF(rows_b) },
};
static const struct panel_table panel_tables[] = { { panels, COUNT_OF(panels) } };

static struct web_config config_make(void)
{
	return (struct web_config){
		.routes = tables,
		.routes_n = 2,
		.panels = panel_tables,
		.panels_n = 1,
		.readers = { NULL, store_open, store_close, store_begin, store_end,
			     store_generation, store_version, store_queries },
		.error_page = error_page,
		.build = S("test"),
	};
}

/* --- Tests ---------------------------------------------------------------------------------------- */

static void body_is(struct web_app *app, arena *a, const char *target, int status, const char *body)
{
	struct web_answer page = web_get(app, a, target);

	tap_ok(page.status == status, __FILE__, __LINE__, "%s: %d", target, page.status);
	tap_eq_str(page.body, str_of(body), target, __FILE__, __LINE__);
}

static void moves(struct web_app *app, arena *a, const char *target, const char *to)
{
	struct web_answer page = web_get(app, a, target);

	ok(page.status == 301 && str_eq(page.location, str_of(to)), "%s -> %.*s (%d)", target,
	   STR_A(page.location), page.status);
}

static void status_is(struct web_app *app, arena *a, const char *target, int status)
{
	struct web_answer page = web_get(app, a, target);

	eq_int(page.status, status, target);
}

static void test_matching(struct web_app *app, arena *a)
{
	body_is(app, a, "/en/states/FRA", 200, "FRA");
	body_is(app, a, "/rec/A/HRC/38/4/133.25", 200, "A/HRC/38/4 at 133.25");
	body_is(app, a, "/rec/A/1", 200, "A at 1");
	body_is(app, a, "/fr/sessions/15", 200, "15");
	moves(app, a, "/en/states/fra", "/en/states/FRA");
	moves(app, a, "/en/states/FRA/", "/en/states/FRA");
	moves(app, a, "/EN/States/fra/", "/en/states/FRA");
	moves(app, a, "/en/sessions/015", "/en/sessions/15");
	moves(app, a, "/en/recommendations/?x=1&page=2&q=a%20b",
	      "/en/recommendations?q=a+b&page=2");
	body_is(app, a, "/en/st%61tes/FR%41", 200, "FRA");
	status_is(app, a, "/de/states/FRA", 404);
	status_is(app, a, "/en/states/XYZ", 404);
	status_is(app, a, "/en/states", 404);
	status_is(app, a, "/en/states//FRA", 404);
	status_is(app, a, "/en/states/FRA//", 404);
	status_is(app, a, "//en/states/FRA", 404);
	status_is(app, a, "/en/states/FRA%2FDEU", 404);
	status_is(app, a, "/en/states/..", 404);
	status_is(app, a, "/en/../en/states/FRA", 404);
	status_is(app, a, "/en/sessions/0", 404);
	status_is(app, a, "/en/sessions/1e3", 404);
	status_is(app, a, "/en/sessions/99999999999999999999", 404);
	status_is(app, a, "/rec/A", 404);
	status_is(app, a, "/rec/A//1", 404);
	status_is(app, a, "/rec/A%20", 404);
	status_is(app, a, "/rec/0123456789012345678901234567890123456789A/1", 404);
	status_is(app, a, "//", 404);
}

static void test_methods(struct web_app *app, arena *a)
{
	struct web_answer page = web_request(app, a, "POST", "/en/states/FRA", "");

	eq_int(page.status, 405, "POST to a page to read");
	eq_str(web_header(&page, S("Allow")), S("GET, HEAD"), "what it allows");
	ok(web_headers_right(&page, HEADERS_HTML), "with the headers of a page");
	eq_int(web_request(app, a, "DELETE", "/en/nothing", "").status, 404, "of nothing: 404");
	page = web_request(app, a, "HEAD", "/en/states/FRA", "");
	eq_int(page.status, 200, "HEAD is answered as GET");
	page = web_get(app, a, "/");
	ok(page.status == 303 && str_eq(page.location, S("/en")), "the way in");
	eq_str(web_header(&page, S("Vary")), S("Accept-Language"),
	       "depends on the browser's language");
	page = web_request(app, a, "GET", "/", "Accept-Language: fr-CH\r\n");
	eq_str(page.location, S("/fr"), "into French");
}

static void test_params(struct web_app *app, arena *a)
{
	body_is(app, a, "/en/recommendations", 200,
		"q=[] sort=[rank] page=1 sur= lang=en complaints=0 one:0 two");
	body_is(app, a, "/fr/recommendations?sur=URY,FRA&sur=fra&rs=&q=+a%0Ab+&sort=DATE&page=3",
		200, "q=[a b] sort=[date] page=3 sur=FRA;URY; lang=fr complaints=0 one:2 two");
	body_is(app, a, "/en/recommendations?utm_source=mail&fbclid=1", 200,
		"q=[] sort=[rank] page=1 sur= lang=en complaints=0 one:0 two");
	body_is(app, a, "/en/recommendations?page=0", 200,
		"q=[] sort=[rank] page=1 sur= lang=en complaints=1 one:0 two");
	body_is(app, a, "/en/recommendations?page=x&page=2", 200,
		"q=[] sort=[rank] page=1 sur= lang=en complaints=2 one:0 two");
	body_is(app, a, "/en/recommendations?sur=FRA,FRN,,", 400,
		"q=[] sort=[rank] page=1 sur=FRA; lang=en complaints=1 one:1 two");
	body_is(app, a, "/en/recommendations?q=%C3%A9t%C3%A9+012345678901234567890", 200,
		"q=[\xC3\xA9t\xC3\xA9 0123456789012345] sort=[rank] page=1 sur= lang=en "
		"complaints=1 one:0 two");
}

static void test_api(struct web_app *app, arena *a)
{
	struct web_answer page = web_get(app, a, "/api/v1/recommendations?sur=FRX&colour=red");

	eq_int(page.status, 400, "the API says what it does not understand");
	eq_str(web_header(&page, S("Content-Type")), S("application/problem+json"), "as a problem");
	eq_str(page.body,
	       S("{\"title\":\"The request is not valid\",\"status\":400,\"detail\":\"sur: unknown "
		 "value\","
		 "\"errors\":[{\"parameter\":\"sur\",\"value\":\"FRX\",\"reason\":\"unknown "
		 "value\","
		 "\"nearest\":[\"FRA\"]},"
		 "{\"parameter\":\"colour\",\"value\":\"red\",\"reason\":\"there is no such "
		 "parameter\"}]}"),
	       "each of them");
	ok(web_headers_right(&page, HEADERS_JSON), "with the headers of JSON");
	status_is(app, a, "/api/v1/recommendations?page=0", 400);
	status_is(app, a, "/api/v1/recommendations?page=1&page=2", 400);
	status_is(app, a, "/api/v1/recommendations?sort=up", 400);
	status_is(app, a, "/api/v1/recommendations?q=&sur=", 200);
	page = web_get(app, a, "/api/v2/x");
	ok(page.status == 404 &&
		   str_eq(web_header(&page, S("Content-Type")), S("application/problem+json")),
	   "an address of the API that is not there");
	eq_str(page.body, S("{\"title\":\"Not found\",\"status\":404}"), "its problem");
	page = web_get(app, a, "/api/v1/recommendations");
	eq_str(web_header(&page, S("Access-Control-Allow-Origin")), S("*"), "open to other sites");
}

static void test_stream(struct web_app *app, arena *a)
{
	int done = rows_done_n, opened = store.opened;
	struct web_answer page = web_get(app, a, "/en/recommendations.csv");

	eq_str(page.body, S("row 0\r\nrow 1\r\nrow 2\r\n"), "a stream");
	ok(web_headers_right(&page, HEADERS_CSV), "with the headers of CSV");
	eq_int(store.opened - opened, 1, "it has a reader of its own");
	eq_int(rows_done_n - done, 1, "and is cleaned up");
	page = web_get(app, a, "/en/recommendations.csv?q=fail");
	ok(!page.whole && rows_done_n - done == 2, "one that fails on its way is, too");
	page = web_get(app, a, "/en/recommendations.csv?q=none");
	ok(page.status == 404 && page.whole && rows_done_n - done == 3,
	   "one that never begins is, too");
	opened = store.open;
	page = web_get(app, a, "/en/recommendations.csv?q=alone");
	ok(page.whole && page.body.n == 21 && rows_done_n - done == 4 && store.open == opened,
	   "one that needs no reader has given it back before its first piece");
	eq_int(store.begun, 0, "no reader is left open");
}

static void test_errors(struct web_app *app, arena *a)
{
	static const int want[] = {
		[OK] = 200,         [E_NOTFOUND] = 404, [E_DENIED] = 404, [E_INVALID] = 400,
		[E_CONFLICT] = 409, [E_BUSY] = 503,     [E_TOOBIG] = 500, [E_FULL] = 500,
		[E_NOMEM] = 503,    [E_IO] = 500,       [E_DB] = 500,     [E_CANCEL] = 503
	};
	struct web_answer page;
	char target[32];
	bool good = true, clean = true;

	for (int e = E_NOTFOUND; e < E_COUNT_; e++) {
		snprintf(target, sizeof target, "/fail?e=%d", e);
		page = web_get(app, a, target);
		good = good && page.status == want[e];
		clean = clean && str_find(page.body, S("half")) == STR_NONE &&
			!web_header(&page, S("X-Secret")).p &&
			web_headers_right(&page, e == E_CONFLICT ? HEADERS_TEXT : HEADERS_HTML);
	}
	ok(good, "each error has its status");
	ok(clean, "and nothing is left of the page that failed");
	body_is(app, a, "/fail?e=99", 410, "<h1>410 in en</h1>");
	body_is(app, a, "/fail?e=4", 409, "In conflict with what is stored\n");
	body_is(app, a, "/fr/nothing", 404, "<h1>404 in fr</h1>");
	page = web_request(app, a, "GET", "/nothing", "Accept-Language: es\r\n");
	eq_str(page.body, S("<h1>404 in es</h1>"), "in the reader's language");
	eq_str(web_header(&page, S("Vary")), S("Accept-Language"), "and says so");
	eq_str(web_header(&page, S("Cache-Control")), S("no-store"), "errors are not kept");
	status_is(app, a, "/fat", 500);
	store.refuses = true;
	store.generation++;
	page = web_get(app, a, "/en/states/FRA");
	ok(page.status == 503 && str_eq(web_header(&page, S("Retry-After")), S("60")),
	   "no store: 503");
	body_is(app, a, "/healthz", 200, "ok\n");
	store.refuses = false;
	status_is(app, a, "/en/states/FRA", 200);
}

static void test_readers(struct web_app *app, arena *a)
{
	int opened = store.opened;

	status_is(app, a, "/en/states/FRA", 200);
	status_is(app, a, "/en/states/DEU", 200);
	eq_int(store.opened - opened, 0, "a thread keeps its reader");
	store.generation++;
	status_is(app, a, "/en/states/FRA", 200);
	eq_int(store.opened - opened, 1, "until public.db is another");
	eq_int(store.open, 1, "and closes the old one");
	eq_int(store.begun, 0, "every request has ended its own");
}

static void test_etag(struct web_app *app, arena *a)
{
	struct web_answer page = web_get(app, a, "/en/states/FRA"), other;
	buf header = buf_new(a, 256);

	ok(page.etag.n > 8, "a cached page has a tag");
	other = web_get(app, a, "/en/states/DEU");
	ok(!str_eq(page.etag, other.etag), "another page another");
	other = web_get(app, a, "/en/states/FRA?utm=1");
	ok(str_eq(page.etag, other.etag), "a foreign parameter does not matter");
	buf_printf(&header, "If-None-Match: \"%.*s-gz\"\r\n", STR_A(page.etag));
	buf_byte(&header, '\0');
	other = web_request(app, a, "GET", "/en/states/FRA", header.p);
	ok(other.status == 304 && other.body.n == 0 && other.queries == 0, "304 without any work");
	store.version++;
	other = web_request(app, a, "GET", "/en/states/FRA", header.p);
	eq_int(other.status, 200, "until the public version moves");
	ok(!str_eq(page.etag, other.etag), "with a new tag");
	ok(web_get(app, a, "/en/recommendations?sur=FRX").etag.n == 0,
	   "a page with mistakes has none");
	ok(web_get(app, a, "/en/sessions/15").etag.n == 0, "nor has one that is not to be cached");
	other = web_get(app, a, "/en/sessions/15");
	eq_str(web_header(&other, S("X-Robots-Tag")), S("noindex"), "not for search engines");
}

/* --- Links ---------------------------------------------------------------------------------------- */

static struct web *link_context(struct web_app *app, arena *a, const char *target)
{
	struct http_req *req = NEW(a, struct http_req);
	struct http_res *res = NEW(a, struct http_res);
	const struct web *w;

	req->arena = a;
	req->method = HTTP_GET;
	if (url_parse(a, str_of(target), &req->url) != OK)
		abort();
	http_res_init(res, a);
	w = web_dispatch(app, req, res);
	return (struct web *)(uintptr_t)w;
}

#define link_is(got, want) eq_str((got).s, S(want), want)

static void test_links(struct web_app *app)
{
	arena *a = arena_new();
	struct web *w = link_context(
		app, a, "/en/recommendations?page=3&rs=URY&x=1&sur=POL,FRA&q=a+%26b&sort=rank");

	link_is(link_self(w), "/en/recommendations?q=a+%26b&sur=FRA,POL&rs=URY&page=3");
	link_is(link_with(w, LIST_SUR, S("DEU")),
		"/en/recommendations?q=a+%26b&sur=DEU,FRA,POL&rs=URY");
	link_is(link_with(w, LIST_SUR, S("URY")),
		"/en/recommendations?q=a+%26b&sur=FRA,POL,URY&rs=URY");
	link_is(link_with(w, LIST_SUR, S("GBR")),
		"/en/recommendations?q=a+%26b&sur=FRA,GBR,POL&rs=URY");
	link_is(link_with(w, LIST_SUR, S("FRA")),
		"/en/recommendations?q=a+%26b&sur=FRA,POL&rs=URY");
	link_is(link_without(w, LIST_SUR, S("FRA")), "/en/recommendations?q=a+%26b&sur=POL&rs=URY");
	link_is(link_without(w, LIST_RS, S("URY")), "/en/recommendations?q=a+%26b&sur=FRA,POL");
	link_is(link_code(w, LIST_RS, S("FIN")), "/en/recommendations?q=a+%26b&sur=FRA,POL&rs=FIN");
	link_is(link_code(w, LIST_SORT, S("date")),
		"/en/recommendations?q=a+%26b&sur=FRA,POL&rs=URY&sort=date");
	link_is(link_code(w, LIST_SORT, S("rank")),
		"/en/recommendations?q=a+%26b&sur=FRA,POL&rs=URY");
	link_is(link_text(w, LIST_Q, S("\xC3\xA9t\xC3\xA9")),
		"/en/recommendations?q=%C3%A9t%C3%A9&sur=FRA,POL&rs=URY");
	link_is(link_clear(w, LIST_Q), "/en/recommendations?sur=FRA,POL&rs=URY");
	link_is(link_number(w, LIST_PAGE, 4),
		"/en/recommendations?q=a+%26b&sur=FRA,POL&rs=URY&page=4");
	link_is(link_number(w, LIST_PAGE, 1), "/en/recommendations?q=a+%26b&sur=FRA,POL&rs=URY");
	link_is(link_lang(w, LANG_ES), "/es/recommendations?q=a+%26b&sur=FRA,POL&rs=URY&page=3");
	link_is(link_elsewhere(w, S("/api/v1/recommendations")),
		"/api/v1/recommendations?q=a+%26b&sur=FRA,POL&rs=URY");
	w = link_context(app, a, "/en/recommendations");
	link_is(link_self(w), "/en/recommendations");
	link_is(link_with(w, LIST_SUR, S("FRA")), "/en/recommendations?sur=FRA");
	link_is(link_without(w, LIST_SUR, S("FRA")), "/en/recommendations");
	w = link_context(app, a, "/rec/A/HRC/38/4/133.25%20%28a%29");
	link_is(link_self(w), "/rec/A/HRC/38/4/133.25%20%28a%29");
	w = link_context(app, a, "/fr/states/FRA");
	link_is(link_lang(w, LANG_EN), "/en/states/FRA");
	arena_free(a);
}

/* A results page has some 150 links; what they cost is said, and kept from getting out of hand. */
static void test_link_speed(struct web_app *app)
{
	enum { PAGES = 200, LINKS = 150 };
	arena *a = arena_new();
	struct web *w = link_context(
		app, a,
		"/en/"
		"recommendations?page=3&rs=DEU,URY&sur=POL,FRA&q=corporal+punishment&sort=date");
	struct timespec t0, t1;
	size_t bytes = 0;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t0);
	w->arena = arena_new();
	for (int i = 0; i < PAGES * LINKS; i++) {
		if (i % LINKS == 0)
			arena_reset(w->arena);
		bytes += link_with(w, i % 2 ? LIST_SUR : LIST_RS, states[i % 5]).s.n;
	}
	arena_free(w->arena);
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t1);
	double us = ((double)(t1.tv_sec - t0.tv_sec) * 1e9 + (double)(t1.tv_nsec - t0.tv_nsec)) /
		    1e3 / PAGES;
	ok(bytes > 0 && us < 2000, "150 links of a page take %.0f us", us);
	arena_free(a);
}

/* --- What must hold for any address --------------------------------------------------------------- */

static void put_random(buf *o, unsigned *seed)
{
	static const char *const parts[] = {
		"/en",
		"/fr",
		"/EN",
		"/xx",
		"/recommendations",
		"/Recommendations",
		"/states",
		"/FRA",
		"/fra",
		"/rec",
		"/A",
		"/HRC",
		"/1.2",
		"/sessions",
		"/7",
		"/007",
		"/api",
		"/v1",
		"/",
		"/..",
		"/%2e%2e",
		"/%2F",
		"?",
		"&",
		"=",
		"q=",
		"sur=",
		"rs=",
		"page=",
		"sort=",
		"FRA",
		"fra,DEU",
		"%20",
		"+",
		"%C3%A9",
		"%0D%0ASet-Cookie:x",
		"date",
		"rank",
		"2",
		"99999",
		"-1",
		",",
		"%3Cscript%3E",
		"&x=y",
		"%26",
	};

	static const char *const starts[] = {
		"/",
		"/",
		"/en/recommendations?",
		"/FR/recommendations/?sur=",
		"/api/v1/recommendations?",
		"/en/states/",
	};

	*seed = *seed * 1103515245 + 12345;
	buf_put(o, str_of(starts[(*seed >> 16) % COUNT_OF(starts)]));
	for (int i = 0; i < 8; i++) {
		*seed = *seed * 1103515245 + 12345;
		buf_put(o, str_of(parts[(*seed >> 16) % COUNT_OF(parts)]));
	}
	buf_byte(o, '\0');
}

static void test_any_address(struct web_app *app)
{
	unsigned seed = 1;
	int bad = 0, unstable = 0, found = 0;

	for (int i = 0; i < 20000; i++) {
		arena *a = arena_new();
		buf target = buf_new(a, 4096), again = buf_new(a, 4096);
		struct web *w;
		struct web_answer page;

		put_random(&target, &seed);
		page = web_get(app, a, target.p);
		bad += page.status >= 500 || str_find(page.location, S("//")) == 0;
		if (page.status == 200 && page.route) {
			found++;
			w = link_context(app, a, target.p);
			buf_put(&again, link_self(w).s);
			buf_byte(&again, '\0');
			w = link_context(app, a, again.p);
			unstable += !str_eq(link_self(w).s, str_to(buf_str(&again), again.n - 1)) ||
				    w->route != page.route || w->complaints.n > 0;
		}
		arena_free(a);
	}
	eq_int(bad, 0, "no address gives 500, or leads to another site");
	eq_int(unstable, 0, "the canonical address is its own canonical address");
	ok(found > 500, "of 20,000 addresses %d are pages", found);
}

/* --- The self check ------------------------------------------------------------------------------- */

static void mistake(struct route row, const char *want)
{
	struct route rows[] = { { HTTP_GET, "/{lang}/a", health, WEB_PUBLIC, WEB_HTML, &params_none,
				  "/en/a", 0 },
				row };
	struct route_table table = { rows, 2 };
	struct web_config config = config_make();
	arena *a = arena_new();
	buf o = buf_new(a, 1 << 16);

	config.routes = &table;
	config.routes_n = 1;
	config.panels_n = 0;
	ok(!web_check(&config, &o) && str_find(buf_str(&o), str_of(want)) != STR_NONE,
	   "the check finds: %s", want);
	if (str_find(buf_str(&o), str_of(want)) == STR_NONE)
		printf("#   got: %.*s\n", STR_A(buf_str(&o)));
	arena_free(a);
}

static void test_check_routes(void)
{
	struct route good = { HTTP_GET, "/b", health, WEB_PUBLIC, WEB_HTML, &params_none, "/b", 0 },
		     r;

#define MISTAKE(change, want) (r = good, change, mistake(r, want))
	MISTAKE(r.path = "/{lang}/a", "shadowed by /{lang}/a");
	MISTAKE(r.path = "/en/a", "shadowed by /{lang}/a");
	MISTAKE(r.path = "/", "shadowed by /");
	MISTAKE(r.path = "/{lang}/{x}", "shadowed by /{lang}/a");
	MISTAKE(r.path = "/{lang}/{x+}", "shadowed by /{lang}/a");
	MISTAKE(r.path = "/{x+}/a", "shadowed by /{lang}/a");
	MISTAKE(r.path = "b", "not a path");
	MISTAKE(r.path = NULL, "not a path");
	MISTAKE(r.path = "/b/", "not a path");
	MISTAKE(r.path = "/B", "not a path");
	MISTAKE(r.path = "/b/..", "not a path");
	MISTAKE(r.path = "/b/{lang}", "not a path");
	MISTAKE(r.path = "/b/{}", "not a path");
	MISTAKE(r.path = "/{x+}/{y+}", "not a path");
	MISTAKE(r.path = "/b/{x}", "no row of the path for {x}");
	MISTAKE(r.method = HTTP_POST, "only GET");
	MISTAKE(r.handle = NULL, "no handler");
	MISTAKE(r.who = 0, "nobody may see it");
	MISTAKE(r.flags = 0, "exactly one of");
	MISTAKE(r.flags = WEB_HTML | WEB_JSON, "exactly one of");
	MISTAKE(r.flags = WEB_HTML | WEB_CACHE, "no {lang}");
	MISTAKE(r.flags = WEB_CSV | WEB_STREAM | WEB_CACHE, "a stream cannot be cached");
	MISTAKE(r.flags = WEB_TEXT | WEB_STORELESS | WEB_CACHE, "cached by a version");
	MISTAKE(r.params = NULL, "no params");
	MISTAKE(r.params = &state_params, "{iso3} is not in the path");
	MISTAKE(r.sample = NULL, "no sample");
	MISTAKE(r.sample = "/c", "the sample is not of this page");
	MISTAKE(r.sample = "/b/", "the sample is not in canonical form");
	MISTAKE(r.sample = "b", "the sample is not an address");
	MISTAKE(r.queries = -1, "a budget of -1");
}

static void test_check_params(void)
{
	static const struct param twice[] = { P_TEXT(struct list_query, q, "q", 9),
					      P_TEXT(struct list_query, sort, "q", 9) };
	static const struct param early[] = { P_PAGE(struct list_query, page, "page", 9),
					      P_TEXT(struct list_query, q, "q", 9) };
	static const struct param no_codes[] = { P_LIST(struct list_query, sur, "sur", NULL) };
	static const struct param nothing[] = { P_INT(struct list_query, page, "page", 9, 1, 1) };
	static const struct param hole[2] = { [1] = P_TEXT(struct list_query, q, "q", 9) };
	static const struct params bad[] = {
		PARAMS(struct list_query, twice),    PARAMS(struct list_query, early),
		PARAMS(struct list_query, no_codes), PARAMS(struct list_query, nothing),
		PARAMS(struct list_query, hole),
	};
	static const char *const want[] = { "two parameters q",
					    "page, the page number, is not the last",
					    "sur has no codes", "page allows nothing",
					    "parameter 0 has no name" };

	for (size_t i = 0; i < COUNT_OF(bad); i++)
		mistake((struct route){ HTTP_GET, "/b", health, WEB_PUBLIC, WEB_HTML, &bad[i], "/b",
					0 },
			want[i]);
}

static void test_check_panels(void)
{
	static const struct panel bad[] = {
		{ "/{lang}/recommendations", "below", 10, panel_one, 0 },
		{ "/{lang}/nothing", "below", 10, panel_one, 0 },
		{ "/{lang}/recommendations", "below", 30, NULL, 0 },
	};
	struct panel_table both[] = { { panels, COUNT_OF(panels) }, { bad, COUNT_OF(bad) } };
	struct web_config config = config_make();
	struct web_app *app = NULL;
	arena *a = arena_new();
	buf o = buf_new(a, 1 << 16);

	config.panels = both;
	config.panels_n = 2;
	ok(!web_check(&config, &o), "panels are checked");
	eq_str(buf_str(&o),
	       S("/{lang}/recommendations: two panels in below at 10\n"
		 "/{lang}/nothing: a panel for a page that is not there\n"
		 "/{lang}/recommendations: a panel with an empty column\n"),
	       "each mistake has a line");
	config.readers.begin = NULL;
	eq_int(web_app_new(&config, &app), E_INVALID, "an app with mistakes does not start");
	arena_free(a);
}

int main(void)
{
	struct web_config config = config_make();
	struct web_app *app = NULL;
	arena *a = arena_new();

	is_ok(web_app_new(&config, &app), "the tables are right");
	test_matching(app, a);
	test_methods(app, a);
	test_params(app, a);
	test_api(app, a);
	test_stream(app, a);
	test_errors(app, a);
	test_readers(app, a);
	test_etag(app, a);
	test_links(app);
	test_link_speed(app);
	test_any_address(app);
	web_app_free(app);
	eq_int(store.open, 0, "all readers are closed at the end");
	config.routes_n = 1;
	is_ok(web_app_new(&config, &app), "an app of the pages that always answer");
	web_test_samples(app);
	web_app_free(app);
	test_check_routes();
	test_check_params();
	test_check_panels();
	arena_free(a);
	return tap_done();
}
