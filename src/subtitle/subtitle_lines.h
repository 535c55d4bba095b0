/* What the readers of timed text share: lines, numbers, times, and telling what was mended. */
#ifndef SUBTITLE_SUBTITLE_LINES_H
#define SUBTITLE_SUBTITLE_LINES_H

#include "subtitle/subtitle.h"

/* A file read line by line; any of LF, CR LF and CR ends one. */
struct sub_lines {
	str in;
	size_t at;
	int64_t number; /* of the line read last, from 1 */
};
bool sub_line(struct sub_lines *l, str *ret); /* false: no more */

/* Up to REPAIRS_MAX of them; the last says that there were more. */
void sub_repair_add(arena *a, struct sub_file *f, const char *code, int64_t line, str value);

/* A place in a text that is taken apart. */
struct sub_scan {
	str s;
	size_t at;
};
char sub_peek(const struct sub_scan *s); /* '\0' at the end */
bool sub_take(struct sub_scan *s, str what);
void sub_skip_blanks(struct sub_scan *s); /* ASCII white space */
/* S without blanks at its ends, and without marks of direction, which editors of Arabic and Hebrew put around numbers. */
str sub_trim_marks(str s);
str sub_digits(struct sub_scan *s);
int64_t sub_number(str digits); /* up to 9 digits count */

/* WebVTT's timestamp by its letter: hours of two or more digits, or none; three decimals. */
bool sub_vtt_time(struct sub_scan *s, int64_t *ret);
/* As people and programs write them: hours of any length or none, comma or dot, one to three decimals or
 * none. */
bool sub_loose_time(struct sub_scan *s, int64_t *ret);

/* The words, with & and < made harmless, as WebVTT cue text. What O has no room for is cut behind a whole
 * character; its error says so. */
void sub_escape(buf *o, str words);

struct sub_settings sub_settings_none(void);
void sub_settings_read(arena *a, const struct sub_file *f, str text, struct sub_settings *ret);
bool sub_percentage(arena *a, str s, double *ret); /* "12.5%", 0 to 100 */
void sub_put_number(buf *o, double v);

/* The name of the first tag that WebVTT does not have; empty: it has them all. */
str sub_unknown_tag(str text);

/* The readers: BYTES is UTF-8. */
enum err sub_vtt_read(arena *a, str bytes, bool as_written, struct sub_file *f);
enum err sub_srt_read(arena *a, str bytes, struct sub_file *f);
enum err sub_sbv_read(arena *a, str bytes, struct sub_file *f);
enum err sub_ass_read(arena *a, str bytes, struct sub_file *f);
enum err sub_ttml_read(arena *a, str bytes, struct sub_file *f, buf *why);

#endif
