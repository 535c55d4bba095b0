/*
 * Marking. A text is cut into words again and each is held against the words of the query by spelling
 * and stem: what search does with numbers, done with letters, for the twenty texts of a page.
 */
#include "base/utf8.h"
#include "index/match.h"
#include "index/token.h"

enum { MARKED_WORDS_MAX = 64 }; /* different words of a query that are marked */

/* A word of the query: what a word of the text must be. */
struct mark_word {
	enum query_how how;
	str folded;
	str *stems;
	struct matcher r;
};

struct mark_pattern {
	uint8_t *words; /* places among the marker's words */
	uint32_t n;
};

struct mark_leaf {
	VEC(struct mark_pattern) any, all;
	bool never; /* one of ALL is nowhere in the index */
};

struct index_marker {
	struct matching m;
	VEC(struct mark_word) words;
	VEC(struct mark_leaf) leaves;
};

/* --- Making the query ready -------------------------------------------------------------------------- */

/* The place of W among the words; -1 when no text has it, or there are too many. */
static int mark_word_place(struct index_marker *k, const struct query_word *w)
{
	const struct index *ix = k->m.ix;
	struct matcher r = matcher_of(&k->m, w);
	struct mark_word *fresh;
	size_t i = 0;

	if (w->how == QUERY_STEM ? r.n_stems == 0 : r.from == r.to)
		return -1;
	while (i < k->words.n &&
	       !(str_eq(k->words.p[i].folded, w->folded) && matchers_same(&k->words.p[i].r, &r)))
		i++;
	if (i < k->words.n || i == MARKED_WORDS_MAX)
		return i < k->words.n ? (int)i : -1;
	fresh = vec_add(k->m.a, &k->words);
	*fresh = (struct mark_word){ w->how, w->folded, NEW_N(k->m.a, str, r.n_stems), r };
	for (uint32_t s = 0; s < r.n_stems; s++)
		fresh->stems[s] = name_at(&ix->stem_names, r.stems[s]);
	return (int)i;
}

/* The words as a pattern. False when one of them is nowhere. */
static bool mark_sequence(struct index_marker *k, const struct query_word *w, uint32_t n,
			  struct mark_pattern *ret)
{
	*ret = (struct mark_pattern){ NEW_N(k->m.a, uint8_t, n), n };
	for (uint32_t i = 0; i < n; i++) {
		int place = mark_word_place(k, &w[i]);

		if (place < 0)
			return false;
		ret->words[i] = (uint8_t)place;
	}
	return true;
}

static void mark_pattern(struct index_marker *k, const struct query_pattern *p,
			 struct mark_leaf *leaf)
{
	struct query_word *parts;
	uint32_t n = take_apart(&k->m, p, &parts);
	struct mark_pattern made;

	if (mark_sequence(k, p->words, (uint32_t)p->n, &made))
		*vec_add(k->m.a, &leaf->any) = made;
	if (n != p->n && mark_sequence(k, parts, n, &made))
		*vec_add(k->m.a, &leaf->any) = made;
}

struct index_marker *index_marker_new(const struct index *ix, struct index_scratch *s, arena *a,
				      const struct query *q)
{
	struct index_marker *k = NEW(a, struct index_marker);

	k->m = (struct matching){ .ix = ix, .s = s, .a = a };
	k->m.langs = ix->langs | TEXT_LANG_BIT(q->lang);
	for (size_t c = 0; c < q->n; c++)
		for (size_t i = 0; i < q->clauses[c].n; i++) {
			const struct query_leaf *from = &q->clauses[c].leaves[i];
			struct mark_leaf *leaf;
			struct mark_pattern made;

			if (from->negated)
				continue;
			leaf = vec_add(a, &k->leaves);
			for (size_t p = 0; p < from->n_any; p++)
				mark_pattern(k, &from->any[p], leaf);
			for (size_t p = 0; p < from->n_all; p++) {
				if (!mark_sequence(k, from->all[p].words, (uint32_t)from->all[p].n,
						   &made))
					leaf->never = true;
				*vec_add(a, &leaf->all) = made;
			}
		}
	return k;
}

/* --- Marking a text ---------------------------------------------------------------------------------- */

struct text_word {
	uint32_t start, end;
	uint64_t is; /* which words of the query */
};

struct text_span {
	struct index_span at;
	uint32_t leaf;
};

struct marking {
	struct index_marker *k;
	VEC(struct text_word) words;
	VEC(struct text_span) spans;
};

static bool word_is(const struct mark_word *w, str folded, str stem)
{
	if (w->how == QUERY_PREFIX)
		return str_starts(folded, w->folded);
	if (w->how == QUERY_EXACT)
		return str_eq(folded, w->folded);
	for (uint32_t i = 0; i < w->r.n_stems; i++)
		if (str_eq(w->stems[i], stem))
			return true;
	return false;
}

static void read_text(struct marking *t, enum text_lang lang, str text)
{
	struct index_marker *k = t->k;
	struct tokens reader;
	struct token one;

	tokens_init(&reader, text);
	while (tokens_next(&reader, &one)) {
		str stem = stem_word(k->m.s->stemmer, lang, one.lower, one.folded);
		struct text_word *w = vec_add(k->m.a, &t->words);

		*w = (struct text_word){ one.start, one.end, 0 };
		for (size_t i = 0; i < k->words.n; i++)
			w->is |= (uint64_t)word_is(&k->words.p[i], one.folded, stem) << i;
	}
}

