/* tribune import, imports, publish. */
#include <unistd.h>

#include "base/clock.h"
#include "cli/output.h"
#include "import_sql.h"
#include "app/app.h"
#include "app/report.h"
#include "text/charset.h"
#include "text/date.h"
#include "text/json.h"
#include "text/near.h"

enum { JSON_MAX = 256 << 20, MAPPING_MAX = 64 << 10 };
#define NO_UNDO INT64_MIN /* a number that nobody means */

struct import_args {
	bool dry_run, hold, keep_demo, unsafe, no_wait;
	str as, source, date, charset, map;
	int64_t undo;
};

static const struct import_args import_defaults = { .undo = NO_UNDO };

static const struct option import_rows[] = {
	OPTION_FLAG(struct import_args, dry_run, "dry-run", "read and report; write nothing"),
	OPTION_TEXT(struct import_args, as, "as", "FORMAT",
		    "upr-info, uwazi or table, when the content is not told apart"),
	OPTION_TEXT(struct import_args, source, "source", "NAME", "whose export it is"),
	OPTION_TEXT(struct import_args, date, "date", "DATE",
		    "when it was made: 2018-07-25, 2018-07 or 2018"),
	OPTION_TEXT(struct import_args, charset, "charset", "NAME",
		    "the charset of a CSV file, when the detected one is wrong"),
	OPTION_TEXT(struct import_args, map, "map", "FILE",
		    "which columns of any table mean what; see docs/import.md"),
	OPTION_FLAG(struct import_args, hold, "hold", "keep it back until tribune publish"),
	OPTION_FLAG(struct import_args, keep_demo, "keep-demo",
		    "leave the samples in beside the first records"),
	OPTION_FLAG(struct import_args, no_wait, "no-wait",
		    "fail at once when another process is writing"),
	OPTION_FLAG(struct import_args, unsafe, "unsafe",
		    "read XLS and XLSX also where the kernel cannot confine the reader"),
	OPTION_INT(struct import_args, undo, "undo", "ID", "take the import with this number back"),
	{ 0 },
};

/* --- What the words alone can say. */

static int fail_format(struct cli *cli, str as)
{
	struct near n = near_begin(as);
	buf names = buf_new(cli->a, 256);

	for (const struct importer *const *i = cli->app->importers; *i; i++) {
		near_offer(&n, str_of((*i)->format), str_of((*i)->format));
		buf_put(&names, names.n ? S(", ") : S(""));
		buf_put(&names, str_of((*i)->format));
	}
	if (n.best.p)
		return cli_misuse(
			cli, "--as: there is no format \"%" STR_F "\"; did you mean %" STR_F "?",
			STR_A(as), STR_A(n.best));
	return cli_misuse(cli, "--as: there is no format \"%" STR_F "\"; there are %" STR_F,
			  STR_A(as), STR_A(buf_str(&names)));
}

static bool has_format(const struct app *app, str as)
{
	for (const struct importer *const *i = app->importers; *i; i++)
		if (str_eq(str_of((*i)->format), as))
			return true;
	return false;
}

static bool has_charset(str name)
{
	str nothing = S("");
	const struct source input = source_of_str(&nothing);
	const struct charset_options options = { .asked = name };
	struct charset found;

	return charset_detect(&input, &options, &found) == OK;
}

/* A date to come would stand before every later export. */
static int check_date(struct cli *cli, str text)
{
	const struct date today = date_from_days((int32_t)(clock_now() / 86400));
	struct date date;

	if (date_parse(text, &date) != OK)
		return cli_misuse(cli,
				  "--date: \"%" STR_F
				  "\" is not a date; write 2018-07-25, 2018-07 or 2018",
				  STR_A(text));
	if (date_cmp(date, today) > 0)
		return cli_misuse(cli, "--date: %" STR_F " is in the future", STR_A(text));
	return 0;
}

