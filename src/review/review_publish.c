/* Core in, public.db out: cycles, sessions and reviews. */
#include "publish/publish.h"
#include "review/review.h"
#include "review_publish_sql.h"

enum { CONTENT_MAX = 16 << 20 };

static void put_line(buf *b, int64_t number, int64_t other, const str *fields, size_t n)
{
	buf_i64(b, number);
	buf_byte(b, '\t');
	buf_i64(b, other);
	for (size_t i = 0; i < n; i++) {
		buf_byte(b, '\t');
		buf_put(b, fields[i]);
	}
	buf_byte(b, '\n');
}

static void put_content(buf *b, const struct calendar *c)
{
	for (size_t i = 0; i < c->n_cycles; i++)
		put_line(b, c->cycles[i].number, 0,
			 (str[]){ c->cycles[i].starts, c->cycles[i].ends }, 2);
	for (size_t i = 0; i < c->n_sessions; i++)
		put_line(b, c->sessions[i].number, c->sessions[i].cycle,
			 (str[]){ c->sessions[i].starts, c->sessions[i].ends,
				  c->sessions[i].source },
			 3);
	for (size_t i = 0; i < c->n_reviews; i++)
		put_line(b, c->reviews[i].session, c->reviews[i].cycle,
			 (str[]){ c->reviews[i].iso3, c->reviews[i].status, c->reviews[i].note,
				  c->reviews[i].source },
			 4);
}

static enum err publish_calendar(struct publish_run *run, const struct publish_kind *self,
				 const int64_t *things, size_t n)
{
	struct calendar c;
	buf content = buf_new(run->a, CONTENT_MAX);
	bool same;

	(void)things, (void)n;
	TRY(calendar_load(run->core->db, run->a, &c));
	put_content(&content, &c);
	TRY(content.err);
	TRY(publish_same(run, self, buf_str(&content), &same));
	if (same)
		return OK;
	TRY(review_public_clear_cycles(run->out));
	TRY(review_public_clear_sessions(run->out));
	TRY(review_public_clear(run->out));
	for (size_t i = 0; i < c.n_cycles; i++)
		TRY(review_public_put_cycle(run->out, c.cycles[i].number, c.cycles[i].starts,
					    c.cycles[i].ends));
	for (size_t i = 0; i < c.n_sessions; i++)
		TRY(review_public_put_session(run->out, c.sessions[i].number, c.sessions[i].cycle,
					      c.sessions[i].starts, c.sessions[i].ends,
					      c.sessions[i].source));
	for (size_t i = 0; i < c.n_reviews; i++)
		TRY(review_public_put(run->out, c.reviews[i].iso3, c.reviews[i].cycle,
				      c.reviews[i].session, c.reviews[i].status, c.reviews[i].note,
				      c.reviews[i].source));
	return OK;
}

const struct publish_kind review_kind = { "review", publish_calendar, publish_one_thing };
