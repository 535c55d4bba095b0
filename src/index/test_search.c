/* Searching a small index whose every answer can be seen by eye; tests/differential.c does the rest. */
#include <pthread.h>

#include "index/part.h"
#include "tap.h"

enum { SUR, RS, REGION, RS_REGION, SESSION, ISSUE, KIND, COLUMNS };
enum { FRA, TUR, TCD, URY, STATES };
enum { EUROPE, AFRICA, AMERICAS, REGIONS };
enum { DEATH_PENALTY, CHILD, ISSUES };
enum { RECOMMENDATION, PLEDGE, KINDS };
enum { GROUPS = 3 };

/* Reviews: France in session 2, Türkiye in 5, Chad in 5. */
static const uint16_t review_sur[] = { FRA, TUR, TCD }, review_session[] = { 2, 5, 5 };
static const uint16_t region_of[] = { EUROPE, EUROPE, AFRICA, AMERICAS };
static const uint16_t review_region[] = { EUROPE, EUROPE, AFRICA };
static const uint32_t one_each[] = { 0, 1, 2, 3, 4 };
static const uint32_t dates[] = { 2, 5, 5 };

static const struct index_column columns[COLUMNS] = {
	[SUR] = { INDEX_BY_GROUP, STATES, 0, { one_each, review_sur } },
	[RS] = { INDEX_SINGLE, STATES, 0, { NULL, NULL } },
	[REGION] = { INDEX_BY_GROUP, REGIONS, 0, { one_each, review_region } },
	[RS_REGION] = { INDEX_BY_COLUMN, REGIONS, RS, { one_each, region_of } },
	[SESSION] = { INDEX_BY_GROUP, 6, 0, { one_each, review_session } },
	[ISSUE] = { INDEX_MULTI, ISSUES, 0, { NULL, NULL } },
	[KIND] = { INDEX_SINGLE, KINDS, 0, { NULL, NULL } },
};
static const struct index_schema schema = { columns, COLUMNS, GROUPS, dates, RS, 0, 0 };

static const struct {
	uint32_t key, group;
	enum text_lang lang;
	str text;
	uint16_t rs[3]; /* INDEX_NONE from the first missing on */
	uint16_t issue, kind;
} items[] = {
	{ 1,
	  0,
	  TEXT_EN,
	  S_INIT("Abolish the death penalty for women."),
	  { URY, TCD, INDEX_NONE },
	  DEATH_PENALTY,
	  RECOMMENDATION },
	{ 2,
	  0,
	  TEXT_EN,
	  S_INIT("Ban corporal punishment of every child."),
	  { URY, INDEX_NONE },
	  CHILD,
	  RECOMMENDATION },
	{ 3,
	  0,
	  TEXT_EN,
	  S_INIT("Ratify OP-CAT; protect children's rights."),
	  { TUR, INDEX_NONE },
	  CHILD,
	  RECOMMENDATION },
	{ 4,
	  1,
	  TEXT_EN,
	  S_INIT("Türkiye should ratify the OPCAT and the CRC without delay."),
	  { FRA, URY, TCD },
	  INDEX_NONE,
	  RECOMMENDATION },
	{ 5,
	  1,
	  TEXT_FR,
	  S_INIT("Assurer l'égalité entre les femmes et les hommes."),
	  { FRA, INDEX_NONE },
	  INDEX_NONE,
	  RECOMMENDATION },
	{ 6,
	  1,
	  TEXT_EN,
	  S_INIT("Commute all such sentences."),
	  { FRA, INDEX_NONE },
	  DEATH_PENALTY,
	  RECOMMENDATION },
	{ 7,
	  2,
	  TEXT_ES,
	  S_INIT("Abolir la pena de muerte."),
	  { URY, INDEX_NONE },
	  DEATH_PENALTY,
	  RECOMMENDATION },
	{ 8,
	  2,
	  TEXT_EN,
	  S_INIT("A woman's death in custody carries a penalty."),
	  { INDEX_NONE },
	  INDEX_NONE,
	  RECOMMENDATION },
	{ 9,
	  2,
	  TEXT_EN,
	  S_INIT("The State pledges to end the death penalty by 2030."),
	  { INDEX_NONE },
	  DEATH_PENALTY,
	  PLEDGE },
};

