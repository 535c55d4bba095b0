#include <unicode/ucnv.h>
#include <unicode/ucsdet.h>

#include "base/utf8.h"
#include "text/charset.h"
#include "text/charset_score.h"

static const struct {
	str bytes;
	const char *name;
} boms[] = {
	/* The longer ones first: that of UTF-32 starts with that of UTF-16. */
	{ S_INIT("\xFF\xFE\0\0"), "UTF-32LE" }, { S_INIT("\0\0\xFE\xFF"), "UTF-32BE" },
	{ S_INIT("\xEF\xBB\xBF"), "UTF-8" },    { S_INIT("\xFF\xFE"), "UTF-16LE" },
	{ S_INIT("\xFE\xFF"), "UTF-16BE" },
};

static void set_name(struct charset *c, const char *name)
{
	snprintf(c->name, sizeof c->name, "%s", name);
}

static bool is_utf8(const struct charset *c)
{
	return str_eq(str_of(c->name), S("UTF-8"));
}

/* Letters, digits and - _ : . only: ICU takes more for options and for names of files. */
static bool is_name(str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		      c == '-' || c == '_' || c == ':' || c == '.'))
			return false;
	}
	return s.n > 0 && s.n < CHARSET_NAME_MAX;
}

/* What people call MacRoman is "macintosh" to IANA. */
static enum err by_name(str asked, struct charset *c)
{
	char name[CHARSET_NAME_MAX];
	const char *known;
	UErrorCode e = U_ZERO_ERROR;
	UConverter *converter;

	if (!is_name(asked))
		return E_INVALID;
	if (str_eq_nocase(asked, S("MacRoman")) || str_eq_nocase(asked, S("x-mac-roman")))
		asked = S("macintosh");
	snprintf(name, sizeof name, "%" STR_F, STR_A(asked));
	converter = ucnv_open(name, &e);
	if (U_FAILURE(e))
		return E_INVALID;
	known = ucnv_getStandardName(name, "IANA", &e);
	set_name(c, U_SUCCESS(e) && known ? known : name);
	c->why = CHARSET_ASKED;
	ucnv_close(converter);
	return OK;
}

/* --- Detection */

enum { WINDOW = 64 * 1024, LONGEST = 4 };

struct probe {
	struct charset *c;
	struct charset_sample sample;
	uint64_t sequences; /* of several bytes, right ones */
	bool cut;           /* the input ends inside one */
	bool any_script;
};

/* Puts what stands around WINDOW[at] into the sample. */
static void sample_around(struct probe *p, str window, size_t at)
{
	struct charset_sample *s = &p->sample;
	size_t from = at > SAMPLE_AROUND ? at - SAMPLE_AROUND : 0;
	size_t to = MIN(at + SAMPLE_AROUND, window.n);

	from = MAX(from, s->window_done);
	if (from >= to || s->n + (to - from) + 1 > SAMPLE_MAX)
		return;
	if (from > s->window_done)
		s->bytes[s->n++] = '\n';
	memcpy(s->bytes + s->n, window.p + from, to - from);
	s->n += to - from;
	s->window_done = to;
}

/* Looks at WINDOW up to the last few bytes, or to its end when LAST; answers how far. */
static size_t probe_window(struct probe *p, str window, uint64_t position, bool last)
{
	size_t stop = last ? window.n : window.n - MIN(window.n, (size_t)LONGEST);
	size_t nul = str_find_byte(window, '\0');
	str rest = window;

	if (nul != STR_NONE && p->c->first_nul == UINT64_MAX)
		p->c->first_nul = position + nul;
	p->sample.window_done = 0;
	while (window.n - rest.n < stop) {
		size_t at = window.n - rest.n, ascii = utf8_ascii_run(rest);

		if (ascii) {
			rest = str_from(rest, ascii);
			continue;
		}
		sample_around(p, window, at);
		utf8_next(&rest);
		if (rest.n + at + 1 < window.n)
			p->sequences++;
		else if (last && utf8_is_cut((str){ window.p + at, window.n - at }))
			p->cut = true, rest = str_from(rest, rest.n);
		else
			p->c->bad++;
	}
	return window.n - rest.n;
}

/* In Latin script, letters of ASCII outnumber the others; in what is left, one script has few charsets. */
static bool is_other_script(str s)
{
	size_t high = 0, letters = 0;

	for (size_t i = 0; i < s.n; i++) {
		high += (unsigned char)s.p[i] > 127;
		letters += (s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= 'A' && s.p[i] <= 'Z');
	}
	return high > letters;
}

