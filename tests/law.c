/*
 * The law of imports: whatever was imported, held back, let out and taken back, in whatever order, what
 * readers see is what they would see of a new store that imported the remaining files in their order.
 *
 * Random sequences against it. A pool of overlapping files is drawn, then sequences of steps over it;
 * after each step public.db is compared with that of such a new store, row by row, and at the end of
 * a sequence core.db too, and what a rebuild makes. Some steps are not published at once, as when the
 * program is killed between writing and publishing.
 *
 *     TRIBUNE_SEED=N        draw as that run did
 *     TRIBUNE_SEQUENCES=N   how many (200)
 */
#define _GNU_SOURCE
#include "base/clock.h"
#include "base/map.h"
#include "chance.h"
#include "store.h"
#include "text/digest.h"

enum { POOL = 9, SEQUENCES_A_POOL = 20, STEPS = 12, LIST_MAX = STEPS * 2, ROWS_MOST = 8 };

/* --- The pool. */

/* Some of them are the same to the record: that is what the law is about. */
static const char *const texts[] = {
	"Ban corporal punishment of children",
	"ban corporal punishment of children.",
	"Ban  corporal punishment of Children ",
	"Ratify the Optional Protocol to the Convention against Torture",
	"Ratify the Optional Protocol to the Convention against Torture (OP-CAT)",
	"Abolish the death penalty",
	"Abolish the death penalty!",
	"Take measures against trafficking in women & girls",
	"Take measures against trafficking in women &amp; girls",
	"Ind\xC3\xA9pendance de la justice et de l'autorit\xC3\xA9",
	"Ind\xC3\x83\xC2\xA9pendance de la justice et de l'autorit\xC3\x83\xC2\xA9",
	"INDEPENDANCE DE LA JUSTICE ET DE L'AUTORITE",
};
static const char *const reviewed[] = { "France", "France", "Mali", "Atlantis" };
static const char *const recommending[] = { "Uruguay", "Finland", "Poland", "&#40;Unknown&#41;" };
static const char *const sessions[] = { "15", "15", "16" };
static const char *const responses[] = { "Supported", "Noted", "", "Accepted", "Rejected" };
static const char *const issues[] = { "Torture and other CID treatment", "Rights of the Child",
				      "Justice", "Detention", "Nonsense" };
static const char *const dates[] = { "2014", "2014-06-01", "2018-07-25", "2018-07-25", "2020" };
static const char *const publishers[] = { "", "", "HURIDOCS" };

struct item {
	str name, content;
	struct import_options options;
};

static void put_issues(buf *b, char separator)
{
	unsigned n = below(3);

	for (unsigned i = 0; i < n; i++) {
		if (i)
			buf_byte(b, separator);
		buf_put(b, str_of(PICK(issues)));
	}
}

static void put_2018(buf *b)
{
	buf_printf(b, "%s;;;%s;%s;;;%s;%u;", PICK(reviewed), PICK(texts), PICK(recommending),
		   PICK(responses), below(6));
	put_issues(b, ',');
	buf_printf(b, ";%s\r\n", PICK(sessions));
}

static void put_2014(buf *b, bool pledge)
{
	buf_printf(b, "%s,,,\"%s\",%s,,,%s,%u,\"", PICK(reviewed), PICK(texts), PICK(recommending),
		   pledge ? "Voluntary Pledge" : PICK(responses), below(6));
	put_issues(b, ',');
	buf_printf(b, "\",%s\r", PICK(sessions));
}

static void put_uwazi(buf *b)
{
	buf_printf(b, "%s,\"%s\",%s|%s,%s,\"", PICK(reviewed), PICK(texts), PICK(recommending),
		   PICK(recommending), PICK(responses));
	put_issues(b, '|');
	buf_printf(b, "\",%s\n", PICK(sessions));
}

static void put_own(buf *b)
{
	buf_printf(b, "%s\t%s\t%s;%s\t%s\t", PICK(reviewed), PICK(texts), PICK(recommending),
		   PICK(recommending), PICK(responses));
	put_issues(b, ';');
	buf_printf(b, "\t%s\t%u;%u\n", PICK(sessions), 1 + below(3), 1 + below(17));
}

