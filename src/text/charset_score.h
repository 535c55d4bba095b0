/* Which of three charsets a sample of bytes is in: a part of charset.c, apart because it is a rule
 * of thumb and the rest is not. */
#ifndef TEXT_CHARSET_SCORE_H
#define TEXT_CHARSET_SCORE_H

#include "text/charset.h"

enum {
	SAMPLE_AROUND = 32, /* bytes kept on each side of a byte above 127 */
	SAMPLE_MAX = 256 * 1024,
};

struct charset_sample {
	const str *names;
	size_t n_names;
	size_t n;
	char *bytes;        /* SAMPLE_MAX */
	size_t window_done; /* how far the present window is in the sample */
};

const char *charset_candidate(size_t i);

/* The best candidate's name; the first of equals. */
const char *charset_score(const struct charset_sample *s, int32_t ret_score[CHARSET_CANDIDATES]);

#endif
