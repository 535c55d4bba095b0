/*
 * Text broken into lines, for drawings: no browser breaks it there. Breaks are those of UAX 14, by ICU, so that
 * scripts without blanks break too.
 *
 * Nobody knows which face a reader has. Widths are those of wide ones (DejaVu Serif and DejaVu Sans bold for Latin
 * letters, more than common faces need for others): a line may end early and does not run over. They are in
 * thousandths of the size of the type.
 */
#ifndef TEXT_WRAP_H
#define TEXT_WRAP_H

#include "base/base.h"

int64_t wrap_width(str s);

struct wrapped {
	str *lines; /* views of the text, blanks made one */
	size_t n;
	bool cut; /* there was more: the last line ends with "…" */
};

/* At most MOST lines (1 or more) of at most WIDTH. An isolate that is open at the end of a line goes on in the next. LANG: of the text. Everything lives in A. */
struct wrapped wrap_text(arena *a, str s, str lang, int64_t width, size_t most);

/* The same lines with about the same length each: as narrow as they go. */
struct wrapped wrap_even(arena *a, str s, str lang, int64_t width, size_t most);

#endif
