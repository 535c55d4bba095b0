/*
 * Subtitles: files of timed text in, one cue model, files and HTML out.
 *
 *     bytes -> sub_read -> struct sub_file (cues, what was mended) -> sub_write, sub_plain, sub_html
 *
 * A cue's text is kept as WebVTT cue text (https://www.w3.org/TR/webvtt1/): SRT's, ASS's and TTML's
 * styles become its tags where it has them, and everything else that reads < or & is escaped. What
 * people said is never rewritten. Its tree is made when it is asked for. A track in the store is one
 * text, the WebVTT that sub_write makes; all pages, indexes and downloads are read from it.
 */
#ifndef SUBTITLE_SUBTITLE_H
#define SUBTITLE_SUBTITLE_H

#include "base/base.h"
#include "i18n/i18n.h"
#include "text/html.h"

enum sub_format {
	SUB_UNKNOWN,
	SUB_VTT,
	SUB_SRT,
	SUB_SBV,
	SUB_TTML,
	SUB_ASS,
	SUB_TEXT,
	SUB_MARKDOWN
};

enum {
	SUB_FILE_MAX = 16 << 20, /* bytes of a file */
	SUB_CUES_MAX = 200000,
	SUB_CUE_MAX = 64 << 10, /* bytes of one cue's text; the rest goes, with a repair */
	SUB_DEPTH_MAX = 64,     /* of a tree: deeper tags are dropped, their text stays */
};

/* Where a cue stands in the picture: WebVTT's settings as its parser leaves them. */
struct sub_settings {
	char vertical;                       /* 0, 'r' (rl), 'l' (lr) */
	bool snap, auto_line, auto_position; /* snap-to-lines; auto: the number is not set */
	double line, position, size;         /* size: 100 when not set */
	char line_align;                     /* 's' start, 'c' center, 'e' end */
	char position_align; /* 'a' auto, 's' line-left, 'c' center, 'e' line-right */
	char align;          /* 's' start, 'c' center, 'e' end, 'l' left, 'r' right */
	str region;          /* its identifier, or empty */
};

struct sub_cue {
	int64_t start, end; /* milliseconds */
	str id;             /* may be empty */
	struct sub_settings settings;
	str text; /* WebVTT cue text, valid UTF-8, lines parted by \n */
};

struct sub_region {
	str id;
	double width, anchor_x, anchor_y, viewport_x, viewport_y;
	double lines; /* whole, of any size */
	bool scroll_up;
};

/* What was mended or dropped while reading; CODE is stable for programs, its words are in po/. */
struct sub_repair {
	const char
		*code; /* such as "bad-timing", "blank-line-in-cue", "style-dropped", "charset" */
	int64_t line;  /* of the file, from 1; 0: the file as a whole */
	int64_t cue;   /* from 1; 0: none */
	str value;     /* what it is about, cut to 200 bytes; may be empty */
};

struct sub_file {
	enum sub_format format;
	str charset; /* how the bytes were read, for the report */
	str header;  /* what stands after WEBVTT on its line; otherwise empty */
	str lang;    /* that the file itself names (xml:lang), or empty */
	VEC(struct sub_cue) cues;
	VEC(struct sub_region) regions;
	VEC(struct sub_repair) repairs;
};

struct sub_options {
	enum sub_format format; /* SUB_UNKNOWN: by content */
	str charset;            /* or empty: found */
	bool as_written; /* WebVTT by the letter of the specification: cues in file order, none left out,
			  * no repair of what the specification would drop. Otherwise cues are sorted by
			  * time, empty ones go, and what can be saved is saved. */
};

/* The format that BYTES (UTF-8) begin like. */
enum sub_format sub_sniff(str bytes);
str sub_format_name(enum sub_format format); /* "vtt", "srt", "sbv", "ttml", "ass", "txt", "md" */
enum sub_format sub_format_of_name(str file_name); /* by its ending; SUB_UNKNOWN */

/* Reads a file of any of the five formats. E_INVALID: it is none of them, or has no cue (not for
 * as_written WebVTT); a sentence stands in WHY. E_TOOBIG: over SUB_FILE_MAX or SUB_CUES_MAX. All lives in
 * A; views may point into BYTES. */
