/*
 * SubRip as it is found: counters missing or wrong, comma or dot, no blank line between cues, blank
 * lines inside one, tags of HTML and of ASS, coordinates. There is no specification; a line of two times
 * and an arrow begins a cue. With words behind them it does so below a counter only: else it is speech.
 */
#include "base/utf8.h"
#include "subtitle/subtitle_lines.h"

enum { LINES_MAX = SUB_CUE_MAX / 2 }; /* of a cue: each has a character and its end */

/* A cue while its lines are read. */
struct srt {
	struct sub_file *f;
	arena *a;
	bool open, cut;
	struct sub_cue cue;
	VEC(str) lines;
	int64_t first;
	int64_t counter; /* the last one; files that were edited by hand leave some out */
};

enum times { TIMES_NONE, TIMES_START, TIMES_BOTH }; /* START: the end cannot be read */

static enum times read_times(str line, struct sub_cue *c, str *ret_rest)
{
	struct sub_scan s = { line = sub_trim_marks(line), 0 };
	bool end;

	if (!sub_loose_time(&s, &c->start))
		return TIMES_NONE;
	sub_skip_blanks(&s);
	if (!sub_take(&s, S("-->")) && !sub_take(&s, S("->")) && !sub_take(&s, S("- ->")))
		return TIMES_NONE;
	sub_skip_blanks(&s);
	*ret_rest = str_trim(str_from(line, s.at));
	end = sub_loose_time(&s, &c->end);
	if (end)
		*ret_rest = str_trim(str_from(line, s.at));
	return end ? TIMES_BOTH : TIMES_START;
}

/* What may stand behind the times: coordinates, or settings of WebVTT. */
static bool is_place(str rest)
{
	static const str names[] = { S_INIT("X1:"),       S_INIT("align:"), S_INIT("line:"),
				     S_INIT("position:"), S_INIT("size:"),  S_INIT("vertical:"),
				     S_INIT("region:") };

	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (str_starts(rest, names[i]))
			return true;
	return false;
}

static bool is_counter(str line)
{
	struct sub_scan s = { sub_trim_marks(line), 0 };

	return sub_digits(&s).n && s.at == s.s.n;
}

static const struct {
	str from, to;
} tags[] = {
	{ S_INIT("<i>"), S_INIT("<i>") },    { S_INIT("</i>"), S_INIT("</i>") },
	{ S_INIT("<b>"), S_INIT("<b>") },    { S_INIT("</b>"), S_INIT("</b>") },
	{ S_INIT("<u>"), S_INIT("<u>") },    { S_INIT("</u>"), S_INIT("</u>") },
	{ S_INIT("{\\i1}"), S_INIT("<i>") }, { S_INIT("{\\i0}"), S_INIT("</i>") },
	{ S_INIT("{\\b1}"), S_INIT("<b>") }, { S_INIT("{\\b0}"), S_INIT("</b>") },
	{ S_INIT("{\\u1}"), S_INIT("<u>") }, { S_INIT("{\\u0}"), S_INIT("</u>") },
};

static bool starts_nocase(str s, str with)
{
	return s.n >= with.n && str_eq_nocase(str_to(s, with.n), with);
}

/* <font ...> but not <fontaine ...>. */
static bool begins_tag(str s, str with)
{
	return starts_nocase(s, with) &&
	       (s.n == with.n || s.p[with.n] == ' ' || s.p[with.n] == '\t' || s.p[with.n] == '>');
}

/* A tag at the start of S that is no speech: how long it is, and what stands for it in WebVTT. */
static size_t tag_at(str s, str *ret)
{
	size_t end;

	*ret = S("");
	for (size_t i = 0; i < COUNT_OF(tags); i++)
		if (starts_nocase(s, tags[i].from)) {
			*ret = tags[i].to;
			return tags[i].from.n;
		}
	if (begins_tag(s, S("<font")) || begins_tag(s, S("</font")) || begins_tag(s, S("<span")) ||
	    begins_tag(s, S("</span")) || begins_tag(s, S("<s")) || begins_tag(s, S("</s")) ||
	    starts_nocase(s, S("<c.")) || starts_nocase(s, S("</c>"))) {
		end = str_find_byte(s, '>');
		return end == STR_NONE ? 0 : end + 1;
	}
	if (str_starts(s, S("{\\"))) {
		end = str_find_byte(s, '}');
		return end == STR_NONE ? 0 : end + 1;
	}
	return 0;
}