static bool goes_alone(const struct import_args *args)
{
	return !args->dry_run && !args->hold && !args->keep_demo && !args->unsafe && !args->as.p &&
	       !args->source.p && !args->date.p && !args->charset.p && !args->map.p;
}

static int import_check(struct cli *cli)
{
	const struct import_args *args = cli->options;

	if (args->undo != NO_UNDO && (cli->n_args || !goes_alone(args)))
		return cli_misuse(cli, "--undo takes the number of one import, and nothing else");
	if (args->undo != NO_UNDO)
		return app_check_data(cli);
	if (cli->n_args == 0)
		return cli_misuse(cli, "import needs a file, or --undo ID");
	if (args->as.p && !has_format(cli->app, args->as))
		return fail_format(cli, args->as);
	if (args->source.p && !str_trim(args->source).n)
		return cli_misuse(cli, "--source wants a name, such as \"UPR Info\"");
	if (args->charset.p && !has_charset(args->charset))
		return cli_misuse(cli,
				  "--charset: there is none called \"%" STR_F
				  "\"; such as UTF-8, windows-1252, ISO-8859-1, macintosh",
				  STR_A(args->charset));
	return args->date.p ? check_date(cli, args->date) : 0;
}

/* A dry run works on a copy in memory. */
static enum command_needs import_needs(const void *options)
{
	const struct import_args *args = options;

	return args->dry_run ? NEEDS_NOTHING : NEEDS_WRITER;
}

struct context {
	struct cli *cli;
	struct progress progress;
};

static bool is_cancelled(void *arg)
{
	struct context *c = arg;

	return c->cli->cancelled && c->cli->cancelled(c->cli);
}

static void show_progress(void *arg, str file, int64_t done, int64_t total)
{
	struct context *c = arg;
	char name[48];

	snprintf(name, sizeof name, "%" STR_F, STR_A(file));
	progress_show(&c->progress, name, done, total);
}

/* The mapping file travels as text: the server cannot open the caller's files. */
static int read_mapping(struct cli *cli, const struct import_args *args, str *ret)
{
	if (!args->map.n)
		return 0;
	if (cli_read_file(cli->a, cli->files[cli->n_files - 1].fd, MAPPING_MAX - 1, ret) != OK)
		return cli_fail(cli, 1, "%" STR_F ": not a mapping file", STR_A(args->map));
	cli->n_files--;
	return 0;
}

static int fail_import(struct cli *cli, enum err e, const struct import_trouble *t)
{
	enum lang lang = report_lang(cli);

	if (t->note.reason.n)
		return cli_fail(cli, 1, "%" STR_F ": %" STR_F ". Nothing was stored",
				STR_A(t->file), STR_A(report_reason(cli->a, lang, &t->note)));
	if (e == E_CANCEL)
		return cli_fail(cli, err_exit_code(e), "cancelled: nothing was stored");
	return app_fail(cli, e, "the import was not stored");
}

static void print_reports(struct cli *cli, const struct import_report *reports, size_t n,
			  int64_t samples_out, bool dry)
{
	enum lang lang = report_lang(cli);
	buf out = buf_new(cli->a, JSON_MAX);
	struct json j = json_begin(&out, false);

	if (!cli->json) {
		for (size_t i = 0; i < n; i++)
			report_print(cli, &reports[i], dry);
		if (samples_out)
			fprintf(cli->out, "%" STR_F "\n",
				STR_A(tr_get(lang, T_report_samples_out)));
		if (dry)
			fprintf(cli->out, "%" STR_F "\n", STR_A(tr_get(lang, T_report_dry)));
		return;
	}
	json_object_begin(&j);
	json_key_bool(&j, S("dry_run"), dry);
	json_key_i64(&j, S("samples_taken_out"), samples_out);
	json_key(&j, S("imports"));
	json_array_begin(&j);
	for (size_t i = 0; i < n; i++)
		report_json(&j, &reports[i], dry);
	json_array_end(&j);
	json_object_end(&j);
	if (json_end(&j) == OK)
		fprintf(cli->out, "%" STR_F "\n", STR_A(buf_str(&out)));
}

