#include "tap.h"
#include "text/xml.h"

static void test_escapes(arena *a)
{
	buf o = buf_new(a, 1000), exact = buf_new(a, 1000);

	xml_escape(&o, S("a<b>&\"\x01\x1F\t\n\r\xEF\xBF\xBE\xEF\xBF\xBF\xEF\xBF\xBD\xC3\xA9"));
	buf_put(&exact, S("a&lt;b&gt;&amp;&quot;&#9;&#10;&#13;\xEF\xBF\xBD\xC3\xA9"));
	ok(str_eq(buf_str(&o), buf_str(&exact)), "escapes, and drops what XML cannot hold");
}

static void test_document(arena *a)
{
	buf o = buf_new(a, 1000);
	struct xml x = xml_begin(&o);

	xml_open(&x, "feed");
	xml_attribute(&x, "a", S("\"<"));
	xml_element(&x, "t", S("x & y"));
	xml_open(&x, "e");
	xml_close(&x);
	xml_close(&x);
	ok(xml_end(&x) == OK, "a document ends");
	ok(str_eq(buf_str(&o), S("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
				 "<feed a=\"&quot;&lt;\"><t>x &amp; y</t>\n<e/>\n</feed>\n")),
	   "and is what was asked for");
}

static void test_misuse(arena *a)
{
	buf o = buf_new(a, 100000);
	struct xml x = xml_begin(&o);

	ok(xml_end(&x) == E_INVALID, "nothing is no document");
	x = xml_begin(&o);
	xml_open(&x, "a");
	xml_text(&x, S("t"));
	xml_attribute(&x, "late", S(""));
	ok(xml_end(&x) == E_INVALID, "an attribute behind content");
	x = xml_begin(&o);
	xml_open(&x, "a");
	ok(xml_end(&x) == E_INVALID, "an element left open");
	x = xml_begin(&o);
	xml_element(&x, "a", S(""));
	xml_element(&x, "b", S(""));
	ok(xml_end(&x) == E_INVALID, "two roots");
	x = xml_begin(&o);
	xml_close(&x);
	ok(xml_end(&x) == E_INVALID, "an end without a start");
	x = xml_begin(&o);
	for (int i = 0; i <= XML_DEPTH; i++)
		xml_open(&x, "a");
	ok(xml_end(&x) == E_TOOBIG, "too deep");
}

int main(void)
{
	arena *a = arena_new();

	test_escapes(a);
	test_document(a);
	test_misuse(a);
	arena_free(a);
	return tap_done();
}
