#include "base/utf8.h"
#include "subtitle/subtitle_lines.h"

enum { VALUE_MAX = 200, REPAIRS_MAX = 10000 };

bool sub_line(struct sub_lines *l, str *ret)
{
	size_t from = l->at, end = from;
	const char *cr;

	if (from >= l->in.n)
		return false;
	const char *lf = memchr(l->in.p + from, '\n', l->in.n - from);

	end = lf ? (size_t)(lf - l->in.p) : l->in.n;
	l->at = lf ? end + 1 : end;
	cr = memchr(l->in.p + from, '\r', end - from);
	if (cr) {
		size_t at = (size_t)(cr - l->in.p);

		if (!(lf && at + 1 == end)) /* a CR that stands alone ends a line too */
			l->at = at + 1;
		end = at;
	}
	*ret = (str){ l->in.p + from, end - from };
	l->number++;
	return true;
}

void sub_repair_add(arena *a, struct sub_file *f, const char *code, int64_t line, str value)
{
	if (f->repairs.n > REPAIRS_MAX)
		return;
	if (f->repairs.n == REPAIRS_MAX) { /* a file that is all faults must not fill the memory */
		code = "more-repairs";
		value = S("");
	}
	*vec_add(a, &f->repairs) = (struct sub_repair){ code, line, (int64_t)f->cues.n,
							utf8_to(value, VALUE_MAX) };
}

char sub_peek(const struct sub_scan *s)
{
	return s->at < s->s.n ? s->s.p[s->at] : '\0';
}

bool sub_take(struct sub_scan *s, str what)
{
	if (!str_starts(str_from(s->s, s->at), what))
		return false;
	s->at += what.n;
	return true;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
}

void sub_skip_blanks(struct sub_scan *s)
{
	while (s->at < s->s.n && is_blank(s->s.p[s->at]))
		s->at++;
}

static bool is_mark(uint32_t c)
{
	return c == 0xFEFF || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) ||
	       (c >= 0x2066 && c <= 0x2069);
}

str sub_trim_marks(str s)
{
	for (str rest = s = str_trim(s); rest.n && is_mark(utf8_next(&rest));)
		s = rest = str_trim(rest);
	while (s.n > 3) { /* all of them have three bytes */
		str last = str_from(s, s.n - 3);

		if (!is_mark(utf8_next(&last)) || last.n)
			break;
		s = str_trim(str_to(s, s.n - 3));
	}
	return s;
}

str sub_digits(struct sub_scan *s)
{
	size_t from = s->at;

	while (sub_peek(s) >= '0' && sub_peek(s) <= '9')
		s->at++;
	return (str){ s->s.p + from, s->at - from };
}

int64_t sub_number(str digits)
{
	int64_t n = 0;

	for (size_t i = 0; i < digits.n && i < 9; i++)
		n = n * 10 + (digits.p[i] - '0');
	return n;
}

static int64_t milliseconds(int64_t h, int64_t m, int64_t s, int64_t ms)
{
	return ((h * 60 + m) * 60 + s) * 1000 + ms;
}

/* https://www.w3.org/TR/webvtt1/#collect-a-webvtt-timestamp */
bool sub_vtt_time(struct sub_scan *s, int64_t *ret)
{
	str one = sub_digits(s), two, three, decimals;
	int64_t hours = 0;
	bool has_hours = one.n != 2 || sub_number(one) > 59;

	if (!one.n || !sub_take(s, S(":")))
		return false;
	two = sub_digits(s);
	if (two.n != 2)
		return false;
	if (has_hours || sub_peek(s) == ':') {
		if (!sub_take(s, S(":")))
			return false;
		three = sub_digits(s);
		if (three.n != 2)
			return false;
		hours = sub_number(one);
	} else {
		three = two;
		two = one;
	}
	if (!sub_take(s, S(".")))
		return false;
	decimals = sub_digits(s);
	if (decimals.n != 3 || sub_number(two) > 59 || sub_number(three) > 59)
		return false;
	*ret = milliseconds(hours, sub_number(two), sub_number(three), sub_number(decimals));
	return true;
}

bool sub_loose_time(struct sub_scan *s, int64_t *ret)
{
	str part[3];
	size_t n = 0;
	int64_t ms = 0;

	do {
		if (n == 3)
			return false;
		while (sub_peek(s) == ' ' && n)
			s->at++;
		part[n] = sub_digits(s);
		if (!part[n].n)
			return false;
		n++;
	} while (sub_take(s, S(":")));
	if (n < 2)
		return false;
	if (sub_peek(s) == ',' || sub_peek(s) == '.') {
		str decimals;

		s->at++;
		decimals = str_to(sub_digits(s), 3);
		ms = sub_number(decimals);
		for (size_t i = decimals.n; i < 3; i++)
			ms *= 10;
	}
	*ret = milliseconds(n == 3 ? sub_number(part[0]) : 0, sub_number(part[n - 2]),
			    sub_number(part[n - 1]), ms);
	return true;
}

static void put_what_fits(buf *o, str s)
{
	if (o->err == OK && s.n > o->max - o->n)
		buf_put(o, utf8_to(s, o->max - o->n));
	buf_put(o, s);
}

void sub_escape(buf *o, str words)
{
	size_t from = 0;

	for (size_t i = 0; i < words.n; i++) {
		char c = words.p[i];

		if (c != '&' && c != '<' && c != '>')
			continue;
		put_what_fits(o, (str){ words.p + from, i - from });
		buf_put(o, c == '&' ? S("&amp;") : c == '<' ? S("&lt;") : S("&gt;"));
		from = i + 1;
	}
	put_what_fits(o, str_from(words, from));
}
