/* The library: videos newest first, or those in which something is said, with facets; all values of a facet. */
#include "video/video_library_web.h"

#include "state/state.h"
#include "text/fold.h"
#include "text/near.h"
#include "video/video_index.h"
#include "video_html.h"
#include "vocabulary/vocabulary.h"

enum { PER_PAGE = 10, VALUES_PER_PAGE = 150, FIRST_YEAR = 1900, LAST_YEAR = 2999, OPEN_FACETS = 3 };

/* --- Values: what pages call them. */

static enum tr_key title_of(enum voice_column column)
{
	static const enum tr_key titles[VOICE_COLUMNS] = {
		[VOICE_ISSUE] = T_facet_issue,   [VOICE_STATE] = T_facet_state,
		[VOICE_PERSON] = T_facet_person, [VOICE_LANG] = T_facet_spoken,
		[VOICE_SERIES] = T_facet_series, [VOICE_SUBTITLES] = T_facet_subtitles,
		[VOICE_YEAR] = T_facet_year,
	};

	return titles[column];
}

str voices_value_label(struct web *w, enum voice_column column, str code, str *ret_lang)
{
	const struct vocabularies *all = vocabularies_of(w->pub->snapshot);
	const struct library *l = library_of(w->pub->snapshot);
	str name;

	*ret_lang = (str){ 0 };
	switch (column) {
	case VOICE_ISSUE: return concept_brief(vocabulary_of(all, S("issue")), w->lang, code);
	case VOICE_STATE: return state_name(states_of(w->pub->snapshot), w->lang, code);
	case VOICE_LANG:
	case VOICE_SUBTITLES: return i18n_language(w->arena, w->lang, code);
	case VOICE_YEAR: return code;
	default: break;
	}
	name = library_name(l, w->lang, column, library_value(l, column, code), ret_lang);
	return name.n ? name : code;
}

/* --- Codes as parameters. */

/* As in the record: a code in any case, or a name. */
static bool find_in_record(struct web *w, enum rec_column column, str given, str *ret)
{
	const struct rec_view v = rec_view_of(w->pub->snapshot);
	int value = rec_value_find_nocase(&v, column, given);

	if (value < 0)
		value = column == REC_SUR ? state_by_name(v.states, given)
					  : concept_by_name(v.concepts[column], given);
	if (value >= 0)
		*ret = rec_value_code(&v, column, (uint16_t)value);
	return value >= 0;
}

/* What could be the code of a language is one, also where nobody speaks it yet: the list says so. */
static bool find_language(struct web *w, enum voice_column column, str given, str *ret)
{
	const struct library *l = library_of(w->pub->snapshot);
	str rest = given, first = str_cut(&rest, '-');

	for (uint32_t i = 0; i < library_values(l, column); i++)
		if (str_eq_nocase(library_code(l, column, i), given)) {
			*ret = library_code(l, column, i);
			return true;
		}
	for (size_t i = 0; i < first.n; i++)
		if ((first.p[i] | 0x20) < 'a' || (first.p[i] | 0x20) > 'z')
			return false;
	*ret = arena_str(w->arena, first);
	for (size_t i = 0; i < first.n; i++)
		((char *)(uintptr_t)ret->p)[i] = (char)(first.p[i] | 0x20);
	return !rest.p && (first.n == 2 || first.n == 3);
}

static bool find_code(struct web *w, const struct code_set *set, str given, str *ret)
{
	enum voice_column column = ((const struct voice_code_set *)set)->column;
	int64_t year;

	switch (column) {
	case VOICE_ISSUE: return find_in_record(w, REC_ISSUE, given, ret);
	case VOICE_STATE: return find_in_record(w, REC_SUR, given, ret);
	case VOICE_LANG:
	case VOICE_SUBTITLES: return find_language(w, column, given, ret);
	case VOICE_YEAR:
		*ret = given;
		return str_to_i64(given, &year) && year >= FIRST_YEAR && year <= LAST_YEAR;
	default: *ret = given;
	}
	return library_value(library_of(w->pub->snapshot), column, given) != VOICE_NO_VALUE;
}

