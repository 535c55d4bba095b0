#include "base/utf8.h"
#include "text/near.h"
#include "web/web.h"

enum { COMPLAINTS_MAX = 16, COMPLAINTS_WITH_NEAR = 4, CODE_MAX = 64 };

const struct params params_none = { NULL, 0, 0 };

bool code_list_has(const struct code_list *list, str code)
{
	for (size_t i = 0; i < list->n; i++)
		if (str_eq(list->p[i], code))
			return true;
	return false;
}

/* --- Fixed sets ---------------------------------------------------------------------------------- */

bool code_find_fixed(struct web *w, const struct code_set *set, str given, str *ret)
{
	(void)w;
	for (size_t i = 0; i < set->n; i++)
		if (str_eq_nocase(set->codes[i], given)) {
			*ret = set->codes[i];
			return true;
		}
	return false;
}

static str lower(arena *a, str s)
{
	char *p = arena_alloc_raw(a, s.n);

	for (size_t i = 0; i < s.n; i++)
		p[i] = s.p[i] >= 'A' && s.p[i] <= 'Z' ? (char)(s.p[i] + ('a' - 'A')) : s.p[i];
	return (str){ p, s.n };
}

size_t code_near_fixed(struct web *w, const struct code_set *set, str given, str *ret, size_t max)
{
	str wanted = lower(w->arena, str_to(given, CODE_MAX));
	size_t n = 0, limit = MAX(wanted.n / 2, (size_t)1);

	for (size_t far = 1; far <= limit; far++)
		for (size_t i = 0; i < set->n && n < max; i++)
			if (near_distance(wanted, lower(w->arena, set->codes[i]), far) == far)
				ret[n++] = set->codes[i];
	return n;
}

/* --- Values -------------------------------------------------------------------------------------- */

static void *field_of(const struct web *w, const struct param *row)
{
	return (char *)(uintptr_t)w->args + row->offset;
}

/* A reader makes one or two mistakes; of hundreds only the first few are worth words. */
static struct complaint *complain(struct web *w, enum complaint_why why, str name, str value)
{
	struct complaint *c = w->complaints.n < COMPLAINTS_MAX ? vec_add(w->arena, &w->complaints)
							       : NEW(w->arena, struct complaint);

	c->why = why;
	c->name = name;
	c->value = value;
	return c;
}

/* Outer blanks go, control characters become blanks; at most MAX characters are read. */
static str text_clean(struct web *w, const struct param *row, str given)
{
	char *p = arena_alloc_raw(w->arena, given.n);
	str clean = { p, given.n }, rest;
	int64_t left = row->max;

	for (size_t i = 0; i < given.n; i++)
		p[i] = (unsigned char)given.p[i] < ' ' || given.p[i] == 0x7F ? ' ' : given.p[i];
	clean = rest = str_trim(clean);
	while (rest.n && left-- > 0)
		(void)utf8_next(&rest);
	if (rest.n) {
		complain(w, WHY_TOO_LONG, str_of(row->name), given);
		clean.n -= rest.n;
	}
	return str_trim(clean);
}

static bool number_read(struct web *w, const struct param *row, str given, int64_t *ret)
{
	int64_t v;

	if (!str_to_i64(str_trim(given), &v))
		complain(w, WHY_NOT_A_NUMBER, str_of(row->name), given);
	else if (v < row->min || v > row->max)
		complain(w, WHY_OUT_OF_RANGE, str_of(row->name), given);
	else {
		*ret = v;
		return true;
	}
	return false;
}

static bool code_read(struct web *w, const struct param *row, str given, str *ret)
{
	struct complaint *c;

	if (row->codes->find(w, row->codes, given, ret))
		return true;
	c = complain(w, WHY_UNKNOWN_CODE, str_of(row->name), given);
	if (w->complaints.n <= COMPLAINTS_WITH_NEAR)
		c->near_n = row->codes->near(w, row->codes, given, c->near, PARAM_NEAR_MAX);
	return false;
}

