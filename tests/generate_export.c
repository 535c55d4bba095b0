/*
 * generate_export: writes what UPR Info's exports of 2018 and 2014 look like, from our own words, so
 * that import, matching, undo and the benchmarks run where the real exports are not at hand.
 *
 *     generate_export --out DIR [--seed N] [--units N] [--shift N] [--words N]
 *
 * DIR/upr-info-2018 gets five CSV files: UTF-8 with a byte order mark, `;`, CRLF, header names that
 * repeat. DIR/upr-info-2014 gets six: MacRoman, bare CR, other header and response words, the last of
 * them voluntary pledges. What an importer has to find in them is printed, one "name number" a line.
 *
 * The traps of the real ones are there at the same rate: country names with a line end inside quotes,
 * an entity that contains the separator, rows in the wrong charset, blanks at the ends of texts, a row
 * without session, rows without recommending State, duplicates, texts that several States share.
 *
 * The same arguments give the same bytes. Sessions, States and organisations come from data/reference,
 * so it runs from the root of the repository.
 */
#include "base/base.h"
#include "base/log.h"
#include "base/map.h"

#include <errno.h>
#include <sys/stat.h>

#include "generate_words.h"

#define REFERENCE    "data/reference/"
#define SESSIONS     21
#define PLEDGES      947
#define STATES_MAX   200
#define REVIEWS_MAX  400
#define FIELD_MAX    4000
#define NO_STATE     (-1)
#define UNKNOWN_ROWS 9
#define NAMES        16384

/* Rows a session in the export of 2018; the row without session is one more, in session 5. */
static const int session_rows[SESSIONS + 1] = {
	0,    430,  855,  1335, 1804, 1670, 2038, 2147, 2106, 2051, 2306,
	2179, 2434, 2128, 2179, 1847, 2751, 2821, 2387, 2829, 2768, 2769,
};
#define ROWS_2018 43834

/* The spellings of UPR Info where they are not the name to show. Empty: as in 2018. */
static const struct spelling {
	const char *iso3, *in_2018, *in_2014;
} spellings[] = {
	{ "ATG", "Antigua and Barbuda", "Antigua & Barbuda" },
	{ "BIH", "Bosnia and Herzegovina\n", "Bosnia & Herzegovina" },
	{ "CIV", "Cote d'Ivoire", "" },
	{ "COD", "Democratic Republic of Congo", "" },
	{ "COG", "Republic of Congo", "" },
	{ "CPV", "Cape Verde", "" },
	{ "CZE", "Czechia", "Czech Republic" },
	{ "GNB", "Guinea Bissau", "" },
	{ "KNA", "St Kitts & Nevis", "" },
	{ "LAO", "Laos", "" },
	{ "LCA", "St Lucia", "" },
	{ "MDA", "Moldova", "" },
	{ "MKD", "Macedonia FYR", "" },
	{ "PRK", "DPR Korea", "" },
	{ "PSE", "Palestine", "" },
	{ "STP", "Sao Tome & Principe", "" },
	{ "SWZ", "Swaziland", "" },
	{ "SYR", "Syria", "" },
	{ "TTO", "Trinidad and Tobago\n", "Trinidad & Tobago" },
	{ "TUR", "Turkey", "" },
	{ "TZA", "Tanzania", "" },
	{ "VCT", "St Vincent & the Grenadines", "" },
};

/* Who recommends most, first; the others follow in an order of their own. */
static const char *const prolific[] = { "FRA", "ESP", "CAN", "NOR", "MEX", "SVN", "BRA",
					"GBR", "DZA", "USA", "AUT", "ARG", "NLD", "DEU",
					"URY", "CZE", "CHE", "AUS", "ITA", "CHL" };

/* Where the traps stand: in the review of this State at this session. */
static const struct trap {
	const char *iso3;
	int session;
	enum trap_kind {
		TRAP_NO_SESSION = 1,
		TRAP_UNKNOWN,
		TRAP_MOJIBAKE,
		TRAP_SAME,    /* the same row again, byte by byte */
		TRAP_BLANK,   /* again, with one blank more at the end */
		TRAP_CASE,    /* again, in other case and with other punctuation */
		TRAP_SAME_14, /* again, in the older export only */
	} kind;
} traps[] = {
	{ "AFG", 5, TRAP_NO_SESSION }, { "IDN", 1, TRAP_UNKNOWN },  { "BOL", 7, TRAP_MOJIBAKE },
	{ "MDG", 7, TRAP_MOJIBAKE },   { "PER", 2, TRAP_MOJIBAKE }, { "TON", 15, TRAP_SAME },
	{ "SWE", 8, TRAP_BLANK },      { "NZL", 18, TRAP_CASE },    { "KGZ", 8, TRAP_SAME_14 },
};

struct state {
	str iso3, name, name_14, group, orgs;
	int weight; /* how often it recommends */
	bool observer;
};

struct review {
	int state, session, rows;
};

struct row {
	str text;      /* UTF-8, without the blanks */
	uint64_t tags; /* as in 2018 */
	int rs;        /* index of the recommending State, or NO_STATE */
	int action, action_14;
	int blanks;
	bool supported, supported_14, dot_14; /* dot_14: ends in a full stop there */
	bool first;                           /* of those that share the text */
	enum trap_kind trap;
};

typedef VEC(struct row) row_list;

