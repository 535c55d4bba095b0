/* The functions that sqlc makes of the .sql files beside this one, run against their schema: what
 * they answer, and what they answer when SQLite's memory runs out at each allocation in turn. */
#include "tap.h"

#include "db/fault.h"
#include "db/migrate.h"
#include "sample_sql.h"
#include "sample_public_sql.h"
#include "sample_publish_sql.h"

static const char schema_file[] = "tests/tools/sqlc/ok/schema.sql";

static str read_all(arena *a, const char *name)
{
	FILE *f = fopen(name, "rb");
	char *p = arena_alloc(a, 64 * 1024);
	size_t n = f ? fread(p, 1, 64 * 1024, f) : 0;

	if (f)
		fclose(f);
	return (str){ p, n };
}

static struct core new_core(arena *a)
{
	struct migration schema = { 1, S("schema"), read_all(a, schema_file) };
	struct core core = { 0 };

	if (core_open(DB_MEMORY, &core) != OK || db_migrate(core.db, &schema, 1, DB_MEMORY) != OK) {
		printf("Bail out! no database\n");
		exit(1);
	}
	return core;
}

static enum err fill(struct core *core, arena *a)
{
	struct rec_add added;

	TRY(state_add(core, S("FRA"), S("France"), (str){ 0 }, (struct db_int){ .v = 250 },
		      (struct db_real){ .v = 643.8 }));
	TRY(state_add(core, S("SWZ"), S("Eswatini"), S("Swaziland"),
		      (struct db_int){ .null = true }, (struct db_real){ .null = true }));
	TRY(rec_add(core, a, S("AAA"), S("FRA"), S("SWZ"), 1, S("Prohibit corporal punishment"),
		    0.5, S("\0\1\2"), (str){ 0 }, &added));
	TRY(rec_add(core, a, S("BBB"), S("FRA"), (str){ 0 }, 1, S(""), 1, S(""), S("scan"),
		    &added));
	return tag_add(core, added.id, S("media"));
}

static void test_one(struct core *core, arena *a)
{
	struct state_by_code s = { 0 };
	struct rec_by_id r = { 0 };
	struct rec_count n;
	struct rec_sur_name name;
	struct rec_text text;

	is_ok(state_by_code(core, a, S("FRA"), &s), "one: a row");
	eq_str(s.name, S("France"), "its text");
	ok(!s.former.p, "NULL text");
	ok(!s.m49.null && s.m49.v == 250, "a number that may be NULL");
	ok(!s.area.null && s.area.v > 643 && s.area.v < 644, "a real that may be NULL");
	is_ok(state_by_code(core, a, S("SWZ"), &s), "another row by the same statement");
	ok(s.m49.null && s.area.null, "NULL numbers");
	eq_str(s.former, S("Swaziland"), "text where NULL may be");
	s.code = S("kept");
	eq_int(state_by_code(core, a, S("XXX"), &s), E_NOTFOUND, "no row");
	eq_str(s.code, S("kept"), "which leaves the result alone");

	is_ok(rec_by_id(core, a, 1, &r), "every type");
	eq_str(r.hash, S("\0\1\2"), "bytes, with a zero among them");
	ok(!r.scan.p && r.rs.p && r.weight == 0.5, "NULL bytes, text, real");
	is_ok(rec_by_id(core, a, 2, &r), "the second one");
	ok(r.body.p && !r.body.n && r.hash.p && !r.hash.n, "empty is not NULL");
	eq_str(r.scan, S("scan"), "bytes where NULL may be");
	ok(!r.rs.p, "a parameter bound to NULL");

	is_ok(rec_count(core, a, S("FRA"), &n), "expressions");
	ok(n.n == 2 && !n.last.null && n.mean.v == 0.75 && n.first.p && n.scan.p,
	   "with their types");
	is_ok(rec_count(core, a, S("XXX"), &n), "expressions over nothing");
	ok(n.n == 0 && n.last.null && n.mean.null && !n.first.p && !n.scan.p, "are NULL");
	is_ok(rec_sur_name(core, a, 1, &name), "a query within a query");
	eq_str(name.name, S("France"), "its answer");
	is_ok(rec_text(core, a, S("it's"), &text), "one parameter in two places");
	eq_str(text.both, S("it's \"a\" \\ it's"), "and C's own signs in SQL");
	is_ok(rec_text(core, a, (str){ 0 }, &text), "a view without a pointer");
	eq_str(text.both, S(" \"a\" \\ "), "is empty text, not NULL");
}

