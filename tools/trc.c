/*
 * trc: message catalogues to C. docs/messages.md describes what it takes.
 *
 *     trc OUT.h OUT.c po/en.po po/fr.po ...
 *
 * In reading order: the PO file, then what is checked and written for each language.
 */
#include "base/base.h"
#include "base/map.h"
#include "tools/tool.h"

enum { FORMS_MAX = 6 }; /* Arabic has six plural forms, no language more */

struct message {
	str key, id, plural; /* msgctxt, msgid, msgid_plural */
	const char *name;    /* the key as C writes it: rec_count */
	str forms[FORMS_MAX];
	size_t forms_n;
	struct map names; /* of the values it takes */
	bool fuzzy;
	int line;
};

struct catalogue {
	const char *path, *code, *rule; /* "po/fr.po", "fr", the rule of plurals "(n > 1)" */
	size_t plurals_n;
	VEC(struct message) messages;
	struct map by_name; /* to the place in messages */
};

/* What goes into the two files, in pieces that grow language by language. */
struct output {
	buf langs, keys, takes, rules, rows, codes, missing;
};

/* --- The PO file -------------------------------------------------------------------------------- */

/* "... Plural-Forms: nplurals=2; plural=(n > 1); ..." The rule is copied into C, so it may hold
 * nothing but a sum over n. */
static void read_header(arena *a, struct catalogue *c, const struct message *m)
{
	const char *forms = strstr(arena_cstr(a, m->forms[0]), "nplurals=");
	char rule[200];

	if (!forms)
		return;
	if (sscanf(forms, "nplurals=%zu; plural=%199[^;\n]", &c->plurals_n, rule) != 2 ||
	    c->plurals_n < 1 || c->plurals_n > FORMS_MAX ||
	    !tool_made_of(str_of(rule), "n0123456789 ()!&|=<>%+-?:"))
		tool_fail(c->path, m->line,
			  "Plural-Forms must be nplurals=1 to 6; plural=SUM_OVER_N;");
	c->rule = arena_cstr(a, str_of(rule));
}

static void add_message(arena *a, struct catalogue *c, struct message *m)
{
	struct message done = *m;
	int64_t *place;
	bool is_new;

	*m = (struct message){ 0 };
	if (!done.id.p)
		return;
	if (!done.key.p && done.id.n == 0) {
		read_header(a, c, &done);
		return;
	}
	if (!tool_made_of(done.key, TOOL_KEY_CHARS))
		tool_fail(c->path, done.line, "a message needs a msgctxt, its key, of a-z 0-9 . _");
	if (done.forms_n > (done.plural.p ? c->plurals_n : 1))
		tool_fail(c->path, done.line, "no number has the form msgstr[%zu], by the header",
			  done.forms_n - 1);
	done.name = tool_key_name(a, done.key);
	place = map_put(a, &c->by_name, str_of(done.name), &is_new);
	if (!is_new)
		tool_fail(c->path, done.line, "the key %" STR_F " stands at line %d already",
			  STR_A(done.key), c->messages.p[*place].line);
	*place = (int64_t)c->messages.n;
	*vec_add(a, &c->messages) = done;
}

/* The text of M that LINE begins, or NULL; moves LINE behind the keyword. */
static str *begun_text(struct message *m, str *line)
{
	str word = str_cut(line, ' '), *texts[] = { &m->key, &m->id, &m->plural };
	static const str words[] = { S_INIT("msgctxt"), S_INIT("msgid"), S_INIT("msgid_plural") };

	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (str_eq(word, words[i]))
			return texts[i];
	if (str_eq(word, S("msgstr")))
		word = S("msgstr[0]");
	if (word.n != 9 || !str_starts(word, S("msgstr[")) || !strchr("012345", word.p[7]))
		return NULL;
	m->forms_n = (size_t)(word.p[7] - '0' + 1);
	return &m->forms[m->forms_n - 1];
}

static void append_quoted(arena *a, const struct catalogue *c, int line, str quoted, str *text)
{
	buf b = buf_new(a, SIZE_MAX);

	if (quoted.n < 2 || quoted.p[0] != '"' || quoted.p[quoted.n - 1] != '"')
		tool_fail(c->path, line, "a text must stand in double quotes");
	buf_put(&b, *text);
	for (size_t i = 1; i < quoted.n - 1; i++) {
		char ch = quoted.p[i];

		if (ch == '\\') {
			size_t known = str_find_byte(S("nt\"\\"), quoted.p[++i]);

			if (known == STR_NONE || i == quoted.n - 1)
				tool_fail(c->path, line, "a text may hold \\n \\t \\\" and \\\\");
			ch = "\n\t\"\\"[known];
		}
		buf_byte(&b, ch);
	}
	*text = b.n ? buf_str(&b) : S("");
}

