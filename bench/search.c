/*
 * Search against its peers: the best twenty and both counts, in total and for every value of thirteen
 * facets (about 600 values).
 *
 *     bench/search [UNITS [ROUNDS]]          120,000 and 300
 *
 * Columns: our engine by each of its kernels, median and 99th percentile, parsing included; FTS5 with the
 * counts in SQL; FTS5 for the units and their score, and our columns read for the counts. All answer the
 * same: hits, the order of the first twenty, both counts of each value; otherwise the line says so and the
 * program fails. The two peers get what they need for free: one table a facet's shape, units in order of
 * date, and for SQL a temporary table of hits that marks the first unit of each item, so that it need not
 * count different items where the units of an item agree. All in one process, in memory, on one core.
 */
#include <sys/resource.h>

#include "bench/measure.h"
#include "oracle.h"

enum { ROUNDS_MAX = 10000, PAGE = 20, SQL_MAX = 1 << 20 };

static const struct {
	const char *class, *query;
	bool filters; /* of three facets besides the kind */
} classes[] = {
	{ "rare word", "albinism", false },
	{ "word, 1 %", "disappearances", false },
	{ "phrase of three", "\"national preventive mechanism\"", false },
	{ "phrase", "\"death penalty\"", false },
	{ "frequent phrase", "\"human rights\"", false },
	{ "phrase of frequent words", "\"rights of the child\"", false },
	{ "frequent word", "women", false },
	{ "frequent word", "ratify", false },
	{ "very frequent word", "rights", false },
	{ "two words", "human rights", false },
	{ "three words", "violence against women", false },
	{ "three words", "protect rights children", false },
	{ "OR of three", "torture OR detention OR police", false },
	{ "prefix", "discrim*", false },
	{ "short prefix", "co*", false },
	{ "word less a word", "torture -detention", false },
	{ "word, 3 filters", "women", true },
	{ "3 filters", "", true },
	{ "everything", "", false },
};

/* Response, region of the State under review and a session: as a visitor narrows down. */
static const uint16_t kind[] = { 0 }, response[] = { 0 }, region[] = { 1, 2 }, action[] = { 0, 1 };
static const struct index_filter filters[] = {
	{ CORPUS_KIND, kind, 1 },
	{ CORPUS_RESPONSE, response, 1 },
	{ CORPUS_SUR_GROUP, region, 2 },
	{ CORPUS_ACTION, action, 2 },
};

struct timing {
	double median, p99;
};

static struct timing timing_of(double *us, int n)
{
	qsort(us, (size_t)n, sizeof *us, by_time);
	return (struct timing){ us[n / 2], us[n * 99 / 100] };
}

struct bench {
	struct oracle o;
	struct index_scratch *s;
	const struct query *query;
	struct index_request rq;
	str text; /* of the query */
	arena *a; /* of one run */
	int rounds;
	bool agrees[CORPUS_COLUMNS]; /* the units of an item, in that column */
};

/* What a peer answers, to be compared. */
struct answer {
	struct index_count *facets[CORPUS_COLUMNS];
	uint32_t items, keys[PAGE], n;
};

static struct timing run_own(struct bench *b, const struct kernels *k, struct index_result *ret)
{
	static double us[ROUNDS_MAX];
	struct query_context context = { .lang = TEXT_EN };

	b->o.ix->k = k;
	for (int i = 0; i < b->rounds; i++) {
		double start;

		arena_reset(b->a);
		start = now_us();
		b->rq.query = query_parse(b->a, &context, b->text);
		index_search(b->o.ix, b->s, b->a, &b->rq, ret);
		us[i] = now_us() - start;
	}
	return timing_of(us, b->rounds);
}

/* --- FTS5 and SQL ------------------------------------------------------------------------------------ */

