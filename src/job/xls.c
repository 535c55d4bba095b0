#include <freexl.h>
#include <iconv.h>

#include "base/utf8.h"
#include "job/cell.h"
#include "job/ole.h"
#include "job/xls.h"

void xls_prepare(void)
{
	static const char *const charsets[] = {
		"UTF-16LE", "ASCII",  "CP1250", "CP1251", "CP1252", "CP1253", "CP1254",
		"CP1255",   "CP1256", "CP1257", "CP1258", "CP437",  "CP850",  "CP852",
		"CP866",    "CP874",  "CP932",  "CP936",  "CP949",  "CP950",  "MACINTOSH",
	};

	/* They stay open to the end of the worker: the C library keeps what is in use. */
	for (size_t i = 0; i < COUNT_OF(charsets); i++)
		(void)iconv_open("UTF-8", charsets[i]);
}

struct xls {
	arena *a;
	const void *book;
	struct rows_out *out;
	str *fields; /* ROWS_COLUMNS_MAX */
	buf text;    /* the numbers of a row */
};

static const char *freexl_reason(int code)
{
	switch (code) {
	case FREEXL_INSUFFICIENT_MEMORY: return "it needs more memory than one file may use";
	case FREEXL_UNSUPPORTED_CHARSET: return "its texts are in a charset that is not known here";
	case FREEXL_BIFF_WORKBOOK_NOT_FOUND: return "it has no workbook";
	case FREEXL_CRAFTED_FILE: return "it is damaged, perhaps on purpose";
	}
	return "it is damaged";
}

/* What else comes in a compound file; NULL: a workbook. */
static const char *other_kind(const struct ole *o)
{
	if (ole_has(o, S("EncryptedPackage")))
		return "it is protected by a password: save it without one";
	if (ole_has(o, S("Workbook")) || ole_has(o, S("Book")))
		return NULL;
	if (ole_has(o, S("WordDocument")))
		return "it is an old Word document (DOC)";
	if (ole_has(o, S("PowerPoint Document")))
		return "it is an old PowerPoint presentation (PPT)";
	return "it is an office file without a workbook in it";
}

/* A cell as text; views stay until the next row. */
static str cell_text(struct xls *x, const FreeXL_CellValue *cell, bool *ret_bad)
{
	size_t from = x->text.n;
	str s;

	switch (cell->type) {
	case FREEXL_CELL_INT: buf_i64(&x->text, cell->value.int_value); break;
	case FREEXL_CELL_DOUBLE: cell_put_number(&x->text, cell->value.double_value); break;
	case FREEXL_CELL_TEXT:
	case FREEXL_CELL_SST_TEXT:
	case FREEXL_CELL_DATE:
	case FREEXL_CELL_DATETIME:
	case FREEXL_CELL_TIME:
		s = str_of(cell->value.text_value);
		*ret_bad = !utf8_valid(s);
		return *ret_bad ? S("") : s;
	default: return S("");
	}
	return str_from(buf_str(&x->text), from);
}

static enum err put_row(struct xls *x, uint32_t sheet, unsigned row, unsigned short columns)
{
	struct row_problem p = { .kind = ROW_BAD_CELL, .sheet = sheet, .number = row + 1u };

	buf_clear(&x->text);
	/* Room for all numbers of a row, so that they do not move. */
	if (!buf_room(&x->text, (size_t)columns * 32))
		return E_TOOBIG;
	for (unsigned short c = 0; c < columns; c++) {
		FreeXL_CellValue cell;
		bool bad = false;

		x->fields[c] = S("");
		if (freexl_get_cell_value(x->book, row, c, &cell) == FREEXL_OK)
			x->fields[c] = cell_text(x, &cell, &bad);
		if (bad) {
			p.column = c + 1u;
			rows_put_problem(x->out, &p);
		}
	}
	return rows_put_row(x->out, sheet, row + 1u, x->fields, columns);
}

static const char *read_sheet(struct xls *x, uint32_t sheet)
{
	unsigned rows = 0;
	unsigned short columns = 0;
	int e = freexl_select_active_worksheet(x->book, (unsigned short)sheet);

	if (e != FREEXL_OK || freexl_worksheet_dimensions(x->book, &rows, &columns) != FREEXL_OK)
		return freexl_reason(e);
	columns = MIN(columns, (unsigned short)ROWS_COLUMNS_MAX);
	for (unsigned row = 0; row < rows; row++)
		if (put_row(x, sheet, row, columns) != OK)
			return "its rows hold more than 256 MB of text";
	return NULL;
}

static const char *read_sheets(struct xls *x)
{
	unsigned n = 0, password = 0;

	freexl_get_info(x->book, FREEXL_BIFF_PASSWORD, &password);
	if (password == FREEXL_BIFF_OBFUSCATED)
		return "it is protected by a password: save it without one";
	freexl_get_info(x->book, FREEXL_BIFF_SHEET_COUNT, &n);
	if (n == 0 || n > ROWS_SHEETS_MAX)
		return n ? "it has more than 1,000 sheets" : "it has no sheets";
	for (unsigned i = 0; i < n; i++) {
		const char *name = NULL;

		if (freexl_get_worksheet_name(x->book, (unsigned short)i, &name) != FREEXL_OK ||
		    !utf8_valid(str_of(name)))
			name = "";
		rows_put_sheet(x->out, str_of(name));
	}
	for (unsigned i = 0; i < n; i++) {
		const char *why = read_sheet(x, i);

		if (why)
			return why;
	}
	return NULL;
}

static const char *read_book(struct xls *x, const char *path, str bytes)
{
	struct ole *o;
	const char *why;
	int e;

	if (ole_open(x->a, bytes, &o) != OK)
		return "it is damaged";
	why = other_kind(o);
	if (why)
		return why;
	ole_put_properties(x->a, o, x->out);
	e = freexl_open(path, &x->book);
	if (e != FREEXL_OK) /* what it left is not ours to close; the worker ends soon */
		return freexl_reason(e);
	why = read_sheets(x);
	freexl_close(x->book);
	return why;
}

void xls_read(arena *a, const char *path, str bytes, struct rows_out *out)
{
	struct xls x = {
		.a = a,
		.out = out,
		.fields = NEW_N(a, str, ROWS_COLUMNS_MAX),
		.text = buf_new(a, (size_t)ROWS_COLUMNS_MAX * 32),
	};
	const char *why = read_book(&x, path, bytes);

	if (why)
		rows_refuse(out, str_of(why));
	else
		rows_end(out);
}
