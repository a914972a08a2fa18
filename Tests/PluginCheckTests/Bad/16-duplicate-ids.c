/* Uses a request id twice. */
#include "bad.h"

STEP_OF(bad_step, if (event->type == EVALH_EVENT_DONE && self->done == 1) self->request = 1;)
STRATEGY(create, bad_step, destroy, estimate)
