#include "recommendation/recommendation_import.h"

#include "base/utf8.h"
#include "publish/publish.h"
#include "recommendation_sql.h"
#include "text/charset.h"
#include "text/html.h"
#include "text/language.h"

enum { TEXT_MAX = 1 << 16, CANONICAL_MAX = 64 << 20 };

/* A fact with what the store knows of it. */
struct entry {
	struct rec_fact fact;
	struct import_place place; /* for notes */
	str identity;
	int64_t id;     /* of the recommendation */
	bool existed;   /* before this import */
	bool duplicate; /* an earlier row of this file says the same of the same */
};

struct rec_batch {
	VEC(struct entry) entries;
	struct map seen; /* identity and recommending State */
	int64_t first_session, last_session;
};

static enum err load_known(struct core *core, arena *a, void **ret)
{
	struct rec_known *known = NEW(a, struct rec_known);

	TRY(states_load(core->db, a, &known->states));
	TRY(vocabularies_load(core->db, a, &known->vocabularies));
	TRY(calendar_load(core->db, a, &known->calendar));
	*ret = known;
	return OK;
}

enum err rec_import_begin(struct import *im)
{
	im->batch = NEW(im->a, struct rec_batch);
	return OK;
}

/* --- A row in our terms. */

/* The row being read: what is wrong with it goes to the report. */
struct reading {
	struct import *im;
	const struct rec_known *known;
	const struct import_place *place;
	bool rejected;
};

static void reject(struct reading *r, struct import_cell word, str reason, str suggestion)
{
	import_note(r->im, NOTE_REJECTED, r->place, word.name, word.value, S(""), reason,
		    suggestion);
	r->rejected = true;
}

static void warn(struct reading *r, struct import_cell word, str reason, str suggestion)
{
	import_note(r->im, NOTE_WARNING, r->place, word.name, word.value, S(""), reason,
		    suggestion);
}

/* Runs of white space become one blank: exports break names and texts over lines. */
static str squeeze(arena *a, str s)
{
	buf out = buf_new(a, TEXT_MAX);

	s = str_trim(s);
	for (size_t i = 0; i < s.n; i++) {
		bool space = s.p[i] == ' ' || (s.p[i] >= '\t' && s.p[i] <= '\r');

		if (!space)
			buf_byte(&out, s.p[i]);
		else if (out.n && out.p[out.n - 1] != ' ')
			buf_byte(&out, ' ');
	}
	return buf_str(&out);
}

/* A cell as a person would read it: entities decoded, blanks squeezed. */
static str plain(arena *a, str cell)
{
	if (str_find_byte(cell, '&') != STR_NONE)
		cell = html_decode(a, cell);
	return squeeze(a, cell);
}

static str read_text(struct reading *r, struct import_cell word)
{
	bool mended;
	str text;

	if (word.value.n > TEXT_MAX / 2) {
		reject(r, (struct import_cell){ word.name, utf8_to(word.value, 80) },
		       S("text-too-long"), S(""));
		return S("");
	}
	text = charset_mend(r->im->a, plain(r->im->a, word.value), &mended);
	if (mended)
		warn(r, (struct import_cell){ word.name, text }, S("mojibake-mended"), S(""));
	if (!text.n)
		reject(r, word, S("no-text"), S(""));
	return text;
}

static str read_state(struct reading *r, struct import_cell word, str value)
{
	int place = state_by_name(&r->known->states, value);

	if (place < 0)
		place = state_find(&r->known->states, value);
	if (place >= 0)
		return r->known->states.p[place].iso3;
	reject(r, (struct import_cell){ word.name, value },
	       value.n ? S("unknown-state") : S("no-state"),
	       state_nearest(&r->known->states, value));
	return S("");
}

/* "15", "Session 15", "44 - November 2023". */
static int64_t read_session(struct reading *r, struct import_cell word)
{
	str value = plain(r->im->a, word.value), digits = value;
	int64_t number = 0;
	size_t n = 0;

	while (digits.n && (digits.p[0] < '0' || digits.p[0] > '9'))
		digits = str_from(digits, 1);
	while (n < digits.n && digits.p[n] >= '0' && digits.p[n] <= '9')
		n++;
	if (!value.n)
		reject(r, word, S("no-session"), S(""));
	else if (!str_to_i64(str_to(digits, n), &number) ||
		 !session_find(&r->known->calendar, number))
		reject(r, word, S("unknown-session"), S(""));
	return number;
}

/* A code of a vocabulary for a name; p == NULL when the vocabulary has none. */
static str code_of(const struct reading *r, str scheme, str name)
{
	const struct vocabulary *v = vocabulary_of(&r->known->vocabularies, scheme);
	int place = concept_by_name(v, name);

	if (place < 0)
		place = concept_find(v, name);
	return place < 0 ? (str){ 0 } : v->concepts[place].code;
}

