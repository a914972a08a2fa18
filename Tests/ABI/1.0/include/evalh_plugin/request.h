/*
 * evalh_plugin/request.h: what a model is asked.
 * Include evalh_plugin.h, whose rules hold here.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef EVALH_PLUGIN_REQUEST_H
#define EVALH_PLUGIN_REQUEST_H

#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

#define EVALH_ROLE_SYSTEM 0
#define EVALH_ROLE_USER 1
#define EVALH_ROLE_ASSISTANT 2

typedef struct evalh_message {
    uint32_t struct_size;
    uint32_t role; /* EVALH_ROLE_* */
    evalh_str content;
} evalh_message;

/* How to sample. Absent values (-1, NaN, NULL) mean: as the suite says for this model. */
typedef struct evalh_sampling {
    uint32_t struct_size;
    int32_t max_tokens;        /* 1 or more */
    double temperature;        /* 0: greedy */
    double top_p;              /* (0, 1] */
    double min_p;              /* [0, 1] */
    int32_t top_k;             /* 0: no limit */
    int32_t top_logprobs;      /* 0: log-probabilities of the sampled token; k: and of k alternatives; -1: absent, and
                                  in evalh_model.sampling: no log-probabilities */
    const evalh_str *stop;     /* stop texts beside the suite's */
    uint64_t stop_count;
    int64_t seed;              /* 0 or more: sample k is drawn with seed + k; -1: the run's own seeds */
    evalh_str json_schema;     /* the completion is a JSON text of this schema, where the endpoint can hold it to that;
                                  empty: free text */
} evalh_sampling;

#ifdef __cplusplus
}
#endif
#endif /* EVALH_PLUGIN_REQUEST_H */
