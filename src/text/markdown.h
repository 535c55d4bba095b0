/*
 * Markdown of editors to HTML. Blocks: paragraphs, headings, lists, quotations, code; within them emphasis,
 * code, links to the web, to a mail address or into this site. All else of CommonMark leaves its text: markup
 * is dropped, a picture is its description.
 */
#ifndef TEXT_MARKDOWN_H
#define TEXT_MARKDOWN_H

#include "text/html.h"

enum { MARKDOWN_MAX = 64 << 10 }; /* bytes; what is longer is cut at a character */

/* TOP: the level of the highest headings, 2 to 6; lower ones follow it, down to 6. Lives in A. */
html markdown_html(arena *a, str text, int top);

/* The words alone, a line for each block. */
str markdown_plain(arena *a, str text);

#endif
