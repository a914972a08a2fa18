/* Gives up when the budget refuses a request. */
#include "bad.h"

STEP_OF(bad_step, if (event->type == EVALH_EVENT_REJECTED) return EVALH_FAILED;)
STRATEGY(create, bad_step, destroy, estimate)
