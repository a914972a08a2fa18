/* Trusts its parameters. */
#define SCHEMA                                                                                                         \
    "{\"type\":\"object\",\"properties\":{\"samples\":{\"type\":\"integer\",\"minimum\":1,\"default\":3,"              \
    "\"description\":\"How many.\"}}}"
#include "bad.h"

STEP_OF(bad_step, if (event->type == EVALH_EVENT_START) {
    const evalh_event_start *start = (const evalh_event_start *)event;
    char json[4096] = {0};
    memcpy(json, start->parameters_json.ptr, start->parameters_json.len < 4095 ? start->parameters_json.len : 4095);
    self->number = (uint64_t)atoi(strstr(json, "\"samples\":") + 10);
})
STRATEGY(create, bad_step, destroy, estimate)
