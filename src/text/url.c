#include "text/url.h"
#include "base/utf8.h"

enum {
	UNRESERVED = 1, /* RFC 3986, 2.3: means itself everywhere */
	SYNTAX = 2,     /* RFC 3986, 2.2: parts an address; without the single quote, for HTML */
};

static const unsigned char char_class[256] = {
	['0' ... '9'] = UNRESERVED,
	['A' ... 'Z'] = UNRESERVED,
	['a' ... 'z'] = UNRESERVED,
	['-'] = UNRESERVED,
	['.'] = UNRESERVED,
	['_'] = UNRESERVED,
	['~'] = UNRESERVED,
	[':'] = SYNTAX,
	['/'] = SYNTAX,
	['?'] = SYNTAX,
	['#'] = SYNTAX,
	['['] = SYNTAX,
	[']'] = SYNTAX,
	['@'] = SYNTAX,
	['!'] = SYNTAX,
	['$'] = SYNTAX,
	['&'] = SYNTAX,
	['('] = SYNTAX,
	[')'] = SYNTAX,
	['*'] = SYNTAX,
	['+'] = SYNTAX,
	[','] = SYNTAX,
	[';'] = SYNTAX,
	['='] = SYNTAX,
};

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static bool is_escape(str s)
{
	return s.n >= 3 && s.p[0] == '%' && hex_value(s.p[1]) >= 0 && hex_value(s.p[2]) >= 0;
}

/* --- Reading ------------------------------------------------------------------------------------ */

MUST static enum err decode_byte(str *rest, bool plus, char *ret)
{
	char c = rest->p[0];

	if (c == '%') {
		if (!is_escape(*rest))
			return E_INVALID;
		*ret = (char)(hex_value(rest->p[1]) << 4 | hex_value(rest->p[2]));
		*rest = str_from(*rest, 3);
		return *ret == '\0' ? E_INVALID : OK;
	}
	if ((unsigned char)c <= ' ' || c == 0x7F)
		return E_INVALID;
	*ret = c == '+' && plus ? ' ' : c;
	*rest = str_from(*rest, 1);
	return OK;
}

enum err url_decode(arena *a, str s, bool plus, str *ret)
{
	char *p = arena_alloc_raw(a, s.n);
	size_t n = 0;

	while (s.n)
		TRY(decode_byte(&s, plus, &p[n++]));
	if (!utf8_valid((str){ p, n }))
		return E_INVALID;
	*ret = (str){ p, n };
	return OK;
}

enum err url_parse_pairs(arena *a, str query, struct url_pairs *ret)
{
	VEC(struct url_pair) pairs = { 0 };

	for (str rest = query; rest.p;) {
		str value = str_cut(&rest, '&'), name;
		struct url_pair *pair;

		if (value.n == 0)
			continue;
		if (pairs.n == URL_PAIRS_MAX)
			return E_TOOBIG;
		name = str_cut(&value, '=');
		pair = vec_add(a, &pairs);
		TRY(url_decode(a, name, true, &pair->name));
		TRY(url_decode(a, value, true, &pair->value));
	}
	*ret = (struct url_pairs){ pairs.p, pairs.n };
	return OK;
}

enum err url_parse(arena *a, str target, struct url_target *ret)
{
	struct url_target t = { 0 };
	VEC(str) segments = { 0 };

	if (target.n > URL_MAX)
		return E_TOOBIG;
	if (!str_starts(target, S("/")) || str_find_byte(target, '#') != STR_NONE)
		return E_INVALID;
	t.query = target;
	t.path = str_cut(&t.query, '?');
	for (str rest = t.path.n > 1 ? str_from(t.path, 1) : (str){ 0 }; rest.p;) {
		str one = str_cut(&rest, '/');
		TRY(url_decode(a, one, false, vec_add(a, &segments)));
	}
	TRY(url_parse_pairs(a, t.query, &t.pairs));
	t.segments = segments.p;
	t.segments_n = segments.n;
	*ret = t;
	return OK;
}

