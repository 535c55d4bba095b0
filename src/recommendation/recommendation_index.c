/* public.db in, a segment of the snapshot out: the record and its index. */
#include "recommendation/recommendation_index.h"

#include "publish/segment.h"
#include "recommendation_public_sql.h"

const char *const rec_column_names[REC_COLUMNS] = {
	[REC_SUR] = "sur",           [REC_RS] = "rs",           [REC_SUR_GROUP] = "sur_group",
	[REC_RS_GROUP] = "rs_group", [REC_SUR_ORG] = "sur_org", [REC_RS_ORG] = "rs_org",
	[REC_SESSION] = "session",   [REC_CYCLE] = "cycle",     [REC_RESPONSE] = "response",
	[REC_ACTION] = "action",     [REC_ISSUE] = "issue",     [REC_SDG] = "sdg",
	[REC_KIND] = "kind",
};

/* --- Codes. */

/* The vocabulary that the values of a column are concepts of; NULL: they are something else. */
static const char *scheme_of(enum rec_column column)
{
	switch (column) {
	case REC_SUR_GROUP:
	case REC_RS_GROUP: return "group";
	case REC_SUR_ORG:
	case REC_RS_ORG: return "organisation";
	case REC_RESPONSE: return "response";
	case REC_ACTION: return "action";
	case REC_ISSUE: return "issue";
	case REC_SDG: return "sdg";
	default: return NULL;
	}
}

static void codes_add(arena *a, struct rec_codes *codes, size_t room, str code)
{
	if (!codes->p)
		codes->p = NEW_N(a, str, room);
	codes->p[codes->n] = arena_str(a, code);
	*map_put(a, &codes->places, codes->p[codes->n], NULL) = (int64_t)codes->n;
	codes->n++;
}

static str number(arena *a, int64_t n)
{
	buf b = buf_new(a, 24);

	buf_i64(&b, n);
	return buf_str(&b);
}

/* The sources that the layout follows from. */
struct materials {
	const struct vocabularies *vocabularies;
	const struct states *states;
	const struct calendar *calendar;
};

static struct rec_layout make_layout(arena *a, const struct materials *m)
{
	static const str kinds[REC_KINDS] = { S_INIT("recommendation"), S_INIT("pledge"),
					      S_INIT("sample"), S_INIT("sample-pledge") };
	struct rec_layout l = { 0 };

	for (int c = 0; c < REC_COLUMNS; c++) {
		const char *scheme = scheme_of((enum rec_column)c);
		const struct vocabulary *v = scheme ? vocabulary_of(m->vocabularies, str_of(scheme))
						    : NULL;

		for (size_t i = 0; v && i < v->n; i++)
			codes_add(a, &l.codes[c], v->n, v->concepts[i].code);
	}
	for (size_t i = 0; i < m->states->n; i++) {
		codes_add(a, &l.codes[REC_SUR], m->states->n, m->states->p[i].iso3);
		codes_add(a, &l.codes[REC_RS], m->states->n, m->states->p[i].iso3);
	}
	for (size_t i = 0; i < m->calendar->n_sessions; i++)
		codes_add(a, &l.codes[REC_SESSION], m->calendar->n_sessions,
			  number(a, m->calendar->sessions[i].number));
	for (size_t i = 0; i < m->calendar->n_cycles; i++)
		codes_add(a, &l.codes[REC_CYCLE], m->calendar->n_cycles,
			  number(a, m->calendar->cycles[i].number));
	for (size_t i = 0; i < REC_KINDS; i++)
		codes_add(a, &l.codes[REC_KIND], REC_KINDS, kinds[i]);
	return l;
}

static int place_of(const struct rec_layout *l, enum rec_column column, str code)
{
	const int64_t *place = map_get(&l->codes[column].places, code);

	return place ? (int)*place : -1;
}

/* --- Reviews: what follows from session and State under review. */

/* A table that grows row by row: what struct index_table wants. */
struct growing {
	VEC(uint32_t) starts;
	VEC(uint16_t) values;
};

static void grow_row(arena *a, struct growing *g)
{
	*vec_add(a, &g->starts) = (uint32_t)g->values.n;
}

static void grow_value(arena *a, struct growing *g, int value)
{
	if (value >= 0)
		*vec_add(a, &g->values) = (uint16_t)value;
}

