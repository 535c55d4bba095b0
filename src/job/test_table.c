#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tap.h"
#include "zip_make.h"

#include "base/clock.h"
#include "job/table.h"
#include "job/worker.h"

static int file_of(str bytes)
{
	int fd = open("/tmp", O_RDWR | O_TMPFILE | O_CLOEXEC, 0600);

	for (str rest = bytes; rest.n;) {
		ssize_t n = write(fd, rest.p, rest.n);

		if (n <= 0)
			abort();
		rest = str_from(rest, (size_t)n);
	}
	return fd;
}

static void note(void *ctx, const struct row_problem *p)
{
	buf_printf(ctx, "!%s %d line %d column %u: %s\n", p->row_refused ? "refused" : "",
		   (int)p->number, (int)p->line, p->column, row_problem_text(p->kind));
}

/* What a table says of FD: its header, rows and problems, and how it ends. */
static str told_fd(arena *a, int fd, struct table_options options)
{
	arena *inner = arena_new();
	buf out = buf_new(a, 16 << 20);
	struct table_row row;
	struct table *t;
	enum err e;

	options.problem = note;
	options.ctx = &out;
	t = table_new(inner, &options);
	e = table_open(t, fd);
	while (e == OK && (e = table_next(t, &row)) == OK) {
		buf_printf(&out, "%" STR_F "%d@%d ", STR_A(row.sheet->name), (int)row.number,
			   (int)row.line);
		for (size_t i = 0; i < row.n; i++) {
			str name = row.names                 ? row.names[i]
				   : i < row.sheet->n_header ? row.sheet->header[i]
							     : S("?");

			buf_put(&out, i ? S("|") : S(""));
			buf_put(&out, name);
			buf_byte(&out, '=');
			buf_put(&out, row.fields[i]);
		}
		buf_byte(&out, '\n');
	}
	buf_put(&out, e == E_NOTFOUND ? S(".") : table_reason(t));
	arena_free(inner);
	return buf_str(&out);
}

static str told_with(arena *a, str bytes, struct table_options options)
{
	int fd = file_of(bytes);
	str s = told_fd(a, fd, options);

	close(fd);
	return s;
}

static str told(arena *a, str bytes)
{
	return told_with(a, bytes, (struct table_options){ .charset = S("") });
}

