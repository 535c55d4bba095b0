/* Screening packs on the web. Private to this slice, but for what video_web.h says. */
#ifndef VIDEO_VIDEO_PACK_WEB_H
#define VIDEO_VIDEO_PACK_WEB_H

#include "video/video_pack.h"
#include "web/web.h"

extern const struct params voice_pack_params;
MUST enum err voice_pack(struct web *w); /* /{lang}/v/CODE/pack.zip */
url voice_pack_address(struct web *w, str code);

/* On the video's page: the link, where its people agreed to downloads, and the size. */
struct voice_by_code;
struct voice_view;
MUST enum err voice_pack_link(struct web *w, const struct voice_by_code *row, struct voice_view *v);

#endif
