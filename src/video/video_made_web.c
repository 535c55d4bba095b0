/* From public.db to what the pages of the voices show. In the transaction of the request. */
#include "video/video_made_web.h"

#include "state/state.h"
#include "text/date.h"
#include "video_public_sql.h"
#include "vocabulary/vocabulary.h"

/* --- Words in the reader's language, or honestly in another. */

struct words {
	struct voice_words_row {
		str field, lang, text;
	} * p;
	size_t n;
};

static enum err load_words(struct web *w, str kind, int64_t thing, struct words *ret)
{
	struct voice_words *rows;

	TRY(voice_words(w->pub, w->arena, kind, thing, &rows, &ret->n));
	ret->p = NEW_N(w->arena, struct voice_words_row, ret->n);
	for (size_t i = 0; i < ret->n; i++)
		ret->p[i] = (struct voice_words_row){ rows[i].field, rows[i].lang, rows[i].text };
	return OK;
}

static struct said said_in(struct web *w, str text, str lang)
{
	if (str_eq(lang, lang_code(w->lang)))
		return (struct said){ .text = text };
	return (struct said){ text, lang, i18n_dir(w->arena, w->lang, lang) };
}

/* The text of FIELD: in the page's language, else in ORIGINAL, else in English, else in any. */
static struct said pick(struct web *w, const struct words *all, str field, str original)
{
	const struct voice_words_row *best = NULL;
	int rank = 0;

	for (size_t i = 0; i < all->n; i++) {
		const struct voice_words_row *r = &all->p[i];
		int now = !str_eq(r->field, field)              ? 0
			  : str_eq(r->lang, lang_code(w->lang)) ? 4
			  : str_eq(r->lang, original)           ? 3
			  : str_eq(r->lang, S("en"))            ? 2
								: 1;

		if (now > rank) {
			rank = now;
			best = r;
		}
	}
	return best ? said_in(w, best->text, best->lang) : (struct said){ 0 };
}

enum err voice_said(struct web *w, str kind, int64_t thing, str field, str original,
		    struct said *ret)
{
	struct words words;

	TRY(load_words(w, kind, thing, &words));
	*ret = pick(w, &words, field, original);
	return OK;
}

/* The text as it was said, where the page shows another language. */
static struct said original_of(struct web *w, const struct words *all, str field, str lang)
{
	for (size_t i = 0; i < all->n; i++)
		if (str_eq(all->p[i].field, field) && str_eq(all->p[i].lang, lang))
			return said_in(w, all->p[i].text, lang);
	return (struct said){ 0 };
}

/* --- Addresses and times. */

url voice_link_to(struct web *w, const char *what, str code, int64_t second)
{
	buf o = buf_new(w->arena, 256);

	buf_printf(&o, "/%" STR_F "/%s/", STR_A(lang_code(w->lang)), what);
	url_put_segment(&o, code);
	if (second >= 0)
		buf_printf(&o, "?t=%lld#t%lld", (long long)second, (long long)second);
	return url_checked(w->arena, buf_str(&o));
}

const char *voice_medium_ending(str type)
{
	return str_eq(type, S("image/jpeg"))   ? "jpg"
	       : str_starts(type, S("video/")) ? "mp4"
	       : str_eq(type, S("audio/ogg"))  ? "opus"
					       : "m4a";
}

url voice_medium_link(struct web *w, str code, str form, str type, int64_t t, int64_t end)
{
	buf o = buf_new(w->arena, 256);

	buf_put(&o, S("/v/"));
	url_put_segment(&o, code);
	buf_byte(&o, '/');
	url_put_segment(&o, form);
	buf_printf(&o, ".%s", voice_medium_ending(type));
	if (t >= 0)
		buf_printf(&o, "#t=%lld", (long long)t);
	if (t >= 0 && end > t)
		buf_printf(&o, ",%lld", (long long)end);
	return url_checked(w->arena, buf_str(&o));
}

