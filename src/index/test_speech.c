/* Searching transcripts whose every answer can be seen by eye. */
#include <pthread.h>

#include "index/bits.h"
#include "index/speech.h"
#include "tap.h"

static struct speech *sp;
static struct speech_scratch *scratch;
static arena *a;
static struct speech_result r;
static struct speech_request rq;

static void cue(struct speech_builder *b, int64_t second, const char *text)
{
	speech_add_cue(b, second * 1000, second * 1000 + 3000, str_of(text));
}

static void build(void)
{
	struct speech_builder *b = speech_builder_new();

	speech_add_document(b, 7, TEXT_EN, S("en"), true);
	cue(b, 0, "We welcome the delegation and its human");
	cue(b, 5, "rights record. Torture must end.");
	cue(b, 60, "Women and children, torture, torture.");
	cue(b, 100, "Nothing more about OP-CAT.");
	speech_add_document(b, 3, TEXT_EN, S("en"), true);
	cue(b, 0, "The death of a journalist");
	cue(b, 300, "and a penalty for the police");
	speech_add_document(b, 7, TEXT_FR, S("fr"), false);
	cue(b, 6, "La torture doit cesser.");
	cue(b, 200, "La torture encore, et la peine de mort");
	speech_add_document(b, 9, TEXT_EN, S("en"), true);
	cue(b, 10, "torture and the police");
	cue(b, 41, "children");
	cue(b, 45, "tortured");
	cue(b, 90, "and then many a word that says little more, as there are in long sessions");
	cue(b, 95, "and then many a word that says little more, as there are in long sessions");
	sp = speech_build(b);
}

static void ask(const char *text)
{
	struct query_context context = { .lang = TEXT_EN };

	rq.query = query_parse(a, &context, str_of(text));
	rq.count = 20;
	speech_search(sp, scratch, a, &rq, &r);
}

static void test_words(void)
{
	ask("torture");
	eq_int(r.videos, 2, "a word: two videos");
	eq_int(r.moments, 5, "a word: five moments");
	eq_int(r.hits[0].n + r.hits[1].n, 5, "all of them are listed");
	ask("tortured");
	eq_int(r.videos, 2, "stems meet");
	ask("\"tortured\"");
	eq_int(r.videos, 1, "in quotes they do not");
	eq_int(r.hits[0].moments[0].cue, 2, "its cue");
	eq_int(r.hits[0].moments[0].start, 45000, "its start");
	eq_int(r.hits[0].moments[0].end, 48000, "its end");
	ask("tort*");
	eq_int(r.moments, 5, "a prefix");
	ask("opcat");
	eq_int(r.videos, 1, "a compound written together");
	ask("zebra");
	eq_int(r.videos, 0, "nothing");
	ask("");
	eq_int(r.videos, 3, "everything");
	eq_int(r.moments, 0, "without moments");
	eq_int(r.hits[0].video, 3, "in the order of numbers");
}

static void test_phrases(void)
{
	ask("\"human rights\"");
	eq_int(r.videos, 1, "a phrase over the end of a cue");
	eq_int(r.hits[0].moments[0].cue, 0, "begins in one");
	eq_int(r.hits[0].moments[0].last, 1, "ends in the next");
	eq_int(r.hits[0].moments[0].end, 8000, "and lasts until that ends");
	ask("\"cat la torture\"");
	eq_int(r.videos, 0, "not over the end of a document");
}

static void test_near(void)
{
	ask("torture children");
	eq_int(r.videos, 2, "two words");
	eq_int(r.complete, 2, "near one another");
	eq_int(r.moments, 2, "31 seconds are too far, 4 are not");
	ask("death penalty");
	eq_int(r.complete, 0, "too far apart");
	eq_int(r.videos, 1, "found nevertheless");
	eq_int(r.moments, 2, "a moment for each word");
	ok(!r.hits[0].complete && !r.hits[0].moments[0].complete, "said to be of one word");
	ask("torture police OR women");
	eq_int(r.complete, 2, "words and OR");
	ask("torture -women");
	eq_int(r.videos, 1, "less a word");
	eq_int(r.hits[0].video, 9, "by video");
	ask("-women");
	eq_int(r.videos, 2, "only less a word");
}

static void test_languages(void)
{
	ask("torture");
	eq_int(r.hits[0].video, 7, "more moments come first");
	eq_int(r.hits[0].n, 3, "what both say at a time is one moment");
	eq_int(r.hits[0].moments[0].tracks, 3, "both are noted");
	eq_int(r.hits[0].moments[0].start, 5000, "the first is shown");
	eq_int(r.hits[0].moments[2].tracks, 2, "one alone");
	rq.preferred = S("fr");
	ask("torture");
	eq_int(r.hits[0].moments[0].start, 6000, "the one preferred is shown");
	eq_str(speech_document(sp, r.hits[0].moments[0].document).code, S("fr"), "its language");
	rq.preferred = S("");
	eq_int(r.moments, 5, "as many");
}