static void put_file(buf *b, unsigned format)
{
	static const char *const heads[] = {
		"SuR;Rgrp;Org;Recommendation;RS;Rgrp;Org;Response;Action;Issue;Session\r\n",
		"To,To-Rgrp,To-Org,Text,From,From-Rgrp,From-Org,Response,Action,Issue,Session\r",
		"To,To-Rgrp,To-Org,Text,From,From-Rgrp,From-Org,Response,Action,Issue,Session\r",
		"state_under_review,recommendation,recommending_state,response,issues,session\n",
		"State under review\tText\tRecommending State\tResponse\tIssues\tSession\tSDGs\n",
	};
	unsigned rows = 1 + below(ROWS_MOST);

	buf_put(b, str_of(heads[format]));
	for (unsigned i = 0; i < rows; i++) {
		switch (format) {
		case 0: put_2018(b); break;
		case 1:
		case 2: put_2014(b, format == 2); break;
		case 3: put_uwazi(b); break;
		default: put_own(b); break;
		}
	}
}

static void draw_pool(arena *a, struct item *pool)
{
	for (unsigned i = 0; i < POOL; i++) {
		unsigned format = i < 5 ? i : below(5);
		buf b = buf_new(a, 1 << 16), name = buf_new(a, 32);

		put_file(&b, format);
		buf_printf(&name, "file-%u.csv", i);
		pool[i] = (struct item){ .name = buf_str(&name), .content = buf_str(&b) };
		pool[i].options.date = str_of(PICK(dates));
		pool[i].options.source = format == 4 ? S("HURIDOCS") : str_of(PICK(publishers));
		pool[i].options.sample = percent(12);
	}
}

/* --- Stores. */

/* What an import in force is: a file of the pool, and whether it is held back. */
struct force {
	unsigned item;
	bool held;
	int64_t id;
};

struct run {
	arena *a;
	const struct item *pool;
	struct store *store;
	struct force list[LIST_MAX];
	size_t n;
	buf story;       /* what was done, for a person who has to find out why */
	struct map *new; /* what new stores with certain files in them look like, as digests */
	bool published;  /* nothing waits to be published */
	str seen;        /* public.db when it was published last */
};

static str digest_text(arena *a, str text)
{
	return digest_base32(a, digest_of(text));
}

/* A new store that imported those files of LIST that are public, or all of them, in their order. */
static struct store *new_store(const struct run *run, bool held_too)
{
	struct store *s = store_new(store_record_kinds);
	arena *a = arena_new();

	for (size_t i = 0; i < run->n; i++) {
		const struct item *item = &run->pool[run->list[i].item];
		struct import_options options = item->options;
		struct import_file file = { item->name, store_file(item->content) };
		struct importing how = store_importing(s, &options);
		struct import_report *reports;
		struct import_trouble trouble;
		int64_t samples_out;

		options.keep_samples = true;
		options.hold = run->list[i].held;
		store_must((options.hold && !held_too) ||
				   import_files(&how, a, &file, 1, &reports, &samples_out,
						&trouble) == OK,
			   "a new store does not take a file again");
		close(file.fd);
	}
	store_must(store_publish(s) == OK, "a new store cannot be published");
	arena_free(a);
	return s;
}

/* What readers of such a store see, remembered: sequences come by the same sets of files again. */
static str new_public(struct run *run)
{
	buf key = buf_new(run->a, 1024);
	bool fresh;
	int64_t *at;

	for (size_t i = 0; i < run->n; i++)
		if (!run->list[i].held)
			buf_printf(&key, "%u ", run->list[i].item);
	at = map_put(run->a, run->new, buf_str(&key), &fresh);
	if (fresh) {
		struct store *s = new_store(run, false);
		arena *a = arena_new();

		*at = (int64_t)(uintptr_t)arena_cstr(run->a,
						     digest_text(a, store_dump(s, a, dump_public)));
		arena_free(a);
		store_free(s);
	}
	return str_of((const char *)(uintptr_t)*at);
}

