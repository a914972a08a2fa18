/* Numbers its actions backwards. */
#include "bad.h"

STEP_OF(bad_step, if (event->type == EVALH_EVENT_DONE && self->done == 1) self->seq = 0;)
STRATEGY(create, bad_step, destroy, estimate)
