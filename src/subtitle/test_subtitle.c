/* Timed text: our own small files, and the cases of others where ../shared/data is at hand. */
#include <dirent.h>
#include <jansson.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "subtitle/subtitle.h"
#include "tests/tap.h"

#define SHARED "../shared/data/"

static struct sub_file *read_as(arena *a, str bytes, struct sub_options options)
{
	struct sub_file *f = NULL;
	buf why = buf_new(a, 1024);

	return sub_read(a, bytes, &options, &f, &why) == OK ? f : NULL;
}

static struct sub_file *read_any(arena *a, str bytes)
{
	return read_as(a, bytes, (struct sub_options){ 0 });
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

static bool repaired(const struct sub_file *f, const char *code)
{
	vec_each (struct sub_repair, r, &f->repairs)
		if (str_eq(str_of(r->code), str_of(code)))
			return true;
	return false;
}

/* --- WebVTT */

static void test_vtt(arena *a)
{
	struct sub_file *f = read_any(
		a, S("WEBVTT - a title\n\nSTYLE\n::cue{color:red}\n\nNOTE never mind\n\n"
		     "one\n00:01.000 --> 00:02.500 line:0 align:start\n<v Ana>Hello "
		     "<i>you</i>\nthere\n\n"
		     "01:00:00.000 --> 01:00:01.000\n&lt;b&gt;\n"));

	ok(f && f->cues.n == 2, "two cues");
	eq_str(f->header, S("- a title"), "what stands behind the signature");
	eq_str(f->cues.p[0].id, S("one"), "an identifier");
	ok(f->cues.p[0].start == 1000 && f->cues.p[0].end == 2500 && f->cues.p[1].start == 3600000,
	   "times");
	ok(!f->cues.p[0].settings.auto_line && f->cues.p[0].settings.align == 's', "settings");
	eq_str(sub_plain(a, f->cues.p[0].text), S("Hello you\nthere"), "words");
	eq_str(sub_voice(a, f->cues.p[0].text), S("Ana"), "a voice");
	eq_str(sub_html(a, f->cues.p[0].text).s, S("Hello <i>you</i> there"), "HTML");
	eq_str(sub_html(a, f->cues.p[1].text).s, S("&lt;b&gt;"), "escaped");
	ok(repaired(f, "style-dropped"), "a style sheet is dropped, and said so");
	ok(!repaired(f, "text-without-time"), "a note is no loss");
}

static void test_vtt_mended(arena *a)
{
	struct sub_file *f = read_any(
		a, S("00:00:01,5 --> 00:00:02,5\nno signature\n\nlost words\n\n"
		     "00:00:09.000 --> 00:00:08.000\nbackwards\n\n00:00:03.000 --> 00:00:04.000\n\n"
		     "00:00:05.000 --> 00:00:06.000\nearlier\n"));
	struct sub_file *v = read_as(
		a, S("WEBVTT\n\n0:01 --> 0:02\nshort\n\nlost words\n\nx --> y\nbad\n"),
		(struct sub_options){ 0 });

	ok(f && f->format == SUB_SRT && f->cues.n == 3, "no signature: as SRT");
	ok(f && repaired(f, "empty-cue") && repaired(f, "no-duration") && repaired(f, "order"),
	   "mended");
	ok(v && v->cues.n == 1 && v->cues.p[0].start == 1000, "loose times");
	ok(v && repaired(v, "bad-timing") && repaired(v, "text-without-time") &&
		   repaired(v, "no-timing"),
	   "each is told");
}

static void test_hostile(arena *a)
{
	static const char *const texts[] = {
		"<img src=x onerror=alert(1)>",
		"<script>alert(1)</script>",
		"<v <script>alert(1)</script>>x</v>",
		"<lang \"><script>>x</lang>",
		"<c.\"onclick=alert(1)>x</c>",
		"<i onclick=alert(1)>x</i>",
		"&lt;script&gt;alert(1)&lt;/script&gt;",
		"<ruby>a<rt><img src=x>b</rt></ruby>",
		"&#60;script&#62;",
	};

	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		str h = sub_html(a, str_of(texts[i])).s;

		ok(str_find(h, S("<img")) == STR_NONE && str_find(h, S("<script")) == STR_NONE &&
			   str_find(h, S("onclick=\"")) == STR_NONE &&
			   str_find(h, S("<i onclick")) == STR_NONE,
		   "harmless: %s", texts[i]);
	}
}

