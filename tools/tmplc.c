/*
 * tmplc: HTML templates to C. docs/templates.md describes the language.
 *
 *     tmplc IN.html OUT.h OUT.c
 *
 * A template is read once, from start to end. The compiler always knows the place in the HTML that
 * it has reached (struct place): in text, in a tag, in which part of which kind of attribute. The
 * place of a hole chooses the macro of text/html.h that writes its value, and what cannot be proven
 * safe ends the compiler with "file:line: reason".
 *
 * In reading order: the tables of HTML, the place, output, text and tags, attributes and addresses,
 * values, blocks and branches, directives.
 */
#include "base/base.h"
#include "base/utf8.h"
#include "tools/tool.h"

/* --- What HTML we write ------------------------------------------------------------------------- */

/* Lists of words between blanks. What is in none of them is refused. */
/* clang-format off */
static const char elements[] =
	"a abbr address area article aside audio b bdi bdo blockquote body br button caption cite code "
	"col colgroup data datalist dd del details dfn dialog div dl dt em fieldset figcaption figure "
	"footer form h1 h2 h3 h4 h5 h6 head header hgroup hr html i img input ins kbd label legend li "
	"link main map mark menu meta meter nav ol optgroup option output p picture pre progress q rp "
	"rt ruby s samp script search section select small source span strong sub summary sup svg "
	"table tbody td textarea tfoot th thead time title tr track u ul var video wbr";
static const char void_elements[] = "area br col hr img input link meta source track wbr";
static const char svg_elements[] =
	"circle desc ellipse g line path polygon polyline rect text title tspan";
static const char never_nested[] = "a button form label";
static const char ends_p[] = /* a parser ends an open <p> before these */
	"address article aside blockquote details dialog div dl fieldset figcaption figure footer form "
	"h1 h2 h3 h4 h5 h6 header hgroup hr main menu nav ol p pre search section table ul";
static const char keeps_space[] = "pre textarea";
static const char not_for_people[] = "code kbd pre samp var"; /* these may hold letters */

static const char human_attrs[] =
	"abbr alt aria-description aria-label aria-placeholder aria-roledescription aria-valuetext "
	"label placeholder summary title";
static const char plain_attrs[] =
	"accept accept-charset autocapitalize autocomplete class colspan cols content coords datetime "
	"dir download enterkeyhint for form headers height high hreflang id inputmode itemprop kind "
	"lang list low max maxlength media min minlength name optimum preload role rows rowspan scope "
	"shape size sizes span spellcheck srclang start step tabindex translate type value width wrap";
static const char literal_attrs[] =
	"as charset clip-rule color controlslist crossorigin decoding dominant-baseline enctype fetchpriority fill "
	"fill-rule focusable loading method preserveAspectRatio property referrerpolicy rel stroke "
	"stroke-linecap stroke-linejoin target text-anchor usemap xmlns";
static const char boolean_attrs[] =
	"async autofocus checked controls default defer disabled download hidden inert itemscope loop "
	"multiple muted novalidate open playsinline readonly required reversed selected";
static const char svg_attrs[] =
	"cx cy d dx dy fill-opacity font-size height opacity pathLength points r rx ry stroke-dasharray "
	"stroke-dashoffset stroke-opacity stroke-width transform viewBox width x x1 x2 y y1 y2";
static const char *const address_attrs[][2] = { /* and the elements that may have them */
	{ "href", "a area link" },
	{ "src", "audio img input script source track video" },
	{ "action", "form" },
	{ "formaction", "button input" },
	{ "poster", "video" },
	{ "cite", "blockquote del ins q" },
};
static const char name_chars[] =
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_:";
/* clang-format on */

static bool is(const char *word, const char *other)
{
	return strcmp(word, other) == 0;
}

static bool in_list(const char *word, const char *list)
{
	for (str rest = str_of(list); rest.p && *word;)
		if (str_eq(str_cut(&rest, ' '), str_of(word)))
			return true;
	return false;
}

/* --- The place ---------------------------------------------------------------------------------- */

enum state {
	TEXT,
	RAW_TEXT, /* in <title> and <textarea>: no tags */
	JSON,     /* in a <script> that holds data */
	TAG,      /* in a start tag, between attributes */
	VALUE,    /* of an attribute, between its quotes */
};

enum kind {
	PLAIN,
	HUMAN, /* people read it: no literal text */
	ADDRESS,
	OWN_ADDRESS, /* of a script or linked resource: only a url may begin it */
	NUMBERS,     /* of a drawing */
	LITERAL,     /* no values at all */
	BOOLEAN,
};

