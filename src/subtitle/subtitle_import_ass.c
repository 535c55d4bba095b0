/* ASS and SSA: the Dialogue lines of [Events], in the order of fields that its Format line gives. */
#include "subtitle/subtitle_lines.h"

enum { FIELDS_MAX = 32 };

struct ass {
	arena *a;
	struct sub_file *f;
	int start, end, text, name, n; /* places of fields; n: how many */
	bool in_events;
	int64_t line;
};

static void read_format(struct ass *r, str fields)
{
	r->start = r->end = r->text = r->name = -1;
	for (r->n = 0; fields.n && r->n < FIELDS_MAX; r->n++) {
		str name = str_trim(str_cut(&fields, ','));

		if (str_eq_nocase(name, S("Start")))
			r->start = r->n;
		else if (str_eq_nocase(name, S("End")))
			r->end = r->n;
		else if (str_eq_nocase(name, S("Text")))
			r->text = r->n;
		else if (str_eq_nocase(name, S("Name")) || str_eq_nocase(name, S("Actor")))
			r->name = r->n;
	}
}

/* {\i1\pos(3,4)}: italics, bold and underline are kept, the rest is dropped. *RET_DRAWING: shapes follow. */
static void put_override(struct ass *r, buf *o, str tags, bool *drawing)
{
	bool known = false;

	for (size_t i = 0; i + 2 < tags.n; i++) {
		char c = tags.p[i + 1], v = tags.p[i + 2];

		if (tags.p[i] != '\\')
			continue;
		if (strchr("ibu", c) && (v == '0' || v == '1')) {
			buf_printf(o, "<%s%c>", v == '1' ? "" : "/", c);
			known = true;
		} else if (c == 'p' && v >= '0' && v <= '9') {
			*drawing = v != '0';
		}
	}
	if (!known)
		sub_repair_add(r->a, r->f, "tag-dropped", r->line, tags);
}

static void put_text(struct ass *r, buf *o, str text)
{
	size_t from = 0;
	bool drawing = false;

	for (size_t i = 0; i <= text.n; i++) {
		bool end = i == text.n, brace = !end && text.p[i] == '{';
		bool slash = !end && text.p[i] == '\\' && i + 1 < text.n &&
			     strchr("Nnh", text.p[i + 1]);
		size_t close;

		if (!end && !brace && !slash)
			continue;
		if (!drawing)
			sub_escape(o, (str){ text.p + from, i - from });
		if (slash) {
			buf_put(o, text.p[i + 1] == 'h' ? S("\xC2\xA0") : S("\n"));
			i++;
		} else if (brace) {
			close = str_find_byte(str_from(text, i), '}');
			if (close == STR_NONE) {
				from = i;
				sub_escape(o, str_from(text, i));
				return;
			}
			put_override(r, o, (str){ text.p + i, close + 1 }, &drawing);
			i += close;
		}
		from = i + 1;
	}
}

static enum err read_dialogue(struct ass *r, str fields)
{
	struct sub_cue c = { .settings = sub_settings_none() };
	buf o = buf_new(r->a, SUB_CUE_MAX);
	bool good = r->text >= 0;
	str voice = { 0 };

	for (int i = 0; i < r->n; i++) {
		str field = i == r->n - 1 ? fields : str_cut(&fields, ',');
		struct sub_scan s = { str_trim(field), 0 };

		if (i == r->start)
			good &= sub_loose_time(&s, &c.start);
		else if (i == r->end)
			good &= sub_loose_time(&s, &c.end);
		else if (i == r->name)
			voice = str_trim(field);
		else if (i == r->text)
			put_text(r, &o, field);
	}
	if (!good) {
		sub_repair_add(r->a, r->f, "no-timing", r->line, fields);
		return OK;
	}
	if (r->f->cues.n == SUB_CUES_MAX)
		return E_TOOBIG;
	if (o.err != OK)
		sub_repair_add(r->a, r->f, "cue-cut", r->line, S(""));
	c.text = o.n ? buf_str(&o) : S("");
	if (voice.n) {
		buf v = buf_new(r->a, SUB_CUE_MAX * 2);

		buf_put(&v, S("<v "));
		sub_escape(&v, voice);
		buf_put(&v, S(">"));
		buf_put(&v, c.text);
		c.text = buf_str(&v);
	}
	*vec_add(r->a, &r->f->cues) = c;
	return OK;
}

enum err sub_ass_read(arena *a, str bytes, struct sub_file *f)
{
	struct sub_lines lines = { .in = bytes };
	struct ass r = { .a = a, .f = f };
	str line;

	read_format(&r, S("Layer,Start,End,Style,Name,MarginL,MarginR,MarginV,Effect,Text"));
	while (sub_line(&lines, &line)) {
		r.line = lines.number;
		if (str_starts(line, S("[")))
			r.in_events = str_eq_nocase(str_trim(line), S("[Events]"));
		else if (r.in_events && str_starts(line, S("Format:")))
			read_format(&r, str_from(line, 7));
		else if (r.in_events && str_starts(line, S("Dialogue:")))
			TRY(read_dialogue(&r, str_from(line, 9)));
	}
	return OK;
}
