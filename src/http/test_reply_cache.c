/* The reply cache alone: what it keeps, what it drops, and threads that do all of it at once. */
#include <pthread.h>

#include "http/cache.h"
#include "http/reply.h"
#include "tap.h"

enum { THREADS = 4, ROUNDS = 20000, VERSIONS = 1000, ADDRESSES = 200 };

static struct http_reply *make(arena *a, const char *key, size_t size)
{
	struct http_res res;
	char *bytes = arena_alloc(a, size);

	http_res_init(&res, a);
	res.etag = S("1");
	res.cache_key = str_of(key);
	return reply_new(&res, a, (struct reply_body){ { bytes, size }, PACKING_NONE, false },
			 false);
}

static void put(struct http_cache *c, arena *a, const char *key, size_t size, uint64_t version)
{
	struct http_reply *reply = make(a, key, size);

	http_cache_put(c, version, reply);
	reply_unref(reply);
}

static bool has(struct http_cache *c, const char *key, bool gzip)
{
	struct http_reply *reply = http_cache_get(c, str_of(key), gzip);

	reply_unref(reply);
	return reply != NULL;
}

static void test_keeps(arena *a)
{
	struct http_cache *c = http_cache_new(1 << 20, 1);

	ok(!has(c, "/a", false), "empty at birth");
	ok(!http_cache_wants(c, S("/a"), false), "the first request is only noted");
	ok(!http_cache_wants(c, S("/a"), true), "for each encoding");
	ok(http_cache_wants(c, S("/a"), false), "the second is wanted");
	put(c, a, "/a", 1000, 1);
	ok(has(c, "/a", false) && !has(c, "/a", true) && !has(c, "/b", false),
	   "found under its key alone");
	put(c, a, "/old", 1000, 0);
	ok(!has(c, "/old", false), "a reply of another version is not taken");
	put(c, a, "/big", 1 << 18, 1);
	ok(!has(c, "/big", false), "nor one that would push everything out");
	http_cache_set_version(c, 2);
	ok(!has(c, "/a", false) && http_cache_stats(c).bytes == 0, "a new version drops all");
	ok(!http_cache_wants(c, S("/a"), false), "and starts to count anew");
	http_cache_free(c);
}

static void test_evicts(arena *a)
{
	struct http_cache *c = http_cache_new(1 << 20, 1);
	struct http_cache_stats stats;
	char key[32];

	put(c, a, "/popular", 1000, 1);
	for (int i = 0; i < 2000; i++) {
		snprintf(key, sizeof key, "/page/%d", i);
		put(c, a, key, 1000, 1);
		if (!has(c, "/popular", false))
			break;
	}
	stats = http_cache_stats(c);
	ok(has(c, "/popular", false), "what is asked for stays");
	ok(!has(c, "/page/0", false), "what is not goes");
	ok(stats.bytes <= 1 << 20 && stats.bytes > (1 << 20) * 3 / 4, "full, not over: %zu bytes",
	   stats.bytes);
	ok(stats.evicted > 1000, "%d went", (int)stats.evicted);
	http_cache_free(c);
}

struct crowd {
	struct http_cache *cache;
	_Atomic uint64_t version;
	atomic_int wrong;
};

static void *reader(void *arg)
{
	struct crowd *crowd = arg;
	arena *a = arena_new();
	char key[32];

	for (unsigned i = 0; i < ROUNDS; i++) {
		uint64_t version = atomic_load(&crowd->version);
		struct http_reply *reply;

		snprintf(key, sizeof key, "/page/%u", i * 7919 % ADDRESSES);
		reply = http_cache_get(crowd->cache, str_of(key), false);
		if (!reply) {
			put(crowd->cache, a, key, 600, version);
			arena_reset(a);
		} else if (reply->etag_n != 1) {
			atomic_fetch_add(&crowd->wrong, 1);
		}
		reply_unref(reply);
	}
	arena_free(a);
	return NULL;
}

static void test_crowd(void)
{
	struct crowd crowd = { .cache = http_cache_new(1 << 18, 1), .version = 1 };
	pthread_t threads[THREADS];

	for (int i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, reader, &crowd);
	for (uint64_t v = 2; v <= VERSIONS; v++) {
		atomic_store(&crowd.version, v);
		http_cache_set_version(crowd.cache, v);
	}
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	eq_int(atomic_load(&crowd.wrong), 0, "a thousand versions under readers");
	http_cache_set_version(crowd.cache, 0);
	eq_int(http_cache_stats(crowd.cache).bytes, 0, "nothing is left behind");
	http_cache_free(crowd.cache);
}

int main(void)
{
	arena *a = arena_new();

	test_keeps(a);
	test_evicts(a);
	test_crowd();
	arena_free(a);
	return tap_done();
}
