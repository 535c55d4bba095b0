/*
 * What the importers of the record share: a row in the words of a file becomes a fact in our terms,
 * and a batch of facts becomes source rows.
 */
#ifndef RECOMMENDATION_RECOMMENDATION_IMPORT_H
#define RECOMMENDATION_RECOMMENDATION_IMPORT_H

#include "job/import.h"
#include "recommendation/recommendation.h"
#include "review/review.h"
#include "state/state.h"
#include "vocabulary/vocabulary.h"

/* What is known to the importers: loaded once a command. */
struct rec_known {
	struct states states;
	struct vocabularies vocabularies;
	struct calendar calendar;
};

/* One row in the words of a file. */
struct rec_words {
	struct import_cell sur, rs, text, response, action, issues, sdgs, session, kind, lang;
	char separator;       /* between the values of a list, such as issues */
	char state_separator; /* between recommending States; 0: the cell names one */
	bool kind_is_any;     /* the cell of the kind may hold what means nothing here */
};

/* The batch that import->batch points to. */
struct rec_batch;
MUST enum err rec_import_begin(struct import *im);
MUST enum err rec_import_row(struct import *im, const struct import_row *row,
			     const struct rec_words *words);
void rec_import_guess(struct import *im, str *ret_date, str *ret_part);
MUST enum err rec_import_apply(struct import *im);

extern const struct import_noun recommendation_noun;

#endif
