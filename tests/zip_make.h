/* Makes a ZIP archive in memory out of names and contents: for tests of what reads archives. */
#ifndef TESTS_ZIP_MAKE_H
#define TESTS_ZIP_MAKE_H

#include <zip.h>

#include "base/base.h"

struct zip_entry {
	const char *name;
	str content;
};

/* The archive in A; it ends the test when libzip fails. */
__attribute__((unused)) static str zip_make(arena *a, const struct zip_entry *entries, size_t n)
{
	zip_error_t error;
	zip_source_t *whole = zip_source_buffer_create(NULL, 0, 0, &error);
	zip_t *zip = zip_open_from_source(whole, ZIP_TRUNCATE, &error);
	zip_stat_t st;
	char *bytes;

	if (!zip)
		abort();
	zip_source_keep(whole);
	for (size_t i = 0; i < n; i++) {
		zip_source_t *s = zip_source_buffer(zip, entries[i].content.p, entries[i].content.n,
						    0);

		if (zip_file_add(zip, entries[i].name, s, ZIP_FL_ENC_UTF_8) < 0)
			abort();
	}
	if (zip_close(zip) != 0 || zip_source_open(whole) != 0 || zip_source_stat(whole, &st) != 0)
		abort();
	bytes = arena_alloc_raw(a, st.size);
	if (zip_source_read(whole, bytes, st.size) != (zip_int64_t)st.size)
		abort();
	zip_source_close(whole);
	zip_source_free(whole);
	return (str){ bytes, st.size };
}

#endif
