/* Metadata, tracks and media in, core out; and out of the core again, when consent is taken back. */
#include "base/clock.h"
#include "publish/publish.h"
#include "text/digest.h"
#include "video/video.h"
#include "video/video_ledger.h"
#include "video/video_media.h"
#include "video/video_use.h"
#include "video_sql.h"

enum { CODE_SIZE = 10 };

enum err video_known_load(struct core *core, arena *a, struct video_known *ret)
{
	TRY(states_load(core->db, a, &ret->states));
	return vocabularies_load(core->db, a, &ret->vocabularies);
}

/* --- When it may be seen. */

static struct video_consent consent_in(const struct video_seen *row)
{
	return (struct video_consent){ .known = row->uses.p != NULL,
				       .uses = row->uses,
				       .name = row->name,
				       .face = row->face,
				       .voice = row->voice,
				       .embargo = row->embargo.v,
				       .expires = row->expires.v };
}

enum err video_hidden(struct core *core, arena *a, int64_t id, int64_t now, const char **ret)
{
	struct video_seen row;
	struct video_consent consent;

	TRY(video_seen(core, a, id, &row));
	consent = consent_in(&row);
	*ret = video_hidden_why(row.held, &consent, row.captioned, now);
	return OK;
}

enum err video_any(struct core *core, arena *a, bool *ret)
{
	struct video_count row;

	TRY(video_count(core, a, &row));
	*ret = row.n > 0;
	return OK;
}

enum err video_count_due(struct core *core, arena *a, int64_t now, size_t *ret)
{
	struct video_due *due;

	return video_due(core, a, now, &due, ret);
}

enum err video_wake(struct core *core, arena *a, int64_t now, size_t *ret)
{
	struct video_due *due;

	TRY(video_due(core, a, now, &due, ret));
	for (size_t i = 0; i < *ret; i++) {
		struct video_seen row;
		struct video_consent consent;

		TRY(video_seen(core, a, due[i].id, &row));
		consent = consent_in(&row);
		TRY(video_set_clock(core, due[i].id, video_clock(&consent, now)));
		TRY(change_add(core, S("video"), due[i].id));
	}
	return OK;
}

/* --- Storing. */

/* A public address: of a sample the same everywhere, so that examples work; otherwise nobody can guess it. */
static str new_code(arena *a, bool sample, str kind, str key)
{
	buf identity = buf_new(a, 1 << 16);

	if (!sample)
		return digest_random_code(a, CODE_SIZE);
	buf_printf(&identity, "%" STR_F " %" STR_F, STR_A(kind), STR_A(key));
	return str_to(digest_base32(a, digest_of(buf_str(&identity))), CODE_SIZE);
}

enum err video_words_put(struct core *core, str kind, int64_t thing, const voice_words *words)
{
	TRY(wording_delete(core, kind, thing));
	vec_each (struct voice_words, w, words)
		TRY(wording_put(core, kind, thing, w->field, w->lang, w->text));
	return OK;
}

enum err video_words_of(struct core *core, arena *a, str kind, int64_t thing, voice_words *ret)
{
	struct wording_of *rows;
	size_t n;

	TRY(wording_of(core, a, kind, thing, &rows, &n));
	for (size_t i = 0; i < n; i++)
		*vec_add(a, ret) = (struct voice_words){ rows[i].field, rows[i].lang,
							 rows[i].text };
	return OK;
}

static enum err put_subjects(struct core *core, str kind, int64_t thing, const voice_subjects *all)
{
	TRY(subject_delete(core, kind, thing));
	vec_each (struct voice_subject, s, all)
		TRY(subject_put(core, kind, thing, s->scheme, s->code));
	return OK;
}

/* The next free number of each kind of thing. */
struct numbers {
	int64_t person, organisation, post, moment, track;
};

static enum err put_organisation(struct core *core, arena *a, const struct video_meta *m,
				 const struct video_speaker *s, struct numbers *next,
				 struct db_int *ret)
{
	struct organisation_by_key row;
	enum err e;

	*ret = (struct db_int){ .null = true };
	if (!s->organisation.n)
		return OK;
	e = organisation_by_key(core, a, s->organisation, &row);
	if (e == E_NOTFOUND) {
		row.id = ++next->organisation;
		e = organisation_insert(core, row.id, s->organisation,
					new_code(a, m->sample, S("organisation"), s->organisation));
	}
	if (e != OK)
		return e;
	*ret = (struct db_int){ .v = row.id };
	return s->organisation_name.n
		       ? video_words_put(core, S("organisation"), row.id, &s->organisation_name)
		       : OK;
}

