/* One recommendation, made ready for its page. It reads public.db, in the transaction of the request. */
#include "recommendation/recommendation_record_view.h"

#include <jansson.h>

#include "base/utf8.h"
#include "recommendation/recommendation.h"
#include "recommendation_public_sql.h"

static str words(struct web *w, enum tr_key key, const struct tr_arg *args, size_t n)
{
	buf out = buf_new(w->arena, 64 * 1024);

	tr_plain(&out, w->lang, key, args, n);
	return buf_str(&out);
}

static str date_words(struct web *w, str iso)
{
	struct date date;

	return date_parse(iso, &date) == OK ? date_long_str(w->arena, w->lang, date)
					    : tr_get(w->lang, T_as_of_no_date);
}

/* The list of recommendations to one State, or from another to it, or of one session. */
static url list_link(struct web *w, str sur, str rs, str session)
{
	struct url_builder b = link_begin(w, "recommendations");

	url_pair(&b, S("sur"), sur);
	if (rs.n)
		url_pair(&b, S("rs"), rs);
	if (session.n)
		url_pair(&b, S("session"), session);
	return url_end(&b);
}

static struct tag_link *tags_of(struct web *w, const struct rec_view *v, enum rec_column column,
				str codes, size_t *ret_n)
{
	VEC(struct tag_link) tags = { 0 };

	for (str rest = codes; rest.p && rest.n;) {
		str code = str_cut(&rest, ' ');
		int value = rec_value_find(v, column, code);
		struct url_builder b = link_begin(w, "recommendations");

		url_pair(&b, str_of(rec_column_names[column]), code);
		*vec_add(w->arena, &tags) = (struct tag_link){
			code,
			value < 0 ? code
				  : rec_value_label(v, w->arena, w->lang, column, (uint16_t)value),
			url_end(&b)
		};
	}
	*ret_n = tags.n;
	return tags.p;
}

static struct response_mark response_of(struct web *w, const struct rec_view *v, str code)
{
	int value = code.n ? rec_value_find(v, REC_RESPONSE, code) : -1;

	return value < 0 ? (struct response_mark){ .mark = "wait" }
			 : rec_response_mark(v, w->lang, (uint16_t)value);
}

/* The cells as they were read: a JSON list of texts beside one of names, or of pairs. */
static void read_raw(struct web *w, str columns, str raw, struct statement_view *s)
{
	json_t *names = json_loadb(columns.p, columns.n, 0, NULL),
	       *cells = json_loadb(raw.p, raw.n, 0, NULL);
	size_t n = json_array_size(cells);

	s->raw = NEW_N(w->arena, struct raw_cell, n);
	for (size_t i = 0; i < n; i++) {
		json_t *cell = json_array_get(cells, i), *name = json_array_get(names, i);

		if (json_is_array(cell)) {
			name = json_array_get(cell, 0);
			cell = json_array_get(cell, 1);
		}
		if (json_string_length(cell) == 0)
			continue;
		s->raw[s->n_raw++] = (struct raw_cell){
			arena_str(w->arena, str_of(json_string_value(name))),
			arena_str(w->arena,
				  (str){ json_string_value(cell), json_string_length(cell) }),
		};
	}
	json_decref(names);
	json_decref(cells);
}

static str number_of(struct web *w, int64_t n)
{
	buf out = buf_new(w->arena, 32);

	i18n_num(&out, w->lang, n);
	return buf_str(&out);
}

static struct statement_view statement_of(struct web *w, const struct rec_view *v,
					  const struct record_statements *row)
{
	struct statement_view s = {
		.publisher = row->publisher,
		.date = date_words(w, row->dated),
		.part = row->part,
		.sheet = row->sheet,
		.row = number_of(w, row->row_number),
		.response = response_of(w, v, row->response),
	};

	read_raw(w, row->columns, row->raw, &s);
	return s;
}

/* Where no source says which action is asked for, the first verb of an English text suggests one. */
static void suggest_action(struct web *w, const struct rec_view *v, const struct record_view *r,
			   struct attribution_view *a)
{
	int value = a->action.n || !r->english
			    ? -1
			    : rec_action_by_rule(v->concepts[REC_ACTION], r->text);

	a->action_by_rule = value >= 0;
	if (value >= 0)
		a->action = rec_action_label(v, w->arena, w->lang, (uint16_t)value);
}

