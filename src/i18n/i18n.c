#include <unicode/uchar.h>
#include <unicode/ucol.h>
#include <unicode/udat.h>
#include <unicode/udatpg.h>
#include <unicode/uldnames.h>
#include <unicode/unum.h>
#include <unicode/unumberformatter.h>
#include <unicode/uloc.h>
#include <unicode/ustring.h>

#include "base/utf8.h"
#include "i18n/i18n.h"

enum { SHORT = 48, GROUP = 3 };

/* A short text of ICU's. */
struct label {
	char p[SHORT];
	size_t n;
};

/* What ICU says of one language, read once. */
struct language {
	struct label name;
	bool rtl;
	struct label group, minus;
	int64_t group_from;                        /* the least number that is grouped */
	struct label month_year, day_month_year;   /* patterns: "d 'de' MMMM 'de' y" */
	struct label months[12], months_alone[12]; /* inside a date, and without a day */
	UCollator *collator;
};

static struct language languages[LANG_COUNT_];

/* --- Reading ICU -------------------------------------------------------------------------------- */

static void to_label(struct label *l, const UChar *text, int32_t n, UErrorCode *e)
{
	int32_t used = 0;

	u_strToUTF8(l->p, SHORT, &used, text, n, e);
	l->n = U_SUCCESS(*e) ? (size_t)used : 0;
}

static str label_str(const struct label *l)
{
	return (str){ l->p, l->n };
}

static void read_name(struct language *l, const char *locale, UErrorCode *e)
{
	UDisplayContext contexts[] = { UDISPCTX_CAPITALIZATION_FOR_UI_LIST_OR_MENU };
	ULocaleDisplayNames *names = uldn_openForContext(locale, contexts, 1, e);
	UChar name[SHORT];
	int32_t n = uldn_localeDisplayName(names, locale, name, SHORT, e);

	to_label(&l->name, name, n, e);
	uldn_close(names);
	l->rtl = uloc_isRightToLeft(locale);
}

static void read_symbol(const UNumberFormat *f, UNumberFormatSymbol which, struct label *ret,
			UErrorCode *e)
{
	UChar text[SHORT];
	int32_t n = unum_getSymbol(f, which, text, SHORT, e);

	to_label(ret, text, n, e);
}

/* Some languages group from five digits on, which only the newer of ICU's two formatters knows: it
 * is seen in what it makes of round numbers. */
static int64_t least_grouped(const char *locale, UErrorCode *e)
{
	UNumberFormatter *f = unumf_openForSkeletonAndLocale(u"", 0, locale, e);
	UFormattedNumber *made = unumf_openResult(e);
	int64_t number = 1000;

	for (int32_t digits = 4; digits < 7 && U_SUCCESS(*e); digits++, number *= 10) {
		UChar text[SHORT];

		unumf_formatInt(f, number, made, e);
		if (unumf_resultToString(made, text, SHORT, e) > digits)
			break;
	}
	unumf_closeResult(made);
	unumf_close(f);
	return number;
}

static void read_numbers(struct language *l, const char *locale, UErrorCode *e)
{
	UNumberFormat *f = unum_open(UNUM_DECIMAL, NULL, 0, locale, NULL, e);

	read_symbol(f, UNUM_GROUPING_SEPARATOR_SYMBOL, &l->group, e);
	read_symbol(f, UNUM_MINUS_SIGN_SYMBOL, &l->minus, e);
	l->group_from = least_grouped(locale, e);
	unum_close(f);
}

static void read_pattern(UDateTimePatternGenerator *g, const char *skeleton, struct label *ret,
			 UErrorCode *e)
{
	UChar wanted[SHORT], pattern[SHORT];
	int32_t n;

	u_uastrcpy(wanted, skeleton);
	n = udatpg_getBestPattern(g, wanted, -1, pattern, SHORT, e);
	to_label(ret, pattern, n, e);
}

