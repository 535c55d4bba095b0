/*
 * What libmicrohttpd would take and this server must not: every request of the table gets one answer
 * with the right status, and the connection closes; also as the second request of a connection, and
 * the parser says the same however the bytes are cut.
 */
#include <signal.h>

#include "http/gate.h"
#include "http/server.h"
#include "raw.h"
#include "tap.h"

struct bad {
	int status;
	const char *why;
	str bytes;
};

typedef VEC(struct bad) bad_list;

static void add(arena *a, bad_list *list, int status, const char *why, str bytes)
{
	*vec_add(a, list) = (struct bad){ status, why, bytes };
}

static str join(arena *a, str x, str y, str z)
{
	buf b = buf_new(a, 1 << 20);

	buf_put(&b, x);
	buf_put(&b, y);
	buf_put(&b, z);
	return buf_str(&b);
}

static str repeated(arena *a, const char *what, size_t n)
{
	buf b = buf_new(a, 1 << 20);

	for (size_t i = 0; i < n; i++)
		buf_put(&b, str_of(what));
	return buf_str(&b);
}

#define BAD(status, why, bytes) add(a, list, (status), (why), S(bytes))

static void bad_lines(arena *a, bad_list *list)
{
	BAD(400, "bare LF after the request line", "GET / HTTP/1.1\nHost: t\r\n\r\n");
	BAD(400, "bare LF after a header", "GET / HTTP/1.1\r\nHost: t\nA: b\r\n\r\n");
	BAD(400, "bare LF as the last line end", "GET / HTTP/1.1\r\nHost: t\r\n\n");
	BAD(400, "bare LF everywhere", "GET / HTTP/1.1\nHost: t\n\n");
	BAD(400, "bare CR after the request line", "GET / HTTP/1.1\rHost: t\r\n\r\n");
	BAD(400, "bare CR in a value", "GET / HTTP/1.1\r\nHost: t\r\nA: b\rC: d\r\n\r\n");
	BAD(400, "CR CR LF", "GET / HTTP/1.1\r\r\nHost: t\r\n\r\n");
	BAD(400, "CR CR LF after a header", "GET / HTTP/1.1\r\nHost: t\r\r\n\r\n");
	BAD(400, "LF CR", "GET / HTTP/1.1\n\rHost: t\n\r\n\r");
	BAD(400, "an empty line first", "\r\nGET / HTTP/1.1\r\nHost: t\r\n\r\n");
	BAD(400, "a bare LF first", "\nGET / HTTP/1.1\r\nHost: t\r\n\r\n");
	BAD(400, "a blank first", " GET / HTTP/1.1\r\nHost: t\r\n\r\n");
	BAD(400, "a tab first", "\tGET / HTTP/1.1\r\nHost: t\r\n\r\n");
	BAD(400, "a folded header", "GET / HTTP/1.1\r\nHost: t\r\nA: b\r\n c\r\n\r\n");
	BAD(400, "folded with a tab", "GET / HTTP/1.1\r\nHost: t\r\nA: b\r\n\tc\r\n\r\n");
	BAD(400, "a folded Host", "GET / HTTP/1.1\r\nHost:\r\n t\r\n\r\n");
	BAD(400, "a fold before the first header", "GET / HTTP/1.1\r\n Host: t\r\n\r\n");
	BAD(400, "a line of blanks", "GET / HTTP/1.1\r\nHost: t\r\n  \r\n\r\n");
	BAD(400, "a hidden coding in a fold",
	    "GET / HTTP/1.1\r\nHost: t\r\nA: b\r\n Transfer-Encoding: chunked\r\n\r\n");
	BAD(400, "a byte order mark", "\xEF\xBB\xBFGET / HTTP/1.1\r\nHost: t\r\n\r\n");
	BAD(400, "a TLS greeting", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 hello");
	BAD(400, "an SSH greeting", "SSH-2.0-OpenSSH_9.2\r\n");
	BAD(400, "SMTP", "EHLO example.org\r\n");
	BAD(400, "a lone line end", "\r\n\r\n");
	BAD(400, "NUL first", "\0GET / HTTP/1.1\r\nHost: t\r\n\r\n");
}

static void bad_request_lines(arena *a, bad_list *list)
{
	BAD(400, "HTTP/0.9", "GET /\r\n");
	BAD(400, "HTTP/0.9 with a blank", "GET / \r\n");
	BAD(400, "no target", "GET HTTP/1.1\r\nHost: t\r\n\r\n");
	BAD(400, "a method alone", "GET\r\nHost: t\r\n\r\n");
	BAD(400, "two blanks after the method", "GET  / HTTP/1.1\r\nHost: t\r\n\r\n");
	BAD(400, "two blanks after the target", "GET /  HTTP/1.1\r\nHost: t\r\n\r\n");
	BAD(400, "a blank after the version", "GET / HTTP/1.1 \r\nHost: t\r\n\r\n");
	BAD(400, "a tab after the method", "GET\t/ HTTP/1.1\r\nHost: t\r\n\r\n");
	BAD(400, "a tab after the target", "GET /\tHTTP/1.1\r\nHost: t\r\n\r\n");
	BAD(400, "a vertical tab", "GET /\vHTTP/1.1\r\nHost: t\r\n\r\n");
	BAD(400, "a form feed", "GET\f/ HTTP/1.1\r\nHost: t\r\n\r\n");
	BAD(400, "four parts", "GET / x HTTP/1.1\r\nHost: t\r\n\r\n");
	BAD(400, "a blank in the target", "GET /a b HTTP/1.1\r\nHost: t\r\n\r\n");
	BAD(400, "lower case http", "GET / http/1.1\r\nHost: t\r\n\r\n");
	BAD(400, "mixed case", "GET / Http/1.1\r\nHost: t\r\n\r\n");
	BAD(400, "another protocol", "GET / HTPP/1.1\r\nHost: t\r\n\r\n");
	BAD(400, "HTTPS/1.1", "GET / HTTPS/1.1\r\nHost: t\r\n\r\n");
	BAD(400, "HTTP/1", "GET / HTTP/1\r\nHost: t\r\n\r\n");
	BAD(400, "HTTP/1.", "GET / HTTP/1.\r\nHost: t\r\n\r\n");
	BAD(400, "HTTP/.1", "GET / HTTP/.1\r\nHost: t\r\n\r\n");
	BAD(400, "HTTP/11", "GET / HTTP/11\r\nHost: t\r\n\r\n");
	BAD(400, "HTTP/1.10", "GET / HTTP/1.10\r\nHost: t\r\n\r\n");
	BAD(400, "HTTP/01.1", "GET / HTTP/01.1\r\nHost: t\r\n\r\n");
	BAD(400, "HTTP/1.01", "GET / HTTP/1.01\r\nHost: t\r\n\r\n");
	BAD(400, "HTTP/-1.1", "GET / HTTP/-1.1\r\nHost: t\r\n\r\n");
	BAD(400, "HTTP/1,1", "GET / HTTP/1,1\r\nHost: t\r\n\r\n");
	BAD(400, "HTTP 1.1", "GET / HTTP 1.1\r\nHost: t\r\n\r\n");
	BAD(400, "HTTP/x.y", "GET / HTTP/x.y\r\nHost: t\r\n\r\n");
	BAD(505, "HTTP/1.2", "GET / HTTP/1.2\r\nHost: t\r\n\r\n");
	BAD(505, "HTTP/1.9", "GET / HTTP/1.9\r\nHost: t\r\n\r\n");
	BAD(505, "HTTP/0.9 by name", "GET / HTTP/0.9\r\nHost: t\r\n\r\n");
	BAD(505, "HTTP/2.0", "GET / HTTP/2.0\r\nHost: t\r\n\r\n");
	BAD(505, "HTTP/3.0", "GET / HTTP/3.0\r\nHost: t\r\n\r\n");
	BAD(505, "HTTP/9.9", "GET / HTTP/9.9\r\nHost: t\r\n\r\n");
	BAD(505, "the greeting of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
	BAD(501, "CONNECT", "CONNECT t:443 HTTP/1.1\r\nHost: t:443\r\n\r\n");
	BAD(501, "TRACE", "TRACE / HTTP/1.1\r\nHost: t\r\n\r\n");
	BAD(501, "a made-up method", "BREW / HTTP/1.1\r\nHost: t\r\n\r\n");
	BAD(501, "a lower-case method", "get / HTTP/1.1\r\nHost: t\r\n\r\n");
	BAD(501, "a mixed-case method", "Get / HTTP/1.1\r\nHost: t\r\n\r\n");
	BAD(501, "a longer GET", "GETT / HTTP/1.1\r\nHost: t\r\n\r\n");
	BAD(501, "a shorter GET", "GE / HTTP/1.1\r\nHost: t\r\n\r\n");
	BAD(501, "WebDAV", "PROPFIND / HTTP/1.1\r\nHost: t\r\n\r\n");
	BAD(501, "UPnP", "M-SEARCH * HTTP/1.1\r\nHost: t\r\n\r\n");
	BAD(501, "OPTIONS *", "OPTIONS * HTTP/1.1\r\nHost: t\r\n\r\n");
	BAD(400, "a method with a colon", "GET: / HTTP/1.1\r\nHost: t\r\n\r\n");
	BAD(400, "a method with a slash", "GE/T / HTTP/1.1\r\nHost: t\r\n\r\n");
	BAD(400, "a method in quotes", "\"GET\" / HTTP/1.1\r\nHost: t\r\n\r\n");
	BAD(400, "a method with NUL", "GET\0 / HTTP/1.1\r\nHost: t\r\n\r\n");
	BAD(400, "a method in Cyrillic", "\xD0\x93\xD0\x95\xD0\xA2 / HTTP/1.1\r\nHost: t\r\n\r\n");
}

static void bad_targets(arena *a, bad_list *list)
{
	BAD(400, "relative", "GET a HTTP/1.1\r\nHost: t\r\n\r\n");
	BAD(400, "only a query", "GET ?a=b HTTP/1.1\r\nHost: t\r\n\r\n");
	BAD(400, "*", "GET * HTTP/1.1\r\nHost: t\r\n\r\n");
	BAD(400, "authority form", "GET t:80 HTTP/1.1\r\nHost: t\r\n\r\n");
	BAD(400, "authority form of the host", "GET t HTTP/1.1\r\nHost: t\r\n\r\n");
	BAD(400, "absolute, another host", "GET http://other/ HTTP/1.1\r\nHost: t\r\n\r\n");
	BAD(400, "absolute, another port", "GET http://t:81/ HTTP/1.1\r\nHost: t\r\n\r\n");
	BAD(400, "absolute, a user", "GET http://u@t/ HTTP/1.1\r\nHost: t\r\n\r\n");
	BAD(400, "absolute, a user and password",
	    "GET http://u:p@t/ HTTP/1.1\r\nHost: u:p@t\r\n\r\n");
	BAD(400, "absolute, no host", "GET http:/// HTTP/1.1\r\nHost: t\r\n\r\n");
	BAD(400, "absolute, no path", "GET http://t HTTP/1.1\r\nHost: t\r\n\r\n");
	BAD(400, "absolute, no Host", "GET http://t/ HTTP/1.1\r\n\r\n");
	BAD(400, "another scheme", "GET ftp://t/ HTTP/1.1\r\nHost: t\r\n\r\n");
	BAD(400, "a file", "GET file:///etc/passwd HTTP/1.1\r\nHost: t\r\n\r\n");
	BAD(400, "javascript:", "GET javascript:1 HTTP/1.1\r\nHost: t\r\n\r\n");
	BAD(400, "a fragment", "GET /a#b HTTP/1.1\r\nHost: t\r\n\r\n");
	BAD(400, "a backslash", "GET \\ HTTP/1.1\r\nHost: t\r\n\r\n");
	BAD(400, "a backslash in the path", "GET /a\\b HTTP/1.1\r\nHost: t\r\n\r\n");
	BAD(400, "a quote", "GET /\" HTTP/1.1\r\nHost: t\r\n\r\n");
	BAD(400, "angle brackets", "GET /<a> HTTP/1.1\r\nHost: t\r\n\r\n");
	BAD(400, "angle brackets in the query", "GET /?q=<a> HTTP/1.1\r\nHost: t\r\n\r\n");
	BAD(400, "braces in the path", "GET /{a} HTTP/1.1\r\nHost: t\r\n\r\n");
	BAD(400, "a bar in the path", "GET /a|b HTTP/1.1\r\nHost: t\r\n\r\n");
	BAD(400, "a caret in the path", "GET /a^b HTTP/1.1\r\nHost: t\r\n\r\n");
	BAD(400, "a back quote in the path", "GET /a`b HTTP/1.1\r\nHost: t\r\n\r\n");
	BAD(400, "raw UTF-8", "GET /\xC3\xA9 HTTP/1.1\r\nHost: t\r\n\r\n");
	BAD(400, "raw UTF-8 in the query", "GET /?q=\xC3\xA9 HTTP/1.1\r\nHost: t\r\n\r\n");
	BAD(400, "raw Latin 1", "GET /\xE9 HTTP/1.1\r\nHost: t\r\n\r\n");
	BAD(400, "DEL", "GET /\x7F HTTP/1.1\r\nHost: t\r\n\r\n");
	BAD(400, "%00", "GET /%00 HTTP/1.1\r\nHost: t\r\n\r\n");
	BAD(400, "%00 behind a good path", "GET /good%00.html HTTP/1.1\r\nHost: t\r\n\r\n");
	BAD(400, "%00 in the query", "GET /?q=a%00b HTTP/1.1\r\nHost: t\r\n\r\n");
	BAD(400, "%00 in a name", "GET /?q%00=a HTTP/1.1\r\nHost: t\r\n\r\n");
	BAD(400, "a cut escape", "GET /% HTTP/1.1\r\nHost: t\r\n\r\n");
	BAD(400, "a half escape", "GET /%4 HTTP/1.1\r\nHost: t\r\n\r\n");
	BAD(400, "no hex", "GET /%zz HTTP/1.1\r\nHost: t\r\n\r\n");
	BAD(400, "half hex", "GET /%4g HTTP/1.1\r\nHost: t\r\n\r\n");
	BAD(400, "%u", "GET /%u0041 HTTP/1.1\r\nHost: t\r\n\r\n");
	BAD(400, "%+1", "GET /%+1 HTTP/1.1\r\nHost: t\r\n\r\n");
	BAD(400, "a bad escape in the query", "GET /?q=%zz HTTP/1.1\r\nHost: t\r\n\r\n");
	BAD(400, "a cut escape in the query", "GET /?q=% HTTP/1.1\r\nHost: t\r\n\r\n");
	BAD(400, "not UTF-8", "GET /%E9 HTTP/1.1\r\nHost: t\r\n\r\n");
	BAD(400, "not UTF-8 in the query", "GET /?q=%E9 HTTP/1.1\r\nHost: t\r\n\r\n");
	BAD(400, "an overlong slash", "GET /%C0%AF HTTP/1.1\r\nHost: t\r\n\r\n");
	BAD(400, "an overlong NUL", "GET /%C0%80 HTTP/1.1\r\nHost: t\r\n\r\n");
	BAD(400, "a surrogate", "GET /?q=%ED%A0%80 HTTP/1.1\r\nHost: t\r\n\r\n");
	BAD(400, "above Unicode", "GET /?q=%F4%90%80%80 HTTP/1.1\r\nHost: t\r\n\r\n");
	BAD(400, "a cut character", "GET /?q=%E2%82 HTTP/1.1\r\nHost: t\r\n\r\n");
	add(a, list, 414, "a long path",
	    join(a, S("GET /"), repeated(a, "a", HEAD_TARGET_MAX),
		 S(" HTTP/1.1\r\nHost: t\r\n\r\n")));
	add(a, list, 414, "a long query",
	    join(a, S("GET /?q="), repeated(a, "%20", 3000), S(" HTTP/1.1\r\nHost: t\r\n\r\n")));
	add(a, list, 414, "a long line without an end",
	    join(a, S("GET /"), repeated(a, "a", 9000), S("")));
	add(a, list, 414, "201 pairs",
	    join(a, S("GET /?"), repeated(a, "a=b&", 201), S(" HTTP/1.1\r\nHost: t\r\n\r\n")));
	add(a, list, 414, "500 pairs",
	    join(a, S("GET /?"), repeated(a, "a=b&", 500), S(" HTTP/1.1\r\nHost: t\r\n\r\n")));
	add(a, list, 400, "a long method", repeated(a, "A", 9000));
}

static void bad_hosts(arena *a, bad_list *list)
{
	BAD(400, "no Host", "GET / HTTP/1.1\r\n\r\n");
	BAD(400, "no Host but others", "GET / HTTP/1.1\r\nAccept: */*\r\n\r\n");
	BAD(400, "two Hosts", "GET / HTTP/1.1\r\nHost: t\r\nHost: u\r\n\r\n");
	BAD(400, "two equal Hosts", "GET / HTTP/1.1\r\nHost: t\r\nHost: t\r\n\r\n");
	BAD(400, "two Hosts, other case", "GET / HTTP/1.1\r\nHost: t\r\nhOST: t\r\n\r\n");
	BAD(400, "two Hosts apart", "GET / HTTP/1.1\r\nHost: t\r\nA: b\r\nHost: t\r\n\r\n");
	BAD(400, "two Hosts in HTTP/1.0", "GET / HTTP/1.0\r\nHost: t\r\nHost: u\r\n\r\n");
	BAD(400, "an empty Host", "GET / HTTP/1.1\r\nHost:\r\n\r\n");
	BAD(400, "an empty Host in HTTP/1.0", "GET / HTTP/1.0\r\nHost: \r\n\r\n");
	BAD(400, "a list of Hosts", "GET / HTTP/1.1\r\nHost: t, u\r\n\r\n");
	BAD(400, "a Host with a blank", "GET / HTTP/1.1\r\nHost: t u\r\n\r\n");
	BAD(400, "a Host with a path", "GET / HTTP/1.1\r\nHost: t/u\r\n\r\n");
	BAD(400, "a Host with a user", "GET / HTTP/1.1\r\nHost: u@t\r\n\r\n");
	BAD(400, "a Host with a query", "GET / HTTP/1.1\r\nHost: t?u\r\n\r\n");
	BAD(400, "a Host with a fragment", "GET / HTTP/1.1\r\nHost: t#u\r\n\r\n");
	BAD(400, "a Host with a quote", "GET / HTTP/1.1\r\nHost: \"t\"\r\n\r\n");
	BAD(400, "a Host with a bracket", "GET / HTTP/1.1\r\nHost: <t>\r\n\r\n");
	BAD(400, "a Host with a backslash", "GET / HTTP/1.1\r\nHost: t\\u\r\n\r\n");
	BAD(400, "a Host with percent", "GET / HTTP/1.1\r\nHost: %74\r\n\r\n");
	BAD(400, "a Host as an address", "GET / HTTP/1.1\r\nHost: http://t\r\n\r\n");
	BAD(400, "a Host not ASCII", "GET / HTTP/1.1\r\nHost: \xC3\xA9\r\n\r\n");
	BAD(400, "a Host with a star", "GET / HTTP/1.1\r\nHost: *\r\n\r\n");
	BAD(400, "only a port", "GET / HTTP/1.1\r\nHost: :80\r\n\r\n");
	BAD(400, "an empty port", "GET / HTTP/1.1\r\nHost: t:\r\n\r\n");
	BAD(400, "a long port", "GET / HTTP/1.1\r\nHost: t:123456\r\n\r\n");
	BAD(400, "a port in letters", "GET / HTTP/1.1\r\nHost: t:http\r\n\r\n");
	BAD(400, "a negative port", "GET / HTTP/1.1\r\nHost: t:-1\r\n\r\n");
	BAD(400, "two ports", "GET / HTTP/1.1\r\nHost: t:80:80\r\n\r\n");
	BAD(400, "an open bracket", "GET / HTTP/1.1\r\nHost: [::1\r\n\r\n");
	BAD(400, "empty brackets", "GET / HTTP/1.1\r\nHost: []\r\n\r\n");
	BAD(400, "a name in brackets", "GET / HTTP/1.1\r\nHost: [t]\r\n\r\n");
	BAD(400, "more behind the bracket", "GET / HTTP/1.1\r\nHost: [::1]t\r\n\r\n");
	BAD(421, "a name that is not ours", "GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n");
	BAD(421, "ours at the end of another", "GET / HTTP/1.1\r\nHost: evilt\r\n\r\n");
	BAD(421, "ours at the start of another", "GET / HTTP/1.1\r\nHost: t.evil\r\n\r\n");
}

static void bad_fields(arena *a, bad_list *list)
{
	BAD(400, "a blank before the colon", "GET / HTTP/1.1\r\nHost : t\r\n\r\n");
	BAD(400, "a tab before the colon", "GET / HTTP/1.1\r\nHost\t: t\r\n\r\n");
	BAD(400, "a blank in a name", "GET / HTTP/1.1\r\nHost: t\r\nA b: c\r\n\r\n");
	BAD(400, "no colon", "GET / HTTP/1.1\r\nHost: t\r\nA\r\n\r\n");
	BAD(400, "no colon in the first", "GET / HTTP/1.1\r\nHost\r\n\r\n");
	BAD(400, "no name", "GET / HTTP/1.1\r\nHost: t\r\n: b\r\n\r\n");
	BAD(400, "only a colon", "GET / HTTP/1.1\r\nHost: t\r\n:\r\n\r\n");
	BAD(400, "a blank coding name",
	    "GET / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding : chunked\r\n\r\n");
	BAD(400, "a name in quotes", "GET / HTTP/1.1\r\nHost: t\r\n\"A\": b\r\n\r\n");
	BAD(400, "a name with a slash", "GET / HTTP/1.1\r\nHost: t\r\nA/b: c\r\n\r\n");
	BAD(400, "a name with brackets", "GET / HTTP/1.1\r\nHost: t\r\nA[0]: c\r\n\r\n");
	BAD(400, "a name with an at sign", "GET / HTTP/1.1\r\nHost: t\r\nA@b: c\r\n\r\n");
	BAD(400, "a name with a comma", "GET / HTTP/1.1\r\nHost: t\r\nA,b: c\r\n\r\n");
	BAD(400, "a name with a semicolon", "GET / HTTP/1.1\r\nHost: t\r\nA;b: c\r\n\r\n");
	BAD(400, "a name with equals", "GET / HTTP/1.1\r\nHost: t\r\nA=b: c\r\n\r\n");
	BAD(400, "a name not ASCII", "GET / HTTP/1.1\r\nHost: t\r\n\xC3\xA9: c\r\n\r\n");
	BAD(400, "a second request line", "GET / HTTP/1.1\r\nGET /b HTTP/1.1\r\nHost: t\r\n\r\n");
	add(a, list, 431, "101 headers",
	    join(a, S("GET / HTTP/1.1\r\nHost: t\r\n"), repeated(a, "A: b\r\n", 100), S("\r\n")));
	add(a, list, 431, "1,000 headers",
	    join(a, S("GET / HTTP/1.1\r\nHost: t\r\n"), repeated(a, "A: b\r\n", 1000), S("\r\n")));
	add(a, list, 431, "one long header",
	    join(a, S("GET / HTTP/1.1\r\nHost: t\r\nA: "), repeated(a, "b", 17000), S("\r\n\r\n")));
	add(a, list, 431, "a long name",
	    join(a, S("GET / HTTP/1.1\r\nHost: t\r\n"), repeated(a, "b", 17000), S(": c\r\n\r\n")));
	add(a, list, 431, "a header without an end",
	    join(a, S("GET / HTTP/1.1\r\nHost: t\r\nA: "), repeated(a, "b", 20000), S("")));
	add(a, list, 431, "many long headers",
	    join(a, S("GET / HTTP/1.1\r\nHost: t\r\n"),
		 repeated(a, "Abcdefgh: 0123456789\r\n", 900), S("\r\n")));
	add(a, list, 431, "100 kB of a cookie",
	    join(a, S("GET / HTTP/1.1\r\nHost: t\r\nCookie: "), repeated(a, "a=b; ", 20000),
		 S("\r\n\r\n")));
	BAD(417, "an unknown expectation", "GET / HTTP/1.1\r\nHost: t\r\nExpect: a-pony\r\n\r\n");
}

static void bad_bodies(arena *a, bad_list *list)
{
	static const char *const lengths[] = { "",     "+1",    "-1",  " ",   "1 1",     "1,1",
					       "1, 1", "0x10",  "1.0", "1e3", "a",       "1a",
					       "0;0",  "\"1\"", "0,0", "--1", "\xC2\xB2" };
	static const char *const codings[] = { "identity",
					       "gzip",
					       "gzip, chunked",
					       "x",
					       "xchunked",
					       "chunkedx",
					       "\"chunked\"",
					       "chunked, x",
					       "chunked;a=b",
					       "chunked,",
					       ", chunked",
					       "chunked, chunked",
					       "" };

	for (size_t i = 0; i < COUNT_OF(lengths); i++)
		add(a, list, 400, "a length that is none",
		    join(a, S("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: "), str_of(lengths[i]),
			 S("\r\n\r\n")));
	for (size_t i = 0; i < COUNT_OF(codings); i++)
		add(a, list, 501, "a coding that is not chunked",
		    join(a, S("POST / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: "),
			 str_of(codings[i]), S("\r\n\r\n0\r\n\r\n")));
	BAD(413, "a body", "POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 3\r\n\r\nabc");
	BAD(413, "a body with GET", "GET / HTTP/1.1\r\nHost: t\r\nContent-Length: 3\r\n\r\nabc");
	BAD(413, "a body that never comes",
	    "POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 3\r\n\r\n");
	BAD(413, "a body that asks first",
	    "POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
	BAD(413, "a huge length",
	    "POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 99999999999999999999999\r\n\r\n");
	BAD(413, "a length that would wrap",
	    "POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 18446744073709551617\r\n\r\n");
	BAD(413, "a body that hides a request",
	    "GET / HTTP/1.1\r\nHost: t\r\nContent-Length: 35\r\n\r\n"
	    "GET /hidden HTTP/1.1\r\nHost: t\r\n\r\n");
	BAD(413, "chunked",
	    "POST / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
	BAD(413, "chunked with GET",
	    "GET / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
	BAD(413, "Chunked",
	    "POST / HTTP/1.1\r\nHost: t\r\ntransfer-encoding: ChUnKeD\r\n\r\n0\r\n\r\n");
	BAD(413, "chunked that hides a request",
	    "POST / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
	    "GET /hidden HTTP/1.1\r\nHost: t\r\n\r\n");
	BAD(400, "chunked in HTTP/1.0",
	    "POST / HTTP/1.0\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
	BAD(400, "two lengths",
	    "POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc");
	BAD(400, "two equal lengths",
	    "POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc");
	BAD(400, "two empty bodies",
	    "GET / HTTP/1.1\r\nHost: t\r\nContent-Length: 0\r\nContent-Length: 0\r\n\r\n");
	BAD(400, "length and coding",
	    "POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"
	    "0\r\n\r\n");
	BAD(400, "coding and length",
	    "POST / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\nContent-Length: 0\r\n\r\n"
	    "0\r\n\r\n");
	BAD(400, "two codings",
	    "POST / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n"
	    "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
	BAD(400, "two different codings",
	    "POST / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: identity\r\n"
	    "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
}

/* Every control byte in every part. */
static void bad_controls(arena *a, bad_list *list)
{
	static const char *const frames[] = {
		"GET /a@b HTTP/1.1\r\nHost: t\r\n\r\n",
		"GET /?q=@ HTTP/1.1\r\nHost: t\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: t@\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: t\r\nA@b: c\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: t\r\nA: b@c\r\n\r\n",
	};

	for (size_t f = 0; f < COUNT_OF(frames); f++)
		for (int c = 0; c <= 0x7F; c = c == 0x1F ? 0x7F : c + 1) {
			str frame = str_of(frames[f]);
			size_t at = str_find_byte(frame, '@');
			char byte = (char)c;

			if ((c == '\t' && f >= 2 && f != 3) || c == '\r')
				continue; /* a tab may stand in or around a value; CR is above */
			add(a, list, 400, "a control byte",
			    join(a, str_to(frame, at), (str){ &byte, 1 }, str_from(frame, at + 1)));
		}
}

static void echo(void *ctx, const struct http_req *req, struct http_res *res)
{
	(void)ctx;
	http_res_header(res, "Content-Type", S("text/plain; charset=utf-8"));
	buf_put(&res->body, S("path="));
	buf_put(&res->body, req->url.path);
	buf_put(&res->body, S("\n"));
}

/* The statuses of a run of replies without the bytes between. */
static bool one_refusal(str reply, int status)
{
	return raw_count(reply, S("HTTP/1.1 ")) == 1 && raw_status(reply) == status &&
	       str_find(reply, S("Connection: close\r\n")) != STR_NONE;
}

static void test_refused(uint16_t port, const bad_list *list)
{
	size_t wrong = 0, open = 0, second = 0;

	for (size_t i = 0; i < list->n; i++) {
		const struct bad *bad = &list->p[i];
		arena *a = arena_new();
		bool closed;
		str good = S("GET /first HTTP/1.1\r\nHost: t\r\n\r\n"), reply;

		reply = raw_talk(port, a, bad->bytes, &closed);
		if (!one_refusal(reply, bad->status)) {
			wrong++;
			printf("# %zu %s: wanted %d, got %.*s\n", i, bad->why, bad->status,
			       STR_A(str_to(reply, 60)));
		}
		open += !closed;
		reply = raw_talk(port, a, join(a, good, bad->bytes, S("")), &closed);
		if (raw_status(reply) != 200 || raw_count(reply, S("HTTP/1.1 ")) != 2 || !closed ||
		    raw_count(reply, S("path=/first\n")) != 1) {
			second++;
			printf("# %zu %s, second: %.*s\n", i, bad->why, STR_A(reply));
		}
		arena_free(a);
	}
	eq_int(wrong, 0, "each gets one answer, with its status");
	eq_int(open, 0, "and the connection closes");
	eq_int(second, 0, "as a second request, after the answer to the first, likewise");
}

/* The status that the parser gives to BYTES when they come STEP at a time; 0: it wants more. */
static int parsed(str bytes, size_t step)
{
	struct head_search search = { 0 };
	struct head head;
	size_t n = 0;
	int status = 0;

	for (size_t have = MIN(step, bytes.n); status == 0; have = MIN(have + step, bytes.n)) {
		status = head_find(&search, str_to(bytes, have), &n);
		if (have == bytes.n)
			break;
	}
	return status == HEAD_WHOLE ? head_parse(str_to(bytes, n), &head) : status;
}

static void test_pieces(const bad_list *list)
{
	size_t differ = 0;

	for (size_t i = 0; i < list->n; i++) {
		int whole = parsed(list->p[i].bytes, SIZE_MAX / 2);

		for (size_t step = 1; step <= 7; step++)
			differ += parsed(list->p[i].bytes, step) != whole;
	}
	eq_int(differ, 0, "the same status however the bytes are cut");
}

static const char *const good[] = {
	"GET / HTTP/1.1\r\nHost: t\r\n\r\n",
	"GET / HTTP/1.1\r\nhOsT:t:8080\r\n\r\n",
	"GET / HTTP/1.1\r\nHost:\t t \t\r\n\r\n",
	"GET / HTTP/1.1\r\nHost: T\r\n\r\n",
	"HEAD / HTTP/1.1\r\nHost: t\r\n\r\n",
	"OPTIONS / HTTP/1.1\r\nHost: t\r\n\r\n",
	"POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 0\r\n\r\n",
	"POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 000\r\nExpect: 100-Continue\r\n\r\n",
	"DELETE / HTTP/1.1\r\nHost: t\r\n\r\n",
	"GET http://t/a?b HTTP/1.1\r\nHost: t\r\n\r\n",
	"GET HTTPS://T:80/ HTTP/1.1\r\nHost: t:80\r\n\r\n",
	"GET /a;b=c,d!$&'()*+@:~_-. HTTP/1.1\r\nHost: t\r\n\r\n",
	"GET //a//b/ HTTP/1.1\r\nHost: t\r\n\r\n",
	"GET /?q={a}|b^c`d\\e&f=g?h/i HTTP/1.1\r\nHost: t\r\n\r\n",
	"GET /?q=%C3%A9+%22%3C%3E%23 HTTP/1.1\r\nHost: t\r\n\r\n",
	"GET / HTTP/1.1\r\nHost: t\r\nA:\r\nA:\r\nB: \xC3\xA9 \xE9\r\nC: a\tb\r\n\r\n",
	"GET / HTTP/1.1\r\nHost: t\r\n!#$%&'*+-.^_`|~09az: x\r\n\r\n",
	"GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n",
};

static void test_accepted(uint16_t port, arena *a)
{
	size_t wrong = 0;
	int fd = raw_connect(port);
	bool closed;
	str reply;
	buf all = buf_new(a, 1 << 20);

	for (size_t i = 0; i < COUNT_OF(good); i++) {
		(void)raw_send(fd, str_of(good[i]));
		reply = raw_read(fd, a, 60, &closed);
		if (raw_status(reply) != 200 || closed) {
			wrong++;
			printf("# %s: %.*s\n", good[i], STR_A(reply));
		}
	}
	close(fd);
	eq_int(wrong, 0, "what is right is answered, all on one connection");
	for (size_t i = 0; i < GATE_WAITING_MAX; i++)
		buf_printf(&all, "GET /n%zu HTTP/1.1\r\nHost: t\r\n\r\n", i);
	fd = raw_connect(port);
	(void)raw_send(fd, buf_str(&all));
	reply = raw_read(fd, a, 100, &closed);
	ok(!closed && raw_count(reply, S("HTTP/1.1 200")) == GATE_WAITING_MAX &&
		   str_find(reply, S("path=/n15\n")) > str_find(reply, S("path=/n14\n")),
	   "requests sent ahead are answered in order");
	close(fd);
	buf_put(&all, buf_str(&all));
	reply = raw_talk(port, a, buf_str(&all), &closed);
	ok(closed && raw_count(reply, S("HTTP/1.1 200")) == GATE_WAITING_MAX &&
		   raw_count(reply, S("HTTP/1.1 429")) == 1,
	   "too many of them: the rest is refused once");
}

static void test_drip(uint16_t port, arena *a)
{
	str request = S(
		"GET /slow?q=1 HTTP/1.1\r\nHost: t\r\nA: b\r\n\r\nGET /two HTTP/1.1\r\nHost: t\r\n"
		"Connection: close\r\n\r\n");
	int fd = raw_connect(port);
	bool closed;
	str reply;

	for (size_t i = 0; i < request.n; i++) {
		(void)raw_send(fd, str_to(str_from(request, i), 1));
		usleep(200);
	}
	reply = raw_read(fd, a, RAW_WAIT_MS, &closed);
	ok(closed && raw_count(reply, S("path=/slow\n")) == 1 &&
		   raw_count(reply, S("path=/two\n")) == 1,
	   "requests that come a byte at a time are answered once each");
	close(fd);
	reply = raw_talk(port, a, S("GET / HTTP/1.0\r\n\r\n"), &closed);
	ok(closed && raw_status(reply) == 200, "HTTP/1.0 without Host is answered, and closed");
	fd = raw_connect(port);
	(void)raw_send(fd, S("GET / HTTP/1.1\r\nHost: t\r\n\r\n"));
	shutdown(fd, SHUT_WR);
	reply = raw_read(fd, a, RAW_WAIT_MS, &closed);
	ok(closed && raw_status(reply) == 200, "a client that only listens any more is answered");
	close(fd);
	fd = raw_connect(port);
	(void)raw_send(fd, S("GET / HTTP/1.1\r\nHo"));
	shutdown(fd, SHUT_WR);
	reply = raw_read(fd, a, RAW_WAIT_MS, &closed);
	ok(closed && reply.n == 0, "one that goes in the middle of a head is not");
	close(fd);
}

static void test_slow_head(arena *a)
{
	struct http_config config = { .handle = echo, .timeout = 1, .threads = 1 };
	struct http_server *s = NULL;
	bool closed = false;
	int fd, sent = 0;

	is_ok(http_server_start(&config, &s), "start with a short timeout");
	fd = raw_connect(http_server_port(s));
	(void)raw_send(fd, S("GET / HTTP/1.1\r\nHost: t\r\nX: "));
	while (sent < 60 && !closed) {
		(void)raw_send(fd, S("a"));
		sent++;
		(void)raw_read(fd, a, 100, &closed);
	}
	ok(closed && sent < 40, "a byte now and then does not keep a connection open (%d)", sent);
	close(fd);
	http_server_stop(s, 1000);
}

int main(void)
{
	static const str hosts[] = { S_INIT("t"), S_INIT("[::1]") };
	struct http_config config = { .handle = echo, .hosts = hosts, .hosts_n = 2, .threads = 2 };
	struct http_server *s = NULL;
	struct http_stats stats;
	arena *a = arena_new();
	bad_list list = { 0 };

	signal(SIGPIPE, SIG_IGN);
	bad_lines(a, &list);
	bad_request_lines(a, &list);
	bad_targets(a, &list);
	bad_hosts(a, &list);
	bad_fields(a, &list);
	bad_bodies(a, &list);
	bad_controls(a, &list);
	ok(list.n >= 300, "%zu malformed requests", list.n);
	test_pieces(&list);
	is_ok(http_server_start(&config, &s), "start");
	test_refused(http_server_port(s), &list);
	test_accepted(http_server_port(s), a);
	test_drip(http_server_port(s), a);
	stats = http_server_stats(s);
	eq_int(stats.unmatched, 0, "libmicrohttpd read nothing but through the gate");
	http_server_stop(s, 1000);
	test_slow_head(a);
	arena_free(a);
	return tap_done();
}
