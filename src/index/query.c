/*
 * Parsing in three steps: the text is cut into elements (a word, a phrase, a field's value, OR ...); runs
 * of plain words are looked up in the vocabulary, longest first; what results is put into clauses.
 */
#include "index/query.h"

#include "base/utf8.h"
#include "index/stop.h"
#include "index/token.h"

enum element_kind {
	ELEMENT_WORD,   /* one word, or several that are glued: OP-CAT */
	ELEMENT_PHRASE, /* in quotes, or the end of a prefix: as they stand */
	ELEMENT_TAGS,   /* values of a field */
	ELEMENT_AND,
	ELEMENT_OR,
};

struct element {
	enum element_kind kind;
	bool negated;
	bool plain;  /* a word that may be part of a concept's name */
	bool forced; /* by text: the name means its words, and no tags */
	str typed;
	VEC(struct query_word) words;
	VEC(enum token_glue) glue; /* of each word to the one before */
	VEC(struct index_tag) tags;
};

struct parser {
	arena *a;
	const struct query_context *context;
	str in;
	size_t at;
	/* Whose common words are left out: the page's language, and those of names that it does not have, so
	 * that "torture des enfants" is French on an English page too. TEXT_LANG_BITs. */
	unsigned langs;
	VEC(struct element) elements;
	VEC(struct query_clause) clauses;
	VEC(struct query_notice) notices;
};

static void notice_add(struct parser *p, enum query_notice_kind kind, str typed, uint32_t concept)
{
	*vec_add(p->a, &p->notices) = (struct query_notice){ kind, arena_str(p->a, typed),
							     concept };
}

/* --- Cutting into elements --------------------------------------------------------------------------- */

static bool is_blank(uint32_t c)
{
	return c <= ' ' || c == 0x85 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200B) ||
	       c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000 ||
	       c == 0xFEFF || c == '(' || c == ')';
}

static bool is_quote(uint32_t c)
{
	return c == '"' || c == 0x201C || c == 0x201D || c == 0x201E || c == 0xAB || c == 0xBB ||
	       c == 0x300C || c == 0x300D;
}

/* The code point at P->AT and, in *RET_NEXT, where the next one stands; 0 at the end. */
static uint32_t peek(const struct parser *p, size_t *ret_next)
{
	str rest = str_from(p->in, p->at);
	uint32_t c = 0;

	if (rest.n)
		c = utf8_next(&rest);
	*ret_next = p->in.n - rest.n;
	return c == 0 && p->at < p->in.n ? ' ' : c; /* a zero byte is a blank */
}

/* What stands between P->AT and the next blank or quote; moves there. */
static str take_chunk(struct parser *p)
{
	size_t from = p->at, next;

	for (uint32_t c; (c = peek(p, &next)) != 0 && !is_blank(c) && !is_quote(c);)
		p->at = next;
	return (str){ p->in.p + from, p->at - from };
}

/* What stands between the quote at P->AT and the next one; moves behind that. False, and nothing is
 * taken, when there is none: then it is no quote. */
static bool take_quoted(struct parser *p, str *ret)
{
	size_t back = p->at, from, next;
	uint32_t c = peek(p, &from);

	for (p->at = from; (c = peek(p, &next)) != 0; p->at = next)
		if (is_quote(c)) {
			*ret = (str){ p->in.p + from, p->at - from };
			p->at = next;
			return true;
		}
	p->at = back;
	return false;
}

static void word_add(struct parser *p, struct element *e, const struct token *t, enum query_how how)
{
	*vec_add(p->a, &e->words) = (struct query_word){ .folded = arena_str(p->a, t->folded),
							 .lower = arena_str(p->a, t->lower),
							 .how = how,
							 .typed = true };
	*vec_add(p->a, &e->glue) = t->glue;
}

/* A phrase is one element, its words as they stand. */
static void add_phrase(struct parser *p, str text, bool negated)
{
	struct element e = { .kind = ELEMENT_PHRASE, .negated = negated, .typed = text };
	struct tokens reader;
	struct token t;

	tokens_init(&reader, text);
	while (tokens_next(&reader, &t))
		word_add(p, &e, &t, QUERY_EXACT);
	if (e.words.n)
		*vec_add(p->a, &p->elements) = e;
}