struct world {
	arena *a;
	struct state states[STATES_MAX];
	int states_n;
	struct map index; /* iso3 -> state */
	struct review reviews[REVIEWS_MAX];
	int reviews_n;
	int by_name[STATES_MAX];
	int weight_sum;
	uint64_t seed;
	int64_t units, shift, words;
	str out;
};

struct totals {
	int64_t rows, rejected, duplicates, recommendations, units;
	int64_t actions, responses; /* that the older export has otherwise than the newer */
};

/* --- Chance: splitmix64, anew for each review, so that a review is the same in both exports. */

struct chance {
	uint64_t x;
};

static uint64_t chance_next(struct chance *c)
{
	uint64_t z = c->x += 0x9E3779B97F4A7C15u;

	z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
	z = (z ^ z >> 27) * 0x94D049BB133111EBu;
	return z ^ z >> 31;
}

static int chance_below(struct chance *c, int n)
{
	return (int)(chance_next(c) % (uint64_t)n);
}

static bool chance_percent(struct chance *c, int percent)
{
	return chance_below(c, 100) < percent;
}

/* Below N, the small ones more often: about as 1/k, which is how words are. */
static int chance_zipf(struct chance *c, int n)
{
	int levels = 1, k;

	while (1 << levels <= n)
		levels++;
	do {
		int level = chance_below(c, levels);

		k = (1 << level) - 1 + chance_below(c, 1 << level);
	} while (k >= n);
	return k;
}

static struct chance chance_for(const struct world *w, int a, int b)
{
	struct chance c = { w->seed * 1000003u + (uint64_t)a * 1009u + (uint64_t)b };

	chance_next(&c);
	return c;
}

/* --- Reading data/reference. */

static MUST enum err file_read(arena *a, const char *path, str *ret)
{
	FILE *f = fopen(path, "rb");
	buf b = buf_new(a, 16 << 20);
	char *to;
	size_t n;

	if (!f) {
		log_error("%s: %s", path, log_errno(errno));
		return E_IO;
	}
	while ((to = buf_room(&b, 65536)) && (n = fread(to, 1, 65536, f)) > 0)
		buf_wrote(&b, n);
	fclose(f);
	*ret = buf_str(&b);
	return b.err;
}

/* The next field of a line of our own CSV files: quoted fields end in the line they began in. */
static str field_next(arena *a, str *line)
{
	buf b = buf_new(a, FIELD_MAX);
	size_t i = 1;

	if (!line->p || line->n == 0 || line->p[0] != '"')
		return str_cut(line, ',');
	for (; i < line->n; i++) {
		if (line->p[i] != '"')
			buf_byte(&b, line->p[i]);
		else if (i + 1 < line->n && line->p[i + 1] == '"')
			buf_byte(&b, line->p[i++]);
		else
			break;
	}
	*line = i + 1 < line->n ? str_from(*line, i + 2) : (str){ NULL, 0 };
	return buf_str(&b);
}

/* The next line of TABLE as N fields; false at the end. */
static bool table_next(arena *a, str *table, str *fields, int n)
{
	str line = str_cut(table, '\n');

	if (!line.p || (line.n == 0 && !table->p))
		return false;
	for (int i = 0; i < n; i++)
		fields[i] = field_next(a, &line);
	return true;
}

static MUST enum err table_open(arena *a, const char *path, str *ret)
{
	str fields[1];

	TRY(file_read(a, path, ret));
	table_next(a, ret, fields, 1); /* the header */
	return OK;
}

static int state_find(const struct world *w, str iso3)
{
	int64_t *at = map_get(&w->index, iso3);

	return at ? (int)*at : NO_STATE;
}

static void state_spell(struct state *s)
{
	for (size_t i = 0; i < COUNT_OF(spellings); i++) {
		if (!str_eq(s->iso3, str_of(spellings[i].iso3)))
			continue;
		s->name = s->name_14 = str_of(spellings[i].in_2018);
		if (spellings[i].in_2014[0])
			s->name_14 = str_of(spellings[i].in_2014);
	}
}

static str group_label(str code)
{
	static const struct {
		const char *code, *label;
	} labels[] = { { "african", "Africa" },
		       { "asia-pacific", "Asia" },
		       { "eastern-european", "EEG" },
		       { "grulac", "GRULAC" },
		       { "weog", "WEOG" } };

	for (size_t i = 0; i < COUNT_OF(labels); i++)
		if (str_eq(code, str_of(labels[i].code)))
			return str_of(labels[i].label);
	return S("Observer");
}

static MUST enum err states_read(struct world *w)
{
	str table, f[7];

	TRY(table_open(w->a, REFERENCE "states.csv", &table));
	while (table_next(w->a, &table, f, 7)) {
		struct state *s = &w->states[w->states_n];

		if (w->states_n == STATES_MAX)
			return E_TOOBIG;
		*s = (struct state){ .iso3 = f[0], .name = f[6], .name_14 = f[6] };
		s->group = group_label(f[4]);
		s->observer = f[4].n == 0;
		state_spell(s);
		*map_put(w->a, &w->index, s->iso3, NULL) = w->states_n++;
	}
	return OK;
}

