/*
 * Texts and facets to test the search engine on and to measure it with: UPR Info's export of 2018 where
 * ../shared/data has it, again with later sessions until there are enough, otherwise sentences made up
 * of words with a natural distribution. The same call always gives the same corpus.
 */
#ifndef TESTS_CORPUS_H
#define TESTS_CORPUS_H

#include "index/index.h"

enum corpus_column {
	CORPUS_SUR,
	CORPUS_RS,
	CORPUS_SUR_GROUP,
	CORPUS_RS_GROUP,
	CORPUS_SUR_ORG,
	CORPUS_RS_ORG,
	CORPUS_SESSION,
	CORPUS_CYCLE,
	CORPUS_RESPONSE,
	CORPUS_ACTION,
	CORPUS_ISSUE,
	CORPUS_SDG,
	CORPUS_KIND,
	CORPUS_COLUMNS,
};

struct corpus_item {
	uint32_t group;
	enum text_lang lang;
	str text;
};

struct corpus_unit {
	uint32_t item;
	struct index_tag values[16];
	uint32_t n;
};

struct corpus {
	bool real;
	struct index_schema schema;
	struct corpus_item *items;
	struct corpus_unit *units;
	uint32_t n_items, n_units;
	const char *names[CORPUS_COLUMNS]; /* of the columns */
	str *labels[CORPUS_COLUMNS];       /* of their values, where there are any */
};

/* About N units, and never more than that. MIXED: one text in eight is in another language. */
struct corpus *corpus_load(arena *a, uint32_t n, bool mixed);

/* An index of it. SCHEMA: the corpus's own, or with other densities. */
struct index *corpus_index(const struct corpus *c, const struct index_schema *schema);

#endif
