/*
 * All that a database holds, as text: a line a row, the rows of a table in the order of what they say.
 * Two stores that say the same have the same dump.
 */
#ifndef TESTS_DUMP_H
#define TESTS_DUMP_H

#include "base/base.h"
#include "db/db_impl.h"

/* What a dump does not take as it is. */
struct dump_rule {
	const char *table, *column; /* column NULL: the whole table is left out */
	const char *instead;        /* SQL that stands for the column; NULL: it is left out */
	const char *rows; /* with column NULL: the table is not left out, only these rows stay */
};

/* public.db as readers see it: versions move with every change, and numbers of things are internal. */
static const struct dump_rule dump_public[] = {
	{ "edition", NULL, NULL, NULL },
	{ "kind_version", NULL, NULL, NULL },
	{ "recommendation", "id", NULL, NULL },
	{ "attribution", "recommendation_id",
	  "(SELECT r.code FROM recommendation r WHERE r.id = recommendation_id)", NULL },
	{ "statement", "recommendation_id",
	  "(SELECT r.code FROM recommendation r WHERE r.id = recommendation_id)", NULL },
	{ NULL, NULL, NULL, NULL },
};

/* core.db as far as imports in force have made it what it is; how it came to that is left out. */
static const struct dump_rule dump_core[] = {
	{ "setting", NULL, NULL, NULL },
	{ "change_log", NULL, NULL, NULL },
	{ "import_note", NULL, NULL, NULL },
	{ "import", NULL, NULL, "undone IS NULL" },
	{ "import", "id", NULL, NULL },
	{ "import", "held", NULL, NULL },
	{ "import", "created", NULL, NULL },
	{ "import", "rows_added", NULL, NULL },
	{ "import", "rows_changed", NULL, NULL },
	{ "import", "rows_unchanged", NULL, NULL },
	{ "recommendation", "id", NULL, NULL },
	{ "source_row", "id", NULL, NULL },
	{ "source_row", "import_id",
	  "(SELECT count(*) FROM import i WHERE i.undone IS NULL AND i.id < import_id)", NULL },
	{ "source_row", "recommendation_id",
	  "(SELECT r.code FROM recommendation r WHERE r.id = recommendation_id)", NULL },
	{ NULL, NULL, NULL, NULL },
};

/* core.db row by row, but for the clock, for chance, and for what the publisher has still to do. */
static const struct dump_rule dump_core_exact[] = {
	{ "setting", NULL, NULL, "key NOT IN ('epoch', 'public-version')" },
	{ "change_log", NULL, NULL, NULL },
	{ "import", "created", NULL, NULL },
	{ "import", "undone", "undone IS NOT NULL", NULL },
	{ NULL, NULL, NULL, NULL },
};

/* The rows of one column of one query, to OUT. False when SQLite does not like it. */
static bool dump_query(sqlite3 *h, const char *sql, buf *out)
{
	sqlite3_stmt *st = NULL;
	int rc = sqlite3_prepare_v2(h, sql, -1, &st, NULL);

	while (rc == SQLITE_OK && (rc = sqlite3_step(st)) == SQLITE_ROW) {
		buf_put(out, str_of((const char *)sqlite3_column_text(st, 0)));
		buf_byte(out, '\n');
		rc = SQLITE_OK;
	}
	if (rc != SQLITE_DONE)
		printf("# dump: %s in %s\n", sqlite3_errmsg(h), sql);
	sqlite3_finalize(st);
	return rc == SQLITE_DONE;
}

static const struct dump_rule *dump_rule_of(const struct dump_rule *rules, str table, str column)
{
	for (; rules->table; rules++)
		if (str_eq(str_of(rules->table), table) && str_eq(str_of(rules->column), column))
			return rules;
	return NULL;
}

static bool dump_table(sqlite3 *h, const struct dump_rule *rules, str table, buf *out)
{
	arena *a = arena_new();
	const struct dump_rule *whole = dump_rule_of(rules, table, (str){ 0 });
	buf columns = buf_new(a, 1 << 16), sql = buf_new(a, 1 << 16), ask = buf_new(a, 256);
	bool good = true;

	if (whole && !whole->rows) {
		arena_free(a);
		return true;
	}
	buf_printf(&ask, "SELECT name FROM pragma_table_info('%" STR_F "') ORDER BY name",
		   STR_A(table));
	buf_byte(&ask, '\0');
	good = dump_query(h, ask.p, &columns);
	buf_printf(&sql, "SELECT '%" STR_F "'", STR_A(table));
	for (str rest = buf_str(&columns), name; (name = str_cut(&rest, '\n')).n;) {
		const struct dump_rule *rule = dump_rule_of(rules, table, name);

		if (rule && !rule->instead)
			continue;
		buf_put(&sql, S(" || '|' || quote("));
		buf_put(&sql, rule ? str_of(rule->instead) : name);
		buf_put(&sql, S(")"));
	}
	buf_printf(&sql, " FROM %" STR_F "%s%s ORDER BY 1", STR_A(table), whole ? " WHERE " : "",
		   whole ? whole->rows : "");
	buf_byte(&sql, '\0');
	good = good && sql.err == OK && dump_query(h, sql.p, out);
	arena_free(a);
	return good;
}

/* Ends the program when the database cannot be read: a test that compares two failures shows nothing. */
__attribute__((unused)) static void dump_db(struct db *db, const struct dump_rule *rules, buf *out)
{
	arena *a = arena_new();
	buf tables = buf_new(a, 1 << 16);
	enum db_may before = db->may;
	bool good;

	db->may = DB_MAY_ALL;
	good = dump_query(db->h,
			  "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name",
			  &tables);
	for (str rest = buf_str(&tables), name; good && (name = str_cut(&rest, '\n')).n;)
		good = dump_table(db->h, rules, name, out);
	db->may = before;
	if (!good || out->err != OK) {
		printf("Bail out! a database cannot be dumped\n");
		exit(1);
	}
	arena_free(a);
}

#endif
