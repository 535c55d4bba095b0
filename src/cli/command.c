#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "cli/command.h"
#include "text/near.h"

__attribute__((format(printf, 2, 0))) static void say(struct cli *cli, const char *format,
						      va_list args)
{
	fputs("tribune: ", cli->err);
	vfprintf(cli->err, format, args);
	fputc('\n', cli->err);
	fflush(cli->err);
}

int cli_misuse(struct cli *cli, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(cli, format, args);
	va_end(args);
	if (cli->command)
		fprintf(cli->err, "Try: tribune %s --help\n", cli->command->name);
	else
		fputs("Try: tribune --help\n", cli->err);
	fflush(cli->err);
	return 2;
}

int cli_fail(struct cli *cli, int code, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(cli, format, args);
	va_end(args);
	return code;
}

void cli_say(struct cli *cli, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(cli, format, args);
	va_end(args);
}

int cli_refuse(struct cli *cli, str name, str why)
{
	cli_fail(cli, 1, "%" STR_F " was not taken:", STR_A(name));
	while (why.n) {
		str line = str_cut(&why, '\n');

		fprintf(cli->err, "  %" STR_F "\n", STR_A(line));
	}
	return 1;
}

int cli_publish(struct cli *cli)
{
	enum err e = cli->publish_changes(cli);

	return e == OK ? 0
		       : cli_fail(cli, err_exit_code(e),
				  "stored, but readers do not see it yet: run tribune init");
}

/* --- Help. */

static const char common_options[] =
	"  --data DIR        the data directory (default: TRIBUNE_DATA, or ./tribune-data)\n"
	"  --json            results as JSON, for programs\n"
	"  -h, --help        this text\n";

void command_help(FILE *out, const struct command *c)
{
	fprintf(out, "tribune %s: %s\n\n", c->name, c->summary);
	if (c->examples)
		fprintf(out, "Examples:\n%s\n", c->examples);
	fprintf(out, "Usage: tribune %s%s%s%s\n", c->name, c->options ? " [OPTIONS]" : "",
		c->arguments[0] ? " " : "", c->arguments);
	if (c->details)
		fprintf(out, "\n%s", c->details);
	fputs("\nOptions:\n", out);
	for (const struct option *o = c->options; o && o->name; o++) {
		char left[64];
		int n = snprintf(left, sizeof left, "--%s%s%s", o->name, o->value ? " " : "",
				 o->value ? o->value : "");

		fprintf(out, "  %-17s %s%s\n", left, n > 17 ? "\n                    " : "",
			o->help);
	}
	fputs(common_options, out);
}

void command_list(FILE *out, const struct command *const *table)
{
	fputs("tribune: the open platform behind the Universal Periodic Review\n\n"
	      "Examples:\n"
	      "  tribune import export.csv             read an export into the record\n"
	      "  tribune search \"corporal punishment\"  search what is public\n"
	      "  tribune serve                         answer on http://127.0.0.1:8080/\n\n"
	      "Commands:\n",
	      out);
	for (; *table; table++)
		fprintf(out, "  %-17s %s\n", (*table)->name, (*table)->summary);
	fputs("\nEach command has its own help: tribune COMMAND --help\n\nOptions:\n", out);
	fputs(common_options, out);
}

/* --- Parsing. */

static const struct command *command_of(const struct command *const *table, str name)
{
	for (; *table; table++)
		if (str_eq(str_of((*table)->name), name))
			return *table;
	return NULL;
}

/* "video add": a noun and a verb. NULL: the table has no command of NOUN with that verb. */
static const struct command *command_of_two(const struct command *const *table, str noun, str verb)
{
	for (; *table; table++) {
		str name = str_of((*table)->name);

		if (name.n == noun.n + 1 + verb.n && str_starts(name, noun) &&
		    name.p[noun.n] == ' ' && str_ends(name, verb))
			return *table;
	}
	return NULL;
}

/* The verbs of a noun, a line each; false when it is none. */
static bool list_verbs(FILE *out, const struct command *const *table, str noun)
{
	bool any = false;

	for (; *table; table++) {
		str name = str_of((*table)->name);

		if (name.n <= noun.n + 1 || !str_starts(name, noun) || name.p[noun.n] != ' ')
			continue;
		if (!any)
			fprintf(out, "tribune %" STR_F ": what to do?\n\n", STR_A(noun));
		fprintf(out, "  tribune %-18s %s\n", (*table)->name, (*table)->summary);
		any = true;
	}
	return any;
}

static const struct option *option_of(const struct command *c, str name)
{
	for (const struct option *o = c->options; o && o->name; o++)
		if (str_eq(str_of(o->name), name))
			return o;
	return NULL;
}

