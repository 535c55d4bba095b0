/*
 * TTML and IMSC's text profile (https://www.w3.org/TR/ttml-imsc1.1/): each p, or each span that has times
 * of its own, is a cue; body, div and p may shift the times of what they hold. Styles become i, b and u,
 * whether they stand on the element, on one around it, or in a style of the head that it names.
 */
#include "base/utf8.h"
#include "job/xml.h"
#include "subtitle/subtitle_lines.h"

enum { LOOKS = 3 }; /* a bit each: italic, bold, underlined */

static const struct {
	str attr, value;
	char tag;
} looks[LOOKS] = { { S_INIT("fontStyle"), S_INIT("italic"), 'i' },
		   { S_INIT("fontWeight"), S_INIT("bold"), 'b' },
		   { S_INIT("textDecoration"), S_INIT("underline"), 'u' } };

struct style {
	str id;
	unsigned look;
};

struct level {
	int64_t begin, end; /* milliseconds of the whole; end -1: open */
	bool seq;           /* what it holds is shown one after the other */
	int64_t next;       /* where the times of its next child begin */
	int64_t reach;      /* the end of its last child */
	bool preserve;      /* white space */
	unsigned look;
	unsigned opened; /* the bits whose tags end with it */
	bool timed;      /* a p or span with times */
};

struct ttml {
	arena *a;
	struct sub_file *f;
	struct level levels[XML_DEPTH_MAX + 1];
	size_t depth;
	size_t in_p; /* the depth of the p under way; 0: none */
	size_t in_head;
	double frame_rate, tick_rate;
	buf text;
	bool blank; /* a blank waits to be written */
	bool words; /* more than tags and ends of lines */
	VEC(struct style) styles;
	int64_t begin, end;
	enum err err;
};

static bool number_unit(str s, double *ret_number, str *ret_unit)
{
	char digits[32], *end;
	size_t n = 0;

	while (n < s.n && n < sizeof digits - 1 &&
	       ((s.p[n] >= '0' && s.p[n] <= '9') || s.p[n] == '.'))
		n++;
	if (!n)
		return false;
	memcpy(digits, s.p, n);
	digits[n] = '\0';
	*ret_number = strtod(digits, &end);
	*ret_unit = str_from(s, n);
	return *end == '\0';
}

static int64_t in_milliseconds(double seconds)
{
	return seconds < 1e9 ? (int64_t)(seconds * 1000 + 0.5) : -1;
}

/* 00:00:01.5, 00:00:01:12 (frames), 1.5s, 90000t, 40f, 500ms, 2m, 1h. -1: none of these. */
static int64_t time_of(const struct ttml *t, str s)
{
	struct sub_scan scan = { s = str_trim(s), 0 };
	double v = 0;
	str unit;
	int64_t ms;

	if (str_find_byte(s, ':') == STR_NONE) {
		if (!number_unit(s, &v, &unit))
			return -1;
		if (str_eq(unit, S("t")))
			v /= t->tick_rate;
		else if (str_eq(unit, S("f")))
			v /= t->frame_rate;
		else if (str_eq(unit, S("ms")))
			v /= 1000;
		else if (str_eq(unit, S("m")))
			v *= 60;
		else if (str_eq(unit, S("h")))
			v *= 3600;
		else if (!str_eq(unit, S("s")))
			return -1;
		return in_milliseconds(v);
	}
	/* the fourth part counts frames */
	str first = s;
	size_t colons = 0, last = 0;

	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] == ':') {
			colons++;
			last = i;
		}
	if (colons == 3) {
		if (!number_unit(str_from(s, last + 1), &v, &unit))
			return -1;
		first = str_to(s, last);
	}
	scan.s = first;
	v = (double)in_milliseconds(v / t->frame_rate);
	if (v < 0 || !sub_loose_time(&scan, &ms))
		return -1;
	return ms + (int64_t)v;
}

