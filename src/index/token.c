#include "index/token.h"

#include "base/utf8.h"
#include "text/stem.h"

/* Lower case of the ASCII letters and digits; 0 for what parts words. */
/* clang-format off */
static const char ascii_word[128] = {
	['0'] = '0', ['1'] = '1', ['2'] = '2', ['3'] = '3', ['4'] = '4', ['5'] = '5', ['6'] = '6',
	['7'] = '7', ['8'] = '8', ['9'] = '9',
#define BOTH(upper, low) [upper] = low, [low] = low
	BOTH('A', 'a'), BOTH('B', 'b'), BOTH('C', 'c'), BOTH('D', 'd'), BOTH('E', 'e'), BOTH('F', 'f'),
	BOTH('G', 'g'), BOTH('H', 'h'), BOTH('I', 'i'), BOTH('J', 'j'), BOTH('K', 'k'), BOTH('L', 'l'),
	BOTH('M', 'm'), BOTH('N', 'n'), BOTH('O', 'o'), BOTH('P', 'p'), BOTH('Q', 'q'), BOTH('R', 'r'),
	BOTH('S', 's'), BOTH('T', 't'), BOTH('U', 'u'), BOTH('V', 'v'), BOTH('W', 'w'), BOTH('X', 'x'),
	BOTH('Y', 'y'), BOTH('Z', 'z'),
};
/* clang-format on */

static bool is_apostrophe(uint32_t c)
{
	return c == '\'' || c == 0x2019 || c == 0x2018 || c == 0x02BC || c == 0x2032 || c == '`';
}

static bool is_hyphen(uint32_t c)
{
	return c == '-' || c == 0x2010; /* U+2011 folds to it */
}

static enum fold_class class_of(uint32_t c)
{
	if (c < 128)
		return ascii_word[c] ? FOLD_WORD : FOLD_SPACE;
	return c == 0x02BC ? FOLD_SPACE : fold_class(c);
}

bool token_is_word(uint32_t c)
{
	uint32_t to[FOLD_MAX];

	return fold_char(c, to) > 0 && class_of(to[0]) != FOLD_SPACE;
}

void tokens_init(struct tokens *t, str text)
{
	memset(t, 0, offsetof(struct tokens, folded));
	t->in = str_to(text, UINT32_MAX);
}

/* Puts the next code point at hand unless one is. False at the end. */
static bool char_ready(struct tokens *t)
{
	while (t->i == t->n) {
		str rest = str_from(t->in, t->at);
		uint32_t c;

		if (rest.n == 0)
			return false;
		c = utf8_next(&rest);
		t->from = (uint32_t)t->at;
		t->at = t->in.n - rest.n;
		t->to = (uint32_t)t->at;
		t->i = 0;
		t->n = fold_char(c, t->c);
		t->n_low = c < 128 ? 0 : stem_lower(c, t->low);
		if (t->n_low == t->n && !memcmp(t->low, t->c, t->n * sizeof t->c[0]))
			t->n_low = 0; /* nothing special: lower is folded */
	}
	return true;
}

static size_t put_utf8(char *p, size_t n, uint32_t c)
{
	if (n >= TOKEN_LONGEST)
		return n;
	if (c < 0x80) {
		p[n++] = (char)c;
	} else if (c < 0x800) {
		p[n++] = (char)(0xC0 | c >> 6);
		p[n++] = (char)(0x80 | (c & 0x3F));
	} else if (c < 0x10000) {
		p[n++] = (char)(0xE0 | c >> 12);
		p[n++] = (char)(0x80 | (c >> 6 & 0x3F));
		p[n++] = (char)(0x80 | (c & 0x3F));
	} else {
		p[n++] = (char)(0xF0 | c >> 18);
		p[n++] = (char)(0x80 | (c >> 12 & 0x3F));
		p[n++] = (char)(0x80 | (c >> 6 & 0x3F));
		p[n++] = (char)(0x80 | (c & 0x3F));
	}
	return n;
}

/* Adds the code point at hand to the word, in both forms. */
static void char_use(struct tokens *t)
{
	if (t->i == 0)
		for (size_t k = 0; k < t->n_low; k++)
			t->n_lower = put_utf8(t->lower, t->n_lower, t->low[k]);
	if (t->n_low == 0)
		t->n_lower = put_utf8(t->lower, t->n_lower, t->c[t->i]);
	t->n_folded = put_utf8(t->folded, t->n_folded, t->c[t->i]);
	t->i++;
}

