/*
 * The law of templates: whatever a value holds, the page has the same tags, attributes and quotes,
 * its addresses are of this site or of an allowed scheme, and JSON in it gives the value back. The
 * property test and the fuzzer ask it of every place in tests/tools/tmplc/ok/sample_places.html.
 */
#ifndef TESTS_TMPLC_HARMLESS_H
#define TESTS_TMPLC_HARMLESS_H

#include <jansson.h>

#include "sample_places_html.h"

struct counts {
	size_t less, greater, quotes, apostrophes, nul;
};

static struct counts count(str s)
{
	struct counts c = { 0 };

	for (size_t i = 0; i < s.n; i++) {
		c.less += s.p[i] == '<';
		c.greater += s.p[i] == '>';
		c.quotes += s.p[i] == '"';
		c.apostrophes += s.p[i] == '\'';
		c.nul += s.p[i] == '\0';
	}
	return c;
}

/* What a browser makes of the address: of this site, or of an allowed scheme. */
static bool address_is_safe(str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] <= ' ' || s.p[i] == '\\' || s.p[i] == 0x7F)
			return false;
	return url_allowed(s);
}

/* Reads every tag of PAGE as a parser does: names, and values in double quotes. */
static bool addresses_are_safe(arena *a, str page)
{
	str_cut(&page, '<');
	while (page.p) {
		size_t end = str_find_byte(page, '>'), quote = str_find_byte(page, '"');
		str before = str_to(page, quote),
		    name = str_from(before, str_find_byte_last(before, ' ') + 1);

		if (quote > end) { /* no more values in this tag */
			str_cut(&page, '<');
			continue;
		}
		str_cut(&page, '"');
		before = str_cut(&page, '"');
		if (str_eq(name, S("href=")) || str_eq(name, S("src=")) ||
		    str_eq(name, S("action=")) || str_eq(name, S("cite=")) ||
		    str_eq(name, S("formaction=")))
			if (!address_is_safe(html_decode(a, before)))
				return false;
	}
	return true;
}

__attribute__((unused)) static bool is_harmless(arena *a, str text)
{
	static struct counts wanted; /* those of the first text, which must be a plain one */
	struct sample v = { .text = text, .n = 43830 };
	buf o = buf_new(a, 1 << 22);
	struct counts c;

	sample_places(&o, LANG_EN, &v);
	c = count(buf_str(&o));
	if (!wanted.less)
		wanted = c;
	return o.err == OK && memcmp(&c, &wanted, sizeof c) == 0 && c.nul == 0 &&
	       addresses_are_safe(a, buf_str(&o));
}

__attribute__((unused)) static str member(const json_t *root, const char *name)
{
	const json_t *value = json_object_get(root, name);

	return (str){ json_string_value(value), json_string_length(value) };
}

/* The island parses, and gives the text back. */
__attribute__((unused)) static bool json_is_whole(arena *a, str text)
{
	struct sample v = { .text = text };
	buf o = buf_new(a, 1 << 22), wanted = buf_new(a, 1 << 22);
	json_t *root;
	str in;
	bool good;

	sample_json(&o, &v);
	in = str_from(buf_str(&o), str_find(buf_str(&o), S(">")) + 1);
	in = str_to(in, str_find(in, S("<")));
	root = json_loadb(in.p, in.n, JSON_ALLOW_NUL, NULL);
	buf_put(&wanted, S("a"));
	buf_put(&wanted, text);
	buf_put(&wanted, S("b"));
	good = str_eq(member(root, "whole"), text) && str_eq(member(root, "in"), buf_str(&wanted));
	json_decref(root);
	return good;
}

#endif
