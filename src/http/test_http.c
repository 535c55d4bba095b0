/* The server as a client sees it: pages, encodings, tags, ranges, streams, the cache, the stop. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <libdeflate.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <time.h>

#include "http/encoding.h"
#include "http/range.h"
#include "http/server.h"
#include "raw.h"
#include "tap.h"
#include "text/digest.h"

static void test_encoding(void)
{
	ok(encoding_takes_gzip(S("gzip, deflate, br")), "gzip");
	ok(encoding_takes_gzip(S("br;q=1.0, GZIP;q=0.001")), "gzip at the smallest weight");
	ok(encoding_takes_gzip(S("*")), "anything");
	ok(encoding_takes_gzip(S("*;q=0, gzip")), "gzip and nothing else");
	ok(!encoding_takes_gzip(S("gzip;q=0, *")), "not gzip");
	ok(!encoding_takes_gzip(S("gzip; q=0.000")), "not gzip, with zeroes");
	ok(!encoding_takes_gzip(S("identity")), "no packing");
	ok(!encoding_takes_gzip(S("")), "not said");
	ok(!encoding_takes_gzip(S("gzipp, xgzip")), "other names");
	ok(encoding_takes_brotli(S("gzip, deflate, br, zstd")), "brotli");
	ok(!encoding_takes_brotli(S("gzip, br;q=0")) && !encoding_takes_brotli(S("*")),
	   "not brotli unless it is named");
	ok(!encoding_takes_gzip(S("gzip;q=2")), "a weight above one is nonsense");
	ok(!encoding_takes_gzip(S("gzip;q=.5")) && !encoding_takes_gzip(S("gzip;q=0.1234")),
	   "nor are these weights");
}

/* "0+10 50+10", "all" or "none" */
static str parts_text(arena *a, const char *value, uint64_t size)
{
	struct range_parts parts = { .n = 0 };
	enum range range = range_parse(str_of(value), size, &parts);
	buf b = buf_new(a, 1024);

	for (size_t i = 0; range == RANGE_PARTS && i < parts.n; i++)
		buf_printf(&b, "%s%llu+%llu", i ? " " : "", (unsigned long long)parts.list[i].from,
			   (unsigned long long)parts.list[i].n);
	return range == RANGE_PARTS ? buf_str(&b) : range == RANGE_WHOLE ? S("all") : S("none");
}