/* A table a single-valued facet is a column of unit; the others have one of their own. */
static void make_tables(struct bench *b)
{
	oracle_sql(&b->o, S("ALTER TABLE unit ADD COLUMN first INT"));
	for (uint32_t c = 0; c < CORPUS_COLUMNS; c++) {
		buf o = buf_new(b->a, SQL_MAX);

		if (c == CORPUS_ISSUE || c == CORPUS_SDG || c == CORPUS_SUR_ORG ||
		    c == CORPUS_RS_ORG)
			buf_printf(&o,
				   "CREATE TABLE t%u(unit INT, v INT, PRIMARY KEY(unit, v))"
				   " WITHOUT ROWID; INSERT INTO t%u SELECT unit, v FROM value"
				   " WHERE col = %u; CREATE INDEX i%u ON t%u(v, unit)",
				   c, c, c, c, c);
		else
			buf_printf(&o,
				   "ALTER TABLE unit ADD COLUMN c%u INT; UPDATE unit SET c%u ="
				   " (SELECT v FROM value WHERE col = %u AND unit = id)",
				   c, c, c);
		oracle_sql(&b->o, buf_str(&o));
	}
	oracle_sql(&b->o,
		   S("DROP TABLE hits; CREATE TEMP TABLE hits(id INTEGER PRIMARY KEY, first INT);"
		     " ANALYZE"));
}

static bool has_table(uint32_t c)
{
	return c == CORPUS_ISSUE || c == CORPUS_SDG || c == CORPUS_SUR_ORG || c == CORPUS_RS_ORG;
}

/* FTS5's expression; n == 0: none. */
static str expression(struct bench *b)
{
	buf o = buf_new(b->a, SQL_MAX);

	if (b->query->n && !oracle_flat(&b->o, &o, b->query)) /* word -word */
		return S("s : \"tortur\" NOT s : \"detent\"");
	return buf_str(&o);
}

static void put_where(const struct bench *b, buf *o, uint32_t but)
{
	for (size_t i = 0; i < b->rq.n_filters; i++) {
		const struct index_filter *f = &b->rq.filters[i];

		if (f->column == but)
			continue;
		buf_printf(o, " AND c%u IN (", f->column);
		for (size_t k = 0; k < f->n; k++)
			buf_printf(o, "%s%u", k ? "," : "", f->values[k]);
		buf_put(o, S(")"));
	}
}

static void fill_hits(struct bench *b, str match, uint32_t but)
{
	buf o = buf_new(b->a, SQL_MAX);

	buf_put(&o,
		S("DELETE FROM hits; INSERT INTO hits SELECT id, item IS NOT lag(item) OVER (ORDER"
		  " BY id) FROM "));
	if (match.n)
		buf_printf(&o, "f CROSS JOIN unit ON id = f.rowid WHERE f MATCH '%.*s'",
			   STR_A(match));
	else
		buf_put(&o, S("unit WHERE 1"));
	put_where(b, &o, but);
	oracle_sql(&b->o, buf_str(&o));
}

/* Do the units of every item have the same values in a column? */
static bool agrees_within_items(const struct index *ix, const struct column *c)
{
	for (uint32_t i = 0; i < ix->n_multi; i++) {
		uint32_t from = ix->item_unit[ix->multi[i]], to = ix->item_unit[ix->multi[i] + 1];
		struct values first = column_values(ix, c, from);

		for (uint32_t u = from + 1; u < to; u++) {
			struct values v = column_values(ix, c, u);

			if (v.n != first.n || (v.n && memcmp(first.p, v.p, v.n * sizeof *v.p) != 0))
				return false;
		}
	}
	return true;
}

