/*
 * Folding: what makes "Égalité", "EGALITE" and "égalité" the same word.
 *
 * Compatibility forms are decomposed (NFKD), accents, vowel points and invisible characters go, case
 * goes (full case folding). One table, made at build time from ICU by tools/foldgen.c, serves search
 * and identity; at run time no library is needed. Hangul is decomposed by arithmetic.
 */
#ifndef TEXT_FOLD_H
#define TEXT_FOLD_H

#include "base/base.h"

enum { FOLD_MAX = 18 }; /* code points that one code point can fold to (U+FDFA) */

/* What a code point is to a reader of words. */
enum fold_class {
	FOLD_SPACE, /* parts words: blanks, punctuation, symbols, controls */
	FOLD_WORD,  /* a letter or a digit (general categories L and N) */
	FOLD_ALONE, /* the same, and a word by itself: Han, kana, Thai, Lao, Khmer, Myanmar */
	FOLD_MARK, /* a mark that belongs to the letter before it and changes it: an Indic vowel sign */
};

enum fold_class fold_class(uint32_t code_point);

/* Folds for search: RET gets 0 to FOLD_MAX code points; returns how many. Besides the above, Arabic is
 * written the plain way, as people type it: alef without hamza or wasla, ya for alef maqsura, ha for
 * ta marbuta, no tatweel, Persian kaf and ya as the Arabic ones, Arabic digits as 0 to 9; and the
 * Latin letters that have no decomposition lose their strokes and ties: oe, ae, o, l, d, h, i, th.
 * What it answers folds to itself. */
size_t fold_char(uint32_t code_point, uint32_t ret[FOLD_MAX]);

/* Folds for identity: NFKD, then letters and digits only, then case. Two texts that differ in blanks,
 * punctuation, accents or case alone become the same. IN must have its entities decoded and its
 * charset mended. */
void fold_identity(buf *out, str in);

/* The same of a name, as a key to look it up by; of a long one the first 1,000 bytes. Lives in A. */
str fold_key(arena *a, str name);

#endif
