/* A list of recommendations, made ready for the page: see recommendation_view.h. */
#include "recommendation/recommendation_list_view.h"

/* --- The question. */

static struct rec_filter filter_of(const struct rec_view *v, arena *a, enum rec_column column,
				   const struct code_list *list)
{
	struct rec_filter f = { NEW_N(a, uint16_t, list->n), 0 };

	for (size_t i = 0; i < list->n; i++) {
		int value = rec_value_find(v, column, list->p[i]);

		if (value >= 0)
			f.values[f.n++] = (uint16_t)value;
	}
	return f;
}

struct rec_search rec_search_of(const struct rec_view *v, arena *a, enum lang lang,
				const struct rec_query *q)
{
	struct rec_search s = { .q = q->q, .lang = lang, .count = REC_PAGE };

	for (int c = 0; c < REC_COLUMNS; c++)
		s.filters[c] = filter_of(v, a, (enum rec_column)c, &q->filters[c]);
	s.sort = str_eq(q->sort, S("date"))    ? REC_SORT_DATE
		 : str_eq(q->sort, S("state")) ? REC_SORT_STATE
					       : REC_SORT_RANK;
	s.first = (size_t)(q->page - 1) * REC_PAGE;
	return s;
}

/* --- Codes as parameters. */

/* A code, in any case; for States also a name. */
static bool find_code(struct web *w, const struct code_set *set, str given, str *ret)
{
	const struct rec_code_set *mine = (const struct rec_code_set *)set;
	const struct rec_view v = rec_view_of(w->pub->snapshot);
	int value = rec_value_find_nocase(&v, mine->column, given);

	if (value >= 0)
		*ret = rec_value_code(&v, mine->column, (uint16_t)value);
	return value >= 0;
}

static size_t near_code(struct web *w, const struct code_set *set, str given, str *ret, size_t max)
{
	const struct rec_view v = rec_view_of(w->pub->snapshot);

	return rec_value_near(&v, ((const struct rec_code_set *)set)->column, given, ret, max);
}

#define SET(column)                                       \
	{                                                 \
		{ find_code, near_code, NULL, 0 }, column \
	}
static const struct rec_code_set sets[REC_COLUMNS] = {
	[REC_SUR] = SET(REC_SUR),
	[REC_RS] = SET(REC_RS),
	[REC_SUR_GROUP] = SET(REC_SUR_GROUP),
	[REC_RS_GROUP] = SET(REC_RS_GROUP),
	[REC_SUR_ORG] = SET(REC_SUR_ORG),
	[REC_RS_ORG] = SET(REC_RS_ORG),
	[REC_SESSION] = SET(REC_SESSION),
	[REC_CYCLE] = SET(REC_CYCLE),
	[REC_RESPONSE] = SET(REC_RESPONSE),
	[REC_ACTION] = SET(REC_ACTION),
	[REC_ISSUE] = SET(REC_ISSUE),
	[REC_SDG] = SET(REC_SDG),
	[REC_KIND] = SET(REC_KIND),
};

static const str sort_words[] = { S_INIT("rank"), S_INIT("date"), S_INIT("state") };
static const struct code_set sorts = CODES(sort_words);

#define FACET(column, name) \
	[REC_PARAM(column)] = P_LIST(struct rec_query, filters[column], name, &sets[column].set)
static const struct param rows[] = {
	[REC_PARAM_Q] = P_TEXT(struct rec_query, q, "q", 1200),
	FACET(REC_SUR, "sur"),
	FACET(REC_RS, "rs"),
	FACET(REC_SUR_GROUP, "sur_group"),
	FACET(REC_RS_GROUP, "rs_group"),
	FACET(REC_SUR_ORG, "sur_org"),
	FACET(REC_RS_ORG, "rs_org"),
	FACET(REC_SESSION, "session"),
	FACET(REC_CYCLE, "cycle"),
	FACET(REC_RESPONSE, "response"),
	FACET(REC_ACTION, "action"),
	FACET(REC_ISSUE, "issue"),
	FACET(REC_SDG, "sdg"),
	FACET(REC_KIND, "kind"),
	[REC_PARAM_SORT] = P_CODE(struct rec_query, sort, "sort", &sorts, "rank"),
	[REC_PARAM_PAGE] = P_PAGE(struct rec_query, page, "page", 1000000),
};
const struct params rec_list_params = PARAMS(struct rec_query, rows);

/* --- Items. */

