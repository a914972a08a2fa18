/*
 * evalh_plugin/grader.h: kind "evalh.grader/1": a score for an answer.
 * Include evalh_plugin.h, whose rules hold here.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef EVALH_PLUGIN_GRADER_H
#define EVALH_PLUGIN_GRADER_H

#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct evalh_grade_input {
    uint32_t struct_size;
    uint32_t finish;       /* EVALH_FINISH_* of the completion the answer is from */
    evalh_str answer;      /* the session's answer text */
    evalh_str target;      /* the item's target field */
    evalh_str fields_json; /* all of the item's fields, a JSON object */
} evalh_grade_input;

typedef struct evalh_grade_output {
    uint32_t struct_size;
    uint32_t reserved;
    double score;          /* set by the grader: 0 (wrong) to 1 (right) */
    double strict_score;   /* the same, counting only an answer that the text marks as its answer; NaN: as score */
    const evalh_text_sink *extracted;   /* what was taken as the answer */
    const evalh_text_sink *stage;       /* which rule found it */
    const evalh_text_sink *explanation; /* for people */
} evalh_grade_output;

/* A grader is stateless after create: every call with the same input gives the same output, from any thread at once. */
typedef struct evalh_grader {
    uint32_t struct_size;
    uint32_t reserved;
    /* [any thread] Reads the parameters once. NULL on failure, with a text in `error`. */
    void *(*create)(evalh_str parameters_json, const evalh_text_sink *error);
    /* [instance] When all other calls on it have returned; the last one. */
    void (*destroy)(void *grader);
    /* [any thread] EVALH_OK, or EVALH_FAILED with a text in out->explanation: the session becomes an error. */
    int32_t (*grade)(void *grader, const evalh_grade_input *input, evalh_grade_output *out);
    /* [any thread] Optional: the canonical answer in a text, see evalh_host.extract. EVALH_OK, EVALH_FAILED if there is
     * none, or EVALH_ERROR with the reason in `answer`: the session becomes an error. */
    int32_t (*extract)(void *grader, evalh_str text, const evalh_text_sink *answer, const evalh_text_sink *stage);
    /* [any thread] Optional: 1 if two canonical answers, as extract gives them, mean the same (1/2 and 50 %), else 0.
     * Without it equal bytes mean the same. The host asks it once for a new answer and each class of a session; it need
     * not be transitive (a tolerance is not): see evalh_extraction. `first` is the answer that was seen first. */
    int32_t (*same)(void *grader, evalh_str first, evalh_str other);
    /* [any thread] Optional, asked in place of extract: for graders that find answers by the item, such as by its
     * options' texts. `fields_json`: the item's fields but the target, a JSON object. */
    int32_t (*extract_item)(
        void *grader, evalh_str text, evalh_str fields_json, const evalh_text_sink *answer,
        const evalh_text_sink *stage);
    /* [any thread] Optional: the canonical answer that the target stands for (the letter of an option's index), for
     * checks before a run; `answer` and `finish` of the input say nothing. EVALH_OK, or EVALH_FAILED for a target that
     * the grader cannot read. Without it the target stands for itself. */
    int32_t (*expected)(void *grader, const evalh_grade_input *input, const evalh_text_sink *answer);
} evalh_grader;

#ifdef __cplusplus
}
#endif
#endif /* EVALH_PLUGIN_GRADER_H */
