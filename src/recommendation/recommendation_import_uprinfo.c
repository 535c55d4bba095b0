/*
 * UPR Info's database exports: the layout of 2018 (SuR;Rgrp;Org;Recommendation;RS;...), the one of 2014
 * (To,To-Rgrp,...) and its voluntary pledges, which differ only in the word that stands as response.
 * Regional groups and organisations stand twice under one name and follow from the States, so only
 * what the rows are about is read.
 */
#include "recommendation/recommendation_import.h"

enum column { SUR, TEXT, RS, RESPONSE, ACTION, ISSUE, SESSION, COLUMNS };

static const struct layout {
	const char *names[COLUMNS];
	const char *tell; /* a column that no other layout has */
} layouts[] = {
	{ { "SuR", "Recommendation", "RS", "Response", "Action", "Issue", "Session" }, "SuR" },
	{ { "To", "Text", "From", "Response", "Action", "Issue", "Session" }, "To-Rgrp" },
};

/* Where the columns of the file at hand stand. */
struct places {
	const struct layout *layout;
	int at[COLUMNS]; /* -1: not there */
};

static int score(const struct table_head *head, const struct layout *l)
{
	int found = 0;

	if (table_column(head, str_of(l->tell)) < 0)
		return 0;
	for (int i = 0; i < COLUMNS; i++)
		found += table_column(head, str_of(l->names[i])) >= 0;
	return found * 100 / COLUMNS;
}

static const struct layout *best_layout(const struct table_head *head)
{
	return score(head, &layouts[0]) >= score(head, &layouts[1]) ? &layouts[0] : &layouts[1];
}

static int probe(const struct table_head *head, const struct import_options *options)
{
	(void)options;
	return score(head, best_layout(head));
}

static enum err begin(struct import *im, const struct table_head *head)
{
	struct places *p = NEW(im->a, struct places);

	p->layout = best_layout(head);
	for (int i = 0; i < COLUMNS; i++)
		p->at[i] = table_column(head, str_of(p->layout->names[i]));
	im->own = p;
	return rec_import_begin(im);
}

static struct rec_word word(const struct places *p, const struct table_record *record,
			    enum column which)
{
	int at = p->at[which];
	str value = at >= 0 && (size_t)at < record->n ? record->fields[at] : (str){ 0 };

	return (struct rec_word){ str_of(p->layout->names[which]), value };
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
		.issues = word(p, record, ISSUE),
		.session = word(p, record, SESSION),
		.separator = ',',
	};

	return rec_import_row(im, record, &words);
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
	.record = record,
	.guess = rec_import_guess,
	.apply = rec_import_apply,
};
