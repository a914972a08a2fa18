/* Crashes in destroy. */
#include "bad.h"

static void bad_destroy(void *instance) {
    destroy(instance);
    crash();
}

STRATEGY(create, step, bad_destroy, estimate)
