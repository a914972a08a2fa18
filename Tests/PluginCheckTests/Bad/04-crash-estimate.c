/* Crashes in estimate. */
#include "bad.h"

static int32_t bad_estimate(evalh_str parameters, evalh_estimate *out) {
    crash();
    return estimate(parameters, out);
}

STRATEGY(create, step, destroy, bad_estimate)
