#include <sys/stat.h>
#include <zip.h>

#include "base/map.h"
#include "base/utf8.h"
#include "job/archive.h"

enum {
	NAME_MAX_BYTES = 512,
	END_RECORD = 22, /* bytes, and then a comment */
	END_COMMENT = 65535,
	END_AT_COUNT = 10, /* where it tells the number of entries: 16 bits, low byte first */
	COUNT_ELSEWHERE = 0xFFFF,
};

struct archive {
	zip_t *zip;
	struct map names; /* in lower case -> index */
	VEC(str) order;
	uint64_t read; /* bytes unpacked so far, of all parts */
};

static enum err refuse(buf *why, enum err e, const char *reason)
{
	buf_put(why, str_of(reason));
	return e;
}

/* The end record tells how many entries there are, before anything is allocated for them. */
static enum err check_count(str bytes, buf *why)
{
	size_t least = bytes.n > END_RECORD + END_COMMENT ? bytes.n - END_RECORD - END_COMMENT : 0;

	for (size_t at = bytes.n >= END_RECORD ? bytes.n - END_RECORD + 1 : 0; at-- > least;) {
		const unsigned char *p = (const unsigned char *)bytes.p + at;
		unsigned count;

		if (memcmp(p, "PK\5\6", 4) != 0)
			continue;
		count = p[END_AT_COUNT] | (unsigned)p[END_AT_COUNT + 1] << 8;
		if (count > ARCHIVE_ENTRIES_MAX && count != COUNT_ELSEWHERE)
			return refuse(why, E_TOOBIG, "the archive has more than 2,000 entries");
		if (count == COUNT_ELSEWHERE)
			return refuse(why, E_TOOBIG,
				      "the archive is of the kind for very many entries (ZIP64)");
		return OK;
	}
	return refuse(why, E_INVALID,
		      "the archive is cut off or damaged: its list of entries is missing");
}

static str lower(arena *a, str s)
{
	char *p = arena_alloc_raw(a, s.n);

	for (size_t i = 0; i < s.n; i++)
		p[i] = (char)(s.p[i] >= 'A' && s.p[i] <= 'Z' ? s.p[i] + ('a' - 'A') : s.p[i]);
	return (str){ p, s.n };
}

/* No way out of the archive: relative, forward slashes, no "..", no drive, nothing unprintable. */
static bool is_good_name(str name)
{
	if (name.n == 0 || name.n > NAME_MAX_BYTES || name.p[0] == '/' || !utf8_valid(name))
		return false;
	for (size_t i = 0; i < name.n; i++)
		if ((unsigned char)name.p[i] < ' ' || name.p[i] == '\\' || name.p[i] == ':')
			return false;
	for (str rest = name; rest.p;) {
		str step = str_cut(&rest, '/');

		if (str_eq(step, S("..")) || str_eq(step, S(".")))
			return false;
	}
	return true;
}

static bool is_archive_name(str name)
{
	static const str endings[] = {
		S_INIT(".zip"),  S_INIT(".jar"), S_INIT(".7z"),   S_INIT(".rar"),  S_INIT(".gz"),
		S_INIT(".bz2"),  S_INIT(".xz"),  S_INIT(".xlsx"), S_INIT(".docx"), S_INIT(".pptx"),
		S_INIT(".xlsm"), S_INIT(".ods"), S_INIT(".odt"),
	};

	for (size_t i = 0; i < COUNT_OF(endings); i++)
		if (str_ends(name, endings[i]))
			return true;
	return false;
}

static bool is_link(zip_t *zip, zip_uint64_t i)
{
	zip_uint8_t system = 0;
	zip_uint32_t attributes = 0;

	return zip_file_get_external_attributes(zip, i, 0, &system, &attributes) == 0 &&
	       system == ZIP_OPSYS_UNIX && S_ISLNK(attributes >> 16);
}

static bool is_too_dense(uint64_t size, uint64_t packed)
{
	return size > ARCHIVE_RATIO_FROM && size / ARCHIVE_RATIO_MAX > packed;
}

/* An archive may come under any name: its first bytes tell. */
static bool starts_as_archive(zip_t *zip, zip_uint64_t i)
{
	char head[4] = { 0 };
	zip_file_t *f = zip_fopen_index(zip, i, 0);
	bool is = f && zip_fread(f, head, 4) == 4 && memcmp(head, "PK\3\4", 4) == 0;

	if (f)
		zip_fclose(f);
	return is;
}

static enum err check_entry(struct archive *z, arena *a, zip_uint64_t i, uint64_t *total, buf *why)
{
	zip_stat_t st;
	str name;
	bool is_new;