/* By code and by name, in the page's language. */
static size_t near_value(struct web *w, enum voice_column column, str given, str *ret, size_t max)
{
	const struct library *l = library_of(w->pub->snapshot);
	size_t n = library_values(l, column);
	struct near_name *names = NEW_N(w->arena, struct near_name, 2 * n);

	for (uint32_t i = 0; i < n; i++) {
		str code = library_code(l, column, i), lang;
		str label = voices_value_label(w, column, code, &lang);

		names[2 * i] = (struct near_name){ fold_key(w->arena, code), code };
		names[2 * i + 1] = (struct near_name){ fold_key(w->arena, label), code };
	}
	return near_several(fold_key(w->arena, given), names, 2 * n, ret, max);
}

static size_t near_code(struct web *w, const struct code_set *set, str given, str *ret, size_t max)
{
	enum voice_column column = ((const struct voice_code_set *)set)->column;
	const struct rec_view v = rec_view_of(w->pub->snapshot);

	if (column == VOICE_STATE)
		return rec_value_near(&v, REC_SUR, given, ret, max);
	if (column == VOICE_ISSUE)
		return rec_value_near(&v, REC_ISSUE, given, ret, max);
	return near_value(w, column, given, ret, max);
}

#define SET(column)                                \
	[column] = {                               \
		{ find_code, near_code, NULL, 0 }, \
		column,                            \
	}
const struct voice_code_set voice_codes[VOICE_COLUMNS] = {
	SET(VOICE_ISSUE),     SET(VOICE_STATE),  SET(VOICE_PERSON), SET(VOICE_LANG),
	SET(VOICE_SUBTITLES), SET(VOICE_SERIES), SET(VOICE_YEAR),
};

struct voices_filter voices_filter_of(struct web *w, const struct code_list *of)
{
	const struct library *l = library_of(w->pub->snapshot);
	struct voices_filter f = { 0 };

	for (int c = 0; c < VOICE_COLUMNS; c++) {
		f.of[c].p = NEW_N(w->arena, uint32_t, of[c].n);
		for (size_t i = 0; i < of[c].n; i++)
			f.of[c].p[f.of[c].n++] = library_value(l, (enum voice_column)c, of[c].p[i]);
	}
	return f;
}

/* --- The parameters. */

struct library_query {
	str facet; /* of the page of all values */
	str q;
	struct code_list of[VOICE_COLUMNS];
	int64_t page;
};

enum { L_Q, L_OF, L_PAGE = L_OF + VOICE_COLUMNS };
static const struct param library_rows[] = {
	P_TEXT(struct library_query, q, "q", 1000),
	VOICE_FILTERS(struct library_query),
	P_PAGE(struct library_query, page, "page", 10000),
};
const struct params library_params = PARAMS(struct library_query, library_rows);

static const struct code_set facet_codes = CODES(voice_column_names);

enum { V_FACET, V_Q, V_OF, V_PAGE = V_OF + VOICE_COLUMNS };
static const struct param values_rows[] = {
	PATH_CODE(struct library_query, facet, "facet", &facet_codes),
	P_TEXT(struct library_query, q, "q", 1000),
	VOICE_FILTERS(struct library_query),
	P_PAGE(struct library_query, page, "page", 10000),
};
const struct params library_values_params = PARAMS(struct library_query, values_rows);

url voices_elsewhere(struct web *w, const char *what, url link)
{
	buf o = buf_new(w->arena, HTTP_BODY_MAX);

	buf_printf(&o, "/%" STR_F "/%s", STR_A(lang_code(w->lang)), what);
	buf_put(&o, str_from(link.s, w->address.path.n));
	return url_checked(w->arena, buf_str(&o));
}

/* --- What is chosen. */

static void add_chips(struct web *w, const struct code_list *of, size_t param, str q,
		      struct voices_choice *v)
{
	struct url_builder clear = url_begin(w->arena, w->address.path);

	for (int c = 0; c < VOICE_COLUMNS; c++)
		for (size_t i = 0; i < of[c].n; i++) {
			str lang, label = voices_value_label(w, (enum voice_column)c, of[c].p[i],
							     &lang);

			*vec_add(w->arena, &v->chips) = (struct chip){
				.title = tr_get(w->lang, title_of((enum voice_column)c)),
				.label = label,
				.link = link_without(w, param + (size_t)c, of[c].p[i]),
			};
			*vec_add(w->arena, &v->fields) = (struct field_view){ voice_column_names[c],
									      of[c].p[i] };
		}
	if (q.n)
		url_pair(&clear, S("q"), q);
	v->clear = url_end(&clear);
}

