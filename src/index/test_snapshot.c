/* Snapshots, one thread and many. The many are meant for ThreadSanitizer. */
#include <pthread.h>
#include <sched.h>

#include "index/snapshot.h"
#include "tap.h"

enum { SWAPS = 1000, READERS = 4 };

static atomic_int alive;

struct segment {
	uint64_t version, same; /* always equal */
};

static struct segment *segment_new(uint64_t version)
{
	struct segment *s = mem_alloc(sizeof *s);

	*s = (struct segment){ version, version };
	atomic_fetch_add(&alive, 1);
	return s;
}

static void segment_free(void *p)
{
	struct segment *s = p;

	s->version = s->same + 1; /* a reader that came too late would see it */
	mem_free(s);
	atomic_fetch_sub(&alive, 1);
}

static void test_sharing(void)
{
	struct snapshot_slot slot = { 0 };
	struct snapshot *one = snapshot_new(1), *two, *held;

	ok(snapshot_take(&slot) == NULL, "an empty slot");
	snapshot_put(one, 0, segment_new(1), segment_free);
	snapshot_put(one, 3, segment_new(1), segment_free);
	snapshot_swap(&slot, one);
	held = snapshot_take(&slot);
	ok(held == one && snapshot_version(held) == 1, "what was put there is taken");
	two = snapshot_next(one, 2);
	snapshot_put(two, 3, segment_new(2), segment_free);
	ok(snapshot_part(two, 0) == snapshot_part(one, 0), "what did not change is shared");
	ok(snapshot_part(two, 3) != snapshot_part(one, 3), "what changed is not");
	ok(snapshot_part(two, 1) == NULL, "an empty place");
	eq_int(atomic_load(&alive), 3, "three segments in two snapshots");
	snapshot_swap(&slot, two);
	eq_int(atomic_load(&alive), 3, "a reader holds the old snapshot");
	snapshot_release(held);
	eq_int(atomic_load(&alive), 2, "and lets it go");
	snapshot_swap(&slot, NULL);
	eq_int(atomic_load(&alive), 0, "all is gone");
	snapshot_release(NULL);
}

struct shared {
	struct snapshot_slot slot;
	atomic_bool stop;
	atomic_int wrong;
	atomic_uint_fast64_t reads;
};

static void *read_on(void *arg)
{
	struct shared *x = arg;
	uint64_t newest = 0;

	while (!atomic_load(&x->stop)) {
		struct snapshot *s = snapshot_take(&x->slot);
		const struct segment *a = snapshot_part(s, 0), *b = snapshot_part(s, 1);

		if (a->version != a->same || b->version != b->same ||
		    a->version != snapshot_version(s) || b->version > a->version ||
		    a->version < newest)
			atomic_fetch_add(&x->wrong, 1);
		newest = a->version;
		snapshot_release(s);
		atomic_fetch_add(&x->reads, 1);
	}
	return NULL;
}

/* A thousand swaps; the first segment changes each time, the second every tenth. */
static void test_threads(void)
{
	struct shared *x = mem_alloc(sizeof *x);
	struct snapshot *s = snapshot_new(1);
	pthread_t readers[READERS];
	int started = 0;

	snapshot_put(s, 0, segment_new(1), segment_free);
	snapshot_put(s, 1, segment_new(1), segment_free);
	snapshot_swap(&x->slot, s);
	for (int i = 0; i < READERS; i++)
		started += pthread_create(&readers[i], NULL, read_on, x) == 0;
	for (uint64_t version = 2; version < SWAPS + 2; version++) {
		struct snapshot *old = snapshot_take(&x->slot);
		uint64_t before = atomic_load(&x->reads);

		s = snapshot_next(old, version);
		snapshot_put(s, 0, segment_new(version), segment_free);
		if (version % 10 == 0)
			snapshot_put(s, 1, segment_new(version), segment_free);
		snapshot_release(old);
		snapshot_swap(&x->slot, s);
		while (started && atomic_load(&x->reads) < before + 2)
			sched_yield(); /* let readers meet this one */
	}
	atomic_store(&x->stop, true);
	for (int i = 0; i < started; i++)
		pthread_join(readers[i], NULL);
	eq_int(started, READERS, "readers ran");
	eq_int(atomic_load(&x->wrong), 0,
	       "a thousand swaps under readers: each saw one whole state");
	eq_int(atomic_load(&alive), 2, "only the newest segments are left");
	snapshot_swap(&x->slot, NULL);
	eq_int(atomic_load(&alive), 0, "and then none");
	mem_free(x);
}

int main(void)
{
	test_sharing();
	test_threads();
	return tap_done();
}