static void test_range(arena *a)
{
	static const struct {
		const char *value;
		uint64_t size;
		str want;
	} cases[] = {
		{ "bytes=0-9", 100, S_INIT("0+10") },
		{ "BYTES=0-9", 100, S_INIT("0+10") },
		{ "bytes=90-", 100, S_INIT("90+10") },
		{ "bytes=99-", 100, S_INIT("99+1") },
		{ "bytes=0-", 100, S_INIT("0+100") },
		{ "bytes=-5", 100, S_INIT("95+5") },
		{ "bytes=-500", 100, S_INIT("0+100") },
		{ "bytes=-100", 100, S_INIT("0+100") },
		{ "bytes=50-500", 100, S_INIT("50+50") },
		{ "bytes=0-0", 1, S_INIT("0+1") },
		{ "bytes=00-009", 100, S_INIT("0+10") },
		/* several */
		{ "bytes=0-4,5-9", 100, S_INIT("0+10") },
		{ "bytes=5-9, 0-7", 100, S_INIT("0+10") },
		{ "bytes=0-99,10-19", 100, S_INIT("0+100") },
		{ "bytes=0-4,200-", 100, S_INIT("0+5") },
		{ "bytes=200-,0-4,300-301", 100, S_INIT("0+5") },
		{ "bytes=0-4,50-59", 100, S_INIT("0+5 50+10") },
		{ "bytes=50-59,0-4", 100, S_INIT("0+5 50+10") },
		{ "bytes=0-0,-1", 100, S_INIT("0+1 99+1") },
		{ "bytes=0-4 ,\t50-59", 100, S_INIT("0+5 50+10") },
		{ "bytes=,0-4,,50-59,", 100, S_INIT("0+5 50+10") },
		{ "bytes=0-0,2-2,4-4,6-6,8-8,10-10,12-12,14-14", 100,
		  S_INIT("0+1 2+1 4+1 6+1 8+1 10+1 12+1 14+1") },
		{ "bytes=0-0,2-2,4-4,6-6,8-8,10-10,12-12,14-14,16-16", 100, S_INIT("all") },
		{ "bytes=0-0,2-2,4-4,6-6,8-8,10-10,12-12,14-14,16-16,1-15", 100, S_INIT("0+17") },
		/* nothing of it is there */
		{ "bytes=100-", 100, S_INIT("none") },
		{ "bytes=100-200,300-", 100, S_INIT("none") },
		{ "bytes=-0", 100, S_INIT("none") },
		{ "bytes=0-", 0, S_INIT("none") },
		{ "bytes=-1", 0, S_INIT("none") },
		{ "bytes=99999999999999999999999999-", 100, S_INIT("none") },
		/* not a range */
		{ "", 100, S_INIT("all") },
		{ "bytes", 100, S_INIT("all") },
		{ "bytes=", 100, S_INIT("all") },
		{ "bytes=,", 100, S_INIT("all") },
		{ "bytes=-", 100, S_INIT("all") },
		{ "bytes=9-5", 100, S_INIT("all") },
		{ "bytes=0-4,9-5", 100, S_INIT("all") },
		{ "bytes=a-b", 100, S_INIT("all") },
		{ "bytes=1", 100, S_INIT("all") },
		{ "bytes=--5", 100, S_INIT("all") },
		{ "bytes=+1-5", 100, S_INIT("all") },
		{ "bytes=1 - 5", 100, S_INIT("all") },
		{ "bytes=1-5-9", 100, S_INIT("all") },
		{ "bytes=0x1-5", 100, S_INIT("all") },
		{ "bytes 0-9", 100, S_INIT("all") },
		{ "bytes=0-4;50-59", 100, S_INIT("all") },
		{ "lines=0-9", 100, S_INIT("all") },
		/* numbers at the edge of what fits */
		{ "bytes=0-9223372036854775807", 100, S_INIT("0+100") },
		{ "bytes=0-9223372036854775808", 100, S_INIT("0+100") },
		{ "bytes=0-18446744073709551616", 100, S_INIT("0+100") },
		{ "bytes=-18446744073709551617", 100, S_INIT("0+100") },
	};
	buf many = buf_new(a, 4096);

	for (size_t i = 0; i < COUNT_OF(cases); i++)
		eq_str(parts_text(a, cases[i].value, cases[i].size), cases[i].want, cases[i].value);
	buf_put(&many, S("bytes=0-0"));
	for (int i = 0; i < RANGES_ASKED_MAX; i++)
		buf_put(&many, S(",0-0"));
	eq_str(parts_text(a, arena_cstr(a, buf_str(&many)), 100), S("all"),
	       "more than anybody needs");
}

/* --- A server with a page of each kind ------------------------------------------------------------ */

enum { FILE_TIME = 784111777 }; /* Sun, 06 Nov 1994 08:49:37 GMT */
enum { FILE_SIZE = 300000, STREAM_PIECES = 40, STREAM_PIECE = 50000, ENDLESS = 1000000 };

struct site {
	int file;
	atomic_int handled, streams_done;
	_Atomic uint64_t version;
};

struct counter {
	struct site *site;
	int pieces, wanted, fail_at;
};

static enum err count_pull(void *state, buf *o, bool *ret_more)
{
	struct counter *c = state;

	if (c->pieces == c->fail_at)
		return E_IO;
	for (int i = 0; i < STREAM_PIECE / 10; i++)
		buf_put(o, S("012345678\n"));
	*ret_more = ++c->pieces < c->wanted;
	return OK;
}

static void count_done(void *state)
{
	struct counter *c = state;

	atomic_fetch_add(&c->site->streams_done, 1);
}

static void stream_answer(struct site *site, const struct http_req *req, struct http_res *res,
			  int wanted, int fail)
{
	struct counter *c = NEW(req->arena, struct counter);

	*c = (struct counter){ site, 0, wanted, fail };
	res->kind = HTTP_BODY_STREAM;
	res->stream = (struct http_stream){ count_pull, count_done, c };
}

