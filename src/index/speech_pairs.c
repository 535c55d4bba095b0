/*
 * Frequent words that follow one another are terms of their own: a phrase of frequent words is found where
 * its pairs stand, and one of two words needs no look at the words. Pairs of words that no search is about
 * ("of the") are left out, because they are many and a phrase has others.
 *
 * Counting all pairs would take more memory than the index. They are counted twice: first in a table where
 * several share a place, which can only be too much; then by name those whose place has enough.
 */
#include "index/speech_build.h"
#include "index/stop.h"

enum { ROOM_FIRST = 1 << 12 };

#define NO_PAIR SPEECH_NO_PAIR

static inline uint64_t pair_key(uint32_t first, uint32_t second)
{
	return (uint64_t)first << 32 | second;
}

static inline uint32_t pair_hash(uint64_t key)
{
	key *= 0x9E3779B97F4A7C15u;
	return (uint32_t)(key >> 32 ^ key >> 47);
}

/* Where a pair is, or would be. */
static inline uint32_t pair_slot(const struct speech_pairs *p, uint64_t key)
{
	uint32_t at = pair_hash(key) & p->mask;

	while (p->keys[at] != key && p->keys[at] != NO_PAIR)
		at = (at + 1) & p->mask;
	return at;
}

uint32_t speech_pairs_find(const struct speech_pairs *p, uint32_t first, uint32_t second)
{
	uint32_t at;

	if (p->n == 0)
		return UINT32_MAX;
	at = pair_slot(p, pair_key(first, second));
	return p->keys[at] == NO_PAIR ? UINT32_MAX : p->numbers[at];
}

struct speech_pairs speech_pairs_new(arena *a, uint32_t room)
{
	struct speech_pairs p = { arena_alloc_raw(a, room * sizeof *p.keys),
				  NEW_N(a, uint32_t, room), room - 1, 0 };

	memset(p.keys, 0xFF, room * sizeof *p.keys);
	return p;
}

uint32_t *speech_pairs_put(arena *a, struct speech_pairs *p, uint64_t key)
{
	uint32_t at = pair_slot(p, key);

	if (p->keys[at] == key)
		return &p->numbers[at];
	if (p->n >= p->mask / 2) {
		struct speech_pairs more = speech_pairs_new(a, (p->mask + 1) * 2);

		for (uint32_t i = 0; i <= p->mask; i++)
			if (p->keys[i] != NO_PAIR)
				*speech_pairs_put(a, &more, p->keys[i]) = p->numbers[i];
		*p = more;
		at = pair_slot(p, key);
	}
	p->keys[at] = key;
	p->n++;
	return &p->numbers[at];
}

/* --- Words ---------------------------------------------------------------------------------------- */

/* A word stands twice in the dictionary where it has two stems; its pairs are of the first. */
static uint32_t *first_of_name(struct speech_builder *b, const struct speech *sp)
{
	const struct names *names = &sp->words.word_names;
	uint32_t *r = NEW_N(b->words->tmp, uint32_t, names->n);

	for (uint32_t w = 0; w < names->n; w++)
		r[w] = w && str_eq(name_at(names, w - 1), name_at(names, w)) ? r[w - 1] : w;
	return r;
}

bool speech_is_stop(const struct speech *sp, uint32_t word)
{
	for (uint32_t l = 0; l < TEXT_LANG_COUNT_; l++)
		if ((sp->words.langs & TEXT_LANG_BIT(l)) &&
		    stop_word((enum text_lang)l, name_at(&sp->words.word_names, word)))
			return true;
	return false;
}

