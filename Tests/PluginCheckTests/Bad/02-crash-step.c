/* Crashes at the first answer. */
#include "bad.h"

STEP_OF(bad_step, if (event->type == EVALH_EVENT_DONE) crash();)
STRATEGY(create, bad_step, destroy, estimate)