static void page_answer(struct site *site, const struct http_req *req, struct http_res *res)
{
	buf tag = buf_new(req->arena, 64);

	res->cache_version = atomic_load(&site->version);
	res->cache_key = S("/page?q=a");
	if (http_res_from_cache(req, res->cache_key, res))
		return;
	atomic_fetch_add(&site->handled, 1);
	http_res_header(res, "Content-Type", S("text/html; charset=utf-8"));
	http_res_header(res, "Cache-Control", S("no-cache"));
	http_res_header(res, "Vary", S("Accept-Language"));
	buf_printf(&tag, "v%d", (int)res->cache_version);
	res->etag = buf_str(&tag);
	res->compress = true;
	for (int i = 0; i < 1000; i++)
		buf_printf(&res->body, "<p>paragraph %d of version %d</p>\n", i,
			   (int)res->cache_version);
}

static void site_handle(void *ctx, const struct http_req *req, struct http_res *res)
{
	struct site *site = ctx;
	struct timespec nap = { .tv_nsec = 300000000 };
	str path = req->url.path;

	if (str_eq(path, S("/page"))) {
		page_answer(site, req, res);
	} else if (str_eq(path, S("/file"))) {
		res->kind = HTTP_BODY_FILE;
		res->file = (struct http_file){ dup(site->file), FILE_SIZE, FILE_TIME };
		res->etag = S("f1");
		res->compress = true; /* files are not packed, whatever is said */
		http_res_header(res, "Content-Type", S("video/mp4"));
		http_res_header(res, "Cache-Control", S("public, max-age=31536000, immutable"));
	} else if (str_eq(path, S("/stream"))) {
		stream_answer(site, req, res, STREAM_PIECES, -1);
	} else if (str_eq(path, S("/sized")) || str_eq(path, S("/short"))) {
		stream_answer(site, req, res, STREAM_PIECES, str_eq(path, S("/short")) ? 3 : -1);
		res->stream.size = STREAM_PIECES * STREAM_PIECE;
	} else if (str_eq(path, S("/endless"))) {
		stream_answer(site, req, res, ENDLESS, -1);
	} else if (str_eq(path, S("/broken"))) {
		stream_answer(site, req, res, STREAM_PIECES, 3);
	} else if (str_eq(path, S("/slow"))) {
		nanosleep(&nap, NULL);
		buf_put(&res->body, S("slow\n"));
	} else if (str_eq(path, S("/fat")) || str_eq(path, S("/full"))) {
		size_t n = HTTP_HEAD_MAX - (str_eq(path, S("/full")) ? S("X-Fat: \r\n").n : 0);
		char *value = arena_alloc(req->arena, n);
		memset(value, 'x', n);
		http_res_header(res, "X-Fat", (str){ value, n });
	} else {
		res->status = 404;
		buf_put(&res->body, S("nothing here\n"));
	}
}

static str header_of(str reply, str name)
{
	str rest = str_to(reply, str_find(reply, S("\r\n\r\n")));

	while (rest.p) {
		str line = str_trim(str_cut(&rest, '\n')), value = line;
		if (str_eq_nocase(str_cut(&value, ':'), name) && value.p)
			return str_trim(value);
	}
	return (str){ NULL, 0 };
}

static str body_of(str reply)
{
	size_t at = str_find(reply, S("\r\n\r\n"));

	return at == STR_NONE ? (str){ NULL, 0 } : str_from(reply, at + 4);
}

static str get(uint16_t port, arena *a, const char *target, const char *headers)
{
	buf b = buf_new(a, 1 << 16);
	bool closed;

	buf_printf(&b, "GET %s HTTP/1.1\r\nHost: t\r\nConnection: close\r\n%s\r\n", target,
		   headers);
	return raw_talk(port, a, buf_str(&b), &closed);
}

static str unpacked(arena *a, str bytes)
{
	struct libdeflate_decompressor *z = libdeflate_alloc_decompressor();
	char *out = arena_alloc(a, 1 << 20);
	size_t n = 0;
	enum libdeflate_result done = libdeflate_gzip_decompress(z, bytes.p, bytes.n, out, 1 << 20,
								 &n);

	libdeflate_free_decompressor(z);
	return done == LIBDEFLATE_SUCCESS ? (str){ out, n } : (str){ NULL, 0 };
}

