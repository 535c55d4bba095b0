/*
 * Any bytes through detection and conversion: what comes out is UTF-8, the same however the input is
 * cut; mending gives UTF-8 and mends nothing twice. The first byte chooses: detection, or a charset.
 */
#include <assert.h>

#include "base/utf8.h"
#include "text/charset.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const str names[] = { S_INIT("Côte d'Ivoire"), S_INIT("Türkiye") };

static str converted(arena *a, const struct charset *c, str bytes, size_t step)
{
	struct source from = source_of_str(&bytes), to = charset_source(a, c, &from);
	buf out = buf_new(a, 64 << 20);
	size_t n = 1;

	while (n) {
		char *room = buf_room(&out, step);

		assert(room && source_read(&to, room, step, &n) == OK && n <= step);
		buf_wrote(&out, n);
	}
	return buf_str(&out);
}

static void check(arena *a, str bytes, str asked)
{
	struct charset_options options = { asked, names, COUNT_OF(names) };
	str rest = bytes, text, mended;
	struct source from = source_of_str(&rest);
	buf words = buf_new(a, 1000);
	struct charset c;
	bool was;

	if (charset_detect(&from, &options, &c) != OK) {
		assert(asked.n);
		return;
	}
	assert(c.size == bytes.n);
	charset_describe(&words, &c);
	assert(words.err == OK && utf8_valid(buf_str(&words)));
	text = converted(a, &c, bytes, SOURCE_BLOCK);
	assert(utf8_valid(text));
	assert(str_eq(text, converted(a, &c, bytes, 16)));
	mended = charset_mend(a, text, &was);
	assert(utf8_valid(mended));
	assert(was || str_eq(mended, text));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const str charsets[] = { S_INIT(""),          S_INIT(""),
					S_INIT("UTF-8"),     S_INIT("macintosh"),
					S_INIT("UTF-16LE"),  S_INIT("windows-1252"),
					S_INIT("Shift_JIS"), S_INIT("GB18030") };
	arena *a = arena_new();

	if (size >= 1) {
		check(a, (str){ (const char *)data + 1, size - 1 }, charsets[data[0] % 8]);
		if (data[0] == 255) /* the bytes as a name */
			check(a, S("x"), (str){ (const char *)data + 1, size - 1 });
	}
	arena_free(a);
	return 0;
}
