/*
 * What main.c puts together from the slices: tables that commands and the server work through.
 */
#ifndef APP_APP_H
#define APP_APP_H

#include "cli/command.h"
#include "job/import.h"
#include "publish/publish.h"
#include "publish/segment.h"

struct route_table;
struct panel_table;

struct app {
	const struct command *const *commands;
	const struct publish_kind *const *kinds;
	const struct importer *const *importers;
	const struct import_noun *const *nouns;
	const struct segment_kind *const *segments;
	/* How many things change at NOW by the clock alone; WAKE notes them for the publisher. */
	enum err (*due)(struct core *core, arena *a, int64_t now, size_t *ret);
	enum err (*wake)(struct core *core, arena *a, int64_t now, size_t *ret);
	/* In the server: makes the next snapshot of what is about to be published, and puts it in place once
	 * it is. Readers see the result before the command answers. */
	enum err (*prepare)(struct app *app, struct public *seen);
	void (*swap)(struct app *app);
	const struct route_table *routes;
	size_t n_routes;
	const struct panel_table *panels;
	size_t n_panels;
	struct server *server; /* NULL outside the server */
	bool erased; /* something was withdrawn on opening: once that is published, no log keeps it */
};

/* Names this build of the program: a digest of itself. */
const char *app_build(void);

/* core.db, public.db and so on in the data directory. */
str data_path(arena *a, str data, str name);

/* Opens core.db to write: migrates it, and puts in the reference data of this program when it is not
 * there yet. Says what is wrong to cli->err; answers an exit code, 0 when all is well. */
int app_open_core(struct cli *cli);

/* What commands that only read open, beside a running server too: cli->core or cli->pub. They migrate
 * nothing, so a data directory of another version is refused. Exit codes, as above. */
int app_open_core_readonly(struct cli *cli);
int app_open_public(struct cli *cli);

/* For commands that write, yet make no sense without data: 0, or the exit code of having said so. Without
 * it a misspelt --data would become a folder. */
int app_check_data(struct cli *cli);

/* True when CORE holds the reference data of this program, and nothing of it has got lost. */
MUST enum err app_reference_is_whole(struct core *core, arena *a, bool *ret);

/* The layout of core.db, and the one that this program knows; the layout of public.db, as a digest. */
struct db_version;
MUST enum err app_core_version(struct core *core, arena *a, struct db_version *ret);
str app_public_layout(arena *a);

/* An empty core with the reference data, in memory: for dry runs without a data directory. */
int app_open_core_in_memory(struct cli *cli);

/* Opens public.db to write. A file of another layout is made anew, a damaged one is refused. */
int app_open_publish(struct cli *cli);

/* After a command has written: brings the public side up to date, and with it the readers. */
MUST enum err app_publish(struct cli *cli);

/* Deletes public.db, so that it is made anew when it is opened next. */
MUST enum err app_drop_public(arena *a, str data);

/* In words, with what to do next. Answers the exit code of E. */
int app_fail(struct cli *cli, enum err e, const char *what);

#endif
