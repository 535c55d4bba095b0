/* Pages of the voices: the library, a video, a moment, the files of its tracks. */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "state/state.h"
#include "video/video_index.h"
#include "video/video_embed_web.h"
#include "video/video_library_web.h"
#include "video/video_pack_web.h"
#include "video/video_people_web.h"
#include "video/video_use.h"
#include "video/video_web.h"
#include "video_html.h"
#include "video_public_sql.h"

enum { PART_MS = 10 * 60 * 1000, PANEL_MOMENTS = 3, SEC_MAX = 100000 };

enum err voice_gone_or_none(struct web *w, str code)
{
	struct voice_gone gone;
	enum err e = voice_gone(w->pub, w->arena, code, &gone);

	return e == OK ? web_gone(w) : e;
}

enum err voice_find(struct web *w, str code, struct voice_by_code *ret)
{
	enum err e = voice_by_code(w->pub, w->arena, code, ret);

	return e == E_NOTFOUND ? voice_gone_or_none(w, code) : e;
}

enum err voice_moment_find(struct web *w, str code, struct voice_moment *ret)
{
	enum err e = voice_moment(w->pub, w->arena, code, ret);

	return e == E_NOTFOUND ? voice_gone_or_none(w, code) : e;
}

/* --- Its files. */

static str media_folder;

str voices_media(void)
{
	return media_folder;
}

void voices_set_media(str folder)
{
	media_folder = folder;
}

/* The bytes never change under their digest, which is the ETag. */
static enum err send_medium(struct web *w, const struct voice_by_code *row,
			    const struct voice_medium *medium)
{
	buf path = buf_new(w->arena, 8192);
	struct stat st;
	int fd;

	buf_printf(&path, "%" STR_F "/%" STR_F "/%" STR_F, STR_A(media_folder),
		   STR_A(str_to(medium->digest, 2)), STR_A(medium->digest));
	fd = open(arena_cstr(w->arena, buf_str(&path)), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return E_NOTFOUND;
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		close(fd);
		return E_IO;
	}
	w->res->kind = HTTP_BODY_FILE;
	w->res->file = (struct http_file){ .fd = fd, .size = (uint64_t)st.st_size };
	w->res->etag = medium->digest;
	http_res_header(w->res, "Content-Type", medium->type);
	if (video_has_use(row->uses, S("download"))) /* podcasts are heard on other sites too */
		http_res_header(w->res, "Cross-Origin-Resource-Policy", S("cross-origin"));
	return OK;
}

/* --- One video. */

struct voice_query {
	str code, tr;
	int64_t t, from;
};
enum { Q_CODE, Q_TR, Q_T, Q_FROM };
static const struct param voice_rows[] = {
	[Q_CODE] = PATH_TEXT(struct voice_query, code, "code", 60),
	[Q_TR] = P_TEXT(struct voice_query, tr, "tr", 24),
	[Q_T] = P_INT(struct voice_query, t, "t", 0, SEC_MAX, -1),
	[Q_FROM] = P_INT(struct voice_query, from, "from", -1, SEC_MAX, 0),
};
static const struct params voice_params = PARAMS(struct voice_query, voice_rows);

static bool has_text(const struct voice_tracks *tracks, size_t n, str lang)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(tracks[i].lang, lang) && voices_are_words(tracks[i].kind))
			return true;
	return false;
}

void voice_choose_languages(struct web *w, const struct voice_by_code *v, str asked,
			    const struct voice_tracks *tracks, size_t n, str *ret_left,
			    str *ret_right)
{
	str own = lang_code(w->lang), left = str_cut(&asked, ','), right = asked;

	if (!has_text(tracks, n, left)) {
		left = has_text(tracks, n, own) ? own : v->lang;
		right = str_eq(left, v->lang) ? S("") : v->lang;
	}
	if (!has_text(tracks, n, left) && n)
		left = tracks[0].lang;
	*ret_left = left;
	*ret_right = has_text(tracks, n, right) && !str_eq(right, left) ? right : S("");
}

str voice_origin(struct web *w, const struct voice_tracks *t)
{
	if (str_eq(t->origin, S("machine")))
		return tr_get(w->lang, t->reviewed ? T_video_machine_checked : T_video_machine);
	if (str_eq(t->origin, S("volunteer")))
		return tr_get(w->lang, t->reviewed ? T_video_volunteer_checked : T_video_volunteer);
	return tr_get(w->lang, t->reviewed ? T_video_human_checked : T_video_human);
}

static str kind_words(struct web *w, str kind)
{
	return tr_get(w->lang, str_eq(kind, S("captions"))       ? T_video_captions
			       : str_eq(kind, S("subtitles"))    ? T_video_subtitles
			       : str_eq(kind, S("descriptions")) ? T_video_descriptions
								 : T_video_chapters);
}

