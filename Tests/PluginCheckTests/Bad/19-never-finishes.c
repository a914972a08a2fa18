/* Waits for nothing after its third answer. */
#include "bad.h"

STEP_OF(bad_step, if (event->type == EVALH_EVENT_DONE && self->done == 2) {
    self->done++;
    continue;
})
STRATEGY(create, bad_step, destroy, estimate)
