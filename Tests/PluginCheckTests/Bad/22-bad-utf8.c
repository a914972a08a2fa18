/* Its description is Latin-1. */
#define DESCRIPTION "Gr\xFC\xDF" "e"
#include "bad.h"

STRATEGY(create, step, destroy, estimate)
