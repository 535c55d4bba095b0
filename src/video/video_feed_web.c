/*
 * The library as feeds: Atom (RFC 4287) and RSS for podcasts, and the chapters that the latter lead to.
 *
 * An entry is dated by the day of its recording. Readers know that day; the day on which a voice
 * became public would tell when an embargo ended or a hold was lifted.
 */
#include "http/assets.h"
#include "state/state.h"
#include "text/date.h"
#include "text/json.h"
#include "text/xml.h"
#include "video/video_library_web.h"
#include "video/video_use.h"
#include "video_public_sql.h"
#include "vocabulary/vocabulary.h"

enum { FEED_MOST = VOICES_FEED_MOST };

struct feed_query {
	struct code_list of[VOICE_COLUMNS];
};
static const struct param feed_rows[] = { VOICE_FILTERS(struct feed_query) };
const struct params voices_feed_params = PARAMS(struct feed_query, feed_rows);

/* One voice as feeds tell it. */
struct entry {
	const struct voice_row *row;
	struct said title, description;
	struct speaker_view *speakers;
	size_t n_speakers;
	struct voice_tracks *tracks;
	size_t n_tracks;
	struct voice_media *media; /* none where the people did not agree to downloads */
	size_t n_media;
};

static enum err load_entry(struct web *w, const struct voice_row *row, struct entry *e)
{
	str place;

	*e = (struct entry){ .row = row };
	TRY(voice_title(w, row->id, row->lang, &e->title, &e->description, &place));
	TRY(voice_speakers_make(w, row->id, row->lang, &e->speakers, &e->n_speakers));
	TRY(voice_tracks(w->pub, w->arena, row->id, &e->tracks, &e->n_tracks));
	if (!video_has_use(row->uses, S("download")))
		return OK;
	return voice_media(w->pub, w->arena, row->id, &e->media, &e->n_media);
}

/* The newest that fit, as the address says. */
static enum err list(struct web *w, struct voice_row **ret, size_t *ret_n)
{
	const struct feed_query *q = w->args;
	const struct voices_filter filter = voices_filter_of(w, q->of);
	const struct library_request rq = { .filter = &filter, .count = FEED_MOST };
	struct library_found found;

	library_ask(library_of(w->pub->snapshot), w->arena, &rq, &found);
	*ret = NEW_N(w->arena, struct voice_row, found.n);
	*ret_n = found.n;
	for (size_t i = 0; i < found.n; i++) {
		struct voice_by_id row;

		TRY(voice_by_id(w->pub, w->arena, found.ids[i], &row));
		(*ret)[i] = (struct voice_row){ row.id,   row.duration, row.code,
						row.lang, row.recorded, row.uses };
	}
	return OK;
}

/* --- Values. */

/* A text in another language than the feed's stands by itself, whichever way it runs. */
static str alone(struct web *w, struct said s)
{
	buf o;

	if (!s.lang.n || !s.text.n)
		return s.text.n ? s.text : S("");
	o = buf_new(w->arena, s.text.n + 8);
	buf_put(&o, S("\xE2\x81\xA8"));
	buf_put(&o, s.text);
	buf_put(&o, S("\xE2\x81\xA9"));
	return buf_str(&o);
}

static str number(struct web *w, int64_t n)
{
	buf o = buf_new(w->arena, 24);

	buf_i64(&o, n);
	return buf_str(&o);
}

static str address(struct web *w, str path)
{
	return link_absolute(w, url_checked(w->arena, path)).s;
}

/* /v/CODE: the permanent address. */
static str voice_address(struct web *w, str code)
{
	buf o = buf_new(w->arena, 256);

	buf_put(&o, S("/v/"));
	url_put_segment(&o, code);
	return address(w, buf_str(&o));
}

static str medium_address(struct web *w, const struct entry *e, const struct voice_media *m)
{
	return link_absolute(w, voice_medium_link(w, e->row->code, m->form, m->type, -1, -1)).s;
}

static str track_address(struct web *w, const struct entry *e, const struct voice_tracks *t,
			 const char *ending)
{
	return link_absolute(w, voice_track_link(w, e->row->code, t->lang, t->kind, ending)).s;
}

