/* The tables of routes as the dispatcher uses them: for this room alone. */
#ifndef WEB_ROUTE_H
#define WEB_ROUTE_H

#include <pthread.h>
#include <stdatomic.h>

#include "web/headers.h"
#include "web/web.h"

enum { SEGMENTS_MAX = 12, PATH_VALUE_MAX = 512 };

enum segment_kind { SEGMENT_LITERAL, SEGMENT_LANG, SEGMENT_ONE, SEGMENT_MANY };

struct segment {
	enum segment_kind kind;
	str text; /* the literal, or the placeholder's name */
};

struct pattern {
	const struct route *route;
	struct segment segments[SEGMENTS_MAX];
	size_t n;
	bool many; /* one of them takes several */
};

struct web_app {
	struct web_config config;
	arena *a;
	VEC(struct pattern) patterns;
	VEC(const struct panel *) panels; /* sorted by page, slot, order */
	pthread_key_t reader;             /* each thread's struct reader */
	bool has_key;
	_Atomic uint64_t requests, errors, slow;
};

/* What the path of a request means. */
struct match {
	const struct route *route; /* NULL: no page has this path */
	bool method_missing; /* there are pages, but none for this method: ALLOW names theirs */
	str allow;
	bool moved; /* the page is known under another spelling: case, a slash at the end */
	enum lang lang;
	bool has_lang;
	str *values; /* of the placeholders, in order of the path */
};

/* Segments as url_parse gives them. HEAD looks for GET. */
struct match route_match(const struct web_app *app, arena *a, enum http_method method,
			 const str *segments, size_t n);

/* "{lang}" and the like; false when the path is not one. */
MUST bool pattern_parse(const struct route *route, struct pattern *ret);

/* Whether some address fits both. */
bool patterns_overlap(const struct pattern *a, const struct pattern *b);

/* Whether S is a language of the pages, in any case. */
bool lang_find(str s, enum lang *ret, bool *ret_exact);

/* The pages of this room itself: "/", which leads to a language. */
extern const struct route_table routes_builtin;

enum header_class class_of(unsigned flags);

#endif
