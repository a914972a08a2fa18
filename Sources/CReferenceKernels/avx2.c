#if defined(__x86_64__)
#include <math.h>
#include <string.h>

#include "table.h"

#pragma clang attribute push(__attribute__((target("arch=x86-64-v3"))), apply_to = function)
#define ROWS 1  // together in registers
#define TABLE evalh_kernels_avx2
#include "kernels.inc"
#pragma clang attribute pop
#endif
