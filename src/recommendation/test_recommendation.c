/* The rules of the record: who a recommendation is, and what its sources say together. */
#include "tap.h"

#include "recommendation/recommendation.h"
#include "text/digest.h"

/* --- Who it is. */

static struct rec_fact fact_of(const char *text)
{
	return (struct rec_fact){ .sur = S("FRA"), .session = 15, .text = str_of(text) };
}

static bool same(struct rec_fact a, struct rec_fact b)
{
	arena *m = arena_new();
	bool equal = str_eq(rec_identity(m, &a), rec_identity(m, &b));

	arena_free(m);
	return equal;
}

static void test_identity(void)
{
	static const struct {
		const char *what, *a, *b;
		bool same;
	} pairs[] = {
		{ "case", "Ban corporal punishment", "BAN Corporal Punishment", true },
		{ "punctuation and blanks", "Ban it: now (all of it).", "  Ban it now, all of it",
		  true },
		{ "dashes and quotation marks", "the State\xE2\x80\x99s so-called law",
		  "the States \"so called\" law", true },
		{ "accents", "Autorit\xC3\xA9 ind\xC3\xA9pendante", "Autorite independante", true },
		{ "composed and decomposed", "Autorit\xC3\xA9", "Autorite\xCC\x81", true },
		{ "sharp s",
		  "Stra\xC3\x9F"
		  "e",
		  "STRASSE", true },
		{ "ligatures",
		  "e\xEF\xAC\x83"
		  "cient",
		  "efficient", true },
		{ "a word more", "Ban corporal punishment", "Ban corporal punishment of children",
		  false },
		{ "one letter", "Ratify OP-CAT", "Ratify OP-CET", false },
		{ "a number", "Ratify Protocol 12", "Ratify Protocol 13", false },
		{ "an ampersand is no word", "women & girls", "women and girls", false },
		{ "another script",
		  "\xD0\xA1\xD0\xA1\xD0\xA1\xD0\xA0" /* Cyrillic letters that look Latin */, "CCCP",
		  false },
	};

	for (size_t i = 0; i < COUNT_OF(pairs); i++)
		ok(same(fact_of(pairs[i].a), fact_of(pairs[i].b)) == pairs[i].same,
		   "identity: %s %s", pairs[i].what,
		   pairs[i].same ? "makes no difference" : "makes a difference");
}

static void test_identity_frame(void)
{
	struct rec_fact fact = fact_of("Ban corporal punishment"), other = fact;

	other.kind = REC_PLEDGE;
	ok(!same(fact, other), "a pledge is not a recommendation of the same words");
	other = fact;
	other.sample = true;
	ok(!same(fact, other), "a sample is not a record of the same words");
	other = fact;
	other.session = 16;
	ok(!same(fact, other), "another session is another recommendation");
	other = fact;
	other.sur = S("FIN");
	ok(!same(fact, other), "another State under review is another recommendation");
	other = fact;
	other.rs = S("URY");
	other.response = S("noted");
	other.issues = S("torture");
	other.lang = S("fr");
	other.sheet = S("2");
	other.row_number = 7;
	ok(same(fact, other), "who recommends, what was answered and where it stands are not "
			      "part of it");
	other = fact;
	other.session = 1;
	other.text = S("5 Ban corporal punishment");
	ok(!same(fact, other), "a session and a text that starts with a number do not run "
			       "together");
}

static void test_codes(arena *a)
{
	struct rec_fact fact = fact_of("Ban corporal punishment");
	str identity = rec_identity(a, &fact);
	bool plain = true;

	eq_int(identity.n, 52, "an identity has 52 characters");
	for (size_t i = 0; i < identity.n; i++)
		plain = plain && ((identity.p[i] >= 'a' && identity.p[i] <= 'z') ||
				  (identity.p[i] >= '0' && identity.p[i] <= '9'));
	ok(plain, "all of them small letters and digits");
	eq_str(rec_code(identity, 0), str_to(identity, 10), "the code is its first ten");
	eq_str(rec_code(identity, 1), str_to(str_from(identity, 10), 10),
	       "on a clash it is the next ten");
	eq_int(rec_code(identity, 4).n, 10, "five codes can be had");
	eq_str(rec_kind_code(REC_PLEDGE), S("pledge"), "the code of a pledge");
}

/* --- What the sources say together. */

static const struct rec_origin old_export = { .import_id = 4,
					      .authority = 1,
					      .publisher = S_INIT("UPR Info"),
					      .dated = S_INIT("2014-01-01"),
					      .source_code = S_INIT("old") };