/* --- Steps. */

static void forget_samples(struct run *run)
{
	size_t kept = 0;

	for (size_t i = 0; i < run->n; i++)
		if (!run->pool[run->list[i].item].options.sample)
			run->list[kept++] = run->list[i];
	run->n = kept;
}

static enum err import_one(struct run *run, arena *a, unsigned which, bool hold, bool keep)
{
	const struct item *item = &run->pool[which];
	struct import_options options = item->options;
	struct import_file file = { item->name, store_file(item->content) };
	struct importing how = store_importing(run->store, &options);
	struct import_report *reports;
	struct import_trouble trouble;
	int64_t samples_out;
	enum err e;

	options.hold = hold;
	options.keep_samples = keep;
	e = import_files(&how, a, &file, 1, &reports, &samples_out, &trouble);
	close(file.fd);
	buf_printf(&run->story, "# import %u%s%s\n", which, hold ? " held" : "",
		   keep ? " keeping samples" : "");
	if (e != OK)
		buf_printf(&run->story, "# refused: %" STR_F " %" STR_F "\n%" STR_F "\n",
			   STR_A(trouble.note.reason), STR_A(trouble.note.value),
			   STR_A(item->content));
	if (e == OK && !reports[0].same_as)
		run->list[run->n++] = (struct force){ which, hold, reports[0].import_id };
	if (e == OK && samples_out)
		forget_samples(run);
	return e;
}

/* Two files of which the second is no table: nothing of the first is stored either. */
static enum err import_bad(struct run *run, arena *a, unsigned which)
{
	const struct item *item = &run->pool[which];
	struct import_file files[] = { { item->name, store_file(item->content) },
				       { S("bad.csv"), store_file(S("no,such\ncolumns,here\n")) } };
	struct importing how = store_importing(run->store, &item->options);
	struct import_report *reports;
	struct import_trouble trouble;
	int64_t samples_out;
	enum err e = import_files(&how, a, files, 2, &reports, &samples_out, &trouble);

	close(files[0].fd);
	close(files[1].fd);
	buf_printf(&run->story, "# import %u and a file that is none\n", which);
	return e == E_INVALID ? OK : E_DB;
}

static enum err undo_one(struct run *run, arena *a, size_t which)
{
	static const struct import_options options;
	struct importing how = store_importing(run->store, &options);

	buf_printf(&run->story, "# undo %lld (file %u)\n", (long long)run->list[which].id,
		   run->list[which].item);
	TRY(import_undo(&how, a, run->list[which].id));
	run->n--;
	memmove(run->list + which, run->list + which + 1, (run->n - which) * sizeof *run->list);
	return OK;
}

static enum err release_one(struct run *run, arena *a, size_t which, bool keep)
{
	const struct import_options options = { .keep_samples = keep };
	struct importing how = store_importing(run->store, &options);
	int64_t samples_out;

	buf_printf(&run->story, "# publish %lld (file %u)%s\n", (long long)run->list[which].id,
		   run->list[which].item, keep ? " keeping samples" : "");
	TRY(import_release(&how, a, run->list[which].id, &samples_out));
	run->list[which].held = false;
	if (samples_out)
		forget_samples(run);
	return OK;
}

static enum err random_step(struct run *run, arena *a)
{
	unsigned dice = below(100), some = run->n ? below((unsigned)run->n) : 0;

	if (dice < 30 && run->n)
		return undo_one(run, a, some);
	if (dice < 50 && run->n && run->list[some].held)
		return release_one(run, a, some, percent(20));
	if (dice < 55)
		return import_bad(run, a, below(POOL));
	if (dice < 60) {
		buf_put(&run->story, S("# rebuild\n"));
		run->published = false; /* its version moves, whatever the rows do */
		return store_rebuild(run->store);
	}
	return import_one(run, a, below(POOL), percent(25), percent(30));
}

/* --- The law. */

