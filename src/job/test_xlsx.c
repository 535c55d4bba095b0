#include "tap.h"
#include "zip_make.h"

#include "job/ole.h"
#include "job/xlsx.h"

/* --- A workbook of one sheet around some XML */

#define CONTENT_TYPES                                                                  \
	"<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'>" \
	"<Override PartName='/xl/workbook.xml' ContentType='application/"              \
	"vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml'/></Types>"
#define RELATION(id, type, target) \
	"<Relationship Id='" id "' Type='http://x/relationships/" type "' Target='" target "'/>"
#define RELATIONS(inner) "<Relationships xmlns='r'>" inner "</Relationships>"
#define BOOK(inner)      "<workbook xmlns='m' xmlns:r='http://x/relationships'>" inner "</workbook>"
#define SHEET(inner)     "<worksheet xmlns='m'><sheetData>" inner "</sheetData></worksheet>"

enum {
	PART_TYPES,
	PART_RELATIONS,
	PART_BOOK,
	PART_STYLES,
	PART_STRINGS,
	PART_CORE,
	PART_1,
	PART_2,
	PARTS
};

static const struct zip_entry plain[PARTS] = {
	[PART_TYPES] = { "[Content_Types].xml", S_INIT(CONTENT_TYPES) },
	[PART_RELATIONS] = { "xl/_rels/workbook.xml.rels",
			     S_INIT(RELATIONS(
				     RELATION("a", "worksheet", "worksheets/sheet1.xml") RELATION(
					     "b", "worksheet", "/xl/worksheets/sheet2.xml")
					     RELATION("s", "styles", "styles.xml") RELATION(
						     "t", "sharedStrings", "../xl/strings.xml"))) },
	[PART_BOOK] = { "xl/workbook.xml",
			S_INIT(BOOK("<sheets><sheet name='Zwei' sheetId='2' r:id='b'/>"
				    "<sheet name='Eins' sheetId='1' r:id='a'/></sheets>")) },
	[PART_STYLES] = { "xl/styles.xml",
			  S_INIT("<styleSheet xmlns='m'><numFmts><numFmt numFmtId='164' "
				 "formatCode='yyyy\\-mm\\-dd hh:mm'/></numFmts><cellStyleXfs><xf "
				 "numFmtId='14'/></cellStyleXfs><cellXfs><xf numFmtId='0'/><xf "
				 "numFmtId='14'/><xf numFmtId='164'/></cellXfs></styleSheet>") },
	[PART_STRINGS] = { "xl/strings.xml",
			   S_INIT("<sst xmlns='m'><si><t>France</t></si><si><r><t>rich "
				  "</t></r><r><t>text"
				  "</t></r></si><si><t>\xE6\xBC\xA2</t><rPh sb='0' "
				  "eb='1'><t>kan</t></rPh>"
				  "</si><si/><si><t xml:space='preserve'> a_x000D_\nb "
				  "</t></si></sst>") },
	[PART_CORE] = { "docProps/core.xml",
			S_INIT("<cp:coreProperties xmlns:cp='c' xmlns:dc='d' "
			       "xmlns:dcterms='t'><dc:title>"
			       "An export</dc:title><dcterms:created>2018-07-25T20:19:03Z"
			       "</dcterms:created></cp:coreProperties>") },
	[PART_1] = { "xl/worksheets/sheet1.xml", S_INIT(SHEET("")) },
	[PART_2] = { "xl/worksheets/sheet2.xml", S_INIT(SHEET("")) },
};

static void keep(void *ctx, str frames)
{
	buf_put(ctx, frames);
}

/* What the reader made of BYTES, one line a frame. */
static str told(arena *a, str bytes)
{
	buf wire = buf_new(a, 64 << 20), out = buf_new(a, 1 << 20);
	arena *inner = arena_new();
	struct rows_out to;
	struct rows_frame f;
	struct rows_in *in;
	struct source from;
	str rest;

	rows_out_init(&to, inner, keep, &wire);
	xlsx_read(inner, bytes, &to);
	rest = buf_str(&wire);
	from = source_of_str(&rest);
	in = rows_in_new(inner, &from);
	while (rows_in_next(in, &f) == OK) {
		switch (f.kind) {
		case ROWS_PROPERTY: buf_printf(&out, "%d: ", f.property); break;
		case ROWS_SHEET: buf_put(&out, S("# ")); break;
		case ROWS_ROW: buf_printf(&out, "%u/%d ", f.sheet, (int)f.number); break;
		case ROWS_PROBLEM:
			buf_printf(&out, "! %u/%d/%u %s", f.problem.sheet, (int)f.problem.number,
				   f.problem.column, row_problem_text(f.problem.kind));
			break;
		case ROWS_REFUSED: buf_put(&out, S("X ")); break;
		case ROWS_END: buf_put(&out, S(".")); break;
		}
		buf_put(&out, f.text);
		for (size_t i = 0; f.kind == ROWS_ROW && i < f.n; i++) {
			buf_put(&out, i ? S("|") : S(""));
			buf_put(&out, f.fields[i]);
		}
		buf_byte(&out, '\n');
	}
	arena_free(inner);
	return buf_str(&out);
}

