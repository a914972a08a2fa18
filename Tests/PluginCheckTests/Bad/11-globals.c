/* Counts answers of all sessions together. */
#include "bad.h"

static uint64_t answers;

STEP_OF(bad_step, if (event->type == EVALH_EVENT_START) answers = 0;
        if (event->type == EVALH_EVENT_DONE && ++answers == 2) note(self, out, "second", text_of("yes"));)
STRATEGY(create, bad_step, destroy, estimate)
