/* Words so common in a language that a search for all words had better leave them out. */
#ifndef INDEX_STOP_H
#define INDEX_STOP_H

#include "text/stem.h"

bool stop_word(enum text_lang lang, str folded);

/* What French (and Italian, Catalan) leave standing before an apostrophe: l', d', qu', jusqu'. */
bool stop_elision(str folded);

#endif
