/*
 * Which action a text asks for, by its first verb: a suggestion where no source says it, and never more
 * than that. The verbs are those of UPR Info's guide of October 2014, after the method of Edward McMahon:
 * other names of the action categories in data/reference/actions.csv. A text that starts with two verbs is
 * what the second asks ("Continue and strengthen" is 4); the guide says so.
 */
#include "recommendation/recommendation.h"

enum { VERB_WORDS = 3 };

/* The first N words of TEXT, and what follows them. */
static str first_words(str text, size_t n, str *ret_rest)
{
	size_t end = 0;

	for (size_t word = 0; word < n && end < text.n; word++) {
		while (end < text.n && text.p[end] == ' ')
			end++;
		while (end < text.n && text.p[end] != ' ')
			end++;
	}
	*ret_rest = str_trim(str_from(text, end));
	return str_to(text, end);
}

/* The category of the longest verb that TEXT starts with; -1: none is known. */
static int verb_at(const struct vocabulary *actions, str text, str *ret_rest)
{
	for (size_t n = VERB_WORDS; n > 0; n--) {
		str rest, words = first_words(text, n, &rest);
		int place = words.n ? concept_by_name(actions, words) : -1;

		if (place >= 0) {
			*ret_rest = rest;
			return place;
		}
	}
	return -1;
}

int rec_action_by_rule(const struct vocabulary *actions, str text)
{
	str rest, after, word = first_words(text, 1, &rest);
	int first, second;

	if (str_eq_nocase(word, S("to")))
		text = rest;
	first = verb_at(actions, text, &rest);
	if (first < 0)
		return -1;
	word = first_words(rest, 1, &after);
	second = str_eq(word, S("and")) || str_eq(word, S("to")) ? verb_at(actions, after, &rest)
								 : -1;
	return second >= 0 ? second : first;
}
