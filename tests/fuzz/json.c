/* Bytes as calls of the JSON writer: what it takes without an error, jansson reads. */
#include <jansson.h>

#include "fuzz/fuzz.h"
#include "base/utf8.h"
#include "text/json.h"

/* One call; answers how many bytes it used. */
static size_t call(struct json *j, str rest)
{
	size_t n = MIN((size_t)((unsigned char)rest.p[0] >> 4), rest.n - 1);
	str text = str_to(str_from(rest, 1), n);
	str key = str_to(text, str_find_byte(text, '\0')); /* jansson takes no NUL in a key */

	switch (rest.p[0] & 15) {
	case 0: json_object_begin(j); return 1;
	case 1: json_object_end(j); return 1;
	case 2: json_array_begin(j); return 1;
	case 3: json_array_end(j); return 1;
	case 4: json_key(j, key); return n + 1;
	case 5: json_i64(j, (int64_t)n - 8); return 1;
	case 6: json_bool(j, n & 1); return 1;
	case 7: json_none(j); return 1;
	case 8: json_key_i64(j, key, -1); return n + 1;
	case 9: json_key_bool(j, key, true); return n + 1;
	case 10: json_key_str(j, key, text); return n + 1;
	default: json_str(j, text); return n + 1;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	arena *a = arena_new();
	buf o = buf_new(a, 1 << 20), text = buf_new(a, 1 << 20);
	struct json j = json_begin(&o, n & 1);
	str rest = { (const char *)data, n };
	json_t *root;

	while (rest.n && j.err == OK)
		rest = str_from(rest, call(&j, rest));
	if (json_end(&j) == OK) {
		root = json_loadb(o.p, o.n, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
		MUST_HOLD(root);
		json_decref(root);
	}
	json_escape(&text, (str){ (const char *)data, n });
	MUST_HOLD(utf8_valid(buf_str(&text)));
	arena_free(a);
	return 0;
}
