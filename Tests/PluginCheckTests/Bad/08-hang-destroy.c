/* Never returns from destroy. */
#include "bad.h"

static void bad_destroy(void *instance) {
    (void)instance;
    hang();
}

STRATEGY(create, step, bad_destroy, estimate)
