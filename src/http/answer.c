#include "http/answer.h"

enum { STREAMS = 64, BLOCK = 64 * 1024 };

static enum MHD_Result queue(struct exchange *x, int status, struct MHD_Response *r)
{
	enum MHD_Result done = MHD_NO;

	if (r) {
		done = MHD_queue_response(x->connection, (unsigned)status, r);
		MHD_destroy_response(r);
	}
	return done;
}

/* --- Refusals: short, plain, and the connection ends -------------------------------------------- */

static str refusal_text(int status)
{
	switch (status) {
	case 413: return S("This address takes no content.\n");
	case 414: return S("The address is too long.\n");
	case 417: return S("This expectation cannot be met.\n");
	case 421: return S("This server does not answer for that host name.\n");
	case 429: return S("Too many requests at once on one connection.\n");
	case 431: return S("The request's headers are too large.\n");
	case 500: return S("The answer could not be made.\n");
	case 501: return S("This method is not known here.\n");
	case 503: return S("Too busy. Please try again in a minute.\n");
	case 505: return S("Only versions 1.0 and 1.1 of HTTP are spoken here.\n");
	default: return S("The request is not valid HTTP.\n");
	}
}

static enum MHD_Result refuse(struct exchange *x, int status)
{
	const struct http_config *config = &x->s->config;
	arena *a = x->worker->a;
	struct http_res res;

	atomic_fetch_add_explicit(&x->s->refused, 1, memory_order_relaxed);
	http_res_init(&res, a);
	for (size_t i = 0; i < config->refusal_headers_n; i++)
		http_res_header(&res, arena_cstr(a, config->refusal_headers[i].name),
				config->refusal_headers[i].value);
	http_res_header(&res, "Content-Type", S("text/plain; charset=utf-8"));
	http_res_header(&res, "Cache-Control", S("no-store"));
	if (status == 503)
		http_res_header(&res, "Retry-After", S("60"));
	res.close = true;
	return queue(x, status,
		     response_of(&res, a,
				 (struct reply_body){ refusal_text(status), PACKING_NONE, true }));
}

/* --- Streams ------------------------------------------------------------------------------------- */

struct stream {
	struct http_server *s;
	struct http_stream source;
	arena *a; /* the request's, this struct's, the piece's */
	buf piece;
	size_t taken;
	bool more;
};

static ssize_t stream_read(void *arg, uint64_t position, char *to, size_t room)
{
	struct stream *st = arg;
	size_t n;

	(void)position;
	while (st->taken == st->piece.n) {
		if (!st->more)
			return MHD_CONTENT_READER_END_OF_STREAM;
		buf_clear(&st->piece);
		st->taken = 0;
		if (st->source.pull(st->source.state, &st->piece, &st->more) != OK ||
		    st->piece.err != OK)
			return MHD_CONTENT_READER_END_WITH_ERROR;
	}
	n = MIN(room, st->piece.n - st->taken);
	memcpy(to, st->piece.p + st->taken, n);
	st->taken += n;
	return (ssize_t)n;
}

static void stream_done(struct http_server *s, struct http_stream *source)
{
	if (source->done)
		source->done(source->state);
	atomic_fetch_sub(&s->streams, 1);
}

static void stream_free(void *arg)
{
	struct stream *st = arg;

	stream_done(st->s, &st->source);
	arena_free(st->a);
}

static enum MHD_Result send_stream(struct exchange *x)
{
	unsigned limit = x->s->config.streams ? x->s->config.streams : STREAMS;
	arena *a = x->worker->a;
	struct MHD_Response *r;
	struct stream *st;

	if (atomic_fetch_add(&x->s->streams, 1) >= limit) {
		stream_done(x->s, &x->res->stream);
		return refuse(x, 503);
	}
	st = NEW(a, struct stream);
	*st = (struct stream){ .s = x->s, .source = x->res->stream, .a = a, .more = true };
	st->piece = buf_new(a, HTTP_STREAM_PIECE_MAX);
	/* Chunks are cut in the connection's memory; a body of known length has a block of its own. */
	r = st->source.size ? MHD_create_response_from_callback(st->source.size, BLOCK, stream_read,
								st, stream_free)
			    : MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, HTTP_HEAD_MAX,
								stream_read, st, stream_free);
	if (!r) {
		stream_done(x->s, &x->res->stream);
		return MHD_NO;
	}
	response_headers(r, x->res, a, PACKING_NONE);
	x->worker->a = arena_new(); /* the other one is the stream's from here on */
	return queue(x, x->res->status, r);
}

/* --- Pages and replies made before --------------------------------------------------------------- */

static enum MHD_Result send_reply(struct exchange *x, struct http_reply *reply)
{
	bool unchanged = reply->unchanged && http_etag_matches(&x->req, reply_etag(reply));

	return MHD_queue_response(x->connection, unchanged ? 304 : (unsigned)reply->status,
				  unchanged ? reply->unchanged : reply->whole);
}

static struct gzip *packer_for(struct worker *w, size_t bytes)
{
	if (bytes < GZIP_LONG_MIN)
		return w->z;
	if (!w->z_long)
		w->z_long = gzip_new(GZIP_LONG);
	return w->z_long;
}

