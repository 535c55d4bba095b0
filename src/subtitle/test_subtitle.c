/* Timed text, by small files of our own. test_subtitle_others.c has the cases of others. */
#include <sys/resource.h>
#include <time.h>

#include "base/utf8.h"
#include "subtitle/subtitle.h"
#include "tests/tap.h"

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

/* What turns the direction of writing round stays in its element, NULs become a sign, long lines are cut. */
static void test_odd_text(arena *a)
{
	static const char nul[] = "WEBVTT\n\n00:01.000 --> 00:02.000\nA\0B <i\0>x</i>\n";
	struct sub_file *f = read_any(a, (str){ nul, sizeof nul - 1 });
	buf srt = buf_new(a, 4 << 20), vtt = buf_new(a, 4 << 20);

	eq_str(sub_plain(a, f->cues.p[0].text),
	       S("A\uFFFD"
		 "B x"),
	       "NULs");
	ok(repaired(f, "tag-dropped"), "a NUL in a tag makes it another");
	eq_str(sub_html(a, S("\u202E<i>abc</i>\u2066")).s, S("\u202E<i>abc</i>\u2066"),
	       "signs of direction are words");
	buf_put(&srt, S("1\n00:00:01,000 --> 00:00:02,000\n"));
	buf_put(&vtt, S("WEBVTT\n\n00:01.000 --> 00:02.000\nx"));
	for (int i = 0; i < 1 << 19; i++) {
		buf_put(&srt, S("\u00E9"));
		buf_put(&vtt, S("\u00E9"));
	}
	f = read_any(a, buf_str(&srt));
	ok(f && f->cues.p[0].text.n == SUB_CUE_MAX && utf8_valid(f->cues.p[0].text) &&
		   repaired(f, "cue-cut"),
	   "a line of 1 MB: its first 64 kB");
	f = read_any(a, buf_str(&vtt));
	ok(f && f->cues.p[0].text.n == SUB_CUE_MAX - 1 && utf8_valid(f->cues.p[0].text),
	   "never a part of a character");
}

/* N times WHAT behind HEAD. */
static str many(arena *a, str head, str what, size_t n)
{
	buf o = buf_new(a, SUB_FILE_MAX);

	buf_put(&o, head);
	for (size_t i = 0; i < n; i++)
		buf_put(&o, what);
	return buf_str(&o);
}

static long memory_kb(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_maxrss;
}

/* Of the processor: other programs on the machine do not count. */
static int64_t spent_ms(void)
{
	return (int64_t)clock() * 1000 / CLOCKS_PER_SEC;
}

/* Files that are made to take long, or all memory. Sanitizers take several times of both. */
static void test_bombs(arena *a)
{
	static const str srt = S_INIT("1\n00:00:01,000 --> 00:00:02,000\nx"),
			 vtt = S_INIT("WEBVTT\n\n");
	const struct {
		const char *what;
		str head, part;
		size_t n;
	} bombs[] = {
		{ "blank lines", srt, S("\n"), 15000000 },
		{ "tags that are dropped", srt, S("{\\a}"), 4000000 },
		{ "short lines", srt, S("\nx"), 7000000 },
		{ "arrows", vtt, S("-->\n"), 4000000 },
		{ "tags in a cue", S("WEBVTT\n\n00:01.000 --> 00:02.000\nx"), S("<i>"), 1000000 },
		{ "one more cue than may be", vtt, S("00:01.000 --> 00:02.000\nx\n\n"),
		  SUB_CUES_MAX + 1 },
		{ "elements in each other", S("<tt><body>"), S("<div>"), 100000 },
	};

	for (size_t i = 0; i < COUNT_OF(bombs); i++) {
		arena *own = arena_new();
		str file = many(a, bombs[i].head, bombs[i].part, bombs[i].n);
		long before = memory_kb();
		int64_t began = spent_ms();
		struct sub_file *f = read_any(own, file);

		ok(spent_ms() - began < 1000 * 5 && memory_kb() - before < 256 << 10,
		   "%s: %s, %lld ms, %ld kB", bombs[i].what, f ? "read" : "refused",
		   (long long)(spent_ms() - began), memory_kb() - before);
		arena_free(own);
	}
	ok(!read_any(a, many(a, vtt, S("00:01.000 --> 00:02.000\nx\n\n"), SUB_CUES_MAX + 1)),
	   "too many cues are refused");
	eq_str(sub_plain(a, many(a, S("x"), S("<i>"), 10000)), S("x"), "10,000 tags in each other");
	ok(sub_html(a, many(a, S("x"), S("<i>"), 10000)).s.n < 64 * 8, "as HTML, 64 of them");
}

