/* Reading words, folding and stemming of any bytes: places are in order, what is folded stays so. */
#include "fuzz.h"

#include "base/utf8.h"
#include "index/token.h"
#include "text/stem.h"

static void check_folded(str word)
{
	uint32_t to[FOLD_MAX];

	MUST_HOLD(word.n > 0 && word.n <= TOKEN_LONGEST + 3 && utf8_valid(word));
	while (word.n) {
		uint32_t c = utf8_next(&word);

		MUST_HOLD(fold_char(c, to) == 1 && to[0] == c);
		MUST_HOLD(fold_class(c) != FOLD_SPACE);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	arena *a = arena_new();
	struct stemmer *s = stemmer_new(a);
	str text = { (const char *)data, n };
	struct tokens reader;
	struct token t;
	uint32_t before = 0;
	buf identity = buf_new(a, 1 << 24);

	tokens_init(&reader, text);
	while (tokens_next(&reader, &t)) {
		MUST_HOLD(t.start >= before && t.end >= t.start && t.end <= n);
		before = t.start;
		check_folded(t.folded);
		MUST_HOLD(utf8_valid(t.lower));
		for (enum text_lang l = TEXT_OTHER; l < TEXT_LANG_COUNT_; l++) {
			str once = arena_str(a, stem_word(s, l, t.lower, t.folded));

			MUST_HOLD(str_eq(once, stem_word(s, l, t.lower, t.folded)));
		}
	}
	fold_identity(&identity, text);
	MUST_HOLD(utf8_valid(buf_str(&identity)));
	arena_free(a);
	return 0;
}
