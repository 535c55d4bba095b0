/*
 * Something that each thread has one of: made when the thread asks first, let go when it ends.
 *
 *     static struct per_thread rooms = PER_THREAD(make_room, free_room);
 *     struct room *r = per_thread(&rooms);
 */
#ifndef BASE_PER_THREAD_H
#define BASE_PER_THREAD_H

#include <pthread.h>
#include <stdatomic.h>

#include "base/base.h"

struct per_thread {
	void *(*make)(void);
	void (*release)(void *thing);
	pthread_mutex_t lock; /* of the first call */
	atomic_bool ready;    /* the key is there: later calls need no lock */
	pthread_key_t key;
};

/* clang-format off */
#define PER_THREAD(make, release) { (make), (release), PTHREAD_MUTEX_INITIALIZER, false, 0 }
/* clang-format on */

void *per_thread(struct per_thread *p);

#endif