struct building {
	arena *a;   /* of the building, gone when it is done */
	arena *row; /* of one row of the database */
	struct records *r;
	struct materials m;
	struct map groups; /* "21 FRA" -> group */
	struct growing by_group[REC_COLUMNS];
	struct growing rs_groups; /* regional group of each recommending State */
	uint32_t *dates;          /* session of each group */
	uint32_t n_groups;
	struct index_builder *builder;
	uint32_t *item_of; /* recommendation id -> item + 1 */
	struct rec_kind_of {
		uint8_t kind;
		uint16_t session; /* number */
	} * of_item;
};

/* Was the State a member when the session began? Without dates it always was. */
static bool is_member(const struct state_member *m, const struct session *session)
{
	str day = session ? session->starts : S("");

	return !(m->from.p && day.n && str_cmp(day, m->from) < 0) &&
	       !(m->to.p && day.n && str_cmp(day, m->to) > 0);
}

static str group_key(arena *a, str sur, int64_t session)
{
	buf key = buf_new(a, 64);

	buf_i64(&key, session);
	buf_byte(&key, ' ');
	buf_put(&key, sur);
	return buf_str(&key);
}

static void add_group(struct building *b, str sur, int64_t session_number)
{
	const struct rec_layout *l = &b->r->layout;
	const struct session *session = session_find(b->m.calendar, session_number);
	int place = state_find(b->m.states, sur);
	const struct state *state = place < 0 ? NULL : &b->m.states->p[place];

	for (int c = 0; c < REC_COLUMNS; c++)
		grow_row(b->a, &b->by_group[c]);
	grow_value(b->a, &b->by_group[REC_SUR], place_of(l, REC_SUR, sur));
	grow_value(b->a, &b->by_group[REC_SESSION],
		   place_of(l, REC_SESSION, number(b->a, session_number)));
	if (session)
		grow_value(b->a, &b->by_group[REC_CYCLE],
			   place_of(l, REC_CYCLE, number(b->a, session->cycle)));
	if (state) {
		grow_value(b->a, &b->by_group[REC_SUR_GROUP],
			   place_of(l, REC_SUR_GROUP, state->group));
		vec_each (struct state_member, m, &state->memberships)
			if (is_member(m, session))
				grow_value(b->a, &b->by_group[REC_SUR_ORG],
					   place_of(l, REC_SUR_ORG, m->organisation));
	}
	*map_put(b->a, &b->groups, group_key(b->a, sur, session_number), NULL) = b->n_groups;
	b->dates[b->n_groups++] = (uint32_t)session_number;
}

static enum err add_groups(struct building *b, struct public *pub)
{
	struct records_reviews *reviews;
	size_t n;

	TRY(records_reviews(pub, b->a, &reviews, &n));
	b->dates = NEW_N(b->a, uint32_t, n + 1);
	for (size_t i = 0; i < n; i++)
		add_group(b, reviews[i].sur, reviews[i].session);
	if (n == 0)
		add_group(b, S(""), 0); /* an index has at least one group */
	for (int c = 0; c < REC_COLUMNS; c++)
		grow_row(b->a, &b->by_group[c]); /* the end of the last */
	for (size_t i = 0; i < b->m.states->n; i++) {
		grow_row(b->a, &b->rs_groups);
		grow_value(b->a, &b->rs_groups,
			   place_of(&b->r->layout, REC_RS_GROUP, b->m.states->p[i].group));
	}
	grow_row(b->a, &b->rs_groups);
	return OK;
}

/* --- The index. */

static bool follows_from_review(int column)
{
	return column == REC_SUR || column == REC_SUR_GROUP || column == REC_SUR_ORG ||
	       column == REC_SESSION || column == REC_CYCLE;
}

static struct index_column column_of(const struct building *b, int column)
{
	struct index_column c = { .kind = INDEX_SINGLE,
				  .n_values = (uint32_t)b->r->layout.codes[column].n };

	if (follows_from_review(column)) {
		c.kind = INDEX_BY_GROUP;
		c.table = (struct index_table){ b->by_group[column].starts.p,
						b->by_group[column].values.p };
	} else if (column == REC_RS_GROUP) {
		c.kind = INDEX_BY_COLUMN;
		c.of = REC_RS;
		c.table = (struct index_table){ b->rs_groups.starts.p, b->rs_groups.values.p };
	} else if (column == REC_ISSUE || column == REC_SDG || column == REC_RS_ORG) {
		c.kind = INDEX_MULTI;
	}
	return c;
}

