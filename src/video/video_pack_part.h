/* How a pack is put together. Private to this slice. */
#ifndef VIDEO_VIDEO_PACK_PART_H
#define VIDEO_VIDEO_PACK_PART_H

#include "video/video_pack.h"

/* MEDIA: the folder of the films. Everything that is added lives as long as A. */
struct video_pack *pack_new(arena *a, str media);
arena *pack_arena(const struct video_pack *p);

void pack_text(struct video_pack *p, str name, str bytes);
void pack_file(struct video_pack *p, str name, str digest, int64_t bytes);
void pack_note(struct video_pack *p, str code, str form);

/* Whether the file is there, whole. */
bool pack_has_file(const struct video_pack *p, str digest, int64_t bytes);

/* No more is added: reckons the size. */
MUST enum err pack_seal(struct video_pack *p);

/* "01-une-loi": number and title as every file system takes them; CODE where the title has no Latin letters. */
str pack_stem(arena *a, size_t number, str title, str code);

#endif