/* The last word of E was typed with a star: END is where the star stands. */
static void make_prefix(struct parser *p, struct element *e)
{
	struct query_word *last = &e->words.p[e->words.n - 1];

	if (utf8_count(last->folded) < 2) {
		notice_add(p, QUERY_SHORT_PREFIX, last->folded, 0);
		return;
	}
	e->kind = ELEMENT_PHRASE;
	last->how = QUERY_PREFIX;
}

/* The words of a chunk, those that are glued as one element. */
static void add_words(struct parser *p, str chunk, bool negated, bool plain)
{
	bool star = chunk.n > 1 && chunk.p[chunk.n - 1] == '*';
	size_t end = chunk.n - star;
	struct tokens reader;
	struct token t = { 0 };

	tokens_init(&reader, chunk);
	while (tokens_next(&reader, &t)) {
		struct element *e = p->elements.n ? &p->elements.p[p->elements.n - 1] : NULL;

		if (t.glue == TOKEN_APART) {
			e = vec_add(p->a, &p->elements);
			*e = (struct element){ .kind = ELEMENT_WORD,
					       .negated = negated,
					       .plain = plain && !negated };
			e->typed = str_from(chunk, t.start);
		}
		e->typed.n = (size_t)(chunk.p + t.end - e->typed.p);
		word_add(p, e, &t, QUERY_STEM);
	}
	if (star && t.folded.n && t.end == end)
		make_prefix(p, p->elements.p + p->elements.n - 1);
}

static const struct query_field *field_named(const struct parser *p, str name)
{
	for (size_t i = 0; i < p->context->n_fields; i++)
		if (str_eq_nocase(p->context->fields[i].name, name))
			return &p->context->fields[i];
	return NULL;
}

static bool add_tag(struct parser *p, struct element *e, const struct query_field *f, str value)
{
	uint16_t found;

	if (!f->find(f->ctx, str_trim(value), &found))
		return false;
	*vec_add(p->a, &e->tags) = (struct index_tag){ (uint16_t)f->column, found };
	return true;
}

/* field:value, where VALUE may be several with commas between them. False when one is unknown. */
static bool add_tags(struct parser *p, const struct query_field *f, str value, bool negated)
{
	struct element e = { .kind = ELEMENT_TAGS, .negated = negated };

	if (!add_tag(p, &e, f, value))
		for (str rest = value; rest.p;) {
			str one = str_cut(&rest, ',');

			if (!add_tag(p, &e, f, one)) {
				notice_add(p, QUERY_UNKNOWN_VALUE, one, 0);
				return false;
			}
		}
	*vec_add(p->a, &p->elements) = e;
	return true;
}

static size_t longest_name(struct parser *p, size_t from, const uint32_t **ret, size_t *ret_n);

/* text:"death penalty": a whole name asks for what it is called, in any language, without what is tagged
 * with it. False, and nothing is added, when it is no name. */
static bool add_name(struct parser *p, str value)
{
	size_t before = p->elements.n, said = p->notices.n, n_concepts;
	const uint32_t *concepts;

	add_words(p, value, false, true);
	for (size_t i = before; i < p->elements.n; i++)
		p->elements.p[i].forced = true;
	if (p->elements.n > before &&
	    longest_name(p, before, &concepts, &n_concepts) == p->elements.n - before)
		return true;
	p->elements.n = before;
	p->notices.n = said;
	return false;
}

/* A chunk with a colon: text:word, text:"a phrase", field:value. False when it is none of these. */
static bool add_field(struct parser *p, str chunk, bool negated)
{
	size_t colon = str_find_byte(chunk, ':'), next;
	str value = str_from(chunk, colon == STR_NONE ? chunk.n : colon + 1), name;
	const struct query_field *f;
	bool quoted = false, text;

	if (colon == STR_NONE || colon == 0)
		return false;
	name = str_to(chunk, colon);
	f = field_named(p, name);
	text = !f && str_eq_nocase(name, S("text"));
	if (!f && !text)
		return false;
	if (value.n == 0 && is_quote(peek(p, &next)))
		quoted = take_quoted(p, &value);
	if (value.n == 0)
		return false;
	if (f && add_tags(p, f, value, negated))
		return true;
	if (text && !negated && add_name(p, value))
		return true;
	if (quoted)
		add_phrase(p, value, negated);
	else
		add_words(p, value, negated, !text);
	return true;
}

