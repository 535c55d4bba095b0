/*
 * Building: cues are read into words as they come; then documents are put in the order of their videos,
 * and the words' places are gathered by stem and packed. Gathering takes a pass over all words for each
 * some millions of hits, so that little memory is needed beside the words themselves.
 */
#include "index/build.h"
#include "index/speech_part.h"

enum { BATCH_HITS = 4 << 20 };

struct spoken_document {
	struct speech_document is;
	uint32_t cue; /* its first, as they were added */
};

struct spoken_cue {
	uint32_t start, end;
	uint32_t token; /* its first */
};

struct speech_builder {
	struct index_builder *words;
	LIST(struct spoken_document) documents;
	LIST(struct spoken_cue) cues;
};

struct speech_builder *speech_builder_new(void)
{
	static const struct index_schema none = { 0 };
	struct speech_builder *b = mem_alloc(sizeof *b);

	b->words = index_builder_new(&none);
	return b;
}

static void builder_drop(struct speech_builder *b)
{
	mem_free(b->documents.p);
	mem_free(b->cues.p);
	mem_free(b);
}

void speech_builder_free(struct speech_builder *b)
{
	if (!b)
		return;
	index_builder_free(b->words);
	builder_drop(b);
}

void speech_add_document(struct speech_builder *b, uint32_t video, enum text_lang lang, str code,
			 bool spoken)
{
	*list_add(&b->documents) = (struct spoken_document){
		{ video, lang, arena_str(b->words->a, code), spoken, 0 }, (uint32_t)b->cues.n
	};
	b->words->langs |= TEXT_LANG_BIT(lang);
}

static uint32_t time_of(int64_t ms)
{
	return (uint32_t)MIN(MAX(ms, 0), UINT32_MAX - 1);
}

void speech_add_cue(struct speech_builder *b, int64_t start_ms, int64_t end_ms, str text)
{
	struct spoken_document *d;
	uint32_t start = time_of(start_ms);

	if (b->documents.n == 0)
		return;
	d = &b->documents.p[b->documents.n - 1];
	*list_add(&b->cues) = (struct spoken_cue){ start, MAX(start, time_of(end_ms)),
						   (uint32_t)b->words->tokens.n };
	d->is.n_cues++;
	build_read(b->words, d->is.lang, text);
}

/* --- Documents and cues in order ------------------------------------------------------------------ */

static int by_video(const void *a, const void *b)
{
	const struct spoken_document *x = a, *y = b;

	if (x->is.video != y->is.video)
		return x->is.video < y->is.video ? -1 : 1;
	return x->cue < y->cue ? -1 : x->cue > y->cue;
}

/* Sorts the documents and leaves out those that are too many; those without cues are nothing. */
static void order_documents(struct speech_builder *b)
{
	struct spoken_document *d = b->documents.p;
	size_t n = 0;
	uint32_t tracks = 0;

	if (b->documents.n)
		qsort(d, b->documents.n, sizeof *d, by_video);
	for (size_t i = 0; i < b->documents.n; i++) {
		if (d[i].is.n_cues == 0)
			continue;
		tracks = n && d[n - 1].is.video == d[i].is.video ? tracks + 1 : 0;
		if (tracks < SPEECH_TRACKS_MAX)
			d[n++] = d[i];
	}
	b->documents.n = n;
}

/* The cues of a document, and how many words they have. */
static uint32_t fill_cues(const struct speech_builder *b, struct speech *sp,
			  const struct spoken_document *d, uint32_t position)
{
	uint32_t *at = (uint32_t *)(uintptr_t)sp->cue_position + sp->n_cues;
	uint32_t *start = (uint32_t *)(uintptr_t)sp->cue_start + sp->n_cues;
	uint32_t *end = (uint32_t *)(uintptr_t)sp->cue_end + sp->n_cues;
	const struct spoken_cue *c = b->cues.p + d->cue;

	for (uint32_t i = 0; i < d->is.n_cues; i++) {
		start[i] = c[i].start;
		end[i] = c[i].end;
		at[i] = position + c[i].token - c[0].token;
	}
	sp->n_cues += d->is.n_cues;
	return b->cues.p[d->cue + d->is.n_cues].token - c[0].token;
}

