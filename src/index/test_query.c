/* The query language and the vocabulary, by example. */
#include "index/query.h"
#include "tap.h"

enum { COLUMN_SUR, COLUMN_RS, COLUMN_SESSION, COLUMN_ISSUE };

/* Values are numbers below 100, or FRA for 7. */
static bool find_value(const void *ctx, str text, uint16_t *ret)
{
	int64_t v;

	(void)ctx;
	if (str_eq_nocase(text, S("FRA")))
		v = 7;
	else if (!str_to_i64(text, &v) || v < 0 || v >= 100)
		return false;
	*ret = (uint16_t)v;
	return true;
}

static void put_pattern(buf *o, const struct query_pattern *p)
{
	for (size_t i = 0; i < p->n; i++) {
		const struct query_word *w = &p->words[i];

		buf_put(o, i ? S(" ") : S(""));
		buf_put(o, w->how == QUERY_EXACT ? S("=") : S(""));
		buf_put(o, w->folded);
		buf_put(o, w->how == QUERY_PREFIX ? S("*") : S(""));
	}
}

/* A leaf: words of ALL with +, patterns of ANY in {}, tags in []; ! before what is negated. */
static void put_leaf(buf *o, const struct query_leaf *leaf)
{
	buf_put(o, leaf->negated ? S("!") : S(""));
	for (size_t i = 0; i < leaf->n_all; i++) {
		buf_put(o, S("+"));
		put_pattern(o, &leaf->all[i]);
	}
	for (size_t i = 0; i < leaf->n_any; i++) {
		buf_put(o, S("{"));
		put_pattern(o, &leaf->any[i]);
		buf_put(o, S("}"));
	}
	for (size_t i = 0; i < leaf->n_tags; i++)
		buf_printf(o, "[%u=%u%s]", leaf->tags[i].column, leaf->tags[i].value,
			   leaf->forced ? "" : "?");
}

static str shown(arena *a, const struct query *q)
{
	static const char notices[] = "TC@U1I";
	buf o = buf_new(a, 1 << 20);

	for (size_t c = 0; c < q->n; c++) {
		buf_put(&o, c ? S(" & ") : S(""));
		for (size_t i = 0; i < q->clauses[c].n; i++) {
			buf_put(&o, i ? S("|") : S(""));
			put_leaf(&o, &q->clauses[c].leaves[i]);
		}
	}
	for (size_t i = 0; i < q->n_notices; i++)
		buf_printf(&o, " %c(%.*s)", notices[q->notices[i].kind], STR_A(q->notices[i].text));
	return buf_str(&o);
}

static struct lexicon *make_lexicon(arena *a)
{
	struct lexicon *x = lexicon_new(a);
	struct index_tag death = { COLUMN_ISSUE, 1 }, torture = { COLUMN_ISSUE, 2 };
	struct index_tag child = { COLUMN_ISSUE, 3 };
	struct index_tag chad[] = { { COLUMN_SUR, 9 }, { COLUMN_RS, 9 } };
	uint32_t c = lexicon_add(x, LEXICON_TAG, &death, 1);

	lexicon_name(x, c, TEXT_EN, S("Death penalty"));
	lexicon_name(x, c, TEXT_FR, S("Peine de mort"));
	lexicon_name(x, c, TEXT_ES, S("Pena de muerte"));
	c = lexicon_add(x, LEXICON_TAG, &torture, 1);
	lexicon_name(x, c, TEXT_EN, S("Torture"));
	lexicon_name(x, c, TEXT_FR, S("Torture"));
	c = lexicon_add(x, LEXICON_TAG, &child, 1);
	lexicon_name(x, c, TEXT_EN, S("Rights of the Child"));
	lexicon_name(x, c, TEXT_FR,
		     S("Droits de l\xE2\x80\x99"
		       "enfant"));
	lexicon_name(x, c, TEXT_FR, S("Enfants"));
	c = lexicon_add(x, LEXICON_TEXT, NULL, 0);
	lexicon_name(x, c, TEXT_OTHER, S("OP-CAT"));
	lexicon_name(x, c, TEXT_EN, S("Optional Protocol to the Convention against Torture"));
	c = lexicon_add(x, LEXICON_OFFER, chad, 2);
	lexicon_name(x, c, TEXT_EN, S("Chad"));
	lexicon_name(x, c, TEXT_FR, S("Tchad"));
	lexicon_name(x, c, TEXT_FR, S("!?"));
	return x;
}

