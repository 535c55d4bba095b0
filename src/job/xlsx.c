#include "base/utf8.h"
#include "job/xlsx.h"
#include "job/xlsx_book.h"

enum { REASON_MAX = 400, PATH_MAX_BYTES = 512 };

static enum err refuse(struct xlsx *x, enum err e, const char *reason)
{
	if (x->why.n == 0)
		buf_put(&x->why, str_of(reason));
	return e;
}

/* --- Parts and the relations between them */

static enum err part_read(struct xlsx *x, arena *a, str name, const struct xml *xml)
{
	struct source from;

	TRY(archive_part(a, x->zip, name, &from));
	return xml_read(&from, xml, &x->why);
}

enum err xlsx_part(struct xlsx *x, str name, const struct xml *xml)
{
	arena *a = arena_new();
	enum err e;

	e = part_read(x, a, name, xml);
	arena_free(a);
	if (e == E_NOTFOUND)
		refuse(x, e, "a part of the workbook is missing");
	else if (e == E_TOOBIG)
		refuse(x, e, "it is too large when unpacked");
	else if (e != OK)
		refuse(x, e, "it is damaged");
	if (e != OK)
		buf_printf(&x->why, " (%" STR_F ")", STR_A(str_to(name, 100)));
	return e == E_NOTFOUND ? E_INVALID : e;
}

/* TARGET as seen from the part FROM: "worksheets/sheet1.xml" from "xl/workbook.xml". */
static str resolve(arena *a, str from, str target)
{
	buf b = buf_new(a, PATH_MAX_BYTES);
	size_t slash = str_find_byte_last(from, '/');

	if (str_starts(target, S("/")))
		target = str_from(target, 1);
	else if (slash != STR_NONE)
		buf_put(&b, str_to(from, slash));
	for (str rest = target; rest.p;) {
		str step = str_cut(&rest, '/');

		if (str_eq(step, S(".."))) {
			slash = str_find_byte_last(buf_str(&b), '/');
			b.n = slash == STR_NONE ? 0 : slash;
			continue;
		}
		if (str_eq(step, S(".")))
			continue;
		if (b.n)
			buf_byte(&b, '/');
		buf_put(&b, step);
	}
	return b.err == OK ? buf_str(&b) : S("");
}

struct relation {
	str id, type, part;
};

struct relations {
	arena *a;
	str from;
	VEC(struct relation) list;
};

static enum err relation_start(void *ctx, str name, const char *const *attrs)
{
	struct relations *r = ctx;

	if (!str_eq(name, S("Relationship")) ||
	    str_eq(xml_attr(attrs, S("TargetMode")), S("External")))
		return OK;
	if (r->list.n >= ARCHIVE_ENTRIES_MAX)
		return E_TOOBIG;
	*vec_add(r->a, &r->list) = (struct relation){
		arena_str(r->a, xml_attr(attrs, S("Id"))),
		arena_str(r->a, xml_attr(attrs, S("Type"))),
		resolve(r->a, r->from, xml_attr(attrs, S("Target"))),
	};
	return OK;
}

/* The relations of a part stand beside it: xl/_rels/workbook.xml.rels. */
static enum err relations_read(struct xlsx *x, str from, struct relations *r)
{
	buf path = buf_new(x->a, PATH_MAX_BYTES + 16);
	size_t slash = str_find_byte_last(from, '/');
	size_t folder = slash == STR_NONE ? 0 : slash + 1;
	struct xml xml = { .start = relation_start, .ctx = r };

	r->a = x->a;
	r->from = from;
	buf_put(&path, str_to(from, folder));
	buf_put(&path, S("_rels/"));
	buf_put(&path, str_from(from, folder));
	buf_put(&path, S(".rels"));
	return xlsx_part(x, buf_str(&path), &xml);
}

/* The ends of the types are the same in both variants of the standard. */
static str part_of_type(const struct relations *r, str type_end)
{
	vec_each (const struct relation, one, &r->list)
		if (str_ends(one->type, type_end))
			return one->part;
	return (str){ NULL, 0 };
}

