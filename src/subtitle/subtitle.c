/* A file of timed text: its charset, its format, and what every reader's cues go through. */
#include "base/utf8.h"
#include "subtitle/subtitle_lines.h"
#include "text/charset.h"

enum { PIECE = 64 << 10 };

static const char *const names[] = { "", "vtt", "srt", "sbv", "ttml", "ass", "txt", "md" };

str sub_format_name(enum sub_format format)
{
	return str_of(names[format]);
}

enum sub_format sub_format_of_name(str file_name)
{
	size_t dot = str_find_byte_last(file_name, '.');
	str end = dot == STR_NONE ? S("") : str_from(file_name, dot + 1);

	for (size_t i = 1; i < COUNT_OF(names); i++)
		if (str_eq_nocase(end, str_of(names[i])))
			return (enum sub_format)i;
	if (str_eq_nocase(end, S("xml")) || str_eq_nocase(end, S("dfxp")))
		return SUB_TTML;
	return str_eq_nocase(end, S("ssa")) ? SUB_ASS : SUB_UNKNOWN;
}

/* 0:00:01.000,0:00:02.000 alone on a line. */
static bool is_sbv_times(str line)
{
	struct sub_scan s = { str_trim(line), 0 };
	int64_t t;

	return sub_loose_time(&s, &t) && sub_take(&s, S(",")) && sub_loose_time(&s, &t) &&
	       s.at == s.s.n;
}

enum sub_format sub_sniff(str bytes)
{
	struct sub_lines lines = { .in = bytes };
	str line, head = str_trim(str_to(bytes, 4096));

	if (str_starts(bytes, S("WEBVTT")))
		return SUB_VTT;
	if (str_starts(head, S("<")) &&
	    (str_find(head, S("<tt")) != STR_NONE || str_find(head, S(":tt")) != STR_NONE))
		return SUB_TTML;
	if (str_starts(head, S("[Script Info]")) || str_starts(head, S("[Events]")) ||
	    str_find(head, S("\n[Events]")) != STR_NONE)
		return SUB_ASS;
	for (int i = 0; i < 200 && sub_line(&lines, &line); i++) {
		struct sub_scan s = { sub_trim_marks(line), 0 };
		int64_t t;

		if (is_sbv_times(line))
			return SUB_SBV;
		if (sub_loose_time(&s, &t) &&
		    (sub_skip_blanks(&s), sub_take(&s, S("-->")) || sub_take(&s, S("->"))))
			return SUB_SRT;
	}
	return SUB_UNKNOWN;
}

/* --- What holds for the cues of all formats. */

static int by_time(const void *x, const void *y)
{
	const struct sub_cue *a = *(const struct sub_cue *const *)x,
			     *b = *(const struct sub_cue *const *)y;

	if (a->start != b->start)
		return a->start < b->start ? -1 : 1;
	if (a->end != b->end)
		return a->end < b->end ? -1 : 1;
	return a < b ? -1 : 1;
}

/* Stable: cues of the same time keep their order. */
static void sort_cues(arena *a, struct sub_file *f)
{
	bool sorted = true;
	const struct sub_cue **order;
	struct sub_cue *cues;

	for (size_t i = 1; i < f->cues.n; i++)
		sorted &= f->cues.p[i - 1].start <= f->cues.p[i].start;
	if (sorted)
		return;
	sub_repair_add(a, f, "order", 0, S(""));
	order = NEW_N(a, const struct sub_cue *, f->cues.n);
	cues = NEW_N(a, struct sub_cue, f->cues.n);
	for (size_t i = 0; i < f->cues.n; i++)
		order[i] = &f->cues.p[i];
	qsort(order, f->cues.n, sizeof(order[0]), by_time);
	for (size_t i = 0; i < f->cues.n; i++)
		cues[i] = *order[i];
	f->cues.p = cues;
	f->cues.cap = f->cues.n;
}

/* Most texts begin with a word: only the others are taken apart. */
static bool has_words(arena *a, str text)
{
	char first = text.n ? text.p[0] : ' ';

	return (first != '<' && first != '&' && first != ' ' && first != '\t' && first != '\n') ||
	       sub_plain(a, text).n;
}

/* A cue without words says nothing; one that ends before it starts is shown for a second. */
static void settle(arena *a, struct sub_file *f)
{
	size_t n = 0;

	for (size_t i = 0; i < f->cues.n; i++) {
		struct sub_cue c = f->cues.p[i];

		if (!has_words(a, c.text)) {
			sub_repair_add(a, f, "empty-cue", 0, S(""));
			continue;
		}
		if (c.end <= c.start) {
			sub_repair_add(a, f, "no-duration", 0, utf8_to(c.text, 60));
			c.end = c.start + 1000;
			if (i + 1 < f->cues.n && f->cues.p[i + 1].start > c.start)
				c.end = MIN(c.end, f->cues.p[i + 1].start);
		}
		f->cues.p[n++] = c;
	}
	f->cues.n = n;
	sort_cues(a, f);
}

/* NUL is no character of a text. */
static str without_nul(arena *a, str s)
{
	buf o;

	if (str_find_byte(s, '\0') == STR_NONE)
		return s;
	o = buf_new(a, SUB_FILE_MAX * 3);
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i])
			buf_byte(&o, s.p[i]);
		else
			buf_put(&o, S("\xEF\xBF\xBD"));
	return buf_str(&o);
}