static void fill_tracks(struct web *w, str code, const struct voice_tracks *rows, size_t n,
			struct voice_view *v)
{
	v->tracks = NEW_N(w->arena, struct track_view, n);
	v->n_tracks = n;
	for (size_t i = 0; i < n; i++)
		v->tracks[i] = (struct track_view){
			.kind = kind_words(w, rows[i].kind),
			.lang = rows[i].lang,
			.lang_name = i18n_language(w->arena, w->lang, rows[i].lang),
			.origin = voice_origin(w, &rows[i]),
			.vtt = voice_track_link(w, code, rows[i].lang, rows[i].kind, "vtt"),
			.srt = voice_track_link(w, code, rows[i].lang, rows[i].kind, "srt"),
			.txt = voice_track_link(w, code, rows[i].lang, rows[i].kind, "txt"),
			.kilobytes = (rows[i].bytes + 1023) / 1024,
		};
}

/* Each language alone, and beside the one spoken. */
static void fill_languages(struct web *w, const struct voice_by_code *row,
			   const struct voice_tracks *tracks, size_t n, struct voice_view *v)
{
	VEC(struct voice_link) all = { 0 };

	for (size_t i = 0; i < n; i++) {
		str lang = tracks[i].lang;
		buf both = buf_new(w->arena, 64), label = buf_new(w->arena, 512);

		if (!voices_are_words(tracks[i].kind))
			continue;
		if (!(str_eq(lang, v->left) && !v->right.n))
			*vec_add(w->arena, &all) = (struct voice_link){
				i18n_language(w->arena, w->lang, lang), link_text(w, Q_TR, lang)
			};
		if (str_eq(lang, row->lang) || !has_text(tracks, n, row->lang) ||
		    (str_eq(lang, v->left) && str_eq(row->lang, v->right)))
			continue;
		buf_printf(&both, "%" STR_F ",%" STR_F, STR_A(lang), STR_A(row->lang));
		buf_printf(&label, "%" STR_F " + %" STR_F,
			   STR_A(i18n_language(w->arena, w->lang, lang)), STR_A(v->lang_name));
		*vec_add(w->arena, &all) =
			(struct voice_link){ buf_str(&label), link_text(w, Q_TR, buf_str(&both)) };
	}
	v->languages = all.p;
	v->n_languages = all.n > 1 ? all.n : 0;
}

enum err voice_chapters_make(struct web *w, const struct voice_by_code *row,
			     const struct voice_tracks *tracks, size_t n, struct voice_view *v)
{
	str lang = { 0 };
	struct voice_track track;
	struct sub_file *f;

	for (size_t i = 0; i < n; i++)
		if (str_eq(tracks[i].kind, S("chapters")) &&
		    (!lang.p || str_eq(tracks[i].lang, lang_code(w->lang))))
			lang = tracks[i].lang;
	if (!lang.p)
		return OK;
	TRY(voice_track(w->pub, w->arena, row->id, S("chapters"), lang, &track));
	TRY(sub_read_own(w->arena, track.vtt, &f));
	v->chapters = NEW_N(w->arena, struct voice_link, f->cues.n);
	v->n_chapters = f->cues.n;
	for (size_t i = 0; i < f->cues.n; i++) {
		const struct sub_cue *c = &f->cues.p[i];

		v->chapters[i] = (struct voice_link){ sub_plain(w->arena, c->text),
						      voice_link_to(w, "v", row->code,
								    c->start / 1000),
						      voice_clock(w->arena, c->start) };
	}
	return OK;
}

enum err voice_moments_make(struct web *w, const struct voice_by_code *row, struct voice_view *v)
{
	struct voice_moments *rows;
	struct spoken_list spoken = { 0 };

	TRY(voice_spoken_make(w, S("video"), row->id, &spoken));
	TRY(voice_moments(w->pub, w->arena, row->id, &rows, &v->n_moments));
	v->moments = NEW_N(w->arena, struct moment_view, v->n_moments);
	for (size_t i = 0; i < v->n_moments; i++) {
		TRY(voice_moment_make(w, rows[i].id, rows[i].code, rows[i].starts, rows[i].ends,
				      row->code, row->lang, &v->moments[i]));
		TRY(voice_spoken_make(w, S("moment"), rows[i].id, &spoken));
	}
	v->spoken = spoken.all.p;
	v->n_spoken = spoken.all.n;
	return OK;
}

