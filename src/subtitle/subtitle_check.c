/* What a reader would stumble over. The limits are those that broadcasters give their subtitlers. */
#include "base/utf8.h"
#include "subtitle/subtitle.h"
#include "text/language.h"

enum {
	LINE_MAX = 42, /* characters */
	LINES_MAX = 2,
	FAST = 20, /* characters a second */
	SHORT_MS = 1000,
	LONG_MS = 7000,
	GAP_MS = 60000, /* nothing to read for longer: perhaps a part is missing */
	BEYOND_MS = 1500,
};

static void note(arena *a, struct sub_quality *q, const char *code, size_t cue, int64_t value)
{
	*vec_add(a, &q->notes) = (struct sub_note){ code, (int64_t)cue + 1, value };
}

static void check_words(arena *a, const struct sub_cue *c, size_t i, struct sub_quality *q)
{
	str words = sub_plain(a, c->text);
	int64_t lines = 0, longest = 0, all = 0, length = MAX(c->end - c->start, 1);

	while (words.n) {
		int64_t n = (int64_t)utf8_count(str_cut(&words, '\n'));

		longest = MAX(longest, n);
		all += n;
		lines++;
	}
	if (longest > LINE_MAX)
		note(a, q, "long-line", i, longest);
	if (lines > LINES_MAX)
		note(a, q, "many-lines", i, lines);
	if (all * 1000 / length > FAST)
		note(a, q, "fast", i, all * 1000 / length);
	if (length < SHORT_MS)
		note(a, q, "short", i, length);
	if (length > LONG_MS)
		note(a, q, "long", i, length);
}

static void check_order(arena *a, const struct sub_file *f, size_t i, struct sub_quality *q)
{
	const struct sub_cue *c = &f->cues.p[i], *before = i ? &f->cues.p[i - 1] : NULL;

	if (!before)
		return;
	if (c->start < before->start)
		note(a, q, "order", i, before->start - c->start);
	else if (c->start < before->end)
		note(a, q, "overlap", i, before->end - c->start);
	else if (c->start - before->end > GAP_MS)
		note(a, q, "gap", i, c->start - before->end);
}

/* The first words of the track, enough to tell its language. */
static str sample(arena *a, const struct sub_file *f)
{
	enum { ENOUGH = 4000 };
	buf o = buf_new(a, ENOUGH + SUB_CUE_MAX * 2);

	for (size_t i = 0; i < f->cues.n && o.n < ENOUGH; i++) {
		buf_put(&o, sub_plain(a, f->cues.p[i].text));
		buf_byte(&o, ' ');
	}
	return buf_str(&o);
}

/* Whether the words are in another language than LANG says. Of languages that nothing is known of it never
 * says so: their words would be taken for those of a neighbour. */
static bool is_other_language(arena *a, const struct sub_file *f, str lang)
{
	static const str known[] = { S_INIT("en"), S_INIT("fr"), S_INIT("es"), S_INIT("pt"),
				     S_INIT("ru"), S_INIT("ar"), S_INIT("zh") };
	str said = str_cut(&lang, '-');

	for (size_t i = 0; i < COUNT_OF(known); i++)
		if (str_eq_nocase(said, known[i]))
			return !str_eq(language_guess(sample(a, f), known[i]), known[i]);
	return false;
}

enum err sub_check(arena *a, const struct sub_file *f, str lang, int64_t duration,
		   struct sub_quality *ret)
{
	struct sub_quality q = { .score = 100 };
	size_t noted = 0;

	for (size_t i = 0; i < f->cues.n; i++) {
		size_t before = q.notes.n;

		check_words(a, &f->cues.p[i], i, &q);
		check_order(a, f, i, &q);
		if (duration && f->cues.p[i].end > duration + BEYOND_MS)
			note(a, &q, "beyond-end", i, f->cues.p[i].end - duration);
		noted += q.notes.n > before;
	}
	if (is_other_language(a, f, lang))
		*vec_add(a, &q.notes) = (struct sub_note){ "language", 0, 0 };
	if (f->cues.n)
		q.score = (int)(100 - noted * 100 / f->cues.n);
	*ret = q;
	return OK;
}
