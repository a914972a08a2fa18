#ifndef EVALH_CZLIB_SHIM_H
#define EVALH_CZLIB_SHIM_H

#include <zlib.h>

/* The initialisers are macros that carry the header's version and struct size. `window_bits`: -15 raw deflate,
    31 gzip. */
static inline int evalh_deflate_init(z_stream *stream, int level, int window_bits) {
    return deflateInit2(stream, level, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY);
}

static inline int evalh_inflate_init(z_stream *stream, int window_bits) {
    return inflateInit2(stream, window_bits);
}

#endif