/* A long transcript comes in parts of ten minutes: the one around ?t= or the one asked for. */
static enum err fill_transcript(struct web *w, const struct voice_by_code *row,
				const struct voice_query *q, struct voice_view *v)
{
	int64_t last = row->duration + PART_MS, from = 0, to = last;
	bool parted = row->duration > PART_MS * 3 / 2 && q->from >= 0;

	if (parted) {
		from = (q->t >= 0 && !q->from ? q->t : q->from) * 1000 / PART_MS * PART_MS;
		to = from + PART_MS;
		v->whole = link_number(w, Q_FROM, -1);
		v->n_parts = (size_t)((row->duration + PART_MS - 1) / PART_MS);
		v->parts = NEW_N(w->arena, struct voice_link, v->n_parts);
		for (size_t i = 0; i < v->n_parts; i++)
			v->parts[i] = (struct voice_link){
				voice_clock(w->arena, (int64_t)i * PART_MS),
				voice_link_to(w, "v", row->code, (int64_t)i * PART_MS / 1000)
			};
	}
	v->left_dir = i18n_dir(w->arena, w->lang, v->left);
	v->right_dir = i18n_dir(w->arena, w->lang, v->right);
	v->left_name = i18n_language(w->arena, w->lang, v->left);
	v->right_name = v->right.n ? i18n_language(w->arena, w->lang, v->right) : S("");
	return voice_transcript(w, row->id, S(""), v->left, v->right, q->t, from, to, &v->lines,
				&v->n_lines);
}

enum tr_key voice_form_words(str form)
{
	static const struct {
		const char *form;
		enum tr_key key;
	} all[] = { { "video", T_video_form_video }, { "720p", T_video_form_720p },
		    { "480p", T_video_form_480p },   { "240p", T_video_form_240p },
		    { "aac", T_video_form_aac },     { "opus", T_video_form_opus } };

	for (size_t i = 0; i < COUNT_OF(all); i++)
		if (str_eq(form, str_of(all[i].form)))
			return all[i].key;
	return T_video_form_video;
}

static int by_size(const void *x, const void *y)
{
	const struct medium_view *a = x, *b = y;

	return a->kilobytes != b->kilobytes ? (a->kilobytes > b->kilobytes ? -1 : 1) : 0;
}

/* What plays, from second T to END; < 0: from the start, to the end. */
/* A picture stands for the stretch of the film that begins with it. */
static struct board_view *make_board(struct web *w, const struct voice_by_code *row,
				     const struct voice_media *m)
{
	struct board_view *v = NEW(w->arena, struct board_view);
	int pictures = video_board_pictures(row->duration);
	int64_t wide = m->width / VIDEO_BOARD_COLUMNS;
	int64_t high = m->height / (pictures / VIDEO_BOARD_COLUMNS);

	*v = (struct board_view){ .picture = voice_medium_link(w, row->code, m->form, m->type, -1,
							       -1),
				  .width = m->width,
				  .height = m->height,
				  .kilobytes = (m->bytes + 1023) / 1024,
				  .cells = NEW_N(w->arena, struct board_cell, pictures),
				  .n = (size_t)pictures };
	for (int i = 0; i < pictures; i++) {
		int64_t x = i % VIDEO_BOARD_COLUMNS * wide, y = i / VIDEO_BOARD_COLUMNS * high;
		int64_t ms = row->duration * i / pictures;
		buf coords = buf_new(w->arena, 64);

		buf_printf(&coords, "%lld,%lld,%lld,%lld", (long long)x, (long long)y,
			   (long long)(x + wide), (long long)(y + high));
		v->cells[i] = (struct board_cell){ buf_str(&coords), voice_clock(w->arena, ms),
						   voice_link_to(w, "v", row->code, ms / 1000) };
	}
	return v;
}

static enum err fill_media(struct web *w, const struct voice_by_code *row, int64_t t, int64_t end,
			   struct voice_view *v)
{
	struct voice_media *rows;
	size_t n;

	TRY(voice_media(w->pub, w->arena, row->id, &rows, &n));
	v->take = video_has_use(row->uses, S("download"));
	v->films = NEW_N(w->arena, struct medium_view, n);
	v->sounds = NEW_N(w->arena, struct medium_view, n);
	for (size_t i = 0; i < n; i++) {
		struct medium_view one = {
			tr_get(w->lang, voice_form_words(rows[i].form)), rows[i].type,
			voice_medium_link(w, row->code, rows[i].form, rows[i].type, t, end),
			(rows[i].bytes + 1023) / 1024
		};

		if (str_eq(rows[i].form, S("storyboard"))) {
			v->board = make_board(w, row, &rows[i]);
		} else if (str_eq(rows[i].form, S("poster"))) {
			v->poster = voice_medium_link(w, row->code, rows[i].form, rows[i].type, -1,
						      -1);
		} else if (str_starts(rows[i].type, S("video/"))) {
			v->films[v->n_films++] = one;
			v->width = MAX(v->width, rows[i].width);
			v->height = MAX(v->height, rows[i].height);
		} else {
			v->sounds[v->n_sounds++] = one;
		}
	}
	if (v->n_films)
		qsort(v->films, v->n_films, sizeof *v->films, by_size);
	if (v->width == 0) {
		v->width = 854;
		v->height = 480;
	}
	return OK;
}

