/* public.db in, a segment of the snapshot out: what is said, a document a video and language. */
#include "base/per_thread.h"
#include "index/bits.h"
#include "publish/segment.h"
#include "recommendation/recommendation_index.h"
#include "subtitle/subtitle.h"
#include "video/video_index.h"
#include "video_public_sql.h"

struct voices {
	struct speech *speech;
	VEC(struct voices_document) documents; /* by the index's number */
};

static enum err add_track(struct public *pub, arena *scratch, struct speech_builder *b,
			  uint32_t number, const struct voices_list *video,
			  const struct voice_tracks *t)
{
	struct voice_track track;
	struct sub_file *f;

	TRY(voice_track(pub, scratch, video->id, t->kind, t->lang, &track));
	TRY(sub_read_own(scratch, track.vtt, &f));
	speech_add_document(b, number, text_lang_of(t->lang), t->lang,
			    str_eq(t->kind, S("captions")));
	vec_each (struct sub_cue, c, &f->cues)
		speech_add_cue(b, c->start, c->end, sub_plain(scratch, c->text));
	return OK;
}

static enum err add_video(struct public *pub, arena *a, arena *scratch, struct speech_builder *b,
			  struct voices *v, uint32_t number, const struct voices_list *video)
{
	struct voice_tracks *tracks;
	size_t n;

	TRY(voice_tracks(pub, scratch, video->id, &tracks, &n));
	for (size_t i = 0; i < n && i < SPEECH_TRACKS_MAX; i++) {
		if (!voices_are_words(tracks[i].kind))
			continue;
		TRY(add_track(pub, scratch, b, number, video, &tracks[i]));
		*vec_add(a, &v->documents) = (struct voices_document){
			video->id, arena_str(a, tracks[i].kind), arena_str(a, tracks[i].lang)
		};
	}
	return OK;
}

/* Videos come newest first: that is the order of those that match alike. */
static enum err voices_build(struct public *pub, void *const *so_far, arena *a, void **ret)
{
	struct voices *v = NEW(a, struct voices);
	struct speech_builder *b = speech_builder_new();
	arena *list = arena_new(), *scratch = arena_new();
	struct voices_list *videos;
	size_t n = 0;
	enum err e = voices_list(pub, list, &videos, &n);

	(void)so_far;
	for (size_t i = 0; i < n && e == OK; i++) {
		e = add_video(pub, a, scratch, b, v, (uint32_t)i, &videos[i]);
		arena_reset(scratch);
	}
	if (e == OK)
		v->speech = speech_build(b);
	else
		speech_builder_free(b);
	arena_free(scratch);
	arena_free(list);
	*ret = v;
	return e;
}

static void voices_release(void *segment)
{
	speech_free(((struct voices *)segment)->speech);
}

static const char *const kinds[] = { "video", NULL };

const struct segment_kind voices_segment = { SEGMENT_VOICES, kinds, voices_build, voices_release,
					     NULL };

/* --- Asking. Each thread has room of its own, for its life. */

static void *make_room(void)
{
	return speech_scratch_new();
}

static void free_room(void *room)
{
	speech_scratch_free(room);
}

static struct speech_scratch *room(void)
{
	static struct per_thread rooms = PER_THREAD(make_room, free_room);

	return per_thread(&rooms);
}

static bool passes(const void *gate, uint32_t video)
{
	return library_misses(gate, video) == 0;
}

/* What one column alone keeps out is counted among that column's values. */
static bool counts(const void *gate, uint32_t video)
{
	return library_misses(gate, video) < 2;
}

static const struct query *parse(const struct snapshot *s, arena *a, enum lang lang, str q)
{
	const struct rec_lexicon *x = snapshot_segment(s, SEGMENT_LEXICON);
	const struct query_context context = { .lang = text_lang_of(lang_code(lang)),
					       .lexicon = x->lexicon };

	return query_parse(a, &context, q);
}

