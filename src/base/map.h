/*
 * map: text to a number, for look-ups built once and asked often. Keys are views that must outlive
 * the map. It lives in an arena and only grows.
 */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include "base/base.h"

struct map {
	struct map_slot {
		str key;
		uint32_t hash;
		bool used;
		int64_t value;
	} * slots;
	size_t n, cap;
};

/* The value under KEY, to read or write. NULL when there is none. The next map_put may move it. */
int64_t *map_get(const struct map *m, str key);

/* The value under KEY, made with 0 when there was none; *RET_NEW (may be NULL) says which. */
int64_t *map_put(arena *a, struct map *m, str key, bool *ret_new);

/* A hash for tables, not for strangers: 64 bits, stable only within one process. */
uint64_t hash_bytes(str s);

#endif
