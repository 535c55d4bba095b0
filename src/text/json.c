#include "text/json.h"
#include "base/utf8.h"

/* --- Strings ------------------------------------------------------------------------------------ */

/* 1: needs an escape; 2: may start U+2028 or U+2029 (E2 80 A8, E2 80 A9). */
static const unsigned char special[256] = {
	[0 ... 31] = 1, ['"'] = 1, ['\\'] = 1, ['<'] = 1, ['>'] = 1, ['&'] = 1, [0xE2] = 2,
};

static void put_u(buf *o, uint32_t c)
{
	buf_printf(o, "\\u%04x", c);
}

static void escape_one(buf *o, unsigned char c)
{
	switch (c) {
	case '"': buf_put(o, S("\\\"")); break;
	case '\\': buf_put(o, S("\\\\")); break;
	case '\n': buf_put(o, S("\\n")); break;
	case '\t': buf_put(o, S("\\t")); break;
	default: put_u(o, c); break;
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
	size_t run = 0, i = 0;

	s = valid_utf8(o->a, s);
	while (i < s.n) {
		unsigned char c = (unsigned char)s.p[i];
		bool separator = special[c] == 2 && (str_starts(str_from(s, i), S("\u2028")) ||
						     str_starts(str_from(s, i), S("\u2029")));

		if (special[c] != 1 && !separator) {
			i++;
			continue;
		}
		buf_put(o, (str){ s.p + run, i - run });
		if (separator)
			put_u(o, 0x2000u | (s.p[i + 2] & 0x3Fu));
		else
			escape_one(o, c);
		i += separator ? 3 : 1;
		run = i;
	}
	buf_put(o, str_from(s, run));
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
