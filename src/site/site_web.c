#include "site/site_view.h"

#include <math.h>

#include "base/clock.h"
#include "http/assets.h"
#include "site/site_web.h"
#include "site_html.h"

static str contact_address;

void pages_set_contact(str mail)
{
	contact_address = mail;
}

static str number_str(arena *a, int64_t n)
{
	buf b = buf_new(a, 24);

	buf_i64(&b, n);
	return buf_str(&b);
}

static str date_words(struct web *w, str iso)
{
	struct date d;

	return date_parse(iso, &d) == OK ? date_long_str(w->arena, w->lang, d)
					 : tr_get(w->lang, T_as_of_no_date);
}

/* --- Home. */

/* An arc of a circle around the rostrum, from one angle to another; angles in half turns from the left. */
static svg arc(arena *a, double radius, double from, double to)
{
	const double cx = 200, cy = 200;
	buf d = buf_new(a, 200);

	buf_printf(&d, "M%.1f %.1fA%.1f %.1f 0 0 1 %.1f %.1f", cx - radius * cos(from * M_PI),
		   cy - radius * sin(from * M_PI), radius, radius, cx - radius * cos(to * M_PI),
		   cy - radius * sin(to * M_PI));
	return svg_data(buf_str(&d));
}

/* Seats in rows, more in the longer ones, as in the room; the reviewed fill them from the left, row by
 * row alike, so that the drawing turns like a clock. */
static void draw_chamber(arena *a, struct chamber *c)
{
	enum { ROWS = 8 };
	const double inner = 66, step = 17.7;
	int64_t seats_left = c->all, filled_left = c->reviewed;
	double length = 0;

	for (int i = 0; i < ROWS; i++)
		length += inner + i * step;
	for (int i = 0; i < ROWS; i++) {
		double radius = inner + i * step;
		int seats = i == ROWS - 1 ? (int)seats_left
					  : (int)lround((double)c->all * radius / length);
		int filled = i == ROWS - 1 ? (int)filled_left
					   : (int)lround((double)seats * (double)c->reviewed /
							 (double)c->all);
		double gap = seats > 1 ? 1.0 / (seats - 1) : 1;

		filled = MIN(filled, seats);
		c->large_n[i] = MAX(filled - 1, 0);
		c->small_n[i] = MAX(seats - filled - 1, 0);
		if (filled > 1)
			c->large[i] = arc(a, radius, 0, (filled - 1) * gap);
		if (seats - filled > 1)
			c->small[i] = arc(a, radius, filled * gap, 1);
		seats_left -= seats;
		filled_left -= filled;
	}
	c->rows = ROWS;
}

/* The cycle under way is the one of the latest session of which a held review is known. */
static void fill_chamber(struct web *w, const struct rec_view *v, struct chamber *c)
{
	const struct session *last = NULL;
	int64_t reviewed = 0;

	for (size_t i = 0; i < v->calendar->n_reviews; i++) {
		const struct review *r = &v->calendar->reviews[i];

		if (str_eq(r->status, S("held")) && (!last || r->session > last->number))
			last = session_find(v->calendar, r->session);
	}
	for (size_t i = 0; last && i < v->calendar->n_reviews; i++)
		reviewed += v->calendar->reviews[i].cycle == last->cycle &&
			    str_eq(v->calendar->reviews[i].status, S("held"));
	for (size_t i = 0; i < v->states->n; i++)
		c->all += !v->states->p[i].observer;
	c->reviewed = MIN(reviewed, c->all);
	if (!last || !c->all)
		return;
	c->cycle = number_str(w->arena, last->cycle);
	c->session = number_str(w->arena, last->number);
	draw_chamber(w->arena, c);
}

static uint32_t count_values(const struct rec_view *v, const struct rec_found *f,
			     enum rec_column column)
{
	uint32_t n = 0;

	for (size_t i = 0; i < v->records->layout.codes[column].n; i++)
		n += f->result.facets[column][i].items > 0;
	return n;
}

static uint32_t count_supported(const struct rec_view *v, const struct rec_found *f)
{
	const struct vocabulary *responses = vocabulary_of(v->vocabularies, S("response"));
	uint32_t n = 0;

	for (size_t i = 0; i < responses->n; i++)
		if (str_eq(responses->concepts[i].class, S("supported")))
			n += f->result.facets[REC_RESPONSE][i].items;
	return n;
}

