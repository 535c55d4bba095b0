/*
 * Writes the tables behind text/fold.h: foldgen OUT.h OUT.c
 *
 * For each code point: what it folds to (NFKD, accents and invisible marks dropped, case folded), and
 * what it is to a reader of words. ICU knows all this, but only at build time: the program carries
 * about 100 kB of tables and looks a code point up in two steps.
 */
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

#include "base/base.h"

enum { BLOCK = 128, BLOCKS = 0x110000 / BLOCK, LONGEST = 64, TEXT_MAX = 1 << 14 };

#define IS_WORD(c) ((U_GET_GC_MASK(c) & (U_GC_L_MASK | U_GC_N_MASK)) != 0)

static uint16_t longest, block_of[BLOCKS], entries[BLOCKS][BLOCK];
static uint16_t texts[TEXT_MAX + LONGEST]; /* length, then UTF-16; place 0 says "itself" */
static size_t n_blocks, n_texts = 1;

static void check(bool good, const char *what)
{
	if (!good)
		exit(fprintf(stderr, "foldgen: %s\n", what) > 0);
}

/* Accents, vowel points, joiners and other things without a width. Vowel signs of Indic scripts and of
 * Thai stay: a word without them is another word. The zero width space stays too: it parts words. */
static bool is_dropped(UChar32 c)
{
	if (u_charType(c) == U_NON_SPACING_MARK && u_getCombiningClass(c) != 0)
		return true;
	return u_charType(c) == U_ENCLOSING_MARK ||
	       (u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) && !IS_WORD(c) &&
		c != 0x200B);
}

/* 0 parts words, 1 belongs to a word, 2 is a word by itself (scripts without spaces: a line may break
 * around each of their characters), 3 a mark that belongs to what stands before it. The order is that
 * of enum fold_class. */
static unsigned class_of(UChar32 c)
{
	int line_break = u_getIntPropertyValue(c, UCHAR_LINE_BREAK);

	if (!IS_WORD(c))
		return U_GET_GC_MASK(c) & U_GC_M_MASK ? 3 : 0;
	return 1u + (line_break == U_LB_IDEOGRAPHIC) + (line_break == U_LB_COMPLEX_CONTEXT) +
	       (line_break == U_LB_CONDITIONAL_JAPANESE_STARTER);
}

/* Decomposes, drops and folds the N units of S in place; returns how many are left. */
static int32_t fold_once(UChar *s, int32_t n)
{
	UErrorCode e = U_ZERO_ERROR;
	UChar t[LONGEST];
	int32_t m = 0;
	UChar32 c;

	n = unorm2_normalize(unorm2_getNFKDInstance(&e), s, n, t, LONGEST, &e);
	for (int32_t i = 0; i < n;) {
		U16_NEXT(t, i, n, c);
		if (!is_dropped(c))
			U16_APPEND_UNSAFE(s, m, c);
	}
	n = u_strFoldCase(t, LONGEST, s, m, U_FOLD_CASE_DEFAULT, &e);
	check(U_SUCCESS(e) && n < LONGEST, "a code point folds to too many");
	u_memcpy(s, t, n);
	return n;
}

/* The place in texts of what C folds to, shared by all that fold to the same. */
static unsigned text_of(UChar32 c)
{
	UChar s[LONGEST] = { 0 }, itself[LONGEST] = { 0 }; /* length, then the text */
	bool hangul = c >= 0xAC00 && c <= 0xD7A3; /* text/fold.c decomposes it by arithmetic */
	size_t at = 1;

	U16_APPEND_UNSAFE(itself + 1, itself[0], c);
	u_memcpy(s, itself, 3);
	for (int round = 0; round < 3 && !hangul; round++)
		s[0] = (UChar)fold_once(s + 1, s[0]);
	longest = MAX(longest, s[0]);
	if (u_memcmp(s, itself, s[0] + 1) == 0)
		return 0;
	while (at < n_texts && u_memcmp(&texts[at], s, s[0] + 1) != 0)
		at += texts[at] + 1u;
	check(at + s[0] + 1u < TEXT_MAX, "the texts do not fit 14 bits");
	u_memcpy(&texts[at], s, s[0] + 1);
	n_texts = MAX(n_texts, at + s[0] + 1u);
	return (unsigned)at;
}

static void fill_block(size_t b)
{
	size_t same = 0;

	for (UChar32 c = (UChar32)b * BLOCK, i = 0; i < BLOCK; i++, c++)
		entries[n_blocks][i] = (uint16_t)(text_of(c) << 2 | class_of(c));
	while (memcmp(entries[same], entries[n_blocks], sizeof entries[0]) != 0)
		same++;
	block_of[b] = (uint16_t)same;
	n_blocks += same == n_blocks;
}

static void print_table(FILE *f, const char *declaration, size_t n, const uint16_t *p)
{
	fprintf(f, "const uint16_t %s[] = {", declaration);
	for (size_t i = 0; i < n; i++)
		fprintf(f, i % 16 ? "%u," : "\n%u,", p[i]);
	fprintf(f, "\n};\n");
}

int main(int argc, char **argv)
{
	check(argc == 3, "usage: foldgen OUT.h OUT.c");
	FILE *h = fopen(argv[1], "w"), *c = fopen(argv[2], "w");

	check(h && c, "cannot write");
	for (size_t b = 0; b < BLOCKS; b++)
		fill_block(b);
	fprintf(h, "#include <stdint.h>\nenum { FOLD_LONGEST = %u };\n", longest);
	fprintf(h, "extern const uint16_t fold_blocks[], fold_entries[], fold_texts[];\n");
	fprintf(c, "#include \"fold_gen.h\"\n");
	print_table(c, "fold_blocks", BLOCKS, block_of);
	print_table(c, "fold_entries", n_blocks * BLOCK, entries[0]);
	print_table(c, "fold_texts", n_texts, texts);
	check(fclose(h) == 0 && fclose(c) == 0, "cannot write");
	return 0;
}
