/* What is in a screening pack: from public.db to its pages, subtitles, transcripts and films. */
#include "embed_gen.h"
#include "state/state.h"
#include "video/video_embed_web.h"
#include "video/video_index.h"
#include "video/video_made_web.h"
#include "video/video_pack_part.h"
#include "video/video_pack_view.h"
#include "video/video_pack_web.h"
#include "video/video_use.h"
#include "video/video_web.h"
#include "video_pack_html.h"
#include "video_public_sql.h"

enum {
	TEXT_MAX = 32 << 20, /* bytes of one text */
	MINUTE = 60 * 1000,
	HOURS_24 = 24 * 60 * MINUTE,
};

/* What one pack is made with. The makers of the pages get a struct web of their own: nobody has asked for a page. */
struct packing {
	struct web w;
	const struct video_pack_order *order;
	struct video_pack *pack;
};

static str joined(arena *a, str x, const char *y)
{
	buf o = buf_new(a, 4096);

	buf_put(&o, x);
	buf_put(&o, str_of(y));
	return buf_str(&o);
}

/* "./01-une-loi/texts/fr.txt#t=62": the parts are names that we have made, and go through the escaper of addresses all
 * the same. SECOND < 0: without. */
static url beside(arena *a, const char *start, str path, int64_t second)
{
	buf o = buf_new(a, 4096);

	buf_put(&o, str_of(start));
	while (path.n) {
		buf_byte(&o, '/');
		url_put_segment(&o, str_cut(&path, '/'));
	}
	if (second >= 0)
		buf_printf(&o, "#t=%lld", (long long)second);
	return (url){ buf_str(&o) };
}

/* --- What readers may take away. */

enum err video_pack_find(struct public *pub, arena *a, str code, int64_t *ret_id,
			 const char **ret_why)
{
	struct voice_by_code row;
	struct voice_gone gone;
	enum err e = voice_by_code(pub, a, code, &row);

	*ret_why = NULL;
	if (e == E_NOTFOUND) {
		e = voice_gone(pub, a, code, &gone);
		*ret_why = e == OK ? "withdrawn" : "unknown";
		return e == E_NOTFOUND ? OK : e;
	}
	if (e == OK && !video_has_use(row.uses, S("download")))
		*ret_why = "no-download";
	if (e == OK)
		*ret_id = row.id;
	return e;
}

static const struct voice_media *form_of(const struct voice_media *rows, size_t n, const char *form)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(rows[i].form, str_of(form)))
			return &rows[i];
	return NULL;
}

/* The one asked for; else the next larger, else the largest; else the sound. NULL: nothing plays. */
static const struct voice_media *choose(const struct voice_media *rows, size_t n, str size)
{
	const struct voice_media *best = NULL;
	bool larger = true;

	if (str_eq(size, S("audio"))) {
		best = form_of(rows, n, "aac");
		return best ? best : form_of(rows, n, "opus");
	}
	for (size_t i = 0; video_pack_sizes[i]; i++) { /* from the largest to the smallest */
		const struct voice_media *m = form_of(rows, n, video_pack_sizes[i]);

		if (m && (larger || !best))
			best = m;
		if (str_eq(size, str_of(video_pack_sizes[i])))
			larger = false;
	}
	return best ? best : choose(rows, n, S("audio"));
}

/* How large the media of a pack of this video would be, in the largest size; 0: there are none. */
static enum err media_kilobytes(struct web *w, int64_t video, int64_t *ret)
{
	struct voice_media *rows;
	const struct voice_media *m, *poster;
	size_t n;

	TRY(voice_media(w->pub, w->arena, video, &rows, &n));
	m = choose(rows, n, S("video"));
	poster = m ? form_of(rows, n, "poster") : NULL;
	*ret = ((m ? m->bytes : 0) + (poster ? poster->bytes : 0) + 1023) / 1024;
	return OK;
}

