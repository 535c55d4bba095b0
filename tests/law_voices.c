/*
 * The law of the voices: whatever was put, put again, held, released and withdrawn, in whatever order, what
 * readers see is what they would see of a new store that was told the last word on each public video, and
 * never heard of the others. So nothing that only a withdrawn or a hidden video says is anywhere in public.db.
 *
 * Random sequences against it. Videos share speakers, organisations and files; some say nothing of consent,
 * some have an embargo. After each step public.db is compared with that of such a new store, row by row; at
 * the end of a sequence core.db with that of a store that was told of the hidden ones too, and what a
 * rebuild makes. Some steps are not published at once, as when the program is killed between writing and
 * publishing.
 *
 *     TRIBUNE_SEED=N        draw as that run did
 *     TRIBUNE_SEQUENCES=N   how many (60)
 */
#define _GNU_SOURCE
#include "base/clock.h"
#include "chance.h"
#include "store.h"
#include "video/video.h"
#include "video/video_ledger.h"
#include "video_sql.h"

enum { KEYS = 4, STEPS = 14, TRACKS = 3, GONE_MAX = STEPS };

/* --- What is said of a video. */

static const char *const consents[] = {
	"[consent]\nuses = [\"site\"]\nname = \"full\"\nface = \"as-is\"\nvoice = \"as-is\"\n",
	"[consent]\nuses = [\"site\"]\nname = \"full\"\nface = \"as-is\"\nvoice = \"as-is\"\n",
	"[consent]\nuses = [\"site\", \"embed\"]\nname = \"none\"\nface = \"none\"\nvoice = "
	"\"altered\"\n",
	"[consent]\nuses = [\"download\"]\nname = \"full\"\nface = \"as-is\"\nvoice = \"as-is\"\n",
	"[consent]\nuses = [\"site\"]\nname = \"full\"\nface = \"as-is\"\nvoice = \"as-is\"\n"
	"embargo = \"2999-01-01\"\n",
	"[consent]\nuses = [\"site\"]\nname = \"full\"\nface = \"as-is\"\nvoice = \"as-is\"\n"
	"expires = \"2020-01-01\"\n",
	"",
};
static const char *const states[] = { "FRA", "URY", "" };
static const char *const languages[] = { "en", "fr", "es" };

static void put_line(buf *b, const char *key, const char *value)
{
	if (value[0])
		buf_printf(b, "%s = \"%s\"\n", key, value);
}

/* Speakers are few, so that videos share them; what is said of them is not always the same. */
static void put_speaker(buf *b)
{
	buf_put(b, S("[[speaker]]\n"));
	if (percent(80))
		buf_printf(b, "key = \"p%u\"\n", below(2));
	buf_printf(b,
		   "name = \"Name %u\"\nfunction = { en = \"Function %u\", fr = \"Charge %u\" }\n",
		   below(3), below(2), below(2));
	if (percent(70))
		buf_printf(b, "organisation = \"o%u\"\n", below(2));
	if (percent(60))
		buf_printf(b, "organisation_name = { en = \"House %u\"%s }\n", below(3),
			   percent(50) ? ", fr = \"Maison\"" : "");
	put_line(b, "state", PICK(states));
	put_line(b, "from", percent(50) ? "2012" : "");
}

static void put_moment(buf *b, unsigned i)
{
	buf_printf(
		b,
		"[[moment]]\nkey = \"m%u\"\nstart = %u\nend = %u\ntitle = { en = \"Moment %u\" }\n",
		i, i * 10 + below(3), i * 10 + 5 + below(3), below(1000));
	if (percent(50))
		buf_put(b, S("quote = { fr = \"Citation\" }\nstates = [\"FRA\"]\n"));
}

/* No two titles are the same, nor one the beginning of another. */
static str draw_meta(arena *a, unsigned key)
{
	static unsigned drawn = 100000;
	buf b = buf_new(a, 1 << 14);
	unsigned speakers = below(3), moments = below(3);

	buf_printf(&b, "key = \"k%u\"\nlanguage = \"%s\"\n", key, PICK(languages));
	buf_printf(&b,
		   "title = { en = \"Video %u of %u\" }\nlicence = \"CC BY 4.0\"\nduration = 60\n",
		   key, drawn++);
	if (percent(50))
		buf_printf(&b, "place = { fr = \"Place %u\" }\nstates = [\"URY\"]\n", below(1000));
	if (percent(20))
		buf_put(&b, S("no_captions_because = \"a song\"\n"));
	buf_printf(&b, "held = %s\n", percent(20) ? "true" : "false");
	buf_put(&b, str_of(PICK(consents)));
	for (unsigned i = 0; i < speakers; i++)
		put_speaker(&b);
	for (unsigned i = 0; i < moments; i++)
		put_moment(&b, below(2) + i * 2);
	return buf_str(&b);
}

