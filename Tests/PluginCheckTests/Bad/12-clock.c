/* Looks at the clock. */
#include "bad.h"

#include <stdio.h>
#include <time.h>

STEP_OF(bad_step, if (event->type == EVALH_EVENT_DONE) {
    char now[32];
    snprintf(now, sizeof now, "%lld", (long long)time(NULL));
    note(self, out, "time", text_of(now));
})
STRATEGY(create, bad_step, destroy, estimate)
