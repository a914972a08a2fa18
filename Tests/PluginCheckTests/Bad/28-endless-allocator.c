/* An allocator that always wants one more. */
#include "bad.h"

static void *allocator_create(
    evalh_str parameters, const evalh_allocation *allocation, uint64_t seed, const evalh_text_sink *error) {
    (void)parameters, (void)allocation, (void)seed, (void)error;
    return malloc(1);
}
static void allocator_destroy(void *allocator) { free(allocator); }
static int32_t add(void *allocator, const evalh_session_row *row, const evalh_text_sink *error) {
    (void)allocator, (void)row, (void)error;
    return EVALH_OK;
}
static int32_t next(void *allocator, const evalh_allocation_sink *out, const evalh_text_sink *error) {
    (void)allocator, (void)error;
    out->want(out, 0, 0, 1);
    return EVALH_OK;
}
static const evalh_allocator allocator_table = {.struct_size = sizeof allocator_table, .create = allocator_create,
                                                .destroy = allocator_destroy, .add = add, .next = next};
LIBRARY(EVALH_KIND_ALLOCATOR, allocator_table)
