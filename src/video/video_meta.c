/* Metadata of a video as TOML or JSON has them, checked. docs/video.md lists the keys. */
#include <ctype.h>
#include <math.h>

#include "text/date.h"
#include "text/language.h"
#include "video/video.h"

enum { DAY = 24 * 60 * 60, SECONDS_MAX = 10000000 };

static str code_of_set(struct meta_reader *r, json_t *in, const char *key, const char *const *codes)
{
	str s = meta_text(r, in, key);

	for (size_t i = 0; s.n && codes[i]; i++)
		if (str_eq(s, str_of(codes[i])))
			return s;
	if (s.n)
		meta_complain(r, "%s: \"%.*s\" is not known", key, (int)MIN(s.n, 60), s.p);
	return S("");
}

/* --- Times and days. */

int64_t video_time(str s)
{
	double total = 0, seconds;
	size_t parts = 0;

	for (s = str_trim(s); s.n && parts < 3; parts++) {
		str part = str_cut(&s, ':');
		char digits[16], *end;

		if (!part.n || part.n >= sizeof digits || !isdigit((unsigned char)part.p[0]))
			return -1;
		memcpy(digits, part.p, part.n);
		digits[part.n] = '\0';
		seconds = strtod(digits, &end);
		if (*end || (s.n && seconds != floor(seconds)))
			return -1;
		total = total * 60 + seconds;
	}
	return parts && !s.n && total < SECONDS_MAX ? (int64_t)llround(total * 1000) : -1;
}

static int64_t time_of(struct meta_reader *r, json_t *in, const char *key)
{
	json_t *v = json_object_get(in, key);
	double seconds = json_number_value(v);
	int64_t t = !json_is_number(v)                      ? video_time(meta_text(r, in, key))
		    : seconds >= 0 && seconds < SECONDS_MAX ? (int64_t)llround(seconds * 1000)
							    : -1;

	if (v && t < 0)
		meta_complain(r, "%s: a time is wanted, such as 1:30", key);
	return t;
}

static str day_of(struct meta_reader *r, json_t *in, const char *key)
{
	str s = json_is_integer(json_object_get(in, key)) ? S("") : meta_text(r, in, key);
	struct date d;
	buf year = buf_new(r->a, 32);

	if (json_is_integer(json_object_get(in, key))) { /* a year alone */
		buf_i64(&year, json_integer_value(json_object_get(in, key)));
		s = buf_str(&year);
	}
	if (s.n && date_parse(s, &d) != OK) {
		meta_complain(r, "%s: \"%.*s\" is not a day", key, (int)MIN(s.n, 40), s.p);
		return S("");
	}
	return s;
}

/* Of "T12:00:00Z" or "T12:00Z", which stands behind a day, in seconds; < 0: it is neither. */
static int64_t time_of_day(str s)
{
	str time = str_from(s, 1);
	size_t colon = str_find_byte(time, ':');
	bool seconds;

	if (s.n < 3 || !strchr("Tt ", s.p[0]) || !(str_ends(s, S("Z")) || str_ends(s, S("z"))) ||
	    colon == STR_NONE || video_time(str_to(time, time.n - 1)) < 0)
		return -1;
	seconds = str_find_byte(str_from(time, colon + 1), ':') != STR_NONE;
	return video_time(str_to(time, time.n - 1)) / 1000 * (seconds ? 1 : 60);
}

/* 2027-01-31, its first second; 2027-01-31T12:00:00Z. Seconds since 1970 UTC; 0: none. */
static int64_t instant_of(struct meta_reader *r, json_t *in, const char *key)
{
	str s = meta_text(r, in, key), time = str_from(s, 10);
	struct date d;
	int64_t of_day = 0;

	if (!s.n)
		return 0;
	if (time.n)
		of_day = time_of_day(time);
	if (date_parse(str_to(s, 10), &d) != OK || !d.day || of_day < 0 || of_day >= DAY) {
		meta_complain(
			r,
			"%s: a day (2027-01-31) or a time in UTC (2027-01-31T12:00:00Z) is wanted",
			key);
		return 0;
	}
	return (int64_t)date_to_days(d) * DAY + of_day;
}

/* --- Subjects. */

static void add_subject(struct meta_reader *r, voice_subjects *to, str scheme, str code)
{
	vec_each (struct voice_subject, s, to)
		if (str_eq(s->scheme, scheme) && str_eq(s->code, code))
			return;
	*vec_add(r->a, to) = (struct voice_subject){ scheme, code };
}

