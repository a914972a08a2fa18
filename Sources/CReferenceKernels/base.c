// What the compiler is set to anyway: SSE2 or NEON.
#define ROWS 1  // together in registers
#define TABLE evalh_kernels_base
#include "kernels.inc"
