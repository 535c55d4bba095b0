/*
 * A quote as a picture to share: SVG, 1200 by 630, by the XML writer alone. Its type is the reader's own, so it is
 * set for wide faces (text/wrap.h). No style, no script, nothing from elsewhere.
 */
#include "text/wrap.h"
#include "text/xml.h"
#include "video/video_made_web.h"
#include "video_public_sql.h"

enum { WIDTH = 1200, HEIGHT = 630, EDGE = 72, ROOM = WIDTH - 2 * EDGE, INDENT = 76 };
enum { TOP = 52, FOOT = 574, QUOTE_MOST = 12, SPEAKERS_MOST = 3 }; /* FOOT: the lowest baseline */

static const char *const serif = "Iowan Old Style, Charter, Sitka Text, Cambria, Noto Serif, Noto "
				 "Naskh Arabic, Georgia, serif";
static const char *const sans = "-apple-system, Segoe UI, Roboto, Noto Sans, Noto Sans Arabic, "
				"Helvetica Neue, Arial, sans-serif";

struct card {
	struct web *w;
	struct xml x;
	const struct moment_view *m;
	str lang;   /* of the quote */
	str spoken; /* the language of the interview */
	str day;    /* in words; may be empty */
	bool sample;
};

/* A line under the quote. */
struct line {
	str text;
	int size;
	bool bold;
};
typedef VEC(struct line) lines;

static void put_number(struct card *c, const char *name, int64_t n)
{
	buf o = buf_new(c->w->arena, 24);

	buf_i64(&o, n);
	xml_attribute(&c->x, name, buf_str(&o));
}

static void put_path(struct card *c, const char *fill, const char *path)
{
	xml_open(&c->x, "path");
	xml_attribute(&c->x, "fill", str_of(fill));
	xml_attribute(&c->x, "d", str_of(path));
	xml_close(&c->x);
}

static void put_line(struct card *c, int64_t x, int64_t y, const struct line *line,
		     const char *fill)
{
	xml_open(&c->x, "text");
	put_number(c, "x", x);
	put_number(c, "y", y);
	xml_attribute(&c->x, "font-family", str_of(sans));
	put_number(c, "font-size", line->size);
	if (line->bold)
		xml_attribute(&c->x, "font-weight", S("700"));
	xml_attribute(&c->x, "fill", str_of(fill));
	xml_text(&c->x, line->text);
	xml_close(&c->x);
}

/* --- Who says it, and where. */

static void add_lines(struct card *c, lines *all, str text, int size, bool bold, size_t most)
{
	struct wrapped w = wrap_text(c->w->arena, text, lang_code(c->w->lang),
				     (ROOM - INDENT) * 1000 / size, most);

	for (size_t i = 0; i < w.n; i++)
		*vec_add(c->w->arena, all) = (struct line){ w.lines[i], size, bold };
}

/* One speaker has the name on a line of its own; several a line each. */
static void add_speakers(struct card *c, lines *all)
{
	const struct moment_view *m = c->m;
	struct speaker_view one;

	if (m->n_speakers == 1) {
		one = m->speakers[0];
		add_lines(c, all, one.name, 28, true, 1);
		one.name = (str){ 0 };
		add_lines(c, all, voice_who(c->w, &one, 1), 24, false, 2);
		return;
	}
	for (size_t i = 0; i < m->n_speakers; i++) {
		bool more = i + 1 == SPEAKERS_MOST && m->n_speakers > SPEAKERS_MOST;

		add_lines(c, all, more ? S("…") : voice_who(c->w, &m->speakers[i], 1), 24, false,
			  1);
		if (more)
			return;
	}
}