static str concept_code(struct meta_reader *r, const char *key, str scheme, str given)
{
	const struct vocabulary *v = vocabulary_of(&r->known->vocabularies, scheme);
	int place = concept_find(v, given);
	str near;

	if (place < 0)
		place = concept_by_name(v, given);
	if (place >= 0)
		return v->concepts[place].code;
	near = concept_nearest(v, given);
	meta_complain(r, "%s: \"%.*s\" is not known%s%.*s", key, (int)MIN(given.n, 60), given.p,
		      near.p ? "; the nearest is " : "", (int)near.n, near.p ? near.p : "");
	return S("");
}

static str state_code(struct meta_reader *r, const char *key, str given)
{
	const struct states *all = &r->known->states;
	int place = state_find(all, given);
	str near;

	if (place < 0)
		place = state_by_name(all, given);
	if (place >= 0)
		return all->p[place].iso3;
	near = state_nearest(all, given);
	meta_complain(r, "%s: \"%.*s\" is not a State%s%.*s", key, (int)MIN(given.n, 60), given.p,
		      near.p ? "; the nearest is " : "", (int)near.n, near.p ? near.p : "");
	return S("");
}

static void list_of(struct meta_reader *r, json_t *in, const char *key, const char *scheme,
		    voice_subjects *ret)
{
	json_t *v = json_object_get(in, key), *one;
	size_t i;

	if (v && !json_is_array(v))
		meta_complain(r, "%s: a list is wanted", key);
	json_array_foreach(v, i, one)
	{
		str given = str_of(json_string_value(one)), code = given;

		if (!given.p) {
			meta_complain(r, "%s: texts are wanted", key);
			continue;
		}
		if (str_eq(str_of(scheme), S("state")))
			code = state_code(r, key, given);
		else if (!str_eq(str_of(scheme), S("recommendation")))
			code = concept_code(r, key, str_of(scheme), given);
		if (code.n)
			add_subject(r, ret, str_of(scheme), arena_str(r->a, code));
	}
}

static void subjects_of(struct meta_reader *r, json_t *in, voice_subjects *ret)
{
	list_of(r, in, "issues", "issue", ret);
	list_of(r, in, "sdgs", "sdg", ret);
	list_of(r, in, "states", "state", ret);
	list_of(r, in, "recommendations", "recommendation", ret);
}

/* --- The tables of a file. */

static const char *const name_forms[] = {
	"full", "first", "pseudonym", "organisation", "none", NULL
};
static const char *const shown_forms[] = { "as-is", "altered", "none", NULL };
static const char *const use_codes[] = {
	"site", "download", "embed", "translation", "archive", NULL
};

static str uses_of(struct meta_reader *r, json_t *in)
{
	json_t *v = json_object_get(in, "uses"), *one;
	buf o = buf_new(r->a, 256);
	size_t i;

	if (v && !json_is_array(v))
		meta_complain(r, "consent.uses: a list is wanted");
	json_array_foreach(v, i, one)
	{
		str use = str_of(json_string_value(one));
		bool known = false;

		for (size_t k = 0; use.p && use_codes[k]; k++)
			known |= str_eq(use, str_of(use_codes[k]));
		if (!known)
			meta_complain(
				r, "consent.uses: site, download, embed, translation and archive "
				   "are known");
		else {
			buf_put(&o, o.n ? S(" ") : S(""));
			buf_put(&o, use);
		}
	}
	return buf_str(&o).p ? buf_str(&o) : S("");
}

/* A misspelt embargo must not pass for none. */
static const char *const consent_keys[] = { "uses",     "name",    "face",    "voice",  "given",
					    "language", "embargo", "expires", "review", NULL };

static void read_consent(struct meta_reader *r, json_t *file, struct video_consent *c)
{
	json_t *in = json_object_get(file, "consent");

	if (!in)
		return;
	if (!json_is_object(in)) {
		meta_complain(r, "consent: a table is wanted");
		return;
	}
	meta_other_keys(r, in, "consent.", consent_keys);
	c->known = true;
	c->uses = uses_of(r, in);
	c->name = code_of_set(r, in, "name", name_forms);
	c->face = code_of_set(r, in, "face", shown_forms);
	c->voice = code_of_set(r, in, "voice", shown_forms);
	c->given = day_of(r, in, "given");
	c->lang = meta_text(r, in, "language");
	c->embargo = instant_of(r, in, "embargo");
	c->expires = instant_of(r, in, "expires");
	c->review = instant_of(r, in, "review");
}

