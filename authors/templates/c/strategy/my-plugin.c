/*
 * org.example.my-plugin: a majority vote that stops as soon as no answer can catch up.
 *
 * Asks for one completion after another, at most `samples`, and counts the canonical answers in them as the suite's
 * grader finds them. Change `take`, which is the whole rule; the rest is what every strategy needs.
 */
#include <evalh_plugin.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define TEXT(s) {(s), sizeof(s) - 1}
#define MOST_SAMPLES 64

/* A canonical answer and the completion it was first found in. Both are copies: events are gone after step. */
struct ballot {
    char *answer;
    size_t answer_len;
    char *text;
    size_t text_len;
    int votes;
};

/* One session. Everything lives here: different sessions run on different threads at once. */
struct session {
    const evalh_host *host;
    void *handle;
    uint64_t seq;      /* of the last action */
    uint64_t asked;    /* requests, numbered from 1 */
    uint64_t samples;  /* the parameter */
    int finished;
    int votes;
    int ballot_count;
    struct ballot ballots[MOST_SAMPLES];
};

static evalh_str text_of(const char *text) { return (evalh_str){text, strlen(text)}; }

static char *copy(evalh_str text) {
    char *bytes = malloc(text.len + 1);
    if (bytes == NULL) return NULL;
    if (text.len > 0) memcpy(bytes, text.ptr, text.len);
    bytes[text.len] = 0;
    return bytes;
}

/* The host has checked the parameters against our schema and filled in the defaults, so that this finds {"samples":N}
 * and needs no JSON library. A plugin with more parameters should use one. */
static uint64_t read_samples(evalh_str json) {
    long value = 5;
    char *terminated = copy(json);
    if (terminated != NULL) {
        const char *key = strstr(terminated, "\"samples\"");
        const char *colon = key != NULL ? strchr(key, ':') : NULL;
        if (colon != NULL) value = strtol(colon + 1, NULL, 10);
    }
    free(terminated);
    return value < 1 ? 1 : value > MOST_SAMPLES ? MOST_SAMPLES : (uint64_t)value;
}

static int32_t fail(struct session *self, const char *reason) {
    self->host->set_error(self->handle, 1, text_of(reason));
    return EVALH_FAILED;
}

/* messages NULL: the item's prompt. sampling NULL: the suite's. */
static void ask(struct session *self, const evalh_out *out) {
    evalh_action_submit submit = {
        .header = {sizeof submit, EVALH_ACTION_SUBMIT, 0, ++self->seq}, .request = ++self->asked, .n = 1};
    out->push(out, &submit.header);
}

/* The answer with the most votes, the earliest of equals; none: no answer. */
static void finish(struct session *self, const evalh_out *out, const char *reason) {
    const struct ballot *best = NULL;
    for (int i = 0; i < self->ballot_count; i++)
        if (best == NULL || self->ballots[i].votes > best->votes) best = &self->ballots[i];
    evalh_action_finish action = {
        .header = {sizeof action, EVALH_ACTION_FINISH, best != NULL ? 0 : EVALH_ANSWER_NONE, ++self->seq},
        .confidence = best != NULL ? (double)best->votes / self->votes : NAN,
        .reason = text_of(reason),
    };
    if (best != NULL) action.answer = (evalh_str){best->text, best->text_len};
    out->push(out, &action.header);
    self->finished = 1;
}

/* Counts a completion's vote; 0 if memory is short. Cut-off texts and those without an answer do not vote. */
static int count(struct session *self, const evalh_event_done *done) {
    evalh_extraction found = {.struct_size = sizeof found};
    if (self->host->extract(self->handle, done->text, done->finish, &found) != EVALH_OK || !found.found) return 1;
    self->votes++;
    for (int i = 0; i < self->ballot_count; i++) {
        struct ballot *ballot = &self->ballots[i];
        if (ballot->answer_len == found.answer.len && memcmp(ballot->answer, found.answer.ptr, found.answer.len) == 0) {
            ballot->votes++;
            return 1;
        }
    }
    struct ballot ballot = {copy(found.answer), found.answer.len, copy(done->text), done->text.len, 1};
    if (ballot.answer == NULL || ballot.text == NULL) {
        free(ballot.answer);
        free(ballot.text);
        return 0;
    }
    self->ballots[self->ballot_count++] = ballot;
    return 1;
}

