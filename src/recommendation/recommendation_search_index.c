/* Questions asked of the record: values and their names, searches, snippets. */
#include "recommendation/recommendation_index.h"
#include "base/per_thread.h"
#include "text/fold.h"
#include "text/near.h"

/* --- Values. */

int rec_value_find(const struct rec_view *v, enum rec_column column, str code)
{
	const int64_t *place = map_get(&v->records->layout.codes[column].places, code);

	return place ? (int)*place : -1;
}

int rec_value_find_nocase(const struct rec_view *v, enum rec_column column, str code)
{
	char upper[60], lower[60];
	size_t n = MIN(code.n, sizeof upper);
	int value;

	for (size_t i = 0; i < n; i++) {
		char c = code.p[i];

		upper[i] = c >= 'a' && c <= 'z' ? (char)(c - 32) : c;
		lower[i] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
	}
	value = rec_value_find(v, column, (str){ upper, n });
	return value >= 0 ? value : rec_value_find(v, column, (str){ lower, n });
}

str rec_value_code(const struct rec_view *v, enum rec_column column, uint16_t value)
{
	const struct rec_codes *codes = &v->records->layout.codes[column];

	return value < codes->n ? codes->p[value] : S("");
}

/* "Session 15 (2013)" */
static str session_label(const struct rec_view *v, arena *a, enum lang lang, uint16_t value)
{
	const struct session *s = value < v->calendar->n_sessions ? &v->calendar->sessions[value]
								  : NULL;
	str year = s ? session_year(s) : S("");
	const struct tr_arg args[] = { TR_ARG_PLAIN("number",
						    rec_value_code(v, REC_SESSION, value)),
				       TR_ARG_PLAIN("year", year) };
	buf out = buf_new(a, 200);

	tr_plain(&out, lang, year.n ? T_value_session_year : T_value_session, args, COUNT_OF(args));
	return buf_str(&out);
}

static str cycle_label(const struct rec_view *v, arena *a, enum lang lang, uint16_t value)
{
	const struct tr_arg number = TR_ARG_PLAIN("number", rec_value_code(v, REC_CYCLE, value));
	buf out = buf_new(a, 200);

	tr_plain(&out, lang, T_value_cycle, &number, 1);
	return buf_str(&out);
}

static str kind_label(enum lang lang, uint16_t value)
{
	static const enum tr_key keys[REC_KINDS] = { T_kind_recommendations, T_kind_pledges,
						     T_kind_samples, T_kind_sample_pledges };

	return value < REC_KINDS ? tr_get(lang, keys[value]) : S("");
}

str rec_value_label(const struct rec_view *v, arena *a, enum lang lang, enum rec_column column,
		    uint16_t value)
{
	const struct vocabulary *concepts = v->concepts[column];

	if (concepts)
		return value < concepts->n ? concepts->concepts[value].brief[lang] : S("");
	switch (column) {
	case REC_SUR:
	case REC_RS: return value < v->states->n ? v->states->p[value].name[lang] : S("");
	case REC_SESSION: return session_label(v, a, lang, value);
	case REC_CYCLE: return cycle_label(v, a, lang, value);
	case REC_KIND: return kind_label(lang, value);
	default: return S("");
	}
}

size_t rec_value_near(const struct rec_view *v, enum rec_column column, str text, str *ret,
		      size_t max)
{
	const struct rec_codes *codes = &v->records->layout.codes[column];
	arena *a = arena_new();
	struct near_name *names = NEW_N(a, struct near_name, 2 * codes->n);

	for (size_t i = 0; i < codes->n; i++) {
		str label = rec_value_label(v, a, LANG_EN, column, (uint16_t)i);

		names[2 * i] = (struct near_name){ fold_key(a, codes->p[i]), codes->p[i] };
		names[2 * i + 1] = (struct near_name){ fold_key(a, label), codes->p[i] };
	}
	max = near_several(fold_key(a, text), names, 2 * codes->n, ret, max);
	arena_free(a);
	return max;
}

/* --- Searching. */

static void *scratch_make(void)
{
	return index_scratch_new();
}

static void scratch_free(void *scratch)
{
	index_scratch_free(scratch);
}

/* Each thread has room of its own to search in, and keeps it. */
static struct index_scratch *thread_scratch(void)
{
	static struct per_thread scratches = PER_THREAD(scratch_make, scratch_free);

	return per_thread(&scratches);
}

/* "sur:FRA", "session:15", "issue:death-penalty" in the words of a query; names serve too. */
struct field {
	const struct rec_view *view;
	enum rec_column column;
};

static bool find_field(const void *ctx, str text, uint16_t *ret)
{
	const struct field *f = ctx;
	int value = rec_value_find(f->view, f->column, text);

	if (value < 0 && (f->column == REC_SUR || f->column == REC_RS))
		value = state_by_name(f->view->states, text);
	if (value < 0 && f->column == REC_ISSUE)
		value = concept_by_name(vocabulary_of(f->view->vocabularies, S("issue")), text);
	if (value < 0)
		return false;
	*ret = (uint16_t)value;
	return true;
}

