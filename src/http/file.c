/* Files: whole, in one part by sendfile, or in several parts as multipart/byteranges (RFC 9110, 14). */
#include <unistd.h>

#include "base/clock.h"
#include "http/answer.h"
#include "http/range.h"
#include "text/date.h"
#include "text/digest.h"

enum {
	STRONG_AFTER = 60,
	PIECE = 65536,
	SEPARATOR =
		26, /* characters between parts: by chance, so that nobody can put them into a file before */
};

/* "Sun, 06 Nov 1994 08:49:37 GMT" */
static str date_text(arena *a, int64_t t)
{
	static const char days[] = "SunMonTueWedThuFriSat",
			  months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	struct date d = date_from_days((int32_t)(t / 86400));
	int s = (int)(t % 86400);
	buf b = buf_new(a, 64);

	buf_printf(&b, "%.3s, %02d %.3s %04d %02d:%02d:%02d GMT", days + (t / 86400 + 4) % 7 * 3,
		   d.day, months + (d.month - 1) * 3, d.year, s / 3600, s / 60 % 60, s % 60);
	return buf_str(&b);
}

/*
 * RFC 9110, 13.1.5: a range is of use only while the file is the one that the client has a part of. A tag
 * must be the same and strong; a date the same, and so old that no second change can have fallen into its
 * second.
 */
static bool range_is_current(const struct exchange *x)
{
	str condition = http_req_header(&x->req, S("if-range"));
	const struct http_file *file = &x->res->file;

	if (condition.p == NULL)
		return true;
	condition = str_trim(condition);
	if (condition.n >= 2 && condition.p[0] == '"')
		return x->res->etag.n && condition.n == x->res->etag.n + 2 &&
		       condition.p[condition.n - 1] == '"' &&
		       str_eq(str_to(str_from(condition, 1), x->res->etag.n), x->res->etag);
	return file->modified > 0 && file->modified + STRONG_AFTER <= clock_now() &&
	       str_eq(condition, date_text(x->worker->a, file->modified));
}

static str content_range(arena *a, const struct range_part *part, uint64_t size)
{
	buf b = buf_new(a, 96);

	buf_put(&b, S("bytes "));
	if (part) {
		buf_u64(&b, part->from);
		buf_byte(&b, '-');
		buf_u64(&b, part->from + part->n - 1);
	} else {
		buf_byte(&b, '*');
	}
	buf_byte(&b, '/');
	buf_u64(&b, size);
	return buf_str(&b);
}

/* --- Several parts: heads and bytes one after the other, each piece read when its turn comes */

struct multipart {
	arena *a; /* the request's, this struct's, the heads' */
	int fd;
	struct range_parts parts;
	str heads[RANGES_MAX + 1]; /* before each part, and the end */
};

static uint64_t multipart_size(const struct multipart *m)
{
	uint64_t n = m->heads[m->parts.n].n;

	for (size_t i = 0; i < m->parts.n; i++)
		n += m->heads[i].n + m->parts.list[i].n;
	return n;
}

static ssize_t multipart_read(void *arg, uint64_t position, char *to, size_t room)
{
	const struct multipart *m = arg;
	ssize_t n;

	for (size_t i = 0; i <= m->parts.n; i++) {
		str head = m->heads[i];
		uint64_t bytes = i < m->parts.n ? m->parts.list[i].n : 0;

		if (position < head.n) {
			n = (ssize_t)MIN(room, head.n - (size_t)position);
			memcpy(to, head.p + position, (size_t)n);
			return n;
		}
		position -= head.n;
		if (position < bytes) {
			n = pread(m->fd, to, (size_t)MIN((uint64_t)room, bytes - position),
				  (off_t)(m->parts.list[i].from + position));
			return n > 0 ? n : MHD_CONTENT_READER_END_WITH_ERROR;
		}
		position -= bytes;
	}
	return MHD_CONTENT_READER_END_OF_STREAM;
}

static void multipart_free(void *arg)
{
	struct multipart *m = arg;

	close(m->fd);
	arena_free(m->a);
}

