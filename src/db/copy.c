#include "db/db_impl.h"

/* Page by page from a reader: all that is committed, and nothing that is not. */
static enum err copy_pages(struct db *to, struct db *from)
{
	sqlite3_backup *b = sqlite3_backup_init(to->h, "main", from->h, "main");

	if (!b)
		return db_result(to, sqlite3_errcode(to->h));
	sqlite3_backup_step(b, -1);
	return db_result(to, sqlite3_backup_finish(b));
}

enum err core_open_copy(str path, struct core *ret)
{
	struct core from = { 0 }, to = { 0 };
	enum err e = core_open_readonly(path, &from);

	if (e == OK)
		e = core_open(DB_MEMORY, &to);
	if (e == OK)
		e = copy_pages(to.db, from.db);
	core_close(&from);
	if (e == OK)
		*ret = to;
	else
		core_close(&to);
	return e;
}
