/* Subtitles of any format: whatever comes in, what goes out is WebVTT that reads as the same words, and HTML of
 * the few tags that are allowed. */
#include "fuzz/fuzz.h"
#include "base/utf8.h"
#include "subtitle/subtitle.h"

/* Every < begins one of the tags that sub_html writes. */
static bool is_harmless(str h)
{
	static const str tags[] = { S_INIT("<i>"),    S_INIT("</i>"),          S_INIT("<b>"),
				    S_INIT("</b>"),   S_INIT("<u>"),           S_INIT("</u>"),
				    S_INIT("<ruby>"), S_INIT("</ruby>"),       S_INIT("<rt>"),
				    S_INIT("</rt>"),  S_INIT("<span lang=\""), S_INIT("</span>") };

	for (size_t i = 0; i < h.n; i++) {
		bool known = h.p[i] != '<';

		for (size_t k = 0; k < COUNT_OF(tags) && !known; k++)
			known = str_starts(str_from(h, i), tags[k]);
		if (!known)
			return false;
	}
	return true;
}

static str without_blanks(arena *a, str s)
{
	buf o = buf_new(a, s.n + 1);

	for (size_t i = 0; i < s.n; i++)
		if (!strchr(" \t\n\r\f\v", s.p[i]))
			buf_byte(&o, s.p[i]);
	return o.n ? buf_str(&o) : S("");
}

static bool same_words(arena *a, str x, str y)
{
	return str_eq(without_blanks(a, sub_plain(a, x)), without_blanks(a, sub_plain(a, y)));
}

static void check_cue(arena *a, const struct sub_cue *c)
{
	html h = sub_html(a, c->text);

	MUST_HOLD(utf8_valid(c->text) && utf8_valid(h.s) && is_harmless(h.s));
	MUST_HOLD(c->text.n <= SUB_CUE_MAX * 2 && c->start >= 0);
}

/* Other programs must be able to read it; without words, of which XML knows fewer, there is no cue. */
static void check_ttml(arena *a, const struct sub_file *f)
{
	const struct sub_options options = { .format = SUB_TTML };
	buf ttml = buf_new(a, 64 << 20), why = buf_new(a, 4096);
	struct sub_file *again;

	MUST_HOLD(sub_write(&ttml, a, f, SUB_TTML, S("en")) == OK);
	if (f->cues.n && ttml.n < SUB_FILE_MAX)
		MUST_HOLD(sub_read(a, buf_str(&ttml), &options, &again, &why) == OK);
}

static void check_file(arena *a, const struct sub_file *f)
{
	buf vtt = buf_new(a, 64 << 20);
	struct sub_paragraph *paragraphs;
	struct sub_row *rows;
	struct sub_file *again;
	size_t cues = 0;

	check_ttml(a, f);
	MUST_HOLD(sub_write(&vtt, a, f, SUB_VTT, S("")) == OK);
	MUST_HOLD(sub_read_own(a, buf_str(&vtt), &again) == OK);
	MUST_HOLD(again->cues.n == f->cues.n);
	for (size_t i = 0; i < f->cues.n; i++)
		MUST_HOLD(again->cues.p[i].start == f->cues.p[i].start &&
			  again->cues.p[i].end == f->cues.p[i].end &&
			  same_words(a, again->cues.p[i].text, f->cues.p[i].text));
	for (size_t i = 0, n = sub_paragraphs(a, f, &paragraphs); i < n; i++)
		cues += paragraphs[i].n;
	MUST_HOLD(cues == f->cues.n);
	cues = 0;
	for (size_t i = 0, n = sub_align(a, f, again, &rows); i < n; i++)
		cues += rows[i].n_left + rows[i].n_right;
	MUST_HOLD(cues == f->cues.n * 2);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	arena *a = arena_new();
	str bytes = { (const char *)data + (n > 0), n ? n - 1 : 0 };
	const struct sub_options options = { .format = n ? (enum sub_format)(data[0] % 6)
							 : SUB_UNKNOWN,
					     .as_written = n && (data[0] & 128) };
	struct sub_file *f;
	buf why = buf_new(a, 4096);

	if (sub_read(a, bytes, &options, &f, &why) == OK) {
		vec_each (struct sub_cue, c, &f->cues)
			check_cue(a, c);
		if (!options.as_written)
			check_file(a, f);
	}
	arena_free(a);
	return 0;
}