struct response_mark rec_response_mark(const struct rec_view *v, enum lang lang, uint16_t value)
{
	const struct vocabulary *responses = v->concepts[REC_RESPONSE];
	const struct concept *c = value < responses->n ? &responses->concepts[value] : NULL;
	struct response_mark m = { .mark = "no" };

	if (!c)
		return m;
	m.label = c->brief[lang];
	if (str_eq(c->class, S("supported")))
		m.mark = "yes";
	else if (str_eq(c->class, S("pending")))
		m.mark = "wait";
	else if (str_starts(c->code, S("partially")))
		m.mark = "part";
	return m;
}

/* "Specific (5)" */
str rec_action_label(const struct rec_view *v, arena *a, enum lang lang, uint16_t value)
{
	const struct tr_arg args[] = {
		TR_ARG_PLAIN("label", rec_value_label(v, a, lang, REC_ACTION, value)),
		TR_ARG_PLAIN("code", rec_value_code(v, REC_ACTION, value)),
	};
	buf out = buf_new(a, 200);

	tr_plain(&out, lang, T_rec_action_code, args, COUNT_OF(args));
	return buf_str(&out);
}

/* What the units of an item say, each thing once. */
struct gathering {
	const struct rec_view *v;
	struct web *w;
	struct item_view *item;
	VEC(struct state_link) rs;
	VEC(struct response_mark) responses;
	VEC(struct tag_link) issues;
	uint16_t response_values[8];
	size_t n_response_values;
	bool issue_seen[256];
};

static void gather_response(struct gathering *g, uint32_t unit, str state)
{
	int value = rec_unit_value(g->v, unit, REC_RESPONSE);
	arena *a = g->w->arena;

	for (size_t i = 0; i < g->n_response_values; i++)
		if (g->response_values[i] == value) {
			buf joined = buf_new(a, 4096);

			buf_put(&joined, g->responses.p[i].states);
			buf_put(&joined, S(", "));
			buf_put(&joined, state);
			g->responses.p[i].states = buf_str(&joined);
			return;
		}
	if (value < 0 || g->n_response_values == COUNT_OF(g->response_values))
		return;
	g->response_values[g->n_response_values++] = (uint16_t)value;
	*vec_add(a, &g->responses) = rec_response_mark(g->v, g->w->lang, (uint16_t)value);
	g->responses.p[g->responses.n - 1].states = state;
}

static void gather_issues(struct gathering *g, uint32_t unit)
{
	uint16_t values[64];
	size_t n = index_unit_values(g->v->records->index, unit, REC_ISSUE, values,
				     COUNT_OF(values));
	arena *a = g->w->arena;

	for (size_t i = 0; i < n; i++) {
		if (values[i] >= COUNT_OF(g->issue_seen) || g->issue_seen[values[i]])
			continue;
		g->issue_seen[values[i]] = true;
		*vec_add(a, &g->issues) = (struct tag_link){
			.code = rec_value_code(g->v, REC_ISSUE, values[i]),
			.label = rec_value_label(g->v, a, g->w->lang, REC_ISSUE, values[i]),
		};
	}
}

static void gather_unit(struct gathering *g, uint32_t unit)
{
	int rs = rec_unit_value(g->v, unit, REC_RS);
	struct state_link link = { 0 };

	if (rs >= 0) {
		link.code = rec_value_code(g->v, REC_RS, (uint16_t)rs);
		link.name = rec_value_label(g->v, g->w->arena, g->w->lang, REC_RS, (uint16_t)rs);
		*vec_add(g->w->arena, &g->rs) = link;
	}
	gather_response(g, unit, link.name);
	gather_issues(g, unit);
}

static const struct {
	str code;
	enum tr_key text_in, name;
} languages[TEXT_LANG_COUNT_] = {
	[TEXT_EN] = { S_INIT("en"), T_rec_text_in_en, T_language_en },
	[TEXT_FR] = { S_INIT("fr"), T_rec_text_in_fr, T_language_fr },
	[TEXT_ES] = { S_INIT("es"), T_rec_text_in_es, T_language_es },
	[TEXT_PT] = { S_INIT("pt"), T_rec_text_in_pt, T_language_pt },
	[TEXT_RU] = { S_INIT("ru"), T_rec_text_in_ru, T_language_ru },
	[TEXT_AR] = { S_INIT("ar"), T_rec_text_in_ar, T_language_ar },
	[TEXT_ZH] = { S_INIT("zh"), T_rec_text_in_zh, T_language_zh },
};