static const char *charset_of_script(str s)
{
	static const char *const known[] = {
		"windows-1251", "KOI8-R",     "ISO-8859-5",   "windows-1253", "ISO-8859-7",
		"windows-1256", "ISO-8859-6", "windows-1255", "ISO-8859-8",   "GB18030",
		"Big5",         "Shift_JIS",  "EUC-JP",       "EUC-KR",       "TIS-620",
	};
	UErrorCode e = U_ZERO_ERROR;
	UCharsetDetector *d = ucsdet_open(&e);
	const UCharsetMatch **all;
	const char *found = NULL;
	int32_t n = 0;

	ucsdet_setText(d, s.p, (int32_t)s.n, &e);
	all = ucsdet_detectAll(d, &n, &e);
	for (int32_t i = 0; U_SUCCESS(e) && i < n && !found; i++)
		for (size_t k = 0; k < COUNT_OF(known) && !found; k++)
			if (str_eq_nocase(str_of(ucsdet_getName(all[i], &e)), str_of(known[k])))
				found = known[k];
	ucsdet_close(d);
	return found;
}

static void decide_other(struct probe *p)
{
	struct charset *c = p->c;
	const str sample = { p->sample.bytes, p->sample.n };
	const char *other = p->any_script && is_other_script(sample) ? charset_of_script(sample)
								     : NULL;

	c->bad = 0;
	c->why = other ? CHARSET_SCRIPT : CHARSET_SCORED;
	set_name(c, other ? other : charset_score(&p->sample, c->score));
}

static void decide(struct probe *p)
{
	struct charset *c = p->c;
	bool multiple = p->sequences > 0;

	if (c->why == CHARSET_ASKED || c->why == CHARSET_BOM)
		return;
	set_name(c, "UTF-8");
	if (c->bad == 0 && !p->cut) {
		c->why = multiple ? CHARSET_VALID_UTF8 : CHARSET_ASCII;
	} else if (multiple && p->sequences >= c->bad * 10) {
		/* Another charset hits on a right sequence by chance once in many times. */
		c->why = CHARSET_DAMAGED_UTF8;
	} else {
		decide_other(p);
	}
}

static void look_for_bom(struct charset *c, str head)
{
	for (size_t i = 0; i < COUNT_OF(boms); i++)
		if (str_starts(head, boms[i].bytes)) {
			if (c->why != CHARSET_ASKED) {
				set_name(c, boms[i].name);
				c->why = CHARSET_BOM;
			}
			if (str_eq_nocase(str_of(c->name), str_of(boms[i].name)))
				c->bom = (uint32_t)boms[i].bytes.n;
			return;
		}
}

static enum err probe_all(const struct source *input, struct probe *p, char *window)
{
	size_t have = 0, n, done;
	bool last = false, first = true;

	while (!last) {
		while (have < WINDOW && !last) {
			TRY(source_read(input, window + have, WINDOW - have, &n));
			last = n == 0;
			have += n;
			p->c->size += n;
		}
		if (first)
			look_for_bom(p->c, (str){ window, have });
		first = false;
		done = probe_window(p, (str){ window, have }, p->c->size - have, last);
		memmove(window, window + done, have - done);
		have -= done;
	}
	return OK;
}

enum err charset_detect(const struct source *input, const struct charset_options *options,
			struct charset *ret)
{
	struct charset c = { .why = CHARSET_SCORED, .first_nul = UINT64_MAX };
	struct probe p = { .c = &c,
			   .sample = { options->names, options->n_names, 0 },
			   .any_script = options->any_script };
	char *window = mem_alloc(WINDOW);
	enum err e = OK;

	p.sample.bytes = mem_alloc(SAMPLE_MAX);
	if (options->asked.n)
		e = by_name(options->asked, &c);
	if (e == OK)
		e = probe_all(input, &p, window);
	if (e == OK) {
		decide(&p);
		if (!is_utf8(&c))
			c.bad = 0;
		*ret = c;
	}
	mem_free(p.sample.bytes);
	mem_free(window);
	return e;
}

void charset_describe(buf *o, const struct charset *c)
{
	static const char *const why[] = {
		[CHARSET_ASKED] = "as asked",
		[CHARSET_BOM] = "the file says so by its byte order mark",
		[CHARSET_ASCII] = "nothing but ASCII",
		[CHARSET_VALID_UTF8] = "every byte fits",
		[CHARSET_DAMAGED_UTF8] = "nearly every byte fits",
		[CHARSET_SCRIPT] = "as words of its script are spelt",
	};

	buf_put(o, str_of(c->name));
	if (c->why == CHARSET_SCORED) {
		buf_printf(o, " (by letters and names; scores: %s %d, %s %d, %s %d)",
			   charset_candidate(0), c->score[0], charset_candidate(1), c->score[1],
			   charset_candidate(2), c->score[2]);
		return;
	}
	buf_printf(o, " (%s", why[c->why]);
	if (c->bad)
		buf_printf(o, "; %llu bytes do not", (unsigned long long)c->bad);
	buf_byte(o, ')');
}