/* {\an8}: where on the screen, as the number keys lie. */
static void place(str tag, struct sub_settings *s)
{
	size_t at = str_find(tag, S("\\an"));
	char c = at == STR_NONE || at + 3 >= tag.n ? '\0' : tag.p[at + 3];

	if (c < '1' || c > '9')
		return;
	if (c >= '4') {
		s->auto_line = false;
		s->snap = false;
		s->line = c >= '7' ? 0 : 50;
	}
	s->align = (c - '0') % 3 == 1 ? 's' : (c - '0') % 3 == 0 ? 'e' : 'c';
}

/* Entities that programs write into SRT stay what they meant; a lone & is escaped. */
static void put_words(struct srt *r, buf *o, str words)
{
	bool plain = str_find_byte(words, '&') == STR_NONE;

	sub_escape(o, plain ? words : html_decode(r->a, words));
}

static void put_line(struct srt *r, buf *o, str line)
{
	size_t from = 0;

	for (size_t i = 0; i < line.n;) {
		str instead;
		size_t n = line.p[i] == '<' || line.p[i] == '{'
				   ? tag_at(str_from(line, i), &instead)
				   : 0;

		if (!n) {
			i++;
			continue;
		}
		put_words(r, o, (str){ line.p + from, i - from });
		buf_put(o, instead);
		if (!instead.n) {
			place((str){ line.p + i, n }, &r->cue.settings);
			sub_repair_add(r->a, r->f, "tag-dropped", r->first, (str){ line.p + i, n });
		}
		i += n;
		from = i;
	}
	put_words(r, o, str_from(line, from));
}

/* The lines as they stand in the file, where nothing in them needs another spelling; p == NULL: it does. */
static str as_it_stands(const struct srt *r, size_t n)
{
	str all = n ? r->lines.p[0] : S("");

	for (size_t i = 1; i < n; i++) {
		str line = r->lines.p[i];

		if (!line.n || line.p != all.p + all.n + 1 || line.p[-1] != '\n')
			return (str){ 0 };
		all.n += 1 + line.n;
	}
	for (size_t i = 0; i < all.n; i++)
		if (all.p[i] == '<' || all.p[i] == '>' || all.p[i] == '{' || all.p[i] == '&')
			return (str){ 0 };
	return all.n && str_trim(all).n == all.n && all.n <= SUB_CUE_MAX ? all : (str){ 0 };
}

static enum err end_cue(struct srt *r)
{
	buf o = buf_new(r->a, SUB_CUE_MAX);
	size_t n = r->lines.n;

	if (!r->open)
		return OK;
	while (n && str_trim(r->lines.p[n - 1]).n == 0)
		n--;
	r->cue.text = as_it_stands(r, n);
	for (size_t i = 0; i < n && !r->cue.text.p; i++) {
		if (str_trim(r->lines.p[i]).n == 0) {
			sub_repair_add(r->a, r->f, "blank-line-in-cue", r->first, S(""));
			continue;
		}
		if (o.n)
			buf_byte(&o, '\n');
		put_line(r, &o, r->lines.p[i]);
	}
	if (o.err != OK || r->cut)
		sub_repair_add(r->a, r->f, "cue-cut", r->first, S(""));
	if (r->f->cues.n == SUB_CUES_MAX)
		return E_TOOBIG;
	if (!r->cue.text.p)
		r->cue.text = o.n ? buf_str(&o) : S("");
	*vec_add(r->a, &r->f->cues) = r->cue;
	r->open = false;
	return OK;
}

/* It counts the cue that comes next: by our count or by the file's own. */
static bool is_next_counter(const struct srt *r, str line)
{
	int64_t number = sub_number(str_trim(line));

	return is_counter(line) &&
	       (number == (int64_t)r->f->cues.n + 2 || number == r->counter + 1);
}

/* The counter of the next cue is the last line of this one. */
static void drop_counter(struct srt *r, int64_t line)
{
	size_t n = r->lines.n;
	str last = n ? r->lines.p[n - 1] : S("");
	bool alone = n == 1 || (n > 1 && !str_trim(r->lines.p[n - 2]).n);

	if (!(alone && is_counter(last)) && !is_next_counter(r, last)) {
		if (r->open)
			sub_repair_add(r->a, r->f, "no-counter", line, S(""));
		return;
	}
	if (!alone)
		sub_repair_add(r->a, r->f, "no-blank-line", line, S(""));
	r->counter = sub_number(str_trim(last));
	r->lines.n--;
}

