/*
 * What YouTube says of a video, in a file beside it: talk.info.json as download tools write it, or the entry of
 * its data API that a takeout holds. It fills in what our own metadata leave out. It knows nothing of consent,
 * so a video of which nothing else is known stays private.
 */
#include <ctype.h>

#include "video/video.h"

static const char *text_at(json_t *in, const char *key)
{
	return json_string_value(json_object_get(in, key));
}

static void set_text(json_t *to, const char *key, const char *text)
{
	if (text && *text)
		json_object_set_new(to, key, json_string(text));
}

/* "20260312" as a day. */
static void set_day(json_t *to, const char *day)
{
	char iso[11];

	if (!day || strlen(day) != 8)
		return;
	for (int i = 0; i < 8; i++)
		if (!isdigit((unsigned char)day[i]))
			return;
	snprintf(iso, sizeof iso, "%.4s-%.2s-%.2s", day, day + 4, day + 6);
	set_text(to, "recorded", iso);
}

/* "fr-FR" is French. */
static void set_language(json_t *to, const char *lang)
{
	str whole = str_of(lang), first = str_cut(&whole, '-');

	if (video_lang_is_code(first))
		json_object_set_new(to, "language", json_stringn(first.p, first.n));
}

/* As the data API has it. */
static json_t *of_api(json_t *entry, json_t *snippet)
{
	json_t *ours = json_object();
	const char *lang = text_at(snippet, "defaultAudioLanguage");
	const char *day = text_at(snippet, "publishedAt");
	char compact[9];

	set_text(ours, "key", text_at(entry, "id"));
	set_text(ours, "title", text_at(snippet, "title"));
	set_text(ours, "description", text_at(snippet, "description"));
	set_language(ours, lang ? lang : text_at(snippet, "defaultLanguage"));
	if (day && strlen(day) >= 10) {
		snprintf(compact, sizeof compact, "%.4s%.2s%.2s", day, day + 5, day + 8);
		set_day(ours, compact);
	}
	return ours;
}

/* As download tools write it. */
static json_t *of_info(json_t *file)
{
	json_t *ours = json_object(), *duration = json_object_get(file, "duration");

	set_text(ours, "key", text_at(file, "id"));
	set_text(ours, "title", text_at(file, "title"));
	set_text(ours, "description", text_at(file, "description"));
	set_text(ours, "licence", text_at(file, "license"));
	set_language(ours, text_at(file, "language"));
	set_day(ours, text_at(file, "upload_date"));
	if (json_is_number(duration) && json_number_value(duration) > 0)
		json_object_set(ours, "duration", duration);
	return ours;
}

json_t *video_youtube_meta(json_t *file)
{
	json_t *entry = json_is_array(file) && json_array_size(file) == 1 ? json_array_get(file, 0)
									  : file;
	json_t *snippet = json_object_get(entry, "snippet");

	if (!text_at(entry, "id"))
		return NULL;
	if (json_is_object(snippet))
		return of_api(entry, snippet);
	return text_at(entry, "title") && (json_object_get(entry, "upload_date") ||
					   json_object_get(entry, "webpage_url"))
		       ? of_info(entry)
		       : NULL;
}

static void put_stamp(buf *o, double seconds)
{
	long long ms = (long long)(seconds * 1000 + 0.5);

	buf_printf(o, "%02lld:%02lld:%02lld.%03lld", ms / 3600000, ms / 60000 % 60, ms / 1000 % 60,
		   ms % 1000);
}

str video_youtube_chapters(arena *a, json_t *file)
{
	json_t *all = json_object_get(file, "chapters"), *one;
	buf o = buf_new(a, 1 << 20);
	size_t i;

	json_array_foreach(all, i, one)
	{
		double start = json_number_value(json_object_get(one, "start_time")),
		       end = json_number_value(json_object_get(one, "end_time"));
		str title = str_of(text_at(one, "title"));

		if (start < 0 || end <= start || end > 1e6 || !title.n)
			continue;
		buf_put(&o, o.n ? S("\n") : S("WEBVTT\n\n"));
		put_stamp(&o, start);
		buf_put(&o, S(" --> "));
		put_stamp(&o, end);
		buf_byte(&o, '\n');
		for (size_t k = 0; k < title.n; k++) /* text, not markup */
			buf_put(&o, title.p[k] == '<'    ? S("&lt;")
				    : title.p[k] == '&'  ? S("&amp;")
				    : title.p[k] == '\n' ? S(" ")
							 : (str){ &title.p[k], 1 });
		buf_byte(&o, '\n');
	}
	return o.n && o.err == OK ? buf_str(&o) : S("");
}
