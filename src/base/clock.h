/* Time. Wall time is whole seconds since 1970 UTC; elapsed time is milliseconds of a steady clock. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include "base/base.h"

int64_t clock_now(void);         /* seconds since 1970 UTC */
int64_t clock_steady_ms(void);   /* only differences mean something */
void clock_set(int64_t seconds); /* for tests: clock_now answers this; -1 gives the real one back */

#endif
