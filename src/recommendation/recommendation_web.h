/* What the pages of higher slices see of the record. */
#ifndef RECOMMENDATION_RECOMMENDATION_WEB_H
#define RECOMMENDATION_RECOMMENDATION_WEB_H

#include "recommendation/recommendation_list_view.h"

#endif
