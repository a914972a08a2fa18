/* Does not skip events that it does not know. */
#include "bad.h"

STEP_OF(bad_step, if (event->type > 100) crash();)
STRATEGY(create, bad_step, destroy, estimate)