/* --- The workbook: which part it is, its sheets */

struct main_part {
	arena *a;
	str name;
};

static enum err type_start(void *ctx, str name, const char *const *attrs)
{
	struct main_part *m = ctx;
	str type = xml_attr(attrs, S("ContentType"));

	if (str_eq(name, S("Override")) && !m->name.p &&
	    (str_ends(type, S("spreadsheetml.sheet.main+xml")) ||
	     str_ends(type, S("ms-excel.sheet.macroEnabled.main+xml")) ||
	     str_ends(type, S("spreadsheetml.template.main+xml"))))
		m->name = arena_str(m->a, resolve(m->a, S(""), xml_attr(attrs, S("PartName"))));
	return OK;
}

static enum err find_workbook(struct xlsx *x, str *ret)
{
	struct main_part m = { .a = x->a };
	struct xml xml = { .start = type_start, .ctx = &m };

	TRY(xlsx_part(x, S("[Content_Types].xml"), &xml));
	if (!m.name.p)
		return refuse(x, E_INVALID, "it has no workbook that can be read");
	*ret = m.name;
	return OK;
}

struct workbook {
	struct xlsx *x;
	const struct relations *relations;
};

/* Only relations to worksheets count: a chart sheet has no rows. */
static str sheet_part(const struct relations *r, str id)
{
	vec_each (const struct relation, one, &r->list)
		if (str_eq(one->id, id) && str_ends(one->type, S("/worksheet")))
			return one->part;
	return (str){ NULL, 0 };
}

static enum err workbook_start(void *ctx, str name, const char *const *attrs)
{
	struct workbook *w = ctx;
	struct xlsx *x = w->x;

	if (str_eq(name, S("workbookPr"))) {
		str v = xml_attr(attrs, S("date1904"));

		x->from_1904 = str_eq(v, S("1")) || str_eq(v, S("true"));
	} else if (str_eq(name, S("sheet"))) {
		str state = xml_attr(attrs, S("state"));
		str part = sheet_part(w->relations, xml_attr(attrs, S("id")));

		if (x->sheets.n >= ROWS_SHEETS_MAX)
			return refuse(x, E_TOOBIG, "it has more than 1,000 sheets");
		vec_each (const struct xlsx_sheet, other, &x->sheets)
			if (part.p && str_eq(other->part, part))
				return refuse(x, E_INVALID, "two of its sheets are the same part");
		*vec_add(x->a, &x->sheets) = (struct xlsx_sheet){
			.name = arena_str(x->a, xml_attr(attrs, S("name"))),
			.part = part,
			.hidden = str_eq(state, S("hidden")) || str_eq(state, S("veryHidden")),
		};
	}
	return OK;
}

/* --- Shared texts */

struct strings {
	struct xlsx *x;
	buf text, plain;
	unsigned phonetic; /* how deep inside <rPh>: a reading aid beside the text, not of it */
	bool in_text;
	uint64_t total;
};

static enum err string_start(void *ctx, str name, const char *const *attrs)
{
	struct strings *s = ctx;

	(void)attrs;
	if (str_eq(name, S("rPh")))
		s->phonetic++;
	else if (str_eq(name, S("t")))
		s->in_text = !s->phonetic;
	else if (str_eq(name, S("si")))
		buf_clear(&s->text);
	return OK;
}

static enum err string_end(void *ctx, str name)
{
	struct strings *s = ctx;
	struct xlsx *x = s->x;

