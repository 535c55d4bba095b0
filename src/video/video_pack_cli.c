/* tribune video pack: films, subtitles, transcripts and sheets as a ZIP for a screening. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/file.h"
#include "cli/output.h"
#include "publish/segment.h"
#include "recommendation/recommendation_index.h"
#include "text/json.h"
#include "video/video_ledger.h"
#include "video/video_pack.h"
#include "video_public_sql.h"

enum { PIECE_MAX = 256 << 10 };

struct pack_args {
	str to, size, lang, site, series;
};

static const struct pack_args pack_defaults = { .size = S_INIT("video") };

static const struct option pack_rows[] = {
	OPTION_TEXT(struct pack_args, to, "to", "FILE",
		    "the ZIP to write; it must not be there yet"),
	OPTION_TEXT(
		struct pack_args, size, "size", "SIZE",
		"video (default), 720p, 480p, 240p or audio; the next larger where one is missing"),
	OPTION_TEXT(
		struct pack_args, series, "series", "KEY",
		"the videos of a series, instead of codes; those that may not be downloaded are "
		"left out"),
	OPTION_TEXT(struct pack_args, lang, "lang", "LANGUAGE",
		    "of its pages: en, fr, es; all subtitles there are come in any case"),
	OPTION_TEXT(struct pack_args, site, "site", "ADDRESS",
		    "what the addresses in it begin with, such as https://upr.example.org"),
	{ 0 },
};

/* The language of the pages: as asked for, else that of the person. */
static bool lang_of(const struct cli *cli, enum lang *ret)
{
	const struct pack_args *args = cli->options;

	*ret = LANG_EN;
	if (args->lang.n)
		return lang_from_code(args->lang, ret);
	lang_from_code(str_to(cli->lang, 2), ret);
	return true;
}

static int pack_check(struct cli *cli)
{
	const struct pack_args *args = cli->options;
	enum lang lang;

	if (!args->to.n)
		return cli_misuse(cli, "video pack needs --to FILE.zip");
	if ((cli->n_args > 0) == (args->series.n > 0))
		return cli_misuse(cli, "video pack wants codes of videos, or --series KEY");
	if (!video_pack_is_size(args->size))
		return cli_misuse(cli,
				  "--size is video, 720p, 480p, 240p or audio, not \"%" STR_F "\"",
				  STR_A(args->size));
	if (!lang_of(cli, &lang))
		return cli_misuse(cli,
				  "there are no pages in \"%" STR_F
				  "\"; --lang is en, fr or es, and subtitles in all languages come "
				  "in any case",
				  STR_A(args->lang));
	if (args->site.n && !str_starts(args->site, S("https://")) &&
	    !str_starts(args->site, S("http://")))
		return cli_misuse(cli, "--site begins with https://, not \"%" STR_F "\"",
				  STR_A(args->site));
	if (cli->n_args > VIDEO_PACK_MAX)
		return cli_misuse(cli, "a pack has at most %d videos", VIDEO_PACK_MAX);
	return 0;
}

static const char *why_words(const char *why)
{
	return strcmp(why, "withdrawn") == 0 ? "was withdrawn"
	       : strcmp(why, "no-download") == 0
		       ? "may not be downloaded: its people did not agree to "
			 "that"
		       : "is not the code of a video that readers see";
}

/* The ids of all codes. Each that cannot be in a pack is named; then none is made. */
static int find_all(struct cli *cli, int64_t *ids)
{
	int code = 0;

	for (size_t i = 0; i < cli->n_args; i++) {
		const char *why = NULL;
		enum err e = video_pack_find(cli->pub, cli->a, cli->args[i], &ids[i], &why);

		if (e != OK)
			return cli_fail(cli, err_exit_code(e), "public.db cannot be read: %s",
					err_text(e));
		if (why)
			code = cli_fail(cli, 1, "%" STR_F " %s", STR_A(cli->args[i]),
					why_words(why));
	}
	return code;
}

