/*
 * A search from beginning to end: words are looked up; sets of videos tell which may match; each of
 * these is looked at, and the best are listed. Read speech.h first.
 */
#include "index/speech_match.h"

/* --- The query made ready -------------------------------------------------------------------------- */

static bool source_known(const struct slot *slot, uint32_t stem)
{
	vec_each (struct source, x, &slot->sources)
		if (x->stem == stem)
			return true;
	return false;
}

static void add_source(struct asking *q, struct slot *slot, uint32_t stem, uint32_t from,
		       uint32_t to)
{
	const struct index *ix = &q->sp->words;
	uint32_t n = ix->stem_words_start[stem + 1] - ix->stem_words_start[stem];

	to = MIN(to, n);
	*vec_add(q->s->a, &slot->sources) = (struct source){ stem, from, to, from == 0 && to == n };
}

/* The words [from, to) by their stems: those of a stem stand in the order of the dictionary. */
static void add_words(struct asking *q, struct slot *slot, uint32_t from, uint32_t to)
{
	const struct index *ix = &q->sp->words;

	for (uint32_t w = from; w < to; w++) {
		uint32_t stem = ix->word_stem[w], first = q->sp->variant[w], last = first;
		const uint32_t *words = ix->stem_words + ix->stem_words_start[stem];
		uint32_t n = ix->stem_words_start[stem + 1] - ix->stem_words_start[stem];

		if (first > 0 && words[first - 1] >= from)
			continue; /* its stem is in already */
		while (last < n && words[last] < to)
			last++;
		add_source(q, slot, stem, first, last);
	}
}

/* The place of a word among the slots; M is of it. PAIR: of the pair that it begins, or UINT32_MAX. */
static uint32_t slot_of(struct asking *q, const struct matcher *m, uint32_t pair)
{
	struct slot *slot;

	vec_each (struct slot, old, &q->slots)
		if (old->pair == pair && matchers_same(&old->matcher, m))
			return (uint32_t)(old - q->slots.p);
	slot = vec_add(q->s->a, &q->slots);
	slot->matcher = *m;
	slot->pair = pair;
	if (pair != UINT32_MAX)
		*vec_add(q->s->a, &slot->sources) =
			(struct source){ q->sp->words.stem_names.n + pair, 0, 1, true };
	else if (m->how != QUERY_STEM)
		add_words(q, slot, m->from, m->to);
	else
		for (uint32_t i = 0; i < m->n_stems; i++)
			if (!source_known(slot, m->stems[i]))
				add_source(q, slot, m->stems[i], 0, UINT32_MAX);
	slot_fill(q, slot);
	return (uint32_t)(slot - q->slots.p);
}

static void set_and_into(const struct asking *q, uint64_t *set, const uint64_t *by)
{
	for (size_t i = 0; i < q->words; i++)
		set[i] &= by[i];
}

static void set_or_into(const struct asking *q, uint64_t *set, const uint64_t *by)
{
	for (size_t i = 0; i < q->words; i++)
		set[i] |= by[i];
}

static uint64_t *set_of_all(struct asking *q)
{
	uint64_t *r = NEW_N(q->s->a, uint64_t, q->words);

	bits_add_range(r, 0, q->sp->n_videos);
	return r;
}

static bool set_is_empty(const struct asking *q, const uint64_t *set)
{
	for (size_t i = 0; i < q->words; i++)
		if (set[i])
			return false;
	return true;
}

/* The pair of two words; UINT32_MAX: they are none. */
static uint32_t pair_of(const struct asking *q, const struct matcher *a, const struct matcher *b)
{
	if (a->how != QUERY_EXACT || b->how != QUERY_EXACT || a->from == a->to || b->from == b->to)
		return UINT32_MAX;
	return speech_pairs_find(&q->sp->pairs, a->from, b->from);
}

/* Adds a part; false when it is nowhere with those before. */
static bool ready_part(struct asking *q, struct sequence *x, struct part *parts,
		       const struct matcher *m, uint32_t place, uint32_t pair)
{
	uint32_t slot = slot_of(q, m, pair);

	parts[x->n++] = (struct part){ slot, place };
	set_and_into(q, x->set, q->slots.p[slot].set);
	return !set_is_empty(q, x->set);
}

