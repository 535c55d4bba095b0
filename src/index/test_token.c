#include "index/token.h"
#include "tap.h"

/* The words of TEXT, each after its glue: ' ' apart, '-' hyphen, '\'' apostrophe, '+' touching. */
static str cut(arena *a, str text)
{
	struct tokens t;
	struct token one;
	buf out = buf_new(a, 4096);

	tokens_init(&t, text);
	while (tokens_next(&t, &one)) {
		buf_byte(&out, " -'+"[one.glue]);
		buf_put(&out, one.folded);
	}
	return buf_str(&out);
}

static void test_cutting(arena *a)
{
	static const str t[][2] = {
		{ S_INIT(""), S_INIT("") },
		{ S_INIT("!@# * \" ..."), S_INIT("") },
		{ S_INIT("Ratify OP-CAT, now."), S_INIT(" ratify op-cat now") },
		{ S_INIT("OPCAT"), S_INIT(" opcat") },
		{ S_INIT("l'enfant de l\xE2\x80\x99"
			 "État"),
		  S_INIT(" l'enfant de l'etat") },
		{ S_INIT("Women's rights, States' duties"), S_INIT(" women rights states duties") },
		{ S_INIT("the women\xE2\x80\x99s-rights"), S_INIT(" the women-rights") },
		{ S_INIT("U.N. and e.g. A.The"), S_INIT(" u-n and e-g a the") },
		{ S_INIT("3.5 and 1,325 (2000)"), S_INIT(" 3 5 and 1 325 2000") },
		{ S_INIT("and/or x--y z - w"), S_INIT(" and or x y z w") },
		{ S_INIT("人权 HIV病毒"), S_INIT(" 人+权 hiv+病+毒") },
		{ S_INIT("ก็ได้"), S_INIT(" ก็+ไ+ด") },
		{ S_INIT("co\xC2\xADoperate e\xCC\x81t\xC3\xA9"), S_INIT(" cooperate ete") },
		{ S_INIT("\xEF\xB7\xBA ok"), S_INIT(" صلي الله عليه وسلم ok") },
		{ S_INIT("a\xFF"
			 "b \xC3"),
		  S_INIT(" a b") },
		{ S_INIT("\xCC\x81 \xE0\xA4\xBE x"), S_INIT(" x") },
		{ S_INIT("हिन्दी भाषा"), S_INIT(" हिनदी भाषा") },
		{ S_INIT("œuvre ﬁn"), S_INIT(" oeuvre fin") },
	};

	for (size_t i = 0; i < COUNT_OF(t); i++)
		eq_str(cut(a, t[i][0]), t[i][1], "cut as written");
}

static str slice(str text, const struct token *t)
{
	return (str){ text.p + t->start, t->end - t->start };
}

static void test_places(void)
{
	str text = S("« Égalité » l'État");
	struct tokens t;
	struct token one;

	tokens_init(&t, text);
	ok(tokens_next(&t, &one), "a first word");
	eq_str(slice(text, &one), S("Égalité"), "where it stands");
	eq_str(one.folded, S("egalite"), "folded");
	eq_str(one.lower, S("égalité"), "with its accents, for the stemmer");
	ok(tokens_next(&t, &one) && tokens_next(&t, &one), "two more");
	eq_str(slice(text, &one), S("État"), "the last one");
	text = S("e\xCC\x81te\xCC\x81, ok");
	tokens_init(&t, text);
	ok(tokens_next(&t, &one), "decomposed accents");
	eq_str(slice(text, &one), S("e\xCC\x81te\xCC\x81"), "belong to the word");
	ok(tokens_next(&t, &one), "one more");
	eq_str(slice(text, &one), S("ok"), "before the end");
	ok(!tokens_next(&t, &one), "the end");
	ok(!tokens_next(&t, &one), "stays the end");
	ok(token_is_word('a') && token_is_word(0xC9) && !token_is_word('-') &&
		   !token_is_word(0x301),
	   "what begins a word");
}

static void test_long(arena *a)
{
	buf b = buf_new(a, 10000);
	struct tokens t;
	struct token one;

	for (int i = 0; i < 1000; i++)
		buf_put(&b, S("Ж"));
	buf_put(&b, S(" x"));
	tokens_init(&t, buf_str(&b));
	ok(tokens_next(&t, &one) && one.folded.n == TOKEN_LONGEST && one.end == 2000,
	   "a very long word is read to its maximum and passed over whole");
	ok(tokens_next(&t, &one) && str_eq(one.folded, S("x")), "and what follows is read");
}

int main(void)
{
	arena *a = arena_new();

	test_cutting(a);
	test_places();
	test_long(a);
	arena_free(a);
	return tap_done();
}
