/* Never returns from the step of the second answer. */
#include "bad.h"

STEP_OF(bad_step, if (event->type == EVALH_EVENT_DONE && self->done == 1) hang();)
STRATEGY(create, bad_step, destroy, estimate)