/* Words that follow one another, unless one of them is nowhere. */
static void ready_sequence(struct asking *q, struct reading *r, const struct query_word *w,
			   uint32_t n)
{
	struct part *parts = NEW_N(q->s->a, struct part, n);
	struct matcher *m = NEW_N(q->s->a, struct matcher, n);
	struct sequence x = { parts, 0, n, set_of_all(q), NEW_N(q->s->a, struct phrase_part, n) };
	uint32_t covered = 0; /* words before this one */

	for (uint32_t i = 0; i < n; i++)
		m[i] = matcher_of(&q->m, &w[i]);
	for (uint32_t i = 0; i < n; i++) {
		uint32_t pair = i + 1 < n ? pair_of(q, &m[i], &m[i + 1]) : UINT32_MAX;

		if (pair == UINT32_MAX && covered > i)
			continue;
		if (!ready_part(q, &x, parts, &m[i], i, pair))
			return;
		covered = pair == UINT32_MAX ? i + 1 : i + 2;
	}
	*vec_add(q->s->a, &r->any) = x;
	set_or_into(q, r->set, x.set);
}

static void ready_pattern(struct asking *q, struct reading *r, const struct query_pattern *p)
{
	struct query_word *parts;
	uint32_t n = take_apart(&q->m, p, &parts);

	ready_sequence(q, r, p->words, (uint32_t)p->n);
	if (n != p->n)
		ready_sequence(q, r, parts, n);
}

static void ready_leaf(struct asking *q, struct speech_clause *c, const struct query_leaf *from)
{
	struct speech_leaf *leaf = vec_add(q->s->a, &c->leaves);
	uint64_t *all = set_of_all(q);

	leaf->is = from;
	leaf->any.set = NEW_N(q->s->a, uint64_t, q->words);
	for (size_t i = 0; i < from->n_any; i++)
		ready_pattern(q, &leaf->any, &from->any[i]);
	for (size_t i = 0; i < from->n_all; i++) {
		struct reading *r = vec_add(q->s->a, &leaf->all);

		r->set = NEW_N(q->s->a, uint64_t, q->words);
		ready_pattern(q, r, &from->all[i]);
		set_and_into(q, all, r->set);
	}
	if (from->negated)
		return;
	set_or_into(q, c->set, leaf->any.set);
	if (from->n_all)
		set_or_into(q, c->set, all);
}

static bool may_be_free(const struct query_leaf *leaf)
{
	return leaf->negated || (leaf->forced && leaf->n_tags);
}

static void ready_clause(struct asking *q, const struct query_clause *from)
{
	struct speech_clause *c = vec_add(q->s->a, &q->clauses);
	bool free = false;
	uint32_t df = 0;

	c->set = NEW_N(q->s->a, uint64_t, q->words);
	for (size_t i = 0; i < from->n; i++) {
		ready_leaf(q, c, &from->leaves[i]);
		free |= may_be_free(&from->leaves[i]);
	}
	for (size_t i = 0; i < q->words; i++)
		df += (uint32_t)__builtin_popcountll(c->set[i]);
	c->idf = df ? bm25_idf(&q->sp->words, df) : 0;
	if (!free)
		set_and_into(q, q->set, c->set);
}

/* The slot of a clause that asks for one word or pair; NULL: it is no such clause. */
static struct slot *lone_slot(struct asking *q, const struct speech_clause *c)
{
	const struct speech_leaf *leaf = c->leaves.p;
	struct slot *slot;

	if (c->leaves.n != 1 || may_be_free(leaf->is) || leaf->all.n || leaf->any.any.n != 1 ||
	    leaf->any.any.p[0].n != 1)
		return NULL;
	slot = &q->slots.p[leaf->any.any.p[0].parts[0].slot];
	return slot->sources.n == 1 && slot->sources.p[0].whole ? slot : NULL;
}

static const uint8_t *known_together(const struct asking *q)
{
	const struct speech_clause *c = q->clauses.p;

	if (q->clauses.n != 2 || !c[0].lone || !c[1].lone)
		return NULL;
	return speech_together(q->sp, c[0].lone->sources.p[0].stem, c[1].lone->sources.p[0].stem);
}

