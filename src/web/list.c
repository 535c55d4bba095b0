#include "web/list.h"

/* --- The values of a facet. */

static bool is_among(const uint32_t *values, size_t n, uint32_t value)
{
	for (size_t i = 0; i < n; i++)
		if (values[i] == value)
			return true;
	return false;
}

/* Counts in falling order behind the chosen ones; of equals the one that came first. */
static void top_offer(struct list_top *t, const uint32_t *counts, uint32_t value)
{
	size_t most = MAX((size_t)LIST_TOP, t->n_chosen), at = t->n;

	while (at > t->n_chosen && counts[t->values[at - 1]] < counts[value])
		at--;
	if (at >= most)
		return;
	t->n = MIN(t->n + 1, most);
	memmove(&t->values[at + 1], &t->values[at], (t->n - at - 1) * sizeof t->values[0]);
	t->values[at] = value;
}

struct list_top list_top(const uint32_t *counts, size_t n, const uint32_t *chosen, size_t n_chosen)
{
	struct list_top t = { .n = 0 };

	for (size_t i = 0; i < n_chosen && t.n < PARAM_LIST_MAX; i++)
		t.values[t.n++] = chosen[i];
	t.n_chosen = t.n;
	for (uint32_t i = 0; i < n; i++)
		if (counts[i] && !is_among(chosen, n_chosen, i))
			top_offer(&t, counts, i);
	return t;
}

bool list_top_has(const struct list_top *t, uint32_t value)
{
	return is_among(t->values, t->n, value);
}

void list_percents(struct facet_value *values, size_t n)
{
	uint32_t max = 0;

	for (size_t i = 0; i < n; i++)
		max = MAX(max, values[i].n);
	for (size_t i = 0; i < n && max; i++)
		values[i].percent = (uint32_t)((uint64_t)values[i].n * 100 / max);
}

/* --- What was typed. */

void list_unknown(struct web *w, const struct list_words *words, list_unknowns *ret)
{
	vec_each (struct complaint, c, &w->complaints) {
		struct unknown_view *u;
		size_t param;
		str title;
		bool list;

		if (c->why != WHY_UNKNOWN_CODE ||
		    !words->title(words->ctx, w, c->name, &param, &title))
			continue;
		list = w->route->params->rows[param].kind == PARAM_LIST;
		u = vec_add(w->arena, ret);
		*u = (struct unknown_view){ .title = title,
					    .value = c->value,
					    .n_near = c->near_n };
		for (size_t i = 0; i < c->near_n; i++)
			u->near[i] = (struct tag_link){
				c->near[i],
				words->label(words->ctx, w, param, c->near[i]),
				list ? link_with(w, param, c->near[i])
				     : link_code(w, param, c->near[i]),
			};
	}
}

str list_with_words(arena *a, str q, str words, str other)
{
	size_t at = str_find(q, words);
	buf out = buf_new(a, 16 * 1024);

	if (at == STR_NONE)
		return q;
	buf_put(&out, str_trim(str_to(q, at)));
	buf_put(&out, out.n && other.n ? S(" ") : S(""));
	buf_put(&out, other);
	buf_put(&out, out.n ? S(" ") : S(""));
	buf_put(&out, str_trim(str_from(q, at + words.n)));
	return str_trim(buf_str(&out));
}

struct tag_link list_spelling(struct web *w, size_t param, str q, str word, str near)
{
	str mended = list_with_words(w->arena, q, word, near);

	/* The word as it was folded may be spelt otherwise in the query. */
	if (str_eq(mended, q))
		mended = near;
	return (struct tag_link){ word, mended, link_text(w, param, mended) };
}

/* --- Pages: 1 2 3 ... 20, around the one at hand. */

struct page_links list_pages(struct web *w, size_t param, int64_t page, int64_t pages)
{
	struct page_links v = { .page = page, .pages = MAX(pages, 1) };
	int64_t last = 0;

	for (int64_t p = 1; p <= v.pages; p++) {
		bool near = p >= page - 1 && p <= page + 1;

		if (p != 1 && p != v.pages && !near && !(page <= 3 && p <= 4))
			continue;
		if (last && p > last + 1)
			*vec_add(w->arena, &v.numbers) = (struct page_link){ 0 };
		*vec_add(w->arena, &v.numbers) = (struct page_link){ p, link_number(w, param, p) };
		last = p;
	}
	return v;
}