/* A name that changes shows on all videos of that person. */
static enum err put_person(struct core *core, arena *a, const struct video_meta *m,
			   const struct video_speaker *s, struct numbers *next, int64_t *ret)
{
	struct person_by_key row;
	struct person_videos *videos;
	size_t n;
	enum err e = person_by_key(core, a, s->key, &row);

	if (e == E_NOTFOUND) {
		*ret = ++next->person;
		return person_insert(core, *ret, s->key,
				     new_code(a, m->sample, S("person"), s->key), s->name);
	}
	if (e != OK)
		return e;
	*ret = row.id;
	TRY(person_rename(core, row.id, s->name));
	TRY(person_videos(core, a, row.id, &videos, &n));
	for (size_t i = 0; i < n; i++)
		TRY(change_add(core, S("video"), videos[i].video_id));
	return OK;
}

static enum err put_speakers(struct core *core, arena *a, int64_t id, const struct video_meta *m,
			     struct numbers *next)
{
	TRY(speaker_delete(core, id));
	for (size_t i = 0; i < m->speakers.n; i++) {
		const struct video_speaker *s = &m->speakers.p[i];
		struct db_int organisation;
		int64_t person, post = ++next->post;

		TRY(put_organisation(core, a, m, s, next, &organisation));
		TRY(put_person(core, a, m, s, next, &person));
		TRY(post_insert(core, post, person, organisation, s->state, s->starts, s->ends));
		TRY(video_words_put(core, S("post"), post, &s->function));
		TRY(speaker_put(core, id, (int64_t)i, person, (struct db_int){ .v = post }));
	}
	return OK;
}

/* --- Files are given up with the rows that name them: which of them nothing else names is asked once all is stored. */

static enum err free_clip(struct core *core, arena *a, int64_t id, str moment, video_digests *freed)
{
	str form = video_clip_form(a, moment);
	struct medium_of row;
	enum err e = medium_of(core, a, id, form, &row);

	if (e == OK) {
		*vec_add(a, freed) = row.digest;
		e = medium_drop(core, id, form);
	}
	if (e != OK && e != E_NOTFOUND)
		return e;
	return job_drop_form(core, id, form);
}

/* All files, and what was still to be made. */
static enum err free_media(struct core *core, arena *a, int64_t id, video_digests *freed)
{
	struct media_of *rows;
	struct jobs_of *jobs;
	size_t n, n_jobs;

	TRY(media_of(core, a, id, &rows, &n));
	for (size_t i = 0; i < n; i++)
		*vec_add(a, freed) = rows[i].digest;
	TRY(medium_delete(core, id));
	TRY(jobs_of(core, a, id, &jobs, &n_jobs));
	for (size_t i = 0; i < n_jobs; i++)
		*vec_add(a, freed) = jobs[i].source;
	return jobs_delete(core, id);
}

static enum err put_moment(struct core *core, arena *a, int64_t id, const struct video_meta *m,
			   const struct video_moment *moment, struct numbers *next,
			   video_digests *freed)
{
	struct moment_by_key row;
	enum err e = moment_by_key(core, a, id, moment->key, &row);

	if (e == E_NOTFOUND) {
		buf key = buf_new(a, 1 << 16);

		buf_printf(&key, "%" STR_F " %" STR_F, STR_A(m->key), STR_A(moment->key));
		row.id = ++next->moment;
		e = moment_insert(core, row.id, id, moment->key,
				  new_code(a, m->sample, S("moment"), buf_str(&key)),
				  moment->starts, moment->ends);
	} else if (e == OK && (row.starts != moment->starts || row.ends != moment->ends)) {
		TRY(free_clip(core, a, id, row.code, freed));
		e = moment_update(core, row.id, moment->starts, moment->ends);
	}
	if (e != OK)
		return e;
	TRY(video_words_put(core, S("moment"), row.id, &moment->words));
	return put_subjects(core, S("moment"), row.id, &moment->subjects);
}

static enum err drop_moment(struct core *core, int64_t id)
{
	TRY(subject_delete(core, S("moment"), id));
	TRY(wording_delete(core, S("moment"), id));
	return moment_delete(core, id);
}

static bool names_moment(const struct video_meta *m, str key)
{
	vec_each (struct video_moment, one, &m->moments)
		if (str_eq(one->key, key))
			return true;
	return false;
}