static void test_long_overlaps(arena *a)
{
	struct sub_file *f = read_any(
		a, many(a, S("WEBVTT\n\n"), S("00:00.000 --> 59:00.000\nx\n\n"), 50000));
	int64_t began = spent_ms();
	struct sub_row *rows;

	ok(sub_align(a, f, f, &rows) == 1 && rows[0].n_left == f->cues.n,
	   "all overlap: they are one row");
	ok(spent_ms() - began < 5000, "found soon");
}

/* Each code of a repair, by a file that is wrong in that. */
static void test_repairs(arena *a)
{
	static const struct {
		const char *code;
		enum sub_format format;
		str file;
	} all[] = {
		{ "bad-timing", SUB_VTT, S_INIT("WEBVTT\n\n0:01,5 --> 0:02\nx\n") },
		{ "bad-timing", SUB_SRT, S_INIT("1\n00:00:01,000 --> 00:00:02,000.\nx\n") },
		{ "blank-line-in-cue", SUB_SRT, S_INIT("1\n0:0:1,0 --> 0:0:2,0\nx\n\ny\n") },
		{ "charset", SUB_SRT,
		  S_INIT("1\n0:0:1,0 --> 0:0:2,0\nD\xE9j\xE0 \xE0 l'\xE9t\xE9\n") },
		{ "empty-cue", SUB_VTT,
		  S_INIT("WEBVTT\n\n00:01.000 --> 00:02.000\n\n00:02.000 --> 00:03.000\nx\n") },
		{ "empty-cue", SUB_SRT, S_INIT("1\n0:0:1,0 --> 0:0:2,0\nx\n\n2\n") },
		{ "no-blank-line", SUB_SRT,
		  S_INIT("1\n0:0:1,0 --> 0:0:2,0\nx\n2\n0:0:3,0 --> 0:0:4,0\ny\n") },
		{ "no-counter", SUB_SRT,
		  S_INIT("1\n0:0:1,0 --> 0:0:2,0\nx\n\n0:0:3,0 --> 0:0:4,0\ny\n") },
		{ "no-duration", SUB_SBV, S_INIT("0:0:2.0,0:0:1.0\nx\n") },
		{ "no-end", SUB_TTML, S_INIT("<tt><body><p begin=\"1s\">x</p></body></tt>") },
		{ "no-signature", SUB_VTT, S_INIT("00:01.000 --> 00:02.000\nx\n") },
		{ "no-timing", SUB_VTT,
		  S_INIT("WEBVTT\n\n00:01.000 --> 00:02.000\nx\n\na --> b\n") },
		{ "no-timing", SUB_ASS,
		  S_INIT("[Events]\nDialogue: 0,a,b,,,,,,,x\nDialogue: 0,0:0:1,0:0:2,,,,,,,y\n") },
		{ "order", SUB_SBV, S_INIT("0:0:3.0,0:0:4.0\nx\n\n0:0:1.0,0:0:2.0\ny\n") },
		{ "position-dropped", SUB_SRT, S_INIT("1\n0:0:1,0 --> 0:0:2,0 X1:1 X2:2\nx\n") },
		{ "style-dropped", SUB_VTT,
		  S_INIT("WEBVTT\n\nSTYLE\n::cue{}\n\n00:01.000 --> 00:02.000\nx\n") },
		{ "tag-dropped", SUB_VTT,
		  S_INIT("WEBVTT\n\n00:01.000 --> 00:02.000\n<blink>x</blink>\n") },
		{ "tag-dropped", SUB_SRT, S_INIT("1\n0:0:1,0 --> 0:0:2,0\n{\\an8}x\n") },
		{ "tag-dropped", SUB_ASS,
		  S_INIT("[Events]\nDialogue: 0,0:0:1,0:0:2,,,,,,,{\\pos(1)}x\n") },
		{ "text-without-time", SUB_SRT, S_INIT("hello\n1\n0:0:1,0 --> 0:0:2,0\nx\n") },
	};

	for (size_t i = 0; i < COUNT_OF(all); i++) {
		struct sub_file *f = read_any(a, all[i].file);

		if (str_eq(str_of(all[i].code), S("no-signature"))) /* it would be SRT */
			f = read_as(a, all[i].file, (struct sub_options){ .format = SUB_VTT });
		ok(f && f->format == all[i].format && f->cues.n && repaired(f, all[i].code),
		   "%s in %.4s", all[i].code, sub_format_name(all[i].format).p);
		ok(!str_eq(sub_repair_words(LANG_FR, all[i].code), str_of(all[i].code)),
		   "which has words");
	}
}

