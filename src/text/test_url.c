#include "text/url.h"
#include "tap.h"

static struct url_target parsed(arena *a, str target)
{
	struct url_target t = { 0 };

	if (url_parse(a, target, &t) != OK)
		ok(false, "%.*s parses", STR_A(target));
	return t;
}

static void test_targets(arena *a)
{
	struct url_target t = parsed(a, S("/en/recommendations?q=corporal+punishment&rs=FRA&all"));

	eq_int(t.segments_n, 2, "two segments");
	eq_str(t.segments[1], S("recommendations"), "second segment");
	eq_str(t.path, S("/en/recommendations"), "the path as sent");
	eq_int(t.pairs.n, 3, "three pairs");
	eq_str(t.pairs.p[0].value, S("corporal punishment"), "+ is a space in the query");
	eq_str(t.pairs.p[2].name, S("all"), "a name alone");
	ok(t.pairs.p[2].value.n == 0 && t.pairs.p[2].value.p, "has the empty value");

	t = parsed(a, S("/"));
	ok(t.segments_n == 0 && !t.query.p, "the root has neither segments nor query");
	t = parsed(a, S("/en/"));
	ok(t.segments_n == 2 && t.segments[1].n == 0, "a slash at the end is an empty segment");
	t = parsed(a, S("/a%2Fb/c+d/C%C3%B4te?"));
	eq_str(t.segments[0], S("a/b"), "an encoded slash parts nothing");
	eq_str(t.segments[1], S("c+d"), "+ is itself in the path");
	eq_str(t.segments[2], S("Côte"), "UTF-8 is decoded");
	eq_int(t.pairs.n, 0, "an empty query has no pairs");
	t = parsed(a, S("/?&&a=1&&=2&b=c=d&"));
	eq_int(t.pairs.n, 3, "empty pairs are left out");
	eq_str(t.pairs.p[1].value, S("2"), "a name may be empty");
	eq_str(t.pairs.p[2].value, S("c=d"), "the value goes to the end of the pair");
	t = parsed(a, S("/états?q=%0A"));
	eq_str(t.segments[0], S("états"), "bytes that are UTF-8 as sent");
	eq_str(t.pairs.p[0].value, S("\n"), "an encoded line end is text");
}

static void test_refused(arena *a)
{
	static const str bad[] = {
		S_INIT(""),        S_INIT("en"),         S_INIT("*"),       S_INIT("http://host/"),
		S_INIT("/%"),      S_INIT("/%4"),        S_INIT("/%zz"),    S_INIT("/%00"),
		S_INIT("/?a=%00"), S_INIT("/a b"),       S_INIT("/a\tb"),   S_INIT("/a\x7F"),
		S_INIT("/a#b"),    S_INIT("/%FF"),       S_INIT("/?%C3"),   S_INIT("/\xC3"),
		S_INIT("/a\0b"),   S_INIT("/?a=%u0041"), S_INIT("/%C0%AF"), S_INIT("/%ED%A0%80"),
	};
	struct url_target t = { .segments_n = 77 };

	for (size_t i = 0; i < COUNT_OF(bad); i++)
		eq_int(url_parse(a, bad[i], &t), E_INVALID, "a bad address is refused");
	eq_int(t.segments_n, 77, "and the result is left alone");
}

static void test_limits(arena *a)
{
	char long_path[URL_MAX + 2] = "/";
	buf many = buf_new(a, URL_MAX);
	struct url_target t;

	memset(long_path + 1, 'a', URL_MAX);
	is_ok(url_parse(a, (str){ long_path, URL_MAX }, &t), "8 kB are read");
	eq_int(url_parse(a, (str){ long_path, URL_MAX + 1 }, &t), E_TOOBIG, "one byte more is not");
	buf_put(&many, S("/?"));
	for (int i = 0; i < URL_PAIRS_MAX; i++)
		buf_put(&many, S("a&"));
	is_ok(url_parse(a, buf_str(&many), &t), "200 pairs are read");
	buf_put(&many, S("a"));
	eq_int(url_parse(a, buf_str(&many), &t), E_TOOBIG, "201 are not");
}

