/* public.db in, a segment of the snapshot out: the vocabularies. */
#include "publish/segment.h"
#include "vocabulary/vocabulary.h"
#include "vocabulary_public_sql.h"

enum err vocabularies_load_public(struct public *pub, arena *a, struct vocabularies *ret)
{
	struct vocabulary_builder *b = vocabulary_builder_new(a);
	struct vocabulary_public_schemes *schemes;
	struct vocabulary_public_titles *titles;
	struct vocabulary_public_concepts *concepts;
	struct vocabulary_public_names *names;
	size_t n;

	TRY(vocabulary_public_schemes(pub, a, &schemes, &n));
	for (size_t i = 0; i < n; i++)
		vocabulary_add_scheme(b, schemes[i].code, schemes[i].version, schemes[i].source,
				      schemes[i].licence);
	TRY(vocabulary_public_titles(pub, a, &titles, &n));
	for (size_t i = 0; i < n; i++)
		vocabulary_add_title(b, titles[i].scheme, titles[i].lang, titles[i].title);
	TRY(vocabulary_public_concepts(pub, a, &concepts, &n));
	for (size_t i = 0; i < n; i++)
		vocabulary_add_concept(b, concepts[i].scheme, concepts[i].code, concepts[i].class,
				       concepts[i].query != 0);
	TRY(vocabulary_public_names(pub, a, &names, &n));
	for (size_t i = 0; i < n; i++)
		vocabulary_add_name(
			b, names[i].scheme, names[i].code,
			(struct concept_name){ names[i].lang, names[i].kind, names[i].label },
			str_eq(names[i].origin, S("ours")));
	vocabulary_build(b, ret);
	return OK;
}

static enum err vocabularies_build(struct public *pub, void *const *so_far, arena *a, void **ret)
{
	(void)so_far;
	*ret = NEW(a, struct vocabularies);
	return vocabularies_load_public(pub, a, *ret);
}

static const char *const kinds[] = { "concept", "concept-name", NULL };

const struct segment_kind vocabularies_segment = { SEGMENT_VOCABULARIES, kinds, vocabularies_build,
						   NULL };

const struct vocabularies *vocabularies_of(const struct snapshot *s)
{
	return snapshot_segment(s, SEGMENT_VOCABULARIES);
}