/* Captions and translations for the player; the reader's language is on from the start unless it is the one spoken. */
static void fill_player(struct web *w, const struct voice_by_code *row,
			const struct voice_tracks *tracks, size_t n, struct voice_view *v)
{
	bool any = false;

	v->player = NEW_N(w->arena, struct player_track, n);
	for (size_t i = 0; i < n; i++) {
		bool on = voices_are_words(tracks[i].kind) && !any &&
			  str_eq(tracks[i].lang, lang_code(w->lang)) &&
			  !str_eq(tracks[i].lang, row->lang);

		any |= on;
		v->player[v->n_player++] = (struct player_track){
			.kind = tracks[i].kind,
			.lang = tracks[i].lang,
			.label = i18n_language(w->arena, w->lang, tracks[i].lang),
			.src = voice_track_link(w, row->code, tracks[i].lang, tracks[i].kind,
						"vtt"),
			.is_default = on,
		};
	}
}

str voice_cite(struct web *w, const struct voice_view *v, int64_t t, str address)
{
	buf o = buf_new(w->arena, 64 << 10);

	buf_put(&o, voice_who(w, v->speakers, v->n_speakers));
	buf_printf(&o, "%s“%" STR_F "”", o.n ? ", " : "",
		   STR_A(i18n_apart(w->arena, w->lang, v->title.text)));
	if (v->recorded.n)
		buf_printf(&o, ", %" STR_F, STR_A(v->recorded));
	if (t >= 0)
		buf_printf(&o, ", %" STR_F, STR_A(voice_clock(w->arena, t * 1000)));
	buf_printf(&o, ". Tribune, %" STR_F, STR_A(address));
	return buf_str(&o);
}

void voice_head_make(struct web *w, const struct voice_by_code *row, struct voice_view *v)
{
	*v = (struct voice_view){
		.code = row->code,
		.lang_name = i18n_language(w->arena, w->lang, row->lang),
		.recorded = row->recorded.n ? voice_day(w, row->recorded) : S(""),
		.length = voice_clock(w->arena, row->duration),
		.licence = row->licence,
		.sample = row->sample,
		.audio = row->audio,
		.named = !str_eq(row->named, S("none")) && !str_eq(row->named, S("organisation")),
		.altered = str_eq(row->face, S("altered")) || str_eq(row->voice, S("altered")),
	};
}

static void fill_for_engines(struct web *w, const struct voice_by_code *row, struct voice_view *v)
{
	const struct medium_view *best = v->n_films ? v->films : v->n_sounds ? v->sounds : NULL;
	str whole = best ? best->link.s : S("");
	url file = url_checked(w->arena, str_cut(&whole, '#'));

	v->address = link_absolute(w, voice_link_to(w, "v", row->code, -1)).s;
	v->content = best && v->take ? link_absolute(w, file).s : S("");
	v->thumbnail = v->poster.s.p ? link_absolute(w, v->poster).s : S("");
	v->recorded_iso = row->recorded;
	v->lang = row->lang;
	v->seconds = row->duration / 1000;
}

static enum err voice_page(struct web *w)
{
	const struct voice_query *q = w->args;
	struct page page = { .nav = NAV_VOICES, .voices = true, .player = true };
	struct voice_by_code row;
	struct voice_tracks *tracks;
	struct voice_view v;
	buf series = buf_new(w->arena, 64 << 10);
	size_t n;

	TRY(voice_find(w, q->code, &row));
	voice_head_make(w, &row, &v);
	TRY(voice_title(w, row.id, row.lang, &v.title, &v.description, &v.place));
	TRY(voice_speakers_make(w, row.id, row.lang, &v.speakers, &v.n_speakers));
	TRY(voice_subjects_make(w, S("video"), row.id, &v.states, &v.n_states, &v.issues,
				&v.n_issues));
	TRY(voice_tracks(w->pub, w->arena, row.id, &tracks, &n));
	fill_tracks(w, row.code, tracks, n, &v);
	fill_player(w, &row, tracks, n, &v);
	TRY(fill_media(w, &row, q->t, -1, &v));
	voice_choose_languages(w, &row, q->tr, tracks, n, &v.left, &v.right);
	fill_languages(w, &row, tracks, n, &v);
	TRY(voice_chapters_make(w, &row, tracks, n, &v));
	TRY(voice_moments_make(w, &row, &v));
	TRY(fill_transcript(w, &row, q, &v));
	v.cite = voice_cite(w, &v, q->t, link_absolute(w, voice_link_to(w, "v", v.code, q->t)).s);
	v.embed = voice_embed_address(w, row.code, row.uses);
	fill_for_engines(w, &row, &v);
	TRY(voice_pack_link(w, &row, &v));
	TRY(web_panels(w, "series", &row.code, &series));
	TRY(series.err);
	v.series = (html){ buf_str(&series) };
	page.title = v.title.text;
	page.samples = v.sample;
	if (v.embed.p) {
		page.oembed = voice_oembed_link(w, "v", row.code);
		page.picture = v.poster;
	}
	video_page_html(w->out, w->lang, w, &page, &v);
	return OK;
}

/* The player alone, for other people's pages, where those in it agreed to that. */
static enum err embed_page(struct web *w)
{
	const struct voice_query *q = w->args;
	struct voice_by_code row;
	struct voice_tracks *tracks;
	struct voice_view v;
	size_t n;

