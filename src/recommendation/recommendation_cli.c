/* tribune search, show, stats, export: what is public, for the terminal and for programs. */
#include "cli/output.h"
#include "publish/segment.h"
#include "recommendation/recommendation_index.h"
#include "recommendation_public_sql.h"
#include "text/json.h"

enum { OUT_MAX = 64 << 20, EXPORT_PIECE = 64 << 10, VALUES_LISTED = 20 };

/* The snapshot of what is public; the commands below build it for themselves. */
static int open_view(struct cli *cli, struct snapshot **ret_snapshot, struct rec_view *ret)
{
	static const struct segment_kind *const kinds[] = { &vocabularies_segment,
							    &states_segment,
							    &calendar_segment,
							    &sources_segment,
							    &records_segment,
							    &lexicon_segment,
							    NULL };
	enum err e = segments_build(cli->pub, kinds, NULL, ret_snapshot);

	if (e != OK)
		return cli_fail(cli, err_exit_code(e),
				"public.db cannot be read: %s. Try: tribune doctor", err_text(e));
	*ret = rec_view_of(*ret_snapshot);
	return 0;
}

static enum lang lang_of(const struct cli *cli)
{
	enum lang lang = LANG_EN;

	return lang_from_code(str_to(cli->lang, 2), &lang) ? lang : LANG_EN;
}

/* --- The filters that search and export share. */

struct search_args {
	str_list filters[REC_COLUMNS];
	str sort;
	int64_t page, count;
};

#define FILTER(column, name, value, help) \
	OPTION_LIST(struct search_args, filters[column], name, value, help)
#define FILTERS                                                                                   \
	FILTER(REC_SUR, "sur", "STATE", "State under review: FRA, or a name; again for more"),    \
		FILTER(REC_RS, "rs", "STATE", "recommending State"),                              \
		FILTER(REC_SESSION, "session", "N", "session"),                                   \
		FILTER(REC_CYCLE, "cycle", "N", "cycle"),                                         \
		FILTER(REC_RESPONSE, "response", "CODE", "supported, noted, ..."),                \
		FILTER(REC_ACTION, "action", "N", "action category, 1 to 5"),                     \
		FILTER(REC_ISSUE, "issue", "CODE",                                                \
		       "issue, such as rights-of-the-child, or its name"),                        \
		FILTER(REC_SDG, "sdg", "N", "Sustainable Development Goal, 1 to 17"),             \
		FILTER(REC_SUR_GROUP, "sur_group", "CODE",                                        \
		       "regional group of the State under review"),                               \
		FILTER(REC_RS_GROUP, "rs_group", "CODE",                                          \
		       "regional group of the recommending State"),                               \
		FILTER(REC_SUR_ORG, "sur_org", "CODE", "organisation of the State under review"), \
		FILTER(REC_RS_ORG, "rs_org", "CODE", "organisation of the recommending State"),   \
		FILTER(REC_KIND, "kind", "KIND", "recommendation (usual) or pledge"),             \
		OPTION_TEXT(struct search_args, sort, "sort", "ORDER",                            \
			    "rank (usual), date or state")

static const struct option search_rows[] = {
	FILTERS,
	OPTION_INT(struct search_args, page, "page", "N", "which page of results"),
	OPTION_INT(struct search_args, count, "count", "N", "results a page (20)"),
	{ 0 },
};

/* An export has no pages: every row that matches. */
static const struct option export_rows[] = { FILTERS, { 0 } };

static const struct search_args search_defaults = { .page = 1, .count = 20 };

static int search_check(struct cli *cli)
{
	const struct search_args *args = cli->options;

	if (args->page < 1 || args->page > 1000000)
		return cli_misuse(cli, "--page wants a number from 1");
	if (args->count < 1 || args->count > 1000000)
		return cli_misuse(cli, "--count wants a number from 1");
	return 0;
}

static int value_of(const struct rec_view *v, enum rec_column column, str text)
{
	int value = rec_value_find(v, column, text);

	if (value < 0 && (column == REC_SUR || column == REC_RS))
		value = state_by_name(v->states, text);
	if (value < 0 && column == REC_ISSUE)
		value = concept_by_name(vocabulary_of(v->vocabularies, S("issue")), text);
	if (value < 0 && column == REC_RESPONSE)
		value = concept_by_name(vocabulary_of(v->vocabularies, S("response")), text);
	return value;
}