static void start_index(struct building *b)
{
	struct index_column columns[REC_COLUMNS];
	struct index_schema schema = { .columns = columns,
				       .n_columns = REC_COLUMNS,
				       .n_groups = b->n_groups,
				       .group_dates = b->dates,
				       .attribution = REC_RS };

	for (int c = 0; c < REC_COLUMNS; c++)
		columns[c] = column_of(b, c);
	b->builder = index_builder_new(&schema);
}

static uint8_t kind_of(const struct records_all *row)
{
	bool pledge = str_eq(row->kind, S("pledge"));

	return (uint8_t)(row->sample ? (pledge ? REC_KIND_SAMPLE_PLEDGE : REC_KIND_SAMPLE)
				     : (pledge ? REC_KIND_PLEDGE : REC_KIND_RECOMMENDATION));
}

static void add_item(struct building *b, const struct records_all *row)
{
	struct records *r = b->r;
	uint32_t key = (uint32_t)r->n_items, item;
	struct rec_item *kept = &r->items[r->n_items++];
	const int64_t *group = map_get(&b->groups, group_key(b->row, row->sur, row->session));

	kept->kind = kind_of(row);
	kept->sur = (uint16_t)MAX(place_of(&r->layout, REC_SUR, row->sur), 0);
	kept->session = (uint16_t)MAX(
		place_of(&r->layout, REC_SESSION, number(b->row, row->session)), 0);
	memcpy(kept->code, row->code.p, MIN(row->code.n, sizeof kept->code - 1));
	r->has_records = r->has_records || !row->sample;
	item = index_add_item(b->builder, key, group ? (uint32_t)*group : 0,
			      text_lang_of(row->lang), row->text);
	b->item_of[row->id] = item + 1;
	b->of_item[item] = (struct rec_kind_of){ kept->kind, (uint16_t)row->session };
}

static enum err add_items(struct building *b, struct public *pub)
{
	struct records_all_cursor c;
	struct records_all row;
	struct records_last_id last;

	TRY(records_last_id(pub, b->a, &last));
	b->item_of = NEW_N(b->a, uint32_t, (size_t)last.id + 1);
	b->of_item = NEW_N(b->a, struct rec_kind_of, (size_t)last.id + 1);
	b->r->items = NEW_N(b->r->a, struct rec_item, (size_t)last.id + 1);
	c = records_all_open(pub);
	while (records_all_next(&c, &row)) {
		arena_reset(b->row);
		add_item(b, &row);
	}
	return records_all_close(&c);
}

enum { TAGS_MAX = 128 };

struct tags {
	struct index_tag p[TAGS_MAX];
	size_t n;
};

static void add_tag(struct tags *t, enum rec_column column, int value)
{
	if (value >= 0 && t->n < TAGS_MAX)
		t->p[t->n++] = (struct index_tag){ (uint16_t)column, (uint16_t)value };
}

static void add_codes(const struct rec_layout *l, struct tags *t, enum rec_column column, str codes)
{
	for (str rest = codes; rest.p && rest.n;)
		add_tag(t, column, place_of(l, column, str_cut(&rest, ' ')));
}

static void add_unit(struct building *b, const struct records_attributions *row)
{
	const struct rec_layout *l = &b->r->layout;
	uint32_t item = b->item_of[row->recommendation_id];
	struct tags tags = { .n = 0 };
	int rs = row->rs.p ? place_of(l, REC_RS, row->rs) : -1;

	if (!item--)
		return;
	add_tag(&tags, REC_KIND, b->of_item[item].kind);
	add_tag(&tags, REC_RS, rs);
	add_codes(l, &tags, REC_RESPONSE, row->response);
	if (row->action)
		add_tag(&tags, REC_ACTION, place_of(l, REC_ACTION, number(b->row, row->action)));
	add_codes(l, &tags, REC_ISSUE, row->issues);
	add_codes(l, &tags, REC_SDG, row->sdgs);
	if (rs >= 0)
		vec_each (struct state_member, m, &b->m.states->p[rs].memberships)
			if (is_member(m, session_find(b->m.calendar, b->of_item[item].session)))
				add_tag(&tags, REC_RS_ORG,
					place_of(l, REC_RS_ORG, m->organisation));
	index_add_unit(b->builder, item, tags.p, tags.n);
}

