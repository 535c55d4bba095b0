/* What the sample templates show. */
#ifndef TESTS_TMPLC_VIEW_H
#define TESTS_TMPLC_VIEW_H

#include "text/date.h"
#include "text/html.h"

struct sample {
	str text; /* stands in every place that takes text */
	html markup;
	url link;
	svg path;
	int64_t n;
	bool yes;
	struct date day;
	const char *const *items;
	size_t items_n;
};

#endif