static const struct query_field fields[] = {
	{ S_INIT("sur"), COLUMN_SUR, find_value, NULL },
	{ S_INIT("session"), COLUMN_SESSION, find_value, NULL },
	{ S_INIT("issue"), COLUMN_ISSUE, find_value, NULL },
};

struct example {
	enum text_lang lang;
	str text, want;
};

static const struct example plain[] = {
	/* words */
	{ TEXT_EN, S_INIT(""), S_INIT("") },
	{ TEXT_EN, S_INIT("  !@#  "), S_INIT("") },
	{ TEXT_EN, S_INIT("Women Rights"), S_INIT("{women} & {rights}") },
	{ TEXT_EN, S_INIT("women,children;men"), S_INIT("{women} & {children} & {men}") },
	{ TEXT_EN, S_INIT("Türkiye ÉGALITÉ"), S_INIT("{turkiye} & {egalite}") },
	{ TEXT_EN, S_INIT("women's States'"), S_INIT("{women} & {states}") },
	{ TEXT_EN, S_INIT("OP-CAT"), S_INIT("{op cat}{opcat}") },
	{ TEXT_EN, S_INIT("anti-discrimination-law"),
	  S_INIT("{anti discrimination law}{antidiscriminationlaw}") },
	{ TEXT_FR, S_INIT("l'enfant qu'il"), S_INIT("{enfant} I(qu'il)") },
	{ TEXT_FR, S_INIT("aujourd'hui"), S_INIT("{aujourd hui}") },
	{ TEXT_EN, S_INIT("人权"), S_INIT("{人 权}") },
	{ TEXT_EN, S_INIT("(women) [men]"), S_INIT("{women} & {men}") },
	/* common words */
	{ TEXT_EN, S_INIT("rights of the girl"), S_INIT("{rights} & {girl} I(of) I(the)") },
	{ TEXT_FR, S_INIT("les droits"), S_INIT("{droits} I(les)") },
	{ TEXT_FR, S_INIT("of the"), S_INIT("{of} & {the}") },
	{ TEXT_EN, S_INIT("the of"), S_INIT("{the} & {of}") },
	{ TEXT_EN, S_INIT("the OR women"), S_INIT("{the}|{women}") },
	{ TEXT_EN, S_INIT("\"the\" women"), S_INIT("{=the} & {women}") },
	/* phrases */
	{ TEXT_EN, S_INIT("\"human rights\" now"), S_INIT("{=human =rights} & {now}") },
	{ TEXT_EN, S_INIT("“human rights” «de mort»"), S_INIT("{=human =rights} & {=de =mort}") },
	{ TEXT_EN, S_INIT("\"human rights"), S_INIT("{human} & {rights}") },
	{ TEXT_EN, S_INIT("\""), S_INIT("") },
	{ TEXT_EN, S_INIT("\"\" \"?!\" x"), S_INIT("{x}") },
	{ TEXT_EN, S_INIT("\"the OP-CAT\""), S_INIT("{=the =op =cat}{=the =opcat}") },
	{ TEXT_EN, S_INIT("a\"b c\"d"), S_INIT("{=b =c} & {d} I(a)") },
	/* prefixes */
	{ TEXT_EN, S_INIT("discrim*"), S_INIT("{discrim*}") },
	{ TEXT_EN, S_INIT("a* *"), S_INIT("{a} 1(a)") },
	{ TEXT_EN, S_INIT("x* ök*"), S_INIT("{x} & {ok*} 1(x)") },
	{ TEXT_EN, S_INIT("*men wo*en"), S_INIT("{men} & {wo} & {en}") },
	{ TEXT_EN, S_INIT("anti-discrim*"), S_INIT("{anti discrim*}{antidiscrim*}") },
	/* not */
	{ TEXT_EN, S_INIT("women -girls"), S_INIT("{women} & !{girls}") },
	{ TEXT_EN, S_INIT("women - girls --men"), S_INIT("{women} & {girls} & !{men}") },
	{ TEXT_EN, S_INIT("women NOT girls NOT"), S_INIT("{women} & !{girls} & {not}") },
	{ TEXT_EN, S_INIT("-\"death penalty\""), S_INIT("!{=death =penalty}") },
	{ TEXT_EN, S_INIT("-the -OP-CAT"), S_INIT("!{the} & !{op cat}{opcat}") },
	/* or, and */
	{ TEXT_EN, S_INIT("torture OR police detention"),
	  S_INIT("{torture}|{police} & {detention}") },
	{ TEXT_EN, S_INIT("x OR y OR -z"), S_INIT("{x}|{y}|!{z}") },
	{ TEXT_EN, S_INIT("OR"), S_INIT("{or}") },
	{ TEXT_EN, S_INIT("AND"), S_INIT("{and}") },
	{ TEXT_EN, S_INIT("OR women OR"), S_INIT("{women} I(OR) I(OR)") },
	{ TEXT_EN, S_INIT("women AND men"), S_INIT("{women} & {men}") },
	{ TEXT_EN, S_INIT("women and men or"), S_INIT("{women} & {men} I(and) I(or)") },
	{ TEXT_EN, S_INIT("women OR OR men"), S_INIT("{women}|{or} & {men}") },
	{ TEXT_EN, S_INIT("women AND !!!"), S_INIT("{women} I(AND)") },
	/* fields */
	{ TEXT_EN, S_INIT("sur:FRA session:15"), S_INIT("[0=7] & [2=15]") },
	{ TEXT_EN, S_INIT("SUR:fra,8 women"), S_INIT("[0=7][0=8] & {women}") },
	{ TEXT_EN, S_INIT("-sur:FRA"), S_INIT("![0=7]") },
	{ TEXT_EN, S_INIT("sur:FRA OR sur:8"), S_INIT("[0=7]|[0=8]") },
	{ TEXT_EN, S_INIT("issue:\"12\""), S_INIT("[3=12]") },
	{ TEXT_EN, S_INIT("issue:\"no such\""), S_INIT("{=no =such} U(no such)") },
	{ TEXT_EN, S_INIT("sur:Atlantis"), S_INIT("{atlantis} U(Atlantis)") },
	{ TEXT_EN, S_INIT("sur: women"), S_INIT("{sur} & {women}") },
	{ TEXT_EN, S_INIT("x:y http://z"), S_INIT("{x} & {y} & {http} & {z}") },
	{ TEXT_EN, S_INIT(":x sur:"), S_INIT("{x} & {sur}") },
	{ TEXT_EN, S_INIT("text:women text:\"human rights\" text:wom*"),
	  S_INIT("{women} & {=human =rights} & {wom*}") },
};

