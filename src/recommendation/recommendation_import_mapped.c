/*
 * Any table: Tribune's own CSV columns, or whatever columns a mapping file names (docs/import.md):
 *
 *     # a comment
 *     state under review = Country
 *     text               = What was asked
 *     list separator     = ,
 *
 * A field that the mapping does not name keeps Tribune's own column name.
 */
#include "recommendation/recommendation_import.h"

enum field { SUR, RS, SESSION, KIND, TEXT, LANGUAGE, RESPONSE, ACTION, ISSUES, SDGS, FIELDS };

/* The field's name in a mapping file, and the column where it stands without one. */
static const char *const fields[FIELDS][2] = {
	[SUR] = { "state under review", "State under review" },
	[RS] = { "recommending state", "Recommending State" },
	[SESSION] = { "session", "Session" },
	[KIND] = { "kind", "Kind" },
	[TEXT] = { "text", "Text" },
	[LANGUAGE] = { "language", "Language" },
	[RESPONSE] = { "response", "Response" },
	[ACTION] = { "action", "Action" },
	[ISSUES] = { "issues", "Issues" },
	[SDGS] = { "sdgs", "SDGs" },
};

struct mapping {
	str columns[FIELDS];
	char separator, state_separator;
	int bad_line; /* the first line that makes no sense, from 1; 0: none */
};

static int field_named(str name)
{
	for (int f = 0; f < FIELDS; f++)
		if (str_eq_nocase(str_of(fields[f][0]), name))
			return f;
	return -1;
}

static char separator_of(str value)
{
	if (str_eq_nocase(value, S("tab")))
		return '\t';
	return value.n == 1 ? value.p[0] : '\0';
}

static bool take_line(struct mapping *m, str line)
{
	str value = line, name = str_trim(str_cut(&value, '='));
	int field = field_named(name);

	value = str_trim(value);
	if (!line.n || line.p[0] == '#')
		return true;
	if (!value.n)
		return false;
	if (str_eq_nocase(name, S("list separator")))
		return (m->separator = separator_of(value)) != '\0';
	if (str_eq_nocase(name, S("state separator")))
		return (m->state_separator = separator_of(value)) != '\0';
	if (field >= 0)
		m->columns[field] = value;
	return field >= 0;
}

static struct mapping read_mapping(str text)
{
	struct mapping m = { .separator = ';', .state_separator = ';' };
	int number = 0;

	for (int f = 0; f < FIELDS; f++)
		m.columns[f] = str_of(fields[f][1]);
	for (str rest = text; rest.p && text.n;) {
		number++;
		if (!take_line(&m, str_trim(str_cut(&rest, '\n'))) && !m.bad_line)
			m.bad_line = number;
	}
	return m;
}

/* The first column that the mapping needs and the table has not; p == NULL when all are there. */
static str missing_column(const struct mapping *m, const struct import_head *head)
{
	static const enum field needed[] = { SUR, SESSION, TEXT };

	for (size_t i = 0; i < COUNT_OF(needed); i++)
		if (import_column(head, m->columns[needed[i]]) < 0)
			return m->columns[needed[i]];
	return (str){ 0 };
}

/* With a mapping the person has said what the file is. */
static int probe(const struct import_head *head, const struct import_options *options)
{
	struct mapping m = read_mapping(options->mapping);

	if (options->mapping.n)
		return 100;
	return missing_column(&m, head).p ? 0 : 80;
}

static enum err begin(struct import *im)
{
	struct mapping *m = NEW(im->a, struct mapping);
	buf number = buf_new(im->a, 16);

	*m = read_mapping(im->options->mapping);
	im->own = m;
	buf_i64(&number, m->bad_line);
	return m->bad_line ? import_refuse(im, S("bad-mapping-line"), buf_str(&number), S(""))
			   : rec_import_begin(im);
}

static enum err head(struct import *im, const struct import_head *head)
{
	str missing = missing_column(im->own, head);

	return missing.p ? import_refuse(im, S("no-such-column"), missing, S("")) : OK;
}

static struct import_cell cell(const struct mapping *m, const struct import_row *row,
			       enum field which)
{
	int at = import_column(row->head, m->columns[which]);

	return (struct import_cell){ m->columns[which], at < 0                ? (str){ 0 }
							: (size_t)at < row->n ? row->fields[at]
									      : S("") };
}

static enum err row(struct import *im, const struct import_row *row)
{
	const struct mapping *m = im->own;
	const struct rec_words words = {
		.sur = cell(m, row, SUR),
		.rs = cell(m, row, RS),
		.session = cell(m, row, SESSION),
		.kind = cell(m, row, KIND),
		.text = cell(m, row, TEXT),
		.lang = cell(m, row, LANGUAGE),
		.response = cell(m, row, RESPONSE),
		.action = cell(m, row, ACTION),
		.issues = cell(m, row, ISSUES),
		.sdgs = cell(m, row, SDGS),
		.separator = m->separator,
		.state_separator = m->state_separator,
	};

	return rec_import_row(im, row, &words);
}

const struct importer mapped_importer = {
	.format = "table",
	.title = "Tribune's own columns, or any table with a mapping file (--map)",
	.publisher = NULL,
	.authority = 1,
	.noun = &recommendation_noun,
	.probe = probe,
	.begin = begin,
	.head = head,
	.row = row,
	.guess = rec_import_guess,
	.apply = rec_import_apply,
};
