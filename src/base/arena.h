/*
 * arena: memory with one lifetime. Four lifetimes exist: process, connection, request, batch. What a
 * request allocates goes when the request goes; handlers and domain code never call malloc or free.
 *
 * Allocation never fails: when our own malloc has nothing left the process ends with one line and
 * exit code 70, and the service manager starts it again. What a request can reach is "too big", and
 * that is an ordinary error, because every buf, list and upload has a maximum.
 *
 * An arena belongs to one thread at a time.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

typedef struct arena arena;

arena *arena_new(void);
void arena_free(arena *a); /* runs what was deferred, last first, then frees; NULL is fine */

/* As arena_free, but keeps the first block, ready for the next request. */
void arena_reset(arena *a);

/* N zeroed bytes, aligned for any type. N may be 0. */
void *arena_alloc(arena *a, size_t n);

/* The same without the zeroes: for bytes that are written at once. */
void *arena_alloc_raw(arena *a, size_t n);

/* Grows the block at P from OLD to NEW bytes, in place where it is the latest one. P may be NULL. */
void *arena_grow(arena *a, void *p, size_t old, size_t new_n);

/* Calls fn(arg) when the arena is freed or reset: closes a file, releases a snapshot. */
void arena_defer(arena *a, void (*fn)(void *), void *arg);

/* A copy of S that lives as long as the arena. arena_cstr adds the NUL that system calls want. */
str arena_str(arena *a, str s);
char *arena_cstr(arena *a, str s);

/* Bytes handed out since birth or reset: for tests and budgets. */
size_t arena_used(const arena *a);

#define NEW(a, type)      ((type *)arena_alloc((a), sizeof(type)))
#define NEW_N(a, type, n) ((type *)arena_alloc((a), mem_mul((n), sizeof(type))))

/* The two calls below are for what outlives every arena: snapshots, caches, the arenas themselves. */
void *mem_alloc(size_t n);             /* zeroed; never NULL: ends the process with code 70 */
void *mem_grow(void *p, size_t new_n); /* realloc; never NULL */
void mem_free(void *p);
void mem_trim(void); /* gives the pages that are free back to the system: after large work */
size_t mem_mul(size_t a, size_t b); /* a * b; ends the process when that overflows */

/* For the fault tests: the Nth allocation from now fails (1 is the next); 0 switches it off. */
void mem_fail_at(long n);

#endif