/* The plain workbook with one part replaced. */
static str with(arena *a, int part, str content)
{
	struct zip_entry entries[PARTS];

	memcpy(entries, plain, sizeof entries);
	entries[part].content = content;
	return told(a, zip_make(a, entries, PARTS));
}

#define HEAD "0: An export\n1: 2018-07-25\n# Zwei\n# Eins\n"

static void test_cells(arena *a)
{
	static const struct {
		const char *what;
		str sheet, want;
	} cells[] = {
		{ "no rows", S_INIT(SHEET("")), S_INIT("") },
		{ "numbers",
		  S_INIT(SHEET("<row r='1'><c r='A1'><v>5</v></c><c r='B1'><v>5.0</v></c>"
			       "<c r='C1'><v>0.30000000000000004</v></c><c "
			       "r='D1'><v>1E3</v></c></row>")),
		  S_INIT("0/1 5|5|0.3|1000\n") },
		{ "dates by style",
		  S_INIT(SHEET(
			  "<row r='2'><c r='A2' s='1'><v>43306</v></c><c r='B2' s='2'><v>43306.75"
			  "</v></c><c r='C2' s='0'><v>43306</v></c><c r='D2' "
			  "s='99'><v>1</v></c></row>")),
		  S_INIT("0/2 2018-07-25|2018-07-25 18:00:00|43306|1\n") },
		{ "shared texts",
		  S_INIT(SHEET("<row r='3'><c r='A3' t='s'><v>0</v></c><c r='B3' t='s'><v>1</v></c>"
			       "<c r='C3' t='s'><v>2</v></c><c r='D3' t='s'><v>3</v></c>"
			       "<c r='E3' t='s'><v>4</v></c></row>")),
		  S_INIT("0/3 France|rich text|\xE6\xBC\xA2|| a\r\nb \n") },
		{ "inline texts, booleans, formulas",
		  S_INIT(SHEET("<row><c "
			       "t='inlineStr'><is><r><t>in</t></r><r><t>line</t></r><rPh><t>no</t>"
			       "</rPh></is></c><c t='b'><v>1</v></c><c t='b'><v>0</v></c><c "
			       "t='str'><f>A1"
			       "</f><v>of a formula</v></c><c t='d'><v>2018-07-25</v></c></row>")),
		  S_INIT("0/1 inline|TRUE|FALSE|of a formula|2018-07-25\n") },
		{ "gaps, merged cells and order",
		  S_INIT(SHEET(
			  "<row r='7'><c r='D7'><v>4</v></c><c r='B7' t='str'><v>2</v></c></row>"
			  "<row r='9'><c r='AA9'><v>27</v></c></row>")),
		  S_INIT("0/7 |2||4\n0/9 ||||||||||||||||||||||||||27\n") },
		{ "cells with a style only", S_INIT(SHEET("<row r='1'><c r='XFD1' s='1'/></row>")),
		  S_INIT("") },
		{ "an error of the spreadsheet",
		  S_INIT(SHEET("<row r='1'><c r='B1' t='e'><v>#REF!</v></c></row>")),
		  S_INIT("! 0/1/2 a cell holds an error of the spreadsheet: row kept\n0/1 "
			 "|#REF!\n") },
		{ "a shared text that is not there",
		  S_INIT(SHEET(
			  "<row r='1'><c r='A1' t='s'><v>5</v></c><c r='B1'><v>1</v></c></row>")),
		  S_INIT("! 0/1/1 a cell makes no sense and was left empty: row kept\n0/1 |1\n") },
		{ "beyond 10,000 columns",
		  S_INIT(SHEET("<row r='1'><c r='OZZ1'><v>1</v></c></row><row r='2'><c "
			       "r='A2'><v>1</v></c></row>")),
		  S_INIT("! 0/1/0 more than 10,000 columns: row left out\n0/2 1\n") },
		{ "a number that is a text",
		  S_INIT(SHEET("<row r='1'><c r='A1'><v>n/a</v></c></row>")), S_INIT("0/1 n/a\n") },
		{ "an entity",
		  S_INIT(SHEET("<row r='1'><c t='str'><v>a &amp; b &#233;</v></c></row>")),
		  S_INIT("0/1 a & b \xC3\xA9\n") },
		{ "an escape that is none",
		  S_INIT(SHEET("<row r='1'><c t='str'><v>_x00G0_ _x005F_x_</v></c></row>")),
		  S_INIT("0/1 _x00G0_ _x_\n") },
		{ "rows inside rows",
		  S_INIT(SHEET("<row r='1'><c t='str' r='C1'><v>x</v></c><row r='2'>"
			       "<c r='A2'><v>1</v></c></row></row>")),
		  S_INIT("0/2 1\n") },
	};

	for (size_t i = 0; i < COUNT_OF(cells); i++) {
		buf want = buf_new(a, 10000);

		buf_put(&want, S(HEAD));
		buf_put(&want, cells[i].want);
		buf_put(&want, S(".\n"));
		eq_str(with(a, PART_2, cells[i].sheet), buf_str(&want), cells[i].what);
	}
}

