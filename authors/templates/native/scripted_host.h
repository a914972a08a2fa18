/*
 * scripted_host.h: plays the host to a plugin in its tests: no model, no network, no clock.
 *
 * C11 and C++17. A test opens the built library, drives one plugin of it and looks at what came of it. Every mistake
 * ends the test with file and line.
 */
#ifndef SCRIPTED_HOST_H
#define SCRIPTED_HOST_H

#include <evalh_plugin.h>

#include <dlfcn.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(condition)                                                                 \
    do {                                                                                 \
        if (!(condition)) {                                                              \
            fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #condition); \
            exit(1);                                                                     \
        }                                                                                \
    } while (0)

/* Longest text that is kept of a plugin, with its final NUL. */
#define SCRIPTED_TEXT 4096

static inline evalh_str scripted_view(const char *text) {
    evalh_str view = {text, strlen(text)};
    return view;
}

static inline void scripted_copy(char *to, evalh_str from) {
    size_t length = from.len < SCRIPTED_TEXT ? (size_t)from.len : SCRIPTED_TEXT - 1;
    if (length > 0) memcpy(to, from.ptr, length);
    to[length] = 0;
}

/* ---- The library ---- */

/* The table of a library as the host gets it. */
static inline const evalh_library *scripted_open(const char *file) {
    static const evalh_str features[] = {{"evalh.stream/1", 14}, {"evalh.prefix/1", 14}, {"evalh.logprobs/1", 16},
                                         {"evalh.extract/1", 15}};
    evalh_host_info info;
    void *handle = dlopen(file, RTLD_NOW | RTLD_LOCAL);
    if (handle == NULL) fprintf(stderr, "%s\n", dlerror());
    CHECK(handle != NULL);
    evalh_entry_fn entry;
    void *symbol = dlsym(handle, EVALH_ENTRY_NAME);
    CHECK(symbol != NULL);
    memcpy(&entry, &symbol, sizeof entry);
    memset(&info, 0, sizeof info);
    info.struct_size = sizeof info;
    info.abi_major = EVALH_ABI_MAJOR;
    info.abi_minor_max = EVALH_ABI_MINOR;
    info.name = scripted_view("scripted host");
    info.version = scripted_view("1.0.0");
    info.features = features;
    info.feature_count = sizeof features / sizeof *features;
    const evalh_library *library = entry(&info);
    CHECK(library != NULL && library->abi_major == EVALH_ABI_MAJOR && library->refusal.len == 0);
    return library;
}

/* The plugin of an id. */
static inline const evalh_descriptor *scripted_plugin(const evalh_library *library, const char *kind, const char *id) {
    for (uint64_t i = 0; i < library->plugin_count; i++) {
        const evalh_descriptor *plugin = library->plugins[i];
        if (plugin->kind.len == strlen(kind) && memcmp(plugin->kind.ptr, kind, strlen(kind)) == 0 &&
            plugin->id.len == strlen(id) && memcmp(plugin->id.ptr, id, strlen(id)) == 0)
            return plugin;
    }
    fprintf(stderr, "the library has no plugin %s of kind %s\n", id, kind);
    exit(1);
}

/* A sink that keeps a text. */
static inline void scripted_keep(const evalh_text_sink *sink, evalh_str text) {
    scripted_copy((char *)sink->context, text);
}

static inline evalh_text_sink scripted_sink(char *text) {
    evalh_text_sink sink;
    text[0] = 0;
    memset(&sink, 0, sizeof sink);
    sink.struct_size = sizeof sink;
    sink.context = text;
    sink.set = scripted_keep;
    return sink;
}

/* ---- Strategies ---- */

#define SCRIPTED_OPEN 256

