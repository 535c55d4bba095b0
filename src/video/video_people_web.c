/* Pages of those who speak: a person, an organisation. Only public voices have them. */
#include "video/video_people_web.h"

#include "state/state.h"
#include "video/video_made_web.h"
#include "video_html.h"
#include "video_public_sql.h"

struct people_query {
	str code;
};
static const struct param people_rows[] = { PATH_TEXT(struct people_query, code, "code", 60) };
const struct params people_params = PARAMS(struct people_query, people_rows);

static enum err show(struct web *w, struct people_view *v)
{
	struct page page = { .nav = NAV_VOICES, .voices = true, .title = v->name.text };

	for (size_t i = 0; i < v->n; i++)
		page.samples |= v->entries[i].sample;
	video_people_page_html(w->out, w->lang, w, &page, v);
	return OK;
}

/* --- A person. */

/* "2012-2020", "since 2012", as far as known. */
static str years(struct web *w, str from, str to)
{
	buf o = buf_new(w->arena, 64);
	struct tr_arg year;

	from = str_to(from, 4);
	to = str_to(to, 4);
	if (from.n && to.n && !str_eq(from, to)) {
		buf_printf(&o, "%" STR_F "–%" STR_F, STR_A(from), STR_A(to));
	} else if (from.n && !to.n) {
		year = TR_ARG_PLAIN("year", from);
		tr_plain(&o, w->lang, T_video_since, &year, 1);
	} else {
		buf_put(&o, to);
	}
	return o.n ? buf_str(&o) : S("");
}

static enum err fill_post(struct web *w, const struct voice_person_posts *row,
			  struct post_view *ret)
{
	*ret = (struct post_view){ .years = years(w, row->starts, row->ends) };
	TRY(voice_said(w, S("post"), row->id, S("function"), S("en"), &ret->function));
	if (row->state.p)
		ret->state = state_name(states_of(w->pub->snapshot), w->lang, row->state);
	if (row->organisation_id.null)
		return OK;
	ret->of_page = voice_people_link(w, "organisations", row->organisation_code);
	return voice_said(w, S("organisation"), row->organisation_id.v, S("name"), S("en"),
			  &ret->organisation);
}

enum err voice_person_of(struct web *w, int64_t id, str *ret_name, struct post_view *ret_as,
			 url *ret_link)
{
	struct found_person_row row;
	struct voice_person_posts *posts;
	struct voice_person_videos *videos;
	size_t n;

	TRY(found_person_row(w->pub, w->arena, id, &row));
	TRY(voice_person_posts(w->pub, w->arena, id, &posts, &n));
	*ret_as = (struct post_view){ 0 };
	if (n)
		TRY(fill_post(w, &posts[0], ret_as));
	*ret_name = row.name;
	*ret_link = voice_people_link(w, "people", row.code);
	if (row.name.n)
		return OK;
	TRY(voice_person_videos(w->pub, w->arena, id, &videos, &n));
	if (n)
		*ret_link = voice_link_to(w, "v", videos[0].code, -1);
	return OK;
}

static bool is_same_post(const struct post_view *x, const struct post_view *y)
{
	return str_eq(x->function.text, y->function.text) && str_eq(x->state, y->state) &&
	       str_eq(x->organisation.text, y->organisation.text) && str_eq(x->years, y->years);
}

/* Each video has a function of its own: alike ones are one. */
static enum err fill_posts(struct web *w, int64_t id, struct people_view *v)
{
	struct voice_person_posts *rows;
	size_t n;

	TRY(voice_person_posts(w->pub, w->arena, id, &rows, &n));
	v->posts = NEW_N(w->arena, struct post_view, n);
	for (size_t i = 0; i < n; i++) {
		bool known = false;

		TRY(fill_post(w, &rows[i], &v->posts[v->n_posts]));
		for (size_t k = 0; k < v->n_posts; k++)
			known |= is_same_post(&v->posts[k], &v->posts[v->n_posts]);
		v->n_posts += !known;
	}
	return OK;
}

static enum err fill_moments(struct web *w, int64_t id, struct people_view *v)
{
	struct voice_person_moments *rows;

	TRY(voice_person_moments(w->pub, w->arena, id, &rows, &v->n_moments));
	v->moments = NEW_N(w->arena, struct moment_view, v->n_moments);
	for (size_t i = 0; i < v->n_moments; i++) {
		TRY(voice_moment_make(w, rows[i].id, rows[i].code, rows[i].starts, rows[i].ends,
				      rows[i].video_code, rows[i].lang, &v->moments[i]));
		TRY(voice_moment_video(w, rows[i].video_id, rows[i].video_code, rows[i].lang,
				       &v->moments[i]));
	}
	return OK;
}

enum err voice_person_page(struct web *w)
{
	const struct people_query *q = w->args;
	struct people_view v = { 0 };
	struct voice_person_videos *rows;
	struct voice_person row;
	enum err e = voice_person(w->pub, w->arena, q->code, &row);

	if (e != OK)
		return e == E_NOTFOUND ? voice_gone_or_none(w, q->code) : e;
	TRY(fill_posts(w, row.id, &v));
	v.name = row.name.n  ? (struct said){ .text = row.name }
		 : v.n_posts ? v.posts[0].function
			     : (struct said){ .text = tr_get(w->lang, T_video_speaker) };
	TRY(voice_person_videos(w->pub, w->arena, row.id, &rows, &v.n));
	v.entries = NEW_N(w->arena, struct library_entry, v.n);
	for (size_t i = 0; i < v.n; i++)
		TRY(voice_entry_make(w, rows[i].id, rows[i].code, rows[i].lang, rows[i].recorded,
				     rows[i].duration, rows[i].sample, &v.entries[i]));
	TRY(fill_moments(w, row.id, &v));
	return show(w, &v);
}

/* --- An organisation. */

static enum err fill_people(struct web *w, int64_t id, struct people_view *v)
{
	struct voice_organisation_people *rows;

	TRY(voice_organisation_people(w->pub, w->arena, id, &rows, &v->n_people));
	v->people = NEW_N(w->arena, struct voice_link, v->n_people);
	for (size_t i = 0; i < v->n_people; i++)
		v->people[i] = (struct voice_link){ rows[i].name,
						    voice_people_link(w, "people", rows[i].code) };
	return OK;
}

enum err voice_organisation_page(struct web *w)
{
	const struct people_query *q = w->args;
	struct people_view v = { 0 };
	struct voice_organisation_videos *rows;
	struct voice_organisation row;
	enum err e = voice_organisation(w->pub, w->arena, q->code, &row);

	if (e != OK)
		return e == E_NOTFOUND ? voice_gone_or_none(w, q->code) : e;
	TRY(voice_said(w, S("organisation"), row.id, S("name"), S("en"), &v.name));
	TRY(fill_people(w, row.id, &v));
	TRY(voice_organisation_videos(w->pub, w->arena, row.id, &rows, &v.n));
	v.entries = NEW_N(w->arena, struct library_entry, v.n);
	for (size_t i = 0; i < v.n; i++)
		TRY(voice_entry_make(w, rows[i].id, rows[i].code, rows[i].lang, rows[i].recorded,
				     rows[i].duration, rows[i].sample, &v.entries[i]));
	return show(w, &v);
}
