/*
 * What a query finds in one video. Spans of cues come from the words (speech_hits.c); those of several
 * words that are near one another become spans of their own; what is left are the moments.
 */
#include "index/speech_match.h"

static int by_last(const void *a, const void *b)
{
	const struct span *x = a, *y = b;

	if (x->last != y->last)
		return x->last < y->last ? -1 : 1;
	return x->first < y->first ? -1 : x->first > y->first;
}

static int by_first(const void *a, const void *b)
{
	const struct span *x = a, *y = b;

	return x->first != y->first ? (x->first < y->first ? -1 : 1) : by_last(a, b);
}

/* Sorts the spans from FROM on, each once. ORDER tells any two apart. */
static void tidy_spans(struct speech_scratch *s, size_t from,
		       int (*order)(const void *, const void *))
{
	struct span *p = s->spans.p + from;
	size_t n = s->spans.n - from, kept = 0;

	if (n < 2)
		return;
	qsort(p, n, sizeof *p, order);
	for (size_t i = 0; i < n; i++)
		if (kept == 0 || order(&p[kept - 1], &p[i]) != 0)
			p[kept++] = p[i];
	s->spans.n = from + kept;
}

/* --- Near one another ----------------------------------------------------------------------------- */

/* The lane's next span that begins at cue FROM or later; NULL when there is none. */
static inline const struct span *lane_next(struct lane *l, const struct span *s, uint32_t from)
{
	while (l->at < l->end && s[l->at].first < from)
		l->at++;
	return l->at < l->end ? &s[l->at] : NULL;
}

/* Takes the spans that end no later than cue END; the one that begins last counts. */
static inline void lane_take(struct lane *l, const struct span *s, uint32_t from, uint32_t end)
{
	for (; l->at < l->end && s[l->at].last <= end; l->at++) {
		uint32_t first = s[l->at].first;

		if (first >= from && (!l->has || first > l->latest)) {
			l->latest = first;
			l->has = true;
		}
	}
}

/* Adds a span for each place in a document where every one of N lanes has one nearby. As soon as that is so
 * the place is taken, and the next begins behind it. Only words that are too far back are waited for. */
static void sweep_document(struct speech_scratch *s, const uint32_t *start, struct lane *l,
			   uint32_t n)
{
	uint32_t from = 0, end = 0, first;

	for (;;) {
		uint32_t far = 0;

		for (uint32_t i = 0; i < n; i++) {
			const struct span *next;

			if (l[i].has)
				continue;
			next = lane_next(&l[i], s->spans.p, from);
			if (!next)
				return;
			end = MAX(end, next->last);
		}
		for (uint32_t i = 0; i < n; i++) {
			lane_take(&l[i], s->spans.p, from, end);
			far = l[i].latest < l[far].latest ? i : far;
		}
		first = l[far].latest;
		if (n > 1 && (int64_t)start[end] - start[first] > SPEECH_NEAR_MS) {
			l[far].has = false;
			continue;
		}
		*list_add(&s->spans) = (struct span){ first, end };
		from = end + 1;
		for (uint32_t i = 0; i < n; i++)
			l[i].has = false;
	}
}

/* The same in a video, document by document. */
static void sweep(struct asking *q, uint32_t video, struct lane *l, uint32_t n)
{
	const struct speech *sp = q->sp;
	struct speech_scratch *s = q->s;
	uint32_t first = video_cue(sp, video), tracks = video_tracks(sp, video);
	const uint32_t *cues = sp->document_cue + sp->video_document[video];

	for (uint32_t t = 1; t <= tracks; t++) {
		for (uint32_t i = 0; i < n; i++) {
			l[i].has = false;
			l[i].end = t == tracks ? l[i].stop : l[i].at;
			while (l[i].end < l[i].stop && s->spans.p[l[i].end].first + first < cues[t])
				l[i].end++;
		}
		sweep_document(s, sp->cue_start + first, l, n);
		for (uint32_t i = 0; i < n; i++)
			l[i].at = l[i].end;
	}
}

/* Takes the spans [from, to) out. */
static void drop_spans(struct speech_scratch *s, size_t from, size_t to)
{
	if (s->spans.n > to && to > from)
		memmove(s->spans.p + from, s->spans.p + to, (s->spans.n - to) * sizeof *s->spans.p);
	s->spans.n -= to - from;
}

/* --- Leaves and clauses --------------------------------------------------------------------------- */

/* Returns how many sequences may have added spans. */
static uint32_t find_reading(struct asking *q, const struct reading *r, uint32_t video)
{
	uint32_t n = 0;

	vec_each (struct sequence, x, &r->any)
		if (bits_has(x->set, video)) {
			sequence_find(q, x, video);
			n++;
		}
	return n;
}