/* The newest session with records, and the States that were reviewed in it. */
static void fill_latest(struct web *w, const struct rec_view *v, const struct rec_found *all,
			struct home_view *h)
{
	const struct index_count *sessions = all->result.facets[REC_SESSION];
	struct rec_search s = { .lang = w->lang };
	struct rec_found f;
	uint16_t value = 0;
	int first = -1;

	for (size_t i = 0; i < v->calendar->n_sessions; i++)
		if (sessions[i].items) {
			first = first < 0 ? (int)i : first;
			value = (uint16_t)i;
		}
	if (first < 0)
		return;
	h->first_session = rec_value_code(v, REC_SESSION, (uint16_t)first);
	h->last_session = h->latest_session = rec_value_code(v, REC_SESSION, value);
	h->latest_date = date_words(w, str_to(v->calendar->sessions[value].starts, 7));
	h->latest_items = sessions[value].items;
	s.filters[REC_SESSION] = (struct rec_filter){ &value, 1 };
	rec_search(v, w->arena, &s, &f);
	h->latest = NEW_N(w->arena, struct latest_state, v->states->n);
	for (size_t rank = 0; rank < v->states->n; rank++)
		for (size_t i = 0; i < v->states->n; i++) {
			struct url_builder b;

			if (v->records->state_ranks[w->lang][i] != rank ||
			    !f.result.facets[REC_SUR][i].items)
				continue;
			b = link_begin(w, "recommendations");
			url_pair(&b, S("sur"), v->states->p[i].iso3);
			url_pair(&b, S("session"), h->latest_session);
			h->latest[h->n_latest++] = (struct latest_state){
				v->states->p[i].iso3, v->states->p[i].name[w->lang],
				f.result.facets[REC_SUR][i].items, url_end(&b)
			};
		}
}

static enum err home_page(struct web *w)
{
	const struct rec_view v = rec_view_of(w->pub->snapshot);
	const struct rec_source *source = rec_newest_source(&v, rec_usual_kind(&v));
	const struct rec_search everything = { .lang = w->lang };
	struct page page = { .nav = NAV_NONE, .title = tr_get(w->lang, T_home_title) };
	struct home_view h = { .empty = source == NULL, .samples = source && source->sample };
	struct rec_found f;
	buf voices = buf_new(w->arena, HTTP_BODY_MAX);

	rec_search(&v, w->arena, &everything, &f);
	h.items = f.result.total.items;
	h.attributions = f.result.total.attributions;
	h.supported = count_supported(&v, &f);
	h.percent = h.items ? (int)((uint64_t)h.supported * 100 / h.items) : 0;
	h.n_rs = count_values(&v, &f, REC_RS);
	h.n_sur = count_values(&v, &f, REC_SUR);
	if (source) {
		h.source = source->publisher;
		h.date = date_words(w, source->dated);
	}
	fill_chamber(w, &v, &h.chamber);
	fill_latest(w, &v, &f, &h);
	TRY(web_panels(w, "voices", NULL, &voices));
	TRY(voices.err);
	h.voices = (html){ voices.n ? buf_str(&voices) : S("") };
	page.voices = voices.n > 0;
	home_page_html(w->out, w->lang, w, &page, &h);
	return OK;
}

/* --- About, sources, privacy, accessibility. */

static enum err about_page(struct web *w)
{
	const struct rec_view v = rec_view_of(w->pub->snapshot);
	const struct rec_search everything = { .lang = w->lang, .no_facets = true };
	struct page page = { .nav = NAV_ABOUT, .title = tr_get(w->lang, T_about_title) };
	struct about_view a = { .contact = contact_address };
	struct rec_found f;

	rec_search(&v, w->arena, &everything, &f);
	a.items = f.result.total.items;
	a.attributions = f.result.total.attributions;
	about_page_html(w->out, w->lang, w, &page, &a);
	return OK;
}

