/*
 * The search engine against SQLite: the same generated queries, filters and orders, answered by FTS5
 * with our own words and plain SQL, must give the same hits, the same order and the same counts.
 *
 *     differential [UNITS [QUERIES [SEED]]]
 *
 * FTS5 gets two columns, stems and words, as our tokeniser and stemmer make them, so that what is
 * compared is matching, counting and ranking. What a word stands for is worked out here anew.
 */
#include <sqlite3.h>

#include "base/map.h"
#include "base/utf8.h"
#include "corpus.h"
#include "index/part.h"
#include "index/token.h"
#include "tap.h"

enum { SQL_MAX = 1 << 22, SETS_MAX = 64, PAGE = 20 };

/* Which stems a folded word has in the texts. */
struct known {
	str stems[8];
	uint32_t n;
};

struct world {
	arena *a;
	const struct corpus *c;
	struct index *ix;
	struct index_scratch *s;
	struct stemmer *stemmer;
	struct lexicon *lexicon;
	sqlite3 *db;
	uint32_t *unit_of; /* index unit -> corpus unit */
	struct map known;  /* folded -> place in stems */
	VEC(struct known) stems;
	struct map compounds; /* joined -> place in parts */
	VEC(str) parts;       /* "op cat" */
	uint64_t dice;
};

static uint32_t roll(struct world *w, uint32_t sides)
{
	w->dice = w->dice * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)((w->dice >> 33) % sides);
}

static void sql(struct world *w, str text)
{
	char *error = NULL, *z = arena_cstr(w->a, text);

	if (sqlite3_exec(w->db, z, NULL, NULL, &error) != SQLITE_OK) {
		printf("# %s\n# in %.2000s\n", error, z);
		exit(1);
	}
}

static sqlite3_stmt *prepare(struct world *w, str text)
{
	sqlite3_stmt *st = NULL;

	if (sqlite3_prepare_v2(w->db, text.p, (int)text.n, &st, NULL) != SQLITE_OK) {
		printf("# %s\n# in %.*s\n", sqlite3_errmsg(w->db), STR_A(str_to(text, 3000)));
		exit(1);
	}
	return st;
}

/* --- What the index was built from, told to SQLite ---------------------------------------------------- */

/* A word as FTS5's ascii tokenizer takes it for one: other bytes as zzXX. */
static void put_word(buf *b, str word)
{
	for (size_t i = 0; i < word.n; i++)
		if ((unsigned char)word.p[i] < 128)
			buf_byte(b, word.p[i]);
		else
			buf_printf(b, "zz%02x", (unsigned char)word.p[i]);
}

static void learn(struct world *w, str folded, str stem)
{
	bool fresh;
	int64_t *place = map_get(&w->known, folded);
	struct known *k;

	if (!place) {
		place = map_put(w->a, &w->known, arena_str(w->a, folded), &fresh);
		*place = (int64_t)w->stems.n;
		vec_add(w->a, &w->stems);
	}
	k = &w->stems.p[*place];
	for (uint32_t i = 0; i < k->n; i++)
		if (str_eq(k->stems[i], stem))
			return;
	if (k->n < COUNT_OF(k->stems))
		k->stems[k->n++] = arena_str(w->a, stem);
}

static void learn_compound(struct world *w, const str *run, size_t n)
{
	buf joined = buf_new(w->a, 1024), apart = buf_new(w->a, 1024);
	bool fresh;
	int64_t *place;

	if (n < 2 || n > 4)
		return;
	for (size_t i = 0; i < n; i++) {
		buf_put(&joined, run[i]);
		if (i)
			buf_byte(&apart, ' ');
		buf_put(&apart, run[i]);
	}
	if (joined.n > 64 || map_get(&w->compounds, buf_str(&joined)))
		return;
	place = map_put(w->a, &w->compounds, buf_str(&joined), &fresh);
	*place = (int64_t)w->parts.n;
	*vec_add(w->a, &w->parts) = buf_str(&apart);
}

