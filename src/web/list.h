/*
 * What pages that list things have in common: facets with counts, chosen filters as chips, codes that mean
 * nothing and what may have been meant, other spellings, numbers of pages. Blocks: list.html.
 */
#ifndef WEB_LIST_H
#define WEB_LIST_H

#include "web/layout.h"

enum { LIST_TOP = 8 };

struct tag_link {
	str code, label;
	url link;
};

struct facet_value {
	str code, label;
	str lang; /* of the label; p == NULL: the page's */
	uint32_t n;
	uint32_t percent; /* of the largest count of the facet: the length of its bar */
	bool chosen;
	url link;
};

struct chip {
	str title, label;
	bool whole; /* the label says what it is: "Session 15 (2013)" */
	url link;
};

/* A hidden field, so that a form keeps what is chosen. */
struct field_view {
	str name, value;
};

/* A filter, and how many there would be without it: "12 interviews". */
struct drop_view {
	str title, label, count;
	url link;
};

/* A code in the address that means nothing, and what may have been meant. */
struct unknown_view {
	str title, value; /* title: of the facet */
	struct tag_link near[PARAM_NEAR_MAX];
	size_t n_near;
};

/* 1 2 3 ... 20 */
struct page_link {
	int64_t number; /* 0: a gap */
	url link;
};

struct page_links {
	int64_t page, pages;
	VEC(struct page_link) numbers;
};

/* The values of a facet that get a link: all that are chosen, then the largest. */
struct list_top {
	uint32_t values[PARAM_LIST_MAX + LIST_TOP];
	size_t n, n_chosen;
};

/* Of N values with their COUNTS; those without a count are left out unless they are chosen. */
struct list_top list_top(const uint32_t *counts, size_t n, const uint32_t *chosen, size_t n_chosen);
bool list_top_has(const struct list_top *t, uint32_t value);

/* Fills in the lengths of the bars. */
void list_percents(struct facet_value *values, size_t n);

/* What the page calls a parameter, and a code of it. */
struct list_words {
	/* False: not one whose unknown codes are told. */
	bool (*title)(const void *ctx, struct web *w, str name, size_t *ret_param, str *ret);
	str (*label)(const void *ctx, struct web *w, size_t param, str code);
	const void *ctx;
};

typedef VEC(struct unknown_view) list_unknowns;

/* The codes among the complaints about this request. */
void list_unknown(struct web *w, const struct list_words *words, list_unknowns *ret);

/* Q with OTHER in the place of WORDS, or without them; Q itself where they are not in it. */
str list_with_words(arena *a, str q, str words, str other);

/* WORD is in no text, NEAR is: Q with the one in the place of the other. PARAM: the row of the query. */
struct tag_link list_spelling(struct web *w, size_t param, str q, str word, str near);

/* Around PAGE of PAGES, from 1; PARAM: the row of the page's number. */
struct page_links list_pages(struct web *w, size_t param, int64_t page, int64_t pages);

#endif
