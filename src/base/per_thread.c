#include "base/per_thread.h"

static void make_key(struct per_thread *p)
{
	pthread_mutex_lock(&p->lock);
	if (!atomic_load(&p->ready) && pthread_key_create(&p->key, p->release) != 0)
		abort();
	atomic_store(&p->ready, true);
	pthread_mutex_unlock(&p->lock);
}

void *per_thread(struct per_thread *p)
{
	void *thing;

	if (!atomic_load_explicit(&p->ready, memory_order_acquire))
		make_key(p);
	thing = pthread_getspecific(p->key);
	if (!thing) {
		thing = p->make();
		pthread_setspecific(p->key, thing);
	}
	return thing;
}
