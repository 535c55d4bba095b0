#include <fcntl.h>
#include <unistd.h>

#include "tap.h"

#include "text/csv.h"

/* A source that gives at most STEP bytes at once: line ends and quotes fall on every border. */
struct drip {
	str rest;
	size_t step;
};

static enum err drip_read(void *ctx, char *to, size_t cap, size_t *ret_n)
{
	struct drip *d = ctx;
	size_t n = MIN(MIN(cap, d->step), d->rest.n);

	if (n)
		memcpy(to, d->rest.p, n);
	d->rest = str_from(d->rest, n);
	*ret_n = n;
	return OK;
}

static void note_problem(void *ctx, const struct csv_problem *p)
{
	static const char *const name[CSV_PROBLEM_COUNT_] = { "open", "stray", "field",   "row",
							      "wide", "nul",   "hopeless" };

	buf_printf(ctx, "!%s@%llu%s\n", name[p->kind], (unsigned long long)p->line,
		   p->row_refused ? " refused" : "");
}

/* What the reader makes of TEXT: "line/number field|field" a row, and the problems in between. */
static str told(arena *a, str text, char delimiter, size_t step)
{
	buf out = buf_new(a, 64 << 20);
	struct drip d = { text, step };
	struct source input = { drip_read, &d };
	struct csv_options options = { .delimiter = delimiter,
				       .problem = note_problem,
				       .ctx = &out };
	struct csv *c = csv_new(a, &input, &options);
	struct csv_row row;
	enum err e;

	while ((e = csv_next(c, &row)) == OK) {
		buf_printf(&out, "%llu/%llu ", (unsigned long long)row.line,
			   (unsigned long long)row.number);
		for (size_t i = 0; i < row.n; i++) {
			if (i)
				buf_byte(&out, '|');
			buf_put(&out, row.fields[i]);
		}
		buf_byte(&out, '\n');
	}
	if (e != E_NOTFOUND)
		buf_printf(&out, "=%s\n", err_text(e));
	return buf_str(&out);
}

static const struct {
	const char *what;
	str text, want;
} cases[] = {
	{ "nothing", S_INIT(""), S_INIT("") },
	{ "only line ends", S_INIT("\r\n\n\r"), S_INIT("") },
	{ "one field", S_INIT("a"), S_INIT("1/1 a\n") },
	{ "LF", S_INIT("a,b\nc,d\n"), S_INIT("1/1 a|b\n2/2 c|d\n") },
	{ "CRLF", S_INIT("a,b\r\nc,d\r\n"), S_INIT("1/1 a|b\n2/2 c|d\n") },
	{ "bare CR", S_INIT("a,b\rc,d\r"), S_INIT("1/1 a|b\n2/2 c|d\n") },
	{ "mixed line ends", S_INIT("a\rb\nc\r\nd\n\re"),
	  S_INIT("1/1 a\n2/2 b\n3/3 c\n4/4 d\n6/6 e\n") },
	{ "no line end at the end", S_INIT("a,b\nc,"), S_INIT("1/1 a|b\n2/2 c|\n") },
	{ "empty lines count", S_INIT("a\n\n\nb\n"), S_INIT("1/1 a\n4/4 b\n") },
	{ "CR LF inside quotes is kept", S_INIT("a;\"b\r\nc\";d\r\ne;f;g\r\n"),
	  S_INIT("1/1 a|b\r\nc|d\n3/2 e|f|g\n") },
	{ "a doubled quote", S_INIT("a,\"say \"\"yes\"\"\"\n"), S_INIT("1/1 a|say \"yes\"\n") },
	{ "an empty quoted field", S_INIT("\"\",b\n"), S_INIT("1/1 |b\n") },
	{ "blanks are kept", S_INIT(" a , b\t,\" c \"\n"), S_INIT("1/1  a | b\t| c \n") },
	{ "an entity that holds the other delimiter", S_INIT("a;&#40;Unknown&#41;;b\n"),
	  S_INIT("1/1 a|&#40|Unknown&#41||b\n") },
	{ "a stray quote on one line keeps the row", S_INIT("a,\"b\"c\",d\ne,f,g\n"),
	  S_INIT("!stray@1\n1/1 a|b\"c|d\n2/2 e|f|g\n") },
	{ "a quote in a field that has none around it", S_INIT("5\" pipe,b\nc,d\n"),
	  S_INIT("!stray@1\n1/1 5\" pipe|b\n2/2 c|d\n") },
	{ "a lost closing quote costs one row", S_INIT("a,b\nc,\"lost\nd,\"e\"\nf,g\n"),
	  S_INIT("1/1 a|b\n!open@2 refused\n3/3 d|e\n4/4 f|g\n") },
	{ "a quote open at the end", S_INIT("a,b\nc,\"lost\nd,e\nf,g"),
	  S_INIT("1/1 a|b\n!open@2 refused\n3/3 d|e\n4/4 f|g\n") },
	{ "a quote open on the last line", S_INIT("a,b\nc,\"lost"),
	  S_INIT("1/1 a|b\n!open@2 refused\n") },
	{ "the quote is named, not the row", S_INIT("a,\"b\nb\",\"lost\nc,d\n"),
	  S_INIT("!open@2 refused\n3/2 c|d\n") },
	{ "lost with bare CR", S_INIT("a,b\rc,\"lost\rd,\"e\"\rf,g\r"),
	  S_INIT("1/1 a|b\n!open@2 refused\n3/3 d|e\n4/4 f|g\n") },
	{ "lost with CRLF", S_INIT("a,b\r\nc,\"lost\r\nd,\"e\"\r\nf,g\r\n"),
	  S_INIT("1/1 a|b\n!open@2 refused\n3/3 d|e\n4/4 f|g\n") },
	{ "a zero byte", S_INIT("a,b\nc\0c,d\ne,f\n"),
	  S_INIT("1/1 a|b\n!nul@2 refused\n3/3 e|f\n") },
	{ "only quotes", S_INIT("\"\"\"\"\n\"\n"), S_INIT("1/1 \"\n!open@2 refused\n") },
};

