/*
 * Building: cues are read into words as they come; then documents are put in the order of their videos,
 * pairs are chosen (speech_pairs.c), and the places of words packed (speech_pack.c).
 */
#include "index/speech_build.h"

/* A word with 30,000 places and the most frequent one take about a millisecond to be counted. */
enum { PAIR_LEAST = 256, TOGETHER_LEAST = 30000 };

struct speech_builder *speech_builder_new(void)
{
	static const struct index_schema none = { 0 };
	struct speech_builder *b = mem_alloc(sizeof *b);

	*b = (struct speech_builder){ .pair_least = PAIR_LEAST, .together_least = TOGETHER_LEAST };
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

/* How far cues with these starts reach; false when they are not in order. */
static bool fill_reach(const uint32_t *start, uint32_t n, struct speech_reach *ret)
{
	uint32_t to = 0, least = UINT32_MAX, most = 0;

	for (uint32_t i = 0; i < n; i++) {
		if (i && start[i] < start[i - 1])
			return false;
		while (to < n && start[to] - start[i] <= SPEECH_NEAR_MS)
			to++;
		if (to < n)
			least = MIN(least, to - 1 - i);
		most = MAX(most, to - i);
	}
	ret->near = MIN(least, n);
	ret->far = most;
	return true;
}

static void fill_documents(struct speech_builder *b, struct speech *sp)
{
	arena *a = b->words->a;
	size_t n = b->documents.n, n_cues = b->cues.n - 1;
	uint32_t *video = NEW_N(a, uint32_t, n), *starts = NEW_N(a, uint32_t, n + 1);
	uint32_t *length = NEW_N(a, uint32_t, n), *first = NEW_N(a, uint32_t, n + 1);
	uint32_t *position = NEW_N(a, uint32_t, n_cues + 1), at = 0, v = 0;
	struct speech_document *documents = NEW_N(a, struct speech_document, n);
	double *norm = NEW_N(a, double, n);
	struct speech_reach *reach = NEW_N(a, struct speech_reach, n);

	sp->cue_position = position;
	sp->cue_start = NEW_N(a, uint32_t, n_cues);
	sp->cue_end = NEW_N(a, uint32_t, n_cues);
	sp->ordered = true;
	for (uint32_t i = 0; i < n; i++) {
		uint32_t words = fill_cues(b, sp, &b->documents.p[i], at);

		documents[i] = b->documents.p[i].is;
		first[i + 1] = sp->n_cues;
		sp->ordered &= fill_reach(sp->cue_start + first[i], documents[i].n_cues, &reach[i]);
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
	sp->reach = reach;
	sp->document_cue = first;
	sp->words.n_units = v;
	sp->words.mean_length = v && at > n ? (double)(at - n) / v : 1;
	for (uint32_t i = 0; i < v; i++)
		norm[i] = BM25_K1 * (1 - BM25_B + BM25_B * length[i] / sp->words.mean_length);
	sp->video_norm = norm;
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

struct speech *speech_build(struct speech_builder *b)
{
	struct speech *sp = NEW(b->words->a, struct speech);

	/* The end of the last cue's words. */
	*list_add(&b->cues) = (struct spoken_cue){ 0, 0, (uint32_t)b->words->tokens.n };
	order_documents(b);
	fill_words(b, sp);
	fill_documents(b, sp);
	speech_pack(b, sp);
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
