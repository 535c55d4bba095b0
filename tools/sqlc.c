/*
 * sqlc: proves the named queries of one .sql file against the schema and writes them as C functions.
 *
 *     sqlc SIDE IN.sql OUT.h OUT.c SCHEMA.sql...        SIDE: core, public or publish
 *
 * docs/queries.md explains the language. The way of a query, in reading order:
 *
 *     tokenise, parse_query   text -> struct query: comment, header, statement
 *     check_words             what this side may not say
 *     prepare                 SQLite finds unknown tables and columns
 *     check_params            declared and used
 *     derive_columns          the C type of each column, from the declared types of the schema
 *     check_plan              no full table scan without a reason
 *     put_query               struct, prototype and function, from the templates at the end
 *
 * The first thing that is wrong ends the run with "file:line: what is wrong".
 */
#include <sqlite3.h>

#include "tool.h"

enum { ONE, MANY, EACH, EXEC, EXEC_CHANGES, KINDS };

/* The types of the language. In each pair the second may be NULL. */
enum { IN_HEADER, IN_NAME, IN_SCHEMA, SPELLINGS, TYPES = 8, NO_TYPE = -1 };

static const struct {
	const char *spelling[SPELLINGS]; /* the second is also the end of the runtime's functions */
	const char *c, *note;
} types[TYPES] = {
	{ { "int", "int", "INTEGER" }, "int64_t ", "" },
	{ { "int?", "int_null", "" }, "struct db_int ", "" },
	{ { "real", "real", "REAL" }, "double ", "" },
	{ { "real?", "real_null", "" }, "struct db_real ", "" },
	{ { "text", "text", "TEXT" }, "str ", "" },
	{ { "text?", "text_null", "" }, "str ", " /* NULL: p == NULL */" },
	{ { "blob", "blob", "BLOB" }, "str ", " /* bytes */" },
	{ { "blob?", "blob_null", "" }, "str ", " /* bytes; NULL: p == NULL */" },
};

struct token {
	enum { WORD, PARAM, LITERAL, COMMENT, MARK, END } kind;
	str text;
	int line, depth; /* depth of parentheses, which both count as inside */
};

struct variable { /* a parameter or a column */
	const char *name;
	int type;
	int at; /* SQLite's number; of a parameter 0 until it is seen */
};

struct query {
	char name[64];
	int kind;
	int line;                                     /* of the header */
	const struct token *contract, *header, *body; /* comment, header, and behind the header */
	const struct token *first, *end;              /* the statement and its semicolon */
	str sql;                                      /* without the semicolon */
	const struct token *excuse;                   /* the comment "scan-ok: reason", or NULL */
	sqlite3_stmt *st;
	VEC(struct variable) params, columns;
};

struct sqlc {
	arena *a;
	const char *side, *in; /* in: the file that is read now */
	sqlite3 *h;
	VEC(struct token) tokens;
	const struct token *at; /* what is not parsed yet */
	VEC(const char *) names;
	buf header, code;
};

#define fail(c, line, ...) tool_fail((c)->in, (line), __VA_ARGS__)

static int count_lines(str s)
{
	int n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += s.p[i] == '\n';
	return n;
}

/* The place of WORD in a list of words with spaces between; -1: not there. */
static int place_in(const char *list, str word)
{
	str rest = str_of(list);

	for (int i = 0; rest.p; i++)
		if (str_eq_nocase(str_cut(&rest, ' '), word))
			return i;
	return -1;
}

#define LOWER      "abcdefghijklmnopqrstuvwxyz0123456789_"
#define WORD_BYTES LOWER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

/* A name for C and SQL alike: rec_by_id. */
static bool is_name(const char *s)
{
	return *s >= 'a' && *s <= 'z' && !s[strspn(s, LOWER)];
}

static bool token_is(const struct token *t, const char *words)
{
	return (t->kind == WORD || t->kind == MARK) && place_in(words, t->text) >= 0;
}

static int type_of(str word, int where)
{
	for (int i = 0; i < TYPES; i++)
		if (word.n && str_eq(word, str_of(types[i].spelling[where])))
			return i;
	return NO_TYPE;
}

/* --- Reading the file. */