/* What stands between two words, as it is read. */
struct gap {
	enum token_glue glue;
	bool dotted;
};

static void gap_add(struct gap *g, uint32_t c, bool after_letter)
{
	g->dotted = g->glue == TOKEN_TOUCHING && c == '.' && after_letter;
	if (g->glue != TOKEN_TOUCHING)
		g->glue = TOKEN_APART;
	else
		g->glue = is_hyphen(c)       ? TOKEN_HYPHEN
			  : is_apostrophe(c) ? TOKEN_APOSTROPHE
					     : TOKEN_APART;
}

/* Passes over ASCII that is no word. True when a word of ASCII begins at T->AT. */
static bool skip_ascii(struct tokens *t, struct gap *g)
{
	while (t->i == t->n && t->at < t->in.n && !(t->in.p[t->at] & 0x80)) {
		unsigned char c = (unsigned char)t->in.p[t->at];

		if (ascii_word[c])
			return true;
		gap_add(g, c, t->was_letter);
		t->at++;
	}
	return false;
}

/* Moves to the next word and notes what stood before it. False at the end. What is at hand, if anything,
 * begins the word; otherwise ASCII does. */
static bool skip_to_word(struct tokens *t)
{
	struct gap g = { TOKEN_TOUCHING, false };

	for (;;) {
		enum fold_class class;

		if (skip_ascii(t, &g)) {
			t->from = (uint32_t)t->at;
			break;
		}
		if (!char_ready(t))
			return false;
		class = class_of(t->c[t->i]);
		if (class == FOLD_WORD || class == FOLD_ALONE)
			break;
		gap_add(&g, t->c[t->i++], t->was_letter);
	}
	t->glue = !t->any ? TOKEN_APART : g.dotted ? TOKEN_HYPHEN : g.glue;
	return true;
}

/* Nearly all that we read is ASCII: no decoding, no table of Unicode. */
static void read_ascii(struct tokens *t)
{
	const char *p = t->in.p + t->at, *end = t->in.p + t->in.n;
	size_t n = t->n_folded, low = t->n_lower;
	char c;

	if (t->i < t->n)
		return;
	for (; p < end && !(*p & 0x80) && (c = ascii_word[(unsigned char)*p]) != 0; p++) {
		if (n < TOKEN_LONGEST)
			t->folded[n++] = c;
		if (low < TOKEN_LONGEST)
			t->lower[low++] = c;
	}
	t->n_folded = n;
	t->n_lower = low;
	t->at = (size_t)(p - t->in.p);
}

/* Reads the word at hand; returns where it ends, behind what is invisible. */
static uint32_t read_word(struct tokens *t)
{
	bool alone = false;

	t->n_folded = t->n_lower = 0;
	if (t->i < t->n) {
		alone = class_of(t->c[t->i]) == FOLD_ALONE;
		char_use(t);
	}
	for (;;) {
		enum fold_class class;

		if (!alone)
			read_ascii(t);
		if (t->i == t->n && t->at < t->in.n && !(t->in.p[t->at] & 0x80))
			return (uint32_t)
				t->at; /* ASCII that is no word, or that ALONE does not take */
		if (!char_ready(t))
			return (uint32_t)t->at;
		class = class_of(t->c[t->i]);
		if (class == FOLD_SPACE || class == FOLD_ALONE || (alone && class == FOLD_WORD))
			return t->i == 0 ? t->from : t->to;
		char_use(t);
	}
}

bool tokens_next(struct tokens *t, struct token *ret)
{
	while (skip_to_word(t)) {
		uint32_t start = t->from, end = read_word(t);
		bool letter = t->n_folded == 1;
		bool dotted_word = t->glue == TOKEN_HYPHEN && start && t->in.p[start - 1] == '.';

		if (dotted_word && !letter)
			t->glue = TOKEN_APART;
		t->was_letter = letter && t->folded[0] > '9';
		t->any = true;
		if (t->glue == TOKEN_APOSTROPHE && letter && t->folded[0] == 's')
			continue; /* the possessive: women's */
		*ret = (struct token){
			{ t->folded, t->n_folded }, { t->lower, t->n_lower }, start, end, t->glue
		};
		return true;
	}
	return false;
}