/* All words of a concept: where they are near they are a span. Returns whether all are there. */
static bool find_all(struct asking *q, const struct speech_leaf *leaf, uint32_t video)
{
	struct speech_scratch *s = q->s;
	size_t from = s->spans.n, apart = s->apart.n, to;
	uint32_t n = 0;

	vec_each (struct reading, r, &leaf->all)
		if (!bits_has(r->set, video))
			return false;
	vec_each (struct reading, r, &leaf->all) {
		size_t at = s->spans.n;

		if (find_reading(q, r, video) > 1)
			tidy_spans(s, at, by_last);
		if (s->spans.n == at) {
			s->spans.n = from;
			s->apart.n = apart;
			return false;
		}
		s->lanes.n = n;
		*list_add(&s->lanes) = (struct lane){ .at = at, .stop = s->spans.n };
		n++;
		*list_add(&s->apart) = s->spans.p[at];
	}
	to = s->spans.n;
	sweep(q, video, s->lanes.p, n);
	drop_spans(s, from, to);
	return true;
}

static bool has_tag(const struct asking *q, const struct query_leaf *leaf, uint32_t video)
{
	bool asked = q->rq->has_tag && (leaf->forced || leaf->negated);

	for (size_t i = 0; asked && i < leaf->n_tags; i++)
		if (q->rq->has_tag(q->rq->ctx, q->sp->video[video], leaf->tags[i]))
			return true;
	return false;
}

static bool leaf_holds(struct asking *q, const struct speech_leaf *leaf, uint32_t video)
{
	struct speech_scratch *s = q->s;
	size_t from = s->spans.n, apart = s->apart.n;
	bool holds = has_tag(q, leaf->is, video);

	if (!holds) {
		find_reading(q, &leaf->any, video);
		holds = s->spans.n > from || (leaf->all.n && find_all(q, leaf, video));
	}
	s->spans.n = from;
	s->apart.n = apart;
	return holds;
}

/* The head of a clause that is one posting; videos are asked for in order. */
static inline const struct head *next_head(struct asking *q, struct slot *slot, uint32_t video)
{
	const struct head *h = q->s->heads.p + slot->head;

	while (h[slot->at].video < video)
		slot->at++;
	return h + slot->at;
}

/* The one head that tells all about a clause in a video; none when it takes more. */
static struct lone lone_of(struct asking *q, const struct speech_clause *c, uint32_t video)
{
	static const struct lone none;
	const struct sequence *lone = NULL;
	struct slot *slot;
	const struct head *h;

	vec_each (struct speech_leaf, leaf, &c->leaves) {
		if (leaf->is->negated || leaf->all.n || (leaf->is->forced && leaf->is->n_tags))
			return none;
		vec_each (struct sequence, x, &leaf->any.any) {
			if (!bits_has(x->set, video))
				continue;
			if (lone || x->n > 1) /* parts */
				return none;
			lone = x;
		}
	}
	if (!lone)
		return none;
	slot = &q->slots.p[lone->parts[0].slot];
	if (slot_heads(q, slot, video, &h) != 1 || !slot->sources.p[h->source].whole)
		return none;
	return (struct lone){ slot, h };
}

static void find_clause(struct asking *q, struct speech_clause *c, uint32_t video)
{
	struct speech_scratch *s = q->s;
	uint32_t runs = 0;

	c->from = s->spans.n;
	c->apart = s->apart.n;
	vec_each (struct speech_leaf, leaf, &c->leaves) {
		size_t apart = s->apart.n;

		if (leaf->is->negated) {
			c->free |= !leaf_holds(q, leaf, video);
			continue;
		}
		c->free |= has_tag(q, leaf->is, video);
		runs += find_reading(q, &leaf->any, video);
		if (leaf->all.n) {
			find_all(q, leaf, video);
			runs++;
		}
		if (s->apart.n > apart && apart > c->apart)
			s->apart.n = apart; /* the words of one leaf are enough */
	}
	if (runs > 1)
		tidy_spans(s, c->from, by_last);
	c->n = s->spans.n - c->from;
	c->n_apart = s->apart.n - c->apart;
}

/* --- Moments -------------------------------------------------------------------------------------- */

uint32_t speech_count(const struct asking *q, uint32_t video, size_t from, size_t n)
{
	if (n == 0 || video_tracks(q->sp, video) == 1)
		return (uint32_t)n;
	return speech_merge(q->sp, video, q->s->spans.p + from, (uint32_t)n, NULL);
}

/* The moments of a clause alone. */
static uint32_t count_alone(struct asking *q, const struct speech_clause *c, uint32_t video)
{
	struct lane lane = { .at = c->from, .stop = c->from + c->n };
	size_t from = q->s->spans.n;
	uint32_t moments;

	sweep(q, video, &lane, 1);
	moments = speech_count(q, video, from, q->s->spans.n - from);
	q->s->spans.n = from;
	return moments;
}

