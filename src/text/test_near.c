#include "tap.h"

#include "text/near.h"

static void test_several(void)
{
	const struct near_name names[] = { { S("france"), S("FRA") },
					   { S("fra"), S("FRA") },
					   { S("french"), S("fr") },
					   { S("greece"), S("GRC") },
					   { S("franck"), S("who") } };
	str got[3];

	eq_int((int64_t)near_several(S("francs"), names, COUNT_OF(names), got, 3), 2,
	       "two are near");
	eq_str(got[0], S("FRA"), "of equals the first, once under two names");
	eq_str(got[1], S("who"), "then the other");
	eq_int((int64_t)near_several(S("francs"), names, COUNT_OF(names), got, 1), 1,
	       "at most one");
	eq_int((int64_t)near_several(S("zzzzzz"), names, COUNT_OF(names), got, 3), 0, "none");
}

int main(void)
{
	struct near n = near_begin(S("frnace"));

	eq_int(near_distance(S("france"), S("france"), 3), 0, "the same");
	eq_int(near_distance(S("frnace"), S("france"), 3), 1, "a swap counts once");
	eq_int(near_distance(S("grmany"), S("germany"), 3), 1, "one letter left out");
	eq_int(near_distance(S("abc"), S(""), 3), 3, "against nothing");
	eq_int(near_distance(S("abcdef"), S("uvwxyz"), 2), 3, "stops at the limit");
	eq_int(near_distance(S("kitten"), S("sitting"), 9), 3, "the textbook pair");
	near_offer(&n, S("greece"), S("Greece"));
	near_offer(&n, S("france"), S("France"));
	near_offer(&n, S("ghana"), S("Ghana"));
	eq_str(n.best, S("France"), "the nearest");
	n = near_begin(S("atlantis"));
	near_offer(&n, S("france"), S("France"));
	ok(n.best.p == NULL, "nothing near is nothing");
	test_several();
	return tap_done();
}