static void enter_times(struct ttml *t, struct level *l, const struct level *outer,
			const char *const *attrs)
{
	int64_t begin = time_of(t, xml_attr(attrs, S("begin"))),
		end = time_of(t, xml_attr(attrs, S("end"))),
		dur = time_of(t, xml_attr(attrs, S("dur")));

	l->timed = begin >= 0 || end >= 0 || dur >= 0;
	l->begin = outer->next + MAX(begin, 0);
	l->end = outer->end;
	if (end >= 0)
		l->end = outer->next + end;
	if (dur >= 0)
		l->end = l->end < 0 ? l->begin + dur : MIN(l->end, l->begin + dur);
	if (outer->end >= 0 && (l->end < 0 || l->end > outer->end))
		l->end = outer->end;
	l->next = l->reach = l->begin;
	l->seq = str_eq(xml_attr(attrs, S("timeContainer")), S("seq"));
}

static enum err end_cue(struct ttml *t)
{
	struct sub_cue c = { .start = t->begin, .end = t->end, .settings = sub_settings_none() };

	if (!t->words) {
		buf_clear(&t->text);
		return OK;
	}
	if (t->f->cues.n == SUB_CUES_MAX)
		return E_TOOBIG;
	if (t->text.err != OK)
		sub_repair_add(t->a, t->f, "cue-cut", 0, S(""));
	if (c.end < 0) { /* shown until the file says otherwise */
		sub_repair_add(t->a, t->f, "no-end", 0, utf8_to(buf_str(&t->text), 60));
		c.end = c.start + 5000;
	}
	c.text = arena_str(t->a, buf_str(&t->text));
	*vec_add(t->a, &t->f->cues) = c;
	buf_clear(&t->text);
	t->blank = t->words = false;
	return OK;
}

/* How an element looks: as what is around it, as the styles that it names, as its own attributes say. */
static unsigned look_of(const struct ttml *t, unsigned outer, const char *const *attrs)
{
	unsigned look = outer;

	for (str names = xml_attr(attrs, S("style")); names.n;) {
		str name = str_cut(&names, ' ');

		vec_each (struct style, s, &t->styles)
			if (str_eq(s->id, name))
				look |= s->look;
	}
	for (size_t i = 0; i < LOOKS; i++) {
		str value = xml_attr(attrs, looks[i].attr);

		if (value.p)
			look = str_eq(value, looks[i].value) ? look | 1u << i : look & ~(1u << i);
	}
	return look;
}

static void open_tags(struct ttml *t, struct level *l, unsigned open)
{
	l->opened = l->look & ~open;
	if (!l->opened)
		return;
	if (t->blank && t->words)
		buf_byte(&t->text, ' ');
	t->blank = false;
	for (size_t i = 0; i < LOOKS; i++)
		if (l->opened & 1u << i)
			buf_printf(&t->text, "<%c>", looks[i].tag);
}

static void add_style(struct ttml *t, const struct level *l, const char *const *attrs)
{
	enum { STYLES_MAX = 1000 }; /* each element looks through them */
	str id = xml_attr(attrs, S("id"));

	if (id.n && l->look && t->styles.n < STYLES_MAX)
		*vec_add(t->a, &t->styles) = (struct style){ arena_str(t->a, id), l->look };
}

static double rate(str s, double otherwise)
{
	double v;
	str unit;

	return number_unit(s, &v, &unit) && v > 0 ? v : otherwise;
}

static void read_root(struct ttml *t, const char *const *attrs)
{
	str multiplier = xml_attr(attrs, S("frameRateMultiplier")),
	    lang = xml_attr(attrs, S("lang"));
	double up = rate(str_cut(&multiplier, ' '), 1), down = rate(multiplier, 1);
	bool framed = xml_attr(attrs, S("frameRate")).p != NULL;

	t->frame_rate = rate(xml_attr(attrs, S("frameRate")), 30) * up / down;
	t->tick_rate = rate(xml_attr(attrs, S("tickRate")), framed ? t->frame_rate : 1);
	t->f->lang = lang.n ? arena_str(t->a, lang) : (str){ 0 };
}

