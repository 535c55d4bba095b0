/* Blocks of the record on the pages of States and sessions. */
#include "recommendation/recommendation_panels_view.h"

#include "recommendation_panels_html.h"

enum { ISSUES = 8, OTHERS = 8, LATEST = 3 };

/* --- Searching with one filter, twice: everything, and what is supported. */

struct pair {
	struct rec_found all, supported;
};

/* Responses that statistics count as supported. */
static struct rec_filter supported_values(const struct rec_view *v, arena *a)
{
	const struct vocabulary *responses = vocabulary_of(v->vocabularies, S("response"));
	struct rec_filter f = { NEW_N(a, uint16_t, responses->n), 0 };

	for (size_t i = 0; i < responses->n; i++)
		if (str_eq(responses->concepts[i].class, S("supported")))
			f.values[f.n++] = (uint16_t)i;
	return f;
}

static struct pair search_pair(struct web *w, const struct rec_view *v, enum rec_column column,
			       uint16_t value)
{
	struct rec_search s = { .lang = w->lang, .sort = REC_SORT_DATE, .count = LATEST };
	struct pair p;

	s.filters[column] = (struct rec_filter){ &value, 1 };
	rec_search(v, w->arena, &s, &p.all);
	s.count = 0;
	s.filters[REC_RESPONSE] = supported_values(v, w->arena);
	rec_search(v, w->arena, &s, &p.supported);
	return p;
}

static url list_link(struct web *w, const struct rec_view *v, enum rec_column column,
		     uint16_t value, enum rec_column other, int other_value)
{
	struct url_builder b = link_begin(w, "recommendations");

	url_pair(&b, str_of(rec_column_names[column]), rec_value_code(v, column, value));
	if (other_value >= 0)
		url_pair(&b, str_of(rec_column_names[other]),
			 rec_value_code(v, other, (uint16_t)other_value));
	return url_end(&b);
}

/* --- Rows. */

static int compare_by_items(const void *a, const void *b)
{
	const struct count_row *x = a, *y = b;

	if (x->items != y->items)
		return x->items > y->items ? -1 : 1;
	return str_cmp(x->code, y->code);
}

/* A row for each value of COLUMN that has items, in the order of the values. */
static struct count_row *rows_of(struct web *w, const struct rec_view *v, const struct pair *p,
				 enum rec_column column, size_t *ret_n)
{
	const struct index_count *all = p->all.result.facets[column],
				 *yes = p->supported.result.facets[column];
	VEC(struct count_row) rows = { 0 };

	for (size_t i = 0; i < v->records->layout.codes[column].n; i++)
		if (all[i].items)
			*vec_add(w->arena, &rows) = (struct count_row){
				.label = rec_value_label(v, w->arena, w->lang, column, (uint16_t)i),
				.code = rec_value_code(v, column, (uint16_t)i),
				.items = all[i].items,
				.attributions = all[i].attributions,
				.supported = yes[i].items,
				.percent = (int)((uint64_t)yes[i].items * 100 / all[i].items),
			};
	*ret_n = rows.n;
	return rows.p;
}

static struct count_row *top_rows(struct web *w, const struct rec_view *v, const struct pair *p,
				  enum rec_column column, size_t most, size_t *ret_n)
{
	struct count_row *rows = rows_of(w, v, p, column, ret_n);

	if (*ret_n)
		qsort(rows, *ret_n, sizeof *rows, compare_by_items);
	*ret_n = MIN(*ret_n, most);
	return rows;
}

struct named_row {
	str key;
	struct count_row row;
};

static int compare_named(const void *a, const void *b)
{
	return str_cmp(((const struct named_row *)a)->key, ((const struct named_row *)b)->key);
}

static void sort_by_name(struct web *w, struct count_row *rows, size_t n)
{
	struct named_row *named = NEW_N(w->arena, struct named_row, n);

	for (size_t i = 0; i < n; i++)
		named[i] = (struct named_row){ i18n_sort_key(w->arena, w->lang, rows[i].label),
					       rows[i] };
	if (n)
		qsort(named, n, sizeof *named, compare_named);
	for (size_t i = 0; i < n; i++)
		rows[i] = named[i].row;
}

static void link_rows(struct web *w, const struct rec_view *v, struct count_row *rows, size_t n,
		      enum rec_column fixed, uint16_t value, enum rec_column column)
{
	for (size_t i = 0; i < n; i++)
		rows[i].link = list_link(w, v, fixed, value, column,
					 rec_value_find(v, column, rows[i].code));
}

static void reverse(struct count_row *rows, size_t n)
{
	for (size_t i = 0; i < n / 2; i++) {
		struct count_row swap = rows[i];

		rows[i] = rows[n - 1 - i];
		rows[n - 1 - i] = swap;
	}
}

