#include "recommendation/recommendation.h"

#include "recommendation_sql.h"
#include "text/digest.h"
#include "text/fold.h"

str rec_kind_code(enum rec_kind kind)
{
	return kind == REC_PLEDGE ? S("pledge") : S("recommendation");
}

str rec_identity(arena *a, const struct rec_fact *fact)
{
	buf key = buf_new(a, 1 << 22);

	buf_put(&key, fact->sample ? S("sample ") : S(""));
	buf_put(&key, rec_kind_code(fact->kind));
	buf_byte(&key, ' ');
	buf_put(&key, fact->sur);
	buf_byte(&key, ' ');
	buf_i64(&key, fact->session);
	buf_byte(&key, ' ');
	fold_identity(&key, fact->text);
	return digest_base32(a, digest_of(buf_str(&key)));
}

str rec_code(str identity, int attempt)
{
	return str_to(str_from(identity, (size_t)attempt * 10), 10);
}

/* --- What the rows say together. */

static int compare_i64(int64_t a, int64_t b)
{
	return a < b ? -1 : a > b;
}

/* The one without a recommending State comes last. */
static int compare_rs(str a, str b)
{
	if (!a.p || !b.p)
		return !a.p - !b.p;
	return str_cmp(a, b);
}

/* Which of two rows about one attribution stands: a person before a document before an export, the
 * newer before the older, the later import before the earlier; inside one import the earlier row. */
static int compare_standing(const struct rec_row *a, const struct rec_row *b)
{
	int order = compare_i64(b->origin->authority, a->origin->authority);

	if (order == 0)
		order = str_cmp(b->origin->dated, a->origin->dated);
	if (order == 0)
		order = compare_i64(b->origin->import_id, a->origin->import_id);
	return order ? order : compare_i64(a->id, b->id);
}

static int compare_rows(const void *a, const void *b)
{
	const struct rec_row *x = a, *y = b;
	int order = compare_rs(x->rs, y->rs);

	return order ? order : compare_standing(x, y);
}

/* A publisher says one thing of an attribution on one date: the row that stands first. */
static bool is_superseded(const struct rec_attribution *att, const struct rec_row *row)
{
	for (size_t i = 0; i < att->n_statements; i++) {
		const struct rec_origin *o = att->statements[i]->origin;

		if (o->authority == row->origin->authority &&
		    str_eq(o->dated, row->origin->dated) &&
		    str_eq(o->publisher, row->origin->publisher))
			return true;
	}
	return false;
}

/* Of one publisher, only the newest row gives tags: they replace its older ones. */
static bool gives_tags(const struct rec_attribution *att, size_t which)
{
	for (size_t i = 0; i < which; i++)
		if (str_eq(att->statements[i]->origin->publisher,
			   att->statements[which]->origin->publisher))
			return false;
	return true;
}

/* The union of two sorted lists of codes, as one. */
static str merge_codes(arena *a, str x, str y)
{
	buf out = buf_new(a, x.n + y.n + 1);

	if (!x.n || !y.n || str_eq(x, y))
		return x.n ? x : y;
	for (str rest_x = x, rest_y = y; rest_x.p || rest_y.p;) {
		str next_x = rest_x, next_y = rest_y;
		str cx = rest_x.p ? str_cut(&next_x, ' ') : (str){ 0 };
		str cy = rest_y.p ? str_cut(&next_y, ' ') : (str){ 0 };
		int order = !cx.p ? 1 : !cy.p ? -1 : str_cmp(cx, cy);

		if (out.n)
			buf_byte(&out, ' ');
		buf_put(&out, order <= 0 ? cx : cy);
		rest_x = order <= 0 ? next_x : rest_x;
		rest_y = order >= 0 ? next_y : rest_y;
	}
	return buf_str(&out);
}

/* Facts of one attribution, each from the first statement that gives it. */
static void settle_attribution(arena *a, struct rec_attribution *att)
{
	for (size_t i = 0; i < att->n_statements; i++) {
		const struct rec_row *row = att->statements[i];

		if (!att->response.n)
			att->response = row->response;
		if (!att->action)
			att->action = row->action;
		if (gives_tags(att, i)) {
			att->issues = merge_codes(a, att->issues, row->issues);
			att->sdgs = merge_codes(a, att->sdgs, row->sdgs);
		}
	}
}

