/* One recommendation, made ready for its page. Private to this slice. */
#ifndef RECOMMENDATION_RECOMMENDATION_RECORD_H
#define RECOMMENDATION_RECOMMENDATION_RECORD_H

#include "recommendation/recommendation_list_view.h"

/* What one source says of one attribution. */
struct statement_view {
	str publisher, date; /* date in words */
	str part;            /* sessions of that file, or empty */
	str sheet, row;
	struct response_mark response; /* label empty: it gives none */
	struct raw_cell {
		str column, value;
	} * raw;
	size_t n_raw;
};

/* A recommending State and what was answered to it. */
struct attribution_view {
	struct state_link rs; /* code empty: nobody is named */
	url pair;             /* everything it asked of the same State */
	struct response_mark response;
	str action;
	bool action_by_rule; /* no source says it: suggested by the first verb */
	struct tag_link *issues, *sdgs;
	size_t n_issues, n_sdgs;
	struct statement_view *statements; /* the one that stands first */
	size_t n_statements;
};

struct record_view {
	html voices; /* a panel's: the moments that speak of it */
	str code, title, heading;
	str text, lang, lang_name; /* lang empty: the page's; lang_name always, in words */
	str sur, sur_name;
	str session, session_date, cycle; /* in words */
	bool pledge, sample, english;     /* english: the text */
	url same_review;                  /* all that was recommended in the same review */
	struct attribution_view *attributions;
	size_t n;
	str cite;
	url address; /* the permanent one: /r/CODE */
};

MUST enum err rec_record_make(struct web *w, const struct rec_view *v, str code,
			      struct record_view *ret);

#endif
