#include "web/route.h"
#include "web/web.h"

/* --- One parameter as "&name=value" -------------------------------------------------------------- */

static const struct param *row_of(const struct web *w, size_t param)
{
	return &w->route->params->rows[param];
}

static const void *field_of(const struct web *w, const struct param *row)
{
	return (const char *)w->args + row->offset;
}

/* The start of most codes and all names is what it is; only the rest needs the encoder. */
static void put_part(buf *o, str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') &&
		    c != '-') {
			url_put_part(o, s);
			return;
		}
	}
	buf_put(o, s);
}

static void put_name(buf *o, const struct param *row)
{
	buf_byte(o, '&');
	put_part(o, str_of(row->name));
	buf_byte(o, '=');
}

static void put_text(buf *o, const struct param *row, str value)
{
	if (value.n == 0)
		return;
	put_name(o, row);
	put_part(o, value);
}

static void put_number(buf *o, const struct param *row, int64_t value)
{
	if (value == row->number)
		return;
	put_name(o, row);
	buf_i64(o, value);
}

static void put_code(buf *o, const struct param *row, str code)
{
	if (!str_eq(code, str_of(row->code)))
		put_text(o, row, code);
}

static void put_list_code(buf *o, const struct param *row, str code, bool *first)
{
	if (*first)
		put_name(o, row);
	else
		buf_byte(o, ',');
	*first = false;
	put_part(o, code);
}

/* The sorted list with MORE in its place, or without LESS; either may be empty. */
static void put_list(buf *o, const struct param *row, const struct code_list *list, str more,
		     str less)
{
	bool first = true;

	for (size_t i = 0; i < list->n; i++) {
		int order = more.n ? str_cmp(more, list->p[i]) : 1;

		if (order < 0)
			put_list_code(o, row, more, &first);
		if (order <= 0)
			more.n = 0;
		if (less.n == 0 || !str_eq(list->p[i], less))
			put_list_code(o, row, list->p[i], &first);
	}
	if (more.n)
		put_list_code(o, row, more, &first);
}

static void put_value(buf *o, const struct web *w, const struct param *row)
{
	const void *field = field_of(w, row);

	switch (row->kind) {
	case PARAM_TEXT: put_text(o, row, *(const str *)field); break;
	case PARAM_INT: put_number(o, row, *(const int64_t *)field); break;
	case PARAM_CODE: put_code(o, row, *(const str *)field); break;
	case PARAM_LIST: put_list(o, row, field, (str){ NULL, 0 }, (str){ NULL, 0 }); break;
	}
}

/* --- The address of the page under way ----------------------------------------------------------- */

static const struct param *path_row(const struct web *w, size_t nth)
{
	const struct params *params = w->route->params;

	for (size_t i = 0; i < params->n; i++)
		if (params->rows[i].in_path && nth-- == 0)
			return &params->rows[i];
	return NULL;
}

static void put_path_value(buf *o, const struct web *w, const struct param *row)
{
	const void *field = field_of(w, row);

	if (row->kind == PARAM_INT) {
		buf_byte(o, '/');
		buf_i64(o, *(const int64_t *)field);
		return;
	}
	/* A value of several segments holds their slashes; one of a single segment holds none. */
	for (str rest = *(const str *)field; rest.p;) {
		buf_byte(o, '/');
		url_put_segment(o, str_cut(&rest, '/'));
	}
}

static str path_make(const struct web *w)
{
	buf o = buf_new(w->arena, HTTP_BODY_MAX);
	str rest = str_from(str_of(w->route->path), 1);
	size_t placeholder = 0;

	if (rest.n == 0)
		return S("/");
	while (rest.p) {
		str segment = str_cut(&rest, '/');

		if (str_eq(segment, S("{lang}"))) {
			buf_byte(&o, '/');
			buf_put(&o, lang_code(w->lang));
		} else if (segment.p[0] == '{') {
			put_path_value(&o, w, path_row(w, placeholder++));
		} else {
			buf_byte(&o, '/');
			buf_put(&o, segment);
		}
	}
	return buf_str(&o);
}

