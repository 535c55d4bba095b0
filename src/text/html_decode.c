/* From HTML back to text. */
#include "text/html.h"
#include "base/utf8.h"

struct name {
	str name;
	uint32_t code;
};

/* The HTML Standard's names for Latin 1 and for typography, in the order of str_cmp. */
/* clang-format off */
static const struct name names[] = {
	{ S_INIT("AElig"), 0xC6 }, { S_INIT("Aacute"), 0xC1 }, { S_INIT("Acirc"), 0xC2 },
	{ S_INIT("Agrave"), 0xC0 }, { S_INIT("Aring"), 0xC5 }, { S_INIT("Atilde"), 0xC3 },
	{ S_INIT("Auml"), 0xC4 }, { S_INIT("Ccedil"), 0xC7 }, { S_INIT("Dagger"), 0x2021 },
	{ S_INIT("ETH"), 0xD0 }, { S_INIT("Eacute"), 0xC9 }, { S_INIT("Ecirc"), 0xCA },
	{ S_INIT("Egrave"), 0xC8 }, { S_INIT("Euml"), 0xCB }, { S_INIT("Iacute"), 0xCD },
	{ S_INIT("Icirc"), 0xCE }, { S_INIT("Igrave"), 0xCC }, { S_INIT("Iuml"), 0xCF },
	{ S_INIT("Ntilde"), 0xD1 }, { S_INIT("OElig"), 0x152 }, { S_INIT("Oacute"), 0xD3 },
	{ S_INIT("Ocirc"), 0xD4 }, { S_INIT("Ograve"), 0xD2 }, { S_INIT("Oslash"), 0xD8 },
	{ S_INIT("Otilde"), 0xD5 }, { S_INIT("Ouml"), 0xD6 }, { S_INIT("Prime"), 0x2033 },
	{ S_INIT("Scaron"), 0x160 }, { S_INIT("THORN"), 0xDE }, { S_INIT("Uacute"), 0xDA },
	{ S_INIT("Ucirc"), 0xDB }, { S_INIT("Ugrave"), 0xD9 }, { S_INIT("Uuml"), 0xDC },
	{ S_INIT("Yacute"), 0xDD }, { S_INIT("Yuml"), 0x178 }, { S_INIT("aacute"), 0xE1 },
	{ S_INIT("acirc"), 0xE2 }, { S_INIT("acute"), 0xB4 }, { S_INIT("aelig"), 0xE6 },
	{ S_INIT("agrave"), 0xE0 }, { S_INIT("amp"), 0x26 }, { S_INIT("apos"), 0x27 },
	{ S_INIT("aring"), 0xE5 }, { S_INIT("asymp"), 0x2248 }, { S_INIT("atilde"), 0xE3 },
	{ S_INIT("auml"), 0xE4 }, { S_INIT("bdquo"), 0x201E }, { S_INIT("brvbar"), 0xA6 },
	{ S_INIT("bull"), 0x2022 }, { S_INIT("ccedil"), 0xE7 }, { S_INIT("cedil"), 0xB8 },
	{ S_INIT("cent"), 0xA2 }, { S_INIT("circ"), 0x2C6 }, { S_INIT("copy"), 0xA9 },
	{ S_INIT("curren"), 0xA4 }, { S_INIT("dagger"), 0x2020 }, { S_INIT("darr"), 0x2193 },
	{ S_INIT("deg"), 0xB0 }, { S_INIT("divide"), 0xF7 }, { S_INIT("eacute"), 0xE9 },
	{ S_INIT("ecirc"), 0xEA }, { S_INIT("egrave"), 0xE8 }, { S_INIT("emsp"), 0x2003 },
	{ S_INIT("ensp"), 0x2002 }, { S_INIT("eth"), 0xF0 }, { S_INIT("euml"), 0xEB },
	{ S_INIT("euro"), 0x20AC }, { S_INIT("fnof"), 0x192 }, { S_INIT("frac12"), 0xBD },
	{ S_INIT("frac14"), 0xBC }, { S_INIT("frac34"), 0xBE }, { S_INIT("frasl"), 0x2044 },
	{ S_INIT("ge"), 0x2265 }, { S_INIT("gt"), 0x3E }, { S_INIT("harr"), 0x2194 },
	{ S_INIT("hellip"), 0x2026 }, { S_INIT("iacute"), 0xED }, { S_INIT("icirc"), 0xEE },
	{ S_INIT("iexcl"), 0xA1 }, { S_INIT("igrave"), 0xEC }, { S_INIT("infin"), 0x221E },
	{ S_INIT("iquest"), 0xBF }, { S_INIT("iuml"), 0xEF }, { S_INIT("laquo"), 0xAB },
	{ S_INIT("larr"), 0x2190 }, { S_INIT("ldquo"), 0x201C }, { S_INIT("le"), 0x2264 },
	{ S_INIT("lrm"), 0x200E }, { S_INIT("lsaquo"), 0x2039 }, { S_INIT("lsquo"), 0x2018 },
	{ S_INIT("lt"), 0x3C }, { S_INIT("macr"), 0xAF }, { S_INIT("mdash"), 0x2014 },
	{ S_INIT("micro"), 0xB5 }, { S_INIT("middot"), 0xB7 }, { S_INIT("minus"), 0x2212 },
	{ S_INIT("nbsp"), 0xA0 }, { S_INIT("ndash"), 0x2013 }, { S_INIT("ne"), 0x2260 },
	{ S_INIT("not"), 0xAC }, { S_INIT("ntilde"), 0xF1 }, { S_INIT("oacute"), 0xF3 },
	{ S_INIT("ocirc"), 0xF4 }, { S_INIT("oelig"), 0x153 }, { S_INIT("ograve"), 0xF2 },
	{ S_INIT("oline"), 0x203E }, { S_INIT("ordf"), 0xAA }, { S_INIT("ordm"), 0xBA },
	{ S_INIT("oslash"), 0xF8 }, { S_INIT("otilde"), 0xF5 }, { S_INIT("ouml"), 0xF6 },
	{ S_INIT("para"), 0xB6 }, { S_INIT("permil"), 0x2030 }, { S_INIT("plusmn"), 0xB1 },
	{ S_INIT("pound"), 0xA3 }, { S_INIT("prime"), 0x2032 }, { S_INIT("quot"), 0x22 },
	{ S_INIT("raquo"), 0xBB }, { S_INIT("rarr"), 0x2192 }, { S_INIT("rdquo"), 0x201D },
	{ S_INIT("reg"), 0xAE }, { S_INIT("rlm"), 0x200F }, { S_INIT("rsaquo"), 0x203A },
	{ S_INIT("rsquo"), 0x2019 }, { S_INIT("sbquo"), 0x201A }, { S_INIT("scaron"), 0x161 },
	{ S_INIT("sect"), 0xA7 }, { S_INIT("shy"), 0xAD }, { S_INIT("sup1"), 0xB9 },
	{ S_INIT("sup2"), 0xB2 }, { S_INIT("sup3"), 0xB3 }, { S_INIT("szlig"), 0xDF },
	{ S_INIT("thinsp"), 0x2009 }, { S_INIT("thorn"), 0xFE }, { S_INIT("tilde"), 0x2DC },
	{ S_INIT("times"), 0xD7 }, { S_INIT("trade"), 0x2122 }, { S_INIT("uacute"), 0xFA },
	{ S_INIT("uarr"), 0x2191 }, { S_INIT("ucirc"), 0xFB }, { S_INIT("ugrave"), 0xF9 },
	{ S_INIT("uml"), 0xA8 }, { S_INIT("uuml"), 0xFC }, { S_INIT("yacute"), 0xFD },
	{ S_INIT("yen"), 0xA5 }, { S_INIT("yuml"), 0xFF }, { S_INIT("zwj"), 0x200D },
	{ S_INIT("zwnj"), 0x200C },
};