/* --- The last word on each video. */

struct said {
	str meta;                 /* n == 0: there is no such video */
	str vtt[TRACKS];          /* captions in each language; n == 0: none */
	struct video_medium file; /* digest.n == 0: none */
	bool held;
	str code;
};

struct run {
	arena *a;
	struct store *store;
	struct video_known known;
	struct said all[KEYS];
	unsigned order[KEYS]; /* keys, the one put last at the end; so are numbers of things */
	struct said gone[GONE_MAX];
	size_t n_gone;
	buf story;
	bool published;
	str seen;
};

static enum err put_said(struct store *s, arena *a, const struct video_known *known,
			 const struct said *said, str *ret_code)
{
	buf why = buf_new(a, 1 << 14);
	struct video_track tracks[TRACKS];
	struct video_files files = { .media = &said->file, .n = said->file.digest.n > 0 };
	struct video_meta meta;
	int64_t id;
	size_t n = 0;

	TRY(video_meta_text(a, said->meta, known, &meta, &why));
	for (size_t i = 0; i < TRACKS; i++)
		if (said->vtt[i].n)
			tracks[n++] = (struct video_track){ .kind = S("captions"),
							    .lang = str_of(languages[i]),
							    .origin = S("human"),
							    .reviewer = S(""),
							    .vtt = said->vtt[i] };
	return video_put(&s->core, a, str_of(store_folder), &meta, tracks, n, &files, &id,
			 ret_code);
}

static enum err hold(struct store *s, arena *a, str code, bool held)
{
	struct video_by_code row;

	TRY(video_by_code(&s->core, a, code, &row));
	TRY(db_begin(s->core.db));
	TRY(db_finish(s->core.db, video_hold(&s->core, row.id, held)));
	TRY(db_begin(s->core.db));
	return db_finish(s->core.db, change_add(&s->core, S("video"), row.id));
}

static enum err withdraw(struct store *s, arena *a, str code)
{
	bool known;

	TRY(video_erase(&s->core, a, str_of(store_folder), code, S("2026-01-01"), S("a reason"),
			&known));
	return known ? OK : E_NOTFOUND;
}

static bool says(const struct said *said, const char *what)
{
	return str_find(said->meta, str_of(what)) != STR_NONE;
}

/* Whether readers may see a video, by the words of docs/video.md and not by our code. */
static bool is_public(const struct said *said)
{
	bool captioned = says(said, "no_captions_because");

	for (size_t i = 0; i < TRACKS; i++) {
		char language[32];

		snprintf(language, sizeof language, "language = \"%s\"", languages[i]);
		captioned |= said->vtt[i].n && says(said, language);
	}
	return said->meta.n && !said->held && says(said, "\"site\"") && !says(said, "embargo") &&
	       !says(said, "expires") && captioned;
}

/* A new store that was told the last word on each video, or on each public one. */
static struct store *new_store(const struct run *run, bool hidden_too)
{
	struct store *s = store_new(store_voice_kinds);
	arena *a = arena_new();
	str code;

	for (size_t i = 0; i < run->n_gone; i++)
		store_must(put_said(s, a, &run->known, &run->gone[i], &code) == OK &&
				   withdraw(s, a, code) == OK,
			   "a new store does not take and give back a video");
	for (size_t i = 0; i < KEYS; i++) {
		const struct said *said = &run->all[run->order[i]];

		if (said->meta.n && (hidden_too || is_public(said)))
			store_must(put_said(s, a, &run->known, said, &code) == OK &&
					   hold(s, a, code, said->held) == OK,
				   "a new store does not take a video again");
	}
	store_must(store_publish(s) == OK, "a new store cannot be published");
	arena_free(a);
	return s;
}

/* --- Steps. */

static void now_last(struct run *run, unsigned key)
{
	size_t n = 0;

	for (size_t i = 0; i < KEYS; i++)
		if (run->order[i] != key)
			run->order[n++] = run->order[i];
	run->order[n] = key;
}