static void test_cases(arena *a)
{
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		char delimiter = str_find_byte(cases[i].text, ';') != STR_NONE ? ';' : ',';
		str whole = told(a, cases[i].text, delimiter, 1 << 20);
		bool same = true;

		eq_str(whole, cases[i].want, cases[i].what);
		for (size_t step = 1; step < 12; step++)
			same &= str_eq(told(a, cases[i].text, delimiter, step), whole);
		ok(same, "%s: the same in small pieces", cases[i].what);
	}
}

static void test_delimiter(arena *a)
{
	eq_str(told(a, S("a;b,c;d\n"), 0, 99), S("1/1 a|b,c|d\n"), "semicolon found");
	eq_str(told(a, S("a\tb\tc,\n"), 0, 99), S("1/1 a|b|c,\n"), "tab found");
	eq_str(told(a, S("\n\na,b\n;;;;;\n"), 0, 99), S("3/3 a|b\n4/4 ;;;;;\n"),
	       "only the first line that is not empty counts");
	eq_str(told(a, S("\"a;b;c\",d\n"), 0, 99), S("1/1 a;b;c|d\n"), "not inside quotes");
	eq_str(told(a, S("alone\n"), 0, 99), S("1/1 alone\n"), "one column");
}

/* N times PATTERN. */
static str times(arena *a, str pattern, size_t n)
{
	buf b = buf_new(a, (size_t)1 << 30);

	for (size_t i = 0; i < n; i++)
		buf_put(&b, pattern);
	return buf_str(&b);
}

static str joined(arena *a, str one, str two, str three)
{
	buf b = buf_new(a, (size_t)1 << 30);

	buf_put(&b, one);
	buf_put(&b, two);
	buf_put(&b, three);
	return buf_str(&b);
}

static void test_limits(arena *a)
{
	str big = times(a, S("x"), CSV_FIELD_MAX), commas = times(a, S(","), CSV_COLUMNS_MAX);
	str t;

	t = told(a, joined(a, S("a,"), big, S("\nb\n")), ',', 5000);
	ok(str_ends(t, S("\n2/2 b\n")) && t.n > CSV_FIELD_MAX, "a field of 1 MB");
	eq_str(told(a, joined(a, S("a,"), big, S("x\nb\n")), ',', 5000),
	       S("!field@1 refused\n2/2 b\n"), "one byte more");
	eq_str(told(a, joined(a, S("a,"), times(a, big, 3), S("\nb\n")), ',', 5000),
	       S("!field@1 refused\n2/2 b\n"), "three times as much, seen before its end");
	t = told(a, joined(a, S("a\nb,\"\n"), times(a, S("c\n"), 1 << 20), S("d\n")), ',', 1 << 16);
	ok(str_starts(t, S("1/1 a\n!open@2 refused\n3/3 c\n4/4 c\n")) && str_ends(t, S(" d\n")),
	   "an open quote: on at the next line");
	t = told(a, joined(a, str_from(commas, 1), S("\n"), S("b\n")), ',', 1 << 16);
	ok(str_ends(t, S("2/2 b\n")) && !str_starts(t, S("!")), "10,000 columns");
	eq_str(told(a, joined(a, commas, S("\n"), S("b\n")), ',', 1 << 16),
	       S("!wide@1 refused\n2/2 b\n"), "one column more");
	eq_str(told(a, joined(a, times(a, commas, 2000), S("\n"), S("b\n")), ',', 1 << 16),
	       S("!row@1 refused\n2/2 b\n"), "twenty million columns");
	eq_str(told(a, joined(a, S("a\n"), times(a, S("\0"), 3 << 20), S("\nb\n")), ',', 1 << 16),
	       S("1/1 a\n!field@2 refused\n3/3 b\n"), "zero bytes without end");
}

