#include "text/near.h"

enum { LONGEST = 128 };

/* Optimal string alignment: three rows of the table are enough. */
size_t near_distance(str a, str b, size_t limit)
{
	uint8_t rows[3][LONGEST + 1] = { { 0 } }, *before = rows[0], *above = rows[1],
				  *row = rows[2];

	a = str_to(a, LONGEST);
	b = str_to(b, LONGEST);
	if ((a.n > b.n ? a.n - b.n : b.n - a.n) > limit)
		return limit + 1;
	for (size_t j = 0; j <= b.n; j++)
		above[j] = (uint8_t)j;
	for (size_t i = 1; i <= a.n; i++) {
		uint8_t *next = before, least;

		row[0] = least = (uint8_t)i;
		for (size_t j = 1; j <= b.n; j++) {
			int cost = a.p[i - 1] != b.p[j - 1];
			int best = MIN(MIN(above[j], row[j - 1]) + 1, above[j - 1] + cost);

			if (i > 1 && j > 1 && a.p[i - 1] == b.p[j - 2] && a.p[i - 2] == b.p[j - 1])
				best = MIN(best, before[j - 2] + 1);
			row[j] = (uint8_t)best;
			least = MIN(least, row[j]);
		}
		if (least > limit)
			return limit + 1;
		before = above;
		above = row;
		row = next;
	}
	return above[b.n];
}

/* One slip in four letters is a misspelling; more is another word. */
struct near near_begin(str wanted)
{
	return (struct near){ .wanted = wanted,
			      .distance = MIN(wanted.n, (size_t)LONGEST) / 4 + 1 };
}

void near_offer(struct near *n, str folded, str shown)
{
	size_t d;

	if (n->distance == 0)
		return;
	d = near_distance(n->wanted, folded, n->distance - 1);
	if (d < n->distance) {
		n->distance = d;
		n->best = shown;
	}
}

/* Each round looks for the nearest that is not taken yet. */
size_t near_several(str wanted, const struct near_name *names, size_t n, str *ret, size_t max)
{
	size_t taken = 0;

	while (taken < max) {
		struct near near = near_begin(wanted);

		for (size_t i = 0; i < n; i++) {
			bool again = false;

			for (size_t k = 0; k < taken; k++)
				again |= str_eq(ret[k], names[i].shown);
			if (!again)
				near_offer(&near, names[i].folded, names[i].shown);
		}
		if (!near.best.p)
			break;
		ret[taken++] = near.best;
	}
	return taken;
}
