#include "web/route.h"

bool lang_find(str s, enum lang *ret, bool *ret_exact)
{
	for (int i = 0; i < LANG_COUNT_; i++)
		if (str_eq_nocase(lang_code((enum lang)i), s)) {
			*ret = (enum lang)i;
			*ret_exact = str_eq(lang_code((enum lang)i), s);
			return true;
		}
	return false;
}

enum header_class class_of(unsigned flags)
{
	return flags & WEB_EMBED              ? HEADERS_EMBED
	       : flags & (WEB_JSON | WEB_XML) ? HEADERS_JSON
	       : flags & WEB_CSV              ? HEADERS_CSV
	       : flags & WEB_TEXT             ? HEADERS_TEXT
					      : HEADERS_HTML;
}

static bool is_literal(str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '-' && c != '_' &&
		    c != '.')
			return false;
	}
	return s.n > 0 && !str_eq(s, S(".")) && !str_eq(s, S(".."));
}

static bool segment_parse(str s, struct segment *ret)
{
	if (s.n < 3 || s.p[0] != '{' || s.p[s.n - 1] != '}') {
		*ret = (struct segment){ SEGMENT_LITERAL, s };
		return is_literal(s);
	}
	s = str_to(str_from(s, 1), s.n - 2);
	if (str_eq(s, S("lang")))
		*ret = (struct segment){ SEGMENT_LANG, s };
	else if (str_ends(s, S("+")))
		*ret = (struct segment){ SEGMENT_MANY, str_to(s, s.n - 1) };
	else
		*ret = (struct segment){ SEGMENT_ONE, s };
	return ret->text.n > 0 && str_find_byte(ret->text, '{') == STR_NONE;
}

bool pattern_parse(const struct route *route, struct pattern *ret)
{
	struct pattern p = { .route = route };
	str rest = str_of(route->path);

	if (!str_starts(rest, S("/")))
		return false;
	rest = rest.n == 1 ? (str){ NULL, 0 } : str_from(rest, 1);
	while (rest.p) {
		if (p.n == SEGMENTS_MAX || !segment_parse(str_cut(&rest, '/'), &p.segments[p.n]))
			return false;
		if (p.segments[p.n].kind == SEGMENT_LANG && p.n > 0)
			return false;
		if (p.segments[p.n].kind == SEGMENT_MANY) {
			if (p.many)
				return false;
			p.many = true;
		}
		p.n++;
	}
	*ret = p;
	return true;
}

/* --- Matching ------------------------------------------------------------------------------------ */

/* SEGMENTS joined by slashes; a slash within one would make the value ambiguous. */
static bool join(arena *a, const str *segments, size_t n, str *ret)
{
	buf o = buf_new(a, PATH_VALUE_MAX);

	for (size_t i = 0; i < n; i++) {
		if (segments[i].n == 0 || str_find_byte(segments[i], '/') != STR_NONE)
			return false;
		if (i)
			buf_byte(&o, '/');
		buf_put(&o, segments[i]);
	}
	*ret = buf_str(&o);
	return o.err == OK;
}

static bool segment_matches(const struct segment *s, str given, struct match *m)
{
	bool exact = true;

	switch (s->kind) {
	case SEGMENT_LITERAL:
		exact = str_eq(s->text, given);
		if (!exact && !str_eq_nocase(s->text, given))
			return false;
		break;
	case SEGMENT_LANG:
		if (!lang_find(given, &m->lang, &exact))
			return false;
		m->has_lang = true;
		break;
	case SEGMENT_ONE:
	case SEGMENT_MANY: break;
	}
	m->moved = m->moved || !exact;
	return true;
}

static bool pattern_matches(const struct pattern *p, arena *a, const str *segments, size_t n,
			    struct match *ret)
{
	struct match m = { .route = p->route };
	str values[SEGMENTS_MAX];
	size_t values_n = 0, take, at = 0;

	if (p->many ? n < p->n : n != p->n)
		return false;
	for (size_t i = 0; i < p->n; i++, at += take) {
		take = p->segments[i].kind == SEGMENT_MANY ? n - p->n + 1 : 1;
		if (!segment_matches(&p->segments[i], segments[at], &m))
			return false;
		if (p->segments[i].kind >= SEGMENT_ONE &&
		    !join(a, &segments[at], take, &values[values_n++]))
			return false;
	}
	m.values = NEW_N(a, str, values_n);
	for (size_t i = 0; i < values_n; i++)
		m.values[i] = values[i];
	*ret = m;
	return true;
}

static void allow_add(buf *o, enum http_method method)
{
	if (o->n)
		buf_put(o, S(", "));
	buf_put(o, http_method_name(method));
	if (method == HTTP_GET)
		buf_put(o, S(", HEAD"));
}

struct match route_match(const struct web_app *app, arena *a, enum http_method method,
			 const str *segments, size_t n)
{
	struct match none = { 0 }, m;
	buf allow = buf_new(a, 128);
	bool slash = n > 1 && segments[n - 1].n == 0;

	method = method == HTTP_HEAD ? HTTP_GET : method;
	n -= slash;
	vec_each (struct pattern, p, &app->patterns) {
		if (!pattern_matches(p, a, segments, n, &m))
			continue;
		if (p->route->method == method) {
			m.moved = m.moved || slash;
			return m;
		}
		allow_add(&allow, p->route->method);
	}
	none.method_missing = allow.n > 0;
	none.allow = buf_str(&allow);
	return none;
}

/* --- Two patterns -------------------------------------------------------------------------------- */

static bool segments_overlap(const struct segment *a, const struct segment *b)
{
	enum lang lang;
	bool exact;

	if (a->kind == SEGMENT_LITERAL && b->kind == SEGMENT_LITERAL)
		return str_eq_nocase(a->text, b->text);
	if (a->kind == SEGMENT_LANG && b->kind == SEGMENT_LITERAL)
		return lang_find(b->text, &lang, &exact);
	if (a->kind == SEGMENT_LITERAL && b->kind == SEGMENT_LANG)
		return segments_overlap(b, a);
	return true;
}

/* The segment that stands at place AT of an address of N segments. */
static const struct segment *segment_at(const struct pattern *p, size_t n, size_t at)
{
	size_t many = 0;

	if (!p->many)
		return &p->segments[at];
	while (p->segments[many].kind != SEGMENT_MANY)
		many++;
	if (at < many)
		return &p->segments[at];
	return n - at < p->n - many ? &p->segments[p->n - (n - at)] : &p->segments[many];
}

/* {name+} is stretched to each length that makes a difference. */
bool patterns_overlap(const struct pattern *a, const struct pattern *b)
{
	size_t shortest = MAX(a->n, b->n),
	       longest = shortest + (a->many && b->many ? a->n + b->n : 0);

	for (size_t n = shortest; n <= longest; n++) {
		size_t at = 0;

		if ((!a->many && a->n != n) || (!b->many && b->n != n))
			continue;
		while (at < n && segments_overlap(segment_at(a, n, at), segment_at(b, n, at)))
			at++;
		if (at == n)
			return true;
	}
	return false;
}
