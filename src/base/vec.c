#include "base/base.h"

void *vec_room_(arena *a, void *p, size_t n, size_t *cap, size_t size)
{
	if (n == *cap) {
		size_t more = *cap ? mem_mul(*cap, 2) : 8;

		p = arena_grow(a, p, mem_mul(*cap, size), mem_mul(more, size));
		*cap = more;
	}
	memset((char *)p + n * size, 0, size);
	return p;
}