/* The newest export first; of one date, the earlier sessions. */
static int compare_sources(const void *a, const void *b)
{
	const struct rec_source *x = *(const struct rec_source *const *)a,
				*y = *(const struct rec_source *const *)b;
	int64_t first_x = 0, first_y = 0;
	int order = str_cmp(y->dated, x->dated);
	str part_x = x->part, part_y = y->part;

	if (order)
		return order;
	(void)str_to_i64(str_cut(&part_x, '-'), &first_x);
	(void)str_to_i64(str_cut(&part_y, '-'), &first_y);
	return (first_x > first_y) - (first_x < first_y);
}

static void list_sources(struct web *w, const struct rec_view *v, struct sources_view *s)
{
	const struct rec_source **sorted = NEW_N(w->arena, const struct rec_source *, v->n_sources);

	for (size_t i = 0; i < v->n_sources; i++)
		sorted[i] = &v->sources[i];
	if (v->n_sources)
		qsort(sorted, v->n_sources, sizeof *sorted, compare_sources);
	for (size_t i = 0; i < v->n_sources; i++)
		s->sources[i] = (struct source_view){ sorted[i]->publisher,
						      date_words(w, sorted[i]->dated),
						      sorted[i]->part, sorted[i]->format,
						      sorted[i]->sample };
}

static enum err sources_page(struct web *w)
{
	const struct rec_view v = rec_view_of(w->pub->snapshot);
	struct page page = { .nav = NAV_ABOUT, .title = tr_get(w->lang, T_sources_title) };
	struct sources_view s = { .sources = NEW_N(w->arena, struct source_view, v.n_sources),
				  .n_sources = v.n_sources,
				  .schemes = NEW_N(w->arena, struct scheme_view, v.vocabularies->n),
				  .n_schemes = v.vocabularies->n };

	list_sources(w, &v, &s);
	for (size_t i = 0; i < v.vocabularies->n; i++) {
		const struct vocabulary *x = &v.vocabularies->p[i];

		s.schemes[i] = (struct scheme_view){ x->title[w->lang], x->version, x->source,
						     x->licence };
	}
	sources_page_html(w->out, w->lang, w, &page, &s);
	return OK;
}

static enum err privacy_page(struct web *w)
{
	struct page page = { .nav = NAV_ABOUT, .title = tr_get(w->lang, T_privacy_title) };

	privacy_page_html(w->out, w->lang, w, &page);
	return OK;
}

static enum err accessibility_page(struct web *w)
{
	struct page page = { .nav = NAV_ABOUT, .title = tr_get(w->lang, T_accessibility_title) };
	struct about_view a = { .contact = contact_address };

	accessibility_page_html(w->out, w->lang, w, &page, &a);
	return OK;
}

/* --- Errors. */

/* The words of an address, to search for: /en/corporal-punishment -> corporal punishment. */
static str words_of(struct web *w)
{
	buf out = buf_new(w->arena, 400);

	for (size_t i = 0; i < w->req->url.segments_n && i < 8; i++) {
		str s = w->req->url.segments[i];
		enum lang ignored;

		if (i == 0 && lang_from_code(s, &ignored))
			continue;
		for (size_t k = 0; k < s.n && k < 80; k++) {
			bool letter = (s.p[k] >= 'a' && s.p[k] <= 'z') ||
				      (s.p[k] >= 'A' && s.p[k] <= 'Z') || (s.p[k] & 0x80);

			if (letter)
				buf_byte(&out, s.p[k]);
			else if (out.n && out.p[out.n - 1] != ' ')
				buf_byte(&out, ' ');
		}
		if (out.n && out.p[out.n - 1] != ' ')
			buf_byte(&out, ' ');
	}
	return str_trim(buf_str(&out));
}

url site_near_link(const struct web *w, const struct complaint *c)
{
	struct url_builder b = url_begin(w->arena, S(""));

	for (size_t i = 0; i < w->req->url.segments_n; i++) {
		str s = w->req->url.segments[i];

		url_segment(&b, str_eq(s, c->value) ? c->near[0] : s);
	}
	return url_end(&b);
}

