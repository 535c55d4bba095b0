/* Spelling: the words that the texts have are the only dictionary there is. */
#include "index/match.h"
#include "text/near.h"

/* Slips that a word of N bytes may have: in a short word two would make it another. */
static size_t slips(size_t n)
{
	return n < 3 ? 0 : n < 6 ? 1 : 2;
}

/* Which letters a word has, by their lowest five bits: a slip changes at most two. */
static uint32_t letters(str s)
{
	uint32_t set = 0;

	for (size_t i = 0; i < s.n; i++)
		set |= 1u << (s.p[i] & 31);
	return set;
}

/* A word sixteen times as frequent makes up for one more slip. */
static int rating(size_t distance, uint32_t count)
{
	return 31 - __builtin_clz(count | 1) - 4 * (int)distance;
}

str spell_nearest(const struct index *ix, str folded)
{
	size_t limit = slips(folded.n);
	uint32_t own = letters(folded);
	int best = INT32_MIN;
	str found = { NULL, 0 };

	for (uint32_t w = 0; limit && w < ix->word_names.n; w++) {
		str word = name_at(&ix->word_names, w);
		size_t longer = MAX(word.n, folded.n) - MIN(word.n, folded.n), d;

		if (longer > limit || (size_t)__builtin_popcount(own ^ letters(word)) > 2 * limit)
			continue;
		d = near_distance(folded, word, limit);
		if (d <= limit && rating(d, ix->word_count[w]) > best) {
			best = rating(d, ix->word_count[w]);
			found = name_at(&ix->shown, w);
		}
	}
	return found;
}

size_t unknown_words(struct matching *m, const struct query *q, struct index_unknown **ret)
{
	VEC(struct index_unknown) unknown = { 0 };

	for (size_t c = 0; c < q->n; c++)
		for (size_t i = 0; i < q->clauses[c].n; i++) {
			const struct query_leaf *leaf = &q->clauses[c].leaves[i];

			for (size_t p = 0; p < leaf->n_any && !leaf->n_all && !leaf->negated; p++)
				for (size_t w = 0; w < leaf->any[p].n; w++) {
					const struct query_word *word = &leaf->any[p].words[w];

					if (word_unknown(m, word))
						*vec_add(m->a, &unknown) = (struct index_unknown){
							word->folded,
							spell_nearest(m->ix, word->folded)
						};
				}
		}
	*ret = unknown.p;
	return unknown.n;
}
