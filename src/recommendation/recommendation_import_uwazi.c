/*
 * UPR Info's live database, which runs on Uwazi: its own CSV export and the rows of its /api/search.
 * Field names are those of domain knowledge about that installation, in both spellings met: names of
 * properties (state_under_review) and their labels ("State under Review"). Nobody has yet run a real
 * file of it through this importer: docs/import.md says so too.
 *
 * That export stops at 10,000 rows without saying so; several overlapping ones are merged, since rows
 * are known by what they say.
 */
#include "recommendation/recommendation_import.h"

enum column { SUR, TEXT, RS, RESPONSE, ACTION, ISSUES, SESSION, TEMPLATE, LANGUAGE, COLUMNS };

/* Spellings of each column, the property's name first; ended by NULL. */
static const char *const spellings[COLUMNS][7] = {
	[SUR] = { "state_under_review", "State under Review", "State under review",
		  "metadata.state_under_review" },
	[TEXT] = { "recommendation", "Recommendation", "metadata.recommendation",
		   "voluntary_pledge", "Voluntary Pledge", "metadata.voluntary_pledge" },
	[RS] = { "recommending_state", "Recommending State", "Recommending state",
		 "metadata.recommending_state" },
	[RESPONSE] = { "response", "Response", "metadata.response" },
	[ACTION] = { "action_category", "Action category", "Action Category",
		     "metadata.action_category" },
	[ISSUES] = { "issues", "Issues", "metadata.issues" },
	[SESSION] = { "session", "Session", "metadata.session", "session_of_pledge",
		      "Session of pledge", "metadata.session_of_pledge" },
	[TEMPLATE] = { "template", "Template", "templateName" },
	[LANGUAGE] = { "language", "Language" },
};

struct places {
	int at[COLUMNS];
	str names[COLUMNS];
};

static struct places find_places(const struct table_head *head)
{
	struct places p;

	for (int c = 0; c < COLUMNS; c++) {
		p.at[c] = -1;
		p.names[c] = str_of(spellings[c][0]);
		for (int i = 0; spellings[c][i] && p.at[c] < 0; i++) {
			p.at[c] = table_column(head, str_of(spellings[c][i]));
			if (p.at[c] >= 0)
				p.names[c] = str_of(spellings[c][i]);
		}
	}
	return p;
}

/* The State under review, a session and a text; and one column that only this database has. */
static int probe(const struct table_head *head, const struct import_options *options)
{
	struct places p = find_places(head);

	(void)options;
	if (p.at[SUR] < 0 || p.at[SESSION] < 0 || p.at[TEXT] < 0)
		return 0;
	return p.at[ACTION] >= 0 || p.at[RS] >= 0 ? 90 : 40;
}

static enum err begin(struct import *im, const struct table_head *head)
{
	struct places *p = NEW(im->a, struct places);

	*p = find_places(head);
	im->own = p;
	return rec_import_begin(im);
}

static struct rec_word word(const struct places *p, const struct table_record *record,
			    enum column which)
{
	int at = p->at[which];

	return (struct rec_word){ p->names[which], at >= 0 && (size_t)at < record->n
							   ? record->fields[at]
							   : (str){ 0 } };
}

static enum err record(struct import *im, const struct table_record *record)
{
	const struct places *p = im->own;
	const struct rec_words words = {
		.sur = word(p, record, SUR),
		.text = word(p, record, TEXT),
		.rs = word(p, record, RS),
		.response = word(p, record, RESPONSE),
		.action = word(p, record, ACTION),
		.issues = word(p, record, ISSUES),
		.session = word(p, record, SESSION),
		.kind = word(p, record, TEMPLATE),
		.lang = word(p, record, LANGUAGE),
		.separator = '|',
		.state_separator = '|',
	};

	return rec_import_row(im, record, &words);
}

const struct importer uwazi_importer = {
	.format = "uwazi",
	.title = "UPR Info's live database (Uwazi): CSV export, or the JSON of /api/search",
	.publisher = "UPR Info",
	.authority = 1,
	.noun = &recommendation_noun,
	.probe = probe,
	.begin = begin,
	.record = record,
	.guess = rec_import_guess,
	.apply = rec_import_apply,
};