void voices_search(const struct snapshot *s, arena *a, enum lang lang, str q,
		   const struct voices_filter *filter, size_t first, size_t count,
		   uint64_t **ret_among, struct voices_found *ret)
{
	const struct voices *v = snapshot_segment(s, SEGMENT_VOICES);
	const struct library *library = library_of(s);
	struct speech_request rq = { .preferred = lang_code(lang), .first = first, .count = count };

	*ret = (struct voices_found){ .query = parse(s, a, lang, q) };
	rq.query = ret->query->n ? ret->query : NULL;
	if (ret_among)
		*ret_among = rq.matching = NEW_N(a, uint64_t, bits_words(library_videos(library)));
	if (!voices_filter_is_empty(filter)) {
		rq.ctx = library_gate_new(library, a, filter);
		rq.admits = ret_among ? counts : passes;
		rq.lists = ret_among ? passes : NULL;
	}
	speech_search(v->speech, room(), a, &rq, &ret->result);
	ret->marker = speech_marker(v->speech, room(), a, ret->query);
}

size_t voices_unknown(const struct snapshot *s, arena *a, enum lang lang, str q,
		      struct index_unknown **ret)
{
	const struct voices *v = snapshot_segment(s, SEGMENT_VOICES);

	return speech_unknown(v->speech, room(), a, parse(s, a, lang, q), ret);
}

const struct voices_document *voices_document(const struct snapshot *s, uint32_t document)
{
	const struct voices *v = snapshot_segment(s, SEGMENT_VOICES);

	return &v->documents.p[document];
}

int64_t voices_spoken(const struct snapshot *s, const struct speech_hit *hit)
{
	for (uint32_t i = 0; i < hit->n_documents; i++)
		if (str_eq(voices_document(s, hit->first_document + i)->kind, S("captions")))
			return hit->first_document + i;
	return -1;
}

/* --- What is written about them: an index each, in which a text is a cue. */

struct names {
	struct {
		struct speech *speech;
		VEC(int64_t) ids; /* by the index's number */
		/* The videos of each, by their numbers in the library: from starts[I] on. */
		VEC(uint32_t) starts, videos;
	} of[NAMES_KINDS];
};

/* A thing that is called something; its videos are added behind it. */
static void add_thing(arena *a, struct names *v, enum voices_names which, int64_t thing)
{
	*vec_add(a, &v->of[which].ids) = thing;
	*vec_add(a, &v->of[which].starts) = (uint32_t)v->of[which].videos.n;
}

static void add_video_of(arena *a, struct names *v, enum voices_names which,
			 const struct library *l, int64_t id)
{
	uint32_t number = library_number(l, id);

	if (number != LIBRARY_NO_VIDEO)
		*vec_add(a, &v->of[which].videos) = number;
}

static bool is_new(const struct names *v, enum voices_names which, int64_t thing)
{
	size_t n = v->of[which].ids.n;

	return !n || v->of[which].ids.p[n - 1] != thing;
}

/* A row is what stands about THING in one language; rows of a thing follow one another. */
static void add_name(arena *a, struct names *v, struct speech_builder *b, enum voices_names which,
		     str lang, str text, str more)
{
	speech_add_document(b, (uint32_t)(v->of[which].ids.n - 1), text_lang_of(lang),
			    arena_str(a, lang), false);
	speech_add_cue(b, 0, 1, text);
	if (more.n)
		speech_add_cue(b, 0, 1, more);
}

static enum err add_titles(struct public *pub, arena *a, arena *scratch, const struct library *l,
			   struct names *v, struct speech_builder *b)
{
	struct names_of_videos *rows;
	size_t n;

	TRY(names_of_videos(pub, scratch, &rows, &n));
	for (size_t i = 0; i < n; i++) {
		if (is_new(v, NAMES_VIDEOS, rows[i].id)) {
			add_thing(a, v, NAMES_VIDEOS, rows[i].id);
			add_video_of(a, v, NAMES_VIDEOS, l, rows[i].id);
		}
		add_name(a, v, b, NAMES_VIDEOS, rows[i].lang, rows[i].text, rows[i].more);
	}
	return OK;
}

static enum err add_people(struct public *pub, arena *a, arena *scratch, const struct library *l,
			   struct names *v, struct speech_builder *b)
{
	struct names_of_people *rows;
	struct names_person_videos *videos;
	size_t n, n_videos;

