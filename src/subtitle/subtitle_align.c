/* Two languages of one video: which cues are read beside each other. */
#include "subtitle/subtitle.h"

static int64_t shared(const struct sub_cue *a, const struct sub_cue *b)
{
	int64_t from = MAX(a->start, b->start), to = MIN(a->end, b->end);

	return to - from;
}

/* The cue of F that C shares most time with, among those that begin last before C ends; STR_NONE: none.
 * LATEST[i]: the latest end of F's cues up to i, so that looking back can stop. */
static size_t partner(const struct sub_cue *c, const struct sub_file *f, const int64_t *latest)
{
	enum { LOOKED_AT = 256 }; /* a film that is all overlaps must not take minutes */
	size_t low = 0, high = f->cues.n, best = STR_NONE;
	int64_t most = 0;

	while (low < high) {
		size_t mid = (low + high) / 2;

		if (f->cues.p[mid].start < c->end)
			low = mid + 1;
		else
			high = mid;
	}
	for (size_t i = low; i-- > 0 && low - i <= LOOKED_AT && latest[i] > c->start;) {
		int64_t t = shared(c, &f->cues.p[i]);

		if (t > 0 && t >= most) {
			most = t;
			best = i;
		}
	}
	return best;
}

static void widen(struct sub_row *row, const struct sub_cue *c)
{
	row->start = MIN(row->start, c->start);
	row->end = MAX(row->end, c->end);
}

/* One side while rows are made: the next cue, and the end of the row under way. */
struct side {
	const struct sub_file *f;
	size_t *partners; /* of each cue, on the other side */
	size_t at, end;
};

static struct side side_of(arena *a, const struct sub_file *f, const struct sub_file *other)
{
	struct side s = { f, NEW_N(a, size_t, f->cues.n + 1), 0, 0 };
	int64_t *latest = NEW_N(a, int64_t, other->cues.n + 1);

	for (size_t i = 0; i < other->cues.n; i++)
		latest[i] = MAX(other->cues.p[i].end, i ? latest[i - 1] : 0);
	for (size_t i = 0; i < f->cues.n; i++)
		s.partners[i] = partner(&f->cues.p[i], other, latest);
	return s;
}

/* Takes the partners of X's cues from FROM on into the row, and those cues of Y that want one of them. */
static void pull(const struct side *x, size_t from, struct side *y)
{
	for (size_t i = from; i < x->end; i++)
		if (x->partners[i] != STR_NONE && x->partners[i] >= y->at)
			y->end = MAX(y->end, x->partners[i] + 1);
	while (y->end < y->f->cues.n && y->partners[y->end] != STR_NONE &&
	       y->partners[y->end] < x->end)
		y->end++;
}

static void take(struct side *s, struct sub_row *row, size_t *ret_first, size_t *ret_n)
{
	*ret_first = s->at;
	*ret_n = s->end - s->at;
	for (; s->at < s->end; s->at++)
		widen(row, &s->f->cues.p[s->at]);
}

size_t sub_align(arena *a, const struct sub_file *left, const struct sub_file *right,
		 struct sub_row **ret)
{
	struct side l = side_of(a, left, right), r = side_of(a, right, left);
	size_t n = 0;

	*ret = NEW_N(a, struct sub_row, left->cues.n + right->cues.n + 1);
	while (l.at < left->cues.n || r.at < right->cues.n) {
		bool left_first = l.at < left->cues.n &&
				  (r.at == right->cues.n ||
				   left->cues.p[l.at].start <= right->cues.p[r.at].start);
		struct sub_row *row = &(*ret)[n++];
		size_t seen_l = l.at, seen_r = r.at;

		*row = (struct sub_row){ .start = INT64_MAX };
		l.end = l.at + left_first;
		r.end = r.at + !left_first;
		while (seen_l < l.end || seen_r < r.end) { /* until nobody's partner is missing */
			size_t from_l = seen_l, from_r = seen_r;

			seen_l = l.end;
			pull(&l, from_l, &r);
			seen_r = r.end;
			pull(&r, from_r, &l);
		}
		take(&l, row, &row->left, &row->n_left);
		take(&r, row, &row->right, &row->n_right);
	}
	return n;
}