static struct asking asking_begin(const struct speech *sp, struct speech_scratch *s,
				  const struct speech_request *rq)
{
	struct asking q = { .sp = sp, .s = s, .rq = rq, .words = bits_words(sp->n_videos) };

	arena_reset(s->a);
	s->heads.n = 0;
	q.m = (struct matching){ .ix = &sp->words, .s = s->words, .a = s->a };
	q.m.langs = sp->words.langs | (rq->query ? TEXT_LANG_BIT(rq->query->lang) : 0);
	q.set = set_of_all(&q);
	for (size_t i = 0; rq->query && i < rq->query->n; i++)
		ready_clause(&q, &rq->query->clauses[i]);
	vec_each (struct speech_clause, c, &q.clauses)
		c->lone = lone_slot(&q, c);
	q.together = known_together(&q);
	return q;
}

/* --- The best videos -------------------------------------------------------------------------------- */

struct ranked {
	uint32_t video;
	bool complete;
	double score;
};

static int by_rank(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;

	if (x->complete != y->complete)
		return x->complete ? -1 : 1;
	if (x->score != y->score)
		return x->score > y->score ? -1 : 1;
	return x->video < y->video ? -1 : x->video > y->video;
}

enum {
	INSERTED_MAX = 256
}; /* pages that end so early are kept sorted; others are sorted at the end */

struct page {
	struct ranked *p;
	size_t n, max; /* max: of those that are wanted */
};

static void page_add(struct page *page, struct ranked r)
{
	size_t at;

	if (page->max > INSERTED_MAX) {
		page->p[page->n++] = r;
		return;
	}
	if (page->n == page->max) { /* full */
		if (page->n == 0 || by_rank(&r, &page->p[page->n - 1]) > 0)
			return;
		page->n--;
	}
	for (at = page->n++; at > 0 && by_rank(&r, &page->p[at - 1]) < 0; at--)
		page->p[at] = page->p[at - 1];
	page->p[at] = r;
}

static bool admits(const struct asking *q, uint32_t video)
{
	return !q->rq->admits || q->rq->admits(q->rq->ctx, q->sp->video[video]);
}

/* That VIDEO matches; whether it is counted and listed. */
static bool lists(const struct asking *q, uint32_t video)
{
	const struct speech_request *rq = q->rq;

	if (rq->matching)
		bits_add(rq->matching, q->sp->video[video]);
	return !rq->lists || rq->lists(rq->ctx, q->sp->video[video]);
}

/* A query of one posting: its heads say it all. */
static void look_at_heads(struct asking *q, struct page *page, struct speech_result *ret)
{
	const struct speech_clause *c = q->clauses.p;
	const struct head *h = q->s->heads.p + c->lone->head, *end = h + c->lone->n_heads;

	for (; h < end; h++) {
		if (!admits(q, h->video) || !lists(q, h->video))
			continue;
		ret->videos++;
		ret->moments += h->moments;
		page_add(page, (struct ranked){ h->video, true,
						speech_score(q, c, h->moments, h->video) });
	}
	ret->complete = ret->videos;
}

static void look_at_videos(struct asking *q, struct page *page, struct speech_result *ret)
{
	bits_each(v, q->set, q->words)
	{
		struct looked r;

		if (!admits(q, v))
			continue;
		r = speech_look(q, v, false);
		if (!r.matches || !lists(q, v))
			continue;
		ret->videos++;
		ret->complete += r.complete;
		ret->moments += r.moments;
		page_add(page, (struct ranked){ v, r.complete, r.score });
	}
}

static struct page look_at_all(struct asking *q, struct speech_result *ret)
{
	const struct speech *sp = q->sp;
	size_t wanted = MIN(q->rq->count, (size_t)sp->n_videos) +
			MIN(q->rq->first, (size_t)sp->n_videos);
	struct page page = { .max = wanted };
	size_t room = wanted > INSERTED_MAX ? sp->n_videos : wanted;

	page.p = arena_alloc_raw(q->s->a, room * sizeof *page.p);
	if (q->clauses.n == 1 && q->clauses.p[0].lone)
		look_at_heads(q, &page, ret);
	else
		look_at_videos(q, &page, ret);
	if (page.max > INSERTED_MAX && page.n)
		qsort(page.p, page.n, sizeof *page.p, by_rank);
	page.n = MIN(page.n, wanted);
	return page;
}