/* A cue over 64 kB keeps what fits, in every format. */
static void test_cut(arena *a)
{
	static const enum sub_format cut[] = { SUB_VTT, SUB_SRT, SUB_SBV, SUB_ASS, SUB_TTML };
	static const char *const heads[] = { "WEBVTT\n\n00:01.000 --> 00:02.000\n",
					     "1\n00:00:01,000 --> 00:00:02,000\n",
					     "0:00:01.000,0:00:02.000\n",
					     "[Events]\nDialogue: 0,0:0:1,0:0:2,,,,,,,",
					     "<tt><body><p begin=\"1s\" end=\"2s\">" };

	for (size_t i = 0; i < COUNT_OF(cut); i++) {
		str file = many(a, str_of(heads[i]), S("long "), SUB_CUE_MAX / 4);
		buf whole = buf_new(a, 1 << 20);
		struct sub_file *f;

		buf_put(&whole, file);
		buf_put(&whole, cut[i] == SUB_TTML ? S("</p></body></tt>") : S("\n"));
		f = read_any(a, buf_str(&whole));
		ok(f && f->format == cut[i] && repaired(f, "cue-cut") &&
			   f->cues.p[0].text.n > SUB_CUE_MAX - 8 &&
			   f->cues.p[0].text.n <= SUB_CUE_MAX,
		   "cue-cut in %s", sub_format_name(cut[i]).p);
	}
}

static void test_many_repairs(arena *a)
{
	struct sub_file *f = read_any(
		a, many(a, S("WEBVTT\n\n00:01.000 --> 00:02.000\nx\n\n"), S("lost\n\n"), 20000));

	ok(f && repaired(f, "more-repairs") && f->repairs.n < 20000,
	   "of many repairs the first are told");
}

