/*
 * Finding the first byte that needs an escape, sixteen at a time: nearly all text needs none, and
 * is then written about as fast as memory is copied. GCC's and Clang's portable vectors; no
 * processor is named.
 */
#ifndef TEXT_SCAN_H
#define TEXT_SCAN_H

#include "base/base.h"

typedef unsigned char scan_bytes __attribute__((vector_size(16)));
typedef uint64_t scan_halves __attribute__((vector_size(16)));

/*
 * Bytes at the start of S that SPECIAL does not name. HITS answers for sixteen bytes at once: every
 * bit set where the byte is special, 0 where it is not. It is a constant at each call, so that it
 * is compiled into the loop.
 */
static inline size_t scan_plain(str s, const unsigned char special[256],
				scan_halves (*hits)(scan_bytes))
{
	size_t i = 0;

	for (; i + 16 <= s.n; i += 16) {
		scan_bytes v;
		scan_halves hit;

		memcpy(&v, s.p + i, 16);
		hit = hits(v);
		if (hit[0] | hit[1])
			break;
	}
	while (i < s.n && !special[(unsigned char)s.p[i]])
		i++;
	return i;
}

#endif