/* People and series have pages of their own. */
static void add_pages(struct web *w, const struct code_list *of, struct voices_choice *v)
{
	static const struct {
		enum voice_column column;
		const char *what;
	} all[] = { { VOICE_PERSON, "people" }, { VOICE_SERIES, "series" } };

	for (size_t k = 0; k < COUNT_OF(all); k++)
		for (size_t i = 0; i < of[all[k].column].n; i++) {
			str code = of[all[k].column].p[i], lang;

			*vec_add(w->arena, &v->about) = (struct tag_link){
				code, voices_value_label(w, all[k].column, code, &lang),
				voice_people_link(w, all[k].what, code)
			};
		}
}

/* Values that no voice has at all. */
static void add_strangers(struct web *w, const struct code_list *of, struct voices_choice *v)
{
	const struct library *l = library_of(w->pub->snapshot);

	for (int c = 0; c < VOICE_COLUMNS; c++)
		for (size_t i = 0; i < of[c].n; i++) {
			enum voice_column column = (enum voice_column)c;
			buf o = buf_new(w->arena, 4096);
			struct tr_arg args[2];
			str lang;

			if (library_value(l, column, of[c].p[i]) != VOICE_NO_VALUE)
				continue;
			args[0] = TR_ARG_PLAIN("title", tr_get(w->lang, title_of(column)));
			args[1] = TR_ARG_PLAIN("label",
					       voices_value_label(w, column, of[c].p[i], &lang));
			tr_plain(&o, w->lang, T_video_no_value, args, COUNT_OF(args));
			*vec_add(w->arena, &v->notices) = buf_str(&o);
		}
}

static bool title_of_param(const void *of, struct web *w, str name, size_t *ret_param, str *ret)
{
	for (int c = 0; c < VOICE_COLUMNS; c++)
		if (str_eq(name, voice_column_names[c])) {
			*ret_param = *(const size_t *)of + (size_t)c;
			*ret = tr_get(w->lang, title_of((enum voice_column)c));
			return true;
		}
	return false;
}

static str label_of_param(const void *of, struct web *w, size_t param, str code)
{
	str lang;

	return voices_value_label(w, (enum voice_column)(param - *(const size_t *)of), code, &lang);
}

void voices_choice_make(struct web *w, const struct code_list *of, size_t param, str q,
			struct voices_choice *ret)
{
	const struct list_words words = { title_of_param, label_of_param, &param };

	*ret = (struct voices_choice){ 0 };
	add_chips(w, of, param, q, ret);
	add_pages(w, of, ret);
	add_strangers(w, of, ret);
	list_unknown(w, &words, &ret->unknown);
}

/* --- Facets. */

static str count_words(struct web *w, uint32_t n)
{
	buf o = buf_new(w->arena, 256);
	const struct tr_arg arg = TR_ARG_PLAIN("n", (int64_t)n);

	tr_plain(&o, w->lang, T_video_videos, &arg, 1);
	return buf_str(&o);
}

/* Nothing fits: each filter with what there would be without it. */
static void add_drops(struct web *w, const struct library_query *q,
		      const struct library_found *found, struct library_view *v)
{
	for (int c = 0; c < VOICE_COLUMNS; c++) {
		buf labels = buf_new(w->arena, 4096);
		str lang;

		if (!q->of[c].n || !found->without[c])
			continue;
		for (size_t i = 0; i < q->of[c].n; i++) {
			buf_put(&labels, i ? S(", ") : S(""));
			buf_put(&labels,
				voices_value_label(w, (enum voice_column)c, q->of[c].p[i], &lang));
		}
		*vec_add(w->arena, &v->drops) = (struct drop_view){
			.title = tr_get(w->lang, title_of((enum voice_column)c)),
			.label = buf_str(&labels),
			.count = count_words(w, found->without[c]),
			.link = link_clear(w, L_OF + (size_t)c),
		};
	}
}

