#include <string.h>

#include "table.h"

static const struct kernels *chosen = &evalh_kernels_base;

#if defined(__x86_64__)
__attribute__((constructor)) static void choose(void) {
    __builtin_cpu_init();
    if (__builtin_cpu_supports("x86-64-v4")) chosen = &evalh_kernels_avx512;
    else if (__builtin_cpu_supports("x86-64-v3")) chosen = &evalh_kernels_avx2;
}
#endif

int evalh_multiply_with(const char *name, const float *x, const float *packed, float *out, size_t rows, size_t k,
    size_t n) {
    const struct kernels *table = strcmp(name, "base") == 0 ? &evalh_kernels_base : NULL;
#if defined(__x86_64__)
    if (strcmp(name, "avx2") == 0 && __builtin_cpu_supports("x86-64-v3")) table = &evalh_kernels_avx2;
    if (strcmp(name, "avx512") == 0 && __builtin_cpu_supports("x86-64-v4")) table = &evalh_kernels_avx512;
#endif
    if (table) table->multiply(x, k, packed, out, n, rows, k, n, 0);
    return table != NULL;
}

void evalh_multiply(const float *x, size_t x_stride, const float *packed, float *out, size_t out_stride, size_t rows,
    size_t k, size_t n, int adds) {
    chosen->multiply(x, x_stride, packed, out, out_stride, rows, k, n, adds);
}

void evalh_normalize(const float *x, const float *gain, float *out, size_t width) { chosen->normalize(x, gain, out,
    width); }

void evalh_rotate(float *row, const float *cosine, const float *sine, size_t heads, size_t size) {
    chosen->rotate(row, cosine, sine, heads, size); }

void evalh_attend(const float *query, const float *keys, const float *values, float *out, float *scores,
    size_t heads, size_t size, size_t length) {
    chosen->attend(query, keys, values, out, scores, heads, size, length);
}

void evalh_squared_relu(float *x, size_t count) { chosen->squared_relu(x, count); }

float evalh_softmax(float *logits, size_t count, float temperature) { return chosen->softmax(logits, count,
    temperature); }

void evalh_widen(const uint16_t *half, float *out, size_t count) {
    for (size_t i = 0; i < count; i++) {
        uint32_t sign = (uint32_t)(half[i] & 0x8000) << 16, exponent = (half[i] >> 10) & 31,
            fraction = half[i] & 1023, bits;
        if (exponent == 31) {
            bits = sign | 0x7F800000 | fraction << 13;
        } else if (exponent != 0) {
            bits = sign | (exponent + 112) << 23 | fraction << 13;
        } else {
            float small = (float)fraction * 0x1p-24f;
            memcpy(&bits, &small, 4);
            bits |= sign;
        }
        memcpy(out + i, &bits, 4);
    }
}

void evalh_pack(const float *matrix, float *packed, size_t k, size_t n, int transposed) {
    for (size_t tile = 0; tile < n / EVALH_TILE; tile++)
        for (size_t i = 0; i < k; i++)
            for (size_t j = 0; j < EVALH_TILE; j++) {
                size_t column = tile * EVALH_TILE + j;
                *packed++ = transposed ? matrix[column * k + i] : matrix[i * n + column];
            }
}