static struct catalogue *catalogue_read(arena *a, const char *path)
{
	struct message m = { 0 };
	str *text = NULL, name = tool_base_name(path), rest = tool_read(a, path);
	struct catalogue *c = NEW(a, struct catalogue);

	*c = (struct catalogue){ .path = path, .code = arena_cstr(a, str_cut(&name, '.')) };
	if (!str_eq(name, S("po")) || !tool_made_of(str_of(c->code), "abcdefghijklmnopqrstuvwxyz"))
		tool_fail(path, 0, "a catalogue is named after its language, like fr.po");
	for (int number = 1; rest.p; number++) {
		str line = str_trim(str_cut(&rest, '\n'));
		bool begins = str_starts(line, S("#")) || str_starts(line, S("msgctxt ")) ||
			      str_starts(line, S("msgid "));

		if (line.n == 0 || (begins && m.forms_n))
			add_message(a, c, &m);
		m.fuzzy |= str_starts(line, S("#,")) && str_find(line, S("fuzzy")) != STR_NONE;
		if (line.n == 0 || line.p[0] == '#') {
			text = NULL;
			continue;
		}
		m.line = m.line ? m.line : number;
		if (line.p[0] != '"')
			text = begun_text(&m, &line);
		if (!text)
			tool_fail(path, number, "this is not a line of a PO file");
		append_quoted(a, c, number, str_trim(line), text);
	}
	add_message(a, c, &m);
	return c;
}

/* --- What is written ---------------------------------------------------------------------------- */

/* Collects the {names} in the forms of M. With ENGLISH, it must know each of them. */
static void add_names(arena *a, const struct catalogue *c, struct message *m,
		      const struct message *english)
{
	if (m->plural.p) /* n chooses the form, even where no form shows it */
		map_put(a, &m->names, S("n"), NULL);
	for (size_t i = 0; i < m->forms_n; i++) {
		str rest = m->forms[i], name;

		for (str_cut(&rest, '{'); rest.p; str_cut(&rest, '{')) {
			name = str_cut(&rest, '}');
			if (!rest.p || !tool_made_of(name, "abcdefghijklmnopqrstuvwxyz_"))
				tool_fail(c->path, m->line, "braces hold a name of a-z and _");
			if (english && !map_get(&english->names, name))
				tool_fail(c->path, m->line, "the English has no {%" STR_F "}",
					  STR_A(name));
			map_put(a, &m->names, name, NULL);
		}
	}
}

/* In en.po what is left empty is the msgid itself. The values that a message takes, and how many,
 * become enumerators: a template that gives it anything else does not compile. */
static void put_keys(arena *a, struct output *o, struct catalogue *en)
{
	vec_each (struct message, m, &en->messages) {
		m->forms_n = m->plural.p ? en->plurals_n : 1;
		for (size_t i = 0; i < m->forms_n; i++)
			if (m->forms[i].n == 0)
				m->forms[i] = i == 0 ? m->id : m->plural;
		add_names(a, en, m, NULL);
		buf_printf(&o->keys, "\tT_%s,\n", m->name);
		buf_printf(&o->takes, "\tT_%s_takes_%zu,\n", m->name, m->names.n);
		for (size_t i = 0; i < m->names.cap; i++)
			if (m->names.slots[i].used)
				buf_printf(&o->takes, "\tT_%s_takes_%" STR_F ",\n", m->name,
					   STR_A(m->names.slots[i].key));
	}
}

/* Fuzzy, incomplete, or made of another English text: the reader gets English instead. */
static bool is_translated(const struct catalogue *c, const struct message *m,
			  const struct message *english)
{
	for (size_t i = 0; i < m->forms_n; i++)
		if (m->forms[i].n == 0)
			return false;
	return !m->fuzzy && str_eq(m->id, english->id) && str_eq(m->plural, english->plural) &&
	       m->forms_n == (m->plural.p ? c->plurals_n : 1);
}

static void put_row(buf *o, const struct message *m, const char *code)
{
	buf_printf(o, "\t\t[T_%s] = { (const str[]){", m->name);
	for (size_t i = 0; i < m->forms_n; i++) {
		buf_put(o, S(" S_INIT("));
		tool_put_literal(o, m->forms[i]);
		buf_put(o, S("),"));
	}
	buf_printf(o, " }, %s%s },\n", m->plural.p ? "plural_" : "NULL", m->plural.p ? code : "");
}

