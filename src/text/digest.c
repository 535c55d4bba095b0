#include "text/digest.h"

void digest_init(struct digest_state *d)
{
	crypto_hash_sha256_init(&d->sodium);
}

void digest_put(struct digest_state *d, str s)
{
	if (s.n)
		crypto_hash_sha256_update(&d->sodium, (const unsigned char *)s.p, s.n);
}

struct digest digest_end(struct digest_state *d)
{
	struct digest out;

	crypto_hash_sha256_final(&d->sodium, out.bytes);
	return out;
}

struct digest digest_of(str s)
{
	struct digest_state d;

	digest_init(&d);
	digest_put(&d, s);
	return digest_end(&d);
}

str digest_hex(arena *a, struct digest d)
{
	char *p = arena_alloc_raw(a, DIGEST_HEX + 1);

	sodium_bin2hex(p, DIGEST_HEX + 1, d.bytes, DIGEST_SIZE);
	return (str){ p, DIGEST_HEX };
}

static const char base32[] = "abcdefghijklmnopqrstuvwxyz234567";

str digest_base32(arena *a, struct digest d)
{
	char *p = arena_alloc_raw(a, DIGEST_BASE32);
	unsigned bits = 0, held = 0;
	size_t n = 0;

	for (size_t i = 0; i < DIGEST_SIZE; i++) {
		bits = bits << 8 | d.bytes[i];
		for (held += 8; held >= 5; held -= 5)
			p[n++] = base32[bits >> (held - 5) & 31];
	}
	p[n++] = base32[bits << (5 - held) & 31];
	return (str){ p, n };
}

str digest_random_code(arena *a, size_t n)
{
	char *p = arena_alloc_raw(a, n);

	randombytes_buf(p, n);
	for (size_t i = 0; i < n; i++)
		p[i] = base32[p[i] & 31];
	return (str){ p, n };
}