static void fill_documents(struct speech_builder *b, struct speech *sp)
{
	arena *a = b->words->a;
	size_t n = b->documents.n, n_cues = b->cues.n - 1;
	uint32_t *video = NEW_N(a, uint32_t, n), *starts = NEW_N(a, uint32_t, n + 1);
	uint32_t *length = NEW_N(a, uint32_t, n), *first = NEW_N(a, uint32_t, n + 1);
	uint32_t *position = NEW_N(a, uint32_t, n_cues + 1), at = 0, v = 0;
	struct speech_document *documents = NEW_N(a, struct speech_document, n);

	sp->cue_position = position;
	sp->cue_start = NEW_N(a, uint32_t, n_cues);
	sp->cue_end = NEW_N(a, uint32_t, n_cues);
	for (uint32_t i = 0; i < n; i++) {
		uint32_t words = fill_cues(b, sp, &b->documents.p[i], at);

		documents[i] = b->documents.p[i].is;
		first[i + 1] = sp->n_cues;
		if (i == 0 || documents[i].video != documents[i - 1].video)
			video[v++] = documents[i].video;
		starts[v] = i + 1;
		length[v - 1] += words;
		at += words + 1;
	}
	position[sp->n_cues] = at;
	sp->n_documents = (uint32_t)n;
	sp->n_videos = v;
	sp->video = video;
	sp->video_document = starts;
	sp->video_length = length;
	sp->documents = documents;
	sp->document_cue = first;
	sp->words.n_units = v;
	sp->words.mean_length = v && at > n ? (double)(at - n) / v : 1;
}

/* --- Words ---------------------------------------------------------------------------------------- */

static void fill_words(struct speech_builder *b, struct speech *sp)
{
	struct index *ix = &sp->words;
	uint32_t *tokens = NEW_N(b->words->tmp, uint32_t, 2), *variant;

	tokens[1] = (uint32_t)b->words->tokens.n;
	ix->a = b->words->a;
	ix->langs = b->words->langs;
	ix->compounds = b->words->compounds;
	ix->compound_words = b->words->compound_words.p;
	ix->tokens = b->words->tokens.p;
	ix->item_token = tokens; /* all is one item: build_words asks only how many there are */
	ix->n_items = 1;
	build_words(b->words, ix);
	variant = NEW_N(ix->a, uint32_t, ix->word_names.n);
	for (uint32_t s = 0; s < ix->stem_names.n; s++)
		for (uint32_t i = ix->stem_words_start[s]; i < ix->stem_words_start[s + 1]; i++)
			variant[ix->stem_words[i]] = i - ix->stem_words_start[s];
	sp->variant = variant;
}

/* --- Postings ------------------------------------------------------------------------------------- */

struct spoken_hit {
	uint32_t video, cue, word, place; /* cue: of the video; place: in the cue */
};

struct packing {
	const struct speech_builder *b;
	struct speech *sp;
	uint32_t *hits_of;       /* by stem */
	struct spoken_hit *hits; /* of the stems [from, to), one stem after the other */
	size_t *next;            /* by stem: where its next hit goes */
	uint32_t from, to;
	struct speech_posting *postings;
	LIST(uint8_t) bytes;
	LIST(uint8_t) heads;
	LIST(uint8_t) cues;
	LIST(uint8_t) places;
	LIST(struct span) spans; /* of one video */
};

enum { VARINT_MAX = 5 };

static inline uint8_t *put_varint(uint8_t *p, uint32_t value)
{
	for (; value > 0x7F; value >>= 7)
		*p++ = (uint8_t)(value | 0x80);
	*p++ = (uint8_t)value;
	return p;
}

/* For each word of the documents kept, in order: CUE is the number of its cue, C the cue as it was added,
 * T its place in the tokens. */