/* --- Files of one video. STEM names its folder, and in it the film and its subtitles. */

static str in_folder(arena *a, str stem, const char *folder, str lang, str kind, const char *end)
{
	buf o = buf_new(a, 512);

	buf_printf(&o, "%" STR_F "/%s%" STR_F, STR_A(stem), folder, STR_A(lang));
	if (kind.n)
		buf_printf(&o, ".%" STR_F, STR_A(kind));
	buf_put(&o, str_of(end));
	return buf_str(&o);
}

static str beside_film(arena *a, str stem, str tail)
{
	buf o = buf_new(a, 512);

	buf_printf(&o, "%" STR_F "/%" STR_F ".%" STR_F, STR_A(stem), STR_A(stem), STR_A(tail));
	return buf_str(&o);
}

static enum err put_written(struct packing *k, const struct sub_file *f, enum sub_format format,
			    str lang, str name)
{
	buf o = buf_new(k->w.arena, TEXT_MAX);

	TRY(sub_write(&o, k->w.arena, f, format, lang));
	TRY(o.err);
	pack_text(k->pack, name, buf_str(&o));
	return OK;
}

/* Captions are FILM.fr.srt; a translation into the language spoken, which is rare, does not take their name. */
static enum err put_words(struct packing *k, const struct voice_tracks *t, const struct sub_file *f,
			  bool twice, str stem, struct pack_film *film)
{
	arena *a = k->w.arena;
	str name = twice ? joined(a, t->lang, "-subtitles") : t->lang;
	str srt = beside_film(a, stem, joined(a, name, ".srt"));
	str txt = in_folder(a, stem, "texts/", name, S(""), ".txt");

	TRY(put_written(k, f, SUB_SRT, t->lang, srt));
	TRY(put_written(k, f, SUB_TEXT, t->lang, txt));
	film->words[film->n_words++] = (struct pack_words){
		.lang = t->lang,
		.lang_name = i18n_language(a, k->w.lang, t->lang),
		.origin = voice_origin(&k->w, t),
		.srt = beside(a, ".", srt, -1),
		.txt = beside(a, ".", txt, -1),
	};
	return OK;
}

/* Players of the browser read WebVTT, where the page does not come from a file. Its folder is not one in which VLC
 * looks for subtitles: it would offer each twice. */
static enum err put_tracks(struct packing *k, int64_t video, const struct voice_tracks *tracks,
			   size_t n, str stem, struct pack_film *film)
{
	arena *a = k->w.arena;

	film->words = NEW_N(a, struct pack_words, n);
	film->v.player = NEW_N(a, struct player_track, n);
	for (size_t i = 0; i < n; i++) {
		const struct voice_tracks *t = &tracks[i];
		str vtt = in_folder(a, stem, "texts/", t->lang, t->kind, ".vtt");
		struct voice_track row;
		struct sub_file *f;
		bool twice = false;

		TRY(voice_track(k->w.pub, a, video, t->kind, t->lang, &row));
		pack_text(k->pack, vtt, row.vtt);
		film->v.player[film->v.n_player++] = (struct player_track){
			.kind = t->kind,
			.lang = t->lang,
			.label = i18n_language(a, k->w.lang, t->lang),
			.src = beside(a, ".", vtt, -1),
		};
		if (!voices_are_words(t->kind))
			continue;
		for (size_t j = 0; j < i; j++)
			twice |= voices_are_words(tracks[j].kind) &&
				 str_eq(tracks[j].lang, t->lang);
		TRY(sub_read_own(a, row.vtt, &f));
		TRY(put_words(k, t, f, twice, stem, film));
	}
	return OK;
}

static bool is_there(const struct packing *k, const struct voice_media *m)
{
	return m && pack_has_file(k->pack, m->digest, m->bytes);
}

/* RET_FILM: its place in the pack; empty: nothing plays. Files that are not on the disk, as after a restore without
 * them, are as if they had not been made. */