static void test_refusals(arena *a)
{
	static const struct {
		const char *what;
		int part;
		str content, want;
	} bad[] = {
		{ "a document type", PART_2, S_INIT("<!DOCTYPE x [<!ENTITY a 'b'>]>" SHEET("")),
		  S_INIT("X its XML has a document type declaration, which is not allowed "
			 "(xl/worksheets/sheet2.xml)\n") },
		{ "a document type without a body", PART_STRINGS,
		  S_INIT("<!DOCTYPE sst SYSTEM 'file:///etc/passwd'><sst/>"),
		  S_INIT("X its XML has a document type declaration, which is not allowed "
			 "(xl/strings.xml)\n") },
		{ "cut XML", PART_2, S_INIT("<worksheet><sheetData><row r='1'><c"),
		  S_INIT("X its XML is damaged (xl/worksheets/sheet2.xml)\n") },
		{ "no XML", PART_BOOK, S_INIT("\0\1\2"),
		  S_INIT("X its XML is damaged (xl/workbook.xml)\n") },
		{ "an empty part", PART_STYLES, S_INIT(""),
		  S_INIT("X its XML is damaged (xl/styles.xml)\n") },
		{ "rows backwards", PART_2, S_INIT(SHEET("<row r='2'/><row r='1'/>")),
		  S_INIT("X its rows are not in order, or more than 1,048,576 "
			 "(xl/worksheets/sheet2.xml)\n") },
		{ "a row beyond all", PART_2, S_INIT(SHEET("<row r='1048577'/>")),
		  S_INIT("X its rows are not in order, or more than 1,048,576 "
			 "(xl/worksheets/sheet2.xml)\n") },
		{ "a row that is no number", PART_2, S_INIT(SHEET("<row r='x'/>")),
		  S_INIT("X its rows are not in order, or more than 1,048,576 "
			 "(xl/worksheets/sheet2.xml)\n") },
		{ "no workbook", PART_TYPES, S_INIT("<Types/>"),
		  S_INIT("X it has no workbook that can be read\n") },
		{ "a sheet twice", PART_BOOK,
		  S_INIT(BOOK(
			  "<sheets><sheet name='1' r:id='a'/><sheet name='2' r:id='a'/></sheets>")),
		  S_INIT("X two of its sheets are the same part (xl/workbook.xml)\n") },
	};

	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		str got = with(a, bad[i].part, bad[i].content);
		size_t at = str_find(got, S("X "));

		eq_str(str_from(got, MIN(at, got.n)), bad[i].want, bad[i].what);
	}
}

static void test_depth(arena *a)
{
	buf b = buf_new(a, 10 << 20);
	str got;

	for (int i = 0; i < 200000; i++)
		buf_put(&b, S("<a>"));
	got = with(a, PART_2, buf_str(&b));
	ok(str_find(got, S("X its XML is nested deeper than 256 levels")) != STR_NONE,
	   "nested too deep");
	buf_clear(&b);
	buf_put(&b, S("<a b='"));
	for (uint32_t i = 0, v = 1; i < 3 << 20; i++) {
		v = v * 1664525 + 1013904223;
		buf_byte(&b, (char)('a' + (v >> 20) % 26));
	}
	buf_put(&b, S("'/>"));
	got = with(a, PART_2, buf_str(&b));
	ok(str_find(got, S("X its XML has a tag over 2 MB")) != STR_NONE, "a tag of 3 MB");
}

