/*
 * Files that belong together by their names: talk.toml is what talk is, talk.fr.vtt its captions when it is
 * spoken in French and otherwise a translation, talk.fr.chapters.vtt its chapters.
 */
#include "subtitle/subtitle.h"
#include "text/toml.h"
#include "video/video.h"

static const char *const kinds[] = { "captions", "subtitles", "descriptions", "chapters" };

bool video_track_kind(str kind)
{
	for (size_t i = 0; i < COUNT_OF(kinds); i++)
		if (str_eq(kind, str_of(kinds[i])))
			return true;
	return false;
}

enum err video_meta_json(str text, json_t **ret, buf *why)
{
	json_t *json = NULL;
	enum err e = OK;

	if (str_starts(str_trim(text), S("{")))
		json = json_loadb(text.p, text.n, JSON_REJECT_DUPLICATES, NULL);
	else
		e = toml_read(text, &json, why);
	if (e == OK && !json)
		e = E_INVALID;
	if (e == OK)
		*ret = json;
	else if (!why->n)
		buf_put(why, S("it is neither TOML nor JSON"));
	return e;
}

enum err video_meta_text(arena *a, str text, const struct video_known *known,
			 struct video_meta *ret, buf *why)
{
	json_t *json;
	enum err e;

	TRY(video_meta_json(text, &json, why));
	e = video_meta_read(a, json, known, ret, why);
	json_decref(json);
	return e;
}

bool video_group_is_aside(const struct video_file *meta, const struct video_file *files, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_ends(meta->name, S(".info.json")) &&
		    !str_ends(files[i].name, S(".info.json")) &&
		    (str_ends(files[i].name, S(".toml")) || str_ends(files[i].name, S(".json"))) &&
		    str_eq(video_stem(files[i].name), video_stem(meta->name)))
			return true;
	return false;
}

/* YouTube's file of the same name, as it is; NULL: there is none. */
static json_t *youtube_beside(const struct video_file *meta, const struct video_file *files,
			      size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_ends(files[i].name, S(".info.json")) &&
		    !str_eq(files[i].name, meta->name) &&
		    str_eq(video_stem(files[i].name), video_stem(meta->name)))
			return json_loadb(files[i].bytes.p, files[i].bytes.n, 0, NULL);
	return NULL;
}

enum err video_group_meta(arena *a, const struct video_file *meta, const struct video_file *files,
			  size_t n, const struct video_known *known, struct video_meta *ret,
			  str *ret_chapters, buf *why)
{
	json_t *own = NULL, *beside = youtube_beside(meta, files, n), *from = NULL;
	enum err e = OK;

	if (str_ends(meta->name, S(".info.json"))) /* may be a list, which looks like TOML */
		own = json_loadb(meta->bytes.p, meta->bytes.n, 0, NULL);
	if (!own)
		e = video_meta_json(meta->bytes, &own, why);
	if (e == OK)
		from = video_youtube_meta(beside ? beside : own);
	if (from && !beside) { /* it is YouTube's own */
		beside = own;
		own = json_object();
	}
	if (from)
		json_object_update_missing(own, from);
	if (e == OK)
		e = video_meta_read(a, own, known, ret, why);
	*ret_chapters = from ? video_youtube_chapters(a, beside) : S("");
	json_decref(from);
	json_decref(own);
	json_decref(beside);
	return e;
}

enum err video_track_text(arena *a, str bytes, int64_t duration, struct video_track *t,
			  struct sub_file **ret_file, struct sub_quality *ret_quality, buf *why)
{
	const struct sub_options options = { 0 };
	buf vtt = buf_new(a, SUB_FILE_MAX * 4);

	TRY(sub_read(a, bytes, &options, ret_file, why));
	TRY(sub_write(&vtt, a, *ret_file, SUB_VTT, t->lang));
	/* a title of a chapter is no speech */
	TRY(sub_check(a, *ret_file, str_eq(t->kind, S("chapters")) ? S("") : t->lang, duration,
		      ret_quality));
	t->vtt = buf_str(&vtt);
	t->score = str_eq(t->kind, S("chapters")) ? 100 : ret_quality->score;
	return OK;
}

int64_t video_last_words(arena *a, const struct video_track *tracks, size_t n)
{
	int64_t last = 0;

	for (size_t i = 0; i < n; i++) {
		struct sub_file *f;

		if (sub_read_own(a, tracks[i].vtt, &f) == OK)
			vec_each (struct sub_cue, c, &f->cues)
				last = MAX(last, c->end);
	}
	return last;
}

str video_stem(str name)
{
	size_t dot = str_find_byte(name, '.');

	return dot == STR_NONE ? name : str_to(name, dot);
}

/* LANG[.KIND] between the stem and the ending; false: this file is no track. */
static bool track_of(str name, str spoken, struct video_track *t)
{
	str rest = str_from(name, video_stem(name).n + 1);

	if (!sub_format_of_name(name) || sub_format_of_name(name) > SUB_ASS)
		return false;
	t->lang = str_cut(&rest, '.');
	t->kind = str_eq(t->lang, spoken) ? S("captions") : S("subtitles");
	if (str_find_byte(rest, '.') != STR_NONE)
		t->kind = str_cut(&rest, '.');
	return video_lang_is_code(t->lang) && video_track_kind(t->kind);
}

enum err video_group_put(struct core *core, arena *a, str data, str name, struct video_meta *m,
			 const struct video_file *texts, size_t n, const struct video_files *files,
			 int64_t *ret_id, str *ret_code, buf *why)
{
	struct video_track *tracks = NEW_N(a, struct video_track, n + 1);
	int64_t duration = files->duration ? files->duration : m->duration;
	size_t n_tracks = 0;

	for (size_t i = 0; i < n; i++) {
		struct video_track *t = &tracks[n_tracks];
		struct sub_quality quality;
		struct sub_file *f;
		buf trouble = buf_new(a, 1024);

		if (!str_eq(video_stem(texts[i].name), video_stem(name)) ||
		    !track_of(texts[i].name, m->lang, t))
			continue;
		t->origin = S("human");
		t->reviewer = S("");
		video_track_origin(m, t);
		if (video_track_text(a, texts[i].bytes, duration, t, &f, &quality, &trouble) !=
		    OK) {
			buf_printf(why, "%" STR_F ": %" STR_F, STR_A(texts[i].name),
				   STR_A(buf_str(&trouble)));
			return E_INVALID;
		}
		n_tracks++;
	}
	return video_put(core, a, data, m, tracks, n_tracks, files, ret_id, ret_code);
}