static MUST enum err memberships_read(struct world *w)
{
	str table, f[2], organisations, o[5];

	TRY(table_open(w->a, REFERENCE "organisations.csv", &organisations));
	while (table_next(w->a, &organisations, o, 5)) {
		TRY(table_open(w->a, REFERENCE "memberships.csv", &table));
		while (table_next(w->a, &table, f, 2)) {
			int at = state_find(w, f[1]);
			buf b = buf_new(w->a, 200);

			if (!str_eq(f[0], o[0]) || at == NO_STATE)
				continue;
			buf_put(&b, w->states[at].orgs);
			buf_put(&b, b.n ? S(", ") : S(""));
			buf_put(&b, o[4]);
			w->states[at].orgs = buf_str(&b);
		}
	}
	return OK;
}

static MUST enum err reviews_read(struct world *w)
{
	str table, f[4];
	int64_t session;

	TRY(table_open(w->a, REFERENCE "reviews.csv", &table));
	while (table_next(w->a, &table, f, 4)) {
		if (!str_to_i64(f[2], &session) || session > SESSIONS || !str_eq(f[3], S("held")))
			continue;
		if (w->reviews_n == REVIEWS_MAX)
			return E_TOOBIG;
		w->reviews[w->reviews_n++] = (struct review){ .state = state_find(w, f[0]),
							      .session = (int)session };
	}
	return OK;
}

/* Deals the rows of each session to its reviews, some more, some less, as it is. */
static void reviews_deal(struct world *w)
{
	for (int session = 1; session <= SESSIONS; session++) {
		struct chance c = chance_for(w, session, 7);
		int64_t left = (session_rows[session] * w->units + ROWS_2018 / 2) / ROWS_2018;
		int shares[REVIEWS_MAX], sum = 0, last = 0;

		for (int i = 0; i < w->reviews_n; i++) {
			if (w->reviews[i].session != session)
				continue;
			shares[i] = 40 + chance_below(&c, 100);
			sum += shares[i];
			last = i;
		}
		for (int i = 0; i < w->reviews_n; i++) {
			struct review *r = &w->reviews[i];

			if (r->session != session)
				continue;
			r->rows = (int)(i == last ? left : left * shares[i] / sum);
			sum -= shares[i];
			left -= r->rows;
		}
	}
}

static void states_weigh(struct world *w)
{
	struct chance c = chance_for(w, 3, 3);

	for (int i = 0; i < w->states_n; i++) {
		struct state *s = &w->states[i];

		/* About 170 States recommend; most of them seldom. */
		s->weight = chance_percent(&c, 88) ? 1 + 600 / (1 + chance_below(&c, 150)) : 0;
		s->weight = MIN(s->weight, 60);
		for (size_t k = 0; k < COUNT_OF(prolific); k++)
			if (str_eq(s->iso3, str_of(prolific[k])))
				s->weight = 140 - 4 * (int)k;
		if (s->observer)
			s->weight = 24;
		w->weight_sum += s->weight;
	}
}

static void states_sort(struct world *w)
{
	for (int i = 0; i < w->states_n; i++) {
		int at = i;

		for (; at > 0 && str_cmp(w->states[w->by_name[at - 1]].name, w->states[i].name) > 0;
		     at--)
			w->by_name[at] = w->by_name[at - 1];
		w->by_name[at] = i;
	}
}

static MUST enum err world_read(struct world *w)
{
	TRY(states_read(w));
	TRY(memberships_read(w));
	TRY(reviews_read(w));
	states_weigh(w);
	states_sort(w);
	reviews_deal(w);
	return OK;
}

/* --- Sentences. */

static int words_count(str s)
{
	int n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += s.p[i] != ' ' && (i == 0 || s.p[i - 1] == ' ');
	return n;
}

/* Aimed at words a text: the deciles of the real ones, scaled to the mean that is asked for. */
static int words_aim(struct chance *c, int64_t mean)
{
	static const int deciles[] = { 3, 6, 9, 11, 14, 16, 19, 22, 26, 32, 66 };
	int part = chance_below(c, 10), low = deciles[part], high = deciles[part + 1];

	return (int)((low + chance_below(c, high - low + 1)) * mean / 21);
}

/* A made-up name, the same for the same number: a few of them often, many of them once. */
static void name_put(struct chance *c, buf *b)
{
	int number = chance_percent(c, 65) ? chance_zipf(c, NAMES) : chance_below(c, 4 * NAMES);
	struct chance name = { (uint64_t)number };
	int parts = 2 + chance_below(&name, 2);
	size_t start = b->n;

	for (int i = 0; i < parts; i++)
		buf_put(b, str_of(syllables[chance_below(&name, (int)COUNT_OF(syllables))]));
	if (b->err == OK)
		b->p[start] = (char)(b->p[start] - 'a' + 'A');
}

/* FORM with its %s filled with names and its %d with a year. */
static void named_put(struct chance *c, buf *b, str form)
{
	for (; form.n; form = str_from(form, 1)) {
		if (form.p[0] != '%') {
			buf_byte(b, form.p[0]);
			continue;
		}
		form = str_from(form, 1);
		if (form.p[0] == 's')
			name_put(c, b);
		else
			buf_printf(b, "%02d", chance_below(c, 15));
	}
}

static int list_count(const char *const *list, int max)
{
	int n = 0;

	while (n < max && list[n])
		n++;
	return n;
}

/* One of LIST, the earlier more often, so that few openings open most texts. */
static str list_pick(struct chance *c, const char *const *list, int max)
{
	return str_of(list[chance_zipf(c, list_count(list, max))]);
}