/* The videos of a series that may be in a pack, as if their codes had been given. */
static int find_series(struct cli *cli, int64_t *ids, str *ret_title)
{
	const struct pack_args *args = cli->options;
	struct pack_series_codes *rows;
	struct pack_series_title title;
	enum lang lang;
	size_t n, left_out = 0;
	enum err e = pack_series_codes(cli->pub, cli->a, args->series, &rows, &n);

	lang_of(cli, &lang);
	if (e == OK && n)
		e = pack_series_title(cli->pub, cli->a, args->series, lang_code(lang), &title);
	if (e != OK)
		return cli_fail(cli, err_exit_code(e), "public.db cannot be read: %s", err_text(e));
	if (n)
		*ret_title = title.text;
	cli->args = NEW_N(cli->a, str, n);
	for (size_t i = 0; i < n && cli->n_args < VIDEO_PACK_MAX; i++) {
		const char *why = NULL;

		if (video_pack_find(cli->pub, cli->a, rows[i].code, &ids[cli->n_args], &why) ==
			    OK &&
		    !why)
			cli->args[cli->n_args++] = rows[i].code;
		else
			left_out++;
	}
	if (left_out)
		cli_say(cli, "%zu left out: their people did not agree to downloads", left_out);
	return cli->n_args
		       ? 0
		       : cli_fail(cli, 1,
				  "%" STR_F " is not the key of a series that readers see and may "
				  "download; tribune series list has them",
				  STR_A(args->series));
}

static enum err make(struct cli *cli, str title, const int64_t *ids, struct video_pack **ret)
{
	static const struct segment_kind *const kinds[] = { &vocabularies_segment,
							    &states_segment,
							    &calendar_segment,
							    &sources_segment,
							    &records_segment,
							    &lexicon_segment,
							    NULL };
	const struct pack_args *args = cli->options;
	struct video_pack_order order = {
		.size = args->size,
		.site = str_ends(args->site, S("/")) ? str_to(args->site, args->site.n - 1)
						     : args->site,
		.media = str_of(video_path(cli->a, cli->data, "media")),
		.title = title,
		.videos = ids,
		.n = cli->n_args,
	};
	struct snapshot *snapshot = NULL;
	enum err e = segments_build(cli->pub, kinds, NULL, &snapshot);

	lang_of(cli, &order.lang);
	cli->pub->snapshot = snapshot;
	if (e == OK)
		e = video_pack_make(cli->pub, cli->a, &order, ret);
	cli->pub->snapshot = NULL;
	snapshot_release(snapshot);
	return e;
}

static enum err write_pack(struct cli *cli, struct video_pack *pack, int fd, uint64_t *ret_bytes)
{
	buf piece = buf_new(cli->a, PIECE_MAX);
	struct progress progress;
	bool more = true;
	enum err e = OK;

	*ret_bytes = 0;
	progress_begin(&progress, cli);
	while (more && e == OK) {
		buf_clear(&piece);
		e = cli->cancelled(cli) ? E_CANCEL : video_pack_pull(pack, &piece, &more);
		if (e == OK)
			e = file_write(fd, buf_str(&piece));
		*ret_bytes += piece.n;
		progress_show(&progress, "packing", (int64_t)*ret_bytes,
			      (int64_t)video_pack_size(pack));
	}
	progress_end(&progress);
	video_pack_done(pack);
	return e == OK && fsync(fd) != 0 ? E_IO : e;
}

/* Beside FILE, which gets its name when it is whole: never half a pack. */
static enum err write_file(struct cli *cli, struct video_pack *pack, uint64_t *ret_bytes)
{
	const struct pack_args *args = cli->options;
	buf partial = buf_new(cli->a, 8192);
	const char *to = arena_cstr(cli->a, args->to), *from;
	enum err e;
	int fd;