static enum err put_media(struct packing *k, const struct voice_by_code *row, str stem,
			  struct voice_view *v, str *ret_film)
{
	arena *a = k->w.arena;
	struct voice_media *rows;
	const struct voice_media *m, *poster;
	struct medium_view *one = NEW(a, struct medium_view);
	size_t n, kept = 0;

	TRY(voice_media(k->w.pub, a, row->id, &rows, &n));
	for (size_t i = 0; i < n; i++)
		if (is_there(k, &rows[i]))
			rows[kept++] = rows[i];
	m = choose(rows, kept, k->order->size);
	*ret_film = S("");
	if (!m)
		return OK;
	if (!str_eq(m->form, k->order->size) && !str_eq(k->order->size, S("audio")))
		pack_note(k->pack, row->code, m->form);
	*ret_film = beside_film(a, stem, str_of(voice_medium_ending(m->type)));
	pack_file(k->pack, *ret_film, m->digest, m->bytes);
	*one = (struct medium_view){ .type = m->type,
				     .link = beside(a, ".", *ret_film, -1),
				     .kilobytes = (m->bytes + 1023) / 1024 };
	if (!str_starts(m->type, S("video/"))) {
		v->sounds = one;
		v->n_sounds = 1;
		return OK;
	}
	v->films = one;
	v->n_films = 1;
	v->width = m->width ? m->width : 854;
	v->height = m->height ? m->height : 480;
	poster = form_of(rows, kept, "poster");
	if (poster) {
		str name = beside_film(a, stem, S("jpg"));

		pack_file(k->pack, name, poster->digest, poster->bytes);
		v->poster = beside(a, ".", name, -1);
	}
	return OK;
}

/* --- Pages. */

/* Chapters and lines lead into the film beside the page: a browser opens it there. START: from where. */
static void link_times(arena *a, const char *start, str film, struct voice_view *v,
		       const int64_t *seconds)
{
	for (size_t i = 0; i < v->n_chapters; i++)
		v->chapters[i].link = beside(a, start, film, seconds[i]);
}

/* The second of "1:02:03". */
static int64_t second_of(str clock)
{
	int64_t all = 0, part;

	while (clock.n)
		if (str_to_i64(str_cut(&clock, ':'), &part))
			all = all * 60 + part;
	return all;
}

static int64_t *chapter_seconds(arena *a, const struct voice_view *v)
{
	int64_t *all = NEW_N(a, int64_t, v->n_chapters);

	for (size_t i = 0; i < v->n_chapters; i++)
		all[i] = second_of(v->chapters[i].time);
	return all;
}

static enum err fill_lines(struct packing *k, const struct voice_by_code *row,
			   const struct voice_tracks *tracks, size_t n, str film,
			   struct voice_view *v)
{
	struct web *w = &k->w;

	voice_choose_languages(w, row, S(""), tracks, n, &v->left, &v->right);
	v->left_dir = i18n_dir(w->arena, w->lang, v->left);
	v->right_dir = i18n_dir(w->arena, w->lang, v->right);
	v->left_name = i18n_language(w->arena, w->lang, v->left);
	v->right_name = v->right.n ? i18n_language(w->arena, w->lang, v->right) : S("");
	TRY(voice_transcript(w, row->id, S(""), v->left, v->right, -1, 0, HOURS_24, &v->lines,
			     &v->n_lines));
	for (size_t i = 0; i < v->n_lines; i++)
		v->lines[i].link = beside(w->arena, ".", film, second_of(v->lines[i].time));
	return OK;
}

static str address_of(struct packing *k, str code)
{
	buf o = buf_new(k->w.arena, 4096);

	buf_printf(&o, "%" STR_F "/%" STR_F "/v/%" STR_F, STR_A(k->order->site),
		   STR_A(lang_code(k->w.lang)), STR_A(code));
	return buf_str(&o);
}

