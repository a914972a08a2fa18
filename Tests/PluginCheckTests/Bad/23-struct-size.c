/* Its library's struct_size is too small for what it holds. */
#define LIBRARY_SIZE 40
#include "bad.h"

STRATEGY(create, step, destroy, estimate)