static enum err put_moments(struct core *core, arena *a, int64_t id, const struct video_meta *m,
			    struct numbers *next, video_digests *freed)
{
	struct moments_of *before;
	size_t n;

	TRY(moments_of(core, a, id, &before, &n));
	for (size_t i = 0; i < n; i++)
		if (!names_moment(m, before[i].key)) {
			TRY(free_clip(core, a, id, before[i].code, freed));
			TRY(drop_moment(core, before[i].id));
		}
	vec_each (struct video_moment, one, &m->moments)
		TRY(put_moment(core, a, id, m, one, next, freed));
	return OK;
}

/* A track's version counts its changes. */
static enum err put_track(struct core *core, arena *a, int64_t id, const struct video_track *t,
			  struct numbers *next)
{
	struct track_which row;
	enum err e = track_which(core, a, id, t->kind, t->lang, &row);

	if (e == E_NOTFOUND)
		return track_insert(core, ++next->track, id, t->kind, t->lang, t->origin,
				    t->reviewer, t->reviewed, t->score, t->vtt);
	if (e != OK)
		return e;
	return track_update(core, row.id, t->origin, t->reviewer, t->reviewed,
			    row.version + !str_eq(row.vtt, t->vtt), t->score, t->vtt);
}

static enum err put_consent(struct core *core, int64_t id, const struct video_consent *c)
{
	TRY(consent_delete(core, id));
	return c->known ? consent_put(core, id, c->uses, c->name, c->face, c->voice, c->given,
				      c->lang, c->embargo, c->expires, c->review)
			: OK;
}

static enum err put_head(struct core *core, arena *a, const struct video_meta *m, int64_t *ret_id,
			 str *ret_code)
{
	int64_t now = clock_now(), clock = video_clock(&m->consent, now);
	struct video_by_key row;
	struct video_last_id last;
	enum err e = video_by_key(core, a, m->key, &row);

	if (e == OK) {
		*ret_id = row.id;
		*ret_code = row.code;
		return video_update(core, row.id, m->held, m->audio, m->lang, m->recorded,
				    m->licence, m->duration, m->captions, clock);
	}
	if (e != E_NOTFOUND)
		return e;
	TRY(video_last_id(core, a, &last));
	*ret_id = last.id + 1;
	*ret_code = new_code(a, m->sample, S("video"), m->key);
	return video_insert(core, *ret_id, m->key, *ret_code, m->sample, m->held, m->audio, m->lang,
			    m->recorded, m->licence, m->duration, m->captions, clock, now);
}

static enum err sweep(struct core *core)
{
	TRY(posts_sweep(core));
	TRY(people_sweep(core));
	TRY(organisations_sweep(core));
	return wordings_sweep(core);
}

static enum err erase(struct core *core, arena *a, int64_t id, video_digests *freed)
{
	struct moments_of *moments;
	size_t n;

	TRY(moments_of(core, a, id, &moments, &n));
	for (size_t i = 0; i < n; i++)
		TRY(drop_moment(core, moments[i].id));
	TRY(free_media(core, a, id, freed));
	TRY(track_delete(core, id));
	TRY(speaker_delete(core, id));
	TRY(subject_delete(core, S("video"), id));
	TRY(wording_delete(core, S("video"), id));
	TRY(consent_delete(core, id));
	TRY(video_delete(core, id));
	TRY(sweep(core));
	return change_add(core, S("video"), id);
}

/* The first real video takes the samples out, so that nobody takes one for the other. */
static enum err drop_samples(struct core *core, arena *a, video_digests *freed)
{
	struct video_samples *rows;
	size_t n;

	TRY(video_samples(core, a, &rows, &n));
	for (size_t i = 0; i < n; i++)
		TRY(erase(core, a, rows[i].id, freed));
	return OK;
}

/* Files that come anew, or are to be made anew, take the place of all that were there: the small film of another one
 * must not stay. */
static enum err put_media(struct core *core, arena *a, int64_t id, const struct video_files *files,
			  video_digests *freed)
{
	struct job_last_id last;

	if (files->n || files->n_forms)
		TRY(free_media(core, a, id, freed));
	for (size_t i = 0; i < files->n; i++) {
		const struct video_medium *m = &files->media[i];

		TRY(medium_put(core, id, m->form, m->digest, m->type, m->bytes, m->width,
			       m->height));
	}
	TRY(job_last_id(core, a, &last));
	for (size_t i = 0; i < files->n_forms; i++)
		TRY(job_put(core, ++last.id, id, files->forms[i], files->source));
	return OK;
}

