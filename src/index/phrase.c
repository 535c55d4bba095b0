/*
 * Phrases. The text of an item is kept as an array of word numbers, so whether a phrase stands in it is
 * seen by reading some twenty numbers that lie together: 20 to 30 ns. Positions in the postings, the
 * usual way, cost the same memory and more time here, since texts are short.
 *
 * Where to look: frequent words that follow one another have a posting of their own (build_pairs.c), and
 * rare words have short lists, so that no phrase has many places.
 */
#include "index/match.h"

/* A phrase of words that each are one of the dictionary: numbers are compared with numbers, beginning with
 * the word at ANCHOR, the rarest. */
static uint32_t count_exact(const uint32_t *t, uint32_t length, const struct matcher *words,
			    uint32_t n, uint32_t anchor)
{
	uint32_t count = 0, wanted = words[anchor].from;

	for (uint32_t i = anchor; i + n <= length + anchor; i++) {
		uint32_t k = 0;

		if (t[i] != wanted)
			continue;
		while (k < n && t[i - anchor + k] == words[k].from)
			k++;
		count += k == n;
	}
	return count;
}

static uint32_t count_any(const struct index *ix, const uint32_t *t, uint32_t length,
			  const struct matcher *words, uint32_t n)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i + n <= length; i++) {
		uint32_t k = 0;

		while (k < n && matcher_takes(ix, &words[k], t[i + k]))
			k++;
		count += k == n;
	}
	return count;
}

/* The rarest word of a phrase of single words; N when it is none. */
static uint32_t anchor_of(const struct index *ix, const struct matcher *words, uint32_t n)
{
	uint32_t anchor = 0;

	for (uint32_t i = 0; i < n; i++) {
		if (words[i].how != QUERY_EXACT || words[i].to - words[i].from != 1)
			return n;
		if (ix->word_count[words[i].from] < ix->word_count[words[anchor].from])
			anchor = i;
	}
	return anchor;
}

uint32_t phrase_count(const struct index *ix, const struct matcher *words, uint32_t n,
		      uint32_t item)
{
	const uint32_t *t = ix->tokens + ix->item_token[item];
	uint32_t length = ix->item_token[item + 1] - ix->item_token[item];
	uint32_t anchor = anchor_of(ix, words, n);

	return anchor < n ? count_exact(t, length, words, n, anchor)
			  : count_any(ix, t, length, words, n);
}

/* The one term of the dictionary that M stands for, or UINT32_MAX. */
static uint32_t only_term(const struct matcher *m)
{
	if (m->how == QUERY_STEM)
		return m->n_stems == 1 ? m->stems[0] : UINT32_MAX;
	return m->how == QUERY_EXACT && m->to - m->from == 1 ? m->from : UINT32_MAX;
}

static const struct posting *posting_of(const struct index *ix, const struct matcher *m,
					uint32_t term)
{
	return m->how == QUERY_STEM ? &ix->stem_postings[term] : &ix->word_postings[term];
}

/* The posting of A followed by B. False when pairs do not tell; *RET is NULL when there is no such
 * place. */
static bool pair_posting(const struct index *ix, const struct matcher *a, const struct matcher *b,
			 const struct posting **ret)
{
	const struct pairs *p = a->how == QUERY_STEM ? &ix->stem_pairs : &ix->word_pairs;
	uint32_t first = only_term(a), second = only_term(b), posting;

	if (first == UINT32_MAX || second == UINT32_MAX || a->how != b->how ||
	    p->place[first] == INDEX_NONE || p->place[second] == INDEX_NONE)
		return false;
	posting = p->posting_of[p->place[first] * p->n + p->place[second]];
	*ret = posting == UINT32_MAX ? NULL : &p->postings[posting];
	return true;
}

/* The places to look at: units that have all that is known of the phrase. */
struct places {
	uint64_t *set;
	bool none;
};

static void places_narrow(const struct matching *m, struct places *p, const struct posting *by)
{
	uint64_t *set = scratch_set_empty(m->s);

	set_or_posting(m->ix, set, by);
	if (p->set) {
		set_and(m->ix, p->set, set);
		m->s->used--;
	} else {
		p->set = set;
	}
}

/* A word that stands for several terms, such as a prefix: their units together. */
static void places_narrow_union(const struct matching *m, struct places *p, const struct matcher *w)
{
	const struct index *ix = m->ix;
	uint64_t *set = scratch_set_empty(m->s);
	uint32_t n = w->how == QUERY_STEM ? w->n_stems : w->to - w->from;

	for (uint32_t i = 0; i < n; i++)
		set_or_posting(ix, set,
			       posting_of(ix, w, w->how == QUERY_STEM ? w->stems[i] : w->from + i));
	if (p->set) {
		set_and(ix, p->set, set);
		m->s->used--;
	} else {
		p->set = set;
	}
}

static struct places places_of(const struct matching *m, const struct matcher *w, uint32_t n)
{
	struct places p = { 0 };
	bool paired = false; /* word i is in a pair with the one before */

	for (uint32_t i = 0; i < n && !p.none; i++) {
		const struct posting *by = NULL;
		bool tells = i + 1 < n && pair_posting(m->ix, &w[i], &w[i + 1], &by);

		p.none = (tells && !by) ||
			 (w[i].how == QUERY_STEM ? w[i].n_stems == 0 : w[i].from == w[i].to);
		if (p.none)
			break;
		if (tells)
			places_narrow(m, &p, by);
		else if (!paired && only_term(&w[i]) != UINT32_MAX)
			places_narrow(m, &p, posting_of(m->ix, &w[i], only_term(&w[i])));
		else if (!paired)
			places_narrow_union(m, &p, &w[i]);
		paired = tells;
	}
	return p;
}

/* How many places ahead the words of a text are fetched: they are far apart in memory. */
enum { AHEAD = 8 };

/* Reads the places and keeps those where the phrase stands. */
static const struct posting *phrase_read(struct matching *m, const struct matcher *words,
					 uint32_t n, const uint64_t *places)
{
	const struct index *ix = m->ix;
	uint32_t room = ix->k->count(places, ix->words), item = UINT32_MAX, tf = 0, n_units = 0;
	uint32_t *units = arena_alloc_raw(m->a, (room + AHEAD) * sizeof *units);
	uint8_t *impacts = arena_alloc_raw(m->a, room);
	struct posting *p = NEW(m->a, struct posting);

	bits_each(u, places, ix->words) units[n_units++] = u;
	memset(units + room, 0, AHEAD * sizeof *units);
	for (uint32_t i = 0; i < n_units; i++) {
		uint32_t u = units[i];

		__builtin_prefetch(&ix->tokens[ix->item_token[ix->unit_item[units[i + AHEAD]]]]);
		if (ix->unit_item[u] != item) {
			item = ix->unit_item[u];
			tf = phrase_count(ix, words, n, item);
		}
		if (tf) {
			units[p->df] = u;
			impacts[p->df++] = bm25_impact(ix, tf, ix->length[u]);
		}
	}
	p->units = units;
	p->impacts = impacts;
	return p->df ? p : NULL;
}

const struct posting *phrase_find(struct matching *m, const struct matcher *words, uint32_t n)
{
	size_t mark = m->s->used;
	const struct posting *found = NULL;
	struct places p;

	if (n == 2 && pair_posting(m->ix, &words[0], &words[1], &found))
		return found;
	p = places_of(m, words, n);
	if (!p.none)
		found = phrase_read(m, words, n, p.set);
	m->s->used = mark;
	return found;
}
