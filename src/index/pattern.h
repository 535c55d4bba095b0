/* Words of a query or of a label that follow one another, not yet looked up in an index. */
#ifndef INDEX_PATTERN_H
#define INDEX_PATTERN_H

#include "base/base.h"
#include "text/stem.h"

/* How a word of a pattern meets a word of a text. */
enum query_how {
	QUERY_STEM,   /* they have the same stem in one of the languages */
	QUERY_EXACT,  /* they are the same, folded */
	QUERY_PREFIX, /* the text's begins with the pattern's, folded */
};

struct query_word {
	str folded, lower; /* see index/token.h */
	enum query_how how;
	bool typed;     /* by the visitor; false: from the vocabulary */
	uint32_t langs; /* to stem in; 0: those of the texts and of the page */
};

struct query_pattern {
	const struct query_word *words;
	size_t n; /* at least 1 */
};

/* A value of a column of the index. */
struct index_tag {
	uint16_t column, value;
};

#endif