static void add_chunk(struct parser *p, str chunk, bool negated)
{
	bool minus = chunk.n > 0 && chunk.p[0] == '-';

	while (chunk.n > 0 && chunk.p[0] == '-')
		chunk = str_from(chunk, 1);
	negated |= minus;
	if (!add_field(p, chunk, negated))
		add_words(p, chunk, negated, true);
}

/* AND, OR and NOT between other elements; elsewhere they are words. */
static bool add_operator(struct parser *p, str chunk, bool *negate)
{
	size_t rest = p->at, next;
	bool more = false;
	uint32_t c;

	for (p->at = rest; (c = peek(p, &next)) != 0 && !more; p->at = next)
		more = token_is_word(c);
	p->at = rest;
	if (!more)
		return false;
	if (str_eq(chunk, S("NOT")))
		return *negate = true;
	if (p->elements.n == 0 || p->elements.p[p->elements.n - 1].kind >= ELEMENT_AND)
		return false;
	if (!str_eq(chunk, S("OR")) && !str_eq(chunk, S("AND")))
		return false;
	*vec_add(p->a, &p->elements) = (struct element){
		.kind = chunk.p[0] == 'O' ? ELEMENT_OR : ELEMENT_AND,
	};
	return true;
}

static void cut(struct parser *p)
{
	bool negate = false;
	size_t next;

	for (uint32_t c; (c = peek(p, &next)) != 0;) {
		size_t before = p->elements.n;
		str text;

		if (is_blank(c)) {
			p->at = next;
			continue;
		}
		if (is_quote(c)) {
			if (take_quoted(p, &text))
				add_phrase(p, text, negate);
			else
				p->at = next;
		} else {
			text = take_chunk(p);
			if (add_operator(p, text, &negate))
				continue;
			if (str_eq(text, S("-"))) /* -"a phrase" */
				negate = is_quote(peek(p, &next));
			else
				add_chunk(p, text, negate);
		}
		negate = negate && p->elements.n == before;
	}
}

/* --- Leaves ------------------------------------------------------------------------------------------ */

static void pattern_put(struct parser *p, struct query_pattern **list, size_t *n,
			const struct query_word *words, size_t n_words)
{
	struct query_pattern *grown = arena_grow(p->a, *list, *n * sizeof **list,
						 (*n + 1) * sizeof **list);

	grown[(*n)++] = (struct query_pattern){ words, n_words };
	*list = grown;
}

/* The words of E from FROM on, those with a hyphen between them written together. Returns how many. */
static size_t joined(struct parser *p, const struct element *e, size_t from,
		     struct query_word **ret)
{
	VEC(struct query_word) words = { 0 };

	for (size_t i = from; i < e->words.n; i++) {
		buf both = buf_new(p->a, 1 << 14);
		struct query_word *last;

		if (i == from || e->glue.p[i] != TOKEN_HYPHEN) {
			*vec_add(p->a, &words) = e->words.p[i];
			continue;
		}
		last = &words.p[words.n - 1];
		buf_put(&both, last->folded);
		buf_put(&both, e->words.p[i].folded);
		last->folded = last->lower = buf_str(&both);
		last->how = e->words.p[i].how;
	}
	*ret = words.p;
	return words.n;
}

/* Where the words of E begin that matter: l'enfant is enfant. */
static size_t without_elision(const struct element *e)
{
	size_t from = 0;

	while (e->kind == ELEMENT_WORD && from + 1 < e->words.n &&
	       e->glue.p[from + 1] == TOKEN_APOSTROPHE && stop_elision(e->words.p[from].folded))
		from++;
	return from;
}

static struct query_leaf leaf_of_words(struct parser *p, const struct element *e)
{
	struct query_leaf leaf = { .negated = e->negated };
	size_t from = without_elision(e), n = e->words.n - from, n_joined;
	struct query_word *words;