static void test_bombs(arena *a)
{
	buf deep = buf_new(a, 1 << 22), cues = buf_new(a, SUB_FILE_MAX);
	int64_t began = clock_steady_ms();

	for (int i = 0; i < 300000; i++)
		buf_put(&deep, S("<i>"));
	buf_put(&deep, S("x"));
	eq_str(sub_plain(a, buf_str(&deep)), S("x"), "300,000 tags in each other");
	ok(sub_html(a, buf_str(&deep)).s.n > 0, "as HTML");
	buf_put(&cues, S("WEBVTT\n\n"));
	for (int i = 0; i < SUB_CUES_MAX + 1; i++)
		buf_put(&cues, S("00:01.000 --> 00:02.000\nx\n\n"));
	ok(!read_any(a, buf_str(&cues)), "more cues than a file may have are refused");
	ok(clock_steady_ms() - began < 1000 * 5, "soon");
}

/* --- SRT */

static void test_srt(arena *a)
{
	struct sub_file *f = read_any(
		a, S("1\r\n00:00:01,000 --> 00:00:02,000\r\nAt 12:30:45 --> we met\r\n\r\nAnd went "
		     "on.\r\n"
		     "2\r\n00:00:03,000 --> 00:00:04.500\r\n<font "
		     "color=\"red\"><i>Hello</i></font> & <goodbye>\r\n\r\n"
		     "00:00:05,000 --> 00:00:06,000 X1:10 X2:20 Y1:3 Y2:4\r\n{\\an8}Above\r\n"));

	ok(f && f->cues.n == 3, "three cues");
	eq_str(sub_plain(a, f->cues.p[0].text), S("At 12:30:45 --> we met\nAnd went on."),
	       "speech is not rewritten");
	ok(repaired(f, "blank-line-in-cue") && repaired(f, "no-blank-line"), "blank lines");
	eq_str(f->cues.p[1].text, S("<i>Hello</i> &amp; &lt;goodbye&gt;"),
	       "tags that are known, words that are not");
	eq_str(sub_plain(a, f->cues.p[2].text), S("Above"), "a place is no word");
	ok(!f->cues.p[2].settings.auto_line && f->cues.p[2].settings.line == 0, "but a setting");
	ok(repaired(f, "position-dropped") && repaired(f, "tag-dropped"), "told");
	f = read_any(a, S("1\n00:00:01,000 --> 00:00:02,000\nd\xE9j\xE0 vu \xE0 l'\xE9"
			  "cole\n"));
	ok(f && repaired(f, "charset"), "another charset");
	eq_str(f->cues.p[0].text,
	       S("d\u00e9j\u00e0 vu \u00e0 l'\u00e9"
		 "cole"),
	       "is read");
}

/* --- The others */

static void test_others(arena *a)
{
	struct sub_file *f = read_any(
		a, S("0:00:01.000,0:00:02.000\nA < B\nsecond\n\n0:00:03.000,0:00:04.000\nthird\n"));

	ok(f && f->format == SUB_SBV && f->cues.n == 2, "SBV");
	eq_str(f->cues.p[0].text, S("A &lt; B\nsecond"), "its words");
	f = read_any(a, S("[Script Info]\n\n[Events]\nFormat: Layer, Start, End, Style, Name, "
			  "MarginL, MarginR, MarginV, Effect, Text\n"
			  "Dialogue: 0,0:00:01.50,0:00:02.00,Default,Ana,0,0,0,,{\\i1}One{\\i0}, "
			  "two\\Nthree {\\p1}m 0 0{\\p0}end\n"));
	ok(f && f->format == SUB_ASS && f->cues.n == 1 && f->cues.p[0].start == 1500, "ASS");
	eq_str(sub_plain(a, f->cues.p[0].text), S("One, two\nthree end"), "without its drawing");
	eq_str(sub_voice(a, f->cues.p[0].text), S("Ana"), "its voice");
	f = read_any(a, S("<?xml version=\"1.0\"?><tt xmlns=\"http://www.w3.org/ns/ttml\" "
			  "xmlns:tts=\"http://www.w3.org/ns/ttml#styling\" xml:lang=\"fr\" "
			  "ttp:frameRate=\"25\" xmlns:ttp=\"http://www.w3.org/ns/ttml#parameter\">"
			  "<head><metadata>not speech</metadata></head><body "
			  "begin=\"1s\"><div>\n<p begin=\"00:00:01.000\" dur=\"2s\">One\n  <span "
			  "tts:fontStyle=\"italic\">two</span><br/>three &amp; four</p>"
			  "<p begin=\"00:00:04:10\" end=\"6s\">five</p></div></body></tt>"));
	ok(f && f->format == SUB_TTML && f->cues.n == 2, "TTML");
	ok(f && f->cues.p[0].start == 2000 && f->cues.p[0].end == 4000 &&
		   f->cues.p[1].start == 5400,
	   "its times");
	eq_str(sub_plain(a, f->cues.p[0].text), S("One two\nthree & four"), "its words");
	eq_str(f->lang, S("fr"), "its language");
	ok(!read_any(a, S("<!DOCTYPE tt [<!ENTITY a \"b\">]><tt><body><p begin=\"1s\" "
			  "end=\"2s\">&a;</p></body></tt>")),
	   "a DTD is refused");
	ok(!read_any(a, S("")) && !read_any(a, S("just words\n")) && !read_any(a, S("\x89PNG\r\n")),
	   "and what is no subtitle");
}

