/* tribune serve, routes. The server: readers on their threads, one writer behind the control socket. */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "cli/control.h"
#include "cli/output.h"
#include "http/server.h"
#include "publish/segment.h"
#include "recommendation/recommendation_index.h"
#include "app/app.h"
#include "app/maker.h"
#include "video/video_web.h"
#include "site/site_web.h"
#include "text/json.h"
#include "web/headers.h"

struct server {
	struct app *app;
	str data;
	char *public_path;
	struct core
		core; /* the writing connections; used by the control thread alone once it runs */
	struct publish publish;
	struct snapshot_slot *slot;
	struct snapshot *next;            /* made, and not yet in place */
	atomic_uint_least64_t generation; /* of public.db: moves when it is another file */
	struct web_app *web;
	struct http_cache *cache;
	struct http_assets *assets;
	struct http_server *http;
	struct control *control;
	struct maker *maker;
	int64_t looked; /* at the clock, on the steady one */
};

/* --- Readers. */

static enum err reader_open(void *ctx, struct public **ret)
{
	struct server *s = ctx;
	struct public *pub = mem_alloc(sizeof *pub);
	enum err e = public_open(str_of(s->public_path), pub);

	if (e == OK)
		*ret = pub;
	else
		mem_free(pub);
	return e;
}

static void reader_close(void *ctx, struct public *pub)
{
	(void)ctx;
	public_close(pub);
	mem_free(pub);
}

static void reader_end(void *ctx, struct public *pub)
{
	(void)ctx;
	if (db_in_transaction(pub->db))
		db_rollback(pub->db);
	snapshot_release((struct snapshot *)(uintptr_t)pub->snapshot);
	pub->snapshot = NULL;
}

/* Begins to read rows; *RET says whether they are of the snapshot's version. */
static enum err begin_rows(struct public *pub, bool *ret)
{
	int64_t version;

	TRY(db_begin(pub->db));
	TRY(public_version(pub, &version));
	*ret = version == snapshot_version(pub->snapshot);
	return OK;
}

/* Between the commit of public.db and the swap of the snapshot lie some microseconds; a reader that
 * comes upon them looks again, so that no page mixes two versions. */
static enum err reader_begin(void *ctx, struct public *pub, bool rows)
{
	struct server *s = ctx;
	enum err e = OK;
	bool same = !rows;

	for (int attempt = 0; attempt < 200; attempt++) {
		pub->snapshot = snapshot_take(s->slot);
		if (rows)
			e = begin_rows(pub, &same);
		if (e == OK && same)
			return OK;
		reader_end(ctx, pub);
		if (e != OK)
			return e;
		usleep(1000);
	}
	return E_BUSY;
}

static uint64_t reader_generation(void *ctx)
{
	struct server *s = ctx;

	return atomic_load(&s->generation);
}

static uint64_t reader_version(void *ctx, struct public *pub)
{
	(void)ctx;
	return (uint64_t)snapshot_version(pub->snapshot);
}

static int64_t reader_queries(void *ctx, struct public *pub)
{
	(void)ctx;
	return db_query_count(pub->db);
}

/* --- Publishing. */

static enum err server_prepare(struct app *app, struct public *seen)
{
	struct server *s = app->server;
	struct snapshot *old = snapshot_take(s->slot);
	enum err e;

	snapshot_release(s->next); /* of a run that failed */
	s->next = NULL;
	e = segments_build(seen, app->segments, old, &s->next);
	snapshot_release(old);
	return e;
}

static void server_swap(struct app *app)
{
	struct server *s = app->server;
	struct snapshot *next = s->next;

	s->next = NULL;
	if (!next)
		return;
	/* The cache first: a reply of the old version that is being made is refused from now on. */
	if (s->cache)
		http_cache_set_version(s->cache, (uint64_t)snapshot_version(next));
	snapshot_swap(s->slot, next);
}

/* The first snapshot, of what is there. */
static enum err first_snapshot(struct server *s)
{
	struct public pub = { 0 };

