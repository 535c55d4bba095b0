#include "base/utf8.h"
#include "text/charset.h"

/* windows-1252 from 0x80 to 0x9F; 0: no meaning there, and ISO-8859-1 has a control character. */
static const uint16_t windows_1252[32] = {
	0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
	0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
	0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178,
};

enum { TIMES_MAX = 3 };

/* The byte that was read as C; -1: none. */
static int byte_of(uint32_t c)
{
	if (c < 0x100)
		return (int)c;
	for (int i = 0; i < 32; i++)
		if (windows_1252[i] == c)
			return 0x80 + i;
	return -1;
}

static bool has_control(str s)
{
	while (s.n) {
		uint32_t c = utf8_next(&s);

		if (c >= 0x80 && c < 0xA0)
			return true;
	}
	return false;
}

/* One step back. False: S is not what we look for. */
static bool decode_once(arena *a, str s, str *ret)
{
	char *p = arena_alloc_raw(a, s.n);
	size_t n = 0;
	bool above = false;
	str out;

	while (s.n) {
		uint32_t c = utf8_next(&s);
		int byte = byte_of(c);

		if (byte < 0)
			return false;
		above |= c >= 0x80;
		p[n++] = (char)byte;
	}
	out = (str){ p, n };
	if (!above || !utf8_valid(out))
		return false;
	*ret = out;
	return true;
}

str charset_mend(arena *a, str s, bool *ret_mended)
{
	str out = s;
	int times = 0;

	while (times < TIMES_MAX && utf8_ascii_run(out) < out.n && decode_once(a, out, &out))
		times++;
	*ret_mended = times > 0 && !has_control(out);
	return *ret_mended ? out : s;
}