static void test_page(uint16_t port, arena *a)
{
	str plain = get(port, a, "/page?x=1", ""), packed, same;

	eq_int(raw_status(plain), 200, "a page");
	eq_str(header_of(plain, S("ETag")), S("\"v1\""), "its tag");
	eq_str(header_of(plain, S("Vary")), S("Accept-Language, Accept-Encoding"),
	       "what it depends on");
	ok(header_of(plain, S("Content-Encoding")).p == NULL, "plain for who does not ask");
	packed = get(port, a, "/page?x=2", "Accept-Encoding: gzip, br\r\n");
	eq_str(header_of(packed, S("Content-Encoding")), S("gzip"), "packed for who asks");
	eq_str(header_of(packed, S("ETag")), S("\"v1-gz\""), "with a tag of its own");
	ok(str_eq(unpacked(a, body_of(packed)), body_of(plain)), "both say the same");
	same = get(port, a, "/page?x=3", "If-None-Match: \"v0\", W/\"v1-gz\"\r\n");
	eq_int(raw_status(same), 304, "not sent again to who has it");
	eq_str(header_of(same, S("Cache-Control")), S("no-cache"), "304 says how long it is good");
	ok(body_of(same).n == 0 && header_of(same, S("Content-Type")).p == NULL,
	   "and nothing more");
	eq_int(raw_status(get(port, a, "/page?x=4", "If-None-Match: \"v0\"\r\n")), 200,
	       "sent to who has an older one");
	eq_int(raw_status(get(port, a, "/none", "")), 404, "a page that is not there");
	eq_int(raw_status(get(port, a, "/full", "")), 200, "as many headers as fit");
	eq_int(raw_status(get(port, a, "/fat", "")), 500, "headers that do not");
}

static void test_head(uint16_t port, arena *a)
{
	bool closed;
	str whole = get(port, a, "/page?x=5", ""), head;

	head = raw_talk(port, a,
			S("HEAD /page?x=5 HTTP/1.1\r\nHost: t\r\n\r\nHEAD /stream "
			  "HTTP/1.1\r\nHost: t\r\n\r\n"
			  "HEAD /file HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n"),
			&closed);
	ok(closed && raw_count(head, S("HTTP/1.1 200")) == 3 && raw_count(head, S("<p>")) == 0,
	   "HEAD has no body");
	eq_str(header_of(head, S("Content-Length")), header_of(whole, S("Content-Length")),
	       "but the length of one");
}

static void test_cache(struct site *site, struct http_cache *cache, uint16_t port, arena *a)
{
	int before = atomic_load(&site->handled);
	struct http_cache_stats stats;
	str first, again;

	atomic_store(&site->version, 2);
	http_cache_set_version(cache, 2);
	first = get(port, a, "/page?q=a", "Accept-Encoding: gzip\r\n");
	(void)get(port, a, "/page?q=a", "Accept-Encoding: gzip\r\n");
	eq_int(atomic_load(&site->handled) - before, 2, "the first two requests are worked for");
	again = get(port, a, "/page?q=a", "Accept-Encoding: gzip\r\n");
	(void)get(port, a, "/page?foreign=1&q=a", "Accept-Encoding: gzip\r\n");
	eq_int(atomic_load(&site->handled) - before, 2,
	       "the third comes from the cache, in any spelling");
	ok(str_eq(body_of(first), body_of(again)) &&
		   str_eq(header_of(first, S("ETag")), header_of(again, S("ETag"))),
	   "the same bytes");
	eq_int(raw_status(get(port, a, "/page?q=a",
			      "Accept-Encoding: gzip\r\nIf-None-Match: \"v2\"\r\n")),
	       304, "304 from the cache");
	(void)get(port, a, "/page?q=a", "");
	eq_int(atomic_load(&site->handled) - before, 3, "the plain form is another reply");
	stats = http_cache_stats(cache);
	ok(stats.replies == 1 && stats.bytes > 1000, "one reply is kept");
	atomic_store(&site->version, 3);
	http_cache_set_version(cache, 3);
	again = get(port, a, "/page?q=a", "Accept-Encoding: gzip\r\n");
	eq_str(header_of(again, S("ETag")), S("\"v3-gz\""), "a new version is seen at once");
	ok(str_find(unpacked(a, body_of(again)), S("of version 3")) != STR_NONE, "with its text");
}