static str page_address(struct web *w, enum lang lang, str code)
{
	buf o = buf_new(w->arena, 256);

	buf_printf(&o, "/%" STR_F "/v/", STR_A(lang_code(lang)));
	url_put_segment(&o, code);
	return address(w, buf_str(&o));
}

static url library_link(struct web *w)
{
	buf o = buf_new(w->arena, 32);

	buf_printf(&o, "/%" STR_F "/voices", STR_A(lang_code(w->lang)));
	return link_elsewhere(w, buf_str(&o));
}

/* Atom wants an IRI; where the site has no name the address alone is none. */
static str id_of(struct web *w, str where)
{
	buf o;

	if (where.n == 0 || where.p[0] != '/')
		return where;
	o = buf_new(w->arena, where.n + 32);
	buf_put(&o, S("tag:localhost,2026:"));
	buf_put(&o, where);
	return buf_str(&o);
}

/* The first second of what is known of the day; where nothing is known, the first that computers count. */
static str instant(struct web *w, str recorded)
{
	struct date d;
	buf o = buf_new(w->arena, 32);

	if (date_parse(recorded, &d) != OK)
		d = date_from_days(0);
	date_put(&o, date_from_days(date_to_days(d)));
	buf_put(&o, S("T00:00:00Z"));
	return buf_str(&o);
}

/* RFC 5322, as RSS wants it. Empty: not known. */
static str mail_date(struct web *w, str recorded)
{
	static const char days[] = "ThuFriSatSunMonTueWed";
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	struct date d;
	int32_t n;
	buf o = buf_new(w->arena, 48);

	if (date_parse(recorded, &d) != OK)
		return S("");
	n = date_to_days(d);
	d = date_from_days(n);
	buf_printf(&o, "%.3s, %02d %.3s %04d 00:00:00 +0000", days + 3 * ((n % 7 + 7) % 7), d.day,
		   months + 3 * (d.month - 1), d.year);
	return buf_str(&o);
}

static void put_label(buf *o, str label)
{
	buf_printf(o, "%s%" STR_F, o->n ? " · " : "", STR_A(label));
}

/* "Voices · France": what is listed and by what it is filtered. */
static str list_title(struct web *w)
{
	const struct feed_query *q = w->args;
	buf o = buf_new(w->arena, 16 << 10);
	str lang;

	put_label(&o, tr_get(w->lang, T_nav_voices));
	for (enum voice_column c = 0; c < VOICE_COLUMNS; c++)
		for (size_t i = 0; i < q->of[c].n; i++)
			put_label(&o, voices_value_label(w, c, q->of[c].p[i], &lang));
	return buf_str(&o);
}

static str title_of(struct web *w, str what)
{
	buf o = buf_new(w->arena, 64 << 10);

	put_label(&o, what);
	put_label(&o, tr_get(w->lang, T_site_name));
	return buf_str(&o);
}

static const struct voice_media *medium(const struct entry *e, str form)
{
	for (size_t i = 0; i < e->n_media; i++)
		if (str_eq(e->media[i].form, form))
			return &e->media[i];
	return NULL;
}

/* --- Atom. */

static void put_link(struct xml *x, const char *rel, str type, str lang, str href)
{
	xml_open(x, "link");
	xml_attribute(x, "rel", str_of(rel));
	xml_attribute(x, "type", type);
	if (lang.n)
		xml_attribute(x, "hreflang", lang);
	xml_attribute(x, "href", href);
	xml_close(x);
}

static void put_said(struct xml *x, struct web *w, const char *name, struct said s)
{
	xml_open(x, name);
	if (s.lang.n)
		xml_attribute(x, "xml:lang", s.lang);
	xml_text(x, alone(w, s));
	xml_close(x);
}

static void put_author(struct xml *x, str name)
{
	if (name.n == 0)
		return;
	xml_open(x, "author");
	xml_element(x, "name", name);
	xml_close(x);
}

