/* Crashes in create. */
#include "bad.h"

static void *bad_create(const evalh_host *host, void *session) {
    crash();
    return create(host, session);
}

STRATEGY(bad_create, step, destroy, estimate)
