/* From HTML to text: never longer, and UTF-8 stays UTF-8. */
#include "fuzz/fuzz.h"
#include "base/utf8.h"
#include "text/html.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	arena *a = arena_new();
	str text = { (const char *)data, n };
	str decoded = html_decode(a, text), stripped = html_strip(a, text);
	buf again = buf_new(a, n * 6);

	MUST_HOLD(decoded.n <= n && stripped.n <= n);
	MUST_HOLD(!utf8_valid(text) || (utf8_valid(decoded) && utf8_valid(stripped)));
	/* Escaping and decoding undo each other. */
	html_text(&again, text);
	MUST_HOLD(str_find_byte(text, '\0') != STR_NONE ||
		  str_eq(html_decode(a, buf_str(&again)), text));
	arena_free(a);
	return 0;
}
