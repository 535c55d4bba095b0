#include <unicode/uchar.h>
#include <unicode/ucnv.h>

#include "base/utf8.h"
#include "text/charset_score.h"

static const char *const candidates[CHARSET_CANDIDATES] = { "windows-1252", "ISO-8859-1",
							    "macintosh" };

const char *charset_candidate(size_t i)
{
	return candidates[i];
}

/* What the upper half of a charset means; the lower is ASCII. */
struct table {
	UChar32 of[128];
};

static struct table table_of(const char *name)
{
	struct table t = { { 0 } };
	UErrorCode e = U_ZERO_ERROR;
	UConverter *c = ucnv_open(name, &e);

	for (int i = 0; i < 128; i++) {
		char byte = (char)(128 + i);
		const char *p = &byte;

		t.of[i] = ucnv_getNextUChar(c, &p, p + 1, &e);
		e = U_ZERO_ERROR;
	}
	ucnv_close(c);
	return t;
}

static UChar32 meaning(const struct table *t, const struct charset_sample *s, size_t at)
{
	unsigned char byte;

	if (at >= s->n) /* also before the start: at wraps */
		return '\n';
	byte = (unsigned char)s->bytes[at];
	return byte < 128 ? byte : t->of[byte - 128];
}

/* What the letter C says between BEFORE and AFTER. */
static int32_t letter_score(UChar32 c, UChar32 before, UChar32 after)
{
	bool left = u_isalpha(before), right = u_isalpha(after);

	if (u_isupper(c) && left && !u_isupper(before))
		return -5; /* "GZnZral" */
	if (u_islower(c) && left && right && u_isupper(before) && u_isupper(after))
		return -3;
	if (left && right)
		return 3;
	if (left || right)
		return u_isupper(c) && !right ? -2 : 1;
	return u_isupper(c) ? -1 : 1;
}

static int32_t sign_score(UChar32 c, UChar32 before, UChar32 after)
{
	bool left = u_isalpha(before), right = u_isalpha(after);

	switch (c) {
	case 0x2019: /* apostrophe, closing quote */ return left ? 3 : -1;
	case 0x201C: /* opening quotes */
	case 0x2018:
	case 0x00AB: return !left ? 2 : -2;
	case 0x201D: /* closing quotes */
	case 0x00BB: return !right ? 2 : -2;
	case 0x2013: /* dashes, ellipsis, bullet, no-break space */
	case 0x2014:
	case 0x2026:
	case 0x2022:
	case 0x00A0: return 1;
	}
	if (u_iscntrl(c) || c == UTF8_REPLACEMENT)
		return -10;
	return left && right ? -5 : -1;
}

static str decoded(arena *a, const struct table *t, const struct charset_sample *s)
{
	buf b = buf_new(a, (size_t)4 * SAMPLE_MAX);

	for (size_t i = 0; i < s->n; i++)
		utf8_put(&b, (uint32_t)meaning(t, s, i));
	return buf_str(&b);
}

static bool is_ascii(str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] >= 128)
			return false;
	return true;
}

/* Names with letters above 127, found whole: these decide. */
static int32_t names_score(const struct charset_sample *s, str text)
{
	int32_t found = 0;

	for (size_t i = 0; i < s->n_names; i++) {
		str rest = text;

		if (is_ascii(s->names[i]))
			continue;
		for (size_t at; (at = str_find(rest, s->names[i])) != STR_NONE; found++)
			rest = str_from(rest, at + s->names[i].n);
	}
	return found * 20;
}

const char *charset_score(const struct charset_sample *s, int32_t ret_score[CHARSET_CANDIDATES])
{
	size_t best = 0;

	for (size_t i = 0; i < CHARSET_CANDIDATES; i++) {
		struct table t = table_of(candidates[i]);
		arena *a = arena_new();
		int32_t score = names_score(s, decoded(a, &t, s));

		arena_free(a);
		for (size_t at = 0; at < s->n; at++) {
			UChar32 c = meaning(&t, s, at);
			UChar32 before = meaning(&t, s, at - 1), after = meaning(&t, s, at + 1);

			if (c >= 128)
				score += u_isalpha(c) ? letter_score(c, before, after)
						      : sign_score(c, before, after);
		}
		ret_score[i] = score;
		if (score > ret_score[best])
			best = i;
	}
	return candidates[best];
}