static size_t token_length(const char *p, struct token *t)
{
	bool line = !strncmp(p, "--", 2), block = !strncmp(p, "/*", 2);
	const char *end;

	if (line || block || *p == '\'' || *p == '"') {
		t->kind = line || block ? COMMENT : LITERAL;
		end = line ? strchr(p, '\n') : block ? strstr(p + 2, "*/") : strchr(p + 1, *p);
		return end ? (size_t)(end - p) + (line ? 0 : block ? 2 : 1) : strlen(p);
	}
	t->kind = strchr(WORD_BYTES, *p) ? WORD : strchr(":?@$", *p) ? PARAM : MARK;
	return t->kind == MARK ? 1 : 1 + strspn(p + 1, WORD_BYTES);
}

static void tokenise(struct sqlc *c, str at)
{
	int line = 1, depth = 0;
	struct token *t;

	do {
		for (; at.n && strchr(" \t\r\n", at.p[0]); at = str_from(at, 1))
			line += at.p[0] == '\n';
		t = vec_add(c->a, &c->tokens);
		*t = (struct token){ .kind = END, .text = at, .line = line };
		if (at.n)
			t->text = str_to(at, token_length(at.p, t));
		depth += token_is(t, "(");
		t->depth = depth;
		depth = token_is(t, ";") ? 0 : depth - token_is(t, ")");
		line += count_lines(t->text);
		at = str_from(at, t->text.n);
	} while (t->kind != END);
	c->at = c->tokens.p;
}

/* "-- kind: name(" */
static bool is_header(const struct token *t, char kind[16], char name[64])
{
	char open[2];

	return t->kind == COMMENT &&
	       sscanf(t->text.p, "-- %15[a-z-]: %63[a-z0-9_]%1[(]", kind, name, open) == 3;
}

/* "code text, note text?", perhaps over several comment lines. */
static void parse_params(struct sqlc *c, struct query *q, str list)
{
	while (str_trim(list).n) {
		str type = str_trim(str_cut(&list, ','));
		struct variable p = { 0 };

		type = str_starts(type, S("--")) ? str_trim(str_from(type, 2)) : type;
		p.name = arena_cstr(c->a, str_cut(&type, ' '));
		p.type = type_of(str_trim(type), IN_HEADER);
		if (!is_name(p.name) || p.type == NO_TYPE)
			fail(c, q->line,
			     "parameter '%s': a name and int, text, real or blob, ? if NULL may be",
			     p.name);
		vec_each (struct variable, other, &q->params)
			if (!strcmp(p.name, other->name))
				fail(c, q->line, "parameter %s is declared twice", p.name);
		*vec_add(c->a, &q->params) = p;
	}
}

/* Answers the token behind the header that begins at T. */
static const struct token *parse_header(struct sqlc *c, struct query *q, const struct token *t)
{
	str text = { t->text.p, 0 };

	q->line = t->line;
	vec_each (const char *, other, &c->names)
		if (!strcmp(*other, q->name))
			fail(c, q->line, "a second query named %s", q->name);
	*vec_add(c->a, &c->names) = arena_cstr(c->a, str_of(q->name));
	for (; str_find_byte(t->text, ')') == STR_NONE; t++)
		if (t[1].kind != COMMENT)
			fail(c, q->line, "%s: the header has no )", q->name);
	text.n = (size_t)(t->text.p + t->text.n - text.p);
	str_cut(&text, '(');
	parse_params(c, q, str_cut(&text, ')'));
	return t + 1;
}

/* False at the end of the file. A blank line parts a comment from the query below it. */
static bool parse_query(struct sqlc *c, struct query *q)
{
	const struct token *t = c->at;
	char kind[16], next[64];

	q->contract = t;
	for (; t->kind == COMMENT && !is_header(t, kind, q->name); t++)
		if (t[1].line > t->line + 1)
			q->contract = t + 1;
	if (t->kind == END)
		return false;
	if (t->kind != COMMENT)
		fail(c, t->line, "a statement without its own header, -- kind: name()");
	q->kind = place_in("one many each exec exec-changes", str_of(kind));
	if (q->kind < 0)
		fail(c, t->line, "kind '%s': it is one, many, each, exec or exec-changes", kind);
	q->header = t;
	t = q->body = parse_header(c, q, t);
	while (str_starts(t->text, S("--")) && !is_header(t, kind, next))
		t++;
	for (q->first = t; !token_is(t, ";"); t++)
		if (t->kind == END || is_header(t, kind, next))
			fail(c, q->line, "%s: the statement has no ; at its end", q->name);
	q->end = t;
	q->sql = str_trim((str){ q->first->text.p, (size_t)(t->text.p - q->first->text.p) });
	c->at = t + 1;
	return true;
}

