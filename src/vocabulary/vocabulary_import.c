/* The vocabularies of data/reference into the core. */
#include "job/reference.h"
#include "vocabulary/vocabulary.h"
#include "vocabulary_sql.h"

/* A table of concepts. Its columns say what they are by their names: label_en, short_fr, ... */
static const struct table {
	const char *file, *scheme;
} tables[] = {
	{ "issues.csv", "issue" },
	{ "actions.csv", "action" },
	{ "responses.csv", "response" },
	{ "kinds.csv", "kind" },
	{ "concepts.csv", "concept" },
	{ "treaties.csv", "treaty" },
	{ "sdgs.csv", "sdg" },
	{ "groups.csv", "group" },
	{ "organisations.csv", "organisation" },
};

/* Tables of further names: code, lang, alias, kind. */
static const struct table alias_tables[] = {
	{ "issue_aliases.csv", "issue" },
	{ "concept_aliases.csv", "concept" },
	{ "treaty_aliases.csv", "treaty" },
};

/* What the columns of a table of concepts hold. */
static const struct naming {
	const char *column, *kind, *lang;
} namings[] = {
	{ "label_en", "label", "en" },      { "label_fr", "label", "fr" },
	{ "label_es", "label", "es" },      { "name_en", "label", "en" },
	{ "name_fr", "label", "fr" },       { "name_es", "label", "es" },
	{ "title_en", "label", "en" },      { "title_fr", "label", "fr" },
	{ "title_es", "label", "es" },      { "title_ar", "label", "ar" },
	{ "title_ru", "label", "ru" },      { "title_zh", "label", "zh" },
	{ "short_en", "short", "en" },      { "short_fr", "short", "fr" },
	{ "short_es", "short", "es" },      { "short_ar", "short", "ar" },
	{ "short_ru", "short", "ru" },      { "short_zh", "short", "zh" },
	{ "description_en", "note", "en" }, { "description_fr", "note", "fr" },
	{ "description_es", "note", "es" }, { "scope_note", "note", "en" },
	{ "acronym", "acronym", "" },       { "label", "acronym", "" },
};

static enum err put_name(struct core *core, str scheme, str code, str lang, str kind, str label,
			 bool ours)
{
	return label.n ? vocabulary_put_name(core, scheme, code, lang, kind, label,
					     ours ? S("ours") : S("source"))
		       : OK;
}

/* One row: the concept, then a name for each column that holds one. */
/* Further names with ; between them. */
static enum err put_list(struct core *core, str scheme, str code, str list, str lang)
{
	for (str rest = list; rest.p && rest.n;)
		TRY(put_name(core, scheme, code, lang, S("alias"), str_trim(str_cut(&rest, ';')),
			     true));
	return OK;
}

static enum err put_row(struct core *core, struct reference *r, str scheme)
{
	str code = arena_str(r->a, reference_cell(r, S("code")));
	bool translated = reference_cell(r, S("translated_by")).n > 0;

	TRY(vocabulary_put_concept(core, scheme, code, r->row, reference_cell(r, S("class")),
				   !str_eq(reference_cell(r, S("query")), S("no"))));
	for (size_t i = 0; i < COUNT_OF(namings); i++) {
		const struct naming *n = &namings[i];
		bool ours = translated && !str_eq(str_of(n->lang), S("en"));

		TRY(put_name(core, scheme, code, str_of(n->lang), str_of(n->kind),
			     reference_cell(r, str_of(n->column)), ours));
	}
	TRY(put_list(core, scheme, code, reference_cell(r, S("aliases")), S("")));
	/* Of action categories: the first verb tells the category (recommendation_rule.c). */
	return put_list(core, scheme, code, reference_cell(r, S("verbs")), S("en"));
}

static enum err put_alias(struct core *core, struct reference *r, str scheme)
{
	str kind = reference_cell(r, S("kind"));

	return put_name(core, scheme, reference_cell(r, S("code")), reference_cell(r, S("lang")),
			str_eq(kind, S("acronym")) ? kind : S("alias"),
			reference_cell(r, S("alias")), true);
}

static enum err put_table(struct core *core, arena *a, str bytes, const struct table *t,
			  enum err (*put)(struct core *core, struct reference *r, str scheme))
{
	struct reference r;

	TRY(reference_open(a, bytes, &r));
	while (reference_next(&r))
		TRY(put(core, &r, str_of(t->scheme)));
	return r.err;
}

/* A scheme's names are replaced whole; its concepts stay, because records may use them. */
static enum err put_scheme(struct core *core, struct reference *r, str unused)
{
	str code = reference_cell(r, S("code"));

	(void)unused;
	TRY(vocabulary_put_scheme(core, code, reference_cell(r, S("version")),
				  reference_cell(r, S("source")), reference_cell(r, S("licence"))));
	TRY(vocabulary_clear_names(core, code));
	TRY(vocabulary_clear_titles(core, code));
	TRY(vocabulary_put_title(core, code, S("en"), reference_cell(r, S("title_en"))));
	TRY(vocabulary_put_title(core, code, S("fr"), reference_cell(r, S("title_fr"))));
	return vocabulary_put_title(core, code, S("es"), reference_cell(r, S("title_es")));
}

enum err vocabularies_refresh(struct core *core, arena *a, str (*file)(str name))
{
	static const struct table schemes = { "schemes.csv", "" };

	TRY(put_table(core, a, file(S("schemes.csv")), &schemes, put_scheme));
	for (size_t i = 0; i < COUNT_OF(tables); i++)
		TRY(put_table(core, a, file(str_of(tables[i].file)), &tables[i], put_row));
	for (size_t i = 0; i < COUNT_OF(alias_tables); i++)
		TRY(put_table(core, a, file(str_of(alias_tables[i].file)), &alias_tables[i],
			      put_alias));
	return OK;
}
