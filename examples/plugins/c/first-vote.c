/*
 * first-vote: stop as soon as two samples agree.
 *
 * SPDX-License-Identifier: Apache-2.0
 *
 * Asks for one completion after another, at most `max_samples`, and counts the canonical answers in them as the suite's
 * grader finds them. The first answer with two votes ends the session. Built against evalh_plugin.h alone.
 */
#include <evalh_plugin.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT(s) {(s), sizeof(s) - 1}
#define MAX_SAMPLES 64

/* A canonical answer and the whole completion it was first found in. Both are copies: events are gone after step. */
struct ballot {
    char *answer;
    size_t answer_len;
    char *text;
    size_t text_len;
    int votes;
};

/* One session. Everything lives here: different sessions run on different threads at once. */
struct first_vote {
    const evalh_host *host;
    void *session;
    uint64_t seq;     /* of the last action */
    uint64_t request; /* the last one; requests are numbered from 1 */
    uint32_t max_samples;
    uint32_t ballot_count;
    int finished;
    struct ballot ballots[MAX_SAMPLES];
};

static evalh_str text_of(const char *literal) { return (evalh_str){literal, strlen(literal)}; }

static char *copy(evalh_str text) {
    char *bytes = malloc(text.len + 1);
    if (bytes != NULL) {
        if (text.len > 0) memcpy(bytes, text.ptr, text.len);
        bytes[text.len] = 0;
    }
    return bytes;
}

/* The host has checked the parameters against our schema and filled in the defaults, so that this finds
 * {"max_samples":N} and needs no JSON library. A plugin with more parameters should use one. */
static uint32_t read_max_samples(evalh_str json) {
    char *terminated = copy(json);
    if (terminated == NULL) return 3;
    const char *key = strstr(terminated, "\"max_samples\"");
    const char *colon = key != NULL ? strchr(key, ':') : NULL;
    long value = colon != NULL ? strtol(colon + 1, NULL, 10) : 3;
    free(terminated);
    return value < 2 ? 2 : value > MAX_SAMPLES ? MAX_SAMPLES : (uint32_t)value;
}

static int32_t fail(struct first_vote *self, const char *reason) {
    self->host->set_error(self->session, 1, text_of(reason));
    return EVALH_FAILED;
}

/* messages NULL: the item's prompt. sampling NULL: the suite's. */
static void ask(struct first_vote *self, const evalh_out *out) {
    evalh_action_submit submit = {
        .header = {sizeof submit, EVALH_ACTION_SUBMIT, 0, ++self->seq}, .request = ++self->request, .n = 1};
    out->push(out, &submit.header);
}

/* The answer with the most votes, the earliest of equals; none: no answer. Shows the vote in the report. */
static void finish(struct first_vote *self, const evalh_out *out, const char *reason) {
    const struct ballot *best = NULL;
    for (uint32_t i = 0; i < self->ballot_count; i++) {
        const struct ballot *ballot = &self->ballots[i];
        if (best == NULL || ballot->votes > best->votes) best = ballot;
        evalh_action_emit emit = {{sizeof emit, EVALH_ACTION_EMIT, 0, ++self->seq},
                                  {ballot->answer, ballot->answer_len},
                                  ballot->votes,
                                  {NULL, 0}};
        out->push(out, &emit.header);
    }
    uint16_t flags = best != NULL ? 0 : EVALH_ANSWER_NONE;
    evalh_action_finish action = {
        {sizeof action, EVALH_ACTION_FINISH, flags, ++self->seq}, {NULL, 0}, NAN, text_of(reason)};
    if (best != NULL) action.answer = (evalh_str){best->text, best->text_len};
    out->push(out, &action.header);
    self->finished = 1;
}

/* Counts a completion. Gives the votes its answer has now, 0 without an answer, -1 without memory. */
static int count(struct first_vote *self, const evalh_event_done *done) {
    evalh_extraction found = {.struct_size = sizeof found};
    int32_t result = self->host->extract(self->session, done->text, done->finish, &found);
    if (result != EVALH_OK || !found.found) return 0;
    for (uint32_t i = 0; i < self->ballot_count; i++) {
        struct ballot *ballot = &self->ballots[i];
        if (ballot->answer_len == found.answer.len && memcmp(ballot->answer, found.answer.ptr, found.answer.len) == 0)
            return ++ballot->votes;
    }
    if (self->ballot_count == MAX_SAMPLES) return 0;
    struct ballot ballot = {copy(found.answer), found.answer.len, copy(done->text), done->text.len, 1};
    if (ballot.answer == NULL || ballot.text == NULL) {
        free(ballot.answer);
        free(ballot.text);
        return -1;
    }
    self->ballots[self->ballot_count++] = ballot;
    return 1;
}

