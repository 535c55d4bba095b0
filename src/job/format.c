#include "job/format.h"

static const struct {
	str start;
	enum table_format format;
	const char *reason;
} starts[] = {
	{ S_INIT("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), TABLE_XLS, NULL },
	{ S_INIT("PK\3\4"), TABLE_XLSX, NULL },
	{ S_INIT("PK\5\6"), TABLE_NONE, "it is an empty ZIP archive" },
	{ S_INIT("%PDF-"), TABLE_NONE, "it is a PDF document, not a table" },
	{ S_INIT("{\\rtf"), TABLE_NONE, "it is a text document (RTF), not a table" },
	{ S_INIT("\x89PNG"), TABLE_NONE, "it is a picture (PNG), not a table" },
	{ S_INIT("\xFF\xD8\xFF"), TABLE_NONE, "it is a picture (JPEG), not a table" },
	{ S_INIT("GIF8"), TABLE_NONE, "it is a picture (GIF), not a table" },
	{ S_INIT("\x1F\x8B"), TABLE_NONE, "it is packed (gzip): unpack it first" },
	{ S_INIT("BZh"), TABLE_NONE, "it is packed (bzip2): unpack it first" },
	{ S_INIT("\xFD"
		 "7zXZ"),
	  TABLE_NONE, "it is packed (xz): unpack it first" },
	{ S_INIT("7z\xBC\xAF"), TABLE_NONE, "it is packed (7z): unpack it first" },
	{ S_INIT("Rar!"), TABLE_NONE, "it is packed (RAR): unpack it first" },
	{ S_INIT("SQLite format 3"), TABLE_NONE, "it is a database (SQLite), not a table" },
	{ S_INIT("\x7F"
		 "ELF"),
	  TABLE_NONE, "it is a program" },
	{ S_INIT("MZ\x90"), TABLE_NONE, "it is a program" },
	{ S_INIT("\x1A\x45\xDF\xA3"), TABLE_NONE, "it is a film (Matroska or WebM)" },
	{ S_INIT("WEBVTT"), TABLE_NONE, "it holds subtitles (WebVTT), not a table" },
};

static bool has_wide_bom(str s)
{
	return str_starts(s, S("\xFF\xFE")) || str_starts(s, S("\xFE\xFF"));
}

/* Control characters that text does not have: some may be damage, many are another kind of file. */
static bool is_binary(str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		n += c < ' ' && c != '\t' && c != '\r' && c != '\n' && c != '\f';
	}
	return n * 20 > s.n;
}

static bool starts_nocase(str s, str prefix)
{
	return s.n >= prefix.n && str_eq_nocase(str_to(s, prefix.n), prefix);
}

enum table_format format_of(str head, const char **ret_reason)
{
	str text = str_starts(head, S("\xEF\xBB\xBF")) ? str_from(head, 3) : head;

	text = str_trim(text);
	for (size_t i = 0; i < COUNT_OF(starts); i++)
		if (str_starts(head, starts[i].start)) {
			*ret_reason = starts[i].reason;
			return starts[i].format;
		}
	if (has_wide_bom(head))
		return TABLE_CSV;
	*ret_reason = head.n == 0       ? "it is empty"
		      : text.n == 0     ? "it holds nothing but blanks"
		      : is_binary(head) ? "it is binary data of an unknown kind, not a table"
		      : starts_nocase(text, S("<!doctype html")) || starts_nocase(text, S("<html"))
			      ? "it is a web page (HTML), not a table: save it as XLSX or CSV"
		      : starts_nocase(text, S("<?xml")) || starts_nocase(text, S("<"))
			      ? "it is XML, not a table"
			      : NULL;
	if (*ret_reason)
		return TABLE_NONE;
	return text.p[0] == '{' || text.p[0] == '[' ? TABLE_JSON : TABLE_CSV;
}