/* Who counts as one person. Consent is given for one video: somebody who is named here and goes by another name,
 * or by none, elsewhere is not the same to readers, so that neither name leads to the other. */
static str person_key(struct meta_reader *r, const struct video_meta *m,
		      const struct video_speaker *s, size_t number)
{
	buf own = buf_new(r->a, META_TEXT_MAX * 3);

	if (s->key.n && s->name.n)
		buf_printf(&own, "%" STR_F " %" STR_F, STR_A(s->key), STR_A(s->name));
	else
		buf_printf(&own, "%" STR_F "/%zu", STR_A(m->key), number);
	return buf_str(&own);
}

static int by_lang(const void *a, const void *b)
{
	const struct voice_words *x = a, *y = b;

	return str_cmp(x->lang, y->lang);
}

/* What counts as one organisation: what one video calls it must not show on another one, which may be public when
 * the first is not, or stay when the first is withdrawn. So under other names it is another one to readers. */
static str house_key(struct meta_reader *r, const struct video_speaker *s)
{
	buf own = buf_new(r->a, META_TEXT_MAX * 8);

	buf_put(&own, s->organisation);
	if (s->organisation_name.n > 1)
		qsort(s->organisation_name.p, s->organisation_name.n,
		      sizeof *s->organisation_name.p, by_lang);
	vec_each (struct voice_words, w, &s->organisation_name)
		buf_printf(&own, " %" STR_F "=%" STR_F, STR_A(w->lang), STR_A(w->text));
	if (own.err != OK)
		meta_complain(r, "speaker.organisation_name: the names are too long");
	return buf_str(&own);
}

/* A list of tables under KEY with no keys but KNOWN; NULL: there is none. */
static json_t *tables_of(struct meta_reader *r, json_t *file, const char *key,
			 const char *const *known)
{
	json_t *all = json_object_get(file, key), *in;
	buf where = buf_new(r->a, 64);
	size_t i;

	if (all && !json_is_array(all))
		meta_complain(r, "%s: a list of tables is wanted, [[%s]]", key, key);
	buf_printf(&where, "%s.", key);
	json_array_foreach(all, i, in)
	{
		if (!json_is_object(in))
			meta_complain(r, "%s %zu: a table is wanted", key, i + 1);
		meta_other_keys(r, in, arena_cstr(r->a, buf_str(&where)), known);
	}
	return all;
}

/* A speaker whose name may not be shown has none, whatever the file says. */
static void read_speakers(struct meta_reader *r, json_t *file, struct video_meta *m)
{
	static const char *const known[] = {
		"key",  "name", "function", "organisation", "organisation_name", "state",
		"from", "to",   NULL
	};
	json_t *all = tables_of(r, file, "speaker", known), *in;
	bool nameless = str_eq(m->consent.name, S("none")) ||
			str_eq(m->consent.name, S("organisation"));
	size_t i;

	json_array_foreach(all, i, in)
	{
		struct video_speaker *s = vec_add(r->a, &m->speakers);
		str state = meta_text(r, in, "state");

		s->key = meta_text(r, in, "key");
		s->name = nameless ? S("") : meta_text(r, in, "name");
		meta_words(r, in, "function", m->lang, &s->function);
		s->organisation = meta_text(r, in, "organisation");
		meta_words(r, in, "organisation_name", m->lang, &s->organisation_name);
		vec_each (struct voice_words, w, &s->organisation_name)
			w->field = S("name");
		if (s->organisation.n && !s->organisation_name.n)
			*vec_add(r->a, &s->organisation_name) =
				(struct voice_words){ S("name"), m->lang, s->organisation };
		if (s->organisation.n)
			s->organisation = house_key(r, s);
		s->state = state.n ? state_code(r, "speaker.state", state) : (str){ 0 };
		s->starts = day_of(r, in, "from");
		s->ends = day_of(r, in, "to");
		s->key = person_key(r, m, s, i + 1);
		if (!s->name.n && !s->function.n)
			meta_complain(r, "speaker %zu: a name or a function is wanted", i + 1);
	}
}