url voice_track_link(struct web *w, str code, str lang, str kind, const char *ending)
{
	buf o = buf_new(w->arena, 512);

	buf_put(&o, S("/v/"));
	url_put_segment(&o, code);
	buf_byte(&o, '/');
	url_put_segment(&o, lang);
	buf_printf(&o, ".%" STR_F ".%s", STR_A(kind), ending);
	return url_checked(w->arena, buf_str(&o));
}

str voice_clock(arena *a, int64_t ms)
{
	buf o = buf_new(a, 24);
	long long s = ms / 1000;

	if (s >= 3600)
		buf_printf(&o, "%lld:%02lld:%02lld", s / 3600, s / 60 % 60, s % 60);
	else
		buf_printf(&o, "%02lld:%02lld", s / 60, s % 60);
	return buf_str(&o);
}

str voice_day(struct web *w, str iso)
{
	struct date d;

	return date_parse(iso, &d) == OK ? date_long_str(w->arena, w->lang, d) : iso;
}

static str seconds_iso(arena *a, int64_t ms)
{
	buf o = buf_new(a, 24);

	buf_printf(&o, "PT%lldS", (long long)(ms / 1000));
	return buf_str(&o);
}

/* --- People. */

url voice_people_link(struct web *w, const char *what, str code)
{
	struct url_builder b = link_begin(w, what);

	url_segment(&b, code);
	return url_end(&b);
}

static enum err fill_speaker(struct web *w, const struct voice_speakers *row, str original,
			     struct speaker_view *ret)
{
	struct words words;

	*ret = (struct speaker_view){ .name = row->name };
	if (row->name.n)
		ret->page = voice_people_link(w, "people", row->code);
	if (!row->post_id.null) {
		TRY(load_words(w, S("post"), row->post_id.v, &words));
		ret->function = pick(w, &words, S("function"), original);
	}
	if (!row->organisation_id.null) {
		TRY(load_words(w, S("organisation"), row->organisation_id.v, &words));
		ret->organisation = pick(w, &words, S("name"), original);
		ret->of_page = voice_people_link(w, "organisations", row->organisation_code);
	}
	if (row->state.p)
		ret->state = state_name(states_of(w->pub->snapshot), w->lang, row->state);
	return OK;
}

enum err voice_speakers_make(struct web *w, int64_t video, str original, struct speaker_view **ret,
			     size_t *ret_n)
{
	struct voice_speakers *rows;

	TRY(voice_speakers(w->pub, w->arena, video, &rows, ret_n));
	*ret = NEW_N(w->arena, struct speaker_view, *ret_n);
	for (size_t i = 0; i < *ret_n; i++)
		TRY(fill_speaker(w, &rows[i], original, &(*ret)[i]));
	return OK;
}

static void put_part(struct web *w, buf *o, str part)
{
	if (part.n) {
		buf_put(o, o->n ? S(", ") : S(""));
		buf_put(o, i18n_apart(w->arena, w->lang, part));
	}
}

str voice_who(struct web *w, const struct speaker_view *speakers, size_t n)
{
	buf o = buf_new(w->arena, 64 << 10);

	for (size_t i = 0; i < n; i++) {
		put_part(w, &o, speakers[i].name);
		put_part(w, &o, speakers[i].function.text);
		put_part(w, &o, speakers[i].organisation.text);
		put_part(w, &o, speakers[i].state);
	}
	return buf_str(&o);
}

/* --- Subjects. */

static url subject_link(struct web *w, const char *scheme, str code)
{
	bool state = str_eq(str_of(scheme), S("state"));
	struct url_builder b = link_begin(w, state ? "states" : "recommendations");

	if (state)
		url_segment(&b, code);
	else
		url_pair(&b, str_of(scheme), code);
	return url_end(&b);
}

