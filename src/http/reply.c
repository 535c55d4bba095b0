#include <unistd.h>

#include "http/reply.h"

static const struct {
	str etag_end, name;
} packings[] = {
	[PACKING_NONE] = { S_INIT("\""), S_INIT("") },
	[PACKING_GZIP] = { S_INIT("-gz\""), S_INIT("gzip") },
	[PACKING_BROTLI] = { S_INIT("-br\""), S_INIT("br") },
};

enum { COST_OF_ONE = 3072 }; /* a reply without its body: headers, two responses, its place */

static void add(struct MHD_Response *r, arena *a, str name, str value)
{
	/* It refuses control bytes, which http_res_header has refused already. */
	(void)MHD_add_response_header(r, arena_cstr(a, name), arena_cstr(a, value));
}

static str etag_quoted(const struct http_res *res, arena *a, enum packing packing)
{
	buf b = buf_new(a, res->etag.n + 8);

	buf_byte(&b, '"');
	buf_put(&b, res->etag);
	buf_put(&b, packings[packing].etag_end);
	return buf_str(&b);
}

static void add_vary(struct MHD_Response *r, const struct http_res *res, arena *a, str others)
{
	buf b = buf_new(a, others.n + 32);

	buf_put(&b, others);
	if (res->compress)
		buf_put(&b, others.n ? S(", Accept-Encoding") : S("Accept-Encoding"));
	if (b.n)
		add(r, a, S("Vary"), buf_str(&b));
}

/* ONLY_FRESHNESS: what a 304 repeats (Cache-Control, Vary, ETag), without the rest. */
static void add_headers(struct MHD_Response *r, const struct http_res *res, arena *a,
			enum packing packing, bool only_freshness)
{
	str vary = { NULL, 0 };

	for (size_t i = 0; i < res->headers_n; i++) {
		const struct http_header *h = &res->headers[i];

		if (str_eq_nocase(h->name, S("vary")))
			vary = h->value;
		else if (!only_freshness || str_eq_nocase(h->name, S("cache-control")))
			add(r, a, h->name, h->value);
	}
	add_vary(r, res, a, vary);
	if (res->etag.n)
		add(r, a, S("ETag"), etag_quoted(res, a, packing));
	if (packing != PACKING_NONE && !only_freshness)
		add(r, a, S("Content-Encoding"), packings[packing].name);
	if (res->close)
		add(r, a, S("Connection"), S("close"));
}

void response_headers(struct MHD_Response *r, const struct http_res *res, arena *a,
		      enum packing packing)
{
	add_headers(r, res, a, packing, false);
}

/* libmicrohttpd takes what it will not change without const. */
static void *unconst(const char *p)
{
	union {
		const char *from;
		void *to;
	} u = { .from = p };

	return u.to;
}

struct MHD_Response *response_of(const struct http_res *res, arena *a, struct reply_body body)
{
	struct MHD_Response *r = MHD_create_response_from_buffer(
		body.bytes.n, unconst(body.bytes.n ? body.bytes.p : ""),
		body.lasting ? MHD_RESPMEM_PERSISTENT : MHD_RESPMEM_MUST_COPY);

	if (r)
		add_headers(r, res, a, body.packing, false);
	return r;
}

struct MHD_Response *response_unchanged(const struct http_res *res, arena *a, enum packing packing)
{
	struct MHD_Response *r = MHD_create_response_from_buffer(0, unconst(""),
								 MHD_RESPMEM_PERSISTENT);

	if (r)
		add_headers(r, res, a, packing, true);
	return r;
}

struct http_reply *reply_new(const struct http_res *res, arena *a, struct reply_body body,
			     bool gzip)
{
	size_t text = res->cache_key.n + res->etag.n;
	struct http_reply *reply = mem_alloc(sizeof *reply + text);

	atomic_init(&reply->refs, 1);
	reply->status = res->status;
	reply->gzip = gzip;
	reply->cost = COST_OF_ONE + text + (body.lasting ? 0 : body.bytes.n);
	reply->key_n = (uint32_t)res->cache_key.n;
	reply->etag_n = (uint32_t)res->etag.n;
	if (res->cache_key.n)
		memcpy(reply->text, res->cache_key.p, res->cache_key.n);
	if (res->etag.n)
		memcpy(reply->text + reply->key_n, res->etag.p, res->etag.n);
	reply->whole = response_of(res, a, body);
	if (reply->whole && res->etag.n)
		reply->unchanged = response_unchanged(res, a, body.packing);
	if (reply->whole && (res->etag.n == 0 || reply->unchanged))
		return reply;
	reply_unref(reply);
	return NULL;
}

void reply_ref(struct http_reply *reply)
{
	atomic_fetch_add_explicit(&reply->refs, 1, memory_order_relaxed);
}

void reply_unref(struct http_reply *reply)
{
	if (!reply || atomic_fetch_sub_explicit(&reply->refs, 1, memory_order_acq_rel) != 1)
		return;
	if (reply->whole)
		MHD_destroy_response(reply->whole);
	if (reply->unchanged)
		MHD_destroy_response(reply->unchanged);
	mem_free(reply);
}

void http_res_drop(struct http_res *res)
{
	if (res->kind == HTTP_BODY_FILE)
		close(res->file.fd);
	else if (res->kind == HTTP_BODY_STREAM && res->stream.done)
		res->stream.done(res->stream.state);
	else if (res->kind == HTTP_BODY_REPLY)
		reply_unref(res->reply);
	res->kind = HTTP_BODY_BUF;
}
