#include "subtitle/subtitle.h"

static const struct {
	const char *code;
	enum tr_key key;
} repairs[] = {
	{ "bad-timing", T_subtitle_bad_timing },
	{ "blank-line-in-cue", T_subtitle_blank_line },
	{ "charset", T_subtitle_charset },
	{ "cue-cut", T_subtitle_cue_cut },
	{ "empty-cue", T_subtitle_empty_cue },
	{ "more-repairs", T_subtitle_more_repairs },
	{ "no-blank-line", T_subtitle_no_blank_line },
	{ "no-counter", T_subtitle_no_counter },
	{ "no-duration", T_subtitle_no_duration },
	{ "no-end", T_subtitle_no_end },
	{ "no-signature", T_subtitle_no_signature },
	{ "no-timing", T_subtitle_no_timing },
	{ "order", T_subtitle_order },
	{ "position-dropped", T_subtitle_position_dropped },
	{ "style-dropped", T_subtitle_style_dropped },
	{ "tag-dropped", T_subtitle_tag_dropped },
	{ "text-without-time", T_subtitle_text_without_time },
};

str sub_repair_words(enum lang lang, const char *code)
{
	for (size_t i = 0; i < COUNT_OF(repairs); i++)
		if (str_eq(str_of(repairs[i].code), str_of(code)))
			return tr_get(lang, repairs[i].key);
	return str_of(code);
}

static const struct {
	const char *code;
	enum tr_key key;
	bool milliseconds;
} notes[] = {
	{ "long-line", T_subtitle_note_long_line, false },
	{ "many-lines", T_subtitle_note_many_lines, false },
	{ "fast", T_subtitle_note_fast, false },
	{ "short", T_subtitle_note_short, true },
	{ "long", T_subtitle_note_long, true },
	{ "gap", T_subtitle_note_gap, true },
	{ "overlap", T_subtitle_note_overlap, true },
	{ "order", T_subtitle_note_order, true },
	{ "beyond-end", T_subtitle_note_beyond_end, true },
	{ "language", T_subtitle_note_language, false },
};

str sub_note_words(arena *a, enum lang lang, const struct sub_note *n)
{
	for (size_t i = 0; i < COUNT_OF(notes); i++) {
		buf o = buf_new(a, 1024), value = buf_new(a, 64);
		struct tr_arg arg;

		if (!str_eq(str_of(notes[i].code), str_of(n->code)))
			continue;
		if (notes[i].milliseconds)
			buf_printf(&value, "%lld.%lld s", (long long)(n->value / 1000),
				   (long long)(n->value / 100 % 10));
		else
			buf_i64(&value, n->value);
		arg = TR_ARG_PLAIN("value", buf_str(&value));
		tr_plain(&o, lang, notes[i].key, &arg,
			 str_eq(str_of(n->code), S("language")) ? 0 : 1);
		return buf_str(&o);
	}
	return str_of(n->code);
}
