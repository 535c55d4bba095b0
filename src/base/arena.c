#include <malloc.h>
#include <stdatomic.h>
#include <unistd.h>

#include "base/base.h"

enum {
	BLOCK_MIN = 16 * 1024,
	BLOCK_MAX = 1024 * 1024,
	ALIGN = _Alignof(max_align_t),
};

struct block {
	struct block *next;
	size_t used, size;
	_Alignas(max_align_t) char mem[];
};

struct deferred {
	struct deferred *next;
	void (*fn)(void *);
	void *arg;
};

struct arena {
	struct block *head;
	struct deferred *deferred;
	size_t total;
};

static atomic_long fail_countdown;

void mem_fail_at(long n)
{
	atomic_store(&fail_countdown, n);
}

static bool must_fail(void)
{
	return atomic_load_explicit(&fail_countdown, memory_order_relaxed) > 0 &&
	       atomic_fetch_sub(&fail_countdown, 1) == 1;
}

/* No stdio here: it may want memory itself. */
static _Noreturn void out_of_memory(void)
{
	static const char line[] = "tribune: out of memory\n";
	ssize_t ignored = write(STDERR_FILENO, line, sizeof line - 1);

	(void)ignored;
	_exit(70);
}

void *mem_alloc(size_t n)
{
	void *p = must_fail() ? NULL : calloc(1, n ? n : 1);

	if (!p)
		out_of_memory();
	return p;
}

void *mem_grow(void *old, size_t n)
{
	void *p = must_fail() ? NULL : realloc(old, n ? n : 1);

	if (!p)
		out_of_memory();
	return p;
}

void mem_free(void *p)
{
	free(p);
}

/* malloc keeps the pages of an import or of the building of an index for itself: 384 MB stayed
 * resident in a server after the five files of 2018, 130 MB after this. */
void mem_trim(void)
{
	malloc_trim(0);
}

size_t mem_mul(size_t a, size_t b)
{
	size_t n;

	if (__builtin_mul_overflow(a, b, &n))
		out_of_memory();
	return n;
}

arena *arena_new(void)
{
	return mem_alloc(sizeof(arena));
}

static size_t rounded(size_t n)
{
	if (n > SIZE_MAX / 2)
		out_of_memory();
	return (n + ALIGN - 1) & ~(size_t)(ALIGN - 1);
}

/* Blocks double, so that a batch of any size needs few of them. */
static void add_block(arena *a, size_t at_least)
{
	size_t size = a->head ? MIN(a->head->size * 2, (size_t)BLOCK_MAX) : (size_t)BLOCK_MIN;
	struct block *b;

	size = MAX(size, at_least);
	b = must_fail() ? NULL : malloc(sizeof *b + size);
	if (!b)
		out_of_memory();
	*b = (struct block){ .next = a->head, .size = size };
	a->head = b;
}

void *arena_alloc_raw(arena *a, size_t n)
{
	n = rounded(n);
	if (!a->head || a->head->size - a->head->used < n)
		add_block(a, n);
	void *p = a->head->mem + a->head->used;
	a->head->used += n;
	a->total += n;
	return p;
}

void *arena_alloc(arena *a, size_t n)
{
	return memset(arena_alloc_raw(a, n), 0, n);
}

void *arena_grow(arena *a, void *p, size_t old, size_t new_n)
{
	size_t from = rounded(old), to = rounded(new_n);
	struct block *b = a->head;

	if (!p)
		return arena_alloc_raw(a, new_n);
	if (to <= from)
		return p;
	if (b && (char *)p + from == b->mem + b->used && b->size - b->used >= to - from) {
		b->used += to - from;
		a->total += to - from;
		return p;
	}
	return memcpy(arena_alloc_raw(a, new_n), p, old);
}

void arena_defer(arena *a, void (*fn)(void *), void *arg)
{
	struct deferred *d = NEW(a, struct deferred);

	*d = (struct deferred){ a->deferred, fn, arg };
	a->deferred = d;
}

/* Frees every block but KEEP, which may be NULL. */
static void release(arena *a, struct block *keep)
{
	for (struct deferred *d = a->deferred; d; d = d->next)
		d->fn(d->arg);
	a->deferred = NULL;
	for (struct block *b = a->head, *next; b; b = next) {
		next = b->next;
		if (b != keep)
			free(b);
	}
	a->head = keep;
	a->total = 0;
}

void arena_reset(arena *a)
{
	struct block *first = a->head;

	while (first && first->next)
		first = first->next;
	release(a, first);
	if (first)
		first->used = 0;
}

void arena_free(arena *a)
{
	if (!a)
		return;
	release(a, NULL);
	free(a);
}

str arena_str(arena *a, str s)
{
	return (str){ arena_cstr(a, s), s.n };
}

char *arena_cstr(arena *a, str s)
{
	char *p = arena_alloc_raw(a, s.n + 1);

	if (s.n)
		memcpy(p, s.p, s.n);
	p[s.n] = '\0';
	return p;
}

size_t arena_used(const arena *a)
{
	return a->total;
}