static enum MHD_Result send_buf(struct exchange *x)
{
	struct http_res *res = x->res;
	struct http_cache *cache = x->s->config.cache;
	struct reply_body body = { buf_str(&res->body), PACKING_NONE, false };
	arena *a = x->worker->a;
	bool unchanged = res->status == 200 && http_etag_matches(&x->req, res->etag);
	bool keep = cache && res->status == 200 && res->cache_key.n &&
		    http_cache_wants(cache, res->cache_key, x->req.gzip);

	if (res->status == 304 || (unchanged && !keep))
		return queue(x, 304,
			     response_unchanged(res, a,
						x->req.gzip && res->compress ? PACKING_GZIP
									     : PACKING_NONE));
	if (res->compress && x->req.gzip && body.bytes.n >= GZIP_MIN) {
		body.bytes = gzip_pack(packer_for(x->worker, body.bytes.n), body.bytes);
		body.packing = PACKING_GZIP;
	}
	if (keep) {
		struct http_reply *reply = reply_new(res, a, body, x->req.gzip);
		enum MHD_Result done = MHD_NO;

		if (reply) {
			http_cache_put(cache, res->cache_version, reply);
			done = send_reply(x, reply);
			reply_unref(reply);
		}
		return done;
	}
	return queue(x, res->status, response_of(res, a, body));
}

bool http_res_from_cache(const struct http_req *req, str key, struct http_res *res)
{
	if (!req->cache)
		return false;
	res->reply = http_cache_get(req->cache, key, req->gzip);
	if (!res->reply)
		return false;
	res->kind = HTTP_BODY_REPLY;
	return true;
}

/* --- One request --------------------------------------------------------------------------------- */

static bool host_is_ours(const struct http_config *config, str host)
{
	size_t colon = str_find_byte_last(host, ':');
	str name = colon != STR_NONE && !str_ends(host, S("]")) ? str_to(host, colon) : host;

	if (config->hosts_n == 0 || host.n == 0)
		return true;
	for (size_t i = 0; i < config->hosts_n; i++)
		if (str_eq_nocase(config->hosts[i], name))
			return true;
	return false;
}

/* Assets, and cached pages whose address came in its canonical form, need no look at the routes. */
static bool answer_at_once(struct exchange *x, enum MHD_Result *ret)
{
	const struct http_config *config = &x->s->config;
	struct http_reply *reply = NULL;
	bool cached = false;

	if (x->head->method != HTTP_GET && x->head->method != HTTP_HEAD)
		return false;
	if (config->assets)
		reply = http_assets_find(config->assets, x->head->target,
					 http_req_header(&x->req, S("accept-encoding")));
	if (!reply && config->cache) {
		reply = http_cache_get(config->cache, x->head->target, x->req.gzip);
		cached = reply != NULL;
	}
	if (!reply)
		return false;
	*ret = send_reply(x, reply);
	if (cached)
		reply_unref(reply);
	return true;
}

/* What does not fit libmicrohttpd's memory for a connection would end it without a word. */
static bool head_fits(const struct http_res *res)
{
	size_t n = 0;

	for (size_t i = 0; i < res->headers_n; i++)
		n += res->headers[i].name.n + res->headers[i].value.n + 4;
	return n + res->etag.n <= HTTP_HEAD_MAX;
}

static enum MHD_Result send_res(struct exchange *x)
{
	struct MHD_Response *r;
	enum MHD_Result done;
	int status;

	if (!head_fits(x->res) || (x->res->kind == HTTP_BODY_BUF && x->res->body.err != OK)) {
		http_res_drop(x->res);
		return refuse(x, 500);
	}
	switch (x->res->kind) {
	case HTTP_BODY_FILE: r = file_response(x, &status); return queue(x, status, r);
	case HTTP_BODY_STREAM: return send_stream(x);
	case HTTP_BODY_REPLY:
		done = send_reply(x, x->res->reply);
		reply_unref(x->res->reply);
		return done;
	case HTTP_BODY_BUF: break;
	}
	return send_buf(x);
}

enum MHD_Result answer(struct exchange *x)
{
	const struct http_config *config = &x->s->config;
	const struct gate_head *head = x->head;
	enum MHD_Result done;
	enum err e;

	if (head->status != HEAD_WHOLE)
		return refuse(x, head->status);
	if (!host_is_ours(config, head->host))
		return refuse(x, 421);
	x->req = (struct http_req){
		.method = head->method,
		.target = head->target,
		.host = head->host,
		.headers = head->fields,
		.headers_n = head->fields_n,
		.arena = x->worker->a,
		.cache = config->cache,
	};
	x->req.gzip = encoding_takes_gzip(http_req_header(&x->req, S("accept-encoding")));
	if (answer_at_once(x, &done))
		return done;
	e = url_parse(x->worker->a, head->target, &x->req.url);
	if (e != OK)
		return refuse(x, e == E_TOOBIG ? 414 : 400);
	x->res = arena_alloc_raw(x->worker->a, sizeof *x->res);
	http_res_init(x->res, x->worker->a);
	config->handle(config->ctx, &x->req, x->res);
	return send_res(x);
}
