#include "text/zip.h"

#include <archive.h>
#include <archive_entry.h>

struct zip {
	arena *a;
	struct archive *archive;
	struct archive_entry *entry;
	buf *o;        /* of the call under way */
	uint64_t left; /* of the entry under way */
	bool open;
};

static la_ssize_t on_write(struct archive *archive, void *arg, const void *bytes, size_t n)
{
	struct zip *z = arg;

	(void)archive;
	if (z->o)
		buf_put(z->o, (str){ bytes, n });
	return (la_ssize_t)n;
}

/* What is half written is let go without its end. */
static void zip_free(void *arg)
{
	struct zip *z = arg;

	z->o = NULL;
	archive_entry_free(z->entry);
	if (z->archive) {
		archive_write_fail(z->archive);
		archive_write_free(z->archive);
	}
}

struct zip *zip_new(arena *a)
{
	struct zip *z = NEW(a, struct zip);

	*z = (struct zip){ .a = a, .archive = archive_write_new(), .entry = archive_entry_new() };
	arena_defer(a, zip_free, z);
	return z;
}

/* The archive is opened with the first entry, so that a failure has a place to be told. */
static enum err open_archive(struct zip *z)
{
	struct archive *w = z->archive;

	if (!w || !z->entry || archive_write_set_format_zip(w) != ARCHIVE_OK ||
	    archive_write_zip_set_compression_store(w) != ARCHIVE_OK ||
	    archive_write_set_bytes_per_block(w, 0) != ARCHIVE_OK ||
	    archive_write_open(w, z, NULL, on_write, NULL) != ARCHIVE_OK)
		return E_NOMEM;
	z->open = true;
	return OK;
}

enum err zip_begin(struct zip *z, str name, uint64_t bytes, buf *o)
{
	z->o = o;
	if (!z->open)
		TRY(open_archive(z));
	if (z->left || bytes > INT64_MAX)
		return E_INVALID;
	archive_entry_clear(z->entry);
	archive_entry_set_pathname(z->entry, arena_cstr(z->a, name));
	archive_entry_set_filetype(z->entry, AE_IFREG);
	archive_entry_set_perm(z->entry, 0644);
	archive_entry_set_size(z->entry, (int64_t)bytes);
	z->left = bytes; /* no time is set: that is written as the first day there is */
	return archive_write_header(z->archive, z->entry) == ARCHIVE_OK ? OK : E_NOMEM;
}

enum err zip_put(struct zip *z, str bytes, buf *o)
{
	z->o = o;
	if (bytes.n > z->left)
		return E_INVALID;
	z->left -= bytes.n;
	return !bytes.n || archive_write_data(z->archive, bytes.p, bytes.n) == (la_ssize_t)bytes.n
		       ? OK
		       : E_NOMEM;
}

enum err zip_end(struct zip *z, buf *o)
{
	z->o = o;
	if (!z->open)
		TRY(open_archive(z));
	if (z->left)
		return E_INVALID;
	return archive_write_close(z->archive) == ARCHIVE_OK ? OK : E_NOMEM;
}
