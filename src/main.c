/*
 * argv -> command table. The one place that knows every slice: the tables below are what the program
 * is made of.
 */
#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "cli/control.h"
#include "i18n/i18n.h"
#include "job/worker.h"
#include "recommendation/recommendation_index.h"
#include "app/app.h"
#include "site/site_web.h"
#include "video/video.h"
#include "video/video_index.h"
#include "video/video_library_index.h"

extern const struct command init_command, import_command, imports_command, publish_command,
	serve_command, search_command, show_command, export_command, rebuild_command,
	backup_command, restore_command, doctor_command, stats_command, routes_command,
	version_command, subtitle_check_command, subtitle_convert_command, video_add_command,
	video_import_command, video_check_command, video_hold_command, video_release_command,
	video_withdraw_command, video_pack_command, video_jobs_command, series_add_command,
	series_list_command, series_remove_command;

static const struct command *const commands[] = {
	&init_command,
	&import_command,
	&imports_command,
	&publish_command,
	&serve_command,
	&search_command,
	&show_command,
	&export_command,
	&rebuild_command,
	&backup_command,
	&restore_command,
	&doctor_command,
	&subtitle_check_command,
	&subtitle_convert_command,
	&video_add_command,
	&video_import_command,
	&video_check_command,
	&video_hold_command,
	&video_release_command,
	&video_withdraw_command,
	&video_pack_command,
	&video_jobs_command,
	&series_add_command,
	&series_list_command,
	&series_remove_command,
	&stats_command,
	&routes_command,
	&version_command,
	NULL,
};

extern const struct publish_kind concept_kind, concept_name_kind, state_kind, state_name_kind,
	review_kind, source_kind, recommendation_kind, video_kind, withdrawal_kind, series_kind;

static const struct publish_kind *const kinds[] = {
	&concept_kind, &concept_name_kind,   &state_kind, &state_name_kind, &review_kind,
	&source_kind,  &recommendation_kind, &video_kind, &withdrawal_kind, &series_kind,
	NULL,
};

extern const struct importer uprinfo_importer, uwazi_importer, mapped_importer;

static const struct importer *const importers[] = { &uprinfo_importer, &uwazi_importer,
						    &mapped_importer, NULL };

extern const struct import_noun recommendation_noun;

static const struct import_noun *const nouns[] = { &recommendation_noun, NULL };

static const struct segment_kind *const segments[] = { &vocabularies_segment,
						       &states_segment,
						       &calendar_segment,
						       &sources_segment,
						       &records_segment,
						       &lexicon_segment,
						       &known_segment,
						       &library_segment,
						       &voices_segment,
						       &names_segment,
						       NULL };

/* Pages and panels: put together at the start, because each table lives with its slice. */
extern const struct route_table state_routes, review_routes, recommendation_routes, video_routes,
	series_routes, search_routes;
extern const struct panel_table recommendation_panels, video_panels, series_panels;

static struct route_table routes[7];
static struct panel_table panels[3];

static struct app app = { .commands = commands,
			  .kinds = kinds,
			  .importers = importers,
			  .nouns = nouns,
			  .segments = segments,
			  .due = video_count_due,
			  .wake = video_wake,
			  .routes = routes,
			  .n_routes = COUNT_OF(routes),
			  .panels = panels,
			  .n_panels = COUNT_OF(panels) };

static void gather_pages(void)
{
	routes[0] = site_routes;
	routes[1] = state_routes;
	routes[2] = review_routes;
	routes[3] = recommendation_routes;
	routes[4] = video_routes;
	routes[5] = series_routes;
	routes[6] = search_routes;
	panels[0] = recommendation_panels;
	panels[1] = video_panels;
	panels[2] = series_panels;
}

/* --- Ctrl-C. */

static atomic_bool interrupted;

static void on_signal(int signal)
{
	(void)signal;
	atomic_store(&interrupted, true);
}

static bool is_interrupted(struct cli *cli)
{
	(void)cli;
	return atomic_load(&interrupted);
}

static void catch_signals(void)
{
	struct sigaction action = { .sa_handler = on_signal };

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	signal(SIGPIPE, SIG_IGN);
}

/* --- Running a command here. */

static int make_data_folder(struct cli *cli)
{
	struct stat st;
	char *path = arena_cstr(cli->a, cli->data);

	if (stat(path, &st) == 0)
		return S_ISDIR(st.st_mode) ? 0 : cli_fail(cli, 1, "%s is not a folder", path);
	if (mkdir(path, 0700) != 0)
		return cli_fail(cli, 73, "the data directory %s cannot be made: %s", path,
				log_errno(errno));
	return 0;
}