/* Those that the metadata want and that are neither there nor waited for; none where they want none. */
static enum err put_clips(struct core *core, arena *a, int64_t id, const struct video_meta *m,
			  video_digests *freed)
{
	struct moments_of *rows;
	struct clip_known known;
	struct job_last_id last;
	size_t n;

	TRY(moments_of(core, a, id, &rows, &n));
	TRY(job_last_id(core, a, &last));
	for (size_t i = 0; i < n; i++) {
		if (!m->clips)
			TRY(free_clip(core, a, id, rows[i].code, freed));
		TRY(clip_known(core, a, id, video_clip_form(a, rows[i].code), &known));
		if (m->clips && !m->audio && known.film && !known.n)
			TRY(job_put(core, ++last.id, id, video_clip_form(a, rows[i].code), S("")));
	}
	return OK;
}

static enum err store(struct core *core, arena *a, const struct video_meta *m,
		      const struct video_track *tracks, size_t n_tracks,
		      const struct video_files *files, video_digests *freed, int64_t *ret_id,
		      str *ret_code)
{
	struct voices_last_ids last;
	struct numbers next;
	int64_t id = 0;

	if (!m->sample)
		TRY(drop_samples(core, a, freed));
	TRY(voices_last_ids(core, a, &last));
	next = (struct numbers){ last.person, last.organisation, last.post, last.moment,
				 last.track };
	TRY(put_head(core, a, m, &id, ret_code));
	TRY(put_consent(core, id, &m->consent));
	TRY(video_words_put(core, S("video"), id, &m->words));
	TRY(put_subjects(core, S("video"), id, &m->subjects));
	TRY(put_speakers(core, a, id, m, &next));
	TRY(put_moments(core, a, id, m, &next, freed));
	for (size_t i = 0; i < n_tracks; i++)
		TRY(put_track(core, a, id, &tracks[i], &next));
	TRY(put_media(core, a, id, files, freed));
	TRY(put_clips(core, a, id, m, freed));
	TRY(sweep(core));
	*ret_id = id;
	return change_add(core, S("video"), id);
}

enum err video_put(struct core *core, arena *a, str data, struct video_meta *m,
		   const struct video_track *tracks, size_t n, const struct video_files *files,
		   int64_t *ret_id, str *ret_code)
{
	video_digests freed = { 0 };

	m->held |= files->held;
	m->audio |= files->audio;
	if (files->duration)
		m->duration = files->duration;
	if (!m->duration)
		m->duration = video_last_words(a, tracks, n);
	TRY(db_begin(core->db));
	return video_media_finish(core, a, data,
				  store(core, a, m, tracks, n, files, &freed, ret_id, ret_code),
				  &freed);
}

/* --- Withdrawing. */

/* The addresses of its moments, its people and their organisations are gone as it is, the latter two while no public
 * voice has them: whether a hidden one does makes no difference, so that nobody learns of it. */
static enum err remember_addresses(struct core *core, arena *a, int64_t id, str dated, str reason)
{
	struct moments_of *moments;
	struct speaker_codes *people;
	size_t n;

	TRY(moments_of(core, a, id, &moments, &n));
	for (size_t i = 0; i < n; i++)
		TRY(withdrawal_put(core, moments[i].code, dated, reason));
	TRY(speaker_codes(core, a, id, &people, &n));
	for (size_t i = 0; i < n; i++)
		TRY(withdrawal_put(core, people[i].code, dated, reason));
	return OK;
}

static enum err withdraw(struct core *core, arena *a, str code, str dated, str reason,
			 video_digests *freed, bool *ret_known)
{
	struct video_by_code row;
	enum err e;

	TRY(withdrawal_put(core, code, dated, reason));
	TRY(change_add(core, S("withdrawal"), 0));
	e = video_by_code(core, a, code, &row);
	*ret_known = e == OK;
	if (e != OK)
		return e == E_NOTFOUND ? OK : e;
	TRY(remember_addresses(core, a, row.id, dated, reason));
	return erase(core, a, row.id, freed);
}

enum err video_erase(struct core *core, arena *a, str data, str code, str dated, str reason,
		     bool *ret_known)
{
	video_digests freed = { 0 };

	TRY(db_begin(core->db));
	return video_media_finish(
		core, a, data, withdraw(core, a, code, dated, reason, &freed, ret_known), &freed);
}
