#include "text/stem.h"

#include <libstemmer.h>

#include "base/map.h"
#include "base/utf8.h"

enum { SLOTS = 1 << 12, KEY_LONGEST = 28, VALUE_LONGEST = 29 };

/* One cache line. A word longer than KEY_LONGEST bytes is not kept. */
struct slot {
	uint32_t hash;
	uint8_t lang, n_key, n_value;
	char key[KEY_LONGEST], value[VALUE_LONGEST];
};

_Static_assert(sizeof(struct slot) == 64, "a slot is a cache line");

struct stemmer {
	struct sb_stemmer *snowball[TEXT_LANG_COUNT_]; /* made at first use */
	arena *scratch;
	struct slot slots[SLOTS];
};

static const struct language {
	char code[3];
	const char *name; /* Snowball's; NULL: no stemmer */
} languages[TEXT_LANG_COUNT_] = {
	[TEXT_OTHER] = { "", NULL },        [TEXT_EN] = { "en", "english" },
	[TEXT_FR] = { "fr", "french" },     [TEXT_ES] = { "es", "spanish" },
	[TEXT_PT] = { "pt", "portuguese" }, [TEXT_RU] = { "ru", "russian" },
	[TEXT_AR] = { "ar", "arabic" },     [TEXT_ZH] = { "zh", NULL },
};

enum text_lang text_lang_of(str code)
{
	str primary = str_to(code, 2);

	if (code.n < 2 || (code.n > 2 && code.p[2] != '-' && code.p[2] != '_'))
		return TEXT_OTHER;
	for (enum text_lang l = TEXT_EN; l < TEXT_LANG_COUNT_; l++)
		if (str_eq_nocase(primary, str_of(languages[l].code)))
			return l;
	return TEXT_OTHER;
}

static void stemmer_release(void *p)
{
	struct stemmer *s = p;

	for (size_t i = 0; i < TEXT_LANG_COUNT_; i++)
		sb_stemmer_delete(s->snowball[i]);
	arena_free(s->scratch);
}

struct stemmer *stemmer_new(arena *a)
{
	struct stemmer *s = NEW(a, struct stemmer);

	s->scratch = arena_new();
	arena_defer(a, stemmer_release, s);
	return s;
}

/* The stem as Snowball gives it, until the next call. */
static str stem_snowball(struct stemmer *s, enum text_lang lang, str lower)
{
	const sb_symbol *p;

	if (!s->snowball[lang])
		s->snowball[lang] = sb_stemmer_new(languages[lang].name, "UTF_8");
	p = s->snowball[lang]
		    ? sb_stemmer_stem(s->snowball[lang], (const sb_symbol *)lower.p, (int)lower.n)
		    : NULL;
	if (!p)
		mem_alloc(
			SIZE_MAX); /* the library found no memory: ends the process as ours would */
	return (str){ (const char *)p, (size_t)sb_stemmer_length(s->snowball[lang]) };
}

static str folded_stem(arena *scratch, str stem)
{
	buf out = buf_new(scratch, 8 * STEM_LONGEST);
	uint32_t to[FOLD_MAX];

	while (stem.n) {
		size_t n = fold_char(utf8_next(&stem), to);

		for (size_t i = 0; i < n; i++)
			utf8_put(&out, to[i]);
	}
	return buf_str(&out);
}

/* Plurals that Snowball's English stemmer leaves alone, and that this field is full of. */
static str regular(str stem)
{
	static const str plural[][2] = {
		{ S_INIT("women"), S_INIT("woman") },
		{ S_INIT("men"), S_INIT("man") },
		{ S_INIT("children"), S_INIT("child") },
	};

	for (size_t i = 0; i < COUNT_OF(plural); i++)
		if (str_eq(stem, plural[i][0]))
			return plural[i][1];
	return stem;
}

static bool is_ascii(str s)
{
	return utf8_ascii_run(s) == s.n;
}

static str stem_fresh(struct stemmer *s, enum text_lang lang, str lower)
{
	str stem = stem_snowball(s, lang, lower);

	arena_reset(s->scratch);
	if (!is_ascii(stem))
		stem = folded_stem(s->scratch, stem);
	return lang == TEXT_EN ? regular(stem) : stem;
}

str stem_word(struct stemmer *s, enum text_lang lang, str lower, str folded)
{
	struct slot *slot;
	uint32_t hash;
	str stem;

	if (!languages[lang].name || lower.n > STEM_LONGEST)
		return folded;
	hash = (uint32_t)hash_bytes(lower) + (uint32_t)lang * 0x9E3779B9u;
	slot = &s->slots[hash % SLOTS];
	if (slot->n_key && slot->hash == hash && slot->lang == lang &&
	    str_eq(lower, (str){ slot->key, slot->n_key }))
		return (str){ slot->value, slot->n_value };
	stem = stem_fresh(s, lang, lower);
	if (lower.n == 0 || lower.n > KEY_LONGEST || stem.n > VALUE_LONGEST)
		return stem;
	slot->hash = hash;
	slot->lang = (uint8_t)lang;
	slot->n_key = (uint8_t)lower.n;
	slot->n_value = (uint8_t)stem.n;
	memcpy(slot->key, lower.p, lower.n);
	memcpy(slot->value, stem.p, stem.n);
	return (str){ slot->value, slot->n_value };
}

/* Lower case of the letters that the six languages write with. 0: ask the folding table. */
static uint32_t lower_simple(uint32_t c)
{
	bool odd_is_lower = (c >= 0x100 && c <= 0x137) || (c >= 0x14A && c <= 0x177);
	bool even_is_lower = (c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17E);

	if (c == 0x130 || c == 0x131 || c == 0x138 || c == 0xD7 || c == 0xF7)
		return 0;
	if (c >= 0xC0 && c <= 0xFF)
		return c <= 0xDE ? c + 0x20 : c;
	if (odd_is_lower)
		return c | 1;
	if (even_is_lower)
		return (c + 1) & ~1u;
	if (c >= 0x400 && c <= 0x45F)
		return c < 0x410 ? c + 0x50 : c < 0x430 ? c + 0x20 : c;
	return c == 0x178 ? 0xFF : 0;
}

size_t stem_lower(uint32_t c, uint32_t ret[FOLD_MAX])
{
	uint32_t lower = lower_simple(c);
	size_t n;

	if (lower) {
		ret[0] = lower;
		return 1;
	}
	n = fold_char(c, ret);
	if (n == 0 || c < 0x600 || c >= 0x700)
		return n;
	ret[0] = c; /* Snowball's Arabic has its own idea of hamza */
	return 1;
}
