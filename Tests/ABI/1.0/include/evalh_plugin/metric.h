/*
 * evalh_plugin/metric.h: kind "evalh.metric/1": numbers from scores and costs.
 * Include evalh_plugin.h, whose rules hold here.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef EVALH_PLUGIN_METRIC_H
#define EVALH_PLUGIN_METRIC_H

#include "session_row.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A number with its interval. NaN and -1 where absent. */
typedef struct evalh_metric_value {
    uint32_t struct_size;
    uint32_t reserved;
    evalh_str name;
    evalh_str arm;          /* the arm it is about; empty: the run */
    int64_t level_index;    /* the level it is about; -1: the whole arm */
    double value;
    double ci_low;          /* 95 % interval */
    double ci_high;
    double stderr_;
    int64_t n;              /* independent units: items */
    evalh_str method;       /* how the interval was made */
    evalh_str detail_json;  /* a JSON object, or empty */
} evalh_metric_value;

typedef struct evalh_metric_sink {
    uint32_t struct_size;
    uint32_t reserved;
    void *context;
    /* [in a call] Copies the value and its texts. */
    void (*push)(const struct evalh_metric_sink *sink, const evalh_metric_value *value);
} evalh_metric_sink;

typedef struct evalh_metric {
    uint32_t struct_size;
    uint32_t reserved;
    /* [any thread] `seed`: for all randomness, such as resampling. NULL on failure, with a text in `error`. */
    void *(*create)(evalh_str parameters_json, uint64_t seed, const evalh_text_sink *error);
    /* [instance] The last call on it. */
    void (*destroy)(void *metric);
    /* [instance] One more session. Memory must stay proportional to items, not to sessions. EVALH_OK, or EVALH_FAILED
     * with a text in `error`. */
    int32_t (*add)(void *metric, const evalh_session_row *row, const evalh_text_sink *error);
    /* [instance] After the last row, and again whenever more rows have come. EVALH_OK, or EVALH_FAILED with a text in
     * `error`. */
    int32_t (*result)(void *metric, const evalh_metric_sink *out, const evalh_text_sink *error);
} evalh_metric;

#ifdef __cplusplus
}
#endif
#endif /* EVALH_PLUGIN_METRIC_H */