str rec_language_name(enum lang lang, str code)
{
	enum text_lang l = text_lang_of(code);

	return languages[l].code.n ? tr_get(lang, languages[l].name) : code;
}

void rec_panels(struct web *w, const char *slot, const void *subject, buf *o)
{
	size_t before = o->n;

	if (web_panels(w, slot, subject, o) != OK)
		o->n = before;
}

static void fill_language(struct web *w, struct item_view *item, enum text_lang text_lang)
{
	str code = languages[text_lang].code;

	if (!code.n || str_eq(code, lang_code(w->lang)))
		return;
	item->lang = code;
	item->lang_name = tr_get(w->lang, languages[text_lang].text_in);
}

void rec_fill_item(struct web *w, const struct rec_view *v, uint32_t item, struct item_view *ret)
{
	const struct index *ix = v->records->index;
	const struct rec_item *kept = rec_item_of(v, item);
	struct gathering g = { .v = v, .w = w, .item = ret };
	int action = rec_unit_value(v, index_item_unit(ix, item), REC_ACTION);

	for (uint32_t unit = index_item_unit(ix, item); unit < index_item_unit(ix, item + 1);
	     unit++)
		gather_unit(&g, unit);
	*ret = (struct item_view){
		.code = str_of(kept->code),
		.sur = rec_value_code(v, REC_SUR, kept->sur),
		.session = rec_value_code(v, REC_SESSION, kept->session),
		.year = session_year(&v->calendar->sessions[kept->session]),
		.pledge = kept->kind == REC_KIND_PLEDGE || kept->kind == REC_KIND_SAMPLE_PLEDGE,
		.rs = g.rs.p,
		.n_rs = g.rs.n,
		.responses = g.responses.p,
		.n_responses = g.responses.n,
		.issues = g.issues.p,
		.n_issues = g.issues.n,
		.action = action < 0 ? S("")
				     : rec_action_label(v, w->arena, w->lang, (uint16_t)action),
	};
	ret->sur_name = rec_value_label(v, w->arena, w->lang, REC_SUR, kept->sur);
	ret->unnamed = !ret->pledge && ret->n_rs == 0;
	fill_language(w, ret, index_item_lang(ix, item));
	if (ret->n_responses == 1)
		ret->responses[0].states = S("");
}

void rec_link_issues(struct web *w, struct item_view *item)
{
	for (size_t i = 0; i < item->n_issues; i++) {
		struct url_builder b = link_begin(w, "recommendations");

		url_pair(&b, S("issue"), item->issues[i].code);
		item->issues[i].link = url_end(&b);
	}
}

static void fill_items(struct web *w, const struct rec_view *v, struct list_view *list)
{
	const struct index_result *r = &list->found->result;

	list->list = NEW_N(w->arena, struct item_view, r->n_hits);
	list->n = r->n_hits;
	for (size_t i = 0; i < r->n_hits; i++) {
		struct item_view *item = &list->list[i];

		rec_fill_item(w, v, r->hits[i].item, item);
		item->text = rec_snippet(v, list->found, r->hits[i].item, REC_SNIPPET);
		for (size_t k = 0; k < item->n_issues; k++)
			item->issues[k].link = link_with(w, REC_PARAM(REC_ISSUE),
							 item->issues[k].code);
	}
}

/* --- Facets. */

enum tr_key rec_column_title(enum rec_column column)
{
	static const enum tr_key titles[REC_COLUMNS] = {
		[REC_SUR] = T_facet_sur,
		[REC_RS] = T_facet_rs,
		[REC_SUR_GROUP] = T_facet_sur_group,
		[REC_RS_GROUP] = T_facet_rs_group,
		[REC_SUR_ORG] = T_facet_sur_org,
		[REC_RS_ORG] = T_facet_rs_org,
		[REC_SESSION] = T_facet_session,
		[REC_CYCLE] = T_facet_cycle,
		[REC_RESPONSE] = T_facet_response,
		[REC_ACTION] = T_facet_action,
		[REC_ISSUE] = T_facet_issue,
		[REC_SDG] = T_facet_sdg,
		[REC_KIND] = T_facet_kind,
	};

	return titles[column];
}

/* The order of facets on the page: what visitors narrow by most, first. */
static const enum rec_column shown[] = {
	REC_RESPONSE, REC_SUR,       REC_RS,       REC_ISSUE,   REC_ACTION, REC_SESSION, REC_CYCLE,
	REC_SDG,      REC_SUR_GROUP, REC_RS_GROUP, REC_SUR_ORG, REC_RS_ORG, REC_KIND,
};