static const struct {
	const char *what;
	str bytes, want;
} files[] = {
	/* CSV */
	{ "a table", S_INIT("\xEF\xBB\xBFTo;Text\r\nFrance;a\r\n\r\nMali;b\r\n"),
	  S_INIT("2@2 To=France|Text=a\n4@4 To=Mali|Text=b\n.") },
	{ "rows longer and shorter than the header", S_INIT("a,b\n1\n1,2,3\n"),
	  S_INIT("2@2 a=1\n3@3 a=1|b=2|?=3\n.") },
	{ "an empty row", S_INIT(";;\na;b;c\n;;\n1;2;3\n"), S_INIT("4@4 a=1|b=2|c=3\n.") },
	{ "only a header", S_INIT("a,b\n"), S_INIT(".") },
	{ "MacRoman with bare CR", S_INIT("To,Text\rMali,women\xD5s rights\r"),
	  S_INIT("2@2 To=Mali|Text=women\xE2\x80\x99s rights\n.") },
	{ "UTF-16",
	  S_INIT("\xFF\xFE"
		 "a\0\t\0b\0\r\0\n\0\xE9\0\t\0x\0"),
	  S_INIT("2@2 a=\xC3\xA9|b=x\n.") },
	{ "a byte that is not UTF-8",
	  S_INIT("a,b\n\xC3\xA9,"
		 "\xC3\xA9\n\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9,"
		 "x\xFFy\n"),
	  S_INIT("2@2 a=\xC3\xA9|b=\xC3\xA9\n! 3 line 3 column 2: some bytes have no meaning in "
		 "the file's "
		 "charset: row kept with replacement characters\n3@3 "
		 "a=\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9"
		 "\xC3\xA9\xC3\xA9\xC3\xA9|b=x\xEF\xBF\xBDy\n.") },
	{ "cut inside quotes", S_INIT("a,b\n1,2\n3,\"4\n"),
	  S_INIT("2@2 a=1|b=2\n!refused 3 line 3 column 2: the quotation mark that opens here is "
		 "not closed "
		 "well: row left out, reading went on at the next line\n.") },
	{ "a quote lost in the header", S_INIT("a,\"b\n1,2\n3,4\n"),
	  S_INIT("!refused 1 line 1 column 2: the quotation mark that opens here is not closed "
		 "well: row left "
		 "out, reading went on at the next line\nline 1: the quotation mark that opens "
		 "here is not "
		 "closed well: row left out, reading went on at the next line") },
	{ "a zero byte in a row",
	  S_INIT("a,b\n1,2\0\n3,4\n5,long enough to be text and not binary data\n"),
	  S_INIT("!refused 2 line 2 column 0: a zero byte, which no text has: row left out\n3@3 "
		 "a=3|b=4\n"
		 "4@4 a=5|b=long enough to be text and not binary data\n.") },
	/* not tables */
	{ "empty", S_INIT(""), S_INIT("it is empty") },
	{ "blanks", S_INIT(" \r\n\n"), S_INIT("it holds nothing but blanks") },
	{ "zero bytes", S_INIT("\0\0\0\0\0\0\0\0"),
	  S_INIT("it is binary data of an unknown kind, not a table") },
	{ "a PDF", S_INIT("%PDF-1.4\n"), S_INIT("it is a PDF document, not a table") },
	{ "a picture", S_INIT("\x89PNG\r\n\x1A\n"), S_INIT("it is a picture (PNG), not a table") },
	{ "a web page called .xls", S_INIT("<!DOCTYPE html>\n<table>"),
	  S_INIT("it is a web page (HTML), not a table: save it as XLSX or CSV") },
	{ "XML", S_INIT("\xEF\xBB\xBF<?xml version='1.0'?>"), S_INIT("it is XML, not a table") },
	{ "gzip", S_INIT("\x1F\x8B\x08"), S_INIT("it is packed (gzip): unpack it first") },
	{ "a ZIP cut off", S_INIT("PK\3\4xxxx"),
	  S_INIT("the archive is cut off or damaged: its list of entries is missing") },
	{ "a compound file cut off", S_INIT("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1xxxx"),
	  S_INIT("it is damaged") },
	/* JSON */
	{ "an array of objects", S_INIT("[{\"a\":1,\"b\":\"x\"},\n {\"a\":2.5}]"),
	  S_INIT("1@1 a=1|b=x\n2@2 a=2.5\n.") },
	{ "rows of an object",
	  S_INIT("{\"total\":{\"rows\":[9]},\"x\":[[]],\"y\":\"]}\\\"\",\"rows\":[{\"a\":true},"
		 "{\"a\":null,\"b\":{\"c\":[{\"l\":\"1\"},{\"l\":\"2\"}]}}],\"z\":[}"),
	  S_INIT("1@1 a=true\n2@1 b.c.l=1|b.c.l=2\n.") },
	{ "no rows", S_INIT("{\"rows\":[]}"), S_INIT(".") },
	{ "rows missing", S_INIT("{\"row\":[]}"),
	  S_INIT("it has no array of records where one is expected") },
	{ "rows that are no array", S_INIT("{\"rows\":{}}"),
	  S_INIT("it has no array of records where one is expected") },
	{ "elements that are no objects", S_INIT("[1,\"x\",[],{\"a\":1},tru,{\"a\"}]"),
	  S_INIT("!refused 1 line 1 column 0: not a valid JSON object: left out\n"
		 "!refused 2 line 1 column 0: not a valid JSON object: left out\n"
		 "!refused 3 line 1 column 0: not a valid JSON object: left out\n4@1 a=1\n"
		 "!refused 5 line 1 column 0: not a valid JSON object: left out\n"
		 "!refused 6 line 1 column 0: not a valid JSON object: left out\n.") },
	{ "JSON cut off", S_INIT("[{\"a\":1},{\"a\":"),
	  S_INIT("1@1 a=1\nit ends in the middle: the file is cut off") },
	{ "JSON cut inside a text", S_INIT("{\"rows\":[{\"a\":\"x"),
	  S_INIT("it ends in the middle: the file is cut off") },
	{ "JSON without commas", S_INIT("[{\"a\":1} {\"a\":2}]"),
	  S_INIT("1@1 a=1\nits JSON is damaged") },
	{ "a comma at the end", S_INIT("[{\"a\":1},]"), S_INIT("1@1 a=1\nits JSON is damaged") },
	{ "only a bracket", S_INIT("["), S_INIT("it ends in the middle: the file is cut off") },
};