/* --- What a side may say. */

static bool is_side(const struct sqlc *c, const char *side)
{
	return !strcmp(c->side, side);
}

/* What PostgreSQL does not know or reads differently, on the core side (docs/queries.md). */
static const struct {
	const char *words, *next, *instead;
} not_in_core[] = {
	{ "like glob", "", "compare folded text, or search the index" },
	{ "nocase", "", "store the folded text too" },
	{ "rowid autoincrement", "", "name the INTEGER PRIMARY KEY" },
	{ "date datetime strftime julianday", "(", "compute dates in C" },
	{ "or", "replace ignore", "write ON CONFLICT (...) DO" },
};

static void check_words(struct sqlc *c, struct query *q)
{
	const struct token *t = q->first;

	while (t->kind == COMMENT)
		t++;
	if (!token_is(t, "select with insert update delete"))
		fail(c, t->line, "a query is SELECT, INSERT, UPDATE, DELETE or WITH");
	for (t = q->first; t < q->end; t++) {
		if (t->depth == 0 && token_is(t, "*") && token_is(t - 1, "select , ."))
			fail(c, t->line, "name the columns instead of *");
		for (size_t i = 0;
		     (is_side(c, "core") || is_side(c, "shared")) && i < COUNT_OF(not_in_core); i++)
			if (token_is(t, not_in_core[i].words) &&
			    (!*not_in_core[i].next || token_is(t + 1, not_in_core[i].next)))
				fail(c, t->line, "%" STR_F " is not for the core side: %s",
				     STR_A(t->text), not_in_core[i].instead);
		if (t->kind == COMMENT && str_find(t->text, S("scan-ok")) != STR_NONE)
			q->excuse = t;
	}
}

/* --- What SQLite says. */

static sqlite3_stmt *prepare(struct sqlc *c, int line, const char *sql, const char **ret_rest)
{
	sqlite3_stmt *st = NULL;
	int at;

	if (sqlite3_prepare_v2(c->h, sql, -1, &st, ret_rest) == SQLITE_OK)
		return st;
	at = MAX(0, sqlite3_error_offset(c->h));
	fail(c, line + count_lines((str){ sql, (size_t)at }), "%s", sqlite3_errmsg(c->h));
}

static void check_kind(struct sqlc *c, const struct query *q)
{
	bool exec = q->kind == EXEC || q->kind == EXEC_CHANGES;

	if ((is_side(c, "public") || is_side(c, "shared")) && !sqlite3_stmt_readonly(q->st))
		fail(c, q->first->line, "%s: the %s side only reads", q->name, c->side);
	if (exec == (sqlite3_column_count(q->st) > 0))
		fail(c, q->line, "%s: its kind is %s", q->name,
		     exec ? "one, many or each: it answers rows" : "exec: it answers no rows");
}

static void check_params(struct sqlc *c, struct query *q)
{
	for (const struct token *t = q->first; t < q->end; t++) {
		const char *used = arena_cstr(c->a, t->text);
		bool declared = t->kind != PARAM;

		vec_each (struct variable, p, &q->params)
			if (!declared && *used == ':' && !strcmp(used + 1, p->name)) {
				p->at = sqlite3_bind_parameter_index(q->st, used);
				declared = true;
			}
		if (!declared)
			fail(c, t->line, "parameter %s is not declared", used);
	}
	vec_each (struct variable, p, &q->params)
		if (!p->at)
			fail(c, q->line, "parameter %s is not used", p->name);
}

/* --- The type of each column. */

/* Whether the columns of TABLE may be NULL though declared NOT NULL: it is joined from outside. */
static bool is_outer_joined(const struct query *q, const char *table)
{
	for (const struct token *t = q->first; t < q->end; t++)
		if (token_is(t, "right full") ||
		    (token_is(t, "join") && token_is(t - 1, "left outer") &&
		     (token_is(t + 1, "(") || token_is(t + 1, table))))
			return true;
	return false;
}

