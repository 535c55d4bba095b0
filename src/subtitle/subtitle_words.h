/* What was mended and what was noted, in words. */
#ifndef SUBTITLE_SUBTITLE_WORDS_H
#define SUBTITLE_SUBTITLE_WORDS_H

#include "i18n/i18n.h"
#include "subtitle/subtitle.h"

str sub_repair_words(enum lang lang, const char *code);
str sub_note_words(arena *a, enum lang lang, const struct sub_note *n);

#endif