static bool check(struct run *run, arena *a)
{
	str dump, digest;
	bool moved;

	if (store_publish(run->store) != OK) {
		buf_printf(&run->story, "# it cannot be published: %s; %s\n",
			   db_message(run->store->core.db), db_message(run->store->publish.db));
		return false;
	}
	dump = store_dump(run->store, a, dump_public);
	digest = arena_str(run->a, digest_text(a, dump));
	moved = !str_eq(digest, run->seen);
	if (!str_eq(digest, new_public(run))) {
		struct store *fresh = new_store(run, false);

		buf_put(&run->story, S("# readers see something else than in a new store\n"));
		dump_difference(&run->story, dump, store_dump(fresh, a, dump_public));
		store_free(fresh);
		return false;
	}
	/* Private work shows in no version: it moves when a public byte has moved, and only then. */
	if (run->published && run->seen.n && moved != run->store->moved) {
		buf_put(&run->story, moved ? S("# rows moved, the version did not\n")
					   : S("# the version moved, no row did\n"));
		return false;
	}
	run->seen = digest;
	run->published = true;
	return true;
}

/* core.db and a rebuilt public.db, at the end of a sequence. */
static bool check_end(struct run *run, arena *a)
{
	struct store *fresh = new_store(run, true);
	str is = store_dump(run->store, a, dump_core), should = store_dump(fresh, a, dump_core);
	bool good = str_eq(is, should);

	if (!good) {
		buf_put(&run->story, S("# core.db is not that of a new store\n"));
		dump_difference(&run->story, is, should);
	}
	store_free(fresh);
	if (good &&
	    (store_rebuild(run->store) != OK ||
	     !str_eq(digest_text(a, store_dump(run->store, a, dump_public)), new_public(run)))) {
		buf_put(&run->story, S("# a rebuilt public.db is not that of a new store\n"));
		good = false;
	}
	return good;
}

static bool run_sequence(arena *a, const struct item *pool, struct map *new, int64_t *ret_steps)
{
	struct run run = { .a = a,
			   .pool = pool,
			   .store = store_new(store_record_kinds),
			   .story = buf_new(a, 1 << 16),
			   .new = new };
	unsigned steps = 3 + below(STEPS - 2);
	bool good = true;

	for (unsigned i = 0; i < steps && good; i++) {
		arena *scratch = arena_new();

		enum err e = random_step(&run, scratch);

		good = e == OK;
		if (!good)
			buf_printf(&run.story, "# the step failed: %s; %s\n", err_text(e),
				   db_message(run.store->core.db));
		/* Now and then the program is killed before it has published. */
		if (good && percent(15))
			run.published = false;
		else
			good = good && check(&run, scratch);
		arena_free(scratch);
		++*ret_steps;
	}
	if (good) {
		arena *scratch = arena_new();

		good = check(&run, scratch) && check_end(&run, scratch);
		arena_free(scratch);
	}
	if (!good)
		printf("%" STR_F, STR_A(buf_str(&run.story)));
	store_free(run.store);
	return good;
}

int main(void)
{
	uint64_t seed = number_of("TRIBUNE_SEED", (uint64_t)clock_now());
	uint64_t sequences = number_of("TRIBUNE_SEQUENCES", 200);
	int64_t steps = 0;
	bool good = true;

	printf("# TRIBUNE_SEED=%llu\n", (unsigned long long)seed);
	store_trim();
	for (uint64_t i = 0; i < sequences && good; i += SEQUENCES_A_POOL) {
		struct item pool[POOL];
		arena *a = arena_new();
		struct map new = { 0 };

		chance_seed(seed + i);
		draw_pool(a, pool);
		for (uint64_t k = i; k < MIN(i + SEQUENCES_A_POOL, sequences) && good; k++)
			good = run_sequence(a, pool, &new, &steps);
		ok(good, "sequences %llu and on: as in a new store", (unsigned long long)i + 1);
		arena_free(a);
	}
	printf("# %lld steps\n", (long long)steps);
	return tap_done();
}
