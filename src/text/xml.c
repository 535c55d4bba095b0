#include "text/xml.h"

/* C0 controls but tab and the line ends, U+FFFE and U+FFFF; surrogates are no UTF-8. */
static size_t refused(str s)
{
	unsigned char c = (unsigned char)s.p[0];

	if (c < ' ')
		return c != '\t' && c != '\n' && c != '\r';
	return s.n >= 3 && c == 0xEF && (unsigned char)s.p[1] == 0xBF &&
			       (unsigned char)s.p[2] >= 0xBE
		       ? 3
		       : 0;
}

void xml_escape(buf *o, str s)
{
	while (s.n) {
		size_t skip = refused(s);

		switch (s.p[0]) {
		case '&': buf_put(o, S("&amp;")); break;
		case '<': buf_put(o, S("&lt;")); break;
		case '>': buf_put(o, S("&gt;")); break;
		case '"': buf_put(o, S("&quot;")); break;
		case '\t': buf_put(o, S("&#9;")); break;
		case '\n': buf_put(o, S("&#10;")); break;
		case '\r': buf_put(o, S("&#13;")); break;
		default:
			if (!skip)
				buf_byte(o, s.p[0]);
		}
		s = str_from(s, skip ? skip : 1);
	}
}

struct xml xml_begin(buf *o)
{
	buf_put(o, S("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"));
	return (struct xml){ .o = o };
}

static bool good(struct xml *x, bool fits)
{
	if (x->err == OK && !fits)
		x->err = E_INVALID;
	return x->err == OK;
}

static void finish_tag(struct xml *x)
{
	if (x->in_tag)
		buf_byte(x->o, '>');
	x->in_tag = false;
}

void xml_open(struct xml *x, const char *name)
{
	if (x->err == OK && x->depth == XML_DEPTH)
		x->err = E_TOOBIG;
	if (!good(x, x->depth || !x->has_root))
		return;
	finish_tag(x);
	x->has_root = true;
	x->in_tag = true;
	x->open[x->depth++] = name;
	buf_byte(x->o, '<');
	buf_put(x->o, str_of(name));
}

void xml_attribute(struct xml *x, const char *name, str value)
{
	if (!good(x, x->in_tag))
		return;
	buf_byte(x->o, ' ');
	buf_put(x->o, str_of(name));
	buf_put(x->o, S("=\""));
	xml_escape(x->o, value);
	buf_byte(x->o, '"');
}

void xml_text(struct xml *x, str s)
{
	if (!good(x, x->depth > 0))
		return;
	finish_tag(x);
	xml_escape(x->o, s);
}

void xml_close(struct xml *x)
{
	if (!good(x, x->depth > 0))
		return;
	x->depth--;
	if (x->in_tag) {
		buf_put(x->o, S("/>"));
	} else {
		buf_put(x->o, S("</"));
		buf_put(x->o, str_of(x->open[x->depth]));
		buf_byte(x->o, '>');
	}
	x->in_tag = false;
	if (x->depth < 3)
		buf_byte(x->o, '\n');
}

void xml_element(struct xml *x, const char *name, str s)
{
	xml_open(x, name);
	xml_text(x, s);
	xml_close(x);
}

enum err xml_end(struct xml *x)
{
	(void)good(x, x->has_root && x->depth == 0);
	return x->err != OK ? x->err : x->o->err;
}
