#include "index/match.h"

#include "index/known.h"

/* --- Words ---------------------------------------------------------------------------------------- */

static void stem_add(struct matcher *m, uint32_t stem)
{
	for (uint32_t i = 0; i < m->n_stems; i++)
		if (m->stems[i] == stem)
			return;
	m->stems[m->n_stems++] = stem;
}

struct matcher matcher_of(struct matching *m, const struct query_word *w)
{
	const struct index *ix = m->ix;
	struct matcher r = { .how = w->how };
	uint32_t langs = w->langs ? w->langs & m->langs : m->langs;

	names_range(&ix->word_names, w->folded, w->how == QUERY_PREFIX, &r.from, &r.to);
	if (w->how != QUERY_STEM)
		return r;
	/* The word as it stands in texts brings the stems it has there: so "egalite" meets "égalité". */
	r.stems = NEW_N(m->a, uint32_t, TEXT_LANG_COUNT_ + r.to - r.from);
	for (uint32_t i = r.from; i < r.to; i++)
		stem_add(&r, ix->word_stem[i]);
	for (enum text_lang l = TEXT_OTHER; l < TEXT_LANG_COUNT_; l++) {
		uint32_t from, to;

		if (!(langs & TEXT_LANG_BIT(l)))
			continue;
		names_range(&ix->stem_names, stem_word(m->s->stemmer, l, w->lower, w->folded),
			    false, &from, &to);
		if (from < to)
			stem_add(&r, from);
	}
	return r;
}

bool word_unknown(struct matching *m, const struct query_word *w)
{
	struct matcher r = matcher_of(m, w);

	if (w->how == QUERY_STEM ? r.n_stems : r.to > r.from)
		return false;
	return w->typed && !map_get(&m->ix->compounds, w->folded);
}

bool matchers_same(const struct matcher *a, const struct matcher *b)
{
	if (a->how != b->how)
		return false;
	if (a->how != QUERY_STEM)
		return a->from == b->from && a->to == b->to;
	return a->n_stems == b->n_stems &&
	       !memcmp(a->stems, b->stems, a->n_stems * sizeof *a->stems);
}

static void term_add(struct matching *m, const struct term *t)
{
	vec_each (struct term, old, &m->terms) {
		uint32_t i = 0;

		while (old->n_words == t->n_words && i < t->n_words &&
		       matchers_same(&old->words[i], &t->words[i]))
			i++;
		if (old->n_words == t->n_words && i == t->n_words)
			return;
	}
	*vec_add(m->a, &m->terms) = *t;
}

/* --- Patterns: their units go into SET, and they become terms when they count for the rank. -------- */

static void term_of_one(struct matching *m, const struct matcher *words, uint32_t n,
			const struct posting *p, bool ranks)
{
	const struct posting **postings = NEW(m->a, const struct posting *);
	struct term t = { words, n, postings, 1, p->df };

	*postings = p;
	if (ranks)
		term_add(m, &t);
}

/* Each stem is a term by itself: rare stems weigh more. */
static void match_stems(struct matching *m, const struct matcher *w, uint64_t *set, bool ranks)
{
	for (uint32_t i = 0; i < w->n_stems; i++) {
		const struct posting *p = &m->ix->stem_postings[w->stems[i]];
		struct matcher *one = NEW(m->a, struct matcher);

		*one = (struct matcher){ .how = QUERY_STEM, .stems = &w->stems[i], .n_stems = 1 };
		set_or_posting(m->ix, set, p);
		term_of_one(m, one, 1, p, ranks);
	}
}

/* The words of a prefix, or the same word with several stems, are one term together. */
static void match_words(struct matching *m, const struct matcher *w, uint64_t *set, bool ranks)
{
	const struct index *ix = m->ix;
	uint32_t n = w->to - w->from;
	const struct posting **postings = NEW_N(m->a, const struct posting *, n);
	struct matcher *copy = NEW(m->a, struct matcher);
	struct term t = { copy, 1, postings, n, 0 };
	uint64_t *units;

	if (n == 0)
		return;
	*copy = *w;
	units = scratch_set_empty(m->s);
	for (uint32_t i = 0; i < n; i++) {
		postings[i] = &ix->word_postings[w->from + i];
		set_or_posting(ix, units, postings[i]);
	}
	set_or(ix, set, units);
	t.df = n == 1 ? postings[0]->df : ix->k->count(units, ix->words);
	m->s->used--;
	if (ranks)
		term_add(m, &t);
}

static void match_phrase(struct matching *m, const struct matcher *words, uint32_t n, uint64_t *set,
			 bool ranks)
{
	const struct posting *p = phrase_find(m, words, n);

	if (!p)
		return;
	set_or_posting(m->ix, set, p);
	term_of_one(m, words, n, p, ranks);
}

uint32_t take_apart(struct matching *m, const struct query_pattern *p, struct query_word **ret)
{
	VEC(struct query_word) parts = { 0 };

	for (size_t i = 0; i < p->n; i++) {
		const struct query_word *w = &p->words[i];
		const int64_t *place = w->how == QUERY_PREFIX
					       ? NULL
					       : map_get(&m->ix->compounds, w->folded);

		if (!place)
			*vec_add(m->a, &parts) = *w;
		else
			for (const str *s = &m->ix->compound_words[*place]; s->n; s++)
				*vec_add(m->a, &parts) = (struct query_word){ *s, *s, w->how,
									      w->typed, w->langs };
	}
	*ret = parts.p;
	return (uint32_t)parts.n;
}

