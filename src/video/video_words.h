/* What the rules of the voices say, in words. */
#ifndef VIDEO_VIDEO_WORDS_H
#define VIDEO_VIDEO_WORDS_H

#include "i18n/i18n.h"

/* Of a code of video_hidden_why. */
str video_hidden_words(enum lang lang, const char *code);

#endif
