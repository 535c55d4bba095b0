/* public.db in, a segment of the snapshot out: the vocabularies. */
#include "publish/segment.h"
#include "vocabulary/vocabulary.h"

static enum err vocabularies_build(struct public *pub, void *const *so_far, arena *a, void **ret)
{
	(void)so_far;
	*ret = NEW(a, struct vocabularies);
	return vocabularies_load(pub->db, a, *ret);
}

static const char *const kinds[] = { "concept", "concept-name", NULL };

const struct segment_kind vocabularies_segment = { SEGMENT_VOCABULARIES, kinds, vocabularies_build,
						   NULL };

const struct vocabularies *vocabularies_of(const struct snapshot *s)
{
	return snapshot_segment(s, SEGMENT_VOCABULARIES);
}