/* Whether the second answer could not win any more, if it got all votes that are left. */
static int is_decided(const struct session *self) {
    int first = 0, second = 0;
    for (int i = 0; i < self->ballot_count; i++) {
        int votes = self->ballots[i].votes;
        if (votes > first) {
            second = first;
            first = votes;
        } else if (votes > second) {
            second = votes;
        }
    }
    return (uint64_t)(first - second) > self->samples - self->asked;
}

/* The rule. */
static int32_t take(struct session *self, const evalh_event *event, const evalh_out *out) {
    switch (event->type) {
    case EVALH_EVENT_START:
        self->samples = read_samples(((const evalh_event_start *)event)->parameters_json);
        ask(self, out);
        return EVALH_OK;
    case EVALH_EVENT_DONE:
        if (!count(self, (const evalh_event_done *)event)) return fail(self, "out of memory");
        if (is_decided(self)) finish(self, out, "majority");
        else if (self->asked == self->samples) finish(self, out, "samples");
        else ask(self, out);
        return EVALH_OK;
    case EVALH_EVENT_REQUEST_FAILED:
        return fail(self, "a request failed"); /* a failure is never an answer */
    case EVALH_EVENT_REJECTED:
        if (((const evalh_event_rejected *)event)->reason != EVALH_REJECT_BUDGET)
            return fail(self, "the host rejected a request");
        finish(self, out, "budget");
        return EVALH_OK;
    case EVALH_EVENT_STOP:
        finish(self, out, "stop");
        return EVALH_OK;
    default:
        return EVALH_OK; /* unknown events must be skipped */
    }
}

static void *create(const evalh_host *host, void *handle) {
    struct session *self = calloc(1, sizeof *self);
    if (self == NULL) {
        host->set_error(handle, 1, text_of("out of memory"));
        return NULL;
    }
    self->host = host;
    self->handle = handle;
    return self;
}

static int32_t step(void *instance, const evalh_event *const *events, uint64_t event_count, const evalh_out *out) {
    struct session *self = instance;
    /* How events are grouped into calls must not change what we do: one by one, and none after FINISH. */
    for (uint64_t i = 0; i < event_count && !self->finished; i++) {
        int32_t result = take(self, events[i], out);
        if (result != EVALH_OK) return result;
    }
    return EVALH_OK;
}

static void destroy(void *instance) {
    struct session *self = instance;
    for (int i = 0; i < self->ballot_count; i++) {
        free(self->ballots[i].answer);
        free(self->ballots[i].text);
    }
    free(self);
}

/* For `evalh plan`: at best one answer has more than half of the votes at once. */
static int32_t estimate(evalh_str parameters_json, evalh_estimate *out) {
    uint64_t samples = read_samples(parameters_json);
    out->completions_min = (int64_t)(samples / 2 + 1);
    out->completions_max = (int64_t)samples;
    return EVALH_OK;
}

static const evalh_strategy strategy = {
    .struct_size = sizeof(evalh_strategy), .create = create, .step = step, .destroy = destroy, .estimate = estimate};

static const evalh_descriptor descriptor = {
    .struct_size = sizeof(evalh_descriptor),
    .kind = TEXT(EVALH_KIND_STRATEGY),
    .id = TEXT("org.example.my-plugin"),
    .version = TEXT("1.0.0"),
    .title = TEXT("A majority vote that stops when it is decided"),
    .description = TEXT("Asks for samples one at a time and stops as soon as no other answer can catch up.\n\n"
                        "Cost: up to `samples` completions in sequence. Ties: the earliest answer wins. Samples "
                        "without an answer, cut-off ones among them, have no vote; a session without any vote has no "
                        "answer."),
    .source = TEXT("self-consistency, Wang et al. 2022, with an early stop"),
    .parameters_schema = TEXT("{\"type\": \"object\", \"properties\": {\"samples\": {\"type\": \"integer\", "
                              "\"minimum\": 1, \"maximum\": 64, \"default\": 5, "
                              "\"description\": \"The most completions asked for\"}}}"),
    .table = &strategy,
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
