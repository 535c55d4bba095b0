/*
 * The publisher: the only way from the core store to what readers see.
 *
 * It follows the change log. A change says which thing, never what: the publisher reads the present
 * state of that thing and replaces its public rows, so running it twice changes nothing, and a crash
 * in the middle costs a repetition. The public version moves only when a public byte moved; private
 * work shows in no version, ETag or cache.
 *
 * It runs on the thread that writes, after each command: a position in the core that is saved by a
 * second connection would be a second writer.
 */
#ifndef PUBLISH_PUBLISH_H
#define PUBLISH_PUBLISH_H

#include "base/base.h"
#include "db/db.h"

/* What a run has at hand. */
struct publish_run {
	struct core *core;
	struct publish *out;
	arena *a;        /* of the run */
	arena *scratch;  /* reset after every few things */
	int64_t version; /* the public version that this run makes, if anything moves */
	bool moved;
	bool (*cancelled)(void *arg);
	void *cancel_arg;
	void (*progress)(void *arg, int64_t done, int64_t total);
	void *progress_arg;
	/* Called when rows have moved, before they are committed: SEEN is what readers will see. May be
	 * NULL; an error takes everything back. */
	enum err (*ready)(void *arg, struct public *seen);
	void *ready_arg;
};

/* One kind of thing; the slices give the rows, main.c the table. Kinds come in the order in which
 * they are published. */
struct publish_kind {
	const char *kind; /* as in the change log */
	/* Replaces the public rows of THINGS, ascending and each once; says publish_moved when a row moved. */
	enum err (*things)(struct publish_run *run, const struct publish_kind *self,
			   const int64_t *things, size_t n);
	/* Every thing there is, for a rebuild and a first run. */
	enum err (*all)(struct publish_run *run, int64_t **ret, size_t *ret_n);
	/* Another kind that this one is made from too: when things of it change, all of this are looked at
	 * again. NULL: none. */
	const char *follows;
};

/* A kind says so for each row it wrote or removed. */
MUST enum err publish_moved(struct publish_run *run, const struct publish_kind *kind);

/* For small tables that are published whole: true when CONTENT, all of their rows in any fixed
 * spelling, is what was published last; otherwise remembers it. */
MUST enum err publish_same(struct publish_run *run, const struct publish_kind *kind, str content,
			   bool *ret_same);

/* A row of such a content: fields with tabs between, and a line end. */
void publish_line(buf *content, const str *fields, size_t n);

/* For kinds that have no things of their own: "all" is the one thing 0. */
MUST enum err publish_one_thing(struct publish_run *run, int64_t **ret, size_t *ret_n);

/* Brings the public side up to the change log, or fills an empty public.db, in one transaction.
 * run->moved says afterwards whether readers can see anything new. Not within a transaction. */
MUST enum err publish_changes(struct publish_run *run, const struct publish_kind *const *kinds);

/* True when public.db has never been filled, or is behind the change log. */
MUST enum err publish_is_behind(struct core *core, struct publish *out, bool *ret);

/* The core side of the change log: "look at this thing again". */
MUST enum err change_add(struct core *core, str kind, int64_t thing);

/* True when changes wait that the publisher has not looked at yet. */
MUST enum err change_waits(struct core *core, arena *a, bool *ret);

/* True when PUB was made from this CORE, by its latest publication. */
MUST enum err public_belongs(struct public *pub, arena *a, str epoch, int64_t version, bool *ret);

/* The version that a reader sees, within its transaction. */
MUST enum err public_version(struct public *pub, int64_t *ret);

/* The layout that public.db was made with, as a digest of its schema. */
MUST enum err publish_layout(struct publish *out, arena *a, str *ret);
MUST enum err public_layout(struct public *pub, arena *a, str *ret); /* empty: none is noted */
MUST enum err publish_set_layout(struct publish *out, str digest);

/* What the store remembers about itself: E_NOTFOUND when it does not. Keys: "epoch", a random word made
 * at init and at restore that stands in every ETag; "public-version"; "reference", a fingerprint. */
MUST enum err core_setting(struct core *core, arena *a, str key, str *ret);
MUST enum err core_set(struct core *core, str key, str value);

#endif
