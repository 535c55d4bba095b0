/*
 * Search in speech against SQLite's FTS5: the first twenty videos with all their moments.
 *
 *     bench/speech [VIDEOS [ROUNDS]]          5,000 of 600 cues each, and 200
 *
 * The transcripts are made up: words as frequent as in natural language (Zipf), and phrases. FTS5 has a row
 * a transcript, the fastest way that it has; it counts the videos, ranks the first twenty, and their texts,
 * which lie in memory, are scanned for moments. Moments of all videos are counted by us alone. Videos, and
 * the moments of our twenty, must be the same as FTS5's count and the scan's; otherwise the line says so and
 * the program fails. All in one process, in memory, on one core.
 */
#define _GNU_SOURCE /* memmem */
#include <math.h>
#include <sqlite3.h>

#include "bench/measure.h"
#include "index/speech.h"

enum { CUES = 600, WORDS = 8, VOCABULARY = 60000, PAGE = 20, ROUNDS_MAX = 10000, NEAR_MS = 30000 };
enum { CUE_MS = 4000 }; /* from one to the next */

static const struct {
	const char *class, *query, *match; /* match: for FTS5 */
} classes[] = {
	{ "rare word", "albinism", "albinism" },
	{ "word, 1 in 40,000", "moratorium", "moratorium" },
	{ "word, 1 in 3,000", "children", "children" },
	{ "frequent word", "women", "women" },
	{ "very frequent word", "rights", "rights" },
	{ "two words", "torture children", "torture children" },
	{ "two frequent words", "human rights", "human rights" },
	{ "frequent, apart", "women rights", "women rights" },
	{ "frequent and rarer", "rights police", "rights police" },
	{ "three words", "violence women police", "violence women police" },
	{ "three frequent", "human rights women", "human rights women" },
	{ "OR of two", "torture OR albinism", "torture OR albinism" },
	{ "word less a word", "torture -moratorium", "torture NOT moratorium" },
	{ "frequent phrase", "\"human rights\"", "\"human rights\"" },
	{ "phrase", "\"violence against women\"", "\"violence against women\"" },
	{ "rare phrase", "\"rights of persons\"", "\"rights of persons\"" },
	{ "prefix", "discrim*", "discrim*" },
};

/* Words that are asked for, in the place of made-up ones of that rank. */
static const struct {
	uint32_t rank;
	const char *word;
} known[] = {
	{ 1, "the" },
	{ 2, "of" },
	{ 3, "and" },
	{ 4, "to" },
	{ 5, "in" },
	{ 6, "we" },
	{ 7, "that" },
	{ 8, "for" },
	{ 14, "rights" },
	{ 18, "human" },
	{ 40, "women" },
	{ 60, "against" },
	{ 90, "violence" },
	{ 150, "persons" },
	{ 200, "police" },
	{ 300, "children" },
	{ 350, "torture" },
	{ 900, "discriminate" },
	{ 1500, "discrimination" },
	{ 4000, "moratorium" },
	{ 30000, "albinism" },
};

/* --- Transcripts ----------------------------------------------------------------------------------- */

struct made {
	uint32_t n_videos;
	char *text; /* words parted by a blank, one at the end of each cue */
	size_t n;
	size_t *cue; /* where each begins, and the end */
};

static uint64_t dice_state = 20180725;

static double dice(void)
{
	dice_state = dice_state * 6364136223846793005u + 1442695040888963407u;
	return (double)(dice_state >> 11) * 0x1p-53;
}

static str word_of_rank(uint32_t rank, char *room, size_t size)
{
	static const char *const ends[] = { "", "s", "ing" };

	for (size_t i = 0; i < COUNT_OF(known); i++)
		if (known[i].rank == rank)
			return str_of(known[i].word);
	return (str){ room, (size_t)snprintf(room, size, "w%uk%s", rank / 3, ends[rank % 3]) };
}

static void put(struct made *m, str word)
{
	memcpy(m->text + m->n, word.p, word.n);
	m->n += word.n;
	m->text[m->n++] = ' ';
}

/* A word, and what often follows it. Returns how many words. */
static uint32_t put_words(struct made *m, const str *words)
{
	str word = words[(uint32_t)exp(dice() * log(VOCABULARY))];
	double follows = dice();

	put(m, word);
	if (str_eq(word, S("human")) && follows < 0.6) {
		put(m, S("rights"));
		return 2;
	}
	if (str_eq(word, S("violence")) && follows < 0.2) {
		put(m, S("against"));
		put(m, S("women"));
		return 3;
	}
	return 1;
}

/* A phrase that does not fit into a cue goes on in the next. */
static struct made make(arena *a, uint32_t n_videos)
{
	struct made m = { .n_videos = n_videos };
	size_t cues = (size_t)n_videos * CUES;
	str *words = NEW_N(a, str, VOCABULARY + 1);