static str written(arena *a, void (*put)(buf *, str), str s)
{
	buf b = buf_new(a, 1000);

	put(&b, s);
	return buf_str(&b);
}

static void test_parts(arena *a)
{
	eq_str(written(a, url_put_segment, S("Côte d'Ivoire/x")), S("C%C3%B4te%20d%27Ivoire%2Fx"),
	       "a segment");
	eq_str(written(a, url_put_segment, S("")), S("_"), "an empty segment");
	eq_str(written(a, url_put_segment, S(".")), S("_"), "a dot");
	eq_str(written(a, url_put_segment, S("..")), S("_"), "two dots");
	eq_str(written(a, url_put_segment, S("%2E%2E")), S("%252E%252E"), "an encoded climb");
	eq_str(written(a, url_put_segment, S("...")), S("..."), "three dots are a name");
	eq_str(written(a, url_put_part, S("a b&c=d+e")), S("a+b%26c%3Dd%2Be"), "a part of a query");
	eq_str(written(a, url_put_tail, S("me@example.org?b")), S("me@example.org%3Fb"), "a mail");
}

static void test_addresses(arena *a)
{
	static const str blocked[] = {
		S_INIT("javascript:alert(1)"),
		S_INIT("JaVaScRiPt:alert(1)"),
		S_INIT(" javascript:alert(1)"),
		S_INIT("java\tscript:alert(1)"),
		S_INIT("\x01javascript:alert(1)"),
		S_INIT("data:text/html,x"),
		S_INIT("vbscript:x"),
		S_INIT("//example.org/"),
		S_INIT("/\\example.org"),
		S_INIT("/\t/example.org"),
		S_INIT("\\\\example.org"),
		S_INIT("example.org"),
		S_INIT("https:example.org"),
		S_INIT(""),
		S_INIT("blob:https://a"),
		S_INIT("https://a\nb"),
		S_INIT("file:///etc/passwd"),
	};

	for (size_t i = 0; i < COUNT_OF(blocked); i++)
		eq_str(url_checked(a, blocked[i]).s, S("#blocked"), "blocked");
	eq_str(url_checked(a, S("HTTPS://a.org/b c?d=\"é%20%x&e'")).s,
	       S("HTTPS://a.org/b%20c?d=%22%C3%A9%20%25x&e%27"), "encoded, escapes kept");
	eq_str(url_checked(a, S("mailto:a@b.org")).s, S("mailto:a@b.org"), "mail");
	eq_str(url_checked(a, S("/en?q=1#x")).s, S("/en?q=1#x"), "of this site");
	eq_str(url_checked(a, S("/")).s, S("/"), "the root");
	eq_str(url_checked(a, S("?page=2")).s, S("?page=2"), "a query");
	eq_str(written(a, url_put_html, S("?a=1&b=2")), S("?a=1&amp;b=2"), "escaped for HTML");
}

static void test_builder(arena *a)
{
	struct url_builder b = url_begin(a, S("/en"));
	str big = { arena_alloc(a, URL_MAX), URL_MAX };

	url_segment(&b, S("rec"));
	url_segments(&b, S("A/HRC/23/3"));
	url_segment(&b, S("120.116"));
	url_pair(&b, S("q"), S("child & law"));
	url_pair(&b, S("sur"), S("FRA"));
	eq_str(url_end(&b).s, S("/en/rec/A/HRC/23/3/120.116?q=child+%26+law&sur=FRA"), "built");
	b = url_begin(a, S("/en"));
	url_segments(&b, S("a//../b"));
	eq_str(url_end(&b).s, S("/en/a/_/_/b"), "no part is empty or climbs");
	url_pair(&b, S("q"), big);
	eq_str(url_end(&b).s, S("#blocked"), "too long");
}

int main(void)
{
	arena *a = arena_new();

	test_targets(a);
	test_refused(a);
	test_limits(a);
	test_parts(a);
	test_addresses(a);
	test_builder(a);
	arena_free(a);
	return tap_done();
}