/* Reads an item as the index should; its stems and words, a blank after each. */
static void read_item(struct world *w, const struct corpus_item *item, buf *stems, buf *words)
{
	struct tokens reader;
	struct token t;
	str run[5];
	size_t n_run = 0;

	tokens_init(&reader, item->text);
	while (tokens_next(&reader, &t)) {
		str stem = stem_word(w->stemmer, item->lang, t.lower, t.folded);

		put_word(stems, stem);
		buf_byte(stems, ' ');
		put_word(words, t.folded);
		buf_byte(words, ' ');
		learn(w, t.folded, stem);
		if (t.glue != TOKEN_HYPHEN) {
			learn_compound(w, run, n_run);
			n_run = 0;
		}
		if (n_run < 5)
			run[n_run++] = arena_str(w->a, t.folded);
	}
	learn_compound(w, run, n_run);
}

static bool values_of(const struct corpus *c, const struct corpus_unit *u, uint32_t column,
		      uint16_t *ret, uint32_t *ret_n)
{
	const struct index_column *col = &c->schema.columns[column];
	uint32_t key = UINT32_MAX, n = 0;

	for (uint32_t i = 0; i < u->n; i++) {
		bool dup = false;

		if (u->values[i].column == (col->kind == INDEX_BY_COLUMN ? col->of : column))
			key = u->values[i].value;
		else
			continue;
		for (uint32_t k = 0; k < n; k++)
			dup |= ret[k] == key;
		if (!dup && col->kind != INDEX_BY_COLUMN)
			ret[n++] = (uint16_t)key;
	}
	if (col->kind == INDEX_BY_GROUP)
		key = c->items[u->item].group;
	if (col->kind >= INDEX_BY_GROUP && key != UINT32_MAX)
		for (uint32_t i = col->table.starts[key]; i < col->table.starts[key + 1]; i++)
			ret[n++] = col->table.values[i];
	*ret_n = n;
	return n > 0;
}

static void fill_unit(struct world *w, uint32_t u, sqlite3_stmt *put_unit, sqlite3_stmt *put_value)
{
	const struct corpus_unit *unit = &w->c->units[w->unit_of[u]];
	uint16_t values[64], rs = INDEX_NONE;
	uint32_t n;

	if (values_of(w->c, unit, CORPUS_RS, values, &n))
		rs = values[0];
	sqlite3_bind_int64(put_unit, 1, u);
	sqlite3_bind_int64(put_unit, 2, unit->item);
	sqlite3_bind_int64(put_unit, 3, w->c->items[unit->item].group);
	if (rs == INDEX_NONE)
		sqlite3_bind_null(put_unit, 4);
	else
		sqlite3_bind_int(put_unit, 4, rs);
	sqlite3_step(put_unit);
	sqlite3_reset(put_unit);
	for (uint32_t c = 0; c < CORPUS_COLUMNS; c++) {
		values_of(w->c, unit, c, values, &n);
		for (uint32_t i = 0; i < n; i++) {
			sqlite3_bind_int64(put_value, 1, u);
			sqlite3_bind_int64(put_value, 2, c);
			sqlite3_bind_int64(put_value, 3, values[i]);
			sqlite3_bind_int64(put_value, 4, unit->item);
			if (rs == INDEX_NONE)
				sqlite3_bind_null(put_value, 5);
			else
				sqlite3_bind_int(put_value, 5, rs);
			sqlite3_step(put_value);
			sqlite3_reset(put_value);
		}
	}
}

static void fill_database(struct world *w)
{
	sqlite3_stmt *put_unit, *put_value, *put_text;
	arena *tmp = arena_new();

	sql(w, S("CREATE TABLE unit(id INTEGER PRIMARY KEY, item INT, grp INT, rs INT);"
		 "CREATE TABLE value(unit INT, col INT, v INT, item INT, rs INT,"
		 " PRIMARY KEY(unit, col, v)) WITHOUT ROWID;"
		 "CREATE INDEX by_value ON value(col, v, unit);"
		 "CREATE VIRTUAL TABLE f USING fts5(s, w, content='', tokenize='ascii');"
		 "CREATE TEMP TABLE hits(id INTEGER PRIMARY KEY); BEGIN"));
	put_unit = prepare(w, S("INSERT INTO unit VALUES(?, ?, ?, ?)"));
	put_value = prepare(w, S("INSERT INTO value VALUES(?, ?, ?, ?, ?)"));
	put_text = prepare(w, S("INSERT INTO f(rowid, s, w) VALUES(?, ?, ?)"));
	for (uint32_t i = 0; i < w->c->n_items; i++) {
		buf ignored = buf_new(tmp, 1 << 20), too = buf_new(tmp, 1 << 20);

		read_item(w, &w->c->items[i], &ignored, &too); /* to learn in this order */
		arena_reset(tmp);
	}
	for (uint32_t u = 0; u < w->c->n_units; u++) {
		const struct corpus_item *item = &w->c->items[w->c->units[w->unit_of[u]].item];
		buf stems = buf_new(tmp, 1 << 20), words = buf_new(tmp, 1 << 20);

		read_item(w, item, &stems, &words);
		sqlite3_bind_int64(put_text, 1, u);
		sqlite3_bind_text(put_text, 2, stems.p, (int)stems.n, SQLITE_STATIC);
		sqlite3_bind_text(put_text, 3, words.p, (int)words.n, SQLITE_STATIC);
		sqlite3_step(put_text);
		sqlite3_reset(put_text);
		fill_unit(w, u, put_unit, put_value);
		arena_reset(tmp);
	}
	sqlite3_finalize(put_unit);
	sqlite3_finalize(put_value);
	sqlite3_finalize(put_text);
	sql(w, S("COMMIT; ANALYZE"));
	arena_free(tmp);
}

