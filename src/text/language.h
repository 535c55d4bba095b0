/*
 * In which language a text is written, for sources that do not say: script first, then the small
 * words that every sentence needs.
 */
#ifndef TEXT_LANGUAGE_H
#define TEXT_LANGUAGE_H

#include "base/base.h"

/* "en", "fr", "es", "pt", "ru", "ar" or "zh"; OTHERWISE when the text is too short or too mixed to
 * tell. */
str language_guess(str text, str otherwise);

#endif