static const struct rec_origin new_export = { .import_id = 2,
					      .authority = 1,
					      .publisher = S_INIT("UPR Info"),
					      .dated = S_INIT("2018-07-25"),
					      .source_code = S_INIT("new") };
static const struct rec_origin same_date = { .import_id = 3,
					     .authority = 1,
					     .publisher = S_INIT("UPR Info"),
					     .dated = S_INIT("2018-07-25"),
					     .source_code = S_INIT("later") };
static const struct rec_origin other_publisher = { .import_id = 5,
						   .authority = 1,
						   .publisher = S_INIT("HURIDOCS"),
						   .dated = S_INIT("2016"),
						   .source_code = S_INIT("other") };
static const struct rec_origin document = { .import_id = 1,
					    .authority = 2,
					    .publisher = S_INIT("United Nations"),
					    .dated = S_INIT("2013-03-21"),
					    .source_code = S_INIT("document") };
static const struct rec_origin person = { .import_id = 6,
					  .authority = 3,
					  .publisher = S_INIT("An editor"),
					  .dated = S_INIT("2010"),
					  .source_code = S_INIT("person") };

/* A statement about France's recommendation by Uruguay; ID is its place in the store. */
static struct rec_row row_of(const struct rec_origin *origin, int64_t id, const char *text)
{
	return (struct rec_row){ .origin = origin,
				 .id = id,
				 .rs = S("URY"),
				 .text = str_of(text),
				 .lang = S("en"),
				 .response = S(""),
				 .issues = S(""),
				 .sdgs = S(""),
				 .sheet = S(""),
				 .raw = S("[]"),
				 .row_number = id };
}

/* Settles ROWS in the order given and in the reverse one: the order must not matter. */
static struct rec settle(arena *a, const struct rec_row *rows, size_t n)
{
	struct rec_row *forward = NEW_N(a, struct rec_row, n);
	struct rec_row *backward = NEW_N(a, struct rec_row, n);
	buf x = buf_new(a, 1 << 20), y = buf_new(a, 1 << 20);
	struct rec one, two;

	for (size_t i = 0; i < n; i++) {
		forward[i] = rows[i];
		backward[n - 1 - i] = rows[i];
	}
	rec_settle(a, forward, n, &one);
	rec_settle(a, backward, n, &two);
	rec_canonical(&x, &one);
	rec_canonical(&y, &two);
	if (!str_eq(buf_str(&x), buf_str(&y)))
		ok(false, "the order of the rows does not matter");
	return one;
}

static void test_precedence(arena *a)
{
	static const struct {
		const char *what;
		const struct rec_origin *first, *second;
	} pairs[] = {
		{ "a newer export stands before an older one, whichever came in first", &new_export,
		  &old_export },
		{ "of two imports of one date the later one stands", &same_date, &new_export },
		{ "a document stands before a newer export", &document, &new_export },
		{ "a person's correction stands before a newer document", &person, &document },
		{ "a person's correction stands before everything", &person, &other_publisher },
	};

	for (size_t i = 0; i < COUNT_OF(pairs); i++) {
		const struct rec_row rows[] = { row_of(pairs[i].second, 1, "second"),
						row_of(pairs[i].first, 2, "first") };
		struct rec r = settle(a, rows, COUNT_OF(rows));

		eq_str(r.text, S("first"), pairs[i].what);
		eq_int(r.place, 2, "and its place is the one that counts");
	}
}

static void test_statements(arena *a)
{
	const struct rec_row rows[] = { row_of(&old_export, 1, "old"),
					row_of(&new_export, 2, "new"),
					row_of(&same_date, 3, "later"),
					row_of(&same_date, 4, "again"),
					row_of(&document, 5, "document") };
	struct rec r = settle(a, rows, COUNT_OF(rows));
	const struct rec_attribution *att = &r.attributions[0];

	eq_int(r.n, 1, "one recommending State, one attribution");
	eq_int(att->n_statements, 3, "one publisher says one thing on one date");
	eq_str(att->statements[0]->text, S("document"), "the document first");
	eq_str(att->statements[1]->text, S("later"),
	       "then the later import of that date, its first row");
	eq_str(att->statements[2]->text, S("old"), "then the older export");
	rec_settle(a, NULL, 0, &r);
	ok(r.n == 0 && r.text.n == 0, "what no row supports any more says nothing");
}

static void test_place_of_equal_rows(arena *a)
{
	struct rec_row rows[] = { row_of(&new_export, 11, "on the first sheet"),
				  row_of(&new_export, 12, "on the second sheet") };
	struct rec r;

	rows[0].row_number = rows[1].row_number = 2;
	rows[0].sheet = S("Later in the alphabet");
	rows[1].sheet = S("Earlier");
	r = settle(a, rows, COUNT_OF(rows));
	eq_str(r.text, S("on the first sheet"),
	       "of two rows with one number on two sheets the earlier in the file stands");
}

