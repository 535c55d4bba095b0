/* Metadata of a voice, as TOML or JSON, and YouTube's file: whatever comes in, what is taken is what the store and the
 * pages can hold, and TOML says the same as the JSON that it stands for. */
#define _GNU_SOURCE
#include "base/utf8.h"
#include "fuzz/fuzz.h"
#include "store.h"
#include "video/video.h"

static const struct video_known *known(void)
{
	static struct video_known all;
	static struct store *store;
	static arena *a;

	if (!store) {
		store = store_new(NULL);
		a = arena_new();
		MUST_HOLD(video_known_load(&store->core, a, &all) == OK);
	}
	return &all;
}

static void check_words(const voice_words *words)
{
	vec_each (struct voice_words, w, words) {
		MUST_HOLD(w->field.n && video_lang_is_code(w->lang));
		MUST_HOLD(w->text.n && w->text.n <= META_TEXT_MAX && utf8_valid(w->text));
		vec_each (struct voice_words, other, words)
			MUST_HOLD(other == w || !str_eq(other->field, w->field) ||
				  !str_eq(other->lang, w->lang));
	}
}

static void check_subjects(const voice_subjects *subjects)
{
	vec_each (struct voice_subject, s, subjects) {
		MUST_HOLD(s->scheme.n && s->code.n);
		vec_each (struct voice_subject, other, subjects)
			MUST_HOLD(other == s || !str_eq(other->scheme, s->scheme) ||
				  !str_eq(other->code, s->code));
	}
}

/* Far from the ends of int64_t, so that pages can add to them. */
static bool is_time(int64_t ms)
{
	return ms >= 0 && ms < (int64_t)1 << 40;
}

static bool is_instant(int64_t seconds)
{
	return seconds > -((int64_t)1 << 40) && seconds < (int64_t)1 << 40;
}

static void check(const struct video_meta *m)
{
	const struct video_consent *c = &m->consent;
	bool nameless = str_eq(c->name, S("none")) || str_eq(c->name, S("organisation"));

	MUST_HOLD(m->key.n && video_lang_is_code(m->lang) && m->words.n && is_time(m->duration));
	MUST_HOLD(is_instant(c->embargo) && is_instant(c->expires) && is_instant(c->review));
	check_words(&m->words);
	check_subjects(&m->subjects);
	vec_each (struct video_speaker, s, &m->speakers) {
		MUST_HOLD(s->key.n && !(nameless && s->name.n) && utf8_valid(s->name));
		check_words(&s->function);
		check_words(&s->organisation_name);
	}
	vec_each (struct video_moment, one, &m->moments) {
		MUST_HOLD(one->key.n && is_time(one->starts) && is_time(one->ends) &&
			  one->starts < one->ends);
		check_words(&one->words);
		check_subjects(&one->subjects);
		vec_each (struct video_moment, other, &m->moments)
			MUST_HOLD(other == one || !str_eq(other->key, one->key));
	}
	vec_each (struct video_origin, o, &m->origins)
		MUST_HOLD(video_lang_is_code(o->lang) && video_track_kind(o->kind));
}

static enum err read_text(arena *a, str text, buf *why)
{
	struct video_meta m;
	enum err e = video_meta_text(a, text, known(), &m, why);

	MUST_HOLD(e == OK || why->n || e == E_TOOBIG);
	if (e == OK)
		check(&m);
	return e;
}

/* What the value says, written as JSON and read again, ends alike. */
static void check_again(arena *a, str text, enum err before, str why)
{
	buf own = buf_new(a, 1 << 20), again = buf_new(a, 1 << 20);
	json_t *json;
	char *dump;

	if (video_meta_json(text, &json, &own) != OK)
		return;
	dump = json_dumps(json, JSON_COMPACT | JSON_REAL_PRECISION(17));
	json_decref(json);
	if (!dump)
		return;
	MUST_HOLD(read_text(a, str_of(dump), &again) == before && str_eq(buf_str(&again), why));
	free(dump);
}

static void check_youtube(arena *a, str text)
{
	json_t *json = json_loadb(text.p, text.n, 0, NULL), *ours = video_youtube_meta(json);
	buf why = buf_new(a, 1 << 20);
	struct video_meta m;

	if (ours && video_meta_read(a, ours, known(), &m, &why) == OK) {
		check(&m);
		MUST_HOLD(!m.consent.known); /* it knows nothing of consent */
	}
	if (json)
		video_youtube_chapters(a, json);
	json_decref(ours);
	json_decref(json);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	arena *a = arena_new();
	str text = { (const char *)data, n };
	buf why = buf_new(a, 1 << 20);
	enum err e = read_text(a, text, &why);

	check_again(a, text, e, buf_str(&why));
	check_youtube(a, text);
	arena_free(a);
	return 0;
}