	TRY(public_open(str_of(s->public_path), &pub));
	enum err e = db_begin(pub.db);

	if (e == OK)
		e = server_prepare(s->app, &pub);
	public_close(&pub);
	if (e == OK)
		server_swap(s->app);
	mem_trim();
	return e;
}

/* A command that was handed over, on the control thread: the one writer. */
static int run_command(struct cli *cli, void *arg)
{
	struct server *s = arg;
	int code;

	cli->app = s->app;
	cli->publish_changes = app_publish;
	if (!str_eq(cli->data, s->data) && cli->command->needs != NEEDS_WRITER)
		return cli_fail(cli, 70, "this command is not for the server");
	cli->data = s->data;
	cli->core = NEW(cli->a, struct core);
	cli->publish = NEW(cli->a, struct publish);
	*cli->core = s->core;
	*cli->publish = s->publish;
	code = cli->command->run(cli);
	/* rebuild has put another file in the place of public.db. */
	if (cli->publish->db != s->publish.db) {
		s->publish = *cli->publish;
		atomic_fetch_add(&s->generation, 1);
	}
	maker_settle(s->maker, &s->core);
	return code;
}

/* Between commands. An embargo ends by the clock alone, and films are made: nobody needs to run a command for it. */
static int tend(void *arg)
{
	enum { CLOCK_MS = 2000 };
	struct server *s = arg;
	struct cli cli = { .a = arena_new(), .app = s->app, .in_server = true };
	size_t due = 0;
	bool moved;
	int wait = maker_tend(s->maker, &s->core, &moved);
	enum err e = OK;

	cli.core = &s->core;
	cli.publish = &s->publish;
	if (clock_steady_ms() >= s->looked + CLOCK_MS) {
		e = s->app->due(&s->core, cli.a, clock_now(), &due);
		s->looked = clock_steady_ms();
	}
	if (e == OK && (due || moved))
		e = app_publish(&cli);
	if (e != OK)
		log_error("what has changed by itself was not published: %s", err_text(e));
	arena_free(cli.a);
	return MIN(wait, CLOCK_MS);
}

/* --- Starting and stopping. */

struct serve_args {
	str address, contact, hosts;
	int64_t port, cache;
	bool https;
};

static str address_of(const struct serve_args *args)
{
	return args->address.n ? args->address : S("127.0.0.1");
}

static const struct option serve_rows[] = {
	OPTION_INT(struct serve_args, port, "port", "N",
		   "the port to answer on (default: 8080; 0: any free one)"),
	OPTION_TEXT(struct serve_args, address, "address", "IP",
		    "the address to answer on (default: 127.0.0.1)"),
	OPTION_TEXT(struct serve_args, hosts, "host", "NAME",
		    "the name that visitors use, in permanent addresses too; others are refused"),
	OPTION_TEXT(struct serve_args, contact, "contact", "MAIL",
		    "where visitors report errors; shown on the site"),
	OPTION_INT(struct serve_args, cache, "cache", "MB",
		   "memory for replies that are asked for again (default: 32; 0: none)"),
	OPTION_FLAG(struct serve_args, https, "https",
		    "a proxy in front speaks https: say so to browsers"),
	{ 0 },
};

/* What addresses begin with that leave the site. A port that the system picks is not known yet. */
static str site_of(arena *a, const struct serve_args *args)
{
	buf site = buf_new(a, 400);

	if (!args->hosts.n && !args->port)
		return S("");
	buf_put(&site, args->https ? S("https://") : S("http://"));
	if (args->hosts.n)
		buf_put(&site, args->hosts);
	else
		buf_printf(&site, "%" STR_F ":%lld", STR_A(address_of(args)),
			   (long long)args->port);
	return buf_str(&site);
}

/* What an ETag says besides the version: this build, and this store, since a restored one may come to the
 * same version again. */
