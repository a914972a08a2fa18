/*
 * evalh_plugin/host.h: what the host does for a session.
 * Include evalh_plugin.h, whose rules hold here.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef EVALH_PLUGIN_HOST_H
#define EVALH_PLUGIN_HOST_H

#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What is left to spend. -1 (tokens) and NaN (the others): no limit. */
typedef struct evalh_budget {
    uint32_t struct_size;
    uint32_t reserved;
    int64_t tokens;   /* prompt and completion tokens this session may still reserve */
    double usd;
    double seconds;   /* of logical time */
} evalh_budget;

/* An answer found in a text by the suite's grader, see evalh_host.extract. */
typedef struct evalh_extraction {
    uint32_t struct_size;
    uint32_t found;  /* 1: an answer was found, else 0 and the rest is empty */
    /* Canonical: within a session two texts give the same bytes if and only if their answers are of one class. An
     * answer joins the first class, in order of extraction, whose first answer the grader holds it the same as, and is
     * given as that first answer. */
    evalh_str answer;
    evalh_str stage;  /* which rule found it, for example "marker" */
} evalh_extraction;

/* Functions for an instance, valid until destroy returns. `session` is the opaque value given to create. */
typedef struct evalh_host {
    uint32_t struct_size;
    uint32_t reserved;
    /* [in a call] 64 uniform random bits from the session's own stream, seeded by (suite seed, item, arm, repeat). */
    uint64_t (*rand)(void *session);
    /* [in a call] The canonical answer in a completion's text, by the suite's grader: what votes are counted by. It
     * knows nothing of the target. `finish` is the completion's EVALH_FINISH_*: an unfinished text has no answer. What
     * the model thought is taken out first, as the suite says of it; a text that ends within a thought has no answer.
     * The texts in `out` are valid until the next call of extract or until step returns. EVALH_OK, or EVALH_UNSUPPORTED
     * without a grader. */
    int32_t (*extract)(void *session, evalh_str text, uint32_t finish, evalh_extraction *out);
    /* [in a call] What is left of the session's budget, after reservations for open requests. */
    int32_t (*budget)(void *session, evalh_budget *out);
    /* [in a call] Says why the call that is about to return EVALH_FAILED failed. At most 4,096 bytes are copied. */
    void (*set_error)(void *session, int32_t code, evalh_str text);
    /* [any thread] By the plugin, for debug builds: 1 if the caller may call host functions on this session now, else
     * 0. */
    int32_t (*on_session_thread)(void *session);
    /* [in a call] An extension by id, such as "org.example.thing/1", or NULL. Host 1.0 has "evalh.peers/1"
     * (evalh_peers). It is valid until destroy returns. */
    const void *(*extension)(void *session, evalh_str id);
} evalh_host;

#ifdef __cplusplus
}
#endif
#endif /* EVALH_PLUGIN_HOST_H */
