/*
 * evalh_plugin/service.h: kind "evalh.service/1": what strategies may call beside models.
 * Include evalh_plugin.h, whose rules hold here.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef EVALH_PLUGIN_SERVICE_H
#define EVALH_PLUGIN_SERVICE_H

#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A service may use files, the network and time, which strategies may not: the host records what it gave, under its
 * fingerprint and the payload, and does not call it again for the same. */
typedef struct evalh_service {
    uint32_t struct_size;
    uint32_t reserved;
    /* [any thread] Reads the parameters once. NULL on failure, with a text in `error`. Instances are made for as many
     * calls as run at once. */
    void *(*create)(evalh_str parameters_json, const evalh_text_sink *error);
    /* [instance] The last call on it. */
    void (*destroy)(void *service);
    /* [instance] Answers a payload, a JSON object, on a thread of its own, and may take its time. EVALH_OK with a JSON
     * text in `result`; EVALH_FAILED with a text in `error`: the call failed, which is a result as well and is
     * recorded; EVALH_UNSUPPORTED with a text in `error`: the service could not do its work now, and is asked again
     * when the run is resumed. */
    int32_t (*call)(
        void *service, evalh_str payload_json, const evalh_text_sink *result, const evalh_text_sink *error);
    /* [instance] Optional (NULL): what results depend on beside version, parameters and payload, such as the checksum
     * of a file, in `text`. Calls under another fingerprint are made anew. */
    int32_t (*fingerprint)(void *service, const evalh_text_sink *text);
} evalh_service;

#ifdef __cplusplus
}
#endif
#endif /* EVALH_PLUGIN_SERVICE_H */
