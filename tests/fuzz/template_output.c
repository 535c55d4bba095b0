/* Bytes in every place of a template that takes text. */
#include "fuzz/fuzz.h"
#include "base/utf8.h"
#include "tools/tmplc/harmless.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	arena *a = arena_new();
	str text = { (const char *)data, n };

	MUST_HOLD(i18n_init() == OK);
	MUST_HOLD(is_harmless(a, S("plain")));
	MUST_HOLD(is_harmless(a, text));
	MUST_HOLD(!utf8_valid(text) || json_is_whole(a, text));
	arena_free(a);
	return 0;
}