/* CR CR LF, as a file has it that was sent as text twice, ends one line. */
static str single_line_ends(arena *a, str s)
{
	buf o;

	if (str_find(s, S("\r\r\n")) == STR_NONE)
		return s;
	o = buf_new(a, SUB_FILE_MAX * 3);
	for (size_t i = 0, end; i < s.n; i = end) {
		for (end = i; end < s.n && s.p[end] == '\r';)
			end++;
		if (end > i && end < s.n && s.p[end] == '\n')
			i = end;
		end = MAX(end, i + 1);
		buf_put(&o, (str){ s.p + i, end - i });
	}
	return buf_str(&o);
}

/* Plain UTF-8, as nearly all files are: nothing to find out, nothing to convert. */
static bool is_plain(str bytes, const struct sub_options *options)
{
	return !options->charset.n && !str_starts(bytes, S("\xEF\xBB\xBF")) && utf8_valid(bytes);
}

static enum err decode(arena *a, str bytes, const struct sub_options *options, struct sub_file *f,
		       str *ret)
{
	/* by the letter: WebVTT is UTF-8 */
	const bool letter = options->as_written && !options->charset.n;
	const struct charset_options how = { .asked = letter ? S("UTF-8") : options->charset,
					     .any_script = true };
	str rest = bytes;
	struct source raw = source_of_str(&rest), text;
	struct charset c;
	buf o = buf_new(a, SUB_FILE_MAX * 3), name = buf_new(a, 256);

	if (is_plain(bytes, options)) {
		f->charset = S("UTF-8");
		*ret = without_nul(a, bytes);
		return OK;
	}
	TRY(charset_detect(&raw, &how, &c));
	charset_describe(&name, &c);
	f->charset = buf_str(&name);
	if (c.why == CHARSET_SCORED || c.why == CHARSET_SCRIPT || c.why == CHARSET_DAMAGED_UTF8)
		sub_repair_add(a, f, "charset", 0, f->charset);
	if ((c.why == CHARSET_ASCII || c.why == CHARSET_VALID_UTF8) && c.bom == 0) {
		*ret = without_nul(a, bytes);
		return OK;
	}
	rest = bytes;
	text = charset_source(a, &c, &raw);
	for (size_t n = 1; n;) {
		char *room = buf_room(&o, PIECE);

		if (!room)
			return E_TOOBIG;
		TRY(source_read(&text, room, PIECE, &n));
		buf_wrote(&o, n);
	}
	*ret = without_nul(a, buf_str(&o));
	return o.err;
}

static enum err read_as(arena *a, enum sub_format format, str text,
			const struct sub_options *options, struct sub_file *f, buf *why)
{
	switch (format) {
	case SUB_VTT: return sub_vtt_read(a, text, options->as_written, f);
	case SUB_SRT: return sub_srt_read(a, text, f);
	case SUB_SBV: return sub_sbv_read(a, text, f);
	case SUB_ASS: return sub_ass_read(a, text, f);
	case SUB_TTML: return sub_ttml_read(a, text, f, why);
	case SUB_UNKNOWN:
	case SUB_TEXT:
	case SUB_MARKDOWN: break;
	}
	buf_put(why, S("it is none of WebVTT, SRT, SBV, TTML and ASS"));
	return E_INVALID;
}

enum err sub_read(arena *a, str bytes, const struct sub_options *options, struct sub_file **ret,
		  buf *why)
{
	struct sub_file *f = NEW(a, struct sub_file);
	str text = { 0 };
	enum err e;

	if (bytes.n > SUB_FILE_MAX) {
		buf_put(why, S("it is over 16 MB"));
		return E_TOOBIG;
	}
	e = decode(a, bytes, options, f, &text);
	if (e != OK) {
		buf_put(why, e == E_INVALID ? S("there is no charset of that name")
					    : S("it is too long"));
		return e;
	}
	if (!options->as_written)
		text = single_line_ends(a, text);
	f->format = options->format       ? options->format
		    : options->as_written ? SUB_VTT
					  : sub_sniff(text);
	e = read_as(a, f->format, text, options, f, why);
	if (e == E_TOOBIG)
		buf_printf(why, "it has over %d cues", SUB_CUES_MAX);
	if (e != OK) {
		if (!why->n)
			buf_put(why, S("it is no WebVTT"));
		return e;
	}
	if (!options->as_written) {
		settle(a, f);
		if (!f->cues.n) {
			buf_put(why, S("there is no cue in it"));
			return E_INVALID;
		}
	}
	*ret = f;
	return OK;
}

enum err sub_read_own(arena *a, str vtt, struct sub_file **ret)
{
	struct sub_file *f = NEW(a, struct sub_file);

	f->format = SUB_VTT;
	f->charset = S("UTF-8");
	TRY(sub_vtt_read(a, vtt, true, f));
	*ret = f;
	return OK;
}

struct sub_file *sub_span(arena *a, const struct sub_file *f, int64_t starts, int64_t ends)
{
	struct sub_file *span = NEW(a, struct sub_file);

	*span = *f;
	memset(&span->cues, 0, sizeof span->cues);
	vec_each (struct sub_cue, cue, &f->cues) {
		struct sub_cue cut = *cue;

		if (cue->end <= starts || cue->start >= ends)
			continue;
		cut.start = MAX(cue->start, starts) - starts;
		cut.end = MIN(cue->end, ends) - starts;
		*vec_add(a, &span->cues) = cut;
	}
	return span;
}