static struct facet_value make_value(struct web *w, const struct library_query *q,
				     enum voice_column column, size_t of, uint32_t value,
				     const uint32_t *counts)
{
	str code = library_code(library_of(w->pub->snapshot), column, value);
	struct facet_value v = { .code = code,
				 .n = counts[value],
				 .chosen = code_list_has(&q->of[column], code) };

	v.label = voices_value_label(w, column, code, &v.lang);
	v.link = v.chosen ? link_without(w, of + (size_t)column, code)
			  : link_with(w, of + (size_t)column, code);
	return v;
}

static uint32_t *known_of(struct web *w, const struct voice_values *chosen, size_t *ret_n)
{
	uint32_t *known = NEW_N(w->arena, uint32_t, chosen->n);

	*ret_n = 0;
	for (size_t i = 0; i < chosen->n; i++)
		if (chosen->p[i] != VOICE_NO_VALUE)
			known[(*ret_n)++] = chosen->p[i];
	return known;
}

/* All of one facet stand on a page of their own. */
static url values_link(struct web *w, enum voice_column column)
{
	buf path = buf_new(w->arena, 64);

	buf_printf(&path, "voices/by/%" STR_F, STR_A(voice_column_names[column]));
	return voices_elsewhere(w, arena_cstr(w->arena, buf_str(&path)), link_number(w, L_PAGE, 1));
}

static void add_facet(struct web *w, const struct library_query *q,
		      const struct voices_filter *filter, const struct library_found *found,
		      enum voice_column column, struct library_view *v)
{
	const struct library *l = library_of(w->pub->snapshot);
	uint32_t n = library_values(l, column), n_all = 0;
	size_t n_known;
	const uint32_t *known = known_of(w, &filter->of[column], &n_known);
	const struct list_top t = list_top(found->counts[column], n, known, n_known);
	struct library_facet *f;

	if (!t.n)
		return;
	f = vec_add(w->arena, &v->facets);
	*f = (struct library_facet){
		.title = tr_get(w->lang, title_of(column)),
		.values = NEW_N(w->arena, struct facet_value, t.n),
		.n = t.n,
		.open = v->facets.n <= OPEN_FACETS || filter->of[column].n,
	};
	for (size_t i = 0; i < t.n; i++)
		f->values[i] = make_value(w, q, column, L_OF, t.values[i], found->counts[column]);
	list_percents(f->values, f->n);
	for (uint32_t i = 0; i < n; i++)
		n_all += found->counts[column][i] > 0;
	if (n_all > t.n) {
		f->n_all = n_all;
		f->all = values_link(w, column);
	}
}

static void add_facets(struct web *w, const struct library_query *q,
		       const struct voices_filter *filter, const struct library_found *found,
		       struct library_view *v)
{
	for (int c = 0; c < VOICE_COLUMNS; c++)
		add_facet(w, q, filter, found, (enum voice_column)c, v);
	if (!found->total)
		add_drops(w, q, found, v);
}

/* --- Its videos. */

static size_t first_of(const struct library_query *q)
{
	return (size_t)(q->page - 1) * PER_PAGE;
}

static void fill_pages(struct web *w, int64_t page, int64_t all, struct page *head,
		       struct library_view *v)
{
	v->pages = list_pages(w, L_PAGE, page, (all + PER_PAGE - 1) / PER_PAGE);
	if (page > 1)
		head->previous = link_number(w, L_PAGE, page - 1);
	if (page < v->pages.pages)
		head->next = link_number(w, L_PAGE, page + 1);
}

static enum err fill_entries(struct web *w, const struct library_query *q, struct page *page,
			     struct library_view *v)
{
	const struct library *l = library_of(w->pub->snapshot);
	const struct voices_filter filter = voices_filter_of(w, q->of);
	struct library_request rq = { .filter = &filter, .first = first_of(q), .count = PER_PAGE };
	struct library_found found;

	library_ask(l, w->arena, &rq, &found);
	if (rq.first && rq.first >= found.total) { /* a page that is not there is the first one */
		rq.first = 0;
		library_ask(l, w->arena, &rq, &found);
	}
	v->all = found.total;
	v->n = found.n;
	v->entries = NEW_N(w->arena, struct library_entry, v->n);
	for (size_t i = 0; i < v->n; i++) {
		TRY(voice_entry_of(w, found.ids[i], &v->entries[i]));
		page->samples |= v->entries[i].sample;
	}
	add_facets(w, q, &filter, &found, v);
	fill_pages(w, rq.first ? q->page : 1, found.total, page, v);
	return OK;
}

