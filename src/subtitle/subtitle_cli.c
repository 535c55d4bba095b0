/* tribune subtitle check, tribune subtitle convert. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "cli/output.h"
#include "subtitle/subtitle.h"
#include "text/json.h"

enum { JSON_MAX = 256 << 20 };

/* --- check */

struct check_args {
	str lang, charset;
	int64_t duration;
	bool as_written;
};

static const struct option check_rows[] = {
	OPTION_TEXT(struct check_args, lang, "lang", "CODE",
		    "the language it should be in, such as fr"),
	OPTION_INT(struct check_args, duration, "duration", "S",
		   "how long the video is, in seconds"),
	OPTION_TEXT(struct check_args, charset, "charset", "NAME",
		    "the charset, where it is not found right"),
	OPTION_FLAG(struct check_args, as_written, "as-written",
		    "read WebVTT by the letter of its specification, mend nothing"),
	{ 0 },
};

static void put_settings(struct json *j, arena *a, const struct sub_settings *s)
{
	buf o = buf_new(a, 4096);

	sub_settings_put(&o, s);
	json_key_str(j, S("settings"), o.n ? str_trim(buf_str(&o)) : S(""));
}

static void put_tree(struct json *j, const struct sub_node *node)
{
	static const char *const names[] = { "text", "time", "c",  "i", "b",
					     "u",    "ruby", "rt", "v", "lang" };

	json_array_begin(j);
	for (; node; node = node->next) {
		json_object_begin(j);
		json_key_str(j, S("type"), str_of(names[node->tag]));
		if (node->tag == SUB_STAMP)
			json_key_i64(j, S("time"), node->stamp);
		else if (node->text.n)
			json_key_str(j, node->tag == SUB_WORDS ? S("text") : S("annotation"),
				     node->text);
		if (node->classes.n)
			json_key_str(j, S("classes"), node->classes);
		if (node->tag != SUB_WORDS && node->tag != SUB_STAMP) {
			json_key(j, S("children"));
			put_tree(j, node->child);
		}
		json_object_end(j);
	}
	json_array_end(j);
}

static void put_cue(struct json *j, arena *a, const struct sub_cue *c)
{
	json_object_begin(j);
	json_key_i64(j, S("start"), c->start);
	json_key_i64(j, S("end"), c->end);
	if (c->id.n)
		json_key_str(j, S("id"), c->id);
	put_settings(j, a, &c->settings);
	json_key_str(j, S("markup"), c->text);
	json_key_str(j, S("text"), sub_plain(a, c->text));
	json_key(j, S("tree"));
	put_tree(j, sub_tree(a, c->text));
	json_object_end(j);
}

static void put_repairs(struct json *j, const struct sub_file *f)
{
	json_key(j, S("repairs"));
	json_array_begin(j);
	vec_each (struct sub_repair, r, &f->repairs) {
		json_object_begin(j);
		json_key_str(j, S("code"), str_of(r->code));
		json_key_i64(j, S("line"), r->line);
		json_key_i64(j, S("cue"), r->cue);
		json_key_str(j, S("value"), r->value);
		json_object_end(j);
	}
	json_array_end(j);
}

static void put_file(struct json *j, arena *a, str name, const struct sub_file *f,
		     const struct sub_quality *q)
{
	json_object_begin(j);
	json_key_str(j, S("file"), name);
	json_key_str(j, S("format"), sub_format_name(f->format));
	json_key_str(j, S("charset"), f->charset);
	json_key(j, S("cues"));
	json_array_begin(j);
	vec_each (struct sub_cue, c, &f->cues)
		put_cue(j, a, c);
	json_array_end(j);
	put_repairs(j, f);
	json_key(j, S("notes"));
	json_array_begin(j);
	vec_each (struct sub_note, n, &q->notes) {
		json_object_begin(j);
		json_key_str(j, S("code"), str_of(n->code));
		json_key_i64(j, S("cue"), n->cue);
		json_key_i64(j, S("value"), n->value);
		json_object_end(j);
	}
	json_array_end(j);
	json_key_i64(j, S("score"), q->score);
	json_object_end(j);
}

static void say_file(struct cli *cli, str name, const struct sub_file *f,
		     const struct sub_quality *q)
{
	enum { MOST = 20 };
	enum lang lang = LANG_EN;
	size_t said = 0;

	lang_from_code(cli->lang, &lang);
	fprintf(cli->out, "%" STR_F ": %" STR_F ", %zu cues, %" STR_F ", score %d of 100\n",
		STR_A(name), STR_A(sub_format_name(f->format)), f->cues.n, STR_A(f->charset),
		q->score);
	vec_each (struct sub_repair, r, &f->repairs)
		if (said++ < MOST)
			fprintf(cli->out, "  line %lld: %" STR_F "%s%" STR_F "\n",
				(long long)r->line, STR_A(sub_repair_words(lang, r->code)),
				r->value.n ? ": " : "", STR_A(str_to(r->value, 60)));
	vec_each (struct sub_note, n, &q->notes)
		if (said++ < 2 * MOST)
			fprintf(cli->out, "  cue %lld: %" STR_F "\n", (long long)n->cue,
				STR_A(sub_note_words(cli->a, lang, n)));
	if (said > 2 * MOST)
		fprintf(cli->out, "  and %zu more; --json gives all of them\n", said - 2 * MOST);
}

static enum err read_subtitles(struct cli *cli, const struct cli_file *file,
			       const struct sub_options *options, struct sub_file **ret)
{
	buf why = buf_new(cli->a, 1024);
	str bytes;
	enum err e = cli_read_file(cli->a, file->fd, SUB_FILE_MAX, &bytes);

	if (e == OK)
		e = sub_read(cli->a, bytes, options, ret, &why);
	else
		buf_put(&why, e == E_TOOBIG ? S("it is over 16 MB") : S("it cannot be read"));
	if (e != OK)
		cli_fail(cli, 1, "%" STR_F ": %" STR_F, STR_A(file->name), STR_A(buf_str(&why)));
	return e;
}