/* Does the clause bind moments? Where all hold anyhow, those that are said are shown. */
static bool binds(const struct speech_clause *c, bool all_free)
{
	return c->n && (all_free || !c->free);
}

/* The first place of each clause, or of each word of it. */
static void find_apart(struct asking *q, bool all_free)
{
	struct speech_scratch *s = q->s;
	size_t from = s->spans.n;

	vec_each (struct speech_clause, c, &q->clauses) {
		if (binds(c, all_free)) {
			struct span first = s->spans.p[c->from];

			*list_add(&s->spans) = first;
		} else if (!c->free) {
			for (size_t i = 0; i < c->n_apart; i++)
				*list_add(&s->spans) = s->apart.p[c->apart + i];
		}
	}
	/* A phrase may begin before a word and end behind it: places are told by their beginnings. */
	tidy_spans(s, from, by_first);
}

static void find_moments(struct asking *q, uint32_t video, bool all_free, bool apart,
			 struct looked *r)
{
	struct speech_scratch *s = q->s;
	uint32_t n = 0;

	r->from = s->spans.n;
	s->lanes.n = 0;
	vec_each (struct speech_clause, c, &q->clauses)
		if (binds(c, all_free)) {
			*list_add(&s->lanes) = (struct lane){ .at = c->from,
							      .stop = c->from + c->n };
			n++;
		}
	if (n && !apart)
		sweep(q, video, s->lanes.p, n);
	r->complete = !apart && (n == 0 || s->spans.n > r->from);
	if (!r->complete)
		find_apart(q, all_free);
	r->n = s->spans.n - r->from;
	r->moments = speech_count(q, video, r->from, r->n);
}

/* What each clause finds; false when one does not hold. */
static bool find_clauses(struct asking *q, uint32_t video, bool *ret_all_free, bool *ret_apart)
{
	bool all_free = true, apart = false;

	vec_each (struct speech_clause, c, &q->clauses) {
		c->free = false;
		find_clause(q, c, video);
		if (c->n == 0 && c->n_apart == 0 && !c->free)
			return false;
		all_free &= c->free;
		apart |= !c->free && c->n == 0;
	}
	*ret_all_free = all_free;
	*ret_apart = apart;
	return true;
}

/* The moments of a clause alone: its rank. ALL: those of the query. */
static uint32_t clause_moments(struct asking *q, const struct speech_clause *c, uint32_t video,
			       const struct looked *all)
{
	const struct head *lone;

	if (c->n == 0)
		return c->n_apart > 0;
	if (q->clauses.n == 1)
		return all->moments;
	lone = lone_of(q, c, video).head;
	return lone ? lone->moments : count_alone(q, c, video);
}

/* Where each clause is told by one head; false when it is not so. */
static bool look_near(struct asking *q, uint32_t video, bool spans, struct looked *r)
{
	struct lone *words = q->lone;
	double sum = 0;
	uint32_t n = (uint32_t)q->clauses.n;

	if (n < 2 || n > NEAR_WORDS_MAX || !q->sp->ordered)
		return false;
	for (uint32_t i = 0; i < n; i++) {
		const struct speech_clause *c = &q->clauses.p[i];

		if (c->lone && !spans)
			words[i] = (struct lone){ c->lone, next_head(q, c->lone, video) };
		else
			words[i] = lone_of(q, c, video);
		if (!words[i].head || words[i].slot->pair != UINT32_MAX)
			return false;
		sum += speech_score(q, c, words[i].head->moments, video);
	}
	r->score = sum;
	if (q->together && !spans)
		r->moments = q->together[video] % UINT8_MAX;
	if (r->moments == 0) {
		r->complete = near_find(q, video, words, n);
		r->n = q->s->spans.n;
		r->moments = speech_count(q, video, 0, r->n);
	}
	return true;
}

struct looked speech_look(struct asking *q, uint32_t video, bool spans)
{
	struct looked r = { .matches = true, .complete = true };
	bool all_free, apart;

	if (q->clauses.n == 1 && !spans) {
		const struct speech_clause *c = q->clauses.p;
		const struct head *h = c->lone ? next_head(q, c->lone, video)
					       : lone_of(q, c, video).head;

		if (h) {
			r.moments = h->moments;
			r.score = speech_score(q, c, h->moments, video);
			return r;
		}
	}
	if (look_near(q, video, spans, &r))
		return r;
	q->s->spans.n = q->s->apart.n = 0;
	r.matches = find_clauses(q, video, &all_free, &apart);
	if (!r.matches)
		return r;
	find_moments(q, video, all_free, apart, &r);
	vec_each (struct speech_clause, c, &q->clauses)
		r.score += speech_score(q, c, clause_moments(q, c, video, &r), video);
	return r;
}