/* Each line opens a quote that never closes: going back again and again must end. */
static void test_hopeless(arena *a)
{
	str t = told(a, times(a, S("\"\"a\n"), 2 << 20), ',', 1 << 16);

	ok(str_ends(t, S("=not valid\n")) && str_find(t, S("!hopeless")) != STR_NONE,
	   "a file whose every line opens a quote is given up");
}

static void no_problem(void *ctx, const struct csv_problem *p)
{
	(void)p;
	++*(size_t *)ctx;
}

/* The 2018 export: 43,834 rows and five headers, and nothing to complain of. */
static void test_export(arena *a)
{
	static const char *const names[] = {
		"01-06-UPR-INFO-DATABASE-EXPORT-2018_07_25-20_19_03.csv",
		"07-10-UPR-INFO-DATABASE-EXPORT-2018_07_25-20_20_28.csv",
		"11-14-UPR-INFO-DATABASE-EXPORT-2018_07_25-20_22_08.csv",
		"15-18-UPR-INFO-DATABASE-EXPORT-2018_07_25-20_22_51.csv",
		"19-21-UPR-INFO-DATABASE-EXPORT-2018_07_25-20_23_33.csv",
	};
	size_t rows = 0, ragged = 0, problems = 0;

	if (access("../shared/data/recommendations/upr-info-2018", R_OK) != 0) {
		skip(3, "../shared/data is absent");
		return;
	}
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		char path[200];
		struct csv_options options = { .problem = no_problem, .ctx = &problems };
		struct source_file file;
		struct source input = source_of_file(&file);
		struct csv *c = csv_new(a, &input, &options);
		struct csv_row row;

		snprintf(path, sizeof path, "../shared/data/recommendations/upr-info-2018/%s",
			 names[i]);
		file = (struct source_file){ open(path, O_RDONLY | O_CLOEXEC), 0 };
		while (csv_next(c, &row) == OK) {
			rows++;
			ragged += row.n != 11;
		}
		close(file.fd);
	}
	eq_int(rows, 43834 + 5, "rows of the 2018 export, with the headers");
	eq_int(ragged, 0, "each with eleven fields");
	eq_int(problems, 0, "no problem");
}

static void test_write(arena *a)
{
	static const struct {
		str value, want;
	} values[] = {
		{ S_INIT("France"), S_INIT("France") },
		{ S_INIT(""), S_INIT("") },
		{ S_INIT("a,b"), S_INIT("\"a,b\"") },
		{ S_INIT("say \"yes\""), S_INIT("\"say \"\"yes\"\"\"") },
		{ S_INIT("\""), S_INIT("\"\"\"\"") },
		{ S_INIT("two\r\nlines"), S_INIT("\"two\r\nlines\"") },
		{ S_INIT("=1+1"), S_INIT("'=1+1") },
		{ S_INIT("=HYPERLINK(\"x\",\"y\")"),
		  S_INIT("\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\"") },
		{ S_INIT("+cmd"), S_INIT("'+cmd") },
		{ S_INIT("-cmd"), S_INIT("'-cmd") },
		{ S_INIT("@SUM(1)"), S_INIT("'@SUM(1)") },
		{ S_INIT("\tx"), S_INIT("\"'\tx\"") },
		{ S_INIT("\rx"), S_INIT("\"'\rx\"") },
		{ S_INIT("-5"), S_INIT("-5") },
		{ S_INIT("+3.25"), S_INIT("+3.25") },
		{ S_INIT("-1.2.3"), S_INIT("'-1.2.3") },
		{ S_INIT("-"), S_INIT("'-") },
		{ S_INIT("5-3"), S_INIT("5-3") },
		{ S_INIT("a;b"), S_INIT("\"a;b\"") },
	};
	buf b = buf_new(a, 1000);
	struct csv_out o = { .to = &b };

	for (size_t i = 0; i < COUNT_OF(values); i++) {
		buf_clear(&b);
		o.inside = false;
		csv_put(&o, values[i].value);
		eq_str(buf_str(&b), values[i].want, "a written value");
	}
	buf_clear(&b);
	o.inside = false;
	csv_put_bom(&o);
	csv_put(&o, S(""));
	csv_put(&o, S("x"));
	csv_put_i64(&o, -7);
	csv_end(&o);
	csv_put(&o, S("y"));
	csv_end(&o);
	eq_str(buf_str(&b), S("\xEF\xBB\xBF,x,-7\r\ny\r\n"), "rows");
}

int main(void)
{
	arena *a = arena_new();

	test_cases(a);
	test_delimiter(a);
	test_limits(a);
	test_hopeless(a);
	test_export(a);
	test_write(a);
	arena_free(a);
	return tap_done();
}