static struct index *small_index(void)
{
	struct index_builder *b = index_builder_new(&schema);

	for (size_t i = COUNT_OF(items); i-- > 0;) { /* the builder sorts */
		uint32_t item = index_add_item(b, items[i].key, items[i].group, items[i].lang,
					       items[i].text);
		size_t k = 0;

		do {
			struct index_tag v[] = { { KIND, items[i].kind },
						 { ISSUE, items[i].issue },
						 { ISSUE, items[i].issue },
						 { RS, items[i].rs[k] } };

			index_add_unit(b, item, v, COUNT_OF(v));
			k++;
		} while (k < 3 && items[i].rs[k - 1] != INDEX_NONE && items[i].rs[k] != INDEX_NONE);
	}
	index_add_item(b, 99, 0, TEXT_EN, S("an item without units"));
	return index_build(b);
}

struct fixture {
	arena *a;
	struct index *ix;
	struct index_scratch *s;
	struct lexicon *lexicon;
	enum text_lang lang;
	struct index_request rq;
	struct index_result r;
	bool same; /* of a thread: it always got the same */
};

static struct fixture *fixture_new(struct index *ix)
{
	arena *a = arena_new();
	struct fixture *f = NEW(a, struct fixture);
	struct index_tag death = { ISSUE, DEATH_PENALTY };
	uint32_t c;

	*f = (struct fixture){ .a = a, .ix = ix, .s = index_scratch_new(), .lang = TEXT_EN };
	f->lexicon = lexicon_new(a);
	c = lexicon_add(f->lexicon, LEXICON_TAG, &death, 1);
	lexicon_name(f->lexicon, c, TEXT_EN, S("Death penalty"));
	lexicon_name(f->lexicon, c, TEXT_ES, S("Pena de muerte"));
	c = lexicon_add(f->lexicon, LEXICON_TEXT, NULL, 0);
	lexicon_name(f->lexicon, c, TEXT_OTHER, S("OP-CAT"));
	f->rq.count = 20;
	return f;
}

static void fixture_free(struct fixture *f)
{
	index_free(f->ix);
	index_scratch_free(f->s);
	arena_free(f->a);
}

/* The keys of the hits; s behind what only its subject matches. */
static str found(struct fixture *f, str text)
{
	struct query_context context = { f->lang, f->lexicon, NULL, 0 };
	buf o = buf_new(f->a, 1 << 16);

	f->rq.query = query_parse(f->a, &context, text);
	index_search(f->ix, f->s, f->a, &f->rq, &f->r);
	for (size_t i = 0; i < f->r.n_hits; i++)
		buf_printf(&o, "%s%u%s", i ? " " : "", index_item_key(f->ix, f->r.hits[i].item),
			   f->r.hits[i].by_subject ? "s" : "");
	return buf_str(&o);
}

