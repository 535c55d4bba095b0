#include "app/report.h"

#include "cli/output.h"
#include "text/date.h"
#include "text/json.h"

/* clang-format off */
static const struct {
	const char *code;
	enum tr_key key;
} reasons[] = {
	{ "unknown-state", T_reason_unknown_state },       { "no-state", T_reason_no_state },
	{ "no-recommending-state", T_reason_no_recommending_state },
	{ "no-session", T_reason_no_session },             { "unknown-session", T_reason_unknown_session },
	{ "unknown-response", T_reason_unknown_response }, { "unknown-action", T_reason_unknown_action },
	{ "unknown-kind", T_reason_unknown_kind },
	{ "unknown-issue", T_reason_unknown_issue },       { "unknown-sdg", T_reason_unknown_sdg },
	{ "no-text", T_reason_no_text },                   { "text-too-long", T_reason_text_too_long },
	{ "mojibake-mended", T_reason_mojibake_mended },   { "duplicate", T_reason_duplicate },
	{ "changed", T_reason_changed },                   { "quote-open", T_reason_quote_open },
	{ "quote-stray", T_reason_quote_stray },           { "field-too-big", T_reason_field_too_big },
	{ "row-too-big", T_reason_row_too_big },           { "too-many-columns", T_reason_too_many_columns },
	{ "nul-byte", T_reason_nul_byte },                 { "quotes-hopeless", T_reason_quotes_hopeless },
	{ "bad-bytes", T_reason_bad_bytes },               { "error-cell", T_reason_error_cell },
	{ "bad-cell", T_reason_bad_cell },                 { "bad-element", T_reason_bad_element },
	{ "element-too-big", T_reason_element_too_big },   { "sheet-hidden", T_reason_sheet_hidden },
	{ "sheet-missing", T_reason_sheet_missing },       { "sheet-left-out", T_reason_sheet_left_out },
	{ "unknown-format", T_reason_unknown_format },     { "columns-unknown", T_reason_columns_unknown },
	{ "no-such-column", T_reason_no_such_column },     { "no-source", T_reason_no_source },
	{ "bad-date", T_reason_bad_date },                 { "bad-mapping-line", T_reason_bad_mapping_line },
	{ "no-rows", T_reason_no_rows },                   { "not-a-file", T_reason_not_a_file },
	{ "file-too-big", T_reason_file_too_big },         { "not-a-table", T_reason_not_a_table },
	{ "no-sandbox", T_reason_no_sandbox },
};

static const struct {
	const char *code;
	enum tr_key key;
} dated_from[] = {
	{ "option", T_report_date_from_option },         { "file-name", T_report_date_from_file_name },
	{ "properties", T_report_date_from_properties }, { "content", T_report_date_from_content },
	{ "unknown", T_report_date_from_unknown },
};
/* clang-format on */

enum lang report_lang(const struct cli *cli)
{
	enum lang lang = LANG_EN;

	return lang_from_code(str_to(cli->lang, 2), &lang) ? lang : LANG_EN;
}

str report_reason(arena *a, enum lang lang, const struct import_note *n)
{
	const struct tr_arg args[] = { TR_ARG_PLAIN("value", n->value),
				       TR_ARG_PLAIN("was", n->was) };
	buf out = buf_new(a, 1 << 20);

	for (size_t i = 0; i < COUNT_OF(reasons); i++)
		if (str_eq(str_of(reasons[i].code), n->reason))
			tr_plain(&out, lang, reasons[i].key, args, COUNT_OF(args));
	return out.n ? buf_str(&out) : n->reason;
}

/* "  Rows: 8,132 read", with the colon as the language has it. */
static void print_labelled(struct cli *cli, enum lang lang, enum tr_key label, str text)
{
	const struct tr_arg args[] = { TR_ARG_PLAIN("label", tr_get(lang, label)),
				       TR_ARG_PLAIN("text", text) };
	buf line = buf_new(cli->a, 1 << 20);

	tr_plain(&line, lang, T_report_labelled, args, COUNT_OF(args));
	fprintf(cli->out, "  %" STR_F "\n", STR_A(buf_str(&line)));
}

static void put_place(buf *out, enum lang lang, const struct import_note *n)
{
	buf number = buf_new(out->a, 32);

	buf_i64(&number, n->row);
	if (n->sheet.n) {
		buf_put(out, n->sheet);
		buf_put(out, S(", "));
	}
	if (n->row) {
		const struct tr_arg row = TR_ARG_PLAIN("row", buf_str(&number));

		tr_plain(out, lang, T_report_row, &row, 1);
	}
	if (n->column.n) {
		buf_put(out, n->row ? S(", ") : S(""));
		buf_put(out, n->column);
	}
}

void report_print_note(struct cli *cli, const struct import_note *n)
{
	static const enum tr_key levels[] = { T_report_rejected, T_report_warning,
					      T_report_changed };
	enum lang lang = report_lang(cli);
	buf line = buf_new(cli->a, 1 << 20);

	put_place(&line, lang, n);
	buf_put(&line, n->row || n->column.n || n->sheet.n ? S(": ") : S(""));
	buf_put(&line, report_reason(cli->a, lang, n));
	if (n->suggestion.n) {
		const struct tr_arg name = TR_ARG_PLAIN("name", n->suggestion);

		buf_put(&line, S("; "));
		tr_plain(&line, lang, T_report_suggestion, &name, 1);
	}
	print_labelled(cli, lang, levels[n->level], buf_str(&line));
}

