/* Built for a major version that there is not. */
#define MAJOR 7
#include "bad.h"

STRATEGY(create, step, destroy, estimate)
