/*
 * From any charset to UTF-8. The charset of a file is found in this order: the name that a person
 * gave; a byte order mark; bytes that are UTF-8 throughout, or nearly (a damaged or cut file); then
 * windows-1252, ISO-8859-1 and MacRoman, scored by what each makes of the bytes above 127: letters
 * inside words and names of States count for it, signs and capitals inside words against it. Where it
 * is asked for, texts of mostly such bytes are looked at for charsets of other scripts first.
 */
#ifndef TEXT_CHARSET_H
#define TEXT_CHARSET_H

#include "text/source.h"

enum charset_why {
	CHARSET_ASKED, /* the person named it */
	CHARSET_BOM,
	CHARSET_ASCII,        /* nothing above 127; called UTF-8 */
	CHARSET_VALID_UTF8,   /* no byte that UTF-8 would not have */
	CHARSET_DAMAGED_UTF8, /* a few bytes are wrong; they become U+FFFD */
	CHARSET_SCORED,
	CHARSET_SCRIPT, /* more bytes above 127 than letters: another script, as ICU finds it */
};

enum { CHARSET_CANDIDATES = 3, CHARSET_NAME_MAX = 40 };

struct charset {
	char name[CHARSET_NAME_MAX]; /* as IANA has it: "UTF-8", "windows-1252", "macintosh" */
	enum charset_why why;
	uint32_t bom;  /* bytes before the text */
	uint64_t size; /* bytes read */
	uint64_t bad;  /* bytes that are not UTF-8, when it is called that */
	uint64_t
		first_nul; /* position of the first zero byte, or UINT64_MAX; UTF-16 and 32: that */
	int32_t score
		[CHARSET_CANDIDATES]; /* CHARSET_SCORED: of windows-1252, ISO-8859-1, MacRoman */
};

struct charset_options {
	str asked; /* a charset's name, or empty: detect */
	const str *
		names; /* UTF-8: names whose letters decide, such as those of States; may be NULL */
	size_t n_names;
	bool any_script; /* Cyrillic, Greek, Arabic, Hebrew, Chinese, Japanese, Korean and Thai too */
};

/* Reads INPUT to its end. E_INVALID: the name asked for is unknown. Otherwise what INPUT answers. */
MUST enum err charset_detect(const struct source *input, const struct charset_options *options,
			     struct charset *ret);

/* For the report: "macintosh (score 310; windows-1252 -65, ISO-8859-1 -200)". */
void charset_describe(buf *o, const struct charset *c);

/* INPUT, from its start, as valid UTF-8 without its byte order mark; what cannot be converted
 * becomes U+FFFD. Lives in A; C is an answer of charset_detect. Read it 16 bytes or more at once. */
struct source charset_source(arena *a, const struct charset *c, const struct source *input);

/*
 * Mends UTF-8 that was once read as windows-1252 or ISO-8859-1 and encoded again, once or several
 * times ("AutoritÃ©"): when every letter of S stands for a byte and these bytes are clean UTF-8, the
 * answer is that text, in A; otherwise it is S itself. Text in no need of it is never touched.
 */
str charset_mend(arena *a, str s, bool *ret_mended);

#endif
