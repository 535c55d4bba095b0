/* Core in, public.db out: the record. */
#include "publish/publish.h"
#include "recommendation/recommendation.h"
#include "recommendation_publish_sql.h"
#include "recommendation_sql.h"
#include "text/digest.h"

enum { CANONICAL_MAX = 64 << 20, SCRATCH_EVERY = 64 };

static enum err clear(struct publish_run *run, int64_t id)
{
	TRY(rec_public_clear(run->out, id));
	TRY(rec_public_clear_attributions(run->out, id));
	return rec_public_clear_statements(run->out, id);
}

static enum err write_attribution(struct publish_run *run, int64_t id, int64_t position,
				  const struct rec_attribution *att)
{
	TRY(rec_public_put_attribution(run->out, id, position, att->rs, att->response, att->action,
				       att->issues, att->sdgs));
	for (size_t i = 0; i < att->n_statements; i++) {
		const struct rec_row *row = att->statements[i];

		TRY(rec_public_put_statement(run->out, id, position, (int64_t)i,
					     row->origin->source_code, row->sheet, row->row_number,
					     row->response, row->action, row->issues, row->sdgs,
					     row->raw));
	}
	return OK;
}

static enum err write(struct publish_run *run, int64_t id, const struct rec_head *head,
		      const struct rec *r, str digest)
{
	TRY(rec_public_put(run->out, id, head->code, head->kind, head->sample, head->sur,
			   head->session, r->text, r->lang, r->place, digest));
	for (size_t i = 0; i < r->n; i++)
		TRY(write_attribution(run, id, (int64_t)i, &r->attributions[i]));
	return OK;
}

/* Replaces the public rows of one recommendation when they say something else than the core does. */
static enum err publish_one(struct publish_run *run, const struct publish_kind *self,
			    const struct rec_origins *origins, int64_t id)
{
	arena *a = run->scratch;
	buf canonical = buf_new(a, CANONICAL_MAX);
	struct rec_public_digest before;
	struct rec_head head;
	struct rec_row *rows;
	struct rec now;
	size_t n;
	str digest;
	enum err was = rec_public_digest(run->out, a, id, &before);
	enum err is = rec_head(run->core, a, id, &head);

	if ((was != OK && was != E_NOTFOUND) || (is != OK && is != E_NOTFOUND))
		return was != OK && was != E_NOTFOUND ? was : is;
	TRY(rec_rows_load(run->core, a, origins, id, 0, &rows, &n));
	if (n == 0 && was == E_NOTFOUND)
		return OK;
	if (n == 0) {
		TRY(clear(run, id));
		return publish_moved(run, self);
	}
	rec_settle(a, rows, n, &now);
	rec_canonical(&canonical, &now);
	TRY(canonical.err);
	digest = str_to(digest_base32(a, digest_of(buf_str(&canonical))), 26);
	if (was == OK && str_eq(before.digest, digest))
		return OK;
	if (was == OK)
		TRY(clear(run, id));
	TRY(write(run, id, &head, &now, digest));
	return publish_moved(run, self);
}

static enum err publish_recommendations(struct publish_run *run, const struct publish_kind *self,
					const int64_t *things, size_t n)
{
	struct rec_origins origins;

	TRY(rec_origins_load(run->core, run->a, &origins));
	for (size_t i = 0; i < n; i++) {
		TRY(publish_one(run, self, &origins, things[i]));
		if (i % SCRATCH_EVERY == SCRATCH_EVERY - 1) {
			arena_reset(run->scratch);
			if (run->progress)
				run->progress(run->progress_arg, (int64_t)i, (int64_t)n);
		}
	}
	return OK;
}

static enum err all_recommendations(struct publish_run *run, int64_t **ret, size_t *ret_n)
{
	struct rec_ids *rows;

	TRY(rec_ids(run->core, run->a, &rows, ret_n));
	*ret = NEW_N(run->a, int64_t, *ret_n);
	for (size_t i = 0; i < *ret_n; i++)
		(*ret)[i] = rows[i].id;
	return OK;
}

const struct publish_kind recommendation_kind = { "recommendation", publish_recommendations,
						  all_recommendations };

static bool is_shown(const struct rec_origin *o)
{
	return o->gave_rows && !o->held;
}

/* The exports and documents that are public: those that gave at least one row. Published whole. */
static enum err publish_sources(struct publish_run *run, const struct publish_kind *self,
				const int64_t *things, size_t n)
{
	struct rec_origins all;
	struct rec_import_kinds *kinds;
	buf content = buf_new(run->a, 1 << 24);
	bool same;

	(void)things, (void)n;
	TRY(rec_origins_load(run->core, run->a, &all));
	kinds = NEW_N(run->a, struct rec_import_kinds, all.n);
	for (size_t i = 0; i < all.n; i++) {
		if (!is_shown(&all.p[i]))
			continue;
		TRY(rec_import_kinds(run->core, run->a, all.p[i].import_id, &kinds[i]));
		buf_printf(&content, "%" STR_F " %d%d%d\n", STR_A(all.p[i].source_code),
			   all.p[i].sample, (int)kinds[i].recommendations, (int)kinds[i].pledges);
	}
	TRY(content.err);
	TRY(publish_same(run, self, buf_str(&content), &same));
	if (same)
		return OK;
	TRY(rec_public_clear_sources(run->out));
	for (size_t i = 0; i < all.n; i++) {
		const struct rec_origin *o = &all.p[i];

		if (is_shown(o))
			TRY(rec_public_put_source(run->out, o->source_code, o->publisher, o->dated,
						  o->part, o->format, o->columns, o->sample,
						  kinds[i].recommendations, kinds[i].pledges));
	}
	return OK;
}

const struct publish_kind source_kind = { "source", publish_sources, publish_one_thing };
