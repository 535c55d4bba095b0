/*
 * The record: what one State recommended to another, and voluntary pledges.
 *
 * A *source row* is what one line of one file says. A recommendation is what its source rows say
 * together: rec_settle computes it, by one precedence, whenever it is needed; it is stored nowhere
 * on the core side. So an import can be taken back in any order and nothing of it remains.
 *
 * An *attribution* is a recommendation and one recommending State. Texts that several States made
 * alike in one review are one recommendation with several attributions. Where no State is named,
 * and for pledges, there is one attribution without a State.
 */
#ifndef RECOMMENDATION_RECOMMENDATION_H
#define RECOMMENDATION_RECOMMENDATION_H

#include "base/base.h"
#include "vocabulary/vocabulary.h"
#include "db/db.h"

enum rec_kind { REC_RECOMMENDATION, REC_PLEDGE };

str rec_kind_code(
	enum rec_kind kind); /* "recommendation", "pledge": as stored and as in addresses */

/* What one row of a file says, in the terms of this program. Views live as long as their import. */
struct rec_fact {
	enum rec_kind kind;
	bool sample;
	str sur; /* ISO 3166-1 alpha-3 */
	int64_t session;
	str rs;           /* alpha-3; p == NULL when the source does not say */
	str text;         /* trimmed, entities decoded, mojibake mended */
	str lang;         /* ISO 639-1 */
	str response;     /* a code of the vocabulary, empty when not given */
	int64_t action;   /* 1 to 5, 0 when not given */
	str issues, sdgs; /* codes, sorted, one blank between them */
	str sheet;
	int64_t row_number; /* as a person counts it in the file: the header is row 1 */
	str raw;            /* the cells as read, as a JSON list */
};

/* Who a recommendation is, as long as it has no official number: kind, State under review, session
 * and the letters and digits of its text, folded. No likeness of texts ever decides. 52 characters. */
str rec_identity(arena *a, const struct rec_fact *fact);

/* The public code of an identity: its first ten characters, or on a clash (attempt 1, 2...) the next. */
str rec_code(str identity, int attempt);

/* Where a source row comes from. Of one publisher's rows with one date, the latest import stands. */
struct rec_origin {
	int64_t import_id;
	int64_t authority; /* 1 an export, 2 an official document, 3 a person */
	bool held;         /* not public yet */
	bool sample;
	bool gave_rows; /* at least one of its rows was accepted */
	str publisher, dated, part, format, columns;
	str source_code; /* what readers see of it, as a digest: import ids are never public */
};
str rec_source_code(arena *a, const struct rec_origin *o);

/* A source row as stored. */
struct rec_row {
	const struct rec_origin *origin;
	int64_t id; /* inside one import in the order of the file */
	str rs, text, lang, response, issues, sdgs, sheet, raw;
	int64_t action, row_number;
};

/* What the sources say of one attribution: facts first, then each source, the one that stands first. */
struct rec_attribution {
	str rs;
	str response, issues, sdgs;
	int64_t action;
	const struct rec_row **statements;
	size_t n_statements;
};

struct rec {
	str text, lang;
	int64_t place; /* the row where the source that stands has it */
	struct rec_attribution
		*attributions; /* by recommending State, the one without a State last */
	size_t n;
};

/* Computes what ROWS say together. ROWS are reordered. n == 0 gives an empty recommendation: it goes. */
void rec_settle(arena *a, struct rec_row *rows, size_t n, struct rec *ret);

/* All that readers can see of R, in one fixed spelling: two recommendations that read alike have the
 * same bytes. For comparing, for digests, for the dump that proves that undo leaves nothing. */
void rec_canonical(buf *out, const struct rec *r);

const struct rec_attribution *rec_find_attribution(const struct rec *r, str rs); /* or NULL */

/* Every import that has source rows, held ones too. */
struct rec_origins {
	struct rec_origin *p;
	size_t n;
};
MUST enum err rec_origins_load(struct core *core, arena *a, struct rec_origins *ret);
const struct rec_origin *rec_origin_find(const struct rec_origins *all, int64_t import_id);

/* The source rows of one recommendation, without those of held imports and of the import WITHOUT. */
MUST enum err rec_rows_load(struct core *core, arena *a, const struct rec_origins *origins,
			    int64_t id, int64_t without, struct rec_row **ret, size_t *ret_n);

/* The place in the vocabulary of actions that the first verb of an English text suggests; -1: none. */
int rec_action_by_rule(const struct vocabulary *actions, str text);

#endif