/* Finds each unit of the index in the corpus, and checks that they stand in the order promised. */
static void place_units(struct world *w)
{
	uint32_t n = w->c->n_units, *next = NEW_N(w->a, uint32_t, w->c->n_items + 1), items = 0;
	uint32_t *starts = NEW_N(w->a, uint32_t, w->c->n_items + 2),
		 *list = NEW_N(w->a, uint32_t, n);
	bool ordered = true;

	w->unit_of = NEW_N(w->a, uint32_t, n);
	for (uint32_t u = 0; u < n; u++)
		starts[w->c->units[u].item + 1]++;
	for (uint32_t i = 0; i < w->c->n_items; i++)
		items += starts[i + 1] > 0;
	for (uint32_t i = 0; i < w->c->n_items; i++)
		starts[i + 1] += starts[i];
	for (uint32_t u = 0; u < n; u++) {
		uint32_t item = w->c->units[u].item;
		list[starts[item] + next[item]++] = u;
	}
	eq_int(index_units(w->ix), n, "all units are in the index");
	eq_int(index_items(w->ix), items, "and all items");
	for (uint32_t i = 0; i < index_items(w->ix); i++) {
		uint32_t key = index_item_key(w->ix, i), from = index_item_unit(w->ix, i);
		uint32_t group = w->c->items[key].group;

		ordered &= index_item_unit(w->ix, i + 1) - from == starts[key + 1] - starts[key];
		ordered &= index_item_group(w->ix, i) == group;
		ordered &= str_eq(index_item_text(w->ix, i), w->c->items[key].text);
		if (i > 0) {
			uint32_t before = index_item_group(w->ix, i - 1);
			const uint32_t *dates = w->c->schema.group_dates;

			ordered &= dates[before] >= dates[group];
			ordered &= before != group || index_item_key(w->ix, i - 1) < key;
		}
		for (uint32_t k = 0; from + k < index_item_unit(w->ix, i + 1); k++)
			w->unit_of[from + k] = list[starts[key] + k];
	}
	ok(ordered, "newest group first, then by key, with their texts and groups");
}

/* --- A query, in SQL ---------------------------------------------------------------------------------- */

/* All phrases that a pattern stands for, as FTS5 writes them, OR between them. False: none. */
static bool put_phrases(struct world *w, buf *o, const struct query_word *words, size_t n,
			size_t at, str before, bool any)
{
	const struct query_word *q;
	const int64_t *place;
	struct known set = { 0 };
	uint32_t langs;

	if (at == n) {
		buf_put(o, any ? S(" OR ") : S(""));
		buf_put(o, words->how == QUERY_STEM ? S("s : \"") : S("w : \""));
		buf_put(o, before);
		buf_put(o, words[n - 1].how == QUERY_PREFIX ? S("\" *") : S("\""));
		return true;
	}
	q = &words[at];
	place = map_get(&w->known, q->folded);
	langs = q->langs ? q->langs & w->ix->langs : w->ix->langs | TEXT_LANG_BIT(TEXT_EN);
	if (q->how != QUERY_STEM) {
		set.stems[set.n++] = q->folded;
	} else {
		if (place)
			set = w->stems.p[*place];
		for (enum text_lang l = TEXT_OTHER; l < TEXT_LANG_COUNT_; l++) {
			str stem = stem_word(w->stemmer, l, q->lower, q->folded);
			bool dup = !(langs & TEXT_LANG_BIT(l)) || set.n == COUNT_OF(set.stems);

			for (uint32_t i = 0; i < set.n; i++)
				dup |= str_eq(set.stems[i], stem);
			if (!dup)
				set.stems[set.n++] = arena_str(w->a, stem);
		}
	}
	for (uint32_t i = 0; i < set.n; i++) {
		buf b = buf_new(w->a, 1 << 16);

		buf_put(&b, before);
		buf_put(&b, at ? S(" ") : S(""));
		put_word(&b, set.stems[i]);
		any |= put_phrases(w, o, words, n, at + 1, buf_str(&b), any);
	}
	return any;
}

