/* A search from beginning to end. Read this after index.h. */
#include "index/count.h"
#include "index/rank.h"

/* The sets that a search arrives at. */
struct found {
	struct matched query; /* before filters */
	uint64_t *by_column
		[INDEX_COLUMNS_MAX]; /* units that the filters on a column let pass, or NULL */
	uint64_t *both, *text;       /* after filters, with and without subjects */
	uint64_t *first;             /* one unit an item of both */
	uint64_t *text_first,
		*subject_first; /* the same of those by text and of those by subject only */
	struct index_count total, text_total;
};

static struct matching matching_begin(const struct index *ix, struct index_scratch *s, arena *a,
				      const struct index_request *rq)
{
	uint32_t lang = rq->query ? TEXT_LANG_BIT(rq->query->lang) : 0;

	scratch_prepare(s, ix);
	return (struct matching){
		.ix = ix, .s = s, .a = a, .langs = ix->langs | lang, .known = rq->known
	};
}

/* --- Filters ----------------------------------------------------------------------------------------- */

/* The units that have one of the filter's values. */
static void filter_units(const struct index *ix, const struct index_filter *f, uint64_t *set)
{
	for (size_t i = 0; i < f->n; i++)
		match_tag(ix, (struct index_tag){ (uint16_t)f->column, f->values[i] }, set);
}

static void apply_filters(struct matching *m, const struct index_request *rq, struct found *f)
{
	for (size_t i = 0; i < rq->n_filters; i++) {
		const struct index_filter *filter = &rq->filters[i];
		uint64_t *set;

		if (filter->column >= m->ix->n_columns)
			continue;
		set = scratch_set_empty(m->s);
		filter_units(m->ix, filter, set);
		if (f->by_column[filter->column]) {
			set_and(m->ix, f->by_column[filter->column], set);
			m->s->used--;
		} else {
			f->by_column[filter->column] = set;
		}
	}
}

/* SET after all filters but those on column BUT. */
static uint64_t *filtered(struct matching *m, const struct found *f, const uint64_t *set,
			  uint32_t but)
{
	uint64_t *r = scratch_set(m->s);

	set_copy(m->ix, r, set);
	for (uint32_t c = 0; c < m->ix->n_columns; c++)
		if (f->by_column[c] && c != but)
			set_and(m->ix, r, f->by_column[c]);
	return r;
}

/* --- Items ------------------------------------------------------------------------------------------- */

static uint64_t *one_an_item(struct matching *m, const uint64_t *set, struct index_count *ret_count)
{
	uint64_t *r = scratch_set(m->s);

	*ret_count = count_set(m->ix, m->s, set, r);
	return r;
}

static bool item_in(const struct index *ix, const uint64_t *set, uint32_t item)
{
	for (uint32_t u = ix->item_unit[item]; u < ix->item_unit[item + 1]; u++)
		if (bits_has(set, u))
			return true;
	return false;
}

/* One unit of each item that only tags match: those of BOTH of which no unit is in TEXT. */
static uint64_t *only_by_subject(struct matching *m, const uint64_t *both, const uint64_t *text)
{
	const struct index *ix = m->ix;
	uint64_t *set = scratch_set(m->s);

	set_copy(ix, set, both);
	set_and_not(ix, set, text);
	for (uint32_t i = 0; i < ix->n_multi; i++) {
		uint32_t item = ix->multi[i];

		if (item_in(ix, text, item))
			for (uint32_t u = ix->item_unit[item]; u < ix->item_unit[item + 1]; u++)
				bits_remove(set, u);
	}
	surplus_take(ix, m->s, set, NULL);
	return set;
}

static struct found find(struct matching *m, const struct index_request *rq)
{
	static const struct query all = { 0 };
	struct found f = { .query = match_query(m, rq->query ? rq->query : &all) };

	apply_filters(m, rq, &f);
	f.both = f.text = filtered(m, &f, f.query.both, INDEX_NO_COLUMN);
	f.first = f.text_first = one_an_item(m, f.both, &f.total);
	if (f.query.text != f.query.both) {
		f.text = filtered(m, &f, f.query.text, INDEX_NO_COLUMN);
		f.text_first = one_an_item(m, f.text, &f.text_total);
		f.subject_first = only_by_subject(m, f.both, f.text);
	}
	return f;
}

/* --- The result --------------------------------------------------------------------------------------- */

