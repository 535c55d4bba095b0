/*
 * The films of the library for search engines: the sitemap protocol (sitemaps.org) with Google's extension for
 * videos, a file a language, since title and description are those of a page.
 *
 * The extension wants a picture, and the address of the file or of a player: a film is in it where consent has
 * the use "download" or "embed". The day is that of the recording, and no end of consent is told: both other
 * days would say what readers may not know.
 */
#include "base/utf8.h"
#include "text/xml.h"
#include "video/video_embed_web.h"
#include "video/video_made_web.h"
#include "video/video_use.h"
#include "video_public_sql.h"

enum { SITEMAP_MOST = 2000, TITLE_MOST = 200, DESCRIPTION_MOST = 600 }; /* videos; bytes */

struct film {
	const struct voice_by_id *row;
	const struct voice_media *film, *poster;
	str file, player; /* addresses; p == NULL: not agreed to */
};

static enum err load_film(struct web *w, const struct voice_by_id *row, struct film *f)
{
	struct voice_media *media;
	size_t n;

	*f = (struct film){ .row = row, .player = voice_embed_address(w, row->code, row->uses) };
	TRY(voice_media(w->pub, w->arena, row->id, &media, &n));
	for (size_t i = 0; i < n; i++) {
		if (str_eq(media[i].form, S("poster")))
			f->poster = &media[i];
		else if (str_eq(media[i].form, S("video")) ||
			 (!f->film && str_eq(media[i].form, S("480p"))))
			f->film = &media[i];
	}
	if (f->film && video_has_use(row->uses, S("download")))
		f->file = link_absolute(w, voice_medium_link(w, row->code, f->film->form,
							     f->film->type, -1, -1))
				  .s;
	return OK;
}

static void put_film(struct xml *x, struct web *w, const struct film *f, str title, str description)
{
	url picture = voice_medium_link(w, f->row->code, f->poster->form, f->poster->type, -1, -1);
	buf seconds = buf_new(w->arena, 24);

	buf_i64(&seconds, f->row->duration / 1000);
	xml_open(x, "url");
	xml_element(x, "loc", link_absolute(w, voice_link_to(w, "v", f->row->code, -1)).s);
	xml_open(x, "video:video");
	xml_element(x, "video:thumbnail_loc", link_absolute(w, picture).s);
	xml_element(x, "video:title", utf8_to(title, TITLE_MOST));
	xml_element(x, "video:description", utf8_to(description, DESCRIPTION_MOST));
	if (f->file.n)
		xml_element(x, "video:content_loc", f->file);
	if (f->player.n)
		xml_element(x, "video:player_loc", f->player);
	if (f->row->duration >= 1000)
		xml_element(x, "video:duration", buf_str(&seconds));
	if (f->row->recorded.n)
		xml_element(x, "video:publication_date", f->row->recorded);
	xml_close(x);
	xml_close(x);
}

enum err voices_sitemap(struct web *w)
{
	struct xml x = xml_begin(w->out);
	struct voices_list *rows;
	size_t n;

	TRY(voices_list(w->pub, w->arena, &rows, &n));
	xml_open(&x, "urlset");
	xml_attribute(&x, "xmlns", S("http://www.sitemaps.org/schemas/sitemap/0.9"));
	xml_attribute(&x, "xmlns:video", S("http://www.google.com/schemas/sitemap-video/1.1"));
	for (size_t i = 0; i < MIN(n, SITEMAP_MOST); i++) {
		struct said title, description;
		struct voice_by_id row;
		struct film f;
		str place;

		TRY(voice_by_id(w->pub, w->arena, rows[i].id, &row));
		TRY(load_film(w, &row, &f));
		if (!f.film || !f.poster || !(f.file.n + f.player.n))
			continue;
		TRY(voice_title(w, row.id, row.lang, &title, &description, &place));
		put_film(&x, w, &f, title.text, description.text.n ? description.text : title.text);
	}
	xml_close(&x);
	return xml_end(&x);
}
