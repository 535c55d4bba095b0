#include "review/review.h"

#include "review_shared_sql.h"

const struct session *session_find(const struct calendar *c, int64_t number)
{
	for (size_t i = 0; i < c->n_sessions; i++)
		if (c->sessions[i].number == number)
			return &c->sessions[i];
	return NULL;
}

const struct cycle *cycle_find(const struct calendar *c, int64_t number)
{
	for (size_t i = 0; i < c->n_cycles; i++)
		if (c->cycles[i].number == number)
			return &c->cycles[i];
	return NULL;
}

str session_year(const struct session *s)
{
	return str_to(s->starts, 4);
}

enum err calendar_load(struct db *db, arena *a, struct calendar *ret)
{
	struct review_cycles *cycles;
	struct review_sessions *sessions;
	struct review_rows *reviews;
	struct calendar c = { 0 };

	TRY(review_cycles(db, a, &cycles, &c.n_cycles));
	c.cycles = NEW_N(a, struct cycle, c.n_cycles);
	for (size_t i = 0; i < c.n_cycles; i++)
		c.cycles[i] = (struct cycle){ cycles[i].number, cycles[i].starts, cycles[i].ends };
	TRY(review_sessions(db, a, &sessions, &c.n_sessions));
	c.sessions = NEW_N(a, struct session, c.n_sessions);
	for (size_t i = 0; i < c.n_sessions; i++)
		c.sessions[i] = (struct session){ sessions[i].number, sessions[i].cycle,
						  sessions[i].starts, sessions[i].ends,
						  sessions[i].source };
	TRY(review_rows(db, a, &reviews, &c.n_reviews));
	c.reviews = NEW_N(a, struct review, c.n_reviews);
	for (size_t i = 0; i < c.n_reviews; i++)
		c.reviews[i] = (struct review){ reviews[i].iso3,    reviews[i].cycle,
						reviews[i].session, reviews[i].status,
						reviews[i].note,    reviews[i].source };
	*ret = c;
	return OK;
}
