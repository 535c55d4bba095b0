/*
 * buf: output that grows. It is born with a maximum and lives in an arena. Its error is sticky: the
 * writing calls return nothing, and the one who gave birth asks once at the end.
 *
 *     buf out = buf_new(a, 1 << 20);
 *     buf_put(&out, S("a,b\n"));
 *     TRY(out.err);
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

typedef struct buf {
	arena *a;
	char *p;
	size_t n, cap, max;
	enum err err; /* OK or E_TOOBIG; once set, what is put is dropped */
} buf;

buf buf_new(arena *a, size_t max);

void buf_put(buf *b, str s);
void buf_byte(buf *b, char c);
void buf_i64(buf *b, int64_t v); /* decimal */
void buf_u64(buf *b, uint64_t v);

/* For messages. Not for HTML, JSON, URLs or SQL: those have writers that escape (text/). */
void buf_printf(buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Room for N more bytes to be written at the returned place, then buf_wrote. NULL when too big. */
char *buf_room(buf *b, size_t n);
void buf_wrote(buf *b, size_t n);

static inline str buf_str(const buf *b) /* a view: the next put may move it */
{
	return (str){ b->p, b->n };
}

static inline void buf_clear(buf *b)
{
	b->n = 0;
	b->err = OK;
}

#endif
