/* Search in speech: what was found, made ready for the library's page. */
#include "video/video_index.h"
#include "video/video_made_web.h"
#include "video_public_sql.h"

enum { TEXT_MAX = 420, MOMENTS_MAX = 5 };

/* The cues of a document, in FILES by its place among those of the video: read when they are wanted first. */
static enum err want_track(struct web *w, const struct speech_hit *hit, uint32_t document,
			   struct sub_file **files)
{
	struct sub_file **ret = &files[document - hit->first_document];
	const struct voices_document *d = voices_document(w->pub->snapshot, document);
	struct voice_track row;

	if (*ret)
		return OK;
	TRY(voice_track(w->pub, w->arena, d->video, d->kind, d->lang, &row));
	return sub_read_own(w->arena, row.vtt, ret);
}

/* The words of cues FROM to TO, on one line. */
static str words_between(struct web *w, const struct sub_file *f, size_t from, size_t to)
{
	buf o = buf_new(w->arena, 1 << 20);

	for (size_t i = from; i <= to && i < f->cues.n; i++) {
		str line = sub_plain(w->arena, f->cues.p[i].text);

		buf_put(&o, o.n ? S(" ") : S(""));
		for (size_t k = 0; k < line.n; k++)
			buf_byte(&o, line.p[k] == '\n' ? ' ' : line.p[k]);
	}
	return o.n ? buf_str(&o) : S("");
}

/* What is said in F while the moment lasts. */
static str words_at(struct web *w, const struct sub_file *f, int64_t start, int64_t end)
{
	size_t from = 0, to;

	while (from < f->cues.n && f->cues.p[from].end <= start)
		from++;
	for (to = from; to + 1 < f->cues.n && f->cues.p[to + 1].start < end;)
		to++;
	return from < f->cues.n ? words_between(w, f, from, to) : S("");
}

/* With the line before and the line after. */
static void fill_moment(struct web *w, const struct voices_found *found,
			const struct speech_moment *m, struct sub_file *const *files,
			const struct speech_hit *hit, str code, int64_t spoken,
			struct found_moment *ret)
{
	const struct sub_file *f = files[m->document - hit->first_document];
	const struct voices_document *d = voices_document(w->pub->snapshot, m->document);
	str text = words_between(w, f, m->cue ? m->cue - 1 : 0, m->last + 1);

	*ret = (struct found_moment){
		.time = voice_clock(w->arena, m->start),
		.link = voice_link_to(w, "v", code, m->start / 1000),
		.text = index_snippet(found->marker, text_lang_of(d->lang), text, TEXT_MAX),
		.lang = d->lang,
	};
	if (spoken >= 0 && spoken != m->document) {
		ret->spoken = words_at(w, files[spoken - hit->first_document], m->start, m->end);
		ret->spoken_lang = voices_document(w->pub->snapshot, (uint32_t)spoken)->lang;
	}
}

static enum err fill_hit(struct web *w, const struct voices_found *found,
			 const struct speech_hit *hit, struct found_video *ret)
{
	struct sub_file **files = NEW_N(w->arena, struct sub_file *, hit->n_documents);
	int64_t spoken = voices_spoken(w->pub->snapshot, hit),
		id = voices_document(w->pub->snapshot, hit->first_document)->video;
	struct voice_by_id row;
	str place;
	struct said description;

	TRY(voice_by_id(w->pub, w->arena, id, &row));
	TRY(voice_title(w, id, row.lang, &ret->title, &description, &place));
	ret->link = voice_link_to(w, "v", row.code, -1);
	ret->sample = row.sample;
	ret->complete = hit->complete;
	ret->n_all = hit->n;
	ret->n = MIN(hit->n, (size_t)MOMENTS_MAX);
	ret->moments = NEW_N(w->arena, struct found_moment, ret->n);
	for (size_t i = 0; i < ret->n; i++) {
		TRY(want_track(w, hit, hit->moments[i].document, files));
		if (spoken >= 0)
			TRY(want_track(w, hit, (uint32_t)spoken, files));
		fill_moment(w, found, &hit->moments[i], files, hit, row.code, spoken,
			    &ret->moments[i]);
	}
	return OK;
}

enum err voices_search_make(struct web *w, str q, const struct voices_filter *filter, size_t first,
			    size_t count, uint64_t **ret_among, struct found_view *ret)
{
	struct voices_found found;

	voices_search(w->pub->snapshot, w->arena, w->lang, q, filter, first, count, ret_among,
		      &found);
	*ret = (struct found_view){ .videos = found.result.videos,
				    .moments = (int64_t)found.result.moments,
				    .n = found.result.n_hits };
	ret->p = NEW_N(w->arena, struct found_video, ret->n);
	for (size_t i = 0; i < ret->n; i++)
		TRY(fill_hit(w, &found, &found.result.hits[i], &ret->p[i]));
	return OK;
}