/* Whether column I holds a SELECT of its own, which may find nothing. */
static bool is_subquery(const struct query *q, int i)
{
	enum { NOWHERE = -1000 };
	int column = NOWHERE; /* of the list of results that we are in */

	for (const struct token *t = q->first; t < q->end; t++)
		if (t->depth == 0 && token_is(t, "select returning"))
			column = 0;
		else if (t->depth == 0 && token_is(t, "from"))
			column = NOWHERE;
		else if (t->depth == 0 && token_is(t, ","))
			column++;
		else if (column == i && token_is(t, "select"))
			return true;
	return false;
}

static int type_in_schema(struct sqlc *c, const struct query *q, int i)
{
	const char *table = sqlite3_column_table_name(q->st, i);
	const char *column = sqlite3_column_origin_name(q->st, i);
	int type = type_of(str_of(sqlite3_column_decltype(q->st, i)), IN_SCHEMA), not_null, key;

	if (type == NO_TYPE || is_subquery(q, i) ||
	    sqlite3_table_column_metadata(c->h, 0, table, column, 0, 0, &not_null, &key, 0))
		return NO_TYPE;
	return (not_null || key) && !is_outer_joined(q, table) ? type : type + 1;
}

static void derive_columns(struct sqlc *c, struct query *q)
{
	for (int i = 0; i < sqlite3_column_count(q->st); i++) {
		str full = str_of(sqlite3_column_name(q->st, i));
		size_t cut = str_find(full, S("__"));
		str suffix = str_from(full, cut == STR_NONE ? full.n : cut + 2);
		struct variable v = { arena_cstr(c->a, str_to(full, cut)), NO_TYPE, i };

		v.type = suffix.n ? type_of(suffix, IN_NAME) : type_in_schema(c, q, i);
		if (v.type == NO_TYPE || !is_name(v.name))
			fail(c, q->line,
			     "column %s: name its type, AS name__int, __text, __real, __blob or "
			     "..._null",
			     full.p);
		*vec_add(c->a, &q->columns) = v;
	}
}

/* --- The plan. */

struct plan {
	VEC(str) subqueries;
	VEC(int) loops; /* the parent of each; the second of one parent is an inner loop */
};

/* Whether a step reads every row of a table, reads a subquery again and again, or makes an index for
 * this one use. A subquery in the outermost loop is read once, and that is what it is for. */
static bool is_scan(struct sqlc *c, struct plan *plan, int parent, str step)
{
	str rest = step, verb = str_cut(&rest, ' '), what = str_cut(&rest, ' ');
	bool inner = false, subquery = false;

	if (str_eq(verb, S("CO-ROUTINE")) || str_eq(verb, S("MATERIALIZE")))
		*vec_add(c->a, &plan->subqueries) = what;
	if (!str_eq(verb, S("SCAN")) && !str_eq(verb, S("SEARCH")))
		return false;
	vec_each (int, other, &plan->loops)
		inner |= *other == parent;
	*vec_add(c->a, &plan->loops) = parent;
	if (str_eq(verb, S("SEARCH")))
		return str_starts(rest, S("USING AUTOMATIC"));
	vec_each (str, name, &plan->subqueries)
		subquery |= str_eq(*name, what);
	return (inner || !subquery) && str_find(step, S("CONSTANT ROW")) == STR_NONE &&
	       !str_starts(rest, S("VIRTUAL TABLE"));
}

static void check_plan(struct sqlc *c, const struct query *q)
{
	char *sql = sqlite3_mprintf("EXPLAIN QUERY PLAN %.*s", (int)q->sql.n, q->sql.p);
	sqlite3_stmt *st = prepare(c, q->line, sql, NULL);
	str scan = { 0 }, reason = q->excuse ? q->excuse->text : (str){ 0 };
	struct plan plan = { 0 };

	while (sqlite3_step(st) == SQLITE_ROW) {
		str step = arena_str(c->a, str_of((const char *)sqlite3_column_text(st, 3)));

		if (is_scan(c, &plan, sqlite3_column_int(st, 1), step))
			scan = step;
	}
	sqlite3_finalize(st);
	sqlite3_free(sql);
	if (scan.p && !q->excuse)
		fail(c, q->first->line,
		     "%s: full table scan (%s): add an index, or /* scan-ok: why */", q->name,
		     scan.p);
	if (q->excuse && !scan.p)
		fail(c, q->excuse->line, "scan-ok, but nothing is scanned: take it out");
	str_cut(&reason, ':');
	if (q->excuse && str_trim(reason).n < sizeof "why */")
		fail(c, q->excuse->line, "scan-ok wants a reason: /* scan-ok: why */");
}

