#include <pthread.h>
#include <stdatomic.h>

#include "base/map.h"
#include "http/cache.h"
#include "http/reply.h"

enum {
	SHARDS = 16,
	BUCKETS = 1024,     /* a shard; 2 MB of small replies are about as many */
	SEEN = 16 * 1024,   /* addresses that were asked for once */
	SHARE_OF_SHARD = 4, /* no reply may take more than a quarter of its shard */
};

/* Eviction is CLOCK: the hand goes round the ring, spares what was used since it last came by. */
struct shard {
	_Alignas(64) pthread_mutex_t lock;
	uint64_t version; /* of everything in it */
	struct http_reply *hand;
	size_t bytes, count;
	uint64_t hits, misses, evicted;
	struct http_reply *buckets[BUCKETS];
};

struct http_cache {
	_Atomic uint64_t version;
	size_t shard_max;
	_Atomic uint32_t seen[SEEN];
	struct shard shards[SHARDS];
};

static uint64_t key_hash(str key, bool gzip)
{
	return hash_bytes(key) * 2 + gzip;
}

static struct shard *shard_of(struct http_cache *c, uint64_t hash)
{
	return &c->shards[hash >> 60];
}

static struct http_reply **bucket_of(struct shard *s, uint64_t hash)
{
	return &s->buckets[(hash >> 8) % BUCKETS];
}

struct http_cache *http_cache_new(size_t bytes, uint64_t version)
{
	/* The shards keep away from each other's cache lines. */
	struct http_cache *c = aligned_alloc(64, (sizeof *c + 63) / 64 * 64);

	if (!c)
		mem_alloc(SIZE_MAX / 2); /* says so and ends the process */
	memset(c, 0, sizeof *c);
	atomic_init(&c->version, version);
	c->shard_max = bytes / SHARDS;
	for (size_t i = 0; i < SHARDS; i++)
		pthread_mutex_init(&c->shards[i].lock, NULL);
	return c;
}

static struct http_reply *find(struct shard *s, uint64_t hash, str key, bool gzip)
{
	for (struct http_reply *e = *bucket_of(s, hash); e; e = e->next)
		if (e->hash == hash && e->gzip == gzip && str_eq(reply_key(e), key))
			return e;
	return NULL;
}

static void entry_remove(struct shard *s, struct http_reply *e)
{
	struct http_reply **at = bucket_of(s, e->hash);

	while (*at != e)
		at = &(*at)->next;
	*at = e->next;
	e->older->newer = e->newer;
	e->newer->older = e->older;
	if (s->hand == e)
		s->hand = e->newer == e ? NULL : e->newer;
	s->bytes -= e->cost;
	s->count--;
	reply_unref(e);
}

static void shard_clear(struct shard *s, uint64_t version)
{
	while (s->hand)
		entry_remove(s, s->hand);
	s->version = version;
}

void http_cache_free(struct http_cache *c)
{
	if (!c)
		return;
	for (size_t i = 0; i < SHARDS; i++) {
		shard_clear(&c->shards[i], 0);
		pthread_mutex_destroy(&c->shards[i].lock);
	}
	free(c);
}

void http_cache_set_version(struct http_cache *c, uint64_t version)
{
	atomic_store(&c->version, version);
	for (size_t i = 0; i < SHARDS; i++) {
		pthread_mutex_lock(&c->shards[i].lock);
		shard_clear(&c->shards[i], version);
		pthread_mutex_unlock(&c->shards[i].lock);
	}
}

struct http_reply *http_cache_get(struct http_cache *c, str key, bool gzip)
{
	uint64_t hash = key_hash(key, gzip);
	struct shard *s = shard_of(c, hash);
	struct http_reply *e;

	pthread_mutex_lock(&s->lock);
	e = s->version == atomic_load(&c->version) ? find(s, hash, key, gzip) : NULL;
	if (e) {
		e->used = true;
		reply_ref(e);
		s->hits++;
	} else {
		s->misses++;
	}
	pthread_mutex_unlock(&s->lock);
	return e;
}

/* Two addresses that share a place push each other out; the worst of it is a reply kept later. */
bool http_cache_wants(struct http_cache *c, str key, bool gzip)
{
	uint64_t hash = key_hash(key, gzip);
	uint32_t mark = (uint32_t)(hash >> 32) ^ (uint32_t)atomic_load(&c->version);
	_Atomic uint32_t *at = &c->seen[hash % SEEN];

	if (atomic_load_explicit(at, memory_order_relaxed) == mark)
		return true;
	atomic_store_explicit(at, mark, memory_order_relaxed);
	return false;
}

static void make_room(struct shard *s, size_t need, size_t max)
{
	while (s->hand && s->bytes + need > max) {
		struct http_reply *e = s->hand;

		s->hand = e->newer;
		if (e->used) {
			e->used = false;
			continue;
		}
		entry_remove(s, e);
		s->evicted++;
	}
}

static void insert(struct shard *s, struct http_reply *e)
{
	struct http_reply **bucket = bucket_of(s, e->hash);

	e->next = *bucket;
	*bucket = e;
	if (s->hand) { /* behind the hand: it comes there last */
		e->newer = s->hand;
		e->older = s->hand->older;
		e->older->newer = e;
		e->newer->older = e;
	} else {
		e->newer = e->older = e;
		s->hand = e;
	}
	s->bytes += e->cost;
	s->count++;
}

void http_cache_put(struct http_cache *c, uint64_t version, struct http_reply *reply)
{
	uint64_t hash = key_hash(reply_key(reply), reply->gzip);
	struct shard *s = shard_of(c, hash);

	if (reply->cost > c->shard_max / SHARE_OF_SHARD)
		return;
	pthread_mutex_lock(&s->lock);
	if (s->version != version && version == atomic_load(&c->version))
		shard_clear(s, version);
	if (version == atomic_load(&c->version) && !find(s, hash, reply_key(reply), reply->gzip)) {
		make_room(s, reply->cost, c->shard_max);
		reply_ref(reply);
		reply->hash = hash;
		insert(s, reply);
	}
	pthread_mutex_unlock(&s->lock);
}

struct http_cache_stats http_cache_stats(struct http_cache *c)
{
	struct http_cache_stats sum = { 0 };

	for (size_t i = 0; i < SHARDS; i++) {
		struct shard *s = &c->shards[i];

		pthread_mutex_lock(&s->lock);
		sum.hits += s->hits;
		sum.misses += s->misses;
		sum.evicted += s->evicted;
		sum.replies += s->count;
		sum.bytes += s->bytes;
		pthread_mutex_unlock(&s->lock);
	}
	return sum;
}
