/* Asks for as many further completions as events came at once. */
#include "bad.h"

#include <stdio.h>

static int32_t bad_step(void *instance, const evalh_event *const *events, uint64_t count, const evalh_out *out) {
    char number[32];
    snprintf(number, sizeof number, "%llu", (unsigned long long)count);
    note(instance, out, "events", text_of(number));
    return step(instance, events, count, out);
}

STRATEGY(create, bad_step, destroy, estimate)
