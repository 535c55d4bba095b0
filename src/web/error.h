/* Error pages and problem+json: for this room alone. */
#ifndef WEB_ERROR_H
#define WEB_ERROR_H

#include "web/route.h"

/* Answers with STATUS instead of whatever was in the body. API: the answer is for programs. */
void error_answer(struct web *w, int status, bool api);

#endif
