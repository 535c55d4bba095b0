/*
 * Pages without sockets: web_get calls the dispatcher with a request made from an address, and gives the
 * whole answer, streams and files included.
 *
 *     struct web_answer page = web_get(app, a, "/en/states/FRA");
 *     eq_int(page.status, 200, "a State's page");
 */
#ifndef TESTS_WEB_H
#define TESTS_WEB_H

#include <unistd.h>

#include "http/head.h"
#include "tap.h"
#include "web/headers.h"
#include "web/web.h"

enum { WEB_ANSWER_MAX = 256 << 20 };

struct web_answer {
	int status;
	str body;
	const struct http_header *headers;
	size_t headers_n;
	str etag;
	str location;
	const struct route *route; /* NULL: no page */
	int64_t queries, microseconds;
	bool whole; /* false when a stream failed on its way */
};

__attribute__((unused)) static str web_header(const struct web_answer *answer, str name)
{
	for (size_t i = 0; i < answer->headers_n; i++)
		if (str_eq_nocase(answer->headers[i].name, name))
			return answer->headers[i].value;
	return (str){ NULL, 0 };
}

static bool web_stream_read(const struct http_stream *stream, buf *all, arena *a)
{
	bool more = true, good = true;

	while (more && good) {
		buf piece = buf_new(a, HTTP_STREAM_PIECE_MAX);
		good = stream->pull(stream->state, &piece, &more) == OK && piece.err == OK;
		buf_put(all, buf_str(&piece));
	}
	if (stream->done)
		stream->done(stream->state);
	return good;
}

static void web_file_read(const struct http_file *file, buf *all)
{
	ssize_t n = 1;
	char *to;

	while (n > 0 && (to = buf_room(all, 64 * 1024))) {
		n = read(file->fd, to, 64 * 1024);
		buf_wrote(all, n > 0 ? (size_t)n : 0);
	}
	close(file->fd);
}

/* A whole request head, as it would come over the wire. What the parser refuses has its status and
 * no route. The answer lives in A; the request has an arena of its own, which ends here, so that a
 * handler that leaks its reader or a file is found. */
__attribute__((unused)) static struct web_answer web_send(struct web_app *app, arena *a, str bytes)
{
	struct web_answer answer = { .whole = true };
	arena *request = arena_new();
	struct head *head = NEW(a, struct head);
	struct head_search search = { 0 };
	struct http_res *res = NEW(a, struct http_res);
	struct http_req req = { .arena = request };
	const struct web *w;
	buf body = buf_new(a, WEB_ANSWER_MAX);
	size_t n = 0;

	answer.status = head_find(&search, bytes, &n);
	if (answer.status == HEAD_WHOLE)
		answer.status = head_parse(str_to(bytes, n), head);
	if (answer.status == HEAD_WHOLE && url_parse(request, head->target, &req.url) != OK)
		answer.status = 400;
	if (answer.status != HEAD_WHOLE) {
		arena_free(request);
		return answer;
	}
	req.method = head->method;
	req.target = head->target;
	req.host = head->host;
	req.headers = head->fields;
	req.headers_n = head->fields_n;
	http_res_init(res, request);
	w = web_dispatch(app, &req, res);
	if (res->kind == HTTP_BODY_STREAM)
		answer.whole = web_stream_read(&res->stream, &body, request);
	else if (res->kind == HTTP_BODY_FILE)
		web_file_read(&res->file, &body);
	else
		buf_put(&body, buf_str(&res->body));
	answer.status = res->status;
	answer.body = buf_str(&body);
	answer.route = w->route;
	answer.queries = w->queries;
	answer.microseconds = w->microseconds;
	answer.etag = arena_str(a, res->etag);
	for (size_t i = 0; i < res->headers_n; i++)
		res->headers[i].value = arena_str(a, res->headers[i].value);
	answer.headers = res->headers;
	answer.headers_n = res->headers_n;
	answer.location = web_header(&answer, S("Location"));
	arena_free(request);
	return answer;
}

/* METHOD TARGET with HEADERS ("Name: value\r\n" each, or ""). */
__attribute__((unused)) static struct web_answer web_request(struct web_app *app, arena *a,
							     const char *method, const char *target,
							     const char *headers)
{
	buf bytes = buf_new(a, HEAD_MAX * 2);

	buf_put(&bytes, str_of(method));
	buf_byte(&bytes, ' ');
	buf_put(&bytes, str_of(target));
	buf_put(&bytes, S(" HTTP/1.1\r\nHost: localhost\r\n"));
	buf_put(&bytes, str_of(headers));
	buf_put(&bytes, S("\r\n"));
	return web_send(app, a, buf_str(&bytes));
}

__attribute__((unused)) static struct web_answer web_get(struct web_app *app, arena *a,
							 const char *target)
{
	return web_request(app, a, "GET", target, "");
}

/* The headers of its class, each exactly, and none that tells or keeps anything about a reader. */
__attribute__((unused)) static bool web_headers_right(const struct web_answer *answer,
						      enum header_class which)
{
	size_t n;
	const struct http_header *rows = headers_of(which, false, &n);

	for (size_t i = 0; i < n; i++)
		if (!str_eq(web_header(answer, rows[i].name), rows[i].value))
			return false;
	return web_header(answer, S("Content-Type")).n &&
	       web_header(answer, S("Cache-Control")).n && !web_header(answer, S("Set-Cookie")).p &&
	       !web_header(answer, S("Server")).p;
}

static enum header_class web_class_of(const struct route *r)
{
	return r->flags & WEB_JSON   ? HEADERS_JSON
	       : r->flags & WEB_CSV  ? HEADERS_CSV
	       : r->flags & WEB_TEXT ? HEADERS_TEXT
				     : HEADERS_HTML;
}

/* Every route's sample: status, headers, something in the body, the budget of queries. */
__attribute__((unused)) static void web_test_samples(struct web_app *app)
{
	for (size_t i = 0; i < web_route_count(app); i++) {
		const struct route *r = web_route_at(app, i);
		arena *a = arena_new();
		struct web_answer page = web_get(app, a, r->sample);
		bool leads_on = page.status == 303 && page.location.n;

		ok((page.status == 200 && page.body.n) || leads_on, "%s: %d", r->sample,
		   page.status);
		ok(page.route == r && page.whole, "%s: its own page, whole", r->sample);
		ok(web_headers_right(&page, web_class_of(r)), "%s: headers", r->sample);
		ok(page.queries <= web_budget(app, r), "%s: %d queries, %d allowed", r->sample,
		   (int)page.queries, web_budget(app, r));
		arena_free(a);
	}
}

#endif