static enum err add_units(struct building *b, struct public *pub)
{
	struct records_attributions_cursor c = records_attributions_open(pub);
	struct records_attributions row;

	while (records_attributions_next(&c, &row)) {
		arena_reset(b->row);
		add_unit(b, &row);
	}
	return records_attributions_close(&c);
}

/* --- States by name, in each language of the pages. */

struct named {
	str key;
	uint16_t place;
};

static int compare_named(const void *a, const void *b)
{
	return str_cmp(((const struct named *)a)->key, ((const struct named *)b)->key);
}

static void rank_states(struct building *b)
{
	size_t n = b->m.states->n;
	struct named *names = NEW_N(b->a, struct named, n);

	for (int lang = 0; lang < LANG_COUNT_; lang++) {
		b->r->state_ranks[lang] = NEW_N(b->r->a, uint16_t, n);
		for (size_t i = 0; i < n; i++)
			names[i] = (struct named){ i18n_sort_key(b->a, (enum lang)lang,
								 b->m.states->p[i].name[lang]),
						   (uint16_t)i };
		qsort(names, n, sizeof *names, compare_named);
		for (size_t i = 0; i < n; i++)
			b->r->state_ranks[lang][names[i].place] = (uint16_t)i;
		b->r->state_order[lang] = NEW_N(b->r->a, uint16_t, n);
		for (size_t i = 0; i < n; i++)
			b->r->state_order[lang][i] = names[i].place;
	}
}

/* --- The segment. */

static void records_release(void *segment)
{
	struct records *r = segment;

	index_free(r->index);
}

static enum err fill(struct building *b, struct public *pub)
{
	TRY(add_groups(b, pub));
	start_index(b);
	TRY(add_items(b, pub));
	return add_units(b, pub);
}

static enum err records_build(struct public *pub, void *const *so_far, arena *a, void **ret)
{
	struct records *r = NEW(a, struct records);
	struct building b = { .a = arena_new(),
			      .row = arena_new(),
			      .r = r,
			      .m = { so_far[SEGMENT_VOCABULARIES], so_far[SEGMENT_STATES],
				     so_far[SEGMENT_CALENDAR] } };
	enum err e;

	r->a = a;
	r->layout = make_layout(a, &b.m);
	rank_states(&b);
	e = fill(&b, pub);
	if (e == OK)
		r->index = index_build(b.builder);
	else
		index_builder_free(b.builder);
	arena_free(b.row);
	arena_free(b.a);
	*ret = r;
	return e;
}

static const char *const records_kinds[] = { "recommendation", "concept", "state", "review", NULL };

const struct segment_kind records_segment = { SEGMENT_RECORDS, records_kinds, records_build,
					      records_release, NULL };

/* --- Where it comes from. */

struct sources {
	struct rec_source *p;
	size_t n;
};

static enum err sources_build(struct public *pub, void *const *so_far, arena *a, void **ret)
{
	struct sources *s = NEW(a, struct sources);
	struct records_sources *rows;

	(void)so_far;
	TRY(records_sources(pub, a, &rows, &s->n));
	s->p = NEW_N(a, struct rec_source, s->n);
	for (size_t i = 0; i < s->n; i++)
		s->p[i] = (struct rec_source){ rows[i].publisher,   rows[i].dated,
					       rows[i].part,        rows[i].format,
					       rows[i].sample != 0, rows[i].recommendations != 0,
					       rows[i].pledges != 0 };
	*ret = s;
	return OK;
}

/* Records stand before samples in the list. */
static unsigned sources_flags(const void *segment)
{
	const struct sources *s = segment;

	return s->n && s->p[0].sample ? SNAPSHOT_SAMPLES : 0;
}

static const char *const sources_kinds[] = { "source", NULL };

const struct segment_kind sources_segment = { SEGMENT_SOURCES, sources_kinds, sources_build, NULL,
					      sources_flags };

/* --- What a query may name. */

