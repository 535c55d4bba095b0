#include "tap.h"

#include "text/near.h"

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
	return tap_done();
}