static void read_dates(struct language *l, const char *locale, UErrorCode *e)
{
	UDateTimePatternGenerator *g = udatpg_open(locale, e);
	UDateFormat *f = udat_open(UDAT_LONG, UDAT_LONG, locale, u"UTC", -1, NULL, 0, e);

	read_pattern(g, "yMMMM", &l->month_year, e);
	read_pattern(g, "yMMMMd", &l->day_month_year, e);
	for (int32_t i = 0; i < 12; i++) {
		UChar name[SHORT];
		int32_t n = udat_getSymbols(f, UDAT_MONTHS, i, name, SHORT, e);

		to_label(&l->months[i], name, n, e);
		n = udat_getSymbols(f, UDAT_STANDALONE_MONTHS, i, name, SHORT, e);
		to_label(&l->months_alone[i], name, n, e);
	}
	udat_close(f);
	udatpg_close(g);
}

enum err i18n_init(void)
{
	for (size_t i = 0; i < LANG_COUNT_; i++) {
		struct language *l = &languages[i];
		const char *code = tr_codes[i].p;
		/* The United Nations write the day first in English. */
		const char *for_dates = i == LANG_EN ? "en_GB" : code;
		UErrorCode e = U_ZERO_ERROR;

		if (l->collator)
			continue;
		read_name(l, code, &e);
		read_numbers(l, code, &e);
		read_dates(l, for_dates, &e);
		l->collator = ucol_open(code, &e);
		if (U_FAILURE(e))
			return E_IO;
	}
	return OK;
}

/* --- Numbers and dates -------------------------------------------------------------------------- */

void i18n_num(buf *o, enum lang lang, int64_t v)
{
	const struct language *l = &languages[lang];
	uint64_t left = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
	bool grouped = left >= (uint64_t)l->group_from;
	char text[20 + 6 * SHORT];
	size_t at = sizeof text;

	for (int digits = 0; digits == 0 || left; digits++, left /= 10) {
		if (grouped && digits && digits % GROUP == 0) {
			at -= l->group.n;
			memcpy(text + at, l->group.p, l->group.n);
		}
		text[--at] = (char)('0' + left % 10);
	}
	if (v < 0)
		buf_put(o, label_str(&l->minus));
	buf_put(o, (str){ text + at, sizeof text - at });
}

static void put_field(buf *o, enum lang lang, struct date d, char field)
{
	const struct language *l = &languages[lang];

	switch (field) {
	case 'd':
		buf_i64(o, d.day);
		if (lang == LANG_FR && d.day == 1) /* which ICU does not know */
			buf_put(o, S("er"));
		break;
	case 'M': buf_put(o, label_str(&l->months[d.month - 1])); break;
	case 'L': buf_put(o, label_str(&l->months_alone[d.month - 1])); break;
	default: buf_i64(o, d.year);
	}
}

void date_long(buf *o, enum lang lang, struct date d)
{
	const struct language *l = &languages[lang];
	str pattern = d.day     ? label_str(&l->day_month_year)
		      : d.month ? label_str(&l->month_year)
				: S("y");
	bool quoted = false;

	for (size_t i = 0; d.year && i < pattern.n; i++) {
		char c = pattern.p[i];
		bool field = !quoted && strchr("dMLy", c);

		if (c == '\'')
			quoted = !quoted;
		else if (!field)
			buf_byte(o, c);
		else if (i == 0 || pattern.p[i - 1] != c) /* MMMM is one field */
			put_field(o, lang, d, c);
	}
}

static bool same_date(struct date a, struct date b)
{
	return a.year == b.year && a.month == b.month && a.day == b.day;
}

void date_range(buf *o, enum lang lang, struct date from, struct date to)
{
	bool one_month = from.day && to.day && from.year == to.year && from.month == to.month;
	str pattern = label_str(&languages[lang].day_month_year);

	if (!to.year || same_date(from, to)) {
		date_long(o, lang, from);
		return;
	}
	if (one_month && str_starts(pattern, S("d"))) {
		buf_i64(o, from.day);
		buf_put(o, S("–"));
	} else if (from.year) {
		date_long(o, lang, from);
		buf_put(o, S(" – "));
	}
	date_long(o, lang, to);
}