static int run_files(struct cli *cli, const struct import_args *args, const struct importing *how)
{
	struct import_file *files = NEW_N(cli->a, struct import_file, cli->n_files);
	struct context *c = how->arg;
	struct import_report *reports;
	struct import_trouble trouble;
	int64_t samples_out;
	enum err e;

	for (size_t i = 0; i < cli->n_files; i++)
		files[i] = (struct import_file){ cli->files[i].name, cli->files[i].fd };
	progress_begin(&c->progress, cli);
	e = import_files(how, cli->a, files, cli->n_files, &reports, &samples_out, &trouble);
	progress_end(&c->progress);
	if (e != OK)
		return fail_import(cli, e, &trouble);
	if (!args->dry_run)
		e = app_publish(cli);
	if (e != OK)
		return app_fail(cli, e, "stored, but not yet public");
	print_reports(cli, reports, cli->n_files, samples_out, args->dry_run);
	return 0;
}

static int run_undo(struct cli *cli, const struct import_args *args, const struct importing *how)
{
	enum err e = import_undo(how, cli->a, args->undo);

	if (e == E_NOTFOUND)
		return cli_fail(cli, 1,
				"there is no import %lld to take back; tribune imports lists them",
				(long long)args->undo);
	if (e == OK)
		e = app_publish(cli);
	if (e != OK)
		return app_fail(cli, e, "the import was not taken back");
	if (cli->json)
		fprintf(cli->out, "{\"import\":%lld,\"undone\":true}\n", (long long)args->undo);
	else
		cli_say(cli, "import %lld has been taken back", (long long)args->undo);
	return 0;
}

/* A copy of the core in memory, or an empty one where there is no data directory yet. */
static int open_dry(struct cli *cli)
{
	enum err e;

	cli->core = NEW(cli->a, struct core);
	e = core_open_copy(data_path(cli->a, cli->data, S("core.db")), cli->core);
	if (e == E_NOTFOUND)
		return app_open_core_in_memory(cli);
	return e == OK ? 0 : app_fail(cli, e, "the data directory cannot be read");
}

static int import_run(struct cli *cli)
{
	const struct import_args *args = cli->options;
	struct import_options options = { .as = args->as,
					  .source = args->source,
					  .date = args->date,
					  .charset = args->charset,
					  .hold = args->hold,
					  .keep_samples = args->keep_demo,
					  .unsafe = args->unsafe };
	struct context c = { .cli = cli };
	struct importing how = { .importers = cli->app->importers,
				 .nouns = cli->app->nouns,
				 .options = &options,
				 .cancelled = is_cancelled,
				 .progress = show_progress,
				 .arg = &c };
	int code = read_mapping(cli, args, &options.mapping);

	if (code)
		return code;
	if (args->dry_run && (code = open_dry(cli)) != 0)
		return code;
	how.core = cli->core;
	code = args->undo != NO_UNDO ? run_undo(cli, args, &how) : run_files(cli, args, &how);
	if (args->dry_run)
		core_close(cli->core);
	return code;
}

const struct command import_command = {
	.name = "import",
	.arguments = "FILE...",
	.summary = "read exports into the record, or take an import back",
	.details = "The format is recognised from the content: UPR Info's exports of 2014 and 2018 "
		   "as CSV or\n"
		   "XLS, its voluntary pledges, a CSV export of an Uwazi database or the JSON of "
		   "its search,\n"
		   "Tribune's own CSV, and any CSV or XLSX with --map. All files go in together or "
		   "none does.\n"
		   "Every row is accounted for: the report names each one that was rejected, and "
		   "why.\n",
	.examples = "  tribune import export.csv                 read a file and report\n"
		    "  tribune import --dry-run export.csv       only say what it would do\n"
		    "  tribune import --hold export.csv          read it, but keep it back\n"
		    "  tribune import --undo 3                   take import 3 back\n",
	.options = import_rows,
	.options_size = sizeof(struct import_args),
	.defaults = &import_defaults,
	.least = 0,
	.most = -1,
	.opens_files = true,
	.extra_file = offsetof(struct import_args, map) + 1,
	.no_wait = offsetof(struct import_args, no_wait) + 1,
	.needs = NEEDS_WRITER,
	.needs_with = import_needs,
	.check = import_check,
	.run = import_run,
};

