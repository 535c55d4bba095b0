/*
 * UPR Info's live database, which runs on Uwazi: its own CSV export and the rows of its /api/search.
 * Columns are looked for under the names of properties (state_under_review) and under their labels
 * ("State under Review"). Nobody has yet run a real file of it through this importer: docs/import.md
 * says so too.
 *
 * That export stops at 10,000 rows without saying so; several overlapping ones are merged, since rows
 * are known by what they say.
 */
#include "recommendation/recommendation_import.h"

static const import_spellings sur = { "state_under_review", "State under Review",
				      "metadata.state_under_review.label" };
static const import_spellings text = { "recommendation",
				       "metadata.recommendation.value",
				       "metadata.recommendation",
				       "voluntary_pledge",
				       "Voluntary Pledge",
				       "metadata.voluntary_pledge.value",
				       "title" };
static const import_spellings rs = { "recommending_state", "Recommending State",
				     "metadata.recommending_state.label" };
static const import_spellings response = { "response", "metadata.response.label" };
static const import_spellings action = { "action_category", "Action category",
					 "metadata.action_category.label" };
static const import_spellings issues = { "issues", "metadata.issues.label" };
static const import_spellings session = { "session", "metadata.session.label" };
static const import_spellings pledge_session = { "session_of_pledge", "Session of pledge",
						 "metadata.session_of_pledge.label" };
static const import_spellings template = { "template", "templateName" };
static const import_spellings language = { "language" };

static int probe(const struct import_head *head, const struct import_options *options)
{
	bool mine = import_has(head, sur) && import_has(head, text) &&
		    (import_has(head, session) || import_has(head, pledge_session));

	(void)options;
	return !mine ? 0 : import_has(head, action) || import_has(head, pledge_session) ? 90 : 40;
}

static enum err begin(struct import *im)
{
	return rec_import_begin(im);
}

static enum err head(struct import *im, const struct import_head *head)
{
	if (import_has(head, sur) && import_has(head, text))
		return OK;
	return import_refuse(im, S("no-such-column"), S("state_under_review"), S(""));
}

static enum err row(struct import *im, const struct import_row *row)
{
	struct rec_words words = {
		.sur = import_cell_of(im->a, row, sur),
		.text = import_cell_of(im->a, row, text),
		.rs = import_cell_of(im->a, row, rs),
		.response = import_cell_of(im->a, row, response),
		.action = import_cell_of(im->a, row, action),
		.issues = import_cell_of(im->a, row, issues),
		.session = import_cell_of(im->a, row, session),
		.kind = import_cell_of(im->a, row, template),
		.lang = import_cell_of(im->a, row, language),
		.separator = '|',
		.state_separator = '|',
		.kind_is_any = true, /* templates in JSON are numbers that mean nothing here */
	};

	/* A pledge has a session property of its own. */
	if (!words.session.value.n) {
		words.session = import_cell_of(im->a, row, pledge_session);
		if (words.session.value.n)
			words.kind.value = S("pledge");
	}
	return rec_import_row(im, row, &words);
}

const struct importer uwazi_importer = {
	.format = "uwazi",
	.title = "UPR Info's live database (Uwazi): CSV export, or the JSON of /api/search",
	.publisher = "UPR Info",
	.authority = 1,
	.noun = &recommendation_noun,
	.probe = probe,
	.begin = begin,
	.head = head,
	.row = row,
	.guess = rec_import_guess,
	.apply = rec_import_apply,
};
