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

/* What tells things of the voices apart where numbers and addresses, which are drawn, are left out: in the core
 * the editors' words for them, in public.db their titles and names. */
#define DUMP_VIDEO(id)  "(SELECT v.key FROM video v WHERE v.id = " id ")"
#define DUMP_PERSON(id) "(SELECT p.key FROM person p WHERE p.id = " id ")"
#define DUMP_HOUSE(id)  "(SELECT o.key FROM organisation o WHERE o.id = " id ")"
#define DUMP_SERIES(id) "(SELECT s.key FROM series s WHERE s.id = " id ")"
#define DUMP_SECTION(id)                                                                        \
	"(SELECT s.key || '/' || e.position FROM section e JOIN series s ON s.id = e.series_id" \
	" WHERE e.id = " id ")"
#define DUMP_POST(id)                                                                         \
	"(SELECT quote(p.key) || quote(o.key) || quote(t.state) || t.starts || '-' || t.ends" \
	" FROM post t JOIN person p ON p.id = t.person_id"                                    \
	" LEFT JOIN organisation o ON o.id = t.organisation_id WHERE t.id = " id ")"
#define DUMP_MOMENT(id)                                                                 \
	"(SELECT v.key || '/' || m.key FROM moment m JOIN video v ON v.id = m.video_id" \
	" WHERE m.id = " id ")"
#define DUMP_WHEN(kind, words) " WHEN '" kind "' THEN " words
#define DUMP_THING(id, video, moment, post, house, series, section)               \
	"CASE kind" DUMP_WHEN("video", video(id)) DUMP_WHEN("moment", moment(id)) \
		DUMP_WHEN("post", post(id)) DUMP_WHEN("organisation", house(id))  \
			DUMP_WHEN("series", series(id)) DUMP_WHEN("section", section(id)) " END"

#define DUMP_SAYS(kind, field, id)                                                           \
	"(SELECT group_concat(w.lang || ' ' || w.text) FROM wording w WHERE w.kind = '" kind \
	"' AND w.field = '" field "' AND w.thing = " id ")"
#define DUMP_SEEN_VIDEO(id)  DUMP_SAYS("video", "title", id)
#define DUMP_SEEN_HOUSE(id)  DUMP_SAYS("organisation", "name", id)
#define DUMP_SEEN_PERSON(id) "(SELECT p.name FROM person p WHERE p.id = " id ")"
#define DUMP_SEEN_POST(id)                                             \
	"(SELECT quote(" DUMP_SEEN_HOUSE(                              \
		"t.organisation_id") ") || quote(t.state) || t.starts" \
				     " || '-' || t.ends FROM post t WHERE t.id = " id ")"
#define DUMP_SEEN_MOMENT(id)                                                            \
	"(SELECT " DUMP_SEEN_VIDEO("m.video_id") " || '/' || m.starts || '-' || m.ends" \
						 " FROM moment m WHERE m.id = " id ")"

/* public.db as readers see it: versions move with every change, and numbers of things are internal. Addresses of
 * the voices are drawn, and the version of a track counts how often it came. */
static const struct dump_rule dump_public[] = {
	{ "edition", NULL, NULL, NULL },
	{ "kind_version", NULL, NULL, NULL },
	{ "recommendation", "id", NULL, NULL },
	{ "attribution", "recommendation_id",
	  "(SELECT r.code FROM recommendation r WHERE r.id = recommendation_id)", NULL },
	{ "statement", "recommendation_id",
	  "(SELECT r.code FROM recommendation r WHERE r.id = recommendation_id)", NULL },
	{ "wording", "thing",
	  DUMP_THING("wording.thing", DUMP_SEEN_VIDEO, DUMP_SEEN_MOMENT, DUMP_SEEN_POST,
		     DUMP_SEEN_HOUSE, DUMP_SERIES, DUMP_SECTION),
	  NULL },
	{ "subject", "thing",
	  DUMP_THING("subject.thing", DUMP_SEEN_VIDEO, DUMP_SEEN_MOMENT, DUMP_SEEN_POST,
		     DUMP_SEEN_HOUSE, DUMP_SERIES, DUMP_SECTION),
	  NULL },
	{ "person", "id", NULL, NULL },
	{ "person", "code", NULL, NULL },
	{ "organisation", "id", DUMP_SEEN_HOUSE("id"), NULL },
	{ "organisation", "code", NULL, NULL },
	{ "post", "id", NULL, NULL },
	{ "post", "organisation_id", DUMP_SEEN_HOUSE("organisation_id"), NULL },
	{ "video", "id", DUMP_SEEN_VIDEO("id"), NULL },
	{ "video", "code", NULL, NULL },
	{ "video", "digest", NULL, NULL },
	{ "speaker", "video_id", DUMP_SEEN_VIDEO("video_id"), NULL },
	{ "speaker", "person_id", DUMP_SEEN_PERSON("person_id"), NULL },
	{ "speaker", "post_id", DUMP_SEEN_POST("post_id"), NULL },
	{ "track", "video_id", DUMP_SEEN_VIDEO("video_id"), NULL },
	{ "track", "version", NULL, NULL },
	{ "medium", "video_id", DUMP_SEEN_VIDEO("video_id"), NULL },
	{ "moment", "id", NULL, NULL },
	{ "moment", "code", NULL, NULL },
	{ "moment", "video_id", DUMP_SEEN_VIDEO("video_id"), NULL },
	{ "series", "id", NULL, NULL },
	{ "section", "id", NULL, NULL },
	{ "section", "series_id", DUMP_SERIES("series_id"), NULL },
	{ "series_video", "series_id", DUMP_SERIES("series_id"), NULL },
	{ "series_video", "video_id", DUMP_SEEN_VIDEO("video_id"), NULL },
	{ "section_quote", "section_id", DUMP_SECTION("section_id"), NULL },
	{ "section_quote", "moment_id", DUMP_SEEN_MOMENT("moment_id"), NULL },
	{ "gone", "code", "'drawn'", NULL },
	{ NULL, NULL, NULL, NULL },
};

