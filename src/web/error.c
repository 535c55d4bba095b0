#include "text/json.h"
#include "web/error.h"

int web_status(enum err e)
{
	switch (e) {
	case OK: return 200;
	/* What a reader may not see does not exist for them. */
	case E_NOTFOUND:
	case E_DENIED: return 404;
	case E_INVALID: return 400;
	case E_CONFLICT: return 409;
	case E_BUSY:
	case E_NOMEM:
	case E_CANCEL: return 503;
	case E_TOOBIG:
	case E_FULL:
	case E_IO:
	case E_DB:
	case E_COUNT_: break;
	}
	return 500;
}

static str title_of(int status)
{
	switch (status) {
	case 400: return S("The request is not valid");
	case 404: return S("Not found");
	case 405: return S("Method not allowed");
	case 409: return S("In conflict with what is stored");
	case 410: return S("Withdrawn");
	case 503: return S("Not available now");
	default: return S("Something went wrong here");
	}
}

static str why_text(enum complaint_why why)
{
	switch (why) {
	case WHY_UNKNOWN_NAME: return S("there is no such parameter");
	case WHY_REPEATED: return S("given more than once");
	case WHY_UNKNOWN_CODE: return S("unknown value");
	case WHY_TOO_MANY: return S("too many values");
	case WHY_NOT_A_NUMBER: return S("not a whole number");
	case WHY_OUT_OF_RANGE: return S("out of range");
	case WHY_TOO_LONG: return S("too long");
	}
	return S("not valid");
}

static void put_complaint(struct json *j, const struct complaint *c)
{
	json_object_begin(j);
	json_key_str(j, S("parameter"), c->name);
	json_key_str(j, S("value"), c->value);
	json_key_str(j, S("reason"), why_text(c->why));
	if (c->near_n) {
		json_key(j, S("nearest"));
		json_array_begin(j);
		for (size_t i = 0; i < c->near_n; i++)
			json_str(j, c->near[i]);
		json_array_end(j);
	}
	json_object_end(j);
}

/* RFC 9457. */
static void put_problem(struct web *w, int status)
{
	struct json j = json_begin(w->out, false);

	json_object_begin(&j);
	json_key_str(&j, S("title"), title_of(status));
	json_key_i64(&j, S("status"), status);
	if (status == 400 && w->complaints.n) {
		buf detail = buf_new(w->arena, 16 * 1024);
		const struct complaint *first = &w->complaints.p[0];

		buf_put(&detail, first->name);
		buf_put(&detail, S(": "));
		buf_put(&detail, why_text(first->why));
		json_key_str(&j, S("detail"), buf_str(&detail));
		json_key(&j, S("errors"));
		json_array_begin(&j);
		vec_each (struct complaint, c, &w->complaints)
			put_complaint(&j, c);
		json_array_end(&j);
	}
	json_object_end(&j);
	if (json_end(&j) != OK)
		buf_clear(w->out);
}

static void put_line(struct web *w, int status)
{
	buf_clear(w->out);
	buf_put(w->out, title_of(status));
	buf_byte(w->out, '\n');
}

static void res_reset(struct web *w, int status)
{
	struct http_res *res = w->res;
	str allow = { NULL, 0 };

	for (size_t i = 0; i < res->headers_n; i++)
		if (str_eq(res->headers[i].name, S("Allow")))
			allow = res->headers[i].value;
	http_res_drop(res);
	http_res_init(res, w->arena);
	w->out = &res->body;
	res->status = status;
	res->compress = true;
	if (allow.n)
		http_res_header(res, "Allow", allow);
	http_res_header(res, "Cache-Control", S("no-store"));
	http_res_header(res, "X-Robots-Tag", S("noindex"));
	if (status == 503)
		http_res_header(res, "Retry-After", S("60"));
	if (w->lang_negotiated)
		http_res_header(res, "Vary", S("Accept-Language"));
}

void error_answer(struct web *w, int status, bool api)
{
	bool https = w->app->config.https;

	res_reset(w, status);
	if (api) {
		headers_put(w->res, HEADERS_JSON, https);
		http_res_header(w->res, "Content-Type", S("application/problem+json"));
		put_problem(w, status);
		return;
	}
	if (w->app->config.error_page)
		w->app->config.error_page(w, status);
	if (w->out->n && w->out->err == OK) {
		headers_put(w->res, HEADERS_HTML, https);
		http_res_header(w->res, "Content-Type", S("text/html; charset=utf-8"));
	} else {
		headers_put(w->res, HEADERS_TEXT, https);
		http_res_header(w->res, "Content-Type", S("text/plain; charset=utf-8"));
		put_line(w, status);
	}
}
