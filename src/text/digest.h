/*
 * SHA-256 and short codes. Hash functions, hexadecimal and random bytes are libsodium's; base32 is
 * the alphabet of RFC 4648 in lower case without padding: a to z and 2 to 7, safe in a URL and to
 * read aloud.
 */
#ifndef TEXT_DIGEST_H
#define TEXT_DIGEST_H

#include <sodium.h>

#include "base/base.h"

enum {
	DIGEST_SIZE = 32,   /* bytes */
	DIGEST_BASE32 = 52, /* characters of a whole digest */
	DIGEST_HEX = 64,
};

struct digest {
	unsigned char bytes[DIGEST_SIZE];
};

/* In pieces: _init, any number of _put, then _end, which may be called once. */
struct digest_state {
	crypto_hash_sha256_state sodium;
};
void digest_init(struct digest_state *d);
void digest_put(struct digest_state *d, str s);
struct digest digest_end(struct digest_state *d);

/* At once. */
struct digest digest_of(str s);

str digest_hex(arena *a, struct digest d);    /* DIGEST_HEX characters */
str digest_base32(arena *a, struct digest d); /* DIGEST_BASE32 characters */

/* N characters of base32 that nobody can guess: five bits each from the system's random source. */
str digest_random_code(arena *a, size_t n);

#endif
