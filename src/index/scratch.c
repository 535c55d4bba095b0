#include "index/scratch.h"

struct index_scratch *index_scratch_new(void)
{
	struct index_scratch *s = mem_alloc(sizeof *s);

	s->a = arena_new();
	s->stemmer = stemmer_new(s->a);
	s->by_score = NEW_N(s->a, uint32_t, SCRATCH_SCORES);
	s->tables = NEW_N(s->a, uint32_t, 4 * (INDEX_VALUES_MAX + 1));
	return s;
}

static void drop_sets(struct index_scratch *s)
{
	for (size_t i = 0; i < SCRATCH_SETS_MAX; i++) {
		mem_free(s->sets[i]);
		s->sets[i] = NULL;
	}
}

void index_scratch_free(struct index_scratch *s)
{
	if (!s)
		return;
	drop_sets(s);
	mem_free(s->scores);
	mem_free(s->counts);
	mem_free(s->running);
	mem_free(s->groups);
	for (size_t i = 0; i < COUNT_OF(s->slots); i++)
		mem_free(s->slots[i]);
	mem_free(s->marks);
	arena_free(s->a);
	mem_free(s);
}

static void *again(void *old, size_t n, size_t size)
{
	mem_free(old);
	return mem_alloc(mem_mul(n, size));
}

void scratch_prepare(struct index_scratch *s, const struct index *ix)
{
	s->used = 0;
	if (ix->words > s->words) {
		s->words = ix->words;
		drop_sets(s);
		s->scores = again(s->scores, s->words * 64, sizeof *s->scores);
		s->counts = again(s->counts, s->words * 64, sizeof *s->counts);
		s->running = again(s->running, s->words + 1, sizeof *s->running);
	}
	if (ix->n_groups >= s->n_groups) {
		s->n_groups = (size_t)ix->n_groups + 1;
		s->groups = again(s->groups, s->n_groups, sizeof *s->groups);
	}
	if (ix->n_slots >= s->n_slots) {
		s->n_slots = (size_t)ix->n_slots + 1;
		for (size_t i = 0; i < COUNT_OF(s->slots); i++)
			s->slots[i] = again(s->slots[i], s->n_slots, sizeof *s->slots[i]);
	}
	if (ix->word_names.n >= s->n_words) {
		s->n_words = (size_t)ix->word_names.n + 1;
		s->marks = again(s->marks, s->n_words, sizeof *s->marks);
	}
}

uint64_t *scratch_set(struct index_scratch *s)
{
	uint64_t **set = &s->sets[s->used++];

	if (!*set)
		*set = mem_alloc(s->words * sizeof **set);
	return *set;
}

uint64_t *scratch_set_empty(struct index_scratch *s)
{
	return memset(scratch_set(s), 0, s->words * sizeof(uint64_t));
}
