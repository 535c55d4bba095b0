#include <stdarg.h>

#include "base/base.h"

buf buf_new(arena *a, size_t max)
{
	return (buf){ .a = a, .max = max };
}

char *buf_room(buf *b, size_t n)
{
	if (b->err != OK)
		return NULL;
	if (n > b->max - b->n) {
		b->err = E_TOOBIG;
		return NULL;
	}
	if (b->cap - b->n < n) {
		size_t cap = MAX(b->cap * 2, (size_t)256);

		while (cap < b->n + n)
			cap *= 2;
		b->p = arena_grow(b->a, b->p, b->cap, cap);
		b->cap = cap;
	}
	return b->p + b->n;
}

void buf_wrote(buf *b, size_t n)
{
	b->n += n;
}

void buf_put(buf *b, str s)
{
	char *to = s.n ? buf_room(b, s.n) : NULL;

	if (!to)
		return;
	memcpy(to, s.p, s.n);
	b->n += s.n;
}

void buf_byte(buf *b, char c)
{
	buf_put(b, (str){ &c, 1 });
}

void buf_u64(buf *b, uint64_t v)
{
	char digits[20];
	size_t at = sizeof digits;

	do
		digits[--at] = (char)('0' + v % 10);
	while (v /= 10);
	buf_put(b, (str){ digits + at, sizeof digits - at });
}

void buf_i64(buf *b, int64_t v)
{
	if (v < 0)
		buf_byte(b, '-');
	buf_u64(b, v < 0 ? 0 - (uint64_t)v : (uint64_t)v);
}

void buf_printf(buf *b, const char *format, ...)
{
	va_list args, again;
	char *to;
	int n;

	va_start(args, format);
	va_copy(again, args);
	n = vsnprintf(NULL, 0, format, args);
	to = n > 0 ? buf_room(b, (size_t)n + 1) : NULL;
	if (to) {
		vsnprintf(to, (size_t)n + 1, format, again);
		b->n += (size_t)n;
	}
	va_end(again);
	va_end(args);
}
