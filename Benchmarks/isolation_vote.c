/* A vote: asks for n completions, asks the host for the answer of each, answers with the first. Cheap on purpose: what
   is measured is what isolation adds to it. */
#include <evalh_plugin.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define TEXT(s) {s, sizeof s - 1}

struct vote {
    const evalh_host *host;
    void *session;
    uint64_t seq;
    char answer[64];
    size_t length;
};

static void *create(const evalh_host *host, void *session) {
    struct vote *vote = calloc(1, sizeof *vote);
    vote->host = host;
    vote->session = session;
    return vote;
}

static void destroy(void *instance) { free(instance); }

static int32_t step(void *instance, const evalh_event *const *events, uint64_t count, const evalh_out *out) {
    struct vote *vote = instance;
    for (uint64_t k = 0; k < count; k++) {
        if (events[k]->type == EVALH_EVENT_START) {
            evalh_action_submit ask = {{sizeof ask, EVALH_ACTION_SUBMIT, 0, ++vote->seq}, .request = 1, .n = 5};
            out->push(out, &ask.header);
        } else if (events[k]->type == EVALH_EVENT_DONE) {
            const evalh_event_done *done = (const void *)events[k];
            evalh_extraction found = {.struct_size = sizeof found};
            vote->host->extract(vote->session, done->text, done->finish, &found);
            if (found.found && found.answer.len <= sizeof vote->answer) {
                memcpy(vote->answer, found.answer.ptr, found.answer.len);
                vote->length = found.answer.len;
            }
            if (events[k]->flags & EVALH_DONE_LAST) {
                evalh_action_finish end = {{sizeof end, EVALH_ACTION_FINISH, 0, ++vote->seq},
                                           {vote->answer, vote->length}, NAN, TEXT("all")};
                out->push(out, &end.header);
            }
        }
    }
    return EVALH_OK;
}

static const evalh_strategy table = {sizeof table, 0, create, step, destroy, NULL};
static const evalh_descriptor descriptor = {
    sizeof descriptor, 0, 0, 0, TEXT(EVALH_KIND_STRATEGY), TEXT("bench.vote"), TEXT("1.0.0"), TEXT("A vote"),
    TEXT("A vote"), TEXT("evalh"), TEXT("{\"type\":\"object\"}"), &table};
static const evalh_descriptor *const descriptors[] = {&descriptor};
static const evalh_library library = {
    sizeof library, EVALH_ABI_MAJOR, EVALH_ABI_MINOR, 0, TEXT("bench"), TEXT("1.0.0"), NULL, 0, descriptors, 1,
    {NULL, 0}};

EVALH_EXPORT const evalh_library *evalh_plugin_v1(const evalh_host_info *host);
EVALH_EXPORT const evalh_library *evalh_plugin_v1(const evalh_host_info *host) { (void)host; return &library; }