/* A counter behind the last cue counts one that is not there. */
static void drop_last_counter(struct srt *r, int64_t line)
{
	size_t n = r->lines.n;

	while (n && !str_trim(r->lines.p[n - 1]).n)
		n--;
	if (n < 2 || !is_next_counter(r, r->lines.p[n - 1]) || str_trim(r->lines.p[n - 2]).n)
		return;
	r->lines.n = n - 1;
	sub_repair_add(r->a, r->f, "empty-cue", line, S(""));
}

/* Blank lines in a row are as good as one. Of too many lines the last is kept: it may be a counter. */
static void add_line(struct srt *r, str line)
{
	str *last = r->lines.n ? &r->lines.p[r->lines.n - 1] : NULL;

	if (last && !str_trim(line).n && !str_trim(*last).n)
		return;
	if (r->lines.n < LINES_MAX) {
		*vec_add(r->a, &r->lines) = line;
		return;
	}
	*last = line;
	r->cut = true;
}

/* Behind the times: a place, or what somebody's finger left there, or words that lack their own line. */
static void read_rest(struct srt *r, str line, str rest)
{
	enum { SLIP = 2 }; /* characters */

	if (str_starts(rest, S("X1:"))) {
		sub_repair_add(r->a, r->f, "position-dropped", r->first, rest);
	} else if (is_place(rest)) {
		sub_settings_read(r->a, r->f, rest, &r->cue.settings);
	} else if (rest.n) {
		sub_repair_add(r->a, r->f, "bad-timing", r->first, line);
		if (utf8_count(rest) > SLIP)
			add_line(r, rest);
	}
}

/* ":38:23,870": its hours are those of the start. Otherwise it is shown for five seconds. */
static void mend_end(struct srt *r, str line, str rest)
{
	enum { HOUR_MS = 3600000, SHOWN_MS = 5000 };
	struct sub_scan s = { rest, 0 };
	int64_t end;

	if (sub_take(&s, S(":")) && sub_loose_time(&s, &end)) {
		sub_repair_add(r->a, r->f, "bad-timing", r->first, line);
		r->cue.end = r->cue.start / HOUR_MS * HOUR_MS + end;
		return;
	}
	sub_repair_add(r->a, r->f, "no-end", r->first, line);
	r->cue.end = r->cue.start + SHOWN_MS;
	if (rest.n)
		add_line(r, rest);
}

static enum times begins_cue(const struct srt *r, str line, struct sub_cue *ret, str *ret_rest)
{
	const str *above = r->lines.n ? &r->lines.p[r->lines.n - 1] : NULL;
	enum times times;

	if (str_find_byte(line, '>') == STR_NONE || str_find(line, S("->")) == STR_NONE)
		return TIMES_NONE;
	times = read_times(line, ret, ret_rest);
	if (times == TIMES_BOTH && (!ret_rest->n || is_place(*ret_rest)))
		return times;
	return above && is_counter(*above) ? times : TIMES_NONE;
}

static enum err begin_cue(struct srt *r, const struct sub_cue *times, int64_t line)
{
	drop_counter(r, line);
	TRY(end_cue(r));
	r->lines.n = 0;
	r->open = true;
	r->cut = false;
	r->first = line;
	r->cue = (struct sub_cue){ .start = times->start,
				   .end = times->end,
				   .settings = sub_settings_none() };
	return OK;
}

enum err sub_srt_read(arena *a, str bytes, struct sub_file *f)
{
	struct sub_lines lines = { .in = bytes };
	struct srt r = { .f = f, .a = a };
	struct sub_cue next = { 0 };
	str line, rest;

	while (sub_line(&lines, &line)) {
		enum times times = begins_cue(&r, line, &next, &rest);

		if (times != TIMES_NONE) {
			TRY(begin_cue(&r, &next, lines.number));
			if (times == TIMES_BOTH)
				read_rest(&r, line, rest);
			else
				mend_end(&r, line, rest);
		} else if (r.open || is_counter(line) || !str_trim(line).n) {
			add_line(&r, line);
		} else {
			sub_repair_add(a, f, "text-without-time", lines.number, line);
		}
	}
	if (r.open)
		drop_last_counter(&r, lines.number);
	return end_cue(&r);
}
