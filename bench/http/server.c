/*
 * The server of bench/http/run: a thousand pages of some 60 kB, the same bytes that nginx gets as files.
 *
 *     server write DIR     the pages as files, plain and packed
 *     server serve PORT    /en/page?n=K is cached, /en/fresh?n=K never, /en/small?n=K is 50 bytes, fresh;
 *                          /en/rows.csv streams 120,000 rows
 *     server cpu PID       microseconds of processor time that the process has used, to the microsecond
 */
#define _GNU_SOURCE
#include <signal.h>
#include <time.h>

#include "http/encoding.h"
#include "http/server.h"
#include "i18n/i18n.h"
#include "web/headers.h"
#include "web/web.h"

enum { PAGES = 1000 };

static str pages[PAGES];

static unsigned next(unsigned *seed)
{
	*seed = *seed * 1103515245 + 12345;
	return *seed >> 16;
}

/* Cards with sentences of words drawn from a list: packs to a sixth, as results pages do. */
static void page_write(buf *o, unsigned n)
{
	static const char *const words[] = {
		"take",        "measures",  "to",         "prevent",    "torture",    "children",
		"women",       "rights",    "ratify",     "protocol",   "optional",   "convention",
		"ensure",      "that",      "all",        "forms",      "of",         "corporal",
		"punishment",  "are",       "prohibited", "law",        "strengthen", "national",
		"mechanism",   "access",    "education",  "health",     "freedom",    "expression",
		"journalists", "detention", "death",      "penalty",    "moratorium", "minority",
		"migrant",     "workers",   "disability", "indigenous", "peoples",    "the",
	};
	unsigned seed = n * 7919 + 1;

	buf_put(o, S("<!doctype html><html lang=\"en\"><title>Recommendations</title><main><ol>"));
	for (int card = 0; o->n < 60000; card++) {
		buf_printf(
			o,
			"<li><article class=\"card\"><h2><a href=\"/en/r/%08x%02x\">%u.%u</a></h2>"
			"<p class=\"text\">",
			next(&seed) * 65537u, card, next(&seed) % 200, next(&seed) % 300);
		for (int w = 0; w < 34; w++) {
			buf_put(o, str_of(words[next(&seed) % COUNT_OF(words)]));
			buf_byte(o, ' ');
		}
		buf_printf(o,
			   "</p><ul class=\"facts\"><li>State under review: <a "
			   "href=\"/en/states/FRA\">"
			   "France</a></li><li>Session %u</li><li class=\"response "
			   "supported\">Supported</li>"
			   "</ul></article></li>\n",
			   next(&seed) % 40);
	}
	buf_put(o, S("</ol></main></html>\n"));
}

struct page_query {
	int64_t n;
};
static const struct param page_rows[] = { P_INT(struct page_query, n, "n", 0, PAGES - 1, -1) };
static const struct params page_params = PARAMS(struct page_query, page_rows);

static enum err page(struct web *w)
{
	const struct page_query *q = w->args;

	if (q->n < 0)
		return E_NOTFOUND;
	buf_put(w->out, pages[q->n]);
	return OK;
}

static enum err small(struct web *w)
{
	buf_put(w->out, S("<!doctype html><title>Small</title><p>Fifty bytes."));
	return OK;
}

enum { ROWS = 120000, ROW = 420 };

static enum err rows_pull(void *state, buf *o, bool *ret_more)
{
	int *n = state;

	for (int end = MIN(*n + 150, (int)ROWS); *n < end; (*n)++)
		buf_put(o, str_to(str_from(pages[*n % PAGES], 1000), ROW));
	*ret_more = *n < ROWS;
	return OK;
}

static enum err rows_csv(struct web *w)
{
	w->res->kind = HTTP_BODY_STREAM;
	w->res->stream = (struct http_stream){ rows_pull, NULL, NEW(w->arena, int) };
	return OK;
}