static void sql_facet(struct bench *b, uint32_t c, struct answer *r)
{
	bool agrees = b->agrees[c];
	const char *items = agrees ? "sum(hits.first)" : "count(DISTINCT item)";
	buf o = buf_new(b->a, SQL_MAX);
	sqlite3_stmt *st;

	if (has_table(c))
		buf_printf(&o,
			   "SELECT v, count(rs), %s FROM hits CROSS JOIN unit USING(id)"
			   " CROSS JOIN t%u ON unit = hits.id GROUP BY v",
			   items, c);
	else
		buf_printf(&o,
			   "SELECT c%u, count(rs), %s FROM hits CROSS JOIN unit USING(id)"
			   " WHERE c%u IS NOT NULL GROUP BY c%u",
			   c, items, c, c);
	st = oracle_prepare(&b->o, buf_str(&o));
	while (sqlite3_step(st) == SQLITE_ROW)
		r->facets[c][sqlite3_column_int(st, 0)] = (struct index_count){
			(uint32_t)sqlite3_column_int(st, 1), (uint32_t)sqlite3_column_int(st, 2)
		};
	sqlite3_finalize(st);
}

static void sql_page(struct bench *b, str match, struct answer *r)
{
	buf o = buf_new(b->a, SQL_MAX);
	sqlite3_stmt *st;
	uint32_t last = UINT32_MAX;

	if (match.n) /* twice twenty: units of one item stand together */
		buf_printf(&o,
			   "SELECT item FROM f JOIN unit ON id = f.rowid WHERE f MATCH '%.*s' AND "
			   "id IN"
			   " (SELECT id FROM hits) ORDER BY bm25(f), id LIMIT 200",
			   STR_A(match));
	else
		buf_put(&o, S("SELECT item FROM hits JOIN unit USING(id) ORDER BY id LIMIT 200"));
	st = oracle_prepare(&b->o, buf_str(&o));
	while (r->n < PAGE && sqlite3_step(st) == SQLITE_ROW) {
		uint32_t item = (uint32_t)sqlite3_column_int(st, 0);

		if (item != last)
			r->keys[r->n++] = item;
		last = item;
	}
	sqlite3_finalize(st);
	st = oracle_prepare(&b->o, S("SELECT sum(first) FROM hits"));
	sqlite3_step(st);
	r->items = (uint32_t)sqlite3_column_int(st, 0);
	sqlite3_finalize(st);
}

static bool is_filtered(const struct bench *b, uint32_t c)
{
	for (size_t i = 0; i < b->rq.n_filters; i++)
		if (b->rq.filters[i].column == c)
			return true;
	return false;
}

static struct answer answer_new(struct bench *b)
{
	struct answer r = { .n = 0 };

	for (uint32_t c = 0; c < CORPUS_COLUMNS; c++)
		r.facets[c] = NEW_N(b->a, struct index_count, b->o.ix->columns[c].n_values);
	return r;
}

static double run_sql(struct bench *b, struct answer *ret)
{
	double start = now_us();
	str match = expression(b);

	*ret = answer_new(b);
	for (uint32_t c = 0; c < CORPUS_COLUMNS; c++)
		if (is_filtered(b, c)) {
			fill_hits(b, match, c);
			sql_facet(b, c, ret);
		}
	fill_hits(b, match, CORPUS_COLUMNS);
	for (uint32_t c = 0; c < CORPUS_COLUMNS; c++)
		if (!is_filtered(b, c))
			sql_facet(b, c, ret);
	sql_page(b, match, ret);
	return now_us() - start;
}

/* --- FTS5 and our columns ---------------------------------------------------------------------------- */

/* A value counted: the item that had it last tells whether it is another item. */
struct tally {
	uint32_t units, items, last;
};

static bool passes(const struct bench *b, uint32_t u, uint32_t but)
{
	const struct index *ix = b->o.ix;

	for (size_t i = 0; i < b->rq.n_filters; i++) {
		const struct index_filter *f = &b->rq.filters[i];
		struct values v = column_values(ix, &ix->columns[f->column], u);
		bool any = false;

		for (size_t k = 0; k < f->n && f->column != but; k++)
			any |= v.n && v.p[0] == f->values[k];
		if (!any && f->column != but)
			return false;
	}
	return true;
}

