/* What the pages of the site itself show. Private to this slice. */
#ifndef SITE_SITE_VIEW_H
#define SITE_SITE_VIEW_H

#include "recommendation/recommendation_index.h"
#include "web/layout.h"

/* The chamber: a dot for each State, large when it has had its review in the cycle under way. */
struct chamber {
	svg large[9], small[9]; /* a row each; s.p == NULL: none */
	int large_n[9], small_n[9];
	size_t rows;
	int64_t reviewed, all;
	str cycle, session; /* the latest session of which reviews are known */
};

struct latest_state {
	str iso3, name;
	uint32_t items;
	url link;
};

struct home_view {
	html voices; /* what the voices add: a quote */
	struct chamber chamber;
	uint32_t items, attributions, supported, n_rs, n_sur;
	int percent;
	bool samples, empty;
	str source, date; /* of the numbers, in words */
	str first_session, last_session;
	str latest_session, latest_date; /* the newest session in the record */
	uint32_t latest_items;
	struct latest_state *latest;
	size_t n_latest;
};

struct source_view {
	str publisher, date, part, format;
	bool sample;
};

struct scheme_view {
	str title, version, source, licence;
};

struct sources_view {
	struct source_view *sources;
	size_t n_sources;
	struct scheme_view *schemes;
	size_t n_schemes;
};

struct about_view {
	str contact; /* empty: nobody is named */
	uint32_t items, attributions;
};

struct error_view {
	int status;
	enum tr_key title, help;
	str q; /* words of the address that found nothing, to search for; may be empty */
	struct complaint *complaints;
	size_t n_complaints;
};

/* The address under way with the nearest known code in the place of the one that is not. */
url site_near_link(const struct web *w, const struct complaint *c);

#endif