/* --- Their moments ---------------------------------------------------------------------------------- */

/* How gladly a document is shown: its very code, its language, any. */
static int liking(const struct asking *q, uint32_t document)
{
	const struct speech_document *d = &q->sp->documents[document];
	enum text_lang lang = text_lang_of(q->rq->preferred);

	if (q->rq->preferred.n && str_eq_nocase(d->code, q->rq->preferred))
		return 2;
	return lang != TEXT_OTHER && d->lang == lang;
}

static void show_span(const struct asking *q, uint32_t video, uint32_t document, struct span at,
		      struct speech_moment *m)
{
	const struct speech *sp = q->sp;
	uint32_t from = video_cue(sp, video);

	if (m->tracks == 0 || liking(q, document) > liking(q, m->document)) {
		m->document = document;
		m->cue = at.first + from - sp->document_cue[document];
		m->last = at.last + from - sp->document_cue[document];
		m->start = sp->cue_start[at.first + from];
		m->end = sp->cue_end[at.last + from];
	}
	m->tracks |= (uint64_t)1 << (document - sp->video_document[video]);
}

static struct speech_hit list_moments(struct asking *q, arena *a, uint32_t video)
{
	const struct speech *sp = q->sp;
	struct looked r = speech_look(q, video, true);
	uint32_t document = sp->video_document[video], from = video_cue(sp, video), *of;
	const struct span *s = q->s->spans.p + r.from;
	struct speech_hit hit = { sp->video[video],
				  document,
				  video_tracks(sp, video),
				  r.complete,
				  arena_alloc(a, r.moments * sizeof *hit.moments),
				  r.moments };

	q->s->numbers.n = 0;
	of = list_room(&q->s->numbers, r.n);
	if (hit.n_documents > 1 && r.n)
		speech_merge(sp, video, s, (uint32_t)r.n, of);
	for (uint32_t i = 0; i < r.n; i++) {
		struct speech_moment *m = &hit.moments[hit.n_documents > 1 ? of[i] : i];

		while (s[i].first + from >= sp->document_cue[document + 1])
			document++;
		show_span(q, video, document, s[i], m);
		m->complete = r.complete;
	}
	return hit;
}

void speech_search(const struct speech *sp, struct speech_scratch *s, arena *a,
		   const struct speech_request *rq, struct speech_result *ret)
{
	struct asking q = asking_begin(sp, s, rq);
	struct page page;

	*ret = (struct speech_result){ 0 };
	page = look_at_all(&q, ret);
	if (page.n <= rq->first)
		return;
	ret->hits = NEW_N(a, struct speech_hit, page.n - rq->first);
	for (size_t i = rq->first; i < page.n; i++)
		ret->hits[ret->n_hits++] = list_moments(&q, a, page.p[i].video);
}

/* --- Room, and marking ------------------------------------------------------------------------------ */

struct speech_scratch *speech_scratch_new(void)
{
	struct speech_scratch *s = mem_alloc(sizeof *s);

	s->words = index_scratch_new();
	s->a = arena_new();
	return s;
}

void speech_scratch_free(struct speech_scratch *s)
{
	if (!s)
		return;
	index_scratch_free(s->words);
	arena_free(s->a);
	mem_free(s->heads.p);
	mem_free(s->spans.p);
	mem_free(s->apart.p);
	mem_free(s->numbers.p);
	mem_free(s->bits.p);
	mem_free(s->lanes.p);
	mem_free(s->cues.p);
	mem_free(s->places.p);
	mem_free(s->others.p);
	mem_free(s);
}

struct index_marker *speech_marker(const struct speech *sp, struct speech_scratch *s, arena *a,
				   const struct query *q)
{
	return index_marker_new(&sp->words, s->words, a, q);
}

size_t speech_unknown(const struct speech *sp, struct speech_scratch *s, arena *a,
		      const struct query *q, struct index_unknown **ret)
{
	struct matching m = { .ix = &sp->words, .s = s->words, .a = a };

	m.langs = sp->words.langs | TEXT_LANG_BIT(q->lang);
	return unknown_words(&m, q, ret);
}
