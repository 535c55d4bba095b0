#include <unicode/ubrk.h>
#include <unicode/uchar.h>
#include <unicode/utext.h>

#include "base/utf8.h"
#include "base/vec.h"
#include "text/wrap.h"

/* Hundredths, from the blank to the tilde: the wider of the two faces. */
static const uint8_t ascii[] = {
	35, 46,  53, 84, 70, 101, 89, 31,  46, 46, 53, 84, 38, 42,  38, 37, 70, 70,  70,
	70, 70,  70, 70, 70, 70,  70, 40,  40, 84, 84, 84, 58, 100, 78, 77, 77, 83,  73,
	70, 83,  88, 40, 41, 78,  67, 103, 88, 85, 74, 85, 77, 72,  69, 85, 78, 111, 78,
	73, 73,  46, 37, 46, 84,  50, 50,  68, 72, 60, 72, 68, 44,  72, 72, 35, 35,  67,
	35, 105, 72, 69, 72, 72,  50, 60,  48, 72, 66, 93, 65, 66,  59, 72, 37, 72,  84,
};

static bool takes_no_room(UChar32 c)
{
	return (U_GET_GC_MASK(c) & (U_GC_MN_MASK | U_GC_ME_MASK | U_GC_CF_MASK)) != 0;
}

static int64_t width_of(UChar32 c)
{
	if (c >= ' ' && c <= '~')
		return ascii[c - ' '] * 10;
	if (takes_no_room(c))
		return 0;
	if (c == 0xA0 || c == 0x202F || (c >= 0x2000 && c <= 0x200A))
		return 350;
	if (c == 0x2014 || c == 0x2026) /* dash, dots */
		return 1000;
	if (c >= 0x2010 && c <= 0x203A)
		return 650;
	if (c >= 0x590 && c < 0x900) /* Hebrew, Arabic and their neighbours */
		return 750;
	if (c < 0x590 || (c >= 0x1E00 && c < 0x2000)) /* other Latin, Greek, Cyrillic, Armenian */
		return u_isupper(c) ? 1000 : 850;
	return c >= 0x1F000 ? 1400 : 1000;
}

int64_t wrap_width(str s)
{
	int64_t width = 0;

	while (s.n)
		width += width_of((UChar32)utf8_next(&s));
	return width;
}

/* Blanks and ends of lines in a row are one blank. Blanks that hold words together stay. */
static str one_line(arena *a, str s)
{
	buf o = buf_new(a, s.n + 1);

	for (size_t i = 0; i < s.n; i++) {
		bool blank = s.p[i] == ' ' || (s.p[i] >= '\t' && s.p[i] <= '\r');

		if (!blank)
			buf_byte(&o, s.p[i]);
		else if (o.n && o.p[o.n - 1] != ' ')
			buf_byte(&o, ' ');
	}
	return o.n ? str_trim(buf_str(&o)) : S("");
}

/* Where S may be broken, ascending, its end the last. ICU has no memory or no rules: at its end alone. */
static size_t breaks(arena *a, str s, str lang, size_t **ret)
{
	UErrorCode e = U_ZERO_ERROR;
	UText *text = utext_openUTF8(NULL, s.p, (int64_t)s.n, &e);
	UBreakIterator *it = ubrk_open(UBRK_LINE, arena_cstr(a, lang), NULL, 0, &e);
	VEC(size_t) all = { 0 };

	ubrk_setUText(it, text, &e);
	if (U_SUCCESS(e)) {
		(void)ubrk_first(it);
		for (int32_t at = ubrk_next(it); at != UBRK_DONE && (size_t)at < s.n;
		     at = ubrk_next(it))
			*vec_add(a, &all) = (size_t)at;
	}
	*vec_add(a, &all) = s.n;
	if (it)
		ubrk_close(it);
	if (text)
		utext_close(text);
	*ret = all.p;
	return all.n;
}

/* How much of S, which is too wide, goes into WIDTH, at least one character with its marks. */
static size_t fitting(str s, int64_t width)
{
	str rest = s;
	int64_t used = 0;
	size_t n = 0;

	while (rest.n) {
		int64_t next = width_of((UChar32)utf8_next(&rest));

		if (n && next && used + next > width)
			break;
		used += next;
		n = s.n - rest.n;
	}
	return n;
}

/* The last of all lines, though there is more: whole words as far as they go, and dots. */
static str with_dots(arena *a, str line, int64_t width)
{
	const str dots = S("…");
	int64_t room = width - wrap_width(dots);
	buf o;

	while (line.n && wrap_width(line) > room) {
		size_t n = line.n;

		while (n && line.p[n - 1] != ' ')
			n--;
		line = n ? str_trim(str_to(line, n - 1)) : str_to(line, fitting(line, room));
		if (!n)
			break;
	}
	o = buf_new(a, line.n + dots.n);
	buf_put(&o, line);
	buf_put(&o, dots);
	return buf_str(&o);
}

/* Each line is drawn by itself: what stands apart (U+2068 to U+2069) must do so in each. */
static struct wrapped carry_isolates(arena *a, struct wrapped w)
{
	bool open = false;

	for (size_t i = 0; i < w.n; i++) {
		bool opened = open;
		buf o;

		for (str rest = w.lines[i]; rest.n;) {
			uint32_t c = utf8_next(&rest);

			open = c == 0x2068 || (open && c != 0x2069);
		}
		if (!opened && !open)
			continue;
		o = buf_new(a, w.lines[i].n + 8);
		buf_put(&o, opened ? S("\u2068") : S(""));
		buf_put(&o, w.lines[i]);
		buf_put(&o, open ? S("\u2069") : S(""));
		w.lines[i] = buf_str(&o);
	}
	return w;
}

struct wrapped wrap_text(arena *a, str s, str lang, int64_t width, size_t most)
{
	VEC(str) lines = { 0 };
	size_t *at, n, i = 0, from = 0;

	s = one_line(a, s);
	n = breaks(a, s, lang, &at);
	while (from < s.n) {
		size_t to = from;
		str line;

		while (i < n && wrap_width(str_trim(str_from(str_to(s, at[i]), from))) <= width)
			to = at[i++];
		if (to == from)
			to += fitting(str_from(s, from), width);
		line = str_trim(str_from(str_to(s, to), from));
		if (lines.n + 1 == most && to < s.n) {
			*vec_add(a, &lines) = with_dots(a, line, width);
			return carry_isolates(a, (struct wrapped){ lines.p, lines.n, true });
		}
		*vec_add(a, &lines) = line;
		from = to;
	}
	return carry_isolates(a, (struct wrapped){ lines.p, lines.n, false });
}

struct wrapped wrap_even(arena *a, str s, str lang, int64_t width, size_t most)
{
	struct wrapped best = wrap_text(a, s, lang, width, most);
	int64_t step = width / 40;

	for (int64_t w = width - step; !best.cut && best.n > 1 && w > width / 2; w -= step) {
		struct wrapped now = wrap_text(a, s, lang, w, most);

		if (now.n > best.n || now.cut)
			break;
		best = now;
	}
	return best;
}
