/*
 * From public.db to the snapshot: each kind of thing has a segment in memory, and only a segment whose
 * rows have moved is built anew.
 */
#ifndef PUBLISH_SEGMENT_H
#define PUBLISH_SEGMENT_H

#include "base/base.h"
#include "db/db.h"
#include "index/snapshot.h"

/* The slots of the snapshot, in the order in which they are built: later ones may look at earlier. */
enum segment_slot {
	SEGMENT_VOCABULARIES,
	SEGMENT_STATES,
	SEGMENT_CALENDAR,
	SEGMENT_SOURCES,
	SEGMENT_RECORDS,
	SEGMENT_LEXICON,
	SEGMENT_KNOWN,
	SEGMENT_LIBRARY,
	SEGMENT_VOICES,
	SEGMENT_NAMES,
	SEGMENT_SLOTS
};

/* What a slot holds and what it is made of. */
struct segment_kind {
	enum segment_slot slot;
	const char *const *kinds; /* of rows whose movement makes it out of date; ended by NULL */
	/* Builds it from PUB; SO_FAR are the segments of the slots before. A is the segment's own and goes
	 * with it. */
	enum err (*build)(struct public *pub, void *const *so_far, arena *a, void **ret);
	void (*release)(void *segment);         /* what is not in the arena; may be NULL */
	unsigned (*flags)(const void *segment); /* of the snapshot; may be NULL */
};

/* A snapshot of what PUB holds now. OLD (may be NULL) lends the segments that are still true. PUB should
 * be in a transaction, so that all segments speak of one version. */
MUST enum err segments_build(struct public *pub, const struct segment_kind *const *kinds,
			     const struct snapshot *old, struct snapshot **ret);

#endif
