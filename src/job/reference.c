#include "job/reference.h"

#include "text/csv.h"

enum err reference_open(arena *a, str bytes, struct reference *ret)
{
	struct csv_options options = { .delimiter = ',' };
	struct csv_row head;
	struct source source;

	*ret = (struct reference){ .a = a, .rest = bytes, .row = -1 };
	source = source_of_str(&ret->rest);
	ret->csv = csv_new(a, &source, &options);
	TRY(csv_next(ret->csv, &head));
	ret->columns = NEW_N(a, str, head.n);
	ret->n_columns = head.n;
	for (size_t i = 0; i < head.n; i++)
		ret->columns[i] = arena_str(a, head.fields[i]);
	return OK;
}

bool reference_next(struct reference *r)
{
	struct csv_row row;

	if (r->err == OK)
		r->err = csv_next(r->csv, &row);
	if (r->err != OK) {
		r->err = r->err == E_NOTFOUND ? OK : r->err;
		return false;
	}
	r->cells = row.fields;
	r->n_cells = row.n;
	r->row++;
	return true;
}

str reference_cell(const struct reference *r, str column)
{
	for (size_t i = 0; i < r->n_columns && i < r->n_cells; i++)
		if (str_eq(r->columns[i], column))
			return r->cells[i];
	return S("");
}

str reference_cell_null(const struct reference *r, str column)
{
	str cell = reference_cell(r, column);

	return cell.n ? cell : (str){ 0 };
}

int64_t reference_number(struct reference *r, str column)
{
	int64_t n = 0;

	if (!str_to_i64(reference_cell(r, column), &n))
		r->err = E_INVALID;
	return n;
}

enum err reference_each(struct core *core, arena *a, str bytes,
			enum err (*put)(struct core *core, struct reference *r))
{
	struct reference r;

	TRY(reference_open(a, bytes, &r));
	while (reference_next(&r))
		TRY(put(core, &r));
	return r.err;
}
