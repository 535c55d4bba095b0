/* tribune video jobs: the files that are still to be made, and making them. */
#define _GNU_SOURCE /* usleep */
#include <unistd.h>

#include "base/clock.h"
#include "cli/output.h"
#include "text/json.h"
#include "video/video_job_cli.h"
#include "video/video_media.h"
#include "video_sql.h"

enum { LOOK_US = 300 * 1000, NOBODY_MS = 10000 };

/* --- Making. */

struct watching {
	struct cli *cli;
	const char *what;
	struct progress progress;
};

static void show_progress(void *ctx, int permille)
{
	struct watching *w = ctx;

	progress_show(&w->progress, w->what, permille, 1000);
}

static bool is_cancelled(void *ctx)
{
	struct watching *w = ctx;

	return w->cli->cancelled && w->cli->cancelled(w->cli);
}

/* One of them. *RET_FAILED counts those that came to nothing. E_NOTFOUND: none is left. */
static enum err make_one(struct cli *cli, arena *a, size_t *ret_failed)
{
	struct watching w = { .cli = cli };
	const struct video_job_watch watch = { show_progress, is_cancelled, &w };
	struct video_job_made made;
	struct video_job job;

	TRY(video_job_take(cli->core, a, &job));
	w.what = arena_cstr(a, job.form);
	progress_begin(&w.progress, cli);
	video_job_make(a, cli->data, &job, &watch, &made);
	progress_end(&w.progress);
	TRY(video_job_end(cli->core, a, cli->data, &job, &made));
	if (made.e == E_CANCEL)
		return E_CANCEL;
	if (made.e != OK) {
		++*ret_failed;
		cli_say(cli, "/v/%" STR_F ": %s was not made: %" STR_F, STR_A(job.code), w.what,
			STR_A(made.why));
	}
	return made.e == OK && cli_publish(cli) ? E_IO : OK;
}

/* How many are waiting or under way. */
static enum err count_left(struct cli *cli, arena *a, size_t *ret)
{
	struct jobs *rows;
	size_t n;

	*ret = 0;
	TRY(jobs(cli->core, a, &rows, &n));
	for (size_t i = 0; i < n; i++)
		*ret += !str_eq(rows[i].state, S("failed"));
	return OK;
}

static int say_left(struct cli *cli)
{
	size_t left = 0;

	if (count_left(cli, cli->a, &left) == OK && left)
		cli_say(cli,
			"%zu file%s to be made by the server; tribune video jobs tells how far",
			left, left == 1 ? " is" : "s are");
	return 0;
}

int video_jobs_make(struct cli *cli)
{
	size_t failed = 0, left = 0;
	enum err e = OK;

	if (cli->in_server)
		return say_left(cli);
	while (e == OK) {
		arena *a = arena_new();

		e = make_one(cli, a, &failed);
		arena_free(a);
	}
	if (e == E_CANCEL && count_left(cli, cli->a, &left) == OK)
		return cli_fail(cli, err_exit_code(e),
				"stopped; %zu file%s to be made: by tribune video jobs --make, or "
				"by the next tribune serve",
				left, left == 1 ? " is" : "s are");
	if (e != E_NOTFOUND)
		return cli_fail(cli, err_exit_code(e), "the files were not all made: %s",
				err_text(e));
	return failed ? 1 : 0;
}

/* --- video jobs */

struct jobs_args {
	bool make, wait, retry, drop;
};

static const struct option jobs_rows[] = {
	OPTION_FLAG(struct jobs_args, make, "make", "make here and now what is waiting"),
	OPTION_FLAG(struct jobs_args, wait, "wait", "wait until the server has made all of it"),
	OPTION_FLAG(struct jobs_args, retry, "retry", "try those again that failed"),
	OPTION_FLAG(struct jobs_args, drop, "drop",
		    "give up those that failed, and the files that they were to be made of"),
	{ 0 },
};

static enum command_needs jobs_needs(const void *options)
{
	const struct jobs_args *args = options;

	return args->make || args->retry || args->drop ? NEEDS_WRITER : NEEDS_CORE;
}

static int jobs_check(struct cli *cli)
{
	const struct jobs_args *args = cli->options;

	return args->make + args->wait + args->retry + args->drop > 1
		       ? cli_misuse(cli, "--make, --wait, --retry and --drop go one at a time")
		       : 0;
}