static void test_words(struct fixture *f)
{
	f->rq.order = INDEX_BY_DATE;
	eq_str(found(f, S("")), S("4 5 6 7 8 9 1 2 3"), "everything, newest first, then by key");
	eq_str(found(f, S("women")), S("8 1"), "women finds woman");
	eq_str(found(f, S("woman")), S("8 1"), "and the other way round");
	eq_str(found(f, S("children")), S("2 3"), "children finds child");
	eq_str(found(f, S("turkiye")), S("4"), "accents do not matter");
	eq_str(found(f, S("EGALITE")), S("5"), "not even to stems");
	eq_str(found(f, S("femme")), S("5"), "French is stemmed as French");
	eq_str(found(f, S("enfant")), S(""), "a word that is not there");
	eq_str(found(f, S("ratify crc")), S("4"), "all words");
	eq_str(found(f, S("crc OR custody")), S("4 8"), "one of two");
	eq_str(found(f, S("ratify -crc")), S("3"), "one without the other");
	eq_str(found(f, S("-ratify -abolir -penalty")), S("5 6 2"), "only without");
	eq_str(found(f, S("rat*")), S("4 3"), "a prefix");
	eq_str(found(f, S("\"the opcat and\"")), S("4"), "a phrase");
	eq_str(found(f, S("\"ratify opcat\"")), S("3"), "a phrase with a compound");
	eq_str(found(f, S("\"woman\"")), S("8"), "a word in quotes is not stemmed");
	eq_str(found(f, S("text:opcat")), S("4 3"), "OPCAT finds OP-CAT");
	eq_str(found(f, S("text:OP-CAT")), S("4 3"), "and the other way round");
	eq_str(found(f, S("\"OP CAT\"")), S("3"), "a phrase of two words is just that");
	f->lang = TEXT_FR;
	eq_str(found(f, S("l'egalite des femmes")), S("5"), "common words are left out");
	f->lang = TEXT_EN;
}

static void test_concepts(struct fixture *f)
{
	f->rq.order = INDEX_BY_RANK;
	f->lang = TEXT_ES;
	eq_str(found(f, S("pena de muerte")), S("7 1 9 6s"),
	       "the Spanish name finds English texts, and last what is only tagged");
	eq_int(f->r.total.items, 4, "four in all");
	eq_int(f->r.text, 3, "three in the text");
	eq_int(f->r.subject, 4, "four by subject");
	eq_int(f->r.subject_only, 1, "one by subject alone");
	f->lang = TEXT_EN;
	eq_str(found(f, S("death penalty")), S("1 7 9 8 6s"),
	       "the words typed may stand apart; the phrase ranks higher");
	eq_int(f->r.text, 4, "four in the text");
	eq_str(found(f, S("death penalty -women")), S("7 9 6s"), "a subject and a word not wanted");
	eq_str(found(f, S("text:death text:penalty")), S("1 8 9"), "text: leaves subjects aside");
	eq_str(found(f, S("opcat crc")), S("4"), "a treaty has no tag");
	ok(f->r.subject == 0 && f->r.text == f->r.total.items, "all of it is text");
}

static void test_counts(struct fixture *f)
{
	static const uint16_t recommendations[] = { RECOMMENDATION }, ury[] = { URY, FRA };
	static const uint16_t none[] = { INDEX_NONE }, europe[] = { EUROPE };
	struct index_filter filters[] = { { KIND, recommendations, 1 }, { RS, ury, 2 } };

	found(f, S(""));
	eq_int(f->r.total.items, 9, "nine items");
	eq_int(f->r.total.attributions, 10, "and ten attributions: two have no recommending State");
	f->rq.filters = filters;
	f->rq.n_filters = 1;
	found(f, S(""));
	eq_int(f->r.total.items, 8, "eight recommendations");
	eq_int(f->r.facets[KIND][PLEDGE].items, 1, "a facet's own filter does not hold for it");
	eq_int(f->r.facets[RS][URY].items, 4, "Uruguay made four");
	eq_int(f->r.facets[RS_REGION][EUROPE].attributions, 4, "Europe four, of four items");
	eq_int(f->r.facets[RS_REGION][EUROPE].items, 4, "Europe four items");
	eq_int(f->r.facets[SUR][TUR].items, 3, "three to Türkiye");
	eq_int(f->r.facets[SUR][TUR].attributions, 5, "in five attributions");
	eq_int(f->r.facets[REGION][AFRICA].items, 2, "two to Africa");
	eq_int(f->r.facets[REGION][AFRICA].attributions, 1,
	       "of which one has no recommending State");
	eq_int(f->r.facets[SESSION][5].items, 5, "five in session 5");
	eq_int(f->r.facets[ISSUE][DEATH_PENALTY].items, 3, "three on the death penalty");
	f->rq.n_filters = 2;
	eq_str(found(f, S("ratify")), S("4"), "one item");
	eq_int(f->r.total.attributions, 2, "of which two units match");
	eq_int(f->r.facets[RS][TCD].items, 1, "a third is left out by the filter");
	eq_int(f->r.facets[RS][TUR].items, 1, "and another item");
	eq_int(f->r.dropped[1].items, 2, "without that filter there are two");
	eq_str(found(f, S("custody")), S(""), "no hits");
	eq_int(f->r.dropped[1].items, 1, "but one without the recommending State");
	eq_int(f->r.dropped[0].items, 0, "and still none without the kind");
	filters[1] = (struct index_filter){ RS, none, 1 };
	eq_str(found(f, S("")), S("8"), "a filter on: no value");
	filters[1] = (struct index_filter){ RS_REGION, europe, 1 };
	f->rq.order = INDEX_BY_DATE;
	eq_str(found(f, S("")), S("4 5 6 3"), "a filter on what follows from another column");
	filters[1] = (struct index_filter){ REGION, europe, 1 };
	eq_str(found(f, S("")), S("4 5 6 1 2 3"), "on what follows from the group");
	filters[1] = (struct index_filter){ 77, europe, 1 };
	eq_int(found(f, S("")).n, 15, "a column that is not there is no filter");
	filters[1] = (struct index_filter){ SUR, &(uint16_t){ 1234 }, 1 };
	eq_str(found(f, S("")), S(""), "a value that is not there matches nothing");
	f->rq.n_filters = 0;
}

