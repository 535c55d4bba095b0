#include <pthread.h>
#include <unicode/unumberformatter.h>
#include <unicode/ustring.h>

#include "i18n/i18n.h"
#include "tap.h"

static arena *a;

static str num(enum lang lang, int64_t v)
{
	buf b = buf_new(a, 100);

	i18n_num(&b, lang, v);
	return buf_str(&b);
}

static void test_directions(void)
{
	eq_str(i18n_dir(a, LANG_EN, S("ar")), S("rtl"), "Arabic in English has its direction");
	ok(!i18n_dir(a, LANG_EN, S("fr")).p, "French needs none");
	eq_str(i18n_apart(a, LANG_FR, S("Une loi (1)")), S("Une loi (1)"), "what runs alike stays");
	eq_str(i18n_apart(a, LANG_FR, S("\u0642\u0627\u0646\u0648\u0646 (1)")),
	       S("\u2068\u0642\u0627\u0646\u0648\u0646 (1)\u2069"), "Arabic stands by itself");
	eq_str(i18n_apart(a, LANG_EN, S("x \u05D0")), S("\u2068x \u05D0\u2069"), "so does Hebrew");
}

static void test_numbers(void)
{
	eq_str(num(LANG_EN, 43830), S("43,830"), "English");
	eq_str(num(LANG_FR, 43830), S("43\u202F830"), "French");
	eq_str(num(LANG_ES, 43830), S("43.830"), "Spanish");
	eq_str(num(LANG_EN, 4383), S("4,383"), "four digits in English");
	eq_str(num(LANG_ES, 4383), S("4383"), "four digits in Spanish");
	eq_str(num(LANG_EN, 0), S("0"), "zero");
	eq_str(num(LANG_EN, -1234), S("-1,234"), "negative");
	eq_str(num(LANG_EN, INT64_MIN), S("-9,223,372,036,854,775,808"), "the least number");
}

static str icu_num(const UNumberFormatter *f, int64_t v)
{
	UErrorCode e = U_ZERO_ERROR;
	UFormattedNumber *made = unumf_openResult(&e);
	UChar text[64];
	char *out = arena_alloc(a, 256);
	int32_t n, used = 0;

	unumf_formatInt(f, v, made, &e);
	n = unumf_resultToString(made, text, 64, &e);
	u_strToUTF8(out, 256, &used, text, n, &e);
	unumf_closeResult(made);
	return (str){ out, (size_t)used };
}

static void test_numbers_against_icu(void)
{
	for (enum lang lang = 0; lang < LANG_COUNT_; lang++) {
		UErrorCode e = U_ZERO_ERROR;
		UNumberFormatter *f = unumf_openForSkeletonAndLocale(u"", 0, tr_codes[lang].p, &e);
		bool same = true;

		for (int64_t v = 1; v < INT64_MAX / 8; v = v * 7 + 3)
			same &= str_eq(num(lang, v), icu_num(f, v)) &&
				str_eq(num(lang, -v), icu_num(f, -v));
		for (int64_t v = 0; v < 20000; v += 13)
			same &= str_eq(num(lang, v), icu_num(f, v));
		ok(same, "numbers in %s are those of ICU", tr_codes[lang].p);
		unumf_close(f);
	}
}

static str date_in(enum lang lang, str iso)
{
	struct date d;

	if (date_parse(iso, &d) != OK)
		return S("?");
	return date_long_str(a, lang, d);
}

static str range_in(enum lang lang, struct date from, struct date to)
{
	buf o = buf_new(a, 200);

	date_range(&o, lang, from, to);
	return buf_str(&o);
}

static void test_ranges(void)
{
	const struct date april = { 2008, 4, 7 }, end = { 2008, 4, 18 }, may = { 2008, 5, 2 };
	const struct date month = { 2008, 4, 0 }, none = { 0, 0, 0 };

	eq_str(range_in(LANG_EN, april, end), S("7–18 April 2008"), "within a month");
	eq_str(range_in(LANG_FR, april, end), S("7–18 avril 2008"), "in French");
	eq_str(range_in(LANG_ES, april, end), S("7–18 de abril de 2008"), "in Spanish");
	eq_str(range_in(LANG_EN, april, may), S("7 April 2008 – 2 May 2008"), "over two months");
	eq_str(range_in(LANG_EN, april, april), S("7 April 2008"), "one day");
	eq_str(range_in(LANG_EN, month, none), S("April 2008"), "no end");
	eq_str(range_in(LANG_EN, none, may), S("2 May 2008"), "no beginning");
	eq_str(range_in(LANG_EN, none, none), S(""), "no date");
}

