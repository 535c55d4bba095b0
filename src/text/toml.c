#include "text/toml.h"

#include "base/utf8.h"

struct toml {
	str in;
	size_t at;
	int64_t line;
	unsigned depth;
	const char *why; /* NULL: all is well so far */
	arena *a;
};

static bool fail(struct toml *t, const char *why)
{
	if (!t->why)
		t->why = why;
	return false;
}

static char peek(const struct toml *t)
{
	return t->at < t->in.n ? t->in.p[t->at] : '\0';
}

static bool take(struct toml *t, str s)
{
	if (!str_starts(str_from(t->in, t->at), s))
		return false;
	t->at += s.n;
	return true;
}

static void blanks(struct toml *t)
{
	while (peek(t) == ' ' || peek(t) == '\t')
		t->at++;
}

/* Blanks, comments and line ends. */
static void gaps(struct toml *t)
{
	while (t->at < t->in.n) {
		char c = peek(t);

		if (c == '#') {
			while (t->at < t->in.n && peek(t) != '\n')
				t->at++;
		} else if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
			t->line += c == '\n';
			t->at++;
		} else {
			return;
		}
	}
}

static bool line_end(struct toml *t)
{
	blanks(t);
	if (peek(t) == '#')
		while (t->at < t->in.n && peek(t) != '\n')
			t->at++;
	take(t, S("\r"));
	if (t->at == t->in.n)
		return true;
	if (!take(t, S("\n")))
		return fail(t, "something stands behind the value");
	t->line++;
	return true;
}

/* --- Strings */

static bool code_point(struct toml *t, size_t digits, buf *o)
{
	uint32_t c = 0;

	for (size_t i = 0; i < digits; i++, t->at++) {
		char d = peek(t);
		int v = d >= '0' && d <= '9'   ? d - '0'
			: d >= 'a' && d <= 'f' ? d - 'a' + 10
			: d >= 'A' && d <= 'F' ? d - 'A' + 10
					       : -1;

		if (v < 0)
			return fail(t, "an escape wants hexadecimal digits");
		c = c * 16 + (uint32_t)v;
	}
	if (c == 0 || c > 0x10FFFF || (c >= 0xD800 && c < 0xE000))
		return fail(t, "an escape names no character");
	utf8_put(o, c);
	return true;
}

static bool escape(struct toml *t, buf *o)
{
	static const char from[] = "btnfr\"\\", to[] = "\b\t\n\f\r\"\\";
	char c = peek(t);
	const char *found = c ? strchr(from, c) : NULL;

	t->at++;
	if (found) {
		buf_byte(o, to[found - from]);
		return true;
	}
	if (c == 'u' || c == 'U')
		return code_point(t, c == 'u' ? 4 : 8, o);
	if (c != '\n' && c != '\r' && c != ' ')
		return fail(t, "there is no such escape");
	t->at--; /* a line end in a long string: it and the blanks behind it go */
	while (t->at < t->in.n && strchr(" \t\r\n", peek(t))) {
		t->line += peek(t) == '\n';
		t->at++;
	}
	return true;
}

static bool string(struct toml *t, str *ret)
{
	char quote = peek(t);
	str three = quote == '"' ? S("\"\"\"") : S("'''");
	bool is_long = take(t, three);
	buf o = buf_new(t->a, TOML_MAX);

	if (!is_long)
		t->at++;
	else if (take(t, S("\r\n")) || take(t, S("\n")))
		t->line++;
	for (;;) {
		char c = peek(t);

		if (t->at == t->in.n || (!is_long && c == '\n'))
			return fail(t, "a text has no closing quote");
		if (is_long ? take(t, three) : c == quote)
			break;
		t->line += c == '\n';
		t->at++;
		if (c == '\\' && quote == '"') {
			if (!escape(t, &o))
				return false;
		} else {
			buf_byte(&o, c);
		}
	}
	if (!is_long)
		t->at++;
	*ret = buf_str(&o);
	return true;
}

/* --- Keys */

static bool is_bare(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '-' || c == '_';
}

static bool key(struct toml *t, str *ret)
{
	size_t from;

	blanks(t);
	if (peek(t) == '"' || peek(t) == '\'')
		return string(t, ret);
	from = t->at;
	while (is_bare(peek(t)))
		t->at++;
	*ret = (str){ t->in.p + from, t->at - from };
	return t->at > from || fail(t, "a key is missing");
}

/* The object under NAME in IN, made when it is not there; of an array of tables its last one. */
static json_t *enter(struct toml *t, json_t *in, str name)
{
	json_t *there = json_object_getn(in, name.p, name.n);

	if (!there) {
		there = json_object();
		if (json_object_setn_new(in, name.p, name.n, there) != 0)
			there = NULL;
	}
	if (json_is_array(there))
		there = json_array_get(there, json_array_size(there) - 1);
	if (!json_is_object(there)) {
		fail(t, "a name stands for a value and for a table");
		return NULL;
	}
	return there;
}

/* a.b.c: the object that holds the last part, and that part. */
static json_t *path(struct toml *t, json_t *in, str *ret_last)
{
	for (unsigned depth = 0;; depth++) {
		if (!key(t, ret_last))
			return NULL;
		blanks(t);
		if (!take(t, S(".")))
			return in;
		in = depth < TOML_DEPTH ? enter(t, in, *ret_last) : NULL;
		if (!in) {
			fail(t, "tables stand too deep in each other");
			return NULL;
		}
	}
}