	if (str_eq(name, S("t")))
		s->in_text = false;
	else if (str_eq(name, S("rPh")))
		s->phonetic--;
	if (!str_eq(name, S("si")))
		return OK;
	s->total += s->text.n;
	if (s->text.err != OK || s->total > XLSX_STRINGS_TEXT_MAX ||
	    x->strings.n >= XLSX_STRINGS_MAX)
		return refuse(x, E_TOOBIG, "its texts are over 100 MB, a million, or 8 MB for one");
	buf_clear(&s->plain);
	xlsx_put_text(&s->plain, buf_str(&s->text));
	*vec_add(x->a, &x->strings) = arena_str(x->a, buf_str(&s->plain));
	return OK;
}

static enum err string_text(void *ctx, str text)
{
	struct strings *s = ctx;

	if (s->in_text)
		buf_put(&s->text, text);
	return OK;
}

/* --- Styles: which cells are dates */

struct format {
	uint32_t id;
	enum cell_kind kind;
};

struct styles {
	struct xlsx *x;
	VEC(struct format) formats;
	bool in_cells;
};

static uint32_t number_of(str s)
{
	int64_t v;

	return str_to_i64(s, &v) && v >= 0 && v <= UINT32_MAX ? (uint32_t)v : 0;
}

static enum err style_start(void *ctx, str name, const char *const *attrs)
{
	struct styles *s = ctx;
	uint32_t id = number_of(xml_attr(attrs, S("numFmtId")));

	if (str_eq(name, S("numFmt"))) {
		if (s->formats.n >= XLSX_STYLES_MAX)
			return E_TOOBIG;
		*vec_add(s->x->a, &s->formats) =
			(struct format){ id, cell_format_kind(xml_attr(attrs, S("formatCode"))) };
	} else if (str_eq(name, S("cellXfs"))) {
		s->in_cells = true;
	} else if (s->in_cells && str_eq(name, S("xf"))) {
		enum cell_kind kind = cell_format_builtin(id);

		if (s->x->styles.n >= XLSX_STYLES_MAX)
			return E_TOOBIG;
		vec_each (const struct format, f, &s->formats)
			if (f->id == id)
				kind = f->kind;
		*vec_add(s->x->a, &s->x->styles) = (uint8_t)kind;
	}
	return OK;
}

static enum err style_end(void *ctx, str name)
{
	if (str_eq(name, S("cellXfs")))
		((struct styles *)ctx)->in_cells = false;
	return OK;
}

/* --- Title and date of creation */

struct properties {
	struct xlsx *x;
	buf text;
};

static enum err property_start(void *ctx, str name, const char *const *attrs)
{
	(void)name, (void)attrs;
	buf_clear(&((struct properties *)ctx)->text);
	return OK;
}

static enum err property_text(void *ctx, str text)
{
	buf_put(&((struct properties *)ctx)->text, text);
	return OK;
}

static enum err property_end(void *ctx, str name)
{
	struct properties *p = ctx;
	str text = str_trim(buf_str(&p->text));

	if (str_eq(name, S("title")) && text.n)
		rows_put_property(p->x->out, ROW_TITLE, text);
	else if (str_eq(name, S("created")) && text.n >= 10)
		rows_put_property(p->x->out, ROW_CREATED, str_to(text, 10));
	buf_clear(&p->text);
	return OK;
}

/* --- The whole */

/* The same value in four hexadecimal digits, or -1. */
static int hex4(str s)
{
	int v = 0;

	for (size_t i = 0; i < 4; i++) {
		char c = s.p[i];
		int digit = c >= '0' && c <= '9'   ? c - '0'
			    : c >= 'A' && c <= 'F' ? c - 'A' + 10
			    : c >= 'a' && c <= 'f' ? c - 'a' + 10
						   : -1;

		if (digit < 0)
			return -1;
		v = v * 16 + digit;
	}
	return v;
}

void xlsx_put_text(buf *o, str text)
{
	enum { ESCAPE = 7 }; /* _x000D_ */

	for (size_t at; (at = str_find(text, S("_x"))) != STR_NONE;) {
		str rest = str_from(text, at);
		int v = rest.n >= ESCAPE && rest.p[ESCAPE - 1] == '_' ? hex4(str_from(rest, 2))
								      : -1;

		buf_put(o, str_to(text, at));
		if (v > 0 && (v < 0xD800 || v > 0xDFFF)) {
			utf8_put(o, (uint32_t)v);
			text = str_from(rest, ESCAPE);
		} else {
			buf_put(o, str_to(rest, 2));
			text = str_from(rest, 2);
		}
	}
	buf_put(o, text);
}