static const struct query *parse(const struct rec_view *v, arena *a, const struct rec_search *s)
{
	struct field *ctx = NEW_N(a, struct field, REC_COLUMNS);
	struct query_field *fields = NEW_N(a, struct query_field, REC_COLUMNS);
	struct query_context context = { .lang = text_lang_of(lang_code(s->lang)),
					 .lexicon = v->lexicon->lexicon,
					 .fields = fields,
					 .n_fields = REC_COLUMNS };

	for (int c = 0; c < REC_COLUMNS; c++) {
		ctx[c] = (struct field){ v, (enum rec_column)c };
		fields[c] = (struct query_field){ str_of(rec_column_names[c]), (uint32_t)c,
						  find_field, &ctx[c] };
	}
	return query_parse(a, &context, s->q);
}

/* The filters as the index wants them. Without a kind, the usual one: numbers never mix kinds. */
static void make_filters(const struct rec_view *v, arena *a, const struct rec_search *s,
			 struct rec_found *f)
{
	f->filters = NEW_N(a, struct index_filter, REC_COLUMNS);
	f->kind = v->records->has_records ? REC_KIND_RECOMMENDATION : REC_KIND_SAMPLE;
	f->kind_chosen = s->filters[REC_KIND].n > 0;
	if (s->filters[REC_KIND].n == 1)
		f->kind = s->filters[REC_KIND].values[0];
	for (int c = 0; c < REC_COLUMNS; c++) {
		const struct rec_filter *filter = &s->filters[c];

		if (filter->n)
			f->filters[f->n_filters++] =
				(struct index_filter){ (uint32_t)c, filter->values, filter->n };
		else if (c == REC_KIND)
			f->filters[f->n_filters++] = (struct index_filter){ (uint32_t)c, &f->kind,
									    1 };
	}
}

static struct index_request request_of(const struct rec_view *v, const struct rec_search *s,
				       const struct rec_found *f)
{
	static const enum index_order orders[] = { [REC_SORT_RANK] = INDEX_BY_RANK,
						   [REC_SORT_DATE] = INDEX_BY_DATE,
						   [REC_SORT_STATE] = INDEX_BY_COLUMN_RANK };

	return (struct index_request){
		.query = f->query->n ? f->query : NULL,
		.known = v->known,
		.filters = f->filters,
		.n_filters = f->n_filters,
		.order = orders[s->sort],
		.rank_column = REC_SUR,
		.ranks = v->records->state_ranks[s->lang],
		.first = s->first,
		.count = s->count,
		.no_facets = s->no_facets,
	};
}

void rec_search(const struct rec_view *v, arena *a, const struct rec_search *s,
		struct rec_found *ret)
{
	struct index_request request;

	*ret = (struct rec_found){ .query = parse(v, a, s) };
	make_filters(v, a, s, ret);
	request = request_of(v, s, ret);
	index_search(v->records->index, thread_scratch(), a, &request, &ret->result);
	ret->marker = index_marker_new(v->records->index, thread_scratch(), a, ret->query);
}

struct index_list rec_search_all(const struct rec_view *v, arena *a, const struct rec_search *s)
{
	struct rec_found f = { .query = parse(v, a, s) };
	struct index_request request;

	make_filters(v, a, s, &f);
	request = request_of(v, s, &f);
	return index_list(v->records->index, thread_scratch(), a, &request);
}

struct index_snippet rec_snippet(const struct rec_view *v, const struct rec_found *f, uint32_t item,
				 size_t max)
{
	const struct index *ix = v->records->index;

	return index_snippet(f->marker, index_item_lang(ix, item), index_item_text(ix, item), max);
}

/* --- Items. */

const struct rec_item *rec_item_of(const struct rec_view *v, uint32_t item)
{
	return &v->records->items[index_item_key(v->records->index, item)];
}

int rec_unit_value(const struct rec_view *v, uint32_t unit, enum rec_column column)
{
	uint16_t value;

	return index_unit_values(v->records->index, unit, column, &value, 1) ? value : -1;
}

const struct rec_source *rec_newest_source(const struct rec_view *v, uint16_t kind)
{
	bool pledges = kind == REC_KIND_PLEDGE || kind == REC_KIND_SAMPLE_PLEDGE;

	/* Records stand before samples, newest first. */
	for (size_t i = 0; i < v->n_sources; i++)
		if (pledges ? v->sources[i].pledges : v->sources[i].recommendations)
			return &v->sources[i];
	return v->n_sources ? &v->sources[0] : NULL;
}

uint16_t rec_usual_kind(const struct rec_view *v)
{
	return v->records->has_records ? REC_KIND_RECOMMENDATION : REC_KIND_SAMPLE;
}
