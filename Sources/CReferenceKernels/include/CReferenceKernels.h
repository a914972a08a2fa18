#ifndef C_REFERENCE_KERNELS_H
#define C_REFERENCE_KERNELS_H

// The inner loops of the embedded model, compiled for several instruction sets; the best that the machine has is taken
// when the program is loaded. Every number depends on its own row only, in a fixed order of sums: a row gives the same
// bits in a batch of one and of sixty-four.

#include <stddef.h>
#include <stdint.h>

/// Columns of a tile of a packed matrix; matrices have a multiple of it.
#define EVALH_TILE 64

/// A product by the kernels of an instruction set ("base", "avx2", "avx512"), for comparison; 0: this machine does not
/// have it.
int evalh_multiply_with(const char *name, const float *x, const float *packed, float *out, size_t rows, size_t k,
    size_t n);

/// IEEE 754 binary16 to binary32.
void evalh_widen(const uint16_t *half, float *out, size_t count);

/// Packs a row-major matrix [k][n] (or, where `transposed`, [n][k]) into tiles [n / 64][k][64].
void evalh_pack(const float *matrix, float *packed, size_t k, size_t n, int transposed);

/// out[r][0..<n] = x[r] · matrix, or added to what is there; rows of x and out follow each other at the given strides,
/// in floats.
void evalh_multiply(const float *x, size_t x_stride, const float *packed, float *out, size_t out_stride, size_t rows,
    size_t k, size_t n, int adds);

/// out = x / sqrt(mean(x²) + 1e-6) · gain; `gain` may be null: 1.
void evalh_normalize(const float *x, const float *gain, float *out, size_t width);

/// Turns every head of a row by its position: the first half of a head against the second. `cosine`, `sine`: [size / 2]
/// of the position.
void evalh_rotate(float *row, const float *cosine, const float *sine, size_t heads, size_t size);

/// Attention of one row to positions 0..<length of its own sequence. keys, values: [position][heads · size]; scores:
/// scratch of `length` floats, rounded up to 16. `size` is a multiple of 16.
void evalh_attend(const float *query, const float *keys, const float *values, float *out, float *scores,
    size_t heads, size_t size, size_t length);

/// x = max(x, 0)².
void evalh_squared_relu(float *x, size_t count);

/// Replaces logits by softmax(logits / temperature) and returns log Σ exp(logits / temperature); `count` is a multiple
/// of 16.
float evalh_softmax(float *logits, size_t count, float temperature);

#endif