/* What else comes in a ZIP, so that a person knows what to do. */
static const char *other_kind(const struct archive *z)
{
	if (archive_has(z, S("xl/workbook.bin")))
		return "it is a binary Excel workbook (XLSB): save it as XLSX or CSV";
	if (archive_has_folder(z, S("word/")))
		return "it is a Word document (DOCX)";
	if (archive_has_folder(z, S("ppt/")))
		return "it is a PowerPoint presentation (PPTX)";
	if (archive_has(z, S("mimetype")) && archive_has(z, S("content.xml")))
		return "it is an OpenDocument file: save it as XLSX or CSV";
	if (!archive_has_folder(z, S("xl/")))
		return "it is a ZIP archive without a workbook in it";
	return NULL;
}

static enum err read_parts(struct xlsx *x, str workbook, const struct relations *relations)
{
	struct workbook w = { x, relations };
	struct strings texts = {
		.x = x,
		.text = buf_new(x->a, ROWS_ROW_MAX),
		.plain = buf_new(x->a, ROWS_ROW_MAX),
	};
	struct styles styles = { .x = x };
	struct properties properties = { x, buf_new(x->a, ROWS_TEXT_MAX) };
	struct xml book = { .start = workbook_start, .ctx = &w };
	struct xml text = { string_start, string_end, string_text, &texts };
	struct xml style = { style_start, style_end, NULL, &styles };
	struct xml property = { property_start, property_end, property_text, &properties };
	str part;

	TRY(xlsx_part(x, workbook, &book));
	if (archive_has(x->zip, S("docProps/core.xml")))
		TRY(xlsx_part(x, S("docProps/core.xml"), &property));
	part = part_of_type(relations, S("/styles"));
	if (part.p)
		TRY(xlsx_part(x, part, &style));
	part = part_of_type(relations, S("/sharedStrings"));
	if (part.p)
		TRY(xlsx_part(x, part, &text));
	return OK;
}

static enum err read_sheets(struct xlsx *x)
{
	for (size_t i = 0; i < x->sheets.n; i++)
		rows_put_sheet(x->out, x->sheets.p[i].name);
	for (size_t i = 0; i < x->sheets.n; i++) {
		const struct xlsx_sheet *sheet = &x->sheets.p[i];
		struct row_problem p = { .sheet = (uint32_t)i };

		if (sheet->hidden || !sheet->part.p || !archive_has(x->zip, sheet->part)) {
			p.kind = sheet->hidden ? ROW_SHEET_HIDDEN : ROW_SHEET_MISSING;
			rows_put_problem(x->out, &p);
			continue;
		}
		TRY(xlsx_sheet_read(x, sheet, (uint32_t)i));
	}
	return OK;
}

static enum err read_book(struct xlsx *x, str bytes)
{
	struct relations relations = { .a = x->a };
	const char *other;
	str workbook;

	TRY(archive_open(x->a, bytes, &x->why, &x->zip));
	other = other_kind(x->zip);
	if (other)
		return refuse(x, E_INVALID, other);
	TRY(find_workbook(x, &workbook));
	TRY(relations_read(x, workbook, &relations));
	TRY(read_parts(x, workbook, &relations));
	return read_sheets(x);
}

void xlsx_read(arena *a, str bytes, struct rows_out *out)
{
	struct xlsx x = { .a = a, .out = out, .why = buf_new(a, REASON_MAX) };

	if (read_book(&x, bytes) == OK)
		rows_end(out);
	else
		rows_refuse(out, x.why.n ? buf_str(&x.why) : S("it cannot be read"));
}
