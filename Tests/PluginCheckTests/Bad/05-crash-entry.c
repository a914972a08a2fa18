/* Crashes in the entry function. */
#define ON_ENTRY abort()
#include "bad.h"

STRATEGY(create, step, destroy, estimate)