/* One session of a strategy. Read the members in the first group; the others are the host's own. */
typedef struct scripted_session {
    int requests;            /* completions asked for so far */
    int finished;            /* FINISH was pushed */
    uint16_t answer_flags;   /* EVALH_ANSWER_* of FINISH */
    double confidence;       /* of FINISH */
    char answer[SCRIPTED_TEXT];
    char reason[SCRIPTED_TEXT];
    int32_t result;          /* of the last step */
    char error[SCRIPTED_TEXT]; /* told by host->set_error */

    const evalh_strategy *table;
    evalh_host host;
    evalh_out out;
    void *instance;
    uint64_t event_seq;
    uint64_t action_seq;
    int64_t time_ns;
    uint64_t open[SCRIPTED_OPEN]; /* a request once for each choice that is still to come */
    uint64_t open_seq[SCRIPTED_OPEN];
    int open_count;
    uint64_t random;
    char extracted[SCRIPTED_TEXT];
} scripted_session;

static inline uint64_t scripted_rand(void *session) { /* splitmix64 */
    uint64_t z = (((scripted_session *)session)->random += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

/* The canonical answer is the last word of a finished text. */
static inline int32_t scripted_extract(void *session, evalh_str text, uint32_t finish, evalh_extraction *out) {
    scripted_session *self = (scripted_session *)session;
    uint64_t end = text.len;
    while (end > 0 && text.ptr[end - 1] == ' ') end--;
    uint64_t start = end;
    while (start > 0 && text.ptr[start - 1] != ' ') start--;
    evalh_str word = {text.len > 0 ? text.ptr + start : NULL, end - start};
    scripted_copy(self->extracted, word);
    out->found = finish == EVALH_FINISH_STOP && end > start;
    out->answer = scripted_view(out->found ? self->extracted : "");
    out->stage = scripted_view(out->found ? "last-word" : "");
    return EVALH_OK;
}

static inline int32_t scripted_budget(void *session, evalh_budget *out) {
    (void)session;
    out->tokens = -1;
    out->usd = NAN;
    out->seconds = NAN;
    return EVALH_OK;
}

static inline void scripted_set_error(void *session, int32_t code, evalh_str text) {
    (void)code;
    scripted_copy(((scripted_session *)session)->error, text);
}

static inline int32_t scripted_on_thread(void *session) { return session != NULL; }

static inline const void *scripted_extension(void *session, evalh_str id) {
    (void)session;
    (void)id;
    return NULL;
}

static inline int32_t scripted_push(const evalh_out *out, const evalh_action *action) {
    scripted_session *self = (scripted_session *)out->context;
    CHECK(!self->finished);                    /* FINISH is the last action */
    CHECK(action->seq > self->action_seq);     /* seq increases */
    self->action_seq = action->seq;
    if (action->type == EVALH_ACTION_SUBMIT) {
        const evalh_action_submit *submit = (const evalh_action_submit *)action;
        /* A plugin of an older minor has shorter structs. */
        CHECK(action->struct_size >= offsetof(evalh_action_submit, n) + sizeof submit->n);
        CHECK(submit->request != 0 && submit->n >= 1 && submit->n <= 1024);
        for (uint32_t i = 0; i < submit->n; i++) {
            CHECK(self->open_count < SCRIPTED_OPEN);
            self->open_seq[self->open_count] = action->seq;
            self->open[self->open_count++] = submit->request;
            self->requests++;
        }
    } else if (action->type == EVALH_ACTION_FINISH) {
        const evalh_action_finish *finish = (const evalh_action_finish *)action;
        CHECK(action->struct_size >= offsetof(evalh_action_finish, reason) + sizeof finish->reason);
        self->finished = 1;
        self->answer_flags = action->flags;
        self->confidence = finish->confidence;
        scripted_copy(self->answer, finish->answer);
        scripted_copy(self->reason, finish->reason);
    }
    return EVALH_OK;
}

/* Fills in an event's header. */
static inline evalh_event scripted_event(scripted_session *self, uint32_t size, uint16_t type, uint16_t flags) {
    evalh_event header;
    self->time_ns += 1000000;
    header.struct_size = size;
    header.type = type;
    header.flags = flags;
    header.seq = ++self->event_seq;
    header.time_ns = self->time_ns;
    return header;
}

/* Delivers one event. After FINISH there are none. */
static inline void scripted_deliver(scripted_session *self, const evalh_event *event) {
    CHECK(!self->finished);
    self->result = self->table->step(self->instance, &event, 1, &self->out);
}

/* Makes a session and delivers START. `parameters`: a JSON object, as the host gives it with defaults filled in. */
static inline void scripted_begin(scripted_session *self, const evalh_descriptor *plugin, const char *parameters) {
    memset(self, 0, sizeof *self);
    self->table = (const evalh_strategy *)plugin->table;
    self->host.struct_size = sizeof self->host;
    self->host.rand = scripted_rand;
    self->host.extract = scripted_extract;
    self->host.budget = scripted_budget;
    self->host.set_error = scripted_set_error;
    self->host.on_session_thread = scripted_on_thread;
    self->host.extension = scripted_extension;
    self->out.struct_size = sizeof self->out;
    self->out.context = self;
    self->out.push = scripted_push;
    self->random = 1;
    self->instance = self->table->create(&self->host, self);
    CHECK(self->instance != NULL);

    evalh_message message;
    memset(&message, 0, sizeof message);
    message.struct_size = sizeof message;
    message.role = EVALH_ROLE_USER;
    message.content = scripted_view("question?");
    const evalh_message *messages[] = {&message};
    evalh_model model;
    memset(&model, 0, sizeof model);
    model.struct_size = sizeof model;
    model.can = 0xFFFFFFFFu;
    model.role = scripted_view("main");
    model.name = scripted_view("scripted");
    evalh_sampling sampling;
    memset(&sampling, 0, sizeof sampling);
    sampling.struct_size = sizeof sampling;
    sampling.max_tokens = 256;
    sampling.temperature = 0.7;
    sampling.top_p = 1;
    sampling.top_logprobs = -1;
    sampling.seed = -1;
    model.sampling = &sampling;
    const evalh_model *models[] = {&model};
    evalh_event_start start;
    memset(&start, 0, sizeof start);
    start.header = scripted_event(self, sizeof start, EVALH_EVENT_START, 0);
    start.item_id = scripted_view("item");
    start.input = message.content;
    start.fields_json = scripted_view("{}");
    start.messages = messages;
    start.message_count = 1;
    start.parameters_json = scripted_view(parameters);
    start.seed = 1;
    start.models = models;
    start.model_count = 1;
    scripted_deliver(self, &start.header);
}

/* The oldest request that waits for a completion. */
static inline uint64_t scripted_take_open(scripted_session *self, uint64_t *seq, int *is_last) {
    CHECK(self->open_count > 0);
    uint64_t request = self->open[0];
    if (seq != NULL) *seq = self->open_seq[0];
    self->open_count--;
    memmove(self->open, self->open + 1, (size_t)self->open_count * sizeof *self->open);
    memmove(self->open_seq, self->open_seq + 1, (size_t)self->open_count * sizeof *self->open_seq);
    *is_last = 1;
    for (int i = 0; i < self->open_count; i++)
        if (self->open[i] == request) *is_last = 0;
    return request;
}

/* A completion for the oldest open request; EVALH_FINISH_STOP or EVALH_FINISH_LENGTH. */
static inline void scripted_done(scripted_session *self, const char *text, uint32_t finish) {
    evalh_event_done done;
    int is_last;
    memset(&done, 0, sizeof done);
    done.request = scripted_take_open(self, NULL, &is_last);
    done.header = scripted_event(self, sizeof done, EVALH_EVENT_DONE, is_last ? EVALH_DONE_LAST : 0);
    done.finish = finish;
    done.text = scripted_view(text);
    done.usage.prompt_tokens = 10;
    done.usage.completion_tokens = 5;
    done.seconds = 0.001;
    done.first_token_seconds = NAN;
    scripted_deliver(self, &done.header);
}

/* The model says something to the oldest open request. */
static inline void scripted_reply(scripted_session *self, const char *text) {
    scripted_done(self, text, EVALH_FINISH_STOP);
}

/* The oldest open request fails, after all retries. */
static inline void scripted_fail(scripted_session *self, const char *message) {
    evalh_event_failed failed;
    int is_last;
    memset(&failed, 0, sizeof failed);
    failed.request = scripted_take_open(self, NULL, &is_last);
    failed.header = scripted_event(self, sizeof failed, EVALH_EVENT_REQUEST_FAILED, 0);
    failed.failure = EVALH_FAILURE_SERVER;
    failed.message = scripted_view(message);
    scripted_deliver(self, &failed.header);
}

/* The host refuses the oldest open request, for want of budget say: EVALH_REJECT_BUDGET. */
static inline void scripted_reject(scripted_session *self, uint32_t reason) {
    evalh_event_rejected rejected;
    int is_last;
    memset(&rejected, 0, sizeof rejected);
    rejected.request = scripted_take_open(self, &rejected.action_seq, &is_last);
    rejected.header = scripted_event(self, sizeof rejected, EVALH_EVENT_REJECTED, 0);
    rejected.reason = reason;
    rejected.message = scripted_view("scripted");
    scripted_deliver(self, &rejected.header);
}

/* The session must end now. */
static inline void scripted_stop(scripted_session *self) {
    evalh_event_stop stop;
    memset(&stop, 0, sizeof stop);
    stop.header = scripted_event(self, sizeof stop, EVALH_EVENT_STOP, 0);
    stop.reason = scripted_view("stopped");
    scripted_deliver(self, &stop.header);
    CHECK(self->finished || self->result != EVALH_OK);
}

static inline void scripted_end(scripted_session *self) {
    self->table->destroy(self->instance);
    self->instance = NULL;
}

/* ---- Graders ---- */

typedef struct scripted_grade_result {
    int32_t status;
    double score;
    char extracted[SCRIPTED_TEXT];
    char stage[SCRIPTED_TEXT];
    char explanation[SCRIPTED_TEXT];
} scripted_grade_result;

static inline void *scripted_grader(const evalh_descriptor *plugin, const char *parameters) {
    char error[SCRIPTED_TEXT];
    evalh_text_sink sink = scripted_sink(error);
    void *grader = ((const evalh_grader *)plugin->table)->create(scripted_view(parameters), &sink);
    if (grader == NULL) fprintf(stderr, "%s\n", error);
    CHECK(grader != NULL);
    return grader;
}

/* Grades one answer. */
static inline scripted_grade_result scripted_grade(const evalh_descriptor *plugin, const char *parameters,
                                                   const char *answer, uint32_t finish, const char *target) {
    const evalh_grader *table = (const evalh_grader *)plugin->table;
    void *grader = scripted_grader(plugin, parameters);
    scripted_grade_result result;
    evalh_text_sink extracted = scripted_sink(result.extracted);
    evalh_text_sink stage = scripted_sink(result.stage);
    evalh_text_sink explanation = scripted_sink(result.explanation);
    evalh_grade_input input;
    evalh_grade_output output;
    memset(&input, 0, sizeof input);
    input.struct_size = sizeof input;
    input.finish = finish;
    input.answer = scripted_view(answer);
    input.target = scripted_view(target);
    input.fields_json = scripted_view("{}");
    memset(&output, 0, sizeof output);
    output.struct_size = sizeof output;
    output.score = NAN;
    output.strict_score = NAN;
    output.extracted = &extracted;
    output.stage = &stage;
    output.explanation = &explanation;
    result.status = table->grade(grader, &input, &output);
    result.score = output.score;
    table->destroy(grader);
    return result;
}

/* The canonical answer in a text; `answer` has room for SCRIPTED_TEXT bytes. */
static inline int32_t scripted_extract_by(const evalh_descriptor *plugin, const char *parameters, const char *text,
                                          char *answer) {
    const evalh_grader *table = (const evalh_grader *)plugin->table;
    void *grader = scripted_grader(plugin, parameters);
    char stage[SCRIPTED_TEXT];
    evalh_text_sink answer_sink = scripted_sink(answer), stage_sink = scripted_sink(stage);
    int32_t status = table->extract(grader, scripted_view(text), &answer_sink, &stage_sink);
    table->destroy(grader);
    return status;
}

/* ---- Services ---- */

/* Answers one payload; `result` and `error` have room for SCRIPTED_TEXT bytes each. */
static inline int32_t scripted_call(const evalh_descriptor *plugin, const char *parameters, const char *payload,
                                    char *result, char *error) {
    const evalh_service *table = (const evalh_service *)plugin->table;
    evalh_text_sink result_sink = scripted_sink(result), error_sink = scripted_sink(error);
    void *service = table->create(scripted_view(parameters), &error_sink);
    if (service == NULL) return EVALH_FAILED;
    int32_t status = table->call(service, scripted_view(payload), &result_sink, &error_sink);
    table->destroy(service);
    return status;
}

/* ---- Metrics and allocators ---- */

/* A finished session; score NaN: it failed. */
static inline evalh_session_row scripted_row(uint64_t item, const char *arm, double score, int64_t tokens) {
    evalh_session_row row;
    memset(&row, 0, sizeof row);
    row.struct_size = sizeof row;
    row.is_error = isnan(score) ? 1 : 0;
    row.item = item;
    row.arm = scripted_view(arm);
    row.level_index = -1;
    row.score = score;
    row.confidence = NAN;
    row.usage.prompt_tokens = 10;
    row.usage.completion_tokens = tokens;
    row.usd = NAN;
    row.critical_path_seconds = 1;
    row.eflops = NAN;
    row.told_eflops = NAN;
    row.fields_json = scripted_view("{}");
    return row;
}

#define SCRIPTED_VALUES 64

/* A metric with the values of its last result. */
typedef struct scripted_metric {
    int value_count;
    struct {
        char name[256];
        char arm[256];
        double value;
        int64_t n;
    } values[SCRIPTED_VALUES];

    const evalh_metric *table;
    void *instance;
} scripted_metric;

static inline void scripted_metric_begin(scripted_metric *self, const evalh_descriptor *plugin,
                                         const char *parameters) {
    char error[SCRIPTED_TEXT];
    evalh_text_sink sink = scripted_sink(error);
    memset(self, 0, sizeof *self);
    self->table = (const evalh_metric *)plugin->table;
    self->instance = self->table->create(scripted_view(parameters), 1, &sink);
    CHECK(self->instance != NULL);
}

static inline void scripted_metric_add(scripted_metric *self, uint64_t item, const char *arm, double score,
                                       int64_t tokens) {
    char error[SCRIPTED_TEXT];
    evalh_text_sink sink = scripted_sink(error);
    evalh_session_row row = scripted_row(item, arm, score, tokens);
    CHECK(self->table->add(self->instance, &row, &sink) == EVALH_OK);
}

static inline void scripted_metric_push(const evalh_metric_sink *sink, const evalh_metric_value *value) {
    scripted_metric *self = (scripted_metric *)sink->context;
    CHECK(self->value_count < SCRIPTED_VALUES && value->name.len < 256 && value->arm.len < 256);
    char text[SCRIPTED_TEXT];
    scripted_copy(text, value->name);
    memcpy(self->values[self->value_count].name, text, 256);
    scripted_copy(text, value->arm);
    memcpy(self->values[self->value_count].arm, text, 256);
    self->values[self->value_count].value = value->value;
    self->values[self->value_count].n = value->n;
    self->value_count++;
}

static inline void scripted_metric_result(scripted_metric *self) {
    char error[SCRIPTED_TEXT];
    evalh_text_sink sink = scripted_sink(error);
    evalh_metric_sink out;
    memset(&out, 0, sizeof out);
    out.struct_size = sizeof out;
    out.context = self;
    out.push = scripted_metric_push;
    self->value_count = 0;
    CHECK(self->table->result(self->instance, &out, &sink) == EVALH_OK);
}

static inline void scripted_metric_end(scripted_metric *self) { self->table->destroy(self->instance); }

#define SCRIPTED_WANTS 1024

/* An allocator with the wishes of its last round. */
typedef struct scripted_allocator {
    int want_count;
    struct {
        uint64_t item;
        uint64_t row;
        uint64_t more;
    } wants[SCRIPTED_WANTS];
    char reason[SCRIPTED_TEXT];

    const evalh_allocator *table;
    void *instance;
} scripted_allocator;

static inline evalh_str scripted_item_fields(const evalh_allocation *allocation, uint64_t item) {
    (void)allocation;
    (void)item;
    return scripted_view("{}");
}

/* At most 16 arms, without levels. */
static inline void scripted_allocator_begin(scripted_allocator *self, const evalh_descriptor *plugin,
                                            const char *parameters, uint64_t items, const char *const *arms,
                                            uint64_t arm_count, int64_t repeats) {
    char error[SCRIPTED_TEXT];
    evalh_text_sink sink = scripted_sink(error);
    evalh_allocation_row rows[16];
    const evalh_allocation_row *pointers[16];
    evalh_allocation allocation;
    CHECK(arm_count <= 16);
    for (uint64_t i = 0; i < arm_count; i++) {
        memset(&rows[i], 0, sizeof rows[i]);
        rows[i].struct_size = sizeof rows[i];
        rows[i].arm = scripted_view(arms[i]);
        rows[i].level_index = -1;
        pointers[i] = &rows[i];
    }
    memset(&allocation, 0, sizeof allocation);
    allocation.struct_size = sizeof allocation;
    allocation.item_count = items;
    allocation.repeats = repeats;
    allocation.rows = pointers;
    allocation.row_count = arm_count;
    allocation.item_fields = scripted_item_fields;
    memset(self, 0, sizeof *self);
    self->table = (const evalh_allocator *)plugin->table;
    self->instance = self->table->create(scripted_view(parameters), &allocation, 1, &sink);
    CHECK(self->instance != NULL);
}

static inline void scripted_allocator_add(scripted_allocator *self, uint64_t item, const char *arm, double score) {
    char error[SCRIPTED_TEXT];
    evalh_text_sink sink = scripted_sink(error);
    evalh_session_row row = scripted_row(item, arm, score, 5);
    CHECK(self->table->add(self->instance, &row, &sink) == EVALH_OK);
}

static inline void scripted_want(const evalh_allocation_sink *sink, uint64_t item, uint64_t row, uint64_t more) {
    scripted_allocator *self = (scripted_allocator *)sink->context;
    CHECK(self->want_count < SCRIPTED_WANTS);
    self->wants[self->want_count].item = item;
    self->wants[self->want_count].row = row;
    self->wants[self->want_count].more = more;
    self->want_count++;
}

static inline void scripted_reason(const evalh_allocation_sink *sink, evalh_str text) {
    scripted_copy(((scripted_allocator *)sink->context)->reason, text);
}

/* The next round; want_count 0: the run ends. */
static inline void scripted_allocator_next(scripted_allocator *self) {
    char error[SCRIPTED_TEXT];
    evalh_text_sink sink = scripted_sink(error);
    evalh_allocation_sink out;
    memset(&out, 0, sizeof out);
    out.struct_size = sizeof out;
    out.context = self;
    out.want = scripted_want;
    out.reason = scripted_reason;
    self->want_count = 0;
    CHECK(self->table->next(self->instance, &out, &sink) == EVALH_OK);
}

static inline void scripted_allocator_end(scripted_allocator *self) { self->table->destroy(self->instance); }

#endif /* SCRIPTED_HOST_H */
