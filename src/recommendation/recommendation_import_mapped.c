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
	int at[FIELDS]; /* -1: not there */
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

static void find_columns(struct mapping *m, const struct table_head *head)
{
	for (int f = 0; f < FIELDS; f++)
		m->at[f] = table_column(head, m->columns[f]);
}

/* With a mapping the person has said what the file is. */
static int probe(const struct table_head *head, const struct import_options *options)
{
	struct mapping m = read_mapping(options->mapping);

	find_columns(&m, head);
	if (m.at[SUR] < 0 || m.at[SESSION] < 0 || m.at[TEXT] < 0)
		return 0;
	return options->mapping.n ? 100 : 80;
}

static str number_of(arena *a, int n)
{
	buf b = buf_new(a, 16);

	buf_i64(&b, n);
	return buf_str(&b);
}

static enum err begin(struct import *im, const struct table_head *head)
{
	struct mapping *m = NEW(im->a, struct mapping);

	*m = read_mapping(im->options->mapping);
	find_columns(m, head);
	im->own = m;
	if (m->bad_line)
		return import_refuse(im, S("bad-mapping-line"), number_of(im->a, m->bad_line), S(""));
	for (int f = 0; f < FIELDS; f++)
		if (m->at[f] < 0 && (f == SUR || f == SESSION || f == TEXT))
			return import_refuse(im, S("no-such-column"), m->columns[f], S(""));
	return rec_import_begin(im);
}

static struct rec_word word(const struct mapping *m, const struct table_record *record, enum field which)
{
	int at = m->at[which];

	return (struct rec_word){ m->columns[which],
				  at >= 0 && (size_t)at < record->n ? record->fields[at] : (str){ 0 } };
}

static enum err record(struct import *im, const struct table_record *record)
{
	const struct mapping *m = im->own;
	const struct rec_words words = {
		.sur = word(m, record, SUR),
		.rs = word(m, record, RS),
		.session = word(m, record, SESSION),
		.kind = word(m, record, KIND),
		.text = word(m, record, TEXT),
		.lang = word(m, record, LANGUAGE),
		.response = word(m, record, RESPONSE),
		.action = word(m, record, ACTION),
		.issues = word(m, record, ISSUES),
		.sdgs = word(m, record, SDGS),
		.separator = m->separator,
		.state_separator = m->state_separator,
	};

	return rec_import_row(im, record, &words);
}

const struct importer mapped_importer = {
	.format = "table",
	.title = "Tribune's own columns, or any table with a mapping file (--map)",
	.publisher = NULL,
	.authority = 1,
	.noun = &recommendation_noun,
	.probe = probe,
	.begin = begin,
	.record = record,
	.guess = rec_import_guess,
	.apply = rec_import_apply,
};
