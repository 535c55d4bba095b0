#include "web/headers.h"

/* clang-format off */
#define NOSNIFF  { S_INIT("X-Content-Type-Options"), S_INIT("nosniff") }
/* Not no-referrer: with that browsers send "Origin: null" on our own forms. */
#define REFERRER { S_INIT("Referrer-Policy"), S_INIT("same-origin") }
#define COOP     { S_INIT("Cross-Origin-Opener-Policy"), S_INIT("same-origin") }
#define CORP     { S_INIT("Cross-Origin-Resource-Policy"), S_INIT("same-origin") }
#define FEATURES { S_INIT("Permissions-Policy"), S_INIT( \
	"accelerometer=(), autoplay=(), camera=(), display-capture=(), " \
	"encrypted-media=(), fullscreen=(), geolocation=(), gyroscope=(), magnetometer=(), " \
	"microphone=(), midi=(), payment=(), picture-in-picture=(), " \
	"publickey-credentials-get=(), screen-wake-lock=(), usb=(), xr-spatial-tracking=()") }
#define CSP(value) { S_INIT("Content-Security-Policy"), S_INIT(value) }
/* Last in each list, so that it can be left out: browsers must not get it over plain HTTP. */
#define HSTS     { S_INIT("Strict-Transport-Security"), S_INIT("max-age=63072000") }
/* clang-format on */

static const struct http_header html[] = {
	CSP("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
	    "media-src 'self'; connect-src 'self'; font-src 'none'; form-action 'self'; "
	    "base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; "
	    "trusted-types 'none'; report-uri /csp"),
	NOSNIFF,
	REFERRER,
	COOP,
	CORP,
	FEATURES,
	HSTS,
};

/* What other sites show in a frame can do nothing but play. */
static const struct http_header embed[] = {
	CSP("default-src 'none'; style-src 'self'; img-src 'self'; media-src 'self'; "
	    "base-uri 'none'; frame-ancestors *"),
	NOSNIFF,
	REFERRER,
	{ S_INIT("Cross-Origin-Resource-Policy"), S_INIT("cross-origin") },
	FEATURES,
	HSTS,
};

/* Anybody's page may read the public API; it carries no cookie that could be misused. */
static const struct http_header json[] = {
	CSP("default-src 'none'; frame-ancestors 'none'; sandbox"), NOSNIFF, REFERRER, COOP, CORP,
	{ S_INIT("Access-Control-Allow-Origin"), S_INIT("*") },     HSTS,
};

static const struct http_header csv[] = {
	CSP("default-src 'none'; frame-ancestors 'none'; sandbox"),
	{ S_INIT("Content-Disposition"), S_INIT("attachment") },
	NOSNIFF,
	REFERRER,
	COOP,
	CORP,
	{ S_INIT("Access-Control-Allow-Origin"), S_INIT("*") },
	HSTS,
};

static const struct http_header text[] = {
	CSP("default-src 'none'; frame-ancestors 'none'; sandbox"),
	NOSNIFF,
	REFERRER,
	COOP,
	CORP,
	HSTS,
};

/* A drawing may style itself and nothing else. Apps on other sites show the picture of the podcast. */
static const struct http_header asset[] = {
	CSP("default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"),
	NOSNIFF,
	REFERRER,
	{ S_INIT("Cross-Origin-Resource-Policy"), S_INIT("cross-origin") },
	HSTS,
};

const struct http_header *headers_of(enum header_class which, bool https, size_t *ret_n)
{
	static const struct {
		const struct http_header *rows;
		size_t n;
	} sets[HEADERS_COUNT_] = {
		[HEADERS_HTML] = { html, COUNT_OF(html) },
		[HEADERS_EMBED] = { embed, COUNT_OF(embed) },
		[HEADERS_JSON] = { json, COUNT_OF(json) },
		[HEADERS_CSV] = { csv, COUNT_OF(csv) },
		[HEADERS_TEXT] = { text, COUNT_OF(text) },
		[HEADERS_ASSET] = { asset, COUNT_OF(asset) },
	};

	*ret_n = sets[which].n - !https;
	return sets[which].rows;
}

void headers_put(struct http_res *res, enum header_class which, bool https)
{
	size_t n;
	const struct http_header *rows = headers_of(which, https, &n);

	for (size_t i = 0; i < n; i++)
		http_res_header(res, rows[i].name.p, rows[i].value);
}
