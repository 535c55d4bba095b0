#include "http/head.h"

enum {
	TCHAR = 1,  /* in a method and in a header's name (RFC 9110, 5.6.2) */
	HOST = 2,   /* in a host name: what RFC 3986 leaves unreserved */
	PATH = 4,   /* in a path: visible ASCII but what RFC 3986 forbids */
	QUERY = 8,  /* in a query: also bytes that browsers leave as typed */
	VALUE = 16, /* in a header's value: no control characters but the tab */
	LETTER = TCHAR | HOST | PATH | QUERY | VALUE,
};

static const unsigned char classes[256] = {
	[0x80 ... 0xFF] = VALUE,
	['\t'] = VALUE,
	[' '] = VALUE,
	['0' ... '9'] = LETTER,
	['A' ... 'Z'] = LETTER,
	['a' ... 'z'] = LETTER,
	['-'] = LETTER,
	['.'] = LETTER,
	['_'] = LETTER,
	['~'] = LETTER,
	['!'] = TCHAR | PATH | QUERY | VALUE,
	['$'] = TCHAR | PATH | QUERY | VALUE,
	['%'] = TCHAR | PATH | QUERY | VALUE,
	['&'] = TCHAR | PATH | QUERY | VALUE,
	['\''] = TCHAR | PATH | QUERY | VALUE,
	['*'] = TCHAR | PATH | QUERY | VALUE,
	['+'] = TCHAR | PATH | QUERY | VALUE,
	['#'] = TCHAR | VALUE,
	['^'] = TCHAR | QUERY | VALUE,
	['`'] = TCHAR | QUERY | VALUE,
	['|'] = TCHAR | QUERY | VALUE,
	['('] = PATH | QUERY | VALUE,
	[')'] = PATH | QUERY | VALUE,
	[','] = PATH | QUERY | VALUE,
	['/'] = PATH | QUERY | VALUE,
	[':'] = PATH | QUERY | VALUE,
	[';'] = PATH | QUERY | VALUE,
	['='] = PATH | QUERY | VALUE,
	['?'] = PATH | QUERY | VALUE,
	['@'] = PATH | QUERY | VALUE,
	['['] = PATH | QUERY | VALUE,
	[']'] = PATH | QUERY | VALUE,
	['\\'] = QUERY | VALUE,
	['{'] = QUERY | VALUE,
	['}'] = QUERY | VALUE,
	['"'] = VALUE,
	['<'] = VALUE,
	['>'] = VALUE,
};

/* How many bytes at the start of S are of CLASS. */
static size_t span(str s, unsigned class)
{
	size_t n = 0;

	while (n < s.n && (classes[(unsigned char)s.p[n]] & class))
		n++;
	return n;
}

