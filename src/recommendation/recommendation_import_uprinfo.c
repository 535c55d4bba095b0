/*
 * UPR Info's database exports: the layout of 2018 (SuR;Rgrp;Org;Recommendation;RS;...), the one of 2014
 * (To,To-Rgrp,...) and its voluntary pledges, which differ only in the word that stands as response.
 * Regional groups and organisations stand twice under one name and follow from the States, so only
 * what the rows are about is read.
 */
#include "recommendation/recommendation_import.h"

static const import_spellings sur = { "SuR", "To" }, text = { "Recommendation", "Text" },
			      rs = { "RS", "From" }, response = { "Response" },
			      action = { "Action" }, issue = { "Issue" }, session = { "Session" };

/* "To" and "From" alone could be anything: the groups beside them could not. */
static const import_spellings tell = { "Rgrp", "To-Rgrp" };

static int probe(const struct import_head *head, const struct import_options *options)
{
	bool complete = import_has(head, sur) && import_has(head, text) && import_has(head, rs) &&
			import_has(head, response) && import_has(head, session);

	(void)options;
	return !complete ? 0 : import_has(head, tell) ? 100 : 30;
}

static enum err begin(struct import *im)
{
	return rec_import_begin(im);
}

static enum err head(struct import *im, const struct import_head *head)
{
	if (import_has(head, sur) && import_has(head, text) && import_has(head, session))
		return OK;
	return import_refuse(im, S("no-such-column"), S("SuR"), S(""));
}

static enum err row(struct import *im, const struct import_row *row)
{
	const struct rec_words words = {
		.sur = import_cell_of(im->a, row, sur),
		.text = import_cell_of(im->a, row, text),
		.rs = import_cell_of(im->a, row, rs),
		.response = import_cell_of(im->a, row, response),
		.action = import_cell_of(im->a, row, action),
		.issues = import_cell_of(im->a, row, issue),
		.session = import_cell_of(im->a, row, session),
		.separator = ',',
	};

	return rec_import_row(im, row, &words);
}

const struct importer uprinfo_importer = {
	.format = "upr-info",
	.title = "UPR Info's export (layouts of 2014 and 2018, recommendations and voluntary "
		 "pledges)",
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