/* What browsers make of &#128; to &#159; (HTML Standard, numeric character reference end state). */
static const uint16_t windows_1252[32] = {
	0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
	0x2039, 0x0152, 0, 0x017D, 0, 0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
	0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0, 0x017E, 0x0178,
};
/* clang-format on */

static uint32_t named(str name)
{
	size_t low = 0, high = COUNT_OF(names);

	while (low < high) {
		size_t mid = (low + high) / 2;
		int order = str_cmp(name, names[mid].name);

		if (order == 0)
			return names[mid].code;
		if (order < 0)
			high = mid;
		else
			low = mid + 1;
	}
	return 0;
}

static uint32_t digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return (uint32_t)(c - '0');
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? (uint32_t)(c - 'a' + 10) : 99;
}

/* "40" or "x28" to a character; 0 when it is none that text may hold. */
static uint32_t numbered(str digits)
{
	uint32_t base = digits.n && (digits.p[0] | 0x20) == 'x' ? 16 : 10, code = 0;

	digits = str_from(digits, base == 16);
	for (size_t i = 0; i < digits.n; i++) {
		uint32_t v = digit_value(digits.p[i]);

		if (v >= base || code > 0x10FFFF)
			return 0;
		code = code * base + v;
	}
	if (code >= 128 && code < 160)
		return windows_1252[code - 128];
	if (code > 0x10FFFF || (code >= 0xD800 && code < 0xE000) || code == 127)
		return 0;
	return code < ' ' && code != '\t' && code != '\n' && code != '\r' ? 0 : code;
}