#define EACH_WORD(b, cue, c, t)                                                           \
	for (uint32_t d_ = 0, cue = 0; d_ < (b)->documents.n; d_++)                       \
		for (const struct spoken_cue *c = (b)->cues.p + (b)->documents.p[d_].cue, \
					     *end_ = c + (b)->documents.p[d_].is.n_cues;  \
		     c < end_; c++, cue++)                                                \
			for (uint32_t t = c->token; t < c[1].token; t++)

static void count_hits(struct packing *p)
{
	const uint32_t *stem = p->sp->words.word_stem, *tokens = p->sp->words.tokens;

	EACH_WORD(p->b, cue, c, t) p->hits_of[stem[tokens[t]]]++;
}

static void gather_hits(struct packing *p)
{
	const uint32_t *stem = p->sp->words.word_stem, *tokens = p->sp->words.tokens;
	uint32_t video = 0, first = 0;

	EACH_WORD(p->b, cue, c, t)
	{
		uint32_t s = stem[tokens[t]];

		while (cue >= video_cue(p->sp, video + 1))
			first = video_cue(p->sp, ++video);
		if (s >= p->from && s < p->to)
			p->hits[p->next[s]++] = (struct spoken_hit){ video, cue - first, tokens[t],
								     t - c->token };
	}
}

static uint32_t count_moments(struct packing *p, uint32_t video)
{
	if (video_tracks(p->sp, video) == 1)
		return (uint32_t)p->spans.n;
	return speech_merge(p->sp, video, p->spans.p, (uint32_t)p->spans.n, NULL);
}

/* How a stem stands in one video. */
struct packed {
	uint32_t gap; /* to the video before */
	uint32_t hits, moments, cues, places;
};

static void pack_head(struct packing *p, struct packed x)
{
	uint8_t *from = list_room(&p->heads, 5 * VARINT_MAX), *to = from;

	if (x.moments == x.hits && x.places == x.hits && x.cues - x.hits < HEAD_LONG) {
		to = put_varint(to, x.gap * HEAD_FORMS + (x.cues - x.hits));
		to = put_varint(to, x.hits);
	} else {
		to = put_varint(to, x.gap * HEAD_FORMS + HEAD_LONG);
		to = put_varint(to, x.hits);
		to = put_varint(to, x.moments);
		to = put_varint(to, x.cues);
		to = put_varint(to, x.places);
	}
	p->heads.n += (size_t)(to - from);
}

/* The hits of a stem in one video. */
static struct packed pack_hits(struct packing *p, const struct spoken_hit *h, uint32_t n,
			       uint32_t video, uint32_t variants)
{
	uint32_t before = UINT32_MAX;
	uint8_t *cues_from = list_room(&p->cues, (size_t)n * VARINT_MAX), *cues = cues_from;
	uint8_t *places_from = list_room(&p->places, (size_t)n * VARINT_MAX), *places = places_from;
	struct span *spans;

	p->spans.n = 0;
	spans = list_room(&p->spans, n);
	for (uint32_t i = 0; i < n; i++) {
		uint32_t cue = h[i].cue;

		cues = put_varint(cues, i ? cue - before : cue);
		places = put_varint(places, h[i].place * variants + p->sp->variant[h[i].word]);
		if (cue != before)
			spans[p->spans.n++] = (struct span){ cue, cue };
		before = cue;
	}
	p->cues.n += (size_t)(cues - cues_from);
	p->places.n += (size_t)(places - places_from);
	return (struct packed){ 0, n, count_moments(p, video), (uint32_t)(cues - cues_from),
				(uint32_t)(places - places_from) };
}

static void append(struct packing *p, const uint8_t *from, size_t n)
{
	if (n)
		memcpy(list_room(&p->bytes, n), from, n);
	p->bytes.n += n;
}