	pattern_put(p, &leaf.any, &leaf.n_any, e->words.p + from, n);
	n_joined = joined(p, e, from, &words);
	if (n_joined < n)
		pattern_put(p, &leaf.any, &leaf.n_any, words, n_joined);
	return leaf;
}

static struct query_leaf leaf_of_tags(const struct element *e)
{
	return (struct query_leaf){
		.negated = e->negated, .forced = true, .tags = e->tags.p, .n_tags = e->tags.n
	};
}

static bool is_stop(const struct parser *p, const struct element *e)
{
	size_t from;

	if (e->kind != ELEMENT_WORD || !e->plain)
		return false;
	from = without_elision(e);
	if (from + 1 != e->words.n)
		return false;
	for (int lang = 0; lang < TEXT_LANG_COUNT_; lang++)
		if ((p->langs & TEXT_LANG_BIT(lang)) &&
		    stop_word((enum text_lang)lang, e->words.p[from].folded))
			return true;
	return (p->langs & TEXT_LANG_BIT(TEXT_FR)) && stop_elision(e->words.p[from].folded);
}

/* --- Concepts ---------------------------------------------------------------------------------------- */

/* The key of elements FROM to FROM + N - 1; GLUED: words with a hyphen between them together. */
static str key_of(struct parser *p, size_t from, size_t n, bool glued)
{
	buf key = buf_new(p->a, 1 << 14);

	for (size_t i = from; i < from + n; i++) {
		const struct element *e = &p->elements.p[i];

		for (size_t k = 0; k < e->words.n; k++) {
			if (key.n && !(glued && k && e->glue.p[k] == TOKEN_HYPHEN))
				buf_byte(&key, ' ');
			buf_put(&key, e->words.p[k].folded);
		}
	}
	return buf_str(&key);
}

/* The longest run of plain words from element FROM on that is a name; 0: none is. */
static size_t longest_name(struct parser *p, size_t from, const uint32_t **ret, size_t *ret_n)
{
	const struct lexicon *x = p->context->lexicon;
	size_t n = 0;

	while (x && n < lexicon_longest(x) && from + n < p->elements.n &&
	       p->elements.p[from + n].kind == ELEMENT_WORD && p->elements.p[from + n].plain &&
	       p->elements.p[from + n].forced == p->elements.p[from].forced)
		n++;
	for (; n > 0; n--)
		for (int glued = 0; glued < 2; glued++) {
			*ret_n = lexicon_find(x, key_of(p, from, n, glued), ret);
			if (*ret_n)
				return n;
		}
	return 0;
}

/* What was typed from element FROM to element FROM + N - 1. */
static str typed_run(const struct parser *p, size_t from, size_t n)
{
	str first = p->elements.p[from].typed, last = p->elements.p[from + n - 1].typed;

	return (str){ first.p, (size_t)(last.p + last.n - first.p) };
}

static void concept_put(struct parser *p, uint32_t number, str typed, bool forced,
			struct query_leaf *leaf)
{
	const struct lexicon_concept *c = lexicon_concept(p->context->lexicon, number);

	if (!forced)
		notice_add(p, c->action == LEXICON_OFFER ? QUERY_OFFER : QUERY_CONCEPT, typed,
			   number);
	vec_each (struct lexicon_name, name, &c->names)
		pattern_put(p, &leaf->any, &leaf->n_any, name->pattern.words, name->pattern.n);
	if (forced || c->action != LEXICON_TAG || c->n_tags == 0)
		return;
	leaf->tags = arena_grow(p->a, leaf->tags, leaf->n_tags * sizeof *leaf->tags,
				(leaf->n_tags + c->n_tags) * sizeof *leaf->tags);
	memcpy(leaf->tags + leaf->n_tags, c->tags, c->n_tags * sizeof *c->tags);
	leaf->n_tags += c->n_tags;
}