static str nearest(const struct reading *r, str scheme, str name)
{
	return concept_nearest(vocabulary_of(&r->known->vocabularies, scheme), name);
}

static str read_response(struct reading *r, struct import_cell word)
{
	str value = plain(r->im->a, word.value), code;

	if (!value.n)
		return S("");
	code = code_of(r, S("response"), value);
	if (!code.p)
		reject(r, word, S("unknown-response"), nearest(r, S("response"), value));
	return code;
}

/* "5", "5 - Specific action". */
static int64_t read_action(struct reading *r, struct import_cell word)
{
	str value = plain(r->im->a, word.value);

	if (!value.n)
		return 0;
	if (value.p[0] >= '1' && value.p[0] <= '5' &&
	    (value.n == 1 || value.p[1] < '0' || value.p[1] > '9'))
		return value.p[0] - '0';
	warn(r, word, S("unknown-action"), S("1 to 5"));
	return 0;
}

static int compare_codes(const void *a, const void *b)
{
	return str_cmp(*(const str *)a, *(const str *)b);
}

/* Codes sorted, each once, a blank between them. */
static str join_codes(arena *a, str *codes, size_t n)
{
	buf out = buf_new(a, TEXT_MAX);

	if (n)
		qsort(codes, n, sizeof *codes, compare_codes);
	for (size_t i = 0; i < n; i++) {
		if (i > 0 && str_eq(codes[i], codes[i - 1]))
			continue;
		if (out.n)
			buf_byte(&out, ' ');
		buf_put(&out, codes[i]);
	}
	return buf_str(&out);
}

/* A list of names of one scheme. What the scheme does not know is a warning, kept in the raw values. */
static str read_tags(struct reading *r, struct import_cell word, str scheme, str reason,
		     char separator)
{
	VEC(str) codes = { 0 };

	for (str rest = plain(r->im->a, word.value); rest.p;) {
		str name = str_trim(str_cut(&rest, separator)), code;

		if (!name.n)
			continue;
		code = code_of(r, scheme, name);
		if (code.p)
			*vec_add(r->im->a, &codes) = code;
		else
			warn(r, (struct import_cell){ word.name, name }, reason,
			     nearest(r, scheme, name));
	}
	return join_codes(r->im->a, codes.p, codes.n);
}

/* What exports write where they do not know who recommended. */
static bool says_unknown(str value)
{
	return !value.n || str_eq_nocase(value, S("(unknown)")) ||
	       str_eq_nocase(value, S("unknown"));
}

static void add_entry(struct reading *r, const struct rec_fact *fact)
{
	struct rec_batch *batch = r->im->batch;
	struct entry *e = vec_add(r->im->a, &batch->entries);
	buf key = buf_new(r->im->a, 128);
	bool fresh;

	*e = (struct entry){ .fact = *fact,
			     .place = *r->place,
			     .identity = rec_identity(r->im->a, fact) };
	buf_put(&key, e->identity);
	buf_put(&key, fact->rs);
	map_put(r->im->a, &batch->seen, buf_str(&key), &fresh);
	e->duplicate = !fresh;
	if (batch->first_session == 0 || fact->session < batch->first_session)
		batch->first_session = fact->session;
	batch->last_session = MAX(batch->last_session, fact->session);
}

/* One fact for each recommending State that the row names. */
static void add_facts(struct reading *r, const struct rec_words *words, struct rec_fact *fact)
{
	str names = plain(r->im->a, words->rs.value);
	VEC(str) states = { 0 };

	if (fact->kind == REC_PLEDGE) {
		add_entry(r, fact);
		return;
	}
	if (says_unknown(names)) {
		warn(r, words->rs, S("no-recommending-state"), S(""));
		add_entry(r, fact);
		return;
	}
	for (str rest = names; rest.p;) {
		str name = words->state_separator ? str_trim(str_cut(&rest, words->state_separator))
						  : names;

		if (name.n)
			*vec_add(r->im->a, &states) = read_state(r, words->rs, name);
		if (!words->state_separator)
			break;
	}
	for (size_t i = 0; i < states.n && !r->rejected; i++) {
		fact->rs = states.p[i];
		add_entry(r, fact);
	}
}

/* A pledge is told by its own column, or by the word that stands where the response would. */
static enum rec_kind read_kind(struct reading *r, const struct rec_words *words)
{
	str kind = plain(r->im->a, words->kind.value),
	    response = plain(r->im->a, words->response.value);

	str code = code_of(r, S("kind"), kind);

	if (kind.n && !code.n && !words->kind_is_any)
		reject(r, words->kind, S("unknown-kind"), S("recommendation, pledge"));
	if (str_eq(code, S("pledge")) || str_eq(code_of(r, S("kind"), response), S("pledge")))
		return REC_PLEDGE;
	return REC_RECOMMENDATION;
}

