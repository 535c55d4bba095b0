/* What is in an index: plain questions. */
#include "index/part.h"

uint32_t names_from(const struct names *x, str text)
{
	uint32_t low = 0, high = x->n;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (str_cmp(name_at(x, middle), text) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

void names_range(const struct names *x, str text, bool prefix, uint32_t *ret_from, uint32_t *ret_to)
{
	uint32_t low = names_from(x, text), high = x->n, from = low;

	/* Those that begin with TEXT, or are TEXT, stand together. */
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		str name = name_at(x, middle);

		if (prefix ? str_starts(name, text) : str_eq(name, text))
			low = middle + 1;
		else
			high = middle;
	}
	*ret_from = from;
	*ret_to = low;
}

uint32_t index_units(const struct index *ix)
{
	return ix->n_units;
}

uint32_t index_items(const struct index *ix)
{
	return ix->n_items;
}

uint32_t index_langs(const struct index *ix)
{
	return ix->langs;
}

uint32_t index_item_of(const struct index *ix, uint32_t unit)
{
	return ix->unit_item[unit];
}

uint32_t index_item_unit(const struct index *ix, uint32_t item)
{
	return ix->item_unit[item];
}

uint32_t index_item_key(const struct index *ix, uint32_t item)
{
	return ix->item_key[item];
}

uint32_t index_item_group(const struct index *ix, uint32_t item)
{
	return ix->group_id[ix->item_group[item]];
}

enum text_lang index_item_lang(const struct index *ix, uint32_t item)
{
	return (enum text_lang)ix->item_lang[item];
}

str index_item_text(const struct index *ix, uint32_t item)
{
	return (str){ ix->text + ix->item_text[item],
		      ix->item_text[item + 1] - ix->item_text[item] };
}

size_t index_unit_values(const struct index *ix, uint32_t unit, uint32_t column, uint16_t *ret,
			 size_t max)
{
	struct values v = column_values(ix, &ix->columns[column], unit);
	size_t n = MIN(v.n, max);

	if (n)
		memcpy(ret, v.p, n * sizeof *ret);
	return n;
}
