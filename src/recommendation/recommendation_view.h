/*
 * What the pages of the record show, ready for the templates: names in the reader's language, links
 * made. Private to this slice.
 */
#ifndef RECOMMENDATION_RECOMMENDATION_VIEW_H
#define RECOMMENDATION_RECOMMENDATION_VIEW_H

#include "recommendation/recommendation_index.h"
#include "web/list.h"
#include "web/web.h"

enum {
	REC_PAGE = 20,
	REC_SNIPPET = 700,
	/* A longer list of values has no counts: those of all States are a kilobyte a page. */
	REC_REST_COUNTED = 60,
};

/* The parameters of a list; a column's parameter stands at REC_PARAM(column). */
struct rec_query {
	str q;
	struct code_list filters[REC_COLUMNS];
	str sort;
	int64_t page;
};
enum { REC_PARAM_Q, REC_PARAM_FIRST };
#define REC_PARAM(column) (REC_PARAM_FIRST + (size_t)(column))
enum { REC_PARAM_SORT = REC_PARAM_FIRST + REC_COLUMNS, REC_PARAM_PAGE };

struct state_link {
	str code, name;
};

/* A response as the page marks it: filled, hollow, half, dashed. */
struct response_mark {
	const char *mark; /* yes, no, part, wait */
	str label;
	str states; /* whose it is, where the units of an item differ; else empty */
};

/* One item of a list. */
struct item_view {
	str code;
	str sur, sur_name;
	struct state_link *rs;
	size_t n_rs;
	bool pledge, unnamed; /* a pledge; or nobody is named as recommending */
	str session, year;
	str lang;      /* of the text; empty: the page's */
	str lang_name; /* in the page's language, when it is another one */
	struct index_snippet text;
	struct response_mark *responses;
	size_t n_responses;
	str action; /* "Specific (5)"; empty: none */
	struct tag_link *issues;
	size_t n_issues;
};

struct facet_view {
	str title, name;
	struct facet_value *values; /* the chosen ones and the largest, by count */
	size_t n;
	struct facet_value *rest; /* the others by name, without links */
	size_t n_rest;
	bool open;
};

struct offer_view {
	str name; /* of the State */
	url received, made;
};

struct list_view {
	str q;
	const struct rec_found *found;
	uint32_t items, attributions, n_sur, n_rs;
	uint16_t kind; /* enum rec_kind_value: what the numbers count */
	struct item_view *list;
	size_t n;
	VEC(struct facet_view) facets;
	VEC(struct chip) chips;
	url clear;                     /* the query without any filter */
	VEC(struct field_view) fields; /* all parameters but q */
	VEC(struct drop_view) drops;   /* nothing found: what to leave out */
	VEC(struct offer_view) offers;
	VEC(str) notices; /* sentences about how the query was read */
	list_unknowns unknown;
	VEC(struct tag_link)
	spellings; /* words that no text has, and the query with a nearer one */
	url by_text,
		by_subject; /* the same search in the text alone, and by subject alone; or none */
	struct page_links pages;
};

/* Where the numbers of a page come from. */
struct as_of {
	bool samples;
	str publisher; /* empty: nothing is there */
	str date;      /* in words */
};

#endif