static bool is_token(str s)
{
	return s.n > 0 && span(s, TCHAR) == s.n;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static enum http_method method_of(str name)
{
	for (enum http_method m = HTTP_GET; m <= HTTP_OPTIONS; m++)
		if (str_eq(http_method_name(m), name))
			return m;
	return HTTP_OTHER;
}

/* "HTTP/1.0" and "HTTP/1.1" are spoken here; another digit is a version, another shape is nonsense. */
static int version_parse(str s, int *ret_minor)
{
	if (s.n != 8 || !str_starts(s, S("HTTP/")) || !is_digit(s.p[5]) || s.p[6] != '.' ||
	    !is_digit(s.p[7]))
		return 400;
	if (s.p[5] != '1' || s.p[7] > '1')
		return 505;
	*ret_minor = s.p[7] - '0';
	return HEAD_WHOLE;
}

/* In the query the bytes that browsers leave as typed pass, because a reader's search must not fail for
 * a brace. */
static bool target_is_clean(str s)
{
	size_t query = MIN(str_find_byte(s, '?'), s.n);

	return span(str_to(s, query), PATH) == query &&
	       span(str_from(s, query), QUERY) == s.n - query;
}

/* A host as RFC 3986 writes one, without user, percent or empty name; an optional port. */
static bool host_is_clean(str s)
{
	size_t end = s.n;

	if (s.n && s.p[0] == '[') {
		end = str_find_byte(s, ']');
		if (end == STR_NONE || end < 3)
			return false;
		for (size_t i = 1; i < end; i++)
			if (!strchr("0123456789abcdefABCDEF:.", s.p[i]) || !s.p[i])
				return false;
		end++;
	} else {
		end = span(s, HOST);
	}
	str port = str_from(s, end);
	if (end == 0 || port.n == 1 || port.n > 6 || (port.n && port.p[0] != ':'))
		return false;
	for (size_t i = 1; i < port.n; i++)
		if (!is_digit(port.p[i]))
			return false;
	return true;
}

/* Absolute form "http://host/path" is read as a proxy would send it; *RET_HOST is its authority. */
static int target_parse(str s, enum http_method method, str *ret_target, str *ret_host)
{
	size_t scheme = str_eq_nocase(str_to(s, 7), S("http://"))    ? 7
			: str_eq_nocase(str_to(s, 8), S("https://")) ? 8
								     : 0;

	*ret_host = (str){ NULL, 0 };
	if (!target_is_clean(s))
		return 400;
	if (scheme) {
		str rest = str_from(s, scheme);
		size_t slash = str_find_byte(rest, '/');

		if (slash == STR_NONE || !host_is_clean(str_to(rest, slash)))
			return 400;
		*ret_host = str_to(rest, slash);
		s = str_from(rest, slash);
	}
	if (str_eq(s, S("*")) && method == HTTP_OPTIONS)
		return 501;
	if (s.n == 0 || s.p[0] != '/')
		return 400;
	*ret_target = s;
	return HEAD_WHOLE;
}

struct request_line {
	enum http_method method;
	str target, host; /* host: of an absolute form; p is NULL otherwise */
	int minor;
};

static int request_line_parse(str line, struct request_line *ret)
{
	str rest = line, name = str_cut(&rest, ' ');
	str target = rest.p ? str_cut(&rest, ' ') : (str){ NULL, 0 };
	int status;

	if (!is_token(name) || !target.p || !rest.p)
		return 400;
	status = version_parse(rest, &ret->minor);
	if (status != HEAD_WHOLE)
		return status;
	ret->method = method_of(name);
	if (ret->method == HTTP_OTHER)
		return 501;
	if (target.n > HEAD_TARGET_MAX)
		return 414;
	return target_parse(target, ret->method, &ret->target, &ret->host);
}

/* Every line ends with CR LF, and neither stands anywhere else; nor does NUL. */
static bool line_is_clean(str line)
{
	return line.n && line.p[line.n - 1] == '\r' &&
	       str_find_byte(str_to(line, line.n - 1), '\r') == STR_NONE &&
	       str_find_byte(line, '\0') == STR_NONE;
}

/* The line under way has no end yet: is it already too long, or not HTTP at all? */
static int unfinished(const struct head_search *s, str bytes)
{
	str line = str_from(bytes, s->line);

	if (s->fields)
		return bytes.n - s->fields > HEAD_FIELDS_MAX ? 431 : 0;
	if (line.n && span(str_to(line, 1), TCHAR) == 0)
		return 400;
	if (line.n > HEAD_LINE_MAX)
		return str_find_byte(line, ' ') == STR_NONE ? 400 : 414;
	return 0;
}

int head_find(struct head_search *s, str bytes, size_t *ret_n)
{
	struct request_line first;
	str line;
	size_t lf;
	int status;

	while ((lf = str_find_byte(str_from(bytes, s->at), '\n')) != STR_NONE) {
		line = str_to(str_from(bytes, s->line), s->at + lf - s->line);
		s->at += lf + 1;
		if (!line_is_clean(line))
			return 400;
		line.n--;
		if (!s->fields) {
			if (line.n > HEAD_LINE_MAX)
				return 414;
			status = request_line_parse(line, &first);
			if (status != HEAD_WHOLE)
				return status;
			s->fields = s->at;
		} else if (s->at - s->fields > HEAD_FIELDS_MAX) {
			return 431;
		} else if (line.n == 0) {
			*ret_n = s->at;
			return HEAD_WHOLE;
		}
		s->line = s->at;
	}
	s->at = bytes.n;
	return unfinished(s, bytes);
}

static str trim_blanks(str s)
{
	while (s.n && (s.p[0] == ' ' || s.p[0] == '\t'))
		s = str_from(s, 1);
	while (s.n && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t'))
		s.n--;
	return s;
}

/* A line that starts with a blank would be the folded rest of the one before: its "name" is no token. */
static bool field_parse(str line, struct http_header *ret)
{
	size_t colon = str_find_byte(line, ':');

	if (colon == STR_NONE || !is_token(str_to(line, colon)))
		return false;
	ret->name = str_to(line, colon);
	ret->value = trim_blanks(str_from(line, colon + 1));
	return span(ret->value, VALUE) == ret->value.n;
}

/* What the fields that decide about framing say, counted. */
struct framing {
	int hosts, lengths, codings;
	str length, coding;
	bool expects_unknown;
};

static bool list_has(str list, str token)
{
	for (str rest = list; rest.p;)
		if (str_eq_nocase(str_trim(str_cut(&rest, ',')), token))
			return true;
	return false;
}

static void field_note(struct head *h, struct framing *f, struct http_header field)
{
	if (str_eq_nocase(field.name, S("host"))) {
		f->hosts++;
		h->host = field.value;
	} else if (str_eq_nocase(field.name, S("content-length"))) {
		f->lengths++;
		f->length = field.value;
	} else if (str_eq_nocase(field.name, S("transfer-encoding"))) {
		f->codings++;
		f->coding = field.value;
	} else if (str_eq_nocase(field.name, S("connection"))) {
		h->close = h->close || list_has(field.value, S("close"));
	} else if (str_eq_nocase(field.name, S("expect"))) {
		f->expects_unknown = !str_eq_nocase(field.value, S("100-continue"));
	}
}

/* No route takes a body yet, so whoever announces one is refused before it is read. */
static int body_check(const struct head *h, const struct framing *f)
{
	bool empty = true;

	if (f->lengths > 1 || f->codings > 1 || (f->lengths && f->codings) ||
	    (f->codings && h->minor == 0))
		return 400;
	if (f->codings)
		return str_eq_nocase(f->coding, S("chunked")) ? 413 : 501;
	if (f->lengths && f->length.n == 0)
		return 400;
	for (size_t i = 0; i < f->length.n; i++) {
		if (!is_digit(f->length.p[i]))
			return 400;
		empty = empty && f->length.p[i] == '0';
	}
	if (!empty)
		return 413;
	return f->expects_unknown ? 417 : HEAD_WHOLE;
}

static int fields_check(const struct head *h, const struct framing *f, str target_host)
{
	if (f->hosts > 1 || (f->hosts == 0 && h->minor > 0))
		return 400;
	if (f->hosts && !host_is_clean(h->host))
		return 400;
	if (target_host.p && !str_eq_nocase(target_host, h->host))
		return 400;
	return body_check(h, f);
}

int head_parse(str bytes, struct head *h)
{
	struct request_line first;
	struct framing f = { 0 };
	str line = str_cut(&bytes, '\n');
	int status;

	if (!line_is_clean(line))
		return 400;
	status = request_line_parse(str_to(line, line.n - 1), &first);
	if (status != HEAD_WHOLE)
		return status;
	h->method = first.method;
	h->target = first.target;
	h->minor = first.minor;
	h->close = first.minor == 0;
	h->host = (str){ NULL, 0 };
	h->fields_n = 0;
	for (;;) {
		line = bytes.p ? str_cut(&bytes, '\n') : (str){ NULL, 0 };
		if (!line_is_clean(line))
			return 400;
		line.n--;
		if (line.n == 0)
			return fields_check(h, &f, first.host);
		if (h->fields_n == HEAD_FIELDS_COUNT)
			return 431;
		if (!field_parse(line, &h->fields[h->fields_n]))
			return 400;
		field_note(h, &f, h->fields[h->fields_n++]);
	}
}
