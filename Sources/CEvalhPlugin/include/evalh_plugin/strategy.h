/*
 * evalh_plugin/strategy.h: kind "evalh.strategy/1": what to ask, and which answer to give.
 * Include evalh_plugin.h, whose rules hold here.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef EVALH_PLUGIN_STRATEGY_H
#define EVALH_PLUGIN_STRATEGY_H

#include "action.h"
#include "event.h"
#include "host.h"
#include "peers.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What requests a session may make, for `evalh plan`. -1: unknown. */
typedef struct evalh_estimate {
    uint32_t struct_size;
    uint32_t reserved;
    int64_t completions_min;
    int64_t completions_max;
    double prompt_passes;   /* how often, in the worst case, the item's prompt is sent, n choices of one request
                               counting once; NaN: as often as completions_max */
} evalh_estimate;

typedef struct evalh_strategy {
    uint32_t struct_size;
    uint32_t reserved;
    /* [any thread] A new instance for one session, or NULL (say why with host->set_error). `host` is valid until
     * destroy. */
    void *(*create)(const evalh_host *host, void *session);
    /* [instance] Takes events in order and pushes actions. EVALH_OK or EVALH_FAILED. An instance that has pushed FINISH
     * gets no more events. It must return quickly: milliseconds; the host counts its CPU time and gives up on a step
     * that does not return. */
    int32_t (*step)(void *instance, const evalh_event *const *events, uint64_t count, const evalh_out *out);
    /* [instance] Ends an instance, at any point; the last call on it. */
    void (*destroy)(void *instance);
    /* [any thread] Optional (NULL): what one session with these parameters may ask for. Stateless. */
    int32_t (*estimate)(evalh_str parameters_json, evalh_estimate *out);
    /* [any thread] Optional (NULL): what parameters that keep the schema must keep beside it. EVALH_OK, or EVALH_FAILED
     * with a text in `problem`: the suite is refused, with the place of `with:`. Stateless. */
    int32_t (*validate)(evalh_str parameters_json, const evalh_text_sink *problem);
} evalh_strategy;

#ifdef __cplusplus
}
#endif
#endif /* EVALH_PLUGIN_STRATEGY_H */