static void test_file(uint16_t port, arena *a)
{
	str whole = get(port, a, "/file", "Accept-Encoding: gzip\r\n"), part;

	ok(raw_status(whole) == 200 && body_of(whole).n == FILE_SIZE, "a file");
	eq_str(header_of(whole, S("Accept-Ranges")), S("bytes"), "of which parts may be asked");
	eq_str(header_of(whole, S("ETag")), S("\"f1\""), "its tag is strong, for it is not packed");
	ok(header_of(whole, S("Vary")).p == NULL, "and the same for every client");
	eq_str(header_of(whole, S("Last-Modified")), S("Sun, 06 Nov 1994 08:49:37 GMT"),
	       "its date");
	part = get(port, a, "/file", "Range: bytes=100000-199999\r\n");
	eq_int(raw_status(part), 206, "a part");
	eq_str(header_of(part, S("Content-Range")), S("bytes 100000-199999/300000"), "says which");
	eq_str(header_of(part, S("Content-Length")), S("100000"), "how long it is");
	eq_str(header_of(part, S("Content-Type")), S("video/mp4"), "of what");
	eq_str(header_of(part, S("ETag")), S("\"f1\""), "of which file");
	eq_str(header_of(part, S("Cache-Control")), S("public, max-age=31536000, immutable"),
	       "and how long it is good");
	ok(str_eq(body_of(part), str_to(str_from(body_of(whole), 100000), 100000)), "and is that");
	part = get(port, a, "/file", "Range: bytes=-1000\r\n");
	ok(str_eq(body_of(part), str_from(body_of(whole), FILE_SIZE - 1000)), "the last thousand");
	part = get(port, a, "/file", "Range: bytes=299999-\r\n");
	eq_str(header_of(part, S("Content-Range")), S("bytes 299999-299999/300000"),
	       "the last byte");
	part = get(port, a, "/file", "Range: bytes=300000-\r\n");
	eq_int(raw_status(part), 416, "a part behind the end");
	eq_str(header_of(part, S("Content-Range")), S("bytes */300000"), "says how long it is");
	eq_str(header_of(part, S("Cache-Control")), S("no-store"), "and is not kept");
	eq_int(body_of(part).n, 0, "without a byte");
	part = get(port, a, "/file", "Range: bytes=0-1\r\nIf-None-Match: \"f1\"\r\n");
	eq_int(raw_status(part), 304, "nothing for who has all");
	ok(body_of(part).n == 0 && header_of(part, S("Content-Range")).p == NULL, "nothing at all");
}

/* What status a part gets under a condition. */
static void test_if_range(uint16_t port, arena *a)
{
	static const struct {
		const char *headers;
		int status;
		const char *what;
	} cases[] = {
		{ "If-Range: \"f1\"\r\n", 206, "of the same file" },
		{ "If-Range: \"f0\"\r\n", 200, "of another" },
		{ "If-Range: \"\"\r\n", 200, "of no tag" },
		{ "If-Range: W/\"f1\"\r\n", 200, "by a weak tag" },
		{ "If-Range: f1\r\n", 200, "by a tag without quotes" },
		{ "If-Range: \"f1-gz\"\r\n", 200, "by a tag of a packed form" },
		{ "If-Range: Sun, 06 Nov 1994 08:49:37 GMT\r\n", 206, "of the same date" },
		{ "If-Range: Sun, 06 Nov 1994 08:49:38 GMT\r\n", 200, "of a later date" },
		{ "If-Range: Sun, 06 Nov 1994 08:49:36 GMT\r\n", 200, "of an earlier date" },
		{ "If-Range: yesterday\r\n", 200, "of no date" },
		{ "If-Match: \"x\"\r\n", 206, "by what is not for it" },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		buf b = buf_new(a, 256);

		buf_printf(&b, "Range: bytes=0-1\r\n%s", cases[i].headers);
		eq_int(raw_status(get(port, a, "/file", arena_cstr(a, buf_str(&b)))),
		       cases[i].status, cases[i].what);
	}
}