static void print_json(struct cli *cli, const struct jobs *rows, size_t n)
{
	buf o = buf_new(cli->a, 64 << 20);
	struct json j = json_begin(&o, true);

	json_array_begin(&j);
	for (size_t i = 0; i < n; i++) {
		json_object_begin(&j);
		json_key_str(&j, S("code"), rows[i].code);
		json_key_str(&j, S("key"), rows[i].key);
		json_key_str(&j, S("form"), rows[i].form);
		json_key_str(&j, S("state"), rows[i].state);
		json_key_i64(&j, S("permille"), rows[i].permille);
		json_key_str(&j, S("why"), rows[i].message);
		json_object_end(&j);
	}
	json_array_end(&j);
	if (json_end(&j) == OK)
		fprintf(cli->out, "%" STR_F "\n", STR_A(buf_str(&o)));
}

static void print_table(struct cli *cli, const struct jobs *rows, size_t n)
{
	static const struct table_column columns[] = { { "code", false },  { "key", false },
						       { "file", false },  { "state", false },
						       { "done %", true }, { "why", false } };
	struct table_out *table = table_out_new(cli->a, columns, COUNT_OF(columns));

	for (size_t i = 0; i < n; i++) {
		table_out_cell(table, rows[i].code);
		table_out_cell(table, rows[i].key);
		table_out_cell(table, rows[i].form);
		table_out_cell(table, rows[i].state);
		table_out_number(table, rows[i].permille / 10);
		table_out_cell(table, rows[i].message);
	}
	table_out_print(table, cli->out);
}

static int list(struct cli *cli)
{
	struct jobs *rows;
	size_t n;

	if (jobs(cli->core, cli->a, &rows, &n) != OK)
		return cli_fail(cli, 70, "the list of files to be made cannot be read");
	if (cli->json)
		print_json(cli, rows, n);
	else if (n)
		print_table(cli, rows, n);
	else
		cli_say(cli, "all files are made");
	return 0;
}

/* The first one that is left. *RET_LEFT: how many; *RET_RUNS: somebody makes one. */
static enum err look(struct cli *cli, arena *a, struct progress *p, size_t *ret_left,
		     bool *ret_runs)
{
	struct jobs *rows;
	size_t n;

	*ret_left = 0;
	*ret_runs = false;
	TRY(jobs(cli->core, a, &rows, &n));
	for (size_t i = 0; i < n; i++) {
		*ret_left += !str_eq(rows[i].state, S("failed"));
		if (str_eq(rows[i].state, S("running"))) {
			*ret_runs = true;
			progress_show(p, arena_cstr(a, rows[i].form), rows[i].permille, 1000);
		}
	}
	return OK;
}

static int await_all(struct cli *cli)
{
	struct progress progress;
	int64_t seen = clock_steady_ms();
	size_t left = 1;
	bool runs = true;
	enum err e = OK;

	progress_begin(&progress, cli);
	while (e == OK && left && clock_steady_ms() - seen < NOBODY_MS) {
		arena *a = arena_new();

		e = cli->cancelled(cli) ? E_CANCEL : look(cli, a, &progress, &left, &runs);
		arena_free(a);
		if (runs)
			seen = clock_steady_ms();
		if (e == OK && left)
			usleep(LOOK_US);
	}
	progress_end(&progress);
	if (e == OK && left)
		return cli_fail(cli, 1,
				"%zu wait, and nobody makes them: start tribune serve, or try "
				"tribune video jobs --make",
				left);
	return e == OK ? list(cli) : cli_fail(cli, err_exit_code(e), "%s", err_text(e));
}

static int jobs_run(struct cli *cli)
{
	const struct jobs_args *args = cli->options;
	size_t n = 0;
	enum err e;

	if (args->make)
		return video_jobs_make(cli);
	if (args->wait)
		return await_all(cli);
	if (!args->retry && !args->drop)
		return list(cli);
	e = args->retry ? video_jobs_retry(cli->core, cli->a, &n)
			: video_jobs_drop(cli->core, cli->a, cli->data, &n);
	if (e != OK)
		return cli_fail(cli, err_exit_code(e), "nothing was changed");
	cli_say(cli, args->retry ? "%zu wait again" : "%zu given up", n);
	return args->retry ? video_jobs_make(cli) : 0;
}

const struct command video_jobs_command = {
	.name = "video jobs",
	.arguments = "",
	.summary = "list the files of videos that are still to be made, or that could not be made",
	.details =
		"A server makes them one after the other, in the order in which they came; one "
		"that "
		"is stopped or\n"
		"killed goes on with them when it starts again. Without a server the command that "
		"adds a video\n"
		"makes them itself.\n",
	.examples =
		"  tribune video jobs\n  tribune video jobs --wait\n  tribune video jobs --retry\n",
	.options = jobs_rows,
	.options_size = sizeof(struct jobs_args),
	.needs = NEEDS_CORE,
	.needs_with = jobs_needs,
	.check = jobs_check,
	.run = jobs_run,
};