static void put_enclosure(struct xml *x, struct web *w, const struct entry *e, str form)
{
	const struct voice_media *m = medium(e, form);

	if (!m)
		return;
	xml_open(x, "link");
	xml_attribute(x, "rel", S("enclosure"));
	xml_attribute(x, "type", m->type);
	xml_attribute(x, "length", number(w, m->bytes));
	xml_attribute(x, "href", medium_address(w, e, m));
	xml_close(x);
}

static void put_entry(struct xml *x, struct web *w, const struct entry *e)
{
	xml_open(x, "entry");
	put_said(x, w, "title", e->title);
	xml_element(x, "id", id_of(w, voice_address(w, e->row->code)));
	xml_element(x, "updated", instant(w, e->row->recorded));
	for (size_t i = 0; i < e->n_speakers; i++)
		put_author(x, voice_who(w, &e->speakers[i], 1));
	for (int l = 0; l < LANG_COUNT_; l++)
		put_link(x, "alternate", S("text/html"), lang_code((enum lang)l),
			 page_address(w, (enum lang)l, e->row->code));
	put_enclosure(x, w, e, S("video"));
	put_enclosure(x, w, e, S("aac"));
	put_said(x, w, "summary", e->description.text.n ? e->description : e->title);
	xml_close(x);
}

static int newest_first(const void *a, const void *b)
{
	return str_cmp(((const struct voice_row *)b)->recorded,
		       ((const struct voice_row *)a)->recorded);
}

enum err voices_atom_put(struct web *w, str what, url page, struct voice_row *rows, size_t n)
{
	struct xml x = xml_begin(w->out);
	struct entry e;

	if (n)
		qsort(rows, n, sizeof *rows, newest_first);
	xml_open(&x, "feed");
	xml_attribute(&x, "xmlns", S("http://www.w3.org/2005/Atom"));
	xml_attribute(&x, "xml:lang", lang_code(w->lang));
	xml_element(&x, "title", title_of(w, what));
	xml_element(&x, "id", id_of(w, link_absolute(w, link_self(w)).s));
	xml_element(&x, "updated", instant(w, n ? rows[0].recorded : S("")));
	put_author(&x, tr_get(w->lang, T_site_name));
	put_link(&x, "self", S("application/atom+xml"), S(""), link_absolute(w, link_self(w)).s);
	put_link(&x, "alternate", S("text/html"), S(""), link_absolute(w, page).s);
	for (size_t i = 0; i < MIN(n, (size_t)FEED_MOST); i++) {
		TRY(load_entry(w, &rows[i], &e));
		put_entry(&x, w, &e);
	}
	xml_close(&x);
	http_res_header(w->res, "Content-Type", S("application/atom+xml; charset=utf-8"));
	return xml_end(&x);
}

enum err voices_atom(struct web *w)
{
	struct voice_row *rows;
	size_t n;

	TRY(list(w, &rows, &n));
	return voices_atom_put(w, list_title(w), library_link(w), rows, n);
}

/* --- RSS for podcasts: what may be downloaded and can be heard. */

static void put_transcripts(struct xml *x, struct web *w, const struct entry *e)
{
	const struct voice_tracks *chapters = NULL;

	for (size_t i = 0; i < e->n_tracks; i++) {
		const struct voice_tracks *t = &e->tracks[i];

		if (str_eq(t->kind, S("chapters")) &&
		    (!chapters || str_eq(t->lang, lang_code(w->lang))))
			chapters = t;
		if (!str_eq(t->kind, S("captions")) && !str_eq(t->kind, S("subtitles")))
			continue;
		xml_open(x, "podcast:transcript");
		xml_attribute(x, "url", track_address(w, e, t, "vtt"));
		xml_attribute(x, "type", S("text/vtt"));
		xml_attribute(x, "language", t->lang);
		xml_attribute(x, "rel", S("captions"));
		xml_close(x);
	}
	if (!chapters)
		return;
	xml_open(x, "podcast:chapters");
	xml_attribute(x, "url", track_address(w, e, chapters, "json"));
	xml_attribute(x, "type", S("application/json+chapters"));
	xml_close(x);
}

