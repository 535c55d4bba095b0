/* WebVTT by its specification: https://www.w3.org/TR/webvtt1/#webvtt-parser-algorithm */
#include "base/utf8.h"
#include "subtitle/subtitle_lines.h"

/* The block under way. */
struct block {
	struct sub_lines lines;
	struct sub_file *f;
	arena *a;
	bool as_written;
	bool cue_open;
	struct sub_cue cue;
	str view; /* its lines, as long as they stand in the file as they should in a cue */
	bool copied;
	buf text;      /* otherwise a copy */
	int64_t first; /* its first line in the file */
};

/* TIME reads one: by the letter, or as other programs write them. */
static bool read_times(struct block *b, str line, bool (*time)(struct sub_scan *s, int64_t *ret),
		       struct sub_cue *c)
{
	struct sub_scan s = { line, 0 };

	sub_skip_blanks(&s);
	if (!time(&s, &c->start))
		return false;
	sub_skip_blanks(&s);
	if (!sub_take(&s, S("-->")))
		return false;
	sub_skip_blanks(&s);
	if (!time(&s, &c->end))
		return false;
	c->settings = sub_settings_none();
	sub_settings_read(b->a, b->f, str_from(line, s.at), &c->settings);
	return true;
}

/* A comma, no minutes of two digits, one decimal: told. */
static bool read_loose_times(struct block *b, str line, struct sub_cue *c)
{
	if (!read_times(b, line, sub_loose_time, c))
		return false;
	sub_repair_add(b->a, b->f, "bad-timing", b->lines.number, line);
	return true;
}

static bool is_word_alone(str text, str word)
{
	return str_starts(text, word) && str_trim(str_from(text, word.n)).n == 0;
}

static void region_point(arena *a, str value, double *ret_x, double *ret_y)
{
	str x = str_cut(&value, ',');
	double vx, vy;

	if (sub_percentage(a, x, &vx) && sub_percentage(a, value, &vy)) {
		*ret_x = vx;
		*ret_y = vy;
	}
}

static void read_region(struct block *b, str text)
{
	struct sub_region r = { .width = 100, .lines = 3, .anchor_y = 100, .viewport_y = 100 };
	struct sub_scan s = { text, 0 };

	for (sub_skip_blanks(&s); s.at < text.n; sub_skip_blanks(&s)) {
		size_t from = s.at;
		str value, name;

		while (s.at < text.n && !strchr(" \t\n\f\r", text.p[s.at]))
			s.at++;
		value = (str){ text.p + from, s.at - from };
		name = str_cut(&value, ':');
		if (!value.n)
			continue;
		if (str_eq(name, S("id")))
			r.id = value;
		else if (str_eq(name, S("width")))
			sub_percentage(b->a, value, &r.width);
		else if (str_eq(name, S("lines"))) {
			struct sub_scan digits = { value, 0 };
			str all = sub_digits(&digits);

			if (all.n == value.n)
				r.lines = strtod(arena_cstr(b->a, all), NULL);
		} else if (str_eq(name, S("regionanchor")))
			region_point(b->a, value, &r.anchor_x, &r.anchor_y);
		else if (str_eq(name, S("viewportanchor")))
			region_point(b->a, value, &r.viewport_x, &r.viewport_y);
		else if (str_eq(name, S("scroll")) && str_eq(value, S("up")))
			r.scroll_up = true;
	}
	r.id = arena_str(b->a, r.id);
	*vec_add(b->a, &b->f->regions) = r;
}

static void clear_text(struct block *b)
{
	b->view = S("");
	b->copied = false;
	buf_clear(&b->text);
}

static str text_of(const struct block *b)
{
	return b->copied ? buf_str(&b->text) : b->view;
}

static void add_line(struct block *b, str line)
{
	if (!b->copied && !b->view.n) {
		b->view = line;
	} else if (!b->copied && line.p == b->view.p + b->view.n + 1 && line.p[-1] == '\n') {
		b->view.n += 1 + line.n;
	} else {
		if (!b->copied)
			buf_put(&b->text, b->view);
		b->copied = true;
		buf_byte(&b->text, '\n');
		buf_put(&b->text, line);
	}
}