/* --- Writing ------------------------------------------------------------------------------------ */

static void put_escape(buf *o, char c)
{
	static const char digits[] = "0123456789ABCDEF";
	unsigned char u = (unsigned char)c;

	buf_put(o, (str){ (char[]){ '%', digits[u >> 4], digits[u & 15] }, 3 });
}

/* What is of CLASSES stays, and so does ALSO (0: nothing); all else becomes %XX. */
static void put_encoded(buf *o, str s, unsigned classes, char also)
{
	size_t run = 0; /* bytes since the last escape that stay */

	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if ((char_class[c] & classes) || (also && c == (unsigned char)also)) {
			run++;
			continue;
		}
		buf_put(o, (str){ s.p + i - run, run });
		run = 0;
		put_escape(o, s.p[i]);
	}
	buf_put(o, str_from(s, s.n - run));
}

void url_put_segment(buf *o, str s)
{
	bool climbs = s.n == 0 || str_eq(s, S(".")) || str_eq(s, S(".."));

	put_encoded(o, climbs ? S("_") : s, UNRESERVED, 0);
}

void url_put_part(buf *o, str s)
{
	for (str rest = s; rest.p;) {
		put_encoded(o, str_cut(&rest, ' '), UNRESERVED, 0);
		if (rest.p)
			buf_byte(o, '+');
	}
}

void url_put_tail(buf *o, str s)
{
	put_encoded(o, s, UNRESERVED, '@');
}

static bool starts_nocase(str s, str prefix)
{
	return str_eq_nocase(str_to(s, prefix.n), prefix);
}

bool url_allowed(str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < ' ' || s.p[i] == 0x7F)
			return false;
	if (str_starts(s, S("/")))
		return s.n == 1 || (s.p[1] != '/' && s.p[1] != '\\');
	return str_starts(s, S("?")) || str_starts(s, S("#")) || starts_nocase(s, S("https://")) ||
	       starts_nocase(s, S("http://")) || starts_nocase(s, S("mailto:"));
}

static void put_address(buf *o, str s, str ampersand)
{
	if (!url_allowed(s)) {
		buf_put(o, S("#blocked"));
		return;
	}
	while (s.n) {
		size_t n = MIN(MIN(str_find_byte(s, '%'), str_find_byte(s, '&')), s.n);

		put_encoded(o, str_to(s, n), UNRESERVED | SYNTAX, 0);
		s = str_from(s, n);
		if (s.n && s.p[0] == '&')
			buf_put(o, ampersand);
		else if (s.n) /* a percent sign stays where it is an escape already */
			buf_put(o, is_escape(s) ? S("%") : S("%25"));
		s = str_from(s, 1);
	}
}

void url_put(buf *o, str s)
{
	put_address(o, s, S("&"));
}

void url_put_html(buf *o, str s)
{
	put_address(o, s, S("&amp;"));
}

static url url_of_buf(const buf *b)
{
	return (url){ b->err == OK ? buf_str(b) : S("#blocked") };
}

url url_checked(arena *a, str s)
{
	buf b = buf_new(a, URL_MAX);

	url_put(&b, s);
	return url_of_buf(&b);
}

struct url_builder url_begin(arena *a, str start)
{
	struct url_builder b = { .out = buf_new(a, URL_MAX) };

	buf_put(&b.out, start);
	return b;
}

void url_segment(struct url_builder *b, str s)
{
	buf_byte(&b->out, '/');
	url_put_segment(&b->out, s);
}

void url_segments(struct url_builder *b, str s)
{
	do
		url_segment(b, str_cut(&s, '/'));
	while (s.p);
}

void url_pair(struct url_builder *b, str name, str value)
{
	buf_byte(&b->out, b->has_query ? '&' : '?');
	b->has_query = true;
	url_put_part(&b->out, name);
	buf_byte(&b->out, '=');
	url_put_part(&b->out, value);
}

url url_end(struct url_builder *b)
{
	return url_of_buf(&b->out);
}