/* "  Source    UPR Info, 25 July 2018 (date from the file's name), sessions 1-6" */
static void print_source(struct cli *cli, enum lang lang, const struct import_report *r)
{
	buf line = buf_new(cli->a, 4096);
	struct date date = { 0 };

	buf_put(&line, r->publisher);
	buf_put(&line, S(", "));
	if (date_parse(r->dated, &date) == OK)
		date_long(&line, lang, date);
	else
		buf_put(&line, tr_get(lang, T_report_no_date));
	for (size_t i = 0; i < COUNT_OF(dated_from); i++)
		if (str_eq(str_of(dated_from[i].code), r->dated_from)) {
			buf_put(&line, S(" ("));
			buf_put(&line, tr_get(lang, dated_from[i].key));
			buf_put(&line, S(")"));
		}
	if (r->part.n) {
		const struct tr_arg part = TR_ARG_PLAIN("part", r->part);

		buf_put(&line, S(", "));
		tr_plain(&line, lang, T_report_sessions, &part, 1);
	}
	print_labelled(cli, lang, T_report_source, buf_str(&line));
}

static void print_counts(struct cli *cli, enum lang lang, const struct import_report *r)
{
	const struct {
		enum tr_key key;
		int64_t n;
		bool always;
	} counts[] = {
		{ T_report_count_read, r->read, true },
		{ T_report_count_added, r->added, true },
		{ T_report_count_changed, r->changed, false },
		{ T_report_count_unchanged, r->unchanged, false },
		{ T_report_count_duplicate, r->duplicate, false },
		{ T_report_count_rejected, r->rejected, false },
	};
	buf line = buf_new(cli->a, 4096);

	for (size_t i = 0; i < COUNT_OF(counts); i++) {
		const struct tr_arg n = TR_ARG_PLAIN("n", counts[i].n);

		if (!counts[i].n && !counts[i].always)
			continue;
		buf_put(&line, i ? S(", ") : S(""));
		tr_plain(&line, lang, counts[i].key, &n, 1);
	}
	if (r->added + r->changed + r->unchanged + r->duplicate + r->rejected > r->read) {
		buf_put(&line, S(" ("));
		buf_put(&line, tr_get(lang, T_report_each_state));
		buf_put(&line, S(")"));
	}
	print_labelled(cli, lang, T_report_rows, buf_str(&line));
}

static void print_line(struct cli *cli, enum lang lang, enum tr_key key, int64_t id)
{
	buf line = buf_new(cli->a, 1024), number = buf_new(cli->a, 32);

	buf_i64(&number, id);
	const struct tr_arg arg = TR_ARG_PLAIN("id", buf_str(&number));
	tr_plain(&line, lang, key, &arg, 1);
	fprintf(cli->out, "  %" STR_F "\n", STR_A(buf_str(&line)));
}

void report_print(struct cli *cli, const struct import_report *r, bool dry)
{
	enum lang lang = report_lang(cli);
	buf read_as = buf_new(cli->a, 4096);

	fprintf(cli->out, "%" STR_F "\n", STR_A(r->file));
	if (r->same_as) {
		print_line(cli, lang, T_report_same_file, r->same_as);
		return;
	}
	buf_put(&read_as, r->format);
	buf_put(&read_as, S(", "));
	buf_put(&read_as, r->reading);
	print_labelled(cli, lang, T_report_read_as, buf_str(&read_as));
	print_source(cli, lang, r);
	print_counts(cli, lang, r);
	vec_each (struct import_note, n, &r->notes)
		report_print_note(cli, n);
	if (!dry)
		print_line(cli, lang, r->held ? T_report_held : T_report_undo, r->import_id);
}

void report_json_note(struct json *j, enum lang lang, arena *a, const struct import_note *n)
{
	json_object_begin(j);
	json_key_str(j, S("level"), note_level_code(n->level));
	json_key_str(j, S("sheet"), n->sheet);
	json_key_i64(j, S("row"), n->row);
	json_key_str(j, S("column"), n->column);
	json_key_str(j, S("value"), n->value);
	if (n->level == NOTE_CHANGED)
		json_key_str(j, S("was"), n->was);
	json_key_str(j, S("reason"), n->reason);
	json_key_str(j, S("message"), report_reason(a, lang, n));
	json_key_str(j, S("suggestion"), n->suggestion);
	json_object_end(j);
}

void report_json(struct json *j, const struct import_report *r, bool dry)
{
	json_object_begin(j);
	json_key_str(j, S("file"), r->file);
	json_key_i64(j, S("import"), dry ? 0 : r->import_id);
	json_key_i64(j, S("same_as"), r->same_as);
	json_key_str(j, S("format"), r->format);
	json_key_str(j, S("read_as"), r->reading);
	json_key_str(j, S("publisher"), r->publisher);
	json_key_str(j, S("date"), r->dated);
	json_key_str(j, S("date_from"), r->dated_from);
	json_key_str(j, S("sessions"), r->part);
	json_key_bool(j, S("held"), r->held);
	json_key_i64(j, S("rows_read"), r->read);
	json_key_i64(j, S("added"), r->added);
	json_key_i64(j, S("changed"), r->changed);
	json_key_i64(j, S("unchanged"), r->unchanged);
	json_key_i64(j, S("duplicates"), r->duplicate);
	json_key_i64(j, S("rejected"), r->rejected);
	json_key(j, S("notes"));
	json_array_begin(j);
	vec_each (struct import_note, n, &r->notes)
		report_json_note(j, LANG_EN, j->o->a, n);
	json_array_end(j);
	json_object_end(j);
}