/* With the nearest one, or with all where they are few. */
static int fail_value(struct cli *cli, const struct rec_view *v, enum rec_column column, str text)
{
	const struct rec_codes *codes = &v->records->layout.codes[column];
	const char *name = rec_column_names[column];
	buf all = buf_new(cli->a, 4096);
	str near[1];

	if (rec_value_near(v, column, text, near, 1))
		return cli_misuse(
			cli, "--%s: nothing is called \"%" STR_F "\"; did you mean %" STR_F "?",
			name, STR_A(text), STR_A(near[0]));
	for (size_t i = 0; i < codes->n && codes->n <= VALUES_LISTED; i++)
		buf_printf(&all, "%s%" STR_F, i ? ", " : "; there are ", STR_A(codes->p[i]));
	if (column == REC_SESSION && codes->n)
		buf_printf(&all, "; there are %" STR_F " to %" STR_F, STR_A(codes->p[0]),
			   STR_A(codes->p[codes->n - 1]));
	else if (codes->n > VALUES_LISTED)
		buf_put(&all, S("; the facets of tribune search --json list them"));
	return cli_misuse(cli, "--%s: nothing is called \"%" STR_F "\"%" STR_F, name, STR_A(text),
			  STR_A(buf_str(&all)));
}

static int read_filters(struct cli *cli, const struct rec_view *v, const struct search_args *args,
			struct rec_search *s)
{
	for (int c = 0; c < REC_COLUMNS; c++) {
		s->filters[c].values = NEW_N(cli->a, uint16_t, args->filters[c].n);
		for (size_t i = 0; i < args->filters[c].n; i++) {
			str text = args->filters[c].p[i];
			int value = value_of(v, (enum rec_column)c, text);

			if (value >= 0)
				s->filters[c].values[s->filters[c].n++] = (uint16_t)value;
			else
				return fail_value(cli, v, (enum rec_column)c, text);
		}
	}
	return 0;
}

static int read_search(struct cli *cli, const struct rec_view *v, struct rec_search *s)
{
	const struct search_args *args = cli->options;
	buf words = buf_new(cli->a, 8192);

	*s = (struct rec_search){ .lang = lang_of(cli), .count = (size_t)args->count };
	for (size_t i = 0; i < cli->n_args; i++) {
		buf_put(&words, i ? S(" ") : S(""));
		buf_put(&words, cli->args[i]);
	}
	s->q = buf_str(&words);
	s->first = (size_t)(args->page - 1) * s->count;
	if (str_eq(args->sort, S("date")))
		s->sort = REC_SORT_DATE;
	else if (str_eq(args->sort, S("state")))
		s->sort = REC_SORT_STATE;
	else if (args->sort.n && !str_eq(args->sort, S("rank")))
		return cli_misuse(cli, "--sort wants rank, date or state");
	return read_filters(cli, v, args, s);
}

/* --- search */

static void print_hit(struct cli *cli, const struct rec_view *v, const struct rec_search *s,
		      const struct rec_found *f, const struct index_hit *hit)
{
	const struct index *ix = v->records->index;
	const struct rec_item *item = rec_item_of(v, hit->item);
	struct index_snippet snippet = rec_snippet(v, f, hit->item, 600);
	int response = rec_unit_value(v, hit->unit, REC_RESPONSE),
	    action = rec_unit_value(v, hit->unit, REC_ACTION);
	bool any = false;

	fprintf(cli->out, "%s  ", item->code);
	for (uint32_t unit = index_item_unit(ix, hit->item);
	     unit < index_item_unit(ix, hit->item + 1); unit++) {
		int rs = rec_unit_value(v, unit, REC_RS);

		if (rs < 0)
			continue;
		fprintf(cli->out, "%s%" STR_F, any ? ", " : "",
			STR_A(rec_value_label(v, cli->a, s->lang, REC_RS, (uint16_t)rs)));
		any = true;
	}
	fprintf(cli->out, " > %" STR_F ", %" STR_F,
		STR_A(rec_value_label(v, cli->a, s->lang, REC_SUR, item->sur)),
		STR_A(rec_value_label(v, cli->a, s->lang, REC_SESSION, item->session)));
	if (response >= 0)
		fprintf(cli->out, ", %" STR_F,
			STR_A(rec_value_label(v, cli->a, s->lang, REC_RESPONSE,
					      (uint16_t)response)));
	if (action >= 0)
		fprintf(cli->out, ", %" STR_F,
			STR_A(rec_value_code(v, REC_ACTION, (uint16_t)action)));
	fprintf(cli->out, "\n            %s%" STR_F "%s\n", snippet.cut_before ? "... " : "",
		STR_A(snippet.text), snippet.cut_after ? " ..." : "");
}

