#include "publish/publish.h"

#include "publish_publish_sql.h"
#include "publish_sql.h"
#include "text/digest.h"

enum err change_add(struct core *core, str kind, int64_t thing)
{
	return change_insert(core, kind, thing);
}

enum err publish_moved(struct publish_run *run, const struct publish_kind *kind)
{
	run->moved = true;
	return kind_put_version(run->out, str_of(kind->kind), run->version);
}

enum err publish_same(struct publish_run *run, const struct publish_kind *kind, str content,
		      bool *ret_same)
{
	str digest = digest_base32(run->a, digest_of(content));
	struct kind_get last;
	enum err e = kind_get(run->out, run->a, str_of(kind->kind), &last);

	if (e != OK && e != E_NOTFOUND)
		return e;
	*ret_same = e == OK && str_eq(last.digest, digest);
	if (*ret_same)
		return OK;
	run->moved = true;
	return kind_put_digest(run->out, str_of(kind->kind), run->version, digest);
}

void publish_line(buf *content, const str *fields, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		buf_put(content, fields[i]);
		buf_byte(content, i + 1 < n ? '\t' : '\n');
	}
}

enum err publish_one_thing(struct publish_run *run, int64_t **ret, size_t *ret_n)
{
	*ret = NEW(run->a, int64_t);
	*ret_n = 1;
	return OK;
}

/* The version of the public side; 0 when public.db is empty. */
static enum err version_of(struct publish *out, arena *a, int64_t *ret)
{
	struct edition_get edition;
	enum err e = edition_get(out, a, &edition);

	if (e == OK)
		*ret = edition.version;
	else if (e == E_NOTFOUND)
		*ret = 0;
	return e == E_NOTFOUND ? OK : e;
}

enum err core_setting(struct core *core, arena *a, str key, str *ret)
{
	struct setting_get row;
	enum err e = setting_get(core, a, key, &row);

	if (e == OK)
		*ret = row.value;
	return e;
}

enum err core_set(struct core *core, str key, str value)
{
	return setting_put(core, key, value);
}

enum err publish_layout(struct publish *out, arena *a, str *ret)
{
	struct kind_get row;

	/* A file without our tables has no layout either. */
	if (kind_get(out, a, S("layout"), &row) != OK)
		return E_NOTFOUND;
	*ret = row.digest;
	return OK;
}

enum err publish_set_layout(struct publish *out, str digest)
{
	TRY(db_begin(out->db));
	return db_finish(out->db, kind_put_digest(out, S("layout"), 0, digest));
}

/* The highest version ever published: it goes on from there when public.db is made anew, so that no
 * reader's copy of an older page passes for the new one. */
static enum err highest_version(struct publish_run *run, int64_t *ret)
{
	str text;
	enum err e = core_setting(run->core, run->a, S("public-version"), &text);

	if (e == E_NOTFOUND)
		*ret = 0;
	else if (e == OK && !str_to_i64(text, ret))
		return E_DB;
	return e == E_NOTFOUND ? OK : e;
}

enum err change_waits(struct core *core, arena *a, bool *ret)
{
	struct change_last last = { 0 };

	TRY(change_last(core, a, &last));
	*ret = last.id > 0;
	return OK;
}

enum err publish_is_behind(struct core *core, struct publish *out, bool *ret)
{
	arena *a = arena_new();
	struct change_last last = { 0 };
	int64_t version = 0;
	enum err e = change_last(core, a, &last);

	if (e == OK)
		e = version_of(out, a, &version);
	if (e == OK)
		*ret = last.id > 0 || version == 0;
	arena_free(a);
	return e;
}

/* The things of one kind that this run has to look at. */
static enum err things_of(struct publish_run *run, const struct publish_kind *kind, int64_t upto,
			  bool everything, int64_t **ret, size_t *ret_n)
{
	struct change_things *rows;
	int64_t *things;

	if (everything)
		return kind->all(run, ret, ret_n);
	TRY(change_things(run->core, run->a, str_of(kind->kind), upto, &rows, ret_n));
	if (!*ret_n && kind->follows) {
		TRY(change_things(run->core, run->a, str_of(kind->follows), upto, &rows, ret_n));
		if (*ret_n)
			return kind->all(run, ret, ret_n);
	}
	things = NEW_N(run->a, int64_t, *ret_n);
	for (size_t i = 0; i < *ret_n; i++)
		things[i] = rows[i].thing;
	*ret = things;
	return OK;
}

static enum err write_rows(struct publish_run *run, const struct publish_kind *const *kinds,
			   int64_t upto)
{
	bool everything;
	struct public seen = { .db = run->out->db };
	int64_t version, highest;
	str epoch;

	TRY(version_of(run->out, run->a, &version));
	TRY(highest_version(run, &highest));
	run->version = MAX(version, highest) + 1;
	run->moved = false;
	everything = version == 0;
	for (; *kinds; kinds++) {
		int64_t *things;
		size_t n;

		TRY(things_of(run, *kinds, upto, everything, &things, &n));
		if (n)
			TRY((*kinds)->things(run, *kinds, things, n));
	}
	if (!everything && !run->moved)
		return OK;
	TRY(core_setting(run->core, run->a, S("epoch"), &epoch));
	TRY(edition_put(run->out, run->version, epoch));
	run->moved = true;
	return run->ready ? run->ready(run->ready_arg, &seen) : OK;
}

static enum err remember(struct publish_run *run, int64_t upto)
{
	buf version = buf_new(run->a, 32);

	buf_i64(&version, run->version);
	if (run->moved)
		TRY(core_set(run->core, S("public-version"), buf_str(&version)));
	return change_forget(run->core, upto);
}

/* public.db is committed before the position in the core: after a crash between the two, the same
 * things are looked at again, and nothing moves. */
enum err publish_changes(struct publish_run *run, const struct publish_kind *const *kinds)
{
	struct change_last last;

	TRY(change_last(run->core, run->a, &last));
	TRY(db_begin(run->out->db));
	TRY(db_finish(run->out->db, write_rows(run, kinds, last.id)));
	if (last.id == 0 && !run->moved)
		return OK;
	TRY(db_begin(run->core->db));
	return db_finish(run->core->db, remember(run, last.id));
}