static bool is_chosen(const struct rec_search *s, enum rec_column column, uint16_t value)
{
	for (size_t i = 0; i < s->filters[column].n; i++)
		if (s->filters[column].values[i] == value)
			return true;
	return false;
}

/* The counts of a column, and which of its values are chosen, as lists of any kind have them. */
static struct list_top find_top(arena *a, const struct rec_search *s,
				const struct index_count *counts, enum rec_column column, size_t n)
{
	const struct rec_filter *filter = &s->filters[column];
	uint32_t *items = NEW_N(a, uint32_t, n), *chosen = NEW_N(a, uint32_t, filter->n);

	for (size_t i = 0; i < n; i++)
		items[i] = counts[i].items;
	for (size_t i = 0; i < filter->n; i++)
		chosen[i] = filter->values[i];
	return list_top(items, n, chosen, filter->n);
}

static struct facet_value facet_value(struct web *w, const struct rec_view *v,
				      enum rec_column column, uint16_t value, uint32_t n)
{
	return (struct facet_value){
		.code = rec_value_code(v, column, value),
		.label = rec_value_label(v, w->arena, w->lang, column, value),
		.n = n,
	};
}

/* All other values that have items: States by name, others in the order of their scheme. */
static void fill_rest(struct web *w, const struct rec_view *v, const struct list_top *t,
		      const struct index_count *counts, enum rec_column column,
		      struct facet_view *f)
{
	bool by_name = column == REC_SUR || column == REC_RS;
	size_t n = v->records->layout.codes[column].n;

	f->rest = NEW_N(w->arena, struct facet_value, n);
	for (size_t i = 0; i < n; i++) {
		uint16_t value = by_name ? v->records->state_order[w->lang][i] : (uint16_t)i;

		if (counts[value].items && !list_top_has(t, value))
			f->rest[f->n_rest++] = facet_value(w, v, column, value,
							   counts[value].items);
	}
}

static void add_facet(struct web *w, const struct rec_view *v, const struct rec_search *s,
		      struct list_view *list, enum rec_column column)
{
	const struct index_count *counts = list->found->result.facets[column];
	struct list_top t = find_top(w->arena, s, counts, column,
				     v->records->layout.codes[column].n);
	struct facet_view *f;

	if (t.n == 0 || (column == REC_KIND && t.n == 1))
		return;
	f = vec_add(w->arena, &list->facets);
	*f = (struct facet_view){ .title = tr_get(w->lang, rec_column_title(column)),
				  .name = str_of(rec_column_names[column]),
				  .values = NEW_N(w->arena, struct facet_value, t.n),
				  .n = t.n,
				  .open = list->facets.n <= 4 || s->filters[column].n };
	for (size_t i = 0; i < t.n; i++) {
		struct facet_value *value = &f->values[i];

		*value = facet_value(w, v, column, (uint16_t)t.values[i],
				     counts[t.values[i]].items);
		value->chosen = i < t.n_chosen;
		value->link = value->chosen ? link_without(w, REC_PARAM(column), value->code)
					    : link_with(w, REC_PARAM(column), value->code);
	}
	list_percents(f->values, f->n);
	fill_rest(w, v, &t, counts, column, f);
}

static void add_chips(struct web *w, const struct rec_view *v, const struct rec_search *s,
		      struct list_view *list)
{
	for (int c = 0; c < REC_COLUMNS; c++)
		for (size_t i = 0; i < s->filters[c].n; i++) {
			uint16_t value = s->filters[c].values[i];

			*vec_add(w->arena, &list->chips) = (struct chip){
				.title = tr_get(w->lang, rec_column_title((enum rec_column)c)),
				.label = rec_value_label(v, w->arena, w->lang, (enum rec_column)c,
							 value),
				.whole = c == REC_SESSION || c == REC_CYCLE,
				.link = link_without(w, REC_PARAM(c),
						     rec_value_code(v, (enum rec_column)c, value)),
			};
		}
}

static void add_fields(struct web *w, const struct rec_query *q, struct list_view *list)
{
	for (int c = 0; c < REC_COLUMNS; c++)
		for (size_t i = 0; i < q->filters[c].n; i++)
			*vec_add(w->arena,
				 &list->fields) = (struct field_view){ str_of(rec_column_names[c]),
								       q->filters[c].p[i] };
	if (!str_eq(q->sort, S("rank")))
		*vec_add(w->arena, &list->fields) = (struct field_view){ S("sort"), q->sort };
}