static void put_item(struct xml *x, struct web *w, const struct entry *e,
		     const struct voice_media *sound)
{
	str who = voice_who(w, e->speakers, e->n_speakers), date = mail_date(w, e->row->recorded);

	xml_open(x, "item");
	xml_element(x, "title", alone(w, e->title));
	xml_element(x, "link", page_address(w, w->lang, e->row->code));
	xml_open(x, "guid");
	xml_attribute(x, "isPermaLink", S("false"));
	xml_text(x, id_of(w, voice_address(w, e->row->code)));
	xml_close(x);
	xml_element(x, "description", alone(w, e->description.text.n ? e->description : e->title));
	if (date.n)
		xml_element(x, "pubDate", date);
	if (who.n)
		xml_element(x, "itunes:author", who);
	xml_open(x, "enclosure");
	xml_attribute(x, "url", medium_address(w, e, sound));
	xml_attribute(x, "length", number(w, sound->bytes));
	xml_attribute(x, "type", sound->type);
	xml_close(x);
	xml_element(x, "itunes:duration", number(w, e->row->duration / 1000));
	xml_element(x, "itunes:explicit", S("false"));
	put_transcripts(x, w, e);
	xml_close(x);
}

static void open_channel(struct xml *x, struct web *w)
{
	xml_open(x, "rss");
	xml_attribute(x, "version", S("2.0"));
	xml_attribute(x, "xmlns:atom", S("http://www.w3.org/2005/Atom"));
	xml_attribute(x, "xmlns:itunes", S("http://www.itunes.com/dtds/podcast-1.0.dtd"));
	xml_attribute(x, "xmlns:podcast", S("https://podcastindex.org/namespace/1.0"));
	xml_open(x, "channel");
	xml_element(x, "title", title_of(w, list_title(w)));
	xml_element(x, "link", link_absolute(w, library_link(w)).s);
	xml_element(x, "description", tr_get(w->lang, T_video_library_intro));
	xml_element(x, "language", lang_code(w->lang));
	xml_open(x, "atom:link");
	xml_attribute(x, "rel", S("self"));
	xml_attribute(x, "type", S("application/rss+xml"));
	xml_attribute(x, "href", link_absolute(w, link_self(w)).s);
	xml_close(x);
	xml_element(x, "itunes:author", tr_get(w->lang, T_site_name));
	xml_element(x, "itunes:explicit", S("false"));
	xml_open(x, "itunes:image");
	xml_attribute(x, "href", link_absolute(w, asset_url(S("podcast.png"))).s);
	xml_close(x);
	xml_open(x, "itunes:category");
	xml_attribute(x, "text", S("Government"));
	xml_close(x);
}

enum err voices_rss(struct web *w)
{
	struct xml x = xml_begin(w->out);
	struct voice_row *rows;
	size_t n;

	TRY(list(w, &rows, &n));
	open_channel(&x, w);
	for (size_t i = 0; i < n; i++) {
		struct entry e;
		const struct voice_media *sound;

		TRY(load_entry(w, &rows[i], &e));
		sound = medium(&e, S("aac"));
		if (sound)
			put_item(&x, w, &e, sound);
	}
	xml_close(&x);
	xml_close(&x);
	http_res_header(w->res, "Content-Type", S("application/rss+xml; charset=utf-8"));
	return xml_end(&x);
}

/* --- Chapters. */

enum err voice_chapters_json(struct web *w, str vtt)
{
	struct json j = json_begin(w->out, false);
	struct sub_file *f;

	TRY(sub_read_own(w->arena, vtt, &f));
	json_object_begin(&j);
	json_key_str(&j, S("version"), S("1.2.0"));
	json_key(&j, S("chapters"));
	json_array_begin(&j);
	for (size_t i = 0; i < f->cues.n; i++) {
		json_object_begin(&j);
		json_key_i64(&j, S("startTime"), f->cues.p[i].start / 1000);
		json_key_i64(&j, S("endTime"), f->cues.p[i].end / 1000);
		json_key_str(&j, S("title"), sub_plain(w->arena, f->cues.p[i].text));
		json_object_end(&j);
	}
	json_array_end(&j);
	json_object_end(&j);
	http_res_header(w->res, "Content-Type", S("application/json+chapters"));
	return json_end(&j);
}
