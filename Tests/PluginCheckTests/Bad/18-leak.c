/* Leaves a kilobyte behind at every answer. */
#include "bad.h"

STEP_OF(bad_step, if (event->type == EVALH_EVENT_DONE) {
    char *lost = malloc(1024);
    if (lost != NULL) memset(lost, 1, 1024);
    self->pointer = lost;
})
STRATEGY(create, bad_step, destroy, estimate)