/* What was probably meant, as a sentence; empty when nothing is near. */
static const char *meant(struct cli *cli, const struct near *n, const char *dashes)
{
	buf b = buf_new(cli->a, 256);

	if (!n->best.p)
		return "";
	buf_printf(&b, "; did you mean %s%" STR_F "?", dashes, STR_A(n->best));
	return arena_cstr(cli->a, buf_str(&b));
}

static int unknown_command(struct cli *cli, const struct command *const *table, str name)
{
	struct near n = near_begin(name);

	for (; *table; table++)
		near_offer(&n, str_of((*table)->name), str_of((*table)->name));
	return cli_misuse(cli, "there is no command \"%" STR_F "\"%s", STR_A(name),
			  meant(cli, &n, ""));
}

static void unknown_option(struct cli *cli, str name)
{
	struct near n = near_begin(name);

	for (const struct option *o = cli->command ? cli->command->options : NULL; o && o->name;
	     o++)
		near_offer(&n, str_of(o->name), str_of(o->name));
	cli_misuse(cli, "there is no option --%" STR_F "%s", STR_A(name), meant(cli, &n, "--"));
}

/* The words that are left to read. */
struct words {
	char **next, **end;
};

/* The value of an option: behind its "=", or the next word. */
static bool take_value(struct cli *cli, struct words *w, str name, str given, str *ret)
{
	if (given.p) {
		*ret = given;
		return true;
	}
	if (w->next == w->end) {
		cli_misuse(cli, "--%" STR_F " needs a value", STR_A(name));
		return false;
	}
	*ret = str_of(*w->next++);
	return true;
}

static bool set_option(struct cli *cli, const struct option *o, char *options, str value)
{
	void *member = options + o->offset;

	switch (o->type) {
	case OPT_FLAG: *(bool *)member = true; return true;
	case OPT_TEXT: *(str *)member = value; return true;
	case OPT_LIST: *vec_add(cli->a, (str_list *)member) = value; return true;
	case OPT_INT: break;
	}
	if (str_to_i64(value, member))
		return true;
	cli_misuse(cli, "--%s wants a number, not \"%" STR_F "\"", o->name, STR_A(value));
	return false;
}

/* Options that every command has. */
static bool take_common(struct cli *cli, struct words *w, str name, str given, bool *ret_good)
{
	*ret_good = true;
	if (str_eq(name, S("json"))) {
		cli->json = true;
		return true;
	}
	if (str_eq(name, S("data"))) {
		*ret_good = take_value(cli, w, name, given, &cli->data);
		return true;
	}
	return false;
}

static bool take_option(struct cli *cli, struct words *w, str word, char *options)
{
	str value = str_from(word, 2), name = str_cut(&value, '=');
	const struct option *o;
	bool good;

	if (take_common(cli, w, name, value, &good))
		return good;
	o = cli->command ? option_of(cli->command, name) : NULL;
	if (!o) {
		unknown_option(cli, name);
		return false;
	}
	if (o->type == OPT_FLAG && value.p) {
		cli_misuse(cli, "--%s takes no value", o->name);
		return false;
	}
	if (o->type != OPT_FLAG && !take_value(cli, w, name, value, &value))
		return false;
	return set_option(cli, o, options, value);
}

static bool is_help(str word)
{
	return str_eq(word, S("--help")) || str_eq(word, S("-h"));
}

static bool right_number(struct cli *cli)
{
	const struct command *c = cli->command;
	int n = (int)cli->n_args;

	if (n < c->least) {
		cli_misuse(cli, "%s needs %s", c->name, c->arguments);
		return false;
	}
	if (c->most >= 0 && n > c->most) {
		cli_misuse(cli, "one word too many: \"%" STR_F "\"", STR_A(cli->args[c->most]));
		return false;
	}
	return true;
}

/* The words of one command, options and arguments in any order. "--" ends the options. */
static int parse_words(struct cli *cli, struct words *w)
{
	char *options = arena_alloc(cli->a, MAX(cli->command->options_size, (size_t)1));
	bool only_args = false;

	if (cli->command->defaults)
		memcpy(options, cli->command->defaults, cli->command->options_size);
	cli->options = options;
	cli->args = NEW_N(cli->a, str, (size_t)(w->end - w->next) + 1);
	while (w->next < w->end) {
		str word = str_of(*w->next++);

		if (!only_args && str_eq(word, S("--"))) {
			only_args = true;
		} else if (!only_args && is_help(word)) {
			command_help(cli->out, cli->command);
			return 0;
		} else if (!only_args && str_starts(word, S("--"))) {
			if (!take_option(cli, w, word, options))
				return 2;
		} else if (!only_args && word.n > 1 && word.p[0] == '-') {
			return cli_misuse(cli, "there is no option %" STR_F, STR_A(word));
		} else {
			cli->args[cli->n_args++] = word;
		}
	}
	return right_number(cli) ? -1 : 2;
}