/* Styles do not reach over the seam between two cues: a cue opens all that hold where it begins. */
static enum err enter_content(struct ttml *t, struct level *l, const struct level *outer, str name)
{
	bool begins = str_eq(name, S("p"));

	if (begins) {
		t->in_p = t->depth;
	} else if (t->in_p && str_eq(name, S("br"))) {
		buf_byte(&t->text, '\n');
		t->blank = false;
		return OK;
	} else if (t->in_p && l->timed) {
		TRY(end_cue(t));
		begins = true;
	}
	if (begins) {
		t->begin = l->begin;
		t->end = l->end;
	}
	if (t->in_p)
		open_tags(t, l, begins ? 0 : outer->look);
	return OK;
}

static enum err on_start(void *ctx, str name, const char *const *attrs)
{
	struct ttml *t = ctx;
	const struct level *outer = &t->levels[t->depth];
	struct level *l = &t->levels[++t->depth];
	str space = xml_attr(attrs, S("space"));

	*l = (struct level){ .preserve = space.p ? str_eq(space, S("preserve")) : outer->preserve };
	if (str_eq(name, S("tt")))
		read_root(t, attrs);
	enter_times(t, l, outer, attrs);
	l->look = look_of(t, outer->look, attrs);
	if (str_eq(name, S("head")) || str_eq(name, S("metadata")))
		t->in_head = t->in_head ? t->in_head : t->depth;
	if (t->in_head && str_eq(name, S("style")))
		add_style(t, l, attrs);
	if (t->in_head)
		return OK;
	return enter_content(t, l, outer, name);
}

/* An element without an end of its own ends with the last of what it holds; then a sequence goes on. */
static void leave_times(struct level *outer, const struct level *l)
{
	int64_t end = l->timed && l->end >= 0 ? l->end : l->reach;

	outer->reach = MAX(outer->reach, end);
	if (outer->seq)
		outer->next = end;
}

static enum err on_end(void *ctx, str name)
{
	struct ttml *t = ctx;
	struct level *l = &t->levels[t->depth];
	enum err e = OK;

	(void)name;
	for (size_t i = LOOKS; i-- > 0 && !t->in_head;)
		if (l->opened & 1u << i)
			buf_printf(&t->text, "</%c>", looks[i].tag);
	if (t->in_p && (t->depth == t->in_p || (l->timed && t->depth > t->in_p))) {
		e = end_cue(t);
		t->begin = t->levels[t->in_p].begin;
		t->end = t->levels[t->in_p].end;
	}
	if (t->depth == t->in_p)
		t->in_p = 0;
	if (t->depth == t->in_head)
		t->in_head = 0;
	t->depth--;
	leave_times(&t->levels[t->depth], l);
	return e;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Runs of white space are one blank, none at the ends of lines, unless the file says otherwise. */
static enum err on_text(void *ctx, str text)
{
	struct ttml *t = ctx;

	if (!t->in_p || t->in_head)
		return OK;
	if (t->levels[t->depth].preserve) {
		t->words |= text.n > 0;
		sub_escape(&t->text, text);
		return OK;
	}
	for (size_t i = 0, from; i < text.n;) {
		if (is_blank(text.p[i])) {
			t->blank = true;
			i++;
			continue;
		}
		for (from = i; i < text.n && !is_blank(text.p[i]);)
			i++;
		if (t->blank && t->words && t->text.p[t->text.n - 1] != '\n')
			buf_byte(&t->text, ' ');
		t->blank = false;
		t->words = true;
		sub_escape(&t->text, (str){ text.p + from, i - from });
	}
	return OK;
}

enum err sub_ttml_read(arena *a, str bytes, struct sub_file *f, buf *why)
{
	struct ttml *t = NEW(a, struct ttml);
	const struct xml xml = { on_start, on_end, on_text, t };
	struct source from = source_of_str(&bytes);

	*t = (struct ttml){
		.a = a, .f = f, .frame_rate = 30, .tick_rate = 1, .text = buf_new(a, SUB_CUE_MAX)
	};
	t->levels[0].end = -1;
	return xml_read(&from, &xml, why);
}