static void test_files(arena *a)
{
	for (size_t i = 0; i < COUNT_OF(files); i++)
		eq_str(told(a, files[i].bytes), files[i].want, files[i].what);
}

static void test_options(arena *a)
{
	str titled = S("A list\n\nTo,Text\nMali,a\n");

	eq_str(told_with(a, titled, (struct table_options){ .header_row = 3 }),
	       S("4@4 To=Mali|Text=a\n."), "the header further down");
	eq_str(told_with(a, titled, (struct table_options){ .header_row = 2 }),
	       S("3@3 ?=To|?=Text\n4@4 ?=Mali|?=a\n."), "no header there");
	eq_str(told_with(a, S("a;b,c\n1;2,3\n"), (struct table_options){ .delimiter = ',' }),
	       S("2@2 a;b=1;2|c=3\n."), "the delimiter given");
	eq_str(told_with(a, S("a\n\xE9\n"), (struct table_options){ .charset = S("macintosh") }),
	       S("2@2 a=\xC3\x88\n."), "the charset given");
	eq_str(told_with(a, S("a\n"), (struct table_options){ .charset = S("nonsense") }),
	       S("there is no charset of the name that was given"), "a charset that is none");
	eq_str(told_with(a, S("{\"rows\":1,\"data\":[{\"a\":1}]}"),
			 (struct table_options){ .rows_key = S("data") }),
	       S("1@1 a=1\n."), "the key given");
}

static void test_not_files(arena *a)
{
	int folder = open("/tmp", O_RDONLY | O_DIRECTORY | O_CLOEXEC), pipes[2];

	eq_str(told_fd(a, folder, (struct table_options){ 0 }), S("it is a folder, not a file"),
	       "a folder");
	if (pipe2(pipes, O_CLOEXEC) != 0)
		abort();
	eq_str(told_fd(a, pipes[0], (struct table_options){ 0 }), S("it is not a regular file"),
	       "a pipe");
	close(folder), close(pipes[0]), close(pipes[1]);
}

static void test_describe(arena *a)
{
	int fd = file_of(S("a\tb\n"));
	struct table_options options = { 0 };
	struct table *t = table_new(a, &options);
	struct table_row row;
	buf b = buf_new(a, 1000);

	is_ok(table_open(t, fd), "open");
	eq_int(table_next(t, &row), E_NOTFOUND, "no rows");
	eq_int(table_next(t, &row), E_NOTFOUND, "and still none");
	table_describe(&b, t);
	eq_str(buf_str(&b), S("CSV with tab in UTF-8 (nothing but ASCII)"), "described");
	close(fd);
}

#define XML_TYPES                                                                              \
	"<Types xmlns='t'><Override PartName='/xl/workbook.xml' ContentType='application/vnd." \
	"openxmlformats-officedocument.spreadsheetml.sheet.main+xml'/></Types>"
#define XML_RELATIONS                                                                        \
	"<Relationships xmlns='r'><Relationship Id='a' Type='x/worksheet' Target='s1.xml'/>" \
	"<Relationship Id='b' Type='x/worksheet' Target='s2.xml'/></Relationships>"
#define XML_BOOK                                                                                   \
	"<workbook xmlns='m' xmlns:r='r'><sheets><sheet name='One ' r:id='a'/><sheet name='Two ' " \
	"r:id='b'/></sheets></workbook>"

static str workbook(arena *a, str one, str two)
{
	struct zip_entry entries[] = {
		{ "[Content_Types].xml", S_INIT(XML_TYPES) },
		{ "xl/_rels/workbook.xml.rels", S_INIT(XML_RELATIONS) },
		{ "xl/workbook.xml", S_INIT(XML_BOOK) },
		{ "xl/s1.xml", one },
		{ "xl/s2.xml", two },
	};

	return zip_make(a, entries, COUNT_OF(entries));
}

