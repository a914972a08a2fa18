/* Does not look at STOP. */
#include "bad.h"

STEP_OF(bad_step, if (event->type == EVALH_EVENT_STOP) continue;)
STRATEGY(create, bad_step, destroy, estimate)