str date_long_str(arena *a, enum lang lang, struct date d)
{
	buf b = buf_new(a, 8 * SHORT);

	date_long(&b, lang, d);
	return buf_str(&b);
}

/* --- Messages ----------------------------------------------------------------------------------- */

str tr_get(enum lang lang, enum tr_key key)
{
	return tr_messages[lang][key].forms[0];
}

static const struct tr_arg *find_arg(const struct tr_arg *args, size_t n, str name)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(str_of(args[i].name), name))
			return &args[i];
	return NULL;
}

static str chosen_form(enum lang lang, enum tr_key key, const struct tr_arg *args, size_t n)
{
	const struct tr_message *m = &tr_messages[lang][key];
	const struct tr_arg *arg = m->plural ? find_arg(args, n, S("n")) : NULL;

	if (!arg || arg->kind != TR_INT)
		return m->forms[0];
	return m->forms[m->plural(arg->i < 0 ? 0 - (uint64_t)arg->i : (uint64_t)arg->i)];
}

static void put_arg(buf *o, enum lang lang, const struct tr_arg *arg, bool markup,
		    void (*put)(buf *, str))
{
	switch (arg->kind) {
	case TR_INT: i18n_num(o, lang, arg->i); break;
	case TR_DATE: date_long(o, lang, arg->d); break;
	case TR_HTML: (markup ? buf_put : put)(o, arg->s); break;
	default: put(o, arg->s);
	}
}

/* PUT escapes for the place; MARKUP: values of type html may pass. */
static void put_message(buf *o, enum lang lang, str text, const struct tr_arg *args, size_t n,
			bool markup, void (*put)(buf *, str))
{
	while (text.n) {
		size_t open = MIN(str_find_byte(text, '{'), text.n);
		str rest = str_from(text, open), name;
		size_t close = str_find_byte(rest, '}');
		const struct tr_arg *arg;

		put(o, str_to(text, open));
		if (close == STR_NONE) {
			put(o, rest);
			return;
		}
		name = str_to(str_from(rest, 1), close - 1);
		arg = find_arg(args, n, name);
		if (arg)
			put_arg(o, lang, arg, markup, put);
		else
			put(o, str_to(rest, close + 1));
		text = str_from(rest, close + 1);
	}
}

void tr_text(buf *o, enum lang lang, enum tr_key key, const struct tr_arg *args, size_t n)
{
	put_message(o, lang, chosen_form(lang, key, args, n), args, n, true, html_text);
}

void tr_attr(buf *o, enum lang lang, enum tr_key key, const struct tr_arg *args, size_t n)
{
	put_message(o, lang, chosen_form(lang, key, args, n), args, n, false, html_attr);
}

void tr_plain(buf *o, enum lang lang, enum tr_key key, const struct tr_arg *args, size_t n)
{
	put_message(o, lang, chosen_form(lang, key, args, n), args, n, false, buf_put);
}

/* --- Sorting ------------------------------------------------------------------------------------ */

str i18n_sort_key(arena *a, enum lang lang, str s)
{
	int32_t max = (int32_t)MIN(s.n, (size_t)1 << 20), n = 0, size;
	UChar *text = arena_alloc_raw(a, sizeof *text * (size_t)(max + 1));
	uint8_t *key;
	UErrorCode e = U_ZERO_ERROR;

	u_strFromUTF8WithSub(text, max + 1, &n, s.p ? s.p : "", max, 0xFFFD, NULL, &e);
	size = ucol_getSortKey(languages[lang].collator, text, n, NULL, 0);
	key = arena_alloc_raw(a, (size_t)size);
	ucol_getSortKey(languages[lang].collator, text, n, key, size);
	return (str){ (const char *)key, size ? (size_t)size - 1 : 0 }; /* without its NUL */
}

/* --- Which language ----------------------------------------------------------------------------- */