enum err voice_subjects_make(struct web *w, str kind, int64_t thing, struct voice_link **ret_states,
			     size_t *ret_n_states, struct voice_link **ret_issues,
			     size_t *ret_n_issues)
{
	const struct vocabulary *issues = vocabulary_of(vocabularies_of(w->pub->snapshot),
							S("issue"));
	struct voice_subjects *rows;
	size_t n;
	VEC(struct voice_link) states = { 0 }, tags = { 0 };

	TRY(voice_subjects(w->pub, w->arena, kind, thing, &rows, &n));
	for (size_t i = 0; i < n; i++) {
		if (str_eq(rows[i].scheme, S("state")))
			*vec_add(w->arena, &states) = (struct voice_link){
				state_name(states_of(w->pub->snapshot), w->lang, rows[i].code),
				subject_link(w, "state", rows[i].code)
			};
		else if (str_eq(rows[i].scheme, S("issue")))
			*vec_add(w->arena, &tags) =
				(struct voice_link){ concept_label(issues, w->lang, rows[i].code),
						     subject_link(w, "issue", rows[i].code) };
	}
	*ret_states = states.p;
	*ret_n_states = states.n;
	*ret_issues = tags.p;
	*ret_n_issues = tags.n;
	return OK;
}

/* --- The record. */

static bool is_listed(const struct spoken_list *list, str code, str rs)
{
	vec_each (struct spoken_view, s, &list->all)
		if (str_eq(s->code, code) && str_eq(s->rs, rs))
			return true;
	return false;
}

static struct response_mark response_of(struct web *w, const struct rec_view *v, str code)
{
	int value = code.n ? rec_value_find(v, REC_RESPONSE, code) : -1;

	return value < 0 ? (struct response_mark){ .mark = "no" }
			 : rec_response_mark(v, w->lang, (uint16_t)value);
}

enum err voice_spoken_make(struct web *w, str kind, int64_t thing, struct spoken_list *ret)
{
	const struct rec_view records = rec_view_of(w->pub->snapshot);
	const struct states *states = states_of(w->pub->snapshot);
	struct voice_recommendations *rows;
	size_t n;

	TRY(voice_recommendations(w->pub, w->arena, kind, thing, &rows, &n));
	for (size_t i = 0; i < n; i++) {
		str rs = rows[i].rs.p ? state_name(states, w->lang, rows[i].rs) : S("");
		buf session = buf_new(w->arena, 24);

		if (is_listed(ret, rows[i].code, rs))
			continue;
		buf_i64(&session, rows[i].session);
		*vec_add(w->arena, &ret->all) = (struct spoken_view){
			.code = rows[i].code,
			.rs = rs,
			.sur = state_name(states, w->lang, rows[i].sur),
			.text = rows[i].text,
			.lang = str_eq(rows[i].lang, lang_code(w->lang)) ? (str){ 0 }
									 : rows[i].lang,
			.session = buf_str(&session),
			.response = response_of(w, &records, rows[i].response),
		};
	}
	return OK;
}

/* --- Moments. */

enum err voice_moment_make(struct web *w, int64_t id, str code, int64_t starts, int64_t ends,
			   str video_code, str original, struct moment_view *ret)
{
	struct words words;

	TRY(load_words(w, S("moment"), id, &words));
	*ret = (struct moment_view){
		.code = code,
		.time = voice_clock(w->arena, starts),
		.iso = seconds_iso(w->arena, starts),
		.starts = starts / 1000,
		.seconds = (ends - starts) / 1000,
		.title = pick(w, &words, S("title"), original),
		.synopsis = pick(w, &words, S("synopsis"), original),
		.quote = pick(w, &words, S("quote"), original),
		.link = voice_link_to(w, "m", code, -1),
		.play = voice_link_to(w, "v", video_code, starts / 1000),
	};
	if (!str_eq(original, ret->quote.lang.n ? ret->quote.lang : lang_code(w->lang)))
		ret->original = original_of(w, &words, S("quote"), original);
	return OK;
}

