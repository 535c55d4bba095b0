#include "index/snapshot.h"

#include <sched.h>

/* A segment and how many snapshots have it. */
struct part {
	atomic_uint references;
	void *p;
	void (*free_fn)(void *);
};

struct snapshot {
	atomic_uint references;
	uint64_t version;
	struct part *parts[SNAPSHOT_PARTS];
};

struct snapshot *snapshot_new(uint64_t version)
{
	struct snapshot *s = mem_alloc(sizeof *s);

	atomic_init(&s->references, 1);
	s->version = version;
	return s;
}

struct snapshot *snapshot_next(const struct snapshot *old, uint64_t version)
{
	struct snapshot *s = snapshot_new(version);

	for (size_t i = 0; i < SNAPSHOT_PARTS; i++) {
		s->parts[i] = old->parts[i];
		if (s->parts[i])
			atomic_fetch_add_explicit(&s->parts[i]->references, 1,
						  memory_order_relaxed);
	}
	return s;
}

/* The last to let go must see all that others did with it before they let go. */
static bool let_go(atomic_uint *references)
{
	return atomic_fetch_sub_explicit(references, 1, memory_order_acq_rel) == 1;
}

static void part_release(struct part *part)
{
	if (!part || !let_go(&part->references))
		return;
	part->free_fn(part->p);
	mem_free(part);
}

void snapshot_put(struct snapshot *s, size_t part, void *p, void (*free_fn)(void *p))
{
	struct part *fresh = mem_alloc(sizeof *fresh);

	atomic_init(&fresh->references, 1);
	fresh->p = p;
	fresh->free_fn = free_fn;
	part_release(s->parts[part]);
	s->parts[part] = fresh;
}

const void *snapshot_part(const struct snapshot *s, size_t part)
{
	return s->parts[part] ? s->parts[part]->p : NULL;
}

uint64_t snapshot_version(const struct snapshot *s)
{
	return s->version;
}

void snapshot_release(struct snapshot *s)
{
	if (!s || !let_go(&s->references))
		return;
	for (size_t i = 0; i < SNAPSHOT_PARTS; i++)
		part_release(s->parts[i]);
	mem_free(s);
}

/* Whoever holds the lock needs it for a few nanoseconds, unless the kernel has just taken the processor
 * away from it: then waiting in a loop would only keep it from coming back. */
static void slot_lock(struct snapshot_slot *slot)
{
	while (atomic_flag_test_and_set_explicit(&slot->lock, memory_order_acquire))
		sched_yield();
}

static void slot_unlock(struct snapshot_slot *slot)
{
	atomic_flag_clear_explicit(&slot->lock, memory_order_release);
}

struct snapshot *snapshot_take(struct snapshot_slot *slot)
{
	struct snapshot *s;

	slot_lock(slot);
	s = slot->current;
	if (s)
		atomic_fetch_add_explicit(&s->references, 1, memory_order_relaxed);
	slot_unlock(slot);
	return s;
}

void snapshot_swap(struct snapshot_slot *slot, struct snapshot *s)
{
	struct snapshot *old;

	slot_lock(slot);
	old = slot->current;
	slot->current = s;
	slot_unlock(slot);
	snapshot_release(old);
}
