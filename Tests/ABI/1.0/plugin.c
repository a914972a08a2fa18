/*
 * A library of ABI 1.0 with a strategy, a grader and a metric, kept as the binary that was built when 1.0 was frozen:
 * plugin.so.base64 must load and do the same in every host of major 1. `scripts/abi freeze` builds it.
 *
 * It needs no C library but malloc and free, which the host's process has.
 */
#include <evalh_plugin.h>

#ifndef REQUIRED
#define REQUIRED 0
#endif
#define TEXT(s) {(s), sizeof(s) - 1}

extern void *malloc(size_t size);
extern void free(void *pointer);

static const evalh_str none;

static int are_equal(evalh_str first, evalh_str other) {
    uint64_t i = 0;
    while (i < first.len && i < other.len && first.ptr[i] == other.ptr[i]) i++;
    return first.len == other.len && i == first.len;
}

/* ---- The strategy: two samples, of which one is drawn ---- */

struct session {
    const evalh_host *host;
    void *handle;
    uint64_t seq;
    uint32_t done;
    uint32_t drawn;
    int finished;
};

static evalh_action header(struct session *self, uint32_t size, uint16_t type, uint16_t flags) {
    evalh_action header;
    header.struct_size = size;
    header.type = type;
    header.flags = flags;
    header.seq = ++self->seq;
    return header;
}

static void finish(struct session *self, const evalh_out *out, uint16_t flags, evalh_str answer, evalh_str reason) {
    evalh_action_finish action = {.answer = answer, .confidence = 0.5, .reason = reason};
    action.header = header(self, sizeof action, EVALH_ACTION_FINISH, flags);
    out->push(out, &action.header);
    self->finished = 1;
}

static void start(struct session *self, const evalh_event_start *event, const evalh_out *out) {
    const evalh_str stop = TEXT("\n\n");
    double not_a_number = __builtin_nan("");
    evalh_sampling sampling = {
        .struct_size = sizeof sampling, .max_tokens = 7, .temperature = 0.25, .top_p = not_a_number,
        .min_p = not_a_number, .top_k = -1, .top_logprobs = -1, .stop = &stop, .stop_count = 1, .seed = -1};
    evalh_action_submit submit = {
        .request = 1, .model = event->models[0]->role, .messages = event->messages,
        .message_count = event->message_count, .sampling = &sampling, .n = 2, .priority = 3};
    submit.header = header(self, sizeof submit, EVALH_ACTION_SUBMIT, EVALH_SUBMIT_STREAM);
    self->drawn = (uint32_t)(self->host->rand(self->handle) & 1);
    out->push(out, &submit.header);
    evalh_action_note note = {.key = TEXT("item"), .value = event->item_id};
    note.header = header(self, sizeof note, EVALH_ACTION_NOTE, 0);
    out->push(out, &note.header);
}

static void done(struct session *self, const evalh_event_done *event, const evalh_out *out) {
    evalh_extraction found = {.struct_size = sizeof found};
    if (self->host->extract(self->handle, event->text, event->finish, &found) == EVALH_OK && found.found) {
        evalh_action_emit emit = {.candidate = found.answer, .weight = (double)event->usage.completion_tokens};
        emit.header = header(self, sizeof emit, EVALH_ACTION_EMIT, 0);
        out->push(out, &emit.header);
    }
    evalh_budget left = {.struct_size = sizeof left};
    if (self->host->budget(self->handle, &left) == EVALH_OK) {
        evalh_action_number number = {.name = TEXT("left"), .value = (double)left.tokens};
        number.header = header(self, sizeof number, EVALH_ACTION_NUMBER, 0);
        out->push(out, &number.header);
    }
    if (self->done++ == self->drawn) finish(self, out, 0, event->text, (evalh_str)TEXT("drawn"));
}

static int32_t take(struct session *self, const evalh_event *event, const evalh_out *out) {
    switch (event->type) {
    case EVALH_EVENT_START: start(self, (const evalh_event_start *)event, out); return EVALH_OK;
    case EVALH_EVENT_DONE: done(self, (const evalh_event_done *)event, out); return EVALH_OK;
    case EVALH_EVENT_REQUEST_FAILED:
        self->host->set_error(self->handle, 1, ((const evalh_event_failed *)event)->message);
        return EVALH_FAILED;
    case EVALH_EVENT_REJECTED: finish(self, out, EVALH_ANSWER_NONE, none, (evalh_str)TEXT("rejected")); return EVALH_OK;
    case EVALH_EVENT_STOP: finish(self, out, EVALH_ANSWER_NONE, none, (evalh_str)TEXT("stop")); return EVALH_OK;
    default: return EVALH_OK;
    }
}

static void *create(const evalh_host *host, void *handle) {
    struct session *self = malloc(sizeof *self);
    if (self != NULL) *self = (struct session){.host = host, .handle = handle};
    return self;
}

