/*
 * The vocabulary as the query parser reads it: which runs of words name a concept, and what else the
 * concept is called. Built by the caller from labels, aliases and acronyms in all languages; it is
 * beside the index and not in it, so that editing the vocabulary rebuilds nothing.
 */
#ifndef INDEX_LEXICON_H
#define INDEX_LEXICON_H

#include "base/base.h"
#include "index/pattern.h"

/* What a query that names the concept asks for, besides the words typed and its other names. */
enum lexicon_action {
	LEXICON_TEXT,  /* nothing: treaties, plain subjects */
	LEXICON_TAG,   /* also what is tagged with one of the concept's tags: issues */
	LEXICON_OFFER, /* nothing, but the page is told, to offer the tags as filters: States */
};

struct lexicon;
struct lexicon *lexicon_new(arena *a);

/* Adds a concept and returns its number, counted from 0. TAGS is copied. */
uint32_t lexicon_add(struct lexicon *x, enum lexicon_action action, const struct index_tag *tags,
		     size_t n_tags);

/* One way to say it: label, alias or acronym; LANG is TEXT_OTHER where it serves every language. A name
 * without a letter or digit is nothing. The text is copied. */
void lexicon_name(struct lexicon *x, uint32_t concept, enum text_lang lang, str name);

/* --- For the parser: after the last lexicon_name any number of threads may ask. */

struct lexicon_name {
	struct query_pattern pattern;
	struct query_word *words; /* of the pattern */
};

struct lexicon_concept {
	enum lexicon_action action;
	const struct index_tag *tags;
	size_t n_tags;
	VEC(struct lexicon_name) names;
};

uint32_t lexicon_size(const struct lexicon *x); /* concepts */
const struct lexicon_concept *lexicon_concept(const struct lexicon *x, uint32_t concept);

/* Concepts with that name; KEY is folded words, a blank between two; those with a hyphen between them
 * may be all together or all apart. Returns how many; *RET holds them. */
size_t lexicon_find(const struct lexicon *x, str key, const uint32_t **ret);

/* The languages that write a name so, as TEXT_LANG_BITs; 0: every language does, or none. */
unsigned lexicon_langs(const struct lexicon *x, str key);

/* Words of the longest name. */
size_t lexicon_longest(const struct lexicon *x);

#endif