/* --- Where words are said. */

static void add_other(struct web *w, enum tr_key label, const char *list, const char *kind,
		      int64_t n, str q, struct library_view *v)
{
	struct url_builder b = link_begin(w, list);

	if (!n)
		return;
	url_pair(&b, S("q"), q);
	if (kind)
		url_pair(&b, S("kind"), str_of(kind));
	*vec_add(w->arena, &v->others) = (struct other_view){ tr_get(w->lang, label), n,
							      url_end(&b) };
}

static int64_t names_with(struct web *w, enum voices_names which, str q)
{
	const struct voices_filter all = { 0 };
	struct names_found found;

	voices_search_names(w->pub->snapshot, w->arena, w->lang, which, q, &all, 0, 0, &found);
	return found.all;
}

/* Nobody says it: other spellings, and where the words stand otherwise. */
static void add_ways_out(struct web *w, str q, struct library_view *v)
{
	const struct rec_view records = rec_view_of(w->pub->snapshot);
	const struct rec_search s = { .q = q, .lang = w->lang, .no_facets = true };
	struct rec_found found;
	struct index_unknown *unknown;
	size_t n = voices_unknown(w->pub->snapshot, w->arena, w->lang, q, &unknown);

	for (size_t i = 0; i < n; i++)
		if (unknown[i].near.n)
			*vec_add(w->arena, &v->spellings) = list_spelling(
				w, L_Q, q, unknown[i].word, unknown[i].near);
	rec_search(&records, w->arena, &s, &found);
	add_other(w, T_search_records, "recommendations", NULL, found.result.total.items, q, v);
	add_other(w, T_search_quotes, "search", "quotes", names_with(w, NAMES_QUOTES, q), q, v);
	add_other(w, T_search_videos, "search", "videos", names_with(w, NAMES_VIDEOS, q), q, v);
	add_other(w, T_search_people, "search", "people", names_with(w, NAMES_PEOPLE, q), q, v);
}

/* Those that say it best first. */
static enum err fill_found(struct web *w, const struct library_query *q, struct page *page,
			   struct library_view *v)
{
	const struct voices_filter filter = voices_filter_of(w, q->of);
	struct library_request rq = { .filter = &filter };
	struct library_found found;
	size_t first = first_of(q);
	uint64_t *among;

	TRY(voices_search_make(w, q->q, &filter, first, PER_PAGE, &among, &v->found));
	if (first && first >= (size_t)v->found.videos) {
		first = 0;
		TRY(voices_search_make(w, q->q, &filter, first, PER_PAGE, &among, &v->found));
	}
	for (size_t i = 0; i < v->found.n; i++)
		page->samples |= v->found.p[i].sample;
	rq.among = among;
	library_ask(library_of(w->pub->snapshot), w->arena, &rq, &found);
	add_facets(w, q, &filter, &found, v);
	fill_pages(w, first ? q->page : 1, v->found.videos, page, v);
	if (!v->found.n)
		add_ways_out(w, q->q, v);
	return OK;
}

enum err library_page(struct web *w)
{
	const struct library_query *q = w->args;
	const url without_q = link_text(w, L_Q, S(""));
	struct page page = { .nav = NAV_VOICES,
			     .voices = true,
			     .title = tr_get(w->lang, T_nav_voices) };
	struct library_view v = { .q = q->q };
	buf series = buf_new(w->arena, 64 << 10);

	TRY(q->q.n ? fill_found(w, q, &page, &v) : fill_entries(w, q, &page, &v));
	voices_choice_make(w, q->of, L_OF, q->q, &v.choice);
	page.noindex = q->q.n || v.choice.chips.n > 1 || v.pages.page > 1;
	if (!q->q.n && !v.choice.chips.n && v.pages.page == 1)
		TRY(web_panels(w, "series", NULL, &series));
	TRY(series.err);
	v.series = (html){ series.n ? buf_str(&series) : S("") };
	page.atom = voices_elsewhere(w, "voices.atom", without_q);
	page.rss = voices_elsewhere(w, "voices.rss", without_q);
	video_library_html(w->out, w->lang, w, &page, &v);
	return OK;
}