/* --- imports */

static void list_table(struct cli *cli, const struct import_list *rows, size_t n)
{
	static const struct table_column columns[] = {
		{ "ID", true },     { "SOURCE", false }, { "DATE", false },   { "SESSIONS", false },
		{ "READ", true },   { "ADDED", true },   { "CHANGED", true }, { "REJECTED", true },
		{ "STATE", false }, { "FILE", false },
	};
	struct table_out *t = table_out_new(cli->a, columns, COUNT_OF(columns));

	for (size_t i = 0; i < n; i++) {
		const struct import_list *r = &rows[i];

		table_out_number(t, r->id);
		table_out_cell(t, r->publisher);
		table_out_cell(t, r->dated);
		table_out_cell(t, r->part);
		table_out_number(t, r->rows_read);
		table_out_number(t, r->rows_added);
		table_out_number(t, r->rows_changed);
		table_out_number(t, r->rows_rejected);
		table_out_cell(t, !r->undone.null ? S("taken back")
				  : r->held       ? S("held")
				  : r->sample     ? S("sample")
						  : S("public"));
		table_out_cell(t, r->file_name);
	}
	table_out_print(t, cli->out);
}

static void list_json(struct cli *cli, const struct import_list *rows, size_t n)
{
	buf out = buf_new(cli->a, JSON_MAX);
	struct json j = json_begin(&out, false);

	json_array_begin(&j);
	for (size_t i = 0; i < n; i++) {
		const struct import_list *r = &rows[i];

		json_object_begin(&j);
		json_key_i64(&j, S("import"), r->id);
		json_key_str(&j, S("format"), r->format);
		json_key_str(&j, S("publisher"), r->publisher);
		json_key_str(&j, S("date"), r->dated);
		json_key_str(&j, S("sessions"), r->part);
		json_key_str(&j, S("file"), r->file_name);
		json_key_bool(&j, S("sample"), r->sample);
		json_key_bool(&j, S("held"), r->held);
		json_key_bool(&j, S("undone"), !r->undone.null);
		json_key_i64(&j, S("rows_read"), r->rows_read);
		json_key_i64(&j, S("added"), r->rows_added);
		json_key_i64(&j, S("changed"), r->rows_changed);
		json_key_i64(&j, S("unchanged"), r->rows_unchanged);
		json_key_i64(&j, S("duplicates"), r->rows_duplicate);
		json_key_i64(&j, S("rejected"), r->rows_rejected);
		json_object_end(&j);
	}
	json_array_end(&j);
	if (json_end(&j) == OK)
		fprintf(cli->out, "%" STR_F "\n", STR_A(buf_str(&out)));
}

static enum note_level level_of(str code)
{
	return str_eq(code, S("rejected"))  ? NOTE_REJECTED
	       : str_eq(code, S("warning")) ? NOTE_WARNING
					    : NOTE_CHANGED;
}

