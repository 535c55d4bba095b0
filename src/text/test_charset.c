#include <fcntl.h>
#include <unistd.h>

#include "tap.h"

#include "base/utf8.h"
#include "text/charset.h"
#include "text/csv.h"

static const str states[] = { S_INIT("France"), S_INIT("Côte d'Ivoire"), S_INIT("Türkiye") };

static enum err detect(str bytes, str asked, struct charset *ret)
{
	struct source s = source_of_str(&bytes);
	struct charset_options o = { asked, states, COUNT_OF(states) };

	return charset_detect(&s, &o, ret);
}

/* BYTES as UTF-8, read STEP bytes at once; NULL when the charset asked for is unknown. */
static str converted(arena *a, str bytes, str asked, size_t step)
{
	struct charset c;
	buf out = buf_new(a, 16 << 20);
	struct source from = source_of_str(&bytes), to;
	str again = bytes;
	size_t n;

	if (detect(bytes, asked, &c) != OK)
		return (str){ NULL, 0 };
	from = source_of_str(&again);
	to = charset_source(a, &c, &from);
	do {
		char *room = buf_room(&out, step);

		if (source_read(&to, room, step, &n) != OK)
			return S("(failed)");
		buf_wrote(&out, n);
	} while (n);
	return buf_str(&out);
}

static const struct {
	const char *what;
	str bytes;
	const char *name;
	enum charset_why why;
	str text;
} cases[] = {
	{ "empty", S_INIT(""), "UTF-8", CHARSET_ASCII, S_INIT("") },
	{ "ASCII", S_INIT("a;b\r\n"), "UTF-8", CHARSET_ASCII, S_INIT("a;b\r\n") },
	{ "UTF-8 with BOM", S_INIT("\xEF\xBB\xBF\xC3\xA9"), "UTF-8", CHARSET_BOM, S_INIT("é") },
	{ "only a BOM", S_INIT("\xEF\xBB\xBF"), "UTF-8", CHARSET_BOM, S_INIT("") },
	{ "UTF-8", S_INIT("l'\xC3\xA9t\xC3\xA9"), "UTF-8", CHARSET_VALID_UTF8, S_INIT("l'été") },
	{ "UTF-16LE", S_INIT("\xFF\xFE\xE9\0a\0"), "UTF-16LE", CHARSET_BOM, S_INIT("éa") },
	{ "UTF-16BE", S_INIT("\xFE\xFF\0\xE9\0a"), "UTF-16BE", CHARSET_BOM, S_INIT("éa") },
	{ "UTF-32LE", S_INIT("\xFF\xFE\0\0\xE9\0\0\0"), "UTF-32LE", CHARSET_BOM, S_INIT("é") },
	{ "windows-1252", S_INIT("C\xF4te d'Ivoire \x93quoted\x94"), "windows-1252", CHARSET_SCORED,
	  S_INIT("Côte d'Ivoire “quoted”") },
	{ "MacRoman: a name", S_INIT("C\x99te d'Ivoire"), "macintosh", CHARSET_SCORED,
	  S_INIT("Côte d'Ivoire") },
	{ "MacRoman: an apostrophe", S_INIT("women\xD5s rights"), "macintosh", CHARSET_SCORED,
	  S_INIT("women’s rights") },
	{ "MacRoman: letters inside words", S_INIT("la libert\x8E g\x8En\x8Erale"), "macintosh",
	  CHARSET_SCORED, S_INIT("la liberté générale") },
	{ "where both fit, windows-1252 before ISO-8859-1", S_INIT("\xE9t\xE9 \x85 fin\xE9"),
	  "windows-1252", CHARSET_SCORED, S_INIT("été … finé") },
	{ "a file cut inside a letter", S_INIT("\xC3\xA9t\xC3\xA9 \xC3"), "UTF-8",
	  CHARSET_DAMAGED_UTF8, S_INIT("été \xEF\xBF\xBD") },
	{ "one bad byte among many good letters", S_INIT("éééééééééé\xE9"), "UTF-8",
	  CHARSET_DAMAGED_UTF8, S_INIT("éééééééééé\xEF\xBF\xBD") },
	{ "half a surrogate pair",
	  S_INIT("\xFF\xFE\x3D\xD8"
		 "a\0"),
	  "UTF-16LE", CHARSET_BOM,
	  S_INIT("\xEF\xBF\xBD"
		 "a") },
};