static void test_settings(arena *a)
{
	struct sub_file *f = read_any(
		a, S("WEBVTT\n\nREGION\nid:x\nwidth:0x10%\nlines:99999999999\n\n00:01.000 --> "
		     "00:02.000 line:1000000000000000000000000000000\nx\n\nREGION\nid:late\n\n"
		     "00:03.000 --> 00:04.000 region:late\ny\n"));
	buf o = buf_new(a, 4096);

	sub_settings_put(&o, &f->cues.p[0].settings);
	eq_str(buf_str(&o), S(" line:1000000000000000019884624838656"), "numbers of any length");
	ok(f->regions.p[0].width == 100, "no number but in digits");
	ok(f->regions.p[0].lines == 99999999999.0, "of lines too");
	eq_str(f->cues.p[1].settings.region, S("late"), "a late region is saved");
	f = read_as(a,
		    S("WEBVTT\n\n00:01.000 --> 00:02.000\nx\n\nREGION\nid:late\n\n"
		      "00:03.000 --> 00:04.000 region:late\ny\n"),
		    (struct sub_options){ .as_written = true });
	ok(f->regions.n == 0, "but none by the letter");
	f = read_as(a, S("WEBVTT\n\n00:01.000 --> 00:02.000\n\xE9\n"),
		    (struct sub_options){ .as_written = true });
	eq_str(f->cues.p[0].text, S("\uFFFD"), "which is UTF-8 and nothing else");
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

/* What people said is not touched, whatever it looks like. */
static void test_srt_speech(arena *a)
{
	struct sub_file *f = read_any(
		a, S("1\n00:00:01,000 --> 00:00:02,000\nWrite &lt;b&gt; & <fontaine x> for 3 < 4\n"
		     "00:01 --> 00:02 he said: no\n12:30:45\n\n"
		     "7\n00:00:03,000 --> 00:00:04,000\xE2\x80\x9D\nThe year\n8\n"
		     "00:00:05,000 --> 00:00:06,000 She began at once\nand went on\n\n9\n"));

	ok(f && f->cues.n == 3, "three cues");
	eq_str(sub_plain(a, f->cues.p[0].text),
	       S("Write <b> & <fontaine x> for 3 < 4\n00:01 --> 00:02 he said: no\n12:30:45"),
	       "neither entities, nor unknown tags, nor times are more than words");
	eq_str(f->cues.p[1].text, S("The year"),
	       "a slip behind a time line, a counter that only follows the one before");
	eq_str(f->cues.p[2].text, S("She began at once\nand went on"),
	       "words behind a time line; a counter that counts nothing");
}

static void test_srt_broken_ends(arena *a)
{
	struct sub_file *f = read_any(
		a, S("1\n01:38:22,210 -->  :38:23,870\nx\n\n2\n01:39:00,000 --> soon\ny\n"));

	ok(f && f->cues.n == 2 && f->cues.p[0].end == 5903870, "an end without its hours");
	ok(f->cues.p[1].end == f->cues.p[1].start + 5000 && repaired(f, "no-end"), "and none");
	eq_str(f->cues.p[1].text, S("soon\ny"), "what stands there is kept");
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
	f = read_any(a, S("<tt xmlns:tts=\"s\"><head><styling><style xml:id=\"s1\" "
			  "tts:fontStyle=\"italic\"/></styling></head><body><div "
			  "tts:fontWeight=\"bold\"><p begin=\"1s\" end=\"2s\">a <span "
			  "style=\"s1\">b</span></p><p style=\"s1\"><span begin=\"3s\" "
			  "end=\"4s\">c</span></p><p begin=\"0:0:5:99999999999999999999999\" "
			  "end=\"6s\">d</p></div></body></tt>"));
	ok(f && f->cues.n == 3, "TTML with styles");
	eq_str(f->cues.p[1].text, S("<b>a <i>b</i></b>"), "of the head, and of what is around");
	eq_str(f->cues.p[2].text, S("<i><b>c</b></i>"), "each cue has its own tags");
	ok(f->cues.p[0].start == 0, "frames without end are no time");
	f = read_any(a, S("<tt><body><div timeContainer=\"seq\"><p begin=\"1s\" dur=\"2s\">a</p>"
			  "<metadata/><div><p end=\"2s\">b</p><p end=\"1s\">c</p></div>"
			  "<p begin=\"1s\" end=\"2s\">d</p></div></body></tt>"));
	ok(f && f->cues.n == 4 && f->cues.p[1].start == 3000 && f->cues.p[2].start == 3000 &&
		   f->cues.p[3].start == 6000 && f->cues.p[3].end == 7000,
	   "TTML, one after the other");
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

/* What is written must be one cue again, whatever its names are. */
static void test_write_arrows(arena *a)
{
	struct sub_file *f = read_any(a, S("WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ana --\n>one</v> "
					   "<c.-- >two</c>\nthree --&gt; four --<i>five</i>\n")),
			*again = NULL;
	buf o = buf_new(a, 1 << 16);

	ok(sub_write(&o, a, f, SUB_VTT, S("")) == OK &&
		   sub_read_own(a, buf_str(&o), &again) == OK && again->cues.n == 1,
	   "no arrow comes out of a tag");
	eq_str(sub_plain(a, again->cues.p[0].text), S("one two\nthree --> four --five"),
	       "all words are there");
	eq_str(sub_voice(a, again->cues.p[0].text), S("Ana --"), "and the voice");
	f = read_any(a, S("WEBVTT\n\n00:01.000 --> 00:02.000\na\x02 <b>\uFFFF&amp;</b>\n"));
	buf_clear(&o);
	ok(sub_write(&o, a, f, SUB_TTML, S("\x01\"")) == OK && (again = read_any(a, buf_str(&o))),
	   "TTML is XML, whatever was said");
	eq_str(again ? sub_plain(a, again->cues.p[0].text) : S(""), S("a\uFFFD \uFFFD&"),
	       "with a sign for what XML cannot have");
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

/* Letters of two bytes take no more room in a paragraph than those of one. */
static void test_paragraphs_of_any_script(arena *a)
{
	static const str sentences[] = {
		S_INIT("aaaaa aaaaa aaaaa aaaaa"),
		S_INIT("\u0430\u0430\u0430\u0430\u0430 \u0430\u0430\u0430\u0430"
		       "\u0430 \u0430\u0430\u0430\u0430\u0430 \u0430\u0430"
		       "\u0430\u0430\u0430")
	};
	size_t n[2];

	for (size_t i = 0; i < 2; i++) {
		struct sub_paragraph *p;
		buf o = buf_new(a, 1 << 16);

		buf_put(&o, S("WEBVTT\n\n"));
		for (int k = 0; k < 40; k++)
			buf_printf(&o, "00:%02d.000 --> 00:%02d.900\n%" STR_F "\n\n", k, k,
				   STR_A(sentences[i]));
		n[i] = sub_paragraphs(a, read_any(a, buf_str(&o)), &p);
		ok(p[0].n == 17, "up to 400 characters: %zu cues", p[0].n);
	}
	eq_int(n[0], n[1], "in any script");
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
	f = read_any(a, S("WEBVTT\n\n00:01.000 --> 00:07.000\nDas war nicht die Frage, die wir\n"
			  "in diesem Jahr haben, und wir sind hier\n"));
	ok(sub_check(a, f, S("de-AT"), 0, &q) == OK && q.score == 100 && !q.notes.n,
	   "a language that is not known is not judged");
	f = read_as(a,
		    S("WEBVTT\n\n00:03.000 --> 00:04.000\none\n\n00:01.000 --> 00:02.000\ntwo\n"),
		    (struct sub_options){ .as_written = true });
	ok(sub_check(a, f, S(""), 0, &q) == OK && q.notes.n == 1 && q.score == 50 &&
		   str_eq(str_of(q.notes.p[0].code), S("order")),
	   "noted: order");
	eq_str(sub_note_words(a, LANG_EN, &q.notes.p[0]),
	       S("begins 2.0 s before the one that stands before it"), "in words");
}

int main(void)
{
	static void (*const tests[])(arena *) = {
		test_vtt,
		test_vtt_mended,
		test_hostile,
		test_odd_text,
		test_bombs,
		test_long_overlaps,
		test_repairs,
		test_cut,
		test_many_repairs,
		test_settings,
		test_srt,
		test_srt_speech,
		test_srt_broken_ends,
		test_others,
		test_write,
		test_write_arrows,
		test_transcript,
		test_paragraphs_of_any_script,
		test_align,
		test_quality,
	};

	for (size_t i = 0; i < COUNT_OF(tests); i++) {
		arena *a = arena_new();

		tests[i](a);
		arena_free(a);
	}
	return tap_done();
}