/* Writes the character of the entity at the start of S and answers its length, or 0. */
static size_t put_entity(buf *o, str s)
{
	size_t end = str_find_byte(str_to(s, 12), ';');
	uint32_t code;

	if (end == STR_NONE || end < 2)
		return 0;
	s = str_to(str_from(s, 1), end - 1);
	code = s.p[0] == '#' ? numbered(str_from(s, 1)) : named(s);
	if (code == 0)
		return 0;
	utf8_put(o, code);
	return end + 1;
}

/* No entity is shorter than its character: the length of S is room enough. */
static void decode_into(buf *o, str s)
{
	while (s.n) {
		size_t n = MIN(str_find_byte(s, '&'), s.n);

		buf_put(o, str_to(s, n));
		s = str_from(s, n);
		n = s.n ? put_entity(o, s) : 0;
		if (n == 0)
			buf_put(o, str_to(s, 1));
		s = str_from(s, MAX(n, (size_t)1));
	}
}

str html_decode(arena *a, str s)
{
	buf b = buf_new(a, s.n);

	if (str_find_byte(s, '&') == STR_NONE)
		return s;
	decode_into(&b, s);
	return buf_str(&b);
}

/* --- Tags --------------------------------------------------------------------------------------- */

static bool is_letter(char c)
{
	return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

static str tag_name(str tag)
{
	size_t n = 0;

	while (n < tag.n && (is_letter(tag.p[n]) || (tag.p[n] >= '0' && tag.p[n] <= '9')))
		n++;
	return str_to(tag, n);
}

static bool name_in(str name, const char *list)
{
	for (str rest = str_of(list); rest.p;)
		if (str_eq_nocase(str_cut(&rest, ' '), name))
			return true;
	return false;
}

/* Length of the tag or comment at the start of S, 0 when it is only a less-than sign. */
static size_t tag_length(str s)
{
	bool comment = str_starts(s, S("<!--"));
	size_t end;

	if (s.n < 2 || !(is_letter(s.p[1]) || s.p[1] == '/' || s.p[1] == '!' || s.p[1] == '?'))
		return 0;
	end = comment ? str_find(s, S("-->")) : str_find_byte(s, '>');
	return end == STR_NONE ? s.n : end + (comment ? 3 : 1);
}

/* From behind <script> or <style> to its end tag. */
static str skip_content(str s, str name)
{
	for (; s.n; s = str_from(s, 1))
		if (str_starts(s, S("</")) && str_eq_nocase(tag_name(str_from(s, 2)), name))
			break;
	return s;
}

str html_strip(arena *a, str s)
{
	buf b = buf_new(a, s.n);

	while (s.n) {
		size_t n = MIN(str_find_byte(s, '<'), s.n), length;
		bool end;
		str name;

		decode_into(&b, str_to(s, n));
		s = str_from(s, n);
		length = tag_length(s);
		if (length == 0) {
			decode_into(&b, str_to(s, 1));
			s = str_from(s, 1);
			continue;
		}
		end = str_starts(s, S("</"));
		name = tag_name(str_from(s, end ? 2 : 1));
		if (name_in(name, end ? "p div li tr h1 h2 h3 h4 h5 h6 blockquote" : "br"))
			buf_byte(&b, '\n');
		s = str_from(s, length);
		if (!end && name_in(name, "script style"))
			s = skip_content(s, name);
	}
	return str_trim(buf_str(&b));
}
