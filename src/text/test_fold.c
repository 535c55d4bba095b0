/* Folding against ICU, over all code points, and by example. */
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

#include "base/utf8.h"
#include "tap.h"
#include "text/fold.h"

enum { ROOM = 256 };

static const UNormalizer2 *nfkd;

static bool is_letter_or_digit(UChar32 c)
{
	int32_t mask = U_GC_L_MASK | U_GC_N_MASK;

	return (U_MASK(u_charType(c)) & mask) != 0;
}

/* Marks that only decorate, and what has no width. */
static bool decorates(UChar32 c)
{
	int8_t type = u_charType(c);

	if (type == U_ENCLOSING_MARK || (type == U_NON_SPACING_MARK && u_getCombiningClass(c)))
		return true;
	return u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) && c != 0x200B &&
	       !is_letter_or_digit(c);
}

/* NFKD, keep what KEEP says, fold the case; again until nothing changes. UTF-16 in S, returns units. */
static int32_t icu_fold(UChar *s, int32_t n, bool (*drop)(UChar32), int rounds)
{
	UErrorCode e = U_ZERO_ERROR;
	UChar t[ROOM];

	while (rounds-- > 0) {
		int32_t m = 0, length = unorm2_normalize(nfkd, s, n, t, ROOM, &e);
		UChar32 c;

		for (int32_t i = 0; i < length;) {
			U16_NEXT(t, i, length, c);
			if (!drop(c))
				U16_APPEND_UNSAFE(s, m, c);
		}
		length = u_strFoldCase(t, ROOM, s, m, U_FOLD_CASE_DEFAULT, &e);
		u_memcpy(s, t, length);
		n = length;
	}
	return U_SUCCESS(e) ? n : -1;
}

static bool not_letter_or_digit(UChar32 c)
{
	return !is_letter_or_digit(c);
}

/* The rules that are ours and not Unicode's. */
static UChar32 plain(UChar32 c, UChar32 *ret_second)
{
	static const char latin[][5] = { "\xC3\xA6"
					 "ae",
					 "\xC3\xB0"
					 "d",
					 "\xC3\xB8"
					 "o",
					 "\xC3\xBE"
					 "th",
					 "\xC4\x91"
					 "d",
					 "\xC4\xA7"
					 "h",
					 "\xC4\xB1"
					 "i",
					 "\xC5\x82"
					 "l",
					 "\xC5\x93"
					 "oe" };
	static const UChar32 pairs[][2] = { { 0x640, 0 },     { 0x671, 0x627 }, { 0x629, 0x647 },
					    { 0x6C1, 0x647 }, { 0x6D5, 0x647 }, { 0x649, 0x64A },
					    { 0x6CC, 0x64A }, { 0x6A9, 0x643 } };

	for (size_t i = 0; i < COUNT_OF(latin); i++) {
		str from = { latin[i], 2 };

		if (utf8_next(&from) == (uint32_t)c) {
			*ret_second = latin[i][3];
			return latin[i][2];
		}
	}
	for (size_t i = 0; i < COUNT_OF(pairs); i++)
		if (pairs[i][0] == c)
			return pairs[i][1];
	if ((c >= 0x660 && c <= 0x669) || (c >= 0x6F0 && c <= 0x6F9))
		return '0' + u_charDigitValue(c);
	return c;
}

static bool folds_as_icu(UChar32 c)
{
	UChar s[ROOM];
	int32_t n = 0, m = 0;
	uint32_t got[FOLD_MAX];
	size_t n_got = fold_char((uint32_t)c, got), k = 0;
	UChar32 want, second;

	U16_APPEND_UNSAFE(s, n, c);
	for (n = icu_fold(s, n, decorates, 4); m < n;) {
		U16_NEXT(s, m, n, want);
		second = 0;
		want = n == U16_LENGTH(want) || want > 0x17F ? plain(want, &second) : want;
		if ((want || !c) && (k >= n_got || got[k++] != (uint32_t)want))
			return false;
		if (second && (k >= n_got || got[k++] != (uint32_t)second))
			return false;
	}
	return k == n_got;
}

static bool classed_as_icu(UChar32 c)
{
	enum fold_class class = fold_class((uint32_t)c);

	if (is_letter_or_digit(c))
		return class == FOLD_WORD || class == FOLD_ALONE;
	return class == (U_GET_GC_MASK(c) & U_GC_M_MASK ? FOLD_MARK : FOLD_SPACE);
}

static bool folds_to_itself(uint32_t c)
{
	uint32_t once[FOLD_MAX], twice[FOLD_MAX];
	size_t n = fold_char(c, once);

	for (size_t i = 0; i < n; i++)
		if (fold_char(once[i], twice) != 1 || twice[0] != once[i])
			return false;
	return true;
}

