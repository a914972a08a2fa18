/*
 * org.example.my-plugin: generated tokens for each right answer, of each arm at each of its levels.
 *
 * A metric sees every finished session once. Its memory may grow with arms and items, not with sessions.
 */
#include <evalh_plugin.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define TEXT(s) {(s), sizeof(s) - 1}

/* Sums of one arm at one of its levels. Its name is a copy: rows are gone after add. */
struct sums {
    char *arm;
    uint64_t arm_len;
    int64_t level_index;
    double score;
    int64_t tokens;
    uint64_t last_item; /* rows come item by item, so this counts items */
    int64_t items;
};

struct metric {
    struct sums *rows;
    size_t count;
};

static void *create(evalh_str parameters_json, uint64_t seed, const evalh_text_sink *error) {
    (void)parameters_json;
    (void)seed;
    struct metric *self = calloc(1, sizeof *self);
    if (self == NULL) error->set(error, (evalh_str)TEXT("out of memory"));
    return self;
}

static void destroy(void *metric) {
    struct metric *self = metric;
    for (size_t i = 0; i < self->count; i++) free(self->rows[i].arm);
    free(self->rows);
    free(self);
}

/* The sums of a row's arm and level, new ones if there are none; NULL if memory is short. */
static struct sums *sums_of(struct metric *self, const evalh_session_row *row) {
    for (size_t i = 0; i < self->count; i++) {
        struct sums *known = &self->rows[i];
        if (known->level_index == row->level_index && known->arm_len == row->arm.len &&
            memcmp(known->arm, row->arm.ptr, row->arm.len) == 0)
            return known;
    }
    struct sums *rows = realloc(self->rows, (self->count + 1) * sizeof *rows);
    if (rows == NULL) return NULL;
    self->rows = rows;
    char *arm = malloc(row->arm.len + 1);
    if (arm == NULL) return NULL;
    if (row->arm.len > 0) memcpy(arm, row->arm.ptr, row->arm.len);
    rows[self->count] = (struct sums){
        .arm = arm, .arm_len = row->arm.len, .level_index = row->level_index, .last_item = UINT64_MAX};
    return &rows[self->count++];
}

static int32_t add(void *metric, const evalh_session_row *row, const evalh_text_sink *error) {
    struct sums *sums = sums_of(metric, row);
    if (sums == NULL) {
        error->set(error, (evalh_str)TEXT("out of memory"));
        return EVALH_FAILED;
    }
    if (row->is_error) return EVALH_OK;
    sums->score += row->score;
    sums->tokens += row->usage.completion_tokens;
    sums->items += row->item != sums->last_item;
    sums->last_item = row->item;
    return EVALH_OK;
}

static int32_t result(void *metric, const evalh_metric_sink *out, const evalh_text_sink *error) {
    (void)error;
    struct metric *self = metric;
    for (size_t i = 0; i < self->count; i++) {
        const struct sums *sums = &self->rows[i];
        evalh_metric_value value = {
            .struct_size = sizeof value,
            .name = TEXT("tokens-per-right-answer"),
            .arm = {sums->arm, sums->arm_len},
            .level_index = sums->level_index,
            .value = sums->score > 0 ? (double)sums->tokens / sums->score : NAN,
            /* A ratio of sums has no simple interval: resample items for one. */
            .ci_low = NAN,
            .ci_high = NAN,
            .stderr_ = NAN,
            .n = sums->items,
        };
        out->push(out, &value);
    }
    return EVALH_OK;
}

static const evalh_metric metric = {
    .struct_size = sizeof(evalh_metric), .create = create, .destroy = destroy, .add = add, .result = result};

static const evalh_descriptor descriptor = {
    .struct_size = sizeof(evalh_descriptor),
    .kind = TEXT(EVALH_KIND_METRIC),
    .id = TEXT("org.example.my-plugin"),
    .version = TEXT("1.0.0"),
    .title = TEXT("Tokens for each right answer"),
    .description = TEXT("Generated tokens of an arm's sessions, divided by the sum of their scores. Failed sessions do "
                        "not count; without a right answer there is no number."),
    .source = TEXT("an example"),
    .table = &metric,
    .outputs = TEXT("tokens-per-right-answer"),
};

static const evalh_descriptor *const plugins[] = {&descriptor};

static const evalh_library library = {
    .struct_size = sizeof(evalh_library),
    .abi_major = EVALH_ABI_MAJOR,
    .abi_minor_built = EVALH_ABI_MINOR,
    .abi_minor_required = 0,
    .name = TEXT("my-plugin"),
    .version = TEXT("1.0.0"),
    .plugins = plugins,
    .plugin_count = sizeof plugins / sizeof *plugins,
};

EVALH_EXPORT const evalh_library *evalh_plugin_v1(const evalh_host_info *host);
const evalh_library *evalh_plugin_v1(const evalh_host_info *host) {
    (void)host;
    return &library;
}