/* --- The C code: templates in which $ and a letter stand for a piece of the query. */

static void put(struct sqlc *c, buf *o, const struct query *q, const char *text);

static const char *const prototypes[KINDS] = {
	[ONE] = "enum err $N(struct $S *db, arena *a$P, struct $N *ret)",
	[MANY] = "enum err $N(struct $S *db, arena *a$P, struct $N **ret, size_t *ret_n)",
	[EACH] = "struct $N_cursor $N_open(struct $S *db$P)",
	[EXEC] = "enum err $N(struct $S *db$P)",
	[EXEC_CHANGES] = "enum err $N(struct $S *db$P, int64_t *ret)",
};

/* From the binding of parameters to the end. */
static const char *const endings[KINDS] = {
	[ONE] = "\tstruct $N got = { 0 };\n\n$B"
		"\t$N_read(q, &got);\n"
		"\tTRY(query_end_one(q));\n"
		"\t*ret = got;\n\treturn OK;\n}\n",
	[MANY] = "\tVEC(struct $N) all = { 0 };\n\tstruct $N got = { 0 };\n\n$B"
		 "\twhile ($N_read(q, &got))\n\t\t*vec_add(a, &all) = got;\n"
		 "\tTRY(query_end(q));\n"
		 "\t*ret = all.p;\n\t*ret_n = all.n;\n\treturn OK;\n}\n",
	[EACH] = "\n$B\treturn (struct $N_cursor){ q };\n}\n"
		 "\nbool $N_next(struct $N_cursor *cursor, struct $N *ret)\n"
		 "{\n\treturn $N_read(cursor->q, ret);\n}\n"
		 "\nenum err $N_close(struct $N_cursor *cursor)\n"
		 "{\n\treturn query_end(cursor->q);\n}\n",
	[EXEC] = "\n$B\treturn query_run(q);\n}\n",
	[EXEC_CHANGES] = "\n$B\treturn query_run_changes(q, ret);\n}\n",
};

static const char cursor_struct[] = "\nstruct $N_cursor {\n\tstruct query *q;\n};\n";
static const char cursor_prototypes[] = "bool $N_next(struct $N_cursor *cursor, struct $N *ret);\n"
					"MUST enum err $N_close(struct $N_cursor *cursor);\n";
static const char read_text[] = "\nstatic bool $N_read(struct query *q, struct $N *ret)\n{\n"
				"\tstruct $N got;\n\n"
				"\tif (!query_next(q))\n\t\treturn false;\n"
				"\tgot = (struct $N){\n$R\t};\n"
				"\tif (query_failed(q))\n\t\treturn false;\n"
				"\t*ret = got;\n\treturn true;\n}\n";
static const char function_text[] = "\n$H\n{\n\tstatic const char sql[] =\n\t$Q;\n"
				    "\tstruct query *q = query_start($D, $A, sql);\n";

static void put_query(struct sqlc *c, const struct query *q)
{
	bool rows = q->columns.n > 0, cursor = q->kind == EACH;

	put(c, &c->header, q, rows ? "\nstruct $N {\n$F};\n" : "");
	put(c, &c->header, q, cursor ? cursor_struct : "");
	put(c, &c->header, q, "\n$CMUST $H;\n");
	put(c, &c->header, q, cursor ? cursor_prototypes : "");
	put(c, &c->code, q, rows ? read_text : "");
	put(c, &c->code, q, function_text);
	put(c, &c->code, q, endings[q->kind]);
}

static void put_contract(struct sqlc *c, buf *o, const struct query *q)
{
	const char *lead = "/* ";

	for (const struct token *t = q->contract; t < q->first; t++) {
		if (!str_starts(t->text, S("--")) || str_find(t->text, S("*/")) != STR_NONE)
			fail(c, t->line, "a comment above a query is -- lines without */");
		if (t >= q->header && t < q->body)
			continue;
		buf_printf(o, "%s%" STR_F, lead, STR_A(str_trim(str_from(t->text, 2))));
		lead = "\n * ";
	}
	if (lead[0] != '/')
		buf_put(o, S(" */\n"));
}