static str build_and_store(arena *a, struct server *s)
{
	struct snapshot *snapshot = snapshot_take(s->slot);
	buf both = buf_new(a, 200);

	buf_put(&both, str_of(app_build()));
	buf_put(&both, snapshot_epoch(snapshot));
	snapshot_release(snapshot);
	return buf_str(&both);
}

static int start_web(struct cli *cli, struct server *s, const struct serve_args *args)
{
	struct web_config config = {
		.routes = s->app->routes,
		.routes_n = s->app->n_routes,
		.panels = s->app->panels,
		.panels_n = s->app->n_panels,
		.readers = { s, reader_open, reader_close, reader_begin, reader_end,
			     reader_generation, reader_version, reader_queries },
		.error_page = pages_error,
		.build = build_and_store(cli->a, s),
		.https = args->https,
		.site = site_of(cli->a, args),
	};
	size_t n;
	const struct http_header *headers = headers_of(HEADERS_ASSET, args->https, &n);

	if (web_app_new(&config, &s->web) != OK)
		return cli_fail(cli, 70,
				"the table of pages is wrong; this is a mistake in the program");
	s->assets = http_assets_new(embed_files, embed_count, headers, n);
	return 0;
}

static int start_http(struct cli *cli, struct server *s, const struct serve_args *args)
{
	struct http_config config = { .address = args->address,
				      .port = (uint16_t)args->port,
				      .handle = web_handle,
				      .ctx = s->web,
				      .cache = s->cache,
				      .assets = s->assets,
				      .hosts = args->hosts.n ? &args->hosts : NULL,
				      .hosts_n = args->hosts.n != 0 };
	enum err e;

	config.refusal_headers = headers_of(HEADERS_TEXT, args->https, &config.refusal_headers_n);
	e = http_server_start(&config, &s->http);
	if (e == E_BUSY)
		return cli_fail(cli, 1, "port %lld is in use; try --port with another number",
				(long long)args->port);
	if (e == E_DENIED)
		return cli_fail(cli, 1, "only root may take port %lld; try one above 1023",
				(long long)args->port);
	if (e == E_INVALID)
		return cli_fail(cli, 1, "%" STR_F " is not an address of this machine",
				STR_A(args->address));
	return e == OK ? 0 : cli_fail(cli, 71, "the server cannot start: %s", log_errno(errno));
}

static void wait_for_signal(struct cli *cli)
{
	sigset_t none;

	sigemptyset(&none);
	while (!cli->cancelled(cli))
		sigsuspend(&none);
}

static int64_t slot_version(struct snapshot_slot *slot)
{
	struct snapshot *s = snapshot_take(slot);
	int64_t version = snapshot_version(s);

	snapshot_release(s);
	return version;
}

static int start(struct cli *cli, struct server *s, const struct serve_args *args)
{
	enum err e = app_publish(cli);
	int code;

	if (e == OK)
		e = first_snapshot(s);
	if (e != OK)
		return app_fail(cli, e, "the library cannot be read");
	if (args->cache)
		s->cache = http_cache_new((size_t)args->cache << 20,
					  (uint64_t)slot_version(s->slot));
	voices_set_media(data_path(cli->a, s->data, S("media")));
	code = start_web(cli, s, args);
	if (code == 0)
		code = start_http(cli, s, args);
	if (code)
		return code;
	s->core = *cli->core;
	s->publish = *cli->publish;
	s->maker = maker_new(s->data);
	e = control_start(s->data, s->app->commands, run_command, tend, s, &s->control);
	return e == OK ? 0
		       : cli_fail(cli, 73, "the control socket cannot be made in %" STR_F,
				  STR_A(s->data));
}

static void stop(struct server *s)
{
	if (s->control)
		control_stop(s->control);
	maker_stop(s->maker, &s->core);
	if (s->http)
		http_server_stop(s->http, 5000);
	web_app_free(s->web);
	http_assets_free(s->assets);
	http_cache_free(s->cache);
	snapshot_release(s->next);
	snapshot_slot_free(s->slot);
}

