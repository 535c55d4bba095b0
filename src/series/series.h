/*
 * Series: videos that belong together, in an order, with questions as sections and moments that answer
 * them. What a series says comes from a TOML or JSON file (docs/video.md lists the keys) and replaces, as a
 * whole, what it said before. Readers see of it what they see of its videos; without any of these, nothing.
 */
#ifndef SERIES_SERIES_H
#define SERIES_SERIES_H

#include "base/base.h"
#include "db/db.h"
#include "video/video.h"

typedef VEC(int64_t) series_ids;

struct series_section {
	voice_words words; /* title; text, in Markdown */
	series_ids quotes; /* moments */
};

struct series_meta {
	str key; /* its address: /series/KEY */
	bool sample, held;
	voice_words words; /* title; introduction, in Markdown */
	series_ids videos;
	VEC(struct series_section) sections;
};

/* Reads metadata against the videos of CORE. E_INVALID: WHY has a line for each thing that is wrong. Views live
 * in A. */
MUST enum err series_meta_read(struct core *core, arena *a, str text, struct series_meta *ret,
			       buf *why);

/* Stores it in a transaction of its own, in the place of what had its key. A real one takes the samples out. */
MUST enum err series_put(struct core *core, arena *a, const struct series_meta *m);

/* E_NOTFOUND: there is none of this key. */
MUST enum err series_remove(struct core *core, arena *a, str key);

MUST enum err series_any(struct core *core, arena *a, bool *ret); /* whether there are series */

#endif