/* --- Conversion */

struct converter {
	struct source input;
	UConverter *from, *to; /* NULL: UTF-8, which only needs a look */
	uint32_t bom;
	bool eof, flushed;
	size_t at, end;
	char in[SOURCE_BLOCK];
	UChar pivot[4096], *pivot_source, *pivot_target;
};

static enum err refill(struct converter *c)
{
	size_t n, cut;

	memmove(c->in, c->in + c->at, c->end - c->at);
	c->end -= c->at;
	c->at = 0;
	TRY(source_read(&c->input, c->in + c->end, sizeof c->in - c->end, &n));
	c->eof = n == 0;
	c->end += n;
	cut = MIN((size_t)c->bom, c->end);
	c->at += cut;
	c->bom -= (uint32_t)cut;
	return OK;
}

/* The longest start of S that does not end inside a sequence. */
static str whole_sequences(str s)
{
	for (size_t i = 1; i <= MIN(s.n, (size_t)LONGEST); i++) {
		str tail = str_from(s, s.n - i);

		if (((unsigned char)tail.p[0] & 0xC0) != 0x80)
			return utf8_is_cut(tail) ? str_to(s, s.n - i) : s;
	}
	return s;
}

/* Moves *REST behind what was copied. */
static size_t copy_checked(str *rest, char *to, size_t cap)
{
	size_t n = 0;

	while (rest->n && cap - n >= LONGEST) {
		str before = *rest;
		uint32_t v = utf8_next(rest);
		size_t moved = before.n - rest->n;
		bool bad = moved == 1 && v == UTF8_REPLACEMENT;

		memcpy(to + n, bad ? "\xEF\xBF\xBD" : before.p, bad ? 3 : moved);
		n += bad ? 3 : moved;
	}
	return n;
}

static enum err utf8_read(void *ctx, char *to, size_t cap, size_t *ret_n)
{
	struct converter *c = ctx;
	str piece;

	for (;;) {
		str all = { c->in + c->at, c->end - c->at };

		piece = c->eof ? all : whole_sequences(all);
		if (piece.n || c->eof)
			break;
		TRY(refill(c));
	}
	if (piece.n <= cap && utf8_valid(piece)) {
		memcpy(to, piece.p, piece.n);
		c->at += piece.n;
		*ret_n = piece.n;
		return OK;
	}
	*ret_n = copy_checked(&piece, to, cap);
	c->at = (size_t)(piece.p - c->in);
	return OK;
}

static enum err icu_read(void *ctx, char *to, size_t cap, size_t *ret_n)
{
	struct converter *c = ctx;
	char *target = to;

	while (target == to && !c->flushed) {
		const char *source = c->in + c->at;
		UErrorCode e = U_ZERO_ERROR;

		ucnv_convertEx(c->to, c->from, &target, to + cap, &source, c->in + c->end, c->pivot,
			       &c->pivot_source, &c->pivot_target, c->pivot + COUNT_OF(c->pivot),
			       false, c->eof, &e);
		c->at = (size_t)(source - c->in);
		if (e == U_BUFFER_OVERFLOW_ERROR)
			break;
		if (U_FAILURE(e))
			return e == U_MEMORY_ALLOCATION_ERROR ? E_NOMEM : E_INVALID;
		if (c->eof)
			c->flushed = true;
		else
			TRY(refill(c));
	}
	*ret_n = (size_t)(target - to);
	return OK;
}

static void converter_release(void *arg)
{
	struct converter *c = arg;

	ucnv_close(c->from);
	ucnv_close(c->to);
}

struct source charset_source(arena *a, const struct charset *charset, const struct source *input)
{
	struct converter *c = NEW(a, struct converter);
	UErrorCode e = U_ZERO_ERROR;

	c->input = *input;
	c->bom = charset->bom;
	if (is_utf8(charset))
		return (struct source){ utf8_read, c };
	c->pivot_source = c->pivot_target = c->pivot;
	c->from = ucnv_open(charset->name, &e);
	c->to = ucnv_open("UTF-8", &e);
	arena_defer(a, converter_release, c);
	return (struct source){ icu_read, c };
}
