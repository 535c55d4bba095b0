/* Timed text, by the cases and the files of others, where ../shared/data is at hand. */
#include <dirent.h>
#include <jansson.h>
#include <sys/stat.h>

#include "subtitle/subtitle.h"
#include "tests/tap.h"

#define SHARED "../shared/data/"
#define CASES  SHARED "conformance/webvtt-wpt/test/"

static struct sub_file *read_as(arena *a, str bytes, struct sub_options options)
{
	struct sub_file *f = NULL;
	buf why = buf_new(a, 1024);

	return sub_read(a, bytes, &options, &f, &why) == OK ? f : NULL;
}

static str slurp(arena *a, const char *path)
{
	FILE *in = fopen(path, "rb");
	char *p = arena_alloc(a, SUB_FILE_MAX + 1);
	size_t n = in ? fread(p, 1, SUB_FILE_MAX, in) : 0;

	if (in)
		fclose(in);
	return (str){ in ? p : NULL, n };
}

/* --- Trees of cues */

static void dump(buf *o, const struct sub_node *node, int depth)
{
	static const char *const names[] = {
		[SUB_C] = "span",    [SUB_I] = "i",   [SUB_B] = "b",    [SUB_U] = "u",
		[SUB_RUBY] = "ruby", [SUB_RT] = "rt", [SUB_V] = "span", [SUB_LANG] = "span"
	};

	for (; node; node = node->next) {
		buf_printf(o, "| %*s", depth * 2, "");
		if (node->tag == SUB_WORDS)
			buf_printf(o, "\"%" STR_F "\"\n", STR_A(node->text));
		else if (node->tag == SUB_STAMP)
			buf_printf(o, "<?timestamp %02lld:%02lld:%02lld.%03lld>\n",
				   (long long)(node->stamp / 3600000),
				   (long long)(node->stamp / 60000 % 60),
				   (long long)(node->stamp / 1000 % 60),
				   (long long)(node->stamp % 1000));
		else {
			buf_printf(o, "<%s>\n", names[node->tag]);
			if (node->classes.n)
				buf_printf(o, "| %*sclass=\"%" STR_F "\"\n", depth * 2 + 2, "",
					   STR_A(node->classes));
			if (node->tag == SUB_LANG)
				buf_printf(o, "| %*slang=\"%" STR_F "\"\n", depth * 2 + 2, "",
					   STR_A(node->text));
			if (node->tag == SUB_V)
				buf_printf(o, "| %*stitle=\"%" STR_F "\"\n", depth * 2 + 2, "",
					   STR_A(node->text));
			dump(o, node->child, depth + 1);
		}
	}
}

static void test_trees(arena *a)
{
	static const char *const files[] = { "entities", "tags", "text", "timestamps",
					     "tree-building" };

	for (size_t i = 0; i < COUNT_OF(files); i++) {
		buf path = buf_new(a, 512);
		json_t *all, *one;
		size_t k, bad = 0;

		buf_printf(&path, CASES "wpt-cue-parsing/%s.json", files[i]);
		all = json_load_file(arena_cstr(a, buf_str(&path)), JSON_ALLOW_NUL, NULL);
		if (!all) {
			skip(1, "no " SHARED ": cue trees of web-platform-tests");
			continue;
		}
		json_array_foreach(all, k, one)
		{
			buf got = buf_new(a, 1 << 16), file = buf_new(a, 1 << 16);
			struct sub_file *f;
			json_t *given = json_object_get(one, "text");
			str text = { json_string_value(given), json_string_length(given) };
			str want = str_of(json_string_value(json_object_get(one, "expectedTree")));

			buf_put(&file, S("WEBVTT\n\n00:00.000 --> 00:01.000\n"));
			buf_put(&file, text);
			f = read_as(a, buf_str(&file), (struct sub_options){ .as_written = true });
			dump(&got, sub_tree(a, f->cues.p[0].text), 0);
			if (!str_eq(buf_str(&got), want) && ++bad < 4)
				printf("# %s: \"%.*s\"\n# got:\n%.*s# want:\n%.*s", files[i],
				       (int)text.n, text.p, (int)got.n, got.p ? got.p : "",
				       (int)want.n, want.p);
		}
		ok(bad == 0, "%s: %zu trees as the specification asks", files[i],
		   json_array_size(all));
		json_decref(all);
	}
}