	TRY(names_of_people(pub, scratch, &rows, &n));
	for (size_t i = 0; i < n; i++) {
		if (is_new(v, NAMES_PEOPLE, rows[i].id)) {
			add_thing(a, v, NAMES_PEOPLE, rows[i].id);
			TRY(names_person_videos(pub, scratch, rows[i].id, &videos, &n_videos));
			for (size_t k = 0; k < n_videos; k++)
				add_video_of(a, v, NAMES_PEOPLE, l, videos[k].video_id);
		}
		add_name(a, v, b, NAMES_PEOPLE, rows[i].lang, rows[i].text, rows[i].more);
	}
	return OK;
}

static enum err add_quotes(struct public *pub, arena *a, arena *scratch, const struct library *l,
			   struct names *v, struct speech_builder *b)
{
	struct names_of_quotes *rows;
	size_t n;

	TRY(names_of_quotes(pub, scratch, &rows, &n));
	for (size_t i = 0; i < n; i++) {
		if (is_new(v, NAMES_QUOTES, rows[i].id)) {
			add_thing(a, v, NAMES_QUOTES, rows[i].id);
			add_video_of(a, v, NAMES_QUOTES, l, rows[i].video_id);
		}
		add_name(a, v, b, NAMES_QUOTES, rows[i].lang, rows[i].text, rows[i].more);
	}
	return OK;
}

static enum err add_names(struct public *pub, arena *a, arena *scratch, const struct library *l,
			  struct names *v, struct speech_builder *const *b)
{
	TRY(add_titles(pub, a, scratch, l, v, b[NAMES_VIDEOS]));
	TRY(add_people(pub, a, scratch, l, v, b[NAMES_PEOPLE]));
	return add_quotes(pub, a, scratch, l, v, b[NAMES_QUOTES]);
}

static enum err names_build(struct public *pub, void *const *so_far, arena *a, void **ret)
{
	struct names *v = NEW(a, struct names);
	struct speech_builder *b[NAMES_KINDS];
	arena *scratch = arena_new();
	enum err e;

	for (int i = 0; i < NAMES_KINDS; i++)
		b[i] = speech_builder_new();
	e = add_names(pub, a, scratch, so_far[SEGMENT_LIBRARY], v, b);
	for (int i = 0; i < NAMES_KINDS; i++) {
		if (e == OK)
			v->of[i].speech = speech_build(b[i]);
		else
			speech_builder_free(b[i]);
	}
	arena_free(scratch);
	*ret = v;
	return e;
}

static void names_release(void *segment)
{
	for (int i = 0; i < NAMES_KINDS; i++)
		speech_free(((struct names *)segment)->of[i].speech);
}

const struct segment_kind names_segment = { SEGMENT_NAMES, kinds, names_build, names_release,
					    NULL };

struct names_gate {
	const struct names *v;
	enum voices_names which;
	const struct library_gate *gate;
};

/* One of its videos passes. */
static bool name_passes(const void *ctx, uint32_t thing)
{
	const struct names_gate *g = ctx;
	size_t from = g->v->of[g->which].starts.p[thing],
	       to = thing + 1 < g->v->of[g->which].starts.n ? g->v->of[g->which].starts.p[thing + 1]
							    : g->v->of[g->which].videos.n;

	for (size_t i = from; i < to; i++)
		if (library_misses(g->gate, g->v->of[g->which].videos.p[i]) == 0)
			return true;
	return false;
}

void voices_search_names(const struct snapshot *s, arena *a, enum lang lang,
			 enum voices_names which, str q, const struct voices_filter *filter,
			 size_t first, size_t count, struct names_found *ret)
{
	const struct names *v = snapshot_segment(s, SEGMENT_NAMES);
	struct names_gate gate = { v, which, NULL };
	struct speech_request rq = { .query = parse(s, a, lang, q),
				     .first = first,
				     .count = count };
	struct speech_result result = { 0 };

	if (!voices_filter_is_empty(filter)) {
		gate.gate = library_gate_new(library_of(s), a, filter);
		rq.admits = name_passes;
		rq.ctx = &gate;
	}
	if (rq.query->n)
		speech_search(v->of[which].speech, room(), a, &rq, &result);
	*ret = (struct names_found){ NEW_N(a, int64_t, result.n_hits), 0, result.complete };
	for (size_t i = 0; i < result.n_hits; i++)
		if (result.hits[i].complete) /* all words, of one thing in one language */
			ret->ids[ret->n++] = v->of[which].ids.p[result.hits[i].video];
}