static void test_sheets(arena *a)
{
	eq_str(with(a, PART_BOOK,
		    S(BOOK("<workbookPr date1904='1'/><sheets><sheet name='shown' r:id='b'/><sheet "
			   "name='h' state='hidden' r:id='a'/><sheet name='v' state='veryHidden'/>"
			   "<sheet name='lost' r:id='z'/><sheet name='chart' "
			   "r:id='s'/></sheets>"))),
	       S("0: An export\n1: 2018-07-25\n# shown\n# h\n# v\n# lost\n# chart\n"
		 "! 1/0/0 the sheet is hidden: left out\n! 2/0/0 the sheet is hidden: left out\n"
		 "! 3/0/0 the sheet is not in the file: left out\n"
		 "! 4/0/0 the sheet is not in the file: left out\n.\n"),
	       "hidden, lost and other sheets");
}

static void test_archives(arena *a)
{
	static const struct zip_entry docx[] = { { "[Content_Types].xml", S_INIT("<Types/>") },
						 { "word/document.xml", S_INIT("<x/>") } };
	static const struct zip_entry ods[] = { { "mimetype", S_INIT("application/vnd.oasis") },
						{ "content.xml", S_INIT("<x/>") } };
	static const struct zip_entry other[] = { { "readme.txt", S_INIT("hello") } };
	static const struct zip_entry nested[] = { { "xl/inner", S_INIT("PK\3\4 and more") } };
	static const struct zip_entry named[] = { { "xl/a.zip", S_INIT("x") } };
	static const struct zip_entry climbing[] = { { "xl/../../etc/passwd", S_INIT("x") } };
	static const struct zip_entry absolute[] = { { "/etc/passwd", S_INIT("x") } };
	static const struct zip_entry twice[] = { { "xl/A.xml", S_INIT("x") },
						  { "xl/a.xml", S_INIT("y") } };
	static const struct {
		const char *what;
		const struct zip_entry *entries;
		size_t n;
		str want;
	} archives[] = {
		{ "a Word document", docx, 2, S_INIT("X it is a Word document (DOCX)\n") },
		{ "OpenDocument", ods, 2,
		  S_INIT("X it is an OpenDocument file: save it as XLSX or CSV\n") },
		{ "any archive", other, 1,
		  S_INIT("X it is a ZIP archive without a workbook in it\n") },
		{ "an archive inside", nested, 1, S_INIT("X the archive holds another archive\n") },
		{ "an archive inside by name", named, 1,
		  S_INIT("X the archive holds another archive\n") },
		{ "a name that climbs", climbing, 1,
		  S_INIT("X an entry of the archive has a name that is not allowed\n") },
		{ "an absolute name", absolute, 1,
		  S_INIT("X an entry of the archive has a name that is not allowed\n") },
		{ "a name twice but for case", twice, 2,
		  S_INIT("X two entries of the archive have the same name\n") },
	};
	str whole = zip_make(a, plain, PARTS);
	size_t refused = 0;

	for (size_t i = 0; i < COUNT_OF(archives); i++)
		eq_str(told(a, zip_make(a, archives[i].entries, archives[i].n)), archives[i].want,
		       archives[i].what);
	eq_str(told(a, S("PK\3\4 and nothing")),
	       S("X the archive is cut off or damaged: its list of entries is missing\n"),
	       "only a start");
	for (size_t n = 0; n < whole.n; n += 7)
		refused += str_find(told(a, str_to(whole, n)), S("X ")) != STR_NONE;
	eq_int(refused, (whole.n + 6) / 7, "cut anywhere: refused");
}

/* A compound file of our own: header, allocation table, directory, mini stream, mini table. */
static void put_at(char *file, size_t at, uint64_t v, int bytes)
{
	for (int i = 0; i < bytes; i++)
		file[at + (size_t)i] = (char)(v >> (8 * i));
}

static void put_entry(char *file, size_t at, const char *name, int type, uint32_t first,
		      uint32_t size)
{
	size_t n = strlen(name);

	for (size_t i = 0; i < n; i++)
		file[at + i * 2] = name[i];
	put_at(file, at + 64, (n + 1) * 2, 2);
	file[at + 66] = (char)type;
	put_at(file, at + 116, first, 4);
	put_at(file, at + 120, size, 4);
}