void pages_error(struct web *w, int status)
{
	static const struct {
		int status;
		enum tr_key title, help;
	} pages[] = {
		{ 400, T_error_400, T_error_400_help }, { 404, T_error_404, T_error_404_help },
		{ 405, T_error_405, T_error_405_help }, { 410, T_error_410, T_error_410_help },
		{ 503, T_error_503, T_error_503_help }, { 500, T_error_500, T_error_500_help },
	};
	struct error_view v = { status, T_error_500,     T_error_500_help,
				S(""),  w->complaints.p, w->complaints.n };
	struct page page = { .nav = NAV_NONE, .noindex = true };

	for (size_t i = 0; i < COUNT_OF(pages); i++)
		if (pages[i].status == status) {
			v.title = pages[i].title;
			v.help = pages[i].help;
		}
	if (status == 404)
		v.q = words_of(w);
	page.title = tr_get(w->lang, v.title);
	error_page_html(w->out, w->lang, w, &page, &v);
}

/* --- For machines. */

/* It must be a whole address: where the site has no name, none is told. */
static void put_sitemap(struct web *w, enum lang lang)
{
	buf path = buf_new(w->arena, 64);
	url address;

	buf_printf(&path, "/%" STR_F "/sitemap-video.xml", STR_A(lang_code(lang)));
	address = link_absolute(w, url_checked(w->arena, buf_str(&path)));
	if (address.s.p[0] != '/')
		buf_printf(w->out, "Sitemap: %" STR_F "\n", STR_A(address.s));
}

static enum err robots_txt(struct web *w)
{
	/* Facets multiply: robots get the lists' first pages and the records, not every combination. */
	buf_put(w->out, S("User-agent: *\n"
			  "Disallow: /*?*page=\n"
			  "Disallow: /*?*sort=\n"
			  "Disallow: /*?*&*&\n"
			  "Disallow: /api/\n"
			  "Crawl-delay: 1\n"));
	for (int l = 0; l < LANG_COUNT_; l++)
		put_sitemap(w, (enum lang)l);
	return OK;
}

static enum err security_txt(struct web *w)
{
	/* RFC 9116 wants a contact and an end; without a contact there is no such file. */
	if (!contact_address.n)
		return E_NOTFOUND;
	buf_put(w->out, S("Contact: mailto:"));
	buf_put(w->out, contact_address);
	buf_put(w->out, S("\nExpires: "));
	date_put(w->out, date_from_days((int32_t)(clock_now() / 86400) + 300));
	buf_put(w->out, S("T00:00:00Z"));
	buf_put(w->out, S("\nPreferred-Languages: en, fr, es\n"));
	return OK;
}

static enum err healthz(struct web *w)
{
	buf_put(w->out, S("ok\n"));
	return OK;
}

static enum err favicon(struct web *w)
{
	return web_redirect(w, 301, asset_url(S("mark.svg")));
}

static const struct route rows[] = {
	{ HTTP_GET, "/{lang}", home_page, WEB_PUBLIC, WEB_HTML | WEB_CACHE, &params_none, "/en",
	  0 },
	{ HTTP_GET, "/{lang}/about", about_page, WEB_PUBLIC, WEB_HTML | WEB_CACHE, &params_none,
	  "/en/about", 0 },
	{ HTTP_GET, "/{lang}/sources", sources_page, WEB_PUBLIC, WEB_HTML | WEB_CACHE, &params_none,
	  "/en/sources", 0 },
	{ HTTP_GET, "/{lang}/privacy", privacy_page, WEB_PUBLIC, WEB_HTML | WEB_CACHE, &params_none,
	  "/en/privacy", 0 },
	{ HTTP_GET, "/{lang}/accessibility", accessibility_page, WEB_PUBLIC, WEB_HTML | WEB_CACHE,
	  &params_none, "/en/accessibility", 0 },
	{ HTTP_GET, "/robots.txt", robots_txt, WEB_PUBLIC, WEB_TEXT | WEB_STORELESS, &params_none,
	  "/robots.txt", 0 },
	{ HTTP_GET, "/.well-known/security.txt", security_txt, WEB_PUBLIC, WEB_TEXT | WEB_STORELESS,
	  &params_none, "/.well-known/security.txt", 0 },
	{ HTTP_GET, "/healthz", healthz, WEB_PUBLIC, WEB_TEXT | WEB_STORELESS | WEB_NOINDEX,
	  &params_none, "/healthz", 0 },
	{ HTTP_GET, "/favicon.ico", favicon, WEB_PUBLIC, WEB_TEXT | WEB_STORELESS, &params_none,
	  "/favicon.ico", 0 },
};

const struct route_table site_routes = { rows, COUNT_OF(rows) };