static const struct route rows[] = {
	{ HTTP_GET, "/{lang}/page", page, WEB_PUBLIC, WEB_HTML | WEB_CACHE, &page_params,
	  "/en/page?n=1", 0 },
	{ HTTP_GET, "/{lang}/fresh", page, WEB_PUBLIC, WEB_HTML, &page_params, "/en/fresh?n=1", 0 },
	{ HTTP_GET, "/{lang}/small", small, WEB_PUBLIC, WEB_HTML, &page_params, "/en/small?n=1",
	  0 },
	{ HTTP_GET, "/{lang}/rows.csv", rows_csv, WEB_PUBLIC, WEB_CSV | WEB_STREAM, &params_none,
	  "/en/rows.csv", 0 },
};
static const struct route_table tables[] = { { rows, COUNT_OF(rows) } };

static enum err reader_open(void *ctx, struct public **ret)
{
	*ret = ctx;
	return OK;
}

static void reader_close(void *ctx, struct public *pub)
{
	(void)ctx, (void)pub;
}

static enum err reader_begin(void *ctx, struct public *pub)
{
	(void)ctx, (void)pub;
	return OK;
}

static uint64_t one(void *ctx)
{
	(void)ctx;
	return 1;
}

static uint64_t version(void *ctx, struct public *pub)
{
	(void)ctx, (void)pub;
	return 1;
}

static int64_t queries(void *ctx, struct public *pub)
{
	(void)ctx, (void)pub;
	return 0;
}

static int serve(uint16_t port)
{
	struct web_config web = { .routes = tables,
				  .routes_n = 1,
				  .readers = { NULL, reader_open, reader_close, reader_begin,
					       reader_close, one, version, queries } };
	struct http_config http = { .port = port, .handle = web_handle };
	struct web_app *app;
	struct http_server *s;
	sigset_t wait;
	int got;

	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&wait);
	sigaddset(&wait, SIGTERM);
	sigaddset(&wait, SIGINT);
	pthread_sigmask(SIG_BLOCK, &wait, NULL);
	if (web_app_new(&web, &app) != OK)
		return 1;
	http.ctx = app;
	http.cache = http_cache_new(HTTP_CACHE_BYTES, 1);
	if (http_server_start(&http, &s) != OK)
		return 1;
	sigwait(&wait, &got);
	http_server_stop(s, 1000);
	http_cache_free(http.cache);
	web_app_free(app);
	return 0;
}

static bool file_write(const char *dir, int n, const char *ending, str bytes)
{
	char path[256];
	FILE *f;

	snprintf(path, sizeof path, "%s/%d.html%s", dir, n, ending);
	f = fopen(path, "wb");
	return f && fwrite(bytes.p, 1, bytes.n, f) == bytes.n && fclose(f) == 0;
}

static int write_all(const char *dir)
{
	struct gzip *z = gzip_new(GZIP_PAGE);
	size_t plain = 0, packed = 0;

	for (int i = 0; i < PAGES; i++) {
		str gz = gzip_pack(z, pages[i]);

		plain += pages[i].n;
		packed += gz.n;
		if (!file_write(dir, i, "", pages[i]) || !file_write(dir, i, ".gz", gz))
			return 1;
	}
	printf("a page: %zu bytes, packed %zu\n", plain / PAGES, packed / PAGES);
	gzip_free(z);
	return 0;
}

static int cpu_print(pid_t pid)
{
	struct timespec t;
	clockid_t id;

	if (clock_getcpuclockid(pid, &id) != 0 || clock_gettime(id, &t) != 0)
		return 1;
	printf("%lld\n", (long long)t.tv_sec * 1000000 + t.tv_nsec / 1000);
	return 0;
}

int main(int argc, char **argv)
{
	arena *a = arena_new();
	int64_t n;

	if (argc == 3 && strcmp(argv[1], "cpu") == 0 && str_to_i64(str_of(argv[2]), &n))
		return cpu_print((pid_t)n);
	for (unsigned i = 0; i < PAGES; i++) {
		buf o = buf_new(a, 1 << 20);
		page_write(&o, i);
		pages[i] = buf_str(&o);
	}
	if (argc == 3 && strcmp(argv[1], "write") == 0)
		return write_all(argv[2]);
	if (argc == 3 && strcmp(argv[1], "serve") == 0 && str_to_i64(str_of(argv[2]), &n))
		return serve((uint16_t)n);
	fprintf(stderr, "usage: server write DIR | serve PORT | cpu PID\n");
	return 2;
}
