#include "text/html.h"
#include "text/scan.h"

static const unsigned char special[256] = {
	['\0'] = 1, ['&'] = 1, ['<'] = 1, ['>'] = 1, ['"'] = 1, ['\''] = 1,
};

static scan_halves special_of_16(scan_bytes v)
{
	return (scan_halves)((v == '&') | (v == '<') | (v == '>') | (v == '"') | (v == '\'') |
			     (v == 0));
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
		size_t run = scan_plain(s, special, special_of_16);

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