/* One part of a multipart answer at the start of *REST, which then stands behind it. */
static bool takes_part(str *rest, str line, uint64_t from, uint64_t n, str whole, arena *a)
{
	buf head = buf_new(a, 512);

	buf_printf(&head,
		   "\r\n--%" STR_F "\r\nContent-Type: video/mp4\r\n"
		   "Content-Range: bytes %llu-%llu/300000\r\n\r\n",
		   STR_A(line), (unsigned long long)from, (unsigned long long)(from + n - 1));
	if (!str_starts(*rest, buf_str(&head)))
		return false;
	*rest = str_from(*rest, head.n);
	if (!str_eq(str_to(*rest, n), str_to(str_from(whole, from), n)))
		return false;
	*rest = str_from(*rest, n);
	return true;
}

static void test_multipart(uint16_t port, arena *a)
{
	str whole = body_of(get(port, a, "/file", "")), part, type, line, rest, other;
	buf end = buf_new(a, 128);
	int64_t length = 0;

	part = get(port, a, "/file", "Range: bytes=-7,0-9,100000-249999\r\n");
	type = header_of(part, S("Content-Type"));
	ok(raw_status(part) == 206 && str_starts(type, S("multipart/byteranges; boundary=")),
	   "three parts");
	ok(header_of(part, S("Content-Range")).p == NULL, "each says for itself which it is");
	line = type;
	(void)str_cut(&line, '=');
	rest = body_of(part);
	ok(str_to_i64(header_of(part, S("Content-Length")), &length) && (size_t)length == rest.n,
	   "of the length that was said");
	ok(takes_part(&rest, line, 0, 10, whole, a), "the first");
	ok(takes_part(&rest, line, 100000, 150000, whole, a), "a long one");
	ok(takes_part(&rest, line, 299993, 7, whole, a), "the last bytes");
	buf_printf(&end, "\r\n--%" STR_F "--\r\n", STR_A(line));
	eq_str(rest, buf_str(&end), "and the end");
	other = header_of(get(port, a, "/file", "Range: bytes=0-1,5-6\r\n"), S("Content-Type"));
	ok(!str_eq(type, other), "the separator is another each time");
	part = get(port, a, "/file", "Range: bytes=0-9,5-14\r\n");
	ok(raw_status(part) == 206 && str_eq(header_of(part, S("Content-Type")), S("video/mp4")) &&
		   body_of(part).n == 15,
	   "what overlaps is one part");
	part = get(port, a, "/file",
		   "Range: bytes=0-0,2-2,4-4,6-6,8-8,10-10,12-12,14-14,16-16\r\n");
	ok(raw_status(part) == 200 && body_of(part).n == FILE_SIZE, "too many parts: the whole");
	eq_int(raw_status(get(port, a, "/file", "Range: bytes=0-0,x\r\n")), 200,
	       "nonsense: the whole");
}

static void test_file_head(uint16_t port, arena *a)
{
	bool closed;
	str head = raw_talk(port, a,
			    S("HEAD /file HTTP/1.1\r\nHost: t\r\nRange: bytes=0-9\r\n"
			      "Connection: close\r\n\r\n"),
			    &closed);

	eq_int(raw_status(head), 200, "HEAD knows no parts");
	eq_str(header_of(head, S("Content-Length")), S("300000"), "but the length");
	eq_str(header_of(head, S("Accept-Ranges")), S("bytes"), "and that there are some");
	eq_int(body_of(head).n, 0, "without a body");
}

/* A client that goes away in the middle of several parts leaves nothing open. */
static void test_file_left(uint16_t port)
{
	for (int i = 0; i < 50; i++) {
		int fd = raw_connect(port);

		(void)raw_send(fd, S("GET /file HTTP/1.1\r\nHost: t\r\nRange: "
				     "bytes=0-99999,150000-\r\n\r\n"));
		usleep(2000);
		close(fd);
	}
	usleep(200000);
	int fd = dup(0);
	ok(fd < 40, "fifty clients that left leave no descriptor open (%d)", fd);
	close(fd);
}

