/* A series as its file has it, checked against the videos that are here, and stored. */
#include <ctype.h>

#include "publish/publish.h"
#include "series/series.h"
#include "series_sql.h"
#include "text/toml.h"

enum { KEY_MAX = 60 };

/* --- Reading. */

/* It is an address for ever: small letters, digits and hyphens. */
static bool is_key(str key)
{
	for (size_t i = 0; i < key.n; i++)
		if (!islower((unsigned char)key.p[i]) && !isdigit((unsigned char)key.p[i]) &&
		    (key.p[i] != '-' || i == 0))
			return false;
	return key.n > 0 && key.n <= KEY_MAX;
}

static enum err find_video(struct core *core, struct meta_reader *r, str key, int64_t *ret)
{
	struct series_video_named row;
	enum err e = series_video_named(core, r->a, key, &row);

	if (e == E_NOTFOUND) {
		meta_complain(r, "there is no video whose key is \"%.*s\"", (int)MIN(key.n, 80),
			      key.p);
		*ret = 0;
		return OK;
	}
	if (e == OK)
		*ret = row.id;
	return e;
}

/* "the-video/the-moment" */
static enum err find_moment(struct core *core, struct meta_reader *r, str name, int64_t *ret)
{
	str moment = name, video = str_cut(&moment, '/');
	struct series_moment_named row;
	int64_t id;
	enum err e;

	*ret = 0;
	TRY(find_video(core, r, video, &id));
	if (!id)
		return OK;
	e = series_moment_named(core, r->a, id, moment, &row);
	if (e == E_NOTFOUND)
		meta_complain(r, "\"%.*s\" has no moment whose key is \"%.*s\"",
			      (int)MIN(video.n, 80), video.p, (int)MIN(moment.n, 80), moment.p);
	else if (e != OK)
		return e;
	else
		*ret = row.id;
	return OK;
}

static enum err read_names(struct core *core, struct meta_reader *r, json_t *in, const char *key,
			   enum err (*find)(struct core *core, struct meta_reader *r, str name,
					    int64_t *ret),
			   series_ids *ret)
{
	json_t *all = json_object_get(in, key), *one;
	size_t i;

	if (all && !json_is_array(all))
		meta_complain(r, "%s: a list is wanted", key);
	json_array_foreach(all, i, one)
	{
		str name = { json_string_value(one), json_string_length(one) };
		int64_t id = 0;

		if (!name.p) {
			meta_complain(r, "%s: a list of keys is wanted", key);
			continue;
		}
		TRY(find(core, r, name, &id));
		if (!id)
			continue;
		vec_each (int64_t, before, ret)
			if (*before == id)
				meta_complain(r, "%s: \"%.*s\" stands there twice", key,
					      (int)MIN(name.n, 80), name.p);
		*vec_add(r->a, ret) = id;
	}
	return OK;
}

static enum err read_sections(struct core *core, struct meta_reader *r, json_t *file,
			      struct series_meta *m)
{
	json_t *all = json_object_get(file, "section"), *in;
	size_t i;

	json_array_foreach(all, i, in)
	{
		struct series_section *s = vec_add(r->a, &m->sections);

		*s = (struct series_section){ 0 };
		meta_words(r, in, "title", S("en"), &s->words);
		if (!s->words.n)
			meta_complain(r, "section %zu: a title is wanted", i + 1);
		meta_words(r, in, "text", S("en"), &s->words);
		TRY(read_names(core, r, in, "quotes", find_moment, &s->quotes));
	}
	return OK;
}

static const char *const keys[] = { "key",          "sample", "held",    "title",
				    "introduction", "videos", "section", NULL };

