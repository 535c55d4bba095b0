#include "job/ole.h"
#include "text/charset.h"
#include "text/date.h"

enum {
	HEADER = 512,
	ENTRY = 128, /* of the directory */
	MINI_SHIFT = 6,
	HEADER_FATS = 109,  /* sectors of the allocation table that the header names */
	STREAM_MAX = 65536, /* of the property stream */
	PROPERTIES_MAX = 256,
};

/* Sector numbers from here on mean "end", "free" and the like. */
#define SECTOR_LAST 0xFFFFFFF9u

struct ole {
	str bytes;
	unsigned shift;      /* a sector has 1 << shift bytes */
	uint32_t sectors;    /* in the file */
	uint32_t mini_limit; /* shorter streams are in the mini stream */
	VEC(uint32_t) fats;  /* the sectors of the allocation table */
	VEC(uint32_t) mini_fats;
	VEC(uint32_t) mini; /* the sectors of the mini stream */
	VEC(str) entries;   /* of the directory, ENTRY bytes each */
};

static uint32_t u16_at(str s, size_t at)
{
	const unsigned char *p = (const unsigned char *)s.p + at;

	return at + 2 > s.n ? 0 : p[0] | (uint32_t)p[1] << 8;
}

static uint32_t u32_at(str s, size_t at)
{
	return at + 4 > s.n ? 0 : u16_at(s, at) | u16_at(s, at + 2) << 16;
}

/* A sector's bytes: fewer at the end of a file that was cut, none for a number that is no sector. */
static str sector(const struct ole *o, uint32_t number)
{
	size_t at = HEADER;

	if (number >= o->sectors)
		return S("");
	at = ((size_t)number + 1) << o->shift;
	return str_to(str_from(o->bytes, at), (size_t)1 << o->shift);
}

/* The sector after NUMBER in its chain. TABLE: the sectors of the allocation table. */
static uint32_t next_in(const struct ole *o, const uint32_t *table, size_t n, uint32_t number)
{
	unsigned per_sector = o->shift - 2;
	size_t index = number >> per_sector;
	size_t at = (size_t)(number & ((1u << per_sector) - 1)) * 4;
	str s = index < n ? sector(o, table[index]) : S("");

	return at + 4 <= s.n ? u32_at(s, at) : UINT32_MAX;
}

/* All sectors of a chain. More than the file has means a circle. */
static enum err chain(arena *a, const struct ole *o, uint32_t first, uint32_t **ret, size_t *ret_n)
{
	VEC(uint32_t) list = { 0 };

	for (uint32_t at = first; at < SECTOR_LAST; at = next_in(o, o->fats.p, o->fats.n, at)) {
		if (list.n >= o->sectors)
			return E_INVALID;
		*vec_add(a, &list) = at;
	}
	*ret = list.p;
	*ret_n = list.n;
	return OK;
}

/* The allocation table's own sectors: 109 in the header, more in a chain of sectors whose last number
 * is the next of them. */
static enum err read_fats(arena *a, struct ole *o)
{
	uint32_t more = u32_at(o->bytes, 68), seen = 0;
	size_t per_sector = ((size_t)1 << o->shift) / 4 - 1;

	for (size_t i = 0; i < HEADER_FATS; i++)
		if (u32_at(o->bytes, 76 + i * 4) < SECTOR_LAST)
			*vec_add(a, &o->fats) = u32_at(o->bytes, 76 + i * 4);
	for (; more < SECTOR_LAST; more = u32_at(sector(o, more), per_sector * 4)) {
		if (++seen > o->sectors || more >= o->sectors)
			return E_INVALID;
		for (size_t i = 0; i < per_sector; i++)
			if (u32_at(sector(o, more), i * 4) < SECTOR_LAST)
				*vec_add(a, &o->fats) = u32_at(sector(o, more), i * 4);
		if (o->fats.n > o->sectors)
			return E_INVALID;
	}
	return OK;
}

static enum err read_directory(arena *a, struct ole *o)
{
	uint32_t *list = NULL;
	size_t n = 0;

	TRY(chain(a, o, u32_at(o->bytes, 48), &list, &n));
	for (size_t i = 0; i < n; i++) {
		str s = sector(o, list[i]);

		for (size_t at = 0; at + ENTRY <= s.n; at += ENTRY)
			*vec_add(a, &o->entries) = str_to(str_from(s, at), ENTRY);
	}
	return o->entries.n ? OK : E_INVALID;
}

enum err ole_open(arena *a, str bytes, struct ole **ret)
{
	struct ole *o = NEW(a, struct ole);
	uint32_t *list = NULL;
	size_t n = 0;

	o->bytes = bytes;
	o->shift = u16_at(bytes, 30);
	if (bytes.n < HEADER || !str_starts(bytes, S("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")) ||
	    (o->shift != 9 && o->shift != 12) || u16_at(bytes, 32) != MINI_SHIFT)
		return E_INVALID;
	o->sectors = (uint32_t)MIN(bytes.n >> o->shift, (size_t)INT32_MAX);
	o->mini_limit = u32_at(bytes, 56);
	TRY(read_fats(a, o));
	TRY(read_directory(a, o));
	TRY(chain(a, o, u32_at(bytes, 60), &list, &n));
	o->mini_fats.p = list;
	o->mini_fats.n = n;
	TRY(chain(a, o, u32_at(o->entries.p[0], 116), &list, &n));
	o->mini.p = list;
	o->mini.n = n;
	*ret = o;
	return OK;
}