/* A pattern and what it is with its compounds taken apart. */
static bool put_pattern(struct world *w, buf *o, const struct query_pattern *p, bool any)
{
	VEC(struct query_word) parts = { 0 };
	bool apart = false;

	any |= put_phrases(w, o, p->words, p->n, 0, S(""), any);
	for (size_t i = 0; i < p->n; i++) {
		const int64_t *place = p->words[i].how == QUERY_PREFIX
					       ? NULL
					       : map_get(&w->compounds, p->words[i].folded);

		if (!place) {
			*vec_add(w->a, &parts) = p->words[i];
			continue;
		}
		apart = true;
		for (str rest = w->parts.p[*place]; rest.p;) {
			struct query_word word = p->words[i];
			word.folded = word.lower = str_cut(&rest, ' ');
			*vec_add(w->a, &parts) = word;
		}
	}
	if (apart)
		any |= put_phrases(w, o, parts.p, parts.n, 0, S(""), any);
	return any;
}

/* "id IN (...)" for units where one of the patterns matches. */
static void put_match(struct world *w, buf *o, const struct query_pattern *p, size_t n)
{
	buf m = buf_new(w->a, 1 << 20);
	bool any = false;

	for (size_t i = 0; i < n; i++)
		any |= put_pattern(w, &m, &p[i], any);
	if (!any)
		buf_put(o, S("0"));
	else
		buf_printf(o, "id IN (SELECT rowid FROM f WHERE f MATCH '%.*s')",
			   STR_A(buf_str(&m)));
}

enum reading { BOTH, TEXT, SUBJECT };

static void put_leaf(struct world *w, buf *o, const struct query_leaf *leaf, enum reading reading)
{
	bool subject = leaf->n_tags && !leaf->forced && !leaf->negated;

	buf_put(o, leaf->negated ? S("NOT (0") : S("(0"));
	if (!(subject && reading == SUBJECT)) {
		if (leaf->n_any) {
			buf_put(o, S(" OR "));
			put_match(w, o, leaf->any, leaf->n_any);
		}
		for (size_t i = 0; i < leaf->n_all; i++) {
			buf_put(o, i ? S(" AND ") : S(" OR ("));
			put_match(w, o, &leaf->all[i], 1);
		}
		buf_put(o, leaf->n_all ? S(")") : S(""));
	}
	for (size_t i = 0; i < leaf->n_tags && !(subject && reading == TEXT); i++)
		buf_printf(o, " OR id IN (SELECT unit FROM value WHERE col = %u AND v = %u)",
			   leaf->tags[i].column, leaf->tags[i].value);
	buf_put(o, S(")"));
}

static void put_query(struct world *w, buf *o, const struct query *q, enum reading reading)
{
	buf_put(o, S("1"));
	for (size_t c = 0; c < q->n; c++) {
		buf_put(o, S(" AND (0"));
		for (size_t i = 0; i < q->clauses[c].n; i++) {
			buf_put(o, S(" OR "));
			put_leaf(w, o, &q->clauses[c].leaves[i], reading);
		}
		buf_put(o, S(")"));
	}
}

static void put_filters(buf *o, const struct index_request *rq, uint32_t but)
{
	for (size_t i = 0; i < rq->n_filters; i++) {
		const struct index_filter *f = &rq->filters[i];
		bool none = false;

		if (f->column == but)
			continue;
		buf_printf(o, " AND (id IN (SELECT unit FROM value WHERE col = %u AND v IN (-1",
			   f->column);
		for (size_t k = 0; k < f->n; k++) {
			buf_printf(o, ",%u", f->values[k]);
			none |= f->values[k] == INDEX_NONE;
		}
		buf_put(o, S("))"));
		if (none)
			buf_printf(o, " OR id NOT IN (SELECT unit FROM value WHERE col = %u)",
				   f->column);
		buf_put(o, S(")"));
	}
}