static int check_run(struct cli *cli)
{
	const struct check_args *args = cli->options;
	const struct sub_options options = { .charset = args->charset,
					     .as_written = args->as_written };
	buf o = buf_new(cli->a, JSON_MAX);
	struct json j = json_begin(&o, true);
	int bad = 0;

	json_array_begin(&j);
	for (size_t i = 0; i < cli->n_files; i++) {
		struct sub_file *f;
		struct sub_quality q;

		if (read_subtitles(cli, &cli->files[i], &options, &f) != OK ||
		    sub_check(cli->a, f, args->lang, args->duration * 1000, &q) != OK) {
			bad = 1;
			continue;
		}
		if (cli->json)
			put_file(&j, cli->a, cli->files[i].name, f, &q);
		else
			say_file(cli, cli->files[i].name, f, &q);
	}
	json_array_end(&j);
	if (!cli->json)
		return bad;
	if (json_end(&j) != OK || o.err != OK)
		return cli_fail(cli, 1, "these files are too much to print at once");
	fprintf(cli->out, "%" STR_F "\n", STR_A(buf_str(&o)));
	return bad;
}

const struct command subtitle_check_command = {
	.name = "subtitle check",
	.arguments = "FILE...",
	.summary = "read subtitles, say what was mended and what a reader would stumble over",
	.details = "Reads WebVTT, SRT, SBV, TTML and ASS, in any charset. Notes never stop a file "
		   "from being\n"
		   "used. With --json: all cues with their times in milliseconds, settings, text "
		   "and tree.\n",
	.examples = "  tribune subtitle check interview.fr.srt --lang fr\n"
		    "  tribune subtitle check *.vtt --json\n",
	.options = check_rows,
	.options_size = sizeof(struct check_args),
	.least = 1,
	.most = -1,
	.opens_files = true,
	.needs = NEEDS_NOTHING,
	.run = check_run,
};

/* --- convert */

struct convert_args {
	str to, charset, lang;
	bool force;
};

static const struct option convert_rows[] = {
	OPTION_TEXT(struct convert_args, to, "to", "FORMAT",
		    "vtt, srt, ttml, txt or md, where OUT does not say it"),
	OPTION_TEXT(struct convert_args, lang, "lang", "CODE", "the language, for TTML"),
	OPTION_TEXT(struct convert_args, charset, "charset", "NAME",
		    "the charset of IN, where it is not found right"),
	OPTION_FLAG(struct convert_args, force, "force", "replace OUT when it is there"),
	{ 0 },
};

static enum sub_format format_wanted(const struct convert_args *args, str out)
{
	if (!args->to.n)
		return sub_format_of_name(out);
	for (int i = SUB_VTT; i <= SUB_MARKDOWN; i++)
		if (str_eq(args->to, sub_format_name((enum sub_format)i)))
			return (enum sub_format)i;
	return SUB_UNKNOWN;
}

static int write_out(struct cli *cli, str out, str bytes, bool force)
{
	int fd;
	ssize_t n;

	if (str_eq(out, S("-")))
		return fwrite(bytes.p, 1, bytes.n, cli->out) == bytes.n
			       ? 0
			       : cli_fail(cli, 74, "not all of it was written");
	fd = open(arena_cstr(cli->a, out),
		  O_WRONLY | O_CREAT | O_CLOEXEC | (force ? O_TRUNC : O_EXCL), 0666);
	if (fd < 0)
		return cli_fail(cli, 73, "%" STR_F ": %s%s", STR_A(out), log_errno(errno),
				errno == EEXIST ? " (--force replaces it)" : "");
	n = write(fd, bytes.p, bytes.n);
	if (close(fd) != 0 || n != (ssize_t)bytes.n)
		return cli_fail(cli, 74, "%" STR_F ": not all of it was written", STR_A(out));
	return 0;
}

static int convert_run(struct cli *cli)
{
	const struct convert_args *args = cli->options;
	const struct sub_options options = { .charset = args->charset };
	enum sub_format to = format_wanted(args, cli->args[1]);
	struct cli_file in = { cli->args[0],
			       open(arena_cstr(cli->a, cli->args[0]), O_RDONLY | O_CLOEXEC) };
	buf o = buf_new(cli->a, SUB_FILE_MAX * 8);
	struct sub_file *f;
	enum err e;

	if (in.fd < 0)
		return cli_fail(cli, 1, "%" STR_F ": %s", STR_A(in.name), log_errno(errno));
	e = read_subtitles(cli, &in, &options, &f);
	close(in.fd);
	if (e != OK)
		return 1;
	if (sub_write(&o, cli->a, f, to,
		      args->lang.n ? args->lang
		      : f->lang.n  ? f->lang
				   : S("")) != OK)
		return cli_misuse(cli,
				  "vtt, srt, ttml, txt and md can be written; name one with --to");
	return write_out(cli, cli->args[1], buf_str(&o), args->force);
}

const struct command subtitle_convert_command = {
	.name = "subtitle convert",
	.arguments = "IN OUT",
	.summary = "write subtitles as WebVTT, SRT, TTML, or as a transcript",
	.details = "The format follows from the end of OUT's name; - is standard output.\n",
	.examples = "  tribune subtitle convert talk.srt talk.vtt\n"
		    "  tribune subtitle convert talk.vtt - --to md\n",
	.options = convert_rows,
	.options_size = sizeof(struct convert_args),
	.least = 2,
	.most = 2,
	.needs = NEEDS_NOTHING,
	.run = convert_run,
};