static const struct subject *subject_pick(struct chance *c)
{
	int sum = 0, at;

	for (size_t i = 0; i < COUNT_OF(subjects); i++)
		sum += subjects[i].weight;
	at = chance_below(c, sum);
	for (size_t i = 0;; i++)
		if ((at -= subjects[i].weight) < 0)
			return &subjects[i];
}

static int action_pick(struct chance *c, const struct subject *s)
{
	/* In thousandths, as the real ones; instruments are mostly ratified, or considered. */
	static const int treaty[] = { 5, 20, 190, 300, 1000 }, rest[] = { 9, 245, 312, 842, 1000 };
	const int *shares = s->stance == TREATY ? treaty : rest;
	int at = chance_below(c, 1000), action = 1;

	while (action < 5 && at >= shares[action - 1])
		action++;
	return action;
}

static void detail_put(struct chance *c, buf *b)
{
	str detail = str_of(details[chance_below(c, (int)COUNT_OF(details))]);

	if (detail.p[0] == '*') {
		buf_put(b, str_of(links[chance_below(c, (int)COUNT_OF(links))]));
		detail = str_from(detail, 1);
	}
	buf_put(b, detail);
}

static void clause_put(struct chance *c, struct row *r, buf *b)
{
	const struct clause *clause;
	int at;

	if (chance_percent(c, 16)) {
		named_put(c, b, str_of(named[chance_below(c, (int)COUNT_OF(named))]));
		return;
	}
	if (chance_below(c, 400) == 0) {
		buf_put(b, str_of(accented[chance_below(c, (int)COUNT_OF(accented))]));
		return;
	}
	if (chance_percent(c, 24)) {
		detail_put(c, b);
		return;
	}
	at = chance_percent(c, 45) ? chance_zipf(c, (int)COUNT_OF(clauses))
				   : chance_below(c, (int)COUNT_OF(clauses));
	clause = &clauses[at];
	if (str_find(buf_str(b), str_of(clause->text)) != STR_NONE)
		return;
	buf_put(b, str_of(clause->text));
	r->tags |= clause->tag;
}

static bool is_sentence(str object)
{
	return object.p[0] >= '1' && object.p[0] <= '5';
}

/* Mostly an object; a whole sentence where the subject has hardly anything else, or at times. */
static str object_pick(struct chance *c, const struct subject *s)
{
	str object = list_pick(c, s->objects, (int)COUNT_OF(s->objects));

	if (is_sentence(object) && chance_percent(c, 60))
		object = list_pick(c, s->objects, (int)COUNT_OF(s->objects));
	return object;
}

static void text_make(const struct world *w, struct chance *c, arena *a, struct row *r)
{
	const struct subject *s = subject_pick(c), *more;
	buf b = buf_new(a, FIELD_MAX);
	str object = object_pick(c, s);
	int aim = words_aim(c, w->words);

	r->tags = s->tags;
	r->action = action_pick(c, s);
	if (is_sentence(object)) {
		r->action = object.p[0] - '0';
		buf_put(&b, str_from(object, 1));
	} else {
		buf_put(&b, list_pick(c, openings[r->action - 1][s->stance], 14));
		buf_put(&b, object);
		more = subject_pick(c);
		object = object_pick(c, more);
		if (more->stance == s->stance && !is_sentence(object) && chance_percent(c, 22)) {
			buf_put(&b, S(" and "));
			buf_put(&b, object);
			r->tags |= more->tags;
		}
	}
	for (int tries = 0; tries < 40 && words_count(buf_str(&b)) < aim; tries++)
		clause_put(c, r, &b);
	if (chance_percent(c, 12))
		buf_byte(&b, '.');
	r->text = buf_str(&b);
}

/* Letters and digits, without case: what makes two texts the same. */
static str text_fold(arena *a, str text)
{
	buf b = buf_new(a, FIELD_MAX);

	for (size_t i = 0; i < text.n; i++) {
		char k = text.p[i];

		if (k >= 'A' && k <= 'Z')
			k = (char)(k - 'A' + 'a');
		if ((k >= 'a' && k <= 'z') || (k >= '0' && k <= '9') || (k & 0x80))
			buf_byte(&b, k);
	}
	return buf_str(&b);
}

/* A text that this review does not have yet. */
static void text_new(const struct world *w, struct chance *c, arena *a, struct map *seen,
		     struct row *r)
{
	for (bool new = false; !new;) {
		text_make(w, c, a, r);
		map_put(a, seen, text_fold(a, r->text), &new);
	}
}

/* --- Rows of a review. */

static int recommender_pick(const struct world *w, struct chance *c, int sur, const int *taken,
			    int n)
{
	for (;;) {
		int at = chance_below(c, w->weight_sum), i = 0;
		bool again = false;

		while ((at -= w->states[i].weight) >= 0)
			i++;
		for (int k = 0; k < n; k++)
			again |= taken[k] == i;
		if (i != sur && !again)
			return i;
	}
}

/* How many States say it: mostly one; in all, units exceed recommendations by about 3 per cent. */
static int sharers_pick(struct chance *c, int left)
{
	static const int out_of_100000[] = { 98010, 99270, 99670, 99835, 99905, 99950, 99970 };
	int at = chance_below(c, 100000), n = 1;

	while (n <= (int)COUNT_OF(out_of_100000) && at >= out_of_100000[n - 1])
		n++;
	return MIN(n, left);
}