static void put_piece(struct sqlc *c, buf *o, const struct query *q, char piece)
{
	switch (piece) {
	case 'N': buf_put(o, str_of(q->name)); return;
	case 'S': buf_put(o, is_side(c, "shared") ? S("db") : str_of(c->side)); return;
	case 'D': buf_put(o, is_side(c, "shared") ? S("db") : S("db->db")); return;
	case 'H': put(c, o, q, prototypes[q->kind]); return;
	case 'C': put_contract(c, o, q); return;
	case 'Q': tool_put_literal(o, q->sql); return;
	case 'A': buf_put(o, q->kind == ONE || q->kind == MANY ? S("a") : S("NULL")); return;
	default: break;
	}
	vec_each (struct variable, v, piece == 'P' || piece == 'B' ? &q->params : &q->columns) {
		const char *name = v->name, *of = types[v->type].spelling[IN_NAME];
		const char *type = types[v->type].c, *note = types[v->type].note;

		switch (piece) {
		case 'P': buf_printf(o, "%s%s%s", v->at % 4 ? ", " : ",\n\t\t", type, name); break;
		case 'B': buf_printf(o, "\tquery_bind_%s(q, %d, %s);\n", of, v->at, name); break;
		case 'F': buf_printf(o, "\t%s%s;%s\n", type, name, note); break;
		case 'R': buf_printf(o, "\t\t.%s = query_%s(q, %d),\n", name, of, v->at); break;
		default: abort();
		}
	}
}

static void put(struct sqlc *c, buf *o, const struct query *q, const char *text)
{
	for (; *text; text++)
		if (*text == '$')
			put_piece(c, o, q, *++text);
		else
			buf_byte(o, *text);
}

/* --- The whole. */

/* Reads a file; what fails from now on fails in it. The copy ends with a NUL, for SQLite. */
static str read_file(struct sqlc *c, const char *name)
{
	c->in = name;
	return arena_str(c->a, tool_read(c->a, name));
}

static void load_schema(struct sqlc *c, str all)
{
	for (const char *at = all.p, *next; *at; at = next + strspn(next, " \t\r\n")) {
		int line = 1 + count_lines((str){ all.p, (size_t)(at - all.p) });
		sqlite3_stmt *st = prepare(c, line, at, &next);

		sqlite3_step(st);
		if (sqlite3_finalize(st) != SQLITE_OK)
			fail(c, line, "%s", sqlite3_errmsg(c->h));
	}
}

static void put_tops(struct sqlc *c, const char *header)
{
	static const char top[] = "/* Made by sqlc from %" STR_F "; change that file instead. */\n";
	const char *guard = tool_upper_name(c->a, tool_base_name(header));

	buf_printf(&c->header, top, STR_A(tool_base_name(c->in)));
	buf_printf(&c->header, "#ifndef %s\n#define %s\n\n#include \"db/query.h\"\n", guard, guard);
	buf_printf(&c->code, top, STR_A(tool_base_name(c->in)));
	buf_printf(&c->code, "#include \"%" STR_F "\"\n", STR_A(tool_base_name(header)));
}

int main(int argc, char **argv)
{
	struct sqlc c = { .side = argv[1] };

	if (argc < 5 || place_in("core public publish shared", str_of(c.side)) < 0) {
		fputs("usage: sqlc core|public|publish|shared IN.sql OUT.h OUT.c SCHEMA.sql...\n",
		      stderr);
		return 2;
	}
	c.a = arena_new();
	c.header = c.code = buf_new(c.a, 8 << 20);
	if (sqlite3_open(":memory:", &c.h) != SQLITE_OK)
		tool_fail(argv[2], 0, "no memory");
	sqlite3_db_config(c.h, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	sqlite3_db_config(c.h, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
	for (int i = 5; i < argc; i++)
		load_schema(&c, read_file(&c, argv[i]));
	tokenise(&c, read_file(&c, argv[2]));
	put_tops(&c, argv[3]);
	for (struct query q = { 0 }; parse_query(&c, &q); q = (struct query){ 0 }) {
		check_words(&c, &q);
		q.st = prepare(&c, q.first->line, q.sql.p, NULL);
		check_kind(&c, &q);
		check_params(&c, &q);
		derive_columns(&c, &q);
		check_plan(&c, &q);
		put_query(&c, &q);
		sqlite3_finalize(q.st);
	}
	buf_put(&c.header, S("\n#endif\n"));
	tool_write(argv[3], &c.header);
	tool_write(argv[4], &c.code);
	sqlite3_close(c.h);
	arena_free(c.a);
	return 0;
}
