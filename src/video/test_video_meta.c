/* Metadata of a voice: what a slip of the pen in them must not do. */
#define _GNU_SOURCE
#include "tests/store.h"
#include "video/video.h"

static struct video_known known;

static enum err read_with(arena *a, const char *more, struct video_meta *ret, str *ret_why)
{
	buf text = buf_new(a, 1 << 20), why = buf_new(a, 1 << 20);
	enum err e;

	buf_printf(&text, "key = \"k\"\nlanguage = \"en\"\ntitle = \"T\"\n%s\n", more);
	e = video_meta_text(a, buf_str(&text), &known, ret, &why);
	*ret_why = buf_str(&why);
	return e;
}

static void test_instants(arena *a)
{
	enum { DAY = 24 * 60 * 60, JUNE = 20605 }; /* days from 1970 to 2026-06-01 */
	static const struct {
		const char *text;
		int64_t at; /* -1: refused */
	} all[] = {
		{ "2026-06-01", (int64_t)JUNE * DAY },
		{ "2026-06-01T08:00:00Z", (int64_t)JUNE * DAY + 8 * 3600 },
		{ "2026-06-01t08:00:01z", (int64_t)JUNE * DAY + 8 * 3600 + 1 },
		{ "2026-06-01 08:00:00Z", (int64_t)JUNE * DAY + 8 * 3600 },
		{ "2026-06-01T08:30Z", (int64_t)JUNE * DAY + 8 * 3600 + 30 * 60 },
		{ "2026-06-01T23:59:59Z", (int64_t)JUNE * DAY + DAY - 1 },
		{ "2026-06-01T24:00:00Z", -1 },
		{ "2026-06-01Z", -1 },
		{ "2026-06-01TZ", -1 },
		{ "2026-06-01T8Z", -1 },
		{ "2026-06-01T08:00:00", -1 },
		{ "2026-06-01T08:00:00+02:00", -1 },
		{ "2026-06-01Tx8:00:00Z", -1 },
		{ "2026-06-01T08:-1:00Z", -1 },
		{ "2026-06-01T08:00:00:00Z", -1 },
		{ "2026-06-31", -1 },
		{ "2026-06", -1 },
		{ "tomorrow", -1 },
	};

	for (size_t i = 0; i < COUNT_OF(all); i++) {
		buf more = buf_new(a, 1024);
		struct video_meta m;
		enum err e;
		str why;

		buf_printf(&more, "[consent]\nembargo = \"%s\"", all[i].text);
		e = read_with(a, arena_cstr(a, buf_str(&more)), &m, &why);
		ok(all[i].at < 0 ? e == E_INVALID && str_starts(why, S("embargo: "))
				 : e == OK && m.consent.embargo == all[i].at,
		   "an embargo until %s is %s", all[i].text, all[i].at < 0 ? "refused" : "taken");
	}
}

static void test_refused(arena *a)
{
	static const struct {
		const char *text, *why;
	} all[] = {
		{ "[consent]\nembago = \"2030-01-01\"", "consent.embago: there is no such key" },
		{ "[consent]\nexpire = \"2030-01-01\"", "consent.expire: there is no such key" },
		{ "[consent]\nuses = \"site\"", "consent.uses: a list is wanted" },
		{ "consent = true", "consent: a table is wanted" },
		{ "[[speaker]]\nname = \"A\"\nrole = \"x\"", "speaker.role: there is no such key" },
		{ "[speaker]\nname = \"A\"", "speaker: a list of tables is wanted, [[speaker]]" },
		{ "speaker = [1]", "speaker 1: a table is wanted" },
		{ "[[moment]]\nstart = 1\nend = 2\nclip = true",
		  "moment.clip: there is no such key" },
		{ "[[track]]\nlanguage = \"fr\"\nmachine = true",
		  "track.machine: there is no such key" },
		{ "duration = 1e15", "duration: a time is wanted" },
		{ "duration = -1", "duration: a time is wanted" },
		{ "duration = \"99999999999\"", "duration: a time is wanted" },
		{ "[[moment]]\nstart = 9e18\nend = 9.1e18", "start: a time is wanted" },
	};

	for (size_t i = 0; i < COUNT_OF(all); i++) {
		struct video_meta m;
		str why;

		ok(read_with(a, all[i].text, &m, &why) == E_INVALID &&
			   str_find(why, str_of(all[i].why)) != STR_NONE,
		   "told: %s", all[i].why);
	}
}

int main(void)
{
	struct store *s = store_new(NULL);
	arena *a = arena_new();

	ok(video_known_load(&s->core, a, &known) == OK, "the reference data are there");
	test_instants(a);
	test_refused(a);
	arena_free(a);
	store_free(s);
	return tap_done();
}