static void add_source(struct card *c, lines *all)
{
	buf o = buf_new(c->w->arena, 64 << 10);
	const struct tr_arg at[] = { TR_ARG_PLAIN("time", c->m->time),
				     TR_ARG_PLAIN("title", c->m->video_title) };
	struct tr_arg spoken;

	tr_plain(&o, c->w->lang, T_video_listen_at, at, 2);
	if (c->day.n)
		buf_printf(&o, ", %" STR_F, STR_A(c->day));
	if (!str_eq(c->spoken, lang_code(c->w->lang))) {
		spoken = TR_ARG_PLAIN("language",
				      i18n_language(c->w->arena, c->w->lang, c->spoken));
		buf_put(&o, S(" · "));
		tr_plain(&o, c->w->lang, T_video_spoken_in, &spoken, 1);
	}
	add_lines(c, all, buf_str(&o), 22, false, 2);
	if (c->sample)
		add_lines(c, all, tr_get(c->w->lang, T_sample_strip), 22, true, 1);
}

/* The page of the moment, as people write addresses. */
static str address(struct card *c)
{
	str whole = link_absolute(c->w, c->m->link).s;

	return str_starts(whole, S("https://"))  ? str_from(whole, 8)
	       : str_starts(whole, S("http://")) ? str_from(whole, 7)
						 : whole;
}

/* From the foot up; returns where the rule is, whose tail drops to who said it. */
static int64_t put_credits(struct card *c)
{
	lines all = { 0 };
	const struct line where = { address(c), wrap_width(address(c)) > 38000 ? 14 : 22, false };
	int64_t y = FOOT - 54, rule;
	buf path = buf_new(c->w->arena, 128);

	add_speakers(c, &all);
	add_source(c, &all);
	for (size_t i = all.n; i-- > 0; y -= all.p[i].size * 3 / 2)
		put_line(c, EDGE + INDENT, y, &all.p[i],
			 all.p[i].size > 22 ? "#11191c" : "#49565b");
	rule = y - 24;
	buf_printf(&path, "M%d %lldh%dv6H%dl-24 36v-36H%dz", EDGE, (long long)rule, ROOM, EDGE + 54,
		   EDGE);
	put_path(c, "#005a6e", arena_cstr(c->w->arena, buf_str(&path)));
	put_line(c, EDGE, FOOT, &where, "#49565b");
	return rule;
}

static void put_wordmark(struct card *c)
{
	xml_open(&c->x, "g");
	xml_attribute(&c->x, "transform", S("translate(973 546) scale(1.25)"));
	put_path(c, "#005a6e", "M0 0h22v7h-6L9 24V7H0z");
	xml_open(&c->x, "path");
	xml_attribute(&c->x, "fill", S("none"));
	xml_attribute(&c->x, "stroke", S("#11191c"));
	xml_attribute(&c->x, "stroke-width", S("4"));
	xml_attribute(&c->x, "d",
		      S("M25 24V8m0 8a6 6 0 0 1 6-6h2m6 14V8m0-8v4m9-4v24m12-8a6 6 0 1 1-12 0 "
			"6 6 0 1 1 12 0m9-8v8a6 6 0 0 0 12 0V8m0 0v16m9 0V8m0 8a6 6 0 0 1 "
			"12 0v8m8-8h10m2 2v-2a6 6 0 1 0-1.6 4.1"));
	xml_close(&c->x);
	xml_close(&c->x);
}

/* --- The quote, as large as it goes. */

/* Quotation marks as assets/voices.css has them. */
static void marks(str lang, str *ret_open, str *ret_close)
{
	str first = str_cut(&lang, '-');
	bool french = str_eq(first, S("fr"));
	bool angles = french || str_eq(first, S("es")) || str_eq(first, S("ar"));

	*ret_open = french ? S("«\u00a0") : angles ? S("«") : S("“");
	*ret_close = french ? S("\u00a0»") : angles ? S("»") : S("”");
}

static struct wrapped set_quote(struct card *c, int64_t room, int *ret_size)
{
	static const int sizes[] = { 68, 60, 54, 48, 43, 38, 34, 30, 26, 23 };
	str open, close;
	struct wrapped w = { 0 };
	buf o = buf_new(c->w->arena, 128 << 10), last;

