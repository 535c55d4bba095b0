#include "corpus.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/map.h"
#include "text/csv.h"

enum {
	COPIES_MAX = 64,
	SESSIONS = 21, /* of the export */
	GROUPS_MAX = 1 << 16,
	MEMBERS_MAX = 16,
};

static const char *const files[] = {
	"01-06-UPR-INFO-DATABASE-EXPORT-2018_07_25-20_19_03.csv",
	"07-10-UPR-INFO-DATABASE-EXPORT-2018_07_25-20_20_28.csv",
	"11-14-UPR-INFO-DATABASE-EXPORT-2018_07_25-20_22_08.csv",
	"15-18-UPR-INFO-DATABASE-EXPORT-2018_07_25-20_22_51.csv",
	"19-21-UPR-INFO-DATABASE-EXPORT-2018_07_25-20_23_33.csv",
};

/* One row as it is read or made up: names, not yet numbers. */
struct row {
	str sur, sur_group, sur_orgs, text, rs, rs_group, rs_orgs, response, action, issues;
	uint32_t session;
	enum text_lang lang;
};

/* Names of the values of a column, numbered as they come. */
struct numbering {
	struct map by_name;
	VEC(str) names;
};

/* What a State is a member of. */
struct member {
	uint16_t group;
	uint16_t orgs[MEMBERS_MAX];
	uint32_t n_orgs;
	bool known;
};

struct loader {
	arena *a;
	struct corpus *c;
	uint32_t max;
	struct numbering state, group, org, response, action, issue;
	struct member members[1024];
	struct map items, groups;
	VEC(struct corpus_item) found_items;
	VEC(struct corpus_unit) found_units;
	VEC(uint32_t) group_state;
	VEC(uint32_t) group_session;
};

static uint16_t number_of(struct loader *l, struct numbering *n, str name)
{
	bool fresh;
	int64_t *place = map_get(&n->by_name, name);

	if (place)
		return (uint16_t)*place;
	name = arena_str(l->a, name);
	place = map_put(l->a, &n->by_name, name, &fresh);
	*place = (int64_t)n->names.n;
	*vec_add(l->a, &n->names) = name;
	return (uint16_t)*place;
}

static uint16_t state_of(struct loader *l, str name, str group, str orgs)
{
	uint16_t state = number_of(l, &l->state, name);
	struct member *m = &l->members[state];

	if (!m->known) {
		m->known = true;
		m->group = group.n ? number_of(l, &l->group, group) : INDEX_NONE;
		for (str rest = orgs; rest.p && m->n_orgs < MEMBERS_MAX;) {
			str org = str_trim(str_cut(&rest, ','));
			if (org.n)
				m->orgs[m->n_orgs++] = number_of(l, &l->org, org);
		}
	}
	return state;
}

static uint32_t group_of(struct loader *l, uint16_t sur, uint32_t session)
{
	char key[32];
	int n = snprintf(key, sizeof key, "%u %u", sur, session);
	str text = { key, (size_t)n };
	int64_t *place = map_get(&l->groups, text);
	bool fresh;

	if (place)
		return (uint32_t)*place;
	place = map_put(l->a, &l->groups, arena_str(l->a, text), &fresh);
	*place = (int64_t)l->group_state.n;
	*vec_add(l->a, &l->group_state) = sur;
	*vec_add(l->a, &l->group_session) = session;
	return (uint32_t)*place;
}

static uint32_t item_of(struct loader *l, uint32_t group, str text, enum text_lang lang)
{
	buf key = buf_new(l->a, 1 << 20);
	int64_t *place;
	bool fresh;

	buf_u64(&key, group);
	buf_byte(&key, ' ');
	fold_identity(&key, text);
	place = map_get(&l->items, buf_str(&key));
	if (place)
		return (uint32_t)*place;
	place = map_put(l->a, &l->items, buf_str(&key), &fresh);
	*place = (int64_t)l->found_items.n;
	*vec_add(l->a, &l->found_items) = (struct corpus_item){ group, lang, text };
	return (uint32_t)*place;
}

static void tag(struct corpus_unit *u, enum corpus_column column, uint32_t value)
{
	if (u->n < COUNT_OF(u->values))
		u->values[u->n++] = (struct index_tag){ (uint16_t)column, (uint16_t)value };
}