enum err rec_import_row(struct import *im, const struct import_row *row,
			const struct rec_words *words)
{
	struct reading r = { .im = im, .known = im->known, .place = &row->place };
	struct rec_fact fact = { .sample = im->options->sample,
				 .sheet = arena_str(im->a, row->place.sheet),
				 .row_number = row->place.row };

	fact.sur = read_state(&r, words->sur, plain(im->a, words->sur.value));
	fact.text = read_text(&r, words->text);
	fact.session = read_session(&r, words->session);
	fact.kind = read_kind(&r, words);
	if (fact.kind == REC_RECOMMENDATION)
		fact.response = read_response(&r, words->response);
	fact.action = read_action(&r, words->action);
	fact.issues = read_tags(&r, words->issues, S("issue"), S("unknown-issue"),
				words->separator);
	fact.sdgs = read_tags(&r, words->sdgs, S("sdg"), S("unknown-sdg"), words->separator);
	fact.lang = words->lang.value.n ? arena_str(im->a, words->lang.value)
					: language_guess(fact.text, S("en"));
	fact.raw = import_raw(im->a, row);
	if (!r.rejected)
		add_facts(&r, words, &fact);
	if (r.rejected)
		im->report->rejected++;
	return OK;
}

/* --- The batch and the store. */

void rec_import_guess(struct import *im, str *ret_date, str *ret_part)
{
	const struct rec_known *known = im->known;
	const struct rec_batch *batch = im->batch;
	const struct session *last = session_find(&known->calendar, batch->last_session);
	buf part = buf_new(im->a, 64);

	if (last && last->ends.n)
		*ret_date = last->ends;
	if (!batch->last_session)
		return;
	buf_i64(&part, batch->first_session);
	if (batch->last_session != batch->first_session) {
		buf_byte(&part, '-');
		buf_i64(&part, batch->last_session);
	}
	*ret_part = buf_str(&part);
}

/* Finds or makes the recommendation that the entry speaks of. */
static enum err find_recommendation(struct import *im, struct entry *e, int64_t *next_id)
{
	const struct rec_fact *f = &e->fact;
	struct rec_by_identity found;
	struct rec_by_code taken;
	int attempt = 0;
	enum err err = rec_by_identity(im->core, im->a, e->identity, &found);

	if (err != E_NOTFOUND) {
		e->id = err == OK ? found.id : 0;
		return err;
	}
	while ((err = rec_by_code(im->core, im->a, rec_code(e->identity, attempt), &taken)) == OK &&
	       attempt < 4)
		attempt++;
	if (err != E_NOTFOUND)
		return err == OK ? E_CONFLICT : err;
	e->id = (*next_id)++;
	return rec_insert(im->core, e->id, e->identity, rec_code(e->identity, attempt),
			  rec_kind_code(f->kind), f->sample, f->sur, f->session);
}

static enum err insert_source_row(struct import *im, const struct entry *e, int64_t id)
{
	const struct rec_fact *f = &e->fact;

	return rec_source_insert(im->core, id, im->id, e->id, f->sheet, f->row_number, f->rs,
				 f->text, f->lang, f->response, f->action, f->issues, f->sdgs,
				 f->raw);
}

static void note_change(struct import *im, const struct entry *e, str column, str was, str now)
{
	if (!str_eq(was, now))
		import_note(im, NOTE_CHANGED, &e->place, column, now, was, S("changed"), S(""));
}

static str number_text(arena *a, int64_t n)
{
	buf b = buf_new(a, 24);

	buf_i64(&b, n);
	return buf_str(&b);
}

/* Counts one row: what did it do to the attribution that it speaks of? */
static void count_entry(struct import *im, const struct entry *e, const struct rec *before,
			const struct rec *after)
{
	struct import_report *report = im->report;
	const struct rec_attribution *was = rec_find_attribution(before, e->fact.rs);
	const struct rec_attribution *is = rec_find_attribution(after, e->fact.rs);
	size_t notes = report->notes.n;

	if (e->duplicate) {
		report->duplicate++;
		import_note(im, NOTE_WARNING, &e->place, S(""), S(""), S(""), S("duplicate"),
			    S(""));
		return;
	}
	if (!was) {
		report->added++;
		return;
	}
	note_change(im, e, S("text"), before->text, after->text);
	note_change(im, e, S("response"), was->response, is->response);
	note_change(im, e, S("action"), number_text(im->a, was->action),
		    number_text(im->a, is->action));
	note_change(im, e, S("issues"), was->issues, is->issues);
	note_change(im, e, S("sdgs"), was->sdgs, is->sdgs);
	if (report->notes.n > notes)
		report->changed++;
	else
		report->unchanged++;
}