static void test_promises(struct core *core, arena *a)
{
	struct rec_last last = { .last = 7 };
	struct rec_any any = { .id = 7 };

	eq_int(rec_last(core, a, S("XXX"), &last), E_DB, "NULL where none may be is an error");
	ok(strstr(db_message(core->db), "last__int is NULL"), "that names the column");
	ok(last.last == 7, "and leaves the result alone");
	eq_int(rec_any(core, a, S("FRA"), &any), E_DB, "two rows from a query of one");
	ok(any.id == 7, "leave the result alone");
	is_ok(rec_last(core, a, S("FRA"), &last), "the statement is good for another try");
}

static void test_many(struct core *core, arena *a)
{
	struct rec_by_sur *recs = NULL;
	struct rec_with_rs *with;
	struct rec_steps *steps;
	size_t n = 7;

	is_ok(rec_by_sur(core, a, S("FRA"), 1, &recs, &n), "many");
	ok(n == 2 && recs[0].id == 1 && recs[1].id == 2, "its rows in order");
	is_ok(rec_by_sur(core, a, S("FRA"), 9, &recs, &n), "many of none");
	eq_int(n, 0, "is none");
	is_ok(rec_with_rs(core, a, S("FRA"), &with, &n), "an outer join");
	ok(n == 2 && with[0].rs_name.p && with[0].rs_m49.null && !with[1].rs_name.p &&
		   with[1].rs_m49.null,
	   "makes NULL what its table declares NOT NULL");
	is_ok(rec_steps(core, a, 5000, &steps, &n), "many, grown many times");
	ok(n == 5000 && steps[0].i == 1 && steps[4999].i == 5000, "whole");
}

static void test_each(struct core *core)
{
	struct rec_each_cursor c = rec_each_open(core), inner;
	struct rec_each r = { 0 }, s = { 0 };

	ok(rec_each_next(&c, &r) && str_eq(r.body, S("Prohibit corporal punishment")),
	   "each: first");
	inner = rec_each_open(core);
	ok(rec_each_next(&inner, &s) && s.id == 1, "a second cursor of the same query");
	ok(rec_each_next(&inner, &s) && s.id == 2, "goes its own way");
	ok(rec_each_next(&c, &r) && r.id == 2 && r.body.p && r.body.n == 0, "each: second");
	ok(!rec_each_next(&c, &r) && r.id == 2, "each: the end");
	ok(!rec_each_next(&c, &r), "which stays the end");
	eq_int(db_cursor_count(core->db), 2, "both are open");
	is_ok(rec_each_close(&inner), "closed before its end");
	is_ok(rec_each_close(&c), "closed at its end");
	eq_int(db_cursor_count(core->db), 0, "none is left open");

	is_ok(db_begin(core->db), "a transaction");
	c = rec_each_open(core);
	ok(rec_each_next(&c, &r), "a cursor in it");
	is_ok(db_commit(core->db), "whose end");
	ok(!rec_each_next(&c, &r), "ends the cursor");
	eq_int(rec_each_close(&c), E_DB, "and says so");
}

static void test_exec(struct core *core, arena *a)
{
	struct rec_by_id r;
	int64_t n = 7;

	is_ok(rec_set_body(core, S("FRA"), S("Ratify OP-CAT"), &n), "exec-changes");
	eq_int(n, 2, "two rows");
	is_ok(rec_set_body(core, S("XXX"), S(""), &n), "exec-changes of nothing");
	eq_int(n, 0, "no row");
	is_ok(rec_put(core, S("AAA"), S("FRA"), 1, S("Ratify CEDAW"), S("x")), "exec");
	is_ok(rec_by_id(core, a, 1, &r), "after it");
	eq_str(r.body, S("Ratify CEDAW"), "the row is changed");
	eq_int(tag_add(core, 999, S("media")), E_CONFLICT, "a foreign key holds");
	eq_int(rec_put(core, S("CCC"), S("FRA"), 0, S(""), S("")), E_CONFLICT, "a CHECK holds");
	eq_int(tag_add(core, 2, S("media")), E_CONFLICT, "a primary key holds");
	eq_int(rec_remove(core, 2, &n), E_CONFLICT, "a row that others need stays");
	eq_int(n, 0, "and the result is left alone");
}

/* One round of everything, with the answers counted. */
struct round {
	enum err e[6];
	size_t many, each;
	bool whole;
};