/* --- Values */

static json_t *value(struct toml *t);

static bool pair(struct toml *t, json_t *in)
{
	str name;
	json_t *v;

	in = path(t, in, &name);
	if (!in)
		return false;
	if (!take(t, S("=")))
		return fail(t, "a key wants = and a value");
	if (json_object_getn(in, name.p, name.n))
		return fail(t, "a key stands twice");
	v = value(t);
	return v &&
	       (json_object_setn_new(in, name.p, name.n, v) == 0 || fail(t, "a key is not text"));
}

static json_t *list(struct toml *t)
{
	json_t *all = json_array();

	for (t->at++, gaps(t); !t->why && !take(t, S("]")); gaps(t)) {
		json_t *one = value(t);

		if (one)
			json_array_append_new(all, one);
		gaps(t);
		if (!take(t, S(",")) && peek(t) != ']')
			fail(t, "a list wants a comma or ]");
	}
	return all;
}

static json_t *inline_table(struct toml *t)
{
	json_t *all = json_object();

	t->at++;
	blanks(t);
	while (!t->why && !take(t, S("}"))) {
		if (pair(t, all)) {
			blanks(t);
			if (!take(t, S(",")) && peek(t) != '}')
				fail(t, "a table in { } wants a comma or }");
			blanks(t);
		}
	}
	return all;
}

/* Numbers; what else is bare and begins with a digit is a date or a time, kept as written. */
static json_t *bare(struct toml *t)
{
	size_t from = t->at, n = 0;
	char text[64], *end = text;
	long long whole;

	while (is_bare(peek(t)) || strchr("+.:", peek(t)) ||
	       (peek(t) == ' ' && t->at - from == 10 && t->at + 1 < t->in.n &&
		t->in.p[t->at + 1] >= '0' && t->in.p[t->at + 1] <= '9' &&
		t->in.p[from + 4] == '-')) {
		if (t->at == t->in.n)
			break;
		if (peek(t) != '_' && n < sizeof text - 1)
			text[n++] = peek(t);
		t->at++;
	}
	text[n] = '\0';
	if (str_eq(str_of(text), S("true")) || str_eq(str_of(text), S("false")))
		return json_boolean(text[0] == 't');
	if (n == 0 || !strchr("+-0123456789", text[0])) {
		fail(t, "a text stands in quotes");
		return NULL;
	}
	whole = strtoll(text, &end, 10);
	if (*end == '\0')
		return json_integer(whole);
	if (!strchr(text + 1, '-') && !strchr(text, ':')) {
		double d = strtod(text, &end);

		if (*end == '\0')
			return json_real(d);
	}
	return json_stringn(text, n);
}

static json_t *value(struct toml *t)
{
	json_t *v = NULL;
	str s;

	blanks(t);
	if (++t->depth > TOML_DEPTH)
		fail(t, "values stand too deep in each other");
	else if (peek(t) == '"' || peek(t) == '\'')
		v = string(t, &s) ? json_stringn(s.p ? s.p : "", s.n) : NULL;
	else if (peek(t) == '[')
		v = list(t);
	else if (peek(t) == '{')
		v = inline_table(t);
	else
		v = bare(t);
	t->depth--;
	if (!v)
		fail(t, "a text is not text");
	if (t->why && v) {
		json_decref(v);
		v = NULL;
	}
	return v;
}

/* [a.b] and [[a.b]]: the object that the following pairs go to. */
static json_t *header(struct toml *t, json_t *root)
{
	bool many = take(t, S("[["));
	json_t *in, *all;
	str name;

	if (!many)
		t->at++;
	in = path(t, root, &name);
	if (!in || !take(t, many ? S("]]") : S("]"))) {
		fail(t, "the name of a table wants its ]");
		return NULL;
	}
	if (!many)
		return enter(t, in, name);
	all = json_object_getn(in, name.p, name.n);
	if (!all) {
		all = json_array();
		json_object_setn_new(in, name.p, name.n, all);
	}
	if (!json_is_array(all)) {
		fail(t, "a name stands for a table and for a list of tables");
		return NULL;
	}
	json_array_append_new(all, json_object());
	return json_array_get(all, json_array_size(all) - 1);
}

enum err toml_read(str text, json_t **ret, buf *why)
{
	struct toml t = { .in = text, .line = 1, .a = why->a };
	json_t *root, *now;

	if (text.n > TOML_MAX)
		return E_TOOBIG;
	if (!utf8_valid(text) || str_find_byte(text, '\0') != STR_NONE) {
		buf_put(why, S("it is not text in UTF-8"));
		return E_INVALID;
	}
	take(&t, S("\xEF\xBB\xBF"));
	root = now = json_object();
	for (gaps(&t); now && !t.why && t.at < t.in.n; gaps(&t)) {
		if (peek(&t) == '[')
			now = header(&t, root);
		else if (!pair(&t, now))
			break;
		if (!now || t.why || !line_end(&t))
			break;
	}
	if (t.why) {
		json_decref(root);
		buf_printf(why, "line %lld: %s", (long long)t.line, t.why);
		return E_INVALID;
	}
	*ret = root;
	return OK;
}