static int blanks_pick(struct chance *c)
{
	int at = chance_below(c, 1000);

	return at < 555 ? 0 : at < 990 ? 1 : at < 998 ? 2 : 3;
}

static bool supported_pick(struct chance *c, int action)
{
	static const int percent[] = { 96, 96, 58, 84, 54 };

	return chance_percent(c, percent[action - 1]);
}

static enum trap_kind trap_of(const struct world *w, const struct review *r)
{
	for (size_t i = 0; i < COUNT_OF(traps); i++)
		if (traps[i].session == r->session &&
		    str_eq(w->states[r->state].iso3, str_of(traps[i].iso3)))
			return traps[i].kind;
	return 0;
}

static void tags_trim(uint64_t *tags)
{
	while (__builtin_popcountll(*tags) > 6)
		*tags &= *tags - 1;
	if (*tags & ~TAG(GENERAL))
		*tags &= ~TAG(GENERAL);
}

/* The rows that share one text. */
static void share_add(const struct world *w, struct chance *c, arena *a, const struct review *v,
		      struct row one, int n, row_list *rows)
{
	int taken[8];

	for (int i = 0; i < n; i++) {
		struct row *r = vec_add(a, rows);

		*r = one;
		r->rs = taken[i] = recommender_pick(w, c, v->state, taken, i);
		r->blanks = blanks_pick(c);
		r->first = i == 0;
		r->dot_14 = chance_below(c, 750) == 0;
		r->action_14 = chance_below(c, 900) ? r->action : 1 + r->action % 5;
		r->supported_14 = chance_below(c, 8000) ? r->supported : !r->supported;
	}
}

/* The second row becomes the trap, or is followed by its twin. */
static void trap_set(arena *a, row_list *rows, enum trap_kind kind)
{
	struct row twin;

	if (rows->n < 3)
		return;
	for (size_t i = 0; kind == TRAP_UNKNOWN && i < rows->n && i < UNKNOWN_ROWS; i++) {
		rows->p[i].trap = kind;
		rows->p[i].rs = NO_STATE;
	}
	if (kind == TRAP_UNKNOWN)
		return;
	if (kind == TRAP_NO_SESSION || kind == TRAP_MOJIBAKE) {
		rows->p[1].trap = kind;
		return;
	}
	twin = rows->p[1];
	twin.trap = kind;
	if (kind == TRAP_BLANK)
		twin.blanks++;
	*vec_add(a, rows) = twin;
}

static void mojibake_add(arena *a, struct row *r)
{
	buf b = buf_new(a, FIELD_MAX);

	buf_put(&b, r->text);
	buf_put(&b, S(", notably by the Haute Autorité and the Guaraní councils"));
	r->text = buf_str(&b);
}

static bool trap_doubles(enum trap_kind kind)
{
	return kind >= TRAP_SAME;
}

static row_list review_rows(const struct world *w, arena *a, const struct review *v)
{
	struct chance c = chance_for(w, v->session * 1000, v->state);
	enum trap_kind trap = trap_of(w, v);
	struct map seen = { 0 };
	row_list rows = { 0 };
	/* The twin that stands in both exports is one of the rows of 2018. */
	int n = v->rows - (trap_doubles(trap) && trap != TRAP_SAME_14);

	while ((int)rows.n < n) {
		struct row one = { 0 };
		int left = n - (int)rows.n;
		/* The rows that become traps stand alone. */
		int sharers = rows.n < 10 ? 1 : sharers_pick(&c, left);

		text_new(w, &c, a, &seen, &one);
		tags_trim(&one.tags);
		one.supported = supported_pick(&c, one.action);
		share_add(w, &c, a, v, one, sharers, &rows);
	}
	if (trap)
		trap_set(a, &rows, trap);
	for (size_t i = 0; i < rows.n; i++)
		if (rows.p[i].trap == TRAP_MOJIBAKE)
			mojibake_add(a, &rows.p[i]);
	return rows;
}

/* --- Writing. */

struct sheet {
	FILE *f;
	buf line;
	bool older; /* of 2014: MacRoman, comma, CR */
	bool first; /* nothing is written yet: the last line has no end */
};

static MUST enum err sheet_open(const struct world *w, arena *a, bool older, const char *name,
				struct sheet *ret)
{
	buf path = buf_new(a, 4096);

	buf_printf(&path, "%" STR_F "/%s/%s", STR_A(w->out),
		   older ? "upr-info-2014" : "upr-info-2018", name);
	if (path.err != OK)
		return E_TOOBIG;
	*ret = (struct sheet){ .older = older, .first = true, .line = buf_new(a, 1 << 16) };
	ret->f = fopen(arena_cstr(a, buf_str(&path)), "wb");
	if (ret->f)
		return OK;
	log_error("%" STR_F ": %s", STR_A(buf_str(&path)), log_errno(errno));
	return E_IO;
}

