/*
 * Objects out of a JSON file of any size, one at a time: the elements of an array that is the whole
 * file, or that stands under a key of the object that is (Uwazi's /api/search: {"rows":[...]}). Only
 * one element is ever in memory; jansson reads it.
 *
 * An element becomes names and texts: nested names are joined with a point, and an array gives its
 * name once for each of its elements: {"a":{"b":[{"label":"x"},{"label":"y"}]}} gives a.b.label=x and
 * a.b.label=y. Numbers are written as jansson has them, true and false as words; null gives nothing.
 */
#ifndef JOB_JSON_ROWS_H
#define JOB_JSON_ROWS_H

#include "job/rows.h"

enum {
	JSON_ELEMENT_MAX = 1 << 20, /* bytes */
	JSON_DEPTH_MAX = 64,
};

struct json_row {
	const str *names, *fields; /* N of each, until the next call */
	size_t n;
	uint64_t number; /* of the element, from 1 */
	uint64_t line;   /* of the file where it starts, from 1 */
};

struct json_rows;

/* FROM: UTF-8. KEY: where the array stands when the file is an object. PROBLEM may be NULL. */
struct json_rows *json_rows_new(arena *a, const struct source *from, str key,
				void (*problem)(void *ctx, const struct row_problem *p), void *ctx);

/* The next element that is an object. E_NOTFOUND: the end of the array. E_INVALID: no such array, or
 * the file is damaged there; json_rows_reason says which. */
MUST enum err json_rows_next(struct json_rows *j, struct json_row *ret);

const char *json_rows_reason(const struct json_rows *j);

#endif
