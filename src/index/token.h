/*
 * Cuts text into the words that are searched for. Documents, queries, labels of the vocabulary and
 * highlighting all read with this one reader, so that they agree.
 *
 * A word is a run of letters and digits, folded (text/fold.h). In scripts without spaces each character
 * is a word. Hyphens and apostrophes part words, and the reader says so (glue): "OP-CAT" is op, cat,
 * glued by a hyphen, so that both "OPCAT" and "op cat" can find it; "l'enfant" is l, enfant; the s of
 * "women's" is dropped. Letters with full stops, "U.N.", are glued like hyphens.
 */
#ifndef INDEX_TOKEN_H
#define INDEX_TOKEN_H

#include "base/base.h"
#include "text/fold.h"

enum { TOKEN_LONGEST = 64 }; /* bytes, folded; the rest of a longer word is not read */

/* What stands between a word and the one before it. */
enum token_glue {
	TOKEN_APART,
	TOKEN_HYPHEN,     /* one hyphen, or a full stop between single letters */
	TOKEN_APOSTROPHE, /* one apostrophe */
	TOKEN_TOUCHING,   /* nothing: scripts without spaces */
};

struct token {
	str folded; /* 1 to TOKEN_LONGEST bytes; both views hold until the next tokens_next */
	str lower;  /* the same with its accents, for stemming */
	uint32_t start, end; /* bytes of the text it was read from */
	enum token_glue glue;
};

/* A reader. Do not copy it while its tokens are in use. Texts of 4 GB and more are cut. */
struct tokens {
	str in;
	size_t at; /* the next byte to decode */
	/* The code point at hand, folded; from I on it is not used up. */
	uint32_t c[FOLD_MAX], low[FOLD_MAX];
	size_t i, n, n_low;
	uint32_t from, to; /* its bytes */
	/* The word before. */
	bool any, was_letter;
	enum token_glue glue;
	size_t n_folded, n_lower;
	char folded[TOKEN_LONGEST + 4], lower[TOKEN_LONGEST + 4];
};

void tokens_init(struct tokens *t, str text);
bool tokens_next(struct tokens *t, struct token *ret);

/* True when the code point C begins or continues a word: for parsers. */
bool token_is_word(uint32_t c);

#endif
