/* Core in, public.db out: the voices. What may not be seen leaves no row. */
#include "base/clock.h"
#include "publish/publish.h"
#include "text/digest.h"
#include "video/video.h"
#include "video_publish_sql.h"
#include "video_sql.h"

enum { CANONICAL_MAX = 64 << 20 };

struct subjects {
	struct subject_of *p;
	size_t n;
};

struct shown_speaker {
	int64_t person, post;
	struct person_of who;
	struct post_of as;
	str organisation_code;
	voice_words function, organisation;
};

struct shown_moment {
	struct moments_of at;
	voice_words words;
	struct subjects subjects;
};

/* All that readers will see of one video. */
struct shown {
	struct video_head head;
	struct consent_of consent;
	voice_words words;
	struct subjects subjects;
	struct shown_speaker *speakers;
	struct shown_moment *moments;
	struct tracks_of *tracks;
	struct media_of *media;
	size_t n_speakers, n_moments, n_tracks, n_media;
};

static enum err load_subjects(struct publish_run *run, str kind, int64_t thing,
			      struct subjects *ret)
{
	return subject_of(run->core, run->scratch, kind, thing, &ret->p, &ret->n);
}

static enum err load_speaker(struct publish_run *run, struct shown_speaker *s)
{
	struct organisation_of organisation;

	TRY(person_of(run->core, run->scratch, s->person, &s->who));
	TRY(post_of(run->core, run->scratch, s->post, &s->as));
	TRY(video_words_of(run->core, run->scratch, S("post"), s->post, &s->function));
	if (s->as.organisation_id.null)
		return OK;
	TRY(organisation_of(run->core, run->scratch, s->as.organisation_id.v, &organisation));
	s->organisation_code = organisation.code;
	return video_words_of(run->core, run->scratch, S("organisation"), s->as.organisation_id.v,
			      &s->organisation);
}

static enum err load_speakers(struct publish_run *run, int64_t id, struct shown *v)
{
	struct speakers_of *rows;

	TRY(speakers_of(run->core, run->scratch, id, &rows, &v->n_speakers));
	v->speakers = NEW_N(run->scratch, struct shown_speaker, v->n_speakers);
	for (size_t i = 0; i < v->n_speakers; i++) {
		v->speakers[i].person = rows[i].person_id;
		v->speakers[i].post = rows[i].post_id.v;
		TRY(load_speaker(run, &v->speakers[i]));
	}
	return OK;
}

static enum err load_moments(struct publish_run *run, int64_t id, struct shown *v)
{
	struct moments_of *rows;

	TRY(moments_of(run->core, run->scratch, id, &rows, &v->n_moments));
	v->moments = NEW_N(run->scratch, struct shown_moment, v->n_moments);
	for (size_t i = 0; i < v->n_moments; i++) {
		struct shown_moment *m = &v->moments[i];

		m->at = rows[i];
		TRY(video_words_of(run->core, run->scratch, S("moment"), m->at.id, &m->words));
		TRY(load_subjects(run, S("moment"), m->at.id, &m->subjects));
	}
	return OK;
}

/* E_NOTFOUND: nothing of it may be seen. */
static enum err load(struct publish_run *run, int64_t id, struct shown *v)
{
	arena *a = run->scratch;
	const char *hidden;

	TRY(video_hidden(run->core, a, id, clock_now(), &hidden));
	if (hidden)
		return E_NOTFOUND;
	TRY(video_head(run->core, a, id, &v->head));
	TRY(consent_of(run->core, a, id, &v->consent));
	TRY(tracks_of(run->core, a, id, &v->tracks, &v->n_tracks));
	TRY(video_words_of(run->core, run->scratch, S("video"), id, &v->words));
	TRY(load_subjects(run, S("video"), id, &v->subjects));
	TRY(load_speakers(run, id, v));
	TRY(load_moments(run, id, v));
	return media_of(run->core, a, id, &v->media, &v->n_media);
}

/* --- One fixed spelling of all of it, to see whether anything has moved. */

void video_words_spell(buf *o, const voice_words *words)
{
	vec_each (struct voice_words, w, words)
		publish_line(o, (str[]){ w->field, w->lang, w->text }, 3);
}

static void spell_subjects(buf *o, const struct subjects *s)
{
	for (size_t i = 0; i < s->n; i++)
		publish_line(o, (str[]){ s->p[i].scheme, s->p[i].code }, 2);
}