static str header_value(const struct http_res *res, str name)
{
	for (size_t i = 0; i < res->headers_n; i++)
		if (str_eq_nocase(res->headers[i].name, name))
			return res->headers[i].value;
	return S("application/octet-stream");
}

static struct MHD_Response *multipart_response(struct exchange *x, const struct range_parts *parts)
{
	arena *a = x->worker->a;
	struct multipart *m = NEW(a, struct multipart);
	str type = header_value(x->res, S("content-type")), line = digest_random_code(a, SEPARATOR);
	struct MHD_Response *r;
	buf whole = buf_new(a, 128);

	*m = (struct multipart){ .a = a, .fd = x->res->file.fd, .parts = *parts };
	for (size_t i = 0; i <= parts->n; i++) {
		buf b = buf_new(a, 512 + type.n);

		buf_printf(&b, "\r\n--%" STR_F, STR_A(line));
		if (i < parts->n)
			buf_printf(&b,
				   "\r\nContent-Type: %" STR_F "\r\nContent-Range: %" STR_F
				   "\r\n\r\n",
				   STR_A(type),
				   STR_A(content_range(a, &parts->list[i], x->res->file.size)));
		else
			buf_put(&b, S("--\r\n"));
		m->heads[i] = buf_str(&b);
	}
	buf_printf(&whole, "multipart/byteranges; boundary=%" STR_F, STR_A(line));
	http_res_header(x->res, "Content-Type", buf_str(&whole));
	r = MHD_create_response_from_callback(multipart_size(m), PIECE, multipart_read, m,
					      multipart_free);
	if (!r) {
		close(m->fd);
		return NULL;
	}
	response_headers(r, x->res, a, PACKING_NONE);
	x->worker->a = arena_new(); /* the other one is the response's from here on */
	return r;
}

/* --- Whole, or one part */

static struct MHD_Response *part_response(struct exchange *x, struct range_part part)
{
	struct MHD_Response *r;

	if (part.n == 0) {
		close(x->res->file.fd);
		return response_of(x->res, x->worker->a,
				   (struct reply_body){ S(""), PACKING_NONE, true });
	}
	r = MHD_create_response_from_fd_at_offset64(part.n, x->res->file.fd, part.from);
	if (r)
		response_headers(r, x->res, x->worker->a, PACKING_NONE);
	else
		close(x->res->file.fd);
	return r;
}

static struct MHD_Response *unsatisfiable(struct exchange *x)
{
	http_res_header(x->res, "Content-Range",
			content_range(x->worker->a, NULL, x->res->file.size));
	http_res_header(x->res, "Cache-Control",
			S("no-store")); /* it is no answer about the file */
	return part_response(x, (struct range_part){ 0, 0 });
}

struct MHD_Response *file_response(struct exchange *x, int *ret_status)
{
	struct http_res *res = x->res;
	struct range_part whole = { 0, res->file.size };
	bool asked = x->req.method == HTTP_GET && res->status == 200;
	struct range_parts parts = { .n = 0 };
	enum range range = RANGE_WHOLE;

	*ret_status = res->status;
	res->compress = false; /* parts are parts of the file as it is */
	if (res->file.modified > 0)
		http_res_header(res, "Last-Modified", date_text(x->worker->a, res->file.modified));
	if (res->status == 200 && http_etag_matches(&x->req, res->etag)) {
		close(res->file.fd);
		*ret_status = 304;
		return response_unchanged(res, x->worker->a, PACKING_NONE);
	}
	http_res_header(res, "Accept-Ranges", S("bytes"));
	if (asked && range_is_current(x))
		range = range_parse(http_req_header(&x->req, S("range")), res->file.size, &parts);
	if (range == RANGE_WHOLE)
		return part_response(x, whole);
	*ret_status = range == RANGE_PARTS ? 206 : 416;
	if (range == RANGE_UNSATISFIABLE)
		return unsatisfiable(x);
	if (parts.n > 1)
		return multipart_response(x, &parts);
	http_res_header(res, "Content-Range",
			content_range(x->worker->a, parts.list, res->file.size));
	return part_response(x, parts.list[0]);
}