/* The person's signals wake the main thread alone. */
static void block_signals(sigset_t *before)
{
	sigset_t ours;

	sigemptyset(&ours);
	sigaddset(&ours, SIGINT);
	sigaddset(&ours, SIGTERM);
	pthread_sigmask(SIG_BLOCK, &ours, before);
}

static int serve_run(struct cli *cli)
{
	struct serve_args args = *(const struct serve_args *)cli->options;
	struct server s = { .app = cli->app, .data = cli->data, .slot = snapshot_slot_new() };
	sigset_t before;
	int code;

	if (args.port < 0 || args.port > 65535)
		return cli_misuse(cli, "--port wants a number up to 65535");
	if (args.cache < 0 || args.cache > 16384)
		return cli_misuse(cli, "--cache wants megabytes, up to 16384");
	s.public_path = arena_cstr(cli->a, data_path(cli->a, cli->data, S("public.db")));
	cli->app->server = &s;
	cli->app->prepare = server_prepare;
	cli->app->swap = server_swap;
	pages_set_contact(args.contact);
	block_signals(&before);
	code = start(cli, &s, &args);
	if (code == 0) {
		fprintf(cli->out,
			cli->json ? "{\"address\":\"http://%" STR_F ":%u/\"}\n"
				  : "Tribune answers on http://%" STR_F ":%u/\n",
			STR_A(address_of(&args)), http_server_port(s.http));
		fflush(cli->out);
		wait_for_signal(cli);
	}
	stop(&s);
	if (s.publish.db)
		*cli->publish = s.publish;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return code;
}

const struct command serve_command = {
	.name = "serve",
	.arguments = "",
	.summary = "answer browsers, and commands that write",
	.details = "Answers on loopback; for the open internet put a proxy in front "
		   "(docs/deploy.md). Commands that\n"
		   "write, such as import, hand themselves over to the running server. Stops at "
		   "Ctrl-C or SIGTERM.\n",
	.examples = "  tribune serve                              on http://127.0.0.1:8080/\n"
		    "  tribune serve --port 9000 --contact editor@example.org\n",
	.options = serve_rows,
	.options_size = sizeof(struct serve_args),
	.defaults = &(const struct serve_args){ .port = 8080, .cache = HTTP_CACHE_MB },
	.needs = NEEDS_LOCK,
	.run = serve_run,
};

/* --- routes */

static int routes_run(struct cli *cli)
{
	static const struct table_column columns[] = {
		{ "METHOD", false }, { "PATH", false }, { "SAMPLE", false }, { "QUERIES", true }
	};
	struct table_out *t = table_out_new(cli->a, columns, COUNT_OF(columns));
	buf out = buf_new(cli->a, 1 << 20);
	struct json j = json_begin(&out, false);

	json_array_begin(&j);
	for (size_t i = 0; i < cli->app->n_routes; i++)
		for (size_t k = 0; k < cli->app->routes[i].n; k++) {
			const struct route *r = &cli->app->routes[i].rows[k];

			table_out_cell(t, http_method_name(r->method));
			table_out_cell(t, str_of(r->path));
			table_out_cell(t, str_of(r->sample));
			table_out_number(t, r->queries);
			json_object_begin(&j);
			json_key_str(&j, S("method"), http_method_name(r->method));
			json_key_str(&j, S("path"), str_of(r->path));
			json_key_str(&j, S("sample"), str_of(r->sample));
			json_key_i64(&j, S("queries"), r->queries);
			json_object_end(&j);
		}
	json_array_end(&j);
	if (!cli->json)
		table_out_print(t, cli->out);
	else if (json_end(&j) == OK)
		fprintf(cli->out, "%" STR_F "\n", STR_A(buf_str(&out)));
	return 0;
}

const struct command routes_command = {
	.name = "routes",
	.arguments = "",
	.summary = "list the pages that the server answers",
	.examples = "  tribune routes\n  tribune routes --json\n",
	.needs = NEEDS_NOTHING,
	.run = routes_run,
};
