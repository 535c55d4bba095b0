/* Core in, public.db out: the series, published whole, with those of their videos that readers see. */
#include "base/clock.h"
#include "publish/publish.h"
#include "series/series.h"
#include "series_publish_sql.h"
#include "series_sql.h"

enum { CONTENT_MAX = 16 << 20 };

struct shown_section {
	int64_t id;
	voice_words words;
	series_ids quotes;
};

struct shown_series {
	struct series_rows head;
	voice_words words;
	series_ids videos;
	VEC(struct shown_section) sections;
};
typedef VEC(struct shown_series) all_shown;

static enum err add_if_seen(struct publish_run *run, int64_t video, int64_t id, series_ids *to)
{
	const char *hidden;

	TRY(video_hidden(run->core, run->a, video, clock_now(), &hidden));
	if (!hidden)
		*vec_add(run->a, to) = id;
	return OK;
}

/* A section leaves with the last of its quotes: its question and text may speak of what is hidden. */
static enum err load_section(struct publish_run *run, int64_t id, struct shown_series *to)
{
	struct shown_section section = { .id = id };
	struct section_quotes_of *rows;
	size_t n;

	TRY(section_quotes_of(run->core, run->a, id, &rows, &n));
	for (size_t i = 0; i < n; i++)
		TRY(add_if_seen(run, rows[i].video_id, rows[i].moment_id, &section.quotes));
	if (!section.quotes.n)
		return OK;
	*vec_add(run->a, &to->sections) = section;
	return video_words_of(run->core, run->a, S("section"), id,
			      &to->sections.p[to->sections.n - 1].words);
}

static enum err load_series(struct publish_run *run, const struct series_rows *row,
			    struct shown_series *ret)
{
	struct series_videos_of *videos;
	struct sections_of *sections;
	size_t n;

	*ret = (struct shown_series){ .head = *row };
	TRY(video_words_of(run->core, run->a, S("series"), row->id, &ret->words));
	TRY(series_videos_of(run->core, run->a, row->id, &videos, &n));
	for (size_t i = 0; i < n; i++)
		TRY(add_if_seen(run, videos[i].video_id, videos[i].video_id, &ret->videos));
	TRY(sections_of(run->core, run->a, row->id, &sections, &n));
	for (size_t i = 0; i < n; i++)
		TRY(load_section(run, sections[i].id, ret));
	return OK;
}

static enum err load_all(struct publish_run *run, all_shown *ret)
{
	struct series_rows *rows;
	size_t n;

	TRY(series_rows(run->core, run->a, &rows, &n));
	for (size_t i = 0; i < n; i++) {
		struct shown_series one;

		if (rows[i].held)
			continue;
		TRY(load_series(run, &rows[i], &one));
		if (one.videos.n)
			*vec_add(run->a, ret) = one;
	}
	return OK;
}

/* --- One fixed spelling of all of it. */

static void spell_ids(buf *o, const series_ids *ids)
{
	for (size_t i = 0; i < ids->n; i++)
		buf_printf(o, "%lld ", (long long)ids->p[i]);
	buf_byte(o, '\n');
}

static void spell(buf *o, const struct shown_series *s)
{
	publish_line(o, &s->head.key, 1);
	buf_printf(o, "%lld %d\n", (long long)s->head.id, (int)s->head.sample);
	video_words_spell(o, &s->words);
	spell_ids(o, &s->videos);
	for (size_t i = 0; i < s->sections.n; i++) {
		buf_printf(o, "%lld\n", (long long)s->sections.p[i].id);
		video_words_spell(o, &s->sections.p[i].words);
		spell_ids(o, &s->sections.p[i].quotes);
	}
}

/* --- Writing. */

static enum err write_series(struct publish_run *run, const struct shown_series *s)
{
	TRY(public_series_put(run->out, s->head.id, s->head.key, s->head.sample));
	TRY(video_words_publish(run->out, S("series"), s->head.id, &s->words));
	for (size_t i = 0; i < s->videos.n; i++)
		TRY(public_series_video_put(run->out, s->head.id, (int64_t)i, s->videos.p[i]));
	for (size_t i = 0; i < s->sections.n; i++) {
		const struct shown_section *section = &s->sections.p[i];

		TRY(public_section_put(run->out, section->id, s->head.id, (int64_t)i));
		TRY(video_words_publish(run->out, S("section"), section->id, &section->words));
		for (size_t k = 0; k < section->quotes.n; k++)
			TRY(public_section_quote_put(run->out, section->id, (int64_t)k,
						     section->quotes.p[k]));
	}
	return OK;
}

static enum err clear(struct publish_run *run)
{
	TRY(public_series_clear(run->out));
	TRY(public_sections_clear(run->out));
	TRY(public_series_videos_clear(run->out));
	TRY(public_section_quotes_clear(run->out));
	return public_series_wordings_clear(run->out);
}

static enum err publish_series(struct publish_run *run, const struct publish_kind *self,
			       const int64_t *things, size_t n)
{
	buf content = buf_new(run->a, CONTENT_MAX);
	all_shown all = { 0 };
	bool same;

	(void)things, (void)n;
	TRY(load_all(run, &all));
	vec_each (struct shown_series, s, &all)
		spell(&content, s);
	TRY(content.err);
	TRY(publish_same(run, self, buf_str(&content), &same));
	if (same)
		return OK;
	TRY(clear(run));
	vec_each (struct shown_series, s, &all)
		TRY(write_series(run, s));
	return OK;
}

const struct publish_kind series_kind = { "series", publish_series, publish_one_thing, "video" };