/* --- Files by the letter */

enum field { IDS, TEXTS, TIMES, SETTINGS, LINES, SIZES, REGION_LINES, SCROLLS, ANCHORS, VIEWPORTS };

static const struct sub_region *region_of(const struct sub_file *f, const struct sub_cue *c)
{
	for (size_t i = f->regions.n; i-- > 0;)
		if (str_eq(f->regions.p[i].id, c->settings.region))
			return &f->regions.p[i];
	return NULL;
}

static void put_region_field(buf *o, const struct sub_region *r, enum field field)
{
	if (!r)
		buf_put(o, S("none"));
	else if (field == REGION_LINES)
		buf_printf(o, "%g", r->lines);
	else if (field == SCROLLS)
		buf_put(o, r->scroll_up ? S("up") : S(""));
	else if (field == ANCHORS)
		buf_printf(o, "%g,%g", r->anchor_x, r->anchor_y);
	else
		buf_printf(o, "%g,%g", r->viewport_x, r->viewport_y);
}

static void put_field(buf *o, const struct sub_file *f, const struct sub_cue *c, enum field field)
{
	const struct sub_settings *s = &c->settings;

	switch (field) {
	case IDS: buf_put(o, c->id); break;
	case TEXTS: buf_put(o, c->text); break;
	case TIMES: buf_printf(o, "%lld-%lld", (long long)c->start, (long long)c->end); break;
	case SETTINGS: sub_settings_put(o, s); break;
	case SIZES: buf_printf(o, "%g", s->size); break;
	case LINES:
		if (s->auto_line)
			buf_put(o, S("auto"));
		else
			buf_printf(o, "%g%s%c", s->line, s->snap ? "" : "%", s->line_align);
		break;
	case REGION_LINES:
	case SCROLLS:
	case ANCHORS:
	case VIEWPORTS: put_region_field(o, region_of(f, c), field); break;
	}
}

#define TWICE(x) x x
#define FOUR(x)  TWICE(x) TWICE(x)
#define ANCHORS_WANTED                                                                    \
	"0,100|0,0|1,1|100,0|0,100|100,100|" FOUR("0,100|") FOUR("0,100|") FOUR("0,100|") \
		TWICE("0,100|")
#define AUTOS \
	FOUR("auto|") FOUR("auto|") FOUR("auto|") FOUR("auto|") FOUR("auto|") "auto|auto|auto|"

