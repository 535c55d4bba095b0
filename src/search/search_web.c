/* One box for everything: what was recommended, what was said, and who said it. */
#include "search/search_view.h"

#include "search_html.h"
#include "state/state.h"
#include "video/video_index.h"

enum { FEW = 3, PER_PAGE = 10, SNIPPET = 300 };

struct search_query {
	str q, kind;
	struct code_list of[VOICE_COLUMNS]; /* as in the library */
	int64_t page;
};

static const str kind_words[] = { S_INIT("records"), S_INIT("speech"), S_INIT("quotes"),
				  S_INIT("videos"), S_INIT("people") };
static const struct code_set kinds = CODES(kind_words);

enum { Q_Q, Q_KIND, Q_OF, Q_PAGE = Q_OF + VOICE_COLUMNS };
static const struct param search_rows[] = {
	[Q_Q] = P_TEXT(struct search_query, q, "q", 1000),
	[Q_KIND] = P_CODE(struct search_query, kind, "kind", &kinds, NULL),
	VOICE_FILTERS(struct search_query),
	[Q_PAGE] = P_PAGE(struct search_query, page, "page", 10000),
};
static const struct params search_params = PARAMS(struct search_query, search_rows);

/* How many of a kind this page shows, and from where: three of each, or ten of one. */
struct span {
	size_t first, count;
};

static struct span span_of(const struct search_query *q, const char *kind)
{
	if (!q->kind.n)
		return (struct span){ 0, FEW };
	if (str_eq(q->kind, str_of(kind)))
		return (struct span){ (size_t)(q->page - 1) * PER_PAGE, PER_PAGE };
	return (struct span){ 0, 0 };
}

/* --- The record. Of the filters it knows the issue, and the State as the one under review; with any other it has
 * nothing. */

static const struct {
	enum voice_column from;
	enum rec_column to;
} shared[] = { { VOICE_STATE, REC_SUR }, { VOICE_ISSUE, REC_ISSUE } };

static bool has_records(const struct search_query *q)
{
	for (int c = 0; c < VOICE_COLUMNS; c++)
		if (q->of[c].n && c != VOICE_STATE && c != VOICE_ISSUE)
			return false;
	return true;
}

static void filter_records(struct web *w, const struct rec_view *v, const struct search_query *q,
			   struct rec_search *s)
{
	for (size_t k = 0; k < COUNT_OF(shared); k++) {
		const struct code_list *of = &q->of[shared[k].from];
		struct rec_filter *f = &s->filters[shared[k].to];

		f->values = NEW_N(w->arena, uint16_t, of->n);
		for (size_t i = 0; i < of->n; i++) {
			int value = rec_value_find(v, shared[k].to, of->p[i]);

			if (value >= 0)
				f->values[f->n++] = (uint16_t)value;
		}
	}
}

/* The record's own page of what was found. */
static url records_link(struct web *w, const struct search_query *q)
{
	struct url_builder b = link_begin(w, "recommendations");

	url_pair(&b, S("q"), q->q);
	for (size_t k = 0; k < COUNT_OF(shared); k++)
		for (size_t i = 0; i < q->of[shared[k].from].n; i++)
			url_pair(&b, str_of(rec_column_names[shared[k].to]),
				 q->of[shared[k].from].p[i]);
	return url_end(&b);
}

static void find_records(struct web *w, const struct search_query *q, struct page *page,
			 struct search_view *v)
{
	const struct rec_view records = rec_view_of(w->pub->snapshot);
	const struct span span = span_of(q, "records");
	struct rec_search s = { .q = q->q,
				.lang = w->lang,
				.first = span.first,
				.count = span.count,
				.no_facets = true };
	struct rec_found found;