/* A text of more words than 16 bits can count. */
static void test_long(void)
{
	struct speech_builder *b = speech_builder_new();
	struct speech *keep = sp;

	speech_add_document(b, 1, TEXT_EN, S("en"), true);
	for (int i = 0; i < 20000; i++)
		cue(b, i * 3, "one two three four five");
	cue(b, 60000, "the last words");
	cue(b, 60003, "are torture");
	sp = speech_build(b);
	ask("\"words are torture\"");
	eq_int(r.moments, 1, "a phrase at the end of a long text");
	eq_int(r.hits[0].moments[0].cue, 20000, "its cue");
	ask("five torture");
	eq_int(r.complete, 1, "words near one another there");
	ask("four");
	eq_int(r.moments, 20000, "a moment a cue");
	speech_free(sp);
	sp = keep;
}

static void test_empty(void)
{
	struct speech_builder *b = speech_builder_new();
	struct speech *keep = sp;

	speech_add_cue(b, 0, 1, S("of no document"));
	speech_add_document(b, 1, TEXT_EN, S("en"), true);
	sp = speech_build(b);
	eq_int(speech_videos(sp), 0, "a document without cues is none");
	ask("torture OR \"of no\" OR t*");
	eq_int(r.videos, 0, "nothing is found in nothing");
	ask("-torture");
	eq_int(r.videos, 0, "nor what is not there");
	speech_free(sp);
	sp = keep;
	speech_builder_free(speech_builder_new());
}

static bool only_nine(const void *ctx, uint32_t video)
{
	return video == *(const uint32_t *)ctx;
}

static void test_filter(void)
{
	uint32_t nine = 9;

	rq.admits = only_nine;
	rq.ctx = &nine;
	ask("torture");
	eq_int(r.videos, 1, "videos that are not admitted do not count");
	eq_int(r.moments, 2, "nor their moments");
	rq.admits = NULL;
}

/* All that match, and of them results. */
static void test_matching(void)
{
	uint64_t *set = NEW_N(a, uint64_t, bits_words(10));
	uint32_t nine = 9;

	rq.matching = set;
	rq.lists = only_nine;
	rq.ctx = &nine;
	ask("torture");
	eq_int(r.videos, 1, "results are those that are listed");
	eq_int(r.moments, 2, "and their moments");
	ok(bits_has(set, 7) && bits_has(set, 9) && !bits_has(set, 3), "what matches is told whole");
	rq.matching = NULL;
	rq.lists = NULL;
}

static void test_spelling(void)
{
	struct query_context context = { .lang = TEXT_EN };
	struct index_unknown *unknown;

	eq_int((int64_t)speech_unknown(sp, scratch, a,
				       query_parse(a, &context, S("torture jurnalist zzzzzz")),
				       &unknown),
	       2, "two words that nobody says");
	eq_str(unknown[0].near, S("journalist"), "one is near another");
	eq_int((int64_t)unknown[1].near.n, 0, "one is not");
}

static void test_concept(void)
{
	struct lexicon *x = lexicon_new(a);
	struct query_context context = { .lang = TEXT_EN, .lexicon = x };
	uint32_t concept = lexicon_add(x, LEXICON_TEXT, NULL, 0);

	lexicon_name(x, concept, TEXT_EN, S("death penalty"));
	lexicon_name(x, concept, TEXT_FR, S("peine de mort"));
	rq.query = query_parse(a, &context, S("death penalty"));
	speech_search(sp, scratch, a, &rq, &r);
	eq_int(r.videos, 2, "a concept is found by its names in all languages");
	eq_int(r.complete, 1, "and by its words apart");
	eq_int(r.hits[0].video, 7, "the name comes first");
}

static void test_marks(void)
{
	struct query_context context = { .lang = TEXT_EN };
	struct index_marker *k = speech_marker(sp, scratch, a,
					       query_parse(a, &context, S("torture")));
	struct index_snippet s = index_snippet(k, TEXT_EN, S("They tortured him."), 1000);

	eq_int(s.n, 1, "a word is marked");
	eq_int(s.spans[0].start, 5, "where it stands");
}

/* Asks what the other thread asks, with a scratch of its own. */
static void *ask_often(void *unused)
{
	struct query_context context = { .lang = TEXT_EN };
	struct speech_scratch *own = speech_scratch_new();
	arena *mine = arena_new();
	uint64_t moments = 0;

	(void)unused;
	for (int i = 0; i < 200; i++) {
		struct speech_request mine_rq = { .count = 20 };
		struct speech_result got;

		mine_rq.query = query_parse(mine, &context,
					    i % 2 ? S("tort* children") : S("\"human rights\""));
		speech_search(sp, own, mine, &mine_rq, &got);
		moments += got.moments;
	}
	speech_scratch_free(own);
	arena_free(mine);
	return (void *)(uintptr_t)moments;
}

static void test_threads(void)
{
	pthread_t other;
	void *theirs = NULL, *ours;

	pthread_create(&other, NULL, ask_often, NULL);
	ours = ask_often(NULL);
	pthread_join(other, &theirs);
	ok(ours && ours == theirs, "two threads find the same");
}

int main(void)
{
	a = arena_new();
	scratch = speech_scratch_new();
	build();
	eq_int(speech_videos(sp), 3, "videos");
	eq_int(speech_documents(sp), 4, "documents");
	eq_int(speech_cues(sp), 13, "cues");
	test_words();
	test_phrases();
	test_near();
	test_languages();
	test_long();
	test_empty();
	test_filter();
	test_matching();
	test_spelling();
	test_concept();
	test_marks();
	test_threads();
	speech_free(sp);
	speech_scratch_free(scratch);
	arena_free(a);
	return tap_done();
}