static void make_hits(struct world *w, const struct index_request *rq, enum reading reading,
		      uint32_t but)
{
	buf o = buf_new(w->a, SQL_MAX);

	buf_put(&o, S("DELETE FROM hits; INSERT INTO hits SELECT id FROM unit WHERE "));
	put_query(w, &o, rq->query, reading);
	put_filters(&o, rq, but);
	sql(w, buf_str(&o));
}

static struct index_count count_hits(struct world *w)
{
	sqlite3_stmt *st = prepare(w, S("SELECT count(rs), count(DISTINCT item) FROM unit JOIN hits"
					" USING(id)"));
	struct index_count r;

	sqlite3_step(st);
	r = (struct index_count){ (uint32_t)sqlite3_column_int(st, 0),
				  (uint32_t)sqlite3_column_int(st, 1) };
	sqlite3_finalize(st);
	return r;
}

static bool same_count(struct index_count a, struct index_count b)
{
	return a.attributions == b.attributions && a.items == b.items;
}

/* The facets of the columns in MASK, from the hits as they are. */
static bool same_facets(struct world *w, uint32_t mask, struct index_count **got)
{
	sqlite3_stmt *st = prepare(w, S("SELECT col, v, count(rs), count(DISTINCT item) FROM hits"
					" CROSS JOIN value ON unit = id GROUP BY col, v"));
	uint32_t seen = 0, counted = 0;
	bool same = true;

	while (sqlite3_step(st) == SQLITE_ROW) {
		int column = sqlite3_column_int(st, 0);
		struct index_count want = { (uint32_t)sqlite3_column_int(st, 2),
					    (uint32_t)sqlite3_column_int(st, 3) };

		if (!(mask >> column & 1))
			continue;
		seen++;
		same &= same_count(got[column][sqlite3_column_int(st, 1)], want);
	}
	for (uint32_t c = 0; c < CORPUS_COLUMNS; c++)
		for (uint32_t v = 0; v < w->c->schema.columns[c].n_values; v++)
			counted += (mask >> c & 1) && got[c][v].items > 0;
	sqlite3_finalize(st);
	return same && seen == counted;
}

/* --- Comparing ---------------------------------------------------------------------------------------- */

static bool has_subjects(const struct query *q)
{
	bool any = false;

	for (size_t c = 0; c < q->n; c++)
		for (size_t i = 0; i < q->clauses[c].n; i++)
			any |= q->clauses[c].leaves[i].n_tags > 0 &&
			       !q->clauses[c].leaves[i].forced;
	return any;
}

static bool check_counts(struct world *w, const struct index_request *rq, struct index_result *r)
{
	bool same = true, filtered[CORPUS_COLUMNS] = { false };
	uint32_t free = 0;

	for (size_t i = 0; i < rq->n_filters; i++)
		filtered[rq->filters[i].column] = true;
	if (has_subjects(rq->query)) {
		make_hits(w, rq, TEXT, CORPUS_COLUMNS);
		same &= r->text == count_hits(w).items;
		make_hits(w, rq, SUBJECT, CORPUS_COLUMNS);
		same &= r->subject == count_hits(w).items;
	} else {
		same &= r->text == r->total.items && r->subject == 0;
	}
	same &= r->subject_only == r->total.items - r->text;
	for (uint32_t c = 0; c < CORPUS_COLUMNS; c++) {
		if (!filtered[c])
			continue;
		make_hits(w, rq, BOTH, c);
		same &= same_facets(w, 1u << c, r->facets);
		for (size_t i = 0; i < rq->n_filters; i++)
			if (rq->filters[i].column == c)
				same &= same_count(r->dropped[i], count_hits(w));
	}
	make_hits(w, rq, BOTH, CORPUS_COLUMNS);
	same &= same_count(r->total, count_hits(w));
	for (uint32_t c = 0; c < CORPUS_COLUMNS; c++)
		free |= filtered[c] ? 0 : 1u << c;
	return same & same_facets(w, free, r->facets);
}