/* UTF-8 as MacRoman; what it has not becomes a question mark. */
static void macroman_put(buf *b, str s)
{
	static const struct {
		const char *utf8;
		char mac;
	} table[] = {
		{ "á", '\x87' }, { "à", '\x88' }, { "ä", '\x8A' }, { "ã", '\x8B' }, { "ç", '\x8D' },
		{ "é", '\x8E' }, { "è", '\x8F' }, { "í", '\x92' }, { "ñ", '\x96' }, { "ó", '\x97' },
		{ "ô", '\x99' }, { "ö", '\x9A' }, { "ú", '\x9C' }, { "°", '\xA1' },
	};

	while (s.n) {
		size_t i = 0;

		if (!(s.p[0] & 0x80)) {
			buf_byte(b, s.p[0]);
			s = str_from(s, 1);
			continue;
		}
		while (i < COUNT_OF(table) && !str_starts(s, str_of(table[i].utf8)))
			i++;
		buf_byte(b, i < COUNT_OF(table) ? table[i].mac : '?');
		s = str_from(s, 2);
	}
}

static void field_put(struct sheet *s, str field)
{
	char sep = s->older ? ',' : ';';
	bool quoted = str_find_byte(field, sep) != STR_NONE ||
		      str_find_byte(field, '"') != STR_NONE ||
		      str_find_byte(field, '\n') != STR_NONE;

	if (s->line.n)
		buf_byte(&s->line, sep);
	else if (field.n == 0)
		quoted = true;
	if (quoted)
		buf_byte(&s->line, '"');
	for (str rest = field; rest.p;) {
		str part = str_cut(&rest, '"');

		if (s->older)
			macroman_put(&s->line, part);
		else
			buf_put(&s->line, part);
		if (rest.p)
			buf_put(&s->line, S("\"\""));
	}
	if (quoted)
		buf_byte(&s->line, '"');
}

static void line_end(struct sheet *s)
{
	if (!s->first)
		fputs(s->older ? "\r" : "\r\n", s->f);
	s->first = false;
	fwrite(s->line.p, 1, s->line.n, s->f);
	buf_clear(&s->line);
}

static MUST enum err sheet_close(struct sheet *s)
{
	bool good = !ferror(s->f) && s->line.err == OK;

	return fclose(s->f) == 0 && good ? OK : E_IO;
}

static void header_put(struct sheet *s)
{
	static const char *const in_2018[] = { "SuR",    "Rgrp",  "Org",    "Recommendation",
					       "RS",     "Rgrp",  "Org",    "Response",
					       "Action", "Issue", "Session" };
	static const char *const in_2014[] = { "To",     "To-Rgrp",   "To-Org",   "Text",
					       "From",   "From-Rgrp", "From-Org", "Response",
					       "Action", "Issue",     "Session" };

	if (!s->older)
		fputs("\xEF\xBB\xBF", s->f);
	for (size_t i = 0; i < COUNT_OF(in_2018); i++)
		field_put(s, str_of(s->older ? in_2014[i] : in_2018[i]));
	line_end(s);
}

static void state_put(struct sheet *s, arena *a, const struct state *state, int session,
		      bool recommends)
{
	str name = s->older ? state->name_14 : state->name;
	buf b = buf_new(a, 100);

	/* A name that ends in a line end has it as CRLF in the first file, as LF in the others. */
	if (str_ends(name, S("\n")) && session <= 6 && recommends) {
		buf_put(&b, str_trim(name));
		buf_put(&b, S("\r\n"));
		name = buf_str(&b);
	}
	field_put(s, name);
	field_put(s, state->group);
	field_put(s, state->orgs);
}

/* The tags as the export of that year has them: the vocabulary of 2014 was another. */
static void tags_put(struct sheet *s, arena *a, const struct row *r)
{
	static const char *const labels[] = {
#define X(name, label) [I_##name] = label,
		ISSUES(X)
#undef X
	};
	buf b = buf_new(a, 1000);
	uint64_t tags = r->tags;
	bool plan = s->older && str_find(r->text, S(" action")) != STR_NONE;

	if (s->older && tags & (TAG(BUSINESS) | TAG(PRIVACY) | TAG(STATELESS)))
		tags = (tags & ~(TAG(BUSINESS) | TAG(PRIVACY) | TAG(STATELESS))) | TAG(OTHER);
	for (int i = 0; i < I_COUNT_; i++) {
		if (plan && i == I_NHRI) {
			buf_put(&b,
				b.n ? S(",National plan of action") : S("National plan of action"));
			plan = false;
		}
		if (!(tags >> i & 1))
			continue;
		if (b.n)
			buf_byte(&b, ',');
		buf_put(&b, s->older && i == I_NHRI    ? S("NHRI")
			    : s->older && i == I_WATER ? S("Right to water")
						       : str_of(labels[i]));
	}
	field_put(s, buf_str(&b));
}

/* UTF-8 taken for ISO-8859-1 and written as UTF-8 again. */
static str mojibake(arena *a, str text)
{
	buf b = buf_new(a, FIELD_MAX);

	for (size_t i = 0; i < text.n; i++) {
		unsigned char k = (unsigned char)text.p[i];

		if (k >= 0x80)
			buf_byte(&b, (char)(0xC0 | k >> 6));
		buf_byte(&b, k >= 0x80 ? (char)(0x80 | (k & 0x3F)) : (char)k);
	}
	return buf_str(&b);
}