/* "help NAME", "NAME ..." and "NOUN VERB ...". */
static int parse_command(struct cli *cli, const struct command *const *table, struct words *w)
{
	str name = str_of(*w->next++);

	if (str_eq(name, S("help")) && w->end - w->next == 2)
		cli->command = command_of_two(table, str_of(w->next[0]), str_of(w->next[1]));
	if (cli->command)
		return command_help(cli->out, cli->command), 0;
	if (str_eq(name, S("help")) && w->next < w->end)
		name = str_of(*w->next), *w->next = (char *)(uintptr_t) "--help";
	else if (str_eq(name, S("help")))
		return command_list(cli->out, table), 0;
	cli->command = command_of(table, name);
	if (!cli->command && w->next < w->end)
		cli->command = command_of_two(table, name, str_of(*w->next));
	if (!cli->command && w->next < w->end && is_help(str_of(*w->next)) &&
	    list_verbs(cli->out, table, name))
		return 0;
	if (!cli->command && list_verbs(cli->err, table, name))
		return 2;
	if (!cli->command)
		return unknown_command(cli, table, name);
	if (!str_eq(str_of(cli->command->name), name)) /* its second word is used up */
		w->next++;
	return parse_words(cli, w);
}

int command_parse(struct cli *cli, const struct command *const *table, int argc, char **argv)
{
	struct words w = { argv + 1, argv + argc };
	const char *from_environment = getenv("TRIBUNE_DATA");

	cli->data = from_environment ? str_of(from_environment) : S("tribune-data");
	while (w.next < w.end && str_starts(str_of(*w.next), S("-"))) {
		str word = str_of(*w.next++);

		if (is_help(word)) {
			command_list(cli->out, table);
			return 0;
		}
		if (str_eq(word, S("--version")))
			word = S("version");
		else if (str_starts(word, S("--")) && !take_option(cli, &w, word, NULL))
			return 2;
		else if (!str_starts(word, S("--")))
			return cli_misuse(cli, "there is no option %" STR_F, STR_A(word));
		if (str_eq(word, S("version"))) {
			cli->command = command_of(table, word);
			return parse_words(cli, &w);
		}
	}
	if (w.next == w.end) {
		command_list(cli->err, table);
		return 2;
	}
	return parse_command(cli, table, &w);
}

static bool open_file(struct cli *cli, str name)
{
	struct stat st;
	int fd = open(arena_cstr(cli->a, name), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

	if (fd >= 0 && !cli->command->opens_folders && fstat(fd, &st) == 0 && S_ISDIR(st.st_mode)) {
		close(fd);
		fd = -1;
		errno = EISDIR;
	}
	if (fd < 0) {
		cli_fail(cli, 1, "%" STR_F ": %s", STR_A(name), log_errno(errno));
		return false;
	}
	cli->files[cli->n_files++] = (struct cli_file){ name, fd };
	return true;
}

size_t command_file_names(struct cli *cli, str **ret)
{
	size_t extra = cli->command->extra_file, n = 0;
	str named = extra ? *(const str *)((const char *)cli->options + extra - 1) : (str){ 0 };
	str *more = NULL;
	size_t n_more = cli->command->more_files ? cli->command->more_files(cli, &more) : 0;

	*ret = NEW_N(cli->a, str, cli->n_args + 1 + n_more);
	for (size_t i = 0; i < cli->n_args; i++)
		(*ret)[n++] = cli->args[i];
	if (named.n)
		(*ret)[n++] = named;
	for (size_t i = 0; i < n_more; i++)
		(*ret)[n++] = more[i];
	return n;
}

bool command_open_files(struct cli *cli)
{
	str *names;
	size_t n = command_file_names(cli, &names);

	cli->files = NEW_N(cli->a, struct cli_file, n + 1);
	for (size_t i = 0; i < n; i++)
		if (!open_file(cli, names[i]))
			return false;
	return true;
}

enum err cli_read_file(arena *a, int fd, size_t max, str *ret)
{
	enum { PIECE = 64 << 10 };
	buf all = buf_new(a, max + PIECE);

	for (ssize_t n = 1; n > 0; buf_wrote(&all, (size_t)n)) {
		char *room = all.n <= max ? buf_room(&all, PIECE) : NULL;

		if (!room)
			return E_TOOBIG;
		n = read(fd, room, PIECE);
		if (n < 0)
			return E_IO;
	}
	*ret = buf_str(&all);
	return all.n > max ? E_TOOBIG : OK;
}

bool command_waits(const struct cli *cli)
{
	size_t flag = cli->command->no_wait;

	return !flag || !*((const bool *)cli->options + flag - 1);
}
