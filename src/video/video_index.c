/* public.db in, a segment of the snapshot out: what is said, a document a video and language. */
#include "base/per_thread.h"
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
	enum err e = voices_list(pub, list, S(""), S(""), S(""), 0, -1, &videos, &n);

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

void voices_search(const struct snapshot *s, arena *a, enum lang lang, str q, size_t first,
		   size_t count, struct voices_found *ret)
{
	const struct voices *v = snapshot_segment(s, SEGMENT_VOICES);
	const struct rec_lexicon *x = snapshot_segment(s, SEGMENT_LEXICON);
	const struct query_context context = { .lang = text_lang_of(lang_code(lang)),
					       .lexicon = x->lexicon };
	struct speech_request rq = { .preferred = lang_code(lang), .first = first, .count = count };

	*ret = (struct voices_found){ .query = query_parse(a, &context, q) };
	rq.query = ret->query->n ? ret->query : NULL;
	speech_search(v->speech, room(), a, &rq, &ret->result);
	ret->marker = speech_marker(v->speech, room(), a, ret->query);
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
