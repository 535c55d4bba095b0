/*
 * Addresses: reading what a client sent, and writing links.
 *
 * Reading is strict: a bad %XX, a NUL or bytes that are not UTF-8 refuse the whole address, because
 * two programs that repair an address differently disagree about what was asked.
 */
#ifndef TEXT_URL_H
#define TEXT_URL_H

#include "base/base.h"

/* An address we vouch for: its scheme is checked and its parts are percent-encoded. Only url_checked
 * and the builder below make it. */
typedef struct url {
	str s;
} url;

enum {
	URL_MAX = 8192,      /* bytes of a request target */
	URL_PAIRS_MAX = 200, /* name=value pairs of a query or form */
};

struct url_pair {
	str name, value;
};

struct url_pairs {
	struct url_pair *p;
	size_t n;
};

/* What stands between the method and "HTTP/1.1". */
struct url_target {
	str path, query;   /* as sent, views of the target; no query: p == NULL */
	str *segments;     /* of the path, decoded: "/" has none, "/en/" has "en" and "" */
	size_t segments_n; /* a decoded segment may hold a slash, or be ".." : it is only a name */
	struct url_pairs
		pairs; /* of the query, decoded, in order; "a" and "a=" both have value "" */
};

/*
 * Reads a request target in origin form (RFC 9112, 3.2.1). What is decoded is copied into the arena.
 * E_INVALID: does not start with "/", bad %XX, %00, control characters, a fragment, not UTF-8.
 * E_TOOBIG: over URL_MAX bytes or URL_PAIRS_MAX pairs.
 */
MUST enum err url_parse(arena *a, str target, struct url_target *ret);

/* The pairs of a query, or of a form in application/x-www-form-urlencoded: "+" is a space. Empty
 * pairs ("a=1&&b=2") are left out. Errors as url_parse; the caller limits the length. */
MUST enum err url_parse_pairs(arena *a, str query, struct url_pairs *ret);

/* Undoes percent-encoding; PLUS says whether "+" is a space. E_INVALID as url_parse. */
MUST enum err url_decode(arena *a, str s, bool plus, str *ret);

/*
 * Writers of one part. What they write needs no further escape in HTML. A path segment that would
 * be empty or climb ("", ".", "..") becomes "_": "//name" is another host to a browser, and ".."
 * climbs even as %2E%2E.
 */
void url_put_segment(buf *o, str s);
void url_put_part(buf *o, str s); /* a name or value of a query; a space becomes "+" */
void url_put_tail(buf *o,
		  str s); /* in a fragment or a mailto address: a space becomes %20, @ stays */

/* True when a browser may follow S: it starts with http:// https:// or mailto:, or is of this site
 * ("/path" but neither "//" nor "/\", "?query", "#fragment"); no control characters. */
bool url_allowed(str s);

/* Writes an allowed address with everything that is not URL syntax percent-encoded, "#blocked" for
 * any other. Holds no < > " ' ; url_put_html writes its & as &amp; */
void url_put(buf *o, str s);
void url_put_html(buf *o, str s);

/* The same as a value. */
url url_checked(arena *a, str s);

/*
 * Builds an address of this site:
 *
 *     struct url_builder b = url_begin(a, S("/en/recommendations"));
 *     url_pair(&b, S("q"), text);
 *     v->href = url_end(&b);
 *
 * The start is a literal of the program, without a slash at the end. What is over URL_MAX gives
 * "#blocked".
 */
struct url_builder {
	buf out;
	bool has_query;
};

struct url_builder url_begin(arena *a, str start);
void url_segment(struct url_builder *b, str s);  /* "/" and one segment */
void url_segments(struct url_builder *b, str s); /* each part between slashes: "A/HRC/23/3" */
void url_pair(struct url_builder *b, str name, str value);
url url_end(struct url_builder *b);

#endif