static struct attribution_view attribution_of(struct web *w, const struct rec_view *v,
					      const struct record_view *r,
					      const struct record_attributions *row)
{
	struct attribution_view a = { .response = response_of(w, v, row->response) };
	buf action = buf_new(w->arena, 24);
	int value;

	if (row->rs.p) {
		a.rs = (struct state_link){ row->rs, state_name(v->states, w->lang, row->rs) };
		a.pair = list_link(w, r->sur, row->rs, S(""));
	}
	buf_i64(&action, row->action);
	value = row->action ? rec_value_find(v, REC_ACTION, buf_str(&action)) : -1;
	if (value >= 0)
		a.action = rec_action_label(v, w->arena, w->lang, (uint16_t)value);
	suggest_action(w, v, r, &a);
	a.issues = tags_of(w, v, REC_ISSUE, row->issues, &a.n_issues);
	a.sdgs = tags_of(w, v, REC_SDG, row->sdgs, &a.n_sdgs);
	return a;
}

static enum err read_attributions(struct web *w, const struct rec_view *v, int64_t id,
				  struct record_view *r)
{
	struct record_attributions *rows;
	struct record_statements *statements;
	size_t n_statements, at = 0;

	TRY(record_attributions(w->pub, w->arena, id, &rows, &r->n));
	TRY(record_statements(w->pub, w->arena, id, &statements, &n_statements));
	r->attributions = NEW_N(w->arena, struct attribution_view, r->n);
	for (size_t i = 0; i < r->n; i++) {
		struct attribution_view *a = &r->attributions[i];

		*a = attribution_of(w, v, r, &rows[i]);
		a->statements = NEW_N(w->arena, struct statement_view, n_statements);
		for (; at < n_statements && statements[at].position == rows[i].position; at++)
			a->statements[a->n_statements++] = statement_of(w, v, &statements[at]);
	}
	return OK;
}

static void describe_session(struct web *w, const struct rec_view *v, int64_t number,
			     struct record_view *r)
{
	const struct session *s = session_find(v->calendar, number);
	buf session = buf_new(w->arena, 24), cycle = buf_new(w->arena, 24);

	buf_i64(&session, number);
	r->session = buf_str(&session);
	r->session_date = s && s->starts.n ? date_words(w, str_to(s->starts, 7)) : S("");
	if (s)
		buf_i64(&cycle, s->cycle);
	r->cycle = buf_str(&cycle);
}

/* Everybody who recommended, in one line. */
static str all_names(struct web *w, const struct record_view *r)
{
	buf out = buf_new(w->arena, 64 * 1024);

	for (size_t i = 0; i < r->n; i++) {
		buf_put(&out, i && r->attributions[i].rs.name.n ? S(", ") : S(""));
		buf_put(&out, r->attributions[i].rs.name);
	}
	return out.n ? buf_str(&out) : tr_get(w->lang, T_rec_unnamed);
}

static void write_titles(struct web *w, struct record_view *r)
{
	const struct tr_arg args[] = {
		TR_ARG_PLAIN("rs", all_names(w, r)),        TR_ARG_PLAIN("sur", r->sur_name),
		TR_ARG_PLAIN("session", r->session),        TR_ARG_PLAIN("date", r->session_date),
		TR_ARG_PLAIN("text", utf8_to(r->text, 60)),
	};
	const struct tr_arg *sur = &args[1];
	const struct tr_arg cite[] = { args[0], args[1], args[2], args[3] };
	const struct tr_arg title[] = { args[0], args[1], args[2] };

	if (r->pledge) {
		r->heading = words(w, T_record_heading_pledge, sur, 1);
		r->title = words(w, T_record_title_pledge, args + 1, 2);
		r->cite = words(w, T_record_cite_pledge, args + 1, 3);
	} else {
		r->heading = words(w, T_record_heading, sur, 1);
		r->title = words(w, T_record_title, title, COUNT_OF(title));
		r->cite = words(w, T_record_cite_text, cite, COUNT_OF(cite));
	}
}

enum err rec_record_make(struct web *w, const struct rec_view *v, str code, struct record_view *ret)
{
	struct record_by_code row;
	struct url_builder address = url_begin(w->arena, S("/r"));

	TRY(record_by_code(w->pub, w->arena, code, &row));
	url_segment(&address, row.code);
	*ret = (struct record_view){
		.code = row.code,
		.text = row.text,
		.sur = row.sur,
		.sur_name = state_name(v->states, w->lang, row.sur),
		.pledge = str_eq(row.kind, S("pledge")),
		.english = str_eq(row.lang, S("en")),
		.sample = row.sample != 0,
		.address = link_absolute(w, url_end(&address)),
	};
	describe_session(w, v, row.session, ret);
	ret->same_review = list_link(w, row.sur, S(""), ret->session);
	ret->lang_name = rec_language_name(w->lang, row.lang);
	if (!str_eq(row.lang, lang_code(w->lang)))
		ret->lang = row.lang;
	TRY(read_attributions(w, v, row.id, ret));
	write_titles(w, ret);
	return OK;
}