static bool identity_as_icu(arena *a, UChar32 c)
{
	UChar s[ROOM];
	int32_t n = 0, bytes = 0;
	char want[ROOM];
	UErrorCode e = U_ZERO_ERROR;
	buf in = buf_new(a, 16), out = buf_new(a, ROOM);

	U16_APPEND_UNSAFE(s, n, c);
	n = icu_fold(s, n, not_letter_or_digit, 1);
	u_strToUTF8(want, ROOM, &bytes, s, n, &e);
	utf8_put(&in, (uint32_t)c);
	fold_identity(&out, buf_str(&in));
	return U_SUCCESS(e) && str_eq(buf_str(&out), (str){ want, (size_t)bytes });
}

static void test_all(void)
{
	int bad[4] = { 0 };
	arena *a = arena_new();

	for (UChar32 c = 0; c < 0x110000; c++) {
		if (c >= 0xD800 && c < 0xE000)
			continue;
		if (!folds_as_icu(c) && bad[0]++ < 5)
			printf("# folds: U+%04X\n", (unsigned)c);
		if (!classed_as_icu(c) && bad[1]++ < 5)
			printf("# class: U+%04X\n", (unsigned)c);
		if (!folds_to_itself((uint32_t)c) && bad[2]++ < 5)
			printf("# stable: U+%04X\n", (unsigned)c);
		if (!identity_as_icu(a, c) && bad[3]++ < 5)
			printf("# identity: U+%04X\n", (unsigned)c);
		arena_reset(a);
	}
	eq_int(bad[0], 0, "every code point folds as ICU says");
	eq_int(bad[1], 0, "letters, digits and marks are what ICU says");
	eq_int(bad[2], 0, "what folding answers folds to itself");
	eq_int(bad[3], 0,
	       "identity is NFKD, letters and digits, case folded, for every code point");
	ok(fold_class(0x110000) == FOLD_SPACE && fold_class(UINT32_MAX) == FOLD_SPACE,
	   "beyond Unicode there are no words");
	arena_free(a);
}

static str folded(arena *a, str in)
{
	buf out = buf_new(a, 1 << 16);
	uint32_t to[FOLD_MAX];

	while (in.n) {
		size_t n = fold_char(utf8_next(&in), to);
		for (size_t i = 0; i < n; i++)
			utf8_put(&out, to[i]);
	}
	return buf_str(&out);
}

static void test_examples(void)
{
	static const struct {
		str in, want;
	} t[] = {
		{ S_INIT("Égalité EGALITE"), S_INIT("egalite egalite") },
		{ S_INIT("e\xCC\x81galite\xCC\x81"), S_INIT("egalite") },
		{ S_INIT("Türkiye İstanbul"), S_INIT("turkiye istanbul") },
		{ S_INIT("Straße ﬁn Ⅷ ²"), S_INIT("strasse fin viii 2") },
		{ S_INIT("Œuvre Bjørn Łódź Ærø"), S_INIT("oeuvre bjorn lodz aero") },
		{ S_INIT("أُمَّة إسلام آخر ٱلله مستشفى كتـــاب"),
		  S_INIT("امه اسلام اخر الله مستشفي كتاب") },
		{ S_INIT("سؤال شيء بيئة ۱۹۹٤"), S_INIT("سوال شيء بييه 1994") },
		{ S_INIT("Йод ёлка"), S_INIT("иод елка") },
		{ S_INIT("Ὀδυσσεύς ΣΊΣΥΦΟΣ"), S_INIT("οδυσσευσ σισυφοσ") },
		{ S_INIT("co\xC2\xADoperate"), S_INIT("cooperate") },
		{ S_INIT("हिन्दी"), S_INIT("हिनदी") },
		{ S_INIT("한국"), S_INIT("\u1112\u1161\u11AB\u1100\u116E\u11A8") },
	};
	arena *a = arena_new();
	buf out = buf_new(a, 100);

	for (size_t i = 0; i < COUNT_OF(t); i++)
		eq_str(folded(a, t[i].in), t[i].want, "folds as written");
	fold_identity(&out, S(" Ratify: the Côte d'Ivoire\xE2\x80\x99s  OP-CAT (2nd); ½ "));
	eq_str(buf_str(&out), S("ratifythecotedivoiresopcat2nd12"), "identity");
	buf_clear(&out);
	fold_identity(&out, S("\xFF\xFE ?! "));
	eq_str(buf_str(&out), S(""), "bad bytes and punctuation have no identity");
	arena_free(a);
}

int main(void)
{
	UErrorCode e = U_ZERO_ERROR;

	nfkd = unorm2_getNFKDInstance(&e);
	ok(U_SUCCESS(e), "ICU is there");
	test_all();
	test_examples();
	return tap_done();
}