	for (uint32_t r = 1; r <= VOCABULARY; r++) {
		char *room = arena_alloc(a, 32);

		words[r] = word_of_rank(r, room, 32);
	}
	m.text = mem_alloc(cues * WORDS * 12 + 100);
	m.cue = mem_alloc((cues + 1) * sizeof *m.cue);
	for (size_t c = 0; c < cues; c++) {
		m.cue[c] = m.n;
		for (uint32_t n = 0; n < WORDS;)
			n += put_words(&m, words);
	}
	m.cue[cues] = m.n;
	return m;
}

static struct speech *build(const struct made *m)
{
	struct speech_builder *b = speech_builder_new();

	for (uint32_t v = 0; v < m->n_videos; v++) {
		speech_add_document(b, v, TEXT_EN, S("en"), true);
		for (uint32_t c = 0; c < CUES; c++) {
			const size_t *at = &m->cue[(size_t)v * CUES + c];

			speech_add_cue(b, c * CUE_MS, c * CUE_MS + CUE_MS - 500,
				       (str){ m->text + at[0], at[1] - at[0] });
		}
	}
	return speech_build(b);
}

/* --- FTS5 and the scan ------------------------------------------------------------------------------- */

static sqlite3 *db;

static void must(int code)
{
	if (code == SQLITE_OK)
		return;
	fprintf(stderr, "bench: SQLite: %s\n", sqlite3_errmsg(db));
	exit(1);
}

static void fill_fts(const struct made *m)
{
	sqlite3_stmt *st;

	must(sqlite3_open(":memory:", &db));
	must(sqlite3_exec(db, "CREATE VIRTUAL TABLE f USING fts5(text, content=''); BEGIN", NULL,
			  NULL, NULL));
	must(sqlite3_prepare_v2(db, "INSERT INTO f(rowid, text) VALUES(?, ?)", -1, &st, NULL));
	for (uint32_t v = 0; v < m->n_videos; v++) {
		const size_t *at = &m->cue[(size_t)v * CUES];

		sqlite3_bind_int64(st, 1, v + 1);
		sqlite3_bind_text(st, 2, m->text + at[0], (int)(at[CUES] - at[0]), SQLITE_STATIC);
		sqlite3_step(st);
		must(sqlite3_reset(st));
	}
	sqlite3_finalize(st);
	must(sqlite3_exec(db, "COMMIT; INSERT INTO f(f) VALUES('optimize')", NULL, NULL, NULL));
}

struct spans {
	uint32_t first[CUES * WORDS], last[CUES * WORDS], n, at;
};

/* The cues where TEXT stands as whole words; PREFIX: as the beginning of one. */
static void scan_text(const struct made *m, uint32_t video, str text, bool prefix,
		      struct spans *ret)
{
	const size_t *cue = &m->cue[(size_t)video * CUES];
	const char *p = m->text + cue[0], *end = m->text + cue[CUES];
	uint32_t c = 0;

	ret->n = ret->at = 0;
	while ((p = memmem(p, (size_t)(end - p), text.p, text.n))) {
		size_t at = (size_t)(p - m->text), last = at + text.n - 1;
		uint32_t l;

		p++;
		if ((at > cue[0] && p[-2] != ' ') || (!prefix && p[text.n - 1] != ' '))
			continue;
		while (cue[c + 1] <= at)
			c++;
		for (l = c; cue[l + 1] <= last;)
			l++;
		ret->first[ret->n] = c;
		ret->last[ret->n++] = l;
	}
}

/* The moments of lists that must be near one another; all cues stand CUE_MS apart. */
static uint32_t scan_near(struct spans *s, uint32_t n)
{
	uint32_t moments = 0, behind = 0, latest[8] = { 0 }, has = 0;

	for (;;) {
		uint32_t best = n, first, last;

		for (uint32_t i = 0; i < n; i++)
			if (s[i].at < s[i].n &&
			    (best == n || s[i].last[s[i].at] < s[best].last[s[best].at]))
				best = i;
		if (best == n)
			return moments;
		first = s[best].first[s[best].at];
		last = s[best].last[s[best].at++];
		if (first < behind)
			continue;
		latest[best] = has >> best & 1 ? MAX(latest[best], first) : first;
		has |= 1u << best;
		if (has != (1u << n) - 1)
			continue;
		for (uint32_t i = 0; i < n; i++)
			first = MIN(first, latest[i]);
		if (n > 1 && (last - first) * CUE_MS > NEAR_MS)
			continue;
		moments++;
		behind = last + 1;
		has = 0;
	}
}

/* The moments of the query in a video, by reading its text. OR and NOT: of the words one after the other. */
static uint32_t scan(const struct made *m, uint32_t video, str query)
{
	static struct spans spans[4];
	uint32_t n = 0, sum = 0;
	bool either = str_find(query, S(" OR ")) != STR_NONE;

	if (query.p[0] == '"') {
		scan_text(m, video, (str){ query.p + 1, query.n - 2 }, false, &spans[0]);
		return scan_near(spans, 1);
	}
	for (str rest = query; rest.p;) {
		str word = str_cut(&rest, ' ');
		bool prefix = str_ends(word, S("*"));

		if (str_eq(word, S("OR")) || word.p[0] == '-')
			continue;
		scan_text(m, video, str_to(word, word.n - prefix), prefix, &spans[n]);
		if (either)
			sum += scan_near(spans, 1);
		else
			n++;
	}
	return either ? sum : scan_near(spans, n);
}

