#include "http/range.h"

struct span {
	uint64_t from, end; /* end: the byte behind */
};

/* Digits alone. What does not fit is as large as can be: it lies behind every file's end. */
static bool number(str s, uint64_t *ret)
{
	uint64_t v = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
		v = v > INT64_MAX / 10 - 1 ? INT64_MAX : v * 10 + (uint64_t)(s.p[i] - '0');
	}
	*ret = v;
	return s.n > 0;
}

/* "5-9", "5-" or "-5" (the last five). False when it is none of these; *RET_ANY false when nothing of it
 * lies in the file. */
static bool span_parse(str s, uint64_t size, struct span *ret, bool *ret_any)
{
	str last = s, first = str_cut(&last, '-');
	uint64_t from, to = INT64_MAX;

	if (!last.p)
		return false;
	if (first.n == 0) {
		if (!number(last, &to))
			return false;
		*ret = (struct span){ to < size ? size - to : 0, size };
		*ret_any = to > 0 && size > 0;
		return true;
	}
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

/* False: more parts are left than an answer sends. */
static bool merge(struct span *spans, size_t n, struct range_parts *ret)
{
	uint64_t end = 0;

	ret->n = 0;
	qsort(spans, n, sizeof *spans, by_start);
	for (size_t i = 0; i < n; i++) {
		if (ret->n == 0 || spans[i].from > end) {
			if (ret->n == RANGES_MAX)
				return false;
			ret->list[ret->n++].from = spans[i].from;
			end = spans[i].end;
		}
		end = MAX(end, spans[i].end);
		ret->list[ret->n - 1].n = end - ret->list[ret->n - 1].from;
	}
	return true;
}

enum range range_parse(str value, uint64_t size, struct range_parts *ret)
{
	struct span spans[RANGES_ASKED_MAX];
	size_t n = 0, asked = 0;
	bool any;

	if (!str_eq_nocase(str_to(value, 6), S("bytes=")))
		return RANGE_WHOLE;
	for (str rest = str_from(value, 6); rest.p;) {
		str one = str_trim(str_cut(&rest, ','));

		if (one.n == 0)
			continue; /* RFC 9110, 5.6.1.2: an element may be empty */
		if (asked++ == RANGES_ASKED_MAX || !span_parse(one, size, &spans[n], &any))
			return RANGE_WHOLE;
		n += any;
	}
	if (asked == 0)
		return RANGE_WHOLE;
	if (n == 0)
		return RANGE_UNSATISFIABLE;
	return merge(spans, n, ret) ? RANGE_PARTS : RANGE_WHOLE;
}