static void text_put(struct sheet *s, arena *a, const struct row *r)
{
	buf b = buf_new(a, FIELD_MAX);
	str text = r->text;

	if (r->trap == TRAP_CASE) { /* in lower case, and with a full stop too many */
		for (size_t i = 0; i < text.n; i++)
			buf_byte(&b, text.p[i] >= 'A' && text.p[i] <= 'Z'
					     ? (char)(text.p[i] - 'A' + 'a')
					     : text.p[i]);
		buf_put(&b, S(".."));
	} else {
		buf_put(&b, r->trap == TRAP_MOJIBAKE && !s->older ? mojibake(a, text) : text);
	}
	if (s->older && r->dot_14)
		buf_byte(&b, '.');
	for (int i = 0; i < r->blanks; i++)
		buf_byte(&b, ' ');
	field_put(s, buf_str(&b));
}

static void number_put(struct sheet *s, arena *a, int64_t n)
{
	buf b = buf_new(a, 20);

	buf_i64(&b, n);
	field_put(s, buf_str(&b));
}

static str response_of(const struct sheet *s, const struct row *r)
{
	if (s->older)
		return r->supported_14 ? S("Accepted") : S("Noted");
	return r->supported ? S("Supported") : S("Noted");
}

static void row_put(const struct world *w, struct sheet *s, arena *a, const struct review *v,
		    const struct row *r)
{
	static const str unknown = S_INIT("&#40;Unknown&#41;");

	state_put(s, a, &w->states[v->state], v->session, false);
	text_put(s, a, r);
	for (int i = 0; r->rs == NO_STATE && i < 3; i++)
		field_put(s, unknown);
	if (r->rs != NO_STATE)
		state_put(s, a, &w->states[r->rs], v->session, true);
	field_put(s, response_of(s, r));
	number_put(s, a, s->older ? r->action_14 : r->action);
	tags_put(s, a, r);
	if (r->trap == TRAP_NO_SESSION && !s->older)
		field_put(s, S(""));
	else
		number_put(s, a, v->session + w->shift);
	line_end(s);
}

static void row_count(const struct sheet *s, const struct row *r, struct totals *t)
{
	t->rows++;
	if (r->trap == TRAP_NO_SESSION && !s->older) {
		t->rejected++;
		return;
	}
	if (trap_doubles(r->trap)) {
		t->duplicates++;
		return;
	}
	t->units++;
	t->recommendations += r->first;
	t->actions += r->action != r->action_14;
	t->responses += r->supported != r->supported_14;
}

/* The reviews of some sessions, by the name of the State under review. */
static MUST enum err sheet_write(const struct world *w, bool older, const char *name, int from,
				 int to, struct totals *t)
{
	arena *a = arena_new(), *review = arena_new();
	struct sheet s;
	enum err e = sheet_open(w, a, older, name, &s);

	if (e != OK)
		goto done;
	header_put(&s);
	for (int i = 0; i < w->states_n; i++) {
		for (int k = 0; k < w->reviews_n; k++) {
			const struct review *v = &w->reviews[k];
			row_list rows;

			if (v->state != w->by_name[i] || v->session < from || v->session > to)
				continue;
			rows = review_rows(w, review, v);
			vec_each (struct row, r, &rows) {
				if (r->trap == TRAP_SAME_14 && !older)
					continue;
				row_put(w, &s, review, v, r);
				row_count(&s, r, t);
			}
			arena_reset(review);
		}
	}
	e = sheet_close(&s);
done:
	arena_free(review);
	arena_free(a);
	return e;
}

/* --- Pledges: in the older export, State under review and recommending State are the same. */

static void pledge_text(struct chance *c, arena *a, struct row *r)
{
	const struct subject *s = subject_pick(c);
	buf b = buf_new(a, FIELD_MAX);
	str form = str_of(pledged[chance_zipf(c, (int)COUNT_OF(pledged))]), object;
	size_t at = str_find(form, S("%s"));

	do
		object = list_pick(c, s->objects, (int)COUNT_OF(s->objects));
	while (is_sentence(object));
	buf_put(&b, str_of(pledges[chance_zipf(c, (int)COUNT_OF(pledges))]));
	buf_put(&b, str_to(form, at));
	buf_put(&b, object);
	buf_put(&b, str_from(form, at + 2));
	r->tags = s->tags;
	r->action = 2 + chance_zipf(c, 4);
	for (int tries = 0, aim = words_aim(c, 34); tries < 40 && words_count(buf_str(&b)) < aim;
	     tries++)
		clause_put(c, r, &b);
	tags_trim(&r->tags);
	buf_put(&b, S(". "));
	r->text = buf_str(&b);
}

static void pledge_put(const struct world *w, struct sheet *s, arena *a, const struct review *v,
		       const struct row *r)
{
	state_put(s, a, &w->states[v->state], v->session, false);
	text_put(s, a, r);
	state_put(s, a, &w->states[v->state], v->session, true);
	field_put(s, S("Voluntary Pledge"));
	number_put(s, a, r->action);
	tags_put(s, a, r);
	number_put(s, a, v->session + w->shift);
	line_end(s);
}