void rec_settle(arena *a, struct rec_row *rows, size_t n, struct rec *ret)
{
	const struct rec_row **statements = NEW_N(a, const struct rec_row *, n);
	const struct rec_row *best = n ? &rows[0] : NULL;
	struct rec_attribution *att = NULL;

	*ret = (struct rec){ .attributions = NEW_N(a, struct rec_attribution, n) };
	if (n)
		qsort(rows, n, sizeof *rows, compare_rows);
	for (size_t i = 0; i < n; i++) {
		if (!att || compare_rs(att->rs, rows[i].rs) != 0) {
			att = &ret->attributions[ret->n++];
			*att = (struct rec_attribution){ .rs = rows[i].rs,
							 .statements = statements + i };
		}
		if (!is_superseded(att, &rows[i]))
			att->statements[att->n_statements++] = &rows[i];
		if (compare_standing(&rows[i], best) < 0)
			best = &rows[i];
	}
	for (size_t i = 0; i < ret->n; i++)
		settle_attribution(a, &ret->attributions[i]);
	if (best) {
		ret->text = best->text;
		ret->lang = best->lang;
		ret->place = best->row_number;
	}
}

/* --- What readers can see of it. */

/* A field of the canonical form: its length first, so that no text can pass for two. */
static void put_field(buf *out, str s)
{
	buf_u64(out, s.n);
	buf_byte(out, ':');
	buf_put(out, s);
}

str rec_source_code(arena *a, const struct rec_origin *o)
{
	buf key = buf_new(a, 1 << 20);
	const str parts[] = { o->publisher, o->dated, o->part, o->format, o->columns };

	for (size_t i = 0; i < COUNT_OF(parts); i++)
		put_field(&key, parts[i]);
	return str_to(digest_base32(a, digest_of(buf_str(&key))), 10);
}

static void put_number(buf *out, int64_t n)
{
	buf_i64(out, n);
	buf_byte(out, ';');
}

static void put_statement(buf *out, const struct rec_row *row)
{
	put_field(out, row->origin->source_code);
	put_field(out, row->sheet);
	put_number(out, row->row_number);
	put_field(out, row->response);
	put_number(out, row->action);
	put_field(out, row->issues);
	put_field(out, row->sdgs);
	put_field(out, row->raw);
}

void rec_canonical(buf *out, const struct rec *r)
{
	put_field(out, r->text);
	put_field(out, r->lang);
	put_number(out, r->place);
	for (size_t i = 0; i < r->n; i++) {
		const struct rec_attribution *att = &r->attributions[i];

		put_field(out, att->rs);
		put_number(out, (int64_t)att->n_statements);
		for (size_t k = 0; k < att->n_statements; k++)
			put_statement(out, att->statements[k]);
	}
}

const struct rec_attribution *rec_find_attribution(const struct rec *r, str rs)
{
	for (size_t i = 0; i < r->n; i++)
		if (compare_rs(r->attributions[i].rs, rs) == 0)
			return &r->attributions[i];
	return NULL;
}

/* --- From the store. */

enum err rec_origins_load(struct core *core, arena *a, struct rec_origins *ret)
{
	struct rec_origin_rows *rows;
	size_t n;

	TRY(rec_origin_rows(core, a, &rows, &n));
	*ret = (struct rec_origins){ NEW_N(a, struct rec_origin, n), n };
	for (size_t i = 0; i < n; i++)
		ret->p[i] = (struct rec_origin){
			.import_id = rows[i].id,
			.authority = rows[i].authority,
			.held = rows[i].held != 0,
			.sample = rows[i].sample != 0,
			.gave_rows = rows[i].gave_rows != 0,
			.publisher = rows[i].publisher,
			.dated = rows[i].dated,
			.part = rows[i].part,
			.format = rows[i].format,
			.columns = rows[i].columns,
		};
	for (size_t i = 0; i < n; i++)
		ret->p[i].source_code = rec_source_code(a, &ret->p[i]);
	return OK;
}

const struct rec_origin *rec_origin_find(const struct rec_origins *all, int64_t import_id)
{
	for (size_t i = 0; i < all->n; i++)
		if (all->p[i].import_id == import_id)
			return &all->p[i];
	return NULL;
}

enum err rec_rows_load(struct core *core, arena *a, const struct rec_origins *origins, int64_t id,
		       int64_t without, struct rec_row **ret, size_t *ret_n)
{
	struct rec_source_rows *rows;
	size_t n, kept = 0;

	TRY(rec_source_rows(core, a, id, &rows, &n));
	*ret = NEW_N(a, struct rec_row, n);
	for (size_t i = 0; i < n; i++) {
		const struct rec_origin *origin = rec_origin_find(origins, rows[i].import_id);

		if (!origin || origin->held || origin->import_id == without)
			continue;
		(*ret)[kept++] = (struct rec_row){
			.origin = origin,
			.id = rows[i].id,
			.rs = rows[i].rs,
			.text = rows[i].text,
			.lang = rows[i].lang,
			.response = rows[i].response,
			.issues = rows[i].issues,
			.sdgs = rows[i].sdgs,
			.sheet = rows[i].sheet,
			.raw = rows[i].raw,
			.action = rows[i].action,
			.row_number = rows[i].row_number,
		};
	}
	*ret_n = kept;
	return OK;
}