	TRY(voice_find(w, q->code, &row));
	if (!video_has_use(row.uses, S("embed")))
		return E_NOTFOUND;
	voice_head_make(w, &row, &v);
	TRY(voice_title(w, row.id, row.lang, &v.title, &v.description, &v.place));
	TRY(voice_speakers_make(w, row.id, row.lang, &v.speakers, &v.n_speakers));
	TRY(voice_tracks(w->pub, w->arena, row.id, &tracks, &n));
	fill_player(w, &row, tracks, n, &v);
	TRY(fill_media(w, &row, q->t, -1, &v));
	fill_for_engines(w, &row, &v);
	v.who = voice_who(w, v.speakers, v.n_speakers);
	video_embed_html(w->out, w->lang, &v);
	return OK;
}

/* /v/CODE: the permanent address, without a language. */
static enum err voice_redirect(struct web *w)
{
	const struct voice_query *q = w->args;
	struct voice_by_code row;

	TRY(voice_find(w, q->code, &row));
	http_res_header(w->res, "Vary", S("Accept-Language"));
	return web_redirect(w, 302, voice_link_to(w, "v", row.code, q->t));
}

/* --- Files: fr.captions.vtt, srt or txt of a track; 480p.mp4, opus.opus, poster.jpg. */

struct track_query {
	str code, file;
};
static const struct param track_rows[] = {
	PATH_TEXT(struct track_query, code, "code", 60),
	PATH_TEXT(struct track_query, file, "file", 60),
};
static const struct params track_params = PARAMS(struct track_query, track_rows);

/* /v/CODE/pack.zip: in the language of the browser, so no cache may keep it. */
static enum err pack_redirect(struct web *w, str code)
{
	http_res_header(w->res, "Vary", S("Accept-Language"));
	w->res->etag = w->res->cache_key = S("");
	return web_redirect(w, 302, voice_pack_address(w, code));
}

static enum sub_format ending_format(str ending)
{
	return str_eq(ending, S("vtt"))   ? SUB_VTT
	       : str_eq(ending, S("srt")) ? SUB_SRT
	       : str_eq(ending, S("txt")) ? SUB_TEXT
					  : SUB_UNKNOWN;
}

/* Where people did not agree to "download", a text is there only as far as a film's player needs it: as WebVTT. */
static enum err may_have(struct web *w, const struct voice_by_code *row, enum sub_format as,
			 bool *ret)
{
	struct voice_media *rows;
	size_t n;

	*ret = video_has_use(row->uses, S("download"));
	if (*ret || as != SUB_VTT)
		return OK;
	TRY(voice_media(w->pub, w->arena, row->id, &rows, &n));
	for (size_t i = 0; i < n; i++)
		*ret |= str_starts(rows[i].type, S("video/"));
	return OK;
}

/* Of a clip, whose times are its own. */
static enum err send_cut(struct web *w, const struct voice_track *track, str lang,
			 enum sub_format as, const struct voice_moment *moment)
{
	struct sub_file *f;

	TRY(sub_read_own(w->arena, track->vtt, &f));
	if (moment)
		f = sub_span(w->arena, f, moment->starts, moment->ends);
	return sub_write(w->out, w->arena, f, as, lang);
}

/* MOMENT: only its span; NULL: all. */
static enum err send_track(struct web *w, const struct voice_by_code *row, str kind, str lang,
			   enum sub_format as, const struct voice_moment *moment)
{
	struct voice_track track;
	bool may;

	TRY(may_have(w, row, as, &may));
	if (!may)
		return E_NOTFOUND;
	TRY(voice_track(w->pub, w->arena, row->id, kind, lang, &track));
	if (video_has_use(row->uses, S("download"))) /* players and apps of other sites read them */
		http_res_header(w->res, "Access-Control-Allow-Origin", S("*"));
	if (as == SUB_UNKNOWN)
		return voice_chapters_json(w, track.vtt);
	if (as == SUB_VTT)
		http_res_header(w->res, "Content-Type", S("text/vtt; charset=utf-8"));
	if (as != SUB_VTT || moment)
		return send_cut(w, &track, lang, as, moment);
	buf_put(w->out, track.vtt);
	return w->out->err;
}

/* A browser that saves data asks so; only what a player plays by itself is made smaller, never what somebody chose. */
static enum err spare(struct web *w, int64_t video, str form, struct voice_medium *m)
{
	static const char *const smaller[] = { "240p", "480p" };
	bool saves = str_eq(http_req_header(w->req, S("Save-Data")), S("on"));
	str wanted_as = http_req_header(w->req, S("Sec-Fetch-Dest"));
	bool film = str_starts(m->type, S("video/")), picture = str_starts(m->type, S("image/"));
	struct voice_medium other;
	enum err e = E_NOTFOUND;

