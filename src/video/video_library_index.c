/* public.db in, the library of the snapshot out; and its counts. */
#include "video/video_library_index.h"

#include "base/map.h"
#include "index/bits.h"
#include "publish/segment.h"
#include "video_public_sql.h"

const str voice_column_names[VOICE_COLUMNS] = {
	[VOICE_ISSUE] = S_INIT("issue"),         [VOICE_STATE] = S_INIT("state"),
	[VOICE_PERSON] = S_INIT("person"),       [VOICE_LANG] = S_INIT("lang"),
	[VOICE_SUBTITLES] = S_INIT("subtitles"), [VOICE_SERIES] = S_INIT("series"),
	[VOICE_YEAR] = S_INIT("year"),
};

struct name {
	str lang, text;
};

/* The values of all videos, one after the other: those of video I from starts[I] to before starts[I + 1]. */
struct column {
	VEC(str) codes;
	VEC(VEC(struct name)) names;
	struct map places;
	uint32_t *starts, *values;
};

struct place {
	int64_t id;
	uint32_t number;
};

struct library {
	size_t n;
	int64_t *ids;         /* by number */
	struct place *places; /* by id */
	struct column columns[VOICE_COLUMNS];
};

const struct library *library_of(const struct snapshot *s)
{
	return snapshot_segment(s, SEGMENT_LIBRARY);
}

size_t library_videos(const struct library *l)
{
	return l->n;
}

/* --- Building. */

/* VOICE_COLUMNS: none. */
static enum voice_column column_named(str name)
{
	enum voice_column c = 0;

	while (c < VOICE_COLUMNS && !str_eq(name, voice_column_names[c]))
		c++;
	return c;
}

static int by_id(const void *x, const void *y)
{
	const struct place *a = x, *b = y;

	return a->id != b->id ? (a->id < b->id ? -1 : 1) : 0;
}

static struct place *places_of(arena *a, const struct library *l)
{
	struct place *p = NEW_N(a, struct place, l->n);

	for (uint32_t i = 0; i < l->n; i++)
		p[i] = (struct place){ l->ids[i], i };
	if (l->n)
		qsort(p, l->n, sizeof *p, by_id);
	return p;
}

uint32_t library_number(const struct library *l, int64_t id)
{
	const struct place key = { id, 0 };
	const struct place *p = l->n ? bsearch(&key, l->places, l->n, sizeof key, by_id) : NULL;

	return p ? p->number : LIBRARY_NO_VIDEO;
}

/* Facts come by column and code. First how many each video has, then where they begin, then the values. */
struct fact {
	enum voice_column column;
	uint32_t value, number;
};

static size_t read_facts(struct library *l, arena *a, const struct library_facts *rows, size_t n,
			 struct fact *ret)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		uint32_t number = library_number(l, rows[i].video);
		enum voice_column c = column_named(rows[i].column);
		struct column *column = &l->columns[c];
		int64_t *value;
		bool fresh;

		if (number == LIBRARY_NO_VIDEO || c == VOICE_COLUMNS)
			continue;
		value = map_put(a, &column->places, arena_str(a, rows[i].code), &fresh);
		if (fresh) {
			*value = (int64_t)column->codes.n;
			*vec_add(a, &column->codes) = arena_str(a, rows[i].code);
			(void)vec_add(a, &column->names);
		}
		ret[kept++] = (struct fact){ c, (uint32_t)*value, number };
	}
	return kept;
}

static void lay_out(struct library *l, arena *a, arena *scratch, const struct fact *facts, size_t n)
{
	uint32_t *at[VOICE_COLUMNS], total[VOICE_COLUMNS] = { 0 };

	for (int c = 0; c < VOICE_COLUMNS; c++)
		l->columns[c].starts = NEW_N(a, uint32_t, l->n + 1);
	for (size_t i = 0; i < n; i++) {
		l->columns[facts[i].column].starts[facts[i].number + 1]++;
		total[facts[i].column]++;
	}
	for (int c = 0; c < VOICE_COLUMNS; c++) {
		uint32_t *starts = l->columns[c].starts;

		l->columns[c].values = NEW_N(a, uint32_t, total[c]);
		at[c] = NEW_N(scratch, uint32_t, l->n + 1);
		for (size_t i = 0; i < l->n; i++)
			at[c][i + 1] = starts[i + 1] += starts[i];
	}
	for (size_t i = 0; i < n; i++)
		l->columns[facts[i].column].values[at[facts[i].column][facts[i].number]++] =
			facts[i].value;
}

static void read_names(struct library *l, arena *a, const struct library_names *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct column *column = &l->columns[column_named(rows[i].column)];
		const int64_t *value = map_get(&column->places, rows[i].code);

		if (value)
			*vec_add(a, &column->names.p[*value]) = (struct name){
				arena_str(a, rows[i].lang), arena_str(a, rows[i].name)
			};
	}
}

static enum err build(struct public *pub, arena *a, arena *scratch, struct library *l)
{
	struct voices_list *videos;
	struct library_facts *rows;
	struct library_names *names;
	struct fact *facts;
	size_t n;

