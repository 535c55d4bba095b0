/*
 * Stemming: what makes "ratify", "ratifies" and "ratification" meet.
 *
 * Snowball's stemmers (libstemmer) for six languages, with a cache: a real vocabulary is small, and a
 * look-up costs a twentieth of stemming. Stemmers read accents ("égalité" loses its ending only with
 * them), so a word is stemmed as written and its stem is folded; see text/fold.h.
 */
#ifndef TEXT_STEM_H
#define TEXT_STEM_H

#include "base/base.h"
#include "text/fold.h"

/* The languages that words are treated in. Others are TEXT_OTHER: folded and not stemmed, as Chinese
 * is. The numbers are not stored anywhere. */
enum text_lang {
	TEXT_OTHER,
	TEXT_EN,
	TEXT_FR,
	TEXT_ES,
	TEXT_PT,
	TEXT_RU,
	TEXT_AR,
	TEXT_ZH,
	TEXT_LANG_COUNT_
};

/* "en", "EN", "en-GB" -> TEXT_EN; anything unknown -> TEXT_OTHER. */
enum text_lang text_lang_of(str code);

/* A set of languages. */
#define TEXT_LANG_BIT(lang) (1u << (lang))

/* Belongs to one thread; lives in A, about 300 kB. */
struct stemmer;
struct stemmer *stemmer_new(arena *a);

/* The folded stem of one word. LOWER is the word in lower case with its accents (stem_lower), FOLDED
 * the same folded; they may be the same view. The answer holds until the next call. Words of more
 * than STEM_LONGEST bytes are their own stem. Besides Snowball's rules English has the irregular plurals
 * women, men and children. */
enum { STEM_LONGEST = 64 };
str stem_word(struct stemmer *s, enum text_lang lang, str lower, str folded);

/* Writes C as stemmers want it: lower case, accents kept, nothing invisible. Returns how many code
 * points it put into RET. Composed letters only: a decomposed accent is dropped. */
size_t stem_lower(uint32_t c, uint32_t ret[FOLD_MAX]);

#endif