static void spell_people(buf *o, const struct shown *v)
{
	for (size_t i = 0; i < v->n_speakers; i++) {
		const struct shown_speaker *s = &v->speakers[i];

		publish_line(o,
			     (str[]){ s->who.code, s->who.name, s->organisation_code, s->as.state,
				      s->as.starts, s->as.ends },
			     6);
		video_words_spell(o, &s->function);
		video_words_spell(o, &s->organisation);
	}
}

static str canonical(arena *a, const struct shown *v)
{
	buf o = buf_new(a, CANONICAL_MAX);

	publish_line(&o,
		     (str[]){ v->head.code, v->head.lang, v->head.recorded, v->head.licence,
			      v->consent.uses, v->consent.name, v->consent.face, v->consent.voice },
		     8);
	buf_printf(&o, "%lld %d %d\n", (long long)v->head.duration, (int)v->head.sample,
		   (int)v->head.audio);
	video_words_spell(&o, &v->words);
	spell_subjects(&o, &v->subjects);
	spell_people(&o, v);
	for (size_t i = 0; i < v->n_moments; i++) {
		buf_printf(&o, "%" STR_F " %lld %lld\n", STR_A(v->moments[i].at.code),
			   (long long)v->moments[i].at.starts, (long long)v->moments[i].at.ends);
		video_words_spell(&o, &v->moments[i].words);
		spell_subjects(&o, &v->moments[i].subjects);
	}
	for (size_t i = 0; i < v->n_tracks; i++) {
		publish_line(&o,
			     (str[]){ v->tracks[i].kind, v->tracks[i].lang, v->tracks[i].origin,
				      v->tracks[i].vtt },
			     4);
		buf_printf(&o, "%d %lld\n", (int)v->tracks[i].reviewed,
			   (long long)v->tracks[i].version);
	}
	for (size_t i = 0; i < v->n_media; i++)
		publish_line(&o, (str[]){ v->media[i].form, v->media[i].digest, v->media[i].type },
			     3);
	return o.err == OK ? str_to(digest_base32(a, digest_of(buf_str(&o))), 26) : (str){ 0 };
}

/* --- Writing. */

enum err video_words_publish(struct publish *out, str kind, int64_t thing, const voice_words *words)
{
	vec_each (struct voice_words, w, words)
		TRY(public_wording_put(out, kind, thing, w->field, w->lang, w->text));
	return OK;
}

static enum err put_subjects(struct publish_run *run, str kind, int64_t thing,
			     const struct subjects *s)
{
	for (size_t i = 0; i < s->n; i++)
		TRY(public_subject_put(run->out, kind, thing, s->p[i].scheme, s->p[i].code));
	return OK;
}

static enum err put_speaker(struct publish_run *run, int64_t id, int64_t position,
			    const struct shown_speaker *s)
{
	TRY(public_person_put(run->out, s->person, s->who.code, s->who.name));
	TRY(public_post_put(run->out, s->post, s->as.organisation_id, s->as.state, s->as.starts,
			    s->as.ends));
	TRY(public_wording_delete(run->out, S("post"), s->post));
	TRY(video_words_publish(run->out, S("post"), s->post, &s->function));
	if (!s->as.organisation_id.null) {
		TRY(public_organisation_put(run->out, s->as.organisation_id.v,
					    s->organisation_code));
		TRY(public_wording_delete(run->out, S("organisation"), s->as.organisation_id.v));
		TRY(video_words_publish(run->out, S("organisation"), s->as.organisation_id.v,
					&s->organisation));
	}
	return public_speaker_put(run->out, id, position, s->person,
				  (struct db_int){ .v = s->post });
}

static enum err put_moment(struct publish_run *run, int64_t id, const struct shown_moment *m)
{
	TRY(public_moment_put(run->out, m->at.id, id, m->at.code, m->at.starts, m->at.ends));
	TRY(video_words_publish(run->out, S("moment"), m->at.id, &m->words));
	return put_subjects(run, S("moment"), m->at.id, &m->subjects);
}

static enum err write(struct publish_run *run, int64_t id, const struct shown *v, str digest)
{
	const struct video_head *h = &v->head;
	const struct consent_of *c = &v->consent;

