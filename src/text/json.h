/*
 * A streaming JSON writer (RFC 8259). It keeps the commas itself and its state apart from the
 * buffer, so the buffer may be sent and cleared between calls.
 *
 *     struct json j = json_begin(&out, false);
 *     json_object_begin(&j);
 *     json_key_str(&j, S("label"), S("France"));
 *     json_key(&j, S("hits"));
 *     json_array_begin(&j);
 *     ...
 *     json_array_end(&j);
 *     json_object_end(&j);
 *     TRY(json_end(&j));
 *
 * Its error is sticky, like the buffer's: E_INVALID when a call does not fit where it stands (a
 * value without a key, an end without a start), E_TOOBIG past JSON_DEPTH or the buffer's maximum.
 *
 * No name here is one of jansson's, which some programs link beside it to read JSON.
 */
#ifndef TEXT_JSON_H
#define TEXT_JSON_H

#include "base/base.h"

enum { JSON_DEPTH = 32 };

struct json {
	buf *o;
	bool pretty, has_key, done;
	unsigned depth;
	uint64_t in_object, has_items; /* one bit a level */
	enum err err;
};

struct json json_begin(buf *o, bool pretty); /* pretty: a line an item, two blanks a level */
MUST enum err json_end(struct json *j);      /* E_INVALID when something is still open or missing */

void json_object_begin(struct json *j);
void json_object_end(struct json *j);
void json_array_begin(struct json *j);
void json_array_end(struct json *j);

void json_key(struct json *j, str key);

void json_str(struct json *j, str s); /* null when s.p == NULL */
void json_i64(struct json *j, int64_t v);
void json_u64(struct json *j, uint64_t v);
void json_bool(struct json *j, bool v);
void json_none(struct json *j);

void json_key_str(struct json *j, str key, str s);
void json_key_i64(struct json *j, str key, int64_t v);
void json_key_bool(struct json *j, str key, bool v);

/* The inside of a JSON string, without the quotes. < > & and U+2028/9 are escaped too, so that it
 * may stand in a <script> of an HTML page; bytes that are not UTF-8 become U+FFFD. */
void json_escape(buf *o, str s);

#endif
