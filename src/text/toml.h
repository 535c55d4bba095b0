/*
 * TOML (https://toml.io/en/v1.0.0) as people write metadata in it, read into jansson's values, so that the
 * same code reads TOML and JSON. Taken: comments, bare and quoted and dotted keys, tables, arrays of
 * tables, inline tables, arrays over several lines, the four kinds of strings, integers, floats, booleans.
 * Dates and times become strings as written.
 */
#ifndef TEXT_TOML_H
#define TEXT_TOML_H

#include <jansson.h>

#include "base/base.h"

enum {
	TOML_MAX = 1 << 20, /* bytes */
	TOML_DEPTH = 32,
};

/* *RET is an object; the caller lets go of it (json_decref). E_INVALID: WHY says the line and the reason,
 * as a clause. E_TOOBIG: over TOML_MAX. */
MUST enum err toml_read(str text, json_t **ret, buf *why);

#endif