	if (film || picture)
		http_res_header(w->res, "Vary", S("Save-Data, Sec-Fetch-Dest"));
	if (!saves || str_starts(form, S(VIDEO_CLIP)))
		return OK;
	if (picture && str_eq(wanted_as, S("image")))
		e = voice_medium(w->pub, w->arena, video, S("still"), &other);
	for (size_t i = 0; i < COUNT_OF(smaller); i++)
		if (film && e == E_NOTFOUND && str_eq(wanted_as, S("video")))
			e = voice_medium(w->pub, w->arena, video, str_of(smaller[i]), &other);
	if (e == OK && other.bytes < m->bytes)
		*m = other;
	return e == E_NOTFOUND ? OK : e;
}

/* /v/CODE/clip-MOMENT.fr.captions.srt; REST is what follows the first dot. */
static enum err clip_track(struct web *w, const struct voice_by_code *row, str clip, str rest)
{
	str lang = str_cut(&rest, '.'), kind = str_cut(&rest, '.');
	enum sub_format as = ending_format(rest);
	struct voice_moment moment;

	TRY(voice_moment(w->pub, w->arena, str_from(clip, S(VIDEO_CLIP).n), &moment));
	if (!as || !voices_are_words(kind) || !str_eq(moment.video_code, row->code) ||
	    !video_has_use(row->uses, S("download")))
		return E_NOTFOUND;
	return send_track(w, row, kind, lang, as, &moment);
}

static enum err track_file(struct web *w)
{
	const struct track_query *q = w->args;
	str rest = q->file, lang = str_cut(&rest, '.'), behind = rest, kind = str_cut(&rest, '.');
	enum sub_format to = ending_format(rest);
	bool is_chapters = str_eq(kind, S("chapters")) && str_eq(rest, S("json"));
	struct voice_by_code row;
	struct voice_medium medium;
	enum err e;

	TRY(voice_find(w, q->code, &row));
	if (str_eq(q->file, S("pack.zip")))
		return pack_redirect(w, row.code);
	e = voice_medium(w->pub, w->arena, row.id, lang, &medium);
	if (e == OK && str_eq(kind, str_of(voice_medium_ending(medium.type))) && !rest.n) {
		TRY(spare(w, row.id, lang, &medium));
		return send_medium(w, &row, &medium);
	}
	if (str_starts(lang, S(VIDEO_CLIP)))
		return clip_track(w, &row, lang, behind);
	if ((e != OK && e != E_NOTFOUND) || !(to || is_chapters))
		return e != OK && e != E_NOTFOUND ? e : E_NOTFOUND;
	return send_track(w, &row, kind, lang, to, NULL);
}

/* --- A moment. */

static const struct param moment_rows[] = { PATH_TEXT(struct moment_query, code, "code", 60) };
static const struct params moment_params = PARAMS(struct moment_query, moment_rows);

static str moment_cite(struct web *w, const struct moment_view *m)
{
	buf o = buf_new(w->arena, 64 << 10);

	buf_put(&o, voice_who(w, m->speakers, m->n_speakers));
	buf_printf(&o, "%s“%" STR_F "”, %" STR_F ". Tribune, %" STR_F, o.n ? ", " : "",
		   STR_A(m->video_title), STR_A(m->time),
		   STR_A(link_absolute(w, voice_link_to(w, "m", m->code, -1)).s));
	return buf_str(&o);
}

/* The film of the moment alone, where there is one and people agreed to downloads, and its subtitles. */
static enum err fill_clip(struct web *w, const struct voice_by_code *video, str moment,
			  const struct voice_tracks *tracks, size_t n, struct moment_page_view *v)
{
	str form = video_clip_form(w->arena, moment);
	struct voice_medium medium;
	enum err e = E_NOTFOUND;

	if (video_has_use(video->uses, S("download")))
		e = voice_medium(w->pub, w->arena, video->id, form, &medium);
	if (e != OK)
		return e == E_NOTFOUND ? OK : e;
	v->clip = voice_medium_link(w, video->code, form, medium.type, -1, -1);
	v->clip_kilobytes = (medium.bytes + 1023) / 1024;
	v->cuts = NEW_N(w->arena, struct track_view, n);
	for (size_t i = 0; i < n; i++) {
		buf part = buf_new(w->arena, 128);

		if (!voices_are_words(tracks[i].kind))
			continue;
		buf_printf(&part, "%" STR_F ".%" STR_F, STR_A(form), STR_A(tracks[i].lang));
		v->cuts[v->n_cuts++] = (struct track_view){
			.lang = tracks[i].lang,
			.lang_name = i18n_language(w->arena, w->lang, tracks[i].lang),
			.srt = voice_track_link(w, video->code, buf_str(&part), tracks[i].kind,
						"srt"),
		};
	}
	return OK;
}

/* What a moment shows on its page and in a frame: its words, its people, its span of the film. */
static enum err fill_moment(struct web *w, str code, struct voice_moment *row,
			    struct voice_by_code *video, struct moment_page_view *v)
{
	struct voice_tracks *tracks;
	size_t n;

