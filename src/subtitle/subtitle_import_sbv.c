/* YouTube's format: a line with two times and a comma, the words, a blank line. */
#include "subtitle/subtitle_lines.h"

static bool read_times(str line, struct sub_cue *c)
{
	struct sub_scan s = { str_trim(line), 0 };

	return sub_loose_time(&s, &c->start) && sub_take(&s, S(",")) &&
	       sub_loose_time(&s, &c->end) && s.at == s.s.n;
}

enum err sub_sbv_read(arena *a, str bytes, struct sub_file *f)
{
	struct sub_lines lines = { .in = bytes };
	struct sub_cue next = { 0 };
	buf text = buf_new(a, SUB_CUE_MAX);
	bool open = false;
	str line;

	for (bool more = true; more;) {
		more = sub_line(&lines, &line);
		if (more && !read_times(line, &next)) {
			if (!open && str_trim(line).n)
				sub_repair_add(a, f, "text-without-time", lines.number, line);
			if (open && str_trim(line).n) {
				buf_put(&text, text.n ? S("\n") : S(""));
				sub_escape(&text, line);
			}
			continue;
		}
		if (open) {
			if (text.err != OK)
				sub_repair_add(a, f, "cue-cut", lines.number, S(""));
			f->cues.p[f->cues.n - 1].text = arena_str(a,
								  text.n ? buf_str(&text) : S(""));
		}
		if (!more)
			break;
		if (f->cues.n == SUB_CUES_MAX)
			return E_TOOBIG;
		buf_clear(&text);
		next.settings = sub_settings_none();
		*vec_add(a, &f->cues) = next;
		open = true;
	}
	return OK;
}