/* Tracks and files that do not come stay. */
static enum err put_one(struct run *run, arena *a, unsigned key)
{
	struct said *said = &run->all[key], given = { .meta = draw_meta(run->a, key) };
	str code;

	for (size_t i = 0; i < TRACKS; i++)
		if (percent(45)) {
			buf vtt = buf_new(run->a, 256);

			buf_printf(&vtt, "WEBVTT\n\n00:00.000 --> 00:02.000\nWords %u of %u\n",
				   below(3), key);
			given.vtt[i] = said->vtt[i] = buf_str(&vtt);
		}
	if (percent(40)) {
		static const char *const digests[] = { "aaaa", "bbbb" };

		given.file = (struct video_medium){ .form = percent(50) ? S("video")
									: S("original"),
						    .digest = str_of(PICK(digests)),
						    .type = S("video/mp4"),
						    .bytes = 1 + below(9),
						    .width = 2,
						    .height = 2 };
		said->file = given.file;
	}
	buf_printf(&run->story, "# put k%u\n", key);
	said->meta = given.meta;
	said->held = str_find(given.meta, S("held = true")) != STR_NONE;
	TRY(put_said(run->store, a, &run->known, &given, &code));
	said->code = arena_str(run->a, code);
	now_last(run, key);
	return OK;
}

static enum err withdraw_one(struct run *run, arena *a, unsigned key)
{
	struct said *said = &run->all[key];

	buf_printf(&run->story, "# withdraw k%u\n", key);
	TRY(withdraw(run->store, a, said->code));
	run->gone[run->n_gone++] = *said;
	*said = (struct said){ 0 };
	return OK;
}

static enum err random_step(struct run *run, arena *a)
{
	unsigned dice = below(100), key = below(KEYS);
	struct said *said = &run->all[key];

	if (dice < 45 || !said->meta.n)
		return put_one(run, a, key);
	if (dice < 70) {
		said->held = !said->held;
		buf_printf(&run->story, "# %s k%u\n", said->held ? "hold" : "release", key);
		return hold(run->store, a, said->code, said->held);
	}
	if (dice < 92)
		return withdraw_one(run, a, key);
	buf_put(&run->story, S("# rebuild\n"));
	run->published = false; /* its version moves, whatever the rows do */
	return store_rebuild(run->store);
}

/* --- The law. */

/* Without the addresses that are gone, which is_as_agreed counts: who speaks in two voices that are withdrawn has one
 * address where both were there at once, and otherwise two. */
static str without_gone(arena *a, str dump)
{
	buf o = buf_new(a, dump.n + 1);

	while (dump.n) {
		str line = str_cut(&dump, '\n');

		if (!str_starts(line, S("gone|")) && !str_starts(line, S("withdrawal|")))
			buf_printf(&o, "%" STR_F "\n", STR_A(line));
	}
	return buf_str(&o);
}

static bool same(struct run *run, arena *a, struct store *fresh, const struct dump_rule *rules,
		 const char *what)
{
	str is = without_gone(a, store_dump(run->store, a, rules)),
	    should = without_gone(a, store_dump(fresh, a, rules));

	if (str_eq(is, should))
		return true;
	buf_printf(&run->story, "# %s\n", what);
	dump_difference(&run->story, is, should);
	return false;
}

static str title_of(const struct said *said)
{
	str rest = str_from(said->meta, str_find(said->meta, S("Video ")));

	return str_to(rest, str_find_byte(rest, '"'));
}

/* The new store is made by the same code. This asks without it: titles of what is public and of nothing else, and an
 * address that is gone for each withdrawn video and moment. */
