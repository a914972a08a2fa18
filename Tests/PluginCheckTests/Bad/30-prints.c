/* Writes on standard output, where --json has its place. */
#include "bad.h"

#include <stdio.h>

STEP_OF(bad_step, if (event->type == EVALH_EVENT_DONE) {
    printf("answer %u\n", self->done);
    fflush(stdout);
})
STRATEGY(create, bad_step, destroy, estimate)
