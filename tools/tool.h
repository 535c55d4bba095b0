/* What the build tools share: reading a file, writing the results, and the one way to fail. */
#ifndef TOOLS_TOOL_H
#define TOOLS_TOOL_H

#include <stdarg.h>

#include "base/base.h"

/* Ends the tool with "path:line: message", the form that editors and compilers use. */
__attribute__((format(printf, 3, 4))) static inline _Noreturn void tool_fail(const char *path,
									     int line,
									     const char *format,
									     ...)
{
	va_list args;

	va_start(args, format);
	fprintf(stderr, "%s:%d: ", path, line);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
	exit(1);
}

/* The text of a file, which may hold no NUL. */
static inline str tool_read(arena *a, const char *path)
{
	FILE *f = fopen(path, "rb");
	buf all = buf_new(a, 1 << 26);
	char *to;
	size_t n = 0;

	if (!f)
		tool_fail(path, 0, "cannot be read");
	do {
		to = buf_room(&all, 1 << 16);
		n = to ? fread(to, 1, 1 << 16, f) : 0;
		buf_wrote(&all, n);
	} while (n);
	if (ferror(f) || all.err != OK)
		tool_fail(path, 0, "cannot be read");
	fclose(f);
	if (str_find_byte(buf_str(&all), '\0') != STR_NONE)
		tool_fail(path, 0, "is not a text: it holds a NUL byte");
	return arena_str(a, buf_str(&all)); /* which has a NUL behind it */
}

static inline void tool_write(const char *path, const buf *b)
{
	FILE *f = fopen(path, "wb");
	bool good = f && b->err == OK && fwrite(b->p, 1, b->n, f) == b->n;

	if (!f || fclose(f) != 0 || !good)
		tool_fail(path, 0, "cannot be written");
}

/* S as a C string literal that is plain ASCII, a line of the source for each line of the text. */
static inline void tool_put_literal(buf *o, str s)
{
	buf_byte(o, '"');
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c == '\n' && i + 1 < s.n)
			buf_put(o, S("\\n\"\n\t\""));
		else if (c == '"' || c == '\\' || c == '?') /* two ?? would begin a trigraph */
			buf_printf(o, "\\%c", c);
		else if (c < ' ' || c > '~')
			buf_printf(o, "\\%03o", c);
		else
			buf_byte(o, (char)c);
	}
	buf_byte(o, '"');
}

/* True when S is not empty and holds none but CHARS. */
static inline bool tool_made_of(str s, const char *chars)
{
	for (size_t i = 0; i < s.n; i++)
		if (!s.p[i] || !strchr(chars, s.p[i]))
			return false;
	return s.n > 0;
}

/* The key of a message as C writes it: rec.count is rec_count. */
static inline const char *tool_key_name(arena *a, str key)
{
	char *name = arena_cstr(a, key);

	for (char *dot = name; (dot = strchr(dot, '.'));)
		*dot = '_';
	return name;
}

/* A name for a macro or enumerator: FR, LAYOUT_HTML_H. */
static inline const char *tool_upper_name(arena *a, str s)
{
	char *name = arena_cstr(a, s);

	for (char *p = name; *p; p++)
		*p = (char)(*p >= 'a' && *p <= 'z'   ? *p - 'a' + 'A'
			    : *p == '.' || *p == '-' ? '_'
						     : *p);
	return name;
}

#define TOOL_KEY_CHARS "abcdefghijklmnopqrstuvwxyz0123456789._"

/* What follows the last slash. */
static inline str tool_base_name(const char *path)
{
	str s = str_of(path);

	return str_from(s, str_find_byte_last(s, '/') + 1); /* STR_NONE + 1 is 0 */
}

#endif
