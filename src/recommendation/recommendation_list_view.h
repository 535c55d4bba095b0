/* Making lists of recommendations for pages. Private to this slice. */
#ifndef RECOMMENDATION_RECOMMENDATION_LIST_H
#define RECOMMENDATION_RECOMMENDATION_LIST_H

#include "recommendation/recommendation_view.h"

/* The codes of a column, as a parameter knows them. */
struct rec_code_set {
	struct code_set set;
	enum rec_column column;
};

extern const struct params rec_list_params; /* of struct rec_query */

struct rec_search rec_search_of(const struct rec_view *v, arena *a, enum lang lang,
				const struct rec_query *q);

/* All that the results page shows. */
void rec_list_make(struct web *w, const struct rec_view *v, const struct rec_query *q,
		   struct list_view *ret);

/* An item without its text and links. */
void rec_fill_item(struct web *w, const struct rec_view *v, uint32_t item, struct item_view *ret);

struct response_mark rec_response_mark(const struct rec_view *v, enum lang lang, uint16_t value);
str rec_action_label(const struct rec_view *v, arena *a, enum lang lang, uint16_t value);
/* Where the numbers come from, in words. */
struct as_of rec_as_of_view(struct web *w, const struct rec_view *v, uint16_t kind);

/* Gives the issues of an item links to their lists. */
void rec_link_issues(struct web *w, struct item_view *item);

/* "English", in the language of the page; the code when there is no word for it. */
str rec_language_name(enum lang lang, str code);

/* Panels that higher slices add. A panel that fails leaves nothing. */
void rec_panels(struct web *w, const char *slot, const void *subject, buf *o);

enum tr_key rec_column_title(enum rec_column column);

#endif
