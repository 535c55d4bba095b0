/*
 * XML of strangers, through expat, a piece at a time. Every document type declaration is refused, so
 * that entities cannot be defined; nesting and the length of one tag have a maximum.
 *
 * Names are given without their namespace: the few vocabularies that are read do not clash.
 */
#ifndef JOB_XML_H
#define JOB_XML_H

#include "text/source.h"

enum {
	XML_DEPTH_MAX = 256,
	XML_TOKEN_MAX = 2 << 20, /* bytes of one tag, comment or the like */
};

/* Each may be NULL. What is not OK ends the reading, and xml_read answers it. Text comes in any number
 * of pieces. ATTRS: for xml_attr. */
struct xml {
	enum err (*start)(void *ctx, str name, const char *const *attrs);
	enum err (*end)(void *ctx, str name);
	enum err (*text)(void *ctx, str text);
	void *ctx;
};

/* On E_INVALID and E_TOOBIG of its own a plain sentence stands in WHY. */
MUST enum err xml_read(const struct source *from, const struct xml *xml, buf *why);

/* The value of the attribute; p is NULL when it is missing. */
str xml_attr(const char *const *attrs, str name);

#endif
