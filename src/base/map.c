#include "base/map.h"

/* Multiply and fold, eight bytes at a time. */
uint64_t hash_bytes(str s)
{
	uint64_t h = 0x9E3779B97F4A7C15u ^ s.n, v;

	for (; s.n >= 8; s = str_from(s, 8)) {
		memcpy(&v, s.p, 8);
		h = (h ^ v) * 0xD6E8FEB86659FD93u;
		h ^= h >> 32;
	}
	v = 0;
	if (s.n)
		memcpy(&v, s.p, s.n);
	h = (h ^ v) * 0xD6E8FEB86659FD93u;
	return h ^ h >> 32;
}

static struct map_slot *slot_of(const struct map *m, str key, uint32_t hash)
{
	for (size_t i = hash & (m->cap - 1);; i = (i + 1) & (m->cap - 1)) {
		struct map_slot *s = &m->slots[i];

		if (!s->used || (s->hash == hash && str_eq(s->key, key)))
			return s;
	}
}

int64_t *map_get(const struct map *m, str key)
{
	struct map_slot *s;

	if (m->n == 0)
		return NULL;
	s = slot_of(m, key, (uint32_t)hash_bytes(key));
	return s->used ? &s->value : NULL;
}

static void grow(arena *a, struct map *m)
{
	struct map old = *m;

	m->cap = old.cap ? old.cap * 2 : 64;
	m->slots = NEW_N(a, struct map_slot, m->cap);
	for (size_t i = 0; i < old.cap; i++)
		if (old.slots[i].used)
			*slot_of(m, old.slots[i].key, old.slots[i].hash) = old.slots[i];
}

int64_t *map_put(arena *a, struct map *m, str key, bool *ret_new)
{
	uint32_t hash = (uint32_t)hash_bytes(key);
	struct map_slot *s;

	if (m->n * 4 >= m->cap * 3)
		grow(a, m);
	s = slot_of(m, key, hash);
	if (ret_new)
		*ret_new = !s->used;
	if (!s->used) {
		*s = (struct map_slot){ .key = key, .hash = hash, .used = true };
		m->n++;
	}
	return &s->value;
}
