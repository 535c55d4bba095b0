/*
 * What an index is made of. Only the files of this folder that build it or search it include this.
 * README.md explains the parts in the order in which a search meets them.
 */
#ifndef INDEX_PART_H
#define INDEX_PART_H

#include "base/map.h"
#include "index/bits.h"
#include "index/index.h"
#include "index/kernel.h"

/* Texts in byte order, to be found by bisection. */
struct names {
	const char *bytes;
	const uint32_t *starts; /* n + 1 */
	uint32_t n;
};

static inline str name_at(const struct names *x, uint32_t i)
{
	return (str){ x->bytes + x->starts[i], x->starts[i + 1] - x->starts[i] };
}

/* The first that is not below TEXT; N when there is none. */
uint32_t names_from(const struct names *x, str text);
/* Those that are TEXT, or begin with it: [*ret_from, *ret_to). */
void names_range(const struct names *x, str text, bool prefix, uint32_t *ret_from,
		 uint32_t *ret_to);

/*
 * Where a term stands. Rare terms are a list of units with an impact each (the part of BM25 that needs
 * no weight, in 255ths of its maximum, rounded up). From one unit in bits_share on they are a set of
 * bits too; from one in array_share on the list gives way to an array of impacts by unit, and for
 * words, which a prefix adds up, to an array of how often they stand there.
 */
struct posting {
	uint32_t df;            /* units */
	const uint32_t *units;  /* df of them; NULL when there is an array */
	const uint8_t *impacts; /* beside units; NULL for values of columns */
	const uint64_t *bits;
	const uint8_t *by_unit;        /* impacts */
	const uint8_t *counts_by_unit; /* of words; up to 255 */
};

/* Pairs of frequent words that follow one another, as terms. */
struct pairs {
	const uint16_t *
		place; /* by word or stem: its place among the frequent; INDEX_NONE: not frequent */
	uint32_t n;    /* the frequent */
	const uint32_t
		*posting_of; /* [first's place * n + second's place]; n_postings: never together */
	const struct posting *postings;
	uint32_t n_postings;
};

struct column {
	enum index_kind kind;
	uint32_t n_values, of, slot;  /* slot: where its values start among those of all columns */
	struct index_table table;     /* BY_GROUP: keys are groups in the index's order */
	const uint16_t *single;       /* SINGLE: value by unit */
	struct index_table multi;     /* MULTI: keys are units */
	const struct posting *values; /* not BY_GROUP; without impacts */
	const uint64_t *none;         /* units without a value; NULL when every unit has one */
	float wide_cost;              /* ns to count all values by their postings; see count.c */
};

struct index {
	arena *a;
	const struct kernels *k;
	uint32_t n_units, n_items, n_groups, n_columns, n_slots;
	size_t words;                   /* of a set of units */
	uint32_t langs;                 /* a set of enum text_lang */
	uint32_t attribution;           /* column, or INDEX_NO_COLUMN */
	const uint64_t *no_attribution; /* units that are none; NULL when all are */
	/* By item, in the index's order; starts have one more. */
	const uint32_t *item_key, *item_unit, *item_token, *item_text, *item_group;
	const uint8_t *item_lang;
	const char *text;
	const uint32_t *unit_item, *unit_group;
	const uint32_t *group_unit; /* starts, by group in the index's order */
	const uint32_t *group_id;   /* the caller's number */
	const uint32_t *multi;      /* items of several units */
	uint32_t n_multi;
	/* Words and their places: the text of an item as numbers of words, in order. */
	uint32_t *tokens;
	const uint16_t *length; /* words, by unit */
	double mean_length;
	struct names word_names; /* folded; a word stands twice where it has two stems */
	struct names stem_names;
	const uint32_t *word_stem;
	const uint32_t *stem_words_start, *stem_words; /* the words of a stem */
	struct names shown; /* by word: as it stands in a text, in lower case with its accents */
	const uint32_t *word_count; /* how often it is there */
	const struct posting *word_postings, *stem_postings;
	struct pairs word_pairs, stem_pairs;
	struct map compounds; /* "opcat" -> place in compound_words: "op", "cat", "" */
	const str *compound_words;
	const uint8_t *impact_of; /* [tf * IMPACT_LENGTHS + length], up to IMPACT_TFS */
	const uint8_t *count_of;  /* [impact * IMPACT_LENGTHS + length]: the most that has it */
	const struct column *columns;
	/* Values as slots, to be counted without asking what column they are of; see count.c. */
	struct index_table rows;       /* by unit: in SINGLE and MULTI columns */
	struct index_table group_rows; /* by group: in BY_GROUP columns */
	const uint32_t *all_units;     /* by slot: units with that value */
	/* Items of several units. */
	const uint64_t *shared; /* their units */
	const uint64_t *later;  /* the same but the first of each */
	uint32_t n_later;
	struct index_table full;     /* by place in multi: the surplus when all its units count */
	const uint32_t *all_surplus; /* the sum of these, by slot */
};

struct values {
	const uint16_t *p;
	uint32_t n;
};

static inline struct values table_values(const struct index_table *t, uint32_t key)
{
	return (struct values){ t->values + t->starts[key], t->starts[key + 1] - t->starts[key] };
}

/* The values of a unit in a column. */
static inline struct values column_values(const struct index *ix, const struct column *c,
					  uint32_t unit)
{
	uint16_t key;

	switch (c->kind) {
	case INDEX_MULTI: return table_values(&c->multi, unit);
	case INDEX_BY_GROUP: return table_values(&c->table, ix->unit_group[unit]);
	case INDEX_BY_COLUMN:
		key = ix->columns[c->of].single[unit];
		return key == INDEX_NONE ? (struct values){ NULL, 0 }
					 : table_values(&c->table, key);
	case INDEX_SINGLE: break;
	}
	return (struct values){ &c->single[unit], c->single[unit] != INDEX_NONE };
}

/* BM25 as SQLite's FTS5 has it (k1 1.2, b 0.75), so that the two can be compared. */
#define BM25_K1 1.2
#define BM25_B  0.75
enum { IMPACT_TFS = 16, IMPACT_LENGTHS = 256 };

/* tf (k1 + 1) / (tf + k1 (1 - b + b length / mean)), which is below k1 + 1. */
static inline double bm25_part(const struct index *ix, uint32_t tf, uint32_t length)
{
	return (tf * (BM25_K1 + 1.0)) /
	       (tf + BM25_K1 * (1 - BM25_B + BM25_B * length / ix->mean_length));
}

double bm25_idf(const struct index *ix, uint32_t df);
uint8_t bm25_impact(const struct index *ix, uint32_t tf, uint32_t length);

/* The highest tf that has this impact; 255 where it is not known. */
static inline uint8_t bm25_count(const struct index *ix, uint8_t impact, uint32_t length)
{
	return length < IMPACT_LENGTHS ? ix->count_of[impact * IMPACT_LENGTHS + length] : UINT8_MAX;
}

#endif
