/* Ends the process in the middle of a session, as if all were well. */
#include "bad.h"

STEP_OF(bad_step, if (event->type == EVALH_EVENT_DONE) exit(0);)
STRATEGY(create, bad_step, destroy, estimate)