static struct round run_round(struct core *core, arena *a)
{
	struct round r = { 0 };
	struct rec_by_id one = { 0 };
	struct rec_steps *steps = NULL;
	struct rec_each_cursor c;
	struct rec_each row;
	struct rec_count count = { 0 };

	r.e[0] = rec_by_id(core, a, 1, &one);
	r.e[1] = rec_steps(core, a, 40, &steps, &r.many);
	c = rec_each_open(core);
	r.whole = true;
	while (rec_each_next(&c, &row)) {
		r.each++;
		r.whole &= row.id > 0 && row.body.p && row.hash.p;
	}
	r.e[2] = rec_each_close(&c);
	r.e[3] = rec_set_body(core, S("FRA"), S("changed"), &(int64_t){ 0 });
	r.e[4] = rec_count(core, a, S("FRA"), &count);
	r.e[5] = rec_put(core, S("AAA"), S("FRA"), 1, S("put"), S("x"));
	r.whole &= r.e[0] != OK || (one.id == 1 && one.hash.p);
	r.whole &= r.e[1] != OK || r.many == 40;
	r.whole &= r.e[2] != OK || r.each == 2;
	r.whole &= r.e[4] != OK || count.n == 2;
	return r;
}

/* The Nth allocation fails: a call says OK and is whole, or says E_NOMEM; the next round works. */
static void test_memory(void)
{
	long points = 0, said = 0, wrong = 0, leaks = 0, hit = 1;

	for (long n = 1; hit; n++) {
		arena *a = arena_new();
		int64_t before = db_fault_memory_used();
		struct core core = new_core(a);
		struct round r;
		bool failed = false;

		wrong += fill(&core, a) != OK;
		db_fault_memory_at(n);
		r = run_round(&core, a);
		hit = db_fault_memory_at(0);
		for (size_t i = 0; i < COUNT_OF(r.e); i++) {
			failed |= r.e[i] != OK;
			wrong += r.e[i] != OK && r.e[i] != E_NOMEM;
		}
		points += hit;
		said += failed;
		wrong += !r.whole || (failed && !hit);
		wrong += db_cursor_count(core.db) != 0 || db_in_transaction(core.db);
		r = run_round(&core, a);
		for (size_t i = 0; i < COUNT_OF(r.e); i++)
			wrong += r.e[i] != OK;
		wrong += !r.whole;
		core_close(&core);
		arena_free(a);
		leaks += db_fault_memory_used() != before;
	}
	printf("# %ld allocations failed, %ld reported\n", points, said);
	ok(points > 50, "many allocations failed");
	ok(said > 0 && said <= points, "they were reported, but those SQLite does without");
	eq_int(wrong, 0, "no call answered wrongly, no connection was spoilt");
	eq_int(leaks, 0, "no memory was lost");
}

static void test_other_sides(arena *a)
{
	char path[] = "/tmp/tribune-test-XXXXXX";
	struct migration schema = { 1, S("schema"), read_all(a, schema_file) };
	struct publish publish = { 0 };
	struct public public = { 0 };
	struct shown_like *like = NULL;
	struct shown_list *list = NULL;
	size_t n = 0;
	char name[64];

	if (!mkdtemp(path))
		exit(1);
	snprintf(name, sizeof name, "%s/public.db", path);
	is_ok(publish_open(str_of(name), &publish), "the publisher's side");
	is_ok(db_migrate(publish.db, &schema, 1, str_of(name)), "its schema");
	is_ok(shown_put(&publish, S("FRA"), S("France")), "publishes");
	is_ok(public_open(str_of(name), &public), "the readers' side");
	is_ok(shown_like(&public, a, S("fr%"), &like, &n), "reads");
	ok(n == 1 && str_eq(like[0].name, S("France")), "what was published");
	is_ok(shown_list(&public, a, S("[\"FRA\", \"XXX\"]"), &list, &n), "a list as JSON");
	ok(n == 1 && str_eq(list[0].code, S("FRA")), "finds those that are there");
	public_close(&public);
	publish_close(&publish);
	ok(remove(name) == 0 && remove(path) == 0, "nothing else is left in the folder");
}

int main(void)
{
	arena *a = arena_new();
	struct core core;

	is_ok(db_fault_memory_install(), "allocations can be made to fail");
	core = new_core(a);
	is_ok(fill(&core, a), "rows to ask for");
	test_one(&core, a);
	test_promises(&core, a);
	test_many(&core, a);
	test_each(&core);
	test_exec(&core, a);
	core_close(&core);
	test_other_sides(a);
	test_memory();
	arena_free(a);
	return tap_done();
}