static enum err read_json(struct core *core, struct meta_reader *r, json_t *file,
			  struct series_meta *m)
{
	meta_other_keys(r, file, "", keys);
	m->key = meta_text(r, file, "key");
	if (!is_key(m->key))
		meta_complain(r, "key: missing, or not of small letters, digits and hyphens; it "
				 "is the address, /series/KEY");
	m->sample = meta_bool(r, file, "sample");
	m->held = meta_bool(r, file, "held");
	meta_words(r, file, "title", S("en"), &m->words);
	if (!m->words.n)
		meta_complain(r, "title: missing");
	meta_words(r, file, "introduction", S("en"), &m->words);
	TRY(read_names(core, r, file, "videos", find_video, &m->videos));
	if (!json_array_size(json_object_get(file, "videos")))
		meta_complain(r, "videos: a list of keys of videos is wanted");
	return read_sections(core, r, file, m);
}

enum err series_meta_read(struct core *core, arena *a, str text, struct series_meta *ret, buf *why)
{
	struct meta_reader r = { a, NULL, why, false };
	struct series_meta m = { 0 };
	json_t *json = NULL;
	enum err e = video_meta_json(text, &json, why);

	if (e == OK)
		e = read_json(core, &r, json, &m);
	json_decref(json);
	if (e == OK && r.bad)
		e = E_INVALID;
	if (e == OK)
		*ret = m;
	return e;
}

/* --- Storing. */

static enum err drop(struct core *core, arena *a, int64_t id)
{
	const voice_words none = { 0 };
	struct sections_of *rows;
	size_t n;

	TRY(sections_of(core, a, id, &rows, &n));
	for (size_t i = 0; i < n; i++) {
		TRY(section_quote_delete(core, rows[i].id));
		TRY(video_words_put(core, S("section"), rows[i].id, &none));
		TRY(section_delete(core, rows[i].id));
	}
	TRY(series_video_delete(core, id));
	TRY(video_words_put(core, S("series"), id, &none));
	return series_delete(core, id);
}

/* The first real one takes the samples out, so that nobody takes one for the other. */
static enum err drop_before(struct core *core, arena *a, const struct series_meta *m)
{
	struct series_samples *rows;
	struct series_by_key row;
	size_t n = 0;
	enum err e = series_by_key(core, a, m->key, &row);

	if (e == OK)
		TRY(drop(core, a, row.id));
	else if (e != E_NOTFOUND)
		return e;
	if (!m->sample)
		TRY(series_samples(core, a, &rows, &n));
	for (size_t i = 0; i < n; i++)
		TRY(drop(core, a, rows[i].id));
	return OK;
}

static enum err store(struct core *core, arena *a, const struct series_meta *m)
{
	struct series_last_ids last;
	int64_t id;

	TRY(drop_before(core, a, m));
	TRY(series_last_ids(core, a, &last));
	id = last.series + 1;
	TRY(series_insert(core, id, m->key, m->sample, m->held));
	TRY(video_words_put(core, S("series"), id, &m->words));
	for (size_t i = 0; i < m->videos.n; i++)
		TRY(series_video_put(core, id, (int64_t)i, m->videos.p[i]));
	for (size_t i = 0; i < m->sections.n; i++) {
		const struct series_section *s = &m->sections.p[i];
		int64_t section = last.section + 1 + (int64_t)i;

		TRY(section_insert(core, section, id, (int64_t)i));
		TRY(video_words_put(core, S("section"), section, &s->words));
		for (size_t k = 0; k < s->quotes.n; k++)
			TRY(section_quote_put(core, section, (int64_t)k, s->quotes.p[k]));
	}
	return change_add(core, S("series"), 0);
}

enum err series_put(struct core *core, arena *a, const struct series_meta *m)
{
	TRY(db_begin(core->db));
	return db_finish(core->db, store(core, a, m));
}

static enum err remove_one(struct core *core, arena *a, str key)
{
	struct series_by_key row;

	TRY(series_by_key(core, a, key, &row));
	TRY(drop(core, a, row.id));
	return change_add(core, S("series"), 0);
}

enum err series_remove(struct core *core, arena *a, str key)
{
	TRY(db_begin(core->db));
	return db_finish(core->db, remove_one(core, a, key));
}

enum err series_any(struct core *core, arena *a, bool *ret)
{
	struct series_count row;

	TRY(series_count(core, a, &row));
	*ret = row.n > 0;
	return OK;
}
