/*
 * TAP, the Test Anything Protocol, in one header. A test is a program:
 *
 *     int main(void) { ok(1 + 1 == 2, "sums"); eq_str(a, S("b"), "name"); return tap_done(); }
 */
#ifndef TESTS_TAP_H
#define TESTS_TAP_H

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/base.h"

static int tap_n, tap_failed;

__attribute__((format(printf, 4, 5), unused)) static bool tap_ok(bool good, const char *file,
								 int line, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	printf("%sok %d - ", good ? "" : "not ", ++tap_n);
	vprintf(format, args);
	printf("\n");
	va_end(args);
	if (!good) {
		tap_failed++;
		printf("#   at %s:%d\n", file, line);
	}
	fflush(stdout);
	return good;
}

#define ok(cond, ...) tap_ok((cond), __FILE__, __LINE__, __VA_ARGS__)

__attribute__((unused)) static bool tap_eq_str(str got, str want, const char *what,
					       const char *file, int line)
{
	bool good = str_eq(got, want);

	tap_ok(good, file, line, "%s", what);
	if (!good)
		printf("#   got:  %.*s\n#   want: %.*s\n", STR_A(got), STR_A(want));
	return good;
}

__attribute__((unused)) static bool tap_eq_int(int64_t got, int64_t want, const char *what,
					       const char *file, int line)
{
	bool good = got == want;

	tap_ok(good, file, line, "%s", what);
	if (!good)
		printf("#   got:  %lld\n#   want: %lld\n", (long long)got, (long long)want);
	return good;
}

#define eq_str(got, want, what) tap_eq_str((got), (want), (what), __FILE__, __LINE__)
#define eq_int(got, want, what) \
	tap_eq_int((int64_t)(got), (int64_t)(want), (what), __FILE__, __LINE__)
#define is_ok(call, what) tap_eq_int((int64_t)(call), OK, (what), __FILE__, __LINE__)

/* Skips what follows in the calling test, with the reason on the line. */
#define skip(n, why)                                                 \
	do {                                                         \
		for (int skip_i_ = 0; skip_i_ < (n); skip_i_++)      \
			printf("ok %d # SKIP %s\n", ++tap_n, (why)); \
	} while (0)

__attribute__((unused)) static int tap_done(void)
{
	printf("1..%d\n", tap_n);
	return tap_failed != 0;
}

#endif
