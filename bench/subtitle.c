/* Reading subtitles: milliseconds for a film's 3,600 cues, and megabytes a second over 100 MB of films. Goals:
 * 5 ms, 100 MB/s. "and its trees" is what a page needs besides.
 *     build/bench_subtitle            figures
 *     build/bench_subtitle srt|vtt    writes such a film, for the peers of bench/run */
#include <stdio.h>

#include "bench/measure.h"
#include "subtitle/subtitle.h"

enum { CUES = 3600, ALL_MB = 100, ROUNDS_MAX = 1000 };

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static str make(arena *a, bool srt)
{
	static const char *const lines[] = {
		"We wrote to the ministries every year, and every year",
		"the answer fitted on <i>one</i> line: this is not the moment.",
		"Then three States asked in front of everyone,", "and an answer was due & given."
	};
	buf o = buf_new(a, 1 << 22);

	buf_put(&o, srt ? S("") : S("WEBVTT\n\n"));
	for (int i = 0; i < CUES; i++) {
		if (srt)
			buf_printf(&o, "%d\n", i + 1);
		buf_printf(&o, "%02d:%02d:%02d%c%03d --> %02d:%02d:%02d%c%03d\n%s\n%s\n\n",
			   i / 3600, i / 60 % 60, i % 60, srt ? ',' : '.', i % 500, i / 3600,
			   i / 60 % 60, i % 60, srt ? ',' : '.', i % 500 + 450, lines[i % 4],
			   lines[(i + 1) % 4]);
	}
	return buf_str(&o);
}

/* With the tree of every cue, which is what a page needs. */
static void measure(const char *name, str file, bool trees)
{
	static double times[ROUNDS_MAX];
	const struct sub_options options = { 0 };
	size_t rounds = MIN(ALL_MB * 1000000 / file.n + 1, (size_t)ROUNDS_MAX);
	double all = 0;

	for (size_t i = 0; i < rounds; i++) {
		arena *a = arena_new();
		buf why = buf_new(a, 1024);
		struct sub_file *f;
		double began = now_ms();

		if (sub_read(a, file, &options, &f, &why) != OK || f->cues.n != CUES)
			exit(1);
		if (trees)
			vec_each (struct sub_cue, c, &f->cues)
				sub_tree(a, c->text);
		times[i] = now_ms() - began;
		all += times[i];
		arena_free(a);
	}
	qsort(times, rounds, sizeof *times, by_time);
	printf("%-24s %6.2f ms a film of %d cues (p99 %.2f), %4.0f MB/s over %.0f MB\n", name,
	       times[rounds / 2], CUES, times[rounds * 99 / 100],
	       (double)file.n * (double)rounds / 1e3 / all, (double)file.n * (double)rounds / 1e6);
}

int main(int argc, char **argv)
{
	arena *a = arena_new();
	str vtt = make(a, false), srt = make(a, true);

	if (argc > 1) {
		str film = str_eq(str_of(argv[1]), S("srt")) ? srt : vtt;

		return fwrite(film.p, 1, film.n, stdout) != film.n;
	}
	measure("WebVTT", vtt, false);
	measure("WebVTT and its trees", vtt, true);
	measure("SRT", srt, false);
	measure("SRT and its trees", srt, true);
	arena_free(a);
	return 0;
}
