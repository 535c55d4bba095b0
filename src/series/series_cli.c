/* tribune series add, list, remove. */
#include "cli/output.h"
#include "series/series.h"
#include "series_sql.h"
#include "text/json.h"
#include "text/toml.h"

/* --- add */

struct add_args {
	bool hold;
};

static const struct option add_rows[] = {
	OPTION_FLAG(struct add_args, hold, "hold", "store it and keep it from readers"),
	{ 0 },
};

static int add_run(struct cli *cli)
{
	const struct add_args *args = cli->options;
	buf why = buf_new(cli->a, 64 << 10);
	struct series_meta m;
	str text = { 0 };
	int exit_code;
	enum err e = cli_read_file(cli->a, cli->files[0].fd, TOML_MAX, &text);

	if (e != OK)
		buf_put(&why, S("it cannot be read, or is over 1 MB"));
	else
		e = series_meta_read(cli->core, cli->a, text, &m, &why);
	if (e != OK)
		return cli_refuse(cli, cli->files[0].name,
				  why.n ? buf_str(&why) : str_of(err_text(e)));
	m.held |= args->hold;
	if (series_put(cli->core, cli->a, &m) != OK)
		return cli_fail(cli, 70, "the series was not stored");
	exit_code = cli_publish(cli);
	if (exit_code)
		return exit_code;
	if (cli->json)
		fprintf(cli->out, "{\"key\":\"%" STR_F "\",\"videos\":%zu,\"sections\":%zu}\n",
			STR_A(m.key), m.videos.n, m.sections.n);
	else
		cli_say(cli, "/series/%" STR_F ": %zu videos, %zu sections%s", STR_A(m.key),
			m.videos.n, m.sections.n, m.held ? ", held back" : "");
	return 0;
}

const struct command series_add_command = {
	.name = "series add",
	.arguments = "FILE",
	.summary = "add a series of videos, or replace what is known of it",
	.details = "The file is TOML or JSON and begins like this; docs/video.md has all of it:\n"
		   "\n"
		   "  key = \"people-behind-the-upr\"\n"
		   "  title = { en = \"People behind the UPR\" }\n"
		   "  introduction = { en = \"Markdown\" }\n"
		   "  videos = [\"the-key-of-a-video\"]\n"
		   "  [[section]]\n"
		   "  title = { en = \"What is the UPR?\" }\n"
		   "  quotes = [\"the-key-of-a-video/the-key-of-a-moment\"]\n"
		   "\n"
		   "The videos are added before it. Readers see of a series what they see of its "
		   "videos.\n",
	.examples = "  tribune series add people.series.toml\n",
	.options = add_rows,
	.options_size = sizeof(struct add_args),
	.least = 1,
	.most = 1,
	.opens_files = true,
	.needs = NEEDS_WRITER,
	.run = add_run,
};

/* --- list */

static int list_run(struct cli *cli)
{
	static const struct table_column columns[] = {
		{ "key", false }, { "videos", true }, { "sections", true }, { "held back", false }
	};
	struct table_out *table = table_out_new(cli->a, columns, COUNT_OF(columns));
	buf o = buf_new(cli->a, 16 << 20);
	struct json j = json_begin(&o, true);
	struct series_rows *rows;
	size_t n;

	if (series_rows(cli->core, cli->a, &rows, &n) != OK)
		return cli_fail(cli, 70, "the list of series cannot be read");
	json_array_begin(&j);
	for (size_t i = 0; i < n; i++) {
		table_out_cell(table, rows[i].key);
		table_out_number(table, rows[i].videos);
		table_out_number(table, rows[i].sections);
		table_out_cell(table, rows[i].held ? S("yes") : S(""));
		json_object_begin(&j);
		json_key_str(&j, S("key"), rows[i].key);
		json_key_i64(&j, S("videos"), rows[i].videos);
		json_key_i64(&j, S("sections"), rows[i].sections);
		json_key_bool(&j, S("held"), rows[i].held);
		json_object_end(&j);
	}
	json_array_end(&j);
	if (cli->json && json_end(&j) == OK)
		fprintf(cli->out, "%" STR_F "\n", STR_A(buf_str(&o)));
	else if (n)
		table_out_print(table, cli->out);
	else
		cli_say(cli, "there is no series yet; tribune series add --help says how");
	return 0;
}

const struct command series_list_command = {
	.name = "series list",
	.arguments = "",
	.summary = "list the series",
	.examples = "  tribune series list\n  tribune series list --json\n",
	.needs = NEEDS_CORE,
	.run = list_run,
};

/* --- remove */

static int remove_run(struct cli *cli)
{
	enum err e = series_remove(cli->core, cli->a, cli->args[0]);
	int exit_code;

	if (e == E_NOTFOUND)
		return cli_fail(cli, 1,
				"there is no series \"%" STR_F "\"; tribune series list shows them",
				STR_A(cli->args[0]));
	if (e != OK)
		return cli_fail(cli, err_exit_code(e), "the series was not removed");
	exit_code = cli_publish(cli);
	if (exit_code == 0)
		cli_say(cli, "removed; its videos stay");
	return exit_code;
}

const struct command series_remove_command = {
	.name = "series remove",
	.arguments = "KEY",
	.summary = "remove a series; its videos stay",
	.examples = "  tribune series remove people-behind-the-upr\n",
	.least = 1,
	.most = 1,
	.needs = NEEDS_WRITER,
	.run = remove_run,
};
