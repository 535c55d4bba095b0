/*
 * A streaming XML writer (XML 1.0, fifth edition), for feeds. Names are literals of the program; every
 * value goes through one escaper. Characters that XML cannot hold are left out.
 *
 *     struct xml x = xml_begin(&out);
 *     xml_open(&x, "entry");
 *     xml_attribute(&x, "xml:lang", S("fr"));
 *     xml_element(&x, "title", title);
 *     xml_close(&x);
 *     TRY(xml_end(&x));
 *
 * Its error is sticky: E_INVALID when a call does not fit where it stands (an attribute behind content, an
 * end without a start), E_TOOBIG past XML_DEPTH or the buffer's maximum.
 */
#ifndef TEXT_XML_H
#define TEXT_XML_H

#include "base/base.h"

enum { XML_DEPTH = 16 };

struct xml {
	buf *o;
	const char *open[XML_DEPTH];
	unsigned depth;
	bool in_tag, has_root;
	enum err err;
};

struct xml xml_begin(buf *o); /* writes the declaration */
MUST enum err xml_end(struct xml *x);

void xml_open(struct xml *x, const char *name);
void xml_attribute(struct xml *x, const char *name, str value); /* right after xml_open */
void xml_text(struct xml *x, str s);
void xml_close(struct xml *x);

/* An element that holds text alone. */
void xml_element(struct xml *x, const char *name, str s);

/* Text and the inside of a quoted attribute; blanks but the space as numbers, so that a parser gives back what
 * was there. */
void xml_escape(buf *o, str s);

#endif
