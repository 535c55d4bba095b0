/*
 * The search engine against SQLite: the same generated queries, filters and orders, answered by FTS5
 * with our own words and plain SQL (oracle.h), must give the same hits, the same order and the same
 * counts.
 *
 *     differential [UNITS [QUERIES [SEED]]]
 */
#include "base/utf8.h"
#include "index/token.h"
#include "oracle.h"
#include "tap.h"

enum { SQL_MAX = 1 << 22, PAGE = 20 };

struct world {
	struct oracle o;
	struct index_scratch *s;
	struct lexicon *lexicon;
	uint64_t dice;
};

static uint32_t roll(struct world *w, uint32_t sides)
{
	w->dice = w->dice * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)((w->dice >> 33) % sides);
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
		oracle_hits(&w->o, rq, ORACLE_TEXT, CORPUS_COLUMNS);
		same &= r->text == oracle_count(&w->o).items;
		oracle_hits(&w->o, rq, ORACLE_SUBJECT, CORPUS_COLUMNS);
		same &= r->subject == oracle_count(&w->o).items;
	} else {
		same &= r->text == r->total.items && r->subject == 0;
	}
	same &= r->subject_only == r->total.items - r->text;
	for (uint32_t c = 0; c < CORPUS_COLUMNS; c++) {
		if (!filtered[c])
			continue;
		oracle_hits(&w->o, rq, ORACLE_BOTH, c);
		same &= oracle_same_facets(&w->o, 1u << c, r->facets);
		for (size_t i = 0; i < rq->n_filters; i++)
			if (rq->filters[i].column == c)
				same &= same_count(r->dropped[i], oracle_count(&w->o));
	}
	oracle_hits(&w->o, rq, ORACLE_BOTH, CORPUS_COLUMNS);
	same &= same_count(r->total, oracle_count(&w->o));
	for (uint32_t c = 0; c < CORPUS_COLUMNS; c++)
		free |= filtered[c] ? 0 : 1u << c;
	return same & oracle_same_facets(&w->o, free, r->facets);
}

static bool check_order(struct world *w, const struct index_request *rq,
			const struct index_result *r, str order)
{
	sqlite3_stmt *st = oracle_prepare(&w->o, order);
	uint32_t n = 0;
	struct map seen = { 0 };
	bool same = true, fresh;

	while (sqlite3_step(st) == SQLITE_ROW && n < rq->first + r->n_hits) {
		uint32_t item = (uint32_t)sqlite3_column_int(st, 0);
		char key[16];
		int length = snprintf(key, sizeof key, "%u", item);

		map_put(w->o.a, &seen, arena_str(w->o.a, (str){ key, (size_t)length }), &fresh);
		if (!fresh)
			continue;
		if (n >= rq->first)
			same &= index_item_key(w->o.ix, r->hits[n - rq->first].item) == item;
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
	buf o = buf_new(w->o.a, SQL_MAX), m = buf_new(w->o.a, SQL_MAX);

	if (r->n_hits != want || want == 0)
		return r->n_hits == want;
	if (rq->order == INDEX_BY_DATE)
		return check_order(w, rq, r,
				   S("SELECT item FROM unit JOIN hits USING(id) ORDER BY id"));
	if (rq->order == INDEX_BY_COLUMN_RANK) {
		buf_printf(&o,
			   "SELECT item FROM hits JOIN value ON unit = id AND"
			   " col = %u ORDER BY %u - v, id",
			   rq->rank_column, w->o.c->schema.columns[rq->rank_column].n_values);
		return check_order(w, rq, r, buf_str(&o));
	}
	if (rq->first + r->n_hits > 64 || !oracle_flat(&w->o, &m, rq->query))
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
	struct index_list list = index_list(w->o.ix, w->s, a, rq);
	sqlite3_stmt *st = oracle_prepare(&w->o, S("SELECT count(*) FROM hits"));
	bool same;
	uint32_t items = 0, last = UINT32_MAX;

	sqlite3_step(st);
	same = list.n == (size_t)sqlite3_column_int(st, 0);
	sqlite3_finalize(st);
	for (size_t i = 0; i < list.n; i++) {
		uint32_t item = index_item_of(w->o.ix, list.units[i]);

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
		str text = w->o.c->items[roll(w, w->o.c->n_items)].text;
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
		label = w->o.c->labels[CORPUS_ISSUE]
				      [roll(w, w->o.c->schema.columns[CORPUS_ISSUE].n_values)];
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
			uint32_t all = w->o.c->schema.columns[f[i].column].n_values;
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
	arena *a = w->o.a;
	uint32_t sessions = w->o.c->schema.columns[CORPUS_SESSION].n_values;
	uint32_t issues = w->o.c->schema.columns[CORPUS_ISSUE].n_values;
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
		ranks[i] = (uint16_t)(w->o.c->schema.columns[rq.rank_column].n_values - i);
	rq.ranks = ranks;
	rq.first = roll(w, 3) ? 0 : roll(w, 200);
	make_filters(w, a, &rq);
	index_search(w->o.ix, w->s, a, &rq, &r);
	counts = check_counts(w, &rq, &r);
	hits = check_hits(w, &rq, &r);
	list = check_list(w, a, &rq, &r);
	if ((!counts || !hits || !list) && (*bad)++ < 5) {
		printf("# query [%.*s] by %s from %zu, %zu filters: counts %d hits %d list %d\n",
		       STR_A(buf_str(&text)), names[rq.order], rq.first, rq.n_filters, counts, hits,
		       list);
		for (size_t i = 0; i < rq.n_filters; i++)
			printf("#   %s = %u ...\n", w->o.c->names[rq.filters[i].column],
			       rq.filters[i].values[0]);
	}
}

static void compare(const struct corpus *c, uint32_t bits_share, uint32_t array_share, int queries,
		    uint64_t seed)
{
	struct index_schema schema = c->schema;
	struct world *w = mem_alloc(sizeof *w);
	arena *a = arena_new();
	int bad = 0;

	schema.bits_share = bits_share;
	schema.array_share = array_share;
	oracle_open(&w->o, c, corpus_index(c, &schema));
	ok(w->o.placed, "newest group first, then by key, all units with their texts and groups");
	w->s = index_scratch_new();
	w->dice = seed;
	w->lexicon = lexicon_new(a);
	for (uint32_t i = 0; i < c->schema.columns[CORPUS_ISSUE].n_values; i++) {
		struct index_tag tag = { CORPUS_ISSUE, (uint16_t)i };

		lexicon_name(w->lexicon, lexicon_add(w->lexicon, LEXICON_TAG, &tag, 1),
			     i % 2 ? TEXT_EN : TEXT_OTHER, c->labels[CORPUS_ISSUE][i]);
	}
	for (int i = 0; i < queries; i++) {
		w->o.a = arena_new();
		compare_one(w, &bad);
		arena_free(w->o.a);
	}
	ok(bad == 0, "%d queries over %u units (dense from 1/%u and 1/%u): %d differ", queries,
	   c->n_units, bits_share, array_share, bad);
	index_free(w->o.ix);
	oracle_close(&w->o);
	index_scratch_free(w->s);
	arena_free(a);
	mem_free(w);
}

static uint32_t argument(int argc, char **argv, int i, uint32_t otherwise)
{
	int64_t v;

	return argc > i && str_to_i64(str_of(argv[i]), &v) ? (uint32_t)v : otherwise;
}

int main(int argc, char **argv)
{
	uint32_t units = argument(argc, argv, 1, 2000), queries = argument(argc, argv, 2, 1200);
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