static void tally_unit(const struct bench *b, uint32_t u, uint32_t c, struct tally *tallies)
{
	const struct index *ix = b->o.ix;
	struct values v = column_values(ix, &ix->columns[c], u);
	bool attribution = ix->columns[CORPUS_RS].single[u] != INDEX_NONE;

	for (uint32_t i = 0; i < v.n; i++) {
		struct tally *t = &tallies[ix->columns[c].slot + v.p[i]];

		t->units += attribution;
		t->items += t->last != ix->unit_item[u] + 1;
		t->last = ix->unit_item[u] + 1;
	}
}

struct scored {
	double score;
	uint32_t unit;
};

static int by_score(const void *a, const void *b)
{
	const struct scored *x = a, *y = b;

	if (x->score != y->score)
		return x->score < y->score ? -1 : 1;
	return x->unit < y->unit ? -1 : 1;
}

/* Keeps the best of what comes, which is enough for the page: twice in a while it is sorted and cut. */
static void keep_best(struct scored *best, size_t *n, size_t max)
{
	qsort(best, *n, sizeof *best, by_score);
	*n = MIN(*n, max / 2);
}

static double run_scan(struct bench *b, struct answer *ret)
{
	static struct scored best[2000];
	double start = now_us();
	const struct index *ix = b->o.ix;
	struct tally *tallies = NEW_N(b->a, struct tally, ix->n_slots), total = { 0 };
	str match = expression(b);
	sqlite3_stmt *st = NULL;
	size_t n = 0;
	uint32_t last = UINT32_MAX;

	*ret = answer_new(b);
	if (match.n) {
		st = oracle_prepare(&b->o, S("SELECT rowid, bm25(f) FROM f WHERE f MATCH ?"));
		sqlite3_bind_text(st, 1, match.p, (int)match.n, SQLITE_STATIC);
	}
	for (uint32_t u = 0; match.n ? sqlite3_step(st) == SQLITE_ROW : u < ix->n_units; u++) {
		double score = 0;

		if (match.n) {
			u = (uint32_t)sqlite3_column_int(st, 0);
			score = sqlite3_column_double(st, 1);
		}
		for (size_t i = 0; i < b->rq.n_filters; i++)
			if (passes(b, u, b->rq.filters[i].column))
				tally_unit(b, u, b->rq.filters[i].column, tallies);
		if (!passes(b, u, CORPUS_COLUMNS))
			continue;
		for (uint32_t c = 0; c < CORPUS_COLUMNS; c++)
			if (!is_filtered(b, c))
				tally_unit(b, u, c, tallies);
		total.items += total.last != ix->unit_item[u] + 1;
		total.last = ix->unit_item[u] + 1;
		if (n == COUNT_OF(best))
			keep_best(best, &n, COUNT_OF(best));
		best[n++] = (struct scored){ score, u };
	}
	sqlite3_finalize(st);
	qsort(best, n, sizeof *best, by_score);
	for (size_t i = 0; i < n && ret->n < PAGE; i++) {
		if (ix->unit_item[best[i].unit] != last)
			ret->keys[ret->n++] = ix->item_key[ix->unit_item[best[i].unit]];
		last = ix->unit_item[best[i].unit];
	}
	ret->items = total.items;
	for (uint32_t c = 0; c < CORPUS_COLUMNS; c++)
		for (uint32_t v = 0; v < ix->columns[c].n_values; v++)
			ret->facets[c][v] =
				(struct index_count){ tallies[ix->columns[c].slot + v].units,
						      tallies[ix->columns[c].slot + v].items };
	return now_us() - start;
}

/* --- All together ------------------------------------------------------------------------------------ */

static bool agrees(const struct bench *b, const struct index_result *own, const struct answer *peer)
{
	bool same = own->total.items == peer->items && own->n_hits == peer->n;

	for (uint32_t i = 0; i < peer->n && same; i++)
		same = index_item_key(b->o.ix, own->hits[i].item) == peer->keys[i];
	for (uint32_t c = 0; c < CORPUS_COLUMNS; c++)
		for (uint32_t v = 0; v < b->o.ix->columns[c].n_values; v++)
			same &= same_count(own->facets[c][v], peer->facets[c][v]);
	return same;
}

