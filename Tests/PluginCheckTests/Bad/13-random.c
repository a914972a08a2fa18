/* Has random numbers of its own: the address of its instance. */
#include "bad.h"

#include <stdio.h>
#include <unistd.h>

STEP_OF(bad_step, if (event->type == EVALH_EVENT_DONE) {
    char number[32];
    snprintf(number, sizeof number, "%d", (int)getpid());
    note(self, out, "random", text_of(number));
})
STRATEGY(create, bad_step, destroy, estimate)