static bool stands_at(const struct marking *t, const struct mark_pattern *p, size_t at)
{
	uint32_t i = 0;

	while (i < p->n && at + i < t->words.n && t->words.p[at + i].is >> p->words[i] & 1)
		i++;
	return i == p->n;
}

/* Adds the places where P stands; returns how many. ONLY_COUNT: adds none. */
static size_t mark_places(struct marking *t, const struct mark_pattern *p, uint32_t leaf,
			  bool only_count)
{
	size_t found = 0;

	for (size_t i = 0; i < t->words.n; i++) {
		if (!stands_at(t, p, i))
			continue;
		found++;
		if (!only_count)
			*vec_add(t->k->m.a, &t->spans) = (struct text_span){
				{ t->words.p[i].start, t->words.p[i + p->n - 1].end }, leaf
			};
	}
	return found;
}

static void mark_leaf(struct marking *t, const struct mark_leaf *leaf, uint32_t number)
{
	bool every = leaf->all.n > 0 && !leaf->never;

	for (size_t i = 0; i < leaf->any.n; i++)
		mark_places(t, &leaf->any.p[i], number, false);
	for (size_t i = 0; every && i < leaf->all.n; i++)
		every = mark_places(t, &leaf->all.p[i], number, true) > 0;
	for (size_t i = 0; every && i < leaf->all.n; i++)
		mark_places(t, &leaf->all.p[i], number, false);
}

static int by_place(const void *a, const void *b)
{
	const struct text_span *x = a, *y = b;

	if (x->at.start != y->at.start)
		return x->at.start < y->at.start ? -1 : 1;
	return x->at.end < y->at.end ? -1 : x->at.end > y->at.end;
}

/* --- Choosing the part to show ----------------------------------------------------------------------- */

/* How much of the query is in [from, to): different leaves first, then places. */
static uint32_t worth(const struct marking *t, size_t first, uint32_t to)
{
	uint64_t leaves = 0;
	uint32_t places = 0;

	for (size_t i = first; i < t->spans.n && t->spans.p[i].at.end <= to; i++) {
		leaves |= (uint64_t)1 << (t->spans.p[i].leaf & 63);
		places++;
	}
	return (uint32_t)__builtin_popcountll(leaves) * 1000 + MIN(places, 999u);
}

/* The part of TEXT to show; begins and ends with whole words. */
static struct index_span choose_part(const struct marking *t, str text, uint32_t max)
{
	uint32_t from = 0, end = (uint32_t)text.n, best = 0, start = end, stop = 0;

	for (size_t i = 0; i < t->spans.n; i++) {
		uint32_t w = worth(t, i, t->spans.p[i].at.start + max * 3 / 4);

		if (w > best) {
			best = w;
			from = t->spans.p[i].at.start;
		}
	}
	from = from > max / 4 ? from - max / 4 : 0;
	from = MIN(from, end - max);
	for (size_t i = 0; i < t->words.n; i++) {
		if (t->words.p[i].start >= from)
			start = MIN(start, t->words.p[i].start);
		if (t->words.p[i].end <= from + max)
			stop = MAX(stop, t->words.p[i].end);
	}
	if (from == 0)
		start = 0;
	if (from + max >= end)
		stop = end;
	return start < stop ? (struct index_span){ start, stop }
			    : (struct index_span){ 0, (uint32_t)utf8_to(text, max).n };
}

/* The spans within PART, from its start on, those that overlap or touch as one. */
static void keep_spans(const struct marking *t, struct index_span part, struct index_snippet *ret)
{
	ret->spans = NEW_N(t->k->m.a, struct index_span, t->spans.n);
	vec_each (struct text_span, s, &t->spans) {
		struct index_span *last = ret->n ? &ret->spans[ret->n - 1] : NULL;
		struct index_span at = { s->at.start - part.start, s->at.end - part.start };

		if (s->at.start < part.start || s->at.end > part.end)
			continue;
		if (last && at.start <= last->end)
			last->end = MAX(last->end, at.end);
		else
			ret->spans[ret->n++] = at;
	}
}

struct index_snippet index_snippet(struct index_marker *k, enum text_lang lang, str text,
				   size_t max)
{
	struct marking t = { .k = k };
	struct index_span part;
	struct index_snippet r = { 0 };

	text = str_to(text, INT32_MAX);
	part = (struct index_span){ 0, (uint32_t)text.n };
	read_text(&t, lang, text);
	for (size_t i = 0; i < k->leaves.n; i++)
		mark_leaf(&t, &k->leaves.p[i], (uint32_t)i);
	if (t.spans.n)
		qsort(t.spans.p, t.spans.n, sizeof *t.spans.p, by_place);
	if (text.n > max)
		part = choose_part(&t, text, (uint32_t)max);
	r.text = str_from(str_to(text, part.end), part.start);
	r.cut_before = part.start > 0;
	r.cut_after = part.end < text.n;
	keep_spans(&t, part, &r);
	return r;
}