/* "Session 15" and, below, "2013, cycle 2". */
static void name_sessions(struct web *w, const struct rec_view *v, struct count_row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		int value = rec_value_find(v, REC_SESSION, rows[i].code);
		const struct session *s = &v->calendar->sessions[value];
		const struct tr_arg number = TR_ARG_PLAIN("number", rows[i].code);
		const struct tr_arg note[] = { TR_ARG_PLAIN("year", session_year(s)),
					       TR_ARG_PLAIN("cycle", s->cycle) };
		buf label = buf_new(w->arena, 200), below = buf_new(w->arena, 200);

		tr_plain(&label, w->lang, T_value_session, &number, 1);
		tr_plain(&below, w->lang, T_table_cycle_year, note, COUNT_OF(note));
		rows[i].label = buf_str(&label);
		rows[i].note = buf_str(&below);
	}
}

static uint32_t count_used(const struct rec_view *v, const struct pair *p, enum rec_column column)
{
	uint32_t n = 0;

	for (size_t i = 0; i < v->records->layout.codes[column].n; i++)
		n += p->all.result.facets[column][i].items > 0;
	return n;
}

/* --- A State. */

static struct side_view side_of(struct web *w, const struct rec_view *v, enum rec_column column,
				uint16_t value)
{
	enum rec_column other = column == REC_SUR ? REC_RS : REC_SUR;
	struct pair p = search_pair(w, v, column, value);
	struct side_view side = { .items = p.all.result.total.items,
				  .attributions = p.all.result.total.attributions,
				  .supported = p.supported.result.total.items,
				  .all = list_link(w, v, column, value, other, -1) };

	side.sessions = rows_of(w, v, &p, REC_SESSION, &side.n_sessions);
	reverse(side.sessions, side.n_sessions);
	name_sessions(w, v, side.sessions, side.n_sessions);
	side.cycles = rows_of(w, v, &p, REC_CYCLE, &side.n_cycles);
	reverse(side.cycles, side.n_cycles);
	side.n_all_others = count_used(v, &p, other);
	side.issues = top_rows(w, v, &p, REC_ISSUE, ISSUES, &side.n_issues);
	side.others = top_rows(w, v, &p, other, OTHERS, &side.n_others);
	link_rows(w, v, side.sessions, side.n_sessions, column, value, REC_SESSION);
	link_rows(w, v, side.cycles, side.n_cycles, column, value, REC_CYCLE);
	link_rows(w, v, side.issues, side.n_issues, column, value, REC_ISSUE);
	link_rows(w, v, side.others, side.n_others, column, value, other);
	side.latest = NEW_N(w->arena, struct item_view, p.all.result.n_hits);
	side.n_latest = p.all.result.n_hits;
	for (size_t i = 0; i < side.n_latest; i++) {
		rec_fill_item(w, v, p.all.result.hits[i].item, &side.latest[i]);
		side.latest[i].text = rec_snippet(v, &p.all, p.all.result.hits[i].item,
						  REC_SNIPPET);
		rec_link_issues(w, &side.latest[i]);
	}
	return side;
}

static enum err state_panel(struct web *w, const void *subject, buf *o)
{
	const struct state *state = subject;
	const struct rec_view v = rec_view_of(w->pub->snapshot);
	int value = rec_value_find(&v, REC_SUR, state->iso3);
	struct state_view view = { .name = state->name[w->lang],
				   .as_of = rec_as_of_view(w, &v, rec_usual_kind(&v)) };

	if (value < 0)
		return OK;
	if (!state->observer)
		view.received = side_of(w, &v, REC_SUR, (uint16_t)value);
	view.made = side_of(w, &v, REC_RS, (uint16_t)value);
	rec_state_panel(o, w->lang, &view);
	return OK;
}

/* --- A session. */

static enum err session_panel(struct web *w, const void *subject, buf *o)
{
	const struct session *session = subject;
	const struct rec_view v = rec_view_of(w->pub->snapshot);
	buf number = buf_new(w->arena, 24);
	struct session_view view = { .as_of = rec_as_of_view(w, &v, rec_usual_kind(&v)) };
	struct pair p;
	int value;

	buf_i64(&number, session->number);
	view.number = buf_str(&number);
	value = rec_value_find(&v, REC_SESSION, view.number);
	if (value < 0)
		return OK;
	p = search_pair(w, &v, REC_SESSION, (uint16_t)value);
	view.items = p.all.result.total.items;
	view.attributions = p.all.result.total.attributions;
	view.supported = p.supported.result.total.items;
	view.states = rows_of(w, &v, &p, REC_SUR, &view.n_states);
	sort_by_name(w, view.states, view.n_states);
	view.issues = top_rows(w, &v, &p, REC_ISSUE, ISSUES, &view.n_issues);
	link_rows(w, &v, view.states, view.n_states, REC_SESSION, (uint16_t)value, REC_SUR);
	link_rows(w, &v, view.issues, view.n_issues, REC_SESSION, (uint16_t)value, REC_ISSUE);
	view.all = list_link(w, &v, REC_SESSION, (uint16_t)value, REC_SUR, -1);
	rec_session_panel(o, w->lang, &view);
	return OK;
}

static const struct panel rows[] = {
	{ "/{lang}/states/{iso3}", "record", 1, state_panel, 0 },
	{ "/{lang}/sessions/{number}", "record", 1, session_panel, 0 },
};

const struct panel_table recommendation_panels = { rows, COUNT_OF(rows) };
