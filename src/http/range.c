#include "http/range.h"

struct span {
	uint64_t from, end; /* end: the byte behind */
};

static bool number(str s, uint64_t *ret)
{
	int64_t v;

	if (s.n == 0 || s.p[0] == '-' || !str_to_i64(s, &v))
		return false;
	*ret = (uint64_t)v;
	return true;
}

/* "5-9", "5-" or "-5" (the last five). False when it is none of these; *RET_ANY false when it lies
 * behind the end. */
static bool span_parse(str s, uint64_t size, struct span *ret, bool *ret_any)
{
	str rest = str_trim(s), first = str_trim(str_cut(&rest, '-')), last;
	uint64_t from, to;

	if (!rest.p)
		return false;
	last = str_trim(rest);
	if (first.n == 0) {
		if (!number(last, &to))
			return false;
		*ret = (struct span){ to < size ? size - to : 0, size };
		*ret_any = to > 0 && size > 0;
		return true;
	}
	to = UINT64_MAX - 1;
	if (!number(first, &from) || (last.n && !number(last, &to)) || from > to)
		return false;
	*ret = (struct span){ from, MIN(to + 1, size) };
	*ret_any = from < size;
	return true;
}

static int by_start(const void *a, const void *b)
{
	const struct span *x = a, *y = b;

	return x->from < y->from ? -1 : x->from > y->from;
}

enum range range_parse(str value, uint64_t size, uint64_t *ret_from, uint64_t *ret_n)
{
	struct span spans[RANGES_MAX], all;
	size_t n = 0;
	bool any;

	if (!str_eq_nocase(str_to(value, 6), S("bytes=")))
		return RANGE_WHOLE;
	for (str rest = str_from(value, 6); rest.p;) {
		if (n == RANGES_MAX || !span_parse(str_cut(&rest, ','), size, &spans[n], &any))
			return RANGE_WHOLE;
		n += any;
	}
	if (n == 0)
		return RANGE_UNSATISFIABLE;
	qsort(spans, n, sizeof *spans, by_start);
	all = spans[0];
	for (size_t i = 1; i < n; i++) {
		if (spans[i].from > all.end)
			return RANGE_WHOLE;
		all.end = MAX(all.end, spans[i].end);
	}
	*ret_from = all.from;
	*ret_n = all.end - all.from;
	return RANGE_PART;
}