	TRY(voices_list(pub, scratch, &videos, &l->n));
	l->ids = NEW_N(a, int64_t, l->n);
	for (size_t i = 0; i < l->n; i++)
		l->ids[i] = videos[i].id;
	l->places = places_of(a, l);
	TRY(library_facts(pub, scratch, &rows, &n));
	facts = NEW_N(scratch, struct fact, n);
	n = read_facts(l, a, rows, n, facts);
	lay_out(l, a, scratch, facts, n);
	TRY(library_names(pub, scratch, &names, &n));
	read_names(l, a, names, n);
	return OK;
}

static enum err library_build(struct public *pub, void *const *so_far, arena *a, void **ret)
{
	struct library *l = NEW(a, struct library);
	arena *scratch = arena_new();
	enum err e = build(pub, a, scratch, l);

	(void)so_far;
	arena_free(scratch);
	*ret = l;
	return e;
}

static const char *const kinds[] = { "video", "series", NULL };

const struct segment_kind library_segment = { SEGMENT_LIBRARY, kinds, library_build, NULL, NULL };

/* --- Values. */

uint32_t library_values(const struct library *l, enum voice_column column)
{
	return (uint32_t)l->columns[column].codes.n;
}

uint32_t library_value(const struct library *l, enum voice_column column, str code)
{
	const int64_t *value = map_get(&l->columns[column].places, code);

	return value ? (uint32_t)*value : VOICE_NO_VALUE;
}

str library_code(const struct library *l, enum voice_column column, uint32_t value)
{
	return l->columns[column].codes.p[value];
}

str library_name(const struct library *l, enum lang lang, enum voice_column column, uint32_t value,
		 str *ret_lang)
{
	const struct name *best = NULL;
	int rank = 0;

	*ret_lang = (str){ 0 };
	if (value == VOICE_NO_VALUE)
		return (str){ 0 };
	vec_each (struct name, name, &l->columns[column].names.p[value]) {
		int now = str_eq(name->lang, lang_code(lang)) || !name->lang.n ? 3
			  : str_eq(name->lang, S("en"))                        ? 2
									       : 1;

		if (now > rank)
			best = name;
		rank = MAX(rank, now);
	}
	if (best && rank < 3)
		*ret_lang = best->lang;
	return best ? best->text : (str){ 0 };
}

/* --- Asking. */

struct library_gate {
	const struct library *l;
	bool *wanted[VOICE_COLUMNS]; /* by value; NULL: all are */
};

bool voices_filter_is_empty(const struct voices_filter *f)
{
	for (int c = 0; c < VOICE_COLUMNS; c++)
		if (f->of[c].n)
			return false;
	return true;
}

struct library_gate *library_gate_new(const struct library *l, arena *a,
				      const struct voices_filter *filter)
{
	struct library_gate *gate = NEW(a, struct library_gate);

	gate->l = l;
	for (int c = 0; c < VOICE_COLUMNS; c++) {
		const struct voice_values *values = &filter->of[c];

		if (!values->n)
			continue;
		gate->wanted[c] = NEW_N(a, bool, l->columns[c].codes.n + 1);
		for (size_t i = 0; i < values->n; i++)
			if (values->p[i] != VOICE_NO_VALUE)
				gate->wanted[c][values->p[i]] = true;
	}
	return gate;
}

static bool passes(const struct library_gate *gate, int c, uint32_t number)
{
	const struct column *column = &gate->l->columns[c];

	if (!gate->wanted[c])
		return true;
	for (uint32_t i = column->starts[number]; i < column->starts[number + 1]; i++)
		if (gate->wanted[c][column->values[i]])
			return true;
	return false;
}

/* Which is the last that does is known where there is one. */
static int misses(const struct library_gate *gate, uint32_t number, int *ret_column)
{
	int n = 0;

	for (int c = 0; c < VOICE_COLUMNS && n < 2; c++)
		if (!passes(gate, c, number)) {
			*ret_column = c;
			n++;
		}
	return n;
}

int library_misses(const struct library_gate *gate, uint32_t number)
{
	int column;

	return misses(gate, number, &column);
}

static void count_values(const struct column *column, uint32_t number, uint32_t *counts)
{
	for (uint32_t i = column->starts[number]; i < column->starts[number + 1]; i++)
		counts[column->values[i]]++;
}

/* A video that one column alone keeps out counts for that column's values. */
static bool look_at(const struct library_gate *gate, uint32_t number, struct library_found *ret)
{
	int missed = VOICE_COLUMNS, n = misses(gate, number, &missed);

	for (int c = 0; c < VOICE_COLUMNS && n < 2; c++)
		if (n == 0 || c == missed) {
			count_values(&gate->l->columns[c], number, ret->counts[c]);
			ret->without[c]++;
		}
	return n == 0;
}

void library_ask(const struct library *l, arena *a, const struct library_request *rq,
		 struct library_found *ret)
{
	const struct library_gate *gate = library_gate_new(l, a, rq->filter);

	*ret = (struct library_found){ .ids = NEW_N(a, int64_t, MIN(rq->count, l->n)) };
	for (int c = 0; c < VOICE_COLUMNS; c++)
		ret->counts[c] = NEW_N(a, uint32_t, l->columns[c].codes.n);
	for (uint32_t i = 0; i < l->n; i++) {
		if ((rq->among && !bits_has(rq->among, i)) || !look_at(gate, i, ret))
			continue;
		if (ret->total >= rq->first && ret->n < rq->count)
			ret->ids[ret->n++] = l->ids[i];
		ret->total++;
	}
}
