/*
 * Parameters of a route: typed rows that say where in the handler's struct each value goes. A handler
 * never sees raw query text.
 *
 *     struct rec_query { str q; struct code_list sur; str sort; int64_t page; };
 *
 *     enum { REC_Q, REC_SUR, REC_SORT, REC_PAGE };
 *     static const struct param rec_rows[] = {
 *             [REC_Q] = P_TEXT(struct rec_query, q, "q", 1000),
 *             [REC_SUR] = P_LIST(struct rec_query, sur, "sur", &state_codes),
 *             [REC_SORT] = P_CODE(struct rec_query, sort, "sort", &sort_codes, "rank"),
 *             [REC_PAGE] = P_PAGE(struct rec_query, page, "page", 10000),
 *     };
 *     static const struct params rec_params = PARAMS(struct rec_query, rec_rows);
 *
 * The order of the rows is the order in canonical addresses. A P_PAGE row comes last.
 */
#ifndef WEB_PARAM_H
#define WEB_PARAM_H

#include "base/base.h"

struct web;

enum param_kind { PARAM_TEXT = 1, PARAM_INT, PARAM_CODE, PARAM_LIST };

enum { PARAM_LIST_MAX = 64, PARAM_NEAR_MAX = 3 };

/* Distinct known codes, sorted by bytes. */
struct code_list {
	str *p;
	size_t n;
};

bool code_list_has(const struct code_list *list, str code);

/*
 * The codes that a parameter knows. FIND gives the canonical form of what was sent ("fra": "FRA"), which
 * lives as long as the request. NEAR gives up to MAX known codes that resemble it, best first. Both
 * may look into w->pub. A set of fixed codes is written CODES(array of str).
 */
struct code_set {
	bool (*find)(struct web *w, const struct code_set *set, str given, str *ret);
	size_t (*near)(struct web *w, const struct code_set *set, str given, str *ret, size_t max);
	const str *codes;
	size_t n;
};

bool code_find_fixed(struct web *w, const struct code_set *set, str given, str *ret);
size_t code_near_fixed(struct web *w, const struct code_set *set, str given, str *ret, size_t max);

/* clang-format off */
#define CODES(array) { code_find_fixed, code_near_fixed, (array), COUNT_OF(array) }
/* clang-format on */

struct param {
	const char *name;
	enum param_kind kind;
	bool in_path; /* it stands in the route's path as {name} */
	bool is_page; /* a place in a list: a link that changes anything else forgets it */
	size_t offset;
	int64_t min, max; /* of a number; max: characters of a text */
	int64_t number;   /* the default of a number */
	const char *code; /* the default of a code; NULL: none */
	const struct code_set *codes;
};

struct params {
	const struct param *rows;
	size_t n;
	size_t size; /* of the handler's struct */
};

extern const struct params params_none;

/* The offset of a field, which must have the type that the row fills. */
#define PARAM_AT_(type, field, wanted)                                                            \
	(offsetof(type, field) + 0 * sizeof(char[_Generic(((type *)0)->field, wanted : 1, default \
							  : -1)]))

/* clang-format off */
/* A text: outer blanks and control characters go; MAX counts characters, what is over is cut. */
#define P_TEXT(type, field, nm, mx) \
	{ .name = nm, .kind = PARAM_TEXT, .offset = PARAM_AT_(type, field, str), .max = (mx) }
/* A number from MIN to MAX, else FALLBACK. */
#define P_INT(type, field, nm, mn, mx, fallback) \
	{ .name = nm, .kind = PARAM_INT, .offset = PARAM_AT_(type, field, int64_t), .min = (mn), .max = (mx), .number = (fallback) }
/* The number of a page of a list, from 1. */
#define P_PAGE(type, field, nm, mx) \
	{ .name = nm, .kind = PARAM_INT, .is_page = true, .offset = PARAM_AT_(type, field, int64_t), .min = 1, .max = (mx), .number = 1 }
/* One code of SET, else FALLBACK (a literal or NULL). */
#define P_CODE(type, field, nm, set, fallback) \
	{ .name = nm, .kind = PARAM_CODE, .offset = PARAM_AT_(type, field, str), .codes = (set), .code = (fallback) }
/* Any codes of SET: a=X,Y or a=X&a=Y. */
#define P_LIST(type, field, nm, set) \
	{ .name = nm, .kind = PARAM_LIST, .offset = PARAM_AT_(type, field, struct code_list), .codes = (set) }
/* The same in the path, for {name}: an unknown code and a bad number are 404 there. */
#define PATH_TEXT(type, field, nm, mx) \
	{ .name = nm, .kind = PARAM_TEXT, .in_path = true, .offset = PARAM_AT_(type, field, str), .max = (mx) }
#define PATH_INT(type, field, nm, mn, mx) \
	{ .name = nm, .kind = PARAM_INT, .in_path = true, .offset = PARAM_AT_(type, field, int64_t), .min = (mn), .max = (mx) }
#define PATH_CODE(type, field, nm, set) \
	{ .name = nm, .kind = PARAM_CODE, .in_path = true, .offset = PARAM_AT_(type, field, str), .codes = (set) }

#define PARAMS(type, table) { (table), COUNT_OF(table), sizeof(type) }
/* clang-format on */

/* What was wrong with a parameter. A page shows it and goes on; the API answers 400 with it. */
enum complaint_why {
	WHY_UNKNOWN_NAME, /* API only */
	WHY_REPEATED,     /* a single value was given twice; the first counts */
	WHY_UNKNOWN_CODE, /* left out */
	WHY_TOO_MANY,     /* codes; the rest is left out */
	WHY_NOT_A_NUMBER, /* the default counts */
	WHY_OUT_OF_RANGE, /* the default counts */
	WHY_TOO_LONG,     /* cut */
};

struct complaint {
	enum complaint_why why;
	str name, value;
	str near[PARAM_NEAR_MAX]; /* known codes that resemble the value */
	size_t near_n;
};

/* Fills w->args from the path and the query, and w->complaints. False: something in the path names
 * nothing, which is 404. */
MUST bool params_read(struct web *w);

#endif