struct peer {
	uint32_t videos, moments;
	double us;
};

static struct peer run_fts(const struct made *m, const char *match, str query)
{
	struct peer r = { 0 };
	double start = now_us();
	sqlite3_stmt *st;

	must(sqlite3_prepare_v2(db, "SELECT count(*) FROM f WHERE f MATCH ?", -1, &st, NULL));
	sqlite3_bind_text(st, 1, match, -1, SQLITE_STATIC);
	sqlite3_step(st);
	r.videos = (uint32_t)sqlite3_column_int(st, 0);
	sqlite3_finalize(st);
	must(sqlite3_prepare_v2(db, "SELECT rowid FROM f WHERE f MATCH ? ORDER BY rank LIMIT 20",
				-1, &st, NULL));
	sqlite3_bind_text(st, 1, match, -1, SQLITE_STATIC);
	while (sqlite3_step(st) == SQLITE_ROW)
		r.moments += scan(m, (uint32_t)sqlite3_column_int(st, 0) - 1, query);
	sqlite3_finalize(st);
	r.us = now_us() - start;
	return r;
}

/* --- All together ------------------------------------------------------------------------------------ */

static bool agrees(const struct made *m, const struct speech_result *own, uint32_t videos,
		   str query)
{
	bool same = own->videos == videos;

	for (size_t i = 0; i < own->n_hits; i++)
		if (own->hits[i].complete)
			same &= own->hits[i].n == scan(m, own->hits[i].video, query);
	return same;
}

static bool bench_class(const struct made *m, const struct speech *sp, struct speech_scratch *s,
			size_t i, uint32_t rounds)
{
	static double us[ROUNDS_MAX];
	struct query_context context = { .lang = TEXT_EN };
	str query = str_of(classes[i].query);
	struct speech_result own = { 0 };
	arena *a = arena_new();
	struct peer peer, again;
	size_t shown = 0;
	bool same;

	for (uint32_t k = 0; k < rounds; k++) {
		struct speech_request rq = { .count = PAGE };
		double start;

		arena_reset(a);
		start = now_us();
		rq.query = query_parse(a, &context, query);
		speech_search(sp, s, a, &rq, &own);
		us[k] = now_us() - start;
	}
	qsort(us, rounds, sizeof *us, by_time);
	peer = run_fts(m, classes[i].match, query);
	again = run_fts(m, classes[i].match, query);
	same = agrees(m, &own, peer.videos, query);
	for (size_t k = 0; k < own.n_hits; k++)
		shown += own.hits[k].n;
	printf("| %-18s | %-24s | %6u | %7llu | %5zu | %8.1f %8.1f | %9.0f | %6.0f |%s\n",
	       classes[i].class, classes[i].query, own.videos, (unsigned long long)own.moments,
	       shown, us[rounds / 2], us[rounds * 99 / 100], MIN(peer.us, again.us),
	       MIN(peer.us, again.us) / us[rounds / 2], same ? "" : " DIFFERS");
	arena_free(a);
	return same;
}

static uint32_t argument(int argc, char **argv, int i, uint32_t otherwise)
{
	int64_t v;

	return argc > i && str_to_i64(str_of(argv[i]), &v) ? (uint32_t)v : otherwise;
}

int main(int argc, char **argv)
{
	arena *a = arena_new();
	struct made m = make(a, argument(argc, argv, 1, 5000));
	uint32_t rounds = MIN(argument(argc, argv, 2, 200), (uint32_t)ROUNDS_MAX);
	double start = now_us(), built, filled;
	struct speech *sp = build(&m);
	struct speech_scratch *s = speech_scratch_new();
	bool same = true;

	built = now_us() - start;
	start = now_us();
	fill_fts(&m);
	filled = now_us() - start;
	printf("%u videos, %u cues, %.1f MB of text\n", speech_videos(sp), speech_cues(sp),
	       (double)m.n / 1e6);
	printf("built in %.0f ms, %.1f MB; FTS5 in %.0f ms, %.1f MB\n", built / 1000,
	       (double)speech_memory(sp) / 1e6, filled / 1000, (double)sqlite3_memory_used() / 1e6);
	printf("microseconds; own: median and 99th percentile of %u\n\n", rounds);
	printf("| %-18s | %-24s | videos | moments | shown | own               | FTS5+scan | x     "
	       " "
	       "|\n",
	       "class", "query");
	for (size_t i = 0; i < COUNT_OF(classes); i++)
		same &= bench_class(&m, sp, s, i, rounds);
	printf("\n%s\n", same ? "All answers agree." : "SOME ANSWERS DIFFER.");
	speech_scratch_free(s);
	speech_free(sp);
	sqlite3_close(db);
	mem_free(m.text);
	mem_free(m.cue);
	arena_free(a);
	return !same;
}
