/* A workbook while it is read: what xlsx.c and xlsx_sheet.c share. */
#ifndef JOB_XLSX_BOOK_H
#define JOB_XLSX_BOOK_H

#include "job/archive.h"
#include "job/cell.h"
#include "job/rows.h"
#include "job/xml.h"

enum {
	XLSX_STRINGS_MAX = 1 << 20,
	XLSX_STRINGS_TEXT_MAX = 100 << 20, /* bytes of all shared texts */
	XLSX_STYLES_MAX = 65536,
	XLSX_ROWS_MAX = 1048576, /* of a sheet: what spreadsheets have */
};

struct xlsx_sheet {
	str name, part; /* part.p == NULL: not in the file */
	bool hidden;
};

struct xlsx {
	arena *a;
	struct archive *zip;
	struct rows_out *out;
	buf why; /* the reason of a refusal */
	bool from_1904;
	VEC(str) strings;
	VEC(uint8_t) styles; /* enum cell_kind */
	VEC(struct xlsx_sheet) sheets;
};

/* Reads one part through XML; on failure the reason with the part's name stands in x->why. */
MUST enum err xlsx_part(struct xlsx *x, str name, const struct xml *xml);

/* Text with its escapes of the form _x000D_ replaced (ECMA-376 22.9.2.19). */
void xlsx_put_text(buf *o, str text);

/* Writes the rows of a sheet. INDEX: its number in the output. */
MUST enum err xlsx_sheet_read(struct xlsx *x, const struct xlsx_sheet *sheet, uint32_t index);

#endif
