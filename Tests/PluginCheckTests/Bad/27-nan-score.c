/* Gives no number where answer and target differ. */
#include "grader.h"

static int32_t bad_grade(void *grader, const evalh_grade_input *input, evalh_grade_output *out) {
    int32_t result = grade(grader, input, out);
    if (out->score < 1) out->score = NAN;
    return result;
}

GRADER(bad_grade, extract, NULL)
