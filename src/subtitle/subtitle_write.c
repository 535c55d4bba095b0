/* Cues out: subtitle files that others read, and transcripts for people. */
#include "base/utf8.h"
#include "subtitle/subtitle_lines.h"

static void put_time(buf *o, int64_t ms, char decimals)
{
	buf_printf(o, "%02lld:%02lld:%02lld%c%03lld", (long long)(ms / 3600000),
		   (long long)(ms / 60000 % 60), (long long)(ms / 1000 % 60), decimals,
		   (long long)(ms % 1000));
}

/* --- WebVTT: the tree is written anew, so that nothing but what was understood leaves the house. */

static const char *const tag_names[] = {
	[SUB_C] = "c",       [SUB_I] = "i",   [SUB_B] = "b", [SUB_U] = "u",
	[SUB_RUBY] = "ruby", [SUB_RT] = "rt", [SUB_V] = "v", [SUB_LANG] = "lang"
};

/* <v.loud Ana>. A name that ends with -- must not become an arrow, which would end the cue. */
static void put_open_tag(buf *o, const struct sub_node *node)
{
	buf_printf(o, "<%s", tag_names[node->tag]);
	for (str rest = node->classes; rest.n;) {
		buf_byte(o, '.');
		buf_put(o, str_cut(&rest, ' '));
	}
	if (node->text.n) {
		buf_byte(o, ' ');
		sub_escape(o, node->text);
	}
	buf_put(o, str_ends(buf_str(o), S("--")) ? S(" >") : S(">"));
}

static void put_nodes(buf *o, const struct sub_node *node)
{
	for (; node; node = node->next) {
		if (node->tag == SUB_WORDS) {
			sub_escape(o, node->text);
		} else if (node->tag == SUB_STAMP) {
			buf_byte(o, '<');
			put_time(o, node->stamp, '.');
			buf_byte(o, '>');
		} else {
			put_open_tag(o, node);
			put_nodes(o, node->child);
			buf_printf(o, "</%s>", tag_names[node->tag]);
		}
	}
}

/* An empty line would end the cue. */
static void put_vtt_text(buf *o, arena *a, str text)
{
	buf whole = buf_new(a, SUB_CUE_MAX * 8);
	str rest, line;

	if (str_find_byte(text, '<') == STR_NONE && str_find_byte(text, '&') == STR_NONE)
		sub_escape(&whole, text);
	else
		put_nodes(&whole, sub_tree(a, text));
	for (rest = buf_str(&whole); rest.n;) {
		line = str_cut(&rest, '\n');
		if (str_trim(line).n) {
			buf_put(o, line);
			buf_byte(o, '\n');
		}
	}
}

static void put_region(buf *o, const struct sub_region *r)
{
	const struct {
		str before;
		double number;
	} parts[] = { { S("\nwidth:"), r->width },
		      { S("%\nlines:"), r->lines },
		      { S("\nregionanchor:"), r->anchor_x },
		      { S("%,"), r->anchor_y },
		      { S("%\nviewportanchor:"), r->viewport_x },
		      { S("%,"), r->viewport_y } };

	buf_put(o, S("\nREGION\nid:"));
	buf_put(o, r->id);
	for (size_t i = 0; i < COUNT_OF(parts); i++) {
		buf_put(o, parts[i].before);
		sub_put_number(o, parts[i].number);
	}
	buf_put(o, r->scroll_up ? S("%\nscroll:up\n") : S("%\n"));
}

static void write_vtt(buf *o, arena *a, const struct sub_file *f)
{
	buf_put(o, S("WEBVTT\n"));
	vec_each (struct sub_region, r, &f->regions)
		put_region(o, r);
	vec_each (struct sub_cue, c, &f->cues) {
		buf_byte(o, '\n');
		if (c->id.n && str_find(c->id, S("-->")) == STR_NONE &&
		    !str_starts(c->id, S("NOTE")) && !str_starts(c->id, S("STYLE")) &&
		    !str_starts(c->id, S("REGION"))) {
			buf_put(o, c->id);
			buf_byte(o, '\n');
		}
		put_time(o, c->start, '.');
		buf_put(o, S(" --> "));
		put_time(o, c->end, '.');
		sub_settings_put(o, &c->settings);
		buf_byte(o, '\n');
		put_vtt_text(o, a, c->text);
	}
}

/* --- SRT: i, b and u are what players know. */

static void put_srt_nodes(buf *o, const struct sub_node *node)
{
	for (; node; node = node->next) {
		char tag = node->tag == SUB_I   ? 'i'
			   : node->tag == SUB_B ? 'b'
			   : node->tag == SUB_U ? 'u'
						: '\0';

		if (node->tag == SUB_WORDS)
			buf_put(o, node->text);
		if (tag)
			buf_printf(o, "<%c>", tag);
		put_srt_nodes(o, node->child);
		if (tag)
			buf_printf(o, "</%c>", tag);
	}
}