static void test_facts(arena *a)
{
	struct rec_row rows[] = { row_of(&new_export, 1, "new"), row_of(&old_export, 2, "old"),
				  row_of(&document, 3, "document") };
	struct rec r;

	rows[0].response = S("noted");
	rows[1].response = S("supported");
	rows[1].action = 4;
	r = settle(a, rows, COUNT_OF(rows));
	eq_str(r.text, S("document"), "the text is that of the source that stands");
	eq_str(r.attributions[0].response, S("noted"),
	       "a response comes from the first source that gives one");
	eq_int(r.attributions[0].action, 4, "and so does an action, from another source");
	rows[2].response = S("supported");
	r = settle(a, rows, COUNT_OF(rows));
	eq_str(r.attributions[0].response, S("supported"), "the document's own comes first");
}

static void test_tags(arena *a)
{
	struct rec_row rows[] = { row_of(&new_export, 1, "new"), row_of(&old_export, 2, "old"),
				  row_of(&other_publisher, 3, "other") };
	struct rec r;

	rows[0].issues = S("children torture");
	rows[1].issues = S("detention minorities");
	rows[1].sdgs = S("16");
	r = settle(a, rows, 2);
	eq_str(r.attributions[0].issues, S("children torture"),
	       "the tags of a newer export of one publisher replace the older's");
	eq_str(r.attributions[0].sdgs, S(""), "those of another scheme too");
	rows[2].issues = S("children disabilities women");
	rows[2].sdgs = S("4 5");
	r = settle(a, rows, COUNT_OF(rows));
	eq_str(r.attributions[0].issues, S("children disabilities torture women"),
	       "tags of two publishers unite, each once, sorted");
	eq_str(r.attributions[0].sdgs, S("4 5"), "what only one gives is kept");
	rows[0].issues = S("");
	r = settle(a, rows, 2);
	eq_str(r.attributions[0].issues, S(""), "a newer export without tags replaces them too");
}

static void test_attributions(arena *a)
{
	struct rec_row rows[] = { row_of(&new_export, 1, "text"), row_of(&new_export, 2, "Text"),
				  row_of(&new_export, 3, "TEXT"), row_of(&old_export, 4, "text!") };
	struct rec r;

	rows[0].rs = (str){ 0 };
	rows[1].rs = S("POL");
	rows[2].rs = S("FIN");
	rows[3].rs = S("URY");
	r = settle(a, rows, COUNT_OF(rows));
	eq_int(r.n, 4, "an attribution for each recommending State");
	eq_str(r.attributions[0].rs, S("FIN"), "in the order of their codes");
	ok(!r.attributions[3].rs.p, "the one without a State last");
	eq_str(r.text, S("text"), "the text of the first row of the newest source");
	ok(rec_find_attribution(&r, S("URY")) == &r.attributions[2], "found by its State");
	ok(rec_find_attribution(&r, (str){ 0 }) == &r.attributions[3], "found without one");
	ok(!rec_find_attribution(&r, S("BRA")), "a State that has none is not found");
}

/* --- The canonical form. */

static str canonical(arena *a, struct rec_row row)
{
	buf out = buf_new(a, 1 << 16);
	struct rec r;

	rec_settle(a, &row, 1, &r);
	rec_canonical(&out, &r);
	return buf_str(&out);
}

static void test_canonical(arena *a)
{
	const struct rec_row row = row_of(&new_export, 1, "text");
	struct rec_row other[10];
	const char *what[] = { "text",   "lang", "rs",    "response", "action",
			       "issues", "sdgs", "sheet", "row",      "raw" };
	str plain = canonical(a, row);

	for (size_t i = 0; i < COUNT_OF(other); i++)
		other[i] = row;
	other[0].text = S("Text");
	other[1].lang = S("fr");
	other[2].rs = (str){ 0 };
	other[3].response = S("noted");
	other[4].action = 1;
	other[5].issues = S("torture");
	other[6].sdgs = S("16");
	other[7].sheet = S("2");
	other[8].row_number = 2;
	other[9].raw = S("[1]");
	for (size_t i = 0; i < COUNT_OF(other); i++)
		ok(!str_eq(canonical(a, other[i]), plain), "canonical form: %s shows", what[i]);
	other[0] = row;
	other[0].id = 77;
	eq_str(canonical(a, other[0]), plain, "its number in the store does not");
	other[0].issues = S("a");
	other[0].sdgs = S("b");
	other[1] = row;
	other[1].issues = S("a1:b");
	ok(!str_eq(canonical(a, other[0]), canonical(a, other[1])),
	   "no field passes for the end of another");
}

