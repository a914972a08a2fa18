/*
 * What the bad plugins beside this file have in common: a strategy that asks three times and gives the last answer, and
 * macros that make a library of one plugin. A file takes what it does right from here and adds one mistake.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BAD_H
#define BAD_H

#include <evalh_plugin.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#pragma GCC diagnostic ignored "-Wunused-function"

#define TEXT(s) {(s), sizeof(s) - 1}

/* How many answers the ordinary strategy waits for. */
#ifndef ASKS
#define ASKS 3
#endif

struct session {
    const evalh_host *host;
    void *session;
    uint64_t seq, request;
    uint32_t done;
    char *text;
    uint64_t length;
    /* For the mistake's own use. */
    uint64_t number;
    const void *pointer;
};

static evalh_str text_of(const char *literal) { return (evalh_str){literal, strlen(literal)}; }

static void *create(const evalh_host *host, void *session) {
    struct session *self = calloc(1, sizeof *self);
    if (self != NULL) *self = (struct session){.host = host, .session = session};
    return self;
}

static void destroy(void *instance) {
    struct session *self = instance;
    free(self->text);
    free(self);
}

static void submit(struct session *self, const evalh_out *out) {
    evalh_action_submit action = {
        .header = {sizeof action, EVALH_ACTION_SUBMIT, 0, ++self->seq}, .request = ++self->request, .n = 1};
    out->push(out, &action.header);
}

static void note(struct session *self, const evalh_out *out, const char *key, evalh_str value) {
    evalh_action_note action = {{sizeof action, EVALH_ACTION_NOTE, 0, ++self->seq}, text_of(key), value};
    out->push(out, &action.header);
}

static void finish(struct session *self, const evalh_out *out) {
    evalh_action_finish action = {{sizeof action, EVALH_ACTION_FINISH, self->text == NULL ? EVALH_ANSWER_NONE : 0,
                                   ++self->seq},
                                  {self->text, self->length}, NAN, text_of("done")};
    out->push(out, &action.header);
}

static void keep(struct session *self, const evalh_event_done *done) {
    free(self->text);
    self->length = done->text.len;
    self->text = malloc(done->text.len + 1);
    if (self->text != NULL && done->text.len > 0) memcpy(self->text, done->text.ptr, done->text.len);
    self->done++;
}

/* One event of a session that does all right. Returns 1 after FINISH. */
static int ordinary(struct session *self, const evalh_event *event, const evalh_out *out) {
    switch (event->type) {
    case EVALH_EVENT_START: submit(self, out); return 0;
    case EVALH_EVENT_DONE:
        keep(self, (const evalh_event_done *)event);
        if (self->done < ASKS) {
            submit(self, out);
            return 0;
        }
        break;
    case EVALH_EVENT_REQUEST_FAILED:
    case EVALH_EVENT_REJECTED:
    case EVALH_EVENT_STOP: break;
    default: return 0;
    }
    finish(self, out);
    return 1;
}

static int32_t step(void *instance, const evalh_event *const *events, uint64_t count, const evalh_out *out) {
    for (uint64_t i = 0; i < count; i++)
        if (ordinary(instance, events[i], out)) break;
    return EVALH_OK;
}

static int32_t estimate(evalh_str parameters, evalh_estimate *out) {
    (void)parameters;
    out->completions_min = 1;
    out->completions_max = 3;
    return EVALH_OK;
}

#ifndef SCHEMA
#define SCHEMA "{\"type\":\"object\",\"properties\":{}}"
#endif
#ifndef DESCRIPTION
#define DESCRIPTION "A plugin with a mistake."
#endif
#ifndef OUTPUTS
#define OUTPUTS ""
#endif
#ifndef VERSION
#define VERSION "1.0.0"
#endif
#ifndef MAJOR
#define MAJOR EVALH_ABI_MAJOR
#endif
#ifndef LIBRARY_SIZE
#define LIBRARY_SIZE sizeof(evalh_library)
#endif
#ifndef ON_ENTRY
#define ON_ENTRY
#endif

/* The library of one plugin: its kind, and its table. Ids are org.example.bad. */
#define LIBRARY(KIND, TABLE)                                                                                           \
    static const evalh_descriptor descriptor = {                                                                       \
        .struct_size = sizeof descriptor, .kind = TEXT(KIND), .id = TEXT("org.example.bad"), .version = TEXT(VERSION), \
        .title = TEXT("Bad"), .description = TEXT(DESCRIPTION), .source = TEXT("a test"),                              \
        .parameters_schema = TEXT(SCHEMA), .table = &TABLE, .outputs = TEXT(OUTPUTS)};                                 \
    static const evalh_descriptor *const descriptors[] = {&descriptor};                                                \
    static const evalh_library library = {.struct_size = LIBRARY_SIZE, .abi_major = MAJOR,                             \
                                          .name = TEXT("bad"), .version = TEXT("1.0.0"), .plugins = descriptors,       \
                                          .plugin_count = 1};                                                          \
    EVALH_EXPORT const evalh_library *evalh_plugin_v1(const evalh_host_info *host);                                    \
    EVALH_EXPORT const evalh_library *evalh_plugin_v1(const evalh_host_info *host) {                                   \
        ON_ENTRY;                                                                                                      \
        return host->abi_major == 1 ? &library : NULL;                                                                 \
    }

#define STRATEGY(CREATE, STEP, DESTROY, ESTIMATE)                                                                      \
    static const evalh_strategy table = {                                                                              \
        .struct_size = sizeof table, .create = CREATE, .step = STEP, .destroy = DESTROY, .estimate = ESTIMATE};        \
    LIBRARY(EVALH_KIND_STRATEGY, table)

/* Calls `body` with each event and ends the step after FINISH. */
#define STEP_OF(name, body)                                                                                            \
    static int32_t name(void *instance, const evalh_event *const *events, uint64_t count, const evalh_out *out) {      \
        struct session *self = instance;                                                                               \
        for (uint64_t i = 0; i < count; i++) {                                                                         \
            const evalh_event *event = events[i];                                                                      \
            (void)event;                                                                                               \
            body if (ordinary(self, event, out)) break;                                                                \
        }                                                                                                              \
        return EVALH_OK;                                                                                               \
    }

/* An address that the compiler does not see through. */
static volatile uintptr_t nowhere = 16;

static void crash(void) { *(volatile int *)nowhere = 1; }

static void hang(void) {
    for (volatile uint64_t i = 0;; i++) {
    }
}

#endif