static void write_srt(buf *o, arena *a, const struct sub_file *f)
{
	long long n = 0;

	vec_each (struct sub_cue, c, &f->cues) {
		buf_printf(o, "%lld\n", ++n);
		put_time(o, c->start, ',');
		buf_put(o, S(" --> "));
		put_time(o, c->end, ',');
		buf_byte(o, '\n');
		put_srt_nodes(o, sub_tree(a, c->text));
		buf_put(o, S("\n\n"));
	}
}

/* --- TTML */

/* XML has no way at all to write most control characters. */
static void put_xml(buf *o, str s)
{
	while (s.n) {
		str all = s;
		uint32_t c = utf8_next(&s);

		if ((c < ' ' && c != '\t' && c != '\n' && c != '\r') || c == 0xFFFE || c == 0xFFFF)
			utf8_put(o, UTF8_REPLACEMENT);
		else
			html_text(o, str_to(all, all.n - s.n));
	}
}

static void put_ttml_nodes(buf *o, const struct sub_node *node)
{
	static const char *const styles[] = { [SUB_I] = "tts:fontStyle=\"italic\"",
					      [SUB_B] = "tts:fontWeight=\"bold\"",
					      [SUB_U] = "tts:textDecoration=\"underline\"" };

	for (; node; node = node->next) {
		const char *style = node->tag == SUB_I || node->tag == SUB_B || node->tag == SUB_U
					    ? styles[node->tag]
					    : NULL;
		str words = node->tag == SUB_WORDS ? node->text : (str){ 0 };

		while (words.n) {
			size_t line = str_find_byte(words, '\n');

			put_xml(o, str_to(words, line == STR_NONE ? words.n : line));
			if (line == STR_NONE)
				break;
			buf_put(o, S("<br/>"));
			words = str_from(words, line + 1);
		}
		if (style)
			buf_printf(o, "<span %s>", style);
		put_ttml_nodes(o, node->child);
		if (style)
			buf_put(o, S("</span>"));
	}
}

static void write_ttml(buf *o, arena *a, const struct sub_file *f, str lang)
{
	buf_put(o, S("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<tt "
		     "xmlns=\"http://www.w3.org/ns/ttml\" "
		     "xmlns:tts=\"http://www.w3.org/ns/ttml#styling\" xml:lang=\""));
	put_xml(o, lang);
	buf_put(o, S("\">\n<body>\n<div>\n"));
	vec_each (struct sub_cue, c, &f->cues) {
		buf_put(o, S("<p begin=\""));
		put_time(o, c->start, '.');
		buf_put(o, S("\" end=\""));
		put_time(o, c->end, '.');
		buf_put(o, S("\">"));
		put_ttml_nodes(o, sub_tree(a, c->text));
		buf_put(o, S("</p>\n"));
	}
	buf_put(o, S("</div>\n</body>\n</tt>\n"));
}

/* --- Transcripts */

static void put_paragraph(buf *o, arena *a, const struct sub_file *f, const struct sub_paragraph *p,
			  bool markdown)
{
	if (markdown)
		buf_printf(o, "**%02lld:%02lld:%02lld** ", (long long)(p->start / 3600000),
			   (long long)(p->start / 60000 % 60), (long long)(p->start / 1000 % 60));
	if (p->voice.n)
		buf_printf(o, "%" STR_F ": ", STR_A(p->voice));
	for (size_t i = 0; i < p->n; i++) {
		str words = sub_plain(a, f->cues.p[p->first + i].text);

		buf_put(o, i ? S(" ") : S(""));
		for (size_t k = 0; k < words.n; k++) {
			char c = words.p[k];

			if (markdown && strchr("\\`*_[]<>#", c))
				buf_byte(o, '\\');
			buf_byte(o, c == '\n' ? ' ' : c);
		}
	}
	buf_put(o, S("\n\n"));
}

enum err sub_write(buf *o, arena *a, const struct sub_file *f, enum sub_format format, str lang)
{
	struct sub_paragraph *paragraphs;
	size_t n;

	switch (format) {
	case SUB_VTT: write_vtt(o, a, f); return o->err;
	case SUB_SRT: write_srt(o, a, f); return o->err;
	case SUB_TTML: write_ttml(o, a, f, lang); return o->err;
	case SUB_TEXT:
	case SUB_MARKDOWN:
		n = sub_paragraphs(a, f, &paragraphs);
		for (size_t i = 0; i < n; i++)
			put_paragraph(o, a, f, &paragraphs[i], format == SUB_MARKDOWN);
		return o->err;
	case SUB_UNKNOWN:
	case SUB_SBV:
	case SUB_ASS: break;
	}
	return E_INVALID;
}
