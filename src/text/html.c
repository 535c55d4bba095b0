#include "text/html.h"

static const unsigned char special[256] = {
	['\0'] = 1, ['&'] = 1, ['<'] = 1, ['>'] = 1, ['"'] = 1, ['\''] = 1,
};

typedef unsigned char bytes16 __attribute__((vector_size(16)));
typedef uint64_t halves __attribute__((vector_size(16)));

/* Bytes at the start of S that need no escape. Sixteen at a time: nearly all text is of that kind,
 * and a page is escaped as fast as it is copied. */
static size_t plain_run(str s)
{
	size_t i = 0;

	for (; i + 16 <= s.n; i += 16) {
		bytes16 v;
		halves hit;

		memcpy(&v, s.p + i, 16);
		hit = (halves)((v == '&') | (v == '<') | (v == '>') | (v == '"') | (v == '\'') |
			       (v == 0));
		if (hit[0] | hit[1])
			break;
	}
	while (i < s.n && !special[(unsigned char)s.p[i]])
		i++;
	return i;
}

static str entity(char c)
{
	switch (c) {
	case '&': return S("&amp;");
	case '<': return S("&lt;");
	case '>': return S("&gt;");
	case '"': return S("&quot;");
	case '\'': return S("&#39;");
	default: return S("\uFFFD");
	}
}

void html_text(buf *o, str s)
{
	for (;;) {
		size_t run = plain_run(s);

		buf_put(o, str_to(s, run));
		if (run == s.n)
			return;
		buf_put(o, entity(s.p[run]));
		s = str_from(s, run + 1);
	}
}

void html_url_own(buf *o, url u)
{
	html_text(o, u.s);
}

svg svg_data(str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!s.p[i] || !strchr("0123456789+-., \nMmLlHhVvCcSsQqTtAaZze", s.p[i]))
			return (svg){ S("") };
	return (svg){ s };
}

/* --- What generated code calls ------------------------------------------------------------------ */

void html_text_c(buf *o, const char *z)
{
	html_text(o, str_of(z));
}

void html_url_c(buf *o, const char *z)
{
	url_put_html(o, str_of(z));
}

void html_raw(buf *o, html h)
{
	buf_put(o, h.s);
}

void html_svg(buf *o, svg v)
{
	buf_put(o, v.s);
}

void html_segment_c(buf *o, const char *z)
{
	url_put_segment(o, str_of(z));
}

void html_part_c(buf *o, const char *z)
{
	url_put_part(o, str_of(z));
}

void html_tail_c(buf *o, const char *z)
{
	url_put_tail(o, str_of(z));
}

void html_json_c(buf *o, const char *z)
{
	json_escape(o, str_of(z));
}

void html_json_value(buf *o, str s)
{
	struct json j = json_begin(o, false);

	json_str(&j, s);
}

void html_json_value_c(buf *o, const char *z)
{
	html_json_value(o, str_of(z));
}

void html_json_bool(buf *o, bool v)
{
	buf_put(o, v ? S("true") : S("false"));
}
