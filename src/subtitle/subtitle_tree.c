/* Cue text: https://www.w3.org/TR/webvtt1/#webvtt-cue-text-parsing-rules */
#include "base/utf8.h"
#include "subtitle/subtitle_lines.h"

/* --- Character references, as HTML has them. */

static const struct entity {
	str name, text;
} entities[] = {
#include "entity_rows.h"
};

static const struct entity *find_entity(str name)
{
	size_t low = 0, high = COUNT_OF(entities);

	while (low < high) {
		size_t mid = (low + high) / 2;
		int c = str_cmp(entities[mid].name, name);

		if (c == 0)
			return &entities[mid];
		if (c < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

static bool is_alnum(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* What browsers take 128 to 159 for: windows-1252. */
static uint32_t number_means(uint32_t c)
{
	static const uint16_t cp1252[32] = { 0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020,
					     0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D,
					     0x017D, 0x8F,   0x90,   0x2018, 0x2019, 0x201C, 0x201D,
					     0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A,
					     0x0153, 0x9D,   0x017E, 0x0178 };

	if (c >= 0x80 && c < 0xA0)
		return cp1252[c - 0x80];
	return c == 0 || c > 0x10FFFF || (c >= 0xD800 && c < 0xE000) ? 0xFFFD : c;
}

/* "#32;" behind the ampersand; how many bytes it takes, 0: it is none. */
static size_t number_reference(str s, buf *o)
{
	bool hex = s.n > 1 && (s.p[1] == 'x' || s.p[1] == 'X');
	size_t i = hex ? 2 : 1, from = i;
	uint32_t c = 0;

	for (; i < s.n; i++) {
		char d = s.p[i];
		int v = d >= '0' && d <= '9'          ? d - '0'
			: hex && d >= 'a' && d <= 'f' ? d - 'a' + 10
			: hex && d >= 'A' && d <= 'F' ? d - 'A' + 10
						      : -1;

		if (v < 0)
			break;
		c = MIN(c * (hex ? 16 : 10) + (uint32_t)v, 0x110000u);
	}
	if (i == from)
		return 0;
	utf8_put(o, number_means(c));
	return i < s.n && s.p[i] == ';' ? i + 1 : i;
}

/* The longest name of the list that S begins with; some do without the semicolon. */
static size_t name_reference(str s, buf *o)
{
	size_t n = 0;

	while (n < s.n && n < 40 && is_alnum(s.p[n]))
		n++;
	if (n < s.n && s.p[n] == ';')
		n++;
	for (; n; n--) {
		const struct entity *e = find_entity(str_to(s, n));

		if (e) {
			buf_put(o, e->text);
			return n;
		}
	}
	return 0;
}

/* At an ampersand: writes what it means, answers the bytes used. */
static size_t reference(str s, buf *o)
{
	str behind = str_from(s, 1);
	size_t n = behind.n == 0        ? 0
		   : behind.p[0] == '#' ? number_reference(behind, o)
					: name_reference(behind, o);

	if (n == 0)
		buf_byte(o, '&');
	return n + 1;
}

/* --- The tokenizer. */

enum token_kind { TOKEN_WORDS, TOKEN_OPEN, TOKEN_CLOSE, TOKEN_STAMP };

struct cue_token {
	enum token_kind kind;
	str text; /* words, the tag's name, the time */
	str classes, annotation;
};

struct reader {
	arena *a;
	str s;
	size_t at;
};

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\f';
}

static void read_words(struct reader *r, struct cue_token *t)
{
	size_t from = r->at;
	bool plain = true;
	buf o;

	while (r->at < r->s.n && r->s.p[r->at] != '<') {
		plain &= r->s.p[r->at] != '&';
		r->at++;
	}
	t->kind = TOKEN_WORDS;
	t->text = (str){ r->s.p + from, r->at - from };
	if (plain)
		return;
	o = buf_new(r->a, t->text.n * 2 + 16);
	for (size_t i = 0; i < t->text.n;) {
		if (t->text.p[i] == '&')
			i += reference(str_from(t->text, i), &o);
		else
			buf_byte(&o, t->text.p[i++]);
	}
	t->text = buf_str(&o);
}

/* White space at the ends goes, runs of it become one blank; references count. */
static str read_annotation(struct reader *r)
{
	buf o = buf_new(r->a, (r->s.n - r->at) * 2 + 16);
	size_t n = 0;
	char *p;

	while (r->at < r->s.n && r->s.p[r->at] != '>') {
		if (r->s.p[r->at] == '&')
			r->at += reference(str_from(r->s, r->at), &o);
		else
			buf_byte(&o, r->s.p[r->at++]);
	}
	p = o.p;
	for (size_t i = 0; i < o.n; i++) {
		if (!is_space(o.p[i]))
			p[n++] = o.p[i];
		else if (n && p[n - 1] != ' ')
			p[n++] = ' ';
	}
	while (n && p[n - 1] == ' ')
		n--;
	return (str){ o.p ? o.p : "", n };
}

static str read_until(struct reader *r, const char *ends)
{
	size_t from = r->at;

	while (r->at < r->s.n && !strchr(ends, r->s.p[r->at]))
		r->at++;
	return (str){ r->s.p + from, r->at - from };
}

static void read_classes(struct reader *r, struct cue_token *t)
{
	buf o = buf_new(r->a, r->s.n + 16);

	while (r->at < r->s.n && r->s.p[r->at] == '.') {
		str name;

		r->at++;
		name = read_until(r, ". \t\n\f>");
		if (name.n) {
			buf_put(&o, o.n ? S(" ") : S(""));
			buf_put(&o, name);
		}
	}
	t->classes = buf_str(&o);
}

/* At "<". */
static void read_tag(struct reader *r, struct cue_token *t)
{
	char c;

	r->at++;
	c = r->at < r->s.n ? r->s.p[r->at] : '\0';
	t->kind = c == '/' ? TOKEN_CLOSE : c >= '0' && c <= '9' ? TOKEN_STAMP : TOKEN_OPEN;
	if (t->kind == TOKEN_CLOSE)
		r->at++;
	if (t->kind != TOKEN_OPEN) {
		t->text = read_until(r, ">");
	} else {
		t->text = read_until(r, ". \t\n\f>");
		read_classes(r, t);
		if (r->at < r->s.n && is_space(r->s.p[r->at]))
			t->annotation = read_annotation(r);
	}
	if (r->at < r->s.n) /* the > */
		r->at++;
}

static bool next_token(struct reader *r, struct cue_token *t)
{
	*t = (struct cue_token){ 0 };
	if (r->at >= r->s.n)
		return false;
	if (r->s.p[r->at] == '<')
		read_tag(r, t);
	else
		read_words(r, t);
	return true;
}

/* --- The tree. */

struct open_node {
	struct sub_node *node;
	struct sub_node **tail; /* where its next child goes */
};

struct builder {
	arena *a;
	struct open_node open[SUB_DEPTH_MAX + 1];
	size_t n; /* open[0] is the root */
};

static struct sub_node *add_node(struct builder *b, enum sub_tag tag)
{
	struct sub_node *node = NEW(b->a, struct sub_node);

	node->tag = tag;
	*b->open[b->n - 1].tail = node;
	b->open[b->n - 1].tail = &node->next;
	return node;
}

static bool tag_of(str name, enum sub_tag *ret)
{
	static const struct {
		str name;
		enum sub_tag tag;
	} all[] = { { S_INIT("c"), SUB_C }, { S_INIT("i"), SUB_I },       { S_INIT("b"), SUB_B },
		    { S_INIT("u"), SUB_U }, { S_INIT("ruby"), SUB_RUBY }, { S_INIT("rt"), SUB_RT },
		    { S_INIT("v"), SUB_V }, { S_INIT("lang"), SUB_LANG } };

	for (size_t i = 0; i < COUNT_OF(all); i++)
		if (str_eq(all[i].name, name)) {
			*ret = all[i].tag;
			return true;
		}
	return false;
}

str sub_unknown_tag(str text)
{
	struct reader r = { .s = text };
	enum sub_tag tag;

	for (;;) {
		size_t open = str_find_byte(str_from(text, r.at), '<');
		str name;

		if (open == STR_NONE)
			return S("");
		r.at += open + 1;
		r.at += r.at < text.n && text.p[r.at] == '/';
		name = read_until(&r, ". \t\n\f>");
		if (name.n && !(name.p[0] >= '0' && name.p[0] <= '9') && !tag_of(name, &tag))
			return name;
	}
}

static void open_tag(struct builder *b, const struct cue_token *t)
{
	struct sub_node *node;
	enum sub_tag tag;

	if (!tag_of(t->text, &tag) || b->n == COUNT_OF(b->open))
		return;
	if (tag == SUB_RT && (b->n == 1 || b->open[b->n - 1].node->tag != SUB_RUBY))
		return;
	node = add_node(b, tag);
	node->classes = t->classes;
	if (tag == SUB_V || tag == SUB_LANG)
		node->text = t->annotation;
	b->open[b->n++] = (struct open_node){ node, &node->child };
}

static void close_tag(struct builder *b, str name)
{
	enum sub_tag tag, top;

	if (!tag_of(name, &tag) || b->n == 1)
		return;
	top = b->open[b->n - 1].node->tag;
	if (top == tag)
		b->n--;
	else if (tag == SUB_RUBY && top == SUB_RT)
		b->n -= 2;
}

struct sub_node *sub_tree(arena *a, str text)
{
	struct reader r = { a, text, 0 };
	struct builder b = { .a = a };
	struct sub_node *first = NULL;
	struct cue_token t;

	b.open[b.n++] = (struct open_node){ NULL, &first };
	while (next_token(&r, &t)) {
		struct sub_scan time = { t.text, 0 };
		int64_t stamp;

		switch (t.kind) {
		case TOKEN_WORDS: add_node(&b, SUB_WORDS)->text = t.text; break;
		case TOKEN_OPEN: open_tag(&b, &t); break;
		case TOKEN_CLOSE: close_tag(&b, t.text); break;
		case TOKEN_STAMP:
			if (sub_vtt_time(&time, &stamp) && time.at == t.text.n)
				add_node(&b, SUB_STAMP)->stamp = stamp;
			break;
		}
	}
	return first;
}

/* --- Words and HTML. */

str sub_plain(arena *a, str text)
{
	struct reader r = { a, text, 0 };
	buf o;
	struct cue_token t;

	if (str_find_byte(text, '<') == STR_NONE && str_find_byte(text, '&') == STR_NONE)
		return str_trim(text);
	o = buf_new(a, text.n * 2 + 16);
	while (next_token(&r, &t))
		if (t.kind == TOKEN_WORDS)
			buf_put(&o, t.text);
	return o.n ? str_trim(buf_str(&o)) : S("");
}

str sub_voice(arena *a, str text)
{
	struct reader r = { a, text, 0 };
	struct cue_token t;

	if (str_find(text, S("<v")) == STR_NONE)
		return S("");
	while (next_token(&r, &t))
		if (t.kind == TOKEN_OPEN && str_eq(t.text, S("v")))
			return t.annotation;
	return S("");
}

/* Lines of a cue are for a small picture; in a paragraph they are blanks. */
static void put_words(buf *o, str words)
{
	while (words.n) {
		size_t line = str_find_byte(words, '\n');

		html_text(o, str_to(words, line == STR_NONE ? words.n : line));
		if (line == STR_NONE)
			break;
		buf_byte(o, ' ');
		words = str_from(words, line + 1);
	}
}

static bool is_lang(str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!is_alnum(s.p[i]) && s.p[i] != '-')
			return false;
	return s.n > 0 && s.n < 36;
}

static void put_nodes(buf *o, const struct sub_node *node)
{
	static const char *const names[] = {
		[SUB_I] = "i", [SUB_B] = "b", [SUB_U] = "u", [SUB_RUBY] = "ruby", [SUB_RT] = "rt"
	};

	for (; node; node = node->next) {
		const char *name = node->tag >= SUB_I && node->tag <= SUB_RT ? names[node->tag]
									     : NULL;
		bool span = node->tag == SUB_LANG && is_lang(node->text);

		if (node->tag == SUB_WORDS)
			put_words(o, node->text);
		if (name)
			buf_printf(o, "<%s>", name);
		if (span) {
			buf_put(o, S("<span lang=\""));
			html_attr(o, node->text);
			buf_put(o, S("\">"));
		}
		put_nodes(o, node->child);
		if (span)
			buf_put(o, S("</span>"));
		if (name)
			buf_printf(o, "</%s>", name);
	}
}

html sub_html(arena *a, str text)
{
	buf o = buf_new(a, text.n * 8 + 4096);

	put_nodes(&o, sub_tree(a, text));
	return (html){ o.err == OK && o.n ? buf_str(&o) : S("") };
}