/* Keeps the list sorted and free of doubles. */
static void list_insert(struct web *w, const struct param *row, struct code_list *list, str code)
{
	size_t at = 0;

	while (at < list->n && str_cmp(list->p[at], code) < 0)
		at++;
	if (at < list->n && str_eq(list->p[at], code))
		return;
	if (list->n == PARAM_LIST_MAX) {
		complain(w, WHY_TOO_MANY, str_of(row->name), code);
		return;
	}
	if (!list->p)
		list->p = NEW_N(w->arena, str, PARAM_LIST_MAX);
	memmove(&list->p[at + 1], &list->p[at], (list->n - at) * sizeof(str));
	list->p[at] = code;
	list->n++;
}

static void list_read(struct web *w, const struct param *row, str given)
{
	size_t seen = 0;
	str code;

	for (str rest = given; rest.p;) {
		str one = str_trim(str_cut(&rest, ','));

		if (one.n == 0)
			continue;
		if (++seen > PARAM_LIST_MAX) {
			complain(w, WHY_TOO_MANY, str_of(row->name), one);
			return;
		}
		if (code_read(w, row, one, &code))
			list_insert(w, row, field_of(w, row), code);
	}
}

static bool value_read(struct web *w, const struct param *row, str given)
{
	switch (row->kind) {
	case PARAM_TEXT: *(str *)field_of(w, row) = text_clean(w, row, given); return true;
	case PARAM_INT: return number_read(w, row, given, field_of(w, row));
	case PARAM_CODE: return code_read(w, row, str_trim(given), field_of(w, row));
	case PARAM_LIST: list_read(w, row, given); return true;
	}
	return false;
}

static void set_default(struct web *w, const struct param *row)
{
	if (row->kind == PARAM_INT)
		*(int64_t *)field_of(w, row) = row->number;
	else if (row->kind == PARAM_CODE)
		*(str *)field_of(w, row) = str_of(row->code);
}

/* Whether the field says the same as GIVEN: "fra" for FRA and "007" for 7 are other spellings. */
static bool is_canonical(const struct web *w, const struct param *row, str given)
{
	char digits[24];
	int n;

	if (row->kind != PARAM_INT)
		return str_eq(*(str *)field_of(w, row), given);
	n = snprintf(digits, sizeof digits, "%lld", (long long)*(int64_t *)field_of(w, row));
	return str_eq((str){ digits, (size_t)n }, given);
}

/* The rows of the path stand in its order; the check at the start saw to that. */
static bool path_read(struct web *w)
{
	const struct params *params = w->route->params;
	size_t value = 0;

	for (size_t i = 0; i < params->n; i++) {
		const struct param *row = &params->rows[i];
		str given;

		if (!row->in_path)
			continue;
		given = w->path_values[value++];
		if (!value_read(w, row, given) || w->complaints.n)
			return false;
		if (row->kind == PARAM_TEXT && ((str *)field_of(w, row))->n == 0)
			return false;
		w->moved = w->moved || !is_canonical(w, row, given);
	}
	return true;
}

bool params_read(struct web *w)
{
	const struct params *params = w->route->params;
	const struct url_pairs *pairs = &w->req->url.pairs;
	bool *given = NEW_N(w->arena, bool, params->n);

	w->args = arena_alloc(w->arena, params->size);
	for (size_t i = 0; i < params->n; i++)
		set_default(w, &params->rows[i]);
	if (!path_read(w))
		return false;
	for (size_t p = 0; p < pairs->n; p++) {
		const struct url_pair *pair = &pairs->p[p];
		const struct param *row = NULL;
		size_t i = 0;

		while (i < params->n && (params->rows[i].in_path ||
					 !str_eq(str_of(params->rows[i].name), pair->name)))
			i++;
		if (i < params->n)
			row = &params->rows[i];
		if (!row)
			complain(w, WHY_UNKNOWN_NAME, pair->name, pair->value);
		else if (given[i] && row->kind != PARAM_LIST)
			complain(w, WHY_REPEATED, pair->name, pair->value);
		else if (pair->value.n) {
			given[i] = true;
			(void)value_read(w, row, pair->value);
		}
	}
	return true;
}
