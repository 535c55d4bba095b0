/*
 * The command line: one row a command. From the row come parsing, --help, the man page's synopsis and
 * the rule of the one writer: who may run where.
 */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include "base/base.h"

struct core;
struct publish;
struct public;
struct cli;

/* What a command wants opened before it runs. The first three never need the server. */
enum command_needs {
	NEEDS_NOTHING,
	NEEDS_PUBLIC, /* cli->pub: what readers see, read-only */
	NEEDS_CORE,   /* cli->core: read-only, beside a running server */
	NEEDS_WRITER, /* cli->core: the one that writes; in the server when one is running */
	NEEDS_LOCK,   /* the data directory for itself: refused while a server is running */
};

enum option_type { OPT_FLAG, OPT_TEXT, OPT_INT, OPT_LIST };

/* An option is a member of the command's own struct of options. */
struct option {
	enum option_type type;
	size_t offset;     /* of a bool, str, int64_t or str_list */
	const char *name;  /* without the dashes */
	const char *value; /* what stands for its value in the help; NULL for a flag */
	const char *help;
};

typedef VEC(str) str_list;

/* clang-format off */
#define OPTION_FLAG(type, member, name, help)        { OPT_FLAG, offsetof(type, member), name, NULL, help }
#define OPTION_TEXT(type, member, name, value, help) { OPT_TEXT, offsetof(type, member), name, value, help }
#define OPTION_INT(type, member, name, value, help)  { OPT_INT, offsetof(type, member), name, value, help }
#define OPTION_LIST(type, member, name, value, help) { OPT_LIST, offsetof(type, member), name, value, help }
/* clang-format on */

struct command {
	const char *name;             /* one word, or a noun and a verb: "video add" */
	const char *arguments;        /* as the help shows them: "FILE..." */
	const char *summary;          /* one line, no full stop */
	const char *details;          /* paragraphs, or NULL */
	const char *examples;         /* a line each */
	const struct option *options; /* ended by a row without a name, or NULL */
	size_t options_size;          /* of the struct that the options fill */
	const void *defaults;         /* of that struct; NULL: zeroes */
	int least, most;              /* arguments; most < 0: any number */
	bool opens_files; /* the arguments are files: the caller opens them, and hands them to the server */
	bool opens_folders; /* a folder will do as well as a file */
	/* Further files that the options name, opened behind all others. Answers how many. May be NULL. */
	size_t (*more_files)(struct cli *cli, str **ret);
	size_t extra_file; /* an option that names one more file, opened behind them: its offset + 1 */
	size_t no_wait;    /* a flag: do not wait for another writer: its offset + 1 */
	enum command_needs needs;
	bool mends_public; /* runs although public.db cannot be opened */
	/* Where the options change what is needed: a dry run only reads. May be NULL. */
	enum command_needs (*needs_with)(const void *options);
	/* What can be said of the words alone, before a file is opened or a folder made: 0, or an exit code.
	 * May be NULL. */
	int (*check)(struct cli *cli);
	int (*run)(struct cli *cli); /* the exit code */
};

/* A file given on the command line. */
struct cli_file {
	str name; /* as given, for messages */
	int fd;
};

/* One run of one command: here, or in the server on behalf of a process that waits. */
struct cli {
	arena *a;
	const struct command *command;
	const void *options;
	str *args;
	size_t n_args;
	struct cli_file *files; /* of the arguments, when the command opens files */
	size_t n_files;
	str data;  /* the data directory */
	bool json; /* --json: results as JSON */
	str lang;  /* of the person: "fr" */
	bool in_server;
	FILE *out, *err; /* results; messages */
	bool out_is_tty, err_is_tty;
	bool (*cancelled)(struct cli *cli); /* Ctrl-C, or the waiting process has gone */
	void *cancel_arg;
	struct core *core;
	struct publish *publish; /* with NEEDS_WRITER */
	struct public *pub;
	/* After a command has written: brings the public side up to date, and with it the readers. */
	enum err (*publish_changes)(struct cli *cli);
	struct app *app; /* main.c's: what the server and the publisher hang on */
};

/* For the person who typed: "tribune: " and the line, to cli->err. Returns 2, the exit code of misuse,
 * or the one given. */
int cli_misuse(struct cli *cli, const char *format, ...) __attribute__((format(printf, 2, 3)));
int cli_fail(struct cli *cli, int code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void cli_say(struct cli *cli, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* "NAME was not taken:" and below it what is wrong with the file, a line each of WHY. Returns 1. */
int cli_refuse(struct cli *cli, str name, str why);

/* What a command does once it has stored something: publish_changes, and a sentence when that fails. Returns the
 * exit code. */
int cli_publish(struct cli *cli);

/* Fills cli->command, options, args, data and json from the words after the program's name. Answers
 * -1 when the command should run, otherwise the exit code of a run that is over: help was shown (0) or
 * the words made no sense (2), and a sentence said so. */
int command_parse(struct cli *cli, const struct command *const *table, int argc, char **argv);

/* The files that the command opens, in their order: the arguments, then those that options name. */
size_t command_file_names(struct cli *cli, str **ret);

/* Opens what the arguments name. Says what is wrong and answers false when one cannot be opened. */
bool command_open_files(struct cli *cli);

/* The whole of an open file, in A. E_TOOBIG: over MAX bytes. */
MUST enum err cli_read_file(arena *a, int fd, size_t max, str *ret);

/* Whether the person wants to wait for another process that writes. */
bool command_waits(const struct cli *cli);

void command_help(FILE *out, const struct command *c);
void command_list(FILE *out, const struct command *const *table);

#endif