/* What the specification makes of each file: one field of every cue, a | behind each. */
static const struct {
	const char *file;
	enum field field;
	const char *want;
} letters[] = {
	{ "arrows", TEXTS, "text0|text1|text2|text3|text4|text5|" },
	{ "arrows", IDS, "||||||" },
	{ "header-garbage", TEXTS, "text|" },
	{ "header-space", TEXTS, "text|" },
	{ "header-tab", TEXTS, "text|" },
	{ "header-timings", TEXTS, "text|" },
	{ "ids", IDS, " leading space|trailing space |-- >|->| |" },
	{ "newlines", IDS, "cr|lf|crlf|lfcr|" },
	{ "newlines", TEXTS, "text0|text1|text2|text3|" },
	{ "nulls", IDS, "|\uFFFD (null in id)|\uFFFD (null in cue data)|||||" },
	{ "nulls", TEXTS, "text0|text1|\uFFFDtext\uFFFD2|text3|text4|text5|text6|" },
	{ "nulls", SETTINGS, "|||||| align:end|" },
	{ "regions-id", REGION_LINES, "2|1|3|4|" },
	{ "regions-lines", REGION_LINES,
	  "0|1|100|101|65536|4.29497e+09|1.84467e+19|1e+34|2|3|3|3|3|" },
	{ "regions-old", REGION_LINES, "none|none|" },
	{ "regions-regionanchor", ANCHORS, ANCHORS_WANTED },
	{ "regions-scroll", SCROLLS, "|up|up|||up|" },
	{ "regions-viewportanchor", VIEWPORTS, ANCHORS_WANTED },
	{ "settings-align", SETTINGS,
	  "| align:start|| align:end| align:left| align:right| align:end| align:end| align:end|"
	  " align:end| align:end| align:end||" },
	{ "settings-line", LINES,
	  "-1s|0s|-0s|1s|100s|101s|65536s|4.29497e+09s|1.84467e+19s|1e+34s|1.5s|1.79769e+308s|"
	  "-1.79769e+308s|4.94066e-324s|0s|" AUTOS
	  "0%s|0%s|100%s|100%s|100%c|100%e|4.94066e-324%s|0%s|" },
	{ "settings-multiple", SETTINGS,
	  " vertical:lr line:1% position:25% size:50% align:start|"
	  " vertical:rl line:1 position:100% size:0%|" },
	{ "settings-position", SETTINGS,
	  " position:1%| position:100%| position:1%| position:1.5%| position:1%,line-left|"
	  " position:1%,center| position:1%,line-right| position:1%|||||||||||||||" },
	{ "settings-region", SETTINGS, " region:foo| region:bar| region:bar|| region:foo|||||" },
	{ "settings-size", SIZES, "100|2|0|0|100|50|1.5|100|100|100|100|100|100|100|100|100|" },
	{ "settings-vertical", SETTINGS, "| vertical:lr| vertical:rl| vertical:lr|||||" },
	{ "signature-bom", TEXTS, "" },
	{ "signature-no-newline", TEXTS, "" },
	{ "signature-space-no-newline", TEXTS, "" },
	{ "signature-space", TEXTS, "" },
	{ "signature-tab-no-newline", TEXTS, "" },
	{ "signature-tab", TEXTS, "" },
	{ "signature-timings", TEXTS, "" },
	{ "stylesheets", IDS, "foo|bar|" },
	{ "timings-60", TIMES, "0-216001000|216000000-216001000|" },
	{ "timings-eof", TEXTS, "" },
	{ "timings-garbage", TEXTS, "" },
	{ "timings-negative", TIMES, "0-0|1000-999|60000-59999|3600000-3599999|" },
	{ "timings-omitted-hours", TIMES, "0-1000|0-1000|0-1000|" },
	{ "timings-too-long", TIMES, "0-1000|0-1000|" },
	{ "timings-too-short", TEXTS, "text0|text1|" },
	{ "timings-too-short", TIMES, "0-1000|0-1000|" },
	{ "whitespace-chars", IDS, "spaces|tabs|form feed|" },
	{ "whitespace-chars", TEXTS, "   text0|text1|text2|" },
};

static int count_files(const char *folder)
{
	DIR *d = opendir(folder);
	int n = 0;

	for (struct dirent *e; d && (e = readdir(d));)
		n += e->d_name[0] != '.';
	if (d)
		closedir(d);
	return n;
}

static void test_letters(arena *a)
{
	int known = 0, there = count_files(CASES "wpt-file-parsing");

	if (!there) {
		skip(1, "no " SHARED ": files of web-platform-tests");
		return;
	}
	for (size_t i = 0; i < COUNT_OF(letters); i++) {
		buf path = buf_new(a, 512), got = buf_new(a, 1 << 16);
		struct sub_file *f;

		buf_printf(&path, CASES "wpt-file-parsing/%s.vtt", letters[i].file);
		f = read_as(a, slurp(a, arena_cstr(a, buf_str(&path))),
			    (struct sub_options){ .as_written = true });
		known += i == 0 || letters[i].file != letters[i - 1].file;
		if (!ok(f != NULL, "%s is read", letters[i].file))
			continue;
		vec_each (struct sub_cue, c, &f->cues) {
			put_field(&got, f, c, letters[i].field);
			buf_byte(&got, '|');
		}
		eq_str(buf_str(&got), str_of(letters[i].want), letters[i].file);
	}
	eq_int(known, there, "each file of the folder");
}

/* --- Words: what the simplest of readers sees in a file is what ours gives. Compared are counts of every byte
 * but white space and digits, because counters and times are digits and cues may be sorted. */

struct bytes {
	long n[256];
};

static void count_bytes(struct bytes *b, str s, long step)
{
	for (size_t i = 0; i < s.n; i++)
		if (!strchr(" \t\r\n\f0123456789", s.p[i]) || !s.p[i])
			b->n[(unsigned char)s.p[i]] += step;
}