	TRY(voice_moment_find(w, code, row));
	TRY(voice_by_code(w->pub, w->arena, row->video_code, video));
	TRY(voice_moment_make(w, row->id, row->code, row->starts, row->ends, row->video_code,
			      video->lang, &v->moment));
	TRY(voice_moment_video(w, video->id, video->code, video->lang, &v->moment));
	v->sample = video->sample;
	v->embed = voice_embed_moment(w, row->code, video->uses);
	v->stage.title = v->moment.title.text.n ? v->moment.title
						: (struct said){ .text = v->moment.video_title };
	TRY(voice_tracks(w->pub, w->arena, video->id, &tracks, &n));
	voice_choose_languages(w, video, S(""), tracks, n, &v->left, &v->right);
	fill_player(w, video, tracks, n, &v->stage);
	TRY(fill_clip(w, video, row->code, tracks, n, v));
	return fill_media(w, video, row->starts / 1000, (row->ends + 999) / 1000, &v->stage);
}

static enum err moment_page(struct web *w)
{
	const struct moment_query *q = w->args;
	struct page page = { .nav = NAV_VOICES, .voices = true, .player = true };
	struct moment_page_view v = { 0 };
	struct spoken_list spoken = { 0 };
	struct voice_moment row;
	struct voice_by_code video;

	TRY(fill_moment(w, q->code, &row, &video, &v));
	TRY(voice_subjects_make(w, S("moment"), row.id, &v.states, &v.n_states, &v.issues,
				&v.n_issues));
	v.left_dir = i18n_dir(w->arena, w->lang, v.left);
	v.right_dir = i18n_dir(w->arena, w->lang, v.right);
	TRY(voice_transcript(w, video.id, video.code, v.left, v.right, -1, row.starts, row.ends,
			     &v.lines, &v.n_lines));
	TRY(voice_spoken_make(w, S("moment"), row.id, &spoken));
	v.spoken = spoken.all.p;
	v.n_spoken = spoken.all.n;
	v.cite = moment_cite(w, &v.moment);
	page.title = v.stage.title.text;
	page.samples = v.sample;
	if (v.embed.p) {
		page.oembed = voice_oembed_link(w, "m", row.code);
		page.picture = v.stage.poster;
	}
	video_moment_page_html(w->out, w->lang, w, &page, &v);
	return OK;
}

/* The moment alone, for other people's pages, where those in it agreed to that. */
static enum err moment_embed_page(struct web *w)
{
	const struct moment_query *q = w->args;
	struct moment_page_view v = { 0 };
	struct voice_moment row;
	struct voice_by_code video;

	TRY(fill_moment(w, q->code, &row, &video, &v));
	if (!v.embed.p)
		return E_NOTFOUND;
	v.stage.who = voice_who(w, v.moment.speakers, v.moment.n_speakers);
	video_moment_embed_html(w->out, w->lang, &v);
	return OK;
}

/* --- On the pages of lower slices: the moments that speak of it; on the home page: the newest quote. */

static enum err moments_about(struct web *w, str scheme, str code, struct moment_view **ret,
			      size_t *ret_n)
{
	struct voices_moments_of *rows;

	TRY(voices_moments_of(w->pub, w->arena, scheme, code, PANEL_MOMENTS, &rows, ret_n));
	*ret = NEW_N(w->arena, struct moment_view, *ret_n);
	for (size_t i = 0; i < *ret_n; i++) {
		struct voice_by_code video;

		TRY(voice_by_code(w->pub, w->arena, rows[i].video_code, &video));
		TRY(voice_moment_make(w, rows[i].id, rows[i].code, rows[i].starts, rows[i].ends,
				      rows[i].video_code, video.lang, &(*ret)[i]));
		TRY(voice_moment_video(w, video.id, video.code, video.lang, &(*ret)[i]));
	}
	return OK;
}

/* The library, or a feed of it, of one State. */
static url of_state(struct web *w, const char *name, const struct state *state)
{
	struct url_builder b = link_begin(w, name);

	url_pair(&b, S("state"), state->iso3);
	return url_end(&b);
}

static enum err state_panel(struct web *w, const void *subject, buf *o)
{
	const struct state *state = subject;
	struct moment_view *moments;
	size_t n;

	TRY(moments_about(w, S("state"), state->iso3, &moments, &n));
	if (!n)
		return OK;
	w->feed = of_state(w, "voices.atom", state);
	video_state_panel_html(o, w->lang, moments, n, of_state(w, "voices", state), w->feed);
	return OK;
}

static enum err record_panel(struct web *w, const void *subject, buf *o)
{
	const str *code = subject;
	struct moment_view *moments;
	size_t n;

	TRY(moments_about(w, S("recommendation"), *code, &moments, &n));
	if (n)
		video_record_panel_html(o, w->lang, moments, n);
	return OK;
}