static void print_total(struct cli *cli, const struct rec_search *s, struct index_count n)
{
	const char *noun = s->filters[REC_KIND].n ? "record" : "recommendation";

	fprintf(cli->out, "%" STR_F " %s%s, %" STR_F " attribution%s\n",
		STR_A(number_text(cli->a, n.items)), noun, n.items == 1 ? "" : "s",
		STR_A(number_text(cli->a, n.attributions)), n.attributions == 1 ? "" : "s");
}

/* What the page says beside its results: a State that was named, a word that may be misspelt. */
static void print_hints(struct cli *cli, const struct rec_view *v, const struct rec_search *s,
			const struct rec_found *f)
{
	const struct index_result *r = &f->result;

	for (size_t i = 0; i < f->query->n_notices; i++) {
		const struct query_notice *n = &f->query->notices[i];
		const struct rec_named *named;
		str code;

		if (n->kind != QUERY_OFFER)
			continue;
		named = &v->lexicon->concepts.p[n->concept];
		code = rec_value_code(v, REC_SUR, named->value);
		if (named->column == REC_SUR)
			cli_say(cli,
				"\"%" STR_F "\" names a State; what it received: --sur %" STR_F
				", what it made: --rs %" STR_F,
				STR_A(n->text), STR_A(code), STR_A(code));
	}
	for (size_t i = 0; i < r->n_unknown; i++)
		if (r->unknown[i].near.n)
			cli_say(cli, "\"%" STR_F "\" is in no text; did you mean %" STR_F "?",
				STR_A(r->unknown[i].word), STR_A(r->unknown[i].near));
	if (!r->n_hits && r->total.items)
		cli_say(cli, "there is no page %lld; the last is %lld",
			(long long)(s->first / s->count + 1),
			(long long)((r->total.items + s->count - 1) / s->count));
}

/* The shape of /api/v1/recommendations. */
static int put_json(struct cli *cli, const struct rec_view *v, const struct rec_search *s)
{
	buf out = buf_new(cli->a, OUT_MAX);
	enum err e = rec_json(v, cli->a, s, false, &out);

	if (e != OK)
		return cli_fail(cli, err_exit_code(e),
				"the result is too big; take fewer, or export it as CSV");
	fprintf(cli->out, "%" STR_F "\n", STR_A(buf_str(&out)));
	return 0;
}

static int search_run(struct cli *cli)
{
	struct snapshot *snapshot;
	struct rec_view v;
	struct rec_search s;
	struct rec_found f;
	int code = open_view(cli, &snapshot, &v);

	if (code == 0)
		code = read_search(cli, &v, &s);
	if (code == 0 && cli->json)
		code = put_json(cli, &v, &s);
	else if (code == 0) {
		rec_search(&v, cli->a, &s, &f);
		print_total(cli, &s, f.result.total);
		for (size_t i = 0; i < f.result.n_hits; i++)
			print_hit(cli, &v, &s, &f, &f.result.hits[i]);
		print_hints(cli, &v, &s, &f);
	}
	snapshot_release(snapshot);
	return code;
}

const struct command search_command = {
	.name = "search",
	.arguments = "[WORDS...]",
	.summary = "search what is public",
	.details = "The query language of the site: \"a phrase\", begin*, one OR other, -without, "
		   "sur:FRA.\n"
		   "With --json the shape is that of /api/v1/recommendations.\n",
	.examples = "  tribune search corporal punishment --sur France\n"
		    "  tribune search '\"death penalty\"' --session 15 --response supported\n"
		    "  tribune search --json women --rs FIN --count 100\n",
	.options = search_rows,
	.options_size = sizeof(struct search_args),
	.defaults = &search_defaults,
	.most = -1,
	.needs = NEEDS_PUBLIC,
	.check = search_check,
	.run = search_run,
};