static const struct example concepts[] = {
	{ TEXT_ES, S_INIT("pena de muerte"),
	  S_INIT("+pena+muerte{death penalty}{peine de mort}{pena de muerte}[3=1?] C(pena de "
		 "muerte)") },
	{ TEXT_FR, S_INIT("Torture des ENFANTS"),
	  S_INIT("+torture{torture}[3=2?] & +enfants{rights of the child}{droits de l "
		 "enfant}{enfants}"
		 "[3=3?] C(Torture) I(des) C(ENFANTS)") },
	{ TEXT_EN, S_INIT("abolish the death penalty now"),
	  S_INIT("{abolish} & +death+penalty{death penalty}{peine de mort}{pena de muerte}[3=1?] & "
		 "{now} I(the) C(death penalty)") },
	{ TEXT_EN, S_INIT("opcat"),
	  S_INIT("+opcat{op cat}{opcat}{optional protocol to the convention against torture}"
		 " C(opcat)") },
	{ TEXT_EN, S_INIT("OP-CAT"),
	  S_INIT("+op cat{op cat}{opcat}{optional protocol to the convention against torture}"
		 " C(OP-CAT)") },
	{ TEXT_FR, S_INIT("droits de l'enfant"),
	  S_INIT("+droits+enfant{rights of the child}{droits de l enfant}{enfants}[3=3?]"
		 " C(droits de l'enfant)") },
	{ TEXT_EN, S_INIT("torture des enfants"),
	  S_INIT("+torture{torture}[3=2?] & +enfants{rights of the child}{droits de l enfant}"
		 "{enfants}[3=3?] C(torture) I(des) C(enfants)") },
	{ TEXT_EN, S_INIT("torture des women"),
	  S_INIT("+torture{torture}[3=2?] & {des} & {women} C(torture)") },
	{ TEXT_EN, S_INIT("tchad"), S_INIT("+tchad{chad}{tchad} @(tchad)") },
	{ TEXT_EN, S_INIT("death OR penalty"), S_INIT("{death}|{penalty}") },
	{ TEXT_EN, S_INIT("death penalty OR torture"),
	  S_INIT("+death+penalty{death penalty}{peine de mort}{pena de muerte}[3=1?]|"
		 "+torture{torture}[3=2?] C(death penalty) C(torture)") },
	{ TEXT_EN, S_INIT("-torture text:torture \"torture\""),
	  S_INIT("!{torture} & +torture{torture} & {=torture}") },
	{ TEXT_EN, S_INIT("text:\"death penalty\""),
	  S_INIT("+death+penalty{death penalty}{peine de mort}{pena de muerte}") },
	{ TEXT_EN, S_INIT("text:\"death penalties\" text:death penalty"),
	  S_INIT("{=death =penalties} & {death} & {penalty}") },
	{ TEXT_EN, S_INIT("text:chad -text:torture"), S_INIT("+chad{chad}{tchad} & !{torture}") },
	{ TEXT_EN, S_INIT("penalty child"), S_INIT("{penalty} & {child}") },
};