/* --- How the query was read. */

static void add_notice(struct web *w, struct list_view *list, enum tr_key key,
		       const struct tr_arg *args, size_t n)
{
	buf out = buf_new(w->arena, 8192);

	tr_plain(&out, w->lang, key, args, n);
	*vec_add(w->arena, &list->notices) = buf_str(&out);
}

static bool has_word(str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (((s.p[i] | 0x20) >= 'a' && (s.p[i] | 0x20) <= 'z') ||
		    (s.p[i] >= '0' && s.p[i] <= '9') || (s.p[i] & 0x80))
			return true;
	return false;
}

/* The list of a State with what is left of the query; a bracket of its name is nothing. */
static url offer_link(struct web *w, str left, str param, str code)
{
	struct url_builder b = url_begin(w->arena, w->address.path);

	if (has_word(left))
		url_pair(&b, S("q"), left);
	url_pair(&b, param, code);
	return url_end(&b);
}

static void add_offer(struct web *w, const struct rec_view *v, struct list_view *list,
		      const struct query_notice *n)
{
	const struct rec_named *named = &v->lexicon->concepts.p[n->concept];
	str code = rec_value_code(v, REC_SUR, named->value);
	str left = list_with_words(w->arena, list->q, n->text, S(""));

	if (named->column != REC_SUR || list->offers.n >= 2)
		return;
	*vec_add(w->arena, &list->offers) = (struct offer_view){
		.name = state_name(v->states, w->lang, code),
		.received = offer_link(w, left, S("sur"), code),
		.made = offer_link(w, left, S("rs"), code),
	};
}

/* text:"what was typed", or the field that asks for its tag alone. */
static str one_side(const struct rec_view *v, arena *a, const struct query_notice *n, bool text)
{
	const struct rec_named *named = &v->lexicon->concepts.p[n->concept];
	buf out = buf_new(a, 8192);

	if (text)
		buf_printf(&out, "text:\"%" STR_F "\"", STR_A(n->text));
	else
		buf_printf(&out, "%s:%" STR_F, rec_column_names[named->column],
			   STR_A(rec_value_code(v, named->column, named->value)));
	return buf_str(&out);
}

static str joined_by_or(arena *a, str one, str other)
{
	buf out = buf_new(a, 8192);

	buf_put(&out, one);
	buf_put(&out, S(" OR "));
	buf_put(&out, other);
	return buf_str(&out);
}

/* A query that names subjects, once for the words alone and once for the tags alone. */
static void link_sides(struct web *w, const struct rec_view *v, struct list_view *list)
{
	const struct query *q = list->found->query;
	str text = list->q, subject = list->q, last = { 0 }, said = { 0 };

	for (size_t i = 0; i < q->n_notices; i++) {
		const struct query_notice *n = &q->notices[i];
		str tag;

		if (n->kind != QUERY_CONCEPT ||
		    v->lexicon->concepts.p[n->concept].column == REC_COLUMNS)
			continue;
		tag = one_side(v, w->arena, n, false);
		if (str_eq(last, n->text)) { /* these words name one more subject */
			tag = joined_by_or(w->arena, said, tag);
			subject = list_with_words(w->arena, subject, said, tag);
		} else {
			text = list_with_words(w->arena, text, n->text,
					       one_side(v, w->arena, n, true));
			subject = list_with_words(w->arena, subject, n->text, tag);
		}
		last = n->text;
		said = tag;
	}
	list->by_text = link_text(w, REC_PARAM_Q, text);
	list->by_subject = link_text(w, REC_PARAM_Q, subject);
}

/* --- Codes that mean nothing. */

static bool title_of_param(const void *ctx, struct web *w, str name, size_t *ret_param, str *ret)
{
	(void)ctx;
	for (int c = 0; c < REC_COLUMNS; c++)
		if (str_eq(name, str_of(rec_column_names[c]))) {
			*ret_param = REC_PARAM(c);
			*ret = tr_get(w->lang, rec_column_title((enum rec_column)c));
			return true;
		}
	return false;
}

static str label_of_code(const void *ctx, struct web *w, size_t param, str code)
{
	enum rec_column column = (enum rec_column)(param - REC_PARAM_FIRST);
	int value = rec_value_find(ctx, column, code);

	return rec_value_label(ctx, w->arena, w->lang, column, (uint16_t)value);
}