/* Issues are tags; treaties and plain subjects only have other names. */
static void add_concepts(struct rec_lexicon *x, const struct vocabulary *v,
			 enum lexicon_action action)
{
	for (size_t i = 0; i < v->n; i++) {
		const struct concept *c = &v->concepts[i];
		const struct index_tag tag = { REC_ISSUE, (uint16_t)i };
		uint32_t id;

		if (!c->query)
			continue;
		id = lexicon_add(x->lexicon, action, &tag, action == LEXICON_TAG ? 1 : 0);
		*vec_add(x->a, &x->concepts) = (struct rec_named){
			action == LEXICON_TAG ? REC_ISSUE : REC_COLUMNS, (uint16_t)i, c
		};
		for (size_t n = 0; n < c->names.n; n++)
			if (!str_eq(c->names.p[n].kind, S("note")))
				lexicon_name(x->lexicon, id, text_lang_of(c->names.p[n].lang),
					     c->names.p[n].text);
	}
}

static void add_states(struct rec_lexicon *x, const struct states *states)
{
	for (size_t i = 0; i < states->n; i++) {
		const struct index_tag tags[] = { { REC_SUR, (uint16_t)i },
						  { REC_RS, (uint16_t)i } };
		uint32_t id = lexicon_add(x->lexicon, LEXICON_OFFER, tags, COUNT_OF(tags));

		*vec_add(x->a, &x->concepts) = (struct rec_named){ REC_SUR, (uint16_t)i, NULL };
		vec_each (struct state_name, n, &states->p[i].names)
			lexicon_name(x->lexicon, id, text_lang_of(n->lang), n->text);
	}
}

static enum err lexicon_build(struct public *pub, void *const *so_far, arena *a, void **ret)
{
	const struct vocabularies *all = so_far[SEGMENT_VOCABULARIES];
	struct rec_lexicon *x = NEW(a, struct rec_lexicon);

	(void)pub;
	x->a = a;
	x->lexicon = lexicon_new(a);
	add_concepts(x, vocabulary_of(all, S("issue")), LEXICON_TAG);
	add_concepts(x, vocabulary_of(all, S("treaty")), LEXICON_TEXT);
	add_concepts(x, vocabulary_of(all, S("concept")), LEXICON_TEXT);
	add_states(x, so_far[SEGMENT_STATES]);
	*ret = x;
	return OK;
}

static const char *const lexicon_kinds[] = { "concept", "concept-name", "state", "state-name",
					     NULL };

const struct segment_kind lexicon_segment = { SEGMENT_LEXICON, lexicon_kinds, lexicon_build, NULL,
					      NULL };

static enum err known_build(struct public *pub, void *const *so_far, arena *a, void **ret)
{
	const struct records *records = so_far[SEGMENT_RECORDS];
	const struct rec_lexicon *x = so_far[SEGMENT_LEXICON];
	uint32_t langs = 0;

	(void)pub;
	for (int lang = 0; lang < LANG_COUNT_; lang++)
		langs |= TEXT_LANG_BIT(text_lang_of(lang_code((enum lang)lang)));
	*ret = index_known_new(a, records->index, x->lexicon, langs);
	return OK;
}

static const char *const known_kinds[] = {
	"recommendation", "review", "concept", "concept-name", "state", "state-name", NULL
};

const struct segment_kind known_segment = { SEGMENT_KNOWN, known_kinds, known_build, NULL, NULL };

/* --- One request's view. */

struct rec_view rec_view_of(const struct snapshot *snapshot)
{
	const struct sources *sources = snapshot_segment(snapshot, SEGMENT_SOURCES);
	struct rec_view v = {
		.records = snapshot_segment(snapshot, SEGMENT_RECORDS),
		.vocabularies = vocabularies_of(snapshot),
		.states = states_of(snapshot),
		.calendar = calendar_of(snapshot),
		.lexicon = snapshot_segment(snapshot, SEGMENT_LEXICON),
		.known = snapshot_segment(snapshot, SEGMENT_KNOWN),
		.sources = sources->p,
		.n_sources = sources->n,
	};

	for (int c = 0; c < REC_COLUMNS; c++)
		if (scheme_of((enum rec_column)c))
			v.concepts[c] = vocabulary_of(v.vocabularies,
						      str_of(scheme_of((enum rec_column)c)));
	return v;
}
