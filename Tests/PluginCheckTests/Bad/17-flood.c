/* Asks for two more completions at every answer, for ever. */
#include "bad.h"

STEP_OF(bad_step, if (event->type == EVALH_EVENT_DONE) {
    submit(self, out);
    submit(self, out);
    continue;
})
STRATEGY(create, bad_step, destroy, NULL)
