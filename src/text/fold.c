#include "text/fold.h"

#include "base/utf8.h"
#include "fold_gen.h"

_Static_assert((int)FOLD_LONGEST <= (int)FOLD_MAX, "the table has grown: raise FOLD_MAX");

enum { HANGUL_FIRST = 0xAC00, HANGUL_LAST = 0xD7A3 };

/* The table's entry: place in fold_texts << 2 | class. */
static uint16_t entry_of(uint32_t c)
{
	return c < 0x110000 ? fold_entries[fold_blocks[c >> 7] << 7 | (c & 127)] : 0;
}

enum fold_class fold_class(uint32_t c)
{
	return (enum fold_class)(entry_of(c) & 3);
}

/* Unicode 3.12: a syllable is a leading consonant, a vowel, and perhaps a trailing consonant. */
static size_t fold_hangul(uint32_t c, uint32_t *ret)
{
	uint32_t s = c - HANGUL_FIRST;

	ret[0] = 0x1100 + s / 588;
	ret[1] = 0x1161 + s % 588 / 28;
	ret[2] = 0x11A7 + s % 28;
	return s % 28 ? 3 : 2;
}

static size_t fold_table(uint32_t c, uint32_t ret[FOLD_MAX])
{
	const uint16_t *t = fold_texts + (entry_of(c) >> 2);
	size_t n = 0;

	if (c >= HANGUL_FIRST && c <= HANGUL_LAST)
		return fold_hangul(c, ret);
	ret[0] = c;
	if (t == fold_texts)
		return 1;
	for (size_t i = 1; i <= t[0]; i++) /* UTF-16 */
		if (t[i] >= 0xDC00 && t[i] < 0xE000)
			ret[n - 1] = 0x10000 + ((ret[n - 1] - 0xD800) << 10) + (t[i] - 0xDC00u);
		else
			ret[n++] = t[i];
	return n;
}

/* Letters that NFKD leaves whole and that many keyboards lack. */
static size_t latin_plain(uint32_t c, uint32_t ret[FOLD_MAX])
{
	static const struct {
		uint16_t from, to, and;
	} plain[] = {
		{ 0xE6, 'a', 'e' }, /* ae */
		{ 0xF0, 'd', 0 },   /* eth */
		{ 0xF8, 'o', 0 },   /* o with stroke */
		{ 0xFE, 't', 'h' }, /* thorn */
		{ 0x111, 'd', 0 },  /* d with stroke */
		{ 0x127, 'h', 0 },  /* h with stroke */
		{ 0x131, 'i', 0 },  /* dotless i */
		{ 0x142, 'l', 0 },  /* l with stroke */
		{ 0x153, 'o', 'e' } /* oe */
	};

	ret[0] = c;
	for (size_t i = 0; i < COUNT_OF(plain); i++)
		if (plain[i].from == c) {
			ret[0] = plain[i].to;
			ret[1] = plain[i].and;
			return plain[i].and ? 2 : 1;
		}
	return 1;
}

/* As people type it; 0 is nothing. What the table has done already is not here. */
static uint32_t arabic_plain(uint32_t c)
{
	switch (c) {
	case 0x0640: return 0;      /* tatweel */
	case 0x0671: return 0x0627; /* alef wasla */
	case 0x0629:                /* ta marbuta */
	case 0x06C1:
	case 0x06D5: return 0x0647;
	case 0x0649: /* alef maqsura */
	case 0x06CC: return 0x064A;
	case 0x06A9: return 0x0643;
	default: break;
	}
	if (c >= 0x0660 && c <= 0x0669)
		return c - 0x0660 + '0';
	if (c >= 0x06F0 && c <= 0x06F9)
		return c - 0x06F0 + '0';
	return c;
}

size_t fold_char(uint32_t c, uint32_t ret[FOLD_MAX])
{
	size_t n = fold_table(c, ret), m = 0;

	if (n == 1 && ret[0] > 0x7F && ret[0] < 0x0180)
		return latin_plain(ret[0], ret);
	if (c < 0x0600)
		return n;
	for (size_t i = 0; i < n; i++) {
		uint32_t plain = ret[i] < 0x0629 || ret[i] > 0x06F9 ? ret[i] : arabic_plain(ret[i]);

		if (plain)
			ret[m++] = plain;
	}
	return m;
}

void fold_identity(buf *out, str in)
{
	uint32_t to[FOLD_MAX];

	while (in.n) {
		size_t n = fold_table(utf8_next(&in), to);

		for (size_t i = 0; i < n; i++)
			if (fold_class(to[i]) == FOLD_WORD || fold_class(to[i]) == FOLD_ALONE)
				utf8_put(out, to[i]);
	}
}

str fold_key(arena *a, str name)
{
	buf out = buf_new(a, 8192);

	fold_identity(&out, utf8_to(name, 1000));
	return buf_str(&out);
}
