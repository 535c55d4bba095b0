/*
 * The query language: words, "phrases", prefix*, OR, -not, field:value. docs/search.md explains it to
 * those who use it.
 *
 * Parsing never fails: what cannot be understood is words. It knows no index: the same query can be
 * asked of several. The result is a list of clauses that must all hold; each is a list of leaves of
 * which one must hold; each leaf is patterns of words, or tags, or both (a concept of the vocabulary).
 */
#ifndef INDEX_QUERY_H
#define INDEX_QUERY_H

#include "base/base.h"
#include "index/lexicon.h"
#include "index/pattern.h"
#include "text/stem.h"

enum {
	QUERY_CHARS_MAX = 1000, /* code points that are read */
};

/* A column that a visitor may name: "sur:FRA", "session:15,16". */
struct query_field {
	str name;        /* without the colon; upper case is the same */
	uint32_t column; /* of the index */
	/* The value that TEXT names (a code, a number, a label), or false. Never NULL. */
	bool (*find)(const void *ctx, str text, uint16_t *ret_value);
	const void *ctx;
};

struct query_context {
	enum text_lang lang;           /* of the page */
	const struct lexicon *lexicon; /* may be NULL */
	const struct query_field *fields;
	size_t n_fields;
};

/* Holds where all of ALL match (and there are any), or one of ANY, or one of TAGS is there. */
struct query_leaf {
	bool negated; /* and then it holds where it would not */
	bool forced;  /* TAGS were asked for by name: they are no "subject" beside the text */
	struct query_pattern *all, *any;
	struct index_tag *tags;
	size_t n_all, n_any, n_tags;
};

struct query_clause {
	struct query_leaf *leaves;
	size_t n;
};

/* What the page should say about the query. TEXT is what was typed. */
enum query_notice_kind {
	QUERY_TRUNCATED, /* only the first 1,000 characters were read */
	QUERY_CONCEPT,   /* TEXT was understood as concept CONCEPT */
	QUERY_OFFER, /* TEXT names concept CONCEPT (a State): offer its tags as filters, in order */
	QUERY_UNKNOWN_VALUE, /* TEXT is no value of that field; its words are searched instead */
	QUERY_SHORT_PREFIX,  /* TEXT*: one character is too short; the word itself is searched */
	QUERY_IGNORED,       /* TEXT is so common a word that it was left out */
};

struct query_notice {
	enum query_notice_kind kind;
	str text;
	uint32_t concept;
};

struct query {
	enum text_lang lang;
	const struct query_clause *clauses; /* none: everything matches */
	size_t n;
	const struct query_notice *notices;
	size_t n_notices;
};

/* TEXT is UTF-8. The query lives in A and refers to CONTEXT's lexicon, not to TEXT. Never NULL. */
const struct query *query_parse(arena *a, const struct query_context *context, str text);

#endif
