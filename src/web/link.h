/*
 * Addresses of the page under way, and of its neighbours: one parameter changed, added or removed. The
 * canonical address holds the known parameters in the order of their rows, lists sorted, defaults left
 * out. A link that changes anything but the page number starts at page 1 again.
 *
 * A results page has some 150 such links; each is two copies and a short value.
 */
#ifndef WEB_LINK_H
#define WEB_LINK_H

#include "i18n/i18n.h"
#include "text/url.h"

struct web;

struct address {
	str path;    /* encoded, in canonical form */
	str query;   /* "&q=a&sur=FRA,DEU", without the page number; may be empty */
	str page;    /* "&page=2" or empty */
	size_t *end; /* where each row's part of the query ends */
	str whole;   /* path and query as a link */
};

/* Made from w->args before the handler runs. */
void address_make(struct web *w);

/* PARAM is the place of a row in the route's params. */
url link_self(const struct web *w);
url link_text(const struct web *w, size_t param, str value); /* empty: without it */
url link_number(const struct web *w, size_t param, int64_t value);
url link_code(const struct web *w, size_t param, str code); /* the only one, also of a list */
url link_with(const struct web *w, size_t param, str code); /* one more of a list */
url link_without(const struct web *w, size_t param, str code);
url link_clear(const struct web *w, size_t param); /* without any value of it */

/* The same page and parameters in another language. */
url link_lang(const struct web *w, enum lang lang);

/* The same parameters, without the page number, at another path of this site: the CSV of a list. The path
 * is a literal of the program. */
url link_elsewhere(const struct web *w, str path);

/* Begins the address of another page in the language of this one: "/fr/WHAT". WHAT is a literal of the program. */
struct url_builder link_begin(const struct web *w, const char *what);

/* The address as it works elsewhere: in a citation, in a file. The site's name stands in front when it is
 * known (serve --host). */
url link_absolute(const struct web *w, url address);

#endif
