/*
 * Any bytes as a workbook, or as one part of a sound workbook: the first byte says which. What the
 * reader writes passes the check of the receiving side, and ends with an end or a reason.
 */
#include <assert.h>

#include "job/xlsx.h"
#include "zip_make.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { TYPES, RELATIONS, BOOK, STYLES, STRINGS, CORE, SHEET, PARTS };

static const struct zip_entry sound[PARTS] = {
	[TYPES] = { "[Content_Types].xml",
		    S_INIT("<Types xmlns='t'><Override PartName='/xl/workbook.xml' "
			   "ContentType='application/"
			   "vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml'/></"
			   "Types>") },
	[RELATIONS] = { "xl/_rels/workbook.xml.rels",
			S_INIT("<Relationships xmlns='r'><Relationship Id='a' Type='x/worksheet' "
			       "Target='s1.xml'/><Relationship Id='s' Type='x/styles' "
			       "Target='styles.xml'/>"
			       "<Relationship Id='t' Type='x/sharedStrings' Target='strings.xml'/>"
			       "</Relationships>") },
	[BOOK] = { "xl/workbook.xml", S_INIT("<workbook xmlns='m' xmlns:r='r'><sheets><sheet "
					     "name='One' r:id='a'/></sheets>"
					     "</workbook>") },
	[STYLES] = { "xl/styles.xml", S_INIT("<styleSheet xmlns='m'><cellXfs><xf numFmtId='0'/><xf "
					     "numFmtId='14'/><xf "
					     "numFmtId='22'/></cellXfs></styleSheet>") },
	[STRINGS] = { "xl/strings.xml",
		      S_INIT("<sst><si><t>one</t></si><si><t>two_x000D_</t></si></sst>") },
	[CORE] = { "docProps/core.xml",
		   S_INIT("<a><title>T</title><created>2018-07-25T</created></a>") },
	[SHEET] = { "xl/s1.xml", S_INIT("<w><sheetData><row r='1'><c r='A1' t='s'><v>0</v></c><c "
					"r='B1' s='1'><v>43306</v>"
					"</c></row></sheetData></w>") },
};

static void keep(void *ctx, str frames)
{
	buf_put(ctx, frames);
}

static void check(arena *a, str bytes)
{
	buf wire = buf_new(a, (size_t)1 << 30);
	str rest;
	struct source from = source_of_str(&rest);
	struct rows_in *in = rows_in_new(a, &from);
	struct rows_out out;
	struct rows_frame f;

	rows_out_init(&out, a, keep, &wire);
	xlsx_read(a, bytes, &out);
	rest = buf_str(&wire);
	do
		assert(rows_in_next(in, &f) == OK);
	while (f.kind != ROWS_END && f.kind != ROWS_REFUSED);
	assert(rest.n == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct zip_entry entries[PARTS];
	arena *a = arena_new();

	if (size >= 1) {
		str bytes = { (const char *)data + 1, size - 1 };
		unsigned part = data[0] % (PARTS + 1);

		if (part < PARTS) {
			memcpy(entries, sound, sizeof entries);
			entries[part].content = bytes;
			bytes = zip_make(a, entries, PARTS);
		}
		check(a, bytes);
	}
	arena_free(a);
	return 0;
}