/* The notes of one import, again. */
static int show_notes(struct cli *cli, str word)
{
	struct import_notes *notes;
	struct import_get found;
	buf out = buf_new(cli->a, JSON_MAX);
	struct json j = json_begin(&out, false);
	size_t n;
	int64_t id;

	if (!str_to_i64(word, &id))
		return cli_misuse(cli, "imports wants the number of an import, not \"%" STR_F "\"",
				  STR_A(word));
	if (import_get(cli->core, cli->a, id, &found) != OK)
		return cli_fail(cli, 1, "there is no import %lld", (long long)id);
	if (import_notes(cli->core, cli->a, id, &notes, &n) != OK)
		return app_fail(cli, E_DB, "the notes cannot be read");
	json_array_begin(&j);
	for (size_t i = 0; i < n; i++) {
		const struct import_note note = { level_of(notes[i].level), notes[i].sheet,
						  notes[i].row_number,      notes[i].column_name,
						  notes[i].value,           notes[i].was,
						  notes[i].reason,          notes[i].suggestion };

		if (cli->json)
			report_json_note(&j, LANG_EN, cli->a, &note);
		else
			report_print_note(cli, &note);
	}
	json_array_end(&j);
	if (cli->json && json_end(&j) == OK)
		fprintf(cli->out, "%" STR_F "\n", STR_A(buf_str(&out)));
	return 0;
}

static int imports_run(struct cli *cli)
{
	struct import_list *rows;
	size_t n;

	if (cli->n_args)
		return show_notes(cli, cli->args[0]);
	if (import_list(cli->core, cli->a, &rows, &n) != OK)
		return app_fail(cli, E_DB, "the list of imports cannot be read");
	if (cli->json)
		list_json(cli, rows, n);
	else if (n)
		list_table(cli, rows, n);
	else
		cli_say(cli, "nothing has been imported yet");
	return 0;
}

const struct command imports_command = {
	.name = "imports",
	.arguments = "[ID]",
	.summary = "list the imports, or what one of them said about its rows",
	.examples = "  tribune imports        one line an import\n"
		    "  tribune imports 3      the notes of import 3\n",
	.most = 1,
	.needs = NEEDS_CORE,
	.run = imports_run,
};

/* --- publish */

struct publish_args {
	bool keep_demo;
};

static const struct option publish_rows[] = {
	OPTION_FLAG(struct publish_args, keep_demo, "keep-demo",
		    "leave the samples in beside the first records"),
	{ 0 },
};

static int publish_check(struct cli *cli)
{
	int64_t id;

	if (!str_to_i64(cli->args[0], &id))
		return cli_misuse(cli, "publish wants the number of an import, not \"%" STR_F "\"",
				  STR_A(cli->args[0]));
	return app_check_data(cli);
}

static int publish_run_command(struct cli *cli)
{
	const struct publish_args *args = cli->options;
	const struct import_options options = { .keep_samples = args->keep_demo };
	const struct importing how = { .core = cli->core,
				       .importers = cli->app->importers,
				       .nouns = cli->app->nouns,
				       .options = &options };
	int64_t id = 0, samples_out = 0;
	enum err e = E_NOTFOUND;

	if (str_to_i64(cli->args[0], &id))
		e = import_release(&how, cli->a, id, &samples_out);
	if (e == E_NOTFOUND)
		return cli_fail(cli, 1, "there is no import %lld; tribune imports lists them",
				(long long)id);
	if (e == E_CONFLICT)
		return cli_fail(cli, 1, "import %lld is public already", (long long)id);
	if (e == OK)
		e = app_publish(cli);
	if (e != OK)
		return app_fail(cli, e, "the import is not public");
	if (cli->json) {
		fprintf(cli->out, "{\"import\":%lld,\"held\":false,\"samples_taken_out\":%lld}\n",
			(long long)id, (long long)samples_out);
		return 0;
	}
	cli_say(cli, "import %lld is public", (long long)id);
	if (samples_out)
		fprintf(cli->err, "%" STR_F "\n",
			STR_A(tr_get(report_lang(cli), T_report_samples_out)));
	return 0;
}

const struct command publish_command = {
	.name = "publish",
	.arguments = "ID",
	.summary = "make an import public that was held back",
	.examples = "  tribune publish 4\n",
	.options = publish_rows,
	.options_size = sizeof(struct publish_args),
	.least = 1,
	.most = 1,
	.needs = NEEDS_WRITER,
	.check = publish_check,
	.run = publish_run_command,
};