static bool is_as_agreed(struct run *run, str seen)
{
	/* People and organisations are gone with the voice unless another withdrawal has named them already. */
	size_t gone = 0, should = run->n_gone, people = 0;

	for (size_t i = 0; i < KEYS; i++) {
		const struct said *said = &run->all[i];

		if (said->meta.n &&
		    (str_find(seen, title_of(said)) != STR_NONE) != is_public(said)) {
			buf_printf(&run->story, "# %" STR_F " is %spublic\n", STR_A(title_of(said)),
				   is_public(said) ? "not " : "");
			return false;
		}
	}
	for (size_t i = 0; i < run->n_gone; i++) {
		for (str rest = run->gone[i].meta; rest.n;) {
			str line = str_cut(&rest, '\n');

			should += str_eq(line, S("[[moment]]"));
			people += str_eq(line, S("[[speaker]]")) ||
				  str_starts(line, S("organisation = "));
		}
		if (str_find(seen, title_of(&run->gone[i])) != STR_NONE) {
			buf_put(&run->story, S("# a withdrawn title is there\n"));
			return false;
		}
	}
	for (str rest = seen; rest.n;)
		gone += str_starts(str_cut(&rest, '\n'), S("gone|"));
	if (gone < should || gone > should + people)
		buf_printf(&run->story,
			   "# %zu addresses are gone, should be %zu, and up to %zu of people\n",
			   gone, should, people);
	return gone >= should && gone <= should + people;
}

static bool check(struct run *run, arena *a)
{
	struct store *fresh;
	str exact;
	bool good, moved;

	if (store_publish(run->store) != OK) {
		buf_put(&run->story, S("# it cannot be published\n"));
		return false;
	}
	fresh = new_store(run, false);
	good = same(run, a, fresh, dump_public, "readers see something else than in a new store");
	store_free(fresh);
	good = good && is_as_agreed(run, store_dump(run->store, a, dump_public));
	/* Private work shows in no version: it moves when a public byte has moved, and only then. */
	exact = store_dump(run->store, run->a, dump_public_exact);
	moved = !str_eq(exact, run->seen);
	if (good && run->published && moved != run->store->moved) {
		buf_put(&run->story, moved ? S("# rows moved, the version did not\n")
					   : S("# the version moved, no row did\n"));
		dump_difference(&run->story, exact, run->seen);
		good = false;
	}
	run->seen = exact;
	run->published = true;
	return good;
}

/* core.db and a rebuilt public.db, at the end of a sequence. */
static bool check_end(struct run *run, arena *a)
{
	struct store *fresh = new_store(run, true);
	str before = store_dump(run->store, a, dump_public_exact);
	bool good = same(run, a, fresh, dump_core, "core.db is not that of a new store");

	store_free(fresh);
	if (good && (store_rebuild(run->store) != OK ||
		     !str_eq(before, store_dump(run->store, a, dump_public_exact)))) {
		buf_put(&run->story, S("# a rebuilt public.db is another one\n"));
		dump_difference(&run->story, before, store_dump(run->store, a, dump_public_exact));
		good = false;
	}
	return good;
}

static bool run_sequence(arena *a, int64_t *ret_steps)
{
	struct run run = { .a = a,
			   .store = store_new(store_voice_kinds),
			   .story = buf_new(a, 1 << 20) };
	unsigned steps = 4 + below(STEPS - 3);
	arena *scratch = arena_new();
	bool good = video_known_load(&run.store->core, a, &run.known) == OK;

	for (unsigned i = 0; i < KEYS; i++)
		run.order[i] = i;
	for (unsigned i = 0; i < steps && good; i++) {
		enum err e;

		arena_reset(scratch);
		e = random_step(&run, scratch);
		good = e == OK;
		if (!good)
			buf_printf(&run.story, "# the step failed: %s; %s\n", err_text(e),
				   db_message(run.store->core.db));
		/* Now and then the program is killed before it has published. */
		if (good && percent(15))
			run.published = false;
		else
			good = good && check(&run, scratch);
		++*ret_steps;
	}
	good = good && check(&run, scratch) && check_end(&run, scratch);
	if (!good)
		printf("%" STR_F, STR_A(buf_str(&run.story)));
	store_free(run.store);
	arena_free(scratch);
	return good;
}

int main(void)
{
	uint64_t seed = number_of("TRIBUNE_SEED", (uint64_t)clock_now());
	uint64_t sequences = number_of("TRIBUNE_SEQUENCES", 60);
	int64_t steps = 0;
	bool good = true;

	printf("# TRIBUNE_SEED=%llu\n", (unsigned long long)seed);
	store_trim();
	for (uint64_t i = 0; i < sequences && good; i++) {
		arena *a = arena_new();

		chance_seed(seed + i);
		good = run_sequence(a, &steps);
		ok(good, "sequence %llu: as in a new store", (unsigned long long)i + 1);
		arena_free(a);
	}
	printf("# %lld steps\n", (long long)steps);
	return tap_done();
}
