/*
 * Stemming against Snowball's own word lists (Debian: snowball-data) where they are installed, and
 * against libstemmer called directly. Arabic's list is packed and over 100 MB: the pairs below do.
 */
#include <fcntl.h>
#include <libstemmer.h>
#include <unistd.h>

#include "base/utf8.h"
#include "tap.h"
#include "text/fold.h"
#include "text/stem.h"

static str folded(arena *a, str in)
{
	buf out = buf_new(a, 1 << 12);
	uint32_t to[FOLD_MAX];

	while (in.n) {
		size_t n = fold_char(utf8_next(&in), to);
		for (size_t i = 0; i < n; i++)
			utf8_put(&out, to[i]);
	}
	return buf_str(&out);
}

static str lowered(arena *a, str in)
{
	buf out = buf_new(a, 1 << 12);
	uint32_t to[FOLD_MAX];

	while (in.n) {
		size_t n = stem_lower(utf8_next(&in), to);
		for (size_t i = 0; i < n; i++)
			utf8_put(&out, to[i]);
	}
	return buf_str(&out);
}

static str stemmed(struct stemmer *s, arena *a, enum text_lang lang, str word)
{
	return arena_str(a, stem_word(s, lang, lowered(a, word), folded(a, word)));
}

/* The whole file, or p == NULL. */
static str slurp(arena *a, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	buf b = buf_new(a, 1 << 26);
	ssize_t n = 1;

	while (fd >= 0 && n > 0) {
		char *room = buf_room(&b, 1 << 16);
		n = room ? read(fd, room, 1 << 16) : -1;
		if (n > 0)
			buf_wrote(&b, (size_t)n);
	}
	if (fd >= 0)
		close(fd);
	return fd < 0 || n < 0 ? (str){ NULL, 0 } : buf_str(&b);
}

static bool irregular(str word)
{
	return str_eq(word, S("women")) || str_eq(word, S("men")) || str_eq(word, S("children"));
}

static void test_list(struct stemmer *s, enum text_lang lang, const char *name)
{
	arena *a = arena_new(), *row = arena_new();
	char path[2][128];
	str words, stems;
	int n = 0, bad = 0;

	snprintf(path[0], sizeof path[0], "/usr/share/snowball/data/%s/voc.txt", name);
	snprintf(path[1], sizeof path[1], "/usr/share/snowball/data/%s/output.txt", name);
	words = slurp(a, path[0]);
	stems = slurp(a, path[1]);
	if (!words.p || !stems.p) {
		skip(1, "snowball-data is not installed");
	} else {
		while (words.n) {
			str word = str_cut(&words, '\n'), want = folded(row, str_cut(&stems, '\n'));
			str got = stemmed(s, row, lang, word);

			n++;
			if (irregular(want) && lang == TEXT_EN)
				continue;
			if (!str_eq(got, want) && bad++ < 5)
				printf("# %.*s: %.*s, Snowball says %.*s\n", STR_A(word),
				       STR_A(got), STR_A(want));
			arena_reset(row);
		}
		ok(bad == 0 && n > 1000, "%s: %d words of Snowball's list", name, n);
	}
	arena_free(row);
	arena_free(a);
}

/* The same word again and again, in changing languages, as a text has them: the cache must not tell. */
static void test_cache(struct stemmer *s)
{
	static const char *const names[] = { "",           "english", "french", "spanish",
					     "portuguese", "russian", "arabic" };
	static const str words[] = {
		S_INIT("nationale"),     S_INIT("rights"),      S_INIT("الحقوق"),
		S_INIT("правами"),       S_INIT("detenciones"), S_INIT("égalité"),
		S_INIT("discriminação"), S_INIT("المدرسة"),
	};
	arena *a = arena_new();
	int bad = 0;

	for (int i = 0; i < 2000; i++) {
		enum text_lang lang = (enum text_lang)(TEXT_EN + i % 6);
		str word = lowered(a, words[(i / 3) % COUNT_OF(words)]);
		struct sb_stemmer *direct = sb_stemmer_new(names[lang], "UTF_8");
		const sb_symbol *p = sb_stemmer_stem(direct, (const sb_symbol *)word.p,
						     (int)word.n);
		str want = folded(a, (str){ (const char *)p, (size_t)sb_stemmer_length(direct) });

		bad += !str_eq(stem_word(s, lang, word, folded(a, word)), want);
		sb_stemmer_delete(direct);
	}
	eq_int(bad, 0, "the cache answers as a fresh stemmer");
	arena_free(a);
}

static void test_pairs(struct stemmer *s)
{
	static const struct {
		enum text_lang lang;
		str one, other;
	} t[] = {
		{ TEXT_EN, S_INIT("ratify"), S_INIT("ratifies") },
		{ TEXT_EN, S_INIT("women"), S_INIT("Woman") },
		{ TEXT_EN, S_INIT("children"), S_INIT("child") },
		{ TEXT_EN, S_INIT("treaties"), S_INIT("treaty") },
		{ TEXT_FR, S_INIT("égalité"), S_INIT("ÉGALITÉS") },
		{ TEXT_FR, S_INIT("enfants"), S_INIT("enfant") },
		{ TEXT_ES, S_INIT("niños"), S_INIT("NIÑO") },
		{ TEXT_ES, S_INIT("desapariciones"), S_INIT("desaparición") },
		{ TEXT_PT, S_INIT("mulheres"), S_INIT("mulher") },
		{ TEXT_RU, S_INIT("Права"), S_INIT("правами") },
		{ TEXT_AR, S_INIT("الأطفال"), S_INIT("أطفال") },
		{ TEXT_AR, S_INIT("إسلام"), S_INIT("اسلام") },
	};
	arena *a = arena_new();
	char longest[300];

	for (size_t i = 0; i < COUNT_OF(t); i++)
		eq_str(stemmed(s, a, t[i].lang, t[i].one), stemmed(s, a, t[i].lang, t[i].other),
		       "two forms of one word meet");
	eq_str(stemmed(s, a, TEXT_ZH, S("人权")), S("人权"), "Chinese is left alone");
	eq_str(stemmed(s, a, TEXT_OTHER, S("Rights")), S("rights"), "so are other languages");
	eq_str(stemmed(s, a, TEXT_EN, S("")), S(""), "nothing has no stem");
	memset(longest, 'a', sizeof longest);
	eq_int(stemmed(s, a, TEXT_EN, (str){ longest, sizeof longest }).n, sizeof longest,
	       "a very long word is its own stem");
	arena_free(a);
}

static void test_codes(void)
{
	ok(text_lang_of(S("en")) == TEXT_EN && text_lang_of(S("FR-ca")) == TEXT_FR &&
		   text_lang_of(S("zh_Hant")) == TEXT_ZH,
	   "codes of languages");
	ok(text_lang_of(S("")) == TEXT_OTHER && text_lang_of(S("e")) == TEXT_OTHER &&
		   text_lang_of(S("enx")) == TEXT_OTHER && text_lang_of(S("de")) == TEXT_OTHER,
	   "and what is none of them");
}

int main(void)
{
	arena *a = arena_new();
	struct stemmer *s = stemmer_new(a);

	test_codes();
	test_pairs(s);
	test_cache(s);
	test_list(s, TEXT_EN, "english");
	test_list(s, TEXT_FR, "french");
	test_list(s, TEXT_ES, "spanish");
	test_list(s, TEXT_PT, "portuguese");
	test_list(s, TEXT_RU, "russian");
	arena_free(a);
	return tap_done();
}