/* Without what stands between < and > or { and }. */
static void count_untagged(arena *a, struct bytes *b, str s, bool braces)
{
	buf o = buf_new(a, s.n + 1);

	for (size_t i = 0; i < s.n; i++) {
		bool tag = s.p[i] == '<' && i + 1 < s.n &&
			   (strchr("/.", s.p[i + 1]) || (s.p[i + 1] >= '0' && s.p[i + 1] <= '9') ||
			    ((s.p[i + 1] | 32) >= 'a' && (s.p[i + 1] | 32) <= 'z'));
		size_t end = tag                       ? str_find_byte(str_from(s, i), '>')
			     : braces && s.p[i] == '{' ? str_find_byte(str_from(s, i), '}')
						       : STR_NONE;

		if (end == STR_NONE)
			buf_byte(&o, s.p[i]);
		else
			i += end;
	}
	count_bytes(b, html_decode(a, buf_str(&o)), 1);
}

static str cut_line(str *rest)
{
	str line = str_cut(rest, '\n');

	return str_ends(line, S("\r")) ? str_to(line, line.n - 1) : line;
}

/* WebVTT: of each block what stands below its arrow. The others: all lines but those with times. */
static void count_lines(arena *a, struct bytes *b, str file, enum sub_format format)
{
	bool in_cue = format != SUB_VTT;

	for (str rest = file; rest.p;) {
		str line = cut_line(&rest);
		bool times = str_find(line, S("-->")) != STR_NONE ||
			     (format == SUB_SBV && str_find_byte(line, ',') != STR_NONE &&
			      line.n > 20 && line.p[1] == ':');

		if (format == SUB_VTT && !line.n)
			in_cue = false;
		if (times)
			in_cue = true;
		else if (in_cue)
			count_untagged(a, b, line, format == SUB_SRT);
	}
}

static void count_dialogues(arena *a, struct bytes *b, str file)
{
	for (str rest = file; rest.p;) {
		str line = cut_line(&rest), text = line;

		if (!str_starts(line, S("Dialogue:")) || str_find(line, S("\\p1")) != STR_NONE)
			continue;
		for (int i = 0; i < 9; i++)
			str_cut(&text, ',');
		for (size_t i = 0; (i = str_find_byte(text, '\\')) != STR_NONE && i + 1 < text.n &&
				   strchr("Nnh", text.p[i + 1]);
		     text = str_from(text, i + 2))
			count_untagged(a, b, str_to(text, i), true);
		count_untagged(a, b, text, true);
	}
}

/* What stands in p, of whatever namespace. */
static void count_paragraphs(arena *a, struct bytes *b, str file)
{
	for (str rest = file; rest.n;) {
		size_t open = str_find_byte(rest, '<'), name, end;
		buf close = buf_new(a, 256);
		str tag, local;

		if (open == STR_NONE)
			break;
		rest = str_from(rest, open + 1);
		end = str_find_byte(rest, '>');
		for (name = 0; name < rest.n && !strchr(" \t\r\n/>", rest.p[name]);)
			name++;
		tag = local = str_to(rest, name);
		if (str_find_byte(tag, ':') != STR_NONE)
			str_cut(&local, ':');
		if (!str_eq(local, S("p")) || end == STR_NONE || rest.p[end - 1] == '/')
			continue;
		buf_printf(&close, "</%" STR_F ">", STR_A(tag));
		rest = str_from(rest, end + 1);
		end = str_find(rest, buf_str(&close));
		count_bytes(b, html_strip(a, str_to(rest, end)), 1);
	}
}

/* Whether F has all that stands in FILE and nothing else. */
static bool has_all(arena *a, str file, const struct sub_file *f)
{
	struct bytes *b = NEW(a, struct bytes);

	if (str_starts(file, S("\xEF\xBB\xBF")))
		file = str_from(file, 3);
	if (f->format == SUB_TTML)
		count_paragraphs(a, b, file);
	else if (f->format == SUB_ASS)
		count_dialogues(a, b, file);
	else
		count_lines(a, b, file, f->format);
	vec_each (struct sub_cue, c, &f->cues)
		count_bytes(b, sub_plain(a, c->text), -1);
	for (size_t i = 0; i < COUNT_OF(b->n); i++)
		if (b->n[i]) {
			printf("# byte %zu: %+ld\n", i, -b->n[i]);
			return false;
		}
	return true;
}

