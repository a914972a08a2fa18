/* A metric that gives a value under another's name. */
#define OUTPUTS "org.example.bad"
#include "bad.h"

static void *metric_create(evalh_str parameters, uint64_t seed, const evalh_text_sink *error) {
    (void)parameters, (void)seed, (void)error;
    return malloc(1);
}
static void metric_destroy(void *metric) { free(metric); }
static int32_t add(void *metric, const evalh_session_row *row, const evalh_text_sink *error) {
    (void)metric, (void)row, (void)error;
    return EVALH_OK;
}
static int32_t result(void *metric, const evalh_metric_sink *out, const evalh_text_sink *error) {
    (void)metric, (void)error;
    evalh_metric_value value = {.struct_size = sizeof value, .name = TEXT("accuracy"), .level_index = -1, .value = 1,
                                .ci_low = NAN, .ci_high = NAN, .stderr_ = NAN, .n = -1};
    out->push(out, &value);
    return EVALH_OK;
}
static const evalh_metric metric_table = {sizeof metric_table, 0, metric_create, metric_destroy, add, result};
LIBRARY(EVALH_KIND_METRIC, metric_table)
