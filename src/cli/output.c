#include "cli/output.h"

#include "base/clock.h"
#include "base/utf8.h"

struct table_out {
	arena *a;
	const struct table_column *columns;
	size_t n;
	str_list cells;
};

struct table_out *table_out_new(arena *a, const struct table_column *columns, size_t n)
{
	struct table_out *t = NEW(a, struct table_out);

	*t = (struct table_out){ .a = a, .columns = columns, .n = n };
	return t;
}

void table_out_cell(struct table_out *t, str text)
{
	*vec_add(t->a, &t->cells) = text;
}

void table_out_number(struct table_out *t, int64_t number)
{
	table_out_cell(t, number_text(t->a, number));
}

static void print_cell(FILE *out, str text, size_t width, bool is_number, bool is_last)
{
	int pad = (int)(width - MIN(width, utf8_count(text)));

	if (is_number)
		fprintf(out, "%*s%" STR_F, pad, "", STR_A(text));
	else
		fprintf(out, "%" STR_F "%*s", STR_A(text), is_last ? 0 : pad, "");
	fputs(is_last ? "\n" : "  ", out);
}

void table_out_print(struct table_out *t, FILE *out)
{
	size_t *widths = NEW_N(t->a, size_t, t->n);

	for (size_t i = 0; i < t->n; i++)
		widths[i] = strlen(t->columns[i].title);
	for (size_t i = 0; i < t->cells.n; i++)
		widths[i % t->n] = MAX(widths[i % t->n], utf8_count(t->cells.p[i]));
	for (size_t i = 0; i < t->n; i++)
		print_cell(out, str_of(t->columns[i].title), widths[i], t->columns[i].is_number,
			   i == t->n - 1);
	for (size_t i = 0; i < t->cells.n; i++)
		print_cell(out, t->cells.p[i], widths[i % t->n], t->columns[i % t->n].is_number,
			   i % t->n == t->n - 1);
}

str number_text(arena *a, int64_t n)
{
	buf plain = buf_new(a, 32), out = buf_new(a, 32);

	buf_i64(&plain, n);
	for (size_t i = 0; i < plain.n; i++) {
		size_t left = plain.n - i;

		if (i > 0 && left % 3 == 0 && plain.p[i - 1] != '-')
			buf_byte(&out, ',');
		buf_byte(&out, plain.p[i]);
	}
	return buf_str(&out);
}

void progress_begin(struct progress *p, struct cli *cli)
{
	*p = (struct progress){ .out = cli->err_is_tty && !cli->json ? cli->err : NULL };
}

/* Ten times a second is enough for an eye. */
void progress_show(struct progress *p, const char *what, int64_t done, int64_t total)
{
	int64_t now = clock_steady_ms();
	int filled = total > 0 ? (int)(MIN(done, total) * 30 / total) : 0, shown;

	if (!p->out || now - p->drawn_at < 100)
		return;
	p->drawn_at = now;
	shown = fprintf(p->out, "\r%s [%.*s%.*s] %3d %%", what, filled,
			"##############################", 30 - filled,
			"                              ",
			total > 0 ? (int)(MIN(done, total) * 100 / total) : 0);
	p->shown = MAX(p->shown, shown);
	fflush(p->out);
}

void progress_end(struct progress *p)
{
	if (p->out && p->shown) {
		fprintf(p->out, "\r%*s\r", p->shown, "");
		fflush(p->out);
	}
	p->shown = 0;
}