enum err voice_title(struct web *w, int64_t video, str original, struct said *ret_title,
		     struct said *ret_description, str *ret_place)
{
	struct words words;

	TRY(load_words(w, S("video"), video, &words));
	*ret_title = pick(w, &words, S("title"), original);
	*ret_description = pick(w, &words, S("description"), original);
	*ret_place = i18n_apart(w->arena, w->lang, pick(w, &words, S("place"), original).text);
	return OK;
}

enum err voice_moment_video(struct web *w, int64_t video, str code, str original,
			    struct moment_view *m)
{
	struct said title, description;
	str place;

	TRY(voice_title(w, video, original, &title, &description, &place));
	m->video_title = i18n_apart(w->arena, w->lang, title.text);
	m->video = voice_link_to(w, "v", code, -1);
	return voice_speakers_make(w, video, original, &m->speakers, &m->n_speakers);
}

enum err voice_entry_make(struct web *w, int64_t id, str code, str lang, str recorded,
			  int64_t duration, bool sample, struct library_entry *e)
{
	struct speaker_view *speakers;
	size_t n;
	str place;
	buf about = buf_new(w->arena, 1024);

	TRY(voice_title(w, id, lang, &e->title, &e->description, &place));
	TRY(voice_speakers_make(w, id, lang, &speakers, &n));
	e->who = voice_who(w, speakers, n);
	e->link = voice_link_to(w, "v", code, -1);
	e->sample = sample;
	buf_printf(&about, "%" STR_F " · %" STR_F, STR_A(voice_clock(w->arena, duration)),
		   STR_A(i18n_language(w->arena, w->lang, lang)));
	if (recorded.n)
		buf_printf(&about, " · %" STR_F, STR_A(voice_day(w, recorded)));
	e->about = buf_str(&about);
	return OK;
}

enum err voice_entry_of(struct web *w, int64_t id, struct library_entry *ret)
{
	struct voice_by_id row;

	TRY(voice_by_id(w->pub, w->arena, id, &row));
	return voice_entry_make(w, row.id, row.code, row.lang, row.recorded, row.duration,
				row.sample, ret);
}

enum err voice_moment_of(struct web *w, int64_t id, struct moment_view *ret, bool *ret_sample)
{
	struct found_moment_row row;

	TRY(found_moment_row(w->pub, w->arena, id, &row));
	TRY(voice_moment_make(w, row.id, row.code, row.starts, row.ends, row.video_code, row.lang,
			      ret));
	*ret_sample = row.sample;
	return voice_moment_video(w, row.video_id, row.video_code, row.lang, ret);
}

/* --- The transcript. */

static str joined(struct web *w, const struct sub_file *f, size_t first, size_t n, str *ret_voice)
{
	buf o = buf_new(w->arena, 1 << 20);

	*ret_voice = n ? sub_voice(w->arena, f->cues.p[first].text) : (str){ 0 };
	for (size_t i = first; i < first + n; i++) {
		buf_put(&o, o.n ? S(" ") : S(""));
		buf_put(&o, sub_html(w->arena, f->cues.p[i].text).s);
	}
	return o.n ? buf_str(&o) : S("");
}

/* CODE: of the video that the line's time leads to; empty: to this very page, in few bytes. */
static void add_line(struct web *w, str code, int64_t start, struct line_view *line)
{
	buf id = buf_new(w->arena, 24), here = buf_new(w->arena, 64);

	buf_printf(&id, "t%lld", (long long)(start / 1000));
	buf_printf(&here, "?t=%lld#t%lld", (long long)(start / 1000), (long long)(start / 1000));
	line->id = buf_str(&id);
	line->time = voice_clock(w->arena, start);
	line->link = code.n ? voice_link_to(w, "v", code, start / 1000)
			    : url_checked(w->arena, buf_str(&here));
}

