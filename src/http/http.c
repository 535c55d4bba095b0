#include "base/log.h"
#include "base/utf8.h"
#include "http/http.h"

static const str method_names[] = {
	[HTTP_OTHER] = S_INIT(""),        [HTTP_GET] = S_INIT("GET"),
	[HTTP_HEAD] = S_INIT("HEAD"),     [HTTP_POST] = S_INIT("POST"),
	[HTTP_PUT] = S_INIT("PUT"),       [HTTP_PATCH] = S_INIT("PATCH"),
	[HTTP_DELETE] = S_INIT("DELETE"), [HTTP_OPTIONS] = S_INIT("OPTIONS"),
};

str http_method_name(enum http_method method)
{
	return method_names[method];
}

str http_req_header(const struct http_req *req, str name)
{
	for (size_t i = 0; i < req->headers_n; i++)
		if (str_eq_nocase(req->headers[i].name, name) && utf8_valid(req->headers[i].value))
			return req->headers[i].value;
	return (str){ NULL, 0 };
}

void http_res_init(struct http_res *res, arena *a)
{
	*res = (struct http_res){ .status = 200, .body = buf_new(a, HTTP_BODY_MAX), .file.fd = -1 };
}

static void check_header(const char *name, str value)
{
	for (size_t i = 0; i < value.n; i++) {
		unsigned char c = (unsigned char)value.p[i];

		if (c < ' ' || c == 0x7F) {
			log_error("a control byte in the response header %s", name);
			abort();
		}
	}
}

void http_res_header(struct http_res *res, const char *name, str value)
{
	size_t i = 0;

	check_header(name, value);
	while (i < res->headers_n && !str_eq_nocase(res->headers[i].name, str_of(name)))
		i++;
	if (i == HTTP_HEADERS_MAX) {
		log_error("more than %d response headers", HTTP_HEADERS_MAX);
		abort();
	}
	res->headers[i] = (struct http_header){ str_of(name), value };
	res->headers_n = MAX(res->headers_n, i + 1);
}

/* One entity tag of a list, without weakness, quotes and the ending of its gzip form. */
static str tag_core(str tag)
{
	tag = str_trim(tag);
	if (str_starts(tag, S("W/")))
		tag = str_from(tag, 2);
	if (tag.n < 2 || tag.p[0] != '"' || tag.p[tag.n - 1] != '"')
		return (str){ NULL, 0 };
	tag = str_to(str_from(tag, 1), tag.n - 2);
	if (str_ends(tag, S("-gz")) || str_ends(tag, S("-br")))
		tag.n -= 3;
	return tag;
}

bool http_etag_matches(const struct http_req *req, str etag)
{
	if (etag.n == 0)
		return false;
	for (str rest = http_req_header(req, S("if-none-match")); rest.p;) {
		str core = tag_core(str_cut(&rest, ','));

		if (core.p && str_eq(core, etag))
			return true;
	}
	return false;
}
