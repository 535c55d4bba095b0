/*
 * Languages of the pages: messages, numbers, dates, sorting, and which language a reader gets.
 *
 * The messages come from po/ (docs/messages.md): the key rec.supported is T_rec_supported here.
 * What differs between languages in numbers, dates and names is read from ICU once, at the start;
 * after that nothing here allocates outside an arena, locks, or changes, so all threads may use it.
 */
#ifndef I18N_I18N_H
#define I18N_I18N_H

#include "base/base.h"
#include "text/date.h"
#include "text/html.h"
#include "tr_gen.h"

/* Must come first, once, before there are threads. E_IO when ICU lacks its data. */
MUST enum err i18n_init(void);

/* --- Messages ----------------------------------------------------------------------------------- */

/* A value for a placeholder. Integers are grouped as the language does (a year is a date or a str),
 * dates are written out. The integer named n chooses the plural form. */
struct tr_arg {
	const char *name;
	enum tr_kind { TR_STR, TR_HTML, TR_INT, TR_DATE } kind;
	union {
		str s;
		int64_t i;
		struct date d;
	};
};

/* The message as it stands in the catalogue: for keys without placeholders. */
str tr_get(enum lang lang, enum tr_key key);

/* The message with its N values, for text between tags, for an attribute, and for plain text (a
 * mail, a CSV heading). A placeholder without a value stays as it is. */
void tr_text(buf *o, enum lang lang, enum tr_key key, const struct tr_arg *args, size_t n);
void tr_attr(buf *o, enum lang lang, enum tr_key key, const struct tr_arg *args, size_t n);
void tr_plain(buf *o, enum lang lang, enum tr_key key, const struct tr_arg *args, size_t n);

static inline struct tr_arg tr_arg_str(const char *name, str s)
{
	return (struct tr_arg){ .name = name, .kind = TR_STR, .s = s };
}

static inline struct tr_arg tr_arg_c(const char *name, const char *z)
{
	return tr_arg_str(name, str_of(z));
}

static inline struct tr_arg tr_arg_html(const char *name, html h)
{
	return (struct tr_arg){ .name = name, .kind = TR_HTML, .s = h.s };
}

static inline struct tr_arg tr_arg_i64(const char *name, int64_t i)
{
	return (struct tr_arg){ .name = name, .kind = TR_INT, .i = i };
}

static inline struct tr_arg tr_arg_u64(const char *name, uint64_t i)
{
	return tr_arg_i64(name, i > INT64_MAX ? INT64_MAX : (int64_t)i);
}

static inline struct tr_arg tr_arg_date(const char *name, struct date d)
{
	return (struct tr_arg){ .name = name, .kind = TR_DATE, .d = d };
}

/* clang-format off */
#define TR_VALUES_ \
	str: tr_arg_str, char *: tr_arg_c, const char *: tr_arg_c, struct date: tr_arg_date, \
	short: tr_arg_i64, int: tr_arg_i64, long: tr_arg_i64, long long: tr_arg_i64, \
	unsigned char: tr_arg_u64, unsigned short: tr_arg_u64, unsigned: tr_arg_u64, \
	unsigned long: tr_arg_u64, unsigned long long: tr_arg_u64

/* TR_ARG("n", v->total). TR_ARG may hold html and is for tr_text; TR_ARG_PLAIN is for the others. */
#define TR_ARG(name, x)       _Generic((x), TR_VALUES_, html: tr_arg_html)("" name, (x))
#define TR_ARG_PLAIN(name, x) _Generic((x), TR_VALUES_)("" name, (x))
/* clang-format on */

/* --- Numbers and dates -------------------------------------------------------------------------- */

/* 43,830 in English, 43 830 in French (U+202F), 43.830 in Spanish, where 4383 is not grouped. */
void i18n_num(buf *o, enum lang lang, int64_t v);

/* 25 July 2018, 25 juillet 2018, 25 de julio de 2018; July 2018; 2018. Nothing without a date. The
 * text needs no escape in HTML. */
void date_long(buf *o, enum lang lang, struct date d);
str date_long_str(arena *a, enum lang lang, struct date d);

/* From one day to another: 7–18 April 2008; 30 October – 11 November 2016; where the day does not stand
 * first, both dates whole. One of the two may be missing. */
void date_range(buf *o, enum lang lang, struct date from, struct date to);

/* --- Sorting ------------------------------------------------------------------------------------ */

/* Bytes whose str_cmp order is the order of the language (Unicode collation). Not text. */
str i18n_sort_key(arena *a, enum lang lang, str s);

/* --- Which language ----------------------------------------------------------------------------- */

str lang_code(enum lang lang); /* "fr": for lang=, hreflang= and addresses */
str lang_name(enum lang lang); /* in itself: "Français" */
/* The name of any language, in LANG: "fr", "pt-BR"; the code itself where ICU does not know it. */
str i18n_language(arena *a, enum lang lang, str code);
bool i18n_is_rtl(arena *a, str code); /* written from right to left */

/* "rtl" or "ltr" where CODE runs otherwise than LANG; p == NULL: it runs alike. For dir attributes. */
str i18n_dir(arena *a, enum lang lang, str code);

/* S for a sentence of LANG: between isolates (U+2068, U+2069) where it has letters that run the other way, so that it
 * stands by itself and what is around it stays in its order. */
str i18n_apart(arena *a, enum lang lang, str s);

str lang_dir(enum lang lang); /* "ltr" or "rtl" */

/* False, and *RET untouched, for a code that has no catalogue. */
bool lang_from_code(str code, enum lang *ret);

/* The best of our languages for an Accept-Language header (RFC 9110, 12.5.4), which may be empty or
 * nonsense: English then. "fr-CH" is served by French. */
enum lang lang_negotiate(str accept_language);

#endif
