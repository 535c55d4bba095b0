/* Addresses: reading never crashes and gives UTF-8; what is written reads back as it was. */
#include "fuzz/fuzz.h"
#include "base/utf8.h"
#include "text/url.h"

static void read_it(arena *a, str target)
{
	struct url_target t = { 0 };

	if (url_parse(a, target, &t) != OK)
		return;
	for (size_t i = 0; i < t.segments_n; i++)
		MUST_HOLD(utf8_valid(t.segments[i]) &&
			  str_find_byte(t.segments[i], '\0') == STR_NONE);
	for (size_t i = 0; i < t.pairs.n; i++)
		MUST_HOLD(utf8_valid(t.pairs.p[i].name) && utf8_valid(t.pairs.p[i].value));
}

static bool is_plain(str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] <= ' ' || strchr("<>\"'\\", s.p[i]))
			return false;
	return true;
}

static void write_it(arena *a, str text)
{
	struct url_builder b = url_begin(a, S("/x"));
	bool climbs = text.n == 0 || str_eq(text, S(".")) || str_eq(text, S(".."));
	struct url_target t = { 0 };
	url made;

	url_segment(&b, text);
	url_pair(&b, text, text);
	made = url_end(&b);
	MUST_HOLD(is_plain(made.s));
	if (str_eq(made.s, S("#blocked")) || !utf8_valid(text) ||
	    str_find_byte(text, '\0') != STR_NONE)
		return;
	MUST_HOLD(url_parse(a, made.s, &t) == OK);
	MUST_HOLD(t.segments_n == 2 && str_eq(t.segments[1], climbs ? S("_") : text));
	MUST_HOLD(t.pairs.n == 1 && str_eq(t.pairs.p[0].value, text));
	MUST_HOLD(str_eq(t.pairs.p[0].name, text));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	arena *a = arena_new();
	str text = { (const char *)data, n };
	url checked = url_checked(a, text);

	read_it(a, text);
	write_it(a, text);
	MUST_HOLD(is_plain(checked.s) && url_allowed(checked.s));
	arena_free(a);
	return 0;
}
