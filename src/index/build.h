/* Between the files that build an index: what the builder has gathered, and the steps. */
#ifndef INDEX_BUILD_H
#define INDEX_BUILD_H

#include "index/part.h"

/* A list that grows by realloc, for what is large and temporary; an arena would keep every old copy. */
#define LIST(T)                \
	struct {               \
		T *p;          \
		size_t n, cap; \
	}
#define list_add(l) \
	((l)->p = list_room_((l)->p, (l)->n, &(l)->cap, 1, sizeof *(l)->p), &(l)->p[(l)->n++])
#define list_room(l, more) \
	((l)->p = list_room_((l)->p, (l)->n, &(l)->cap, (more), sizeof *(l)->p), &(l)->p[(l)->n])
void *list_room_(void *p, size_t n, size_t *cap, size_t more, size_t size);

struct built_item {
	uint32_t key, group, n_units, n_tokens;
	uint64_t text, token; /* where they start */
	uint32_t n_text;
	uint8_t lang;
	uint32_t place; /* in the index; nowhere without units */
};

/* A word as written, in one language. */
struct built_word {
	str folded, lower, stem;
	uint32_t count;
	uint32_t id; /* of the word in the index */
};

struct built_value {
	uint32_t unit;
	uint16_t value;
};

struct index_builder {
	arena *a;   /* the index's own */
	arena *tmp; /* dies with the builder */
	struct index_schema schema;
	struct stemmer *stemmer;
	LIST(struct built_item) items;
	LIST(uint32_t) unit_item;
	LIST(struct built_value) values[INDEX_COLUMNS_MAX];
	LIST(char) text;
	LIST(uint32_t) tokens;  /* places in words */
	struct map by_spelling; /* language and lower -> place in words */
	VEC(struct built_word) words;
	struct map compounds;
	VEC(str) compound_words;
	uint32_t langs;
};

/* Reads TEXT into tokens and words. */
void build_read(struct index_builder *b, enum text_lang lang, str text);

/* In order. */
void build_order(struct index_builder *b, struct index *ix, uint32_t **ret_new_unit);
void build_words(struct index_builder *b, struct index *ix);
void build_postings(struct index_builder *b, struct index *ix);
void build_columns(struct index_builder *b, struct index *ix, const uint32_t *new_unit);

void build_rows(struct index_builder *b, struct index *ix); /* called by build_columns */

/* Frees the builder, but not the index's own arena. */
void build_drop(struct index_builder *b);

/* From how many units on a term is kept as bits, and as an array. */
struct density {
	uint32_t bits, array;
};
struct density density_of(const struct index_builder *b, const struct index *ix);

/* A set of bits, or an array by unit, in the index's arena: zeroed, on a cache line. */
void *index_aligned(struct index *ix, size_t n);

/* Postings of the terms that TOKENS (as long as the index's) say, by IDS (NULL: the token itself is
 * the term; UINT32_MAX there or in TOKENS: no term). WORDS: arrays get counts and not impacts. RET:
 * n_terms of them, zeroed. */
void postings_fill(struct index_builder *b, struct index *ix, const uint32_t *tokens,
		   const uint32_t *ids, uint32_t n_terms, bool words, struct posting *ret);

/* Pairs of words (STEM_OF NULL) or of stems that follow one another. */
void pairs_fill(struct index_builder *b, struct index *ix, const uint32_t *stem_of,
		uint32_t n_terms, const struct posting *terms, struct pairs *ret);

#endif