static int32_t step(void *instance, const evalh_event *const *events, uint64_t count, const evalh_out *out) {
    struct session *self = instance;
    for (uint64_t i = 0; i < count && !self->finished; i++) {
        int32_t result = take(self, events[i], out);
        if (result != EVALH_OK) return result;
    }
    return EVALH_OK;
}

static void destroy(void *instance) { free(instance); }

static int32_t estimate(evalh_str parameters_json, evalh_estimate *out) {
    (void)parameters_json;
    out->completions_min = 2;
    out->completions_max = 2;
    out->prompt_passes = 1;
    return EVALH_OK;
}

static const evalh_strategy strategy = {
    .struct_size = sizeof strategy, .create = create, .step = step, .destroy = destroy, .estimate = estimate};

/* ---- The grader: equal bytes ---- */

static void *create_grader(evalh_str parameters_json, const evalh_text_sink *error) {
    (void)parameters_json;
    (void)error;
    return malloc(1);
}

static int32_t grade(void *grader, const evalh_grade_input *input, evalh_grade_output *out) {
    (void)grader;
    out->score = are_equal(input->answer, input->target) ? 1 : 0;
    out->extracted->set(out->extracted, input->answer);
    out->stage->set(out->stage, (evalh_str)TEXT("bytes"));
    return EVALH_OK;
}

static const evalh_grader grader = {
    .struct_size = sizeof grader, .create = create_grader, .destroy = destroy, .grade = grade};

/* ---- The metric: how many sessions there were, and their tokens ---- */

struct sums {
    double sessions;
    double tokens;
};

static void *create_metric(evalh_str parameters_json, uint64_t seed, const evalh_text_sink *error) {
    (void)parameters_json;
    (void)seed;
    (void)error;
    struct sums *self = malloc(sizeof *self);
    if (self != NULL) *self = (struct sums){0, 0};
    return self;
}

static int32_t add(void *metric, const evalh_session_row *row, const evalh_text_sink *error) {
    (void)error;
    struct sums *self = metric;
    self->sessions++;
    self->tokens += (double)row->usage.completion_tokens;
    return EVALH_OK;
}

static int32_t result(void *metric, const evalh_metric_sink *out, const evalh_text_sink *error) {
    (void)error;
    const struct sums *self = metric;
    evalh_metric_value value = {
        .struct_size = sizeof value, .name = TEXT("tokens"), .level_index = -1,
        .value = self->sessions > 0 ? self->tokens / self->sessions : __builtin_nan(""), .ci_low = __builtin_nan(""),
        .ci_high = __builtin_nan(""), .stderr_ = __builtin_nan(""), .n = (int64_t)self->sessions};
    out->push(out, &value);
    return EVALH_OK;
}

static const evalh_metric metric = {
    .struct_size = sizeof metric, .create = create_metric, .destroy = destroy, .add = add, .result = result};

/* ---- The library ---- */

static const evalh_descriptor strategy_plugin = {
    .struct_size = sizeof(evalh_descriptor), .needs = EVALH_NEED_STREAM, .kind = TEXT(EVALH_KIND_STRATEGY),
    .id = TEXT("released.strategy"), .version = TEXT("1.0.0"), .title = TEXT("One of two"),
    .parameters_schema = TEXT("{\"type\":\"object\",\"properties\":{}}"), .table = &strategy};
static const evalh_descriptor grader_plugin = {
    .struct_size = sizeof(evalh_descriptor), .kind = TEXT(EVALH_KIND_GRADER), .id = TEXT("released.grader"),
    .version = TEXT("1.0.0"), .title = TEXT("Equal bytes"), .table = &grader};
static const evalh_descriptor metric_plugin = {
    .struct_size = sizeof(evalh_descriptor), .kind = TEXT(EVALH_KIND_METRIC), .id = TEXT("released.metric"),
    .version = TEXT("1.0.0"), .title = TEXT("Tokens a session"), .table = &metric, .outputs = TEXT("tokens")};

static const evalh_descriptor *const plugins[] = {&strategy_plugin, &grader_plugin, &metric_plugin};

static const evalh_library library = {
    .struct_size = sizeof library, .abi_major = EVALH_ABI_MAJOR, .abi_minor_built = EVALH_ABI_MINOR,
    .abi_minor_required = REQUIRED, .name = TEXT("released"), .version = TEXT("1.0.0"), .plugins = plugins,
    .plugin_count = sizeof plugins / sizeof *plugins};

EVALH_EXPORT const evalh_library *evalh_plugin_v1(const evalh_host_info *host);
const evalh_library *evalh_plugin_v1(const evalh_host_info *host) {
    return host->abi_major == EVALH_ABI_MAJOR ? &library : NULL;
}