/* Three of them stand there twice, the second time with a blank more. */
static MUST enum err pledges_write(const struct world *w, int64_t *ret_rows, int64_t *ret_different)
{
	arena *a = arena_new();
	struct chance c = chance_for(w, 5, 5);
	struct map seen = { 0 };
	struct sheet s;
	enum err e = sheet_open(w, a, true, "voluntary.csv", &s);

	if (e != OK)
		goto done;
	header_put(&s);
	for (int i = 0; i < PLEDGES - 3; i++) {
		const struct review *v;
		struct row r = { 0 };

		do
			v = &w->reviews[chance_below(&c, w->reviews_n)];
		while (v->session > 19);
		for (bool new = false; !new;) {
			pledge_text(&c, a, &r);
			map_put(a, &seen, text_fold(a, r.text), &new);
		}
		pledge_put(w, &s, a, v, &r);
		if (i % 300 != 299)
			continue;
		r.blanks++;
		pledge_put(w, &s, a, v, &r);
	}
	*ret_rows = PLEDGES;
	*ret_different = PLEDGES - 3;
	e = sheet_close(&s);
done:
	arena_free(a);
	return e;
}

/* --- The program. */

static MUST enum err folder_make(arena *a, str out, str name)
{
	buf b = buf_new(a, 4096);

	buf_put(&b, out);
	if (name.n) {
		buf_byte(&b, '/');
		buf_put(&b, name);
	}
	if (mkdir(arena_cstr(a, buf_str(&b)), 0777) == 0 || errno == EEXIST)
		return OK;
	log_error("%" STR_F ": %s", STR_A(buf_str(&b)), log_errno(errno));
	return E_IO;
}

static void totals_print(const char *what, const struct totals *t)
{
	printf("%s_rows %lld\n%s_rejected %lld\n%s_duplicates %lld\n%s_recommendations %lld\n"
	       "%s_units %lld\n",
	       what, (long long)t->rows, what, (long long)t->rejected, what,
	       (long long)t->duplicates, what, (long long)t->recommendations, what,
	       (long long)t->units);
}

static MUST enum err exports_write(const struct world *w)
{
	static const struct {
		int from, to;
		const char *time; /* of the newer export, in its file names; NULL: the older one */
	} sheets[] = {
		{ 1, 6, "20_19_03" },   { 7, 10, "20_20_28" },  { 11, 14, "20_22_08" },
		{ 15, 18, "20_22_51" }, { 19, 21, "20_23_33" }, { 1, 5, NULL },
		{ 6, 9, NULL },         { 10, 13, NULL },       { 14, 17, NULL },
		{ 18, 20, NULL },
	};
	struct totals newer = { 0 }, older = { 0 };
	int64_t pledges_rows = 0, pledges_different = 0;

	for (size_t i = 0; i < COUNT_OF(sheets); i++) {
		char name[100];
		int from = sheets[i].from + (int)w->shift, to = sheets[i].to + (int)w->shift;
		bool old = !sheets[i].time;

		if (old) /* the last of the real ones is named 17-20 */
			snprintf(name, sizeof name, "%d-%d.csv", from - (sheets[i].from == 18), to);
		else
			snprintf(name, sizeof name,
				 "%02d-%02d-UPR-INFO-DATABASE-EXPORT-2018_07_25-%s.csv", from, to,
				 sheets[i].time);
		TRY(sheet_write(w, old, name, sheets[i].from, sheets[i].to, old ? &older : &newer));
	}
	TRY(pledges_write(w, &pledges_rows, &pledges_different));
	totals_print("2018", &newer);
	totals_print("2014", &older);
	/* The row that has its session only in 2014 is what the older one adds. */
	printf("both_recommendations %lld\nboth_units %lld\n",
	       (long long)(newer.recommendations + newer.rejected),
	       (long long)(newer.units + newer.rejected));
	printf("changed_actions %lld\nchanged_responses %lld\n", (long long)older.actions,
	       (long long)older.responses);
	printf("pledges_rows %lld\npledges_different %lld\n", (long long)pledges_rows,
	       (long long)pledges_different);
	return OK;
}

static bool option_read(struct world *w, str name, str value)
{
	int64_t seed;

	if (str_eq(name, S("--out"))) {
		w->out = value;
		return value.n > 0;
	}
	if (str_eq(name, S("--seed"))) {
		if (!str_to_i64(value, &seed))
			return false;
		w->seed = (uint64_t)seed;
		return true;
	}
	if (str_eq(name, S("--units")))
		return str_to_i64(value, &w->units) && w->units >= 10000 && w->units <= 1000000;
	if (str_eq(name, S("--shift")))
		return str_to_i64(value, &w->shift) && w->shift >= 0 && w->shift <= 1000;
	if (str_eq(name, S("--words")))
		return str_to_i64(value, &w->words) && w->words >= 5 && w->words <= 100;
	return false;
}

static int usage(void)
{
	fprintf(stderr, "usage: generate_export --out DIR [--seed N] [--units 10000..1000000]\n"
			"                       [--shift SESSIONS] [--words 5..100]\n");
	return 1;
}

int main(int argc, char **argv)
{
	arena *a = arena_new();
	struct world *w = NEW(a, struct world);
	enum err e;

	*w = (struct world){ .a = a, .seed = 1, .units = ROWS_2018, .words = 21 };
	for (int i = 1; i < argc; i += 2)
		if (i + 1 == argc || !option_read(w, str_of(argv[i]), str_of(argv[i + 1])))
			return usage();
	if (w->out.n == 0)
		return usage();
	e = folder_make(a, w->out, S(""));
	if (e == OK)
		e = folder_make(a, w->out, S("upr-info-2018"));
	if (e == OK)
		e = folder_make(a, w->out, S("upr-info-2014"));
	if (e == OK)
		e = world_read(w);
	if (e == OK)
		e = exports_write(w);
	arena_free(a);
	return err_exit_code(e);
}