static void test_examples(arena *a, const struct example *t, size_t n, const struct lexicon *x)
{
	for (size_t i = 0; i < n; i++) {
		struct query_context context = { t[i].lang, x, fields, COUNT_OF(fields) };

		eq_str(shown(a, query_parse(a, &context, t[i].text)), t[i].want, t[i].text.p);
	}
}

static void test_long(arena *a, const struct lexicon *x)
{
	struct query_context context = { TEXT_EN, x, fields, COUNT_OF(fields) };
	buf b = buf_new(a, 1 << 20);
	const struct query *q;

	for (int i = 0; i < 1000; i++)
		buf_put(&b, S("\xC3\xA9"));
	q = query_parse(a, &context, buf_str(&b));
	ok(q->n == 1 && q->n_notices == 0, "a thousand characters are read");
	buf_put(&b, S("x"));
	q = query_parse(a, &context, buf_str(&b));
	ok(q->n_notices == 1 && q->notices[0].kind == QUERY_TRUNCATED, "one more is not");
	buf_clear(&b);
	for (int i = 0; i < 300; i++)
		buf_put(&b, S("death penalty "));
	q = query_parse(a, &context, buf_str(&b));
	ok(q->n == 71 || q->n == 72, "many concepts");
	q = query_parse(a, &context, (str){ "women\0men", 9 });
	eq_str(shown(a, q), S("{women} & {men}"), "a zero byte parts words");
	q = query_parse(a, &context, S("\xFFwomen\xC3"));
	eq_str(shown(a, q), S("{women}"), "so do bytes that are not UTF-8");
}

int main(void)
{
	arena *a = arena_new();
	struct lexicon *x = make_lexicon(a);

	test_examples(a, plain, COUNT_OF(plain), NULL);
	test_examples(a, concepts, COUNT_OF(concepts), x);
	test_long(a, x);
	arena_free(a);
	return tap_done();
}