/* Words and phrases alone, with AND or with OR between them, are ranked by FTS5 as by us. */
static bool is_flat(const struct query *q)
{
	if (q->n == 0 || (q->n > 1 && q->clauses[0].n > 1))
		return false;
	for (size_t c = 0; c < q->n; c++)
		for (size_t i = 0; i < q->clauses[c].n; i++) {
			const struct query_leaf *leaf = &q->clauses[c].leaves[i];

			if (leaf->negated || leaf->n_tags || leaf->n_all ||
			    (q->n > 1 && q->clauses[c].n > 1))
				return false;
		}
	return true;
}

/* An expression for the whole flat query. No term twice: FTS5 would count it twice. */
static bool put_flat(struct world *w, buf *o, const struct query *q)
{
	struct map seen = { 0 };

	for (size_t c = 0; c < q->n; c++) {
		bool any = false;

		buf_put(o, c ? S(" AND (") : S("("));
		for (size_t i = 0; i < q->clauses[c].n; i++) {
			const struct query_leaf *leaf = &q->clauses[c].leaves[i];

			for (size_t p = 0; p < leaf->n_any; p++)
				any |= put_pattern(w, o, &leaf->any[p], any);
		}
		if (!any)
			return false;
		buf_put(o, S(")"));
	}
	for (str rest = buf_str(o); rest.p;) { /* s : "a b" */
		str one = str_cut(&rest, '"');
		bool fresh;

		if (!rest.p || one.n < 4)
			break;
		one = (str){ one.p + one.n - 4, 4 + str_cut(&rest, '"').n + 1 };
		map_put(w->a, &seen, one, &fresh);
		if (!fresh)
			return false;
	}
	return true;
}

static bool check_order(struct world *w, const struct index_request *rq,
			const struct index_result *r, str order)
{
	sqlite3_stmt *st = prepare(w, order);
	uint32_t n = 0;
	struct map seen = { 0 };
	bool same = true, fresh;

	while (sqlite3_step(st) == SQLITE_ROW && n < rq->first + r->n_hits) {
		uint32_t item = (uint32_t)sqlite3_column_int(st, 0);
		char key[16];
		int length = snprintf(key, sizeof key, "%u", item);

		map_put(w->a, &seen, arena_str(w->a, (str){ key, (size_t)length }), &fresh);
		if (!fresh)
			continue;
		if (n >= rq->first)
			same &= index_item_key(w->ix, r->hits[n - rq->first].item) == item;
		n++;
	}
	sqlite3_finalize(st);
	return same && n == rq->first + r->n_hits;
}

/* The hits are in the table hits. */
static bool check_hits(struct world *w, const struct index_request *rq,
		       const struct index_result *r)
{
	size_t want = rq->first < r->total.items
			      ? MIN(rq->count, (size_t)r->total.items - rq->first)
			      : 0;
	buf o = buf_new(w->a, SQL_MAX), m = buf_new(w->a, SQL_MAX);

	if (r->n_hits != want || want == 0)
		return r->n_hits == want;
	if (rq->order == INDEX_BY_DATE)
		return check_order(w, rq, r,
				   S("SELECT item FROM unit JOIN hits USING(id) ORDER BY id"));
	if (rq->order == INDEX_BY_COLUMN_RANK) {
		buf_printf(&o,
			   "SELECT item FROM hits JOIN value ON unit = id AND"
			   " col = %u ORDER BY %u - v, id",
			   rq->rank_column, w->c->schema.columns[rq->rank_column].n_values);
		return check_order(w, rq, r, buf_str(&o));
	}
	if (rq->first + r->n_hits > 64 || !is_flat(rq->query) || !put_flat(w, &m, rq->query))
		return true;
	buf_printf(
		&o,
		"SELECT item FROM f JOIN unit ON id = f.rowid WHERE f MATCH '%.*s' AND id IN hits"
		" ORDER BY bm25(f), id",
		STR_A(buf_str(&m)));
	return check_order(w, rq, r, buf_str(&o));
}

/* Every hit once, in the order of the pages. */
static bool check_list(struct world *w, arena *a, const struct index_request *rq,
		       const struct index_result *r)
{
	struct index_list list = index_list(w->ix, w->s, a, rq);
	sqlite3_stmt *st = prepare(w, S("SELECT count(*) FROM hits"));
	bool same;
	uint32_t items = 0, last = UINT32_MAX;

	sqlite3_step(st);
	same = list.n == (size_t)sqlite3_column_int(st, 0);
	sqlite3_finalize(st);
	for (size_t i = 0; i < list.n; i++) {
		uint32_t item = index_item_of(w->ix, list.units[i]);

		if (item == last)
			continue;
		last = item;
		if (items >= rq->first && items - rq->first < r->n_hits)
			same &= r->hits[items - rq->first].item == item;
		items++;
	}
	return same && items == r->total.items;
}