static void test_detect(arena *a)
{
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct charset c = { .name = "" };
		bool same = true;

		is_ok(detect(cases[i].bytes, S(""), &c), cases[i].what);
		eq_str(str_of(c.name), str_of(cases[i].name), cases[i].what);
		eq_int(c.why, cases[i].why, cases[i].what);
		eq_int(c.size, cases[i].bytes.n, "all was read");
		eq_str(converted(a, cases[i].bytes, S(""), 4096), cases[i].text, "converted");
		for (size_t step = 16; step < 24; step++)
			same &= str_eq(converted(a, cases[i].bytes, S(""), step), cases[i].text);
		ok(same, "the same in small pieces");
	}
}

static void test_asked(arena *a)
{
	struct charset c = { .name = "" };
	buf b = buf_new(a, 1000);

	eq_str(converted(a, S("\xD5"), S("MacRoman"), 64), S("’"), "MacRoman asked for");
	eq_str(converted(a, S("\xCF\xF0\xE0\xE2\xE0"), S("windows-1251"), 64), S("Права"),
	       "any charset of ICU");
	eq_str(converted(a, S("\xEF\xBB\xBFok\xFF"), S("utf-8"), 64), S("ok\xEF\xBF\xBD"),
	       "asked for, with a BOM and a wrong byte");
	eq_int(detect(S("x"), S("klingon-8"), &c), E_INVALID, "an unknown name");
	eq_int(detect(S("x"), S("../../etc/passwd"), &c), E_INVALID, "a path is no name");
	eq_int(detect(S("x"), S("ibm-1047,swaplfnl"), &c), E_INVALID, "nor is an option");
	ok(c.name[0] == '\0', "untouched on failure");
	is_ok(detect(S("women\xD5s"), S(""), &c), "detected");
	charset_describe(&b, &c);
	ok(str_starts(buf_str(&b), S("macintosh (by letters and names; scores: windows-1252 -")),
	   "the reason in words: %" STR_F, STR_A(buf_str(&b)));
}

/* A long text, so that blocks end inside letters. */
static void test_long(arena *a)
{
	buf utf8 = buf_new(a, 16 << 20), mac = buf_new(a, 16 << 20);
	struct charset c;

	for (int i = 0; i < 40000; i++) {
		buf_put(&utf8, S("a généralité, “中”\n"));
		buf_put(&mac, S("la g\x8En\x8Eralit\x8E\n"));
	}
	ok(str_eq(converted(a, buf_str(&utf8), S(""), 65536), buf_str(&utf8)) &&
		   str_eq(converted(a, buf_str(&utf8), S(""), 1001), buf_str(&utf8)),
	   "a long text passes unchanged");
	ok(detect(buf_str(&utf8), S(""), &c) == OK && c.bad == 0, "no bad byte on a border");
	ok(detect(buf_str(&mac), S(""), &c) == OK && str_eq(str_of(c.name), S("macintosh")),
	   "a long MacRoman text");
	eq_int(converted(a, buf_str(&mac), S(""), 65536).n, 40000 * 17, "converted to its end");
}

static void test_nul(void)
{
	struct charset c;

	ok(detect(S("ab\0c\0"), S(""), &c) == OK && c.first_nul == 2, "the first zero byte");
	ok(detect(S("abc"), S(""), &c) == OK && c.first_nul == UINT64_MAX, "no zero byte");
}

static void test_mend(arena *a)
{
	static const struct {
		str bad, good;
		bool mended;
	} texts[] = {
		{ S_INIT("AutoritÃ© palestinienne"), S_INIT("Autorité palestinienne"), true },
		{ S_INIT("GuaranÃ\xC2\xAD"), S_INIT("Guaraní"), true },
		{ S_INIT("vis-Ã\xC2\xA0-vis"), S_INIT("vis-à-vis"), true },
		{ S_INIT("womenâ€™s"), S_INIT("women’s"), true },
		{ S_INIT("Ã\xC2\x89tat"), S_INIT("État"), true },
		{ S_INIT("Ã‰tat"), S_INIT("État"), true },
		{ S_INIT("dÃƒÂ©jÃƒÂ "), S_INIT("dÃƒÂ©jÃƒÂ "), false },
		{ S_INIT("dÃƒÂ©"), S_INIT("dé"), true },
		{ S_INIT("Autorité"), S_INIT("Autorité"), false },
		{ S_INIT("AutoritÃ© et liberté"), S_INIT("AutoritÃ© et liberté"), false },
		{ S_INIT("plain"), S_INIT("plain"), false },
		{ S_INIT(""), S_INIT(""), false },
		{ S_INIT("São Tomé"), S_INIT("São Tomé"), false },
		{ S_INIT("“quoted”"), S_INIT("“quoted”"), false },
		{ S_INIT("Türkiye – Ålesund"), S_INIT("Türkiye – Ålesund"), false },
		{ S_INIT("حقوق"), S_INIT("حقوق"), false },
	};

	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		bool mended = !texts[i].mended;

		eq_str(charset_mend(a, texts[i].bad, &mended), texts[i].good, "mended");
		eq_int(mended, texts[i].mended, "and said so");
	}
}