enum part { P_START, P_SLASH, P_HOST, P_PATH, P_QUERY, P_TAIL };

/* The list grows at its head and is never changed, so that a place can be kept by copying it. */
struct element {
	const char *name;
	int line;
	struct element *up;
};

struct place {
	enum state state;
	struct element *inner;
	const char *tag;   /* in TAG and VALUE: of which element, */
	const char *attrs; /* which attributes it has so far (a list), */
	bool is_data;      /* and whether a <script> is one */
	const char *attr;  /* in VALUE: its name, */
	enum kind kind;    /* what it holds, */
	enum part part;    /* how far an address has come, */
	size_t value;      /* and where in the template it begins */
	bool in_string;    /* in JSON */
};

struct frame {
	enum { F_DEFINE, F_IF, F_ELSE, F_FOR } kind;
	int line;
	bool has_end;
	struct place start, end; /* before it, and behind its branches so far */
};

struct tmpl {
	arena *a;
	const char *path;
	str text;
	size_t at;
	int line;
	struct place place;
	VEC(struct frame) frames; /* the first is the define */
	str opens;                /* of the present define: the elements it leaves open */
	char space;               /* white space read and not yet written: 0, ' ' or '\n' */
	size_t silent_to;         /* up to here white space is left out */
	buf literal, header, code;
};

#define FAIL(t, ...) tool_fail((t)->path, (t)->line, __VA_ARGS__)

static bool inside(const struct tmpl *t, const char *list)
{
	for (struct element *e = t->place.inner; e; e = e->up)
		if (in_list(e->name, list))
			return true;
	return false;
}

static bool in_address(const struct tmpl *t)
{
	return t->place.state == VALUE &&
	       (t->place.kind == ADDRESS || t->place.kind == OWN_ADDRESS);
}

static bool same_place(const struct place *a, const struct place *b)
{
	const struct element *x = a->inner, *y = b->inner;

	while (x && y && is(x->name, y->name))
		x = x->up, y = y->up;
	if (x || y || a->state != b->state || a->in_string != b->in_string)
		return false;
	if (a->state == TAG)
		return is(a->tag, b->tag) && a->is_data == b->is_data;
	return a->state != VALUE || (is(a->attr, b->attr) && a->part == b->part);
}

/* --- Output ------------------------------------------------------------------------------------- */

static void flush_literal(struct tmpl *t)
{
	if (t->literal.n) {
		buf_put(&t->code, S("\tbuf_put(o, S("));
		tool_put_literal(&t->code, buf_str(&t->literal));
		buf_put(&t->code, S("));\n"));
	}
	buf_clear(&t->literal);
}

/* From here on compilers speak of the present line of the template. */
static void put_line(const struct tmpl *t, buf *o)
{
	buf_printf(o, "#line %d ", t->line);
	tool_put_literal(o, str_of(t->path));
	buf_byte(o, '\n');
}

/* A line of C, behind what stands before it in the template. */
#define CODE(t, ...) \
	(flush_literal(t), put_line((t), &(t)->code), buf_printf(&(t)->code, __VA_ARGS__))

static str rest_of(const struct tmpl *t)
{
	return str_from(t->text, t->at);
}

static void advance(struct tmpl *t, size_t n)
{
	for (size_t i = 0; i < n && t->at < t->text.n; i++)
		t->line += t->text.p[t->at++] == '\n';
}