enum { OLE_SIZE = 512 * 6 };

static void make_ole(char *file)
{
	size_t set = 512 * 4 + 48; /* in the mini stream, sector 3 of the file */

	memset(file, 0, OLE_SIZE);
	memcpy(file, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8);
	put_at(file, 30, 9, 2);
	put_at(file, 32, 6, 2);
	put_at(file, 44, 1, 4);
	put_at(file, 48, 1, 4); /* the directory */
	put_at(file, 56, 4096, 4);
	put_at(file, 60, 2, 4); /* the mini table */
	put_at(file, 68, 0xFFFFFFFE, 4);
	for (size_t i = 0; i < 109; i++)
		put_at(file, 76 + i * 4, 0xFFFFFFFF, 4);
	put_at(file, 76, 0, 4); /* the table */
	memset(file + 512, 0xFF, 512);
	put_at(file, 512, 0xFFFFFFFD, 4);
	for (size_t i = 1; i < 4; i++)
		put_at(file, 512 + i * 4, 0xFFFFFFFE, 4);
	put_entry(file, 1024, "Root Entry", 5, 3, 512);
	put_entry(file, 1024 + 128, "\5SummaryInformation", 2, 0, 200);
	put_entry(file, 1024 + 256, "Workbook", 2, 4, 5000);
	memset(file + 1536, 0xFF, 512);
	for (size_t i = 0; i < 3; i++)
		put_at(file, 1536 + i * 4, i + 1, 4);
	put_at(file, 1536 + 12, 0xFFFFFFFE, 4);
	put_at(file, 2048, 0xFFFE, 2);
	put_at(file, 2048 + 24, 1, 4);
	put_at(file, 2048 + 44, 48, 4);
	put_at(file, set, 140, 4);
	put_at(file, set + 4, 3, 4);
	put_at(file, set + 8, 1, 4), put_at(file, set + 12, 40, 4);
	put_at(file, set + 16, 2, 4), put_at(file, set + 20, 48, 4);
	put_at(file, set + 24, 12, 4), put_at(file, set + 28, 72, 4);
	put_at(file, set + 40, 2, 4), put_at(file, set + 44, 1252, 2);
	put_at(file, set + 48, 30, 4), put_at(file, set + 52, 10, 4);
	memcpy(file + set + 56,
	       "Donn\xE9"
	       "es\0\0",
	       10);
	put_at(file, set + 72, 64, 4);
	put_at(file, set + 76, (134774 + 16657) * 864000000000u + 5, 8); /* 2015-08-10 */
}

static str properties_of(arena *a, str bytes)
{
	buf wire = buf_new(a, 10000);
	struct rows_out out;
	struct ole *o;

	rows_out_init(&out, a, keep, &wire);
	if (ole_open(a, bytes, &o) != OK)
		return S("damaged");
	if (!ole_has(o, S("Workbook")) || ole_has(o, S("Workboo")) || ole_has(o, S("WordDocument")))
		return S("wrong names");
	ole_put_properties(a, o, &out);
	rows_end(&out);
	return buf_str(&wire);
}

static void test_ole(arena *a)
{
	char file[OLE_SIZE];
	str bytes = { file, sizeof file };

	make_ole(file);
	eq_str(properties_of(a, bytes),
	       S("T\x10\0\0\0\0\0\0\0\x08\0\0\0Donn\xC3\xA9"
		 "esT\x12\0\0\0\1\0\0\0\x0A\0\0\0"
		 "2015-08-10E\0\0\0\0"),
	       "title and date");
	put_at(file, 1536, 0, 4); /* the mini chain bites its tail */
	ok(properties_of(a, bytes).n > 0, "a circle in the mini table ends");
	make_ole(file);
	put_at(file, 512 + 4, 1, 4); /* and the directory's */
	eq_str(properties_of(a, bytes), S("damaged"), "a circle in the table");
	make_ole(file);
	put_at(file, 30, 31, 2);
	eq_str(properties_of(a, bytes), S("damaged"), "sectors of 2 GB");
	make_ole(file);
	for (size_t n = 0; n < sizeof file; n += 13)
		properties_of(a, str_to(bytes, n));
	ok(true, "cut anywhere: no harm");
}

int main(void)
{
	arena *a = arena_new();

	test_cells(a);
	test_refusals(a);
	test_depth(a);
	test_sheets(a);
	test_archives(a);
	test_ole(a);
	arena_free(a);
	return tap_done();
}
