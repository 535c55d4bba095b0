/* The rules of the voices: what may be seen, and when that changes. */
#include "video/video.h"
#include "video/video_use.h"

static bool agreed(const struct video_consent *c)
{
	return video_has_use(c->uses, S("site")) && c->name.n && c->face.n && c->voice.n;
}

const char *video_hidden_why(bool held, const struct video_consent *c, bool captioned, int64_t now)
{
	if (held)
		return "held";
	if (!c->known)
		return "no-consent";
	if (!agreed(c))
		return "not-agreed";
	if (c->embargo > now)
		return "embargo";
	if (c->expires && c->expires <= now)
		return "expired";
	return captioned ? NULL : "no-captions";
}

int64_t video_clock(const struct video_consent *c, int64_t now)
{
	if (c->known && c->embargo > now)
		return c->embargo;
	return c->known && c->expires > now ? c->expires : 0;
}