	marks(c->lang, &open, &close);
	buf_printf(&o, "%" STR_F "%" STR_F "%" STR_F, STR_A(open), STR_A(c->m->quote.text),
		   STR_A(close));
	for (size_t i = 0; i < COUNT_OF(sizes); i++) {
		size_t most = (size_t)MAX(room * 100 / (sizes[i] * 128), (int64_t)1);
		int64_t width = ROOM * 1000 / sizes[i] - wrap_width(close);

		*ret_size = sizes[i];
		w = wrap_even(c->w->arena, buf_str(&o), c->lang, width,
			      MIN(most, (size_t)QUOTE_MOST));
		if (!w.cut)
			return w;
	}
	last = buf_new(c->w->arena, 64 << 10); /* cut: the mark at its end comes back */
	buf_printf(&last, "%" STR_F "%" STR_F, STR_A(w.lines[w.n - 1]), STR_A(close));
	w.lines[w.n - 1] = buf_str(&last);
	return w;
}

static void put_quote(struct card *c, int64_t rule)
{
	int size;
	int64_t bottom = rule - 30;
	struct wrapped w = set_quote(c, bottom - TOP, &size);
	int64_t height = (int64_t)w.n * size * 128 / 100;
	int64_t y = TOP + (bottom - TOP - height) / 2 + size;
	bool rtl = i18n_is_rtl(c->w->arena, c->lang);

	xml_open(&c->x, "g");
	xml_attribute(&c->x, "xml:lang", c->lang);
	xml_attribute(&c->x, "direction", rtl ? S("rtl") : S("ltr"));
	xml_attribute(&c->x, "font-family", str_of(serif));
	put_number(c, "font-size", size);
	xml_attribute(&c->x, "fill", S("#11191c"));
	for (size_t i = 0; i < w.n; i++) {
		xml_open(&c->x, "text");
		put_number(c, "x", rtl ? WIDTH - EDGE : EDGE);
		put_number(c, "y", y + (int64_t)i * size * 128 / 100);
		xml_text(&c->x, w.lines[i]);
		xml_close(&c->x);
	}
	xml_close(&c->x);
}

/* --- */

static void put_card(struct card *c)
{
	int64_t rule;

	xml_open(&c->x, "svg");
	xml_attribute(&c->x, "xmlns", S("http://www.w3.org/2000/svg"));
	xml_attribute(&c->x, "xml:lang", lang_code(c->w->lang));
	xml_attribute(&c->x, "viewBox", S("0 0 1200 630"));
	put_number(c, "width", WIDTH);
	put_number(c, "height", HEIGHT);
	xml_attribute(&c->x, "role", S("img"));
	xml_element(&c->x, "title", c->m->quote.text);
	put_path(c, "#ffffff", "M0 0h1200v630H0z");
	rule = put_credits(c);
	put_wordmark(c);
	put_quote(c, rule);
	xml_close(&c->x);
}

enum err voice_card(struct web *w)
{
	const struct moment_query *q = w->args;
	struct card c = { .w = w, .x = xml_begin(w->out) };
	struct voice_by_code video;
	struct voice_moment row;
	struct moment_view m;

	TRY(voice_moment_find(w, q->code, &row));
	TRY(voice_by_code(w->pub, w->arena, row.video_code, &video));
	TRY(voice_moment_make(w, row.id, row.code, row.starts, row.ends, row.video_code, video.lang,
			      &m));
	if (!m.quote.text.n)
		return E_NOTFOUND;
	TRY(voice_moment_video(w, video.id, video.code, video.lang, &m));
	c.m = &m;
	c.lang = m.quote.lang.n ? m.quote.lang : lang_code(w->lang);
	c.spoken = video.lang;
	c.day = video.recorded.n ? voice_day(w, video.recorded) : S("");
	c.sample = video.sample;
	put_card(&c);
	http_res_header(w->res, "Content-Type", S("image/svg+xml; charset=utf-8"));
	return xml_end(&c.x);
}