/* Names are UTF-16 with their length in bytes, the zero at the end included. */
static bool is_named(str entry, str name)
{
	if (u16_at(entry, 64) != (name.n + 1) * 2 || entry.p[66] != 2)
		return false;
	for (size_t i = 0; i < name.n; i++)
		if (u16_at(entry, i * 2) != (unsigned char)name.p[i])
			return false;
	return true;
}

static const str *entry_named(const struct ole *o, str name)
{
	vec_each (const str, e, &o->entries)
		if (is_named(*e, name))
			return e;
	return NULL;
}

bool ole_has(const struct ole *o, str name)
{
	return entry_named(o, name) != NULL;
}

/* The bytes of mini sector NUMBER. */
static str mini_sector(const struct ole *o, uint32_t number)
{
	unsigned per_sector = o->shift - MINI_SHIFT;
	size_t index = number >> per_sector;
	size_t at = (size_t)(number & ((1u << per_sector) - 1)) << MINI_SHIFT;
	str s = index < o->mini.n ? sector(o, o->mini.p[index]) : S("");

	return str_to(str_from(s, at), (size_t)1 << MINI_SHIFT);
}

/* A stream's bytes, STREAM_MAX at most. */
static str stream(arena *a, const struct ole *o, str name)
{
	const str *entry = entry_named(o, name);
	uint32_t at = entry ? u32_at(*entry, 116) : UINT32_MAX;
	uint32_t size = entry ? MIN(u32_at(*entry, 120), (uint32_t)STREAM_MAX) : 0;
	bool mini = entry && u32_at(*entry, 120) < o->mini_limit;
	buf b = buf_new(a, (size_t)STREAM_MAX * 2);

	while (b.n < size && at < SECTOR_LAST) {
		str piece = mini ? mini_sector(o, at) : sector(o, at);

		if (piece.n == 0)
			break;
		buf_put(&b, piece);
		at = mini ? next_in(o, o->mini_fats.p, o->mini_fats.n, at)
			  : next_in(o, o->fats.p, o->fats.n, at);
	}
	return str_to(buf_str(&b), size);
}

/* --- The property set: pairs of a property's number and the place of its value */

enum {
	PROPERTY_CODE_PAGE = 1,
	PROPERTY_TITLE = 2,
	PROPERTY_CREATED = 12,
	VALUE_I2 = 2,
	VALUE_TEXT = 30,
	VALUE_TIME = 64,
	FROM_1601 = 134774, /* 1970-01-01 in days since 1601-01-01 */
	DAYS_MAX = 3000000, /* a little less than year 9999 */
};
#define DAY_TICKS 864000000000u /* of 100 ns */

static str value_of(str set, uint32_t property, uint32_t type)
{
	uint32_t n = MIN(u32_at(set, 4), (uint32_t)PROPERTIES_MAX);

	for (uint32_t i = 0; i < n; i++) {
		str value;

		if (u32_at(set, 8 + i * 8) != property)
			continue;
		value = str_from(set, u32_at(set, 12 + i * 8));
		return value.n > 4 && u32_at(value, 0) == type ? str_from(value, 4) : S("");
	}
	return S("");
}

static str code_page_name(arena *a, uint32_t code_page)
{
	buf b = buf_new(a, 32);

	if (code_page == 65001)
		return S("UTF-8");
	if (code_page == 10000)
		return S("macintosh");
	buf_printf(&b, "windows-%u", code_page ? code_page : 1252);
	return buf_str(&b);
}

static str as_utf8(arena *a, str text, uint32_t code_page)
{
	struct charset charset;
	struct charset_options options = { .asked = code_page_name(a, code_page) };
	str rest = S("");
	struct source from = source_of_str(&rest), to;
	buf b = buf_new(a, ROWS_TEXT_MAX);
	size_t n = 1;

	if (charset_detect(&from, &options, &charset) != OK)
		return S("");
	rest = text;
	to = charset_source(a, &charset, &from);
	while (n) {
		char *room = buf_room(&b, 64);

		if (!room || source_read(&to, room, 64, &n) != OK)
			break;
		buf_wrote(&b, n);
	}
	return str_trim(buf_str(&b));
}

void ole_put_properties(arena *a, const struct ole *o, struct rows_out *out)
{
	str all = stream(a, o, S("\5SummaryInformation")), set, text, time;
	uint64_t since_1601;
	buf day = buf_new(a, 32);

	if (u16_at(all, 0) != 0xFFFE || u32_at(all, 24) == 0)
		return;
	set = str_from(all, u32_at(all, 44));
	text = value_of(set, PROPERTY_TITLE, VALUE_TEXT);
	text = str_to(str_from(text, 4), u32_at(text, 0));
	text = str_to(text, MIN(str_find_byte(text, '\0'), (size_t)ROWS_TEXT_MAX / 4));
	if (text.n)
		rows_put_property(
			out, ROW_TITLE,
			as_utf8(a, text, u16_at(value_of(set, PROPERTY_CODE_PAGE, VALUE_I2), 0)));
	time = value_of(set, PROPERTY_CREATED, VALUE_TIME);
	since_1601 = u32_at(time, 0) | (uint64_t)u32_at(time, 4) << 32;
	if (since_1601 == 0 || since_1601 / DAY_TICKS >= DAYS_MAX)
		return;
	date_put(&day, date_from_days((int32_t)(since_1601 / DAY_TICKS) - FROM_1601));
	rows_put_property(out, ROW_CREATED, buf_str(&day));
}
