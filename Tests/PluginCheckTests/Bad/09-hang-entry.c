/* Never returns from the entry function. */
#include <stdint.h>
#define ON_ENTRY                                                                                                       \
    for (volatile uint64_t i = 0;; i++) {                                                                              \
    }
#include "bad.h"

STRATEGY(create, step, destroy, estimate)
