/*
 * What a function answers when it can fail. Nothing else crosses a function boundary as failure:
 * no errno, no negative numbers, no NULL.
 *
 * A field that a person filled in wrongly is not an enum err: it is data (field, reason) that the
 * caller shows. See the importer's report for an example.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

enum err {
	OK,
	E_NOTFOUND, /* the thing asked for is not there, or not for this reader */
	E_DENIED,   /* the caller may not do this */
	E_INVALID,  /* the input does not make sense; nothing was done */
	E_CONFLICT, /* what stands in the store forbids it: newer data, a taken identity */
	E_BUSY,     /* somebody else holds what is needed: the lock, the database */
	E_TOOBIG,   /* over a maximum that the program sets */
	E_FULL,     /* the disk, or a quota, is full */
	E_NOMEM,    /* a library ran out of memory; our own malloc ends the process instead */
	E_IO,       /* the file system or the network failed */
	E_DB,       /* the database is damaged or refused a statement */
	E_CANCEL,   /* the person who asked has gone away or pressed Ctrl-C */
	E_COUNT_
};

/* Put before every function that returns enum err: an error that nobody looked at does not compile. */
#define MUST __attribute__((warn_unused_result))

/* A few words for a log line or a message to stderr, in English; never NULL. */
const char *err_text(enum err e);

/* The exit status of a command that ended so: 0 for OK, 1 for bad input, 69 to 74 as in sysexits.h. */
int err_exit_code(enum err e);

/* Returns from the calling function when EXPR failed. For plain forwarding only. */
#define TRY(expr)                           \
	do {                                \
		enum err try_err_ = (expr); \
		if (try_err_ != OK)         \
			return try_err_;    \
	} while (0)

#endif