/* The words typed, all of them somewhere, or another name as it stands, or a tag. */
static struct query_leaf leaf_of_concepts(struct parser *p, size_t from, size_t n,
					  const uint32_t *concepts, size_t n_concepts)
{
	struct query_leaf leaf = { 0 };
	bool only_stops = true;

	for (size_t i = 0; i < n_concepts; i++)
		concept_put(p, concepts[i], typed_run(p, from, n), p->elements.p[from].forced,
			    &leaf);
	for (size_t i = from; i < from + n; i++)
		only_stops &= is_stop(p, &p->elements.p[i]);
	for (size_t i = from; i < from + n; i++) {
		const struct element *e = &p->elements.p[i];
		size_t start = without_elision(e);

		if (only_stops || !is_stop(p, e))
			pattern_put(p, &leaf.all, &leaf.n_all, e->words.p + start,
				    e->words.n - start);
	}
	return leaf;
}

/* --- Clauses ----------------------------------------------------------------------------------------- */

static void leaf_put(struct parser *p, bool joins, struct query_leaf leaf)
{
	struct query_clause *c = joins ? &p->clauses.p[p->clauses.n - 1] : NULL;

	if (!joins)
		c = vec_add(p->a, &p->clauses);
	c->leaves = arena_grow(p->a, c->leaves, c->n * sizeof *c->leaves,
			       (c->n + 1) * sizeof *c->leaves);
	c->leaves[c->n++] = leaf;
}

static bool kind_at(const struct parser *p, size_t i, enum element_kind kind)
{
	return i < p->elements.n && p->elements.p[i].kind == kind;
}

/* The languages of names that the page's language does not have. */
static void find_langs(struct parser *p)
{
	unsigned own = TEXT_LANG_BIT(p->context->lang), others = 0;
	const uint32_t *concepts;
	size_t n_concepts, n;

	for (size_t i = 0; i < p->elements.n; i += MAX(n, (size_t)1)) {
		unsigned langs;

		n = longest_name(p, i, &concepts, &n_concepts);
		langs = n ? lexicon_langs(p->context->lexicon, key_of(p, i, n, false)) : 0;
		if (!(langs & own))
			others |= langs;
	}
	p->langs = own | others;
}

/* STOPS: common words count like others. */
static void assemble(struct parser *p, bool stops)
{
	bool joins = false;

	for (size_t i = 0; i < p->elements.n;) {
		const struct element *e = &p->elements.p[i];
		const uint32_t *concepts;
		size_t n_concepts, n = 0;

		if (e->kind >= ELEMENT_AND) {
			joins = e->kind == ELEMENT_OR && p->clauses.n;
			i++;
			continue;
		}
		if (e->kind == ELEMENT_TAGS)
			leaf_put(p, joins, leaf_of_tags(e));
		else if ((n = longest_name(p, i, &concepts, &n_concepts)) > 0)
			leaf_put(p, joins, leaf_of_concepts(p, i, n, concepts, n_concepts));
		else if (stops || joins || kind_at(p, i + 1, ELEMENT_OR) || !is_stop(p, e))
			leaf_put(p, joins, leaf_of_words(p, e));
		else
			notice_add(p, QUERY_IGNORED, e->typed, 0);
		joins = false;
		i += MAX(n, (size_t)1);
	}
}

/* The first QUERY_CHARS_MAX code points. */
static str first_chars(str text)
{
	str rest = text;

	for (size_t n = 0; rest.n && n < QUERY_CHARS_MAX; n++)
		utf8_next(&rest);
	return str_to(text, text.n - rest.n);
}

const struct query *query_parse(arena *a, const struct query_context *context, str text)
{
	struct parser p = { .a = a, .context = context, .in = first_chars(text) };
	struct query *q = NEW(a, struct query);
	size_t n_notices;

	if (p.in.n < text.n)
		notice_add(&p, QUERY_TRUNCATED, S(""), 0);
	cut(&p);
	find_langs(&p);
	n_notices = p.notices.n;
	assemble(&p, false);
	if (p.clauses.n == 0) { /* nothing but common words */
		p.notices.n = n_notices;
		assemble(&p, true);
	}
	*q = (struct query){ context->lang, p.clauses.p, p.clauses.n, p.notices.p, p.notices.n };
	return q;
}
