#include <expat.h>

#include "job/xml.h"

struct reading {
	XML_Parser parser;
	const struct xml *xml;
	unsigned depth;
	enum err err;
	const char *reason;
};

/* Expat joins a namespace and a name with this. */
enum { SEPARATOR = ' ' };

static str local(const char *name)
{
	str s = str_of(name);
	size_t at = str_find_byte_last(s, SEPARATOR);

	return at == STR_NONE ? s : str_from(s, at + 1);
}

str xml_attr(const char *const *attrs, str name)
{
	for (; attrs[0]; attrs += 2)
		if (str_eq(local(attrs[0]), name))
			return str_of(attrs[1]);
	return (str){ NULL, 0 };
}

static void stop(struct reading *r, enum err e, const char *reason)
{
	if (e == OK || r->err != OK)
		return;
	r->err = e;
	r->reason = reason;
	XML_StopParser(r->parser, XML_FALSE);
}

static void on_start(void *ctx, const char *name, const char **attrs)
{
	struct reading *r = ctx;

	if (r->err != OK)
		return;
	if (++r->depth > XML_DEPTH_MAX)
		stop(r, E_TOOBIG, "its XML is nested deeper than 256 levels");
	else if (r->xml->start)
		stop(r, r->xml->start(r->xml->ctx, local(name), (const char *const *)attrs), NULL);
}

static void on_end(void *ctx, const char *name)
{
	struct reading *r = ctx;

	if (r->err != OK)
		return;
	r->depth--;
	if (r->xml->end)
		stop(r, r->xml->end(r->xml->ctx, local(name)), NULL);
}

static void on_text(void *ctx, const char *p, int n)
{
	struct reading *r = ctx;

	if (r->err == OK && r->xml->text)
		stop(r, r->xml->text(r->xml->ctx, (str){ p, (size_t)n }), NULL);
}

static void on_doctype(void *ctx, const char *name, const char *system, const char *public,
		       int internal)
{
	(void)name, (void)system, (void)public, (void)internal;
	stop(ctx, E_INVALID, "its XML has a document type declaration, which is not allowed");
}

/* Expat keeps a tag until it is whole, and looks at it from its start with each piece. */
static bool holds_too_much(XML_Parser parser, uint64_t fed)
{
	XML_Index at = XML_GetCurrentByteIndex(parser);

	return fed - (at > 0 ? (uint64_t)at : 0) > XML_TOKEN_MAX;
}

static void read_all(struct reading *r, const struct source *from)
{
	uint64_t fed = 0;
	size_t n = 1;

	while (r->err == OK && n > 0) {
		char *room = XML_GetBuffer(r->parser, SOURCE_BLOCK);

		if (!room) {
			r->err = E_NOMEM;
			return;
		}
		r->err = source_read(from, room, SOURCE_BLOCK, &n);
		if (r->err != OK)
			return;
		fed += n;
		if (XML_ParseBuffer(r->parser, (int)n, n == 0) == XML_STATUS_ERROR &&
		    r->err == OK) {
			r->err = E_INVALID;
			r->reason = "its XML is damaged";
		}
		if (r->err == OK && n > 0 && holds_too_much(r->parser, fed)) {
			r->err = E_TOOBIG;
			r->reason = "its XML has a tag over 2 MB";
		}
	}
}

enum err xml_read(const struct source *from, const struct xml *xml, buf *why)
{
	struct reading r = { .xml = xml };

	r.parser = XML_ParserCreateNS(NULL, SEPARATOR);
	if (!r.parser)
		return E_NOMEM;
	XML_SetUserData(r.parser, &r);
	XML_SetElementHandler(r.parser, on_start, on_end);
	XML_SetCharacterDataHandler(r.parser, on_text);
	XML_SetStartDoctypeDeclHandler(r.parser, on_doctype);
	read_all(&r, from);
	XML_ParserFree(r.parser);
	if (r.reason)
		buf_put(why, str_of(r.reason));
	return r.err;
}