	if (zip_stat_index(z->zip, i, ZIP_FL_ENC_RAW, &st) != 0 || !st.name)
		return refuse(why, E_INVALID, "the archive is damaged: an entry has no name");
	if (!is_good_name(str_of(st.name)))
		return refuse(why, E_INVALID,
			      "an entry of the archive has a name that is not allowed");
	name = lower(a, str_of(st.name));
	*map_put(a, &z->names, name, &is_new) = (int64_t)i;
	*vec_add(a, &z->order) = name;
	if (!is_new)
		return refuse(why, E_INVALID, "two entries of the archive have the same name");
	if (st.encryption_method != ZIP_EM_NONE)
		return refuse(why, E_INVALID,
			      "the archive is encrypted: save it without a password");
	if (st.comp_method != ZIP_CM_STORE && st.comp_method != ZIP_CM_DEFLATE)
		return refuse(why, E_INVALID, "the archive is packed in an unusual way");
	if (is_link(z->zip, i))
		return refuse(why, E_INVALID, "an entry of the archive is a link");
	if (is_archive_name(name))
		return refuse(why, E_INVALID, "the archive holds another archive");
	*total += MIN(st.size, (uint64_t)ARCHIVE_TOTAL_MAX + 1);
	if (*total > ARCHIVE_TOTAL_MAX)
		return refuse(why, E_TOOBIG, "the archive is over 200 MB when unpacked");
	if (is_too_dense(st.size, st.comp_size))
		return refuse(why, E_TOOBIG,
			      "an entry grows more than a hundredfold when unpacked");
	return OK;
}

static enum err check_entries(struct archive *z, arena *a, buf *why)
{
	zip_int64_t n = zip_get_num_entries(z->zip, 0);
	uint64_t total = 0;

	if (n > ARCHIVE_ENTRIES_MAX)
		return refuse(why, E_TOOBIG, "the archive has more than 2,000 entries");
	for (zip_int64_t i = 0; i < n; i++)
		TRY(check_entry(z, a, (zip_uint64_t)i, &total, why));
	for (zip_int64_t i = 0; i < n; i++)
		if (starts_as_archive(z->zip, (zip_uint64_t)i))
			return refuse(why, E_INVALID, "the archive holds another archive");
	return OK;
}

static void archive_release(void *arg)
{
	zip_discard(arg);
}

enum err archive_open(arena *a, str bytes, buf *why, struct archive **ret)
{
	struct archive *z = NEW(a, struct archive);
	zip_error_t error;
	zip_source_t *source;

	TRY(check_count(bytes, why));
	zip_error_init(&error);
	source = zip_source_buffer_create(bytes.p, bytes.n, 0, &error);
	z->zip = source ? zip_open_from_source(source, ZIP_RDONLY, &error) : NULL;
	zip_error_fini(&error);
	if (!z->zip) {
		if (source)
			zip_source_free(source);
		return refuse(why, E_INVALID, "the archive is damaged");
	}
	arena_defer(a, archive_release, z->zip);
	TRY(check_entries(z, a, why));
	*ret = z;
	return OK;
}

bool archive_has(const struct archive *z, str name)
{
	char low[NAME_MAX_BYTES];

	if (name.n > sizeof low)
		return false;
	for (size_t i = 0; i < name.n; i++)
		low[i] = (char)(name.p[i] >= 'A' && name.p[i] <= 'Z' ? name.p[i] + ('a' - 'A')
								     : name.p[i]);
	return map_get(&z->names, (str){ low, name.n }) != NULL;
}

bool archive_has_folder(const struct archive *z, str prefix)
{
	vec_each (const str, name, &z->order)
		if (str_starts(*name, prefix))
			return true;
	return false;
}

struct part {
	struct archive *z;
	zip_file_t *file;
	uint64_t packed, read;
};

static enum err part_read(void *ctx, char *to, size_t cap, size_t *ret_n)
{
	struct part *p = ctx;
	zip_int64_t n = zip_fread(p->file, to, cap);

	if (n < 0)
		return E_INVALID;
	p->read += (uint64_t)n;
	p->z->read += (uint64_t)n;
	if (p->z->read > ARCHIVE_TOTAL_MAX || is_too_dense(p->read, p->packed))
		return E_TOOBIG;
	*ret_n = (size_t)n;
	return OK;
}

static void part_release(void *arg)
{
	zip_fclose(arg);
}

enum err archive_part(arena *a, struct archive *z, str name, struct source *ret)
{
	int64_t *index = map_get(&z->names, lower(a, name));
	struct part *p = NEW(a, struct part);
	zip_stat_t st;

	if (!index)
		return E_NOTFOUND;
	p->z = z;
	p->file = zip_fopen_index(z->zip, (zip_uint64_t)*index, 0);
	if (!p->file || zip_stat_index(z->zip, (zip_uint64_t)*index, 0, &st) != 0)
		return E_INVALID;
	p->packed = st.comp_size;
	arena_defer(a, part_release, p->file);
	*ret = (struct source){ part_read, p };
	return OK;
}
