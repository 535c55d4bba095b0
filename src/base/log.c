#define _GNU_SOURCE
#include <stdarg.h>

#include "base/log.h"

static bool is_quiet;

__attribute__((format(printf, 1, 0))) static void line(const char *format, va_list args)
{
	char text[1024];
	int n = vsnprintf(text, sizeof text, format, args);

	/* One write, so that lines of two threads do not mix. */
	if (n >= 0)
		fprintf(stderr, "tribune: %s\n", text);
}

void log_info(const char *format, ...)
{
	va_list args;

	if (is_quiet)
		return;
	va_start(args, format);
	line(format, args);
	va_end(args);
}

void log_error(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	line(format, args);
	va_end(args);
}

void log_quiet(bool quiet)
{
	is_quiet = quiet;
}

const char *log_errno(int number)
{
	static _Thread_local char text[128];

	return strerror_r(number, text, sizeof text);
}
