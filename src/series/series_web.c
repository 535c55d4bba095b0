/* The page of a series, its quotes as text, and its blocks on the library and on a video. */
#include "series/series_view.h"
#include "series_html.h"
#include "series_public_sql.h"
#include "text/markdown.h"

enum { MINUTE = 60 * 1000, QUERIES_A_QUOTE = 6, LINES_MAX = 3 };

/* A text in Markdown; RET_LANG as in struct said. */
static enum err prose(struct web *w, str kind, int64_t thing, str field, int top, html *ret,
		      str *ret_lang)
{
	struct said said;

	TRY(voice_said(w, kind, thing, field, S("en"), &said));
	*ret = said.text.n ? markdown_html(w->arena, said.text, top) : (html){ S("") };
	*ret_lang = said.lang;
	return OK;
}

/* FILE: of it; empty: its page. */
static url series_link(struct web *w, str key, str file)
{
	struct url_builder b = link_begin(w, "series");

	url_segment(&b, key);
	if (file.n)
		url_segment(&b, file);
	return url_end(&b);
}

/* --- The page. */

static enum err fill_quote(struct web *w, const struct series_page_quotes *row,
			   struct moment_view *ret)
{
	TRY(voice_moment_make(w, row->id, row->code, row->starts, row->ends, row->video_code,
			      row->lang, ret));
	if (!ret->quote.text.n) /* a moment without a quote is its title */
		ret->quote = ret->title;
	return voice_moment_video(w, row->video_id, row->video_code, row->lang, ret);
}

static enum err fill_section(struct web *w, int64_t id, size_t number, struct section_view *s)
{
	buf name = buf_new(w->arena, 24);
	struct series_page_quotes *rows;

	*s = (struct section_view){ 0 };
	buf_printf(&name, "q%zu", number);
	s->id = buf_str(&name);
	TRY(voice_said(w, S("section"), id, S("title"), S("en"), &s->title));
	TRY(prose(w, S("section"), id, S("text"), 3, &s->text, &s->text_lang));
	TRY(series_page_quotes(w->pub, w->arena, id, &rows, &s->n_quotes));
	s->quotes = NEW_N(w->arena, struct moment_view, s->n_quotes);
	for (size_t i = 0; i < s->n_quotes; i++)
		TRY(fill_quote(w, &rows[i], &s->quotes[i]));
	return OK;
}

static enum err fill_sections(struct web *w, int64_t id, struct series_view *v)
{
	struct series_page_sections *rows;
	size_t n;

	TRY(series_page_sections(w->pub, w->arena, id, &rows, &n));
	v->sections = NEW_N(w->arena, struct section_view, n);
	for (size_t i = 0; i < n; i++) {
		TRY(fill_section(w, rows[i].id, i + 1, &v->sections[i]));
		v->n_quotes += v->sections[i].n_quotes;
	}
	v->n_sections = n;
	return OK;
}

static enum err fill_video(struct web *w, const struct series_page_videos *row,
			   struct series_entry *e)
{
	struct speaker_view *speakers;
	struct said description;
	str place;
	size_t n;

	TRY(voice_title(w, row->id, row->lang, &e->title, &description, &place));
	TRY(voice_speakers_make(w, row->id, row->lang, &speakers, &n));
	e->who = voice_who(w, speakers, n);
	e->length = voice_clock(w->arena, row->duration);
	e->recorded = row->recorded.n ? voice_day(w, row->recorded) : S("");
	e->link = voice_link_to(w, "v", row->code, -1);
	return OK;
}

static enum err fill_videos(struct web *w, int64_t id, struct series_view *v)
{
	struct series_page_videos *rows;
	int64_t duration = 0;

	TRY(series_page_videos(w->pub, w->arena, id, &rows, &v->n_videos));
	v->videos = NEW_N(w->arena, struct series_entry, v->n_videos);
	for (size_t i = 0; i < v->n_videos; i++) {
		TRY(fill_video(w, &rows[i], &v->videos[i]));
		duration += rows[i].duration;
	}
	v->minutes = (duration + MINUTE - 1) / MINUTE;
	return OK;
}

static str cite(struct web *w, const struct series_view *v)
{
	buf o = buf_new(w->arena, 64 << 10);

	buf_printf(&o, "“%" STR_F "”. Tribune, %" STR_F, STR_A(v->title.text),
		   STR_A(link_absolute(w, series_link(w, v->key, S(""))).s));
	return buf_str(&o);
}

