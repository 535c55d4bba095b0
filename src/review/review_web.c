/* Pages of sessions: the list, and one session. What the record says of it is added by panels. */
#include "review/review_view.h"
#include "review_html.h"

static const struct calendar *calendar_now(const struct web *w)
{
	return calendar_of(w->pub->snapshot);
}

static str number_str(arena *a, int64_t n)
{
	buf b = buf_new(a, 24);

	buf_i64(&b, n);
	return buf_str(&b);
}

static str dates(struct web *w, str from, str to)
{
	buf out = buf_new(w->arena, 200);
	struct date first = { 0 }, last = { 0 };

	if (date_parse(from, &first) != OK)
		first = (struct date){ 0 };
	if (date_parse(to, &last) != OK)
		last = (struct date){ 0 };
	date_range(&out, w->lang, first, last);
	return out.n ? buf_str(&out) : tr_get(w->lang, T_session_no_date);
}

/* --- All sessions. */

static size_t count_reviews(const struct calendar *c, int64_t session)
{
	size_t n = 0;

	for (size_t i = 0; i < c->n_reviews; i++)
		n += c->reviews[i].session == session;
	return n;
}

static void fill_cycle(struct web *w, const struct calendar *c, const struct cycle *cycle,
		       struct cycle_entry *ret)
{
	*ret = (struct cycle_entry){ .number = number_str(w->arena, cycle->number),
				     .dates = dates(w, cycle->starts, cycle->ends),
				     .sessions = NEW_N(w->arena, struct session_entry,
						       c->n_sessions) };
	for (size_t i = c->n_sessions; i-- > 0;) {
		const struct session *s = &c->sessions[i];

		if (s->cycle == cycle->number)
			ret->sessions[ret->n++] = (struct session_entry){
				number_str(w->arena, s->number), dates(w, s->starts, s->ends),
				count_reviews(c, s->number)
			};
	}
}

static enum err sessions_page(struct web *w)
{
	const struct calendar *c = calendar_now(w);
	struct page page = { .nav = NAV_SESSIONS, .title = tr_get(w->lang, T_sessions_title) };
	struct sessions_view view = { NEW_N(w->arena, struct cycle_entry, c->n_cycles),
				      c->n_cycles };

	for (size_t i = 0; i < c->n_cycles; i++)
		fill_cycle(w, c, &c->cycles[c->n_cycles - 1 - i], &view.cycles[i]);
	sessions_page_html(w->out, w->lang, w, &page, &view);
	return OK;
}

/* --- One session. */

struct session_query {
	int64_t number;
};
static const struct param session_rows[] = { PATH_INT(struct session_query, number, "number", 1,
						      999) };
static const struct params session_params = PARAMS(struct session_query, session_rows);

static enum tr_key status_words(str status)
{
	static const struct {
		const char *code;
		enum tr_key key;
	} words[] = {
		{ "held", T_review_held },
		{ "scheduled", T_review_scheduled },
		{ "postponed", T_review_postponed },
		{ "not-held", T_review_not_held },
		{ "rescheduled", T_review_rescheduled },
	};

	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (str_eq(str_of(words[i].code), status))
			return words[i].key;
	return T_review_scheduled;
}

static int compare_reviews(const void *a, const void *b)
{
	return str_cmp(((const struct review_entry *)a)->key,
		       ((const struct review_entry *)b)->key);
}

static void fill_reviews(struct web *w, const struct calendar *c, int64_t session,
			 struct session_page_view *v)
{
	const struct states *states = states_of(w->pub->snapshot);
	VEC(struct review_entry) entries = { 0 };

	for (size_t i = 0; i < c->n_reviews; i++) {
		const struct review *r = &c->reviews[i];
		str name = state_name(states, w->lang, r->iso3);

		if (r->session == session)
			*vec_add(w->arena, &entries) =
				(struct review_entry){ r->iso3,
						       name,
						       i18n_sort_key(w->arena, w->lang, name),
						       status_words(r->status),
						       str_eq(r->status, S("held")),
						       r->note,
						       r->source };
	}
	if (entries.n)
		qsort(entries.p, entries.n, sizeof *entries.p, compare_reviews);
	v->reviews = entries.p;
	v->n = entries.n;
}

static enum err session_page(struct web *w)
{
	const struct session_query *q = w->args;
	const struct calendar *c = calendar_now(w);
	const struct session *s = session_find(c, q->number);
	struct page page = { .nav = NAV_SESSIONS };
	struct session_page_view view = { .number = number_str(w->arena, q->number) };
	buf title = buf_new(w->arena, 200), record = buf_new(w->arena, HTTP_BODY_MAX);
	const struct tr_arg number = TR_ARG_PLAIN("number", view.number);

	if (!s)
		return E_NOTFOUND;
	view.cycle = number_str(w->arena, s->cycle);
	view.dates = dates(w, s->starts, s->ends);
	view.source = s->source;
	if (session_find(c, q->number - 1))
		view.previous = number_str(w->arena, q->number - 1);
	if (session_find(c, q->number + 1))
		view.next = number_str(w->arena, q->number + 1);
	fill_reviews(w, c, q->number, &view);
	tr_plain(&title, w->lang, T_session_title, &number, 1);
	page.title = buf_str(&title);
	TRY(web_panels(w, "record", s, &record));
	TRY(record.err);
	view.record = (html){ buf_str(&record) };
	session_page_html(w->out, w->lang, w, &page, &view);
	return OK;
}

static const struct route rows[] = {
	{ HTTP_GET, "/{lang}/sessions", sessions_page, WEB_PUBLIC, WEB_HTML | WEB_CACHE,
	  &params_none, "/en/sessions", 0 },
	{ HTTP_GET, "/{lang}/sessions/{number}", session_page, WEB_PUBLIC, WEB_HTML | WEB_CACHE,
	  &session_params, "/en/sessions/15", 0 },
};

const struct route_table review_routes = { rows, COUNT_OF(rows) };
