/* Where a cue stands: https://www.w3.org/TR/webvtt1/#parse-the-webvtt-cue-settings */
#include <float.h>
#include <math.h>

#include "subtitle/subtitle_lines.h"

struct sub_settings sub_settings_none(void)
{
	return (struct sub_settings){ .snap = true,
				      .auto_line = true,
				      .auto_position = true,
				      .size = 100,
				      .line_align = 's',
				      .position_align = 'a',
				      .align = 'c' };
}

/* Digits, a point with digits behind it: 12.5. All of S, however long it is. */
static bool decimal(arena *a, str s, double *ret)
{
	size_t points = 0;
	double v;

	if (!s.n || s.p[0] == '.' || s.p[s.n - 1] == '.')
		return false;
	for (size_t i = 0; i < s.n; i++) {
		points += s.p[i] == '.';
		if (s.p[i] != '.' && (s.p[i] < '0' || s.p[i] > '9'))
			return false;
	}
	v = strtod(arena_cstr(a, s), NULL);
	if (points > 1 || !isfinite(v))
		return false;
	*ret = v;
	return true;
}

bool sub_percentage(arena *a, str s, double *ret)
{
	double v;

	if (!str_ends(s, S("%")) || !decimal(a, str_to(s, s.n - 1), &v) || v > 100)
		return false;
	*ret = v;
	return true;
}

static bool one_of(str s, const char *const *names, const char *codes, char *ret)
{
	for (size_t i = 0; names[i]; i++)
		if (str_eq(s, str_of(names[i]))) {
			*ret = codes[i];
			return true;
		}
	return false;
}

static void read_line(arena *a, str value, struct sub_settings *s)
{
	static const char *const names[] = { "start", "center", "end", NULL };
	bool has_align = str_find_byte(value, ',') != STR_NONE;
	str number = str_cut(&value, ','), digits = number;
	char align = 's';
	double v;

	if (has_align && !one_of(value, names, "sce", &align))
		return;
	if (str_ends(number, S("%"))) {
		if (!sub_percentage(a, number, &v))
			return;
		s->snap = false;
	} else {
		bool negative = str_starts(number, S("-"));

		digits = str_from(number, negative);
		if (!decimal(a, digits, &v))
			return;
		v = negative ? -v : v;
		s->snap = true;
	}
	s->line = v;
	s->auto_line = false;
	if (has_align)
		s->line_align = align;
}

static void read_position(arena *a, str value, struct sub_settings *s)
{
	static const char *const names[] = { "line-left", "center", "line-right", NULL };
	bool has_align = str_find_byte(value, ',') != STR_NONE;
	str number = str_cut(&value, ',');
	char align = 'a';
	double v;

	if ((has_align && !one_of(value, names, "sce", &align)) || !sub_percentage(a, number, &v))
		return;
	s->position = v;
	s->auto_position = false;
	if (has_align)
		s->position_align = align;
}

static void read_setting(arena *a, const struct sub_file *f, str name, str value,
			 struct sub_settings *s)
{
	static const char *const aligns[] = { "start", "center", "end", "left", "right", NULL };

	if (str_eq(name, S("vertical"))) {
		if (str_eq(value, S("rl")) || str_eq(value, S("lr")))
			s->vertical = value.p[0];
	} else if (str_eq(name, S("line"))) {
		read_line(a, value, s);
	} else if (str_eq(name, S("position"))) {
		read_position(a, value, s);
	} else if (str_eq(name, S("size"))) {
		sub_percentage(a, value, &s->size);
	} else if (str_eq(name, S("align"))) {
		one_of(value, aligns, "scelr", &s->align);
	} else if (str_eq(name, S("region"))) {
		for (size_t i = f->regions.n; i-- > 0;)
			if (str_eq(f->regions.p[i].id, value)) {
				s->region = f->regions.p[i].id;
				break;
			}
	}
}

void sub_settings_read(arena *a, const struct sub_file *f, str text, struct sub_settings *ret)
{
	struct sub_scan scan = { text, 0 };

	for (;;) {
		size_t from, colon;
		str word;

		sub_skip_blanks(&scan);
		from = scan.at;
		while (scan.at < text.n && !strchr(" \t\n\f\r", text.p[scan.at]))
			scan.at++;
		word = (str){ text.p + from, scan.at - from };
		if (!word.n)
			break;
		colon = str_find_byte(word, ':');
		if (colon != STR_NONE && colon && colon + 1 < word.n)
			read_setting(a, f, str_to(word, colon), str_from(word, colon + 1), ret);
	}
	if (ret->region.n && (!ret->auto_line || ret->size < 100 || ret->vertical))
		ret->region = (str){ 0 };
}

void sub_put_number(buf *o, double v)
{
	char text[DBL_MAX_10_EXP + 16]; /* the longest is that of the largest double */
	int n = snprintf(text, sizeof text, "%.4f", v);

	while (n > 1 && text[n - 1] == '0')
		n--;
	if (n > 1 && text[n - 1] == '.')
		n--;
	buf_put(o, (str){ text, (size_t)n });
}

static const char *align_name(char code)
{
	return code == 's'   ? "start"
	       : code == 'e' ? "end"
	       : code == 'l' ? "left"
	       : code == 'r' ? "right"
			     : "center";
}

void sub_settings_put(buf *o, const struct sub_settings *s)
{
	if (s->region.n)
		buf_printf(o, " region:%" STR_F, STR_A(s->region));
	if (s->vertical)
		buf_printf(o, " vertical:%s", s->vertical == 'r' ? "rl" : "lr");
	if (!s->auto_line) {
		buf_put(o, S(" line:"));
		sub_put_number(o, s->line);
		buf_put(o, s->snap ? S("") : S("%"));
		if (s->line_align != 's')
			buf_printf(o, ",%s", align_name(s->line_align));
	}
	if (!s->auto_position) {
		buf_put(o, S(" position:"));
		sub_put_number(o, s->position);
		buf_put(o, S("%"));
		if (s->position_align != 'a')
			buf_put(o, s->position_align == 's'   ? S(",line-left")
				   : s->position_align == 'e' ? S(",line-right")
							      : S(",center"));
	}
	if (s->size < 100) {
		buf_put(o, S(" size:"));
		sub_put_number(o, s->size);
		buf_put(o, S("%"));
	}
	if (s->align != 'c')
		buf_printf(o, " align:%s", align_name(s->align));
}
