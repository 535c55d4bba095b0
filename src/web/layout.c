#include "web/layout.h"

#include "db/db.h"
#include "index/snapshot.h"

bool layout_samples(const struct web *w, const struct page *p)
{
	const struct snapshot *s = w->pub ? w->pub->snapshot : NULL;

	return p->samples || (s && (snapshot_flags(s) & SNAPSHOT_SAMPLES));
}
