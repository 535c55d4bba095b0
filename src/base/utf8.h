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

/* How many bytes at the start of S are ASCII. */
size_t utf8_ascii_run(str s);

/* True when S is the start of a sequence whose last bytes are missing: what a reader finds at the end
 * of a block. */
bool utf8_is_cut(str s);

/* Code points in S. */
size_t utf8_count(str s);

/* The longest start of S that has at most N bytes and does not cut a code point. */
str utf8_to(str s, size_t n);

#endif
