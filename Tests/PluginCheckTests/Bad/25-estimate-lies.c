/* Says that it asks once, and asks three times. */
#include "bad.h"

static int32_t bad_estimate(evalh_str parameters, evalh_estimate *out) {
    (void)parameters;
    out->completions_min = 1;
    out->completions_max = 1;
    return EVALH_OK;
}

STRATEGY(create, step, destroy, bad_estimate)
