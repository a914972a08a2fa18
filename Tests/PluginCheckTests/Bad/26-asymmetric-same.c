/* A longer answer means the same as a shorter one, and not the other way round. */
#include "grader.h"

static int32_t same(void *grader, evalh_str first, evalh_str other) {
    (void)grader;
    return first.len >= other.len;
}

GRADER(grade, extract, same)
