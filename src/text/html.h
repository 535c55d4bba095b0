/*
 * Escaping for HTML. Templates (docs/templates.md) call the OUT_ macros below and these only: the
 * place of a hole picks the macro, the C type of its value picks the function, and a type that may
 * not stand in a place does not compile.
 *
 *     str, const char *   escaped for the place
 *     html                passes as it is, in text only
 *     url                 passes as an address, at the start of an address only
 *     svg                 numbers and path letters, in drawings only
 *     integers            printed in decimal
 */
#ifndef TEXT_HTML_H
#define TEXT_HTML_H

#include "base/base.h"
#include "text/json.h"
#include "text/url.h"

/* Markup we vouch for. Only templates and sanitisers make it: it is the one way to raw output. */
typedef struct html {
	str s;
} html;

/* The value of an SVG attribute such as d, viewBox or transform: only svg_data makes it. */
typedef struct svg {
	str s;
} svg;

/* Digits, signs, points, commas, blanks and the letters of paths; anything else gives an empty
 * value. The result is a view of S. */
svg svg_data(str s);

/*
 * & < > " and ' become entities, NUL becomes U+FFFD. One escaper serves text and quoted attributes,
 * so that a value in the wrong one of the two is still harmless.
 */
void html_text(buf *o, str s);

static inline void html_attr(buf *o, str s)
{
	html_text(o, s);
}

/*
 * What HTML text means: entities with a semicolon become characters (decimal, hexadecimal, and the
 * names of Latin 1 and of typography; 128 to 159 as windows-1252, as browsers do). Unknown ones
 * stay as they are. Returns S itself when there is nothing to do.
 */
str html_decode(arena *a, str s);

/* The text of a piece of HTML: without tags, comments, scripts and styles, entities decoded. The
 * ends of paragraphs, list items, rows and line breaks become a newline. */
str html_strip(arena *a, str s);

/* --- What generated code calls ------------------------------------------------------------------ */

void html_text_c(buf *o, const char *z);
void html_url_c(buf *o, const char *z);
void html_url_own(buf *o, url u);
void html_raw(buf *o, html h);
void html_svg(buf *o, svg v);
void html_segment_c(buf *o, const char *z);
void html_part_c(buf *o, const char *z);
void html_tail_c(buf *o, const char *z);
void html_json_c(buf *o, const char *z);
void html_json_value(buf *o, str s);
void html_json_value_c(buf *o, const char *z);
void html_json_bool(buf *o, bool v);

/* clang-format off */
#define OUT_INTEGERS_ \
	signed char: buf_i64, short: buf_i64, int: buf_i64, long: buf_i64, long long: buf_i64, \
	unsigned char: buf_u64, unsigned short: buf_u64, unsigned: buf_u64, \
	unsigned long: buf_u64, unsigned long long: buf_u64
#define OUT_STRINGS_(of_str, of_c) str: of_str, char *: of_c, const char *: of_c

/* Text between tags. */
#define OUT_TEXT(o, x) _Generic((x), OUT_STRINGS_(html_text, html_text_c), OUT_INTEGERS_, html: html_raw)((o), (x))
/* An attribute in double quotes; also <title> and <textarea>. */
#define OUT_ATTR(o, x) _Generic((x), OUT_STRINGS_(html_text, html_text_c), OUT_INTEGERS_)((o), (x))
/* The start of an address, or all of it. OUT_URL_OWN: of a script or linked resource. */
#define OUT_URL(o, x)     _Generic((x), OUT_STRINGS_(url_put_html, html_url_c), url: html_url_own)((o), (x))
#define OUT_URL_OWN(o, x) _Generic((x), url: html_url_own)((o), (x))
/* Inside an address: a path segment, a part of the query, of the fragment or a mail address. */
#define OUT_USEG(o, x)  _Generic((x), OUT_STRINGS_(url_put_segment, html_segment_c), OUT_INTEGERS_)((o), (x))
#define OUT_UPART(o, x) _Generic((x), OUT_STRINGS_(url_put_part, html_part_c), OUT_INTEGERS_)((o), (x))
#define OUT_UTAIL(o, x) _Generic((x), OUT_STRINGS_(url_put_tail, html_tail_c), OUT_INTEGERS_)((o), (x))
/* In a JSON island: inside quotes, and as a whole value (a str brings its quotes, no str is null). */
#define OUT_JSON(o, x)  _Generic((x), OUT_STRINGS_(json_escape, html_json_c), OUT_INTEGERS_)((o), (x))
#define OUT_JVALUE(o, x) _Generic((x), OUT_STRINGS_(html_json_value, html_json_value_c), OUT_INTEGERS_, bool: html_json_bool)((o), (x))
/* A number or path of a drawing. */
#define OUT_SVG(o, x) _Generic((x), svg: html_svg, OUT_INTEGERS_)((o), (x))

/* Is there a value? For attributes that are left out without one. */
static inline bool html_has_str(str s) { return s.p != NULL; }
static inline bool html_has_c(const char *z) { return z != NULL; }
static inline bool html_has_url(url u) { return u.s.p != NULL; }
#define OUT_HAS(x) _Generic((x), OUT_STRINGS_(html_has_str, html_has_c), url: html_has_url)(x)
/* clang-format on */

#endif
