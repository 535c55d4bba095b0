/* Core in, public.db out: the vocabularies, in two kinds. Codes decide how the index is laid out;
 * names only how it is read. A new label rebuilds nothing but the names. */
#include "publish/publish.h"
#include "vocabulary/vocabulary.h"
#include "vocabulary_publish_sql.h"
#include "vocabulary_shared_sql.h"

enum { CONTENT_MAX = 64 << 20 };

static enum err publish_concepts(struct publish_run *run, const struct publish_kind *self,
				 const int64_t *things, size_t n)
{
	struct vocabulary_schemes *schemes;
	struct vocabulary_concepts *concepts;
	size_t n_schemes, n_concepts;
	buf content = buf_new(run->a, CONTENT_MAX);
	bool same;

	(void)things, (void)n;
	TRY(vocabulary_schemes(run->core->db, run->a, &schemes, &n_schemes));
	TRY(vocabulary_concepts(run->core->db, run->a, &concepts, &n_concepts));
	for (size_t i = 0; i < n_schemes; i++)
		publish_line(&content,
			     (str[]){ schemes[i].code, schemes[i].version, schemes[i].source,
				      schemes[i].licence },
			     4);
	for (size_t i = 0; i < n_concepts; i++)
		publish_line(&content,
			     (str[]){ concepts[i].scheme, concepts[i].code, concepts[i].class,
				      concepts[i].query ? S("query") : S("") },
			     4);
	TRY(content.err);
	TRY(publish_same(run, self, buf_str(&content), &same));
	if (same)
		return OK;
	TRY(vocabulary_public_clear_schemes(run->out));
	TRY(vocabulary_public_clear_concepts(run->out));
	for (size_t i = 0; i < n_schemes; i++)
		TRY(vocabulary_public_put_scheme(run->out, schemes[i].code, schemes[i].version,
						 schemes[i].source, schemes[i].licence));
	for (size_t i = 0; i < n_concepts; i++)
		TRY(vocabulary_public_put_concept(run->out, concepts[i].scheme, concepts[i].code,
						  concepts[i].position, concepts[i].class,
						  concepts[i].query));
	return OK;
}

static enum err publish_names(struct publish_run *run, const struct publish_kind *self,
			      const int64_t *things, size_t n)
{
	struct vocabulary_titles *titles;
	struct vocabulary_names *names;
	size_t n_titles, n_names;
	buf content = buf_new(run->a, CONTENT_MAX);
	bool same;

	(void)things, (void)n;
	TRY(vocabulary_titles(run->core->db, run->a, &titles, &n_titles));
	TRY(vocabulary_names(run->core->db, run->a, &names, &n_names));
	for (size_t i = 0; i < n_titles; i++)
		publish_line(&content, (str[]){ titles[i].scheme, titles[i].lang, titles[i].title },
			     3);
	for (size_t i = 0; i < n_names; i++)
		publish_line(&content,
			     (str[]){ names[i].scheme, names[i].code, names[i].lang, names[i].kind,
				      names[i].label, names[i].origin },
			     6);
	TRY(content.err);
	TRY(publish_same(run, self, buf_str(&content), &same));
	if (same)
		return OK;
	TRY(vocabulary_public_clear_titles(run->out));
	TRY(vocabulary_public_clear_names(run->out));
	for (size_t i = 0; i < n_titles; i++)
		TRY(vocabulary_public_put_title(run->out, titles[i].scheme, titles[i].lang,
						titles[i].title));
	for (size_t i = 0; i < n_names; i++)
		TRY(vocabulary_public_put_name(run->out, names[i].scheme, names[i].code,
					       names[i].lang, names[i].kind, names[i].label,
					       names[i].origin));
	return OK;
}

const struct publish_kind concept_kind = { "concept", publish_concepts, publish_one_thing };
const struct publish_kind concept_name_kind = { "concept-name", publish_names, publish_one_thing };