/* The line in which second T falls is the one shown as current. */
static void mark_current(struct line_view *lines, const int64_t *starts, size_t n, int64_t t)
{
	size_t at = n;

	for (size_t i = 0; i < n; i++)
		if (starts[i] / 1000 <= t)
			at = i;
	if (at < n)
		lines[at].current = true;
}

static size_t one_language(struct web *w, str code, const struct sub_file *f,
			   struct line_view **ret, int64_t **ret_starts)
{
	struct sub_paragraph *p;
	size_t n = sub_paragraphs(w->arena, f, &p);

	*ret = NEW_N(w->arena, struct line_view, n);
	*ret_starts = NEW_N(w->arena, int64_t, n);
	for (size_t i = 0; i < n; i++) {
		add_line(w, code, p[i].start, &(*ret)[i]);
		(*ret)[i].left = (html){ joined(w, f, p[i].first, p[i].n, &(*ret)[i].left_voice) };
		(*ret_starts)[i] = p[i].start;
	}
	return n;
}

/* Paragraphs of the first language; the second's cues go with the rows that they are aligned to. */
static size_t two_languages(struct web *w, str code, const struct sub_file *l,
			    const struct sub_file *r, struct line_view **ret, int64_t **ret_starts)
{
	enum { ROW_MS = 15000 };
	struct sub_row *rows;
	size_t n = sub_align(w->arena, l, r, &rows), lines = 0;

	*ret = NEW_N(w->arena, struct line_view, n);
	*ret_starts = NEW_N(w->arena, int64_t, n);
	for (size_t i = 0; i < n;) {
		size_t first = i, n_left = 0, n_right = 0;
		struct line_view *line = &(*ret)[lines];
		size_t left = rows[i].left, right = rows[i].right;

		while (i < n && (i == first || rows[i].end - rows[first].start <= ROW_MS)) {
			left = n_left ? left : rows[i].left;
			right = n_right ? right : rows[i].right;
			n_left += rows[i].n_left;
			n_right += rows[i].n_right;
			i++;
		}
		add_line(w, code, rows[first].start, line);
		line->left = (html){ joined(w, l, left, n_left, &line->left_voice) };
		line->right = (html){ joined(w, r, right, n_right, &line->right_voice) };
		(*ret_starts)[lines++] = rows[first].start;
	}
	return lines;
}

/* The cues that begin from FROM to before TO. */
static void keep_span(struct sub_file *f, int64_t from, int64_t to)
{
	size_t n = 0;

	for (size_t i = 0; i < f->cues.n; i++)
		if (f->cues.p[i].start >= from && f->cues.p[i].start < to)
			f->cues.p[n++] = f->cues.p[i];
	f->cues.n = n;
}

enum err voice_transcript(struct web *w, int64_t video, str code, str left, str right, int64_t t,
			  int64_t from, int64_t to, struct line_view **ret, size_t *ret_n)
{
	struct sub_file *files[2] = { 0 };
	const str langs[2] = { left, right };
	int64_t *starts;
	size_t n;

	for (size_t i = 0; i < 2 && langs[i].n; i++) {
		struct voice_track row;
		enum err e = voice_track(w->pub, w->arena, video, S("captions"), langs[i], &row);

		if (e == E_NOTFOUND)
			e = voice_track(w->pub, w->arena, video, S("subtitles"), langs[i], &row);
		if (e != OK)
			return e;
		TRY(sub_read_own(w->arena, row.vtt, &files[i]));
		keep_span(files[i], from, to);
	}
	if (!files[0]) {
		*ret_n = 0;
		return OK;
	}
	n = files[1] ? two_languages(w, code, files[0], files[1], ret, &starts)
		     : one_language(w, code, files[0], ret, &starts);
	for (size_t i = 0; i < n; i++)
		(*ret)[i].colon = str_eq(left, S("fr")) ? S("\u00a0:") : S(":");
	if (t >= 0)
		mark_current(*ret, starts, n, t);
	*ret_n = n;
	return OK;
}