static void read_notices(struct web *w, const struct rec_view *v, struct list_view *list)
{
	const struct query *q = list->found->query;
	const struct index_result *r = &list->found->result;
	const struct list_words words = { title_of_param, label_of_code, v };

	for (size_t i = 0; i < q->n_notices; i++) {
		const struct query_notice *n = &q->notices[i];
		const struct tr_arg word = TR_ARG_PLAIN("word", n->text);

		if (n->kind == QUERY_TRUNCATED)
			add_notice(w, list, T_notice_truncated, NULL, 0);
		else if (n->kind == QUERY_UNKNOWN_VALUE)
			add_notice(w, list, T_notice_unknown_value, &word, 1);
		else if (n->kind == QUERY_SHORT_PREFIX)
			add_notice(w, list, T_notice_short_prefix, &word, 1);
		else if (n->kind == QUERY_OFFER)
			add_offer(w, v, list, n);
	}
	for (size_t i = 0; i < r->n_unknown; i++)
		if (r->unknown[i].near.n)
			*vec_add(w->arena, &list->spellings) = list_spelling(
				w, REC_PARAM_Q, list->q, r->unknown[i].word, r->unknown[i].near);
	if (r->subject_only)
		link_sides(w, v, list);
	list_unknown(w, &words, &list->unknown);
}

/* Nothing found: each filter with what the list would hold without it. */
static void add_drops(struct web *w, const struct rec_view *v, const struct rec_search *s,
		      struct list_view *list)
{
	for (size_t i = 0; i < list->found->n_filters; i++) {
		enum rec_column c = (enum rec_column)list->found->filters[i].column;
		buf labels = buf_new(w->arena, 4096), count = buf_new(w->arena, 256);
		const struct tr_arg n = TR_ARG_PLAIN("n",
						     (int64_t)list->found->result.dropped[i].items);

		if (!s->filters[c].n || !n.i)
			continue;
		tr_plain(&count, w->lang, T_count_n_recommendations, &n, 1);
		for (size_t k = 0; k < s->filters[c].n; k++) {
			buf_put(&labels, k ? S(", ") : S(""));
			buf_put(&labels,
				rec_value_label(v, w->arena, w->lang, c, s->filters[c].values[k]));
		}
		*vec_add(w->arena, &list->drops) = (struct drop_view){
			.title = tr_get(w->lang, rec_column_title(c)),
			.label = buf_str(&labels),
			.count = buf_str(&count),
			.link = link_clear(w, REC_PARAM(c)),
		};
	}
}

/* How many States a total speaks of: those with items, and of these the chosen ones when there is a filter,
 * since a facet's own counts ignore it. */
static uint32_t count_values(const struct rec_view *v, const struct rec_search *s,
			     const struct list_view *list, enum rec_column column)
{
	uint32_t n = 0;

	for (size_t i = 0; i < v->records->layout.codes[column].n; i++)
		n += list->found->result.facets[column][i].items > 0 &&
		     (s->filters[column].n == 0 || is_chosen(s, column, (uint16_t)i));
	return n;
}

void rec_list_make(struct web *w, const struct rec_view *v, const struct rec_query *q,
		   struct list_view *ret)
{
	struct rec_search s = rec_search_of(v, w->arena, w->lang, q);
	struct rec_found *found = NEW(w->arena, struct rec_found);
	int64_t page = q->page;

	rec_search(v, w->arena, &s, found);
	*ret = (struct list_view){ .q = q->q,
				   .found = found,
				   .items = found->result.total.items,
				   .attributions = found->result.total.attributions,
				   .kind = found->kind };
	/* A page that is not there is the first one. */
	if (q->page > 1 && s.first >= ret->items) {
		s.first = 0;
		page = 1;
		rec_search(v, w->arena, &s, found);
	}
	ret->n_sur = count_values(v, &s, ret, REC_SUR);
	ret->n_rs = count_values(v, &s, ret, REC_RS);
	fill_items(w, v, ret);
	for (size_t i = 0; i < COUNT_OF(shown); i++)
		add_facet(w, v, &s, ret, shown[i]);
	add_chips(w, v, &s, ret);
	add_fields(w, q, ret);
	read_notices(w, v, ret);
	if (!ret->items)
		add_drops(w, v, &s, ret);
	ret->pages = list_pages(w, REC_PARAM_PAGE, page, (ret->items + REC_PAGE - 1) / REC_PAGE);
}
