/*
 * A query in a small index: the first byte chooses the page's language, the order and filters, the
 * second the page; the rest is what was typed. Whatever it is, counts must agree with one another, with
 * the list of all hits, and between kernels.
 */
#include "fuzz.h"

#include "index/part.h"

enum { SUR, RS, ISSUE, COLUMNS };

static const struct {
	enum text_lang lang;
	const char *text;
} texts[] = {
	{ TEXT_EN, "Abolish the death penalty, and ratify OP-CAT and the OPCAT's protocol." },
	{ TEXT_EN, "Protect women's rights and the rights of the child; end torture." },
	{ TEXT_FR, "Garantir l'égalité et les droits de l'enfant, abolir la peine de mort." },
	{ TEXT_ES, "Abolir la pena de muerte. Abolir la pena de muerte." },
	{ TEXT_AR, "حقوق الأطفال والمرأة" },
	{ TEXT_RU, "Отменить смертную казнь" },
	{ TEXT_ZH, "保护人权" },
	{ TEXT_OTHER, "\xFF \xC3 zz zz zz 2030 a b c d e f g" },
};

static const uint32_t each[] = { 0, 1, 2, 3 }, dates[] = { 1, 3, 2 };
static const uint16_t same[] = { 0, 1, 2 };
static const struct index_column columns[COLUMNS] = {
	[SUR] = { INDEX_BY_GROUP, 3, 0, { each, same } },
	[RS] = { INDEX_SINGLE, 4, 0, { NULL, NULL } },
	[ISSUE] = { INDEX_MULTI, 3, 0, { NULL, NULL } },
};

struct world {
	struct index *ix;
	struct index_scratch *s;
	struct lexicon *lexicon;
	arena *a;
};

static struct world *world_get(void)
{
	static struct world w;
	struct index_schema schema = { columns, COLUMNS, 3, dates, RS, 0, 0 };
	static const char *const names[] = { "Death penalty", "Rights of the child", "Torture" };
	struct index_builder *b;

	if (w.ix)
		return &w;
	b = index_builder_new(&schema);
	for (uint32_t i = 0; i < 40; i++) {
		uint32_t item = index_add_item(b, i, i % 3, texts[i % COUNT_OF(texts)].lang,
					       str_of(texts[i % COUNT_OF(texts)].text));

		for (uint32_t u = 0; u <= i % 3; u++) {
			struct index_tag v[] = { { RS, (uint16_t)(i % 7 + u) },
						 { ISSUE, (uint16_t)(i % 4) } };
			index_add_unit(b, item, v, 2);
		}
	}
	w.ix = index_build(b);
	w.s = index_scratch_new();
	w.a = arena_new();
	w.lexicon = lexicon_new(w.a);
	for (uint16_t i = 0; i < COUNT_OF(names); i++) {
		struct index_tag tag = { ISSUE, i };
		lexicon_name(w.lexicon, lexicon_add(w.lexicon, LEXICON_TAG, &tag, 1), TEXT_EN,
			     str_of(names[i]));
	}
	return &w;
}

static bool find_value(const void *ctx, str text, uint16_t *ret)
{
	int64_t v;

	(void)ctx;
	if (!str_to_i64(text, &v) || v < 0 || v > 5)
		return false;
	*ret = (uint16_t)v;
	return true;
}

static void check_snippets(struct world *w, arena *a, const struct query *q)
{
	struct index_marker *k = index_marker_new(w->ix, w->s, a, q);

	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		str text = str_of(texts[i].text);
		struct index_snippet r = index_snippet(k, texts[i].lang, text, i % 2 ? 1000 : 30);
		uint32_t before = 0;

		MUST_HOLD(r.text.p >= text.p && r.text.p + r.text.n <= text.p + text.n);
		for (size_t s = 0; s < r.n; s++) {
			MUST_HOLD(r.spans[s].start >= before && r.spans[s].end > r.spans[s].start);
			MUST_HOLD(r.spans[s].end <= r.text.n);
			before = r.spans[s].end;
		}
	}
}

static void check_result(struct world *w, arena *a, const struct index_request *rq,
			 const struct index_result *r)
{
	struct index_list list = index_list(w->ix, w->s, a, rq);
	uint32_t issues = 0, surs = 0;

	MUST_HOLD(r->total.items <= list.n && list.n <= w->ix->n_units);
	MUST_HOLD(r->total.attributions <= list.n);
	MUST_HOLD(r->text + r->subject_only == r->total.items);
	MUST_HOLD(r->n_hits <= rq->count && r->n_hits <= r->total.items);
	for (uint32_t v = 0; v < 3; v++) {
		surs += r->facets[SUR][v].items;
		issues |= r->facets[ISSUE][v].items > r->facets[ISSUE][v].attributions + list.n;
	}
	MUST_HOLD(!issues && (rq->n_filters > 0 || surs == r->total.items));
	for (size_t i = 0; i < r->n_hits; i++) {
		MUST_HOLD(index_item_of(w->ix, r->hits[i].unit) == r->hits[i].item);
		for (size_t k = 0; k < i; k++)
			MUST_HOLD(r->hits[i].item != r->hits[k].item);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const uint16_t values[] = { 1, INDEX_NONE, 2 }, ranks[] = { 2, 0, 1 };
	struct query_field fields[] = { { S("sur"), SUR, find_value, NULL },
					{ S("rs"), RS, find_value, NULL },
					{ S("issue"), ISSUE, find_value, NULL } };
	struct world *w = world_get();
	struct index_filter filters[] = { { RS, values, 2 }, { SUR, values, 3 } };
	struct index_request rq = { .filters = filters, .count = 7, .ranks = ranks };
	struct query_context context = { TEXT_OTHER, w->lexicon, fields, 3 };
	struct index_result r, other = { 0 };
	arena *a;

	if (n < 2)
		return 0;
	a = arena_new();
	context.lang = (enum text_lang)(data[0] % TEXT_LANG_COUNT_);
	rq.order = (enum index_order)(data[0] / 8 % 3);
	rq.n_filters = data[0] / 32 % 3;
	rq.first = data[1];
	rq.query = query_parse(a, &context, (str){ (const char *)data + 2, n - 2 });
	for (const struct kernels *const *k = kernels_usable(); *k; k++) {
		w->ix->k = *k;
		index_search(w->ix, w->s, a, &rq, &r);
		check_result(w, a, &rq, &r);
		if (k != kernels_usable()) {
			MUST_HOLD(r.total.items == other.total.items && r.n_hits == other.n_hits);
			MUST_HOLD(!r.n_hits ||
				  !memcmp(r.hits, other.hits, r.n_hits * sizeof *r.hits));
		}
		other = r;
	}
	check_snippets(w, a, rq.query);
	arena_free(a);
	return 0;
}
