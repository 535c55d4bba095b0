/* What was found in all kinds of things. Private to this slice. */
#ifndef SEARCH_SEARCH_VIEW_H
#define SEARCH_SEARCH_VIEW_H

#include "recommendation/recommendation_web.h"
#include "video/video_web.h"

struct found_person_view {
	str name; /* may be empty */
	struct post_view as;
	url link;
};

struct search_view {
	str q, kind; /* kind: empty on the page of all */
	struct item_view *records;
	struct found_person_view *people;
	struct library_entry *videos;
	struct moment_view *quotes;
	struct found_view speech;
	size_t n_records, n_people, n_videos, n_quotes;
	int64_t all_records, attributions, all_people, all_videos, all_quotes;
	url more_records, more_speech; /* pages of their own */
	url all, tab_people, tab_videos, tab_quotes;
	struct page_links pages;
	bool any; /* something of some kind */
	struct voices_choice choice;
	VEC(struct tag_link) spellings;
};

#endif