static void close_all(struct cli *cli)
{
	if (cli->pub)
		public_close(cli->pub);
	if (cli->publish)
		publish_close(cli->publish);
	if (cli->core && cli->core->db)
		core_close(cli->core);
}

/* As the one writer, with both databases open. */
static int run_writing(struct cli *cli)
{
	int code = app_open_core(cli);

	if (code == 0 && !cli->command->mends_public)
		code = app_open_publish(cli);
	if (code == 0)
		code = cli->command->run(cli);
	close_all(cli);
	return code;
}

static int fail_busy(struct cli *cli)
{
	return cli_fail(cli, 75,
			"another tribune is writing in %" STR_F "; wait for it and try again",
			STR_A(cli->data));
}

/* Another process has the lock: a server, which runs the command for us, or a command, which we wait for.
 * *RET_E is that of taking the lock after all; otherwise the exit code. */
static int hand_over_or_wait(struct cli *cli, int argc, char **argv, int *ret_lock, enum err *ret_e)
{
	int code = 0;

	for (int tenths = 0;; tenths++) {
		enum err e = control_forward(cli, argc, argv, &code);

		if (e == OK)
			return code;
		if (e == E_CONFLICT)
			return cli_fail(cli, 75,
					"the server that runs here is another version of tribune; "
					"restart it");
		if (!command_waits(cli))
			return fail_busy(cli);
		if (tenths == 10)
			cli_say(cli, "waiting for another tribune that writes in %" STR_F,
				STR_A(cli->data));
		usleep(100 * 1000);
		if (cli->cancelled(cli))
			return cli_fail(cli, err_exit_code(E_CANCEL),
					"cancelled: nothing was stored");
		*ret_e = control_lock(cli->data, ret_lock);
		if (*ret_e != E_BUSY)
			return 0;
	}
}

static int run_with_lock(struct cli *cli, enum command_needs needs, int argc, char **argv)
{
	int lock = -1, code = make_data_folder(cli);
	enum err e;

	if (code)
		return code;
	e = control_lock(cli->data, &lock);
	if (e == E_BUSY && needs == NEEDS_WRITER) {
		code = hand_over_or_wait(cli, argc, argv, &lock, &e);
		if (code || e == E_BUSY)
			return code;
	}
	if (e == E_BUSY)
		return cli_fail(cli, 75, "a server is running in %" STR_F "; stop it first",
				STR_A(cli->data));
	if (e != OK)
		return cli_fail(cli, 73, "the data directory %" STR_F " cannot be written",
				STR_A(cli->data));
	code = run_writing(cli);
	close(lock);
	return code;
}

static int run_here(struct cli *cli, int argc, char **argv)
{
	enum command_needs needs = cli->command->needs_with ? cli->command->needs_with(cli->options)
							    : cli->command->needs;
	int code = cli->command->check ? cli->command->check(cli) : 0;

	if (code)
		return code;
	if (cli->command->opens_files && !command_open_files(cli))
		return 1;
	switch (needs) {
	case NEEDS_WRITER:
	case NEEDS_LOCK: return run_with_lock(cli, needs, argc, argv);
	case NEEDS_CORE: code = app_open_core_readonly(cli); break;
	case NEEDS_PUBLIC: code = app_open_public(cli); break;
	case NEEDS_NOTHING: break;
	}
	if (code == 0)
		code = cli->command->run(cli);
	close_all(cli);
	return code;
}

/* The language of the person's terminal: LC_ALL, LC_MESSAGES, LANG, as everywhere. */
static str person_lang(void)
{
	static const char *const names[] = { "LC_ALL", "LC_MESSAGES", "LANG" };

	for (size_t i = 0; i < COUNT_OF(names); i++) {
		const char *value = getenv(names[i]);

		if (value && *value)
			return str_to(str_of(value), 2);
	}
	return S("en");
}

int main(int argc, char **argv)
{
	struct cli cli = { .a = arena_new(),
			   .out = stdout,
			   .err = stderr,
			   .cancelled = is_interrupted,
			   .publish_changes = app_publish,
			   .app = &app };
	int code;

	if (argc > 1 && str_eq(str_of(argv[1]), S("--worker")))
		return worker_main(argc, argv);
	cli.lang = person_lang();
	cli.out_is_tty = isatty(STDOUT_FILENO);
	cli.err_is_tty = isatty(STDERR_FILENO);
	catch_signals();
	gather_pages();
	code = command_parse(&cli, commands, argc, argv);
	if (code < 0)
		code = i18n_init() == OK ? run_here(&cli, argc, argv)
					 : cli_fail(&cli, 70, "ICU's data is missing");
	arena_free(cli.a);
	return fflush(stdout) == 0 ? code : 74;
}
