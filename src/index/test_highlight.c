/* Marking and cutting, by example: [ ] around spans, ... where the text was cut. */
#include "index/index.h"
#include "tap.h"

struct fixture {
	arena *a;
	struct index *ix;
	struct index_scratch *s;
	struct lexicon *lexicon;
};

static const struct {
	enum text_lang lang;
	str text;
} texts[] = {
	{ TEXT_EN,
	  S_INIT("Abolish the death penalty; no death penalties. A death needs no penalty.") },
	{ TEXT_EN, S_INIT("Ratify OP-CAT and the OPCAT's protocol for women and a woman.") },
	{ TEXT_FR,
	  S_INIT("Garantir l'e\xCC\x81galite\xCC\x81 et l'égalité des droits de l'enfant.") },
	{ TEXT_AR, S_INIT("حقوق الأطفال") },
	{ TEXT_ZH, S_INIT("保护人权和权利") },
	{ TEXT_EN, S_INIT("Among the very rest.") },
};

static struct fixture fixture_new(void)
{
	struct index_schema none = { .attribution = INDEX_NO_COLUMN };
	struct index_builder *b = index_builder_new(&none);
	struct fixture f = { .a = arena_new(), .s = index_scratch_new() };
	struct index_tag tag = { 0, 0 };
	uint32_t c;

	for (uint32_t i = 0; i < COUNT_OF(texts); i++)
		index_add_unit(b, index_add_item(b, i, 0, texts[i].lang, texts[i].text), NULL, 0);
	f.ix = index_build(b);
	f.lexicon = lexicon_new(f.a);
	c = lexicon_add(f.lexicon, LEXICON_TAG, &tag, 1);
	lexicon_name(f.lexicon, c, TEXT_EN, S("Death penalty"));
	lexicon_name(f.lexicon, c, TEXT_FR, S("Peine de mort"));
	c = lexicon_add(f.lexicon, LEXICON_TAG, &tag, 1);
	lexicon_name(f.lexicon, c, TEXT_FR, S("Droits de l'enfant"));
	lexicon_name(f.lexicon, c, TEXT_EN, S("Rights of the child"));
	return f;
}

static str marked(struct fixture *f, bool concepts, str query, enum text_lang lang, str text,
		  size_t max)
{
	struct query_context context = { TEXT_EN, concepts ? f->lexicon : NULL, NULL, 0 };
	const struct query *q = query_parse(f->a, &context, query);
	struct index_marker *k = index_marker_new(f->ix, f->s, f->a, q);
	struct index_snippet r = index_snippet(k, lang, text, max);
	buf o = buf_new(f->a, 1 << 20);
	uint32_t at = 0;

	buf_put(&o, r.cut_before ? S("...") : S(""));
	for (size_t i = 0; i < r.n; i++) {
		buf_put(&o, (str){ r.text.p + at, r.spans[i].start - at });
		buf_byte(&o, '[');
		buf_put(&o,
			(str){ r.text.p + r.spans[i].start, r.spans[i].end - r.spans[i].start });
		buf_byte(&o, ']');
		at = r.spans[i].end;
	}
	buf_put(&o, str_from(r.text, at));
	buf_put(&o, r.cut_after ? S("...") : S(""));
	return buf_str(&o);
}

