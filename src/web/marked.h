/* The pieces of a text between its matches, and the matches: for marked.html. */
#ifndef WEB_MARKED_H
#define WEB_MARKED_H

#include "index/index.h"

static inline str marked_gap(const struct index_snippet *s, size_t i)
{
	uint32_t from = i ? s->spans[i - 1].end : 0,
		 to = i < s->n ? s->spans[i].start : (uint32_t)s->text.n;

	return (str){ s->text.p + from, to - from };
}

static inline str marked_match(const struct index_snippet *s, size_t i)
{
	return (str){ s->text.p + s->spans[i].start, s->spans[i].end - s->spans[i].start };
}

#endif
