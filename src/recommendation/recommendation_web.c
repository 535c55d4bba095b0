/* Pages of the record: lists, one recommendation, and the same for programs. */
#include "recommendation/recommendation_record_view.h"
#include "recommendation_html.h"
#include "recommendation_public_sql.h"

/* --- Where the numbers come from. */

struct as_of rec_as_of_view(struct web *w, const struct rec_view *v, uint16_t kind)
{
	const struct rec_source *s = rec_newest_source(v, kind);
	struct as_of a = { 0 };
	struct date date;

	if (!s)
		return a;
	a.samples = s->sample;
	a.publisher = s->publisher;
	a.date = date_parse(s->dated, &date) == OK ? date_long_str(w->arena, w->lang, date)
						   : tr_get(w->lang, T_as_of_no_date);
	return a;
}

/* --- The list. */

static str list_title(struct web *w, const struct list_view *v)
{
	buf out = buf_new(w->arena, 8192);
	const struct tr_arg args[] = {
		TR_ARG_PLAIN("q", v->q),
		TR_ARG_PLAIN("n", (int64_t)v->items),
		TR_ARG_PLAIN("page", v->pages.page),
		TR_ARG_PLAIN("pages", v->pages.pages),
	};

	if (v->q.n)
		tr_plain(&out, w->lang, T_rec_title_query, args, COUNT_OF(args));
	else
		tr_plain(&out, w->lang, T_rec_title_all, args + 1, COUNT_OF(args) - 1);
	return buf_str(&out);
}

static enum err list_page(struct web *w)
{
	const struct rec_query *q = w->args;
	const struct rec_view v = rec_view_of(w->pub->snapshot);
	struct as_of as_of;
	struct list_view list;
	struct page page = { .nav = NAV_RECORD };
	struct url_builder clear = url_begin(w->arena, w->address.path);

	rec_list_make(w, &v, q, &list);
	as_of = rec_as_of_view(w, &v, list.kind);
	if (q->q.n)
		url_pair(&clear, S("q"), q->q);
	list.clear = url_end(&clear);
	page.title = list_title(w, &list);
	page.csv = link_elsewhere(w, S("/api/v1/recommendations.csv"));
	page.json = link_elsewhere(w, S("/api/v1/recommendations"));
	page.samples = list.kind >= REC_KIND_SAMPLE;
	page.noindex = list.chips.n > 1 || list.pages.page > 1;
	if (list.pages.page > 1)
		page.previous = link_number(w, REC_PARAM_PAGE, list.pages.page - 1);
	if (list.pages.page < list.pages.pages)
		page.next = link_number(w, REC_PARAM_PAGE, list.pages.page + 1);
	rec_list_page(w->out, w->lang, w, &page, q, &list, &as_of);
	return OK;
}

/* --- The same as JSON: one shape for the API and the command line. */

static enum err list_json(struct web *w)
{
	const struct rec_query *q = w->args;
	const struct rec_view v = rec_view_of(w->pub->snapshot);
	const struct rec_search s = rec_search_of(&v, w->arena, w->lang, q);

	return rec_json(&v, w->arena, &s, false, w->out);
}

/* --- The same as CSV: every row, streamed. */

enum { CSV_PIECE = 64 * 1024 };

struct export
{
	struct rec_view view;
	struct index_list list;
	size_t next;
	arena *scratch;
	str site;
	bool started;
};

static enum err export_pull(void *state, buf *o, bool *ret_more)
{
	struct export *e = state;

	if (!e->started)
		rec_csv_head(o);
	e->started = true;
	while (e->next < e->list.n && o->n < CSV_PIECE)
		rec_csv_unit(&e->view, e->scratch, e->list.units[e->next++], e->site, o);
	arena_reset(e->scratch);
	*ret_more = e->next < e->list.n;
	return o->err;
}

static void export_done(void *state)
{
	struct export *e = state;

	arena_free(e->scratch);
}

static enum err list_csv(struct web *w)
{
	const struct rec_query *q = w->args;
	struct export *e = NEW(w->arena, struct export);
	struct rec_search s;

	e->view = rec_view_of(w->pub->snapshot);
	e->scratch = arena_new();
	e->site = link_absolute(w, (url){ S("") }).s;
	s = rec_search_of(&e->view, w->arena, w->lang, q);
	e->list = rec_search_all(&e->view, w->arena, &s);
	http_res_header(w->res, "Content-Disposition",
			S("attachment; filename=\"recommendations.csv\""));
	w->res->kind = HTTP_BODY_STREAM;
	w->res->stream = (struct http_stream){ export_pull, export_done, e };
	return OK;
}

/* --- One recommendation. */

struct record_query {
	str code;
};
static const struct param record_rows[] = { PATH_TEXT(struct record_query, code, "code", 20) };
static const struct params record_params = PARAMS(struct record_query, record_rows);

/* /r/CODE: the permanent address, without a language. */
static enum err record_redirect(struct web *w)
{
	const struct record_query *q = w->args;
	struct record_by_code row;
	struct url_builder b = link_begin(w, "r");

	TRY(record_by_code(w->pub, w->arena, q->code, &row));
	url_segment(&b, row.code);
	http_res_header(w->res, "Vary", S("Accept-Language"));
	return web_redirect(w, 302, url_end(&b));
}

static enum err record_page(struct web *w)
{
	const struct record_query *q = w->args;
	const struct rec_view v = rec_view_of(w->pub->snapshot);
	struct as_of as_of;
	struct record_view record;
	struct page page = { .nav = NAV_RECORD };
	buf voices = buf_new(w->arena, HTTP_BODY_MAX);

	TRY(rec_record_make(w, &v, q->code, &record));
	TRY(web_panels(w, "voices", &record.code, &voices));
	TRY(voices.err);
	record.voices = (html){ voices.n ? buf_str(&voices) : S("") };
	as_of = rec_as_of_view(w, &v, record.pledge ? REC_KIND_PLEDGE : rec_usual_kind(&v));
	page.title = record.title;
	page.samples = record.sample;
	rec_record_page(w->out, w->lang, w, &page, &record, &as_of);
	return OK;
}

static const struct route rows[] = {
	{ HTTP_GET, "/{lang}/recommendations", list_page, WEB_PUBLIC, WEB_HTML | WEB_CACHE,
	  &rec_list_params, "/en/recommendations?q=children", 0 },
	{ HTTP_GET, "/api/v1/recommendations", list_json, WEB_PUBLIC,
	  WEB_JSON | WEB_API | WEB_CACHE, &rec_list_params,
	  "/api/v1/recommendations?q=children&sur=FRA", 0 },
	{ HTTP_GET, "/api/v1/recommendations.csv", list_csv, WEB_PUBLIC,
	  WEB_CSV | WEB_API | WEB_STREAM, &rec_list_params,
	  "/api/v1/recommendations.csv?session=15", 0 },
	{ HTTP_GET, "/r/{code}", record_redirect, WEB_PUBLIC, WEB_HTML, &record_params, "/r/SAMPLE",
	  1 },
	{ HTTP_GET, "/{lang}/r/{code}", record_page, WEB_PUBLIC, WEB_HTML | WEB_CACHE,
	  &record_params, "/en/r/SAMPLE", 4 },
};

const struct route_table recommendation_routes = { rows, COUNT_OF(rows) };