struct seen {
	int files, refused, lost;
};

static void read_one(arena *a, const char *path, struct seen *seen)
{
	str bytes = slurp(a, path);
	struct sub_file *f = read_as(a, bytes, (struct sub_options){ 0 });

	seen->files++;
	if (!f) {
		seen->refused++;
		printf("# refused: %s\n", path);
	} else if (!has_all(a, bytes, f)) {
		seen->lost++;
		printf("# not the same words: %s\n", path);
	}
}

static void read_folder(const char *folder, struct seen *seen)
{
	DIR *d = opendir(folder);

	for (struct dirent *e; d && (e = readdir(d));) {
		arena *a = arena_new();
		buf name = buf_new(a, 1024);
		struct stat st;
		const char *whole;
		enum sub_format format;

		buf_printf(&name, "%s/%s", folder, e->d_name);
		whole = arena_cstr(a, buf_str(&name));
		format = sub_format_of_name(str_of(whole));
		if (e->d_name[0] != '.' && stat(whole, &st) == 0 && S_ISDIR(st.st_mode))
			read_folder(whole, seen);
		else if (format && format != SUB_TEXT && format != SUB_MARKDOWN)
			read_one(a, whole, seen);
		arena_free(a);
	}
	if (d)
		closedir(d);
}

/* Refused are those that have no words, and those that are made to be wrong. */
static void test_folders(arena *a)
{
	static const struct {
		const char *path;
		int files, refused, other; /* other: times that nobody can read stay as words */
	} all[] = { { SHARED "conformance/imsc-ttml", 160, 6, 0 },
		    { SHARED "conformance/pysubs2", 11, 3, 0 },
		    { SHARED "conformance/webvtt_py", 32, 7, 1 },
		    { SHARED "subtitles", 57, 0, 0 } };

	(void)a;
	for (size_t i = 0; i < COUNT_OF(all); i++) {
		struct seen seen = { 0 };

		read_folder(all[i].path, &seen);
		if (!seen.files) {
			skip(1, "no " SHARED ": subtitle files of others");
			continue;
		}
		ok(seen.files >= all[i].files && seen.refused <= all[i].refused &&
			   seen.lost <= all[i].other,
		   "%s: %d files, %d refused, %d with other words", all[i].path, seen.files,
		   seen.refused, seen.lost);
	}
}

static void test_film(arena *a)
{
	static const char *const langs[] = { "en_US", "fr", "es" };
	struct sub_file *f[COUNT_OF(langs)];

	for (size_t i = 0; i < COUNT_OF(langs); i++) {
		buf path = buf_new(a, 512);

		buf_printf(&path, SHARED "subtitles/dome/%s.srt", langs[i]);
		f[i] = read_as(a, slurp(a, arena_cstr(a, buf_str(&path))),
			       (struct sub_options){ 0 });
		if (!f[i]) {
			skip(1, "no " SHARED ": a film in three languages");
			return;
		}
	}
	for (size_t i = 0; i < COUNT_OF(langs); i++) {
		const struct sub_file *l = f[i], *r = f[(i + 1) % COUNT_OF(langs)];
		struct sub_row *rows;
		size_t n = sub_align(a, l, r, &rows), both = 0, left = 0, right = 0;
		bool ascend = true;

		for (size_t k = 0; k < n; k++) {
			both += rows[k].n_left && rows[k].n_right;
			ascend &= rows[k].left == left && rows[k].right == right &&
				  rows[k].n_left + rows[k].n_right > 0;
			left += rows[k].n_left;
			right += rows[k].n_right;
		}
		ok(ascend && left == l->cues.n && right == r->cues.n,
		   "%s: every cue stands in one row, in order", langs[i]);
		ok(both * 100 > n * 90, "%zu of %zu rows have both languages", both, n);
	}
}

int main(void)
{
	static void (*const tests[])(arena *) = { test_trees, test_letters, test_folders,
						  test_film };

	for (size_t i = 0; i < COUNT_OF(tests); i++) {
		arena *a = arena_new();

		tests[i](a);
		arena_free(a);
	}
	return tap_done();
}