	TRY(video_public_put(run->out, id, h->code, h->sample, h->audio, h->lang, h->recorded,
			     h->licence, h->duration, c->uses, c->name, c->face, c->voice, digest));
	TRY(video_words_publish(run->out, S("video"), id, &v->words));
	TRY(put_subjects(run, S("video"), id, &v->subjects));
	for (size_t i = 0; i < v->n_speakers; i++)
		TRY(put_speaker(run, id, (int64_t)i, &v->speakers[i]));
	for (size_t i = 0; i < v->n_moments; i++)
		TRY(put_moment(run, id, &v->moments[i]));
	for (size_t i = 0; i < v->n_tracks; i++)
		TRY(public_track_put(run->out, id, v->tracks[i].kind, v->tracks[i].lang,
				     v->tracks[i].origin, v->tracks[i].reviewed,
				     v->tracks[i].version, v->tracks[i].vtt));
	for (size_t i = 0; i < v->n_media; i++)
		TRY(public_medium_put(run->out, id, v->media[i].form, v->media[i].digest,
				      v->media[i].type, v->media[i].bytes, v->media[i].width,
				      v->media[i].height));
	return OK;
}

static enum err clear(struct publish_run *run, int64_t id)
{
	struct public_moments_of *moments;
	size_t n;

	TRY(public_moments_of(run->out, run->scratch, id, &moments, &n));
	for (size_t i = 0; i < n; i++) {
		TRY(public_wording_delete(run->out, S("moment"), moments[i].id));
		TRY(public_subject_delete(run->out, S("moment"), moments[i].id));
		TRY(public_moment_delete(run->out, moments[i].id));
	}
	TRY(public_wording_delete(run->out, S("video"), id));
	TRY(public_subject_delete(run->out, S("video"), id));
	TRY(public_speaker_delete(run->out, id));
	TRY(public_track_delete(run->out, id));
	TRY(public_medium_delete(run->out, id));
	return video_public_delete(run->out, id);
}

static enum err publish_one(struct publish_run *run, const struct publish_kind *self, int64_t id)
{
	struct video_public_digest before;
	struct shown now = { 0 };
	str digest = { 0 };
	enum err was = video_public_digest(run->out, run->scratch, id, &before);
	enum err is = load(run, id, &now);

	if ((was != OK && was != E_NOTFOUND) || (is != OK && is != E_NOTFOUND))
		return was != OK && was != E_NOTFOUND ? was : is;
	if (is == OK) {
		digest = canonical(run->scratch, &now);
		if (!digest.n)
			return E_TOOBIG;
	}
	if (was == is && (was == E_NOTFOUND || str_eq(before.digest, digest)))
		return OK;
	if (was == OK)
		TRY(clear(run, id));
	if (is == OK)
		TRY(write(run, id, &now, digest));
	return publish_moved(run, self);
}

static enum err publish_videos(struct publish_run *run, const struct publish_kind *self,
			       const int64_t *things, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		TRY(publish_one(run, self, things[i]));
		arena_reset(run->scratch);
	}
	TRY(public_posts_sweep(run->out));
	TRY(public_people_sweep(run->out));
	TRY(public_organisations_sweep(run->out));
	return public_wordings_sweep(run->out);
}

static enum err all_videos(struct publish_run *run, int64_t **ret, size_t *ret_n)
{
	struct video_ids *rows;

	TRY(video_ids(run->core, run->a, &rows, ret_n));
	*ret = NEW_N(run->a, int64_t, *ret_n);
	for (size_t i = 0; i < *ret_n; i++)
		(*ret)[i] = rows[i].id;
	return OK;
}

const struct publish_kind video_kind = { "video", publish_videos, all_videos };

/* The addresses of withdrawn videos, published whole. No page shows them, so the public version does not move: the
 * withdrawal of what nobody has seen must leave no trace in the tags of all other pages. */
static enum err publish_gone(struct publish_run *run, const struct publish_kind *self,
			     const int64_t *things, size_t n)
{
	struct withdrawals *rows;
	size_t n_rows;
	buf content = buf_new(run->a, 1 << 24);
	bool same, moved = run->moved;

	(void)things, (void)n;
	TRY(withdrawals(run->core, run->a, &rows, &n_rows));
	for (size_t i = 0; i < n_rows; i++)
		publish_line(&content, &rows[i].code, 1);
	TRY(content.err);
	TRY(publish_same(run, self, buf_str(&content), &same));
	run->moved = moved;
	if (same)
		return OK;
	TRY(gone_clear(run->out));
	for (size_t i = 0; i < n_rows; i++)
		TRY(gone_put(run->out, rows[i].code));
	return OK;
}

const struct publish_kind withdrawal_kind = { "withdrawal", publish_gone, publish_one_thing };