/* One unit in a hundred is a pledge, which no State recommended. */
static void add_row(struct loader *l, const struct row *r, uint32_t copy)
{
	uint16_t sur = state_of(l, r->sur, r->sur_group, r->sur_orgs);
	bool pledge = l->found_units.n % 100 == 7;
	bool unknown = str_find(r->rs, S("nknown")) != STR_NONE || r->rs.n == 0;
	struct corpus_unit u = { 0 };

	if (l->found_units.n >= l->max)
		return;
	u.item = item_of(l, group_of(l, sur, r->session + copy * SESSIONS), r->text, r->lang);
	if (!pledge && !unknown)
		tag(&u, CORPUS_RS, state_of(l, r->rs, r->rs_group, r->rs_orgs));
	tag(&u, CORPUS_KIND, pledge);
	tag(&u, CORPUS_RESPONSE, number_of(l, &l->response, r->response));
	if (!pledge)
		tag(&u, CORPUS_ACTION, number_of(l, &l->action, r->action));
	for (str rest = r->issues; rest.p;) {
		str issue = str_trim(str_cut(&rest, ','));
		uint16_t v;

		if (issue.n == 0)
			continue;
		v = number_of(l, &l->issue, issue);
		tag(&u, CORPUS_ISSUE, v);
		tag(&u, CORPUS_SDG, (v * 7u + 3) % 17);
	}
	*vec_add(l->a, &l->found_units) = u;
}

/* --- The export -------------------------------------------------------------------------------------- */

static bool slurp(arena *a, const char *folder, const char *name, str *ret)
{
	char path[256];
	int fd;
	off_t size;
	char *p;

	snprintf(path, sizeof path, "../shared/data/%s/%s", folder, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	size = lseek(fd, 0, SEEK_END);
	p = arena_alloc_raw(a, (size_t)size);
	*ret = (str){ p, (size_t)pread(fd, p, (size_t)size, 0) };
	close(fd);
	return true;
}

static bool read_rows(arena *a, void (*each)(void *, const struct row *), void *ctx)
{
	for (size_t i = 0; i < COUNT_OF(files); i++) {
		struct csv_options options = { .delimiter = ';' };
		struct csv_row f;
		struct source source;
		struct csv *csv;
		str text;

		if (!slurp(a, "recommendations/upr-info-2018", files[i], &text))
			return false;
		text = str_from(text, 3); /* the byte order mark */
		source = source_of_str(&text);
		csv = csv_new(a, &source, &options);
		while (csv_next(csv, &f) == OK) {
			struct row r = { 0 };
			int64_t session;

			if (f.n != 11 || !str_to_i64(f.fields[10], &session))
				continue;
			r = (struct row){ f.fields[0],       f.fields[1],
					  f.fields[2],       arena_str(a, f.fields[3]),
					  f.fields[4],       f.fields[5],
					  f.fields[6],       f.fields[7],
					  f.fields[8],       f.fields[9],
					  (uint32_t)session, TEXT_EN };
			each(ctx, &r);
		}
	}
	return true;
}

struct rows {
	arena *a;
	VEC(struct row) rows;
};

static void keep_row(void *ctx, const struct row *r)
{
	struct rows *all = ctx;
	struct row *kept = vec_add(all->a, &all->rows);

	*kept = *r;
	kept->sur = arena_str(all->a, r->sur);
	kept->sur_group = arena_str(all->a, r->sur_group);
	kept->sur_orgs = arena_str(all->a, r->sur_orgs);
	kept->rs = arena_str(all->a, r->rs);
	kept->rs_group = arena_str(all->a, r->rs_group);
	kept->rs_orgs = arena_str(all->a, r->rs_orgs);
	kept->response = arena_str(all->a, r->response);
	kept->action = arena_str(all->a, r->action);
	kept->issues = arena_str(all->a, r->issues);
}

/* --- Made up ----------------------------------------------------------------------------------------- */

static uint32_t dice(uint64_t *state, uint32_t sides)
{
	*state = *state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)((*state >> 33) % sides);
}

/* A number below N, small ones more often, as words are. */
static uint32_t natural(uint64_t *state, uint32_t n)
{
	uint32_t a = dice(state, n) + 1, b = dice(state, n) + 1;

	return (uint32_t)((uint64_t)(a - 1) * b / n * dice(state, n) / n);
}

static str make_text(arena *a, uint64_t *dice_state)
{
	static const char *const known[] = {
		"the",
		"of",
		"and",
		"to",
		"rights",
		"human",
		"women",
		"children",
		"ratify",
		"torture",
		"convention",
		"protect",
		"violence",
		"against",
		"national",
		"mechanism",
		"preventive",
		"death",
		"penalty",
		"education",
		"measures",
		"police",
		"detention",
		"OP-CAT",
		"OPCAT",
		"anti-discrimination",
		"discrimination",
		"discriminatory",
		"l'enfant",
		"women's",
		"albinism",
		"disappearances",
	};
	static const char *const ends[] = { "", "s", "ing", "ed", "ation", "er" };
	buf b = buf_new(a, 4096);

	for (uint32_t n = 4 + dice(dice_state, 30); n > 0; n--) {
		uint32_t w = natural(dice_state, 12000);

		if (w < COUNT_OF(known))
			buf_printf(&b, "%s ", known[w]);
		else
			buf_printf(&b, "w%uk%s ", w / 6, ends[w % 6]);
	}
	return buf_str(&b);
}

