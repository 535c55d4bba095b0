/* oEmbed 1.0 (oembed.com): an address of a voice or a moment in, what shows it on another page out. */
#include "video/video_embed_web.h"

#include "text/json.h"
#include "video/video_made_web.h"
#include "video/video_use.h"
#include "video_public_sql.h"

enum { WIDTH = 640, HEIGHT = 420, MOMENT_HEIGHT = 620, SMALLEST = 200, LARGEST = 100000 };

static str frame_address(struct web *w, const char *under, str code, str uses)
{
	struct url_builder b = link_begin(w, "embed");

	if (!video_has_use(uses, S("embed")))
		return (str){ 0 };
	if (under)
		url_segment(&b, str_of(under));
	url_segment(&b, code);
	return link_absolute(w, url_end(&b)).s;
}

str voice_embed_address(struct web *w, str code, str uses)
{
	return frame_address(w, NULL, code, uses);
}

str voice_embed_moment(struct web *w, str code, str uses)
{
	return frame_address(w, "m", code, uses);
}

url voice_oembed_link(struct web *w, const char *what, str code)
{
	struct url_builder b = url_begin(w->arena, S(""));

	url_segment(&b, S("oembed"));
	url_pair(&b, S("url"), link_absolute(w, voice_link_to(w, what, code, -1)).s);
	return link_absolute(w, url_end(&b));
}

struct oembed_query {
	str url, format;
	int64_t maxwidth, maxheight;
};
static const struct param oembed_rows[] = {
	P_TEXT(struct oembed_query, url, "url", 2000),
	P_TEXT(struct oembed_query, format, "format", 10),
	P_INT(struct oembed_query, maxwidth, "maxwidth", 1, LARGEST, LARGEST),
	P_INT(struct oembed_query, maxheight, "maxheight", 1, LARGEST, LARGEST),
};
const struct params voice_oembed_params = PARAMS(struct oembed_query, oembed_rows);

/* What an address leads to: CODE, the language and whether it is a moment's of ".../fr/v/CODE?t=62", whatever stands
 * in front. */
struct target {
	str code; /* empty: it is none of ours */
	bool moment;
};

static struct target target_of(str address, enum lang *lang)
{
	str path = str_cut(&address, '?'), part, before = S(""), language = S("");

	path = str_cut(&path, '#');
	while (path.n) {
		part = str_cut(&path, '/');
		if (str_eq(before, S("v")) || str_eq(before, S("m"))) {
			lang_from_code(language, lang);
			return (struct target){ path.n ? S("") : part, str_eq(before, S("m")) };
		}
		language = before;
		before = part;
	}
	return (struct target){ S(""), false };
}

/* What is shown in a frame. */
struct shown {
	str title, address;
	int64_t height;
};

static enum err show(struct web *w, struct target target, struct shown *ret)
{
	struct said title, moment = { 0 }, description;
	struct voice_by_code row;
	struct voice_moment at;
	str place, code = target.code;

	if (target.moment) {
		TRY(voice_moment_find(w, code, &at));
		code = at.video_code;
	}
	TRY(voice_find(w, code, &row));
	ret->address = target.moment ? voice_embed_moment(w, at.code, row.uses)
				     : voice_embed_address(w, row.code, row.uses);
	if (!ret->address.p)
		return E_NOTFOUND;
	if (target.moment)
		TRY(voice_said(w, S("moment"), at.id, S("title"), row.lang, &moment));
	TRY(voice_title(w, row.id, row.lang, &title, &description, &place));
	ret->title = moment.text.n ? moment.text : title.text;
	ret->height = target.moment ? MOMENT_HEIGHT : HEIGHT;
	return OK;
}

static void put_frame(struct web *w, struct json *j, str address, str title, int64_t width,
		      int64_t height)
{
	buf o = buf_new(w->arena, 64 << 10);

	buf_put(&o, S("<iframe src=\""));
	html_text(&o, address);
	buf_printf(&o, "\" width=\"%lld\" height=\"%lld\" allowfullscreen title=\"",
		   (long long)width, (long long)height);
	html_text(&o, title);
	buf_put(&o, S("\"></iframe>"));
	json_key_str(j, S("html"), buf_str(&o));
}

enum err voice_oembed(struct web *w)
{
	const struct oembed_query *q = w->args;
	struct json j = json_begin(w->out, false);
	int64_t width = MAX(MIN(q->maxwidth, (int64_t)WIDTH), (int64_t)SMALLEST), height;
	struct shown it;

	if (q->format.n && !str_eq(q->format, S("json")))
		return E_NOTFOUND;
	TRY(show(w, target_of(q->url, &w->lang), &it));
	height = MAX(MIN(q->maxheight, it.height), (int64_t)SMALLEST);
	json_object_begin(&j);
	json_key_str(&j, S("version"), S("1.0"));
	json_key_str(&j, S("type"), S("video"));
	json_key_str(&j, S("title"), it.title);
	json_key_str(&j, S("provider_name"), tr_get(w->lang, T_site_name));
	json_key_str(&j, S("provider_url"), link_absolute(w, url_checked(w->arena, S("/"))).s);
	json_key_i64(&j, S("width"), width);
	json_key_i64(&j, S("height"), height);
	put_frame(w, &j, it.address, it.title, width, height);
	json_object_end(&j);
	return json_end(&j);
}