/* --- Queries made up ---------------------------------------------------------------------------------- */

/* N words of a text that follow one another, as they are written. */
static str some_words(struct world *w, uint32_t n)
{
	for (;;) {
		str text = w->c->items[roll(w, w->c->n_items)].text;
		struct tokens reader;
		struct token t = { 0 };
		uint32_t skip = roll(w, 20), start;

		tokens_init(&reader, text);
		while (skip-- > 0 && tokens_next(&reader, &t))
			;
		start = t.start;
		for (uint32_t i = 1; i < n && tokens_next(&reader, &t); i++)
			;
		if (t.end > start)
			return (str){ text.p + start, t.end - start };
	}
}

static void put_element(struct world *w, buf *q)
{
	static const char *const noise[] = { "!@#", "*",  "\"",     "AND", "OR",
					     "-",   "()", "issue:", "x:y" };
	str word = some_words(w, 1), label;

	switch (roll(w, 16)) {
	case 0:
	case 1:
	case 2: buf_printf(q, "\"%.*s\"", STR_A(some_words(w, 2 + roll(w, 4)))); break;
	case 3: buf_printf(q, "%.*s*", STR_A(utf8_to(word, 2 + roll(w, 4)))); break;
	case 4: buf_printf(q, "-%.*s", STR_A(word)); break;
	case 5: buf_printf(q, "%.*s OR %.*s", STR_A(word), STR_A(some_words(w, 1))); break;
	case 6: buf_printf(q, "OP-CAT OR \"OPCAT\""); break;
	case 7: buf_printf(q, "%ssession:%u", roll(w, 3) ? "" : "-", 1 + roll(w, 21)); break;
	case 8: buf_printf(q, "issue:%u,%u", roll(w, 56), roll(w, 56)); break;
	case 9:
		label = w->c->labels[CORPUS_ISSUE]
				    [roll(w, w->c->schema.columns[CORPUS_ISSUE].n_values)];
		buf_put(q, label);
		break;
	case 10: buf_put(q, str_of(noise[roll(w, COUNT_OF(noise))])); break;
	case 11: buf_printf(q, "\"%.*s\"", STR_A(word)); break;
	case 12: buf_printf(q, "-\"%.*s\"", STR_A(some_words(w, 2))); break;
	case 13: buf_put(q, S("anti-discrimination")); break;
	default: buf_put(q, word);
	}
	buf_byte(q, ' ');
}

static bool find_number(const void *ctx, str text, uint16_t *ret)
{
	int64_t v;

	if (!str_to_i64(text, &v) || v < 0 || v >= *(const uint32_t *)ctx)
		return false;
	*ret = (uint16_t)v;
	return true;
}

static void make_filters(struct world *w, arena *a, struct index_request *rq)
{
	uint32_t n = roll(w, 3) ? roll(w, 4) : 0;
	struct index_filter *f = NEW_N(a, struct index_filter, n);

	for (uint32_t i = 0; i < n; i++) {
		uint16_t *values = NEW_N(a, uint16_t, 4);

		f[i] = (struct index_filter){ roll(w, CORPUS_COLUMNS), values, 1 + roll(w, 4) };
		for (size_t k = 0; k < f[i].n; k++) {
			uint32_t all = w->c->schema.columns[f[i].column].n_values;
			values[k] = (uint16_t)(roll(w, 12) ? roll(w, all) : INDEX_NONE);
		}
		for (uint32_t k = 0; k < i; k++)
			if (f[k].column == f[i].column)
				n = i; /* a column is filtered once */
	}
	rq->filters = f;
	rq->n_filters = n;
}

