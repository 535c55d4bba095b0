/* cmark reads it; what its tree may become is decided here, not in its own writer. */
#include "text/markdown.h"

#include <cmark.h>

#include "base/utf8.h"

/* Where a link may lead. "//host" would leave the site under another name. */
static bool is_allowed(str to)
{
	return str_starts(to, S("https://")) || str_starts(to, S("http://")) ||
	       str_starts(to, S("mailto:")) ||
	       (str_starts(to, S("/")) && !str_starts(to, S("//")) && !str_starts(to, S("/\\")));
}

static void put_link(buf *o, cmark_node *node, bool enter)
{
	str to = str_of(cmark_node_get_url(node));

	if (!is_allowed(to))
		return;
	if (!enter) {
		buf_put(o, S("</a>"));
		return;
	}
	buf_put(o, S("<a href=\""));
	url_put_html(o, to);
	buf_put(o, S("\">"));
}

static void put_heading(buf *o, cmark_node *node, bool enter, int top)
{
	int level = MIN(6, top + cmark_node_get_heading_level(node) - 1);

	buf_printf(o, enter ? "<h%d>" : "</h%d>\n", level);
}

static void put_list(buf *o, cmark_node *node, bool enter)
{
	bool ordered = cmark_node_get_list_type(node) == CMARK_ORDERED_LIST;
	int start = cmark_node_get_list_start(node);

	if (enter && ordered && start > 1)
		buf_printf(o, "<ol start=\"%d\">\n", start);
	else
		buf_printf(o, "<%s%s>\n", enter ? "" : "/", ordered ? "ol" : "ul");
}

/* A paragraph of a list without blank lines is its item. */
static bool is_tight(cmark_node *paragraph)
{
	cmark_node *item = cmark_node_parent(paragraph);
	cmark_node *list = item ? cmark_node_parent(item) : NULL;

	return list && cmark_node_get_type(list) == CMARK_NODE_LIST &&
	       cmark_node_get_list_tight(list);
}

static void put_block(buf *o, cmark_node *node, bool enter, int top)
{
	switch (cmark_node_get_type(node)) {
	case CMARK_NODE_PARAGRAPH:
		if (!is_tight(node))
			buf_put(o, enter ? S("<p>") : S("</p>\n"));
		break;
	case CMARK_NODE_HEADING: put_heading(o, node, enter, top); break;
	case CMARK_NODE_LIST: put_list(o, node, enter); break;
	case CMARK_NODE_ITEM: buf_put(o, enter ? S("<li>") : S("</li>\n")); break;
	case CMARK_NODE_BLOCK_QUOTE:
		buf_put(o, enter ? S("<blockquote>") : S("</blockquote>\n"));
		break;
	case CMARK_NODE_CODE_BLOCK:
		buf_put(o, S("<pre><code>"));
		html_text(o, str_of(cmark_node_get_literal(node)));
		buf_put(o, S("</code></pre>\n"));
		break;
	default: break; /* the document, rules, HTML */
	}
}

/* True when it was one. */
static bool put_inline(buf *o, cmark_node *node, bool enter)
{
	switch (cmark_node_get_type(node)) {
	case CMARK_NODE_TEXT: html_text(o, str_of(cmark_node_get_literal(node))); return true;
	case CMARK_NODE_SOFTBREAK: buf_byte(o, '\n'); return true;
	case CMARK_NODE_LINEBREAK: buf_put(o, S("<br>\n")); return true;
	case CMARK_NODE_CODE:
		buf_put(o, S("<code>"));
		html_text(o, str_of(cmark_node_get_literal(node)));
		buf_put(o, S("</code>"));
		return true;
	case CMARK_NODE_EMPH: buf_put(o, enter ? S("<em>") : S("</em>")); return true;
	case CMARK_NODE_STRONG: buf_put(o, enter ? S("<strong>") : S("</strong>")); return true;
	case CMARK_NODE_LINK: put_link(o, node, enter); return true;
	default: return false;
	}
}

static cmark_node *parsed(str text)
{
	text = utf8_to(text, MARKDOWN_MAX);
	return cmark_parse_document(text.n ? text.p : "", text.n, CMARK_OPT_DEFAULT);
}

html markdown_html(arena *a, str text, int top)
{
	cmark_node *root = parsed(text);
	cmark_iter *iter = cmark_iter_new(root);
	buf o = buf_new(a, MARKDOWN_MAX * 8);
	cmark_event_type event;

	while ((event = cmark_iter_next(iter)) != CMARK_EVENT_DONE) {
		cmark_node *node = cmark_iter_get_node(iter);

		if (!put_inline(&o, node, event == CMARK_EVENT_ENTER))
			put_block(&o, node, event == CMARK_EVENT_ENTER, top);
	}
	cmark_iter_free(iter);
	cmark_node_free(root);
	return (html){ o.err == OK && o.n ? buf_str(&o) : S("") };
}

str markdown_plain(arena *a, str text)
{
	cmark_node *root = parsed(text);
	cmark_iter *iter = cmark_iter_new(root);
	buf o = buf_new(a, MARKDOWN_MAX * 2);
	cmark_event_type event;

	while ((event = cmark_iter_next(iter)) != CMARK_EVENT_DONE) {
		cmark_node *node = cmark_iter_get_node(iter);
		cmark_node_type type = cmark_node_get_type(node);

		if (type == CMARK_NODE_TEXT || type == CMARK_NODE_CODE ||
		    type == CMARK_NODE_CODE_BLOCK)
			buf_put(&o, str_of(cmark_node_get_literal(node)));
		else if (type == CMARK_NODE_SOFTBREAK || type == CMARK_NODE_LINEBREAK)
			buf_byte(&o, ' ');
		else if ((type == CMARK_NODE_PARAGRAPH || type == CMARK_NODE_HEADING) &&
			 event == CMARK_EVENT_EXIT)
			buf_byte(&o, '\n');
	}
	cmark_iter_free(iter);
	cmark_node_free(root);
	return o.n ? str_trim(buf_str(&o)) : S("");
}