static void test_stream(struct site *site, uint16_t port, arena *a)
{
	int fd, before = atomic_load(&site->streams_done);
	str reply = get(port, a, "/stream", "");
	bool closed;

	eq_str(header_of(reply, S("Transfer-Encoding")), S("chunked"), "a stream");
	ok(raw_count(reply, S("012345678\n")) >= STREAM_PIECES * STREAM_PIECE / 10 * 9 / 10 &&
		   str_ends(reply, S("0\r\n\r\n")),
	   "arrives whole");
	reply = raw_talk(port, a, S("GET /stream HTTP/1.0\r\n\r\n"), &closed);
	ok(closed && body_of(reply).n == STREAM_PIECES * STREAM_PIECE &&
		   header_of(reply, S("Transfer-Encoding")).p == NULL,
	   "in HTTP/1.0 as plain bytes until the end");
	reply = get(port, a, "/sized", "");
	eq_str(header_of(reply, S("Content-Length")), S("2000000"), "one of a known size says so");
	ok(body_of(reply).n == STREAM_PIECES * STREAM_PIECE &&
		   header_of(reply, S("Transfer-Encoding")).p == NULL,
	   "and arrives whole");
	reply = raw_talk(port, a, S("GET /short HTTP/1.1\r\nHost: t\r\n\r\n"), &closed);
	ok(closed && body_of(reply).n < STREAM_PIECES * STREAM_PIECE, "or is cut before it");
	reply = get(port, a, "/broken", "");
	ok(!str_ends(reply, S("0\r\n\r\n")), "one that fails is cut, so that it shows");
	eq_int(atomic_load(&site->streams_done) - before, 5, "each is cleaned up");
	fd = raw_connect(port);
	(void)raw_send(fd, S("GET /endless HTTP/1.1\r\nHost: t\r\n\r\n"));
	usleep(50000);
	close(fd);
	for (int i = 0; i < 200 && atomic_load(&site->streams_done) - before < 6; i++)
		usleep(10000);
	eq_int(atomic_load(&site->streams_done) - before, 6, "also when the client goes away");
}

static void test_streams_limit(struct site *site, arena *a)
{
	struct http_config config = {
		.handle = site_handle, .ctx = site, .streams = 1, .threads = 1
	};
	struct http_server *s = NULL;
	str reply;
	int fd;

	is_ok(http_server_start(&config, &s), "start with room for one stream");
	fd = raw_connect(http_server_port(s));
	(void)raw_send(fd, S("GET /endless HTTP/1.1\r\nHost: t\r\n\r\n"));
	for (int i = 0; i < 200 && http_server_stats(s).streams == 0; i++)
		usleep(10000);
	reply = get(http_server_port(s), a, "/stream", "");
	eq_int(raw_status(reply), 503, "a second stream is refused");
	eq_str(header_of(reply, S("Retry-After")), S("60"), "for now");
	close(fd);
	http_server_stop(s, 1000);
}

static void test_assets(uint16_t port, arena *a)
{
	str reply;

	reply = get(port, a, "/assets/test-0123.css", "Accept-Encoding: gzip\r\n");
	eq_int(raw_status(reply), 200, "an asset");
	eq_str(header_of(reply, S("Content-Type")), S("text/css; charset=utf-8"), "its type");
	eq_str(header_of(reply, S("Cache-Control")), S("public, max-age=31536000, immutable"),
	       "for ever");
	eq_str(header_of(reply, S("X-Test")), S("yes"), "with the headers of its class");
	ok(unpacked(a, body_of(reply)).n == 2000, "packed");
	reply = get(port, a, "/assets/test-0123.css", "");
	ok(body_of(reply).n == 2000, "and plain");
	eq_int(raw_status(get(port, a, "/assets/test-9999.css", "")), 404,
	       "another hash is not there");
}

