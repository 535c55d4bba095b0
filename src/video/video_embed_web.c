/* oEmbed 1.0 (oembed.com): an address of a voice in, what shows it on another page out. */
#include "video/video_embed_web.h"

#include "text/json.h"
#include "video/video_made_web.h"
#include "video/video_use.h"
#include "video_public_sql.h"

enum { WIDTH = 640, HEIGHT = 420, SMALLEST = 200 };

str voice_embed_address(struct web *w, str code, str uses)
{
	struct url_builder b = link_begin(w, "embed");

	if (!video_has_use(uses, S("embed")))
		return (str){ 0 };
	url_segment(&b, code);
	return link_absolute(w, url_end(&b)).s;
}

struct oembed_query {
	str url, format;
	int64_t maxwidth, maxheight;
};
static const struct param oembed_rows[] = {
	P_TEXT(struct oembed_query, url, "url", 2000),
	P_TEXT(struct oembed_query, format, "format", 10),
	P_INT(struct oembed_query, maxwidth, "maxwidth", 1, 100000, WIDTH),
	P_INT(struct oembed_query, maxheight, "maxheight", 1, 100000, HEIGHT),
};
const struct params voice_oembed_params = PARAMS(struct oembed_query, oembed_rows);

/* CODE and the language of ".../fr/v/CODE?t=62", whatever stands in front; empty: it is none of ours. */
static str code_in(str address, enum lang *lang)
{
	str path = str_cut(&address, '?'), part, before = S(""), language = S("");

	path = str_cut(&path, '#');
	while (path.n) {
		part = str_cut(&path, '/');
		if (str_eq(before, S("v"))) {
			lang_from_code(language, lang);
			return path.n ? S("") : part;
		}
		language = before;
		before = part;
	}
	return S("");
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
	int64_t width = MAX(MIN(q->maxwidth, (int64_t)WIDTH), (int64_t)SMALLEST),
		height = MAX(MIN(q->maxheight, (int64_t)HEIGHT), (int64_t)SMALLEST);
	struct voice_by_code row;
	struct said title, description;
	str place, address;

	if (q->format.n && !str_eq(q->format, S("json")))
		return E_NOTFOUND;
	TRY(voice_find(w, code_in(q->url, &w->lang), &row));
	address = voice_embed_address(w, row.code, row.uses);
	if (!address.p)
		return E_NOTFOUND;
	TRY(voice_title(w, row.id, row.lang, &title, &description, &place));
	json_object_begin(&j);
	json_key_str(&j, S("version"), S("1.0"));
	json_key_str(&j, S("type"), S("video"));
	json_key_str(&j, S("title"), title.text);
	json_key_str(&j, S("provider_name"), tr_get(w->lang, T_site_name));
	json_key_str(&j, S("provider_url"), link_absolute(w, url_checked(w->arena, S("/"))).s);
	json_key_i64(&j, S("width"), width);
	json_key_i64(&j, S("height"), height);
	put_frame(w, &j, address, title.text, width, height);
	json_object_end(&j);
	return json_end(&j);
}
