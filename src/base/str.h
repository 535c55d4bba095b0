/*
 * str: a view of text. It owns nothing, is not NUL-terminated, and inside the program it is valid
 * UTF-8. Copy it by value. The empty view may have p == NULL; a NULL p also says "no value" where
 * a column may be NULL.
 */
#ifndef BASE_STR_H
#define BASE_STR_H

typedef struct str {
	const char *p;
	size_t n;
} str;

/* A literal as a view. The "" refuses anything that is not a string literal. */
#define S(literal) ((str){ "" literal, sizeof(literal) - 1 })
/* The same where only a constant expression will do: static tables. */
/* clang-format off */
#define S_INIT(literal) { "" literal, sizeof(literal) - 1 }
/* clang-format on */

/* For printf: printf("%" STR_F, STR_A(s)). */
#define STR_F    ".*s"
#define STR_A(s) (int)(s).n, (s).p

static inline str str_of(const char *z) /* z may be NULL; lives as long as z */
{
	return (str){ z, z ? strlen(z) : 0 };
}

/* What is left after START bytes; empty past the end. */
static inline str str_from(str s, size_t start)
{
	return start >= s.n ? (str){ s.p + s.n, 0 } : (str){ s.p + start, s.n - start };
}

/* The first N bytes, or all. */
static inline str str_to(str s, size_t n)
{
	return (str){ s.p, n < s.n ? n : s.n };
}

bool str_eq(str a, str b);
bool str_eq_nocase(str a, str b); /* ASCII letters only: for keywords, headers, file endings */
int str_cmp(str a, str b);        /* by bytes, which is by code point in UTF-8 */
bool str_starts(str s, str prefix);
bool str_ends(str s, str suffix);
str str_trim(str s); /* without ASCII white space at both ends */

#define STR_NONE ((size_t)-1)
size_t str_find(str s, str needle);       /* first position in bytes, or STR_NONE */
size_t str_find_byte(str s, char c);      /* the same for one byte */
size_t str_find_byte_last(str s, char c); /* from the end */

/* Cuts *REST at the first SEP: returns what stands before it and moves *REST behind it. Without a
 * SEP returns all and leaves *REST with p == NULL, so that a loop can stop:
 *     for (str rest = list; rest.p;) { str one = str_cut(&rest, ','); ... }                        */
str str_cut(str *rest, char sep);

/* Decimal, optional minus, nothing else around it. False, and *RET untouched, on anything else. */
bool str_to_i64(str s, int64_t *ret);

#endif
