/* A list for programs: JSON and CSV, one shape for the API and the command line. */
#include "recommendation/recommendation_index.h"
#include "text/csv.h"
#include "text/json.h"

enum { VALUES_MAX = 64 };

/* --- JSON. */

static void put_facet(struct json *j, const struct rec_view *v, arena *a, enum lang lang,
		      const struct rec_found *f, enum rec_column column)
{
	const struct index_count *counts = f->result.facets[column];
	const struct rec_codes *codes = &v->records->layout.codes[column];

	json_key(j, str_of(rec_column_names[column]));
	json_array_begin(j);
	for (size_t i = 0; i < codes->n; i++) {
		if (!counts[i].items)
			continue;
		json_object_begin(j);
		json_key_str(j, S("code"), codes->p[i]);
		json_key_str(j, S("label"), rec_value_label(v, a, lang, column, (uint16_t)i));
		json_key_i64(j, S("recommendations"), counts[i].items);
		json_key_i64(j, S("attributions"), counts[i].attributions);
		json_object_end(j);
	}
	json_array_end(j);
}

/* The codes of a column over all units of an item, each once. */
static void put_codes(struct json *j, const struct rec_view *v, uint32_t item,
		      enum rec_column column)
{
	const struct index *ix = v->records->index;
	bool seen[INDEX_VALUES_MAX] = { false };

	json_array_begin(j);
	for (uint32_t unit = index_item_unit(ix, item); unit < index_item_unit(ix, item + 1);
	     unit++) {
		uint16_t values[VALUES_MAX];
		size_t n = index_unit_values(ix, unit, column, values, COUNT_OF(values));

		for (size_t i = 0; i < n; i++) {
			if (!seen[values[i]])
				json_str(j, rec_value_code(v, column, values[i]));
			seen[values[i]] = true;
		}
	}
	json_array_end(j);
}

/* The code of one unit, or null. */
static void put_code(struct json *j, const struct rec_view *v, str key, uint32_t unit,
		     enum rec_column column)
{
	int value = rec_unit_value(v, unit, column);

	json_key_str(j, key, value < 0 ? (str){ 0 } : rec_value_code(v, column, (uint16_t)value));
}

/* A code that is a number. */
static void put_number(struct json *j, const struct rec_view *v, str key, uint32_t unit,
		       enum rec_column column)
{
	int value = rec_unit_value(v, unit, column);
	int64_t n = 0;

	json_key(j, key);
	if (value >= 0 && str_to_i64(rec_value_code(v, column, (uint16_t)value), &n))
		json_i64(j, n);
	else
		json_none(j);
}

/* Where the units differ, response and action are those of the first that matches; "attributions" has
 * each one's own. */
static void put_hit(struct json *j, const struct rec_view *v, const struct index_hit *hit)
{
	const struct index *ix = v->records->index;
	const struct rec_item *item = rec_item_of(v, hit->item);

	json_object_begin(j);
	json_key_str(j, S("id"), str_of(item->code));
	json_key_str(j, S("text"), index_item_text(ix, hit->item));
	json_key_str(j, S("sur"), rec_value_code(v, REC_SUR, item->sur));
	json_key(j, S("rs"));
	put_codes(j, v, hit->item, REC_RS);
	put_number(j, v, S("session"), hit->unit, REC_SESSION);
	put_number(j, v, S("cycle"), hit->unit, REC_CYCLE);
	put_code(j, v, S("kind"), hit->unit, REC_KIND);
	put_code(j, v, S("response"), hit->unit, REC_RESPONSE);
	put_number(j, v, S("action"), hit->unit, REC_ACTION);
	json_key(j, S("issues"));
	put_codes(j, v, hit->item, REC_ISSUE);
	json_key(j, S("sdgs"));
	put_codes(j, v, hit->item, REC_SDG);
	json_key(j, S("attributions"));
	json_array_begin(j);
	for (uint32_t unit = index_item_unit(ix, hit->item);
	     unit < index_item_unit(ix, hit->item + 1); unit++) {
		json_object_begin(j);
		put_code(j, v, S("rs"), unit, REC_RS);
		put_code(j, v, S("response"), unit, REC_RESPONSE);
		put_number(j, v, S("action"), unit, REC_ACTION);
		json_object_end(j);
	}
	json_array_end(j);
	json_object_end(j);
}