/* --- All values of a facet, by name; years, the latest first. */

struct sorted {
	str key;
	uint32_t value;
};

static int by_key(const void *x, const void *y)
{
	const struct sorted *a = x, *b = y;
	int by_name = str_cmp(a->key, b->key);

	return by_name ? by_name : a->value < b->value ? -1 : a->value > b->value;
}

static int by_key_down(const void *x, const void *y)
{
	return by_key(y, x);
}

static size_t sort_values(struct web *w, enum voice_column column, const uint32_t *counts,
			  struct sorted **ret)
{
	const struct library *l = library_of(w->pub->snapshot);
	uint32_t n = library_values(l, column);
	size_t kept = 0;

	*ret = NEW_N(w->arena, struct sorted, n);
	for (uint32_t i = 0; i < n; i++) {
		str lang;

		if (!counts[i])
			continue;
		(*ret)[kept++] = (struct sorted){
			i18n_sort_key(
				w->arena, w->lang,
				voices_value_label(w, column, library_code(l, column, i), &lang)),
			i
		};
	}
	if (kept)
		qsort(*ret, kept, sizeof **ret, column == VOICE_YEAR ? by_key_down : by_key);
	return kept;
}

static void fill_values(struct web *w, const struct library_query *q, enum voice_column column,
			const uint32_t *counts, struct library_values_view *v)
{
	struct sorted *sorted;
	size_t n = sort_values(w, column, counts, &sorted),
	       first = (size_t)(q->page - 1) * VALUES_PER_PAGE;

	if (first >= n)
		first = 0;
	v->all = n;
	v->values = NEW_N(w->arena, struct facet_value, VALUES_PER_PAGE);
	for (size_t i = first; i < n && i < first + VALUES_PER_PAGE; i++) {
		struct facet_value *value = &v->values[v->n++];

		*value = make_value(w, q, column, V_OF, sorted[i].value, counts);
		value->link = voices_elsewhere(w, "voices", value->link);
	}
	v->pages = list_pages(w, V_PAGE, first ? q->page : 1,
			      ((int64_t)n + VALUES_PER_PAGE - 1) / VALUES_PER_PAGE);
}

/* The videos that count: those in which something is said, or all. */
static void ask_all(struct web *w, const struct library_query *q, struct library_found *ret)
{
	const struct voices_filter filter = voices_filter_of(w, q->of);
	struct library_request rq = { .filter = &filter };
	struct voices_found found;
	uint64_t *among;

	if (q->q.n) {
		voices_search(w->pub->snapshot, w->arena, w->lang, q->q, &filter, 0, 0, &among,
			      &found);
		rq.among = among;
	}
	library_ask(library_of(w->pub->snapshot), w->arena, &rq, ret);
}

/* "Voices: State" */
static str voices_by(struct web *w, str title)
{
	buf o = buf_new(w->arena, 512);
	const struct tr_arg args[] = { TR_ARG_PLAIN("title", tr_get(w->lang, T_nav_voices)),
				       TR_ARG_PLAIN("label", title) };

	tr_plain(&o, w->lang, T_chips_chip, args, COUNT_OF(args));
	return buf_str(&o);
}

enum err library_values_page(struct web *w)
{
	const struct library_query *q = w->args;
	struct page page = { .nav = NAV_VOICES, .voices = true };
	struct library_values_view v = { .q = q->q };
	enum voice_column column = 0;
	struct library_found found;

	while (!str_eq(voice_column_names[column], q->facet))
		column++;
	ask_all(w, q, &found);
	voices_choice_make(w, q->of, V_OF, q->q, &v.choice);
	fill_values(w, q, column, found.counts[column], &v);
	v.title = tr_get(w->lang, title_of(column));
	v.videos = found.total;
	v.back = voices_elsewhere(w, "voices", link_number(w, V_PAGE, 1));
	page.title = voices_by(w, v.title);
	page.noindex = q->q.n || v.choice.chips.n || v.pages.page > 1;
	if (v.pages.page > 1)
		page.previous = link_number(w, V_PAGE, v.pages.page - 1);
	if (v.pages.page < v.pages.pages)
		page.next = link_number(w, V_PAGE, v.pages.page + 1);
	video_library_values_html(w->out, w->lang, w, &page, &v);
	return OK;
}
