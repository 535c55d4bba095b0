#include "base/utf8.h"

/* Length of the sequence that starts at S, or 0 when it is not valid there; *RET is its value. */
static size_t decode(str s, uint32_t *ret)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	unsigned char lead = (unsigned char)s.p[0];
	size_t n = lead < 0x80   ? 1
		   : lead < 0xC2 ? 0
		   : lead < 0xE0 ? 2
		   : lead < 0xF0 ? 3
		   : lead < 0xF5 ? 4
				 : 0;
	uint32_t v;

	if (n == 0 || n > s.n)
		return 0;
	v = n == 1 ? lead : lead & (0x7Fu >> n);
	for (size_t i = 1; i < n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		if ((c & 0xC0) != 0x80)
			return 0;
		v = v << 6 | (c & 0x3Fu);
	}
	if (v < least[n] || v > 0x10FFFF || (v >= 0xD800 && v < 0xE000))
		return 0;
	*ret = v;
	return n;
}

/* Eight bytes at a time: nearly all text that we read is ASCII. */
size_t utf8_ascii_run(str s)
{
	size_t i = 0;
	uint64_t eight;

	for (; i + 8 <= s.n; i += 8) {
		memcpy(&eight, s.p + i, 8);
		if (eight & 0x8080808080808080u)
			break;
	}
	while (i < s.n && (unsigned char)s.p[i] < 0x80)
		i++;
	return i;
}

bool utf8_is_cut(str s)
{
	static const char rest[] = "\xBF\xBF\xBF";
	char whole[4];
	uint32_t ignored;

	if (s.n == 0 || s.n > 3 || decode(s, &ignored))
		return false;
	/* Cut when more bytes would make it right; which ones depends on the lead byte. */
	for (size_t more = 1; s.n + more <= 4; more++) {
		memcpy(whole, s.p, s.n);
		memcpy(whole + s.n, rest, more);
		if (decode((str){ whole, s.n + more }, &ignored) == s.n + more)
			return true;
		memset(whole + s.n, '\x80', more);
		if (decode((str){ whole, s.n + more }, &ignored) == s.n + more)
			return true;
	}
	return false;
}

bool utf8_valid(str s)
{
	uint32_t ignored;

	while (s.n) {
		size_t n = utf8_ascii_run(s);

		if (n == 0)
			n = decode(s, &ignored);
		if (n == 0)
			return false;
		s = str_from(s, n);
	}
	return true;
}

uint32_t utf8_next(str *s)
{
	uint32_t v;
	size_t n = decode(*s, &v);

	if (n == 0) {
		*s = str_from(*s, 1);
		return UTF8_REPLACEMENT;
	}
	*s = str_from(*s, n);
	return v;
}

void utf8_put(buf *b, uint32_t v)
{
	char c[4];

	if (v < 0x80) {
		buf_byte(b, (char)v);
	} else if (v < 0x800) {
		c[0] = (char)(0xC0 | v >> 6);
		c[1] = (char)(0x80 | (v & 0x3F));
		buf_put(b, (str){ c, 2 });
	} else if (v < 0x10000) {
		c[0] = (char)(0xE0 | v >> 12);
		c[1] = (char)(0x80 | (v >> 6 & 0x3F));
		c[2] = (char)(0x80 | (v & 0x3F));
		buf_put(b, (str){ c, 3 });
	} else {
		c[0] = (char)(0xF0 | v >> 18);
		c[1] = (char)(0x80 | (v >> 12 & 0x3F));
		c[2] = (char)(0x80 | (v >> 6 & 0x3F));
		c[3] = (char)(0x80 | (v & 0x3F));
		buf_put(b, (str){ c, 4 });
	}
}

size_t utf8_count(str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += ((unsigned char)s.p[i] & 0xC0) != 0x80;
	return n;
}

str utf8_to(str s, size_t n)
{
	if (n >= s.n)
		return s;
	while (n > 0 && ((unsigned char)s.p[n] & 0xC0) == 0x80)
		n--;
	return str_to(s, n);
}