MUST enum err sub_read(arena *a, str bytes, const struct sub_options *options,
		       struct sub_file **ret, buf *why);

/* A track of our own store: WebVTT that sub_write made, read back without any search for charsets. */
MUST enum err sub_read_own(arena *a, str vtt, struct sub_file **ret);

/* --- The tree of a cue's text. */

enum sub_tag {
	SUB_WORDS, /* a leaf: text */
	SUB_STAMP, /* a leaf: a time within the cue */
	SUB_C,
	SUB_I,
	SUB_B,
	SUB_U,
	SUB_RUBY,
	SUB_RT,
	SUB_V,
	SUB_LANG,
};

struct sub_node {
	enum sub_tag tag;
	str text;      /* of words, decoded; of v and lang: the name and the language */
	str classes;   /* a blank between them */
	int64_t stamp; /* milliseconds */
	struct sub_node *child, *next;
};

/* The first of the nodes at the top, NULL when there are none. Never fails. */
struct sub_node *sub_tree(arena *a, str text);

/* The words alone, decoded, lines parted by \n, trimmed. */
str sub_plain(arena *a, str text);

/* The voice of the first <v> of the text, decoded; empty: none. */
str sub_voice(arena *a, str text);

/* The text as HTML: i, b, u, ruby, rt, span with lang; nothing else, all words through the escaper. Lines
 * are parted by a blank. For templates: html lives in A. */
html sub_html(arena *a, str text);

/* --- Out. */

/* What is said in a span of a film, as the subtitles of that span alone: cues that reach into it, cut to it, from
 * its beginning on. Milliseconds. */
struct sub_file *sub_span(arena *a, const struct sub_file *f, int64_t starts, int64_t ends);

/* VTT, SRT, TTML; TEXT and MARKDOWN are transcripts: paragraphs, in Markdown with their times, see
 * sub_paragraphs. LANG: for TTML's xml:lang; may be empty. */
MUST enum err sub_write(buf *o, arena *a, const struct sub_file *f, enum sub_format format,
			str lang);

/* Cues gathered for reading: up to about 40 s and 400 characters, broken at the end of a sentence, where
 * another voice begins and where more than 3 s are silent. */
struct sub_paragraph {
	int64_t start, end; /* milliseconds */
	size_t first, n;    /* cues */
	str voice;          /* may be empty */
};
size_t sub_paragraphs(arena *a, const struct sub_file *f, struct sub_paragraph **ret);

/* --- Two languages of one video side by side. */

/* ROW[i] of a track's cues belongs to the row it is read in: rows ascend, each has at least one cue of one
 * side. Cues go to the row that they share the most time with; a cue that spans two of the other's pulls
 * them into one row. */
struct sub_row {
	int64_t start, end;
	size_t left, n_left, right, n_right; /* first cue and how many; n may be 0 */
};
size_t sub_align(arena *a, const struct sub_file *left, const struct sub_file *right,
		 struct sub_row **ret);

/* " line:0 align:start": what differs from a cue without settings, with a blank before each. */
void sub_settings_put(buf *o, const struct sub_settings *s);

/* --- Quality: what a reader would stumble over. Warnings, never a reason to refuse. */

struct sub_note {
	const char *
		code; /* "long-line", "many-lines", "fast", "short", "long", "gap", "overlap", "order",
			   * "beyond-end", "language" */
	int64_t cue;   /* from 1 */
	int64_t value; /* characters, lines, characters a second, milliseconds: by code */
};

struct sub_quality {
	VEC(struct sub_note) notes;
	int score; /* 100: nothing to say; the share of cues without a note otherwise */
};

/* LANG: what the track says it is, for the check of the language; DURATION in milliseconds, 0: unknown. */
MUST enum err sub_check(arena *a, const struct sub_file *f, str lang, int64_t duration,
			struct sub_quality *ret);

/* What was mended and what was noted, in words. */
str sub_repair_words(enum lang lang, const char *code);
str sub_note_words(arena *a, enum lang lang, const struct sub_note *n);

#endif
