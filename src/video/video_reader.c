/* What files of metadata have in common, whatever they are about. */
#include "video/video.h"

#include <ctype.h>

void meta_complain(struct meta_reader *r, const char *format, ...)
{
	va_list args;
	char line[512];

	va_start(args, format);
	vsnprintf(line, sizeof line, format, args);
	va_end(args);
	buf_put(r->why, r->bad ? S("\n") : S(""));
	buf_put(r->why, str_of(line));
	r->bad = true;
}

str meta_text(struct meta_reader *r, json_t *in, const char *key)
{
	json_t *v = json_object_get(in, key);
	str s = { json_string_value(v), json_string_length(v) };

	if (v && !json_is_string(v))
		meta_complain(r, "%s: a text is wanted", key);
	s = s.p ? str_trim(s) : S("");
	if (s.n > META_TEXT_MAX) {
		meta_complain(r, "%s: over 64 kB", key);
		s = S("");
	}
	return arena_str(r->a, s);
}

bool meta_bool(struct meta_reader *r, json_t *in, const char *key)
{
	json_t *v = json_object_get(in, key);

	if (v && !json_is_boolean(v))
		meta_complain(r, "%s: true or false is wanted", key);
	return json_is_true(v);
}

bool video_lang_is_code(str lang)
{
	str first = str_cut(&lang, '-');
	bool good = first.n == 2 || first.n == 3;

	for (size_t i = 0; i < first.n; i++)
		good &= first.p[i] >= 'a' && first.p[i] <= 'z';
	while (good && lang.n) {
		str part = str_cut(&lang, '-');

		good &= part.n >= 2 && part.n <= 8;
		for (size_t i = 0; i < part.n; i++)
			good &= isalnum((unsigned char)part.p[i]) != 0;
	}
	return good;
}

/* title = "..." (in the language LANG) or title = { en = "...", fr = "..." }. */
void meta_words(struct meta_reader *r, json_t *in, const char *key, str lang, voice_words *ret)
{
	json_t *v = json_object_get(in, key), *text;
	const char *code;

	if (json_is_string(v)) {
		str s = meta_text(r, in, key);

		if (s.n)
			*vec_add(r->a, ret) = (struct voice_words){ str_of(key), lang, s };
		return;
	}
	if (v && !json_is_object(v))
		meta_complain(r, "%s: a text or a table of languages is wanted", key);
	json_object_foreach(v, code, text)
	{
		str s = meta_text(r, v, code);

		(void)text;
		if (!video_lang_is_code(str_of(code)))
			meta_complain(r, "%s: \"%.40s\" is not the code of a language", key, code);
		else if (s.n)
			*vec_add(r->a, ret) = (struct voice_words){ str_of(key),
								    arena_str(r->a, str_of(code)),
								    s };
	}
}

void meta_other_keys(struct meta_reader *r, json_t *in, const char *where, const char *const *known)
{
	const char *key;
	json_t *value;

	json_object_foreach(in, key, value)
	{
		bool found = false;

		(void)value;
		for (size_t i = 0; known[i]; i++)
			found |= str_eq(str_of(key), str_of(known[i]));
		if (!found)
			meta_complain(r, "%s%.60s: there is no such key", where, key);
	}
}