struct series_query {
	str key;
};
static const struct param series_rows[] = { PATH_TEXT(struct series_query, key, "key", 60) };
static const struct params series_params = PARAMS(struct series_query, series_rows);

static enum err load(struct web *w, struct series_view *v)
{
	const struct series_query *q = w->args;
	struct series_page_by_key row;

	TRY(series_page_by_key(w->pub, w->arena, q->key, &row));
	*v = (struct series_view){ .id = row.id, .key = q->key, .sample = row.sample };
	TRY(voice_said(w, S("series"), row.id, S("title"), S("en"), &v->title));
	TRY(prose(w, S("series"), row.id, S("introduction"), 2, &v->introduction,
		  &v->introduction_lang));
	TRY(fill_videos(w, row.id, v));
	return fill_sections(w, row.id, v);
}

/* Its videos as feeds and packs take them. */
static enum err videos_of(struct web *w, int64_t series, struct voice_row **ret, size_t *ret_n)
{
	struct series_page_videos *rows;

	TRY(series_page_videos(w->pub, w->arena, series, &rows, ret_n));
	*ret = NEW_N(w->arena, struct voice_row, *ret_n);
	for (size_t i = 0; i < *ret_n; i++)
		(*ret)[i] = (struct voice_row){ rows[i].id,   rows[i].duration, rows[i].code,
						rows[i].lang, rows[i].recorded, rows[i].uses };
	return OK;
}

/* Those whose people agreed to downloads. */
static enum err fill_pack(struct web *w, struct series_view *v)
{
	struct voice_row *videos;
	int64_t *ids;
	size_t n;

	TRY(videos_of(w, v->id, &videos, &n));
	TRY(voice_pack_of(w, videos, n, &ids, &n, &v->pack_kilobytes));
	if (n)
		v->pack = series_link(w, v->key, S("pack.zip"));
	return OK;
}

static enum err series_page(struct web *w)
{
	struct page page = { .nav = NAV_VOICES, .voices = true };
	struct series_view v;

	TRY(load(w, &v));
	TRY(fill_pack(w, &v));
	v.cite = cite(w, &v);
	page.title = v.title.text;
	page.samples = v.sample;
	page.atom = series_link(w, v.key, S("voices.atom"));
	series_page_html(w->out, w->lang, w, &page, &v);
	return OK;
}

/* --- All quotes, for those who write. */

static void put_quote(struct web *w, const struct moment_view *m)
{
	buf_printf(w->out, "“%" STR_F "”\n", STR_A(m->quote.text));
	if (m->original.text.n)
		buf_printf(w->out, "“%" STR_F "”\n", STR_A(m->original.text));
	buf_printf(w->out, "%" STR_F ", “%" STR_F "”, %" STR_F "\n%" STR_F "\n\n",
		   STR_A(voice_who(w, m->speakers, m->n_speakers)), STR_A(m->video_title),
		   STR_A(m->time), STR_A(link_absolute(w, m->link).s));
}

static enum err quotes_text(struct web *w)
{
	struct series_view v;

	TRY(load(w, &v));
	buf_printf(w->out, "%" STR_F "\n%" STR_F "\n\n", STR_A(v.title.text),
		   STR_A(link_absolute(w, series_link(w, v.key, S(""))).s));
	for (size_t i = 0; i < v.n_sections; i++) {
		buf_printf(w->out, "%" STR_F "\n\n", STR_A(v.sections[i].title.text));
		for (size_t k = 0; k < v.sections[i].n_quotes; k++)
			put_quote(w, &v.sections[i].quotes[k]);
	}
	return w->out->err;
}

/* --- Its videos as a feed. */

static enum err series_atom(struct web *w)
{
	const struct series_query *q = w->args;
	struct series_page_by_key series;
	struct voice_row *videos;
	struct said title;
	size_t n;

	TRY(series_page_by_key(w->pub, w->arena, q->key, &series));
	TRY(voice_said(w, S("series"), series.id, S("title"), S("en"), &title));
	TRY(videos_of(w, series.id, &videos, &n));
	return voices_atom_put(w, title.text, series_link(w, q->key, S("")), videos, n);
}

/* --- Its videos as a screening pack. */

struct pack_query {
	str key, size;
};
static const struct param pack_rows[] = {
	PATH_TEXT(struct pack_query, key, "key", 60),
	P_TEXT(struct pack_query, size, "size", 12),
};
static const struct params pack_params = PARAMS(struct pack_query, pack_rows);

static enum err series_pack(struct web *w)
{
	const struct pack_query *q = w->args;
	struct series_page_by_key series;
	struct voice_row *videos;
	struct said title;
	int64_t *ids, kilobytes;
	size_t n;

