/* Pages of those who speak. Private to this slice. */
#ifndef VIDEO_VIDEO_PEOPLE_WEB_H
#define VIDEO_VIDEO_PEOPLE_WEB_H

#include "web/web.h"

extern const struct params people_params;
MUST enum err voice_person_page(struct web *w);
MUST enum err voice_organisation_page(struct web *w);

#endif