static void count_readings(struct matching *m, const struct found *f, struct index_result *r)
{
	const uint64_t *subject;

	r->text = f->total.items;
	if (!f->subject_first)
		return;
	subject = filtered(m, f, f->query.subject, INDEX_NO_COLUMN);
	r->subject = count_set(m->ix, m->s, subject, NULL).items;
	r->text = f->text_total.items;
	r->subject_only = f->total.items - f->text_total.items;
}

static void count_facets(struct matching *m, const struct index_request *rq, const struct found *f,
			 struct index_result *r)
{
	const struct index *ix = m->ix;
	uint32_t free = 0;

	r->facets = NEW_N(m->a, struct index_count *, ix->n_columns);
	r->dropped = NEW_N(m->a, struct index_count, rq->n_filters);
	for (uint32_t c = 0; c < ix->n_columns; c++) {
		r->facets[c] = NEW_N(m->a, struct index_count, ix->columns[c].n_values);
		free |= f->by_column[c] ? 0 : 1u << c;
	}
	count_columns(ix, m->s, f->both, free, r->facets);
	for (uint32_t c = 0; c < ix->n_columns; c++) {
		size_t mark = m->s->used;
		struct index_count total;

		if (!f->by_column[c])
			continue;
		total = count_columns(ix, m->s, filtered(m, f, f->query.both, c), 1u << c,
				      r->facets);
		for (size_t i = 0; i < rq->n_filters; i++)
			if (rq->filters[i].column == c)
				r->dropped[i] = total;
		m->s->used = mark;
	}
}

/* Units in the order asked for, one an item; returns how many. */
static size_t in_order(struct matching *m, const struct index_request *rq, const struct found *f,
		       size_t first, size_t count, uint32_t *ret)
{
	const struct index *ix = m->ix;
	size_t n, n_text;

	if (rq->order == INDEX_BY_COLUMN_RANK)
		return rank_by_column(ix, m->s, m->a, f->first, rq->rank_column, rq->ranks, first,
				      count, ret);
	if (rq->order == INDEX_BY_DATE)
		return rank_by_date(ix, f->first, first, count, ret);
	n = rank_by_score(m, f->text_first, first, count, ret);
	if (n == count || !f->subject_first)
		return n;
	n_text = f->text_total.items;
	return n +
	       rank_by_date(ix, f->subject_first, MAX(first, n_text) - n_text, count - n, ret + n);
}

static void list_hits(struct matching *m, const struct index_request *rq, const struct found *f,
		      struct index_result *r)
{
	const struct index *ix = m->ix;
	size_t count = MIN(rq->count, (size_t)r->total.items);
	uint32_t *units = arena_alloc_raw(m->a, count * sizeof *units);

	r->n_hits = in_order(m, rq, f, rq->first, count, units);
	r->hits = NEW_N(m->a, struct index_hit, r->n_hits);
	for (size_t i = 0; i < r->n_hits; i++) {
		uint32_t item = ix->unit_item[units[i]];

		r->hits[i] = (struct index_hit){ item, units[i],
						 f->subject_first && !item_in(ix, f->text, item) };
	}
}

void index_search(const struct index *ix, struct index_scratch *s, arena *a,
		  const struct index_request *rq, struct index_result *ret)
{
	struct matching m = matching_begin(ix, s, a, rq);
	struct found f = find(&m, rq);

	*ret = (struct index_result){ .total = f.total };
	count_readings(&m, &f, ret);
	if (!rq->no_facets) {
		count_facets(&m, rq, &f, ret);
		if (rq->query)
			ret->n_unknown = unknown_words(&m, rq->query, &ret->unknown);
	}
	list_hits(&m, rq, &f, ret);
}

struct index_list index_list(const struct index *ix, struct index_scratch *s, arena *a,
			     const struct index_request *rq)
{
	struct matching m = matching_begin(ix, s, a, rq);
	struct found f = find(&m, rq);
	uint32_t items = ix->k->count(f.first, ix->words);
	uint32_t units = ix->k->count(f.both, ix->words);
	uint32_t *order = arena_alloc_raw(a, items * sizeof *order);
	struct index_list list = { arena_alloc_raw(a, units * sizeof *list.units), 0 };
	size_t n = in_order(&m, rq, &f, 0, items, order);

	for (size_t i = 0; i < n; i++) {
		uint32_t item = ix->unit_item[order[i]];

		for (uint32_t u = ix->item_unit[item]; u < ix->item_unit[item + 1]; u++)
			if (bits_has(f.both, u))
				list.units[list.n++] = u;
	}
	return list;
}