	if (!has_records(q))
		return;
	filter_records(w, &records, q, &s);
	rec_search(&records, w->arena, &s, &found);
	v->all_records = found.result.total.items;
	v->attributions = found.result.total.attributions;
	v->n_records = found.result.n_hits;
	v->records = NEW_N(w->arena, struct item_view, v->n_records);
	for (size_t i = 0; i < v->n_records; i++) {
		rec_fill_item(w, &records, found.result.hits[i].item, &v->records[i]);
		rec_link_issues(w, &v->records[i]);
		v->records[i].text = rec_snippet(&records, &found, found.result.hits[i].item,
						 SNIPPET);
	}
	page->samples |= v->n_records && found.kind >= REC_KIND_SAMPLE;
}

/* --- The voices. */

static enum err find_speech(struct web *w, const struct search_query *q, struct page *page,
			    struct search_view *v)
{
	const struct voices_filter filter = voices_filter_of(w, q->of);
	const struct span span = span_of(q, "speech");

	TRY(voices_search_make(w, q->q, &filter, span.first, span.count, NULL, &v->speech));
	for (size_t i = 0; i < v->speech.n; i++)
		page->samples |= v->speech.p[i].sample;
	return OK;
}

static void find_names(struct web *w, const struct search_query *q, enum voices_names which,
		       const char *kind, struct names_found *ret)
{
	const struct voices_filter filter = voices_filter_of(w, q->of);
	struct span span = span_of(q, kind);

	voices_search_names(w->pub->snapshot, w->arena, w->lang, which, q->q, &filter, span.first,
			    span.count, ret);
}

static enum err find_videos(struct web *w, const struct search_query *q, struct page *page,
			    struct search_view *v)
{
	struct names_found found;

	find_names(w, q, NAMES_VIDEOS, "videos", &found);
	v->all_videos = found.all;
	v->n_videos = found.n;
	v->videos = NEW_N(w->arena, struct library_entry, found.n);
	for (size_t i = 0; i < found.n; i++) {
		TRY(voice_entry_of(w, found.ids[i], &v->videos[i]));
		page->samples |= v->videos[i].sample;
	}
	return OK;
}

static enum err find_people(struct web *w, const struct search_query *q, struct search_view *v)
{
	struct names_found found;

	find_names(w, q, NAMES_PEOPLE, "people", &found);
	v->all_people = found.all;
	v->n_people = found.n;
	v->people = NEW_N(w->arena, struct found_person_view, found.n);
	for (size_t i = 0; i < found.n; i++)
		TRY(voice_person_of(w, found.ids[i], &v->people[i].name, &v->people[i].as,
				    &v->people[i].link));
	return OK;
}

static enum err find_quotes(struct web *w, const struct search_query *q, struct page *page,
			    struct search_view *v)
{
	struct names_found found;
	bool sample;

	find_names(w, q, NAMES_QUOTES, "quotes", &found);
	v->all_quotes = found.all;
	v->n_quotes = found.n;
	v->quotes = NEW_N(w->arena, struct moment_view, found.n);
	for (size_t i = 0; i < found.n; i++) {
		TRY(voice_moment_of(w, found.ids[i], &v->quotes[i], &sample));
		page->samples |= sample;
	}
	return OK;
}

/* --- What leads on. */

static enum tr_key kind_title(str kind)
{
	static const enum tr_key titles[] = { T_search_records, T_search_speech, T_search_quotes,
					      T_search_videos, T_search_people };

	for (size_t i = 0; i < COUNT_OF(titles); i++)
		if (str_eq(kind, kind_words[i]))
			return titles[i];
	return T_search_everything;
}

static bool title_of_param(const void *ctx, struct web *w, str name, size_t *ret_param, str *ret)
{
	(void)ctx;
	*ret_param = Q_KIND;
	*ret = tr_get(w->lang, T_search_kinds);
	return str_eq(name, S("kind"));
}

static str label_of_param(const void *ctx, struct web *w, size_t param, str code)
{
	(void)ctx, (void)param;
	return tr_get(w->lang, kind_title(code));
}