static void make_rows(struct rows *all, uint32_t n)
{
	static const char *const groups[] = { "Africa", "Asia", "EEG", "GRULAC", "WEOG" };
	uint64_t s = 20180725;
	str text = { NULL, 0 };

	for (uint32_t i = 0; i < n; i++) {
		uint32_t sur = i / 60 % 193, rs = dice(&s, 170);
		buf name = buf_new(all->a, 64), from = buf_new(all->a, 64);
		buf issues = buf_new(all->a, 256), org = buf_new(all->a, 64);

		if (i % 33 || !text.p)
			text = make_text(all->a, &s);
		buf_printf(&name, "State %u", sur);
		buf_printf(&from, "State %u", rs);
		buf_printf(&org, "O%u, O%u", sur % 7, 7 + sur / 3 % 5); /* never the same twice */
		for (uint32_t k = 1 + dice(&s, 3); k > 0; k--)
			buf_printf(&issues, "Issue %u,", natural(&s, 56));
		*vec_add(all->a,
			 &all->rows) = (struct row){ buf_str(&name),
						     str_of(groups[sur % 5]),
						     buf_str(&org),
						     text,
						     buf_str(&from),
						     str_of(groups[rs % 5]),
						     buf_str(&org),
						     dice(&s, 4) ? S("Supported") : S("Noted"),
						     dice(&s, 2) ? S("5") : S("4"),
						     buf_str(&issues),
						     1 + i / 60 / 193 * 7 % SESSIONS,
						     i % 5 ? TEXT_EN : TEXT_FR };
	}
}

/* --- Columns ----------------------------------------------------------------------------------------- */

/* A table with room for PER values a key. */
static void table_begin(struct loader *l, struct index_column *c, uint32_t keys, uint32_t per,
			uint32_t **ret_starts, uint16_t **ret_values)
{
	*ret_starts = NEW_N(l->a, uint32_t, keys + 1);
	*ret_values = NEW_N(l->a, uint16_t, (size_t)keys * per);
	c->table = (struct index_table){ *ret_starts, *ret_values };
}

static uint32_t values_of_state(const struct loader *l, uint32_t state, bool org, uint16_t *ret)
{
	const struct member *m = &l->members[state];

	if (!org && m->group != INDEX_NONE)
		ret[0] = m->group;
	for (uint32_t i = 0; org && i < m->n_orgs; i++)
		ret[i] = m->orgs[i];
	return org ? m->n_orgs : m->group != INDEX_NONE;
}

static void column_of_group(struct loader *l, struct index_column *c, enum corpus_column which)
{
	uint32_t n = (uint32_t)l->group_state.n, *starts;
	uint16_t *values;

	table_begin(l, c, n, MEMBERS_MAX, &starts, &values);
	for (uint32_t g = 0; g < n; g++) {
		uint32_t session = l->group_session.p[g], state = l->group_state.p[g];
		uint16_t *to = values + starts[g];
		uint32_t added = 1;

		if (which == CORPUS_SUR)
			*to = (uint16_t)state;
		else if (which == CORPUS_SESSION)
			*to = (uint16_t)session;
		else if (which == CORPUS_CYCLE)
			*to = (uint16_t)((session - 1) / SESSIONS * 2 +
					 ((session - 1) % SESSIONS >= 12));
		else
			added = values_of_state(l, state, which == CORPUS_SUR_ORG, to);
		starts[g + 1] = starts[g] + added;
	}
	c->kind = INDEX_BY_GROUP;
}

static void column_of_state(struct loader *l, struct index_column *c, bool org)
{
	uint32_t n = (uint32_t)l->state.names.n, *starts;
	uint16_t *values;

	table_begin(l, c, n, MEMBERS_MAX, &starts, &values);
	for (uint32_t s = 0; s < n; s++)
		starts[s + 1] = starts[s] + values_of_state(l, s, org, values + starts[s]);
	c->kind = INDEX_BY_COLUMN;
	c->of = CORPUS_RS;
}

