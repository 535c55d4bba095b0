/*
 * Vocabularies: the lists of words that tags are taken from, each with its scheme, version, source,
 * labels in several languages and other ways to say the same.
 *
 * One shape serves both sides: importers build it from the core store to understand files, the
 * snapshot builds it from public.db to name things on pages.
 */
#ifndef VOCABULARY_VOCABULARY_H
#define VOCABULARY_VOCABULARY_H

#include "base/base.h"
#include "base/map.h"
#include "db/db.h"
#include "i18n/i18n.h"

/* One way to say a concept, in one language. */
struct concept_name {
	str lang; /* "en"; empty where it serves every language, as acronyms do */
	str kind; /* label, short, note, alias, acronym */
	str text;
};

struct concept {
	str code;
	str class;              /* of a response: what statistics count it as */
	bool query;             /* a visitor who types its name means it */
	str label[LANG_COUNT_]; /* never empty: falls back to English, then to the code */
	str brief[LANG_COUNT_]; /* a shorter label where there is one, else the label */
	str note[LANG_COUNT_];  /* what it covers; may be empty */
	bool ours[LANG_COUNT_]; /* the label is our own translation */
	VEC(struct concept_name) names;
};

struct vocabulary {
	str scheme, version, source, licence;
	str title[LANG_COUNT_];
	struct concept *concepts; /* in the order of the scheme */
	size_t n;
	struct map by_code; /* code -> place */
	struct map by_name; /* folded label, alias or acronym -> place */
};

struct vocabularies {
	struct vocabulary *p;
	size_t n;
};

/* The vocabulary of a scheme; one without concepts when there is none: never NULL. */
const struct vocabulary *vocabulary_of(const struct vocabularies *all, str scheme);

/* Place of a concept, by its code or by any of its names; -1 when there is none. */
int concept_find(const struct vocabulary *v, str code);
int concept_by_name(const struct vocabulary *v, str name);
str concept_nearest(const struct vocabulary *v, str name); /* a label, or p == NULL */

/* The label in LANG, or the code itself when the scheme does not know it. */
str concept_label(const struct vocabulary *v, enum lang lang, str code);
str concept_brief(const struct vocabulary *v, enum lang lang, str code);

/* From either side: both hold the same rows. Lives as long as A. */
MUST enum err vocabularies_load(struct db *db, arena *a, struct vocabularies *ret);

/* Used by the loader: rows come in the order scheme, position; names after their concepts. */
struct vocabulary_builder;
struct vocabulary_builder *vocabulary_builder_new(arena *a);
void vocabulary_add_scheme(struct vocabulary_builder *b, str code, str version, str source,
			   str licence);
void vocabulary_add_title(struct vocabulary_builder *b, str scheme, str lang, str title);
void vocabulary_add_concept(struct vocabulary_builder *b, str scheme, str code, str class,
			    bool query);
void vocabulary_add_name(struct vocabulary_builder *b, str scheme, str code,
			 struct concept_name name, bool ours);
void vocabulary_build(struct vocabulary_builder *b, struct vocabularies *ret);

/* Puts the vocabularies of data/reference into the core (vocabulary_import.c). Codes that are no longer
 * there stay: records may use them. FILE gives the bytes of one of those files. */
MUST enum err vocabularies_refresh(struct core *core, arena *a, str (*file)(str name));

/* The segment of a snapshot. */
const struct vocabularies *vocabularies_of(const struct snapshot *s);

struct segment_kind;
extern const struct segment_kind vocabularies_segment;

#endif
