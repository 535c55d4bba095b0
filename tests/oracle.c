#include "oracle.h"

#include "base/utf8.h"
#include "index/token.h"

enum { SQL_MAX = 1 << 22 };

void oracle_sql(struct oracle *w, str text)
{
	char *error = NULL, *z = arena_cstr(w->a, text);

	if (sqlite3_exec(w->db, z, NULL, NULL, &error) != SQLITE_OK) {
		printf("# %s\n# in %.2000s\n", error, z);
		exit(1);
	}
}

sqlite3_stmt *oracle_prepare(struct oracle *w, str text)
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

static void learn(struct oracle *w, str folded, str stem)
{
	bool fresh;
	int64_t *place = map_get(&w->known, folded);
	struct oracle_known *k;

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

static void learn_compound(struct oracle *w, const str *run, size_t n)
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
static void read_item(struct oracle *w, const struct corpus_item *item, buf *stems, buf *words)
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

static void fill_unit(struct oracle *w, uint32_t u, sqlite3_stmt *put_unit, sqlite3_stmt *put_value)
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

static void fill_database(struct oracle *w)
{
	sqlite3_stmt *put_unit, *put_value, *put_text;
	arena *tmp = arena_new();

	oracle_sql(w, S("CREATE TABLE unit(id INTEGER PRIMARY KEY, item INT, grp INT, rs INT);"
			"CREATE TABLE value(unit INT, col INT, v INT, item INT, rs INT,"
			" PRIMARY KEY(unit, col, v)) WITHOUT ROWID;"
			"CREATE INDEX by_value ON value(col, v, unit);"
			"CREATE VIRTUAL TABLE f USING fts5(s, w, content='', tokenize='ascii');"
			"CREATE TEMP TABLE hits(id INTEGER PRIMARY KEY); BEGIN"));
	put_unit = oracle_prepare(w, S("INSERT INTO unit VALUES(?, ?, ?, ?)"));
	put_value = oracle_prepare(w, S("INSERT INTO value VALUES(?, ?, ?, ?, ?)"));
	put_text = oracle_prepare(w, S("INSERT INTO f(rowid, s, w) VALUES(?, ?, ?)"));
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
	oracle_sql(w, S("COMMIT; ANALYZE"));
	arena_free(tmp);
}

/* Finds each unit of the index in the corpus, and checks that they stand in the order promised. */
static void place_units(struct oracle *w)
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
	w->placed = index_units(w->ix) == n;
	w->placed &= index_items(w->ix) == items;
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
	w->placed &= ordered;
}

/* --- A query, in SQL ---------------------------------------------------------------------------------- */

/* All phrases that a pattern stands for, as FTS5 writes them, OR between them. False: none. */
static bool put_phrases(struct oracle *w, buf *o, const struct query_word *words, size_t n,
			size_t at, str before, bool any)
{
	const struct query_word *q;
	const int64_t *place;
	struct oracle_known set = { 0 };
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
static bool put_pattern(struct oracle *w, buf *o, const struct query_pattern *p, bool any)
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
static void put_match(struct oracle *w, buf *o, const struct query_pattern *p, size_t n)
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

static void put_leaf(struct oracle *w, buf *o, const struct query_leaf *leaf,
		     enum oracle_reading reading)
{
	bool subject = leaf->n_tags && !leaf->forced && !leaf->negated;

	buf_put(o, leaf->negated ? S("NOT (0") : S("(0"));
	if (!(subject && reading == ORACLE_SUBJECT)) {
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
	for (size_t i = 0; i < leaf->n_tags && !(subject && reading == ORACLE_TEXT); i++)
		buf_printf(o, " OR id IN (SELECT unit FROM value WHERE col = %u AND v = %u)",
			   leaf->tags[i].column, leaf->tags[i].value);
	buf_put(o, S(")"));
}

static void put_query(struct oracle *w, buf *o, const struct query *q, enum oracle_reading reading)
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

void oracle_hits(struct oracle *w, const struct index_request *rq, enum oracle_reading reading,
		 uint32_t but)
{
	buf o = buf_new(w->a, SQL_MAX);

	buf_put(&o, S("DELETE FROM hits; INSERT INTO hits SELECT id FROM unit WHERE "));
	put_query(w, &o, rq->query, reading);
	put_filters(&o, rq, but);
	oracle_sql(w, buf_str(&o));
}

struct index_count oracle_count(struct oracle *w)
{
	sqlite3_stmt *st = oracle_prepare(
		w, S("SELECT count(rs), count(DISTINCT item) FROM unit JOIN hits"
		     " USING(id)"));
	struct index_count r;

	sqlite3_step(st);
	r = (struct index_count){ (uint32_t)sqlite3_column_int(st, 0),
				  (uint32_t)sqlite3_column_int(st, 1) };
	sqlite3_finalize(st);
	return r;
}

bool same_count(struct index_count a, struct index_count b)
{
	return a.attributions == b.attributions && a.items == b.items;
}

/* The facets of the columns in MASK, from the hits as they are. */
bool oracle_same_facets(struct oracle *w, uint32_t mask, struct index_count **got)
{
	sqlite3_stmt *st = oracle_prepare(
		w, S("SELECT col, v, count(rs), count(DISTINCT item) FROM hits"
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
bool oracle_flat(struct oracle *w, buf *o, const struct query *q)
{
	struct map seen = { 0 };

	if (!is_flat(q))
		return false;
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

void oracle_open(struct oracle *w, const struct corpus *c, struct index *ix)
{
	*w = (struct oracle){ .a = arena_new(), .c = c, .ix = ix };
	w->own = w->a;
	w->stemmer = stemmer_new(w->a);
	if (sqlite3_open(":memory:", &w->db) != SQLITE_OK)
		exit(1);
	place_units(w);
	fill_database(w);
}

void oracle_close(struct oracle *w)
{
	sqlite3_close(w->db);
	arena_free(w->own);
}