	buf_printf(&partial, "%" STR_F ".partial", STR_A(args->to));
	from = arena_cstr(cli->a, buf_str(&partial));
	fd = open(from, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0666);
	if (fd < 0)
		return errno == EACCES ? E_DENIED : errno == ENOENT ? E_NOTFOUND : E_IO;
	e = write_pack(cli, pack, fd, ret_bytes);
	if (close(fd) != 0 && e == OK)
		e = E_IO;
	if (e == OK && link(from, to) != 0) /* unlike rename it replaces nothing */
		e = errno == EEXIST ? E_CONFLICT : rename(from, to) == 0 ? OK : E_IO;
	unlink(from);
	return e;
}

static void say_packed(struct cli *cli, const struct video_pack *pack, uint64_t bytes)
{
	const struct pack_args *args = cli->options;
	str notes = video_pack_notes(pack);
	buf o = buf_new(cli->a, 64 << 10);
	struct json j = json_begin(&o, false);

	while (notes.n) {
		str line = str_cut(&notes, '\n'), code = str_cut(&line, ' ');

		cli_say(cli, "%" STR_F ": there is no %" STR_F " of it; it is there as %" STR_F,
			STR_A(code), STR_A(args->size), STR_A(line));
	}
	if (!args->site.n)
		cli_say(cli, "its addresses lack the name of your site; --site https://... puts it "
			     "in front");
	if (!cli->json) {
		cli_say(cli,
			"%" STR_F ": %zu video%s, %" STR_F " bytes; unpack it and open index.html",
			STR_A(args->to), cli->n_args, cli->n_args == 1 ? "" : "s",
			STR_A(number_text(cli->a, (int64_t)bytes)));
		return;
	}
	json_object_begin(&j);
	json_key_str(&j, S("file"), args->to);
	json_key_i64(&j, S("bytes"), (int64_t)bytes);
	json_key_i64(&j, S("videos"), (int64_t)cli->n_args);
	json_object_end(&j);
	if (json_end(&j) == OK)
		fprintf(cli->out, "%" STR_F "\n", STR_A(buf_str(&o)));
}

static int pack_run(struct cli *cli)
{
	const struct pack_args *args = cli->options;
	int64_t *ids = NEW_N(cli->a, int64_t, VIDEO_PACK_MAX);
	struct video_pack *pack = NULL;
	str title = S("");
	uint64_t bytes = 0;
	enum err e = db_begin(cli->pub->db);
	int code = 0;

	if (e == OK)
		code = args->series.n ? find_series(cli, ids, &title) : find_all(cli, ids);
	if (access(arena_cstr(cli->a, args->to), F_OK) == 0)
		code = cli_fail(cli, 1, "%" STR_F " is there already", STR_A(args->to));
	if (e == OK && code == 0)
		e = make(cli, title, ids, &pack);
	db_rollback(cli->pub->db); /* nothing was written; the films need no database */
	if (code)
		return code;
	if (e == OK)
		e = write_file(cli, pack, &bytes);
	if (e != OK)
		return cli_fail(cli, err_exit_code(e), "%" STR_F " was not written: %s",
				STR_A(args->to), err_text(e));
	say_packed(cli, pack, bytes);
	return 0;
}

const struct command video_pack_command = {
	.name = "video pack",
	.arguments = "[CODE...]",
	.summary = "write a ZIP for a screening without a network: films, subtitles, sheets",
	.details = "For a USB stick: index.html shows the films, their transcripts and how to cite "
		   "them, and needs no\n"
		   "server. Only what readers see gets in, and only what people agreed to have "
		   "downloaded.\n",
	.examples = "  tribune video pack 7k2mqxh4wd --to talk.zip --size 480p --lang fr\n"
		    "  tribune video pack --series people-behind-the-upr --to people.zip\n",
	.options = pack_rows,
	.options_size = sizeof(struct pack_args),
	.defaults = &pack_defaults,
	.most = -1,
	.needs = NEEDS_PUBLIC,
	.check = pack_check,
	.run = pack_run,
};