static enum err end_cue(struct block *b)
{
	str text = text_of(b), unknown;

	if (b->text.err != OK || text.n > SUB_CUE_MAX) {
		sub_repair_add(b->a, b->f, "cue-cut", b->first, utf8_to(text, 60));
		text = utf8_to(text, SUB_CUE_MAX);
	}
	if (b->f->cues.n == SUB_CUES_MAX)
		return E_TOOBIG;
	if (!b->as_written && (unknown = sub_unknown_tag(text)).n)
		sub_repair_add(b->a, b->f, "tag-dropped", b->first, unknown);
	b->cue.text = b->copied ? arena_str(b->a, text) : text;
	*vec_add(b->a, &b->f->cues) = b->cue;
	return OK;
}

/* What a block is that has no times: a style sheet, a region, a note, or lost text. */
static void end_other(struct block *b, bool style, bool region, bool in_header)
{
	str text = text_of(b);

	if (region)
		read_region(b, text);
	else if (style)
		sub_repair_add(b->a, b->f, "style-dropped", b->first, utf8_to(text, 60));
	else if (!in_header && text.n && !is_word_alone(text, S("NOTE")) &&
		 !str_starts(text, S("NOTE ")) && !str_starts(text, S("NOTE\n")) &&
		 !str_starts(text, S("NOTE\t")))
		sub_repair_add(b->a, b->f, "text-without-time", b->first, text);
}

/* "collect a WebVTT block" */
static enum err read_block(struct block *b, bool in_header)
{
	bool arrow = false, style = false, region = false;
	struct sub_lines before = b->lines;
	str line;

	clear_text(b);
	b->cue_open = false;
	b->first = b->lines.number + 1;
	for (size_t n = 1; before = b->lines, sub_line(&b->lines, &line); n++) {
		if (str_find_byte(line, '>') != STR_NONE && str_find(line, S("-->")) != STR_NONE) {
			if (in_header || !(n == 1 || (n == 2 && !arrow))) {
				b->lines = before;
				break;
			}
			arrow = true;
			b->cue = (struct sub_cue){ .id = arena_str(b->a, text_of(b)) };
			b->cue_open = read_times(b, line, sub_vtt_time, &b->cue) ||
				      (!b->as_written && read_loose_times(b, line, &b->cue));
			if (b->cue_open) {
				clear_text(b);
			} else {
				sub_repair_add(b->a, b->f, "no-timing", b->lines.number, line);
			}
			continue;
		}
		if (line.n == 0)
			break;
		/* the specification knows both only before the first cue */
		if (!in_header && n == 2 && !b->cue_open && !(b->as_written && b->f->cues.n)) {
			style = is_word_alone(text_of(b), S("STYLE"));
			region = is_word_alone(text_of(b), S("REGION"));
			if (style || region)
				clear_text(b);
		}
		add_line(b, line);
	}
	if (b->cue_open)
		return end_cue(b);
	end_other(b, style, region, in_header);
	return OK;
}

static bool has_signature(str bytes)
{
	return str_starts(bytes, S("WEBVTT")) && (bytes.n == 6 || strchr(" \t\n\r", bytes.p[6]));
}

enum err sub_vtt_read(arena *a, str bytes, bool as_written, struct sub_file *f)
{
	struct block b = { .lines = { .in = bytes },
			   .f = f,
			   .a = a,
			   .as_written = as_written,
			   .text = buf_new(a, SUB_FILE_MAX) };
	str line;

	if (has_signature(bytes)) {
		if (sub_line(&b.lines, &line))
			f->header = str_trim(str_from(line, 6));
		if (b.lines.at < bytes.n && bytes.p[b.lines.at] != '\n' &&
		    bytes.p[b.lines.at] != '\r')
			TRY(read_block(&b, true));
	} else if (as_written) {
		return E_INVALID;
	} else {
		sub_repair_add(a, f, "no-signature", 1, S(""));
	}
	while (b.lines.at < bytes.n)
		TRY(read_block(&b, false));
	return OK;
}