static bool bench_class(struct bench *b, size_t i)
{
	const struct kernels *const *k = kernels_usable();
	struct query_context context = { .lang = TEXT_EN };
	struct index_result own;
	struct answer sql, scan;
	double sql_us, scan_us, best = 1e12;
	char row[256], *at = row;
	arena *peers = arena_new(), *keep = b->a;
	bool same;

	b->text = str_of(classes[i].query);
	b->rq = (struct index_request){ .filters = filters,
					.n_filters = classes[i].filters ? COUNT_OF(filters) : 1,
					.count = PAGE };
	for (; *k; k++) {
		struct timing t = run_own(b, *k, &own);

		best = MIN(best, t.median);
		at += snprintf(at, (size_t)(row + sizeof row - at), " %7.1f %7.1f |", t.median,
			       t.p99);
	}
	b->a = b->o.a = peers;
	b->query = query_parse(peers, &context, b->text);
	sql_us = run_sql(b, &sql);
	same = agrees(b, &own, &sql);
	sql_us = MIN(sql_us, run_sql(b, &sql));
	scan_us = run_scan(b, &scan);
	same &= agrees(b, &own, &scan);
	scan_us = MIN(scan_us, run_scan(b, &scan));
	printf("| %-34s | %6u |%s %9.0f | %8.0f | %7.0f | %6.0f |%s\n",
	       classes[i].query[0] ? classes[i].query : "(empty)", own.total.items, row, sql_us,
	       scan_us, sql_us / best, scan_us / best, same ? "" : " DIFFERS");
	b->a = keep;
	arena_free(peers);
	return same;
}

static void print_head(const struct bench *b, double build_ms)
{
	const struct kernels *const *k = kernels_usable();
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	printf("%s texts: %u units, %u items, %u groups, %u words, %u values of %u facets\n",
	       b->o.c->real ? "UPR Info's" : "made-up", b->o.ix->n_units, b->o.ix->n_items,
	       b->o.ix->n_groups, b->o.ix->word_names.n, b->o.ix->n_slots, b->o.ix->n_columns);
	printf("built in %.0f ms, %.1f MB\n", build_ms, (double)index_memory(b->o.ix) / 1e6);
	printf("microseconds; own: median and 99th percentile of %d\n\n| query (kind = "
	       "recommendation)"
	       "    | items  |",
	       b->rounds);
	for (; *k; k++)
		printf(" %-15s |", (*k)->name);
	printf(" FTS5+SQL  | FTS5+col | x SQL   | x col  |\n");
}

static uint32_t argument(int argc, char **argv, int i, uint32_t otherwise)
{
	int64_t v;

	return argc > i && str_to_i64(str_of(argv[i]), &v) ? (uint32_t)v : otherwise;
}

int main(int argc, char **argv)
{
	struct bench *b = mem_alloc(sizeof *b);
	arena *a = arena_new();
	struct corpus *c = corpus_load(a, argument(argc, argv, 1, 120000), false);
	double start = now_us(), build_ms;
	struct index *ix = corpus_index(c, &c->schema);
	bool same = true;

	build_ms = (now_us() - start) / 1000;
	oracle_open(&b->o, c, ix);
	b->a = arena_new();
	b->s = index_scratch_new();
	b->rounds = (int)MIN(argument(argc, argv, 2, 300), (uint32_t)ROUNDS_MAX);
	make_tables(b);
	for (uint32_t i = 0; i < CORPUS_COLUMNS; i++)
		b->agrees[i] = agrees_within_items(ix, &ix->columns[i]);
	print_head(b, build_ms);
	for (size_t i = 0; i < COUNT_OF(classes); i++)
		same &= bench_class(b, i);
	printf("\n%s\n", same ? "All answers agree." : "SOME ANSWERS DIFFER.");
	index_free(ix);
	oracle_close(&b->o);
	index_scratch_free(b->s);
	arena_free(b->a);
	arena_free(a);
	mem_free(b);
	return !same;
}
