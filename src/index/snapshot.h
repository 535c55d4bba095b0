/*
 * A snapshot: what the readers of a moment see. It is a public version and a table of segments, one a
 * kind of thing (an index, a vocabulary, ...), numbered by the caller. Segments never change and are
 * counted by reference, so a new snapshot shares with the old one all that did not change, and a
 * reader that took the old one keeps it alive until it is done.
 *
 *     writer: struct snapshot *next = snapshot_next(old, version);
 *             snapshot_put(next, SEGMENT_RECORDS, ix, free_fn);
 *             snapshot_swap(&slot, next);
 *     reader: struct snapshot *s = snapshot_take(&slot);
 *             const struct index *ix = snapshot_part(s, SEGMENT_RECORDS);
 *             ... snapshot_release(s);
 */
#ifndef INDEX_SNAPSHOT_H
#define INDEX_SNAPSHOT_H

#include <stdatomic.h>

#include "base/base.h"

enum { SNAPSHOT_PARTS = 16 };

struct snapshot;

/* One without segments, and one with the segments of another. One reference each, the caller's. */
struct snapshot *snapshot_new(uint64_t version);
struct snapshot *snapshot_next(const struct snapshot *old, uint64_t version);

/* Puts a segment in its place, instead of what was there. It belongs to the snapshots now: FREE_FN(P) is
 * called when the last of them goes, by whichever thread lets go of it. Only before others can see S. */
void snapshot_put(struct snapshot *s, size_t part, void *p, void (*free_fn)(void *p));

/* NULL when there is none. Lives as long as the reference to S. */
const void *snapshot_part(const struct snapshot *s, size_t part);
uint64_t snapshot_version(const struct snapshot *s);

void snapshot_release(struct snapshot *s); /* lets go of one reference; NULL is fine */

/* Where readers find the newest. Zeroed memory is an empty slot. */
struct snapshot_slot {
	atomic_flag
		lock; /* held for the few instructions between reading the pointer and counting */
	struct snapshot *current;
};

/* A reference of the caller's own; NULL while the slot is empty. Any thread. */
struct snapshot *snapshot_take(struct snapshot_slot *slot);

/* Makes S (the caller's reference to it is used up; may be NULL) what readers find from now on. */
void snapshot_swap(struct snapshot_slot *slot, struct snapshot *s);

#endif
