#include "base/base.h"

static const struct {
	const char *text;
	int exit_code;
} table[E_COUNT_] = {
	[OK] = { "ok", 0 },
	[E_NOTFOUND] = { "not found", 1 },
	[E_DENIED] = { "not allowed", 77 },
	[E_INVALID] = { "not valid", 1 },
	[E_CONFLICT] = { "in conflict with what is stored", 1 },
	[E_BUSY] = { "in use by another process", 75 },
	[E_TOOBIG] = { "too big", 1 },
	[E_FULL] = { "no space left", 74 },
	[E_NOMEM] = { "out of memory", 70 },
	[E_IO] = { "input or output failed", 74 },
	[E_DB] = { "the database failed", 70 },
	[E_CANCEL] = { "cancelled", 130 },
};

const char *err_text(enum err e)
{
	return (unsigned)e < E_COUNT_ ? table[e].text : "unknown error";
}

int err_exit_code(enum err e)
{
	return (unsigned)e < E_COUNT_ ? table[e].exit_code : 70;
}