static void put_source(struct json *j, const struct rec_view *v, uint16_t kind)
{
	const struct rec_source *s = rec_newest_source(v, kind);

	json_key(j, S("as_of"));
	if (!s) {
		json_none(j);
		return;
	}
	json_object_begin(j);
	json_key_str(j, S("publisher"), s->publisher);
	json_key_str(j, S("date"), s->dated);
	json_key_bool(j, S("sample"), s->sample);
	json_object_end(j);
}

static void put_count(struct json *j, const struct rec_found *f)
{
	bool pledges = f->kind == REC_KIND_PLEDGE || f->kind == REC_KIND_SAMPLE_PLEDGE;

	json_key(j, S("count"));
	json_object_begin(j);
	json_key_i64(j, S("recommendations"), pledges ? 0 : f->result.total.items);
	json_key_i64(j, S("attributions"), f->result.total.attributions);
	if (pledges)
		json_key_i64(j, S("pledges"), f->result.total.items);
	json_object_end(j);
}

enum err rec_json(const struct rec_view *v, arena *a, const struct rec_search *s, bool pretty,
		  buf *o)
{
	struct rec_found f;
	struct json j = json_begin(o, pretty);

	rec_search(v, a, s, &f);
	json_object_begin(&j);
	put_count(&j, &f);
	put_source(&j, v, f.kind);
	json_key(&j, S("facets"));
	json_object_begin(&j);
	for (int c = 0; c < REC_COLUMNS; c++)
		put_facet(&j, v, a, s->lang, &f, (enum rec_column)c);
	json_object_end(&j);
	json_key(&j, S("hits"));
	json_array_begin(&j);
	for (size_t i = 0; i < f.result.n_hits; i++)
		put_hit(&j, v, &f.result.hits[i]);
	json_array_end(&j);
	json_object_end(&j);
	return json_end(&j);
}

/* --- CSV: Tribune's own columns, which import reads back. */

void rec_csv_head(buf *o)
{
	static const char *const names[] = {
		"Address", "Kind", "State under review", "Recommending State", "Session",
		"Cycle",   "Text", "Language",           "Response",           "Action",
		"Issues",  "SDGs"
	};
	struct csv_out csv = { o, false };

	csv_put_bom(&csv);
	for (size_t i = 0; i < COUNT_OF(names); i++)
		csv_put(&csv, str_of(names[i]));
	csv_end(&csv);
}

static str joined(const struct rec_view *v, arena *a, uint32_t unit, enum rec_column column)
{
	uint16_t values[VALUES_MAX];
	size_t n = index_unit_values(v->records->index, unit, column, values, COUNT_OF(values));
	buf out = buf_new(a, 4096);

	for (size_t i = 0; i < n; i++) {
		buf_put(&out, i ? S(";") : S(""));
		buf_put(&out, rec_value_code(v, column, values[i]));
	}
	return buf_str(&out);
}

static str code_of(const struct rec_view *v, uint32_t unit, enum rec_column column)
{
	int value = rec_unit_value(v, unit, column);

	return value < 0 ? S("") : rec_value_code(v, column, (uint16_t)value);
}

/* One row a unit: units of an item differ in State, and may in response. */
void rec_csv_unit(const struct rec_view *v, arena *a, uint32_t unit, str site, buf *o)
{
	static const char *const langs[TEXT_LANG_COUNT_] = { "",   "en", "fr", "es",
							     "pt", "ru", "ar", "zh" };
	const struct index *ix = v->records->index;
	uint32_t item = index_item_of(ix, unit);
	struct csv_out csv = { o, false };
	buf address = buf_new(a, site.n + 64);

	buf_put(&address, site);
	buf_printf(&address, "/r/%s", rec_item_of(v, item)->code);
	csv_put(&csv, buf_str(&address));
	csv_put(&csv, code_of(v, unit, REC_KIND));
	csv_put(&csv, code_of(v, unit, REC_SUR));
	csv_put(&csv, code_of(v, unit, REC_RS));
	csv_put(&csv, code_of(v, unit, REC_SESSION));
	csv_put(&csv, code_of(v, unit, REC_CYCLE));
	csv_put(&csv, index_item_text(ix, item));
	csv_put(&csv, str_of(langs[index_item_lang(ix, item)]));
	csv_put(&csv, code_of(v, unit, REC_RESPONSE));
	csv_put(&csv, code_of(v, unit, REC_ACTION));
	csv_put(&csv, joined(v, a, unit, REC_ISSUE));
	csv_put(&csv, joined(v, a, unit, REC_SDG));
	csv_end(&csv);
}