static int32_t take(struct first_vote *self, const evalh_event *event, const evalh_out *out) {
    switch (event->type) {
    case EVALH_EVENT_START:
        self->max_samples = read_max_samples(((const evalh_event_start *)event)->parameters_json);
        ask(self, out);
        return EVALH_OK;
    case EVALH_EVENT_DONE: {
        int votes = count(self, (const evalh_event_done *)event);
        if (votes < 0) return fail(self, "out of memory");
        if (votes >= 2) finish(self, out, "agreement");
        else if (self->request == self->max_samples) finish(self, out, "max_samples");
        else ask(self, out);
        return EVALH_OK;
    }
    case EVALH_EVENT_REQUEST_FAILED:
        /* Without a completion there is nothing to say about the item: an error, not a wrong answer. */
        return fail(self, "a request failed");
    case EVALH_EVENT_REJECTED:
        finish(self, out, "budget");
        return EVALH_OK;
    case EVALH_EVENT_STOP:
        finish(self, out, "stop");
        return EVALH_OK;
    default:
        return EVALH_OK; /* unknown events must be skipped */
    }
}

static void *create(const evalh_host *host, void *session) {
    struct first_vote *self = calloc(1, sizeof *self);
    if (self == NULL) {
        host->set_error(session, 1, text_of("out of memory"));
        return NULL;
    }
    self->host = host;
    self->session = session;
    return self;
}

static int32_t step(void *instance, const evalh_event *const *events, uint64_t event_count, const evalh_out *out) {
    struct first_vote *self = instance;
    /* How events are grouped into calls must not change what we do: one by one, and none after FINISH. */
    for (uint64_t i = 0; i < event_count && !self->finished; i++) {
        int32_t result = take(self, events[i], out);
        if (result != EVALH_OK) return result;
    }
    return EVALH_OK;
}

static void destroy(void *instance) {
    struct first_vote *self = instance;
    for (uint32_t i = 0; i < self->ballot_count; i++) {
        free(self->ballots[i].answer);
        free(self->ballots[i].text);
    }
    free(self);
}

/* For `evalh plan`: at best two samples agree, at worst all are asked for, each with the prompt. */
static int32_t estimate(evalh_str parameters_json, evalh_estimate *out) {
    out->completions_min = 2;
    out->completions_max = read_max_samples(parameters_json);
    return EVALH_OK;
}

/* Members by name: tables grow at their end, and what is not named is NULL. */
static const evalh_strategy strategy = {
    .struct_size = sizeof(evalh_strategy), .create = create, .step = step, .destroy = destroy, .estimate = estimate,
};

static const evalh_descriptor first_vote = {
    .struct_size = sizeof(evalh_descriptor),
    .kind = TEXT(EVALH_KIND_STRATEGY),
    .id = TEXT("org.example.first-vote"),
    .version = TEXT("1.0.0"),
    .title = TEXT("Stop when two samples agree"),
    .description = TEXT("Asks for samples one at a time and answers as soon as two have the same canonical answer.\n\n"
                        "Cost: 2 to `max_samples` completions in sequence. Ties: the earliest answer wins. Samples "
                        "without an answer, cut-off ones among them, have no vote; a session without any vote has no "
                        "answer."),
    .source = TEXT("example"),
    .parameters_schema = TEXT("{\"type\": \"object\", \"properties\": {\"max_samples\": {\"type\": \"integer\", "
                              "\"minimum\": 2, \"maximum\": 64, \"default\": 3, "
                              "\"description\": \"The most completions asked for\"}}}"),
    .table = &strategy,
};

static const evalh_descriptor *const plugins[] = {&first_vote};

static const evalh_library library = {
    .struct_size = sizeof(evalh_library),
    .abi_major = EVALH_ABI_MAJOR,
    .abi_minor_built = EVALH_ABI_MINOR,
    .abi_minor_required = 0,
    .name = TEXT("first-vote"),
    .version = TEXT("1.0.0"),
    .plugins = plugins,
    .plugin_count = sizeof plugins / sizeof *plugins,
};

EVALH_EXPORT const evalh_library *evalh_plugin_v1(const evalh_host_info *host);
const evalh_library *evalh_plugin_v1(const evalh_host_info *host) {
    (void)host;
    return &library;
}