static enum err put_sheet(struct packing *k, const struct pack_view *p, struct pack_film *film,
			  str stem, str media, const int64_t *seconds)
{
	arena *a = k->w.arena;
	str name = in_folder(a, stem, "", S("discussion"), S(""), ".html");
	buf o = buf_new(a, TEXT_MAX), back = buf_new(a, 64);
	struct pack_film here = *film;
	size_t quotes = 0;

	for (size_t i = 0; i < film->v.n_moments; i++)
		quotes += film->v.moments[i].quote.text.n > 0;
	buf_printf(&back, "../index.html#%" STR_F, STR_A(film->id));
	here.back = (url){ buf_str(&back) };
	link_times(a, "..", media, &here.v, seconds);
	pack_sheet_html(&o, k->w.lang, p, &here, beside(a, "..", S("pack.css"), -1), quotes);
	TRY(o.err);
	pack_text(k->pack, name, buf_str(&o));
	film->sheet = beside(a, ".", name, -1);
	link_times(a, ".", media, &film->v, seconds);
	return OK;
}

static enum err fill_film(struct packing *k, const struct pack_view *p, size_t number,
			  const struct voice_by_code *row, struct pack_film *film)
{
	struct web *w = &k->w;
	struct voice_view *v = &film->v;
	struct voice_tracks *tracks;
	buf digits = buf_new(w->arena, 24), id = buf_new(w->arena, 24);
	str stem, media;
	size_t n;

	buf_u64(&digits, number);
	buf_printf(&id, "f%zu", number);
	voice_head_make(w, row, v);
	v->take = true; /* as everybody in a pack agreed to */
	film->number = buf_str(&digits);
	film->id = buf_str(&id);
	film->address = address_of(k, row->code);
	TRY(voice_title(w, row->id, row->lang, &v->title, &v->description, &v->place));
	TRY(voice_speakers_make(w, row->id, row->lang, &v->speakers, &v->n_speakers));
	TRY(voice_tracks(w->pub, w->arena, row->id, &tracks, &n));
	stem = pack_stem(w->arena, number, v->title.text, row->code);
	TRY(put_media(k, row, stem, v, &media));
	TRY(put_tracks(k, row->id, tracks, n, stem, film));
	TRY(voice_chapters_make(w, row, tracks, n, v));
	TRY(voice_moments_make(w, row, v));
	TRY(fill_lines(k, row, tracks, n, media, v));
	v->cite = voice_cite(w, v, -1, film->address);
	return put_sheet(k, p, film, stem, media, chapter_seconds(w->arena, v));
}

static enum err put_index(struct packing *k, const struct pack_view *p)
{
	const struct embed_file *css = embed_find(S("assets/pack.css"));
	buf o = buf_new(k->w.arena, TEXT_MAX);

	pack_index_html(&o, k->w.lang, p);
	TRY(o.err);
	pack_text(k->pack, S("index.html"), buf_str(&o));
	pack_text(k->pack, S("pack.css"), css ? css->bytes : S("\n"));
	return OK;
}

/* The title that the order gives, that of the only video, or what it is. */
static str title_of(const struct packing *k, const struct pack_view *p)
{
	if (k->order->title.n)
		return k->order->title;
	return p->n == 1 ? p->films[0].v.title.text : tr_get(k->w.lang, T_video_pack);
}

enum err video_pack_make(struct public *pub, arena *a, const struct video_pack_order *order,
			 struct video_pack **ret)
{
	struct packing *k = NEW(a, struct packing);
	struct pack_view p = { .site = order->site, .n = order->n };
	int64_t duration = 0;