/* --- export */

static int export_run(struct cli *cli)
{
	struct snapshot *snapshot;
	struct rec_view v;
	struct rec_search s;
	struct index_list list = { 0 };
	arena *scratch = arena_new();
	buf out = buf_new(cli->a, OUT_MAX);
	int code;

	code = open_view(cli, &snapshot, &v);
	if (code == 0)
		code = read_search(cli, &v, &s);
	if (code == 0 && cli->json) {
		s.first = 0;
		s.count = v.records->n_items;
		code = put_json(cli, &v, &s);
	} else if (code == 0) {
		list = rec_search_all(&v, cli->a, &s);
		rec_csv_head(&out);
	}
	for (size_t i = 0; code == 0 && !cli->json && i <= list.n; i++) {
		if (i == list.n || out.n > EXPORT_PIECE) {
			if (fwrite(out.p, 1, out.n, cli->out) != out.n || cli->cancelled(cli))
				code = cli_fail(cli, 74, "the output cannot be written");
			buf_clear(&out);
			arena_reset(scratch);
		}
		if (i < list.n)
			rec_csv_unit(&v, scratch, list.units[i], S(""), &out);
	}
	arena_free(scratch);
	snapshot_release(snapshot);
	return code;
}

const struct command export_command = {
	.name = "export",
	.arguments = "[WORDS...]",
	.summary = "write what is public as CSV: every row that matches",
	.details = "Takes the options of search; with --json all hits at once, in the shape of the "
		   "API.\n"
		   "Cells that a spreadsheet would run as a formula are defused.\n",
	.examples = "  tribune export > all.csv\n  tribune export --sur FRA --session 15 > "
		    "france.csv\n",
	.options = export_rows,
	.options_size = sizeof(struct search_args),
	.defaults = &search_defaults,
	.most = -1,
	.needs = NEEDS_PUBLIC,
	.run = export_run,
};

/* --- show */

static void show_text(struct cli *cli, const struct record_by_code *r,
		      const struct record_attributions *rows, size_t n,
		      const struct record_statements *statements, size_t n_statements)
{
	fprintf(cli->out,
		"%" STR_F "  %" STR_F ", State under review %" STR_F ", session %lld\n\n%" STR_F
		"\n\n",
		STR_A(r->code), STR_A(r->kind), STR_A(r->sur), (long long)r->session,
		STR_A(r->text));
	for (size_t i = 0; i < n; i++) {
		fprintf(cli->out,
			"by %" STR_F ": response %" STR_F ", action %lld, issues %" STR_F "\n",
			STR_A(rows[i].rs.p ? rows[i].rs : S("(not named)")),
			STR_A(rows[i].response.n ? rows[i].response : S("(none)")),
			(long long)rows[i].action, STR_A(rows[i].issues));
		for (size_t k = 0; k < n_statements; k++)
			if (statements[k].position == rows[i].position)
				fprintf(cli->out, "  %s %" STR_F ", %" STR_F ", row %lld\n",
					statements[k].rank ? "before:" : "source:",
					STR_A(statements[k].publisher), STR_A(statements[k].dated),
					(long long)statements[k].row_number);
	}
}

static void show_json(struct cli *cli, const struct record_by_code *r,
		      const struct record_attributions *rows, size_t n,
		      const struct record_statements *statements, size_t n_statements)
{
	buf out = buf_new(cli->a, OUT_MAX);
	struct json j = json_begin(&out, true);

	json_object_begin(&j);
	json_key_str(&j, S("id"), r->code);
	json_key_str(&j, S("kind"), r->kind);
	json_key_bool(&j, S("sample"), r->sample != 0);
	json_key_str(&j, S("sur"), r->sur);
	json_key_i64(&j, S("session"), r->session);
	json_key_str(&j, S("text"), r->text);
	json_key_str(&j, S("lang"), r->lang);
	json_key(&j, S("attributions"));
	json_array_begin(&j);
	for (size_t i = 0; i < n; i++) {
		json_object_begin(&j);
		json_key_str(&j, S("rs"), rows[i].rs);
		json_key_str(&j, S("response"), rows[i].response);
		json_key_i64(&j, S("action"), rows[i].action);
		json_key_str(&j, S("issues"), rows[i].issues);
		json_key_str(&j, S("sdgs"), rows[i].sdgs);
		json_key(&j, S("sources"));
		json_array_begin(&j);
		for (size_t k = 0; k < n_statements; k++) {
			if (statements[k].position != rows[i].position)
				continue;
			json_object_begin(&j);
			json_key_str(&j, S("publisher"), statements[k].publisher);
			json_key_str(&j, S("date"), statements[k].dated);
			json_key_str(&j, S("sheet"), statements[k].sheet);
			json_key_i64(&j, S("row"), statements[k].row_number);
			json_key_str(&j, S("columns"), statements[k].columns);
			json_key_str(&j, S("raw"), statements[k].raw);
			json_object_end(&j);
		}
		json_array_end(&j);
		json_object_end(&j);
	}
	json_array_end(&j);
	json_object_end(&j);
	if (json_end(&j) == OK)
		fprintf(cli->out, "%" STR_F "\n", STR_A(buf_str(&out)));
}