	TRY(series_page_by_key(w->pub, w->arena, q->key, &series));
	TRY(voice_said(w, S("series"), series.id, S("title"), S("en"), &title));
	TRY(videos_of(w, series.id, &videos, &n));
	TRY(voice_pack_of(w, videos, n, &ids, &n, &kilobytes));
	return voice_pack_send(w, q->key, title.text, ids, n, q->size);
}

/* --- On the library: the series there are. */

static enum err fill_line(struct web *w, const struct series_list *row, struct series_line *line)
{
	struct said introduction;

	*line = (struct series_line){
		.key = row->key,
		.videos = row->videos,
		.minutes = (row->duration + MINUTE - 1) / MINUTE,
	};
	TRY(voice_said(w, S("series"), row->id, S("title"), S("en"), &line->title));
	TRY(voice_said(w, S("series"), row->id, S("introduction"), S("en"), &introduction));
	if (introduction.text.n) { /* its first block says what it is */
		str plain = markdown_plain(w->arena, introduction.text);

		line->introduction = str_cut(&plain, '\n');
		line->introduction_lang = introduction.lang;
	}
	return OK;
}

static enum err library_panel(struct web *w, const void *subject, buf *o)
{
	struct series_list *rows;
	struct series_line *lines;
	size_t all, n;

	(void)subject;
	TRY(series_list(w->pub, w->arena, &rows, &all));
	n = MIN(all, (size_t)LINES_MAX);
	lines = NEW_N(w->arena, struct series_line, n);
	for (size_t i = 0; i < n; i++)
		TRY(fill_line(w, &rows[i], &lines[i]));
	if (n)
		series_library_panel_html(o, w->lang, lines, n, all);
	return OK;
}

/* --- On a video: what it belongs to, and what comes next. */

static enum err fill_part(struct web *w, const struct series_page_videos *rows, size_t n, str code,
			  struct part_view *v)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(rows[i].code, code))
			v->number = i + 1;
	v->n = n;
	if (v->number >= n)
		return OK;
	v->next = voice_link_to(w, "v", rows[v->number].code, -1);
	return voice_said(w, S("video"), rows[v->number].id, S("title"), rows[v->number].lang,
			  &v->next_title);
}

static enum err video_panel(struct web *w, const void *subject, buf *o)
{
	const str *code = subject;
	struct series_of_video row;
	struct series_page_videos *rows;
	struct part_view v = { 0 };
	size_t n;
	enum err e = series_of_video(w->pub, w->arena, *code, &row);

	if (e != OK)
		return e == E_NOTFOUND ? OK : e;
	v.key = row.key;
	TRY(voice_said(w, S("series"), row.id, S("title"), S("en"), &v.title));
	TRY(series_page_videos(w->pub, w->arena, row.id, &rows, &n));
	TRY(fill_part(w, rows, n, *code, &v));
	series_video_panel_html(o, w->lang, &v);
	return OK;
}

static const struct panel panels[] = {
	{ "/{lang}/voices", "series", 1, library_panel, 1 + LINES_MAX * 2 },
	{ "/{lang}/v/{code}", "series", 1, video_panel, 4 },
};
const struct panel_table series_panels = { panels, COUNT_OF(panels) };

static const struct route rows[] = {
	{ HTTP_GET, "/{lang}/series/{key}", series_page, WEB_PUBLIC, WEB_HTML | WEB_CACHE,
	  &series_params, "/en/series/sample-people", 70 + 12 * QUERIES_A_QUOTE },
	{ HTTP_GET, "/{lang}/series/{key}/quotes.txt", quotes_text, WEB_PUBLIC,
	  WEB_TEXT | WEB_CACHE, &series_params, "/en/series/sample-people/quotes.txt",
	  60 + 12 * QUERIES_A_QUOTE },
	{ HTTP_GET, "/{lang}/series/{key}/voices.atom", series_atom, WEB_PUBLIC,
	  WEB_XML | WEB_CACHE, &series_params, "/en/series/sample-people/voices.atom",
	  3 + VOICES_FEED_MOST * 8 },
	{ HTTP_GET, "/{lang}/series/{key}/pack.zip", series_pack, WEB_PUBLIC,
	  WEB_TEXT | WEB_STREAM | WEB_NOINDEX, &pack_params, "/en/series/sample-people/pack.zip",
	  4 + VIDEO_PACK_MAX * 60 },
};
const struct route_table series_routes = { rows, COUNT_OF(rows) };