static void test_order(struct fixture *f)
{
	static const uint16_t ranks[STATES] = { [FRA] = 1, [TUR] = 2, [TCD] = 0, [URY] = 3 };

	f->rq.order = INDEX_BY_COLUMN_RANK;
	f->rq.rank_column = SUR;
	f->rq.ranks = ranks;
	eq_str(found(f, S("")), S("7 8 9 1 2 3 4 5 6"), "by State");
	f->rq.first = 3;
	f->rq.count = 4;
	eq_str(found(f, S("")), S("1 2 3 4"), "a page of it");
	f->rq.order = INDEX_BY_DATE;
	eq_str(found(f, S("")), S("7 8 9 1"), "a page by date");
	f->rq.order = INDEX_BY_RANK;
	f->rq.first = 2;
	f->rq.count = 3;
	eq_str(found(f, S("death penalty")), S("9 8 6s"), "a page over text and subject");
	f->rq.first = 4;
	eq_str(found(f, S("death penalty")), S("6s"), "the last page");
	f->rq.first = 100;
	eq_str(found(f, S("death penalty")), S(""), "a page beyond the end");
	eq_int(f->r.total.items, 5, "whose counts are the same");
	f->rq.first = 0;
	f->rq.count = 20;
}

static void test_list(struct fixture *f)
{
	struct index_list list;
	static const uint16_t europe[] = { EUROPE };
	struct index_filter filter = { RS_REGION, europe, 1 };

	f->rq.filters = &filter;
	f->rq.n_filters = 1;
	found(f, S("ratify"));
	list = index_list(f->ix, f->s, f->a, &f->rq);
	eq_int(list.n, 2, "one unit each of two items");
	f->rq.n_filters = 0;
	list = index_list(f->ix, f->s, f->a, &f->rq);
	eq_int(list.n, 4, "without filter four units");
	ok(index_item_of(f->ix, list.units[1]) == index_item_of(f->ix, list.units[2]),
	   "units of an item together");
}

static void test_unknown(struct fixture *f)
{
	found(f, S("penalti childern"));
	eq_int(f->r.n_unknown, 1, "penalti is penalty's stem; one word is unknown");
	eq_str(f->r.unknown[0].word, S("childern"), "it");
	eq_str(f->r.unknown[0].near, S("children"), "and its likeness");
	found(f, S("qqqqqq* -zzzzzz \"commutte all\" x"));
	eq_int(f->r.n_unknown, 3, "prefixes and phrases too; what is not wanted is not missed");
	eq_str(f->r.unknown[0].near, S(""), "nothing is like qqqqqq");
	eq_str(f->r.unknown[1].near, S("commute"), "a slip in a phrase");
	eq_str(f->r.unknown[2].near, S(""), "a letter is like anything");
	found(f, S("egalitee"));
	eq_str(f->r.unknown[0].near, S("égalité"), "with its accents");
}

