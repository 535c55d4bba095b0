/*
 * The files of assets/, embedded in the program, under addresses that carry a hash of their bytes:
 * /assets/tribune-0123456789abcdef.css. Such an address means the same bytes for ever, so browsers
 * keep them for a year without asking.
 */
#ifndef HTTP_ASSETS_H
#define HTTP_ASSETS_H

#include "embed_gen.h"
#include "http/http.h"

/* The address of assets/NAME, for templates. An asset that is not there is a mistake in the program:
 * it ends with a line that names it. */
url asset_url(str name);

struct http_assets;

/* Prepares the reply for each of the N files that has an address, plain and packed. HEADERS go with
 * each, besides its type and Cache-Control. */
struct http_assets *http_assets_new(const struct embed_file *files, size_t n,
				    const struct http_header *headers, size_t headers_n);
void http_assets_free(struct http_assets *assets); /* NULL is fine */

/* The reply for a target, the smallest that this value of Accept-Encoding takes; not the caller's to
 * release. NULL when it is no asset's address. */
struct http_reply *http_assets_find(const struct http_assets *assets, str target,
				    str accept_encoding);

/* The Content-Type for the ending of a file name. */
str http_type_of(str name);

#endif
