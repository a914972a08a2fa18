/*
 * evalh_plugin/peers.h: the results of the run's other arms.
 * Include evalh_plugin.h, whose rules hold here.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef EVALH_PLUGIN_PEERS_H
#define EVALH_PLUGIN_PEERS_H

#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Extension "evalh.peers/1": the finished sessions of the run's arms that need no peers themselves, those of this
 * session's repeat, in order of item, arm and level. They are the same whenever the session is done again. */
#define EVALH_PEERS_EXTENSION "evalh.peers/1"

#define EVALH_PEER_OWN 0x1   /* of this session's item: may be adopted */
#define EVALH_PEER_ERROR 0x2 /* the session failed: no score, no answer */

/* One finished session. */
typedef struct evalh_peer {
    uint32_t struct_size;
    uint32_t flags;       /* EVALH_PEER_* */
    uint64_t item;        /* number of the item in the run, from 0 */
    evalh_str arm;        /* the arm's id, with its level as in reports: "scaling@samples=4" */
    double score;         /* 0 to 1; NaN: an error, or hidden: only an oracle sees how its own item was graded */
    double confidence;    /* NaN: none claimed */
    evalh_usage usage;    /* what it was charged */
    double usd;           /* NaN: unknown */
    double seconds;       /* its critical path */
} evalh_peer;

typedef struct evalh_peers {
    uint32_t struct_size;
    uint32_t reserved;
    /* [in a call] The number of this session's item. */
    uint64_t (*item)(void *session);
    /* [in a call] How many items the run has. */
    uint64_t (*item_count)(void *session);
    /* [in a call] How many peers there are. */
    uint64_t (*count)(void *session);
    /* [in a call] The peer of an index below count. The texts are valid until step returns. */
    int32_t (*get)(void *session, uint64_t index, evalh_peer *out);
    /* [in a call] The answer of a peer of the own item, and its EVALH_ANSWER_* flags; EVALH_FAILED for others. Valid
     * until step returns. */
    int32_t (*answer)(void *session, uint64_t index, evalh_str *out, uint32_t *flags);
} evalh_peers;

#ifdef __cplusplus
}
#endif
#endif /* EVALH_PLUGIN_PEERS_H */