str lang_code(enum lang lang)
{
	return tr_codes[lang];
}

str lang_name(enum lang lang)
{
	return label_str(&languages[lang].name);
}

str i18n_language(arena *a, enum lang lang, str code)
{
	enum { LONGEST = 200 };
	UChar wide[LONGEST];
	char *name = arena_alloc(a, LONGEST * 3);
	UErrorCode e = U_ZERO_ERROR;
	int32_t bytes = 0;
	int32_t n = uloc_getDisplayName(arena_cstr(a, code), arena_cstr(a, lang_code(lang)), wide,
					LONGEST, &e);

	if (U_SUCCESS(e) && n > 0)
		u_strToUTF8(name, LONGEST * 3 - 1, &bytes, wide, n, &e);
	return U_SUCCESS(e) && bytes > 0 ? (str){ name, (size_t)bytes } : code;
}

bool i18n_is_rtl(arena *a, str code)
{
	return uloc_isRightToLeft(arena_cstr(a, code));
}

str i18n_dir(arena *a, enum lang lang, str code)
{
	str dir = i18n_is_rtl(a, code) ? S("rtl") : S("ltr");

	return str_eq(dir, lang_dir(lang)) ? (str){ 0 } : dir;
}

static bool runs_otherwise(bool rtl, str s)
{
	while (s.n) {
		UCharDirection d = u_charDirection((UChar32)utf8_next(&s));

		if (rtl ? d == U_LEFT_TO_RIGHT
			: d == U_RIGHT_TO_LEFT || d == U_RIGHT_TO_LEFT_ARABIC)
			return true;
	}
	return false;
}

str i18n_apart(arena *a, enum lang lang, str s)
{
	buf o;

	if (!runs_otherwise(languages[lang].rtl, s))
		return s;
	o = buf_new(a, s.n + 8);
	buf_put(&o, S("\u2068"));
	buf_put(&o, s);
	buf_put(&o, S("\u2069"));
	return buf_str(&o);
}

str lang_dir(enum lang lang)
{
	return languages[lang].rtl ? S("rtl") : S("ltr");
}

bool lang_from_code(str code, enum lang *ret)
{
	for (size_t i = 0; i < LANG_COUNT_; i++)
		if (str_eq(code, tr_codes[i])) {
			*ret = (enum lang)i;
			return true;
		}
	return false;
}

/* "0.8" as 800 of a thousand; 0 for nonsense, which asks for nothing. */
static int quality(str params)
{
	str q = str_trim(params), digits;
	int value = 0;

	if (!params.p)
		return 1000;
	if (q.n < 3 || !str_eq_nocase(str_to(q, 2), S("q=")) || (q.p[2] != '0' && q.p[2] != '1'))
		return 0;
	digits = q.n > 4 && q.p[3] == '.' ? str_to(str_from(q, 4), 3) : S("");
	for (size_t i = 0; i < 3; i++) {
		char c = i < digits.n ? digits.p[i] : '0';

		if (c < '0' || c > '9')
			return 0;
		value = value * 10 + (c - '0');
	}
	return q.p[2] == '1' ? 1000 : value;
}

static bool lang_of_range(str range, enum lang *ret)
{
	char primary[8];
	str start = str_cut(&range, '-');

	if (str_eq(start, S("*"))) {
		*ret = LANG_EN;
		return true;
	}
	if (start.n > sizeof primary)
		return false;
	for (size_t i = 0; i < start.n; i++)
		primary[i] = (char)(start.p[i] | 0x20);
	return lang_from_code((str){ primary, start.n }, ret);
}

enum lang lang_negotiate(str accept_language)
{
	enum lang best = LANG_EN, lang;
	int best_quality = 0;

	for (str rest = accept_language; rest.p;) {
		str params = str_cut(&rest, ','), range = str_trim(str_cut(&params, ';'));
		int q = quality(params);

		if (q > best_quality && lang_of_range(range, &lang)) {
			best = lang;
			best_quality = q;
		}
	}
	return best;
}