/* Takes N bytes of the template into the page, behind the white space that waits. */
static void copy(struct tmpl *t, size_t n)
{
	if (t->space)
		buf_byte(&t->literal, t->space);
	t->space = 0;
	buf_put(&t->literal, str_to(rest_of(t), n));
	advance(t, n);
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* The name at the start of S, empty when there is none. */
static const char *name_at(struct tmpl *t, str s)
{
	size_t n = 0;

	while (n < s.n && strchr(name_chars, s.p[n]))
		n++;
	return arena_cstr(t->a, str_to(s, n));
}

/* --- Text and tags ------------------------------------------------------------------------------ */

/* Punctuation, digits, arrows, shapes: what means the same in all languages. */
static bool is_mark(uint32_t c)
{
	if (c < 0x80)
		return c >= ' ' && !((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
	if (c <= 0xBF)
		return c >= 0xA0 && c != 0xAA && c != 0xB5 && c != 0xBA;
	return c == 0xD7 || c == 0xF7 || (c >= 0x2010 && c <= 0x2027) ||
	       (c >= 0x202F && c <= 0x205E) || (c >= 0x2190 && c <= 0x22FF) ||
	       (c >= 0x2500 && c <= 0x27BF);
}

/* One character that people read: in text, or in an attribute for them. */
static void read_character(struct tmpl *t)
{
	str rest = rest_of(t), behind = rest;

	if (!is_mark(utf8_next(&behind)) && !inside(t, not_for_people))
		FAIL(t, "text must be a message: {{ t \"key\" }}");
	copy(t, rest.n - behind.n);
}

static void read_entity(struct tmpl *t)
{
	const char *name = name_at(t, str_from(rest_of(t), 1));
	size_t n = strlen(name);

	if (!in_list(name, in_address(t) ? "amp" : "amp lt gt quot nbsp shy") ||
	    !str_starts(str_from(rest_of(t), 1 + n), S(";")))
		FAIL(t, "write & as &amp;, and other characters as themselves");
	copy(t, n + 2);
}

/* White space between words and tags is one blank, or one new line where it held one. Indentation
 * and lines of directives leave nothing. */
static void read_space(struct tmpl *t)
{
	str before = str_to(t->text, t->at);
	char c = t->text.p[t->at];

	if (inside(t, keeps_space)) {
		copy(t, 1);
		return;
	}
	before = str_from(before, str_find_byte_last(before, '\n') + 1); /* NONE + 1 is 0 */
	if (t->at >= t->silent_to && c == '\n')
		t->space = '\n';
	else if (t->at >= t->silent_to && !t->space && str_trim(before).n)
		t->space = ' ';
	advance(t, 1);
}

static void open_element(struct tmpl *t, const char *name)
{
	struct element *e = NEW(t->a, struct element);

	*e = (struct element){ name, t->line, t->place.inner };
	t->place.inner = e;
}

static void close_element(struct tmpl *t, const char *name)
{
	struct element *e = t->place.inner;

	if (!e)
		FAIL(t, "</%s> closes nothing", name);
	if (!is(e->name, name))
		FAIL(t, "</%s> closes the <%s> of line %d", name, e->name, e->line);
	t->place.inner = e->up;
	t->place.state = TEXT;
}

static void check_nesting(struct tmpl *t, const char *tag)
{
	bool drawing = inside(t, "svg");

	if (!in_list(tag, drawing ? svg_elements : elements))
		FAIL(t, "<%s> may not stand in a %s", tag, drawing ? "drawing" : "template");
	for (struct element *e = t->place.inner; e; e = e->up)
		if ((is(e->name, "p") && in_list(tag, ends_p)) ||
		    (is(e->name, tag) && in_list(tag, never_nested)))
			FAIL(t, "<%s> may not stand in the <%s> of line %d", tag, e->name, e->line);
}

/* At a "<". */
static void read_tag(struct tmpl *t)
{
	str rest = rest_of(t);
	size_t start = str_starts(rest, S("</")) ? 2 : 1;
	const char *name = name_at(t, str_from(rest, start));
	str behind = str_from(rest, start + strlen(name));

	if (str_eq_nocase(str_to(rest, 15), S("<!doctype html>")) && !t->place.inner) {
		copy(t, 15);
		return;
	}
	if (str_starts(rest, S("<!")))
		FAIL(t, "HTML comments and declarations may not stand here; use {{#");
	if (str_starts(behind, S("{{")))
		FAIL(t, "a value may not stand in the name of a tag");
	if (!*name || (start == 2 && !str_starts(behind, S(">"))))
		FAIL(t, "this < begins no tag: write &lt;");
	if (start == 2) {
		close_element(t, name);
		copy(t, strlen(name) + 3);
		return;
	}
	check_nesting(t, name);
	t->place = (struct place){ TAG, .inner = t->place.inner, .tag = name, .attrs = "" };
	copy(t, strlen(name) + 1);
}

/* At the ">" or "/>" of a start tag. */
static void finish_tag(struct tmpl *t)
{
	struct place *p = &t->place;
	bool closed = t->text.p[t->at] == '/', has_src = in_list("src", p->attrs);

	if (closed && !(inside(t, "svg") && str_starts(rest_of(t), S("/>"))))
		FAIL(t, "only elements of a drawing end with />");
	if (is(p->tag, "script") && has_src == p->is_data)
		FAIL(t, "a <script> has either a src or type=\"application/json\"");
	p->attrs = "";
	p->state = TEXT;
	if (has_src && is(p->tag, "script") && !str_starts(rest_of(t), S("></script>")))
		FAIL(t, "a <script> with a src holds nothing");
	if (p->is_data)
		p->state = JSON;
	else if (in_list(p->tag, "title textarea"))
		p->state = RAW_TEXT;
	if (!closed && !in_list(p->tag, void_elements))
		open_element(t, p->tag);
	copy(t, closed ? 2 : 1);
	if (in_list(p->tag, keeps_space) && t->text.p[t->at] != '\n')
		buf_byte(&t->literal, '\n'); /* parsers drop a first new line there */
}

static void read_text(struct tmpl *t)
{
	char c = t->text.p[t->at];

	if (c == '<' && t->place.state == RAW_TEXT && !str_starts(rest_of(t), S("</")))
		FAIL(t, "no tag may stand in <%s>", t->place.inner->name);
	if (is_space(c))
		read_space(t);
	else if (c == '&')
		read_entity(t);
	else if (c == '<')
		read_tag(t);
	else
		read_character(t);
}

/* The content of a <script>. */
static void read_script(struct tmpl *t)
{
	char c = t->text.p[t->at];

	if (str_starts(rest_of(t), S("</script>")) && !t->place.in_string) {
		read_tag(t);
		return;
	}
	if (c == '<')
		FAIL(t, "write < as \\u003c in JSON");
	t->place.in_string ^= c == '"';
	copy(t, c == '\\' ? 2 : 1);
}

/* --- Attributes and addresses ------------------------------------------------------------------- */

static enum kind attr_kind(struct tmpl *t, const char *name)
{
	const char *tag = t->place.tag;

	for (size_t i = 0; i < COUNT_OF(address_attrs); i++)
		if (is(name, address_attrs[i][0]) && in_list(tag, address_attrs[i][1]))
			return in_list(tag, "link script") ? OWN_ADDRESS : ADDRESS;
	if ((inside(t, "svg") || is(tag, "svg")) && in_list(name, svg_attrs))
		return NUMBERS;
	if (in_list(name, literal_attrs) || (is(tag, "script") && is(name, "type")))
		return LITERAL;
	if (in_list(name, human_attrs))
		return HUMAN;
	if (in_list(name, plain_attrs) || str_starts(str_of(name), S("aria-")) ||
	    str_starts(str_of(name), S("data-")))
		return PLAIN;
	if (!in_list(name, boolean_attrs))
		FAIL(t, "the attribute %s may not stand on <%s>", name, tag);
	return BOOLEAN;
}

static void add_attr(struct tmpl *t, const char *name)
{
	buf list = buf_new(t->a, SIZE_MAX);

	if (in_list(name, t->place.attrs))
		FAIL(t, "the attribute %s stands twice", name);
	buf_printf(&list, "%s%s ", t->place.attrs, name);
	t->place.attrs = arena_cstr(t->a, buf_str(&list));
}

static void read_attr(struct tmpl *t)
{
	struct place *p = &t->place;
	const char *name = name_at(t, rest_of(t));
	str behind = str_from(rest_of(t), strlen(name));

	if (!*name || str_starts(behind, S("{{")))
		FAIL(t, "only names and values of attributes may stand in a tag");
	p->kind = attr_kind(t, name);
	add_attr(t, name);
	buf_byte(&t->literal, ' ');
	copy(t, strlen(name));
	if (!str_starts(behind, S("="))) {
		if (!in_list(name, boolean_attrs))
			FAIL(t, "the attribute %s needs a value", name);
		return;
	}
	if (p->kind == BOOLEAN)
		FAIL(t, "the attribute %s has no value; use {{ flag %s ... }}", name, name);
	if (!str_starts(behind, S("=\"")))
		FAIL(t, "the value of %s must stand in double quotes", name);
	copy(t, 2);
	p->state = VALUE;
	p->attr = name;
	p->part = P_START;
	p->value = t->at;
}

static void finish_value(struct tmpl *t)
{
	struct place *p = &t->place;
	const char *value = arena_cstr(t->a, str_from(str_to(t->text, t->at), p->value));

	if (in_address(t) && p->part == P_START)
		FAIL(t, "the address is empty");
	if (is(p->tag, "script") && is(p->attr, "type"))
		p->is_data = in_list(value, "application/json application/ld+json");
	p->state = TAG;
	copy(t, 1);
}

/* One character of a literal address: it decides what a value behind it would be. */
static void read_address(struct tmpl *t)
{
	static const char *const starts[] = { "https://", "http://", "mailto:", "/", "?", "#" };
	static const enum part parts[] = { P_HOST, P_HOST, P_TAIL, P_SLASH, P_QUERY, P_TAIL };
	enum part *part = &t->place.part;
	char c = t->text.p[t->at];
	size_t i = 0;

	if (c <= ' ' || c == '\\' || c > '~')
		FAIL(t, "a blank, backslash or letter beyond ASCII in an address");
	if (*part == P_SLASH && c == '/')
		FAIL(t, "an address that begins with // is on another host");
	if (*part == P_START) {
		while (i < COUNT_OF(starts) && !str_starts(rest_of(t), str_of(starts[i])))
			i++;
		if (i == COUNT_OF(starts))
			FAIL(t, "an address must begin with / ? # https:// http:// or mailto:");
		*part = parts[i];
		copy(t, strlen(starts[i]));
		if (*part == P_HOST && strchr("/?#\"{", t->text.p[t->at]))
			FAIL(t, "an address needs the name of its host here");
		return;
	}
	if (c == '#')
		*part = P_TAIL;
	else if (c == '?' && *part != P_TAIL)
		*part = P_QUERY;
	else if (*part == P_SLASH || (*part == P_HOST && c == '/'))
		*part = P_PATH;
	copy(t, 1);
}

static void read_value(struct tmpl *t)
{
	char c = t->text.p[t->at];

	if (c == '"')
		finish_value(t);
	else if (c == '&')
		read_entity(t);
	else if (in_address(t))
		read_address(t);
	else if (t->place.kind == HUMAN)
		read_character(t);
	else
		copy(t, 1);
}

static void read_in_tag(struct tmpl *t)
{
	char c = t->text.p[t->at];

	if (is_space(c))
		advance(t, 1);
	else if (c == '>' || c == '/')
		finish_tag(t);
	else
		read_attr(t);
}

/* --- Values ------------------------------------------------------------------------------------- */

/* The macro of text/html.h for a value in an attribute of that kind, and part of an address. */
static const char *attr_macro(struct tmpl *t, enum kind kind, enum part part)
{
	static const char *const parts[] = { "URL", "USEG", NULL, "USEG", "UPART", "UTAIL" };
	bool address = kind == ADDRESS || kind == OWN_ADDRESS;
	const char *macro = address ? parts[part] : kind == NUMBERS ? "SVG" : "ATTR";

	if (!macro)
		FAIL(t, "no value may stand in the host of an address");
	if (kind == LITERAL || kind == BOOLEAN)
		FAIL(t, "no value may stand in this attribute");
	return kind == OWN_ADDRESS && part == P_START ? "URL_OWN" : macro;
}

static const char *place_macro(struct tmpl *t)
{
	const struct place *p = &t->place;

	switch (p->state) {
	case TEXT: return "TEXT";
	case RAW_TEXT: return "ATTR";
	case JSON: return p->in_string ? "JSON" : "JVALUE";
	case VALUE: return attr_macro(t, p->kind, p->part);
	default: FAIL(t, "between attributes a value is written with attr or flag");
	}
}

static void write_value(struct tmpl *t, const char *value)
{
	CODE(t, "\tOUT_%s(o, (%s));\n", place_macro(t), value);
	/* What began the address may have been a slash alone. */
	if (t->place.part == P_START || t->place.part == P_SLASH)
		t->place.part = t->place.part == P_START ? P_SLASH : P_PATH;
}

/* Messages and numbers are for people. True in text, false in an attribute that holds text. */
static bool is_text_place(struct tmpl *t)
{
	const char *macro = place_macro(t);

	if (!is(macro, "TEXT") && !is(macro, "ATTR"))
		FAIL(t, "t and num may stand only in text, or in an attribute that holds text");
	return is(macro, "TEXT");
}

static void write_number(struct tmpl *t, const char *value)
{
	is_text_place(t);
	CODE(t, "\ti18n_num(o, lang, (%s));\n", value);
}

/* The length of the expression before the first STOP that is in no quotes or parentheses, all of S
 * without one. */
static size_t expression_length(str s, str stop)
{
	char quote = 0;
	int depth = 0;

	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (!quote && depth <= 0 && str_starts(str_from(s, i), stop))
			return i;
		if (quote && c == '\\')
			i++;
		else if (c == '"' || c == '\'')
			quote = quote == c ? 0 : quote ? quote : c;
		else if (!quote)
			depth += (c == '(' || c == '[' || c == '{') -
				 (c == ')' || c == ']' || c == '}');
	}
	return s.n;
}

/* "key" name=value name=value */
static void write_message(struct tmpl *t, const char *text)
{
	str rest = str_of(text), key;
	bool in_text = is_text_place(t);
	const char *name, *macro = in_text ? "TR_ARG" : "TR_ARG_PLAIN";
	buf args = buf_new(t->a, SIZE_MAX), takes = args;
	size_t n = 0;

	str_cut(&rest, '"');
	key = rest.p ? str_cut(&rest, '"') : S("");
	if (*text != '"' || !tool_made_of(key, TOOL_KEY_CHARS))
		FAIL(t, "t needs the key of a message in quotes");
	name = tool_key_name(t->a, key);
	for (rest = str_trim(rest); rest.n; rest = str_trim(rest), n++) {
		size_t end = expression_length(rest, S(" "));
		str value = str_to(rest, end), arg = str_cut(&value, '=');

		if (!tool_made_of(arg, "abcdefghijklmnopqrstuvwxyz_") || !value.n)
			FAIL(t, "t takes name=value, with parentheses around blanks");
		buf_printf(&args, "%s(\"%" STR_F "\", (%" STR_F ")), ", macro, STR_A(arg),
			   STR_A(value));
		buf_printf(&takes, "(void)T_%s_takes_%" STR_F "; ", name, STR_A(arg));
		rest = str_from(rest, end);
	}
	buf_put(&args, S("{ 0 }"));
	CODE(t,
	     "\t{ const struct tr_arg args_[] = { %" STR_F " }; (void)T_%s_takes_%zu; %" STR_F
	     "tr_%s(o, lang, T_%s, args_, %zu); }\n",
	     STR_A(buf_str(&args)), name, n, STR_A(buf_str(&takes)), in_text ? "text" : "attr",
	     name, n);
}

/* Cuts the name off "name expression", for flag and attr. */
static const char *cut_attr_name(struct tmpl *t, const char **text)
{
	const char *name = name_at(t, str_of(*text));

	*text += strlen(name);
	*text += strspn(*text, " \t\n");
	if (t->place.state != TAG)
		FAIL(t, "flag and attr stand between the attributes of a tag");
	if (!*name || !**text)
		FAIL(t, "flag and attr need a name and an expression");
	add_attr(t, name);
	return name;
}

static void write_flag(struct tmpl *t, const char *text)
{
	const char *name = cut_attr_name(t, &text);

	if (!in_list(name, boolean_attrs))
		FAIL(t, "%s is not an attribute without a value", name);
	CODE(t, "\tif (%s) buf_put(o, S(\" %s\"));\n", text, name);
}

static void write_attr(struct tmpl *t, const char *text)
{
	const char *name = cut_attr_name(t, &text);
	enum kind kind = attr_kind(t, name);
	const char *macro = attr_macro(t, kind, P_START);

	if (kind == NUMBERS || is(t->place.tag, "script"))
		FAIL(t, "attr may not write %s of <%s>", name, t->place.tag);
	CODE(t,
	     "\t{ __auto_type value_ = (%s); if (OUT_HAS(value_)) { buf_put(o, S(\" %s=\\\"\")); "
	     "OUT_%s(o, value_); buf_put(o, S(\"\\\"\")); } }\n",
	     text, name, macro);
}

/* --- Blocks and branches ------------------------------------------------------------------------ */

/*
 * "name(parameters)", and behind it, for a block that leaves elements open or closes those of
 * another, "opens html body" or "closes html body". That becomes a part of the name in C,
 * name_opens_html_body: who renders the block must say the same, or there is no such function.
 */
struct signature {
	const char *name, *params; /* with their parentheses */
	bool opens;
	str list; /* of elements, the outermost first */
};

static struct signature read_signature(struct tmpl *t, const char *text)
{
	const char *open = strchr(text, '('), *close = strrchr(text, ')');
	struct signature g = { 0 };
	buf name = buf_new(t->a, SIZE_MAX);

	if (!open || !close || close < open)
		FAIL(t, "a block is written name(parameters)");
	g.params = arena_cstr(t->a, (str){ open, (size_t)(close + 1 - open) });
	g.list = str_trim(str_of(close + 1));
	buf_put(&name, (str){ text, (size_t)(open - text) });
	if (g.list.n)
		buf_printf(&name, "_%" STR_F, STR_A(g.list));
	buf_byte(&name, '\0');
	for (char *blank = name.p; (blank = strchr(blank, ' '));)
		*blank = '_';
	g.name = name.p;
	g.opens = str_starts(g.list, S("opens "));
	if (g.list.n && !(tool_made_of(g.list, "abcdefghijklmnopqrstuvwxyz123456 ") &&
			  (g.opens || str_starts(g.list, S("closes ")))))
		FAIL(t, "behind a block stands nothing, or opens or closes with elements");
	str_cut(&g.list, ' ');
	return g;
}

static void change_elements(struct tmpl *t, str list, bool open)
{
	const char *outer = arena_cstr(t->a, str_cut(&list, ' '));

	if (open)
		open_element(t, outer);
	if (list.n)
		change_elements(t, list, open);
	if (!open)
		close_element(t, outer);
}

static void push_frame(struct tmpl *t, int kind)
{
	struct frame f = { .kind = kind, .line = t->line, .start = t->place };

	*vec_add(t->a, &t->frames) = f;
}

static struct frame *last_frame(const struct tmpl *t)
{
	return &t->frames.p[t->frames.n - 1];
}

static void write_include(struct tmpl *t, const char *file)
{
	put_line(t, &t->header);
	buf_printf(&t->header, "#include %s\n", file);
}

static void write_define(struct tmpl *t, const char *text)
{
	struct signature g = read_signature(t, text);

	if (!str_starts(str_of(g.params), S("(buf *o")))
		FAIL(t, "the first parameter of a block is buf *o");
	push_frame(t, F_DEFINE);
	t->place = (struct place){ TEXT, .attrs = "" };
	t->opens = g.opens ? g.list : S("");
	if (g.list.n && !g.opens)
		change_elements(t, g.list, true);
	put_line(t, &t->header);
	buf_printf(&t->header, "void %s%s;\n", g.name, g.params);
	CODE(t, "void %s%s\n{\n", g.name, g.params);
}

static void write_render(struct tmpl *t, const char *text)
{
	struct signature g = read_signature(t, text);

	if (t->place.state != TEXT)
		FAIL(t, "a block may be rendered only in text");
	CODE(t, "\t%s%s;\n", g.name, g.params);
	if (g.list.n)
		change_elements(t, g.list, g.opens);
}

static void write_if(struct tmpl *t, const char *condition)
{
	push_frame(t, F_IF);
	CODE(t, "\tif (%s) {\n", condition);
}

static void write_for(struct tmpl *t, const char *clauses)
{
	push_frame(t, F_FOR);
	CODE(t, "\tfor (%s) {\n", clauses);
}

/* All ways through an {{ if }} must end at the same place. */
static void join_branch(struct tmpl *t, struct frame *f)
{
	if (f->has_end && !same_place(&f->end, &t->place))
		FAIL(t, "the branches of the if of line %d end in different places", f->line);
	f->end = t->place;
	f->has_end = true;
}

static void write_else(struct tmpl *t, const char *condition)
{
	struct frame *f = last_frame(t);

	if (f->kind != F_IF)
		FAIL(t, "%s without if", *condition ? "elif" : "else");
	join_branch(t, f);
	t->place = f->start;
	if (*condition) {
		CODE(t, "\t} else if (%s) {\n", condition);
	} else {
		f->kind = F_ELSE;
		CODE(t, "\t} else {\n");
	}
}

static void finish_define(struct tmpl *t)
{
	const struct element *e;

	if (t->place.state != TEXT && t->place.state != RAW_TEXT)
		FAIL(t, "the block ends in a tag or script");
	if (t->opens.n)
		change_elements(t, t->opens, false);
	e = t->place.inner;
	if (e)
		FAIL(t, "<%s> of line %d is still open", e->name, e->line);
	CODE(t, "}\n");
}

static void write_end(struct tmpl *t, const char *nothing)
{
	struct frame *f = last_frame(t);

	(void)nothing;
	t->frames.n--;
	if (f->kind == F_DEFINE) {
		finish_define(t);
		return;
	}
	join_branch(t, f);
	if ((f->kind != F_ELSE && !same_place(&f->start, &t->place)) ||
	    (f->kind == F_FOR && !is(f->start.attrs, t->place.attrs)))
		FAIL(t, "what may be skipped or repeated since line %d changes the place", f->line);
	CODE(t, "\t}\n");
}

/* --- Directives --------------------------------------------------------------------------------- */

/* What stands between the braces at AT; a comment keeps its #. *RET_N is the length with the braces. */
static const char *directive_at(struct tmpl *t, size_t at, size_t *ret_n)
{
	str rest = str_from(t->text, at + 2);
	bool comment = str_starts(rest, S("#"));
	size_t end = comment ? str_find(rest, S("#}}")) : expression_length(rest, S("}}"));

	if (end >= rest.n || (!comment && str_find(str_to(rest, end), S("{{")) != STR_NONE))
		FAIL(t, "the {{ has no }}");
	*ret_n = end + (comment ? 5 : 4);
	return arena_cstr(t->a, str_trim(str_to(rest, end)));
}

/* At the start of a line: when it is blank, or holds only directives that write nothing themselves,
 * its white space is left out. */
static void look_for_silent_line(struct tmpl *t)
{
	static const char silent_words[] = "include define end if elif else for render";
	const char *text;
	size_t at = t->at, n = 1;

	if (t->place.state != TEXT || inside(t, keeps_space))
		return;
	for (; at < t->text.n && t->text.p[at] != '\n'; at += n, n = 1) {
		if (is_space(t->text.p[at]))
			continue;
		if (!str_starts(str_from(t->text, at), S("{{")))
			return;
		text = directive_at(t, at, &n);
		if (*text != '#' && !in_list(name_at(t, str_of(text)), silent_words))
			return;
	}
	t->silent_to = at + 1;
}

static const struct directive {
	const char *word;
	void (*write)(struct tmpl *t, const char *rest);
	bool outside, has_rest;
} directives[] = {
	{ "include", write_include, true, true }, { "define", write_define, true, true },
	{ "render", write_render, false, true },  { "if", write_if, false, true },
	{ "elif", write_else, false, true },      { "else", write_else, false, false },
	{ "for", write_for, false, true },        { "end", write_end, false, false },
	{ "t", write_message, false, true },      { "num", write_number, false, true },
	{ "flag", write_flag, false, true },      { "attr", write_attr, false, true },
};

static void read_directive(struct tmpl *t)
{
	static const struct directive value = { "", write_value, false, true };
	const struct directive *d = &value;
	size_t n;
	const char *text = directive_at(t, t->at, &n), *word = name_at(t, str_of(text));

	if (*text == '#') {
		advance(t, n);
		return;
	}
	copy(t, 0);
	for (size_t i = 0; i < COUNT_OF(directives); i++)
		if (is(word, directives[i].word))
			d = &directives[i];
	text += strlen(d->word);
	text += strspn(text, " \t\n");
	if (d->outside != (t->frames.n == 0))
		FAIL(t, "this may stand only %s a define", d->outside ? "outside" : "in");
	if (d->has_rest != (*text != '\0'))
		FAIL(t, "%s %s", *word ? word : "{{ }}",
		     d->has_rest ? "lacks its expression" : "takes none");
	if (t->place.state == VALUE && t->place.kind == LITERAL)
		FAIL(t, "the value of %s must be literal", t->place.attr);
	d->write(t, text);
	advance(t, n);
}

static void read_one(struct tmpl *t)
{
	static void (*const readers[])(struct tmpl *) = {
		[TEXT] = read_text,  [RAW_TEXT] = read_text, [JSON] = read_script,
		[TAG] = read_in_tag, [VALUE] = read_value,
	};

	if (t->at == 0 || t->text.p[t->at - 1] == '\n')
		look_for_silent_line(t);
	if (str_starts(rest_of(t), S("{{")))
		read_directive(t);
	else if (t->frames.n)
		readers[t->place.state](t);
	else if (is_space(t->text.p[t->at]))
		advance(t, 1);
	else
		FAIL(t, "this may stand only in a define");
}

int main(int argc, char **argv)
{
	arena *a = arena_new();
	buf empty = buf_new(a, SIZE_MAX);
	struct tmpl t = { .a = a, .line = 1, .literal = empty, .header = empty, .code = empty };

	if (argc != 4)
		tool_fail("tmplc", 0, "usage: tmplc IN.html OUT.h OUT.c");
	t.path = argv[1];
	t.text = tool_read(a, t.path);
	if (!utf8_valid(t.text))
		FAIL(&t, "the template is not UTF-8");
	buf_put(&t.header, S("/* Generated by tmplc: do not edit. */\n#pragma once\n\n"
			     "#include \"i18n/i18n.h\"\n"));
	buf_printf(&t.code,
		   "/* Generated by tmplc: do not edit. */\n#include \"%" STR_F "\"\n\n"
		   "#pragma GCC diagnostic ignored \"-Wunused-parameter\"\n\n",
		   STR_A(tool_base_name(argv[2])));
	while (t.at < t.text.n)
		read_one(&t);
	if (t.frames.n)
		tool_fail(t.path, last_frame(&t)->line, "this has no end");
	tool_write(argv[2], &t.header);
	tool_write(argv[3], &t.code);
	arena_free(a);
	return 0;
}