static void compare_one(struct world *w, int *bad)
{
	static const char *const names[] = { "rank", "date", "column" };
	arena *a = w->a;
	uint32_t sessions = w->c->schema.columns[CORPUS_SESSION].n_values;
	uint32_t issues = w->c->schema.columns[CORPUS_ISSUE].n_values;
	struct query_field fields[] = { { S("session"), CORPUS_SESSION, find_number, &sessions },
					{ S("issue"), CORPUS_ISSUE, find_number, &issues } };
	struct query_context context = { TEXT_EN, roll(w, 2) ? w->lexicon : NULL, fields, 2 };
	buf text = buf_new(a, 1 << 16);
	struct index_request rq = { .count = PAGE, .order = (enum index_order)roll(w, 5) };
	struct index_result r;
	uint16_t ranks[1024];
	bool counts, hits, list;

	for (uint32_t n = roll(w, 5); n > 0; n--)
		put_element(w, &text);
	rq.query = query_parse(a, &context, buf_str(&text));
	if (rq.order > INDEX_BY_COLUMN_RANK)
		rq.order = INDEX_BY_RANK;
	rq.rank_column = roll(w, 2) ? CORPUS_SUR : CORPUS_SESSION;
	for (uint32_t i = 0; i < COUNT_OF(ranks); i++)
		ranks[i] = (uint16_t)(w->c->schema.columns[rq.rank_column].n_values - i);
	rq.ranks = ranks;
	rq.first = roll(w, 3) ? 0 : roll(w, 200);
	make_filters(w, a, &rq);
	index_search(w->ix, w->s, a, &rq, &r);
	counts = check_counts(w, &rq, &r);
	hits = check_hits(w, &rq, &r);
	list = check_list(w, a, &rq, &r);
	if ((!counts || !hits || !list) && (*bad)++ < 5) {
		printf("# query [%.*s] by %s from %zu, %zu filters: counts %d hits %d list %d\n",
		       STR_A(buf_str(&text)), names[rq.order], rq.first, rq.n_filters, counts, hits,
		       list);
		for (size_t i = 0; i < rq.n_filters; i++)
			printf("#   %s = %u ...\n", w->c->names[rq.filters[i].column],
			       rq.filters[i].values[0]);
	}
}

static void compare(const struct corpus *c, uint32_t bits_share, uint32_t array_share, int queries,
		    uint64_t seed)
{
	struct world *w = mem_alloc(sizeof *w);
	struct index_schema schema = c->schema;
	int bad = 0;
	arena *world_arena = arena_new();

	*w = (struct world){ .a = world_arena, .c = c, .dice = seed };
	schema.bits_share = bits_share;
	schema.array_share = array_share;
	w->ix = corpus_index(c, &schema);
	w->s = index_scratch_new();
	w->stemmer = stemmer_new(w->a);
	w->lexicon = lexicon_new(w->a);
	for (uint32_t i = 0; i < c->schema.columns[CORPUS_ISSUE].n_values; i++) {
		struct index_tag tag = { CORPUS_ISSUE, (uint16_t)i };

		lexicon_name(w->lexicon, lexicon_add(w->lexicon, LEXICON_TAG, &tag, 1),
			     i % 2 ? TEXT_EN : TEXT_OTHER, c->labels[CORPUS_ISSUE][i]);
	}
	if (sqlite3_open(":memory:", &w->db) != SQLITE_OK)
		exit(1);
	place_units(w);
	fill_database(w);
	for (int i = 0; i < queries; i++) {
		w->a = arena_new();
		compare_one(w, &bad);
		arena_free(w->a);
	}
	w->a = world_arena;
	ok(bad == 0, "%d queries over %u units (dense from 1/%u and 1/%u): %d differ", queries,
	   c->n_units, bits_share, array_share, bad);
	sqlite3_close(w->db);
	index_scratch_free(w->s);
	index_free(w->ix);
	arena_free(w->a);
	mem_free(w);
}

static uint32_t argument(int argc, char **argv, int i, uint32_t otherwise)
{
	int64_t v;

	return argc > i && str_to_i64(str_of(argv[i]), &v) ? (uint32_t)v : otherwise;
}

int main(int argc, char **argv)
{
	uint32_t units = argument(argc, argv, 1, 3000), queries = argument(argc, argv, 2, 600);
	uint64_t seed = argument(argc, argv, 3, 1);
	arena *a = arena_new();
	struct corpus *c = corpus_load(a, units, true);

	compare(c, 0, 0, (int)queries, seed);
	compare(c, 1000, 1000, (int)queries / 3, seed + 1); /* nearly everything dense */
	compare(c, 2, 1, (int)queries / 3, seed + 2);       /* nearly nothing */
	compare(c, 400, 3, (int)queries / 3, seed + 3);     /* many pairs, few arrays */
	arena_free(a);
	return tap_done();
}
