#include "tap.h"

#include "text/digest.h"

/* The two digests are the examples of FIPS 180-4; base32 of them as `base32` of coreutils says. */
static void test_known(arena *a)
{
	struct digest_state d;
	struct digest abc = digest_of(S("abc"));

	eq_str(digest_hex(a, abc),
	       S("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"), "abc");
	eq_str(digest_hex(a, digest_of(S(""))),
	       S("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"), "nothing");
	eq_str(digest_base32(a, abc), S("xj4bnp4pahh6uqkbidpf3lrceoyagyndsylxvhfucd7wd4qacwwq"),
	       "base32 of a digest");
	digest_init(&d);
	digest_put(&d, S("a"));
	digest_put(&d, S(""));
	digest_put(&d, S("bc"));
	eq_str(digest_base32(a, digest_end(&d)), digest_base32(a, abc), "in pieces as at once");
}

static void test_random(arena *a)
{
	str one = digest_random_code(a, 16), other = digest_random_code(a, 16);
	size_t good = 0;
	bool seen[128] = { 0 };
	str many = digest_random_code(a, 4096);

	eq_int(one.n, 16, "as long as asked");
	ok(!str_eq(one, other), "two codes differ");
	for (size_t i = 0; i < many.n; i++)
		if (!seen[many.p[i] & 127]) {
			seen[many.p[i] & 127] = true;
			good++;
		}
	eq_int(good, 32, "every letter of the alphabet comes, and nothing else");
}

int main(void)
{
	arena *a = arena_new();

	test_known(a);
	test_random(a);
	arena_free(a);
	return tap_done();
}