static enum err home_panel(struct web *w, const void *subject, buf *o)
{
	struct voices_newest_quote row;
	struct voice_by_code video;
	struct moment_view m;
	enum err e = voices_newest_quote(w->pub, w->arena, &row);

	(void)subject;
	if (e != OK)
		return e == E_NOTFOUND ? OK : e;
	TRY(voice_by_code(w->pub, w->arena, row.video_code, &video));
	TRY(voice_moment_make(w, row.id, row.code, row.starts, row.ends, row.video_code, video.lang,
			      &m));
	TRY(voice_moment_video(w, video.id, video.code, video.lang, &m));
	video_home_panel_html(o, w->lang, &m);
	return OK;
}

static const struct panel panels[] = {
	{ "/{lang}", "voices", 1, home_panel, 10 },
	{ "/{lang}/states/{iso3}", "record", 2, state_panel, 1 + PANEL_MOMENTS * 8 },
	{ "/{lang}/r/{code}", "voices", 1, record_panel, 1 + PANEL_MOMENTS * 8 },
};
const struct panel_table video_panels = { panels, COUNT_OF(panels) };

/* The sample's codes are the same everywhere. */
static const struct route rows[] = {
	{ HTTP_GET, "/{lang}/voices", library_page, WEB_PUBLIC, WEB_HTML | WEB_CACHE,
	  &library_params, "/en/voices", 72 },
	{ HTTP_GET, "/{lang}/voices/by/{facet}", library_values_page, WEB_PUBLIC,
	  WEB_HTML | WEB_CACHE, &library_values_params, "/en/voices/by/state", 0 },
	{ HTTP_GET, "/{lang}/voices.atom", voices_atom, WEB_PUBLIC, WEB_XML | WEB_CACHE,
	  &voices_feed_params, "/en/voices.atom", 400 },
	{ HTTP_GET, "/{lang}/voices.rss", voices_rss, WEB_PUBLIC, WEB_XML | WEB_CACHE,
	  &voices_feed_params, "/en/voices.rss", 400 },
	{ HTTP_GET, "/{lang}/sitemap-video.xml", voices_sitemap, WEB_PUBLIC, WEB_XML | WEB_CACHE,
	  &params_none, "/en/sitemap-video.xml", 20 },
	{ HTTP_GET, "/v/{code}", voice_redirect, WEB_PUBLIC, WEB_HTML, &voice_params,
	  "/v/l2s3k2n6iy", 2 },
	{ HTTP_GET, "/v/{code}/{file}", track_file, WEB_PUBLIC, WEB_TEXT | WEB_CACHE, &track_params,
	  "/v/l2s3k2n6iy/fr.captions.srt", 4 },
	{ HTTP_GET, "/{lang}/v/{code}", voice_page, WEB_PUBLIC, WEB_HTML | WEB_CACHE, &voice_params,
	  "/en/v/l2s3k2n6iy?t=29", 60 },
	{ HTTP_GET, "/{lang}/v/{code}/pack.zip", voice_pack, WEB_PUBLIC,
	  WEB_TEXT | WEB_STREAM | WEB_NOINDEX, &voice_pack_params, "/fr/v/l2s3k2n6iy/pack.zip",
	  60 },
	{ HTTP_GET, "/{lang}/m/{code}", moment_page, WEB_PUBLIC, WEB_HTML | WEB_CACHE,
	  &moment_params, "/en/m/dehccqhf7h", 21 },
	{ HTTP_GET, "/{lang}/m/{code}/card.svg", voice_card, WEB_PUBLIC,
	  WEB_XML | WEB_CACHE | WEB_NOINDEX, &moment_params, "/en/m/dehccqhf7h/card.svg", 10 },
	{ HTTP_GET, "/{lang}/embed/{code}", embed_page, WEB_PUBLIC,
	  WEB_HTML | WEB_EMBED | WEB_CACHE | WEB_NOINDEX, &voice_params, "/en/embed/l2s3k2n6iy",
	  20 },
	{ HTTP_GET, "/{lang}/embed/m/{code}", moment_embed_page, WEB_PUBLIC,
	  WEB_HTML | WEB_EMBED | WEB_CACHE | WEB_NOINDEX, &moment_params, "/en/embed/m/dehccqhf7h",
	  20 },
	{ HTTP_GET, "/oembed", voice_oembed, WEB_PUBLIC, WEB_JSON | WEB_CACHE, &voice_oembed_params,
	  "/oembed?url=/en/v/l2s3k2n6iy", 6 },
	{ HTTP_GET, "/{lang}/people/{code}", voice_person_page, WEB_PUBLIC, WEB_HTML | WEB_CACHE,
	  &people_params, "/en/people/7hhfuip7ry", 60 },
	{ HTTP_GET, "/{lang}/organisations/{code}", voice_organisation_page, WEB_PUBLIC,
	  WEB_HTML | WEB_CACHE, &people_params, "/en/organisations/lkqhkqg7rc", 60 },
};

const struct route_table video_routes = { rows, COUNT_OF(rows) };
