/* Pages of the site itself: home, about, sources, privacy, accessibility, errors. */
#ifndef SITE_SITE_WEB_H
#define SITE_SITE_WEB_H

#include "web/web.h"

extern const struct route_table site_routes;

/* The page for an error: says what happened, and where to go on. */
void pages_error(struct web *w, int status);

/* Where visitors report errors; empty: nowhere is named. Before the server starts. */
void pages_set_contact(str mail);

#endif
