/*
 * A snapshot: everything that readers search and name, as it was at one public version. It is a small
 * table of segments, one a kind of thing. Segments never change; a new snapshot takes over those that
 * are still true and brings its own for the others. Both are counted, and go when nobody holds them.
 *
 * Readers take the snapshot at the start of a request and give it back at its end; the writer puts a
 * new one in its place meanwhile. Nobody waits for more than the copying of a pointer.
 */
#ifndef INDEX_SNAPSHOT_H
#define INDEX_SNAPSHOT_H

#include "base/base.h"

enum { SNAPSHOT_SEGMENTS_MAX = 16 };

/* One segment: VALUE lives in A, and RELEASE (may be NULL) lets go of what does not. */
struct segment;
struct segment *segment_new(arena *a, void *value, void (*release)(void *value), int64_t version);

struct snapshot;

/* The version of the public side that it shows. It has one holder: the caller. */
struct snapshot *snapshot_new(int64_t version, str epoch);
int64_t snapshot_version(const struct snapshot *s);
str snapshot_epoch(const struct snapshot *s);

/* Puts a segment into a slot of a snapshot that nobody else has seen yet; the snapshot holds it now. */
void snapshot_put(struct snapshot *s, size_t slot, struct segment *segment);

/* The same with a segment of another snapshot, which keeps it too. */
void snapshot_share(struct snapshot *s, size_t slot, const struct snapshot *from);

const void *snapshot_segment(const struct snapshot *s, size_t slot); /* its value; NULL: empty */
int64_t snapshot_segment_version(const struct snapshot *s, size_t slot); /* -1: empty */

/* What holds for all of it. */
enum { SNAPSHOT_SAMPLES = 1 /* nothing but samples is in it */ };
void snapshot_set_flags(struct snapshot *s, unsigned flags);
unsigned snapshot_flags(const struct snapshot *s);

void snapshot_release(struct snapshot *s); /* NULL is fine */

/* Where the current one is kept. */
struct snapshot_slot;
struct snapshot_slot *snapshot_slot_new(void);
void snapshot_slot_free(struct snapshot_slot *slot); /* releases the current one */

/* The current snapshot, held for the caller until snapshot_release; NULL when there is none yet. */
struct snapshot *snapshot_take(struct snapshot_slot *slot);

/* Makes S, which the caller holds, the current one; the slot holds it now. */
void snapshot_swap(struct snapshot_slot *slot, struct snapshot *s);

#endif