static void make_columns(struct loader *l)
{
	static const char *const names[] = { "sur",      "rs",     "sur_group", "rs_group",
					     "sur_org",  "rs_org", "session",   "cycle",
					     "response", "action", "issue",     "sdg",
					     "kind" };
	const struct numbering *of[CORPUS_COLUMNS] = { &l->state,  &l->state, &l->group,
						       &l->group,  &l->org,   &l->org,
						       NULL,       NULL,      &l->response,
						       &l->action, &l->issue };
	struct index_column *columns = NEW_N(l->a, struct index_column, CORPUS_COLUMNS);
	static const uint32_t sizes[CORPUS_COLUMNS] = { [CORPUS_SESSION] = COPIES_MAX * SESSIONS +
									   1,
							[CORPUS_CYCLE] = COPIES_MAX * 2,
							[CORPUS_SDG] = 17,
							[CORPUS_KIND] = 3 };

	for (uint32_t i = 0; i < CORPUS_COLUMNS; i++) {
		l->c->names[i] = names[i];
		columns[i].kind = i == CORPUS_ISSUE || i == CORPUS_SDG ? INDEX_MULTI : INDEX_SINGLE;
		columns[i].n_values = of[i] ? (uint32_t)of[i]->names.n : sizes[i];
		l->c->labels[i] = of[i] ? of[i]->names.p : NULL;
		if (i == CORPUS_RS_GROUP || i == CORPUS_RS_ORG)
			column_of_state(l, &columns[i], i == CORPUS_RS_ORG);
		else if (i < CORPUS_RESPONSE && i != CORPUS_RS)
			column_of_group(l, &columns[i], (enum corpus_column)i);
	}
	/* No more sessions than there are. */
	columns[CORPUS_SESSION].n_values = columns[CORPUS_CYCLE].n_values = 1;
	for (size_t g = 0; g < l->group_session.n; g++) {
		uint32_t session = l->group_session.p[g];
		columns[CORPUS_SESSION].n_values = MAX(columns[CORPUS_SESSION].n_values,
						       session + 1);
		columns[CORPUS_CYCLE].n_values = MAX(columns[CORPUS_CYCLE].n_values,
						     (session - 1) / SESSIONS * 2 + 2);
	}
	l->c->schema = (struct index_schema){ .columns = columns,
					      .n_columns = CORPUS_COLUMNS,
					      .n_groups = (uint32_t)l->group_state.n,
					      .group_dates = l->group_session.p,
					      .attribution = CORPUS_RS };
}

/* Puts sentences in other languages in the place of some texts. */
static void mix_languages(struct rows *all)
{
	static const char *const names[] = { "UNv1.0.devset.fr", "UNv1.0.devset.es",
					     "UNv1.0.devset.ar", "UNv1.0.devset.ru",
					     "UNv1.0.devset.zh" };
	static const enum text_lang langs[] = { TEXT_FR, TEXT_ES, TEXT_AR, TEXT_RU, TEXT_ZH };
	str rest[COUNT_OF(names)];

	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (!slurp(all->a, "parallel", names[i], &rest[i]))
			return;
	for (size_t i = 0; i < all->rows.n; i += 8) {
		size_t l = i / 8 % COUNT_OF(names);

		if (!rest[l].p)
			continue;
		all->rows.p[i].text = str_cut(&rest[l], '\n');
		all->rows.p[i].lang = langs[l];
	}
}

struct corpus *corpus_load(arena *a, uint32_t n, bool mixed)
{
	struct corpus *c = NEW(a, struct corpus);
	struct loader *l = NEW(a, struct loader);
	struct rows all = { .a = a };

	*l = (struct loader){ .a = a, .c = c, .max = n };
	c->real = read_rows(a, keep_row, &all);
	if (!c->real)
		make_rows(&all, MIN(n, 44000u));
	if (mixed)
		mix_languages(&all);
	for (uint32_t copy = 0; copy < COPIES_MAX && l->found_units.n < n; copy++)
		for (size_t i = 0; i < all.rows.n; i++)
			add_row(l, &all.rows.p[i], copy);
	make_columns(l);
	c->items = l->found_items.p;
	c->units = l->found_units.p;
	c->n_items = (uint32_t)l->found_items.n;
	c->n_units = (uint32_t)l->found_units.n;
	return c;
}

struct index *corpus_index(const struct corpus *c, const struct index_schema *schema)
{
	struct index_builder *b = index_builder_new(schema);

	for (uint32_t i = 0; i < c->n_items; i++)
		index_add_item(b, i, c->items[i].group, c->items[i].lang, c->items[i].text);
	for (uint32_t u = 0; u < c->n_units; u++)
		index_add_unit(b, c->units[u].item, c->units[u].values, c->units[u].n);
	return index_build(b);
}