	if (order->n > VIDEO_PACK_MAX)
		return E_TOOBIG;
	*k = (struct packing){ .w = { .arena = a, .lang = order->lang, .pub = pub },
			       .order = order,
			       .pack = pack_new(a, order->media) };
	p.films = NEW_N(a, struct pack_film, p.n);
	p.css = beside(a, ".", S("pack.css"), -1);
	for (size_t i = 0; i < p.n; i++) {
		struct voice_by_id known;
		struct voice_by_code row;

		TRY(voice_by_id(pub, a, order->videos[i], &known));
		TRY(voice_by_code(pub, a, known.code, &row));
		if (!video_has_use(row.uses, S("download")))
			return E_NOTFOUND;
		TRY(fill_film(k, &p, i + 1, &row, &p.films[i]));
		duration += row.duration;
		p.sample |= row.sample;
		p.media |= p.films[i].v.n_films + p.films[i].v.n_sounds > 0;
	}
	p.minutes = (duration + MINUTE - 1) / MINUTE;
	p.title = title_of(k, &p);
	TRY(put_index(k, &p));
	*ret = k->pack;
	return pack_seal(k->pack);
}

/* --- The page: /fr/v/CODE/pack.zip?size=480p */

struct pack_query {
	str code, size;
};
static const struct param pack_rows[] = {
	PATH_TEXT(struct pack_query, code, "code", 60),
	P_TEXT(struct pack_query, size, "size", 12),
};
const struct params voice_pack_params = PARAMS(struct pack_query, pack_rows);

enum err voice_pack_send(struct web *w, str name, str title, const int64_t *ids, size_t n, str size)
{
	const struct video_pack_order order = { .size = size.n ? size : S("video"),
						.site = link_absolute(w, (url){ S("") }).s,
						.media = voices_media(),
						.lang = w->lang,
						.title = title,
						.videos = ids,
						.n = n };
	struct video_pack *pack;
	buf header = buf_new(w->arena, 256);

	if (!n || !video_pack_is_size(order.size))
		return E_NOTFOUND;
	TRY(video_pack_make(w->pub, w->arena, &order, &pack));
	buf_printf(&header, "attachment; filename=\"%" STR_F ".zip\"", STR_A(name));
	http_res_header(w->res, "Content-Disposition", buf_str(&header));
	http_res_header(w->res, "Content-Type", S("application/zip"));
	w->res->kind = HTTP_BODY_STREAM;
	w->res->stream = (struct http_stream){ video_pack_pull, video_pack_done, pack,
					       video_pack_size(pack) };
	web_let_go(w);
	return OK;
}

enum err voice_pack(struct web *w)
{
	const struct pack_query *q = w->args;
	struct voice_by_code row;

	TRY(voice_find(w, q->code, &row));
	return voice_pack_send(w, row.code, S(""), &row.id, 1, q->size);
}

url voice_pack_address(struct web *w, str code)
{
	struct url_builder b = url_begin(w->arena, S(""));

	url_segment(&b, lang_code(w->lang));
	url_segment(&b, S("v"));
	url_segment(&b, code);
	url_segment(&b, S("pack.zip"));
	return url_end(&b);
}

enum err voice_pack_link(struct web *w, const struct voice_by_code *row, struct voice_view *v)
{
	if (!video_has_use(row->uses, S("download")))
		return OK;
	v->pack = voice_pack_address(w, row->code);
	return media_kilobytes(w, row->id, &v->pack_kilobytes);
}

enum err voice_pack_of(struct web *w, const struct voice_row *voices, size_t n, int64_t **ret_ids,
		       size_t *ret_n, int64_t *ret_kilobytes)
{
	size_t kept = 0;

	*ret_ids = NEW_N(w->arena, int64_t, n);
	*ret_kilobytes = 0;
	for (size_t i = 0; i < n && kept < VIDEO_PACK_MAX; i++) {
		int64_t kilobytes;

		if (!video_has_use(voices[i].uses, S("download")))
			continue;
		TRY(media_kilobytes(w, voices[i].id, &kilobytes));
		(*ret_ids)[kept++] = voices[i].id;
		*ret_kilobytes += kilobytes;
	}
	*ret_n = kept;
	return OK;
}
