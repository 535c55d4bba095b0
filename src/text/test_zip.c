/*
 * What is written is read back with another library's reader. Not with its ZIP_CHECKCONS: libarchive writes the size
 * before a file, which helps who reads front to back, and the sum behind it; that check wants both on one side.
 */
#include <string.h>
#include <zip.h>

#include "tap.h"
#include "text/zip.h"

static str contents(arena *a, zip_t *z, const char *name)
{
	char *bytes = arena_alloc(a, 1 << 20);
	zip_file_t *f = zip_fopen(z, name, 0);
	zip_int64_t n = f ? zip_fread(f, bytes, 1 << 20) : -1;

	if (f)
		zip_fclose(f); /* looks at the sum when it was read to its end */
	return n < 0 ? S("(none)") : (str){ bytes, (size_t)n };
}

static str written(arena *a)
{
	struct zip *z = zip_new(a);
	buf o = buf_new(a, 1 << 20);
	char *big = arena_alloc(a, 300000);

	memset(big, 'x', 300000);
	ok(zip_begin(z, S("index.html"), 5, &o) == OK && zip_put(z, S("he"), &o) == OK &&
		   zip_put(z, S("llo"), &o) == OK,
	   "an entry in two pieces");
	ok(zip_begin(z, S("a/big"), 300000, &o) == OK, "another");
	for (size_t i = 0; i < 300000; i += 60000)
		ok(zip_put(z, (str){ big, 60000 }, &o) == OK, "a piece of it");
	ok(zip_end(z, &o) == OK && o.err == OK, "the end");
	return buf_str(&o);
}

static void reads_back(arena *a)
{
	str bytes = written(a);
	zip_error_t error;
	zip_source_t *source = zip_source_buffer_create(bytes.p, bytes.n, 0, &error);
	zip_t *z = zip_open_from_source(source, ZIP_RDONLY, &error);
	struct zip_stat st;

	ok(z != NULL, "libzip opens it");
	if (!z)
		return;
	eq_int(zip_get_num_entries(z, 0), 2, "two entries");
	eq_str(contents(a, z, "index.html"), S("hello"), "the first");
	eq_int((int)contents(a, z, "a/big").n, 300000, "the second");
	zip_stat_index(z, 1, 0, &st);
	ok(st.comp_method == ZIP_CM_STORE && st.comp_size == st.size, "stored");
	zip_close(z);
	ok(str_eq(bytes, written(a)), "the same contents are the same bytes");
}

static void refusals(arena *a)
{
	struct zip *z = zip_new(a);
	buf o = buf_new(a, 1 << 20);

	ok(zip_begin(z, S("a"), 3, &o) == OK && zip_put(z, S("ab"), &o) == OK,
	   "two of three bytes");
	ok(zip_begin(z, S("b"), 1, &o) == E_INVALID, "no next entry before the third");
	ok(zip_end(z, &o) == E_INVALID, "and no end");
	ok(zip_put(z, S("cd"), &o) == E_INVALID, "nor a fourth");
	ok(zip_put(z, S("c"), &o) == OK && zip_end(z, &o) == OK, "then the end");
	z = zip_new(a);
	buf_clear(&o);
	ok(zip_end(z, &o) == OK && o.n == 22, "an archive of nothing is one too");
}

int main(void)
{
	arena *a = arena_new();

	reads_back(a);
	refusals(a);
	arena_free(a);
	return tap_done();
}