static void test_nothing(void)
{
	static const str queries[] = { S_INIT(""), S_INIT("women"), S_INIT("\"a b\" c*"),
				       S_INIT("-x OR y") };
	struct index_schema none = { 0 };
	struct fixture *f = fixture_new(index_build(index_builder_new(&none)));

	none.attribution = INDEX_NO_COLUMN;
	for (size_t i = 0; i < COUNT_OF(queries); i++) {
		eq_str(found(f, queries[i]), S(""), "an empty index");
		eq_int(f->r.total.items, 0, "has nothing");
		eq_int(index_list(f->ix, f->s, f->a, &f->rq).n, 0, "to list");
	}
	index_builder_free(index_builder_new(&none));
	index_builder_free(NULL);
	index_free(NULL);
	index_scratch_free(NULL);
	fixture_free(f);
}

/* An item of two hundred units, and texts longer than impacts are tabled for. */
static void test_large(void)
{
	struct index_builder *b = index_builder_new(&schema);
	arena *a = arena_new();
	struct fixture *f;
	buf text = buf_new(a, 1 << 20);
	uint32_t item = index_add_item(b, 5, 1, TEXT_EN, S("many States")), other;

	for (uint16_t i = 0; i < 200; i++) {
		struct index_tag v[] = { { RS, (uint16_t)(i % STATES) }, { KIND, i % 2 } };
		index_add_unit(b, item, v, 2);
	}
	for (int i = 0; i < 70000; i++)
		buf_put(&text, i % 1000 ? S("word ") : S("needle "));
	other = index_add_item(b, 6, 2, TEXT_EN, buf_str(&text));
	index_add_unit(b, other, NULL, 0);
	f = fixture_new(index_build(b));
	found(f, S("states"));
	eq_int(f->r.total.items, 1, "an item of two hundred units is one");
	eq_int(f->r.total.attributions, 200, "and two hundred");
	eq_int(f->r.facets[RS][URY].attributions, 50, "fifty a State");
	eq_int(f->r.facets[RS][URY].items, 1, "of one item");
	eq_int(f->r.facets[KIND][0].items, 1, "also by kind");
	eq_str(found(f, S("needle \"needle word\" wor*")), S("6"),
	       "a text of 65,535 words and more");
	fixture_free(f);
	arena_free(a);
}

static void *search_on(void *arg)
{
	struct fixture *f = arg;
	str first = found(f, S("death penalty OR ratify*"));

	f->same = first.n > 0;
	for (int i = 0; i < 200; i++)
		f->same &= str_eq(found(f, S("death penalty OR ratify*")), first);
	return NULL;
}

static void test_threads(struct index *ix)
{
	struct fixture *f[3];
	pthread_t threads[3];
	bool same = true;

	for (size_t i = 0; i < 3; i++) {
		f[i] = fixture_new(ix);
		pthread_create(&threads[i], NULL, search_on, f[i]);
	}
	for (size_t i = 0; i < 3; i++) {
		pthread_join(threads[i], NULL);
		same &= f[i]->same;
		index_scratch_free(f[i]->s);
		arena_free(f[i]->a);
	}
	ok(same, "threads share an index and answer the same");
}

int main(void)
{
	for (const struct kernels *const *k = kernels_usable(); *k; k++) {
		struct fixture *f = fixture_new(small_index());

		printf("# %s\n", (*k)->name);
		f->ix->k = *k;
		test_words(f);
		test_concepts(f);
		test_counts(f);
		test_order(f);
		test_list(f);
		test_unknown(f);
		test_threads(f->ix);
		fixture_free(f);
	}
	test_nothing();
	test_large();
	return tap_done();
}
