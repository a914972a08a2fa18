#ifndef TABLE_H
#define TABLE_H

#include "CReferenceKernels.h"

struct kernels {
    void (*multiply)(const float *, size_t, const float *, float *, size_t, size_t, size_t, size_t, int);
    void (*normalize)(const float *, const float *, float *, size_t);
    void (*rotate)(float *, const float *, const float *, size_t, size_t);
    void (*attend)(const float *, const float *, const float *, float *, float *, size_t, size_t, size_t);
    void (*squared_relu)(float *, size_t);
    float (*softmax)(float *, size_t, float);
};

extern const struct kernels evalh_kernels_base, evalh_kernels_avx2, evalh_kernels_avx512;

#endif