/* Two stores in which the same things are said, but another row stands first. */
static void test_canonical_place(arena *a)
{
	struct rec_origin one = new_export, two = same_date;
	struct rec_row rows[] = { row_of(&one, 5, "text"), row_of(&two, 9, "text") };
	buf before = buf_new(a, 1 << 16), after = buf_new(a, 1 << 16);
	struct rec r;

	rows[1].rs = S("FIN");
	r = settle(a, rows, COUNT_OF(rows));
	rec_canonical(&before, &r);
	eq_int(r.place, 9, "the place is that of the later import");
	one.import_id = 12;
	r = settle(a, rows, COUNT_OF(rows));
	rec_canonical(&after, &r);
	eq_int(r.place, 5, "which may change without any statement changing");
	ok(!str_eq(buf_str(&before), buf_str(&after)), "canonical form: the place shows");
}

static void test_source_code(arena *a)
{
	struct rec_origin o = { .publisher = S("UPR Info"),
				.dated = S("2018"),
				.part = S("1-6"),
				.format = S("upr-info"),
				.columns = S("[\"SuR\"]") };
	struct rec_origin other = o;
	str code = rec_source_code(a, &o);

	eq_int(code.n, 10, "a source has a code of ten characters");
	other.import_id = 9;
	other.held = true;
	eq_str(rec_source_code(a, &other), code, "that does not tell the number of its import");
	other.part = S("7-10");
	ok(!str_eq(rec_source_code(a, &other), code), "another part has another one");
	other = o;
	o.publisher = S("UPR Info\n2018");
	o.dated = S("");
	code = rec_source_code(a, &o);
	other.publisher = S("UPR Info");
	other.dated = S("2018\n");
	ok(!str_eq(rec_source_code(a, &other), code), "fields do not run together");
}

/* The verbs of the guide, as data/reference/actions.csv has them. */
static void test_rule(arena *a)
{
	static const struct {
		str code, verb;
	} verbs[] = {
		{ S_INIT("1"), S_INIT("seek") },          { S_INIT("2"), S_INIT("continue") },
		{ S_INIT("3"), S_INIT("consider") },      { S_INIT("4"), S_INIT("strengthen") },
		{ S_INIT("4"), S_INIT("take measures") }, { S_INIT("5"), S_INIT("ratify") },
	};
	struct vocabulary_builder *b = vocabulary_builder_new(a);
	struct vocabularies all;
	const struct vocabulary *v;

	vocabulary_add_scheme(b, S("action"), S("1"), S(""), S(""));
	for (size_t i = 0; i < COUNT_OF(verbs); i++)
		if (i == 0 || !str_eq(verbs[i].code, verbs[i - 1].code))
			vocabulary_add_concept(b, S("action"), verbs[i].code, S(""), true);
	for (size_t i = 0; i < COUNT_OF(verbs); i++)
		vocabulary_add_name(b, S("action"), verbs[i].code,
				    (struct concept_name){ .kind = S("alias"),
							   .lang = S("en"),
							   .text = verbs[i].verb },
				    true);
	vocabulary_build(b, &all);
	v = vocabulary_of(&all, S("action"));
	eq_int(rec_action_by_rule(v, S("Ratify the Convention")), 4, "specific");
	eq_int(rec_action_by_rule(v, S("To ratify the Convention")), 4, "behind a to");
	eq_int(rec_action_by_rule(v, S("Take measures against torture")), 3, "two words");
	eq_int(rec_action_by_rule(v, S("Continue and strengthen its efforts")), 3, "the second");
	eq_int(rec_action_by_rule(v, S("Continue to seek assistance")), 0, "also behind to");
	eq_int(rec_action_by_rule(v, S("Continue its efforts")), 1, "one verb");
	eq_int(rec_action_by_rule(v, S("Recommended that it ratify")), -1, "no verb is known");
	eq_int(rec_action_by_rule(v, S("Ratification of the Convention")), -1, "no part of a word");
	eq_int(rec_action_by_rule(v, S("")), -1, "nothing");
}

int main(void)
{
	arena *a = arena_new();

	test_rule(a);

	test_identity();
	test_identity_frame();
	test_codes(a);
	test_precedence(a);
	test_statements(a);
	test_place_of_equal_rows(a);
	test_facts(a);
	test_tags(a);
	test_attributions(a);
	test_canonical(a);
	test_canonical_place(a);
	test_source_code(a);
	arena_free(a);
	return tap_done();
}
