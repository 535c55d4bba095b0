#include "text/json.h"
#include "text/scan.h"
#include "base/utf8.h"

/* --- Strings ------------------------------------------------------------------------------------ */

/* E2 may start U+2028 or U+2029 (E2 80 A8, E2 80 A9). */
static const unsigned char special[256] = {
	[0 ... 31] = 1, ['"'] = 1, ['\\'] = 1, ['<'] = 1, ['>'] = 1, ['&'] = 1, [0xE2] = 1,
};

static scan_halves special_of_16(scan_bytes v)
{
	return (scan_halves)((v < 32) | (v == '"') | (v == '\\') | (v == '<') | (v == '>') |
			     (v == '&') | (v == 0xE2));
}

static void put_u(buf *o, uint32_t c)
{
	buf_printf(o, "\\u%04x", c);
}

/* Writes the special character at the start of S and answers its length. */
static size_t put_special(buf *o, str s)
{
	unsigned char c = (unsigned char)s.p[0];

	switch (c) {
	case '"': buf_put(o, S("\\\"")); return 1;
	case '\\': buf_put(o, S("\\\\")); return 1;
	case '\n': buf_put(o, S("\\n")); return 1;
	case '\t': buf_put(o, S("\\t")); return 1;
	case 0xE2:
		if (!str_starts(s, S("\u2028")) && !str_starts(s, S("\u2029"))) {
			buf_put(o, str_to(s, 3));
			return 3;
		}
		put_u(o, 0x2000u | (s.p[2] & 0x3Fu));
		return 3;
	default: put_u(o, c); return 1;
	}
}

static str valid_utf8(arena *a, str s)
{
	buf b = buf_new(a, SIZE_MAX);

	if (utf8_valid(s))
		return s;
	while (s.n)
		utf8_put(&b, utf8_next(&s));
	return buf_str(&b);
}

void json_escape(buf *o, str s)
{
	for (s = valid_utf8(o->a, s);;) {
		size_t run = scan_plain(s, special, special_of_16);

		buf_put(o, str_to(s, run));
		if (run == s.n)
			return;
		s = str_from(s, run);
		s = str_from(s, put_special(o, s));
	}
}

static void put_string(buf *o, str s)
{
	buf_byte(o, '"');
	json_escape(o, s);
	buf_byte(o, '"');
}

/* --- Structure ---------------------------------------------------------------------------------- */

struct json json_begin(buf *o, bool pretty)
{
	return (struct json){ .o = o, .pretty = pretty };
}

enum err json_end(struct json *j)
{
	if (j->err != OK)
		return j->err;
	if (j->o->err != OK)
		return j->o->err;
	return j->done ? OK : E_INVALID;
}

static bool at(const struct json *j, uint64_t bits)
{
	return j->depth && (bits >> (j->depth - 1) & 1);
}

static void newline(struct json *j)
{
	if (!j->pretty)
		return;
	buf_byte(j->o, '\n');
	for (unsigned i = 0; i < j->depth; i++)
		buf_put(j->o, S("  "));
}

static void fail(struct json *j, enum err e)
{
	if (j->err == OK)
		j->err = e;
}

/* The comma and the new line before an item of the present object or array. */
static void item(struct json *j)
{
	if (j->depth == 0)
		return;
	if (at(j, j->has_items))
		buf_byte(j->o, ',');
	j->has_items |= UINT64_C(1) << (j->depth - 1);
	newline(j);
}

/* Before every value. False when no value may stand here. */
static bool value(struct json *j)
{
	if (j->done || at(j, j->in_object) != j->has_key)
		fail(j, E_INVALID);
	if (j->err != OK)
		return false;
	if (!j->has_key)
		item(j);
	j->has_key = false;
	j->done = j->depth == 0;
	return true;
}

static void open(struct json *j, bool object)
{
	uint64_t bit = UINT64_C(1) << j->depth;

	if (j->depth == JSON_DEPTH)
		fail(j, E_TOOBIG);
	if (!value(j))
		return;
	buf_byte(j->o, object ? '{' : '[');
	j->in_object = object ? j->in_object | bit : j->in_object & ~bit;
	j->has_items &= ~bit;
	j->depth++;
	j->done = false;
}

static void shut(struct json *j, bool object)
{
	bool had_items = at(j, j->has_items);

	if (j->depth == 0 || j->has_key || at(j, j->in_object) != object)
		fail(j, E_INVALID);
	if (j->err != OK)
		return;
	j->depth--;
	if (had_items)
		newline(j);
	buf_byte(j->o, object ? '}' : ']');
	j->done = j->depth == 0;
}

void json_object_begin(struct json *j)
{
	open(j, true);
}

void json_object_end(struct json *j)
{
	shut(j, true);
}

void json_array_begin(struct json *j)
{
	open(j, false);
}

void json_array_end(struct json *j)
{
	shut(j, false);
}

void json_key(struct json *j, str key)
{
	if (j->has_key || !at(j, j->in_object))
		fail(j, E_INVALID);
	if (j->err != OK)
		return;
	item(j);
	put_string(j->o, key);
	buf_put(j->o, j->pretty ? S(": ") : S(":"));
	j->has_key = true;
}

/* --- Values ------------------------------------------------------------------------------------- */

void json_str(struct json *j, str s)
{
	if (!s.p)
		json_none(j);
	else if (value(j))
		put_string(j->o, s);
}

void json_i64(struct json *j, int64_t v)
{
	if (value(j))
		buf_i64(j->o, v);
}

void json_u64(struct json *j, uint64_t v)
{
	if (value(j))
		buf_u64(j->o, v);
}

void json_bool(struct json *j, bool v)
{
	if (value(j))
		buf_put(j->o, v ? S("true") : S("false"));
}

void json_none(struct json *j)
{
	if (value(j))
		buf_put(j->o, S("null"));
}

void json_key_str(struct json *j, str key, str s)
{
	json_key(j, key);
	json_str(j, s);
}

void json_key_i64(struct json *j, str key, int64_t v)
{
	json_key(j, key);
	json_i64(j, v);
}

void json_key_bool(struct json *j, str key, bool v)
{
	json_key(j, key);
	json_bool(j, v);
}
