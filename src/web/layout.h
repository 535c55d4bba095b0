/*
 * What every page has around it: the head, the way through the site, the languages, the foot.
 */
#ifndef WEB_LAYOUT_H
#define WEB_LAYOUT_H

#include "web/web.h"

enum nav { NAV_NONE, NAV_RECORD, NAV_VOICES, NAV_STATES, NAV_SESSIONS, NAV_ABOUT };

struct page {
	str title;     /* of the window; the name of the site follows */
	enum nav nav;  /* where in the site it is */
	url atom, rss; /* feeds of it */
	url oembed;    /* how other sites may show it */
	url picture;   /* of it, for other sites: JPEG or PNG, no drawing, which they do not show */
	url csv, json; /* the same content for programs; s.p == NULL: none */
	url next, previous; /* pages of one list */
	bool voices;        /* somebody speaks on it: the second style sheet */
	bool player;        /* something may play on it: its script */
	bool samples;       /* it shows samples: a strip says so */
	bool noindex;
};

/* Whether the strip is due: the library holds nothing but samples, or this page shows some. */
bool layout_samples(const struct web *w, const struct page *p);

#endif