/* What is embedded is what stands in the source tree: the tests run at its root. */
static void test_embedded(arena *a)
{
	size_t wrong = 0, assets = 0;

	for (size_t i = 0; i < embed_count; i++) {
		const struct embed_file *f = &embed_files[i];
		int fd = open(arena_cstr(a, f->path), O_RDONLY | O_CLOEXEC);
		char *bytes = arena_alloc(a, f->bytes.n + 1);
		ssize_t n = fd < 0 ? -1 : read(fd, bytes, f->bytes.n + 1);

		wrong += n < 0 || !str_eq((str){ bytes, (size_t)n }, f->bytes) ||
			 !str_eq(str_to(digest_hex(a, digest_of(f->bytes)), 16), f->hash);
		assets += f->address.n > 0;
		wrong += (f->address.n > 0) != str_starts(f->path, S("assets/"));
		close(fd);
	}
	eq_int(wrong, 0, "every embedded file is the one on the disk, with its hash");
	ok(assets > 0 && embed_find(S("assets/nothing.css")) == NULL, "%zu of them are assets",
	   assets);
	ok(str_starts(asset_url(S("tribune.css")).s, S("/assets/tribune-")) &&
		   str_ends(asset_url(S("tribune.css")).s, S(".css")),
	   "the address of the style sheet");
}

static void *slow_get(void *arg)
{
	arena *a = arena_new();
	str reply = get(*(uint16_t *)arg, a, "/slow", "");
	bool good = raw_status(reply) == 200 && str_eq(body_of(reply), S("slow\n"));

	arena_free(a);
	return good ? arg : NULL;
}

static void test_stop(struct site *site)
{
	struct http_config config = { .handle = site_handle, .ctx = site, .threads = 2 };
	struct http_server *s = NULL;
	pthread_t client;
	uint16_t port;
	void *good = NULL;
	int fd;

	is_ok(http_server_start(&config, &s), "start");
	port = http_server_port(s);
	pthread_create(&client, NULL, slow_get, &port);
	usleep(100000);
	http_server_stop(s, 2000);
	pthread_join(client, &good);
	ok(good != NULL, "the stop waits for a reply under way");
	fd = raw_connect(port);
	ok(fd < 0, "and nobody listens any more");
	is_ok(http_server_start(&config, &s), "start again");
	config.port = http_server_port(s);
	struct http_server *second = NULL;
	eq_int(http_server_start(&config, &second), E_BUSY, "a port in use");
	config.address = S("192.0.2.1");
	eq_int(http_server_start(&config, &second), E_INVALID, "an address of somebody else");
	config.address = S("localhost");
	eq_int(http_server_start(&config, &second), E_INVALID, "a name is no address");
	http_server_stop(s, 0);
}

static int file_make(void)
{
	int fd = memfd_create("test", MFD_CLOEXEC);
	unsigned x = 1;

	for (int i = 0; i < FILE_SIZE; i += 4) {
		x = x * 1664525 + 1013904223;
		if (write(fd, &x, 4) != 4)
			return -1;
	}
	return fd;
}

int main(void)
{
	static const struct http_header asset_headers[] = { { S_INIT("X-Test"), S_INIT("yes") } };
	struct site site = { .file = file_make(), .version = 1 };
	struct http_config config = { .handle = site_handle, .ctx = &site, .threads = 2 };
	struct http_server *s = NULL;
	arena *a = arena_new();
	char css[2000];

	signal(SIGPIPE, SIG_IGN);
	test_encoding();
	test_range(a);
	test_embedded(a);
	memset(css, ' ', sizeof css);
	struct embed_file files[] = {
		{ S("assets/test.css"),
		  { css, sizeof css },
		  S("0123"),
		  S("/assets/test-0123.css") },
		{ S("db/0001.sql"), S("--"), S("4567"), S("") },
	};
	config.cache = http_cache_new(HTTP_CACHE_BYTES, 1);
	config.assets = http_assets_new(files, 2, asset_headers, 1);
	is_ok(http_server_start(&config, &s), "start");
	test_page(http_server_port(s), a);
	test_head(http_server_port(s), a);
	test_cache(&site, config.cache, http_server_port(s), a);
	test_file(http_server_port(s), a);
	test_if_range(http_server_port(s), a);
	test_multipart(http_server_port(s), a);
	test_file_head(http_server_port(s), a);
	test_file_left(http_server_port(s));
	test_stream(&site, http_server_port(s), a);
	test_assets(http_server_port(s), a);
	http_server_stop(s, 1000);
	http_cache_free(config.cache);
	http_assets_free(config.assets);
	test_streams_limit(&site, a);
	test_stop(&site);
	close(site.file);
	arena_free(a);
	return tap_done();
}
