/* What the library, its feeds and its lists of values are narrowed by, and their pages. */
#ifndef VIDEO_VIDEO_LIBRARY_WEB_H
#define VIDEO_VIDEO_LIBRARY_WEB_H

#include "video/video_library_index.h"
#include "video/video_made_web.h"

struct voice_code_set {
	struct code_set set;
	enum voice_column column;
};
extern const struct voice_code_set voice_codes[VOICE_COLUMNS];

/* Rows of struct code_list of[VOICE_COLUMNS] in TYPE, in the order of the columns. */
/* clang-format off */
#define VOICE_FILTER(type, column, name) P_LIST(type, of[column], name, &voice_codes[column].set)
#define VOICE_FILTERS(type)                               \
	VOICE_FILTER(type, VOICE_ISSUE, "issue"),         \
	VOICE_FILTER(type, VOICE_STATE, "state"),         \
	VOICE_FILTER(type, VOICE_PERSON, "person"),       \
	VOICE_FILTER(type, VOICE_LANG, "lang"),           \
	VOICE_FILTER(type, VOICE_SUBTITLES, "subtitles"), \
	VOICE_FILTER(type, VOICE_SERIES, "series"),       \
	VOICE_FILTER(type, VOICE_YEAR, "year")
/* clang-format on */

/* A value in words; *RET_LANG: of these, p == NULL: the page's. */
str voices_value_label(struct web *w, enum voice_column column, str code, str *ret_lang);

struct voices_filter voices_filter_of(struct web *w, const struct code_list *of);

/* What is chosen, for the page under way. PARAM: the row of the first filter; Q: what is searched for, or empty. */
void voices_choice_make(struct web *w, const struct code_list *of, size_t param, str q,
			struct voices_choice *ret);

/* LINK, which is of this page, with another path: "/fr/WHAT". */
url voices_elsewhere(struct web *w, const char *what, url link);

/* Rows of the route table in video_web.c. */
extern const struct params library_params, library_values_params;
MUST enum err library_page(struct web *w);
MUST enum err library_values_page(struct web *w);

#endif
