/* A thousand swaps under readers: what a reader holds stays whole, and nothing is left at the end. */
#include <pthread.h>
#include <stdatomic.h>

#include "index/snapshot.h"
#include "tap.h"

enum { READERS = 4, SWAPS = 1000 };

static atomic_int alive;
static atomic_bool stop;
static atomic_int torn;

static void value_release(void *value)
{
	(void)value;
	atomic_fetch_sub(&alive, 1);
}

/* A segment whose two halves always agree. */
static struct segment *make(int64_t n)
{
	arena *a = arena_new();
	int64_t *halves = NEW_N(a, int64_t, 2);

	halves[0] = halves[1] = n;
	atomic_fetch_add(&alive, 1);
	return segment_new(a, halves, value_release, n);
}

static void *reader(void *arg)
{
	struct snapshot_slot *slot = arg;

	while (!atomic_load(&stop)) {
		struct snapshot *s = snapshot_take(slot);
		const int64_t *own = snapshot_segment(s, 0), *shared = snapshot_segment(s, 1);

		if (own[0] != own[1] || own[0] != snapshot_version(s) || shared[0] != 0)
			atomic_fetch_add(&torn, 1);
		snapshot_release(s);
	}
	return NULL;
}

int main(void)
{
	struct snapshot_slot *slot = snapshot_slot_new();
	struct snapshot *s = snapshot_new(0, S("epoch"));
	pthread_t threads[READERS];

	snapshot_put(s, 0, make(0));
	snapshot_put(s, 1, make(0));
	snapshot_swap(slot, s);
	for (int i = 0; i < READERS; i++)
		pthread_create(&threads[i], NULL, reader, slot);
	for (int64_t n = 1; n <= SWAPS; n++) {
		struct snapshot *old = snapshot_take(slot);

		s = snapshot_new(n, S("epoch"));
		snapshot_put(s, 0, make(n));
		snapshot_share(s, 1, old);
		snapshot_release(old);
		snapshot_swap(slot, s);
	}
	atomic_store(&stop, true);
	for (int i = 0; i < READERS; i++)
		pthread_join(threads[i], NULL);
	eq_int(atomic_load(&torn), 0, "no reader saw two versions at once");
	eq_int(atomic_load(&alive), 2, "old segments are gone, the shared one lives");
	s = snapshot_take(slot);
	eq_int(snapshot_version(s), SWAPS, "the latest is current");
	eq_int(snapshot_segment_version(s, 2), -1, "an empty slot");
	eq_str(snapshot_epoch(s), S("epoch"), "the epoch");
	snapshot_release(s);
	snapshot_slot_free(slot);
	eq_int(atomic_load(&alive), 0, "nothing is left");
	return tap_done();
}
