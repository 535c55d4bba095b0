/* Pages of States: the list, and one State. What the record says of it is added by panels. */
#include "state/state_view.h"
#include "state_html.h"

/* --- One State. */

struct state_query {
	str iso3;
};

static const struct states *states_now(const struct web *w)
{
	return states_of(w->pub->snapshot);
}

/* An ISO code in any case; a name serves too, and leads to the code. */
static bool find_state(struct web *w, const struct code_set *set, str given, str *ret)
{
	const struct states *all = states_now(w);
	buf upper = buf_new(w->arena, 16);
	int place;

	(void)set;
	for (size_t i = 0; i < given.n && given.n <= 3; i++)
		buf_byte(&upper, given.p[i] >= 'a' && given.p[i] <= 'z' ? (char)(given.p[i] - 32)
									: given.p[i]);
	place = state_find(all, buf_str(&upper));
	if (place < 0)
		place = state_by_name(all, given);
	if (place >= 0)
		*ret = all->p[place].iso3;
	return place >= 0;
}

static size_t near_state(struct web *w, const struct code_set *set, str given, str *ret, size_t max)
{
	const struct states *all = states_now(w);
	str name = state_nearest(all, given);
	int place = name.p ? state_by_name(all, name) : -1;

	(void)set;
	if (place < 0 || max == 0)
		return 0;
	ret[0] = all->p[place].iso3;
	return 1;
}

static const struct code_set state_codes = { find_state, near_state, NULL, 0 };
static const struct param state_rows[] = { PATH_CODE(struct state_query, iso3, "iso3",
						     &state_codes) };
static const struct params state_params = PARAMS(struct state_query, state_rows);

static str group_name(struct web *w, const struct state *s)
{
	const struct vocabularies *all = vocabularies_of(w->pub->snapshot);

	return s->group.p ? concept_label(vocabulary_of(all, S("group")), w->lang, s->group)
			  : tr_get(w->lang, s->observer ? T_state_observer : T_state_no_group);
}

/* The organisations as the library lists them, in one line. */
static str organisations(struct web *w, const struct state *s)
{
	const struct vocabularies *all = vocabularies_of(w->pub->snapshot);
	buf out = buf_new(w->arena, 4096);

	vec_each (struct state_member, m, &s->memberships) {
		buf_put(&out, out.n ? S(", ") : S(""));
		buf_put(&out, concept_label(vocabulary_of(all, S("organisation")), w->lang,
					    m->organisation));
	}
	return buf_str(&out);
}

static enum err state_page(struct web *w)
{
	const struct state_query *q = w->args;
	const struct states *all = states_now(w);
	const struct state *state = &all->p[state_find(all, q->iso3)];
	struct page page = { .nav = NAV_STATES };
	struct state_page_view view = { .name = state->name[w->lang],
					.group = group_name(w, state),
					.organisations = organisations(w, state) };
	buf title = buf_new(w->arena, 400), record = buf_new(w->arena, HTTP_BODY_MAX);
	const struct tr_arg name = TR_ARG_PLAIN("state", view.name);

	tr_plain(&title, w->lang, T_state_title, &name, 1);
	page.title = buf_str(&title);
	TRY(web_panels(w, "record", state, &record));
	TRY(record.err);
	view.record = (html){ buf_str(&record) };
	state_page_html(w->out, w->lang, w, &page, &view);
	return OK;
}

/* --- All States, by name, under the regional groups. */

static int compare_entries(const void *a, const void *b)
{
	return str_cmp(((const struct state_entry *)a)->key, ((const struct state_entry *)b)->key);
}

/* The States of one group; the last group holds the observers. */
static void fill_group(struct web *w, const struct states *all, str code, struct state_group *ret)
{
	VEC(struct state_entry) entries = { 0 };

	for (size_t i = 0; i < all->n; i++) {
		const struct state *s = &all->p[i];

		if (code.p ? !str_eq(s->group, code) : s->group.p != NULL)
			continue;
		*vec_add(w->arena, &entries) =
			(struct state_entry){ s->iso3, s->name[w->lang],
					      i18n_sort_key(w->arena, w->lang, s->name[w->lang]) };
	}
	if (entries.n)
		qsort(entries.p, entries.n, sizeof *entries.p, compare_entries);
	ret->entries = entries.p;
	ret->n = entries.n;
}

static enum err states_page(struct web *w)
{
	const struct states *all = states_now(w);
	const struct vocabularies *vocabularies = vocabularies_of(w->pub->snapshot);
	const struct vocabulary *groups = vocabulary_of(vocabularies, S("group"));
	struct page page = { .nav = NAV_STATES, .title = tr_get(w->lang, T_states_title) };
	struct states_view view = { NEW_N(w->arena, struct state_group, groups->n + 1),
				    groups->n + 1 };

	for (size_t i = 0; i < groups->n; i++) {
		view.groups[i].title = groups->concepts[i].label[w->lang];
		fill_group(w, all, groups->concepts[i].code, &view.groups[i]);
	}
	view.groups[groups->n].title = tr_get(w->lang, T_states_observers);
	fill_group(w, all, (str){ 0 }, &view.groups[groups->n]);
	states_page_html(w->out, w->lang, w, &page, &view);
	return OK;
}

static const struct route rows[] = {
	{ HTTP_GET, "/{lang}/states", states_page, WEB_PUBLIC, WEB_HTML | WEB_CACHE, &params_none,
	  "/en/states", 0 },
	{ HTTP_GET, "/{lang}/states/{iso3}", state_page, WEB_PUBLIC, WEB_HTML | WEB_CACHE,
	  &state_params, "/en/states/FRA", 0 },
};

const struct route_table state_routes = { rows, COUNT_OF(rows) };