/* --- Out and in again */

static void test_write(arena *a)
{
	struct sub_file *f = read_any(
		a, S("WEBVTT\n\nREGION\nid:top\nlines:2\n\n1\n00:01.000 --> "
		     "00:02.000 align:end size:50%\n"
		     "<v.loud.near Ana>Hi <b>you</b> &amp; me</v>\n\n00:03.000 --> "
		     "00:04.000 region:top\n<blink>two</blink>\n"));
	static const enum sub_format formats[] = { SUB_VTT, SUB_SRT, SUB_TTML };

	for (size_t i = 0; i < COUNT_OF(formats); i++) {
		buf o = buf_new(a, 1 << 20);
		struct sub_file *again;

		ok(sub_write(&o, a, f, formats[i], S("en")) == OK, "written");
		again = read_any(a, buf_str(&o));
		ok(again && again->cues.n == 2 && again->format == formats[i] &&
			   again->cues.p[1].start == 3000,
		   "and read again");
		eq_str(again ? sub_plain(a, again->cues.p[0].text) : S(""), S("Hi you & me"),
		       "the same words");
		if (formats[i] == SUB_VTT)
			ok(str_find(buf_str(&o), S("blink")) == STR_NONE &&
				   str_find(buf_str(&o), S("<v.loud.near Ana>")) != STR_NONE &&
				   again->cues.p[0].settings.align == 'e' && again->regions.n == 1,
			   "without unknown tags, with settings and regions");
	}
}

static void test_transcript(arena *a)
{
	struct sub_file *f = read_any(a, S("WEBVTT\n\n00:00.000 --> 00:03.000\nOne "
					   "sentence\n\n00:03.000 --> 00:05.000\nends here.\n\n"
					   "00:12.000 --> 00:14.000\nAfter a silence.\n\n00:14.000 "
					   "--> 00:15.000\n<v Bo>Another *voice*.\n"));
	struct sub_paragraph *p;
	size_t n = sub_paragraphs(a, f, &p);
	buf o = buf_new(a, 4096);

	ok(n == 3 && p[0].n == 2 && p[1].start == 12000, "paragraphs");
	ok(sub_write(&o, a, f, SUB_MARKDOWN, S("")) == OK, "Markdown");
	eq_str(buf_str(&o),
	       S("**00:00:00** One sentence ends here.\n\n**00:00:12** After a "
		 "silence.\n\n**00:00:14** Bo: Another \\*voice\\*.\n\n"),
	       "with times, what would be markup escaped");
}

static void test_align(arena *a)
{
	struct sub_file *l = read_any(a, S("WEBVTT\n\n00:00.000 --> 00:02.000\na\n\n00:02.000 --> "
					   "00:04.000\nb\n\n00:10.000 --> 00:11.000\nc\n"));
	struct sub_file *r = read_any(a, S("WEBVTT\n\n00:00.100 --> 00:03.900\nAB\n\n00:06.000 --> "
					   "00:07.000\nX\n\n00:10.200 --> 00:11.000\nC\n"));
	struct sub_row *rows;
	size_t n = sub_align(a, l, r, &rows);

	ok(n == 3, "three rows");
	ok(rows[0].n_left == 2 && rows[0].n_right == 1, "a long cue pulls two together");
	ok(rows[1].n_left == 0 && rows[1].n_right == 1, "one that has no partner stands alone");
	ok(rows[2].n_left == 1 && rows[2].n_right == 1 && rows[2].start == 10000, "and one to one");
}