/* public.db byte by byte, but for the numbers that move with every change, and for the addresses that are gone: no page
 * shows these, and no version moves with them. */
__attribute__((unused)) static const struct dump_rule dump_public_exact[] = {
	{ "edition", NULL, NULL, NULL },
	{ "kind_version", NULL, NULL, NULL },
	{ "gone", NULL, NULL, NULL },
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
	{ "wording", "thing",
	  DUMP_THING("wording.thing", DUMP_VIDEO, DUMP_MOMENT, DUMP_POST, DUMP_HOUSE, DUMP_SERIES,
		     DUMP_SECTION),
	  NULL },
	{ "subject", "thing",
	  DUMP_THING("subject.thing", DUMP_VIDEO, DUMP_MOMENT, DUMP_POST, DUMP_HOUSE, DUMP_SERIES,
		     DUMP_SECTION),
	  NULL },
	{ "person", "id", NULL, NULL },
	{ "person", "code", NULL, NULL },
	{ "organisation", "id", NULL, NULL },
	{ "organisation", "code", NULL, NULL },
	{ "post", "id", NULL, NULL },
	{ "post", "person_id", DUMP_PERSON("person_id"), NULL },
	{ "post", "organisation_id", DUMP_HOUSE("organisation_id"), NULL },
	{ "video", "id", NULL, NULL },
	{ "video", "code", NULL, NULL },
	{ "video", "created", NULL, NULL },
	{ "consent", "video_id", DUMP_VIDEO("video_id"), NULL },
	{ "speaker", "video_id", DUMP_VIDEO("video_id"), NULL },
	{ "speaker", "person_id", DUMP_PERSON("person_id"), NULL },
	{ "speaker", "post_id", DUMP_POST("post_id"), NULL },
	{ "track", "id", NULL, NULL },
	{ "track", "video_id", DUMP_VIDEO("video_id"), NULL },
	{ "track", "version", NULL, NULL },
	{ "medium", "video_id", DUMP_VIDEO("video_id"), NULL },
	{ "moment", "id", NULL, NULL },
	{ "moment", "code", NULL, NULL },
	{ "moment", "video_id", DUMP_VIDEO("video_id"), NULL },
	{ "series", "id", NULL, NULL },
	{ "section", "id", NULL, NULL },
	{ "section", "series_id", DUMP_SERIES("series_id"), NULL },
	{ "series_video", "series_id", DUMP_SERIES("series_id"), NULL },
	{ "series_video", "video_id", DUMP_VIDEO("video_id"), NULL },
	{ "section_quote", "section_id", DUMP_SECTION("section_id"), NULL },
	{ "section_quote", "moment_id", DUMP_MOMENT("moment_id"), NULL },
	{ "withdrawal", "code", "'drawn'", NULL },
	{ NULL, NULL, NULL, NULL },
};

/* core.db row by row, but for the clock, for chance, and for what the publisher has still to do. */
static const struct dump_rule dump_core_exact[] = {
	{ "setting", NULL, NULL, "key NOT IN ('epoch', 'public-version')" },
	{ "change_log", NULL, NULL, NULL },
	{ "import", "created", NULL, NULL },
	{ "import", "undone", "undone IS NOT NULL", NULL },
	{ "video", "created", NULL, NULL },
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

/* Tells the lines that stand in one dump and not in the other. */
__attribute__((unused)) static void dump_difference(buf *story, str is, str should)
{
	while (is.n || should.n) {
		str x = is, y = should, one = str_cut(&x, '\n'), two = str_cut(&y, '\n');
		int order = !is.n ? 1 : !should.n ? -1 : str_cmp(one, two);

		if (order)
			buf_printf(story, "# %s %" STR_F "\n", order < 0 ? "is:     " : "should: ",
				   STR_A(order < 0 ? one : two));
		is = order <= 0 ? x : is;
		should = order >= 0 ? y : should;
	}
}

#endif