static void test_dates(void)
{
	test_ranges();
	eq_str(date_in(LANG_EN, S("2018-07-25")), S("25 July 2018"), "English");
	eq_str(date_in(LANG_FR, S("2018-07-25")), S("25 juillet 2018"), "French");
	eq_str(date_in(LANG_ES, S("2018-07-25")), S("25 de julio de 2018"), "Spanish");
	eq_str(date_in(LANG_FR, S("2018-07-01")), S("1er juillet 2018"), "the first in French");
	eq_str(date_in(LANG_EN, S("2018-07")), S("July 2018"), "a month in English");
	eq_str(date_in(LANG_FR, S("2018-02")), S("février 2018"), "a month in French");
	eq_str(date_in(LANG_ES, S("2018-07")), S("julio de 2018"), "a month in Spanish");
	eq_str(date_in(LANG_ES, S("2018")), S("2018"), "a year");
	eq_str(date_long_str(a, LANG_EN, (struct date){ 0 }), S(""), "no date");
}

static str message(void (*put)(buf *, enum lang, enum tr_key, const struct tr_arg *, size_t),
		   enum lang lang, enum tr_key key, const struct tr_arg *args, size_t n)
{
	buf b = buf_new(a, 1000);

	put(&b, lang, key, args, n);
	return buf_str(&b);
}

static str counted(enum lang lang, int64_t n)
{
	struct tr_arg args[] = { TR_ARG("n", n), TR_ARG("state", "Chad") };

	return message(tr_plain, lang, T_test_count, args, 2);
}

static void test_messages(void)
{
	struct tr_arg rough[] = { TR_ARG("name", S("<b>\"&\"</b>")) };
	struct tr_arg bold[] = { TR_ARG("name", (html){ S("<b>x</b>") }) };
	struct tr_arg day[] = { TR_ARG("name", ((struct date){ 2018, 7, 25 })) };

	eq_str(tr_get(LANG_FR, T_test_plain), S("Termes & conditions"), "as it stands");
	eq_str(message(tr_text, LANG_EN, T_test_plain, NULL, 0), S("Terms &amp; conditions"),
	       "the message itself is escaped");
	eq_str(message(tr_text, LANG_FR, T_test_hello, rough, 1),
	       S("Bonjour, &lt;b&gt;&quot;&amp;&quot;&lt;/b&gt;"), "values are escaped");
	eq_str(message(tr_plain, LANG_FR, T_test_hello, rough, 1), S("Bonjour, <b>\"&\"</b>"),
	       "but not in plain text");
	eq_str(message(tr_text, LANG_EN, T_test_hello, bold, 1), S("Hello, <b>x</b>"),
	       "markup passes in text");
	eq_str(message(tr_attr, LANG_EN, T_test_hello, bold, 1), S("Hello, &lt;b&gt;x&lt;/b&gt;"),
	       "and not in attributes");
	eq_str(message(tr_text, LANG_ES, T_test_hello, day, 1), S("Hola, 25 de julio de 2018"),
	       "a date is written out");
	eq_str(message(tr_text, LANG_EN, T_test_hello, NULL, 0), S("Hello, {name}"),
	       "without its value a placeholder stays");
	eq_str(counted(LANG_EN, 1), S("1 recommendation from Chad"), "one in English");
	eq_str(counted(LANG_EN, 0), S("0 recommendations from Chad"), "none in English");
	eq_str(counted(LANG_FR, 0), S("0 recommandation de Chad"), "none in French");
	eq_str(counted(LANG_FR, 42529), S("42\u202F529 recommandations de Chad"), "many in French");
	eq_str(counted(LANG_EN, -1), S("-1 recommendation from Chad"), "minus one");
}

/* Every message in every language has text in each form, and every number has a form. */
static void test_catalogues(void)
{
	for (enum lang lang = 0; lang < LANG_COUNT_; lang++) {
		bool good = true;

		for (enum tr_key key = 0; key < T_COUNT_; key++) {
			const struct tr_message *m = &tr_messages[lang][key];

			for (uint64_t n = 0; n < 1100; n++)
				good &= m->forms[m->plural ? m->plural(n) : 0].n > 0;
		}
		ok(good, "%s is whole, %zu in English", tr_codes[lang].p, tr_missing[lang]);
	}
}

