/* Cues gathered for reading: of a sentence or a few, of one voice. */
#include "base/utf8.h"
#include "subtitle/subtitle.h"

static bool ends_sentence(str words)
{
	static const str ends[] = { S_INIT("."),  S_INIT("!"),  S_INIT("?"),  S_INIT("…"),
				    S_INIT("。"), S_INIT("？"), S_INIT("！"), S_INIT("؟"),
				    S_INIT("۔"),  S_INIT("।") };

	while (str_ends(words, S("\"")) || str_ends(words, S(")")) || str_ends(words, S("”")) ||
	       str_ends(words, S("»")))
		words.n -= str_ends(words, S("”")) ? 3 : str_ends(words, S("»")) ? 2 : 1;
	for (size_t i = 0; i < COUNT_OF(ends); i++)
		if (str_ends(words, ends[i]))
			return true;
	return false;
}

size_t sub_paragraphs(arena *a, const struct sub_file *f, struct sub_paragraph **ret)
{
	enum {
		LONG_MS = 15000,
		LONGEST_MS = 40000,
		LONG_CHARACTERS = 240,
		LONGEST_CHARACTERS = 400,
		SILENCE_MS = 3000
	};
	VEC(struct sub_paragraph) all = { 0 };
	size_t characters = 0;
	bool sentence = true;

	for (size_t i = 0; i < f->cues.n; i++) {
		const struct sub_cue *c = &f->cues.p[i];
		struct sub_paragraph *now = all.n ? &all.p[all.n - 1] : NULL;
		str voice = sub_voice(a, c->text), words = sub_plain(a, c->text);
		int64_t length = now ? c->end - now->start : 0;
		size_t more = utf8_count(words);

		if (!now || c->start - now->end > SILENCE_MS ||
		    (voice.n && !str_eq(voice, now->voice)) || length > LONGEST_MS ||
		    characters + more > LONGEST_CHARACTERS ||
		    (sentence && (length > LONG_MS || characters + more > LONG_CHARACTERS))) {
			now = vec_add(a, &all);
			*now = (struct sub_paragraph){ c->start, c->end, i, 0, voice };
			characters = 0;
		}
		now->n++;
		now->end = MAX(now->end, c->end);
		characters += more;
		sentence = ends_sentence(words);
	}
	*ret = all.p;
	return all.n;
}
