#include <sqlite3.h>

#include "db/fault.h"

/* The one state of this file, for tests alone. */
static struct {
	sqlite3_mem_methods memory; /* the real ones */
	sqlite3_vfs *vfs;
	long memory_left, memory_hits; /* 0: off */
	long file_left, file_hits;
	enum db_fault what;
	bool stays;
} fault;

/* --- Memory. */

static bool memory_fails(void)
{
	if (!fault.memory_left || --fault.memory_left)
		return false;
	fault.memory_hits++;
	return true;
}

static void *memory_get(int n)
{
	return memory_fails() ? NULL : fault.memory.xMalloc(n);
}

static void *memory_grow(void *p, int n)
{
	return memory_fails() ? NULL : fault.memory.xRealloc(p, n);
}

enum err db_fault_memory_install(void)
{
	sqlite3_mem_methods methods;

	if (sqlite3_config(SQLITE_CONFIG_GETMALLOC, &fault.memory) != SQLITE_OK)
		return E_DB;
	methods = fault.memory;
	methods.xMalloc = memory_get;
	methods.xRealloc = memory_grow;
	return sqlite3_config(SQLITE_CONFIG_MALLOC, &methods) == SQLITE_OK ? OK : E_DB;
}

long db_fault_memory_at(long n)
{
	long hits = fault.memory_hits;

	fault.memory_left = n;
	fault.memory_hits = 0;
	return hits;
}

int64_t db_fault_memory_used(void)
{
	return sqlite3_memory_used();
}

/* --- Files. */

struct file {
	sqlite3_file base;
	sqlite3_file *real; /* behind this struct */
};

static sqlite3_file *real_of(sqlite3_file *f)
{
	return ((struct file *)f)->real;
}

static bool file_fails(void)
{
	if (!fault.file_left)
		return false;
	if (fault.file_left > 1) {
		fault.file_left--;
		return false;
	}
	fault.file_left = fault.stays;
	fault.file_hits++;
	return true;
}

static int file_close(sqlite3_file *f)
{
	return real_of(f)->pMethods->xClose(real_of(f));
}

static int file_read(sqlite3_file *f, void *to, int n, sqlite3_int64 at)
{
	return real_of(f)->pMethods->xRead(real_of(f), to, n, at);
}

static int file_write(sqlite3_file *f, const void *from, int n, sqlite3_int64 at)
{
	sqlite3_file *real = real_of(f);

	if (!file_fails())
		return real->pMethods->xWrite(real, from, n, at);
	if (fault.what == DB_FAULT_IO)
		return SQLITE_IOERR_WRITE;
	real->pMethods->xWrite(real, from, n / 2, at);
	return SQLITE_FULL;
}

static int file_truncate(sqlite3_file *f, sqlite3_int64 size)
{
	return file_fails() ? SQLITE_IOERR_TRUNCATE
			    : real_of(f)->pMethods->xTruncate(real_of(f), size);
}

static int file_sync(sqlite3_file *f, int flags)
{
	return file_fails() ? SQLITE_IOERR_FSYNC : real_of(f)->pMethods->xSync(real_of(f), flags);
}

static int file_size(sqlite3_file *f, sqlite3_int64 *ret)
{
	return real_of(f)->pMethods->xFileSize(real_of(f), ret);
}

static int file_lock(sqlite3_file *f, int level)
{
	return real_of(f)->pMethods->xLock(real_of(f), level);
}

static int file_unlock(sqlite3_file *f, int level)
{
	return real_of(f)->pMethods->xUnlock(real_of(f), level);
}

static int file_check_lock(sqlite3_file *f, int *ret)
{
	return real_of(f)->pMethods->xCheckReservedLock(real_of(f), ret);
}

static int file_control(sqlite3_file *f, int op, void *arg)
{
	return real_of(f)->pMethods->xFileControl(real_of(f), op, arg);
}

static int file_sector(sqlite3_file *f)
{
	return real_of(f)->pMethods->xSectorSize(real_of(f));
}

static int file_device(sqlite3_file *f)
{
	return real_of(f)->pMethods->xDeviceCharacteristics(real_of(f));
}

static int file_shm_map(sqlite3_file *f, int page, int size, int extend, void volatile **ret)
{
	return real_of(f)->pMethods->xShmMap(real_of(f), page, size, extend, ret);
}

static int file_shm_lock(sqlite3_file *f, int offset, int n, int flags)
{
	return real_of(f)->pMethods->xShmLock(real_of(f), offset, n, flags);
}

static void file_shm_barrier(sqlite3_file *f)
{
	real_of(f)->pMethods->xShmBarrier(real_of(f));
}

static int file_shm_unmap(sqlite3_file *f, int delete)
{
	return real_of(f)->pMethods->xShmUnmap(real_of(f), delete);
}

/* Version 2: shared memory for the WAL, no mapping of the file itself. */
static const sqlite3_io_methods file_methods = {
	.iVersion = 2,
	.xClose = file_close,
	.xRead = file_read,
	.xWrite = file_write,
	.xTruncate = file_truncate,
	.xSync = file_sync,
	.xFileSize = file_size,
	.xLock = file_lock,
	.xUnlock = file_unlock,
	.xCheckReservedLock = file_check_lock,
	.xFileControl = file_control,
	.xSectorSize = file_sector,
	.xDeviceCharacteristics = file_device,
	.xShmMap = file_shm_map,
	.xShmLock = file_shm_lock,
	.xShmBarrier = file_shm_barrier,
	.xShmUnmap = file_shm_unmap,
};

static int vfs_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *f, int flags, int *ret_flags)
{
	struct file *file = (struct file *)f;
	int rc;

	(void)vfs;
	file->base.pMethods = NULL;
	file->real = (sqlite3_file *)(file + 1);
	if (file_fails())
		return SQLITE_CANTOPEN;
	rc = fault.vfs->xOpen(fault.vfs, name, file->real, flags, ret_flags);
	if (rc == SQLITE_OK)
		file->base.pMethods = &file_methods;
	return rc;
}

enum err db_fault_file_install(void)
{
	static sqlite3_vfs vfs;

	if (sqlite3_initialize() != SQLITE_OK)
		return E_DB;
	fault.vfs = sqlite3_vfs_find(NULL);
	vfs = *fault.vfs;
	vfs.zName = "faulty";
	vfs.szOsFile += (int)sizeof(struct file);
	vfs.xOpen = vfs_open;
	return sqlite3_vfs_register(&vfs, 1) == SQLITE_OK ? OK : E_DB;
}

long db_fault_file_at(long n, enum db_fault what, bool stays)
{
	long hits = fault.file_hits;

	fault.file_left = n;
	fault.file_hits = 0;
	fault.what = what;
	fault.stays = stays;
	return hits;
}