static void test_sorting(void)
{
	static const str order[] = {
		S_INIT("Afghanistan"),   S_INIT("Chile"),  S_INIT("China"),
		S_INIT("Côte d'Ivoire"), S_INIT("Cuba"),   S_INIT("Égypte"),
		S_INIT("Espagne"),       S_INIT("zambie"), S_INIT("Zimbabwe")
	};

	for (size_t i = 1; i < COUNT_OF(order); i++)
		ok(str_cmp(i18n_sort_key(a, LANG_FR, order[i - 1]),
			   i18n_sort_key(a, LANG_FR, order[i])) < 0,
		   "%s stands before %s", order[i - 1].p, order[i].p);
	ok(str_cmp(i18n_sort_key(a, LANG_ES, S("nz")), i18n_sort_key(a, LANG_ES, S("ña"))) < 0 &&
		   str_cmp(i18n_sort_key(a, LANG_EN, S("nz")), i18n_sort_key(a, LANG_EN, S("ña"))) >
			   0,
	   "ñ is a letter of its own in Spanish");
	eq_int(i18n_sort_key(a, LANG_EN, (str){ 0 }).n, i18n_sort_key(a, LANG_EN, S("")).n,
	       "no text sorts as the empty one");
}

static void test_languages(void)
{
	static const struct {
		str header;
		enum lang want;
	} rows[] = {
		{ S_INIT(""), LANG_EN },
		{ S_INIT("fr"), LANG_FR },
		{ S_INIT("fr-CH, fr;q=0.9, en;q=0.8"), LANG_FR },
		{ S_INIT("de, es;q=0.5, en;q=0.4"), LANG_ES },
		{ S_INIT("en;q=0.4,fr;q=0.400,es;q=0.41"), LANG_ES },
		{ S_INIT("es;q=0.5, fr;q=0.5"), LANG_ES },
		{ S_INIT("fr;q=0, es;q=0.001"), LANG_ES },
		{ S_INIT("fr;q=0"), LANG_EN },
		{ S_INIT("ES"), LANG_ES },
		{ S_INIT("*"), LANG_EN },
		{ S_INIT("fr;q=0.3, *;q=0.9"), LANG_EN },
		{ S_INIT("fr;q=x, es;q=0.1"), LANG_ES },
		{ S_INIT(";;;,,,q=,fr;;"), LANG_EN },
		{ S_INIT("frfrfrfrfrfrfr"), LANG_EN },
		{ S_INIT(" \t fr ; q=0.8 "), LANG_FR },
	};
	enum lang lang = LANG_ES;

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		eq_int(lang_negotiate(rows[i].header), rows[i].want, rows[i].header.p);
	ok(!lang_from_code(S("xx"), &lang) && lang == LANG_ES, "an unknown code");
	ok(!lang_from_code(S("FR"), &lang), "codes in addresses are lower case");
	ok(lang_from_code(S("fr"), &lang) && lang == LANG_FR, "a known code");
	eq_str(lang_code(LANG_ES), S("es"), "code");
	eq_str(lang_name(LANG_FR), S("Français"), "name in itself");
	eq_str(lang_name(LANG_ES), S("Español"), "name in itself");
	eq_str(lang_dir(LANG_EN), S("ltr"), "direction");
}

static void *use_it_all(void *ret)
{
	arena *own = arena_new();
	bool good = true;

	for (int i = 0; i < 2000; i++) {
		enum lang lang = (enum lang)(i % LANG_COUNT_);
		str one = i18n_sort_key(own, lang, S("Chile")),
		    two = i18n_sort_key(own, lang, S("China"));

		good &= str_cmp(one, two) < 0;
		good &= date_long_str(own, lang, (struct date){ 2018, 7, 25 }).n > 10;
		arena_reset(own);
	}
	arena_free(own);
	*(bool *)ret = good;
	return NULL;
}

static void test_threads(void)
{
	pthread_t threads[4];
	bool good[4] = { 0 };

	for (size_t i = 0; i < 4; i++)
		pthread_create(&threads[i], NULL, use_it_all, &good[i]);
	for (size_t i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	ok(good[0] && good[1] && good[2] && good[3], "four threads at once");
}

int main(void)
{
	a = arena_new();
	is_ok(i18n_init(), "ICU has its data");
	is_ok(i18n_init(), "a second time does nothing");
	test_directions();
	test_numbers();
	test_numbers_against_icu();
	test_dates();
	test_messages();
	test_catalogues();
	test_sorting();
	test_languages();
	test_threads();
	arena_free(a);
	return tap_done();
}