/* The rows of a CSV file in which charset_mend finds something. */
static size_t rows_mended(arena *a, const char *path, size_t *rows)
{
	struct source_file file = { open(path, O_RDONLY | O_CLOEXEC), 0 };
	struct source bytes = source_of_file(&file), text;
	struct charset charset;
	struct charset_options how = { .names = states, .n_names = COUNT_OF(states) };
	struct csv_options options = { 0 };
	struct csv *csv;
	struct csv_row row;
	size_t n = 0;

	if (charset_detect(&bytes, &how, &charset) != OK)
		return SIZE_MAX;
	file.position = 0;
	text = charset_source(a, &charset, &bytes);
	csv = csv_new(a, &text, &options);
	while (csv_next(csv, &row) == OK) {
		bool any = false, one;

		for (size_t i = 0; i < row.n; i++) {
			charset_mend(a, row.fields[i], &one);
			any |= one;
		}
		n += any;
		++*rows;
	}
	close(file.fd);
	return n;
}

#define SHARED "../shared/data/"

static void test_real_exports(arena *a)
{
	static const char *const old[] = { "1-5", "6-9", "10-13", "14-17", "17-20", "voluntary" };
	static const char *const new[] = { "01-06-UPR-INFO-DATABASE-EXPORT-2018_07_25-20_19_03",
					   "07-10-UPR-INFO-DATABASE-EXPORT-2018_07_25-20_20_28",
					   "11-14-UPR-INFO-DATABASE-EXPORT-2018_07_25-20_22_08",
					   "15-18-UPR-INFO-DATABASE-EXPORT-2018_07_25-20_22_51",
					   "19-21-UPR-INFO-DATABASE-EXPORT-2018_07_25-20_23_33" };
	size_t mended = 0, rows = 0;
	char path[200];

	if (access(SHARED "recommendations", R_OK) != 0) {
		skip(4, "../shared/data is absent");
		return;
	}
	for (size_t i = 0; i < COUNT_OF(new); i++) {
		snprintf(path, sizeof path, SHARED "recommendations/upr-info-2018/%s.csv", new[i]);
		mended += rows_mended(a, path, &rows);
	}
	eq_int(rows, 43839, "rows of the 2018 export with its five headers");
	eq_int(mended, 3, "three of them mended");
	mended = rows = 0;
	for (size_t i = 0; i < COUNT_OF(old); i++) {
		snprintf(path, sizeof path, SHARED "recommendations/upr-info-2014/%s.csv", old[i]);
		mended += rows_mended(a, path, &rows);
	}
	eq_int(rows, 41066 + 947 + 6, "rows of the 2014 export with its six headers");
	eq_int(mended, 0, "none of them mended");
}

static void test_real_languages(arena *a)
{
	static const char *const languages[] = { "ar", "en", "es", "fr", "ru", "zh" };

	if (access(SHARED "parallel", R_OK) != 0) {
		skip(6, "../shared/data is absent");
		return;
	}
	for (size_t i = 0; i < COUNT_OF(languages); i++) {
		char path[200];
		size_t rows = 0;
		bool good;

		/* As CSV: any line is a row of some fields. */
		snprintf(path, sizeof path, SHARED "parallel/UNv1.0.devset.%s", languages[i]);
		good = rows_mended(a, path, &rows) == 0 && rows > 3000;
		ok(good, "%s: nothing to mend", languages[i]);
	}
}

int main(void)
{
	arena *a = arena_new();

	test_detect(a);
	test_asked(a);
	test_long(a);
	test_nul();
	test_mend(a);
	test_real_exports(a);
	test_real_languages(a);
	arena_free(a);
	return tap_done();
}
