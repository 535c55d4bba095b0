/* The self check of the tables, at every start and in the tests. */
#include <stdarg.h>

#include "web/route.h"

enum { ONE_CLASS = WEB_HTML | WEB_JSON | WEB_CSV | WEB_TEXT | WEB_XML };

struct check {
	const struct web_config *config;
	arena *a;
	VEC(struct pattern) patterns;
	buf *o;
	bool good;
};

__attribute__((format(printf, 3, 4))) static void wrong(struct check *c, const char *what,
							const char *format, ...);

static void wrong(struct check *c, const char *what, const char *format, ...)
{
	char text[256];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	buf_printf(c->o, "%s: %s\n", what ? what : "(no path)", text);
	c->good = false;
}

static void check_columns(struct check *c, const struct route *r)
{
	unsigned kind = r->flags & ONE_CLASS;

	if (r->method != HTTP_GET)
		wrong(c, r->path, "only GET so far: the server takes no content");
	if (!r->handle)
		wrong(c, r->path, "no handler");
	if (r->who != WEB_PUBLIC)
		wrong(c, r->path, "nobody may see it");
	if (kind == 0 || (kind & (kind - 1)))
		wrong(c, r->path, "exactly one of WEB_HTML, WEB_JSON, WEB_CSV, WEB_TEXT, WEB_XML");
	if ((r->flags & WEB_STREAM) && (r->flags & WEB_CACHE))
		wrong(c, r->path, "a stream cannot be cached");
	if ((r->flags & WEB_CACHE) && (r->flags & WEB_STORELESS))
		wrong(c, r->path, "cached by a version that it does not see");
	if (!r->params)
		wrong(c, r->path, "no params: write &params_none");
	if (!r->sample)
		wrong(c, r->path, "no sample");
	if (r->queries < 0 || ((r->flags & WEB_STORELESS) && r->queries))
		wrong(c, r->path, "a budget of %d queries", r->queries);
}

static void check_param(struct check *c, const struct route *r, size_t i)
{
	const struct param *p = &r->params->rows[i];

	if (!p->name || !p->name[0] || !p->kind)
		return wrong(c, r->path, "parameter %zu has no name or kind", i);
	for (size_t j = 0; j < i; j++)
		if (r->params->rows[j].name && strcmp(p->name, r->params->rows[j].name) == 0)
			wrong(c, r->path, "two parameters %s", p->name);
	if ((p->kind == PARAM_CODE || p->kind == PARAM_LIST) &&
	    (!p->codes || !p->codes->find || !p->codes->near))
		wrong(c, r->path, "%s has no codes", p->name);
	if ((p->kind == PARAM_TEXT && p->max <= 0) || (p->kind == PARAM_INT && p->min > p->max))
		wrong(c, r->path, "%s allows nothing", p->name);
	if (p->is_page && i + 1 != r->params->n)
		wrong(c, r->path, "%s, the page number, is not the last parameter", p->name);
	if (p->in_path && p->kind == PARAM_LIST)
		wrong(c, r->path, "%s: a list cannot stand in the path", p->name);
}

/* Placeholders and the rows marked in_path are the same names in the same order. */
static void check_placeholders(struct check *c, const struct pattern *p)
{
	const struct params *params = p->route->params;
	size_t row = 0;

	for (size_t i = 0; i < p->n; i++) {
		const struct segment *s = &p->segments[i];

		if (s->kind < SEGMENT_ONE)
			continue;
		while (row < params->n && !params->rows[row].in_path)
			row++;
		if (row == params->n || !str_eq(str_of(params->rows[row].name), s->text))
			return wrong(c, p->route->path,
				     "no row of the path for {%.*s} in its place", STR_A(s->text));
		row++;
	}
	if ((p->route->flags & WEB_HTML) && (p->route->flags & WEB_CACHE) &&
	    (p->n == 0 || p->segments[0].kind != SEGMENT_LANG))
		wrong(c, p->route->path, "a cached page in no language: the path has no {lang}");
	for (; row < params->n; row++)
		if (params->rows[row].in_path)
			wrong(c, p->route->path, "{%s} is not in the path", params->rows[row].name);
}

static void check_route(struct check *c, const struct route *r)
{
	struct pattern p;

	check_columns(c, r);
	if (!r->path || !pattern_parse(r, &p))
		return wrong(c, r->path, "not a path");
	if (r->params) {
		for (size_t i = 0; i < r->params->n; i++)
			check_param(c, r, i);
		check_placeholders(c, &p);
	}
	vec_each (struct pattern, other, &c->patterns)
		if (other->route->method == r->method && patterns_overlap(other, &p))
			wrong(c, r->path, "shadowed by %s", other->route->path);
	*vec_add(c->a, &c->patterns) = p;
}

static void check_sample(struct check *c, const struct route *r)
{
	struct web_app app = { .patterns = { c->patterns.p, c->patterns.n, c->patterns.cap } };
	struct url_target target;
	struct match m;

	if (!r->sample || !r->path)
		return;
	if (url_parse(c->a, str_of(r->sample), &target) != OK)
		return wrong(c, r->path, "the sample is not an address");
	m = route_match(&app, c->a, r->method, target.segments, target.segments_n);
	if (m.route != r)
		wrong(c, r->path, "the sample is not of this page");
	else if (m.moved)
		wrong(c, r->path, "the sample is not in canonical form");
}

static void check_panel(struct check *c, const struct panel *p)
{
	bool page = false;

	if (!p->page || !p->slot || !p->show || p->queries < 0)
		return wrong(c, p->page, "a panel with an empty column");
	vec_each (struct pattern, pattern, &c->patterns)
		page = page || strcmp(pattern->route->path, p->page) == 0;
	if (!page)
		wrong(c, p->page, "a panel for a page that is not there");
}

static bool same_place(const struct panel *a, const struct panel *b)
{
	return a != b && a->page && b->page && a->slot && b->slot && a->order == b->order &&
	       strcmp(a->page, b->page) == 0 && strcmp(a->slot, b->slot) == 0;
}

static void check_panels(struct check *c)
{
	const struct web_config *config = c->config;
	VEC(const struct panel *) seen = { 0 };

	for (size_t t = 0; t < config->panels_n; t++)
		for (size_t i = 0; i < config->panels[t].n; i++) {
			const struct panel *p = &config->panels[t].rows[i];

			check_panel(c, p);
			vec_each (const struct panel *, other, &seen)
				if (same_place(*other, p))
					wrong(c, p->page, "two panels in %s at %d", p->slot,
					      p->order);
			*vec_add(c->a, &seen) = p;
		}
}

bool web_check(const struct web_config *config, buf *o)
{
	struct check c = { .config = config, .a = arena_new(), .o = o, .good = true };

	for (size_t i = 0; i < routes_builtin.n; i++)
		check_route(&c, &routes_builtin.rows[i]);
	for (size_t t = 0; t < config->routes_n; t++)
		for (size_t i = 0; i < config->routes[t].n; i++)
			check_route(&c, &config->routes[t].rows[i]);
	for (size_t t = 0; t < config->routes_n; t++)
		for (size_t i = 0; i < config->routes[t].n; i++)
			check_sample(&c, &config->routes[t].rows[i]);
	check_panels(&c);
	if (!config->readers.open || !config->readers.close || !config->readers.begin ||
	    !config->readers.end || !config->readers.generation || !config->readers.version ||
	    !config->readers.queries)
		wrong(&c, "readers", "a function is missing");
	arena_free(c.a);
	return c.good;
}