static bool has_spelling(const struct search_view *v, str mended)
{
	vec_each (struct tag_link, other, &v->spellings)
		if (str_eq(other->label, mended))
			return true;
	return false;
}

static void add_spellings(struct web *w, str q, const struct index_unknown *unknown, size_t n,
			  struct search_view *v)
{
	for (size_t i = 0; i < n; i++) {
		struct tag_link one;

		if (!unknown[i].near.n)
			continue;
		one = list_spelling(w, Q_Q, q, unknown[i].word, unknown[i].near);
		if (!has_spelling(v, one.label))
			*vec_add(w->arena, &v->spellings) = one;
	}
}

/* Nothing at all: the nearest words that are said, and that the record has. */
static void suggest(struct web *w, str q, struct search_view *v)
{
	const struct rec_view records = rec_view_of(w->pub->snapshot);
	const struct rec_search s = { .q = q, .lang = w->lang };
	struct rec_found found;
	struct index_unknown *said;
	size_t n = voices_unknown(w->pub->snapshot, w->arena, w->lang, q, &said);

	add_spellings(w, q, said, n, v);
	rec_search(&records, w->arena, &s, &found);
	add_spellings(w, q, found.result.unknown, found.result.n_unknown, v);
}

static int64_t all_of_kind(str kind, const struct search_view *v)
{
	return str_eq(kind, S("records"))  ? v->all_records
	       : str_eq(kind, S("speech")) ? v->speech.videos
	       : str_eq(kind, S("quotes")) ? v->all_quotes
	       : str_eq(kind, S("videos")) ? v->all_videos
					   : v->all_people;
}

static void fill_links(struct web *w, const struct search_query *q, struct page *page,
		       struct search_view *v)
{
	const struct list_words words = { title_of_param, label_of_param, NULL };

	v->more_records = records_link(w, q);
	v->more_speech = voices_elsewhere(w, "voices", link_clear(w, Q_KIND));
	v->all = link_clear(w, Q_KIND);
	v->tab_videos = link_text(w, Q_KIND, S("videos"));
	v->tab_people = link_text(w, Q_KIND, S("people"));
	v->tab_quotes = link_text(w, Q_KIND, S("quotes"));
	voices_choice_make(w, q->of, Q_OF, q->q, &v->choice);
	list_unknown(w, &words, &v->choice.unknown);
	if (!q->kind.n)
		return;
	v->pages = list_pages(w, Q_PAGE, q->page,
			      (all_of_kind(q->kind, v) + PER_PAGE - 1) / PER_PAGE);
	if (q->page > 1)
		page->previous = link_number(w, Q_PAGE, q->page - 1);
	if (q->page < v->pages.pages)
		page->next = link_number(w, Q_PAGE, q->page + 1);
}

static enum err search_page(struct web *w)
{
	const struct search_query *q = w->args;
	struct page page = { .voices = true,
			     .noindex = true,
			     .title = tr_get(w->lang, T_search_all) };
	struct search_view v = { .q = q->q, .kind = q->kind };

	if (str_trim(q->q).n) {
		find_records(w, q, &page, &v);
		TRY(find_speech(w, q, &page, &v));
		TRY(find_videos(w, q, &page, &v));
		TRY(find_people(w, q, &v));
		TRY(find_quotes(w, q, &page, &v));
		v.any = v.all_records + v.speech.moments + v.all_quotes + v.all_videos +
				v.all_people >
			0;
		if (!v.any)
			suggest(w, q->q, &v);
	}
	fill_links(w, q, &page, &v);
	search_page_html(w->out, w->lang, w, &page, &v);
	return OK;
}

static const struct route rows[] = {
	{ HTTP_GET, "/{lang}/search", search_page, WEB_PUBLIC, WEB_HTML | WEB_CACHE | WEB_NOINDEX,
	  &search_params, "/en/search?q=law", 160 },
};
const struct route_table search_routes = { rows, COUNT_OF(rows) };
