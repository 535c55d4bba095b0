#include "index/snapshot.h"

#include <pthread.h>
#include <stdatomic.h>

struct segment {
	atomic_int holders;
	arena *a;
	void *value;
	void (*release)(void *value);
	int64_t version;
};

struct snapshot {
	atomic_int holders;
	int64_t version;
	unsigned flags;
	char epoch[32];
	struct segment *segments[SNAPSHOT_SEGMENTS_MAX];
};

struct snapshot_slot {
	pthread_mutex_t lock; /* for as long as it takes to copy the pointer and count */
	struct snapshot *current;
};

struct segment *segment_new(arena *a, void *value, void (*release)(void *value), int64_t version)
{
	struct segment *s = mem_alloc(sizeof *s);

	*s = (struct segment){ .a = a, .value = value, .release = release, .version = version };
	atomic_init(&s->holders, 1);
	return s;
}

static void segment_release(struct segment *s)
{
	if (!s || atomic_fetch_sub(&s->holders, 1) != 1)
		return;
	if (s->release)
		s->release(s->value);
	arena_free(s->a);
	mem_free(s);
}

struct snapshot *snapshot_new(int64_t version, str epoch)
{
	struct snapshot *s = mem_alloc(sizeof *s);

	s->version = version;
	memcpy(s->epoch, epoch.p, MIN(epoch.n, sizeof s->epoch - 1));
	atomic_init(&s->holders, 1);
	return s;
}

int64_t snapshot_version(const struct snapshot *s)
{
	return s->version;
}

str snapshot_epoch(const struct snapshot *s)
{
	return str_of(s->epoch);
}

void snapshot_set_flags(struct snapshot *s, unsigned flags)
{
	s->flags |= flags;
}

unsigned snapshot_flags(const struct snapshot *s)
{
	return s->flags;
}

void snapshot_put(struct snapshot *s, size_t slot, struct segment *segment)
{
	segment_release(s->segments[slot]);
	s->segments[slot] = segment;
}

void snapshot_share(struct snapshot *s, size_t slot, const struct snapshot *from)
{
	struct segment *segment = from->segments[slot];

	if (segment)
		atomic_fetch_add(&segment->holders, 1);
	snapshot_put(s, slot, segment);
}

const void *snapshot_segment(const struct snapshot *s, size_t slot)
{
	return s->segments[slot] ? s->segments[slot]->value : NULL;
}

int64_t snapshot_segment_version(const struct snapshot *s, size_t slot)
{
	return s->segments[slot] ? s->segments[slot]->version : -1;
}

void snapshot_release(struct snapshot *s)
{
	if (!s || atomic_fetch_sub(&s->holders, 1) != 1)
		return;
	for (size_t i = 0; i < SNAPSHOT_SEGMENTS_MAX; i++)
		segment_release(s->segments[i]);
	mem_free(s);
}

struct snapshot_slot *snapshot_slot_new(void)
{
	struct snapshot_slot *slot = mem_alloc(sizeof *slot);

	pthread_mutex_init(&slot->lock, NULL);
	return slot;
}

void snapshot_slot_free(struct snapshot_slot *slot)
{
	if (!slot)
		return;
	snapshot_release(slot->current);
	pthread_mutex_destroy(&slot->lock);
	mem_free(slot);
}

struct snapshot *snapshot_take(struct snapshot_slot *slot)
{
	struct snapshot *s;

	pthread_mutex_lock(&slot->lock);
	s = slot->current;
	if (s)
		atomic_fetch_add(&s->holders, 1);
	pthread_mutex_unlock(&slot->lock);
	return s;
}

void snapshot_swap(struct snapshot_slot *slot, struct snapshot *s)
{
	struct snapshot *old;

	pthread_mutex_lock(&slot->lock);
	old = slot->current;
	slot->current = s;
	pthread_mutex_unlock(&slot->lock);
	snapshot_release(old); /* outside the lock: it may free a hundred megabytes */
}
