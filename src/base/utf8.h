/* UTF-8 as RFC 3629 has it: no surrogates, nothing above U+10FFFF, no overlong forms. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include "base/base.h"

#define UTF8_REPLACEMENT 0xFFFDu

bool utf8_valid(str s);

/* The code point at the start of *S, which must not be empty; moves *S behind it. A bad byte gives
 * UTF8_REPLACEMENT and moves by one. */
uint32_t utf8_next(str *s);

void utf8_put(buf *b, uint32_t code_point);

/* Code points in S. */
size_t utf8_count(str s);

/* The longest start of S that has at most N bytes and does not cut a code point. */
str utf8_to(str s, size_t n);

#endif
