/* Each thread's reader of public.db: for this room alone. */
#ifndef WEB_READER_H
#define WEB_READER_H

#include "web/route.h"

MUST enum err readers_init(struct web_app *app);
void readers_release(struct web_app *app); /* closes the calling thread's own, too */

/* Fills w->pub and w->version for this request. Its end comes with that of the arena, so that a stream
 * keeps it; a stream has a connection of its own, since its thread serves others meanwhile. */
MUST enum err reader_take(struct web *w);
void reader_give_back(struct web *w); /* before that: w->pub is NULL then */

#endif