static int show_run(struct cli *cli)
{
	str code = cli->args[0];
	struct record_by_code r;
	struct record_attributions *rows;
	struct record_statements *statements;
	size_t n, n_statements;
	enum err e;

	if (str_find_byte_last(code, '/') != STR_NONE)
		code = str_from(code, str_find_byte_last(code, '/') + 1);
	e = record_by_code(cli->pub, cli->a, code, &r);
	if (e == E_NOTFOUND)
		return cli_fail(cli, 1, "there is no record %" STR_F, STR_A(code));
	if (e == OK)
		e = record_attributions(cli->pub, cli->a, r.id, &rows, &n);
	if (e == OK)
		e = record_statements(cli->pub, cli->a, r.id, &statements, &n_statements);
	if (e != OK)
		return cli_fail(cli, err_exit_code(e), "public.db cannot be read: %s", err_text(e));
	if (cli->json)
		show_json(cli, &r, rows, n, statements, n_statements);
	else
		show_text(cli, &r, rows, n, statements, n_statements);
	return 0;
}

const struct command show_command = {
	.name = "show",
	.arguments = "CODE",
	.summary = "show one record with its sources; CODE is what stands behind /r/",
	.examples = "  tribune show abcdefghij\n",
	.least = 1,
	.most = 1,
	.needs = NEEDS_PUBLIC,
	.run = show_run,
};

/* --- stats */

static int stats_run(struct cli *cli)
{
	struct snapshot *snapshot;
	struct rec_view v;
	struct rec_search s = { 0 };
	static const struct table_column columns[] = { { "KIND", false },
						       { "RECORDS", true },
						       { "ATTRIBUTIONS", true } };
	struct table_out *t = table_out_new(cli->a, columns, COUNT_OF(columns));
	buf out = buf_new(cli->a, 1 << 16);
	struct json j = json_begin(&out, false);
	int code = open_view(cli, &snapshot, &v);

	if (code)
		return code;
	json_object_begin(&j);
	for (uint16_t kind = 0; kind < REC_KINDS; kind++) {
		struct rec_found f;

		s.filters[REC_KIND] = (struct rec_filter){ &kind, 1 };
		rec_search(&v, cli->a, &s, &f);
		table_out_cell(t, rec_value_code(&v, REC_KIND, kind));
		table_out_number(t, f.result.total.items);
		table_out_number(t, f.result.total.attributions);
		json_key(&j, rec_value_code(&v, REC_KIND, kind));
		json_object_begin(&j);
		json_key_i64(&j, S("records"), f.result.total.items);
		json_key_i64(&j, S("attributions"), f.result.total.attributions);
		json_object_end(&j);
	}
	json_key_i64(&j, S("units"), index_units(v.records->index));
	json_key_i64(&j, S("index_bytes"), (int64_t)index_memory(v.records->index));
	json_object_end(&j);
	if (!cli->json)
		table_out_print(t, cli->out);
	else if (json_end(&j) == OK)
		fprintf(cli->out, "%" STR_F "\n", STR_A(buf_str(&out)));
	snapshot_release(snapshot);
	return 0;
}

const struct command stats_command = {
	.name = "stats",
	.arguments = "",
	.summary = "count what is public",
	.examples = "  tribune stats\n  tribune stats --json\n",
	.needs = NEEDS_PUBLIC,
	.run = stats_run,
};
