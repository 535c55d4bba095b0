/*
 * The one idiom of the program: text is a view (str), output grows in a buf with a maximum given at
 * birth, memory belongs to an arena that dies with its request or batch, failure is an enum err.
 *
 * Every file of the program includes this header first. It needs libc only.
 */
#ifndef BASE_BASE_H
#define BASE_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/vec.h"
#include "base/banned.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))
#define MIN(a, b)       ((a) < (b) ? (a) : (b))
#define MAX(a, b)       ((a) > (b) ? (a) : (b))

#endif