static void put_language(arena *a, struct output *o, const struct catalogue *en,
			 const struct catalogue *c)
{
	size_t missing = en->messages.n;
	const char *lang = tool_upper_name(a, str_of(c->code));

	buf_printf(&o->langs, "\tLANG_%s,\n", lang);
	buf_printf(&o->codes, "\tS_INIT(\"%s\"),\n", c->code);
	if (c->rule)
		buf_printf(&o->rules,
			   "__attribute__((unused)) static unsigned plural_%s(uint64_t n)\n{\n"
			   "\tunsigned form = (unsigned)(%s);\n\n\t(void)n;\n"
			   "\treturn form < %zu ? form : 0;\n}\n\n",
			   c->code, c->rule, c->plurals_n);
	vec_each (struct message, m, &c->messages)
		if (!map_get(&en->by_name, str_of(m->name)))
			tool_fail(c->path, m->line, "English has no key %" STR_F, STR_A(m->key));
	buf_printf(&o->rows, "\t[LANG_%s] = {\n", lang);
	vec_each (struct message, english, &en->messages) {
		const int64_t *place = map_get(&c->by_name, str_of(english->name));
		struct message *m = place ? &c->messages.p[*place] : NULL;
		bool own = m && is_translated(c, m, english);

		if (own)
			add_names(a, c, m, english);
		put_row(&o->rows, own ? m : english, own ? c->code : en->code);
		missing -= own;
	}
	buf_put(&o->rows, S("\t},\n"));
	buf_printf(&o->missing, "\t%zu,\n", missing);
}

static void write_files(arena *a, char **paths, const struct output *o)
{
	buf header = buf_new(a, SIZE_MAX), source = buf_new(a, SIZE_MAX);

	buf_printf(&header,
		   "/* Generated by trc from the catalogues: do not edit. */\n"
		   "#ifndef TR_GEN_H\n#define TR_GEN_H\n\n#include \"base/base.h\"\n\n"
		   "enum lang {\n%" STR_F "\tLANG_COUNT_\n};\n\nenum tr_key {\n%" STR_F
		   "\tT_COUNT_\n};\n\nenum tr_takes {\n%" STR_F "\tT_TAKES_COUNT_\n};\n\n"
		   "struct tr_message {\n\tconst str *forms;\n"
		   "\tunsigned (*plural)(uint64_t n); /* which form; NULL: there is one */\n};\n\n"
		   "extern const struct tr_message tr_messages[LANG_COUNT_][T_COUNT_];\n"
		   "extern const str tr_codes[LANG_COUNT_];\n"
		   "extern const size_t tr_missing[LANG_COUNT_]; /* keys shown in English "
		   "*/\n\n#endif\n",
		   STR_A(buf_str(&o->langs)), STR_A(buf_str(&o->keys)), STR_A(buf_str(&o->takes)));
	buf_printf(&source,
		   "/* Generated by trc from the catalogues: do not edit. */\n"
		   "#include \"%" STR_F "\"\n\n#pragma GCC diagnostic ignored \"-Wparentheses\"\n\n"
		   "%" STR_F "const struct tr_message tr_messages[LANG_COUNT_][T_COUNT_] = {\n"
		   "%" STR_F "};\n\nconst str tr_codes[LANG_COUNT_] = {\n%" STR_F "};\n\n"
		   "const size_t tr_missing[LANG_COUNT_] = {\n%" STR_F "};\n",
		   STR_A(tool_base_name(paths[1])), STR_A(buf_str(&o->rules)),
		   STR_A(buf_str(&o->rows)), STR_A(buf_str(&o->codes)),
		   STR_A(buf_str(&o->missing)));
	tool_write(paths[1], &header);
	tool_write(paths[2], &source);
}

int main(int argc, char **argv)
{
	arena *a = arena_new();
	buf empty = buf_new(a, SIZE_MAX);
	struct output o = { empty, empty, empty, empty, empty, empty, empty };
	struct catalogue *en = NULL;

	for (int i = 3; i < argc; i++)
		if (str_eq(tool_base_name(argv[i]), S("en.po")))
			en = catalogue_read(a, argv[i]);
	if (!en)
		tool_fail("en.po", 0, "is missing; usage: trc OUT.h OUT.c en.po [LANGUAGE.po...]");
	put_keys(a, &o, en);
	put_language(a, &o, en, en);
	for (int i = 3; i < argc; i++)
		if (!str_eq(tool_base_name(argv[i]), S("en.po")))
			put_language(a, &o, en, catalogue_read(a, argv[i]));
	write_files(a, argv, &o);
	arena_free(a);
	return 0;
}