static void test_marking(struct fixture *f)
{
	static const struct {
		bool concepts;
		int text;
		str query, want;
	} t[] = {
		{ false, 0, S_INIT("death"),
		  S_INIT("Abolish the [death] penalty; no [death] penalties. A [death] needs no "
			 "penalty.") },
		{ false, 0, S_INIT("\"death penalty\""),
		  S_INIT("Abolish the [death penalty]; no death penalties. A death needs no "
			 "penalty.") },
		{ false, 0, S_INIT("pen* -death"),
		  S_INIT("Abolish the death [penalty]; no death [penalties]. A death needs no "
			 "[penalty].") },
		{ true, 0, S_INIT("death penalty"),
		  S_INIT("Abolish the [death penalty]; no [death penalties]. A [death] needs no "
			 "[penalty].") },
		{ true, 0, S_INIT("peine de mort"),
		  S_INIT("Abolish the [death penalty]; no [death penalties]. A death needs no "
			 "penalty.") },
		{ false, 1, S_INIT("opcat"),
		  S_INIT("Ratify [OP-CAT] and the [OPCAT]'s protocol for women and a woman.") },
		{ false, 1, S_INIT("OP-CAT"),
		  S_INIT("Ratify [OP-CAT] and the [OPCAT]'s protocol for women and a woman.") },
		{ false, 1, S_INIT("woman unknown"),
		  S_INIT("Ratify OP-CAT and the OPCAT's protocol for [women] and a [woman].") },
		{ false, 1, S_INIT("\"women\""),
		  S_INIT("Ratify OP-CAT and the OPCAT's protocol for [women] and a woman.") },
		{ false, 1, S_INIT("\"women and a\" \"a woman\""),
		  S_INIT("Ratify OP-CAT and the OPCAT's protocol for [women and a woman].") },
		{ false, 2, S_INIT("EGALITE"),
		  S_INIT("Garantir l'[e\xCC\x81galite\xCC\x81] et l'[égalité] des droits de "
			 "l'enfant.") },
		{ true, 2, S_INIT("rights of the child"),
		  S_INIT("Garantir l'e\xCC\x81galite\xCC\x81 et l'égalité des [droits de "
			 "l'enfant].") },
		{ false, 3, S_INIT("أطفال"), S_INIT("حقوق [الأطفال]") },
		{ false, 4, S_INIT("人权"), S_INIT("保护[人权]和权利") },
		{ false, 0, S_INIT(""),
		  S_INIT("Abolish the death penalty; no death penalties. A death needs no "
			 "penalty.") },
	};

	for (size_t i = 0; i < COUNT_OF(t); i++)
		eq_str(marked(f, t[i].concepts, t[i].query, texts[t[i].text].lang,
			      texts[t[i].text].text, 1000),
		       t[i].want, t[i].query.p);
}

static void test_cutting(struct fixture *f)
{
	buf b = buf_new(f->a, 1 << 16);
	struct index_marker *k;
	struct query_context context = { .lang = TEXT_EN };
	bool whole = true, small = true;

	for (int i = 0; i < 40; i++)
		buf_put(&b, i == 5    ? S("death, ")
			    : i == 30 ? S("death penalty ")
			    : i == 32 ? S("women. ")
				      : S("among the rest "));
	eq_str(marked(f, false, S("death penalty women"), TEXT_EN, buf_str(&b), 80),
	       S("...rest among the rest [death] [penalty] among the rest [women]. among the rest "
		 "among the..."),
	       "the part with most of the query, in whole words");
	eq_str(marked(f, false, S("nothing"), TEXT_EN, buf_str(&b), 40),
	       S("among the rest among the rest among the..."), "or else the beginning");
	eq_str(marked(f, false, S("among"), TEXT_EN, S("among the rest"), 14),
	       S("[among] the rest"), "a short text is whole");
	eq_str(marked(f, false, S("rest"), TEXT_EN, S("among the very rest"), 12),
	       S("...very [rest]"), "the end");
	eq_str(marked(f, false, S("x"), TEXT_EN, S("ééééééééé"), 5), S("éé..."),
	       "a word that is too long is cut between letters");
	eq_str(marked(f, false, S("x"), TEXT_EN, S(""), 5), S(""), "nothing");
	k = index_marker_new(f->ix, f->s, f->a,
			     query_parse(f->a, &context, S("death women \"the rest\"")));
	for (size_t max = 1; max < 700; max++) {
		struct index_snippet r = index_snippet(k, TEXT_EN, buf_str(&b), max);

		small &= r.text.n <= max;
		for (size_t i = 0; i < r.n; i++)
			whole &= r.spans[i].start < r.spans[i].end && r.spans[i].end <= r.text.n &&
				 (i == 0 || r.spans[i - 1].end < r.spans[i].start);
	}
	ok(small, "never more than was asked for");
	ok(whole, "spans are in order and in the text");
}

int main(void)
{
	struct fixture f = fixture_new();

	test_marking(&f);
	test_cutting(&f);
	index_free(f.ix);
	index_scratch_free(f.s);
	arena_free(f.a);
	return tap_done();
}
