/* What the message compiler makes of tests/tools/trc/ok. Its refusals: tests/tools/trc/run. */
#include "trc_ok_gen.h"
#include "tap.h"

static str form(enum lang lang, enum tr_key key, uint64_t n)
{
	const struct tr_message *m = &tr_messages[lang][key];

	return m->forms[m->plural ? m->plural(n) : 0];
}

static void test_english(void)
{
	eq_int(LANG_EN, 0, "English is the first language");
	eq_int(LANG_COUNT_, 3, "three languages");
	eq_int(T_COUNT_, 9, "nine keys; obsolete ones are left out");
	eq_str(tr_codes[LANG_ZH], S("zh"), "the code of a language");
	eq_str(form(LANG_EN, T_a_plain, 0), S("Plain"), "an empty msgstr means the msgid");
	eq_str(form(LANG_EN, T_a_other_words, 0), S("Better title"), "another is shown");
	eq_str(form(LANG_EN, T_a_escapes, 0),
	       S("Tab\t, quote \", backslash \\, what\?\?! and\na line"), "escapes and lines");
	eq_str(form(LANG_EN, T_a_count, 1), S("{n} item of {who}"), "one");
	eq_str(form(LANG_EN, T_a_count, 0), S("{n} items of {who}"), "none");
	eq_str(form(LANG_EN, T_a_hidden_number, 7), S("items"), "a number that is not shown");
	ok(tr_messages[LANG_EN][T_a_plain].plural == NULL, "no rule where there is one form");
}

static void test_plurals(void)
{
	static const struct {
		uint64_t n;
		const char *text;
	} rows[] = {
		{ 0, "{n} предметов" },        { 1, "{n} предмет {who}" },
		{ 2, "{n} предмета {who}" },   { 4, "{n} предмета {who}" },
		{ 5, "{n} предметов" },        { 11, "{n} предметов" },
		{ 12, "{n} предметов" },       { 21, "{n} предмет {who}" },
		{ 22, "{n} предмета {who}" },  { 111, "{n} предметов" },
		{ 1001, "{n} предмет {who}" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		eq_str(form(LANG_RU, T_a_count, rows[i].n), str_of(rows[i].text), "Russian");
	eq_str(form(LANG_ZH, T_a_count, 5), S("{who}的{n}项"), "Chinese has one form");
}

static void test_fallback(void)
{
	eq_str(form(LANG_RU, T_a_plain, 0), S("Просто"), "translated");
	eq_str(form(LANG_RU, T_a_absent, 0), S("Absent"), "an absent key is English");
	eq_str(form(LANG_RU, T_a_fuzzy, 0), S("Fuzzy"), "a fuzzy one is English");
	eq_str(form(LANG_RU, T_a_stale, 0), S("New English"), "one of older English is English");
	eq_str(form(LANG_RU, T_a_half, 21), S("{n} halves"),
	       "one that lacks a form is English, by the English rule");
	eq_str(form(LANG_ZH, T_a_other_words, 0), S("Better title"), "English as it is shown");
	eq_int(tr_missing[LANG_EN], 0, "nothing is missing in English");
	eq_int(tr_missing[LANG_RU], 7, "seven keys in Russian");
	eq_int(tr_missing[LANG_ZH], 8, "eight in Chinese");
}

static void test_takes(void)
{
	int known[] = { T_a_plain_takes_0,   T_a_count_takes_2,         T_a_count_takes_n,
			T_a_count_takes_who, T_a_hidden_number_takes_1, T_a_hidden_number_takes_n };

	ok(COUNT_OF(known) == 6, "what messages take are enumerators");
}

int main(void)
{
	test_english();
	test_plurals();
	test_fallback();
	test_takes();
	return tap_done();
}