/* Path and what follows it as one address: the first "&" becomes "?". */
static url joined(const struct web *w, str path, str a, str b, str c)
{
	size_t n = path.n + a.n + b.n + c.n;
	char *p = arena_alloc_raw(w->arena, n), *to = p;

	memcpy(to, path.p, path.n);
	to += path.n;
	for (int i = 0; i < 3; i++) {
		str part = i == 0 ? a : i == 1 ? b : c;
		if (part.n)
			memcpy(to, part.p, part.n);
		to += part.n;
	}
	if (n > path.n)
		p[path.n] = '?';
	return (url){ { p, n } };
}

void address_make(struct web *w)
{
	const struct params *params = w->route->params;
	struct address *address = &w->address;
	buf query = buf_new(w->arena, HTTP_BODY_MAX), page = buf_new(w->arena, 64);

	address->path = path_make(w);
	address->end = NEW_N(w->arena, size_t, params->n);
	for (size_t i = 0; i < params->n; i++) {
		if (params->rows[i].is_page)
			put_value(&page, w, &params->rows[i]);
		else if (!params->rows[i].in_path)
			put_value(&query, w, &params->rows[i]);
		address->end[i] = query.n;
	}
	address->query = buf_str(&query);
	address->page = buf_str(&page);
	address->whole = joined(w, address->path, address->query, address->page, S("")).s;
}

/* --- Its neighbours ------------------------------------------------------------------------------ */

/* The address with CHANGED in the place of what row PARAM says now. */
static url replaced(const struct web *w, size_t param, const buf *changed)
{
	const struct address *address = &w->address;
	size_t start = param ? address->end[param - 1] : 0;

	return joined(w, address->path, str_to(address->query, start), buf_str(changed),
		      str_from(address->query, address->end[param]));
}

static buf part_new(const struct web *w)
{
	return buf_new(w->arena, HTTP_BODY_MAX);
}

url link_self(const struct web *w)
{
	return (url){ w->address.whole };
}

url link_text(const struct web *w, size_t param, str value)
{
	buf part = part_new(w);

	put_text(&part, row_of(w, param), value);
	return replaced(w, param, &part);
}

url link_number(const struct web *w, size_t param, int64_t value)
{
	buf part = part_new(w);

	put_number(&part, row_of(w, param), value);
	return replaced(w, param, &part);
}

url link_code(const struct web *w, size_t param, str code)
{
	buf part = part_new(w);

	put_code(&part, row_of(w, param), code);
	return replaced(w, param, &part);
}

url link_with(const struct web *w, size_t param, str code)
{
	buf part = part_new(w);
	const struct param *row = row_of(w, param);

	put_list(&part, row, field_of(w, row), code, (str){ NULL, 0 });
	return replaced(w, param, &part);
}

url link_without(const struct web *w, size_t param, str code)
{
	buf part = part_new(w);
	const struct param *row = row_of(w, param);

	put_list(&part, row, field_of(w, row), (str){ NULL, 0 }, code);
	return replaced(w, param, &part);
}

url link_clear(const struct web *w, size_t param)
{
	buf part = part_new(w);

	return replaced(w, param, &part);
}

url link_lang(const struct web *w, enum lang lang)
{
	str path = w->address.path, rest = str_from(path, 1);
	buf o = buf_new(w->arena, HTTP_BODY_MAX);

	(void)str_cut(&rest, '/');
	buf_byte(&o, '/');
	buf_put(&o, lang_code(lang));
	if (rest.p)
		buf_put(&o, str_from(path, path.n - rest.n - 1));
	return joined(w, buf_str(&o), w->address.query, w->address.page, S(""));
}

struct url_builder link_begin(const struct web *w, const char *what)
{
	struct url_builder b = url_begin(w->arena, S(""));

	url_segment(&b, lang_code(w->lang));
	url_segment(&b, str_of(what));
	return b;
}

url link_elsewhere(const struct web *w, str path)
{
	return joined(w, path, w->address.query, S(""), S(""));
}

url link_absolute(const struct web *w, url address)
{
	str site = w->app->config.site;
	buf o;

	if (site.n == 0)
		return address;
	o = buf_new(w->arena, site.n + address.s.n);
	buf_put(&o, site);
	buf_put(&o, address.s);
	return (url){ buf_str(&o) };
}