static void match_sequence(struct matching *m, const struct query_word *w, uint32_t n,
			   uint64_t *set, bool ranks)
{
	struct matcher *words = NEW_N(m->a, struct matcher, n);

	for (uint32_t i = 0; i < n; i++)
		words[i] = matcher_of(m, &w[i]);
	if (n > 1)
		match_phrase(m, words, n, set, ranks);
	else if (w->how == QUERY_STEM)
		match_stems(m, words, set, ranks);
	else
		match_words(m, words, set, ranks);
}

static void match_known(struct matching *m, const struct known_terms *known, uint64_t *set,
			bool ranks)
{
	for (size_t i = 0; i < known->n; i++) {
		for (uint32_t k = 0; k < known->p[i].n_postings; k++)
			set_or_posting(m->ix, set, known->p[i].postings[k]);
		if (ranks)
			term_add(m, &known->p[i]);
	}
}

void match_pattern(struct matching *m, const struct query_pattern *p, uint64_t *set, bool ranks)
{
	const struct known_terms *known = m->known ? known_find(m->known, p->words, m->langs)
						   : NULL;
	struct query_word *parts;
	uint32_t n;

	if (known) {
		match_known(m, known, set, ranks);
		return;
	}
	n = take_apart(m, p, &parts);
	match_sequence(m, p->words, (uint32_t)p->n, set, ranks);
	if (n != p->n)
		match_sequence(m, parts, n, set, ranks);
}

/* --- Tags ------------------------------------------------------------------------------------------ */

static bool has_value(const struct index_table *t, uint32_t key, uint16_t value)
{
	for (uint32_t i = t->starts[key]; i < t->starts[key + 1]; i++)
		if (t->values[i] == value)
			return true;
	return false;
}

void match_tag(const struct index *ix, struct index_tag tag, uint64_t *set)
{
	const struct column *c;

	if (tag.column >= ix->n_columns)
		return;
	c = &ix->columns[tag.column];
	if (tag.value == INDEX_NONE && c->none)
		set_or(ix, set, c->none);
	if (tag.value >= c->n_values)
		return;
	if (c->kind != INDEX_BY_GROUP) {
		set_or_posting(ix, set, &c->values[tag.value]);
		return;
	}
	for (uint32_t g = 0; g < ix->n_groups; g++)
		if (has_value(&c->table, g, tag.value))
			bits_add_range(set, ix->group_unit[g], ix->group_unit[g + 1]);
}

/* --- Leaves, clauses, the query ---------------------------------------------------------------------- */

static void leaf_text(struct matching *m, const struct query_leaf *leaf, uint64_t *set)
{
	const struct index *ix = m->ix;

	for (size_t i = 0; i < leaf->n_any; i++)
		match_pattern(m, &leaf->any[i], set, !leaf->negated);
	if (leaf->n_all) {
		size_t mark = m->s->used;
		uint64_t *all = scratch_set(m->s), *one = scratch_set(m->s);

		for (size_t i = 0; i < leaf->n_all; i++) {
			memset(one, 0, ix->words * sizeof *one);
			match_pattern(m, &leaf->all[i], one, !leaf->negated);
			i ? set_and(ix, all, one) : set_copy(ix, all, one);
		}
		set_or(ix, set, all);
		m->s->used = mark;
	}
}

/* A leaf in the three readings, each added to the clause's. */
static void match_leaf(struct matching *m, const struct query_leaf *leaf, struct matched *clause)
{
	const struct index *ix = m->ix;
	size_t mark = m->s->used;
	uint64_t *text = scratch_set_empty(m->s), *tags = scratch_set_empty(m->s);
	bool subject = leaf->n_tags && !leaf->forced && !leaf->negated;

	leaf_text(m, leaf, text);
	for (size_t i = 0; i < leaf->n_tags; i++)
		match_tag(ix, leaf->tags[i], tags);
	if (!subject)
		set_or(ix, text, tags);
	if (leaf->negated) {
		set_fill(ix, tags);
		set_and_not(ix, tags, text);
		set_copy(ix, text, tags);
	}
	set_or(ix, clause->text, text);
	set_or(ix, clause->subject, subject ? tags : text);
	set_or(ix, clause->both, text);
	if (subject)
		set_or(ix, clause->both, tags);
	m->s->used = mark;
}

static bool has_subjects(const struct query *q)
{
	for (size_t c = 0; c < q->n; c++)
		for (size_t i = 0; i < q->clauses[c].n; i++) {
			const struct query_leaf *leaf = &q->clauses[c].leaves[i];

			if (leaf->n_tags && !leaf->forced && !leaf->negated)
				return true;
		}
	return false;
}

struct matched match_query(struct matching *m, const struct query *q)
{
	const struct index *ix = m->ix;
	bool subjects = has_subjects(q);
	struct matched all = { .both = scratch_set(m->s) }, one;
	size_t mark;

	set_fill(ix, all.both);
	all.text = all.subject = all.both;
	if (subjects) {
		set_fill(ix, all.text = scratch_set(m->s));
		set_fill(ix, all.subject = scratch_set(m->s));
	}
	mark = m->s->used;
	for (size_t c = 0; c < q->n; c++) {
		one = (struct matched){ scratch_set_empty(m->s), scratch_set_empty(m->s),
					scratch_set_empty(m->s) };
		for (size_t i = 0; i < q->clauses[c].n; i++)
			match_leaf(m, &q->clauses[c].leaves[i], &one);
		set_and(ix, all.both, one.both);
		if (subjects) {
			set_and(ix, all.text, one.text);
			set_and(ix, all.subject, one.subject);
		}
		m->s->used = mark;
	}
	return all;
}
