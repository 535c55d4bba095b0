/* The names of a vocabulary, looked up beforehand: see index_known_new. */
#ifndef INDEX_KNOWN_H
#define INDEX_KNOWN_H

#include "index/lexicon.h"
#include "index/match.h"

struct known_terms {
	const struct term *p;
	size_t n;
};

/* The terms of a pattern of the lexicon (that very one, not its like) for texts and pages in LANGS; NULL
 * when it is none. */
const struct known_terms *known_find(const struct index_known *k, const struct query_word *words,
				     uint32_t langs);

#endif