static void test_quality(arena *a)
{
	struct sub_file *f = read_any(a,
				      S("WEBVTT\n\n00:00.000 --> 00:00.500\nThis line is much too "
					"long to be read in the half second that it has\n\n"
					"00:00.400 --> 00:09.000\none\ntwo\nthree\n\n02:00.000 --> "
					"02:02.000\nand the people of this country are here\n"));
	struct sub_quality q;
	static const char *const codes[] = { "long-line", "many-lines", "fast",
					     "short",     "long",       "gap",
					     "overlap",   "beyond-end", "language" };

	ok(sub_check(a, f, S("fr"), 60000, &q) == OK, "checked");
	for (size_t i = 0; i < COUNT_OF(codes); i++) {
		bool found = false;

		vec_each (struct sub_note, n, &q.notes)
			found |= str_eq(str_of(n->code), str_of(codes[i]));
		ok(found, "noted: %s", codes[i]);
	}
	ok(q.score == 0, "no cue without a note");
}

/* --- The cases of others */

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

		buf_printf(&path, SHARED "conformance/webvtt-wpt/test/wpt-cue-parsing/%s.json",
			   files[i]);
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

/* Every file of a folder is read, and no word of it is lost: counted by words that stand outside tags. */
static void read_folder(arena *a, const char *folder, int *files, int *refused)
{
	buf path = buf_new(a, 512);
	DIR *d;

	buf_printf(&path, "%s", folder);
	d = opendir(arena_cstr(a, buf_str(&path)));
	for (struct dirent *e; d && (e = readdir(d));) {
		buf name = buf_new(a, 1024);
		struct stat st;
		const char *whole;

		if (e->d_name[0] == '.')
			continue;
		buf_printf(&name, "%s/%s", folder, e->d_name);
		whole = arena_cstr(a, buf_str(&name));
		if (stat(whole, &st) == 0 && S_ISDIR(st.st_mode)) {
			read_folder(a, whole, files, refused);
			continue;
		}
		if (!sub_format_of_name(str_of(whole)) || str_ends(str_of(whole), S(".txt")) ||
		    str_ends(str_of(whole), S(".md")))
			continue;
		++*files;
		if (!read_any(a, slurp(a, whole))) {
			++*refused;
			printf("# refused: %s\n", e->d_name);
		}
	}
	if (d)
		closedir(d);
}

static void test_folders(arena *a)
{
	static const struct {
		const char *path;
		int files, most_refused;
	} all[] = { { "conformance/imsc-ttml", 100, 40 },
		    { "conformance/pysubs2", 1, 8 },
		    { "conformance/webvtt_py", 5, 12 },
		    { "subtitles", 40, 0 } };

	for (size_t i = 0; i < COUNT_OF(all); i++) {
		buf path = buf_new(a, 512);
		int files = 0, refused = 0;

		buf_printf(&path, SHARED "%s", all[i].path);
		read_folder(a, arena_cstr(a, buf_str(&path)), &files, &refused);
		if (!files) {
			skip(1, "no " SHARED ": subtitle files of others");
			continue;
		}
		ok(files >= all[i].files && refused <= all[i].most_refused,
		   "%s: %d files, %d refused", all[i].path, files, refused);
	}
}

static void test_film(arena *a)
{
	struct sub_file *en = read_any(a, slurp(a, SHARED "subtitles/dome/en_US.srt")),
			*fr = read_any(a, slurp(a, SHARED "subtitles/dome/fr.srt"));
	struct sub_row *rows;
	size_t n, both = 0, cues = 0;

	if (!en || !fr) {
		skip(1, "no " SHARED ": a film in two languages");
		return;
	}
	n = sub_align(a, en, fr, &rows);
	for (size_t i = 0; i < n; i++) {
		both += rows[i].n_left && rows[i].n_right;
		cues += rows[i].n_left + rows[i].n_right;
	}
	ok(cues == en->cues.n + fr->cues.n, "every cue of both stands in one row");
	ok(both * 100 > n * 80, "%zu of %zu rows have both languages", both, n);
}

int main(void)
{
	static void (*const tests[])(arena *) = { test_vtt,     test_vtt_mended, test_hostile,
						  test_bombs,   test_srt,        test_others,
						  test_write,   test_transcript, test_align,
						  test_quality, test_trees,      test_folders,
						  test_film };

	for (size_t i = 0; i < COUNT_OF(tests); i++) {
		arena *a = arena_new();

		tests[i](a);
		arena_free(a);
	}
	return tap_done();
}