/* All entries of one recommendation that was there before: what do their rows change? */
static enum err compare_recommendation(struct import *im, arena *scratch,
				       const struct rec_origins *origins,
				       struct entry *const *entries, size_t n)
{
	struct rec_row *old_rows, *all_rows;
	size_t n_old, n_all;
	struct rec before, after;
	buf was = buf_new(scratch, CANONICAL_MAX), is = buf_new(scratch, CANONICAL_MAX);

	TRY(rec_rows_load(im->core, scratch, origins, entries[0]->id, im->id, &old_rows, &n_old));
	TRY(rec_rows_load(im->core, scratch, origins, entries[0]->id, 0, &all_rows, &n_all));
	rec_settle(scratch, old_rows, n_old, &before);
	rec_settle(scratch, all_rows, n_all, &after);
	for (size_t i = 0; i < n; i++)
		count_entry(im, entries[i], &before, &after);
	rec_canonical(&was, &before);
	rec_canonical(&is, &after);
	if (im->options->hold || str_eq(buf_str(&was), buf_str(&is)))
		return OK;
	return change_add(im->core, S("recommendation"), entries[0]->id);
}

/* The same for a new one: nothing to compare with. */
static enum err add_recommendation(struct import *im, struct entry *const *entries, size_t n)
{
	static const struct rec nothing;

	for (size_t i = 0; i < n; i++)
		count_entry(im, entries[i], &nothing, &nothing);
	return im->options->hold ? OK : change_add(im->core, S("recommendation"), entries[0]->id);
}

static int compare_entries(const void *a, const void *b)
{
	const struct entry *x = *(struct entry *const *)a, *y = *(struct entry *const *)b;

	if (x->id != y->id)
		return x->id < y->id ? -1 : 1;
	return x < y ? -1 : x > y; /* as they stand in the file */
}

/* Recommendation by recommendation: an item's rows are judged together. */
static enum err judge(struct import *im)
{
	struct rec_batch *batch = im->batch;
	struct entry **order = NEW_N(im->a, struct entry *, batch->entries.n);
	arena *scratch = arena_new();
	struct rec_origins origins;
	enum err e = rec_origins_load(im->core, im->a, &origins);

	for (size_t i = 0; i < batch->entries.n; i++)
		order[i] = &batch->entries.p[i];
	if (batch->entries.n)
		qsort(order, batch->entries.n, sizeof *order, compare_entries);
	/* What a held import would do is judged as if it were public. */
	for (size_t i = 0; e == OK && i < origins.n; i++)
		if (origins.p[i].import_id == im->id)
			origins.p[i].held = false;
	for (size_t i = 0, n; e == OK && i < batch->entries.n; i += n) {
		for (n = 1; i + n < batch->entries.n && order[i + n]->id == order[i]->id; n++)
			continue;
		e = order[i]->existed ? compare_recommendation(im, scratch, &origins, order + i, n)
				      : add_recommendation(im, order + i, n);
		arena_reset(scratch);
	}
	arena_free(scratch);
	return e;
}

enum err rec_import_apply(struct import *im)
{
	struct rec_batch *batch = im->batch;
	struct rec_last_id last;
	struct rec_last_source_id last_source;
	int64_t next_id;

	TRY(rec_last_id(im->core, im->a, &last));
	TRY(rec_last_source_id(im->core, im->a, &last_source));
	next_id = last.id + 1;
	vec_each (struct entry, e, &batch->entries) {
		TRY(find_recommendation(im, e, &next_id));
		e->existed = e->id <= last.id;
		TRY(insert_source_row(im, e, ++last_source.id));
	}
	TRY(judge(im));
	return im->options->hold ? OK : change_add(im->core, S("source"), 0);
}

/* --- Taking an import back, and letting it out. */

static enum err touch_recommendations(struct core *core, arena *a, int64_t import_id)
{
	struct rec_touched_by *touched;
	size_t n;

	TRY(rec_touched_by(core, a, import_id, &touched, &n));
	for (size_t i = 0; i < n; i++)
		TRY(change_add(core, S("recommendation"), touched[i].recommendation_id));
	return change_add(core, S("source"), 0);
}

static enum err forget_recommendations(struct core *core, arena *a, int64_t import_id)
{
	struct rec_touched_by *touched;
	struct rec_source_count left;
	size_t n;

	TRY(rec_touched_by(core, a, import_id, &touched, &n));
	TRY(rec_source_forget(core, import_id));
	for (size_t i = 0; i < n; i++) {
		TRY(rec_source_count(core, a, touched[i].recommendation_id, &left));
		if (left.n == 0)
			TRY(rec_delete(core, touched[i].recommendation_id));
	}
	return OK;
}

const struct import_noun recommendation_noun = { "recommendation", load_known,
						 forget_recommendations, touch_recommendations };