static void read_moments(struct meta_reader *r, json_t *file, struct video_meta *m)
{
	static const char *const known[] = { "key",      "start",           "end",    "title",
					     "synopsis", "quote",           "issues", "sdgs",
					     "states",   "recommendations", NULL };
	json_t *all = tables_of(r, file, "moment", known), *in;
	size_t i;

	json_array_foreach(all, i, in)
	{
		struct video_moment *one = vec_add(r->a, &m->moments);

		one->starts = time_of(r, in, "start");
		one->ends = time_of(r, in, "end");
		if (one->starts < 0 || one->ends <= one->starts)
			meta_complain(r, "moment %zu: start and end are wanted, the start first",
				      i + 1);
		meta_words(r, in, "title", m->lang, &one->words);
		meta_words(r, in, "synopsis", m->lang, &one->words);
		meta_words(r, in, "quote", m->lang, &one->words);
		subjects_of(r, in, &one->subjects);
		one->key = meta_text(r, in, "key");
		if (!one->key.n) {
			buf own = buf_new(r->a, 64);

			buf_printf(&own, "at %lld", (long long)one->starts);
			one->key = buf_str(&own);
		}
		for (size_t k = 0; k + 1 < m->moments.n; k++)
			if (str_eq(m->moments.p[k].key, one->key))
				meta_complain(r,
					      "moment %zu: two moments begin alike; give them keys",
					      i + 1);
	}
}

static const char *const origins[] = { "human", "machine", "volunteer", NULL };

static void read_origins(struct meta_reader *r, json_t *file, struct video_meta *m)
{
	static const char *const known[] = { "language", "kind", "origin", "reviewer", NULL };
	json_t *all = tables_of(r, file, "track", known), *in;
	size_t i;

	json_array_foreach(all, i, in)
	{
		struct video_origin *o = vec_add(r->a, &m->origins);

		o->lang = meta_text(r, in, "language");
		o->kind = meta_text(r, in, "kind");
		o->origin = code_of_set(r, in, "origin", origins);
		o->reviewer = meta_text(r, in, "reviewer");
		if (!o->kind.n)
			o->kind = str_eq(o->lang, m->lang) ? S("captions") : S("subtitles");
		if (!video_lang_is_code(o->lang) || !video_track_kind(o->kind))
			meta_complain(r,
				      "track %zu: a language is wanted, and captions, subtitles, "
				      "descriptions or chapters as kind",
				      i + 1);
	}
}

void video_track_origin(const struct video_meta *m, struct video_track *t)
{
	for (size_t i = 0; i < m->origins.n; i++) {
		const struct video_origin *o = &m->origins.p[i];

		if (!str_eq(o->lang, t->lang) || !str_eq(o->kind, t->kind))
			continue;
		if (o->origin.n)
			t->origin = o->origin;
		t->reviewer = o->reviewer;
		t->reviewed = o->reviewer.n > 0;
	}
}

str video_title(const struct video_meta *m)
{
	vec_each (struct voice_words, w, &m->words)
		if (str_eq(w->field, S("title")))
			return w->text;
	return m->key;
}

static const char *const keys[] = {
	"key",      "title",  "description", "place",  "recorded",        "language",
	"licence",  "sample", "held",        "audio",  "clips",           "no_captions_because",
	"duration", "issues", "sdgs",        "states", "recommendations", "consent",
	"speaker",  "moment", "track",       NULL
};

enum err video_meta_read(arena *a, json_t *file, const struct video_known *known,
			 struct video_meta *ret, buf *why)
{
	struct meta_reader r = { a, known, why, false };
	struct video_meta m = { 0 };

	meta_other_keys(&r, file, "", keys);
	m.key = meta_text(&r, file, "key");
	m.lang = meta_text(&r, file, "language");
	if (!m.key.n)
		meta_complain(&r, "key: missing; it is your own short name for this video");
	if (!video_lang_is_code(m.lang))
		meta_complain(&r,
			      "language: the code of the language spoken is wanted, such as fr");
	meta_words(&r, file, "title", m.lang, &m.words);
	if (!m.words.n)
		meta_complain(&r, "title: missing");
	meta_words(&r, file, "description", m.lang, &m.words);
	meta_words(&r, file, "place", m.lang, &m.words);
	m.recorded = day_of(&r, file, "recorded");
	m.licence = meta_text(&r, file, "licence");
	m.captions = meta_text(&r, file, "no_captions_because");
	m.sample = meta_bool(&r, file, "sample");
	m.held = meta_bool(&r, file, "held");
	m.audio = meta_bool(&r, file, "audio");
	m.clips = meta_bool(&r, file, "clips");
	if (json_object_get(file, "duration"))
		m.duration = time_of(&r, file, "duration");
	subjects_of(&r, file, &m.subjects);
	read_consent(&r, file, &m.consent);
	read_speakers(&r, file, &m);
	read_moments(&r, file, &m);
	read_origins(&r, file, &m);
	if (r.bad || why->err != OK)
		return E_INVALID;
	*ret = m;
	return OK;
}