/* By word: the one that its pairs are of, and whether searches are about it. UINT32_MAX: too rare. */
static void ready_words(struct speech_builder *b, const struct speech *sp)
{
	uint32_t n = sp->words.word_names.n, *pair_word = first_of_name(b, sp);
	uint32_t *count = NEW_N(b->words->tmp, uint32_t, n);
	uint64_t *stops = NEW_N(b->words->tmp, uint64_t, bits_words(n));

	for (size_t d = 0; d < b->documents.n; d++) {
		const struct spoken_cue *c = b->cues.p + b->documents.p[d].cue;
		uint32_t end = c[b->documents.p[d].is.n_cues].token;

		for (uint32_t t = c->token; t < end; t++)
			count[pair_word[sp->words.tokens[t]]]++;
	}
	for (uint32_t w = 0; w < n; w++) {
		uint32_t first = pair_word[w];

		if (first == w && count[w] >= b->pair_least && speech_is_stop(sp, w))
			bits_add(stops, w);
	}
	for (uint32_t w = n; w-- > 0;)
		if (count[pair_word[w]] < b->pair_least)
			pair_word[w] = UINT32_MAX;
	b->pair_word = pair_word;
	b->stops = stops;
}

/* --- Counting ------------------------------------------------------------------------------------- */

/* The pair that begins at a word; NO_PAIR: it cannot be one. */
static inline uint64_t pair_at(const struct speech_builder *b, const struct speech *sp, uint32_t t,
			       uint32_t last)
{
	uint32_t first, second;

	if (t + 1 >= last)
		return NO_PAIR;
	first = b->pair_word[sp->words.tokens[t]];
	second = b->pair_word[sp->words.tokens[t + 1]];
	if (first == UINT32_MAX || second == UINT32_MAX ||
	    (bits_has(b->stops, first) && bits_has(b->stops, second)))
		return NO_PAIR;
	return pair_key(first, second);
}

/* Of a place in the table that is shared: as many pairs to one as there is little harm in. */
static uint32_t shared_shift(const struct speech_builder *b)
{
	uint32_t bits = 12;

	while (bits < 28 && b->words->tokens.n >> bits > b->pair_least / 4)
		bits++;
	return 32 - bits;
}

static struct speech_pairs count_pairs(struct speech_builder *b, const struct speech *sp)
{
	struct speech_pairs all = speech_pairs_new(b->words->tmp, ROOM_FIRST);
	uint32_t shift = shared_shift(b), *shared;
	size_t room = sizeof *shared << (32 - shift);

	shared = mem_alloc(room);
	memset(shared, 0, room);
	EACH_WORD(b, cue, c, t, last)
	{
		uint64_t key = pair_at(b, sp, t, last);

		if (key != NO_PAIR)
			shared[pair_hash(key) >> shift]++;
	}
	EACH_WORD(b, cue, c, t, last)
	{
		uint64_t key = pair_at(b, sp, t, last);

		if (key != NO_PAIR && shared[pair_hash(key) >> shift] >= b->pair_least)
			(*speech_pairs_put(b->words->tmp, &all, key))++;
	}
	mem_free(shared);
	return all;
}

uint32_t speech_pair_at(const struct speech_builder *b, const struct speech *sp, uint32_t t,
			uint32_t last)
{
	uint64_t key = sp->pairs.n ? pair_at(b, sp, t, last) : NO_PAIR;
	uint32_t at;

	if (key == NO_PAIR)
		return UINT32_MAX;
	at = pair_slot(&sp->pairs, key);
	return sp->pairs.keys[at] == NO_PAIR ? UINT32_MAX : sp->pairs.numbers[at];
}

void speech_choose_pairs(struct speech_builder *b, struct speech *sp, uint32_t **ret_hits)
{
	struct speech_pairs all;
	uint32_t n = 0, *hits;

	ready_words(b, sp);
	all = count_pairs(b, sp);
	sp->pairs = speech_pairs_new(sp->words.a, ROOM_FIRST / 8);
	hits = NEW_N(b->words->tmp, uint32_t, all.n);
	for (uint32_t i = 0; i <= all.mask; i++)
		if (all.keys[i] != NO_PAIR && all.numbers[i] >= b->pair_least) {
			hits[n] = all.numbers[i];
			*speech_pairs_put(sp->words.a, &sp->pairs, all.keys[i]) = n++;
		}
	*ret_hits = hits;
}
