#include "video/video_words.h"

str video_hidden_words(enum lang lang, const char *code)
{
	static const struct {
		const char *code;
		enum tr_key key;
	} all[] = { { "held", T_video_hidden_held },
		    { "no-consent", T_video_hidden_no_consent },
		    { "not-agreed", T_video_hidden_not_agreed },
		    { "embargo", T_video_hidden_embargo },
		    { "expired", T_video_hidden_expired },
		    { "no-captions", T_video_hidden_no_captions } };

	for (size_t i = 0; i < COUNT_OF(all); i++)
		if (str_eq(str_of(all[i].code), str_of(code)))
			return tr_get(lang, all[i].key);
	return str_of(code);
}
