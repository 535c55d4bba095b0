#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/file.h"
#include "video/video.h"
#include "video/video_ledger.h"
#include "video_sql.h"

enum { LEDGER_MAX = 16 << 20 };

bool video_code_is_one(str code)
{
	for (size_t i = 0; i < code.n; i++)
		if (!((code.p[i] >= 'a' && code.p[i] <= 'z') ||
		      (code.p[i] >= '2' && code.p[i] <= '7')))
			return false;
	return code.n >= 10 && code.n <= 52;
}

char *video_path(arena *a, str data, const char *name)
{
	buf o = buf_new(a, 8192);

	buf_printf(&o, "%" STR_F "/%s", STR_A(data), name);
	return arena_cstr(a, buf_str(&o));
}

/* "" when there is none yet. */
static enum err read_ledger(str data, arena *a, str *ret)
{
	int fd = open(video_path(a, data, "withdrawn"), O_RDONLY | O_CLOEXEC);
	char *p = arena_alloc_raw(a, LEDGER_MAX);
	ssize_t n;

	*ret = S("");
	if (fd < 0)
		return errno == ENOENT ? OK : E_IO;
	n = read(fd, p, LEDGER_MAX);
	close(fd);
	if (n < 0)
		return E_IO;
	*ret = (str){ p, (size_t)n };
	return n == LEDGER_MAX ? E_TOOBIG : OK;
}

static void put_clean(buf *o, str s)
{
	for (size_t i = 0; i < s.n; i++)
		buf_byte(o, (unsigned char)s.p[i] < ' ' ? ' ' : s.p[i]);
}

static enum err sync_folder(str data, arena *a)
{
	int fd = open(arena_cstr(a, data), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool good = fd >= 0 && fsync(fd) == 0;

	if (fd >= 0)
		close(fd);
	return good ? OK : E_IO;
}

enum err video_ledger_add(str data, arena *a, str code, str dated, str reason)
{
	buf line = buf_new(a, 4096);
	str ledger;
	bool good;
	int fd;

	TRY(read_ledger(data, a, &ledger));
	for (str rest = ledger; rest.n;) {
		str one = str_cut(&rest, '\n');

		if (str_eq(str_cut(&one, '\t'), code))
			return OK;
	}
	if (ledger.n &&
	    !str_ends(ledger, S("\n"))) /* a line that a crash cut: nobody was told it was done */
		buf_byte(&line, '\n');
	put_clean(&line, code);
	buf_byte(&line, '\t');
	put_clean(&line, dated);
	buf_byte(&line, '\t');
	put_clean(&line, reason);
	buf_byte(&line, '\n');
	TRY(line.err);
	fd = open(video_path(a, data, "withdrawn"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC,
		  0600);
	if (fd < 0)
		return file_error(errno);
	good = file_write(fd, buf_str(&line)) == OK && fsync(fd) == 0;
	close(fd);
	return good ? sync_folder(data, a) : E_IO;
}

enum err video_ledger_apply(struct core *core, arena *a, str data, size_t *ret)
{
	str ledger;

	*ret = 0;
	TRY(read_ledger(data, a, &ledger));
	while (ledger.n) {
		str line = str_cut(&ledger, '\n'), code = str_cut(&line, '\t'),
		    dated = str_cut(&line, '\t');
		struct withdrawal_done row;
		bool known;

		if (!video_code_is_one(code))
			continue;
		TRY(withdrawal_done(core, a, code, &row));
		if (row.done)
			continue;
		TRY(video_erase(core, a, data, code, dated, line, &known));
		*ret += known;
	}
	return OK;
}
