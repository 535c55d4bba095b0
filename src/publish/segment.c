#include "publish/segment.h"

#include "publish/publish.h"
#include "publish_public_sql.h"

enum err public_layout(struct public *pub, arena *a, str *ret)
{
	struct kind_digest row;
	enum err e = kind_digest(pub, a, S("layout"), &row);

	*ret = e == OK ? row.digest : S("");
	return e == E_NOTFOUND ? OK : e;
}

enum err public_version(struct public *pub, int64_t *ret)
{
	arena *a = arena_new();
	struct edition_now row = { 0 };
	enum err e = edition_now(pub, a, &row);

	if (e == OK)
		*ret = row.version;
	arena_free(a);
	return e;
}

enum err public_belongs(struct public *pub, arena *a, str epoch, int64_t version, bool *ret)
{
	struct edition_now row = { 0 };
	enum err e = edition_now(pub, a, &row);

	*ret = e == OK && str_eq(row.epoch, epoch) && row.version >= version;
	return e == E_NOTFOUND ? OK : e;
}

/* The latest version at which a row of any of these kinds moved. */
static int64_t latest(const struct segment_kind *kind, const struct kind_versions *rows, size_t n)
{
	int64_t version = 0;

	for (const char *const *name = kind->kinds; *name; name++)
		for (size_t i = 0; i < n; i++)
			if (str_eq(rows[i].kind, str_of(*name)))
				version = MAX(version, rows[i].version);
	return version;
}

static enum err build_one(struct public *pub, const struct segment_kind *kind, void **so_far,
			  int64_t version, struct snapshot *s)
{
	arena *a = arena_new();
	enum err e = kind->build(pub, so_far, a, &so_far[kind->slot]);

	if (e != OK) {
		arena_free(a);
		return e;
	}
	snapshot_put(s, kind->slot, segment_new(a, so_far[kind->slot], kind->release, version));
	return OK;
}

static enum err build_all(struct public *pub, const struct segment_kind *const *kinds,
			  const struct snapshot *old, const struct kind_versions *rows, size_t n,
			  struct snapshot *s)
{
	void *so_far[SEGMENT_SLOTS] = { NULL };

	for (; *kinds; kinds++) {
		const struct segment_kind *kind = *kinds;
		int64_t version = latest(kind, rows, n);

		if (old && snapshot_segment_version(old, kind->slot) == version) {
			snapshot_share(s, kind->slot, old);
			so_far[kind->slot] = (void *)(uintptr_t)snapshot_segment(s, kind->slot);
		} else {
			TRY(build_one(pub, kind, so_far, version, s));
		}
		if (kind->flags)
			snapshot_set_flags(s, kind->flags(so_far[kind->slot]));
	}
	return OK;
}

enum err segments_build(struct public *pub, const struct segment_kind *const *kinds,
			const struct snapshot *old, struct snapshot **ret)
{
	arena *a = arena_new();
	struct edition_now edition = { 0 };
	struct kind_versions *rows = NULL;
	struct snapshot *s = NULL;
	size_t n = 0;
	enum err e = edition_now(pub, a, &edition);

	if (e == OK)
		e = kind_versions(pub, a, &rows, &n);
	if (e == OK) {
		s = snapshot_new(edition.version, edition.epoch);
		e = build_all(pub, kinds, old, rows, n, s);
	}
	arena_free(a);
	if (e == OK)
		*ret = s;
	else
		snapshot_release(s);
	return e;
}