static void pack_stem(struct packing *p, uint32_t stem, const struct spoken_hit *h, uint32_t n)
{
	const uint32_t *starts = p->sp->words.stem_words_start;
	struct speech_posting *to = &p->postings[stem];
	uint32_t before = 0;

	p->heads.n = p->cues.n = p->places.n = 0;
	for (uint32_t i = 0, end; i < n; i = end) {
		uint32_t video = h[i].video;
		struct packed x;

		for (end = i; end < n && h[end].video == video;)
			end++;
		x = pack_hits(p, h + i, end - i, video, starts[stem + 1] - starts[stem]);
		x.gap = video - before;
		pack_head(p, x);
		before = video;
		to->df++;
	}
	to->at = p->bytes.n;
	to->n_heads = (uint32_t)p->heads.n;
	to->n_cues = (uint32_t)p->cues.n;
	append(p, p->heads.p, p->heads.n);
	append(p, p->cues.p, p->cues.n);
	append(p, p->places.p, p->places.n);
}

/* Packs as many stems as fit into a batch. */
static void pack_batch(struct packing *p)
{
	uint32_t n_stems = p->sp->words.stem_names.n;
	size_t room = 0;

	p->from = p->to;
	while (p->to < n_stems && (p->to == p->from || room + p->hits_of[p->to] <= BATCH_HITS)) {
		p->next[p->to] = room;
		room += p->hits_of[p->to++];
	}
	p->hits = mem_alloc(mem_mul(room, sizeof *p->hits));
	gather_hits(p);
	for (uint32_t s = p->from; s < p->to; s++)
		pack_stem(p, s, p->hits + p->next[s] - p->hits_of[s], p->hits_of[s]);
	mem_free(p->hits);
}

static void fill_postings(struct speech_builder *b, struct speech *sp)
{
	uint32_t n_stems = sp->words.stem_names.n;
	struct packing p = { .b = b, .sp = sp };

	p.postings = NEW_N(sp->words.a, struct speech_posting, n_stems);
	p.hits_of = NEW_N(b->words->tmp, uint32_t, n_stems);
	p.next = NEW_N(b->words->tmp, size_t, n_stems);
	count_hits(&p);
	while (p.to < n_stems)
		pack_batch(&p);
	sp->postings = p.postings;
	sp->bytes = mem_grow(p.bytes.p, p.bytes.n + 1);
	sp->n_bytes = p.bytes.n;
	mem_free(p.heads.p);
	mem_free(p.cues.p);
	mem_free(p.places.p);
	mem_free(p.spans.p);
}

struct speech *speech_build(struct speech_builder *b)
{
	struct speech *sp = NEW(b->words->a, struct speech);

	/* The end of the last cue's words. */
	*list_add(&b->cues) = (struct spoken_cue){ 0, 0, (uint32_t)b->words->tokens.n };
	order_documents(b);
	fill_words(b, sp);
	fill_documents(b, sp);
	fill_postings(b, sp);
	sp->words.tokens = NULL;
	sp->words.item_token = NULL;
	sp->words.n_items = 0;
	build_drop(b->words);
	builder_drop(b);
	return sp;
}

void speech_free(struct speech *sp)
{
	if (!sp)
		return;
	mem_free((void *)(uintptr_t)sp->bytes);
	arena_free(sp->words.a);
}

/* --- What is in it -------------------------------------------------------------------------------- */

uint32_t speech_videos(const struct speech *sp)
{
	return sp->n_videos;
}

uint32_t speech_documents(const struct speech *sp)
{
	return sp->n_documents;
}

uint32_t speech_cues(const struct speech *sp)
{
	return sp->n_cues;
}

uint32_t speech_langs(const struct speech *sp)
{
	return sp->words.langs;
}

size_t speech_memory(const struct speech *sp)
{
	return arena_used(sp->words.a) + sp->n_bytes;
}

struct speech_document speech_document(const struct speech *sp, uint32_t document)
{
	return sp->documents[document];
}

struct speech_cue speech_cue(const struct speech *sp, uint32_t document, uint32_t cue)
{
	uint32_t at = sp->document_cue[document] + cue;

	return (struct speech_cue){ sp->cue_start[at], sp->cue_end[at] };
}