static void test_workbook(arena *a)
{
	str two = S(
		"<w><sheetData><row r='2'><c t='str'><v>b</v></c></row><row><c><v>2</v></c></row>"
		"</sheetData></w>");
	str one = S("<w><sheetData><row r='1'><c t='str'><v>a</v></c></row><row "
		    "r='5'><c><v>1</v></c></row>"
		    "</sheetData></w>");
	buf big = buf_new(a, 128 << 20);

	eq_str(told(a, workbook(a, one, two)), S("One 5@0 a=1\nTwo 3@0 b=2\n."),
	       "two sheets, each with its header");
	eq_str(told(a, workbook(a, S("<w/>"), S("<w/>"))), S("."), "empty sheets");
	eq_str(told(a, workbook(a, one, S("<w><sheetData><row r='2'><c"))),
	       S("One 5@0 a=1\nits XML is damaged (xl/s2.xml)"), "damaged behind good rows");
	buf_put(&big, S("PK\3\4"));
	memset(buf_room(&big, 65 << 20), 'x', 65 << 20);
	buf_wrote(&big, 65 << 20);
	eq_str(told(a, buf_str(&big)), S("it is over 64 MB"), "a workbook of 65 MB");
}

/* Leaves a worker in the middle of its work. */
static void test_left_alone(arena *a)
{
	buf sheet = buf_new(a, 16 << 20);
	arena *inner = arena_new();
	struct table_options options = { 0 };
	struct table *t = table_new(inner, &options);
	struct table_row row;
	int fd;

	buf_put(&sheet, S("<w><sheetData>"));
	for (int i = 0; i < 100000; i++)
		buf_printf(&sheet, "<row><c t='str'><v>some text %u</v></c></row>",
			   (unsigned)i * 2654435761u);
	buf_put(&sheet, S("</sheetData></w>"));
	fd = file_of(workbook(a, buf_str(&sheet), S("<w/>")));
	is_ok(table_open(t, fd), "a long workbook");
	ok(table_next(t, &row) == OK && row.number == 2, "its first row");
	arena_free(inner);
	close(fd);
	ok(true, "and no more of it");
}

/* --- Size */

/* A sanitizer keeps what was freed for a while. */
#if defined(__SANITIZE_ADDRESS__)
#define KEEPS_FREED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define KEEPS_FREED 1
#endif
#endif
#ifndef KEEPS_FREED
#define KEEPS_FREED 0
#endif
enum { MORE_MAX = KEEPS_FREED ? 400 * 1024 : 32 * 1024 }; /* kB */

static long peak_kb(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return u.ru_maxrss;
}

static void test_sparse(arena *a)
{
	const off_t two_gb = (off_t)2 << 30;
	int64_t t = clock_steady_ms();
	long before = peak_kb();
	int fd = file_of(S(""));
	str said;

	if (ftruncate(fd, two_gb) != 0)
		abort();
	eq_str(told_fd(a, fd, (struct table_options){ 0 }),
	       S("it is binary data of an unknown kind, not a table"), "2 GB of nothing");
	ok(clock_steady_ms() - t < 500, "at once");
	close(fd);

	t = clock_steady_ms();
	fd = file_of(S("To,Text\nMali,a\nMali,\"b"));
	if (pwrite(fd, "\nMali,c\n", 8, two_gb) != 8)
		abort();
	for (off_t at = 30; at < 5000; at += 2) /* text enough not to look binary at its start */
		if (pwrite(fd, "x ", 2, at) != 2)
			abort();
	said = told_fd(a, fd, (struct table_options){ 0 });
	ok(str_starts(said, S("2@2 To=Mali|Text=a\n!refused 3 line 3 column 2: ")) &&
		   str_ends(said, S("\n4@4 To=Mali|Text=c\n.")),
	   "2 GB with an open quote before a hole: %" STR_F, STR_A(str_to(said, 200)));
	t = clock_steady_ms() - t;
	ok(t < 30000, "in %lld ms", (long long)t);
	ok(peak_kb() - before < MORE_MAX, "in constant memory: %ld kB more", peak_kb() - before);
	close(fd);
}

static void test_json_limits(arena *a)
{
	buf b = buf_new(a, 64 << 20);

	buf_put(&b, S("[{\"a\":\""));
	memset(buf_room(&b, 2 << 20), 'x', 2 << 20);
	buf_wrote(&b, 2 << 20);
	buf_put(&b, S("\"},{\"a\":1},{\"a\":"));
	for (int i = 0; i < 1000; i++)
		buf_byte(&b, '[');
	for (int i = 0; i < 1000; i++)
		buf_byte(&b, ']');
	buf_put(&b, S("},{\"a\":2},{\"a\":["));
	for (int i = 0; i < 10001; i++)
		buf_put(&b, S("1,"));
	buf_put(&b, S("1]},{\"a\":3}]"));
	eq_str(told(a, buf_str(&b)),
	       S("!refused 1 line 1 column 0: over 1 MB, 64 levels or 10,000 values: left out\n2@1 "
		 "a=1\n"
		 "!refused 3 line 1 column 0: over 1 MB, 64 levels or 10,000 values: left out\n4@1 "
		 "a=2\n"
		 "!refused 5 line 1 column 0: over 1 MB, 64 levels or 10,000 values: left out\n6@1 "
		 "a=3\n."),
	       "an element over 1 MB, over 64 levels, over 10,000 values");
}

