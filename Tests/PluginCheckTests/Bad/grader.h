/*
 * A grader that does all right: the answer must equal the target.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "bad.h"

static void *grader_create(evalh_str parameters, const evalh_text_sink *error) {
    (void)parameters, (void)error;
    return malloc(1);
}
static void grader_destroy(void *grader) { free(grader); }
static int32_t grade(void *grader, const evalh_grade_input *input, evalh_grade_output *out) {
    (void)grader;
    int equal = input->answer.len == input->target.len
                && (input->answer.len == 0 || memcmp(input->answer.ptr, input->target.ptr, input->answer.len) == 0);
    out->score = equal;
    out->extracted->set(out->extracted, input->answer);
    out->stage->set(out->stage, text_of("whole"));
    return EVALH_OK;
}
static int32_t extract(void *grader, evalh_str text, const evalh_text_sink *answer, const evalh_text_sink *stage) {
    (void)grader;
    answer->set(answer, text);
    stage->set(stage, text_of("whole"));
    return EVALH_OK;
}

#define GRADER(GRADE, EXTRACT, SAME)                                                                                   \
    static const evalh_grader grader_table = {.struct_size = sizeof grader_table, .create = grader_create,             \
                                              .destroy = grader_destroy, .grade = GRADE, .extract = EXTRACT,           \
                                              .same = SAME};                                                           \
    LIBRARY(EVALH_KIND_GRADER, grader_table)