/* --- Real files */

#define SHARED "../shared/data/recommendations/upr-info-2014/"

struct all_rows {
	VEC(str) fields;
	size_t rows;
	str title, created;
};

static void read_all(arena *a, const char *path, struct all_rows *ret)
{
	arena *inner = arena_new();
	struct table_options options = { 0 };
	struct table *t = table_new(inner, &options);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct table_row row;

	*ret = (struct all_rows){ .rows = 0 };
	if (table_open(t, fd) == OK) {
		while (table_next(t, &row) == OK) {
			for (size_t i = 0; i < row.n; i++)
				*vec_add(a, &ret->fields) = arena_str(a, row.fields[i]);
			ret->rows++;
		}
		ret->title = arena_str(a, table_property(t, ROW_TITLE));
		ret->created = arena_str(a, table_property(t, ROW_CREATED));
	}
	close(fd);
	arena_free(inner);
}

static void compare(arena *a, const char *name, size_t rows)
{
	struct all_rows csv, xls;
	char path[200];
	size_t different = 0;

	snprintf(path, sizeof path, SHARED "%s.csv", name);
	read_all(a, path, &csv);
	snprintf(path, sizeof path, SHARED "%s.xls", name);
	read_all(a, path, &xls);
	eq_int(csv.rows, rows, "rows of the CSV");
	eq_int(xls.rows, rows, "rows of the XLS");
	eq_int(csv.fields.n, rows * 11, "fields of the CSV");
	eq_int(xls.fields.n, csv.fields.n, "fields of both");
	for (size_t i = 0; i < MIN(csv.fields.n, xls.fields.n); i++)
		if (!str_eq(csv.fields.p[i], xls.fields.p[i]) && different++ < 3)
			printf("# row %zu: [%" STR_F "] [%" STR_F "]\n", i / 11 + 2,
			       STR_A(csv.fields.p[i]), STR_A(xls.fields.p[i]));
	eq_int(different, 0, "the same texts in both");
	eq_str(xls.title, S("UPR Info database export"), "its title");
	eq_str(xls.created, S("2015-08-14"), "its date");
}

static void test_xls(arena *a)
{
	if (access(SHARED, R_OK) != 0) {
		skip(14, "../shared/data is absent");
		return;
	}
	compare(a, "1-5", 6094);
	compare(a, "voluntary", 947);
}

/* The real XLS cut and damaged: always a reason, never a crash that is not contained. */
static void test_damaged_xls(arena *a)
{
	int fd = open(SHARED "voluntary.xls", O_RDONLY | O_CLOEXEC);
	struct stat st;
	char *bytes;
	size_t reasons = 0, tried = 0;

	if (fd < 0) {
		skip(1, "../shared/data is absent");
		return;
	}
	fstat(fd, &st);
	bytes = arena_alloc_raw(a, (size_t)st.st_size);
	if (pread(fd, bytes, (size_t)st.st_size, 0) != st.st_size)
		abort();
	for (size_t n = 100; n < (size_t)st.st_size; n = n * 3 / 2, tried++)
		reasons += !str_ends(told(a, (str){ bytes, n }), S("\n."));
	eq_int(reasons, tried, "an XLS cut anywhere is refused");
	close(fd);
}

int main(int argc, char **argv)
{
	arena *a;

	if (argc >= 2 && str_eq(str_of(argv[1]), S("--worker")))
		return worker_main(argc, argv);
	a = arena_new();
	test_files(a);
	test_options(a);
	test_not_files(a);
	test_describe(a);
	test_workbook(a);
	test_left_alone(a);
	test_json_limits(a);
	test_xls(a);
	test_damaged_xls(a);
	test_sparse(a);
	arena_free(a);
	return tap_done();
}
